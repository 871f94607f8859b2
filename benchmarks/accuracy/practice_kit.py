"""Coverage of what a kit of twenty people tells: kits whose truth is drawn.

    python benchmarks/accuracy/practice_kit.py [--kits 600] [--seed 20261201]
        [--workers 2]

Each kit has a truth of its own, drawn widely; answers of people follow a beta
distribution, own differences and asymmetries have tails, in half of the kits one
picture in twenty is missing, in a third imaging exists. The results go to
practice_kit.md.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402 - after the number of its threads

from gaitkit.measure.practice.kit import kit_estimates  # noqa: E402
from gaitkit.model.chance import Z_95  # noqa: E402
from gaitkit.model.practice import KitReading, KitTilt  # noqa: E402

SHOTS = (
    ("first", 0.0, 1, 2),
    ("right-6", 6.0, 1, 1),
    ("right-12", 12.0, 1, 1),
    ("left-6", -6.0, 1, 1),
    ("left-12", -12.0, 1, 1),
    ("again", 0.0, 1, 1),
    ("new", 0.0, 2, 1),
)
PAGE = Path(__file__).with_name("practice_kit.md")
ROWS = PAGE.with_name("practice_kit_rows")
"""Kits that were simulated; remove it when the statistics change."""


def truth_of(rng: np.random.Generator) -> dict[str, float]:
    """Draw what is true in one practice."""
    truth = {
        "answer": rng.uniform(0.45, 1.0),
        "answer_spread": rng.uniform(0.0, 0.25),
        "reading_mm": rng.uniform(0.3, 1.5),
        "stance_mm": rng.uniform(0.8, 3.5),
        "stays_mm": rng.uniform(0.0, 3.0),
        "placing_mm": rng.uniform(1.5, 5.0),
        "seated_mm": rng.uniform(0.8, 3.5),
        "tape_rater_mm": rng.uniform(2.0, 8.0),
        "tape_reading_mm": rng.uniform(1.5, 5.0),
        "own_answer": rng.uniform(0.8, 1.3),
    }
    again = truth["stance_mm"] ** 2 + truth["reading_mm"] ** 2
    placed = again + truth["placing_mm"] ** 2
    truth["change_same_stickers_mm"] = Z_95 * float(np.sqrt(2 * again))
    truth["change_new_stickers_mm"] = Z_95 * float(np.sqrt(2 * placed))
    return truth


def kit_of(
    rng: np.random.Generator, truth: dict[str, float], *, missing: float, imaging: bool
) -> tuple[list[KitTilt], list[KitReading]]:
    """Simulate the readings of twenty people."""
    tilts: list[KitTilt] = []
    readings: list[KitReading] = []
    for number in range(20):
        person = f"p{number + 1:02d}"
        difference = float(rng.normal(0, 4.9 if rng.random() < 0.7 else 11))
        asymmetry = float(rng.standard_t(5) * 2.7)
        answer = _answer(rng, truth)
        placed = {1: rng.normal(0, truth["placing_mm"])}
        placed[2] = rng.normal(0, truth["placing_mm"])
        stays = {
            block: rng.normal(0, truth["stays_mm"]) for _, block, _, _ in SHOTS[1:]
        }
        stays.setdefault(0.0, rng.normal(0, truth["stays_mm"]))
        shown = answer * truth["own_answer"] * difference

        def add(
            stance: str, block: float, stickers: int, height: float, *, seated: bool
        ) -> None:
            if rng.random() >= missing:
                height += rng.normal(0, truth["reading_mm"])
                tilts.append(
                    KitTilt(
                        person=person,  # noqa: B023 - called in this turn only
                        stance=stance,
                        block_mm=block,
                        stickers=stickers,
                        seated=seated,
                        tilt_mm=float(height),
                    )
                )

        for stance, block, stickers, pictures in SHOTS:
            height = asymmetry + placed[stickers] + shown - answer * block
            height += stays[block] + rng.normal(0, truth["stance_mm"])
            for _ in range(pictures):
                add(stance, block, stickers, height, seated=False)
        seat = rng.normal(0, 2.0)
        for stance in ("seat-1", "seat-2"):
            height = asymmetry + placed[2] + seat + rng.normal(0, truth["seated_mm"])
            add(stance, 0.0, 2, height, seated=True)
        readings += _by_hand(rng, truth, person, difference)
        if imaging:
            told = difference + float(rng.normal(0, 1.5))
            readings.append(
                KitReading(person=person, method="x_ray", difference_mm=told)
            )
    return tilts, readings


def _answer(rng: np.random.Generator, truth: dict[str, float]) -> float:
    """Draw the answer of a person, not normal: a beta between 0 and twice the mean."""
    mean, sd = truth["answer"], max(truth["answer_spread"], 1e-3)
    both = (mean**2 / sd**2 - 1) / 2
    return float(2 * mean * rng.beta(both, both))


def _by_hand(
    rng: np.random.Generator, truth: dict[str, float], person: str, difference: float
) -> list[KitReading]:
    stays = rng.normal(0, 4.5)
    readings = []
    for rater in ("a", "b"):
        own = rng.normal(0, truth["tape_rater_mm"])
        for _ in range(2):
            error = stays + own + rng.normal(0, truth["tape_reading_mm"])
            value = float(np.clip(difference + error, -110, 110))
            readings.append(
                KitReading(
                    person=person, method="tape", rater=rater, difference_mm=value
                )
            )
    return readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is true of one quantity of a kit, and what the kit tells of it."""

    name: str
    true: float
    value: float
    low: float
    high: float
    known: bool


def told_by(task: tuple[int, int]) -> list[Told]:
    """Return what the kit of a seed and a number tells of what was drawn."""
    seed, number = task
    kept = ROWS / f"{seed}_{number}.json"
    if kept.is_file():
        return [Told(**row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    told = _told_anew(seed, number)
    ROWS.mkdir(exist_ok=True)
    part = kept.with_suffix(".part")
    part.write_text(json.dumps([asdict(one) for one in told]), encoding="utf-8")
    part.replace(kept)
    return told


def _told_anew(seed: int, number: int) -> list[Told]:
    rng = np.random.default_rng([seed, number])
    truth = truth_of(rng)
    missing, imaging = (0.05 if number % 2 else 0.0), number % 3 == 0
    return [
        Told(
            name=one.name,
            true=truth[one.name],
            value=one.value,
            low=one.low,
            high=one.high,
            known=one.known,
        )
        for one in kit_estimates(*kit_of(rng, truth, missing=missing, imaging=imaging))
        if one.name in truth
        and one.value is not None
        and one.low is not None
        and one.high is not None
    ]


def main() -> None:
    """Simulate the kits and write the page, after every fifty kits."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kits", type=int, default=600)
    arguments.add_argument("--seed", type=int, default=20261201)
    arguments.add_argument("--workers", type=int, default=os.cpu_count())
    chosen = arguments.parse_args()
    found: dict[str, list[Told]] = defaultdict(list)
    tasks = [(chosen.seed, number) for number in range(chosen.kits)]
    with ProcessPoolExecutor(chosen.workers) as pool:
        for done, told in enumerate(pool.map(told_by, tasks), start=1):
            for one in told:
                found[one.name].append(one)
            if done % 50 == 0 or done == chosen.kits:
                print(f"{done} kits", flush=True)
                PAGE.write_text(_page(found, done, chosen.seed), encoding="utf-8")


def _page(found: dict[str, list[Told]], kits: int, seed: int) -> str:
    rows = []
    for name, cases in found.items():
        true, value, low, high, known = np.array(
            [(c.true, c.value, c.low, c.high, c.known) for c in cases], dtype=float
        ).T
        held = (low <= true) & (true <= high)
        used = known > 0
        held_used = f"{held[used].mean():.3f}" if used.any() else "-"
        size = float(np.median((high - low) / 2))
        error = float(np.sqrt(((value - true) ** 2).mean()))
        rows.append(
            f"| {name} | {len(cases)} | {held.mean():.3f} | {used.mean():.2f} | "
            f"{held_used} | {size:.2f} | {error:.2f} |"
        )
    table_text = "\n".join(rows)
    return f"""# What a kit of twenty people tells

`python benchmarks/accuracy/practice_kit.py` writes this page: {kits} kits (seed {seed})
whose truth is drawn anew for each: answer 0.45 to 1.0, spread 0 to 0.25 (beta),
reading 0.3 to 1.5, stance 0.8 to 3.5, what stays 0 to 3, placing 1.5 to 5 mm,
asymmetries with tails (t, 5 degrees of freedom), own differences as of patients; one
picture in twenty is missing in half of the kits, imaging exists in a third. The 95 %
interval must hold the drawn truth; "used" is the share of kits in which the interval is
narrow enough for the estimate to use the figure, "held where used" its coverage there.

| quantity | kits | held | used | held where used | half width, median | rms error |
| --- | --- | --- | --- | --- | --- | --- |
{table_text}

Never told without imaging: the error of a leg-length difference, the zero of a picture
(asymmetry of the pelvis and placing together) and how far a pelvis follows an own
difference. The spread of tilts without a block is told as an upper bound only.

The answer to a block is in millimetres at the usual distance of the hips for the height
(0.102 of it): of people with hips of 0.109 of it a picture shows 0.94 of the answer of
their own hips, and their tilts as patients are shown by the same 0.94. The kits of this
page are drawn in these millimetres; practice_kit_pictures.md shows both on people that
are drawn.
"""


if __name__ == "__main__":
    main()
