"""What the therapist decided about a proposal: a file of its own beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gaitkit.model.side import Side

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
