"""The store: a folder that pandas and duckdb read without gaitkit.

It is opened for writing by one batch at a time: a lock that the system takes away from
a process that dies. Opening puts right what a stop left behind.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gaitkit.archive.database import DamagedStoreError, own_errors, spoken
from gaitkit.archive.journal import JOURNAL_FILE, Journal
from gaitkit.archive.tables import KEYS, TABLES
from gaitkit.errors import InputError, OutputError
from gaitkit.io.atomic import new_file
from gaitkit.scratch import PRIVATE_FILE, make_private_folder, remove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LOCK_FILE = "lock.sqlite"
README_FILE = "README.md"
SERIES = "series"

README_HEAD = """# Store of a clinic archive, written by gaitkit

Nothing here names a person: `subject` is a pseudonym by a key that lies elsewhere, and
so does the register of file names. A gait can be recognised all the same: treat this
folder as health data.

| place | content |
| --- | --- |
| `journal.sqlite` | table `journal`: what became of every visit of the archive: \
`queued running done refused failed crashed`, class and message of the error, seconds, \
worker. `content`, `config` and `version` are the hash of its files, of the \
configuration and the version of gaitkit |
| `<table>/*.parquet` | the tables below |
| `series/<ab>/<visit>-<recording>.parquet` | cleaned keypoints and angles \
over time, of a film the raw keypoints too, one number a \
row: `recording series name side axis time_s value unit confidence` |
| `norm_visits.txt` | visits ticked for the clinic's own norm bands, one a line |

`visit` is the key of `journal.work` in every table. A number that is not known is null
with a code in `why_missing`; signed side differences are left minus right; angles are
in degrees, flexion, dorsiflexion, adduction and eversion positive.

```python
import duckdb, pandas
duckdb.sql("SELECT name, median(value) FROM 'measurements/*.parquet' GROUP BY ALL")
pandas.read_parquet("measurements")
```

While a batch runs, its newest results wait in `journal.sqlite` (table `staged`); after
one was killed, run it again before reading the files by yourself.
"""


class Store:
    """An open store; use `open_store`."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        """Take the folder and its journal."""
        self.folder = folder
        self.journal = journal

    def drop_series(self, works: Iterable[str]) -> None:
        """Delete the series of some works."""
        for work in works:
            place = self.folder / SERIES / work[:2]
            for path in place.glob(f"*{work}-*.parquet"):
                path.unlink(missing_ok=True)
            with suppress(OSError):
                place.rmdir()  # only an empty one goes

    def recover(self) -> None:
        """Remove what a stop left half done: files that do not count, running work."""
        parts = self.journal.parts()
        for table in TABLES:
            for path in (self.folder / table.name).glob("*"):
                if f"{table.name}/{path.name}" not in parts:
                    remove(path)
        for path in (self.folder / SERIES).glob("*/.*"):
            remove(path)
        running = self.journal.base.execute(
            "SELECT work FROM journal WHERE state = 'running'"
        )
        self.drop_series([row[0] for row in running.fetchall()])


def is_store(folder: Path) -> bool:
    """Return whether a folder is a store."""
    return (folder / JOURNAL_FILE).is_file()


def _refuse_without_journal(folder: Path) -> None:
    """Refuse results of which no journal tells: opening would clear them away.

    sqlite takes an empty file for a new one.
    """
    journal = folder / JOURNAL_FILE
    if has_results(folder) and not (journal.is_file() and journal.stat().st_size):
        raise DamagedStoreError(journal, "it is gone or empty")


def has_results(folder: Path) -> bool:
    """Return whether tables of results lie in a folder."""
    return any(any((folder / t.name).glob("*.parquet")) for t in TABLES)


def prepare(folder: Path) -> None:
    """Make the folders of a store where they are not there.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    try:
        for table in TABLES:
            make_private_folder(folder / table.name)
        (folder / LOCK_FILE).touch(mode=PRIVATE_FILE)
    except OSError as cause:
        msg = f"{folder}: the store cannot be written ({cause.strerror}); "
        raise OutputError(f"{msg}get the right to, or name another") from None


def existing(folder: Path) -> Path:
    """Return the folder of a store.

    Raises
    ------
    InputError
        If it is none.
    """
    _refuse_without_journal(folder)
    if not is_store(folder):
        msg = (
            f"{folder}: expected a store, and there is no {JOURNAL_FILE} in it; make "
            f"one with: gaitkit batch ARCHIVE --store {folder}"
        )
        raise InputError(msg)
    return folder


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open a store for writing, making it where there is nothing.

    Raises
    ------
    OutputError
        If the folder holds something else, cannot be written, or is in use by another
        batch.
    DamagedStoreError
        If its journal is damaged.
    """
    _refuse_foreign(folder)
    _refuse_without_journal(folder)
    prepare(folder)
    with locked(folder):
        _write_readme(folder)
        journal = Journal(folder / JOURNAL_FILE)
        try:
            with own_errors(folder):
                store = Store(folder, journal)
                store.recover()
                yield store
        finally:
            journal.close()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a store; the system frees it when the process dies.

    Raises
    ------
    OutputError
        If another process holds it, or the folder cannot be written.
    """
    path = folder / LOCK_FILE
    try:
        lock = _taken(path)
    except DamagedStoreError:
        path.unlink()  # nothing is kept in it, and nobody can hold a damaged one
        lock = _taken(path)
    try:
        yield
    finally:
        lock.close()


def _taken(path: Path) -> sqlite3.Connection:
    path.touch(mode=PRIVATE_FILE)
    lock = sqlite3.connect(path, timeout=0.0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as wrong:
        lock.close()
        if wrong.sqlite_errorname != "SQLITE_BUSY":
            raise spoken(path, wrong) from None
        msg = (
            f"{path.parent}: another batch is at work on this store; wait until it "
            "ends, or stop it, then run again"
        )
        raise OutputError(msg) from None
    return lock


def _refuse_foreign(folder: Path) -> None:
    if folder.is_file():
        msg = f"{folder}: expected a folder for the store, got a file; name another"
        raise OutputError(msg)
    if folder.is_dir() and not is_store(folder):
        names = {path.name for path in folder.iterdir()} - {LOCK_FILE, README_FILE}
        names -= {SERIES, *(table.name for table in TABLES)}
        if names:
            msg = (
                f"{folder}: expected a store or an empty folder, found "
                f"{min(names)}; name another folder with --store"
            )
            raise OutputError(msg)


def _write_readme(folder: Path) -> None:
    path = folder / README_FILE
    text = README_HEAD + "".join(_described())
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        with new_file(path) as part:
            part.write_text(text, encoding="utf-8")


def _described() -> Iterator[str]:
    for table in TABLES:
        yield f"\n## {table.name}\n\n{table.holds}\n\n"
        yield "| column | type |\n| --- | --- |\n"
        for name, kind in (*KEYS, *table.columns):
            yield f"| `{name}` | {kind} |\n"
