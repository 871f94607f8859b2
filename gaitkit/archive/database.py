"""The sqlite files of an archive: journal, register and lock, and what befalls them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from gaitkit.errors import GaitkitError, InputError, OutputError
from gaitkit.scratch import PRIVATE_FILE, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_S = 60.0
"""Seconds that one thread waits for the other to finish writing."""

UNWRITABLE = {
    "SQLITE_FULL": "the disk is full; free space",
    "SQLITE_READONLY": "it may not be written; get the right to, or mount it writable",
    "SQLITE_CANTOPEN": "it cannot be opened; look at its folder and its rights",
    "SQLITE_PERM": "it may not be opened; get the right to",
    "SQLITE_IOERR": "the disk refuses (full, broken or gone); look at it",
    "SQLITE_BUSY": "another process has it open; wait until that ends",
    "SQLITE_LOCKED": "another process has it open; wait until that ends",
}
"""What sqlite says when a file is whole and cannot be used, and what to do."""

LONGEST_REASON = 120
Cells = Mapping[str, Mapping[str, str]]
"""By table and column the types that a cell may have, as sqlite's typeof names them."""


class DamagedStoreError(InputError):
    """Something in a store is damaged; ``gaitkit archive check`` tells what."""

    def __init__(self, path: Path, why: str) -> None:
        """Say what is damaged, why, and the way out."""
        reason = " ".join(why.split())[:LONGEST_REASON]
        super().__init__(
            f"{path}: it is damaged ({reason}); see what is left with: gaitkit archive "
            "check STORE, and let it mend with --mend"
        )


def connect(path: Path) -> sqlite3.Connection:
    """Open a sqlite file in WAL mode, in which deleted content is overwritten.

    Raises
    ------
    DamagedStoreError
        If it is damaged.
    OutputError
        If it cannot be written.
    """
    try:
        make_private_folder(path.parent)
        path.touch(mode=PRIVATE_FILE)  # its log takes the same mode
    except OSError as cause:
        msg = f"{path}: cannot be written ({cause.strerror}); name another place"
        raise OutputError(msg) from None
    with own_errors(path):
        base = sqlite3.connect(path, timeout=BUSY_S)
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            base.execute("PRAGMA secure_delete = ON")
        except sqlite3.Error:
            base.close()
            raise
    return base


@contextmanager
def own_errors(path: Path) -> Iterator[None]:
    """Turn what sqlite says of a file into one line with the way out."""
    try:
        yield
    except sqlite3.DatabaseError as wrong:
        raise spoken(path, wrong) from wrong


def spoken(path: Path, wrong: sqlite3.DatabaseError) -> GaitkitError:
    """Return an error of sqlite as one of gaitkit's."""
    name = getattr(wrong, "sqlite_errorname", None) or ""
    for begin, advice in UNWRITABLE.items():
        if name == begin or name.startswith(f"{begin}_"):
            msg = f"{path}: {advice}, then run again ({wrong}); nothing is lost"
            return OutputError(msg)
    return DamagedStoreError(path, str(wrong))


@contextmanager
def looking(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that only reads; see `look`."""
    with own_errors(path), closing(look(path)) as base:
        yield base


def look(path: Path) -> sqlite3.Connection:
    """Open a sqlite file to read it, also from a disk that is read-only.

    Raises
    ------
    DamagedStoreError
        If the file is damaged.
    OutputError
        If it cannot be opened.
    """
    with own_errors(path):
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            base.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as wrong:
            base.close()
            if not wrong.sqlite_errorname.startswith(("SQLITE_CANT", "SQLITE_READ")):
                raise
            how = "mode=ro&immutable=1"  # nobody can write there, so nothing changes
            base = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)
    return base


def is_sound(path: Path, cells: Cells) -> bool:
    """Return whether a sqlite file can be read from end to end, and its cells can be.

    Raises
    ------
    OutputError
        If it cannot be opened, which says nothing of what is in it.
    """
    try:
        with looking(path) as base:
            told = base.execute("PRAGMA integrity_check(1)").fetchone()
            check_cells(base, path, cells)
    except DamagedStoreError:
        return False
    return bool(told == ("ok",))


def check_cells(base: sqlite3.Connection, path: Path, cells: Cells) -> None:
    """Refuse cells of another type than was written: sqlite takes any.

    A file whose bytes were changed can be whole to sqlite and hold a name that is none.

    Raises
    ------
    DamagedStoreError
        If a cell is of another type; it names the table and the column.
    """
    for table, columns in cells.items():
        for column, kinds in columns.items():
            wrong = f"SELECT 1 FROM {table} WHERE {_is_other(column, kinds)} LIMIT 1"
            if base.execute(wrong).fetchone():
                raise DamagedStoreError(path, f"a {column} of {table} is no {kinds}")


def drop_other_cells(base: sqlite3.Connection, cells: Cells) -> None:
    """Delete the rows that `check_cells` would refuse."""
    with base:
        for table, columns in cells.items():
            for column, kinds in columns.items():
                base.execute(f"DELETE FROM {table} WHERE {_is_other(column, kinds)}")


def _is_other(column: str, kinds: str) -> str:
    allowed = ", ".join(f"'{kind}'" for kind in kinds.split(" or "))
    return f"typeof({column}) NOT IN ({allowed})"


def vacuum(base: sqlite3.Connection) -> None:
    """Rewrite a sqlite file, so that nothing deleted is left in it or in its log."""
    base.commit()
    base.execute("VACUUM")
    with closing(base.execute("PRAGMA wal_checkpoint(TRUNCATE)")) as done:
        done.fetchall()
