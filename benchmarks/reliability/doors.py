"""What is done with a damaged file, in a process of its own.

    python doors.py SOUND WORK

reads one case a line from standard input, ``{"seed": 1, "case": 7}``, brings a damaged
file to the doors of its kind and answers with one line of JSON. Without a seed the file
stays whole, and a door that refuses it is at fault. Whoever started it watches its time
and its memory, and ends it where they are passed.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import random
import re
import resource
import shutil
import sys
import time
import traceback
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from damage import damaged
from sound import Source, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_MESSAGE = 500
QUIET = ("--set", "report.html=false", "--set", "report.pdf=false",
         "--set", "report.overlay=false")  # fmt: skip
DEEP = 0.35
"""Part of the cases that go beyond the first door; a file is read many times there."""

FASTEST_HZ, LONGEST_S = 1e6, 7 * 86_400.0
FARTHEST_M = 1e4
HOLDS = ("read", "refused", "fault")

RATE = re.compile(r"(\S+) Hz")
DURATION = re.compile(r"^duration\s+(\S+) s", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one case."""

    case: int
    source: str
    damage: str
    door: str
    verdict: str
    what: str
    seconds: float
    peak_mb: float


class WrongAnswerError(Exception):
    """An exit code, a message or a number that no door may give."""


def main(sound: Path, work: Path) -> None:
    """Answer one case a line, until the input ends."""
    warnings.simplefilter("ignore")
    kinds = sources(sound)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # libraries in C write what they like
    os.dup2(nowhere, 2)
    limit = 12 << 30
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        found = tried(asked, kinds, sound, work)
        answers.write(json.dumps(asdict(found)) + "\n")
        answers.flush()


def tried(
    asked: dict[str, Any], kinds: tuple[Source, ...], sound: Path, work: Path
) -> Found:
    """Damage one file, or with no seed none, and bring it to the doors of its kind."""
    seed, case = asked["seed"], asked["case"]
    dice = random.Random(f"{seed}-{case}")
    source = kinds[case % len(kinds)]
    path, done = prepared(source, dice if seed is not None else None, sound, work)
    deep = not asked["first_door"] and (seed is None or dice.random() < DEEP)
    doors = source.doors if deep else source.doors[:1]
    _forget_peak()
    start, verdict, what, last = time.perf_counter(), "refused", "", ""
    for door in doors:
        last = door
        try:
            told = DOORS[door](path, work)
        except WrongAnswerError as wrong:
            verdict, what = "fault", str(wrong)[:2000]
            break
        except Exception:  # noqa: BLE001 - whatever it is, it is the finding
            verdict, what = "fault", traceback.format_exc()[-2000:]
            break
        verdict = "refused" if told else "read"
        what = told or ""
        if told and seed is None:
            verdict = "fault"
            break
    return Found(
        case=case, source=source.name, damage=done, door=last, verdict=verdict,
        what=what, seconds=time.perf_counter() - start, peak_mb=peak_mb(),
    )  # fmt: skip


def prepared(
    source: Source, dice: random.Random | None, sound: Path, work: Path
) -> tuple[Path, str]:
    """Return the path of a damaged copy, in a fresh folder, and what was done."""
    place = work / "case"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(sound / source.name, place)
    target = place / source.target
    if dice is None:
        return target, "whole"
    files = sorted(each for each in target.rglob("*") if each.is_file())
    victim = dice.choice(files) if files else target
    if target.is_dir() and dice.random() < 0.1:
        victim.unlink()
        return target, f"{victim.name} gone"
    content, done = damaged(victim.read_bytes(), source.nature, dice)
    victim.write_bytes(content)
    if not files and dice.random() < 0.1:
        victim = victim.rename(victim.with_name(f"{victim.name}.gz"))
        return victim, f"{done}, named .gz"
    return (target if files else victim), f"{done} of {victim.name}"


# -- doors: each returns the refusal, or None where the file was taken


def called(*words: object) -> tuple[str | None, str]:
    """Run a command of gaitkit; return its refusal and what it printed."""
    from gaitkit.cli import main as gaitkit

    said, told = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        try:
            gaitkit([str(word) for word in (*words, "--debug")])
        except SystemExit as end:
            code = end.code or 0
    text = told.getvalue()
    if code == 0:
        return None, said.getvalue()
    at = text.rfind("error: ")
    if code != 2 or at < 0:
        raise WrongAnswerError(f"exit code {code}: {text[-1800:]}")
    line = text[at:].rstrip("\n")
    if "\n" in line or len(line) > LONGEST_MESSAGE + len("error: "):
        raise WrongAnswerError(f"a message of {len(line)} letters: {line[:300]}")
    return line, said.getvalue()


def inspected(path: Path, _work: Path) -> str | None:
    refusal, said = called("inspect", path)
    if refusal is None:
        for pattern, largest in ((RATE, FASTEST_HZ), (DURATION, LONGEST_S)):
            for word in pattern.findall(said):
                possible(f"inspect: {word}", word, low=0.0, high=largest)
    return refusal


def converted(path: Path, work: Path) -> str | None:
    """Write the file as a table, and look at its numbers."""
    out = work / "out.csv"
    out.unlink(missing_ok=True)
    for other in work.glob("out_*.csv"):
        other.unlink()
    refusal, _ = called("convert", path, out)
    if refusal is None:
        import numpy as np
        import pandas as pd

        for written in work.glob("out*.csv"):
            values = pd.read_csv(written).select_dtypes("number").to_numpy()
            worst = abs(values[~np.isnan(values)]).max(initial=0.0)
            if not worst < 1e9:
                raise WrongAnswerError(f"convert: a number of {worst:g}")
    return refusal


def assessed(path: Path, work: Path) -> str | None:
    return _assess(work, path)


def walk_inspected(path: Path, work: Path) -> str | None:
    return inspected(path.with_name("walk.trc"), work)


def walk_assessed(path: Path, work: Path) -> str | None:
    return _assess(work, path.with_name("walk.trc"))


def mapped_inspected(path: Path, _work: Path) -> str | None:
    return called("inspect", path, "--map", path.with_name("map.toml"))[0]


def mapped_assessed(path: Path, work: Path) -> str | None:
    return _assess(work, path, "--map", path.with_name("map.toml"))


def plate_read(path: Path, _work: Path) -> str | None:
    """Read a matrix that only a visit file or a file beside it calls a plate."""
    from gaitkit.errors import GaitkitError
    from gaitkit.io.plates.registry import read_plate
    from gaitkit.model.pressure import rate_hz

    try:
        mats = read_plate(path).mats
    except GaitkitError as refusal:
        return one_line(refusal)
    for mat in mats:
        possible("plate rate", rate_hz(mat) or 1.0, low=0.0, high=FASTEST_HZ)
    return None


def plate_beside(path: Path, work: Path) -> str | None:
    return plate_read(path.with_name("plate.txt"), work)


def to_mot(path: Path, work: Path) -> str | None:
    return called("convert", path, work / "out.mot")[0]


def visit_checked(path: Path, _work: Path) -> str | None:
    return called("visit", "check", path.parent)[0]


def visit_assessed(path: Path, work: Path) -> str | None:
    return _assess(work, path.parent)


def visit_read(path: Path, _work: Path) -> str | None:
    from gaitkit.errors import GaitkitError
    from gaitkit.io.visit import read_visit

    try:
        visit = read_visit(path.parent)
    except GaitkitError as refusal:
        return one_line(refusal)
    all_possible("visit", asdict(visit))
    return None


def config_used(path: Path, work: Path) -> str | None:
    return _assess(work, path.with_name("walk.trc"), "--config", path)


def edits_used(path: Path, work: Path) -> str | None:
    out = work / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    shutil.copy(path, out / "edits.toml")
    return _assess(work, path.with_name("walk.trc"), keep=True)


def mapping_used(path: Path, _work: Path) -> str | None:
    return called("inspect", path.with_name("standing.c3d"), "--map", path)[0]


def rules_checked(path: Path, _work: Path) -> str | None:
    from gaitkit.errors import GaitkitError
    from gaitkit.rules.loader import load_rules

    try:
        load_rules(path)
    except GaitkitError as refusal:
        return one_line(refusal, longest=100_000)  # every problem, one a line
    return None


def manifest_walked(path: Path, _work: Path) -> str | None:
    from gaitkit.archive.walk import walk
    from gaitkit.errors import GaitkitError

    try:
        for found in walk(str(path)):
            all_possible("manifest", asdict(found))
    except GaitkitError as refusal:
        return one_line(refusal)
    return None


def compared(path: Path, work: Path) -> str | None:
    out = work / "comparison"
    shutil.rmtree(out, ignore_errors=True)
    return called("compare", path, path.with_name("after"), "--out", out)[0]


def to_workbook(path: Path, work: Path) -> str | None:
    return called("convert", path, work / "out.xlsx")[0]


def to_fhir(path: Path, work: Path) -> str | None:
    return called("convert", path, work / "out.fhir.json")[0]


def frames_seen(path: Path, _work: Path) -> str | None:
    """Decode every frame of a film, up to a few seconds."""
    from gaitkit.errors import GaitkitError
    from gaitkit.io.video import read_video
    from gaitkit.io.video_frames import frames

    try:
        video = read_video(path)
        last = -math.inf
        for count, frame in enumerate(frames(video)):
            if not (math.isfinite(frame.time_s) and frame.time_s >= last):
                raise WrongAnswerError(
                    f"frame {count} at {frame.time_s} s after {last} s"
                )
            last = frame.time_s
            if count > 200:
                break
    except GaitkitError as refusal:
        return one_line(refusal)
    return None


def picture_seen(path: Path, _work: Path) -> str | None:
    from gaitkit.errors import GaitkitError
    from gaitkit.io.picture import read_picture

    try:
        read_picture(path)
    except GaitkitError as refusal:
        return one_line(refusal)
    return None


def queried(path: Path, _work: Path) -> str | None:
    sql = "SELECT count(*), avg(value) FROM measurements"
    return (
        called("query", path, sql)[0]
        or called("query", path, "SELECT state FROM journal")[0]
    )


def reported(path: Path, work: Path) -> str | None:
    return called("archive", "report", path, "--out", work / "out.html")[0]


def failures_listed(path: Path, _work: Path) -> str | None:
    return called("archive", "failures", path)[0]


def outcomes_listed(path: Path, _work: Path) -> str | None:
    return called("outcomes", path)[0]


def _assess(work: Path, *words: object, keep: bool = False) -> str | None:
    out = work / "out"
    if not keep:
        shutil.rmtree(out, ignore_errors=True)
    refusal, _ = called("assess", *words, "--out", out, "--force", *QUIET)
    if refusal is None:
        table = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
        all_possible("assessment", table)
        for each in table["recordings"]:
            for key, largest in (("rate_hz", FASTEST_HZ), ("duration_s", LONGEST_S)):
                if each.get(key) is not None:
                    possible(key, each[key], low=0.0, high=largest)
    leftovers = [p.name for p in work.glob(".*part*")]
    if leftovers:
        raise WrongAnswerError(f"left behind: {leftovers[0]}")
    return refusal


DOORS: dict[str, Callable[[Path, Path], str | None]] = {
    "walk_inspect": walk_inspected, "walk_assess": walk_assessed, "to_mot": to_mot,
    "mapped_inspect": mapped_inspected, "mapped_assess": mapped_assessed,
    "plate_beside": plate_beside, "plate_read": plate_read,
    "inspect": inspected, "convert": converted, "assess": assessed,
    "visit_check": visit_checked, "assess_visit": visit_assessed,
    "visit_read": visit_read, "assess_config": config_used, "edits": edits_used,
    "mapping": mapping_used, "rules": rules_checked, "manifest": manifest_walked,
    "compare": compared, "to_workbook": to_workbook, "to_fhir": to_fhir,
    "frames": frames_seen, "picture": picture_seen, "query": queried,
    "report": reported, "failures": failures_listed, "outcomes": outcomes_listed,
}  # fmt: skip


# -- what cannot be


def one_line(refusal: Exception, *, longest: int = LONGEST_MESSAGE) -> str:
    """Return the message as the command line prints it."""
    line = " ".join(str(refusal).split())
    if not line or len(line) > longest:
        raise WrongAnswerError(f"a message of {len(line)} letters: {line[:300]}")
    return line


def possible(name: str, value: object, *, low: float, high: float) -> None:
    """Refuse a number that no recording has."""
    try:
        number = float(str(value))
    except ValueError:
        raise WrongAnswerError(f"{name}: {value!r} is no number") from None
    if not low <= number <= high:
        raise WrongAnswerError(f"{name}: {number:g} is impossible")


def all_possible(name: str, value: object) -> None:
    """Refuse infinities and numbers that nothing has, anywhere in a table."""
    for key, number in _numbers(name, value):
        if not abs(number) < 1e12:
            raise WrongAnswerError(f"{key}: {number:g} is impossible")


def _numbers(name: str, value: Any) -> Iterator[tuple[str, float]]:  # noqa: ANN401
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(f"{name}.{key}", inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _numbers(name, inner)
    elif isinstance(value, float):
        yield name, value


def peak_mb() -> float:
    """Return the most memory since `_forget_peak`, 0 where nobody knows."""
    status = Path("/proc/self/status")
    if not status.is_file():  # Windows, macOS
        return 0.0
    mark = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
    return float(mark.split()[1]) / 2**10


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
