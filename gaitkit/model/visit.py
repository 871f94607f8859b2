"""One patient on one day: what was recorded, found by hand, told and given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from gaitkit.model.contact import ContactCorrection
from gaitkit.model.recording import Condition, RecordingKind, View
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject

Answer = Literal["yes", "no", "not_asked"]
PainSite = Literal["low_back", "thoracic", "neck", "leg", "foot", "other"]
Course = Literal["decreasing", "stable", "increasing"]
Radiation = Literal["none", "buttock", "thigh_to_knee", "below_knee"]
Activity = Literal[
    "standing", "walking", "sport", "sitting", "bending", "lying", "lifting", "night"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingInput:
    """One file of the visit and what the user knows about it.

    Attributes
    ----------
    file : Path
        Where it is.
    kind, view, condition
        None when gaitkit should find out.
    block_side, block_height_mm
        Block under a foot during a block test.
    scale_length_m : float or None
        A known length that gives the scale of the picture.
    scale_px : float or None
        The same length in pixels.
    speed_factor : float or None
        Real seconds per played second (0.25 for a film played four times too slow);
        None when unknown.
    marker_map : Path or None
        A TOML file that names the markers of a laboratory's own set.
    person : str or None
        ``"2"`` for the second candidate, or ``"x,y"`` pixels on the person.
    starts_at_s : float or None
        When this recording begins on the clock of the first video of the visit, in
        seconds; None when gaitkit should find out from the contacts.
    contacts : tuple of ContactCorrection
        What the therapist corrected about the contacts of a pressure recording.
    """

    file: Path
    kind: RecordingKind | None = None
    view: View | None = None
    condition: Condition | None = None
    block_side: Side | None = None
    block_height_mm: float | None = None
    scale_length_m: float | None = None
    scale_px: float | None = None
    speed_factor: float | None = None
    marker_map: Path | None = None
    person: str | None = None
    starts_at_s: float | None = None
    contacts: tuple[ContactCorrection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeReading:
    """One tape measurement of a leg, ASIS to medial malleolus."""

    side: Side
    length_mm: float
    rater: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPosture:
    """The six items of the Foot Posture Index (FPI-6), each -2 to +2."""

    talar_head: int
    malleolar_curves: int
    calcaneus: int
    talonavicular: int
    medial_arch: int
    forefoot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FootExamination:
    """What was found by hand on one foot; None is not examined."""

    foot_posture: FootPosture | None = None
    navicular_drop_mm: float | None = None
    ankle_dorsiflexion_deg: float | None = None
    first_mtp_dorsiflexion_deg: float | None = None
    first_mtp_dorsiflexion_standing_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTest:
    """Height of the block that levels the pelvis, under which foot, by whom."""

    side: Side
    height_mm: float
    rater: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Findings by hand."""

    left: FootExamination = field(default_factory=FootExamination)
    right: FootExamination = field(default_factory=FootExamination)
    tape: tuple[TapeReading, ...] = ()
    block_tests: tuple[BlockTest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlags:
    """Alarm questions; every one starts as not asked."""

    saddle_numbness: Answer = "not_asked"
    urine_or_stool_loss: Answer = "not_asked"
    urine_retention: Answer = "not_asked"
    increasing_leg_weakness: Answer = "not_asked"
    trauma: Answer = "not_asked"
    cancer_history: Answer = "not_asked"
    weight_loss: Answer = "not_asked"
    night_pain: Answer = "not_asked"
    fever_or_infection: Answer = "not_asked"
    morning_stiffness: Answer = "not_asked"
    pulsating_abdomen: Answer = "not_asked"
    chest_pain: Answer = "not_asked"
    clinician_doubt: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class YellowFlags:
    """Psychosocial factors; every one starts as not asked."""

    stress: Answer = "not_asked"
    low_mood: Answer = "not_asked"
    fear_of_movement: Answer = "not_asked"
    catastrophising: Answer = "not_asked"
    work: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What the patient told."""

    pain_site: PainSite | None = None
    onset_date: date | None = None
    course: Course | None = None
    aggravating: tuple[Activity, ...] = ()
    easing: tuple[Activity, ...] = ()
    radiation: Radiation | None = None
    red_flags: RedFlags = field(default_factory=RedFlags)
    yellow_flags: YellowFlags = field(default_factory=YellowFlags)
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prom:
    """One patient-reported outcome on one day."""

    instrument: Literal["NPRS", "ODI", "RMDQ", "GPE"]
    score: float
    taken_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """What was given and when."""

    given: str
    start: date
    definitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One patient on one day."""

    subject: Subject = field(default_factory=Subject)
    recordings: tuple[RecordingInput, ...] = ()
    examination: Examination = field(default_factory=Examination)
    intake: Intake = field(default_factory=Intake)
    proms: tuple[Prom, ...] = ()
    therapy: tuple[Therapy, ...] = ()
