"""A long batch that is disturbed: killed workers, a clock that jumps, lost permission.

    python benchmarks/reliability/soak.py [--count 200] [--workers 2] [--table]

Makes an archive of short virtual walks, one in twenty of them cut off, and works it off
four times, each time into a new store: undisturbed; while a worker is killed every
few seconds, and once the batch itself; while the wall clock jumps an hour on and two
hours back; and while the rights to the store are taken away and given back. After each
the same command is run again until nothing is left, and the values are compared with
those of the undisturbed store. Prints as it goes; ``--table`` writes RESULTS.md. Exit
code 1 when any value differs or a run ends otherwise than with 0, 2 or 3.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))

from archive_world import values, write_walk  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
MARK = "<!-- soak -->"
MADE = 8
"""Walks that are simulated; the others are copies under a name of their own inside."""

CUT_OFF = 20
KILL_EVERY_S = 6.0
JUMP_S = 8.0
NEVER_S = 3600.0
PROMISED = frozenset({0, 2, 3})

JUMPING = f"""
import time
_began, _time, _monotonic = time.monotonic(), time.time, time.monotonic
def _jumping():
    passed = _monotonic() - _began
    hours = 0 if passed < {JUMP_S} else 1 if passed < {2 * JUMP_S} else -1
    return _time() + 3600 * hours
time.time = _jumping
"""
"""What each process runs before anything else: libraries see the jump as well."""

BOUND = (
    "import ctypes, os, sys\nfor right in (1, 2):\n"
    "    ctypes.CDLL(None).prctl(24, right, 0, 0, 0)\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Gives up what lets root pass over rights (PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and
CAP_DAC_READ_SEARCH), so that they bind a batch of root as any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of one trial."""

    name: str
    codes: tuple[int, ...]
    seconds: float
    disturbed: int
    same: bool
    line: str

    @property
    def wrong(self) -> bool:
        """True where a code was not promised or a value differs."""
        return not self.same or not PROMISED | {-signal.SIGKILL} >= set(self.codes)


def write_archive(folder: Path, count: int) -> None:
    """Write the walks, each with a content of its own."""
    folder.mkdir(parents=True)
    made = [
        write_walk(folder / f"made_{n}.trc", seed=n).read_text("utf-8")
        for n in range(min(MADE, count))
    ]
    for path in folder.iterdir():
        path.unlink()
    for number in range(count):
        text = made[number % len(made)].replace(
            f"made_{number % len(made)}.trc", f"walk_{number}.trc", 1
        )
        if number % CUT_OFF == CUT_OFF - 1:
            text = text[:700]
        (folder / f"walk_{number}.trc").write_text(text, encoding="utf-8")


class Soak:
    """The archive, the stores and the batches of one run."""

    def __init__(self, work: Path, *, workers: int) -> None:
        """Prepare; nothing runs before `trial`."""
        self._work = work
        self._workers = workers
        self.disturbed = 0

    def trial(
        self,
        name: str,
        disturb: Callable[[subprocess.Popen[str], Path], None] | None = None,
        *,
        before: str = "",
        bound: bool = False,
    ) -> tuple[Trial, Path]:
        """Run a batch, disturb it, and run it again until it is through."""
        store = self._work / name.replace(" ", "_") / "store"
        store.parent.mkdir()
        self.disturbed, codes, line = 0, [], ""
        began = time.monotonic()
        while not codes or codes[-1] not in {0, 3}:
            process = self._start(store, before="" if codes else before, bound=bound)
            if disturb is not None and not codes:
                disturb(process, store)
            said, told = process.communicate(timeout=NEVER_S)
            codes.append(process.returncode)
            told = " ".join(each for each in told.splitlines() if "error:" in each)
            line = line or told[-300:]
            print(f"{name}: code {codes[-1]}, {said.strip()[-200:]} {told}", flush=True)
            if len(codes) > 5:
                break
        done = Trial(
            name=name, codes=tuple(codes), seconds=time.monotonic() - began,
            disturbed=self.disturbed, same=True, line=line,
        )  # fmt: skip
        return done, store

    def _start(self, store: Path, *, before: str, bound: bool) -> subprocess.Popen[str]:
        path = os.pathsep.join((str(REPOSITORY), os.environ.get("PYTHONPATH", "")))
        if before:
            place = store.parent / "before"
            place.mkdir(exist_ok=True)
            (place / "sitecustomize.py").write_text(before)
            path = f"{place}{os.pathsep}{path}"
        run = (
            "import sys\nfrom gaitkit.cli import main\n"
            "if __name__ == '__main__':\n    main(sys.argv[1:])"
        )
        return subprocess.Popen(
            [sys.executable, *(("-c", BOUND) if bound and os.geteuid() == 0 else ()),
             "-c", run, "batch", str(self._work / "archive"),
             "--store", str(store), "--workers", str(self._workers), "--quiet"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=store.parent, env=os.environ | {"PYTHONPATH": path,
            "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def kill(self, process: subprocess.Popen[str], store: Path) -> None:
        """Kill a worker now and then, and once the batch."""
        del store
        dice = random.Random(1)
        while process.poll() is None:
            time.sleep(KILL_EVERY_S)
            workers = [
                child for child in psutil.Process(process.pid).children(recursive=True)
                if "spawn_main" in " ".join(child.cmdline())
            ] if process.poll() is None else []  # fmt: skip
            if workers:
                dice.choice(workers).kill()
                self.disturbed += 1
            if self.disturbed == 5:
                process.kill()
                for worker in workers:
                    worker.kill()
                self.disturbed += 1
                return

    def jump(self, process: subprocess.Popen[str], store: Path) -> None:
        """Wait until the clock has jumped twice."""
        del store
        while process.poll() is None and self.disturbed < 2:
            time.sleep(JUMP_S)
            self.disturbed += 1

    def lock(self, process: subprocess.Popen[str], store: Path) -> None:
        """Take the rights to the store away in mid-run; give them back at the end."""
        while process.poll() is None and not (store / "journal.sqlite").is_file():
            time.sleep(0.2)
        time.sleep(JUMP_S)
        places = [store, *(p for p in store.rglob("*") if p.is_dir())]
        modes = {place: place.stat().st_mode & 0o7777 for place in places}
        for place in reversed(places):
            place.chmod(0)
        self.disturbed += 1
        end = time.monotonic() + 30 * JUMP_S
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.5)
        for place in places:
            place.chmod(modes[place])


def main() -> int:
    """Run the four trials; return 1 where one is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--table", action="store_true", help="write RESULTS.md")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "gaitkit-soak"
    )
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    write_archive(options.work / "archive", options.count)
    print(f"{options.count} recordings in {options.work}", flush=True)
    soak = Soak(options.work, workers=options.workers)
    quiet, store = soak.trial("undisturbed")
    truth = values(store)
    trials = [quiet]
    for name, disturb, before in (
        ("workers and batch killed", soak.kill, ""),
        ("clock jumps an hour on and two back", soak.jump, JUMPING),
        ("rights to the store taken away", soak.lock, ""),
    ):
        found, store = soak.trial(
            name, disturb, before=before, bound=disturb == soak.lock
        )
        same = values(store) == truth
        trials.append(replace(found, same=same))
        print(f"{name}: values {'the same' if same else 'DIFFER'}", flush=True)
    rows = list(_rows(trials, options.count))
    print("\n".join(rows))
    if options.table:
        _write_table(rows)
    return int(any(trial.wrong for trial in trials))


def _rows(trials: list[Trial], count: int) -> list[str]:
    head = [f"{count} recordings a trial.", "",
            "| trial | disturbances | exit codes | seconds | values | first line |",
            "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    return head + [
        f"| {t.name} | {t.disturbed} | {', '.join(map(str, t.codes))} | "
        f"{t.seconds:.0f} | {'the same' if t.same else 'DIFFER'} | {t.line or '-'} |"
        for t in trials
    ]


def _write_table(rows: list[str]) -> None:
    path = HERE / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(MARK)
    after = rest.partition(MARK)[2]
    text = "\n".join(rows)
    path.write_text(f"{before}{MARK}\n{text}\n{MARK}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
