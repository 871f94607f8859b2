"""How right the leg-length estimate and its answers are on people it did not know.

A world of readings wider than the product assumes, seeded; the product itself judges
every person: `estimate_leg_length` and the rules L01 to L05 and L10 through `judge`.
Nothing of the estimate is worked out here. In the world

* true differences are uniform to 40 mm (for the bands) and those of a clinic (t with
  3.5 degrees of freedom, scale 5.2 mm: no mixture of normals);
* errors by hand are t-distributed (4 degrees of freedom) or skewed, and 5, 10 or 15 %
  of readers make a gross error of 15 to 40 mm to one side;
* the pelvis is asymmetric (3.0 to 4.5 mm), soft tissue moves markers and stickers more
  where the thighs are thicker, and a second kind of body (wider hips) exists;
* a pelvis follows a block by 0.5 to 0.8, its own difference by 0.7 to 1.3 of that;
  markers show 1.0 or 0.75 of a difference; seats are uneven by 1 to 4 mm.

    python benchmarks/accuracy/leg_length_world.py [PEOPLE] [--only NAME]

writes leg_length_world.md (standard: 1,500 people a set of readings); it prints as it
goes and resumes from leg_length_world.json beside it, which is removed at the end.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.measure.examination import measure_examination
from gaitkit.measure.leg_length.estimate import estimate_leg_length, estimate_rows
from gaitkit.model.intake import Intake
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.standing import PelvisTilt
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    BlockTest,
    Examination,
    ImagingReading,
    TapeReading,
    Visit,
)
from gaitkit.rules.judge import judge
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.leg_length import LegLengthEstimate

SEED = 20261201
PEOPLE = 1500
HERE = Path(__file__).resolve().parent
DIFFERENCE = "structural_leg_length_difference"
MARKERS = "markers, ASIS to medial malleolus in standing"
BANDS = ((0, 3), (3, 5), (5, 10), (10, 15), (15, 20), (20, 40))
RULES = ("L01", "L02", "L03", "L04", "L05", "L10")

# Of the study of readings ("today": commit 31ba3af), percentages of patients; see the
# page for what they are.
BEFORE = {
    "tape 1x2": (95, 22),
    "tape 2x2": (96, 19),
    "blocks 1x3": (95, 19),
    "markers": (96, 26),
    "photo front": (63, 11),
    "photo back": (84, 19),
    "block photos": (83, 17),
    "imaging": (94, 6),
    "tape + blocks": (96, 17),
    "tape 2x2 + blocks 2x3": (94, 14),
    "tape + blocks + block photos": (87, 13),
    "everything by hand": (88, 12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What is measured: people and readings by hand, pictures, markers, imaging."""

    tape: tuple[int, int] | None = None
    blocks: tuple[int, int] | None = None
    front: tuple[float, ...] = ()
    back: tuple[float, ...] = ()
    seated: int = 0
    markers: bool = False
    imaging: bool = False


KITS = {
    "tape 1x2": Kit(tape=(1, 2)),
    "tape 2x2": Kit(tape=(2, 2)),
    "blocks 1x3": Kit(blocks=(1, 3)),
    "blocks 2x3": Kit(blocks=(2, 3)),
    "markers": Kit(markers=True),
    "photo front": Kit(front=(0.0,)),
    "photo back": Kit(back=(0.0,)),
    "block photos": Kit(front=(0.0, 3.0, 6.0, 9.0)),
    "photos + seated": Kit(front=(0.0, 0.0), seated=2),
    "imaging": Kit(imaging=True),
    "tape + blocks": Kit(tape=(1, 2), blocks=(1, 3)),
    "tape + blocks + markers": Kit(tape=(1, 2), blocks=(1, 3), markers=True),
    "tape + blocks + block photos": Kit(
        tape=(1, 2), blocks=(1, 3), front=(0.0, 3.0, 6.0, 9.0)
    ),
    "tape + blocks + photos + seated": Kit(
        tape=(1, 2), blocks=(1, 3), front=(0.0, 0.0), seated=2
    ),
    "tape 2x2 + blocks 2x3": Kit(tape=(2, 2), blocks=(2, 3)),
    "everything by hand": Kit(
        tape=(2, 2), blocks=(2, 3), front=(0.0, 3.0, 6.0, 9.0), seated=2
    ),
}


@dataclass(slots=True)
class Person:
    """One virtual person: the truth and the errors that stay for the visit."""

    true_mm: float
    uniform: bool
    gross_share: float
    asymmetry_mm: float
    tissue: float
    height_m: float
    hips_mm: float
    answer: float
    own: float
    gain: float
    stands_mm: float
    seat_mm: float


def person(rng: np.random.Generator, *, uniform: bool) -> Person:
    """Draw a person; half of a set is uniform to 40 mm, half comes from a clinic."""
    clinic = float(rng.standard_t(3.5) * 5.2)
    true = float(rng.uniform(-40, 40)) if uniform else float(np.clip(clinic, -40, 40))
    wide = rng.random() < 0.35
    height = float(rng.normal(1.66 if wide else 1.76, 0.07))
    usual = 0.102 * 1000 * height
    return Person(
        true_mm=true,
        uniform=uniform,
        gross_share=float(rng.choice([0.05, 0.10, 0.15], p=[0.6, 0.25, 0.15])),
        asymmetry_mm=float(rng.normal(0, rng.uniform(3.0, 4.5))),
        tissue=float(rng.lognormal(0.25 if wide else 0.0, 0.2)),
        height_m=height,
        hips_mm=usual * float(rng.normal(1.08 if wide else 0.98, 0.06)),
        answer=float(rng.uniform(0.5, 0.8)),
        own=float(rng.uniform(0.7, 1.3)),
        gain=float(rng.choice([1.0, 0.75], p=[0.7, 0.3])),
        stands_mm=float(rng.normal(0, 2.0)),
        seat_mm=float(rng.normal(0, rng.uniform(1.0, 4.0))),
    )


def heavy(rng: np.random.Generator, sd: float) -> float:
    """Return an error with tails: t with 4 degrees of freedom, scaled to its sd."""
    return float(rng.standard_t(4) * sd / math.sqrt(2.0))


def skewed(rng: np.random.Generator, sd: float) -> float:
    """Return an error with one long tail (gamma, shape 4), of mean zero."""
    return float((rng.gamma(4.0) - 4.0) / 2.0 * sd * rng.choice([-1, 1]))


def gross(rng: np.random.Generator, share: float) -> float:
    """Return a gross error of 15 to 40 mm to either side, or none."""
    if rng.random() >= share:
        return 0.0
    return float(rng.uniform(15, 40) * rng.choice([-1, 1]))


def examined(
    who: Person, kit: Kit, rng: np.random.Generator, *, wild_mm: float = 0.0
) -> Examination:
    """Return what was measured by hand and read from pictures of the bones."""
    images: tuple[ImagingReading, ...] = ()
    if kit.imaging:
        off = heavy(rng, 1.5)
        if rng.random() < 0.02:  # a bent knee, sides exchanged
            off = float(rng.choice([rng.normal(0, 10), -2 * who.true_mm]))
        images = (ImagingReading(method="x_ray", difference_mm=who.true_mm + off),)
    return Examination(
        tape=tuple(taped(who, kit, rng, wild_mm)) if kit.tape else (),
        block_tests=tuple(levelled(who, kit, rng)) if kit.blocks else (),
        imaging=images,
    )


def taped(
    who: Person, kit: Kit, rng: np.random.Generator, wild_mm: float
) -> Iterator[TapeReading]:
    """Yield the readings of a tape; ``wild_mm`` is added to all of them."""
    raters, readings = kit.tape or (0, 0)
    method = skewed(rng, 4.2)
    for rater in range(raters):
        own = heavy(rng, 6.0) + gross(rng, who.gross_share)
        for _ in range(readings):
            value = who.true_mm + method + own + heavy(rng, 3.4) + wild_mm
            for side, more in ((Side.LEFT, value), (Side.RIGHT, 0.0)):
                yield TapeReading(side=side, length_mm=880.0 + more, rater=str(rater))


def levelled(who: Person, kit: Kit, rng: np.random.Generator) -> Iterator[BlockTest]:
    """Yield the blocks that level a pelvis by hand, in whole millimetres."""
    raters, readings = kit.blocks or (0, 0)
    method = who.asymmetry_mm * 0.85 + who.stands_mm
    for rater in range(raters):
        own = skewed(rng, 4.7) + gross(rng, who.gross_share)
        for _ in range(readings):
            height = who.true_mm + method + own + heavy(rng, 4.0)
            side = Side.RIGHT if height >= 0 else Side.LEFT
            height_mm = float(round(abs(height)))
            yield BlockTest(side=side, height_mm=height_mm, rater=str(rater))


def pictures(who: Person, kit: Kit, rng: np.random.Generator) -> list[PelvisTilt]:
    """Return the tilts that pictures show, as the product reads them.

    The angle is that of the person; the product turns it into millimetres with the
    usual distance of the hips for the height.
    """
    usual = 0.102 * 1000 * who.height_m
    seen: list[PelvisTilt] = []
    for line, blocks in (("asis", kit.front), ("psis", kit.back)):
        if not blocks:
            continue
        placing = heavy(rng, (2.7 if line == "asis" else 6.5) * who.tissue)
        if rng.random() < who.gross_share:
            placing += float(rng.normal(0, 12))
        own = who.asymmetry_mm if line == "asis" else rng.normal(0, 3.5)
        zero = own + placing + rng.normal(0, 0.9)
        legs = who.own * (who.true_mm + who.stands_mm)
        stays = {b: rng.normal(0, 2.0) for b in blocks}
        shots = [(b, False) for b in blocks] + [(0.0, True)] * kit.seated
        for block, seated in shots:
            if seated:
                tilt = zero + who.seat_mm + heavy(rng, 2.0)
            else:
                tilt = who.answer * (legs - block) + zero + stays[block]
                tilt += heavy(rng, 2.0)
            seen.append(
                PelvisTilt(
                    recording=f"{line}{len(seen)}",
                    line="asis" if line == "asis" else "psis",
                    tilt_mm=tilt * usual / who.hips_mm + rng.normal(0, 0.7),
                    sd_mm=0.7,
                    block_mm=block,
                    seated=seated,
                )
            )
    return seen


def marker_rows(who: Person, rng: np.random.Generator) -> tuple[Measurement, ...]:
    """Return the difference that markers show: gain, soft tissue, gross errors."""
    error = heavy(rng, 9.0 * who.tissue) + gross(rng, who.gross_share)
    value = who.gain * who.true_mm + error
    row = Measurement(
        name=DIFFERENCE,
        unit="mm",
        value=value,
        sd=11.0,
        n=1,
        method=MARKERS,
        recording="markers_1",
    )
    return (row,)


def judged(
    who: Person, kit: Kit, rng: np.random.Generator, *, wild_mm: float = 0.0
) -> dict[str, Any]:
    """Let the product judge a person with low back pain; return what counts."""
    examination = examined(who, kit, rng, wild_mm=wild_mm)
    subject = Subject(height_m=who.height_m, age_years=45.0)
    rows = (
        *(marker_rows(who, rng) if kit.markers else ()),
        *measure_examination(examination),
    )
    tilts = pictures(who, kit, rng)
    legs = estimate_leg_length(rows, examination, subject=subject, tilts=tilts)
    assert legs is not None
    more = estimate_rows(legs, rows, examination, subject=subject)
    visit = Visit(
        subject=subject, intake=Intake(pain_site="low_back"), examination=examination
    )
    found = judge(RULE_SET, (*rows, *more), visit, (), leg_length=legs)
    verdicts = {f.rule: f.verdict for f in found}
    return told(who, legs, verdicts)


def told(
    who: Person, legs: LegLengthEstimate, verdicts: dict[str, str]
) -> dict[str, Any]:
    """Return answer, interval and chances of one person."""
    raised = "met" in {verdicts["L03"], verdicts["L04"]} and verdicts["L05"] != "met"
    answer = "raise" if raised else "again"
    if verdicts["L05"] == "met":
        answer = "cause"
    elif verdicts["L02"] == "met":
        answer = "none"
    left = legs.mean_mm >= 0
    side = legs.chance_over(0.0, way="left" if left else "right").least
    return {
        "true": who.true_mm,
        "uniform": who.uniform,
        "low": legs.low_mm,
        "high": legs.high_mm,
        "answer": answer,
        "left": left,
        "p_side": side,
        "p_5": legs.chance_over(5.0, way="left" if left else "right").least,
    }


RULE_SET = replace(
    shipped_rules(), rules=tuple(r for r in shipped_rules().rules if r.id in RULES)
)


def run(name: str, kit: Kit, people: int, *, wild_mm: float = 0.0) -> list[Any]:
    """Judge as many people with a kit; the same seed for the same name."""
    rng = np.random.default_rng([SEED, *name.encode()])
    return [
        judged(person(rng, uniform=n % 2 == 0), kit, rng, wild_mm=wild_mm)
        for n in range(people)
    ]


def share(rows: Sequence[Any], holds: Sequence[bool] | np.ndarray) -> str:
    """Return a percentage, or a dash for nobody."""
    return f"{100 * float(np.mean(holds)):.1f}" if len(rows) else "-"


def covered(rows: Sequence[Any]) -> list[bool]:
    """Return whether each interval holds the truth."""
    return [r["low"] <= r["true"] <= r["high"] for r in rows]


def band(rows: Sequence[Any], low: float, high: float) -> list[Any]:
    """Return the people whose difference lies in a band."""
    return [r for r in rows if low <= abs(r["true"]) < high]


def coverage_table(found: dict[str, list[Any]]) -> list[str]:
    """Return coverage by band, of all, and the width beside that of before."""
    lines = [
        "| measured | "
        + " | ".join(f"{a}-{b}" for a, b in BANDS)
        + " | 15 and more | all | clinic | half width, clinic | before: holds, width |",
        "| --- |" + " --- |" * (len(BANDS) + 5),
    ]
    for name, rows in found.items():
        clinic = [r for r in rows if not r["uniform"]]
        cells = [share(b, covered(b)) for b in (band(rows, *lim) for lim in BANDS)]
        large = band(rows, 15, 99)
        width = np.mean([(r["high"] - r["low"]) / 2 for r in clinic])
        old = BEFORE.get(name)
        before = f"{old[0]}, {old[1] / 2:.1f}" if old else "-"
        lines.append(
            f"| {name} | {' | '.join(cells)} | {share(large, covered(large))} | "
            f"{share(rows, covered(rows))} | {share(clinic, covered(clinic))} | "
            f"{width:.1f} | {before} |"
        )
    return lines


def answer_table(found: dict[str, list[Any]]) -> list[str]:
    """Return how often each answer is given, and how often it is right."""
    lines = [
        "| measured | no raise | raise | cause first | measure again | over 10 among "
        "no raise | no raise if 15 and more | raise if under 3 | raises right | wrong "
        "side, of all |",
        "| --- |" + " --- |" * 9,
    ]
    for name, rows in found.items():
        clinic = [r for r in rows if not r["uniform"]]
        told_no = [r for r in clinic if r["answer"] == "none"]
        large, small = band(rows, 15, 99), band(rows, 0, 3)
        raised = [r for r in clinic if r["answer"] == "raise"]
        right = [abs(r["true"]) > 5 and (r["true"] > 0) == r["left"] for r in raised]
        wrong = [r["answer"] == "raise" and (r["true"] > 0) != r["left"] for r in rows]
        cells = [
            share(clinic, [r["answer"] == a for r in clinic])
            for a in ("none", "raise", "cause", "again")
        ]
        lines.append(
            f"| {name} | {' | '.join(cells)} | "
            f"{share(told_no, [abs(r['true']) > 10 for r in told_no])} (n "
            f"{len(told_no)}) | "
            f"{share(large, [r['answer'] == 'none' for r in large])} | "
            f"{share(small, [r['answer'] == 'raise' for r in small])} | "
            f"{share(raised, right)} (n {len(raised)}) | {share(rows, wrong)} |"
        )
    return lines


def side_table(found: dict[str, list[Any]]) -> list[str]:
    """Return how often the side is right where its chance is said to be so large."""
    every = [r for rows in found.values() for r in rows if not r["uniform"]]
    lines = ["| said | people | mean said | right |", "| --- | --- | --- | --- |"]
    limits = (0.0, 0.5, 0.65, 0.8, 0.9, 0.95, 1.01)
    for low, high in pairwise(limits):
        own = [r for r in every if low <= r["p_side"] < high]
        right = [(r["true"] > 0) == r["left"] for r in own]
        mean = f"{np.mean([r['p_side'] for r in own]):.2f}" if own else "-"
        lines.append(
            f"| {low:g} to {min(high, 1):g} | {len(own)} | {mean} | "
            f"{share(own, right)} |"
        )
    return lines


def wild_table(found: dict[str, list[Any]]) -> list[str]:
    """Return what a tape that is 15 or 30 mm off does beside honest blocks."""
    lines = [
        "| measured, tape off by | interval holds | no raise if over 10 | raise, and "
        "wrong | measure again |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, rows in found.items():
        clinic = [r for r in rows if not r["uniform"]]
        large = [r for r in clinic if abs(r["true"]) > 10]
        wrong = [
            r["answer"] == "raise"
            and (abs(r["true"]) < 3 or (r["true"] > 0) != r["left"])
            for r in clinic
        ]
        lines.append(
            f"| {name} | {share(clinic, covered(clinic))} | "
            f"{share(large, [r['answer'] == 'none' for r in large])} | "
            f"{share(clinic, wrong)} | "
            f"{share(clinic, [r['answer'] == 'again' for r in clinic])} |"
        )
    return lines


WILD = {
    "tape + blocks, 15 mm": (Kit(tape=(1, 2), blocks=(1, 3)), 15.0),
    "tape + blocks, 30 mm": (Kit(tape=(1, 2), blocks=(1, 3)), 30.0),
    "tape + blocks + photos + seated, 30 mm": (
        Kit(tape=(1, 2), blocks=(1, 3), front=(0.0, 0.0), seated=2),
        30.0,
    ),
}


def page(found: dict[str, list[Any]], wild: dict[str, list[Any]], people: int) -> str:
    """Return the whole page."""
    intro = (__doc__ or "").split("    python")[0].strip().splitlines()
    parts = [
        "# Leg length in a world that the estimate does not assume",
        "",
        f"Written by `python benchmarks/accuracy/leg_length_world.py {people}`; seed "
        f"{SEED}, {people} people a row, half of them uniform to 40 mm, half of a "
        "clinic.",
        "",
        *intro[2:],
        "",
        "## The 95 % interval holds the truth (%), by size of the difference in mm",
        "",
        'Bands and "all" over everybody; "clinic" over the half that comes from '
        'one. "Before" is the estimate of commit 31ba3af as re-written in the study of '
        "readings, in that study's own (narrower) world, patients: share that holds, "
        "and mean half width.",
        "",
        *coverage_table(found),
        "",
        "## The three answers (%; people of the clinic unless a band is named)",
        "",
        'Before (same study): tape + blocks told "no raise" to 67 %, and to 13 % of '
        "those with 10 mm and more; raises were right in 92 %. Markers alone told it "
        "to 94 %, and to 79 % of those with 10 mm and more.",
        "",
        *answer_table(found),
        "",
        "## The chance of the side, all rows together, people of the clinic",
        "",
        "What is said is the less favourable of two priors, so it should not be more "
        "than what is right.",
        "",
        *side_table(found),
        "",
        "## One wild reading beside honest ones (people of the clinic, %)",
        "",
        *wild_table(wild),
        "",
    ]
    return "\n".join(parts)


def main() -> None:
    """Judge every set of readings, resuming, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=PEOPLE)
    parser.add_argument("--only")
    asked = parser.parse_args()
    kept = HERE / "leg_length_world.json"
    done: dict[str, Any] = json.loads(kept.read_text()) if kept.is_file() else {}
    if done.get("people") != asked.people:
        done = {"people": asked.people, "found": {}, "wild": {}}
    for name, kit in KITS.items():
        if name not in done["found"] and asked.only in {None, name}:
            done["found"][name] = run(name, kit, asked.people)
            print(*coverage_table({name: done["found"][name]})[2:], flush=True)
            print(*answer_table({name: done["found"][name]})[2:], flush=True)
            kept.write_text(json.dumps(done))
    for name, (kit, off) in WILD.items():
        if name not in done["wild"] and asked.only in {None, name}:
            done["wild"][name] = run(name, kit, asked.people, wild_mm=off)
            print(*wild_table({name: done["wild"][name]})[2:], flush=True)
            kept.write_text(json.dumps(done))
    if asked.only is None:
        text = page(done["found"], done["wild"], asked.people)
        (HERE / "leg_length_world.md").write_text(text, encoding="utf-8")
        kept.unlink()


if __name__ == "__main__":
    main()
