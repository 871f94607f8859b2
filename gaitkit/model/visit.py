"""One patient on one day: what was recorded, found by hand, told and given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from gaitkit.model.contact import ContactCorrection
from gaitkit.model.intake import (
    Activity,
    Answer,
    Course,
    FollowUpAnswers,
    FunctionTests,
    Inspection,
    Intake,
    PainSite,
    Palpation,
    Radiation,
    RedFlags,
    YellowFlags,
)
from gaitkit.model.recording import Condition, RecordingKind, View
from gaitkit.model.side import Side
from gaitkit.model.standing import FootLoad, Posture
from gaitkit.model.subject import Subject
from gaitkit.model.text import Text

TapeStart = Literal["asis", "umbilicus"]
LevellingTool = Literal["blocks", "book"]
ImagingMethod = Literal["x_ray", "ct", "ultrasound"]
HigherSide = Literal["left", "right", "level"]
NeutralFeet = Literal["left", "right", "level", "unsure"]
LegControl = Literal["steady", "pelvis_drops", "trunk_leans", "knee_inward"]
Strength = Literal["strong", "weak"]
ForefootPain = Literal["none", "metatarsal_2_4", "first_joint", "elsewhere", "unsure"]
Pulse = Literal["felt", "not_felt"]
Doppler = Literal["normal", "abnormal"]
Lump = Literal["none", "tophus", "unknown"]
CorrectionEffect = Literal["improves", "no_change"]
LongerSide = Literal["left", "right", "equal"]
CauseName = Literal[
    "fracture", "hip_replacement", "knee_replacement", "growth_disorder", "other"
]
Instrument = Literal["NPRS", "VAS", "ODI", "RMDQ", "QBPDS", "PSFS", "GPE"]
TherapyKind = Literal[
    "insole", "heel_raise", "test_raise", "shoe_advice", "taping", "exercise", "other"
]

__all__ = [
    "Activity",
    "Answer",
    "Course",
    "FollowUpAnswers",
    "FunctionTests",
    "Inspection",
    "Intake",
    "PainSite",
    "Palpation",
    "Radiation",
    "RedFlags",
    "YellowFlags",
]

FPI_ITEMS = {
    "talar_head": Text(nl="taluskop", en="talar head"),
    "malleolar_curves": Text(nl="malleoluscurven", en="malleolar curves"),
    "calcaneus": Text(nl="stand van de calcaneus", en="calcaneal position"),
    "talonavicular": Text(nl="talonaviculaire bolling", en="talonavicular bulge"),
    "medial_arch": Text(nl="mediale gewelf", en="medial arch"),
    "forefoot": Text(nl="voorvoet ad- of abductie", en="forefoot ad- or abduction"),
}
"""Items of the FPI-6 in the order of its form, and what they are called."""

StickerColour = Literal["red", "green", "blue", "yellow", "white_ring"]
PictureLine = tuple[float, float, float, float]
"""x and y of both ends of a line in a picture, pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingInput:
    """One file of the visit and what the user knows about it.

    Attributes
    ----------
    file : Path
        Where it is; a str becomes one, as it does for ``marker_map`` and ``points``.
    kind, view, condition
        None when gaitkit should find out.
    block_side, block_height_mm
        Block under a foot during a block test.
    posture : {"standing", "seated"} or None
        Of a picture of kind ``stance``: ``seated`` on a hard level seat with the feet
        free of load, with the same stickers on the pelvis as in the standing pictures.
        None is standing.
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
    plumb_line_px, floor_line_px : tuple of float or None
        Both ends ``x, y, x, y`` in pixels of something that hangs, or of a level line
        along the floor parallel to the picture: they give the roll of the camera.
    roll_deg : float or None
        Roll of the camera where it was measured; positive when a level floor rises to
        the right of the picture.
    camera_distance_m : float or None
        Camera to person, measured.
    sticker_colour : str or None
        Colour of the stickers on the skin; None tries every colour.
    sticker_diameter_mm : float or None
        Diameter of the largest kind of sticker, a known length.
    toe_out_left_deg, toe_out_right_deg : float or None
        Direction of the feet of a standing person, toes out of straight away from the
        camera; 0 on a sheet with lines. None takes what is usual, with its spread.
    points : Path or None
        A TOML or CSV file of points on the body that were put right by hand.
    foot_side, foot_load : str or None
        A picture of this one foot from its inner side, standing (``loaded``) or
        sitting with the foot on the floor (``unloaded``); always both. The
        ``floor_line_px`` is then the line along the inner edge of the foot where heel
        and ball stand on the floor. None for a picture of the whole person.
    """

    file: Path
    kind: RecordingKind | None = None
    view: View | None = None
    condition: Condition | None = None
    block_side: Side | None = None
    block_height_mm: float | None = None
    posture: Posture | None = None
    scale_length_m: float | None = None
    scale_px: float | None = None
    speed_factor: float | None = None
    marker_map: Path | None = None
    person: str | None = None
    starts_at_s: float | None = None
    contacts: tuple[ContactCorrection, ...] = ()
    plumb_line_px: PictureLine | None = None
    floor_line_px: PictureLine | None = None
    roll_deg: float | None = None
    camera_distance_m: float | None = None
    sticker_colour: StickerColour | None = None
    sticker_diameter_mm: float | None = None
    toe_out_left_deg: float | None = None
    toe_out_right_deg: float | None = None
    points: Path | None = None
    foot_side: Side | None = None
    foot_load: FootLoad | None = None

    def __post_init__(self) -> None:
        """Take paths as people type them."""
        for name in ("file", "marker_map", "points"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, Path(given))


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeReading:
    """One tape measurement of a leg down to the medial malleolus.

    Attributes
    ----------
    side, length_mm, rater
        Which leg, how long, and who measured.
    start : {"asis", "umbilicus"}
        Where the tape begins: at the ASIS (the leg itself) or at the umbilicus, which
        gives the apparent length only.
    """

    side: Side
    length_mm: float
    rater: str = "1"
    start: TapeStart = "asis"


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPosture:
    """The Foot Posture Index (FPI-6): six items of -2 to +2, or only their total.

    Items that were not seen stay None; a total is known when all six are there or when
    it was noted itself.
    """

    talar_head: int | None = None
    malleolar_curves: int | None = None
    calcaneus: int | None = None
    talonavicular: int | None = None
    medial_arch: int | None = None
    forefoot: int | None = None
    total: int | None = None

    @property
    def open_items(self) -> tuple[str, ...]:
        """Names of the items that were not filled in."""
        return tuple(name for name in FPI_ITEMS if getattr(self, name) is None)

    @property
    def score(self) -> int | None:
        """Sum of the items, or the total as noted; None when neither is known."""
        if self.open_items:
            return self.total
        return sum(int(getattr(self, name)) for name in FPI_ITEMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulses:
    """The arteries of a foot: felt or not, and Doppler where it was used."""

    dorsalis_pedis: Pulse | None = None
    tibialis_posterior: Pulse | None = None
    doppler: Doppler | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FootAlarm:
    """What on a foot asks for another professional first.

    Attributes
    ----------
    hot_red_swollen, wound, hot_joint, cold_pale_numb : Answer
        Hot, red or swollen; a wound; one joint suddenly hot and swollen; cold, pale and
        numb.
    monofilament_sites : float or None
        At how many of the three sites the 10 g monofilament is felt.
    lump : str or None
        A hard nodule of gout (``tophus``), or one of unknown kind.
    skin_intact : Answer
        Skin that bears tape and felt.
    """

    hot_red_swollen: Answer = "not_asked"
    wound: Answer = "not_asked"
    hot_joint: Answer = "not_asked"
    cold_pale_numb: Answer = "not_asked"
    monofilament_sites: float | None = None
    lump: Lump | None = None
    skin_intact: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class HipExamination:
    """What the hip of one side shows, each as an answer."""

    groin_pain: Answer = "not_asked"
    groin_pain_on_abduction: Answer = "not_asked"
    adduction_or_rotation_limited: Answer = "not_asked"
    pain_on_squat: Answer = "not_asked"
    pain_on_stairs: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class FootExamination:
    """What was found by hand on one foot and leg; None is not examined.

    ``rearfoot_eversion_deg`` is the calcaneus against the lower leg in relaxed
    standing by goniometer (eversion positive); a deficit is how far a joint stays
    from full extension. ``single_leg_stance`` and ``step_down`` say what is seen when
    this leg bears the weight alone, ``abductor_strength`` how strong its hip abductors
    are, and ``correction_effect`` whether knee, hip or pelvis came nearer to normal,
    by more than the error, with a wedge, tape or insole under this foot.
    ``forefoot_pain`` is where the forefoot hurts on load. ``ankle_dorsiflexion_deg``
    is measured lying, without load; ``ankle_lunge_deg`` is the angle of the shank to
    the vertical in a lunge with the heel on the floor. The two differ by more than
    20 deg and are never exchanged. ``pulses``, ``alarm`` and ``hip``: see there.
    """

    foot_posture: FootPosture | None = None
    navicular_drop_mm: float | None = None
    ankle_dorsiflexion_deg: float | None = None
    ankle_lunge_deg: float | None = None
    first_mtp_dorsiflexion_deg: float | None = None
    first_mtp_dorsiflexion_standing_deg: float | None = None
    rearfoot_eversion_deg: float | None = None
    knee_extension_deficit_deg: float | None = None
    hip_extension_deficit_deg: float | None = None
    single_leg_stance: LegControl | None = None
    step_down: LegControl | None = None
    abductor_strength: Strength | None = None
    correction_effect: CorrectionEffect | None = None
    forefoot_pain: ForefootPain | None = None
    pulses: Pulses = field(default_factory=Pulses)
    alarm: FootAlarm = field(default_factory=FootAlarm)
    hip: HipExamination = field(default_factory=HipExamination)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTest:
    """Height of the block that levels the pelvis, under which foot, by whom.

    ``tool`` is what was put under the foot: blocks of known height, or the pages of a
    book.
    """

    side: Side
    height_mm: float
    rater: str = "1"
    tool: LevellingTool = "blocks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingReading:
    """Leg lengths that somebody else read from a picture of the bones.

    Attributes
    ----------
    method : {"x_ray", "ct", "ultrasound"}
        Kind of picture.
    difference_mm : float or None
        Left minus right; or else both lengths are given.
    left_mm, right_mm : float or None
        Length of each leg.
    taken_on : date or None
        Day of the picture.
    rater : str
        Who read it.
    """

    method: ImagingMethod
    difference_mm: float | None = None
    left_mm: float | None = None
    right_mm: float | None = None
    taken_on: date | None = None
    rater: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PelvisFindings:
    """On which side the pelvis is higher, and which leg is longer lying down.

    Attributes
    ----------
    standing, neutral_feet, sitting : {"left", "right", "level"} or None
        Higher iliac crest in relaxed standing, with both feet put in neutral
        position, and sitting. None is not examined; with neutral feet it may be
        ``unsure`` too.
    with_block : {"left", "right", "level"} or None
        Higher iliac crest standing with a block under the shorter leg.
    lying : {"left", "right", "equal"} or None
        Leg that looks longer at the malleoli, supine with the hips level.
    """

    standing: HigherSide | None = None
    neutral_feet: NeutralFeet | None = None
    sitting: HigherSide | None = None
    with_block: HigherSide | None = None
    lying: LongerSide | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquiredCause:
    """Something that changed the length of a leg, on which side and since when."""

    cause: CauseName
    side: Side | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Findings by hand, and what is known of the legs from elsewhere.

    Attributes
    ----------
    left, right : FootExamination
        Foot and leg of each side.
    tape, block_tests, imaging
        Readings of leg length.
    pelvis : PelvisFindings
        Where the pelvis is level and where it is not.
    acquired_causes : tuple of AcquiredCause
        Fracture, joint replacement, growth disorder, ...
    inspection, palpation, function
        What was seen, felt and tested.
    """

    left: FootExamination = field(default_factory=FootExamination)
    right: FootExamination = field(default_factory=FootExamination)
    tape: tuple[TapeReading, ...] = ()
    block_tests: tuple[BlockTest, ...] = ()
    imaging: tuple[ImagingReading, ...] = ()
    pelvis: PelvisFindings = field(default_factory=PelvisFindings)
    acquired_causes: tuple[AcquiredCause, ...] = ()
    inspection: Inspection = field(default_factory=Inspection)
    palpation: Palpation = field(default_factory=Palpation)
    function: FunctionTests = field(default_factory=FunctionTests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prom:
    """One patient-reported outcome on one day."""

    instrument: Instrument
    score: float
    taken_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """What was given and when.

    Attributes
    ----------
    given, start, definitive
        In words, since which day, and whether it is the definitive provision.
    kind : str or None
        What it was.
    side, amount_mm
        Of a raise: under which foot and how high.
    """

    given: str
    start: date
    definitive: bool = False
    kind: TherapyKind | None = None
    side: Side | None = None
    amount_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One patient on one day; ``visited_on`` is None when the day is not known."""

    subject: Subject = field(default_factory=Subject)
    recordings: tuple[RecordingInput, ...] = ()
    examination: Examination = field(default_factory=Examination)
    intake: Intake = field(default_factory=Intake)
    proms: tuple[Prom, ...] = ()
    therapy: tuple[Therapy, ...] = ()
    visited_on: date | None = None
    follow_up: FollowUpAnswers = field(default_factory=FollowUpAnswers)
