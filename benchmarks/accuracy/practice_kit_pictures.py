"""A kit of virtual people from end to end: drawn, read, and used by an assessment.

    python benchmarks/accuracy/practice_kit_pictures.py DIR [--people 14] [--seed 4100]

draws the ten pictures of the protocol of each person into DIR/kit (people that are
there are not drawn again), reads them as `gaitkit kit read` does, assesses the visit of
one more person with the kit and without it, and writes practice_kit_pictures.md. What
is true comes from the bones that were drawn; nothing of it reaches the reading but the
heights of the people and their true differences, as if an X-ray of each existed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import shutil
import time
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.cli import main as gaitkit
from gaitkit.io.kit_file import KIT_FILE, PRACTICE_FILE, PROTOCOL, kit_text, read_kit
from gaitkit.measure.standing.result import hip_width_m
from gaitkit.pipeline.kit import run_kit
from gaitkit.report.kit import kit_lines

if TYPE_CHECKING:
    from gaitkit.io.kit_file import KitPerson
    from gaitkit.pipeline.kit import ReadKit

PAGE = Path(__file__).with_suffix(".md")
DRAWN = "v001"
"""Folder of the first person of a cohort."""
TRUTH = "truth.json"
QUICK = ("--set", "report.pdf=false", "--set", "report.overlay=false", "--lang", "en")


def called(*words: str) -> str:
    """Run a command of gaitkit and return what it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            gaitkit(list(words))
        except SystemExit as stop:
            if stop.code:
                raise
    return said.getvalue()


def drawn(folder: Path, *, seed: int, what: str) -> None:
    """Draw one person unless the folder is there."""
    part = folder.with_name(f"{folder.name}.part")
    if folder.is_dir():
        return
    shutil.rmtree(part, ignore_errors=True)
    called(
        *("simulate", "cohort", str(part), "--people", "1", "--seed", str(seed), what),
        *("--set", "walk.passes=0"),
    )
    if (part / KIT_FILE).is_file():
        shutil.copy(part / KIT_FILE, part / DRAWN / "row.toml")
    (part / DRAWN).rename(folder)
    shutil.rmtree(part)


def drawn_kit(kit: Path, *, people: int, seed: int) -> None:
    """Draw everybody who is not there yet and write the kit file."""
    kit.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(1, people + 1):
        began, name = time.monotonic(), f"p{number:02d}"
        drawn(kit / name, seed=seed + number, what="--kit")
        row = read_kit(kit / name / "row.toml").person[0]
        rows.append(replace(row, id=name))
        print(f"{name} drawn, {time.monotonic() - began:.0f} s", flush=True)
    (kit / KIT_FILE).write_text(kit_text(rows, language="en"), encoding="utf-8")


def truth_of(folder: Path) -> dict[str, Any]:
    """Return what was drawn of a person."""
    told: dict[str, Any] = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    return told


def answers(kit: Path, person: KitPerson) -> tuple[float, float]:
    """Return how far the hips of a person truly follow a block: own and usual mm.

    The second is what a picture can show: an angle, in millimetres at the usual
    distance of the hips of that height instead of the own one.
    """
    truth = truth_of(kit / person.id)
    pairs = [
        (picture.signed_mm, seen["height_difference_mm"]["hip"])
        for picture, seen in zip(PROTOCOL, truth["recordings"], strict=True)
        if not picture.seated
    ]
    block, height = np.array(pairs).T
    own = -float(np.polyfit(block, height, 1)[0])
    usual = hip_width_m(person.height_m or 0.0)
    return own, own * usual / truth["hip_width_m"]


def read_answer(read: ReadKit, person: str) -> float:
    """Return the slope of a person's own line through what was read."""
    pairs = [
        (p.picture.signed_mm, p.tilt.tilt_mm)
        for p in read.pictures
        if p.person.id == person and not p.picture.seated
    ]
    block, tilt = np.array(pairs).T
    return -float(np.polyfit(block, tilt, 1)[0])


def people_table(kit: Path, read: ReadKit) -> list[str]:
    """Return a row for each person: the answer to a block, true and read."""
    lines = [
        "| person | hips, own over usual | true, own mm | true, usual mm | read |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = []
    for person in read_kit(kit).person:
        own, usual = answers(kit, person)
        seen = read_answer(read, person.id)
        rows.append((own / usual, own, usual, seen))
        cells = " | ".join(f"{v:.2f}" for v in rows[-1])
        lines.append(f"| {person.id} | {cells} |")
    mean = " | ".join(f"{v:.3f}" for v in np.mean(rows, axis=0))
    return [*lines, f"| mean | {mean} |"]


def assessed(visit: Path, out: Path, practice: Path | None) -> dict[str, Any]:
    """Assess a visit, with the kit of a practice or without one."""
    own = ("--set", f"practice.kit={practice}") if practice else ()
    called("assess", str(visit), "--out", str(out), "--force", *QUICK, *own)
    told: dict[str, Any] = json.loads((out / "assessment.json").read_text("utf-8"))
    return told


def used_table(folder: Path, visit: Path) -> list[str]:
    """Return what the estimate of a visit is with the kit and without it."""
    lines = [
        "| | pictures say, mm | weight | estimate, mm | 95 % interval | unconfirmed | "
        "own error |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, practice in (("without", None), ("with", folder / "kit" / PRACTICE_FILE)):
        legs = assessed(visit, folder / f"out_{name}", practice)["leg_length"]
        method = next(m for m in legs["methods"] if m["method"] == "stance_stickers")
        lines.append(
            f"| {name} the kit | {method['value_mm']:.1f} +- {method['sd_mm']:.1f} | "
            f"{method['weight']:.2f} | {legs['mean_mm']:.1f} | {legs['low_mm']:.1f} to "
            f"{legs['high_mm']:.1f} | {legs['unconfirmed']} | {method['own_error']} |"
        )
    return lines


def said_of_the_kit(report: Path) -> list[str]:
    """Return the sentences of a report that speak of the practice's own kit."""
    text = re.sub(r"<[^>]+>", "\n", report.read_text(encoding="utf-8"))
    lines = {" ".join(unescape(line).split()) for line in text.splitlines()}
    return sorted(f"> {line}" for line in lines if "own kit" in line)


def page(folder: Path, said: str, read: ReadKit) -> str:
    """Return the page."""
    visit = folder / "visit"
    people = read_kit(folder / "kit").person
    used = used_table(folder, visit)
    true = truth_of(visit)["leg_length_difference_mm"]
    shown = len(read.pictures)
    parts = [
        "# A kit of virtual people, from the pictures to the estimate",
        "",
        f"Written by `python benchmarks/accuracy/practice_kit_pictures.py DIR --people "
        f"{len(people)}`: {len(people)} people, {shown} of "
        f"{len(people) * len(PROTOCOL)} pictures could be used. They differ as people "
        "do (`gaitkit simulate cohort --kit`: pelvises, skin, stances, hips, answers).",
        "",
        "## The answer of each person to a block (mm a mm)",
        "",
        "Read from the pictures, beside what the drawn hips do. A picture shows an "
        "angle; it becomes millimetres at the usual distance of the hips for the "
        "height (0.102 of it). The hips of these people are 0.109 of it on average, so "
        "what is read is lower than the answer of their own hips by that ratio. That "
        "is no fault of the reading: every tilt of a patient is in the same "
        "millimetres, and so the estimate needs the answer in them.",
        "",
        *people_table(folder / "kit", read),
        "",
        "## What `gaitkit kit read` says",
        "",
        "```",
        said,
        "```",
        "",
        f"## A visit of one more person (true difference {true:.1f} mm)",
        "",
        *used,
        "",
        "The report says so:",
        "",
        *said_of_the_kit(folder / "out_with" / "report.html"),
        "",
    ]
    return "\n".join(parts)


def told(_: str, done: int, total: int) -> None:
    """Print how many pictures were read."""
    if done % 10 == 0:
        print(f"{done} of {total} pictures read", flush=True)


def main() -> None:
    """Draw, read, assess and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=14)
    parser.add_argument("--seed", type=int, default=4100)
    asked = parser.parse_args()
    kit = asked.folder / "kit"
    drawn_kit(kit, people=asked.people, seed=asked.seed)
    drawn(asked.folder / "visit", seed=asked.seed + 900, what="--block-test")
    read = run_kit(kit, language="en", progress=told)
    said = "\n".join(kit_lines(read.kit, language="en"))
    print(said, flush=True)
    PAGE.write_text(page(asked.folder, said, read), encoding="utf-8")


if __name__ == "__main__":
    main()
