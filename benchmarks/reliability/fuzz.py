"""Damaged files at every door of gaitkit: one line of refusal, or right values.

    python benchmarks/reliability/fuzz.py --count 10000 --seed 1    # an hour or two
    python benchmarks/reliability/fuzz.py --seed 1 --only 17 312    # again, by number
    python benchmarks/reliability/fuzz.py --count 500 --seed 2 --also FOLDER

Each case takes a whole file of one kind (`sound`), damages it by its seed (`damage`)
and brings it to the doors of its kind (`doors`), in a process of its own that is ended
when a case takes more than 20 s of its processor's time or holds more than 2 GB. A
fault is: an exception that is no `GaitkitError`, an exit code that the contract does
not know, a message that is no single line of at most 500 letters, an impossible number
that was accepted, a file left behind, a hang, a crash, or too much memory.

It prints as it goes and goes on where it was stopped; the files of faulty cases are
kept in the working folder. ``--table`` writes the counts to RESULTS.md beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
MOST_CPU_S = 20.0
MOST_WALL_S = 180.0
"""By the clock: a machine that does much else may be slow, and that is no hang."""

MOST_MB = 2048.0
LOOK_S = 0.05
FRESH_AFTER = 400
"""Cases after which a process is replaced: none answers for another's memory."""

MARK = "<!-- fuzz -->"

Case = dict[str, Any]


@dataclass
class Child:
    """One process that takes cases, and what it answered."""

    sound: Path
    work: Path
    answers: queue.Queue[str] = field(default_factory=queue.Queue)
    process: subprocess.Popen[str] | None = None
    cases: int = 0

    def start(self) -> None:
        """Start the process anew."""
        self.stop()
        self.work.mkdir(parents=True, exist_ok=True)
        path = os.pathsep.join((str(REPOSITORY), os.environ.get("PYTHONPATH", "")))
        self.answers = queue.Queue()
        self.cases = 0
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "doors.py"), str(self.sound), str(self.work)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        )
        threading.Thread(
            target=_drain, args=(self.process, self.answers), daemon=True
        ).start()
        self.answers.get(timeout=MOST_WALL_S)  # ready

    def stop(self) -> None:
        """End the process, whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def run(self, asked: Case) -> Case:
        """Give it a case and wait for the answer, no longer than is allowed."""
        if self.process is None or self.cases >= FRESH_AFTER:
            self.start()
        process = self.process
        if process is None or process.stdin is None:  # start() has made both
            raise RuntimeError
        self.cases += 1
        watched = psutil.Process(process.pid)
        before, began = _cpu_s(watched), time.monotonic()
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        while True:
            try:
                answer = self.answers.get(timeout=LOOK_S)
            except queue.Empty:
                what = self._too_much(watched, before, began)
                if what is None:
                    continue
                self.start()
                return _ended(asked["case"], what, time.monotonic() - began)
            if answer:
                return _judged(json.loads(answer))
            code = process.wait()
            self.start()
            return _ended(
                asked["case"], f"crash: exit code {code}", time.monotonic() - began
            )

    @staticmethod
    def _too_much(watched: psutil.Process, before: float, began: float) -> str | None:
        try:
            held = watched.memory_info().rss / 2**20
            spent = _cpu_s(watched) - before
        except psutil.NoSuchProcess:
            return None  # its last answer tells
        if held > MOST_MB:
            return f"memory: {held:.0f} MB"
        if spent > MOST_CPU_S or time.monotonic() - began > MOST_WALL_S:
            return f"hang: {spent:.0f} s of processor time"
        return None


def main() -> int:
    """Run the cases that were not run before; return 1 where one is at fault."""
    options = _options()
    work: Path = options.work
    sound = work / "sound"
    _build(sound, options.also)
    if options.whole:
        options.seed, options.count = None, len(list(sound.glob("*/source.json")))
    state = work / f"seed_{options.seed}.jsonl"
    known = {} if options.only or options.whole else _read(state)
    wanted = options.only or range(options.count)
    missing = [case for case in wanted if case not in known]
    print(f"seed {options.seed}: {len(missing)} of {len(wanted)} cases to do in {work}")
    found = dict(known)
    with state.open("a", encoding="utf-8") as stream:
        for number, each in enumerate(_all(options, missing, sound), start=1):
            found[each["case"]] = each
            stream.write(json.dumps(each) + "\n")
            stream.flush()
            _tell(each, number, len(missing), found)
            if each["verdict"] == "fault":
                _keep(each, options.seed, sound, work)
    lines = list(_table(options.seed, [found[c] for c in wanted if c in found]))
    print("\n".join(lines))
    if options.table:
        _write_table(lines)
    return int(any(found[c]["verdict"] == "fault" for c in wanted if c in found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", type=int, nargs="*", help="cases, by number")
    parser.add_argument(
        "--whole", action="store_true", help="no damage: every kind at all its doors"
    )
    parser.add_argument(
        "--first-door", action="store_true", help="only read; assess nothing"
    )
    parser.add_argument("--also", type=Path, nargs="*", default=(), metavar="FOLDER")
    parser.add_argument("--table", action="store_true", help="write RESULTS.md")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "gaitkit-fuzz"
    )
    return parser.parse_args()


def _build(sound: Path, also: Iterable[Path]) -> None:
    done = sound / "done"
    if done.is_file():
        return
    shutil.rmtree(sound, ignore_errors=True)
    sound.mkdir(parents=True)
    path = os.pathsep.join((str(REPOSITORY), os.environ.get("PYTHONPATH", "")))
    words = [sys.executable, str(HERE / "sound.py"), str(sound), *map(str, also)]
    subprocess.run(
        words,
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
    )
    done.touch()


def _all(options: argparse.Namespace, cases: list[int], sound: Path) -> Iterator[Case]:
    """Yield the answers of all processes as they come."""
    waiting: queue.Queue[Case] = queue.Queue()
    for case in cases:
        how = {"seed": options.seed, "first_door": options.first_door}
        waiting.put(how | {"case": case})
    ready: queue.Queue[Case | None] = queue.Queue()

    def work(number: int) -> None:
        child = Child(sound, options.work / f"child_{number}")
        try:
            while True:
                ready.put(child.run(waiting.get_nowait()))
        except queue.Empty:
            pass
        finally:
            child.stop()
            shutil.rmtree(child.work, ignore_errors=True)
            ready.put(None)

    threads = [
        threading.Thread(target=work, args=(number,), daemon=True)
        for number in range(options.workers)
    ]
    for thread in threads:
        thread.start()
    ended = 0
    while ended < len(threads):
        answer = ready.get()
        if answer is None:
            ended += 1
        else:
            yield answer


def _drain(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    if process.stdout is not None:
        for line in process.stdout:
            answers.put(line)
    answers.put("")  # it has ended


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _judged(case: Case) -> Case:
    if case["verdict"] != "fault" and case["peak_mb"] > MOST_MB:
        return case | {"verdict": "fault", "what": f"memory: {case['peak_mb']:.0f} MB"}
    return case


def _ended(case: int, what: str, seconds: float) -> Case:
    return {
        "case": case, "source": "?", "damage": "?", "door": "?", "verdict": "fault",
        "what": what, "seconds": seconds, "peak_mb": 0.0,
    }  # fmt: skip


def _read(state: Path) -> dict[int, Case]:
    if not state.is_file():
        return {}
    rows = (json.loads(line) for line in state.read_text().splitlines())
    return {row["case"]: row for row in rows}


def _tell(each: Case, number: int, count: int, found: dict[int, Case]) -> None:
    if each["verdict"] == "fault":
        last = each["what"].strip().splitlines()[-1][:160]
        where = f"{each['source']}, {each['door']}, {each['damage']}"
        print(f"  FAULT {each['case']} ({where}): {last}", flush=True)
    if number % 50 == 0 or number == count:
        faults = sum(1 for x in found.values() if x["verdict"] == "fault")
        print(f"{number} of {count}, {faults} at fault", flush=True)


def _keep(each: Case, seed: int | None, sound: Path, work: Path) -> None:
    """Keep the damaged file of a fault."""
    from doors import prepared
    from sound import sources

    dice = random.Random(f"{seed}-{each['case']}")
    kinds = sources(sound)
    source = kinds[each["case"] % len(kinds)]
    place = work / "found" / f"s{seed}-{each['case']}-{source.name}"
    shutil.rmtree(place, ignore_errors=True)
    path, done = prepared(source, None if seed is None else dice, sound, place)
    note = {**each, "source": source.name, "damage": done, "path": str(path)}
    (place / "fault.json").write_text(json.dumps(note, indent=1))


def _table(seed: int | None, cases: list[Case]) -> Iterator[str]:
    kinds: dict[str, list[Case]] = defaultdict(list)
    for each in cases:
        kinds[each["source"].partition("_")[0]].append(each)
    yield f"{'Whole files' if seed is None else f'Seed {seed}'}, {len(cases)} cases."
    yield ""
    yield "| kind | cases | read | refused | faults | slowest, s | most memory, MB |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for kind, some in (*sorted(kinds.items()), ("all", cases)):
        verdicts = Counter(each["verdict"] for each in some)
        slowest = max((each["seconds"] for each in some), default=0.0)
        most = max((each["peak_mb"] for each in some), default=0.0)
        yield (
            f"| {kind} | {len(some)} | {verdicts['read']} | {verdicts['refused']} | "
            f"{verdicts['fault']} | {slowest:.1f} | {most:.0f} |"
        )


def _write_table(lines: list[str]) -> None:
    """Put the table between its marks in RESULTS.md."""
    path = HERE / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(MARK)
    after = rest.partition(MARK)[2]
    text = "\n".join(lines)
    path.write_text(f"{before}{MARK}\n{text}\n{MARK}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
