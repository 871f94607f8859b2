"""Accuracy of stance pictures and block tests on virtual people kept for evaluation.

``python benchmarks/accuracy/standing_collect.py FILE`` draws and assesses the
pictures; ``python benchmarks/accuracy/standing.py FILE... --exact FILE...`` writes
``standing.md``.
"""

from __future__ import annotations

import argparse
import pickle
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from standing_collect import CONFIG, SPREAD

from gaitkit.measure.standing.landmarks import landmark_slope
from gaitkit.measure.standing.result import landmark_pelvis
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import Visit
from gaitkit.pipeline.block_test import with_block_tests

if TYPE_CHECKING:
    from standing_cohort import Result

    from gaitkit.config import Config
    from gaitkit.model.measurement import Measurement

PAGE = Path(__file__).with_name("standing.md")


@dataclass(slots=True)
class Table:
    """Values, errors and intervals of one method."""

    error: list[float] = field(default_factory=list)
    sd: list[float] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)
    none: int = 0

    def add(self, row: Measurement, truth: float) -> None:
        """Add one measurement."""
        if row.value is None:
            self.none += 1
            return
        self.error.append(row.value - truth)
        self.sd.append(row.sd)
        self.covered.append(row.low <= truth <= row.high)

    def line(self, name: str) -> str:
        """Return the row of the table."""
        if not self.error:
            return f"| {name} | 0 | {self.none} | | | | | |"
        e = np.array(self.error)
        rms = np.sqrt((e**2).mean())
        return (
            f"| {name} | {e.size} | {self.none} | {np.median(np.abs(e)):.1f} | "
            f"{rms:.1f} | {e.mean():+.1f} ({np.median(e):+.1f}) | "
            f"{np.median(self.sd):.1f} | {100 * np.mean(self.covered):.0f} |"
        )


HEAD = (
    "| method | n | no number | median abs. error | rms | bias (median) | "
    "median stated sd | covered by 95 % |\n|---|---|---|---|---|---|---|---|"
)


def stance_tables(results: list[Result]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for each in results:
        if each.block_mm != 0:
            continue
        for row in each.analysis.measurements:
            if row.method == "stance_landmarks" or row.name.startswith("rearfoot"):
                continue
            truth = (
                each.pelvis_deg
                if row.name == "pelvic_obliquity_standing"
                else each.difference_mm
            )
            key = f"{row.name}, {row.method}, {each.view}"
            tables.setdefault(key, Table()).add(row, truth)
        for row in landmark_rows(each):
            if row.name == "structural_leg_length_difference":
                key = f"{row.name}, {row.method}, {each.view}"
                tables.setdefault(key, Table()).add(row, each.difference_mm)
    return tables


def landmark_rows(each: Result) -> tuple[Measurement, ...]:
    """Return the rows of the landmarks with the slopes as they stand now."""
    standing = each.analysis.standing
    if standing is None or standing.trunk_lean_deg is None:
        return ()
    slope = landmark_slope("full", each.view)
    hips = [x for x in standing.lines if x.role == "hip"]
    if not hips or slope is None:
        return ()
    line = slope.upright(
        hips[0], standing.trunk_lean_deg, roll_sd_deg=standing.roll_sd_deg
    )
    across = np.hypot(
        line.left.x_px - line.right.x_px, line.left.y_px - line.right.y_px
    )
    return landmark_pelvis(
        line,
        width_mm=None if line.mm_per_px is None else float(across) * line.mm_per_px,
        slope=slope,
        recording="stance",
        frames=1,
    )


def rearfoot_tables(results: list[Result]) -> dict[str, Table]:
    anatomy, discs = Table(), Table()
    for each in results:
        for row in each.analysis.measurements:
            if row.name == "rearfoot_angle_stance" and row.side is not None:
                anatomy.add(row, each.rearfoot_deg[Side(row.side)])
                discs.add(row, each.discs_deg[Side(row.side)])
    return {
        "calcaneus against shank": anatomy,
        "the stickers seen along the foot": discs,
    }


def block_rows(own: list[Result], config: Config) -> tuple[Measurement, ...]:
    """Return what the block test of one person gave, with the slopes as they stand."""
    tests = [
        replace(
            r.analysis,
            recording=replace(r.analysis.recording, kind="block_test"),
            measurements=(),
        )
        for r in own
    ]
    visit = Visit(
        subject=Subject(height_m=own[0].height_m),
        recordings=tuple(replace(r.source, kind="block_test") for r in own),
    )
    return with_block_tests(tests, visit, config)[0].measurements


def block_tables(results: list[Result], config: Config) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for (_, view), group in groupby(results, key=lambda r: (r.number, r.view)):
        own = list(group)
        for row in block_rows(own, config):
            evidence = row.name == "structural_leg_length_difference"
            if row.name == "levelling_block_height" or evidence:
                key = f"{row.name}, {row.method}, {view}"
                tables.setdefault(key, Table()).add(row, own[0].difference_mm)
    return tables


def guess_line(results: list[Result]) -> str:
    """Return the row of somebody who says 0 mm of everybody and measures nothing."""
    true = {(r.number, r.view): r.difference_mm for r in results}
    e = np.array(list(true.values()))
    return (
        f"| 0 mm for everybody, nothing measured | {e.size} | 0 | "
        f"{np.median(np.abs(e)):.1f} | {np.sqrt((e**2).mean()):.1f} | {-e.mean():+.1f} "
        f"({-np.median(e):+.1f}) | | |"
    )


SKINS = {
    "skinned": "Skinned body",
    "procedural": "Body of drawn rings (procedural), stickers only",
}
"""Bodies and what they are called."""


def body_part(results: list[Result], *, body: str, exact: bool) -> list[str]:
    """Return the tables of one body; nothing where nobody had it."""
    own = [r for r in results if r.body == body]
    if not own:
        return []
    people = len({r.number for r in own})
    still, block = stance_tables(own), block_tables(own, CONFIG)
    if exact or body == "procedural":
        still = {k: t for k, t in still.items() if "stickers" in k}
        block = {k: t for k, t in block.items() if "stickers" in k}
    for table in (still, block):
        count_missing(table, own)
    guess = [] if exact else [guess_line(own)]
    return [
        f"## {SKINS[body]}, {people} people, {len(own)} pictures"
        + (", stickers exactly on the bone" if exact else ""),
        *([] if exact else [roll_line(own), ""]),
        "One picture without a block (mm; obliquity in deg):",
        "",
        HEAD,
        *(t.line(k) for k, t in sorted(still.items())),
        *guess,
        "",
        "Block test of three pictures (mm):",
        "",
        HEAD,
        *(t.line(k) for k, t in sorted(block.items())),
        *guess,
        "",
        "Rearfoot angle in standing (deg), every picture from behind:",
        "",
        HEAD,
        *(t.line(k) for k, t in rearfoot_tables(own).items()),
        "",
    ]


def count_missing(tables: dict[str, Table], results: list[Result]) -> None:
    """Count those without a number who have not even a row: no sticker was found."""
    for key, table in tables.items():
        view = key.rpartition(" ")[2]
        everybody = {r.number for r in results if r.view == view}
        table.none = len(everybody) - len(table.error)


def roll_line(results: list[Result]) -> str:
    """Return how well the roll of the camera was found."""
    rolls = [
        r.analysis.standing.roll_deg - r.roll_deg
        for r in results
        if r.analysis.standing is not None and r.analysis.standing.roll_source != "none"
    ]
    return (
        f"Camera roll found in {len(rolls)} of {len(results)} pictures: error sd "
        f"{np.std(rolls):.2f}, mean {np.mean(rolls):+.2f}, largest "
        f"{np.max(np.abs(rolls)):.2f} deg."
    )


def page(results: list[Result], exact: list[Result]) -> str:
    """Return the page."""
    intro = [
        "# Stance pictures and block tests on virtual people",
        "",
        "Virtual people that nothing was fitted on (seed 4000; slopes of landmarks "
        "and of the turn were fitted on seeds below 1000, the zero of landmarks also "
        "on numbers 1 to 126 of a skinned body; skinned people here are numbers from "
        "127), JPEG 92, model `full`. "
        "Every other person from the front with stickers on the ASIS, the others from "
        "behind with stickers on PSIS, calf and heel. Stickers were put on with an "
        f"error of {SPREAD.pelvis_placing_mm} mm (pelvis) and "
        f"{SPREAD.rearfoot_placing_mm} mm (midline of the leg) each; camera roll, "
        "tilt, pan, lens, distance and the person's yaw, toe-out and stance vary "
        "(`gaitkit_virtual.standing.people`). "
        "Blocks of 0, 10 (right) and 10 mm (left). Truth is the difference of the legs "
        "with eversion. Unconfirmed on real people.",
        "",
        "Of landmarks, `levelling_block_height` holds what is usual among people as "
        "well as the pictures; `structural_leg_length_difference` is what the pictures "
        "say without it, and goes to the estimate of the visit.",
        "",
    ]
    parts = [body_part(results, body=body, exact=False) for body in SKINS]
    parts += [body_part(exact, body=body, exact=True) for body in SKINS]
    if any(parts[len(SKINS) :]):
        parts[len(SKINS)][:0] = [
            "Stickers exactly on the bone show the error of the pictures themselves. "
            "The stated sd holds the error of placing, so those intervals are wide.",
            "",
        ]
    return "\n".join(intro + [line for part in parts for line in part])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--exact", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    found, exact = (
        [each for file in files for each in pickle.loads(file.read_bytes())]
        for files in (asked.files, asked.exact)
    )
    PAGE.write_text(page(found, exact), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
