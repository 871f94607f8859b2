"""Pseudonyms: a keyed hash of the clinic's own id, with the key outside the store.

Without the key nobody can tell from a pseudonym who it is, nor try out names against
it; with the key the same person has the same pseudonym in every run.

References
----------
RFC 2104, HMAC: keyed-hashing for message authentication. doi:10.17487/RFC2104
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.errors import ConfigError, InputError
from gaitkit.io.atomic import new_file
from gaitkit.model.subject import Subject

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
DIGITS = 16
"""Hexadecimal digits of a pseudonym: two of a million people share one with a chance
of 3e-8 (n^2 / 2^65)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The secret with which pseudonyms are made; never printed."""

    secret: bytes

    def __repr__(self) -> str:
        """Return the type only."""
        return "Key(secret=...)"

    def pseudonym(self, subject_id: str) -> str | None:
        """Return the pseudonym of a person, None for a person nobody named."""
        if subject_id == Subject().subject_id:
            return None
        words = " ".join(subject_id.split()).casefold().encode()
        digest = hmac.new(self.secret, words, hashlib.sha256).hexdigest()
        return f"s{digest[:DIGITS]}"


def default_key(store: Path) -> Path:
    """Return where the key of a store lies unless told otherwise: beside it."""
    return store.with_name(f"{store.name}.key")


def open_key(path: Path, *, store: Path, new: bool) -> Key:
    """Read the key of a store, or make one.

    Parameters
    ----------
    path : Path
        The key file.
    store : Path
        The store, in which no key may lie.
    new : bool
        True to write a new key where there is none, for a new store.

    Raises
    ------
    ConfigError
        If the key would lie in the store.
    InputError
        If it is missing for a store that has results, or holds something else.
    """
    if path.resolve().is_relative_to(store.resolve()):
        msg = (
            f"--key {path} lies in the store {store}; expected a place outside, so "
            "that who has the store cannot tell who is who"
        )
        raise ConfigError(msg)
    if not path.exists() and new:
        with new_file(path) as part:
            part.write_text(f"{secrets.token_hex(KEY_BYTES)}\n", encoding="ascii")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        msg = (
            f"{path}: the key of the store {store} is not there; name it with --key "
            "(without it nobody can be found again)"
        )
        raise InputError(msg) from None
    except (OSError, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        msg = f"{path}: expected a key of {2 * KEY_BYTES} hexadecimal digits"
        raise InputError(f"{msg}; name the right file with --key")
    return Key(secret=secret)
