"""The plan: suggestions that the podotherapist checks, changes or drops."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gaitkit.model.side import Side
from gaitkit.model.text import Text

PlanStatus = Literal["suggestions", "withheld", "none"]
TriageStatus = Literal["clear", "incomplete", "refer", "stop"]
SuggestionKind = Literal[
    "heel_raise", "insole_element", "shoe_advice", "collaboration", "advice", "retest"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Whether it is safe to suggest anything, and which rules say so."""

    status: TriageStatus = "incomplete"
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One suggestion; every text says that the podotherapist decides.

    Attributes
    ----------
    kind : str
        What is suggested.
    text : Text
        The suggestion in words.
    rule : str
        Rule from which it follows.
    side : Side or None
        Side concerned.
    element : str or None
        Insole element.
    amount, unit : float or None, str or None
        Dose to start with and its UCUM unit.
    location : {"in_insole", "under_shoe"} or None
        Where a raise goes.
    steps : tuple of float
        Doses step by step, same unit; the first is ``amount``, the last ``target``.
    evidence, contraindications
        Reference keys; texts.
    low, high : float or None
        Between which the dose usually lies.
    target : float or None
        Dose that the steps lead to.
    step_dates : tuple of date
        When each step begins; empty when the start is not known.
    unconfirmed : bool
        True when a number of the dose could not be confirmed in its source.
    optional : bool
        True when it is only offered: the therapist chooses it or not.
    grade : tuple of str
        Strength of the evidence: A, B, C, G or design.
    """

    kind: SuggestionKind
    text: Text
    rule: str
    side: Side | None = None
    element: str | None = None
    amount: float | None = None
    unit: str | None = None
    location: Literal["in_insole", "under_shoe"] | None = None
    steps: tuple[float, ...] = ()
    evidence: tuple[str, ...] = ()
    contraindications: tuple[Text, ...] = ()
    low: float | None = None
    high: float | None = None
    target: float | None = None
    step_dates: tuple[date, ...] = ()
    unconfirmed: bool = False
    optional: bool = False
    grade: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Window for the evaluation, both days included."""

    from_: date
    to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of the profession, kept as text, leading zeros included."""

    system: str
    code: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything suggested, or why nothing is."""

    status: PlanStatus
    triage: Triage = field(default_factory=Triage)
    reason: Text | None = None
    suggestions: tuple[Suggestion, ...] = ()
    cautions: tuple[Text, ...] = ()
    referrals: tuple[Text, ...] = ()
    follow_up: FollowUp | None = None
    codes: tuple[Code, ...] = ()
