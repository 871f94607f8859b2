"""A store that lost something: it is noticed, told in one line, and mended."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from archive_world import counts, environment, run_here, values, write_archive

from gaitkit.archive.database import BUSY_S, connect
from gaitkit.archive.forget import forget_subject
from gaitkit.archive.health import check
from gaitkit.archive.page import write_page
from gaitkit.archive.query import ask, failures, outcome_lines
from gaitkit.archive.register import Register
from gaitkit.archive.store import open_store
from gaitkit.archive.tables import TABLES
from gaitkit.archive.ticks import read_ticks, tick
from gaitkit.errors import GaitkitError, InputError, OutputError
from gaitkit.scratch import make_private

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WALKS = 2
PROMS = """
visited_on = 2026-01-05
[subject]
subject_id = "p7"
[[recording]]
file = "walk.trc"
[[proms]]
instrument = "NPRS"
score = 6
taken_on = 2026-01-05
[[therapy]]
given = "heel raise"
kind = "heel_raise"
start = 2026-01-05
definitive = true
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_archive(tmp_path_factory.mktemp("archive"), walks=WALKS)
    visit = folder / "visit"
    visit.mkdir()
    shutil.move(folder / "group_1" / "walk_1.trc", visit / "walk.trc")
    (visit / "visit.toml").write_text(PROMS)
    return folder


@pytest.fixture(scope="module")
def done(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("done") / "store"
    with pytest.MonkeyPatch.context() as patch:
        run_here(patch, archive, store)
    return store


@pytest.fixture
def store(done: Path, tmp_path: Path) -> Path:
    for path in (done, done.with_name("store.key"), done.with_name("store.register")):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, tmp_path / path.name)
    return tmp_path / "store"


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-60])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def removed(path: Path) -> None:
    path.unlink()


def other_bytes(path: Path) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:100] + os.urandom(middle) + content[100 + middle :])


def other_table(path: Path) -> None:
    other = "plans" if path.parent.name == "visits" else "visits"
    parent = path.parent.with_name(other)
    shutil.copy(next(parent.glob("*.parquet")), path)


DAMAGES = (cut_off, emptied, removed, other_bytes, other_table)


def test_a_whole_store_is_whole(store: Path) -> None:
    found = check(store)
    assert (found.damage, found.again, found.visits) == ((), 0, WALKS)


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_lost_table_is_found_and_made_again_from_the_archive(
    table: str,
    archive: Path,
    done: Path,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = list((store / table).glob("*.parquet"))
    if not files:
        pytest.skip("this archive has no row of it")
    DAMAGES[TABLES.index(next(t for t in TABLES if t.name == table)) % len(DAMAGES)](
        files[0]
    )
    found = check(store)
    assert found.damage[0].endswith(f"{table}/000001.parquet damaged or gone")
    assert found.again >= 1
    assert check(store, mend=True).again == found.again
    assert not check(store).damage
    run_here(monkeypatch, archive, store)
    assert values(store) == values(done)
    assert counts(store) == counts(done)


@pytest.mark.parametrize("damage", [cut_off, emptied, removed, other_table])
def test_a_batch_makes_lost_results_again_by_itself(
    damage: Callable[[Path], None],
    archive: Path,
    done: Path,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    damage(store / "measurements" / "000001.parquet")
    with caplog.at_level(logging.WARNING):
        run_here(monkeypatch, archive, store)
    told = [each for each in caplog.messages if str(store) in each]
    assert told == [
        f"{store}: measurements/000001.parquet damaged or gone; the results of {WALKS} "
        "visits are lost and are made again"
    ]
    assert values(store) == values(done)


QUESTIONS: dict[str, Callable[[Path], object]] = {
    "query": lambda s: ask(s, "SELECT sum(value) FROM measurements"),
    "report": lambda s: write_page(s, s.parent / "a.html", language="en"),
    "outcomes": lambda s: outcome_lines(s, language="en"),
    "tick": lambda s: tick(s, ["abcdef"], take_away=False),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("damage", [cut_off, emptied, other_bytes])
def test_a_question_to_a_damaged_table_tells_the_way_out(
    question: str, damage: Callable[[Path], None], store: Path
) -> None:
    for table in ("measurements", "visits", "recordings"):
        damage(store / table / "000001.parquet")
    with pytest.raises(InputError, match="gaitkit archive check STORE") as refusal:
        QUESTIONS[question](store)
    assert len(str(refusal.value)) <= 500


def test_series_that_are_gone_cost_their_visit_alone(
    archive: Path, done: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = sorted((store / "series").glob("*/*.parquet"))
    cut_off(series[0])
    found = check(store, mend=True)
    assert found.again == 1
    run_here(monkeypatch, archive, store)
    assert values(store) == values(done)


def test_a_journal_that_is_gone_costs_no_result(
    archive: Path, done: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store / "journal.sqlite").unlink()
    opening = open_store(store)
    for ask_it in (opening.__enter__, lambda: ask(store, "SELECT 1")):
        with pytest.raises(
            InputError, match=r"journal.sqlite: it is damaged \(it is gone"
        ):
            ask_it()
    assert "made anew from what is left" in check(store).damage[0]
    assert check(store, mend=True).visits == WALKS
    run_here(monkeypatch, archive, store, work=never)
    assert values(store) == values(done)
    assert counts(store) == counts(done)


def never(job: object) -> None:
    """Do nothing: there must be no work, but for what has no result at all."""
    from gaitkit.archive.work import do

    outcome = do(job)  # type: ignore[arg-type]
    assert outcome.state == "refused", outcome
    return outcome  # type: ignore[return-value]


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4000] = os.urandom(3900)
    path.write_bytes(content)
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()


@pytest.mark.parametrize("damage", [scribble, emptied, cut_off, other_bytes])
def test_a_damaged_journal_is_told_and_made_anew(
    damage: Callable[[Path], None],
    archive: Path,
    done: Path,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = store / "journal.sqlite"
    with sqlite3.connect(journal) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    damage(journal)
    found = check(store, mend=True)
    assert found.visits + found.again >= WALKS
    run_here(monkeypatch, archive, store)
    assert values(store) == values(done)
    assert not check(store).damage


@pytest.mark.parametrize("value", ["NULL", "x'0000'", "1.5"])
@pytest.mark.parametrize(
    "cell", ["parts.name", "parts.rows", "staged.work", "staged.results",
             "journal.work", "journal.state"],
)  # fmt: skip
def test_a_cell_of_the_journal_that_is_no_such_thing_is_damage(
    store: Path, cell: str, value: str
) -> None:
    table, column = cell.split(".")
    if value == "1.5" and column not in {"rows", "results"}:
        value = "zeroblob(3)"  # a column of text makes a text of a number
    elif column == "results" and value != "NULL":
        value = "'text'"
    with closing(sqlite3.connect(store / "journal.sqlite")) as base:
        base.execute("INSERT INTO staged VALUES ('a', NULL, x'00')")
        base.execute(f"UPDATE {table} SET {column} = {value} WHERE rowid = 1")
        base.commit()
    with pytest.raises(InputError, match="let it mend with --mend"), open_store(store):
        pass
    if table != "journal":
        with pytest.raises(InputError, match="let it mend with --mend"):
            ask(store, "SELECT count(*) FROM visits")
    told = check(store, mend=True)
    assert "journal.sqlite: damaged" in told.damage[0]
    assert told.visits == WALKS
    assert not check(store).damage


def test_a_damaged_register_is_told_and_made_anew(
    archive: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = store.with_name("store.register")
    before = failures(store)
    scribble(register)
    for ask_it in (
        lambda: failures(store),
        lambda: Register(register),
        lambda: run_here(monkeypatch, archive, store),
    ):
        with pytest.raises(InputError, match="archive check STORE") as refusal:
            ask_it()
        assert str(register) in str(refusal.value)
    check(store, mend=True)
    run_here(monkeypatch, archive, store, work=never)
    assert len(failures(store)) == len(before)


def test_forgetting_takes_what_a_mending_put_aside(
    archive: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scribble(store / "journal.sqlite")
    scribble(store.with_name("store.register"))
    check(store, mend=True)
    run_here(monkeypatch, archive, store)
    aside = sorted(path.name for path in store.parent.rglob("*.damaged"))
    assert aside == ["journal.sqlite.damaged", "store.register.damaged"]
    forget_subject("p7", store=store)
    assert not list(store.parent.rglob("*.damaged*"))


def test_damaged_ticks_are_told_and_what_is_whole_stays(store: Path) -> None:
    work = str(ask(store, "SELECT visit FROM visits")["visit"][0])
    (store / "norm_visits.txt").write_bytes(f"{work}\n".encode() + b"\xff\xfe\n12")
    with pytest.raises(InputError, match=r"norm_visits.txt: expected keys of visits"):
        read_ticks(store)
    check(store, mend=True)
    assert read_ticks(store) == (work,)


def test_a_damaged_lock_keeps_nobody_out(store: Path) -> None:
    (store / "lock.sqlite").write_bytes(os.urandom(5000))
    with open_store(store) as opened:
        assert not opened.journal.empty()


def test_a_store_in_use_is_not_mended(store: Path) -> None:
    with (
        open_store(store),
        pytest.raises(OutputError, match="another batch is at work"),
    ):
        check(store, mend=True)


def test_no_store_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a store, and there is none"):
        check(tmp_path)


def test_the_command_says_and_mends(store: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gaitkit", "archive", "check", str(store), *words],
            capture_output=True,
            text=True,
            check=False,
        )

    removed(store / "findings" / "000001.parquet")
    said = run()
    assert said.returncode == 2
    assert "findings/000001.parquet damaged or gone" in said.stdout
    assert said.stderr == f"error: {store}: 2 things are damaged; mend with --mend\n"
    mended = run("--mend")
    assert mended.returncode == 0
    assert f"0 visits whole; {WALKS} to be done again by a batch" in mended.stdout
    assert run().stdout == f"{store}: 0 visits whole\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_names_that_are_no_text_cost_their_own_recording(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "archive"
    shutil.copytree(archive, copy)
    walk = (copy / "group_0" / "walk_0.trc").read_bytes()
    for name in (b"caf\xe9.trc", b"\xff\xfe.trc"):
        (copy / os.fsdecode(name)).write_bytes(walk)
    folder = copy / os.fsdecode(b"M\xfcller")
    folder.mkdir()
    (folder / "walk.trc").write_bytes(walk)
    (copy / "visit" / os.fsdecode(b"note\xe9.txt")).write_bytes(b"x")
    store = tmp_path / "store"
    assert run_here(monkeypatch, copy, store).counts["done"] == WALKS
    told = [line for line in failures(store) if "rename it" in line]
    names = sorted(line.partition("archive/")[2].partition(":")[0] for line in told)
    assert names == [r"M\xfcller", r"\xff\xfe.trc", r"caf\xe9.trc"]
    with pytest.raises(GaitkitError, match="expected a name in UTF-8"):
        run_here(monkeypatch, folder, store)


@pytest.mark.skipif(
    sys.platform != "linux", reason="needs a limit on the size of files"
)
def test_a_full_disk_stops_a_batch_in_one_line_and_loses_nothing(
    archive: Path, done: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copy(done.with_name("store.key"), tmp_path)
    script = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000));"
        "from gaitkit.cli import main; main()"
    )
    words = ["batch", str(archive), "--store", str(store), "--workers", "1", "--quiet"]
    full = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert full.returncode == 2, full.stderr
    assert full.stderr.startswith("error: "), full.stderr
    assert full.stderr.count("\n") == 1
    again = subprocess.run(
        [sys.executable, "-m", "gaitkit", *words], check=False, env=environment()
    )
    assert again.returncode == 3
    assert values(store) == values(done)


def state_of(store: Path) -> dict[str, tuple[int, bytes]]:
    files = [path for path in store.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(store)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in files
    }


@pytest.mark.parametrize("part", [None, "measurements", "journal"])
def test_a_check_that_does_not_mend_writes_nothing_and_needs_no_right_to(
    store: Path, part: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if part == "measurements":
        cut_off(next((store / part).glob("*.parquet")))
    elif part == "journal":
        (store / "journal.sqlite").write_bytes(b"x" * 40_000)
    for folder in (store, *(path for path in store.iterdir() if path.is_dir())):
        folder.chmod(0o500)
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere
    before = state_of(store)
    found = check(store)
    assert bool(found.damage) == (part is not None)
    assert found.again == (WALKS if part == "measurements" else 0)
    after = state_of(store)
    assert {name: after[name] for name in before} == before
    others = set(after) - set(before)  # sqlite's own, where it has the right to them
    assert others <= {"journal.sqlite-shm", "journal.sqlite-wal"}
    for folder in (store, *(path for path in store.iterdir() if path.is_dir())):
        folder.chmod(0o700)


@pytest.mark.parametrize("written", [1, 3, 8])
def test_a_disk_that_fills_up_in_a_batch_stops_it_in_one_line_and_loses_nothing(
    written: int,
    archive: Path,
    done: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, left = tmp_path / "store", [written]
    shutil.copy(done.with_name("store.key"), tmp_path)

    def until_full(path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        make_private(path)

    with monkeypatch.context() as patch:
        patch.setattr("gaitkit.io.atomic.make_private", until_full)
        with pytest.raises(OutputError, match=r"No space left .*; free disk space"):
            run_here(patch, archive, store)
    assert not [path for path in store.rglob("*") if ".part" in path.name]
    assert "running" not in counts(store)
    run_here(monkeypatch, archive, store)
    assert values(store) == values(done)


@pytest.mark.parametrize("pages", [9, 12])
def test_a_journal_that_cannot_grow_stops_a_batch_in_one_line_and_loses_nothing(
    pages: int,
    archive: Path,
    done: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    shutil.copy(done.with_name("store.key"), tmp_path)

    def small(path: Path) -> sqlite3.Connection:
        base = connect(path)
        base.execute(f"PRAGMA max_page_count = {pages}")
        return base

    with monkeypatch.context() as patch:
        patch.setattr("gaitkit.archive.journal.connect", small)
        began = time.monotonic()
        with pytest.raises(OutputError, match="the disk is full; free space, then run"):
            run_here(patch, archive, store)
        assert time.monotonic() - began < BUSY_S  # nothing waited for a lock
    run_here(monkeypatch, archive, store)
    assert values(store) == values(done)
