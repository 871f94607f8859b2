"""Questions to a store in SQL, which can read the store and nothing else."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd

from gaitkit.archive.compact import frame_of, tables_of, typed
from gaitkit.archive.database import DamagedStoreError
from gaitkit.archive.journal import COLUMNS, JOURNAL_FILE, snapshot, standing
from gaitkit.archive.store import SERIES, existing
from gaitkit.archive.tables import TABLES
from gaitkit.errors import InputError
from gaitkit.io.export.series import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from gaitkit.archive.tables import Table

LONGEST_REASON = 350
"""Letters of what the database says against a question."""

JOURNAL_VIEW = "journal"
NUMBERS = {
    "recordings": "BIGINT", "bytes": "BIGINT", "attempts": "BIGINT",
    "seconds": "DOUBLE",
}  # fmt: skip
"""Columns of the journal that are no texts."""


def ask(store: Path, sql: str) -> pd.DataFrame:
    """Answer a question to a store.

    Parameters
    ----------
    store : Path
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
