"""From waiting results to Parquet: few large files a table, each whole or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gaitkit.archive.tables import KEYS, TABLES, Table, unpack
from gaitkit.io.atomic import new_file
from gaitkit.io.export.series import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from gaitkit.archive.journal import Journal, Staged
    from gaitkit.archive.tables import Cell

BATCH = 500
"""Results that become one Parquet file of each table; about 100 000 measurements."""

MOST_PARTS = 16
"""Files of a table above which they are put together into one."""


def compact(folder: Path, journal: Journal) -> None:
    """Write every waiting result to Parquet, and put small files together.

    Parameters
    ----------
    folder : Path
        The store.
    journal : Journal
        Knows what waits and which files count.

    Raises
    ------
    OutputError
        If a file cannot be written; nothing is lost, the results wait on.
    """
    with parquet_connection() as base:
        while staged := journal.staged(BATCH):
            tables = tables_of(staged)
            new: dict[str, int] = {}
            for table in TABLES:
                frame = frame_of(table, tables[table.name])
                if len(frame):
                    new |= _write(base, table, frame, folder=folder, journal=journal)
            journal.move(new=new, works=[each.work for each in staged])
        for table in TABLES:
            old = parts_of(table, journal)
            if len(old) > MOST_PARTS:
                _rewrite(base, table, old, folder=folder, journal=journal)


def remove(
    folder: Path,
    journal: Journal,
    works: Iterable[str],
    *,
    unreadable: Collection[str] = (),
) -> None:
    """Rewrite every Parquet file in which results of some works stand, without them.

    Files that cannot be read are passed over.
    """
    gone = pd.DataFrame({"visit": sorted(set(works))}, dtype="str")
    with parquet_connection() as base:
        base.register("gone", gone)
        for table in TABLES:
            for name in parts_of(table, journal):
                if name in unreadable:
                    continue
                found = base.execute(
                    f"SELECT 1 FROM {read_parts(folder, [name])} SEMI JOIN gone USING "
                    "(visit) LIMIT 1"
                ).fetchall()
                if found:
                    _rewrite(base, table, [name], folder=folder, journal=journal)


def tables_of(staged: Sequence[Staged]) -> dict[str, list[list[Cell]]]:
    """Return waiting results as the rows of each table."""
    tables: dict[str, list[list[Cell]]] = {table.name: [] for table in TABLES}
    for each in staged:
        for name, rows in unpack(each.results).items():
            tables[name] += ([each.work, each.subject, *row] for row in rows)
    return tables


def frame_of(table: Table, rows: Sequence[Sequence[Cell]]) -> pd.DataFrame:
    """Return rows as a frame with the columns of a table, every cell an object."""
    names = [name for name, _ in (*KEYS, *table.columns)]
    return pd.DataFrame(list(rows), columns=names, dtype="object")


def typed(table: Table, source: str) -> str:
    """Return SQL that reads a frame with the types of a table."""
    columns = (
        f'CAST("{name}" AS {kind}) AS "{name}"'
        for name, kind in (*KEYS, *table.columns)
    )
    return f"SELECT {', '.join(columns)} FROM {source}"


def parts_of(table: Table, journal: Journal) -> list[str]:
    """Return the Parquet files of a table that count."""
    return [n for n in journal.parts() if n.startswith(f"{table.name}/")]


def _write(
    base: DuckDBPyConnection,
    table: Table,
    frame: pd.DataFrame,
    *,
    folder: Path,
    journal: Journal,
) -> dict[str, int]:
    name = _next_name(table, journal)
    base.register("frame", frame)
    _copy(base, typed(table, "frame"), folder / name)
    base.unregister("frame")
    return {name: len(frame)}


def _rewrite(
    base: DuckDBPyConnection,
    table: Table,
    old: Sequence[str],
    *,
    folder: Path,
    journal: Journal,
) -> None:
    """Put files together into one, leaving out what is in the table ``gone``."""
    known = {row[0] for row in base.sql("SHOW TABLES").fetchall()}
    without = " ANTI JOIN gone USING (visit)" if "gone" in known else ""
    rows = f"SELECT * FROM {read_parts(folder, old)}{without}"
    total = int(base.execute(f"SELECT count(*) FROM ({rows})").fetchall()[0][0])
    new = {}
    if total:
        name = _next_name(table, journal)
        _copy(base, rows, folder / name)
        new = {name: total}
    journal.move(new=new, old=old)
    for name in old:
        (folder / name).unlink(missing_ok=True)


def _copy(base: DuckDBPyConnection, rows: str, path: Path) -> None:
    with new_file(path) as part:
        base.sql(rows).write_parquet(str(part), compression="zstd")


def _next_name(table: Table, journal: Journal) -> str:
    """Return a name after all that count; files that do not count may be replaced."""
    last = max((int(name[-14:-8]) for name in parts_of(table, journal)), default=0)
    return f"{table.name}/{last + 1:06d}.parquet"


def read_parts(folder: Path, names: Iterable[str]) -> str:
    """Return SQL that reads some Parquet files of a store."""
    paths = ", ".join("'" + str(folder / n).replace("'", "''") + "'" for n in names)
    return f"read_parquet([{paths}])"


def parquet_connection() -> DuckDBPyConnection:
    """Return a connection that keeps nothing and fetches no extension."""
    import duckdb

    return duckdb.connect(":memory:", config=DUCKDB)
