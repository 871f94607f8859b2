"""Doses worked out by hand: raises, layers, shoes, hard limits, follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from rule_cases import Case, Expected, Measured, Told, plan_of

from gaitkit.model.intake import Background, FollowUpAnswers, Shoes
from gaitkit.model.plan import Suggestion
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Intake, Therapy, Visit
from gaitkit.plan.hard_limits import hard_limits, within_limits
from gaitkit.plan.heel_raise import HeelRaise, heel_raise
from gaitkit.plan.insole import insoles, one_sided_cushion, without_opposites
from gaitkit.plan.make import follow_up
from gaitkit.plan.suggest import POINTS, heel_text, points_text

if TYPE_CHECKING:
    from gaitkit.model.plan import Plan
    from gaitkit.rules.rule import RuleSet

WORDS = Text(nl="woorden", en="words")


def raised(
    difference_mm: float, rule_set: RuleSet, visit: Visit | None = None, **how: object
) -> HeelRaise:
    found = heel_raise(difference_mm, visit or Visit(), rule_set, **how)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("difference_mm", "target_mm", "steps_mm"),
    [
        (11.4, 8, (4, 6, 8)),
        (6.6, 5, (3, 5)),
        (5.1, 4, (3, 4)),
        (9.0, 6, (3, 6)),
        (18.0, 13, (5, 8, 10, 13)),
        (2.0, 1, (1,)),
    ],
)
def test_the_raise_is_70_percent_begun_by_half_in_steps_of_2_to_3_mm(
    difference_mm: float, target_mm: float, steps_mm: tuple[float, ...],
    rule_set: RuleSet,
) -> None:  # fmt: skip
    found = raised(difference_mm, rule_set)
    assert (found.target_mm, found.steps_mm) == (target_mm, steps_mm)
    assert found.side is Side.RIGHT
    mirrored = raised(-difference_mm, rule_set)
    assert replace(mirrored, side=Side.RIGHT) == found
    assert mirrored.side is Side.LEFT


def test_every_step_is_at_most_3_mm_and_every_start_at_most_5(
    rule_set: RuleSet,
) -> None:
    for tenth in range(10, 300):
        found = heel_raise(tenth / 10, Visit(), rule_set)
        if found is None:
            continue
        steps = found.steps_mm
        assert steps[0] <= 5
        assert steps[-1] == found.target_mm <= 0.7 * tenth / 10 + 0.5
        assert all(1 <= b - a <= 3 for a, b in pairwise(steps))


def test_no_difference_and_a_thick_cushion_leave_nothing_to_raise(
    rule_set: RuleSet,
) -> None:
    assert heel_raise(0.0, Visit(), rule_set) is None
    assert heel_raise(8.0, Visit(), rule_set, cushion_mm=6.0) is None
    assert raised(11.4, rule_set, cushion_mm=3.0).target_mm == 5


def test_the_shoe_decides_what_goes_under_it(rule_set: RuleSet) -> None:
    dress = Visit(intake=Intake(shoes=Shoes(most_worn="dress")))
    some_dress = Visit(intake=Intake(shoes=Shoes(worn=("everyday", "dress"))))
    assert raised(18.0, rule_set).under_shoe_mm == 3
    assert raised(18.0, rule_set, dress).under_shoe_mm == 7
    assert raised(18.0, rule_set, some_dress).limit_mm == 6
    assert raised(18.0, rule_set).forefoot
    assert not raised(11.4, rule_set, dress).forefoot


@pytest.mark.parametrize(
    "background",
    [
        Background(fixed_spine_curve="yes"),
        Background(difference_years=20.0),
        Background(fall_risk="yes"),
    ],
)
def test_an_old_difference_or_a_fixed_curve_takes_smaller_steps(
    background: Background, rule_set: RuleSet
) -> None:
    careful = Visit(intake=Intake(background=background))
    assert raised(11.4, rule_set, careful).steps_mm == (3, 5, 6, 8)


def test_steps_have_dates_when_the_start_is_known(rule_set: RuleSet) -> None:
    begun = Therapy(
        given="hak", start=date(2026, 3, 2), kind="heel_raise", side=Side.RIGHT
    )
    found = raised(11.4, rule_set, Visit(therapy=(begun,)))
    assert found.step_dates == (
        date(2026, 3, 2),
        date(2026, 3, 16),
        date(2026, 3, 30),
    )
    assert raised(11.4, rule_set).step_dates == ()


@pytest.mark.parametrize(
    ("answers", "go_on", "steps_mm"),
    [
        (FollowUpAnswers(raise_mm=4.0), True, (6, 8)),
        (FollowUpAnswers(raise_mm=4.0), False, (4,)),
        (FollowUpAnswers(raise_mm=8.0), True, (8,)),
        (FollowUpAnswers(raise_mm=12.0), True, (8,)),
        (FollowUpAnswers(raise_mm=4.0, new_pain="yes"), True, (2,)),
    ],
)
def test_a_raise_that_is_worn_goes_on_stays_or_goes_back(
    answers: FollowUpAnswers, go_on: bool, steps_mm: tuple[float, ...],
    rule_set: RuleSet,
) -> None:  # fmt: skip
    found = raised(11.4, rule_set, Visit(follow_up=answers), go_on=go_on)
    assert found.steps_mm == steps_mm


def test_new_pain_with_the_smallest_raise_ends_it(rule_set: RuleSet) -> None:
    worn = Visit(follow_up=FollowUpAnswers(raise_mm=2.0, new_pain="yes"))
    assert heel_raise(11.4, worn, rule_set) is None


def element(name: str, **parts: object) -> Suggestion:
    filled = {"rule": "F01", "kind": "insole_element", "unit": "deg", **parts}
    return Suggestion(element=name, text=WORDS, **filled)


def test_layers_stand_from_the_heel_forward(rule_set: RuleSet) -> None:
    given = (
        element("metatarsal_pad", amount=5.0, unit="mm"),
        element("heel_raise", kind="heel_raise", amount=4.0, unit="mm",
                side=Side.RIGHT, location="in_insole"),
        element("medial_rearfoot_post", amount=2.0, side=Side.LEFT),
        element("heel_cup", amount=15.0, unit="mm", side=Side.LEFT),
        element("under_shoe_raise", kind="heel_raise", amount=2.0, unit="mm",
                side=Side.RIGHT, location="under_shoe"),
        element("test_raise", kind="heel_raise", amount=3.0, unit="mm", optional=True),
    )  # fmt: skip
    left, right = insoles(given, rule_set)
    assert [layer.element for layer in left.layers] == [
        "medial_rearfoot_post",
        "heel_cup",
        "metatarsal_pad",
    ]
    assert [layer.order for layer in left.layers] == [1, 2, 3]
    assert [layer.element for layer in right.layers] == ["heel_raise", "metatarsal_pad"]
    assert left.layers[0].label.nl == "mediale achtervoetwig"


def test_opposite_posts_are_neither_proposed_and_named(rule_set: RuleSet) -> None:
    medial = element("medial_rearfoot_post", amount=2.0, side=Side.LEFT)
    lateral = element("lateral_rearfoot_post", amount=2.0, side=Side.LEFT, rule="F04")
    other = element("lateral_rearfoot_post", amount=2.0, side=Side.RIGHT)
    kept = without_opposites((medial, lateral, other), rule_set)
    assert kept == (other,)
    left = insoles(kept, rule_set, dropped=(medial, lateral))[0]
    assert left.layers == ()
    told = left.conflicts[0].nl
    assert "mediale achtervoetwig en laterale achtervoetwig spreken" in told


def test_conflicts_between_layers_are_said(rule_set: RuleSet) -> None:
    twice = (
        element("medial_rearfoot_post", amount=4.0, side=Side.LEFT, rule="F02"),
        element("medial_rearfoot_post", amount=2.0, side=Side.LEFT),
        element("first_ray_cut_out", unit=None, side=Side.LEFT),
        element("medial_forefoot_post", amount=2.0, side=Side.LEFT),
    )
    (left,) = insoles(twice, rule_set)
    assert left.layers[0].amount == 2.0
    told = " ".join(text.nl for text in left.conflicts)
    for piece in (
        "volgt uit twee regels",
        "heffen elkaar op",
        "één onderdeel tegelijk",
    ):
        assert piece in told


def test_a_cushion_on_one_side_counts_and_on_both_does_not(rule_set: RuleSet) -> None:
    right = element("heel_cushion", amount=3.0, unit="mm", side=Side.RIGHT)
    both = element("heel_cushion", amount=3.0, unit="mm")
    assert one_sided_cushion((right,), Side.RIGHT) == 3.0
    assert one_sided_cushion((right,), Side.LEFT) == 0.0
    assert one_sided_cushion((both,), Side.RIGHT) == 0.0
    raise_ = element("heel_raise", kind="heel_raise", amount=3.0, unit="mm",
                     side=Side.RIGHT, location="in_insole")  # fmt: skip
    (foot,) = insoles((right, raise_), rule_set)
    assert any("van de hielverhoging afgetrokken" in text.nl for text in foot.conflicts)


@pytest.mark.parametrize("name", [n for n in hard_limits() if "total" not in n])
def test_beyond_a_hard_limit_there_is_no_number(name: str, rule_set: RuleSet) -> None:
    limit = hard_limits()[name]
    most = element(name, amount=limit.most, unit=limit.unit)
    assert within_limits(most, rule_set) == most
    for parts in ({"amount": limit.most + 0.5}, {"high": limit.most + 1.0},
                  {"target": limit.most + 1.0}, {"steps": (1.0, limit.most + 1.0)},
                  {"amount": -1.0}):  # fmt: skip
        over = within_limits(replace(most, **parts), rule_set)
        assert (over.amount, over.high, over.target, over.steps) == (
            None,
            None,
            None,
            (),
        )
        assert "vraagt een behandelaar" in over.text.nl
        assert over.text.en.endswith("; the podotherapist decides")
    other_unit = replace(most, unit="cm")
    assert within_limits(other_unit, rule_set).amount is None


def test_no_dose_of_the_rule_set_lies_beyond_a_hard_limit(rule_set: RuleSet) -> None:
    named = [
        (suggestion.element, rule_set.limit(name))
        for rule in rule_set.active
        for suggestion in rule.suggestions
        for name in (suggestion.amount, suggestion.low, suggestion.high)
        if name is not None
    ]
    for name, dose in named:
        limit = hard_limits().get(name or "")
        if limit is not None:
            assert (dose.unit, dose.value <= limit.most) == (limit.unit, True), name


def test_an_edited_share_beyond_the_hard_limit_needs_the_clinician(
    rule_set: RuleSet,
) -> None:
    limits = tuple(
        replace(limit, value=200.0) if limit.name == "raise_share" else limit
        for limit in rule_set.limits
    )
    plan = plan_of(difference_of(12.0), replace(rule_set, limits=limits))
    (raise_,) = (s for s in plan.suggestions if s.element == "heel_raise")
    assert (raise_.amount, raise_.steps) == (None, ())
    assert "komt boven 20" in raise_.text.nl


def difference_of(value: float, **told: object) -> Case:
    rows = tuple(
        Measured(
            name="structural_leg_length_difference", value=v, sd=1.46, method=method
        )
        for v, method in ((value, "x_ray"), (0.95 * value, "posterior"))
    )
    intake = Intake(pain_site="low_back", shoes=Shoes(worn=("work",)))
    return Case(
        name="",
        expect=Expected(verdict="met"),
        told=Told(**{"intake": intake, **told}),
        measured=rows,
    )


def elements(plan: Plan) -> set[str]:
    return {s.element for s in plan.suggestions if s.element}


def test_a_raise_brings_shoes_instruction_permanence_and_active_advice(
    rule_set: RuleSet,
) -> None:
    plan = plan_of(difference_of(12.0), rule_set)
    assert {"heel_raise", "shoe_checklist", "keep_moving", "all_shoes"} <= elements(
        plan
    )
    assert [text.en.split()[0] for text in plan.deliverables] == [
        "The",
        "Instruction:",
        "Maintenance",
    ]
    assert "werkschoen" in plan.deliverables[0].nl
    assert plan.permanence == rule_set.phrases.permanent
    keys = {said.key for said in plan.statements}
    assert {"reported_figures", "raise_evidence", "keep_moving"} <= keys
    assert "insole_evidence" not in keys


def test_nothing_made_brings_nothing_with_it(rule_set: RuleSet) -> None:
    told = Case(name="", expect=Expected(verdict="met"), told=Told())
    plan = plan_of(told, rule_set)
    assert (plan.deliverables, plan.permanence, plan.insoles) == ((), None, ())


def test_a_withheld_plan_says_nothing_of_the_sources(rule_set: RuleSet) -> None:
    plan = plan_of(difference_of(12.0, alarm_not_asked=("trauma",)), rule_set)
    assert (plan.statements, plan.deliverables, plan.insoles) == ((), (), ())


def test_the_seven_points_are_those_of_the_sources(rule_set: RuleSet) -> None:
    assert len(POINTS) == 7
    told = points_text(Shoes(heel_counter="poor", firmness="good"), rule_set)
    assert told.nl.startswith("let op stevig contrefort; nog te beoordelen: hakhoogte")
    assert told.nl.endswith("goed: stevigheid")
    assert heel_text(Shoes(), rule_set, raise_mm=4.0) is None


def test_the_window_knows_its_start_its_basis_and_whether_it_is_late(
    rule_set: RuleSet,
) -> None:
    start = date(2026, 1, 5)
    trial = Visit(
        therapy=(Therapy(given="proef", start=start),), visited_on=date(2026, 3, 17)
    )
    window = follow_up(trial, rule_set)
    assert window is not None
    assert (window.counted_from, window.definitive, window.overdue) == (
        start,
        False,
        True,
    )
    assert (window.questionnaire_from, window.questionnaire_to) == (
        date(2026, 2, 23),
        date(2026, 3, 9),
    )
    last = follow_up(replace(trial, visited_on=date(2026, 3, 16)), rule_set)
    assert last is not None
    assert last.overdue is False
