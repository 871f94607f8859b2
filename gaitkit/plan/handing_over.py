"""What is handed over with an insole or raise, for how long, and to which goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.text import Text
from gaitkit.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.model.plan import Suggestion
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import RuleSet

MADE = ("insole_element", "heel_raise")
"""Kinds of suggestion that lead to something that is made."""


def made_of(suggestions: Iterable[Suggestion]) -> bool:
    """Tell whether anything is made; the test raise, only offered, is not."""
    return any(each.kind in MADE and not each.optional for each in suggestions)


def deliverables(
    suggestions: Iterable[Suggestion], visit: Visit, rule_set: RuleSet
) -> tuple[Text, ...]:
    """Return what goes with an insole or raise: shoes, instruction, maintenance (S1).

    The test raise is not made, so it brings nothing with it.
    """
    if not made_of(suggestions):
        return ()
    phrases, worn = rule_set.phrases, visit.intake.shoes.worn
    names = listed((rule_set.answer(kind) for kind in worn), separator=", ")
    shoes = names or phrases.unknown
    return (
        phrases.fits_shoes.filled(shoes=shoes),
        phrases.instruction,
        phrases.maintenance,
    )


def permanence(suggestions: Iterable[Suggestion], rule_set: RuleSet) -> Text | None:
    """Return for how long it is needed: for good with a leg-length difference (L09)."""
    made = [each for each in suggestions if each.kind in MADE and not each.optional]
    if not made:
        return None
    phrases = rule_set.phrases
    raised = any(each.kind == "heel_raise" for each in made)
    return phrases.permanent if raised else phrases.reassess


def goals(visit: Visit, rule_set: RuleSet) -> tuple[Text, ...]:
    """Return the patient's goals, with their kind."""
    return tuple(
        Text(
            nl=f"{rule_set.answer(goal.kind).nl}: {goal.text}",
            en=f"{rule_set.answer(goal.kind).en}: {goal.text}",
        )
        for goal in visit.intake.goals
    )
