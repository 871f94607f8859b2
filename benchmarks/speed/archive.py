"""The clinic archive under load; each figure is one subcommand.

    python benchmarks/speed/archive.py mixed --pose P.json --video V.mp4  # 10-20 min
    python benchmarks/speed/archive.py kills --pose P.json                # 20-40 min
    python benchmarks/speed/archive.py video V.mp4 --clips 4              # 5-15 min
    python benchmarks/speed/archive.py overhead                           # 2 min
    python benchmarks/speed/archive.py resume                             # 2 min
    python benchmarks/speed/archive.py query                              # 1 min
    python benchmarks/speed/archive.py memory                             # 10-15 min

Times are for 2 quiet cores. ``--count`` makes each of them smaller.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import duckdb
import psutil
from archive_world import (
    SEED,
    copy_of,
    environment,
    gaitkit,
    sources_of,
    write_archive,
    write_walks,
)

from gaitkit.archive.tables import TABLES

HERE = Path(__file__).resolve().parent

KILL_AFTER = (1, 10)
"""A kill comes after so many new results, out of 300 or more recordings."""
KILL_WITHIN_S = 0.5
"""And at most so much later, so that it does not always meet the same step."""
LOOK_S = 0.05


def counts(store: Path) -> dict[str, int]:
    """Return the number of visits in each state."""
    base = sqlite3.connect(store / "journal.sqlite")
    rows = base.execute("SELECT state, count(*) FROM journal GROUP BY state").fetchall()
    base.close()
    return dict(rows)


def values(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every value of the tables and a digest of the series of a store."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in TABLES:
        if any((store / table.name).glob("*.parquet")):
            found[table.name] = duckdb.sql(
                f"SELECT * FROM '{store}/{table.name}/*.parquet' ORDER BY ALL"
            ).fetchall()
    found["series"] = duckdb.sql(
        f"SELECT parse_filename(filename) AS f, count(*), sum(value), sum(time_s) "
        f"FROM read_parquet('{store}/series/*/*.parquet', filename = true) "
        "GROUP BY f ORDER BY f"
    ).fetchall()
    return found


def mixed(options: argparse.Namespace, folder: Path) -> None:
    """Work through a mixed archive with broken and killing files."""
    sources = sources_of(folder, pose=options.pose, video=options.video)
    kinds = write_archive(folder / "archive", options.count or 2000, sources=sources)
    begin = time.perf_counter()
    result = subprocess.run(
        gaitkit("batch", folder / "archive", "--store", folder / "store"),
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = time.perf_counter() - begin
    print(kinds)
    print(result.stdout.splitlines()[-1])
    print(f"exit code {result.returncode}, {took:.0f} s")
    base = sqlite3.connect(folder / "store" / "journal.sqlite")
    for row in base.execute(
        "SELECT state, error, message, count(*) FROM journal WHERE error NOT NULL "
        "GROUP BY state, error, message ORDER BY 4 DESC LIMIT 12"
    ):
        print(row)
    assert result.returncode == 3
    assert sum(counts(folder / "store").values()) == sum(kinds.values())
    assert counts(folder / "store")["crashed"] == kinds["killing"]


def kills(options: argparse.Namespace, folder: Path) -> None:
    """Kill worker, scheduler or batch at seeded moments; compare the stores."""
    sources = sources_of(folder, pose=options.pose, video=None)
    write_archive(folder / "archive", options.count or 2000, sources=sources)
    chance = random.Random(SEED)
    reference = folder / "reference"
    subprocess.run(
        gaitkit("batch", folder / "archive", "--store", reference, "--quiet"),
        env=environment(), check=False,
    )  # fmt: skip
    store = folder / "store"
    (folder / "store.key").write_bytes((folder / "reference.key").read_bytes())
    redone = 0
    for number in range(options.kills):
        victim = ("worker", "scheduler", "batch")[number % 3]
        redone += _one_kill(folder, store, victim, chance)
        print(f"kill {number + 1}: {victim}, now {counts(store)}", flush=True)
    end = subprocess.run(
        gaitkit("batch", folder / "archive", "--store", store, "--quiet"),
        env=environment(), check=False,
    )  # fmt: skip
    assert end.returncode == 3
    same = values(store) == values(reference)
    print(f"{options.kills} kills; values equal: {same}; done twice: {redone}")
    print(counts(reference), counts(store))
    assert same
    assert not redone


def _one_kill(folder: Path, store: Path, victim: str, chance: random.Random) -> int:
    """Run a batch, kill something after some new results.

    Returns how much was done twice.
    """
    before = _finished(store)
    extra: list[subprocess.Popen[bytes]] = []
    words: list[object] = ["--workers", 2]
    if victim == "scheduler":
        said = folder / f"scheduler-{time.time_ns()}.json"
        extra.append(_dask("scheduler", "--port", "0", "--scheduler-file", str(said)))
        while not said.is_file() or not said.stat().st_size:
            time.sleep(0.1)
        address = json.loads(said.read_text())["address"]
        extra += [_dask("worker", address, "--nthreads", "1") for _ in range(2)]
        words = ["--scheduler", address]
    batch = subprocess.Popen(
        gaitkit("batch", folder / "archive", "--store", store, "--quiet", *words),
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _work_on(batch, store, chance.randint(*KILL_AFTER))
    time.sleep(chance.uniform(0.0, KILL_WITHIN_S))
    assert batch.poll() is None, "it was done before it could be killed"
    family = psutil.Process(batch.pid).children(recursive=True)
    if victim == "scheduler":
        extra[0].kill()
        batch.wait(timeout=300)
    elif victim == "worker":
        workers = [
            p for p in family if "multiprocessing.spawn" in " ".join(p.cmdline())
        ]
        for worker in workers[:1]:
            worker.kill()
        _work_on(batch, store, 1)
        batch.send_signal(signal.SIGTERM)  # as Ctrl-C, which a background process loses
        batch.wait(timeout=300)
    else:
        batch.kill()
        batch.wait()
        psutil.wait_procs(family, timeout=30)
    _end(extra)
    after = _finished(store)
    return sum(after.get(work) != when for work, when in before.items())


def _work_on(batch: subprocess.Popen[bytes], store: Path, more: int) -> None:
    """Wait until a batch has so many more results, or is over."""
    enough = len(_finished(store)) + more
    while batch.poll() is None and len(_finished(store)) < enough:
        time.sleep(LOOK_S)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for each in processes:
        for child in psutil.Process(each.pid).children(recursive=True):
            child.kill()
        each.kill()
        each.wait()


def _finished(store: Path) -> dict[str, str]:
    if not (store / "journal.sqlite").exists():
        return {}
    base = sqlite3.connect(store / "journal.sqlite")
    try:
        rows = base.execute("SELECT work, finished FROM journal WHERE state = 'done'")
        return dict(rows.fetchall())
    except sqlite3.OperationalError:  # a batch that begins has not made its table yet
        return {}
    finally:
        base.close()


def _dask(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words, "--no-dashboard"],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def video(options: argparse.Namespace, folder: Path) -> None:
    """Two workers, one worker, and a bare mediapipe loop over the same films."""
    from gaitkit.pose.files import DETECTOR, model_path
    from gaitkit.pose.mediapipe_child import task_bundle

    archive = folder / "archive"
    archive.mkdir()
    film = options.film.read_bytes()
    clips = [archive / f"film_{number}.mp4" for number in range(options.clips)]
    for number, clip in enumerate(clips):
        clip.write_bytes(copy_of(film, "video", number))
    bundle = folder / "full.task"
    bundle.write_bytes(
        task_bundle(*(model_path(name).read_bytes() for name in (DETECTOR, "full")))
    )
    times: dict[str, list[float]] = {"two": [], "one": [], "bare": []}
    spent: dict[str, list[float]] = {name: [] for name in times}
    for turn in range(options.rounds):
        for name, workers in (("two", 2), ("one", 1)):
            store = folder / f"{name}_{turn}"
            batch = gaitkit("batch", archive, "--store", store, "--workers", workers)
            _note(batch, times[name], spent[name])
        bare = [sys.executable, str(HERE / "bare_mediapipe_loop.py"), str(bundle)]
        _note([*bare, *map(str, clips)], times["bare"], spent["bare"])
    two, one, bare_s = (statistics.median(times[name]) for name in times)
    print("seconds", times)
    print("processor seconds", spent)
    print(f"2 workers / bare loop: {bare_s / two:.2f} times the throughput")
    print(f"2 workers / 1 worker: {one / two:.2f} times the throughput")


def _note(words: list[str], times: list[float], spent: list[float]) -> None:
    """Run a call; note its seconds and those of the processor, of all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    times.append(_timed(words))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    spent.append(user + system)


def _timed(words: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(words, env=environment(), check=True, capture_output=True)
    return time.perf_counter() - begin


def overhead(options: argparse.Namespace, folder: Path) -> None:
    """Time of a batch a recording, less that of the bare assess.

    Two parts: what a worker does beside assess (series, rows), file by file in turn
    with it in one process; and what passes between two recordings of a batch.
    """
    from gaitkit.archive.item import Item
    from gaitkit.archive.walk import walk
    from gaitkit.archive.work import Job, do, warm_up
    from gaitkit.config import Config
    from gaitkit.model.visit import RecordingInput, Visit
    from gaitkit.pipeline import assess

    count, archive, store = options.count or 200, folder / "archive", folder / "store"
    archive.mkdir()
    walks = [path.read_bytes() for path in write_walks(folder, 4)]
    for number in range(count):
        content = copy_of(walks[number % 4], "markers", number)
        (archive / f"rec_{number}.trc").write_bytes(content)
    warm_up()
    bare, inside, spent = [], [], []
    items = [item for item in walk(str(archive)) if isinstance(item, Item)]
    for item in [*items[:2], *items]:
        begin, cpu = time.perf_counter(), time.process_time()
        assess(Visit(recordings=(RecordingInput(file=Path(item.path)),)))
        middle, cpu_middle = time.perf_counter(), time.process_time()
        do(Job(work="0" * 64, item=item, config=Config(), store=str(folder / "beside")))
        bare.append(middle - begin)
        inside.append(time.perf_counter() - middle)
        spent.append(time.process_time() - cpu_middle - (cpu_middle - cpu))
    extra = statistics.median(b - a for a, b in zip(bare, inside, strict=True))
    subprocess.run(
        gaitkit("batch", archive, "--store", store, "--workers", 1),
        env=environment(), check=True, capture_output=True,
    )  # fmt: skip
    base = sqlite3.connect(store / "journal.sqlite")
    mean = base.execute("SELECT avg(seconds) FROM journal").fetchone()[0]
    base.close()
    between = _steps(store) - mean
    print(f"{count} recordings; bare assess {1e3 * statistics.median(bare):.1f} ms")
    print(f"in the worker beside assess: {1e3 * extra:.1f} ms (median of differences)")
    print(f"the same in processor time: {1e3 * statistics.median(spent):.1f} ms")
    print(f"between two recordings of a batch: {1e3 * between:.1f} ms")
    print(f"overhead {1e3 * (extra + between):.1f} ms")


def _steps(store: Path) -> float:
    """Return the mean seconds a recording from the times of the series files."""
    times = sorted(p.stat().st_mtime_ns for p in store.glob("series/*/*.parquet"))
    return (times[-1] - times[10]) / 1e9 / (len(times) - 11)


def resume(options: argparse.Namespace, folder: Path) -> None:
    """Time until the first new recording begins, beside many that are done."""
    count = options.count or 20_000
    source = write_walks(folder, 1, seconds=4.0)[0].read_bytes()
    archive, store = folder / "archive", folder / "store"
    for number in range(count):
        path = archive / f"g{number % 200:03d}" / f"rec_{number}.trc"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(copy_of(source[:600], "markers", number))
    simulate = [sys.executable, str(HERE / "archive_simulated.py"), str(archive)]
    subprocess.run([*simulate, str(store)], env=environment(), check=True)
    nothing = _timed(gaitkit("batch", archive, "--store", store, "--quiet", "--help"))
    again = _timed_any(gaitkit("batch", archive, "--store", store, "--quiet"))
    (archive / "zzz_new.trc").write_bytes(copy_of(source, "markers", count))
    begin = time.time()
    batch = subprocess.Popen(
        gaitkit("batch", archive, "--store", store, "--quiet"), env=environment()
    )
    first = _first_running(store, begin)
    batch.wait()
    empty = folder / "empty"
    empty.mkdir()
    (empty / "new.trc").write_bytes(copy_of(source, "markers", count + 1))
    begin = time.time()
    batch = subprocess.Popen(
        gaitkit("batch", empty, "--store", folder / "store2", "--quiet"),
        env=environment(),
    )
    fresh = _first_running(folder / "store2", begin)
    batch.wait()
    print(f"{count} done; a call that only prints help {nothing:.2f} s")
    print(f"nothing to do: whole call {again:.2f} s")
    print(f"one new recording begins after {first:.2f} s, in a new store {fresh:.2f} s")


def _timed_any(words: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(words, env=environment(), check=False, capture_output=True)
    return time.perf_counter() - begin


def _first_running(store: Path, begin: float) -> float:
    while time.time() - begin < 120:
        if (store / "journal.sqlite").exists():
            base = sqlite3.connect(store / "journal.sqlite")
            try:
                found = base.execute(
                    "SELECT count(*) FROM journal WHERE state = 'running'"
                ).fetchone()[0]
            except sqlite3.Error:
                found = 0
            finally:
                base.close()
            if found:
                return time.time() - begin
        time.sleep(0.01)
    sys.exit("nothing ran within two minutes")


def query(options: argparse.Namespace, folder: Path) -> None:
    """Group 2.4 million measurements through gaitkit's own door."""
    from gaitkit.archive.query import ask
    from gaitkit.archive.store import open_store

    rows = options.count or 2_400_000
    with open_store(folder / "store") as store:
        names = {}
        for part in range(6):
            name = f"measurements/{part + 1:06d}.parquet"
            duckdb.sql(
                f"""COPY (SELECT md5((i // 120)::VARCHAR) || md5(i::VARCHAR) AS visit,
                's' || left(md5((i // 360)::VARCHAR), 16) AS subject,
                'measure_' || i % 60 AS name,
                CASE i % 2 WHEN 0 THEN 'left' ELSE 'right' END AS side,
                NULL::VARCHAR AS region, random() AS value, 'deg' AS unit, 0.1 AS sd,
                0.0 AS low, 1.0 AS high, 0.2 AS spread, 5::INTEGER AS n,
                'zeni' AS method, 'markers_1' AS recording, 'ok' AS quality,
                NULL::VARCHAR AS why_missing
                FROM range({part * rows // 6}, {(part + 1) * rows // 6}) t(i))
                TO '{store.folder / name}' (FORMAT parquet, COMPRESSION zstd)"""
            )
            names[name] = rows // 6
        store.journal.move(new=names)
    question = (
        "SELECT name, side, count(*), avg(value), quantile_cont(value, 0.5) "
        "FROM measurements GROUP BY ALL ORDER BY ALL"
    )
    times = []
    for _ in range(7):
        begin = time.perf_counter()
        found = ask(folder / "store", question)
        times.append(time.perf_counter() - begin)
    print(f"{rows} rows, {len(found)} groups: median {statistics.median(times):.3f} s ")
    print(f"({min(times):.3f} to {max(times):.3f})")


def memory(options: argparse.Namespace, folder: Path) -> None:
    """Memory of the coordinating process with few and with many queued."""
    few, many = 1000, options.count or 50_000
    for count in (few, many):
        archive = folder / f"archive_{count}"
        for number in range(count):
            path = archive / f"g{number % 500:03d}" / f"rec_{number}.trc"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"simulated {number}".encode())
        begin = time.perf_counter()
        process = subprocess.Popen(
            [
                sys.executable, str(HERE / "archive_simulated.py"), str(archive),
                str(folder / f"store_{count}"),
            ],
            env=environment(),
        )  # fmt: skip
        peak = _peak_mb(process)
        took = time.perf_counter() - begin
        print(f"{count} queued: peak {peak:.0f} MB, {took:.0f} s", flush=True)


def _peak_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the peak memory of a process itself, without its workers."""
    peak = [0.0]

    def look() -> None:
        own = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                peak[0] = max(peak[0], own.memory_info().rss / 1e6)
            except psutil.Error:
                return
            time.sleep(0.2)

    watch = threading.Thread(target=look)
    watch.start()
    process.wait()
    watch.join()
    return peak[0]


def main() -> None:
    """Run one benchmark in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parsers = parser.add_subparsers(dest="name", required=True)
    for work in (mixed, kills, video, overhead, resume, query, memory):
        one = parsers.add_parser(work.__name__, help=work.__doc__)
        one.set_defaults(work=work)
        one.add_argument("--count", type=int, help="how many, instead of the usual")
        one.add_argument("--pose", type=Path, help="a pose file to copy")
        if work is video:
            one.add_argument("film", type=Path)
            one.add_argument("--clips", type=int, default=4)
            one.add_argument("--rounds", type=int, default=3)
        else:
            one.add_argument("--video", type=Path, help="a film to copy")
        if work is kills:
            one.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        options.work(options, Path(folder))


if __name__ == "__main__":
    main()
