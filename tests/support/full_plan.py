"""An assessment whose plan and decisions have every field filled, for the writers."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import TYPE_CHECKING

import assessment_example

from gaitkit.model.decisions import FindingRole, PlanEdit, PlanEdits
from gaitkit.model.plan import (
    Code,
    FollowUp,
    FootInsole,
    InsoleLayer,
    Plan,
    Suggestion,
    Triage,
)
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.plan.hard_limits import with_limit
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import SuggestionKind

START = date(2026, 4, 2)
STEPS = (4.0, 6.5, 9.0, 11.0)
DATES = tuple(START + timedelta(days=14 * number) for number in range(len(STEPS)))

RULES = load_rules()


def suggested(
    kind: SuggestionKind, element: str, text: Text, *, rule: str, side: Side | None
) -> Suggestion:
    """Return a suggestion with what its element is called, and no dose."""
    label = RULES.answer(element)
    return Suggestion(
        kind=kind,
        element=element,
        text=text,
        rule=rule,
        side=side,
        label=None if label.nl == element else label,
    )


RAISE = dataclasses.replace(
    suggested(
        "heel_raise", "heel_raise", rule="L04", side=Side.RIGHT,
        text=Text(
            nl="Overweeg een hielverhoging van 4 mm; de podotherapeut beslist",
            en="Consider a heel raise of 4 mm; the podotherapist decides",
        ),
    ),
    amount=4.0, unit="mm", location="in_insole", steps=STEPS, step_dates=DATES,
    target=11.0, unconfirmed=True, evidence=("rannisto2019",), grade=("B",),
)  # fmt: skip
UNDER_SHOE = dataclasses.replace(
    suggested(
        "heel_raise", "under_shoe_raise", rule="L05", side=Side.RIGHT,
        text=Text(
            nl="Onder de schoen rechts nog 3 mm; de podotherapeut beslist",
            en="Under the right shoe 3 mm more; the podotherapist decides",
        ),
    ),
    amount=3.0, unit="mm", location="under_shoe", unconfirmed=True,
)  # fmt: skip
POST = dataclasses.replace(
    suggested(
        "insole_element", "medial_rearfoot_post", rule="F05", side=Side.LEFT,
        text=Text(
            nl="Mediale achtervoetwig links van 2,5°; de podotherapeut beslist",
            en="Medial rearfoot post left of 2.5°; the podotherapist decides",
        ),
    ),
    amount=2.5, low=2.0, high=5.0, unit="deg", unconfirmed=True,
)  # fmt: skip
CUP = dataclasses.replace(
    suggested(
        "insole_element", "heel_cup", rule="F08", side=None,
        text=Text(
            nl="Hielkom van 14 mm; de podotherapeut beslist",
            en="Heel cup of 14 mm; the podotherapist decides",
        ),
    ),
    amount=14.0, low=12.0, high=16.0, unit="mm",
)  # fmt: skip
TRIAL = dataclasses.replace(
    suggested(
        "heel_raise", "test_raise", rule="L03", side=Side.RIGHT,
        text=Text(
            nl="Proefverhoging van 3 mm rechts; de podotherapeut beslist",
            en="Test raise of 3 mm right; the podotherapist decides",
        ),
    ),
    amount=3.0, unit="mm", optional=True,
)  # fmt: skip
SHOE = suggested(
    "shoe_advice", "shoe_checklist", rule="S01", side=None,
    text=Text(
        nl="Schoenadvies: contrefort stevig; totale hielhoogte 36 mm",
        en="Shoe advice: firm heel counter; total heel height 36 mm",
    ),
)  # fmt: skip
PHYSIO = suggested(
    "collaboration", "muscle_or_joint", rule="C03", side=None,
    text=Text(nl="Fysiotherapeut: mobiliteit", en="Physiotherapist: mobility"),
)  # fmt: skip
MOVE = suggested(
    "advice", "keep_moving", rule="C02", side=None,
    text=Text(nl="Blijf bewegen", en="Keep moving"),
)  # fmt: skip


def layer(order: int, suggestion: Suggestion) -> InsoleLayer:
    """Return a layer as the plan makes it from a suggestion."""
    element = suggestion.element or suggestion.kind
    return InsoleLayer(
        order=order, element=element, label=RULES.answer(element),
        rule=suggestion.rule, amount=suggestion.amount, low=suggestion.low,
        high=suggestion.high, unit=suggestion.unit, unconfirmed=suggestion.unconfirmed,
    )  # fmt: skip


PLAN = Plan(
    status="suggestions",
    triage=Triage(status="clear", rules=("T01",)),
    suggestions=tuple(
        with_limit(each)
        for each in (RAISE, UNDER_SHOE, POST, CUP, TRIAL, SHOE, PHYSIO, MOVE)
    ),
    cautions=(Text(nl="Eén verandering tegelijk.", en="One change at a time."),),
    referrals=(Text(nl="Overleg met de huisarts.", en="Confer with the GP."),),
    follow_up=FollowUp(
        from_=date(2026, 5, 14), to=date(2026, 6, 11), counted_from=START,
        definitive=True, questionnaire_from=date(2026, 5, 21),
        questionnaire_to=date(2026, 6, 4), overdue=False,
    ),
    codes=(Code(system="NVvP", code="010026", label=Text(nl="zorg", en="care")),),
    insoles=(
        FootInsole(side=Side.LEFT, layers=(layer(1, POST), layer(2, CUP))),
        FootInsole(
            side=Side.RIGHT, layers=(layer(1, CUP), layer(2, RAISE)),
            conflicts=(Text(nl="Begin met één laag.", en="Begin with one layer."),),
        ),
    ),
    deliverables=(Text(nl="Onderhoud: luchten.", en="Maintenance: airing."),),
    permanence=Text(nl="De voorziening is blijvend.", en="It is needed permanently."),
    goals=(Text(nl="functie: 5 km lopen", en="function: 5 km lopen"),),
)  # fmt: skip

EDITS = PlanEdits(
    decided_by="t3",
    decided_on=date(2026, 3, 21),
    edit=(
        PlanEdit(rule="F05", element="medial_rearfoot_post", side=Side.LEFT,
                 action="change", amount=7.5, unit="deg", reason="zware pronatie"),
        PlanEdit(rule="F08", element="heel_cup", action="reject", reason="te smal"),
        PlanEdit(rule="L03", element="test_raise", side=Side.RIGHT, action="accept",
                 reason="samen gekozen"),
    ),
    role=(FindingRole(rule="K01", side=Side.LEFT, role="maintains"),),
)  # fmt: skip


def full_assessment(*, edits: PlanEdits | None = None) -> Assessment:
    """Return the assessment; with `EDITS` also with decisions."""
    return dataclasses.replace(
        assessment_example.assessment(),
        plan=PLAN,
        findings=(),
        edits=edits,
        visited_on=date(2026, 3, 19),
    )
