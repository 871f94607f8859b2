"""What is damaged in a store, and how it is put right from what is left.

A store can lose a Parquet file (a full or broken disk, somebody who cleared up), its
journal or its register. What counts is what the archive can give again: the results of
a lost file are taken out of all other tables and out of the journal, so that the next
batch does these visits again; a journal is made anew from what can still be read of it
and from the tables; a register from the next walk. Nothing is invented.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import zlib
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from gaitkit.archive.compact import parquet_connection, read_parts, remove
from gaitkit.archive.database import drop_other_cells, is_sound
from gaitkit.archive.journal import CELLS, JOURNAL_FILE, Entry, Journal
from gaitkit.archive.pseudonym import default_key, open_key
from gaitkit.archive.register import CELLS as REGISTER_CELLS
from gaitkit.archive.register import Register, register_path
from gaitkit.archive.store import Store, has_results, is_store, locked, prepare
from gaitkit.archive.tables import KEYS, TABLES, Table, series_name, unpack
from gaitkit.archive.ticks import TICKS_FILE, read_ticks, write_ticks
from gaitkit.errors import GaitkitError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

DAMAGED = ".damaged"
"""Ending under which a damaged journal or register is put aside."""

PART = re.compile(r"[a-z]+/\d{6,}\.parquet")
EVERY_VISIT = ("visits", "recordings", "measurements", "findings", "plans")
"""Tables in which each visit with a result has rows."""

WORK = re.compile(r"[0-9a-f]{64}")
SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What was found in a store.

    Attributes
    ----------
    visits : int
        Visits whose results are whole.
    damage : tuple of str
        What is damaged or missing, one line each.
    again : int
        Visits whose results are lost and that a batch has to do again.
    """

    visits: int
    damage: tuple[str, ...]
    again: int


def check(store: Path, *, key: Path | None = None, mend: bool = False) -> Health:
    """Read everything in a store, and put it right where that is asked.

    Where it is not, nothing is written, so that a copy on a read-only disk can be
    looked at.

    Parameters
    ----------
    store : Path
        Folder of the store.
    key : Path or None
        Key of the pseudonyms, beside which the register lies; None: beside the store.
    mend : bool
        True puts right what can be; a damaged journal or register is kept beside the
        new one under the ending ``.damaged``.

    Returns
    -------
    Health
        What was found. After mending, run the batch again: it does what was lost.

    Raises
    ------
    InputError
        If there is no store.
    OutputError
        If the store is in use or cannot be written.
    """
    if not is_store(store) and not has_results(store):
        msg = f"{store}: expected a store, and there is none; check the path"
        raise InputError(msg)
    if mend:
        prepare(store)
    with locked(store) if mend or os.access(store, os.W_OK) else nullcontext():
        return _Check(store, key or default_key(store), mend=mend).run()


def mend_parts(store: Store) -> str | None:
    """Let a batch do again what lost Parquet files held; return what to say of it.

    Only their ends are read here, which hold their number of rows: a file that was
    cut off, emptied, exchanged or removed is found.
    """
    with parquet_connection() as base:
        lost = [
            name
            for name, rows in store.journal.parts().items()
            if not _counts(base, store.folder / name, name, rows)
        ]
        if not lost:
            return None
        works = _works_lost(base, store.folder, store.journal, lost)
    _give_up(store.folder, store.journal, lost=lost, works=works)
    return (
        f"{store.folder}: {_some(lost)} damaged or gone; the results of {len(works)} "
        "visits are lost and are made again"
    )


class _Check:
    """One look through a store under its lock."""

    def __init__(self, store: Path, key: Path, *, mend: bool) -> None:
        self._store = store
        self._key = key
        self._mend = mend
        self._damage: list[str] = []

    def run(self) -> Health:
        """Look at everything; what is damaged first decides what can be asked after."""
        path = self._store / JOURNAL_FILE
        register = register_path(self._key)
        self._look_at_key()
        if register.is_file() and not is_sound(register, REGISTER_CELLS):
            self._damage.append(
                f"{register}: damaged; the next batch makes it anew from the archive"
            )
            if self._mend:
                _put_aside(register)
        there = path.is_file() and path.stat().st_size > 0
        if not there or not is_sound(path, CELLS):
            what = "damaged" if there else "gone"
            self._damage.append(f"{path}: {what}; made anew from what is left")
            if not self._mend:
                return Health(visits=0, damage=tuple(self._damage), again=0)
            _new_journal(self._store, register)
        return self._tables(path)

    def _tables(self, path: Path) -> Health:
        journal = Journal(path, only_read=not self._mend)
        with contextlib.closing(journal), parquet_connection() as base:
            lost = [
                name
                for name, rows in journal.parts().items()
                if not _is_whole(base, self._store / name, name, rows)
            ]
            works = _works_lost(base, self._store, journal, lost)
            works |= self._damaged_series(base, journal, lost)
            works |= _damaged_results(journal)
            if lost:
                self._damage.append(f"{self._store}: {_some(lost)} damaged or gone")
            if works:
                self._damage.append(
                    f"{self._store}: the results of {len(works)} visits are lost; a "
                    "batch makes them again"
                )
            self._look_at_ticks()
            if self._mend:
                _give_up(self._store, journal, lost=lost, works=works)
            done = journal.base.execute(
                "SELECT count(*) FROM journal WHERE state = 'done'"
            ).fetchone()[0]
        visits = done if self._mend else done - len(works)
        return Health(visits=visits, damage=tuple(self._damage), again=len(works))

    def _look_at_key(self) -> None:
        try:
            open_key(self._key, store=self._store, new=False)
        except GaitkitError as wrong:
            self._damage.append(f"{wrong}; bring it back from a copy")

    def _look_at_ticks(self) -> None:
        try:
            read_ticks(self._store)
        except InputError as wrong:
            self._damage.append(str(wrong))
            if self._mend:
                text = (self._store / TICKS_FILE).read_bytes().decode("ascii", "ignore")
                write_ticks(self._store, WORK.findall(text))

    def _damaged_series(
        self, base: DuckDBPyConnection, journal: Journal, lost: list[str]
    ) -> set[str]:
        """Return the works of which a file of series is damaged or gone."""
        files = _files("recordings", journal, lost)
        if not files:
            return set()
        rows = base.execute(
            f"SELECT visit, recording FROM {read_parts(self._store, files)} "
            "WHERE series = 'yes'"
        ).fetchall()
        wrong = set()
        for visit, recording in rows:
            name = series_name(visit, recording)
            if not _readable(base, self._store / name):
                wrong.add(visit)
        if wrong:
            self._damage.append(f"{self._store}: series of {len(wrong)} visits damaged")
        return wrong


# -- the tables


def _counts(base: DuckDBPyConnection, path: Path, name: str, rows: int) -> bool:
    """Return whether a Parquet file is there and says that it has its rows."""
    try:
        told = base.execute(
            "SELECT num_rows FROM parquet_file_metadata($1)", [str(path)]
        ).fetchall()
    except duckdb.Error:
        return False
    return PART.fullmatch(name) is not None and told == [(rows,)]


def _is_whole(base: DuckDBPyConnection, path: Path, name: str, rows: int) -> bool:
    """Return whether every cell of a Parquet file can be read."""
    if not _counts(base, path, name, rows):
        return False
    table = next((t for t in TABLES if name.startswith(f"{t.name}/")), None)
    if table is None or not _readable(base, path):
        return False
    told = base.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(path)])
    found = {row[0] for row in told.fetchall()}
    return {column for column, _ in (*KEYS, *table.columns)} <= found


def _readable(base: DuckDBPyConnection, path: Path) -> bool:
    try:
        base.execute(
            "SELECT sum(hash(t) // 2) FROM read_parquet($1) t", [str(path)]
        ).fetchall()
    except duckdb.Error:
        return False
    return True


def _works_lost(
    base: DuckDBPyConnection, folder: Path, journal: Journal, lost: Iterable[str]
) -> set[str]:
    """Return the works that lost rows with some files.

    A table in which every visit stands tells by itself who is missing. Of the others
    the plan tells how many suggestions there were, and a visit file may have told of
    therapy and scores: where it cannot be known, the visit is done again.
    """
    rows = journal.base.execute("SELECT work FROM journal WHERE state = 'done'")
    staged = {row[0] for row in journal.base.execute("SELECT work FROM staged")}
    done = {row[0] for row in rows} - staged
    gone = {name.partition("/")[0] for name in lost}
    works: set[str] = set()
    for name in EVERY_VISIT:
        there = _visits_in(base, folder, _files(name, journal, lost))
        if name in gone or name == EVERY_VISIT[0]:
            works |= done - there
    for table in TABLES:
        if table.name in gone - set(EVERY_VISIT):
            there = _visits_in(base, folder, _files(table.name, journal, lost))
            works |= _may_have(base, folder, journal, table, lost, done) - there
    return works


def _may_have(
    base: DuckDBPyConnection,
    folder: Path,
    journal: Journal,
    table: Table,
    lost: Iterable[str],
    done: set[str],
) -> set[str]:
    files = _files("plans", journal, lost)
    if table.name != "suggestions" or not files:
        return done
    rows = base.execute(
        f"SELECT visit FROM {read_parts(folder, files)} WHERE suggestions > 0"
    ).fetchall()
    return {row[0] for row in rows}


def _files(table: str, journal: Journal, lost: Iterable[str]) -> list[str]:
    missing = set(lost)
    return [
        name
        for name in journal.parts()
        if name.startswith(f"{table}/") and name not in missing
    ]


def _visits_in(base: DuckDBPyConnection, folder: Path, files: list[str]) -> set[str]:
    if not files:
        return set()
    rows = base.execute(f"SELECT DISTINCT visit FROM {read_parts(folder, files)}")
    return {row[0] for row in rows.fetchall()}


def _damaged_results(journal: Journal) -> set[str]:
    """Return the works whose results wait in the journal and cannot be unpacked."""
    wrong = set()
    for work, results in journal.base.execute("SELECT work, results FROM staged"):
        try:
            unpack(results)
        except (zlib.error, ValueError, TypeError, json.JSONDecodeError):
            wrong.add(work)
    return wrong


def _give_up(
    folder: Path, journal: Journal, *, lost: Iterable[str], works: set[str]
) -> None:
    """Let lost files count no more, and forget their visits, so that they come again.

    What remains of the visits goes first: a stop in between leaves visits without
    results, which the next look finds.
    """
    lost = list(lost)
    remove(folder, journal, works, unreadable=lost)
    Store(folder, journal).drop_series(works)
    journal.drop(works)
    journal.move(new={}, old=lost)
    for name in lost:
        if PART.fullmatch(name):
            (folder / name).unlink(missing_ok=True)


# -- the journal


def _new_journal(store: Path, register: Path) -> None:
    """Make a journal from what can be read of the old one and from the tables."""
    path = store / JOURNAL_FILE
    old = _put_aside(path) if path.is_file() else None
    journal = Journal(path)
    with contextlib.closing(journal), parquet_connection() as base:
        if old is not None:
            _salvage(old, journal)
        _adopt(store, journal, base)
        with contextlib.suppress(GaitkitError):
            _describe(journal, register)


def _salvage(old: Path, journal: Journal) -> None:
    """Copy the rows that can be read, until the first that cannot."""
    for table in ("journal", "staged"):
        known = _columns(journal.base, table)
        rows: list[sqlite3.Row] = []
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(old)) as base,
        ):
            base.row_factory = sqlite3.Row
            for row in base.execute(f"SELECT * FROM {table}"):
                rows.append(row)
        marks = ", ".join("?" * len(known))
        with contextlib.suppress(sqlite3.Error, IndexError), journal.base:
            journal.base.executemany(
                f"INSERT OR IGNORE INTO {table} ({', '.join(known)}) VALUES ({marks})",
                [[row[name] for name in known] for row in rows],
            )
    drop_other_cells(journal.base, CELLS)


def _columns(base: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})")]


def _adopt(store: Path, journal: Journal, base: DuckDBPyConnection) -> None:
    """Let the Parquet files that lie there count, the newest first.

    Files are put together into a new one with a higher number, and a stop may leave
    the old ones beside it: a file of which a visit is known already does not count.
    """
    for table in TABLES:
        seen: set[str] = set()
        for path in sorted((store / table.name).glob("*.parquet"), reverse=True):
            name = f"{table.name}/{path.name}"
            rows = _rows_of(base, path)
            if rows is None or not _is_whole(base, path, name, rows):
                continue
            visits = _visits_in(base, store, [name])
            if not visits & seen:
                seen |= visits
                journal.move(new={name: rows})
        if table.name == EVERY_VISIT[0]:
            _enter(journal, base, store)
    staged = {row[0] for row in journal.base.execute("SELECT work FROM staged")}
    there = _visits_in(base, store, _files(EVERY_VISIT[0], journal, ()))
    journal.drop_staged(staged & there)


def _enter(journal: Journal, base: DuckDBPyConnection, store: Path) -> None:
    """Enter the visits that have results as done."""
    files = _files(EVERY_VISIT[0], journal, ())
    if not files:
        return
    rows = base.execute(
        f"SELECT visit, any_value(subject), any_value(gaitkit) "
        f"FROM {read_parts(store, files)} GROUP BY visit ORDER BY visit"
    ).fetchall()
    with journal.base:
        journal.base.executemany(
            "INSERT INTO journal (work, subject, version, state, config, content) "
            "VALUES (?, ?, ?, 'done', '', '') "
            "ON CONFLICT (work) DO UPDATE SET state = 'done'",
            rows,
        )


def _describe(journal: Journal, register: Path) -> None:
    """Fill in what the register knows of the works: their content and facts."""
    if not register.is_file():
        return
    rows = journal.base.execute("SELECT work FROM journal WHERE content = ''")
    with Register(register) as opened:
        entries = [opened.entry_of(row[0]) for row in rows.fetchall()]
    known: list[Entry] = [entry for entry in entries if entry is not None]
    with journal.base:
        journal.base.executemany(
            "UPDATE journal SET content = ?, facts = ?, bytes = ? WHERE work = ?",
            [(each.content, each.facts, each.bytes, each.work) for each in known],
        )


def _rows_of(base: DuckDBPyConnection, path: Path) -> int | None:
    try:
        told = base.execute(
            "SELECT num_rows FROM parquet_file_metadata($1)", [str(path)]
        ).fetchall()
    except duckdb.Error:
        return None
    return int(told[0][0]) if told else None


def _put_aside(path: Path) -> Path:
    """Move a damaged file, with its log, out of the way; return where it is."""
    aside = path.with_name(f"{path.name}{DAMAGED}")
    for ending in ("", "-wal", "-shm"):
        old = path.with_name(f"{path.name}{ending}")
        if old.is_file():
            old.replace(aside.with_name(f"{aside.name}{ending}"))
    return aside


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"
