"""How right the fused leg-length estimate is on virtual people, pictures included.

``python benchmarks/accuracy/leg_length_cohort.py FILE...`` takes the pictures that
``standing_collect.py`` drew and assessed, lets a virtual therapist read tape and blocks
on the same people, and writes ``leg_length_cohort.md``.
"""

from __future__ import annotations

import dataclasses
import pickle
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from standing import block_rows, landmark_rows
from standing_cohort import EVALUATION_SEED
from standing_collect import CONFIG, SPREAD

from gaitkit.measure.leg_length.estimate import estimate_leg_length
from gaitkit.measure.leg_length.posterior import before
from gaitkit.model.measurement import Measurement
from gaitkit.model.subject import Subject
from gaitkit_virtual.standing.people import draw_person
from gaitkit_virtual.visits.visit import virtual_examination

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from standing_cohort import Result

    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.visit import Examination

PAGE = Path(__file__).with_suffix(".md")
DRAWS = 20
"""Times the therapist reads the same person anew; pictures are taken once."""
DIFFERENCE = "structural_leg_length_difference"
RAISE_FROM = 0.80
"""Probability of more than 5 mm from which rule L03 suggests a raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person with the rows of all pictures, and the same with equal legs."""

    number: int
    bones_mm: float
    rows: tuple[Measurement, ...]

    def moved(self, by_mm: float) -> tuple[Measurement, ...]:
        """Return the rows as they would be with the legs changed by so much."""
        return tuple(
            dataclasses.replace(
                row, value=row.value + by_mm, low=row.low + by_mm, high=row.high + by_mm
            )
            for row in self.rows
            if row.value is not None and row.low is not None and row.high is not None
        )


def people(results: Sequence[Result]) -> Iterator[Person]:
    """Yield every person with what the pictures gave."""
    for number, group in groupby(results, key=lambda r: r.number):
        own = list(group)
        person = draw_person(number, seed=EVALUATION_SEED, spread=SPREAD)
        still = next(each for each in own if each.block_mm == 0)
        read = (
            r for r in still.analysis.measurements if r.method != "stance_landmarks"
        )
        rows = (*read, *landmark_rows(still), *block_rows(own, CONFIG))
        yield Person(
            number=number,
            bones_mm=person.standing.leg_length_difference_mm,
            rows=tuple(row for row in rows if row.name == DIFFERENCE),
        )


Chosen = dict[str, "Callable[[str], bool]"]
SETS: Chosen = {
    "tape": lambda m: m == "tape",
    "blocks by hand": lambda m: m == "block_test",
    "stance picture, stickers": lambda m: m == "stance_stickers",
    "stance picture, landmarks": lambda m: m == "stance_landmarks",
    "block test in pictures, stickers": lambda m: m == "block_test_stickers",
    "block test in pictures, landmarks": lambda m: m == "block_test_landmarks",
    "tape + blocks by hand": lambda m: m in {"tape", "block_test"},
    "tape + blocks by hand + stance picture, stickers": lambda m: (
        m in {"tape", "block_test", "stance_stickers"}
    ),
    "tape + block test in pictures + stance picture, stickers": lambda m: (
        m in {"tape", "block_test_stickers", "stance_stickers"}
    ),
    "all": lambda _: True,
}


@dataclass(slots=True)
class Tally:
    """Errors, coverage and claims of one set of methods."""

    error: list[float]
    covered: list[bool]
    side: list[tuple[float, bool]]
    raised: list[bool]

    @classmethod
    def empty(cls) -> Tally:
        """Return a tally of nothing."""
        return cls([], [], [], [])

    def row(self, name: str) -> str:
        """Return the row of the table."""
        if not self.error:
            return f"| {name} | 0 | | | | | | | |"
        e = np.array(self.error)
        said = np.array([p for p, _ in self.side])
        right = np.array([r for _, r in self.side])
        sure = said > 0.9
        strong = (
            f"{100 * said[sure].mean():.0f} / {100 * right[sure].mean():.0f}"
            if sure.any()
            else "-"
        )
        return (
            f"| {name} | {e.size} | {np.sqrt((e**2).mean()):.1f} | "
            f"{np.median(np.abs(e)):.1f} | {e.mean():+.1f} | "
            f"{100 * np.mean(self.covered):.1f} | "
            f"{100 * said.mean():.0f} / {100 * right.mean():.0f} | {strong} | "
            f"{100 * np.mean(self.raised):.1f} |"
        )


def judged(
    rows: Sequence[Measurement], examination: Examination, height_m: float
) -> LegLengthEstimate | None:
    """Return the estimate of the visit."""
    return estimate_leg_length(rows, examination, subject=Subject(height_m=height_m))


def tallies(every: Sequence[Person]) -> dict[str, Tally]:
    """Judge every person again and again with each set of methods."""
    found = {name: Tally.empty() for name in SETS}
    for person in every:
        drawn = draw_person(person.number, seed=EVALUATION_SEED, spread=SPREAD)
        standing = drawn.standing
        equal = dataclasses.replace(
            standing, thigh_difference_mm=0.0, shank_difference_mm=0.0
        )
        for draw in range(DRAWS):
            seed = (EVALUATION_SEED, person.number, 9, draw)
            read = virtual_examination(standing, seed=seed)
            read_equal = virtual_examination(equal, seed=seed)
            for name, wanted in SETS.items():
                own = _only(person.rows, read, wanted)
                estimate = judged(*own, standing.height_m) if own else None
                if estimate is None:
                    continue
                tally = found[name]
                tally.error.append(estimate.mean_mm - person.bones_mm)
                tally.covered.append(
                    estimate.low_mm <= person.bones_mm <= estimate.high_mm
                )
                left = estimate.p_left_longer
                tally.side.append(
                    (max(left, 1 - left), (left > 0.5) == (person.bones_mm > 0))
                )
                without = _only(person.moved(-person.bones_mm), read_equal, wanted)
                nothing = judged(*without, standing.height_m) if without else None
                tally.raised.append(
                    nothing is not None and nothing.p_over_5 >= RAISE_FROM
                )
    return found


def _only(
    rows: Sequence[Measurement], read: Examination, wanted: Callable[[str], bool]
) -> tuple[tuple[Measurement, ...], Examination] | None:
    """Return the rows and readings of some methods; None when there are none."""
    kept = tuple(row for row in rows if row.value is not None and wanted(row.method))
    examined = dataclasses.replace(
        read,
        tape=read.tape if wanted("tape") else (),
        block_tests=read.block_tests if wanted("block_test") else (),
    )
    empty = not (kept or examined.tape or examined.block_tests)
    return None if empty else (kept, examined)


def raw(every: Sequence[Person]) -> list[str]:
    """Return a row for the measured values of each kind of picture, not weighed."""
    lines = []
    methods = sorted({row.method for person in every for row in person.rows})
    for method in methods:
        pairs = [
            (row.value - person.bones_mm, row.low <= person.bones_mm <= row.high)
            for person in every
            for row in person.rows
            if row.method == method and row.value is not None
        ]
        if pairs:
            e = np.array([error for error, _ in pairs])
            lines.append(
                f"| {method} | {e.size} of {len(every)} | {np.median(np.abs(e)):.1f} | "
                f"{np.sqrt((e**2).mean()):.1f} | {e.mean():+.1f} | "
                f"{100 * np.mean([inside for _, inside in pairs]):.0f} |"
            )
    return lines


def guess(every: Sequence[Person]) -> str:
    """Return how wrong somebody is who says 0 mm of everybody."""
    e = np.array([person.bones_mm for person in every])
    low, high = before("clinic").interval_mm
    return (
        f"rms {np.sqrt((e**2).mean()):.1f}, median abs. error "
        f"{np.median(np.abs(e)):.1f}, bias {-e.mean():+.1f}, in 95 % of the prior "
        f"{100 * np.mean((e > low) & (e < high)):.1f}"
    )


def page(every: Sequence[Person], bodies: Sequence[str]) -> str:
    """Return the page."""
    found = tallies(every)
    return "\n".join(
        [
            "# The fused leg-length estimate on virtual people",
            "",
            f"{len(every)} virtual people that nothing was fitted on but, up to "
            f"number 126, the zero of landmarks (numbers "
            f"{min(p.number for p in every)} to {max(p.number for p in every)} of seed "
            f"{EVALUATION_SEED}; leg-length differences drawn from the prior, largest "
            f"{max(abs(p.bones_mm) for p in every):.0f} mm). Pictures were drawn with "
            f"the {' and '.join(bodies)} body (`gaitkit_virtual`) and "
            "assessed once for each person (half of them from the front with stickers "
            "on the ASIS, half from behind with stickers on the PSIS, each sticker "
            f"{SPREAD.pelvis_placing_mm} mm off); tape and blocks by hand were read "
            f"{DRAWS} times anew, two readings by one rater, with the errors of "
            "Friberg 1988. Truth: the length of the bones. Unconfirmed on real people. "
            "Written by `leg_length_cohort.py`.",
            "",
            "## What the pictures measured (mm)",
            "",
            "| method | people with a number | median abs. error | rms | bias | "
            "in 95 % |",
            "| --- | --- | --- | --- | --- | --- |",
            *raw(every),
            "",
            "## After weighing with the prior (mm)",
            "",
            f"Before any measurement: {guess(every)}.",
            "",
            "`side` is the mean probability given to the longer leg, and how often it "
            "was right, for all and for those above 90 %; `raise` is how often a "
            "person with equal legs and the same errors would be said to have more "
            f"than 5 mm with a probability of {RAISE_FROM:g} or more.",
            "",
            "| methods | n | rms | median abs. error | bias | in 95 % | side: said / "
            "right % | above 90: said / right % | raise % |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *(tally.row(name) for name, tally in found.items()),
            "",
        ]
    )


if __name__ == "__main__":
    collected: list[Result] = []
    for name in sys.argv[1:]:
        collected += pickle.loads(Path(name).read_bytes())
    drawn = sorted({each.body for each in collected}, reverse=True)
    PAGE.write_text(page(tuple(people(collected)), drawn), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
