"""What the program of before said of the readings of ``leg_length_world.py``.

    git worktree add OLD 31ba3af
    PYTHONPATH=OLD python benchmarks/accuracy/leg_length_before.py [PEOPLE]

writes leg_length_before.json, which the page of ``leg_length_world.py`` shows: the same
people, readings and seed, judged by the estimate and the rules L01 to L05 of that
commit. Rows with several pictures are left out: that program judged each by itself.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

import gaitkit.model.standing

# a type that the program of before does not know; the world only makes it
gaitkit.model.standing.PelvisTilt = SimpleNamespace  # type: ignore[misc,assignment]

import leg_length_world as world  # noqa: E402
from leg_length_world import BEFORE_FILE, HERE, KITS, PEOPLE, SEED  # noqa: E402

from gaitkit.measure.examination import measure_examination  # noqa: E402
from gaitkit.measure.leg_length.estimate import (  # noqa: E402
    estimate_leg_length,
    estimate_rows,
)
from gaitkit.model.intake import Intake  # noqa: E402
from gaitkit.model.subject import Subject  # noqa: E402
from gaitkit.model.visit import Visit  # noqa: E402
from gaitkit.rules.judge import judge  # noqa: E402

if TYPE_CHECKING:
    from leg_length_world import Kit, Person

ROWS = tuple(name for name, kit in KITS.items() if not (kit.front or kit.back))


def judged(who: Person, kit: Kit, rng: np.random.Generator) -> dict[str, Any]:
    """Let the program of before judge a person; return what counts."""
    examination = world.examined(who, kit, rng)
    subject = Subject(height_m=who.height_m, age_years=45.0)
    rows = (
        *(world.marker_rows(who, rng) if kit.markers else ()),
        *measure_examination(examination),
    )
    legs = estimate_leg_length(rows, examination, subject=subject)
    assert legs is not None
    more = estimate_rows(legs, rows, examination, subject=subject)
    visit = Visit(
        subject=subject, intake=Intake(pain_site="low_back"), examination=examination
    )
    verdicts = {
        f.rule: f.verdict for f in judge(world.RULE_SET, (*rows, *more), visit, ())
    }
    answer = "again"
    if verdicts["L05"] == "met":
        answer = "cause"
    elif verdicts["L02"] == "met":
        answer = "none"
    elif "met" in {verdicts["L03"], verdicts["L04"]}:
        answer = "raise"
    return {
        "true": who.true_mm,
        "uniform": who.uniform,
        "low": legs.low_mm,
        "high": legs.high_mm,
        "answer": answer,
    }


def row(name: str, people: int) -> dict[str, float]:
    """Return what came out for a set of readings, percentages and mm."""
    rng = np.random.default_rng([SEED, *name.encode()])
    rows = [
        judged(world.person(rng, uniform=n % 2 == 0), KITS[name], rng)
        for n in range(people)
    ]
    clinic = [r for r in rows if not r["uniform"]]
    none = [r for r in clinic if r["answer"] == "none"]
    large = world.band(rows, 15, 99)

    def percent(holds: list[bool]) -> float:
        return round(100 * float(np.mean(holds)), 1) if holds else 0.0

    return {
        "holds": percent(world.covered(rows)),
        "holds_large": percent(world.covered(large)),
        "half_width_mm": round(world.half_width(clinic), 1),
        "none": percent([r["answer"] == "none" for r in clinic]),
        "again": percent([r["answer"] == "again" for r in clinic]),
        "over_10": percent([abs(r["true"]) > 10 for r in none]),
    }


def main(people: int) -> None:
    """Judge every row that the program of before can read."""
    found = {}
    for name in ROWS:
        found[name] = row(name, people)
        print(name, found[name], flush=True)
    text = json.dumps(found, indent=2) + "\n"
    (HERE / BEFORE_FILE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
