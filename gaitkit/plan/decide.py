"""The plan after the therapist's decisions, with all that follows from a changed raise.

A raise that was changed gets its own steps, its own remainder under the shoe and its
own height of the heel; a raise that was rejected takes the remainder with it. Insoles,
codes and what is handed over follow from what stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.model.decisions import (
    Decided,
    DecidedPlan,
    decide,
    decided_plan,
    decision_about,
    item_of,
    of_items,
)
from gaitkit.model.wording import both, number_with_unit
from gaitkit.plan.heel_raise import chosen_raise
from gaitkit.plan.make import with_suggestions
from gaitkit.plan.suggest import suggest
from gaitkit.rules.proposal import proposals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.decisions import PlanEdits
    from gaitkit.model.finding import Finding
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.model.text import Language, Text
    from gaitkit.model.visit import Visit
    from gaitkit.plan.heel_raise import HeelRaise
    from gaitkit.rules.rule import RuleSet

RAISE, REMAINDER, TRIAL = "heel_raise", "under_shoe_raise", "test_raise"
RESTING = ("heel_raise", "shoe_advice")
"""Kinds of suggestion whose words hold a number of the raise."""


def decide_plan(
    plan: Plan,
    edits: PlanEdits | None,
    findings: Iterable[Finding],
    visit: Visit,
    rule_set: RuleSet,
) -> DecidedPlan:
    """Return the plan as the therapist's decisions leave it.

    Parameters
    ----------
    plan : Plan
        From `gaitkit.plan.make.make_plan` with the same findings, visit and rules.
    edits : PlanEdits or None
        What was decided; None when nothing was noted yet.
    findings : iterable of Finding
        All findings of the visit.
    visit : Visit
        Shoes and what is worn.
    rule_set : RuleSet
        The rules.
    """
    if plan.status != "suggestions":
        return decided_plan(plan, edits)
    known = tuple(findings)
    raised = _chosen(plan, edits, visit, rule_set)
    anew: tuple[Suggestion, ...] = ()
    if raised is not None:
        anew = suggest(
            proposals(known, rule_set), known, visit, rule_set, chosen=raised
        )
    lowered = raised is None and _raise_rejected(plan, edits)
    items = tuple(_items(plan, edits, anew, rule_set, without=lowered))
    if lowered:
        items = _without_height(items, known, visit, rule_set)
    standing = tuple(each.standing for each in items if each.standing is not None)
    return of_items(
        with_suggestions(plan, standing, visit, rule_set), items, standing, edits
    )


def _chosen(
    plan: Plan, edits: PlanEdits | None, visit: Visit, rule_set: RuleSet
) -> HeelRaise | None:
    """Return the raise that was chosen instead of the one proposed, or None."""
    for each in plan.suggestions:
        edit = decision_about(each, edits)
        changed = edit is not None and edit.action == "change"
        if each.element == RAISE and each.side and edit is not None and changed:
            if edit.amount is None:
                return None
            return chosen_raise(
                each.side, edit.amount, visit, rule_set, start_mm=edit.start
            )
    return None


def _raise_rejected(plan: Plan, edits: PlanEdits | None) -> bool:
    raises = [each for each in plan.suggestions if each.element == RAISE]
    return bool(raises) and all(
        decide(each, decision_about(each, edits)) is None for each in raises
    )


def _items(
    plan: Plan,
    edits: PlanEdits | None,
    anew: tuple[Suggestion, ...],
    rule_set: RuleSet,
    *,
    without: bool,
) -> Iterator[Decided]:
    """Yield every suggestion with what became of it, then what was added."""
    for proposal in plan.suggestions:
        gone = proposal.element == REMAINDER and (
            without or (bool(anew) and _same(proposal, anew) is None)
        )
        edit = decision_about(proposal, edits)
        if edit is not None and proposal.element != RAISE:
            yield _by_itself(proposal, edits, plan, rule_set)
        elif gone:
            yield Decided(proposal=proposal, decision="follows")
        else:
            yield _following(proposal, edits, plan, anew, rule_set)
    known = {_key(each) for each in plan.suggestions}
    for each in anew:
        if each.element == REMAINDER and _key(each) not in known:
            yield Decided(proposal=None, decision="follows", standing=each)


def _by_itself(
    proposal: Suggestion, edits: PlanEdits | None, plan: Plan, rule_set: RuleSet
) -> Decided:
    """Return a suggestion as the decision about it leaves it."""
    edit = decision_about(proposal, edits)
    standing = decide(proposal, edit)
    if standing is not None and edit is not None and edit.amount is not None:
        standing = replace(standing, text=_told(standing, rule_set))
    return item_of(proposal, standing, edits, plan)


def _following(
    proposal: Suggestion,
    edits: PlanEdits | None,
    plan: Plan,
    anew: tuple[Suggestion, ...],
    rule_set: RuleSet,
) -> Decided:
    """Return a suggestion that follows the raise, or is the raise itself."""
    worked_out = _same(proposal, anew)
    if worked_out is None or worked_out == proposal:
        standing = decide(proposal, decision_about(proposal, edits))
        return item_of(proposal, standing, edits, plan)
    standing = replace(worked_out, optional=False)
    if standing.element == RAISE:
        standing = replace(standing, text=_told(standing, rule_set))
    found = item_of(proposal, standing, edits, plan)
    return replace(found, decision="follows") if found.decision == "open" else found


def _without_height(
    items: tuple[Decided, ...],
    findings: tuple[Finding, ...],
    visit: Visit,
    rule_set: RuleSet,
) -> tuple[Decided, ...]:
    """Return the items with shoe advice as for a patient without a raise."""
    none = [p for p in proposals(findings, rule_set) if p.template.element != RAISE]
    anew = suggest(none, findings, visit, rule_set)
    return tuple(
        replace(item, decision="follows", standing=found)
        if item.standing is not None
        and item.standing.kind == "shoe_advice"
        and item.decision == "open"
        and (found := _same(item.about, anew)) is not None
        and found != item.standing
        else item
        for item in items
    )


def _same(proposal: Suggestion, anew: tuple[Suggestion, ...]) -> Suggestion | None:
    """Return the same suggestion after the raise was changed, where it rests on it."""
    rests = proposal.kind in RESTING and proposal.element != TRIAL
    same = (each for each in anew if _key(each) == _key(proposal))
    return next(same, None) if rests else None


def _key(suggestion: Suggestion) -> tuple[object, ...]:
    s = suggestion
    return s.rule, s.element, s.side, s.kind


def _told(standing: Suggestion, rule_set: RuleSet) -> Text:
    """Return a dose that was chosen, in words."""
    phrases, side = rule_set.phrases, standing.side
    element = rule_set.answer(standing.element or standing.kind)
    doses = standing.steps or (standing.amount or 0.0,)
    where = {None: None, "left": phrases.left, "right": phrases.right}[side]

    def one(value: float, unit: str, language: Language) -> str:
        digits = 0 if float(value).is_integer() else 1
        return number_with_unit(value, digits=digits, unit=unit, language=language)

    def told(language: Language) -> str:
        name = " ".join(t.of(language) for t in (element, where) if t is not None)
        before = [f"{one(value, '', language)} → " for value in doses[:-1]]
        return (
            f"{name}: {''.join(before)}{one(doses[-1], standing.unit or '', language)}"
        )

    return both(told)
