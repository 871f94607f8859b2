"""The plan: suggestions that the podotherapist checks, changes or drops."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gaitkit.model.side import Side
from gaitkit.model.text import Text

PlanStatus = Literal["suggestions", "withheld", "none"]
TriageStatus = Literal["clear", "incomplete", "refer", "stop"]
Level = Literal[
    "emergency", "same_day", "days", "weeks", "colleague", "ask_first", "go_on"
]
"""How soon somebody has to look, gravest first (``plan/levels.toml``)."""

Receiver = Literal[
    "emergency_care", "gp", "specialist", "foot_team", "physio", "manual_therapist",
    "pelvic_physio", "midwife",
]  # fmt: skip
SuggestionKind = Literal[
    "heel_raise", "insole_element", "shoe_advice", "collaboration", "advice", "retest"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Whether it is safe to suggest anything, and which rules say so.

    ``level`` is how soon somebody has to look: the gravest of what the findings ask.
    It is None in a plan from before levels were told.
    """

    status: TriageStatus = "incomplete"
    rules: tuple[str, ...] = ()
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question to somebody else: how soon, to whom, and what.

    Attributes
    ----------
    rule, level, to
        Rule from which it follows, its urgency, and who is asked.
    within : Text
        That urgency in words.
    text : Text
        The question, as a letter puts it.
    """

    rule: str
    level: Level
    to: Receiver
    within: Text
    text: Text


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
    label : Text or None
        What the element is called.
    worn : float or None
        Dose that is worn already, same unit; None when none is.
    most : float or None
        Hard limit of the element, same unit; a dose beyond it needs the clinician.
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
    label: Text | None = None
    most: float | None = None
    worn: float | None = None


CourseOutcome = Literal["improved", "unchanged", "mixed", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Window for the evaluation, both days included.

    Attributes
    ----------
    from_, to : date
        First and last day.
    counted_from : date or None
        Start of the therapy from which it counts.
    definitive : bool
        True when that is a definitive provision (S1), false when any therapy (S0).
    questionnaire_from, questionnaire_to : date or None
        When the questionnaire of eight weeks counts.
    overdue : bool or None
        True when the visit lies after the window; None when its day is not known.
    proposed : bool
        True before any therapy has started: it counts from the day of the visit.
    reached : bool
        True when the visit lies within the window or after it.
    outcome : str or None
        At an evaluation: what scores and answers say together; None before, or where
        they say nothing.
    back_by : date or None
        Last day to be seen again after it got worse.
    """

    from_: date
    to: date
    counted_from: date | None = None
    definitive: bool = True
    questionnaire_from: date | None = None
    questionnaire_to: date | None = None
    overdue: bool | None = None
    proposed: bool = False
    reached: bool = False
    outcome: CourseOutcome | None = None
    back_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsoleLayer:
    """One element of an insole; fields as in `Suggestion`."""

    order: int
    element: str
    label: Text
    rule: str
    amount: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FootInsole:
    """The insole of one foot: its layers in the order of making, and conflicts."""

    side: Side
    layers: tuple[InsoleLayer, ...]
    conflicts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a source says that bears on this patient, with its topic and source."""

    key: str
    topic: str
    text: Text
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of the profession, kept as text, leading zeros included.

    ``check`` says what could be confirmed about it, ``other_form`` is how its own
    system writes it.
    """

    system: str
    code: str
    label: Text
    check: Text | None = None
    other_form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything suggested, or why nothing is.

    Attributes
    ----------
    status, triage, reason
        Whether anything is suggested, and why not.
    suggestions, cautions, referrals, follow_up, codes
        What follows.
    insoles : tuple of FootInsole
        The insole elements of the suggestions, by foot and in layers.
    deliverables : tuple of Text
        What is handed over with an insole or raise.
    permanence : Text or None
        For how long it is needed.
    goals : tuple of Text
        What the patient wants to reach, in own words.
    statements : tuple of Statement
        What the sources say that bears on this patient.
    requests : tuple of Request
        What somebody else is asked, gravest first.
    provisional : bool
        True when a weak alarm sign still has to be weighed, or a question that decides
        about devices is open: they are held and the rest may change.
    """

    status: PlanStatus
    triage: Triage = field(default_factory=Triage)
    reason: Text | None = None
    suggestions: tuple[Suggestion, ...] = ()
    cautions: tuple[Text, ...] = ()
    referrals: tuple[Text, ...] = ()
    follow_up: FollowUp | None = None
    codes: tuple[Code, ...] = ()
    insoles: tuple[FootInsole, ...] = ()
    deliverables: tuple[Text, ...] = ()
    permanence: Text | None = None
    goals: tuple[Text, ...] = ()
    statements: tuple[Statement, ...] = ()
    requests: tuple[Request, ...] = ()
    provisional: bool = False
