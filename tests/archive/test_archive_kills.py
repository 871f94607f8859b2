"""Killed workers, schedulers and batches cost their own recording and nothing else."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest
from archive_world import (
    call,
    command,
    counts,
    environment,
    has_journal,
    journal_rows,
    values,
    wait_for,
    write_archive,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("distributed")

WALKS = 6
SLOW = 3
SEED = 20260331
TIME_LIMIT_S = 15
SCRIPTS = {"kill.txt": "kill", "hang.txt": "hang", "trip.txt": "trip"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return walks, a broken one, a copy, and files that kill, hang and trip."""
    folder = write_archive(tmp_path_factory.mktemp("kills"), walks=WALKS)
    for name, act in SCRIPTS.items():
        (folder / name).write_text(f"gaitkit test: {act}", encoding="utf-8")
    session = folder / "sub-01" / "ses-1"
    session.mkdir(parents=True)
    shutil.copy(folder / "kill.txt", session / "sub-01_ses-1_run-1_plate.txt")
    (session / "sub-01_ses-1_run-1_plate.txt").write_text("gaitkit test: kill now")
    shutil.copy(
        folder / "group_1" / "walk_1.trc", session / "sub-01_ses-1_run-2_motion.trc"
    )
    return folder


@pytest.fixture(scope="module")
def healthy(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the walks of that archive alone, and some files that take a second."""
    folder = tmp_path_factory.mktemp("healthy")
    for number in range(WALKS):
        group = folder / f"group_{number % 2}"
        group.mkdir(exist_ok=True)
        shutil.copy(archive / group.name / f"walk_{number}.trc", group)
    for number in range(SLOW):
        (folder / f"slow_{number}.txt").write_text(f"gaitkit test: slow {number}")
    return folder


@pytest.fixture(scope="module")
def undisturbed(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store of a batch that nobody stopped, with its last line beside it."""
    store = tmp_path_factory.mktemp("undisturbed") / "store"
    result = call(
        "batch", archive, "--store", store, "--workers", 2, "--time-limit", TIME_LIMIT_S
    )
    assert result.returncode == 3, result.stderr
    store.with_name("last").write_text(result.stdout.splitlines()[-1])
    store.with_name("errors").write_text(result.stderr)
    return store


def test_each_failure_has_its_state_and_its_reason(undisturbed: Path) -> None:
    assert undisturbed.with_name("last").read_text() == (
        f"0 queued, 0 running, {WALKS + 1} done, 1 refused, 2 failed, 3 crashed "
        "(1 duplicates, 1 files passed over)"
    )
    failed = journal_rows(undisturbed, "state, error, message, attempts")
    why = {(state, error) for state, error, _, _ in failed if state != "done"}
    assert why == {
        ("refused", "FormatError"),
        ("failed", "RuntimeError"),
        ("failed", "TimeLimit"),
        ("crashed", "WorkerDied"),
        ("crashed", "VisitSplit"),
    }
    died = [tries for _, error, _, tries in failed if error == "WorkerDied"]
    assert died == [2, 2]
    told = undisturbed.with_name("errors").read_text()
    for name in (*SCRIPTS, "broken.trc"):
        assert name in told
    assert "Jansen" not in str(failed)


def test_a_recording_beside_one_that_kills_is_done_by_itself(undisturbed: Path) -> None:
    rows = journal_rows(undisturbed, "state, error, subject")
    ours = {row[:2] for row in rows if row[2] is not None}
    assert ours == {("crashed", "WorkerDied"), ("done", None)}


def test_a_killed_worker_and_a_killed_batch_lose_nothing(
    healthy: Path, undisturbed: Path, tmp_path: Path
) -> None:
    store = _new_store(tmp_path, undisturbed)
    chance = random.Random(SEED)
    again = command("batch", healthy, "--store", store, "--workers", 2, "--quiet")
    batch = _start(again)
    wait_for(lambda: _done(store) >= 1)
    workers = [each for each in _family(batch) if _is_worker(each)]
    os.kill(chance.choice(workers).pid, signal.SIGKILL)
    time.sleep(chance.uniform(0.1, 1.0))
    family = _family(batch)
    batch.send_signal(signal.SIGKILL)
    batch.communicate()
    psutil.wait_procs(family, timeout=20)
    before = journal_rows(store, "work, finished, state")
    finished = {row for row in before if row[2] == "done"}
    result = subprocess.run(
        again, env=environment(), capture_output=True, text=True, check=False
    )
    assert result.returncode == 3, result.stderr
    after = set(journal_rows(store, "work, finished, state"))
    assert finished <= after, "done work was done again"
    _same_walks(store, undisturbed)


def test_a_polite_end_says_how_to_go_on(
    healthy: Path, undisturbed: Path, tmp_path: Path
) -> None:
    store = _new_store(tmp_path, undisturbed)
    batch = _start(command("batch", healthy, "--store", store, "--workers", 1))
    wait_for(lambda: _done(store) >= 1)
    batch.send_signal(signal.SIGTERM)  # as Ctrl-C, which a background process loses
    _, said = batch.communicate(timeout=300)
    assert batch.returncode == 130
    assert "nothing is lost. Go on with: gaitkit batch" in said
    assert "Traceback" not in said
    assert "running" not in counts(store)
    assert any((store / "visits").glob("*.parquet"))


def test_a_killed_scheduler_is_told_and_gone_on_with(
    healthy: Path, undisturbed: Path, tmp_path: Path
) -> None:
    store = _new_store(tmp_path, undisturbed)
    with _cluster(tmp_path / "one") as (address, scheduler):
        batch = _start(
            command("batch", healthy, "--store", store, "--scheduler", address)
        )
        wait_for(lambda: _done(store) >= 1)
        scheduler.kill()
        _, said = batch.communicate(timeout=300)
    assert batch.returncode == 2, said
    assert "run the same command again" in said.splitlines()[-1]
    assert said.splitlines()[-1].startswith("error: ")
    with _cluster(tmp_path / "two") as (address, _):
        again = call("batch", healthy, "--store", store, "--scheduler", address)
    assert again.returncode == 3, again.stderr
    _same_walks(store, undisturbed)


def test_no_scheduler_at_the_address_is_said_so(archive: Path, tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{_free_port()}"
    result = call(
        "batch", archive, "--store", tmp_path / "store", "--scheduler", address
    )
    assert result.returncode == 2
    assert result.stderr.startswith(f"error: --scheduler {address}: no scheduler")


def _same_walks(store: Path, undisturbed: Path) -> None:
    """Check that a store holds every value of the loose walks, and nothing twice."""
    assert counts(store) == {"done": WALKS, "refused": SLOW}
    ours, theirs = values(store), values(undisturbed)
    visits = {row[0] for row in theirs["visits"] if row[1] is None}
    assert len(visits) == WALKS
    for name, rows in theirs.items():
        if name.endswith(".parquet"):
            if name[: len(min(visits))] in visits:
                assert ours.pop(name) == rows
        else:
            expected = [row for row in rows if row[0] in visits]
            assert ours.pop(name, []) == expected, name
    assert not ours


def _new_store(folder: Path, like: Path) -> Path:
    """Return the place of a new store with the key of another."""
    shutil.copy(like.with_name("store.key"), folder / "store.key")
    return folder / "store"


def _start(words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _done(store: Path) -> int:
    return counts(store).get("done", 0) if has_journal(store) else 0


def _family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def _is_worker(process: psutil.Process) -> bool:
    return "multiprocessing.spawn" in " ".join(process.cmdline())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class _cluster:  # noqa: N801 - reads as a function
    """A scheduler and a worker in processes of their own, as on several hosts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> tuple[str, subprocess.Popen[str]]:
        self._folder.mkdir()
        said = self._folder / "scheduler.json"
        quiet = ["--no-dashboard"]
        scheduler = self._run(
            "scheduler", "--host", "127.0.0.1", "--port", "0",
            "--scheduler-file", str(said), *quiet,
        )  # fmt: skip
        wait_for(lambda: said.is_file() and said.stat().st_size > 0)
        address: str = json.loads(said.read_text())["address"]
        self._run(
            "worker", address, "--nthreads", "1", "--nworkers", "1",
            "--local-directory", str(self._folder), *quiet,
        )  # fmt: skip
        return address, scheduler

    def __exit__(self, *_: object) -> None:
        family = [
            child
            for process in self._processes
            if process.poll() is None
            for child in _family(process)
        ]
        for each in (*self._processes, *family):
            try:
                each.kill()
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
        for process in self._processes:
            process.wait()

    def _run(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._processes.append(process)
        return process


@pytest.fixture(autouse=True)
def _no_stray_processes() -> Iterator[None]:
    """Let nothing that a test started outlive it."""
    mine = {each.pid for each in psutil.Process().children(recursive=True)}
    yield
    left = [p for p in psutil.Process().children(recursive=True) if p.pid not in mine]
    for each in left:
        each.kill()
    psutil.wait_procs(left, timeout=10)


def test_a_script_that_begins_anew_in_its_workers_ends_in_one_line(
    tmp_path: Path,
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "slow.txt").write_text("gaitkit test: slow")
    script = tmp_path / "own.py"
    script.write_text("import sys\nfrom gaitkit.cli import main\nmain(sys.argv[1:])\n")
    words = ["batch", archive, "--store", tmp_path / "store", "--workers", "2"]
    ended = subprocess.run(
        [sys.executable, str(script), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=environment(),
    )
    assert ended.returncode == 2
    lines = [each for each in ended.stderr.splitlines() if "queued" not in each]
    (line,) = lines
    assert line.startswith("error: the script that started this batch begins anew")
    assert line.endswith('put what it does under: if __name__ == "__main__":')
