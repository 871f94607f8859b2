"""What stands after the decisions: a raise changes all that rests on it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import pytest
from random_visits import plain_visit, random_rows
from rule_cases import Measured, legs_of, measurement

from gaitkit.model.decisions import PlanEdit, PlanEdits
from gaitkit.model.intake import FollowUpAnswers, Shoes
from gaitkit.model.side import Side
from gaitkit.plan.decide import decide_plan
from gaitkit.plan.make import make_plan
from gaitkit.rules.judge import judge

if TYPE_CHECKING:
    from gaitkit.model.decisions import DecidedPlan
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import RuleSet

LEG = "structural_leg_length_difference"
ROOM_MM = 10.0
"""What fits in a deep shoe."""
VISITS = 150


def legs(difference_mm: float) -> tuple[Measurement, ...]:
    """Return a picture of the bones that is certain of a difference."""
    rows = (
        Measured(name=LEG, value=difference_mm, sd=1.5, method="x_ray"),
        Measured(name=LEG, value=difference_mm, sd=1.4, method="posterior"),
    )
    return tuple(measurement(row) for row in rows)


def deep_shoes(heel_height_mm: float | None = 20.0) -> Visit:
    """Return a visit with low back pain, in shoes with room."""
    visit = plain_visit(Random(1))
    shoes = Shoes(most_worn="deep", heel_height_mm=heel_height_mm)
    return replace(
        visit,
        intake=replace(visit.intake, shoes=shoes),
        follow_up=FollowUpAnswers(),
    )


def decided(
    visit: Visit,
    rows: tuple[Measurement, ...],
    rule_set: RuleSet,
    *edits: PlanEdit,
) -> tuple[Plan, DecidedPlan]:
    """Return the proposal and what the decisions leave of it."""
    found = judge(rule_set, rows, visit, (), leg_length=legs_of(rows))
    plan = make_plan(found, visit, rule_set)
    made = PlanEdits(edit=edits, decided_by="t1")
    return plan, decide_plan(plan, made, found, visit, rule_set)


def of(plan: Plan, element: str) -> Suggestion | None:
    return next((s for s in plan.suggestions if s.element == element), None)


def raise_edit(plan_raise: Suggestion, **how: object) -> PlanEdit:
    made = {"action": "change", "unit": "mm", "reason": "schoen", **how}
    return PlanEdit(
        rule=plan_raise.rule, element="heel_raise", side=plan_raise.side, **made
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chosen", "start", "steps", "under_shoe"),
    [
        (6.0, None, (3.0, 6.0), None),
        (6.0, 6.0, (6.0,), None),
        (9.0, 5.0, (5.0, 7.0, 9.0), None),
        (12.0, None, (5.0, 7.0, 10.0, 12.0), 2.0),
        (7.5, None, (4.0, 6.0, 7.5), None),
    ],
)
def test_a_changed_raise_has_its_own_steps_remainder_and_height_of_the_heel(
    chosen: float,
    start: float | None,
    steps: tuple[float, ...],
    under_shoe: float | None,
    rule_set: RuleSet,
) -> None:
    visit = deep_shoes()
    proposal, _ = decided(visit, legs(13.0), rule_set)
    raised = of(proposal, "heel_raise")
    assert raised is not None
    assert raised.side is Side.RIGHT
    edit = raise_edit(raised, amount=chosen, start=start)
    _, found = decided(visit, legs(13.0), rule_set, edit)
    now = of(found.plan, "heel_raise")
    assert now is not None
    assert (now.target, now.amount, now.steps) == (chosen, steps[0], steps)
    remainder = of(found.plan, "under_shoe_raise")
    assert (remainder.amount if remainder else None) == under_shoe
    said = "".join(s.text.nl for s in found.plan.suggestions if s.kind == "shoe_advice")
    if said:
        assert f"deze schoen {math.floor(20 + chosen + 0.5)}" in said
    (layer,) = [
        each
        for foot in found.plan.insoles
        for each in foot.layers
        if each.element == "heel_raise"
    ]
    assert layer.amount == steps[0]
    assert now.text.nl.endswith("mm")
    assert "70 %" not in now.text.nl, "the share belongs to the proposal"


def test_a_rejected_raise_takes_the_remainder_with_it(rule_set: RuleSet) -> None:
    visit = deep_shoes()
    proposal, _ = decided(visit, legs(18.0), rule_set)
    raised = of(proposal, "heel_raise")
    assert raised is not None
    assert of(proposal, "under_shoe_raise") is not None
    reject = raise_edit(raised, action="reject", unit=None)
    _, found = decided(visit, legs(18.0), rule_set, reject)
    assert of(found.plan, "heel_raise") is None
    assert of(found.plan, "under_shoe_raise") is None
    decisions = {i.about.element: i.decision for i in found.items}
    assert decisions["heel_raise"] == "reject"
    assert decisions["under_shoe_raise"] == "follows"
    assert found.plan.permanence != proposal.permanence


def test_a_raise_that_is_worn_goes_on_from_there(rule_set: RuleSet) -> None:
    visit = replace(deep_shoes(), follow_up=FollowUpAnswers(raise_mm=5.0))
    proposal, _ = decided(visit, legs(13.0), rule_set)
    raised = of(proposal, "heel_raise")
    assert raised is not None
    _, found = decided(visit, legs(13.0), rule_set, raise_edit(raised, amount=9.0))
    now = of(found.plan, "heel_raise")
    assert now is not None
    assert (now.worn, now.steps) == (5.0, (7.0, 9.0))


def test_a_therapist_may_raise_beyond_the_limit_and_it_is_said(
    rule_set: RuleSet,
) -> None:
    visit = deep_shoes()
    proposal, _ = decided(visit, legs(13.0), rule_set)
    raised = of(proposal, "heel_raise")
    assert raised is not None
    _, found = decided(visit, legs(13.0), rule_set, raise_edit(raised, amount=25.0))
    item = next(i for i in found.items if i.about.element == "heel_raise")
    assert item.standing is not None
    assert (item.standing.target, item.beyond) == (25.0, 20.0)


def random_edit(suggestion: Suggestion, random: Random) -> PlanEdit | None:
    """Return some decision about a suggestion, or none."""
    action = random.choice(("accept", "change", "reject", None))
    if action is None or (action == "change" and suggestion.amount is None):
        return None
    amount = random.choice((1.0, 2.5, 4.0, 7.0, 12.0)) if action == "change" else None
    return PlanEdit(
        rule=suggestion.rule, element=suggestion.element, side=suggestion.side,
        action=action,  # type: ignore[arg-type]
        amount=amount, unit=suggestion.unit if amount else None, reason="reden",
    )  # fmt: skip


def test_a_decided_plan_agrees_with_itself_and_with_the_decisions(
    rule_set: RuleSet,
) -> None:
    random, raises, layers = Random(20261201), 0, 0
    for _ in range(VISITS):
        visit = plain_visit(random)
        bones = legs(random.choice((-1, 1)) * random.uniform(8.0, 19.0))
        rows = random.choice((random_rows(random), bones))
        found = judge(rule_set, rows, visit, (), leg_length=legs_of(rows))
        plan = make_plan(found, visit, rule_set)
        edits = PlanEdits(
            edit=tuple(e for s in plan.suggestions if (e := random_edit(s, random)))
        )
        after = decide_plan(plan, edits, found, visit, rule_set)
        standing = tuple(i.standing for i in after.items if i.standing is not None)
        assert after.plan.suggestions == standing
        assert len({id(i.about) for i in after.items}) == len(after.items)
        for item in after.items:
            check_item(item.decision, item.proposal, item.standing)
        raises += check_raise(visit, after, edits, rule_set)
        layers += check_layers(after)
    assert raises > VISITS / 20
    assert layers > VISITS / 20


def check_item(
    decision: str, proposal: Suggestion | None, standing: Suggestion | None
) -> None:
    """Assert that one suggestion became what was decided."""
    if decision == "reject":
        assert standing is None
    if decision == "accept":
        assert standing is not None
        assert not standing.optional
    if decision == "open" and proposal is not None:
        assert standing == (None if proposal.optional else proposal)


def check_raise(
    visit: Visit, after: DecidedPlan, edits: PlanEdits, rule_set: RuleSet
) -> int:
    """Assert that a changed raise leads, in steps, to what was chosen."""
    chosen = [
        e for e in edits.edit if e.element == "heel_raise" and e.action == "change"
    ]
    now = of(after.plan, "heel_raise")
    if not chosen or now is None or chosen[0].amount is None:
        return 0
    target = chosen[0].amount
    assert now.steps[-1] == now.target == target
    assert now.amount == now.steps[0]
    longest = rule_set.limit("raise_step_most").value
    assert all(0 < b - a <= longest + 0.5 for a, b in pairwise(now.steps))
    narrow = visit.intake.shoes.most_worn == "dress"
    room = 6.0 if narrow else ROOM_MM
    decided_itself = any(e.element == "under_shoe_raise" for e in edits.edit)
    remainder = of(after.plan, "under_shoe_raise")
    if not decided_itself:
        assert (remainder.amount if remainder else 0.0) == max(0.0, target - room)
    return 1


def check_layers(after: DecidedPlan) -> int:
    """Assert that every layer of an insole is a suggestion that stands."""
    standing = {
        (s.element or s.kind, s.amount, side)
        for s in after.plan.suggestions
        if s.location != "under_shoe"
        for side in ((s.side,) if s.side else tuple(Side))
    }
    found = [(each, foot.side) for foot in after.plan.insoles for each in foot.layers]
    assert {(each.element, each.amount, side) for each, side in found} <= standing
    return len(found)
