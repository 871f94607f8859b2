"""A proposal after the therapist's decisions: what a letter or an order may hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitkit.model.edits import PlanEdit, PlanEdits
    from gaitkit.model.plan import Plan, Suggestion


def decided(plan: Plan, edits: PlanEdits | None) -> tuple[Suggestion, ...]:
    """Return the suggestions that stand after the decisions.

    Parameters
    ----------
    plan : Plan
        The proposal.
    edits : PlanEdits or None
        What the therapist decided; None when nothing was noted yet.

    Returns
    -------
    tuple of Suggestion
        Without what was rejected; with the dose that was chosen instead, which has no
        steps and is no longer unconfirmed; what is only offered stands when it was
        accepted or changed.
    """
    found = (decide(each, decision_about(each, edits)) for each in plan.suggestions)
    return tuple(each for each in found if each is not None)


def decide(suggestion: Suggestion, edit: PlanEdit | None) -> Suggestion | None:
    """Return a suggestion as one decision leaves it, None when it does not stand."""
    if edit is None:
        return None if suggestion.optional else suggestion
    if edit.action == "reject":
        return None
    if edit.action == "accept" or edit.amount is None:
        return replace(suggestion, optional=False)
    return replace(
        suggestion,
        optional=False,
        amount=edit.amount,
        unit=edit.unit or suggestion.unit,
        steps=(),
        step_dates=(),
        target=None,
        unconfirmed=False,
    )


def decision_about(suggestion: Suggestion, edits: PlanEdits | None) -> PlanEdit | None:
    """Return the last decision about a suggestion, or None."""
    about = (
        edit
        for edit in reversed(edits.edit if edits else ())
        if is_about(edit, suggestion)
    )
    return next(about, None)


def is_about(edit: PlanEdit, suggestion: Suggestion) -> bool:
    """Tell whether a decision is about a suggestion."""
    return (edit.rule, edit.side) == (suggestion.rule, suggestion.side) and (
        edit.element in {None, suggestion.element, suggestion.kind}
    )


def limit_exceeded(edit: PlanEdit, plan: Plan) -> float | None:
    """Return the hard limit that a chosen dose lies beyond, or None when it does not.

    The therapist may choose more than gaitkit ever suggests; whatever shows the dose
    says so beside it.
    """
    if edit.amount is None:
        return None
    amount = edit.amount
    limits = (each.most for each in plan.suggestions if is_about(edit, each))
    return next((m for m in limits if m is not None and amount > m), None)
