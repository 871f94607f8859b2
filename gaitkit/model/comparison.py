"""What changed between two visits of one person, and what may not be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason
from gaitkit.model.recording import Condition, RecordingKind, View
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Prom

COMPARISON_SCHEMA_VERSION = "1"

ChangeVerdict = Literal["increased", "decreased", "no_demonstrable_change", "no_claim"]
PromVerdict = Literal["improved", "no_important_change", "worse", "success", "other"]
EvaluationStatus = Literal["early", "in_window", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedVisit:
    """One of the two visits.

    Attributes
    ----------
    visited_on : date or None
        Day of the visit, else of its last questionnaire; None when neither is known.
    assessed_on : date
        Day of the assessment.
    gaitkit, rule_set_revision, rule_set_sha256 : str
        What assessed it.
    """

    visited_on: date | None
    assessed_on: date
    gaitkit: str
    rule_set_revision: str
    rule_set_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPair:
    """A recording of each visit that show the same thing.

    Attributes
    ----------
    before, after : str
        Ids of the recordings.
    kind, view
        What both are.
    condition_before, condition_after : Condition or None
        Barefoot, shod, with insole, with raise; None when not stated.
    speed_before_m_s, speed_after_m_s : float or None
        Walking speed; None when neither the recording nor another one of the same
        condition gave it.
    """

    before: str
    after: str
    kind: RecordingKind
    view: View | None = None
    condition_before: Condition | None = None
    condition_after: Condition | None = None
    speed_before_m_s: float | None = None
    speed_after_m_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One measure in both visits; a change is after minus before.

    Attributes
    ----------
    before, after : Measurement
        The two values, with name, side, region, unit and method in common.
    value : float
        After minus before.
    sd, dof : float, float or None
        Standard error of the change and its degrees of freedom.
    low, high : float
        95 % interval of the true change.
    cancelled_sd : float
        Bias of the method that both values share and that is therefore not in ``sd``.
    detectable_change : float
        A true change of zero gives a smaller one in 95 % of such pairs of visits.
    verdict : {"increased", "decreased", "no_demonstrable_change", "no_claim"}
        What may be said.
    why_no_claim : Reason or None
        Why nothing may be said; None exactly when something may.
    """

    before: Measurement
    after: Measurement
    value: float
    sd: float
    dof: float | None
    low: float
    high: float
    cancelled_sd: float
    detectable_change: float
    verdict: ChangeVerdict
    why_no_claim: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """A measure that one or both visits have, and why it is not compared."""

    name: str
    side: Side | None
    region: str | None
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PromChange:
    """A questionnaire in both visits, against the minimal important change (MIC).

    Attributes
    ----------
    label : Text
        Name of the questionnaire.
    before, after : Prom
        The last score of each visit.
    change : float
        After minus before.
    relative : float or None
        Change as a fraction of the score before; None when that was zero.
    mic, mic_relative : float or None
        Points, and fraction, from which a change is important; None for a
        questionnaire that asks for the change itself.
    verdict : str
        ``improved``, ``worse`` or ``no_important_change``; ``success`` or ``other``
        for the global perceived effect.
    recovered : bool or None
        Whether the score after counts as recovered; None when that is not defined.
    source : Text
        Where the limits come from.
    """

    label: Text
    before: Prom | None
    after: Prom
    change: float | None
    relative: float | None
    mic: float | None
    mic_relative: float | None
    verdict: PromVerdict
    recovered: bool | None
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """When the second visit came, counted from the start of the therapy.

    Attributes
    ----------
    start : date
        Start of the definitive therapy, or of the last therapy without one.
    definitive : bool
        Whether that therapy is definitive.
    from_, to : date
        Window of the evaluation, both days included.
    days : int
        Days from the start to the second visit.
    status : {"early", "in_window", "late"}
        Where the second visit lies.
    """

    start: date
    definitive: bool
    from_: date
    to: date
    days: int
    status: EvaluationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that two visits of one person say together."""

    subject_id: str
    before: ComparedVisit
    after: ComparedVisit
    recordings: tuple[RecordingPair, ...]
    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    proms: tuple[PromChange, ...]
    evaluation: Evaluation | None
    notes: tuple[Reason, ...]
    schema_version: str = COMPARISON_SCHEMA_VERSION
