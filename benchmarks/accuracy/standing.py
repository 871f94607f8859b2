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
    hips = [] if standing is None else [x for x in standing.lines if x.role == "hip"]
    if not hips:
        return ()
    line = hips[0]
    across = np.hypot(
        line.left.x_px - line.right.x_px, line.left.y_px - line.right.y_px
    )
    return landmark_pelvis(
        line,
        width_mm=None if line.mm_per_px is None else float(across) * line.mm_per_px,
        slope=landmark_slope("full", each.view),
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
            if row.name == "levelling_block_height":
                key = f"{row.name}, {row.method}, {view}"
                tables.setdefault(key, Table()).add(row, own[0].difference_mm)
    return tables


def exact_part(results: list[Result]) -> list[str]:
    """Return the tables of stickers that sit exactly on the bone."""
    if not results:
        return []
    people = len({r.number for r in results})
    still = stance_tables(results)
    block = block_tables(results, CONFIG)
    return [
        "## Stickers exactly on the bone",
        f"{people} of the same people with stickers put on without any error: what is "
        "left is the error of the pictures themselves. The stated sd holds the error "
        "of placing, so the intervals are wide here.",
        HEAD,
        *(t.line(k) for k, t in sorted(still.items()) if "stickers" in k),
        *(t.line(k) for k, t in sorted(block.items()) if "stickers" in k),
        *(t.line(k) for k, t in rearfoot_tables(results).items()),
        "",
    ]


def page(results: list[Result], exact: list[Result]) -> str:
    people = len({r.number for r in results})
    rolls = [
        r.analysis.standing.roll_deg - r.roll_deg
        for r in results
        if r.analysis.standing is not None and r.analysis.standing.roll_source != "none"
    ]
    parts = [
        "# Stance pictures and block tests on virtual people",
        f"{people} virtual people that nothing was fitted on (seed 4000; slopes of the "
        f"landmarks and of the turn were fitted on seeds below 1000), {len(results)} "
        "pictures, JPEG 92, procedural body, model `full`. Every other person from "
        "the front with stickers on the ASIS, the others from behind with stickers on "
        "PSIS, "
        "calf and heel. Stickers were put on with an error of "
        f"{SPREAD.pelvis_placing_mm} mm (pelvis) and {SPREAD.rearfoot_placing_mm} mm "
        "(midline of the leg) each; "
        "camera roll, tilt, pan, lens, distance and the person's yaw, toe-out and "
        "stance vary (`gaitkit.simulate.standing.people`). Blocks of 0, 10 (right) and "
        "10 mm (left). Truth is the difference of the legs with eversion. Unconfirmed "
        "on real people.",
        f"Camera roll found in {len(rolls)} of {len(results)} pictures: error sd "
        f"{np.std(rolls):.2f}, mean {np.mean(rolls):+.2f}, largest "
        f"{np.max(np.abs(rolls)):.2f} deg.",
        "## One picture without a block (mm; obliquity in deg)",
        HEAD,
        *(t.line(k) for k, t in sorted(stance_tables(results).items())),
        "",
        "## Block test of three pictures (mm)",
        HEAD,
        *(t.line(k) for k, t in sorted(block_tables(results, CONFIG).items())),
        "",
        "## Rearfoot angle in standing (deg), every picture from behind",
        HEAD,
        *(t.line(k) for k, t in rearfoot_tables(results).items()),
        "",
        *exact_part(exact),
    ]
    text = "\n".join(parts)
    return text.replace("people\n", "people\n\n", 1).replace("\n## ", "\n\n## ")


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
