"""Forgetting a person: every trace leaves the store and the register."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.archive.compact import compact, remove
from gaitkit.archive.health import DAMAGED
from gaitkit.archive.journal import JOURNAL_FILE
from gaitkit.archive.pseudonym import default_key, open_key
from gaitkit.archive.register import Register, register_path
from gaitkit.archive.store import existing, open_store
from gaitkit.archive.ticks import read_ticks, write_ticks
from gaitkit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.archive.pseudonym import Key

PSEUDONYM = re.compile(r"s[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was removed.

    Attributes
    ----------
    visits : int
        Visits that left the store.
    paths : tuple of str
        Where their recordings lie in the archive. They are not gaitkit's to delete,
        and the next batch would take them in again.
    """

    visits: int
    paths: tuple[str, ...]


def forget_subject(
    subject: str, *, store: Path | str, key: Path | str | None = None
) -> Forgotten:
    """Remove a person from a store: tables, series, journal, ticks and register.

    Parameters
    ----------
    subject : str
        The clinic's own id, or the pseudonym.
    store : Path or str
        Folder of the store.
    key : Path, str or None
        Key of the pseudonyms; None: beside the store.

    Returns
    -------
    Forgotten
        How much it was and where its recordings lie.

    Raises
    ------
    InputError
        If there is no store, no key, or nobody of that name in it.
    OutputError
        If the store is in use.
    """
    store = Path(store)
    existing(store)
    place = Path(key or default_key(store))
    secret = open_key(place, store=store, new=False)
    with open_store(store) as opened, Register(register_path(place)) as register:
        journal = opened.journal
        works = _works(subject, secret, journal.works_of, register)
        if not works:
            msg = (
                f"{subject}: nobody of that name is in {store}; give the id as the "
                "visit files have it, or the pseudonym"
            )
            raise InputError(msg)
        paths = register.paths(works)
        journal.drop_staged(works)
        compact(store, journal)
        remove(store, journal, works)
        opened.drop_series(works)
        write_ticks(store, [tick for tick in read_ticks(store) if tick not in works])
        journal.drop(works)
        journal.vacuum()
        register.forget(works)
    _clear_damaged(store, place)
    return Forgotten(visits=len(works), paths=paths)


def _clear_damaged(store: Path, key: Path) -> None:
    """Remove what a mending has put aside: nobody can tell who stands in it."""
    for kept in (store / JOURNAL_FILE, register_path(key)):
        for path in kept.parent.glob(f"{glob.escape(kept.name)}{DAMAGED}*"):
            path.unlink(missing_ok=True)


def _works(
    subject: str,
    key: Key,
    works_of: Callable[[str], tuple[str, ...]],
    register: Register,
) -> list[str]:
    pseudonym = key.pseudonym(subject)
    if PSEUDONYM.fullmatch(subject) and works_of(subject):
        pseudonym = subject
    if pseudonym is None:
        return []
    told = register.works_told_of(lambda each: key.pseudonym(each) == pseudonym)
    return sorted({*works_of(pseudonym), *told})
