"""Small archives of virtual patients, and a cluster that is only a thread."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from gaitkit.archive.batch import Request, run_batch
from gaitkit.archive.tables import TABLES
from gaitkit_virtual.visits.walk import virtual_patient, write_virtual_markers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from gaitkit.archive.tally import Tally

REPOSITORY = Path(__file__).resolve().parents[2]
PLUGIN = REPOSITORY / "tests" / "archive" / "plugin"
PLATE = REPOSITORY / "sample_data" / "plate.txt.gz"

NAME = "Jansen"
"""A name that must never reach a store."""

NOT_A_VALUE = {"gaitkit"}
"""Columns that say how a row was made."""


def write_walk(path: Path, *, seed: int = 0, height_m: float = 1.7) -> Path:
    """Write the markers of a short virtual walk; its truth does not stay beside it."""
    patient = virtual_patient({}, height_m=height_m)
    written = write_virtual_markers(
        path, patient, duration_s=4.0, rate_hz=50.0, seed=seed
    )
    for other in written[1:]:
        other.unlink()
    return path


def write_archive(folder: Path, *, walks: int) -> Path:
    """Write loose walks, a copy of the first, a broken one and a paper."""
    for number in range(walks):
        write_walk(folder / f"group_{number % 2}" / f"walk_{number}.trc", seed=number)
    first = folder / "group_0" / "walk_0.trc"
    (folder / "copy_of_first.trc").write_bytes(first.read_bytes())
    (folder / "broken.trc").write_bytes(first.read_bytes()[:700])
    (folder / "README.txt").write_text("about this archive", encoding="utf-8")
    return folder


class ThreadClient:
    """What the engine uses of a dask client, with one thread in this process."""

    status = "running"

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)

    def submit(self, work: Callable[..., Any], *of: Any, **_: object) -> Future[Any]:
        return self._pool.submit(work, *of)

    def subscribe_topic(self, *_: object) -> None:
        """Do nothing: a thread tells nobody that it begins."""

    def nthreads(self) -> dict[str, int]:
        return {"here": 1}

    def cancel(self, futures: list[Future[Any]]) -> None:
        for each in futures:
            each.cancel()

    def restart_workers(self, *_: object, **__: object) -> None:
        """Do nothing: a thread cannot be started afresh."""


@contextmanager
def threaded(settings: object) -> Iterator[ThreadClient]:
    """Stand in for `gaitkit.archive.cluster.connected`."""
    del settings
    yield ThreadClient()


def run_here(
    monkeypatch: pytest.MonkeyPatch, archive: Path, store: Path, **options: Any
) -> Tally:
    """Run a batch without processes."""
    monkeypatch.setattr("gaitkit.archive.batch.connected", threaded)
    run_options = {
        name: options.pop(name) for name in ("watch", "told", "work") if name in options
    }
    request = Request(archive=str(archive), store=store, **options)
    return run_batch(request, **run_options)


def command(*words: object) -> list[str]:
    """Return a call of gaitkit."""
    return [sys.executable, "-m", "gaitkit", *map(str, words)]


def environment() -> dict[str, str]:
    """Return an environment in which the plug-in that kills is installed."""
    paths = (str(PLUGIN), str(REPOSITORY), os.environ.get("PYTHONPATH", ""))
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def call(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run gaitkit to its end."""
    return subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        **options,
    )


def values(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every value of every table and series of a store, sorted."""
    found = {}
    for table in TABLES:
        if any((store / table.name).glob("*.parquet")):
            skipped = ", ".join(NOT_A_VALUE & {name for name, _ in table.columns})
            columns = f"* EXCLUDE ({skipped})" if skipped else "*"
            found[table.name] = duckdb.sql(
                f"SELECT {columns} FROM '{store}/{table.name}/*.parquet' ORDER BY ALL"
            ).fetchall()
    for path in sorted(store.glob("series/*/*.parquet")):
        found[path.name] = duckdb.sql(f"SELECT * FROM '{path}' ORDER BY ALL").fetchall()
    return found


def journal_rows(store: Path, columns: str) -> list[tuple[Any, ...]]:
    """Return columns of the journal, sorted."""
    base = sqlite3.connect(store / "journal.sqlite")
    try:
        rows = base.execute(f"SELECT {columns} FROM journal").fetchall()
        return sorted(rows, key=str)
    finally:
        base.close()


def counts(store: Path) -> dict[str, int]:
    """Return the number of visits in each state."""
    base = sqlite3.connect(store / "journal.sqlite")
    try:
        rows = base.execute("SELECT state, count(*) FROM journal GROUP BY state")
        return dict(rows.fetchall())
    finally:
        base.close()


def has_journal(store: Path) -> bool:
    """Return whether a batch has begun to keep its journal."""
    if not (store / "journal.sqlite").exists():
        return False
    base = sqlite3.connect(store / "journal.sqlite")
    try:
        named = base.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal'")
        return named.fetchone() is not None
    finally:
        base.close()


def wait_for(condition: Callable[[], bool], *, seconds: float = 180.0) -> None:
    """Wait until something is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
