"""The judgement as a whole: verdicts, blocks, order, mirror image and alarms."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from rule_cases import (
    Measured,
    Recorded,
    Told,
    measurement,
    recording,
    visit,
    with_estimate,
    with_rule,
)

from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.plan.make import make_plan
from gaitkit.rules.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    FactTest,
    Presence,
)
from gaitkit.rules.judge import judge, judging_order
from gaitkit.rules.rule import Block, Evidence, Rule, SuggestionTemplate, VerdictTexts

if TYPE_CHECKING:
    from gaitkit.model.finding import Finding
    from gaitkit.model.measurement import Measurement
    from gaitkit.rules.condition import Branch, Leaf
    from gaitkit.rules.rule import RuleSet

WORDS = Text(nl="woorden", en="words")
ANSWERS = ("yes", "no", "not_asked")
SPEED = Comparison(measure="walking_speed", operator=">", threshold=1.0, unit="m/s")


def rule(condition: Leaf | Branch, *, name: str = "E90") -> Rule:
    return Rule(
        id=name,
        revision=1,
        status="active",
        title=WORDS,
        condition=condition,
        text=VerdictTexts(met=WORDS),
        evidence=Evidence(grade=("design",)),
    )


def speed(value: float | None, sd: float | None = 0.1) -> Measurement:
    return measurement(
        Measured(
            name="walking_speed",
            value=value,
            sd=sd,
            missing="no_scale" if value is None else None,
        )
    )


def verdict_on(
    condition: Leaf | Branch, rule_set: RuleSet, *rows: Measurement
) -> Finding:
    extended = with_rule(rule_set, rule(condition))
    findings = judge(extended, rows, visit(Told()), ())
    return next(finding for finding in findings if finding.rule == "E90")


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(1.0842, "met"), (1.0840, "uncertain"), (1.0, "uncertain"), (0.9999, "not_met")],
)
def test_the_verdict_changes_at_080_and_at_050(
    value: float, verdict: str, rule_set: RuleSet
) -> None:
    """0.8 and 0.5 of a normal lie 0.8416 and 0 standard errors above the threshold."""
    assert verdict_on(SPEED, rule_set, speed(value)).verdict == verdict


def test_a_value_without_error_is_not_judged(rule_set: RuleSet) -> None:
    finding = verdict_on(SPEED, rule_set, speed(1.4, None))
    assert finding.verdict == "not_assessable"
    assert finding.probability is None
    assert "de meetfout is niet bekend" in finding.text.nl


def test_what_is_missing_says_why_and_what_to_record(rule_set: RuleSet) -> None:
    finding = verdict_on(SPEED, rule_set, speed(None))
    assert finding.verdict == "not_assessable"
    assert "Loopsnelheid (niet gemeten)" in finding.text.nl
    assert finding.advice is not None
    assert "subject.height_m" in finding.advice.en


MISSING = Comparison(measure="cadence", operator=">", threshold=90.0, unit="/min")


@pytest.mark.parametrize(
    ("condition", "value", "verdict"),
    [
        (AnyOf(any=(SPEED, MISSING)), 2.0, "met"),
        (AnyOf(any=(SPEED, MISSING)), 0.5, "not_assessable"),
        (AnyOf(any=(SPEED, MISSING)), 1.03, "not_assessable"),
        (AllOf(all=(SPEED, MISSING)), 0.5, "not_met"),
        (AllOf(all=(SPEED, MISSING)), 2.0, "not_assessable"),
        (AtLeast(at_least=1, among=(SPEED, MISSING)), 2.0, "met"),
        (AtLeast(at_least=2, among=(SPEED, MISSING, MISSING)), 2.0, "not_assessable"),
    ],
)
def test_a_missing_part_matters_only_where_it_could_change_the_verdict(
    condition: Branch, value: float, verdict: str, rule_set: RuleSet
) -> None:
    assert verdict_on(condition, rule_set, speed(value)).verdict == verdict


def test_two_likely_parts_together_are_less_than_either(rule_set: RuleSet) -> None:
    """0.90 and 0.85, whatever they have in common: at least 0.75."""
    cadence = measurement(Measured(name="cadence", value=91.0364, sd=1.0))
    both = AllOf(all=(SPEED, MISSING))
    finding = verdict_on(both, rule_set, speed(1.12816), cadence)
    assert finding.probability == pytest.approx(0.75, abs=1e-4)
    assert finding.verdict == "uncertain"


def test_a_certainty_makes_a_comparison_simply_true_or_false(
    rule_set: RuleSet,
) -> None:
    certain = replace(SPEED, certainty="met_from")
    assert verdict_on(certain, rule_set, speed(1.09)).verdict == "met"
    assert verdict_on(certain, rule_set, speed(1.08)).verdict == "not_met"
    below = replace(SPEED, certainty_below="met_from")
    assert verdict_on(below, rule_set, speed(1.09)).verdict == "not_met"
    assert verdict_on(below, rule_set, speed(1.08)).verdict == "met"


def test_a_gate_decides_and_claims_no_probability(rule_set: RuleSet) -> None:
    gate = replace(SPEED, certainty="uncertain_from")
    assert verdict_on(gate, rule_set, speed(1.09)).probability is None
    both = AllOf(all=(gate, SPEED))
    alone = verdict_on(SPEED, rule_set, speed(1.09))
    assert verdict_on(both, rule_set, speed(1.09)).probability == alone.probability


def test_a_rule_that_is_not_met_has_the_probability_of_its_opposite(
    rule_set: RuleSet,
) -> None:
    found = verdict_on(SPEED, rule_set, speed(0.9))
    assert found.verdict == "not_met"
    # one standard error (0.1) below the threshold of 1.0
    assert found.probability == pytest.approx(0.841, abs=1e-3)


def test_the_recording_with_the_smallest_error_counts(rule_set: RuleSet) -> None:
    rows = (speed(0.8, 0.3), speed(1.5, 0.05))
    assert verdict_on(SPEED, rule_set, *rows).measurements == rows[1:]


def test_the_mean_of_both_sides_has_the_error_of_a_mean(rule_set: RuleSet) -> None:
    mean = Comparison(
        measure="stance", of="mean", operator=">", threshold=60.0, unit="%"
    )
    rows = [
        measurement(Measured(name="stance", side=side, value=value, sd=1.0))
        for side, value in ((Side.LEFT, 62.0), (Side.RIGHT, 60.0))
    ]
    # 61 with standard error 1 / sqrt 2: z = 1.414
    assert verdict_on(mean, rule_set, *rows).probability == pytest.approx(
        0.9214, abs=1e-4
    )


def test_sides_of_two_recordings_are_not_compared(rule_set: RuleSet) -> None:
    rows = [
        measurement(
            Measured(name="stance", side=side, value=62.0, sd=1.0, recording=name)
        )
        for side, name in ((Side.LEFT, "one"), (Side.RIGHT, "two"))
    ]
    difference = Comparison(
        measure="stance",
        of="abs_left_minus_right",
        operator=">",
        threshold=3.0,
        unit="%",
    )
    assert verdict_on(difference, rule_set, *rows).verdict == "not_assessable"


def test_a_draft_is_not_judged(rule_set: RuleSet) -> None:
    draft = replace(rule(SPEED), status="draft")
    findings = judge(with_rule(rule_set, draft), (speed(2.0),), visit(Told()), ())
    assert "E90" not in {finding.rule for finding in findings}


def test_a_rule_that_stops_another_is_judged_first_whatever_the_priority(
    rule_set: RuleSet,
) -> None:
    late = replace(rule(SPEED, name="S90"), blocks=(Block(rules=("L90",)),))
    early = rule(SPEED, name="L90")
    order = [each.id for each in judging_order((early, late))]
    assert order == ["S90", "L90"]
    extended = with_rule(with_rule(rule_set, early), late)
    findings = judge(extended, (speed(2.0),), visit(Told()), ())
    stopped = next(finding for finding in findings if finding.rule == "L90")
    assert stopped.verdict == "not_assessable"
    assert "regel S90 houdt dit tegen" in stopped.text.nl


def test_a_slow_camera_stops_rules_about_times_and_no_other(rule_set: RuleSet) -> None:
    slow = recording(Recorded(id="walk", rate_hz=30.0))
    rows = [
        measurement(
            Measured(name=name, side=side, value=60.0, sd=1.0, recording="walk")
        )
        for name in ("stance", "knee_flexion_range")
        for side in Side
    ]
    findings = judge(rule_set, rows, visit(Told()), (slow,))
    verdicts = {f.measure: f.verdict for f in findings if f.rule == "Q02"}
    assert verdicts == {"stance": "not_assessable", "knee_flexion_range": "not_met"}


def test_the_order_of_rules_and_measurements_does_not_matter(rule_set: RuleSet) -> None:
    rows, recordings = a_walk(Random(3))
    seen = judge(rule_set, rows, visit(Told()), recordings)
    shuffled = list(rule_set.rules)
    Random(5).shuffle(shuffled)
    other = judge(
        replace(rule_set, rules=tuple(shuffled)), rows[::-1], visit(Told()), recordings
    )
    assert {(f.rule, f.measure, f.side, f.verdict, f.probability) for f in seen} == {
        (f.rule, f.measure, f.side, f.verdict, f.probability) for f in other
    }


def test_mirroring_left_and_right_mirrors_findings_and_plan(rule_set: RuleSet) -> None:
    trial = replace(
        rule(
            Comparison(
                measure="knee_flexion_swing_peak",
                of="abs_left_minus_right",
                operator=">",
                threshold=2.0,
                unit="deg",
            )
        ),
        suggestions=(
            SuggestionTemplate(kind="advice", side="smaller", text=WORDS),
            SuggestionTemplate(kind="advice", side="larger", text=WORDS),
        ),
    )
    extended = with_rule(rule_set, trial)
    for seed in range(20):
        rows, recordings = a_walk(Random(seed))
        mirrored = [
            replace(row, side=row.side.other if row.side else None) for row in rows
        ]
        plans = [
            make_plan(
                judge(extended, each, visit(Told()), recordings),
                visit(Told()),
                extended,
            )
            for each in (rows, mirrored)
        ]
        first, second = (
            {
                (s.rule, s.kind, s.element, s.side and s.side.other)
                for s in plans[0].suggestions
            },
            {(s.rule, s.kind, s.element, s.side) for s in plans[1].suggestions},
        )
        assert first == second


def a_walk(random: Random) -> tuple[list[Measurement], tuple]:
    """Return random but possible measurements of one good recording."""
    walk = recording(Recorded(id="walk", rate_hz=60.0))
    names = ("knee_flexion_swing_peak", "hip_flexion_peak", "stance", "step_length")
    rows = [
        measurement(
            Measured(
                name=name,
                side=side,
                value=random.uniform(0.4, 0.8)
                if name == "step_length"
                else random.uniform(40.0, 65.0),
                sd=random.uniform(0.01, 4.0),
                recording="walk",
            )
        )
        for name in names
        for side in Side
    ]
    rows.append(
        measurement(
            Measured(name="foot_posture_index", side=Side.LEFT, value=8.0, sd=1.0)
        )
    )
    return rows, (walk,)


def test_presence_asks_for_a_value_and_not_for_a_row(rule_set: RuleSet) -> None:
    absent = Presence(measure="walking_speed", measured=False)
    assert verdict_on(absent, rule_set, speed(None)).verdict == "met"
    assert verdict_on(absent, rule_set).verdict == "met"
    assert verdict_on(absent, rule_set, speed(1.2)).verdict == "not_met"


def test_a_rule_that_asks_what_is_proposed_is_judged_last(rule_set: RuleSet) -> None:
    follows = rule(FactTest(fact="proposal.kinds", contains="retest"), name="S91")
    extended = with_rule(rule_set, follows)
    by_tape = tuple(
        measurement(
            Measured(name="structural_leg_length_difference", value=v, sd=s, method=m)
        )
        for v, s, m in ((10.0, 8.6, "tape"), (3.6, 5.2, "posterior"))
    )
    _, legs = with_estimate(by_tape, visit(Told()))
    findings = judge(extended, by_tape, visit(Told()), (), leg_length=legs)
    assert next(f for f in findings if f.rule == "S91").verdict == "met"
    lacks = rule(FactTest(fact="proposal.kinds", lacks="heel_raise"), name="S92")
    findings = judge(with_rule(rule_set, lacks), (), visit(Told()), ())
    assert next(f for f in findings if f.rule == "S92").verdict == "met"
