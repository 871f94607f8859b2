"""List the benchmarks, run them, and go on where one stopped.

    python benchmarks/run.py                        # what there is, and what was run
    python benchmarks/run.py accuracy               # all of a kind
    python benchmarks/run.py accuracy markers       # one
    python benchmarks/run.py house count --again    # although it was done

Kinds are accuracy, speed, reliability and house; ``benchmarks.toml`` lists them. What a
benchmark prints appears as it prints it and is kept in ``.benchmarks`` at the root of
the checkout, with the seconds and the commit. A step that was done on the same state of
the code is not done again, so that after an interruption the same command goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
SHARED = REPOSITORY.parent / "shared" / "data"
KEPT = REPOSITORY / ".benchmarks"
KINDS = ("accuracy", "speed", "reliability", "house")
CODE = ("gaitkit", "gaitkit_virtual", "benchmarks", "sample_data")
"""What a benchmark rests on: the state of these decides whether one was done."""

LEFT_OUT = frozenset({".md", ".pyc"})
"""Files that change nothing: pages and what Python keeps for itself."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One entry of ``benchmarks.toml``."""

    kind: str
    name: str
    about: str
    steps: tuple[tuple[str, ...], ...]
    needs: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """How it is called here."""
        return f"{self.kind} {self.name}"

    @property
    def lacks(self) -> str | None:
        """What is not there that it needs, or None."""
        missing = "shared" in self.needs and not SHARED.is_dir()
        return "the shared recordings beside the checkout" if missing else None


def main(words: list[str] | None = None) -> int:
    """List or run; return the exit code of the worst."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", nargs="?", choices=KINDS)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--again", action="store_true", help="although it was done")
    told = parser.parse_args(words)
    every = benchmarks()
    if told.kind is None:
        for each in every:
            print(f"{each.path:34} {last_of(each):34} {each.about}")
        return 0
    chosen = [b for b in every if b.kind == told.kind]
    if told.name is not None:
        chosen = [b for b in chosen if b.name == told.name]
        if not chosen:
            known = ", ".join(b.name for b in every if b.kind == told.kind)
            parser.error(f"no {told.kind} benchmark {told.name!r}; known are {known}")
    return max(run(each, again=told.again) for each in chosen)


def benchmarks(file: Path = HERE / "benchmarks.toml") -> tuple[Benchmark, ...]:
    """Return what can be run."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Benchmark(
            kind=raw["kind"],
            name=raw["name"],
            about=raw["about"],
            steps=tuple(map(tuple, raw["steps"])),
            needs=tuple(raw.get("needs", ())),
        )
        for raw in table["benchmark"]
    )


def run(benchmark: Benchmark, *, again: bool = False) -> int:
    """Run the steps that were not done on this state; return 0, or what failed."""
    if benchmark.lacks is not None:
        print(f"== {benchmark.path}: not run, it needs {benchmark.lacks}", flush=True)
        return 0
    state = state_of_code()
    work = KEPT / f"{benchmark.kind}-{benchmark.name}"
    work.mkdir(parents=True, exist_ok=True)
    known = {} if again else account_of(benchmark)
    done = known.get("done", []) if known.get("state") == state else []
    seconds = known.get("seconds", 0.0) if done else 0.0
    log = work / "printed.txt"
    if not done:
        log.write_text("", encoding="utf-8")
    for number, step in enumerate(benchmark.steps):
        title = f"{benchmark.path}, step {number + 1} of {len(benchmark.steps)}"
        if number in done:
            print(f"== {title}: done on this state, see {log}", flush=True)
            continue
        print(f"== {title}", flush=True)
        began = time.monotonic()
        code = run_step(filled(step, work), log)
        seconds += time.monotonic() - began
        if code != 0:
            print(f"== {title}: ended with {code}", flush=True)
            return code
        done = [*done, number]
        keep(benchmark, {"state": state, "done": done, "seconds": round(seconds, 1)})
    return 0


def run_step(command: list[str], log: Path) -> int:
    """Run a script, show what it prints line by line and keep it; return its code."""
    paths = filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", "")))
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    with (
        log.open("a", encoding="utf-8") as kept,
        subprocess.Popen(
            [sys.executable, "-u", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env=surroundings,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            kept.write(line)
    return process.returncode


def filled(step: tuple[str, ...], work: Path) -> list[str]:
    """Return the command of a step with its folders filled in."""
    places = {
        "work": str(work),
        "samples": str(REPOSITORY / "sample_data"),
        "shared": str(SHARED),
        "commit": commit(),
    }
    script, *words = step
    return [str(HERE / script), *(word.format(**places) for word in words)]


def state_of_code() -> str:
    """Return a hash that changes with whatever a benchmark rests on."""
    found = hashlib.sha256()
    for folder in CODE:
        for file in sorted((REPOSITORY / folder).rglob("*")):
            if file.suffix in LEFT_OUT or not file.is_file():
                continue
            found.update(file.relative_to(REPOSITORY).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:16]


def commit() -> str:
    """Return the commit of the checkout, ``unknown`` where there is no git."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    done = subprocess.run(
        [git, "rev-parse", "--short", "HEAD"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def account_of(benchmark: Benchmark) -> dict[str, Any]:
    """Return what is known of the last run."""
    file = KEPT / f"{benchmark.kind}-{benchmark.name}" / "account.json"
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def keep(benchmark: Benchmark, account: dict[str, Any]) -> None:
    """Keep what is known of this run."""
    day = datetime.now().astimezone().date().isoformat()
    account |= {"commit": commit(), "day": day, "steps": len(benchmark.steps)}
    file = KEPT / f"{benchmark.kind}-{benchmark.name}" / "account.json"
    file.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")


def last_of(benchmark: Benchmark) -> str:
    """Return when it was last run, in words."""
    if benchmark.lacks is not None:
        return "needs ../shared"
    account = account_of(benchmark)
    if not account:
        return "never run here"
    whole = len(account["done"]) == len(benchmark.steps)
    how = f"{account['seconds']:.0f} s" if whole else "begun"
    return f"{account['day']} at {account['commit']}, {how}"


if __name__ == "__main__":
    sys.exit(main())
