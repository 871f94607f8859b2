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
        steps; what is only offered stands when it was accepted or changed.
    """
    found = (_decided(each, _edit_of(each, edits)) for each in plan.suggestions)
    return tuple(each for each in found if each is not None)


def _decided(suggestion: Suggestion, edit: PlanEdit | None) -> Suggestion | None:
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
    )


def _edit_of(suggestion: Suggestion, edits: PlanEdits | None) -> PlanEdit | None:
    """Return the last decision about a suggestion."""
    about = (
        edit
        for edit in reversed(edits.edit if edits else ())
        if (edit.rule, edit.side) == (suggestion.rule, suggestion.side)
        and edit.element in {None, suggestion.element, suggestion.kind}
    )
    return next(about, None)
