"""What to measure next is what the rules would answer after it, for its minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.measure.examination import measure_examination
from gaitkit.measure.leg_length.estimate import (
    estimate_leg_length,
    estimate_rows,
    with_next_readings,
)
from gaitkit.model.intake import Intake
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    BlockTest,
    Examination,
    ImagingReading,
    TapeReading,
    Visit,
)
from gaitkit.pipeline.assess import answer_limits
from gaitkit.rules.judge import judge
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from gaitkit.model.leg_length import LegLengthEstimate, NextReading

RULES = shipped_rules()
LEGS_ONLY = replace(
    RULES, rules=tuple(r for r in RULES.rules if r.id in {"L02", "L03", "L04", "L05"})
)
LIMITS = answer_limits(RULES)
WHO = Subject(height_m=1.75, age_years=45.0)


def examined(
    *,
    tape: float | None = None,
    blocks: float | None = None,
    imaging: float | None = None,
) -> Examination:
    readings = () if tape is None else ((Side.LEFT, 880.0 + tape), (Side.RIGHT, 880.0))
    return Examination(
        tape=tuple(
            TapeReading(side=side, length_mm=length, rater="a")
            for side, length in readings
            for _ in range(2)
        ),
        block_tests=()
        if blocks is None
        else (
            BlockTest(
                side=Side.RIGHT if blocks >= 0 else Side.LEFT,
                height_mm=abs(blocks),
                rater="a",
            ),
        ),
        imaging=()
        if imaging is None
        else (ImagingReading(method="x_ray", difference_mm=imaging),),
    )


def estimated(examination: Examination) -> LegLengthEstimate:
    found = estimate_leg_length((), examination, subject=WHO)
    assert found is not None
    return found


def answered_by_rules(examination: Examination) -> bool:
    legs = estimated(examination)
    rows = measure_examination(examination)
    more = estimate_rows(legs, rows, examination, subject=WHO)
    visit = Visit(
        subject=WHO, intake=Intake(pain_site="low_back"), examination=examination
    )
    found = judge(LEGS_ONLY, (*rows, *more), visit, (), leg_length=legs)
    return any(finding.verdict == "met" for finding in found)


def asked(examination: Examination) -> tuple[NextReading, ...]:
    found = with_next_readings(estimated(examination), (), examination, limits=LIMITS)
    assert found is not None
    return found.next_readings


def named(readings: tuple[NextReading, ...], word: str) -> NextReading:
    return next(each for each in readings if word in each.label.en)


@pytest.mark.parametrize(("tape", "blocks"), [(9.0, 8.0), (15.0, 14.0), (14.0, 2.0)])
def test_the_chance_of_a_decision_is_how_often_the_rules_decide(
    tape: float, blocks: float
) -> None:
    before = examined(tape=tape, blocks=blocks)
    assert not answered_by_rules(before)
    said = named(asked(before), "imaging").decides
    rng = np.random.default_rng(11)
    legs = estimated(before)
    density = np.array(legs.posterior_density)
    times, people = 0, 300
    for true in rng.choice(legs.curve_mm, size=people, p=density / density.sum()):
        # 3 % of pictures are grossly off by 10 mm, as methods.toml says
        sd = np.hypot(1.5, 10.0) if rng.random() < 0.03 else 1.5
        shown = float(np.clip(true + rng.normal(0, sd), -100, 100))
        after = examined(tape=tape, blocks=blocks, imaging=shown)
        times += answered_by_rules(after)
    # three standard errors of 300 people are 0.08 or less
    assert said == pytest.approx(times / people, abs=0.08)


def test_nothing_is_asked_exactly_where_the_rules_have_an_answer() -> None:
    rng = np.random.default_rng(12)
    answers = set()
    for _ in range(120):
        true = rng.normal(0, 9)
        by_hand = [round(float(true + rng.normal(0, 7))) for _ in range(2)]
        examination = examined(tape=by_hand[0], blocks=by_hand[1])
        answered = answered_by_rules(examination)
        assert answered == (asked(examination) == ())
        answers.add(answered)
    assert answers == {True, False}


def test_the_first_brings_a_decision_soonest_and_not_the_most_information() -> None:
    readings = asked(examined(tape=12.0))
    rates = [(each.decides or 0.0) / each.minutes for each in readings]
    assert rates == sorted(rates, reverse=True)
    assert "block test" in readings[0].label.en
    assert named(readings, "imaging").bits == max(each.bits for each in readings)
    # a second tape is no second kind: it cannot bring the raise that 12 mm hint at
    assert not named(readings, "tape").may_decide


def test_contradicting_kinds_are_answered_by_repeating_one_of_them() -> None:
    before = examined(tape=-10.0, blocks=13.0)
    assert estimated(before).contradicting
    readings = asked(before)
    assert readings[0].may_decide
    assert "an(other) examiner" in readings[0].label.en
    assert not named(readings, "picture from the front").may_decide
