"""A proposal after the therapist's decisions: what page, letter and order hold.

Everything that is handed over reads one object, `DecidedPlan`: the plan as it stands,
and beside each suggestion what was proposed, what was decided, and why. It is made in
`gaitkit.plan.decide`, where a changed raise changes what rests on it, and is kept in
the assessment; `decided_plan` gives it for files from before it was kept.

What the therapist decided about a proposal: a file of its own beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from gaitkit.model.plan import Plan, Suggestion
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import FootInsole, InsoleLayer


EditAction = Literal["accept", "change", "reject"]
Role = Literal["causes", "amplifies", "maintains"]
"""What a finding does to the complaint, in the words of the sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEdit:
    """A decision about one suggestion.

    Attributes
    ----------
    rule, element, side
        Which suggestion: its rule, and its element and side where it has them.
    action : {"accept", "change", "reject"}
        What was decided.
    amount, unit : float or None, str or None
        The dose chosen instead; needed for a change of dose. Of a raise it is the
        height that the steps lead to.
    start : float or None
        Of a raise: the height to begin with, same unit; None leaves the steps to the
        rules. Equal to ``amount`` it is given at once.
    reason : str or None
        Why; needed for a change or a rejection, and for an optional suggestion.
    """

    rule: str
    action: EditAction
    element: str | None = None
    side: Side | None = None
    amount: float | None = None
    unit: str | None = None
    start: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRole:
    """What the therapist thinks a finding does: causes, amplifies or maintains."""

    rule: str
    role: Role
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEdits:
    """All decisions about one proposal, by whom (as a pseudonym) and when."""

    edit: tuple[PlanEdit, ...] = ()
    role: tuple[FindingRole, ...] = ()
    decided_by: str | None = None
    decided_on: date | None = None


Decision = Literal["open", "accept", "change", "reject", "follows"]
"""``open``: not decided about; ``follows``: changed because another suggestion was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of one suggestion.

    Attributes
    ----------
    proposal : Suggestion or None
        What was proposed; None for what only follows from another decision.
    decision : str
        What was decided about it.
    standing : Suggestion or None
        What holds now; None when it does not stand.
    reason : str or None
        Why, in the words of the therapist.
    beyond : float or None
        Hard limit that the chosen dose lies beyond; None when it does not.
    """

    proposal: Suggestion | None
    decision: Decision = "open"
    standing: Suggestion | None = None
    reason: str | None = None
    beyond: float | None = None

    @property
    def about(self) -> Suggestion:
        """The suggestion by which it is named."""
        found = self.proposal or self.standing
        if found is None:
            msg = "a decision is about something that was proposed or that stands"
            raise ValueError(msg)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPlan:
    """The plan as it stands, with what was proposed and who decided.

    Attributes
    ----------
    plan : Plan
        Only what stands: suggestions, insoles, what is handed over, codes.
    items : tuple of Decided
        Every suggestion that was proposed, and what follows from a decision.
    decided_by, decided_on
        Who, as a pseudonym, and when.
    noted : bool
        True when anything was decided; else all of it is still a proposal.
    """

    plan: Plan
    items: tuple[Decided, ...] = ()
    decided_by: str | None = None
    decided_on: date | None = None
    noted: bool = False


def plan_in_force(assessment: Assessment) -> DecidedPlan:
    """Return the decided plan of an assessment, also of one from before it was kept."""
    kept = assessment.decided
    return kept or decided_plan(assessment.plan, assessment.edits)


def decided_plan(plan: Plan, edits: PlanEdits | None) -> DecidedPlan:
    """Return a plan after the decisions, each suggestion taken for itself.

    Parameters
    ----------
    plan : Plan
        The proposal.
    edits : PlanEdits or None
        What the therapist decided; None when nothing was noted yet.

    Returns
    -------
    DecidedPlan
        Without what was rejected; with the dose that was chosen instead, which has no
        steps and is no longer unconfirmed; what is only offered stands when it was
        accepted or changed. The layers of the insoles follow.
    """
    items = tuple(_item(each, edits, plan) for each in plan.suggestions)
    standing = tuple(each.standing for each in items if each.standing is not None)
    return of_items(
        replace(plan, insoles=_insoles(plan, items)), items, standing, edits
    )


def of_items(
    plan: Plan,
    items: tuple[Decided, ...],
    standing: tuple[Suggestion, ...],
    edits: PlanEdits | None,
) -> DecidedPlan:
    """Return the decided plan with these suggestions standing."""
    status = plan.status
    if status == "suggestions" and not standing:
        status = "none"
    return DecidedPlan(
        plan=replace(plan, status=status, suggestions=standing),
        items=items,
        decided_by=edits.decided_by if edits else None,
        decided_on=edits.decided_on if edits else None,
        noted=edits is not None and bool(edits.edit or edits.decided_by),
    )


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


def item_of(
    proposal: Suggestion,
    standing: Suggestion | None,
    edits: PlanEdits | None,
    plan: Plan,
) -> Decided:
    """Return a suggestion with what was decided about it."""
    edit = decision_about(proposal, edits)
    if edit is None:
        return Decided(proposal=proposal, standing=standing)
    return Decided(
        proposal=proposal,
        decision=edit.action,
        standing=standing,
        reason=edit.reason,
        beyond=limit_exceeded(edit, plan),
    )


def _item(suggestion: Suggestion, edits: PlanEdits | None, plan: Plan) -> Decided:
    standing = decide(suggestion, decision_about(suggestion, edits))
    return item_of(suggestion, standing, edits, plan)


def _insoles(plan: Plan, items: tuple[Decided, ...]) -> tuple[FootInsole, ...]:
    """Return the layers of each foot that stand, with the doses that were chosen."""
    feet = []
    for foot in plan.insoles:
        layers = (
            replace(layer, amount=found.amount, unit=found.unit, unconfirmed=False)
            if found.amount != layer.amount
            else layer
            for layer in foot.layers
            if (found := _standing_layer(layer, foot, items)) is not None
        )
        numbered = tuple(replace(each, order=n) for n, each in enumerate(layers, 1))
        feet.append(replace(foot, layers=numbered))
    return tuple(foot for foot in feet if foot.layers)


def _standing_layer(
    layer: InsoleLayer, foot: FootInsole, items: tuple[Decided, ...]
) -> Suggestion | None:
    """Return what stands of a layer, None when nothing does."""
    return next(
        (
            item.standing
            for item in items
            if item.standing is not None
            and (item.about.element or item.about.kind, item.about.rule)
            == (layer.element, layer.rule)
            and item.about.side in {None, foot.side}
        ),
        None,
    )
