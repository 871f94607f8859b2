"""Which files have no result, by path and whole message: for the clinic itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.archive.journal import JOURNAL_FILE, UNDONE, snapshot_of
from gaitkit.archive.pseudonym import default_key
from gaitkit.archive.register import messages_of, register_path
from gaitkit.archive.store import existing
from gaitkit.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def failures(store: Path, *, key: Path | None = None) -> list[str]:
    """Return one line for each visit without a result: state, path and message.

    Raises
    ------
    InputError
        If there is no store, or no register beside the key.
    """
    place = register_path(key or default_key(store))
    existing(store)
    if not place.is_file():
        msg = f"{place}: the register is not there; name the key with --key"
        raise InputError(msg)
    states = snapshot_of(store / JOURNAL_FILE, UNDONE)
    told = messages_of(place)
    lines = []
    for work, state in states.items():
        path, message = told.get(work, (work, "its file is no longer in the archive"))
        whole = " ".join(message.split()).removeprefix(f"{path}: ")
        lines.append(f"{state}: {path}: {whole}")
    return lines
