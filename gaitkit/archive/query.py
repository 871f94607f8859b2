"""Questions to a store in SQL, which can read the store and nothing else.

Which files have no result, by path and whole message: for the clinic itself.

Outcome of an archive: every person's course of complaints, from the store.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from gaitkit.archive.compact import frame_of, tables_of, typed
from gaitkit.archive.database import DamagedStoreError
from gaitkit.archive.journal import (
    COLUMNS,
    JOURNAL_FILE,
    UNDONE,
    snapshot,
    snapshot_of,
    standing,
)
from gaitkit.archive.pseudonym import default_key
from gaitkit.archive.register import messages_of, register_path
from gaitkit.archive.store import SERIES, existing
from gaitkit.archive.tables import TABLES
from gaitkit.errors import InputError
from gaitkit.io.export.series import DUCKDB
from gaitkit.measure.outcomes import outcomes
from gaitkit.model.outcomes import Course
from gaitkit.model.visit import Instrument, Prom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from gaitkit.archive.tables import Table
    from gaitkit.model.text import Language

LONGEST_REASON = 350
"""Letters of what the database says against a question."""

JOURNAL_VIEW = "journal"
NUMBERS = {
    "recordings": "BIGINT", "bytes": "BIGINT", "attempts": "BIGINT",
    "seconds": "DOUBLE",
}  # fmt: skip
"""Columns of the journal that are no texts."""

STARTS = """
SELECT subject, coalesce(min(start) FILTER (definitive), min(start)) AS start,
    CASE WHEN count(kind) = 0 THEN NULL
         ELSE bool_or(coalesce(kind IN ('heel_raise', 'test_raise'), false)) END
FROM therapies WHERE subject IS NOT NULL GROUP BY subject ORDER BY subject
"""
"""When each person's (definitive) therapy began. A raise was given for a leg-length
difference; where no kind was written down that is not known."""

SCORES = """
SELECT DISTINCT subject, instrument, score, taken_on FROM proms
WHERE subject IS NOT NULL ORDER BY ALL
"""
"""The same answer may stand in the files of several visits."""


def ask(store: Path | str, sql: str) -> pd.DataFrame:
    """Answer a question to a store.

    Parameters
    ----------
    store : Path or str
        Folder of the store; a batch may be writing it.
    sql : str
        One ``SELECT`` (``WITH``, ``FROM``, ``DESCRIBE``, ``SUMMARIZE``) over the views
        ``recordings measurements findings plans journal`` and ``visits suggestions
        proms therapies series``.

    Returns
    -------
    pandas.DataFrame
        The rows.

    Raises
    ------
    InputError
        If there is no store, or the question is no single SELECT, cannot be
        understood, or wants a file outside the store.
    """
    import duckdb

    store = Path(store)
    with asking(store, whole_journal=mentions(sql, JOURNAL_VIEW)) as base:
        if mentions(sql, SERIES):
            _series_view(base, store)
        try:
            _check(base, sql)
            frame: pd.DataFrame = base.sql(sql).df()
        except duckdb.Error as refusal:
            if not isinstance(refusal, duckdb.ProgrammingError | duckdb.DataError) and (
                f"{store.resolve()}" in str(refusal)
                and not isinstance(refusal, duckdb.PermissionException)
            ):  # a file of the store is wrong, and not the question
                raise DamagedStoreError(store, str(refusal)) from None
            why = " ".join(str(refusal).split())[:LONGEST_REASON]
            msg = f"the question cannot be answered: {why}"
            raise InputError(msg) from None
    return frame


def mentions(sql: str, view: str) -> bool:
    """Return whether a question may concern a view, which is made only then."""
    return view in sql.lower()


@contextmanager
def asking(store: Path, *, whole_journal: bool = False) -> Iterator[DuckDBPyConnection]:
    """Yield a connection with the views of a store, closed to everything else.

    Parameters
    ----------
    store : Path
        Folder of the store.
    whole_journal : bool
        True makes the view ``journal`` too, which is read into memory.

    Raises
    ------
    InputError
        If there is no store.
    DamagedStoreError
        If its journal or a table is damaged.
    """
    import duckdb

    folder = existing(store).resolve()
    files, staged = standing(folder / JOURNAL_FILE)
    try:
        waiting = tables_of(staged)
    except (zlib.error, ValueError, TypeError, KeyError) as wrong:
        raise DamagedStoreError(folder / JOURNAL_FILE, str(wrong)) from None
    with duckdb.connect(":memory:", config=DUCKDB) as base:
        base.execute("SET allowed_directories = $1", [[f"{folder}/"]])
        for table in TABLES:
            names = [n for n in files if n.startswith(f"{table.name}/")]
            frame = frame_of(table, waiting[table.name])
            try:
                _table_view(base, table, [folder / name for name in names], frame)
            except duckdb.Error as wrong:
                raise DamagedStoreError(folder / table.name, str(wrong)) from None
        if whole_journal:
            _journal_view(base, folder / JOURNAL_FILE)
        base.execute("SET python_enable_replacements = false")
        base.execute("SET enable_external_access = false")
        base.execute("SET lock_configuration = true")
        try:
            yield base
        except duckdb.Error as wrong:
            raise DamagedStoreError(folder, str(wrong)) from wrong


def _check(base: DuckDBPyConnection, sql: str) -> None:
    from duckdb import StatementType

    statements = base.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != StatementType.SELECT:
        found = ", ".join(s.type.name for s in statements) or "nothing"
        msg = f"expected one SELECT, got {found}; the store is only read here"
        raise InputError(msg)


def _table_view(
    base: DuckDBPyConnection, table: Table, files: list[Path], frame: pd.DataFrame
) -> None:
    """Make the view of a table: its Parquet files and what still waits."""
    parts = []
    if files:
        paths = ", ".join(_quoted(str(path)) for path in files)
        parts.append(f"SELECT * FROM read_parquet([{paths}])")
    if len(frame) or not files:
        base.register("frame", frame)
        base.execute(f"CREATE TABLE {table.name}_new AS {typed(table, 'frame')}")
        base.unregister("frame")
        parts.append(f"SELECT * FROM {table.name}_new")
    base.execute(f"CREATE VIEW {table.name} AS {' UNION ALL BY NAME '.join(parts)}")


def _journal_view(base: DuckDBPyConnection, path: Path) -> None:
    frame = pd.DataFrame(snapshot(path), columns=list(COLUMNS), dtype="object")
    columns = ", ".join(
        f'CAST("{name}" AS {NUMBERS.get(name, "VARCHAR")}) AS "{name}"'
        for name in COLUMNS
    )
    base.register("frame", frame)
    base.execute(f"CREATE TABLE {JOURNAL_VIEW} AS SELECT {columns} FROM frame")
    base.unregister("frame")


def _series_view(base: DuckDBPyConnection, store: Path) -> None:
    folder = store.resolve() / SERIES
    if any(folder.glob("*/*.parquet")):
        visit = r"regexp_extract(filename, '([0-9a-f]{64})-[^/\\]*$', 1) AS visit"
        base.execute(
            f"CREATE VIEW {SERIES} AS SELECT {visit}, * EXCLUDE (filename) FROM "
            f"read_parquet({_quoted(f'{folder}/*/*.parquet')}, filename = true)"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def failures(store: Path | str, *, key: Path | str | None = None) -> list[str]:
    """Return one line for each visit without a result: state, path and message.

    Raises
    ------
    InputError
        If there is no store, or no register beside the key.
    """
    store = Path(store)
    place = register_path(Path(key or default_key(store)))
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


def courses_of(store: Path) -> tuple[Course, ...]:
    """Return the course of every person of a store who was given something.

    Parameters
    ----------
    store : Path
        Folder of the store.

    Returns
    -------
    tuple of Course
        People are joined over visits by pseudonym; a person without one cannot be
        followed and is left out.

    Raises
    ------
    InputError
        If there is no store.
    """
    with asking(store) as base:
        starts = base.sql(STARTS).fetchall()
        scores = base.sql(SCORES).fetchall()
    proms: dict[str, list[Prom]] = defaultdict(list)
    for subject, instrument, score, day in scores:
        if instrument in get_args(Instrument):
            proms[subject].append(_prom(instrument, score, day))
    return tuple(
        Course(
            start=_day(start),
            proms=tuple(proms[subject]),
            leg_length_difference=None if raised is None else bool(raised),
        )
        for subject, start, raised in starts
    )


def outcome_lines(store: Path, *, language: Language) -> list[str]:
    """Return the outcome of a store in words, one fact a line.

    Raises
    ------
    InputError
        If there is no store.
    """
    report = outcomes(courses_of(store))
    lines = [
        {
            "nl": f"{report.courses} behandeltrajecten, waarvan "
            f"{report.painless_at_start} zonder pijn bij de start",
            "en": f"{report.courses} courses, of which {report.painless_at_start} "
            "without pain at the start",
        }[language]
    ]
    for group in report.groups:
        lines.append(group.label.of(language))
        lines += (
            f"  {result.label.of(language)}: {result.statement.of(language)}"
            for result in group.results
        )
    return [*lines, *(note.of(language) for note in report.notes)]


def _prom(instrument: Any, score: float, day: object) -> Prom:  # noqa: ANN401 - checked
    return Prom(instrument=instrument, score=score, taken_on=_day(day))


def _day(day: object) -> date:
    return day if isinstance(day, date) else date.fromisoformat(str(day))
