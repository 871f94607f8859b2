"""What the patient told, and what was found and seen before any measuring.

Every question starts as not asked. An answer that is not there never counts as no,
and neither does one that the patient does not know (``unsure``): it leaves in doubt
what rests on it.

Names that others give to complaints of the back (``complaint_terms.toml``).

They let a visit note what a patient or physician said. gaitkit concludes none of them:
no rule may test one, and no finding or plan shows one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from gaitkit.doors import shipped_table
from gaitkit.model.side import Side

Answer = Literal["yes", "no", "unsure", "not_asked"]
"""``unsure`` was asked and is not known to the patient ("weet niet")."""

PainSite = Literal["low_back", "thoracic", "neck", "leg", "foot", "other"]
PainSide = Literal["left", "right", "both", "middle"]
Depth = Literal["superficial", "deep"]
Moment = Literal[
    "on_waking", "first_steps", "during_load", "after_load", "evening", "at_rest",
    "at_night", "varying",
]  # fmt: skip
Onset = Literal["sudden", "gradual"]
Trigger = Literal[
    "none", "wrong_movement", "minor_trauma", "overload", "work_posture", "sport"
]
Course = Literal["decreasing", "stable", "increasing"]
Radiation = Literal["none", "buttock", "thigh_to_knee", "below_knee"]
Activity = Literal[
    "standing", "walking", "sport", "sitting", "bending", "lying", "lifting", "night",
    "coughing",
]  # fmt: skip
Rating = Literal["good", "moderate", "poor"]
ShoeKind = Literal["everyday", "work", "sport", "dress", "deep", "orthopaedic"]
GoalKind = Literal["less_pain", "more_activity", "more_participation"]
LegSite = Literal["buttock", "thigh", "calf", "foot"]
LegSides = Literal["left", "right", "both"]
CauseKind = Literal[
    "disc", "narrowing", "slipped_vertebra", "broken_bone", "inflammation", "infection",
    "growth", "other",
]  # fmt: skip
"""Kinds of cause that a physician may have found; gaitkit never concludes one."""

PregnancyStatus = Literal["no", "pregnant", "after_birth"]
WayIn = Literal[
    "direct_access", "general_practitioner", "specialist", "physiotherapist",
    "someone_else",
]  # fmt: skip
"""Who referred a patient, or that nobody did (direct access)."""

TrialResult = Literal["passed", "partly", "failed"]
Percussion = Literal["painless", "vague", "sharp"]
TermClass = Literal["specific", "non_specific", "description", "high_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlags:
    """Alarm questions, each enough alone to hold or stop; all start as not asked."""

    saddle_numbness: Answer = "not_asked"
    urine_or_stool_loss: Answer = "not_asked"
    urine_retention: Answer = "not_asked"
    bilateral_leg_signs: Answer = "not_asked"
    sexual_dysfunction: Answer = "not_asked"
    increasing_leg_weakness: Answer = "not_asked"
    trauma: Answer = "not_asked"
    cancer_history: Answer = "not_asked"
    weight_loss: Answer = "not_asked"
    night_pain: Answer = "not_asked"
    fever_or_infection: Answer = "not_asked"
    pulsating_abdomen: Answer = "not_asked"
    chest_pain: Answer = "not_asked"
    clinician_doubt: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakFlags:
    """Alarm signs that mean little alone.

    An *active* sign asks to be weighed by itself; one of the *context* makes an active
    sign of its group weigh more and says nothing alone. ``first_episode_after_50`` and
    ``onset_before_45`` are no longer asked: they follow from age, onset and earlier
    episodes, and count as they were answered only where these are not known.
    ``better_by_moving``, ``second_half_of_night`` and ``psoriasis_uveitis_bowel``
    belong to the signs of inflammation.
    """

    minor_trauma_at_risk: Answer = "not_asked"
    steroid_use: Answer = "not_asked"
    height_loss: Answer = "not_asked"
    first_episode_after_50: Answer = "not_asked"
    malaise: Answer = "not_asked"
    immunosuppression: Answer = "not_asked"
    iv_drug_use: Answer = "not_asked"
    recent_surgery: Answer = "not_asked"
    onset_before_45: Answer = "not_asked"
    better_by_moving: Answer = "not_asked"
    second_half_of_night: Answer = "not_asked"
    psoriasis_uveitis_bowel: Answer = "not_asked"
    colic: Answer = "not_asked"
    urinary_symptoms: Answer = "not_asked"


ACTIVE_SIGNS = (
    "minor_trauma_at_risk", "steroid_use", "height_loss", "malaise", "colic",
    "urinary_symptoms",
)  # fmt: skip
"""Weak flags that are weighed even when they are the only one."""

WEAK_FLAG_GROUPS: dict[str, tuple[str, ...]] = {
    "broken_bone": ("minor_trauma_at_risk", "steroid_use", "height_loss"),
    "tumour": ("first_episode_after_50", "malaise"),
    "infection": ("immunosuppression", "iv_drug_use", "recent_surgery", "malaise"),
    "organ": ("colic", "urinary_symptoms"),
}
"""Which weak flags belong together, after the groups of the guidelines: broken bone,
tumour, infection, blood vessel or organ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InflammatorySigns:
    """Signs of back pain by inflammation beside those of `WeakFlags`.

    Attributes
    ----------
    insidious : Answer
        It began unnoticed and slowly.
    not_better_by_rest : Answer
        Rest does not help.
    family : Answer
        The same complaint of the back, or such an inflammation, in the family.
    relief_in_48_h : Answer
        Much better within two days on an anti-inflammatory drug taken already.
    morning_stiffness : Answer
        Stiff for more than half an hour in the morning.
    """

    insidious: Answer = "not_asked"
    not_better_by_rest: Answer = "not_asked"
    family: Answer = "not_asked"
    relief_in_48_h: Answer = "not_asked"
    morning_stiffness: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegComplaint:
    """Pain in buttock or leg: where, and what provokes and eases it.

    Attributes
    ----------
    sites, side
        Where.
    standing_provokes : Answer
        Standing alone, without walking, brings it on.
    eased_standing_still, eased_sitting, eased_bending_forward : Answer
        It goes on standing still; on sitting; on bending forward, with a trolley or on
        a bicycle.
    foot_pain_at_rest : Answer
        Pain in the foot at rest or at night.
    """

    sites: tuple[LegSite, ...] = ()
    side: LegSides | None = None
    standing_provokes: Answer = "not_asked"
    eased_standing_still: Answer = "not_asked"
    eased_sitting: Answer = "not_asked"
    eased_bending_forward: Answer = "not_asked"
    foot_pain_at_rest: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy:
    """Pregnant, or up to nine months after a birth.

    ``linked`` is yes when the complaint began in that time, ``alarm_sign`` with loss of
    blood, contractions, fever or a swollen calf.
    """

    status: PregnancyStatus | None = None
    linked: Answer = "not_asked"
    alarm_sign: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBack:
    """Scores of the STarT Back questionnaire; its items are not part of gaitkit.

    ``total`` is 0 to 9, ``distress`` its psychosocial part of 0 to 5, ``open_items``
    how many items were left open.
    """

    total: float | None = None
    distress: float | None = None
    open_items: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YellowFlags:
    """Psychosocial factors; every one starts as not asked."""

    stress: Answer = "not_asked"
    low_mood: Answer = "not_asked"
    fear_of_movement: Answer = "not_asked"
    catastrophising: Answer = "not_asked"
    work: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFactors:
    """What makes back pain more probable and can be changed."""

    overweight: Answer = "not_asked"
    smoking: Answer = "not_asked"
    inactivity: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known from earlier.

    Attributes
    ----------
    earlier_episodes, back_surgery : Answer
        Low back pain before; an operation of the back.
    difference_increasing : Answer
        The leg-length difference grows.
    difference_years : float or None
        How long the difference has existed, in years.
    fixed_spine_curve : Answer
        A sideways curve of the back that stays when bending or sitting.
    sensory_loss : Answer
        Diabetes with loss of sensation in the feet.
    rigid_foot, medial_knee_pain, unstable_ankle, fall_risk : Answer
        Reasons for caution with insole elements and raises.
    known_specific_cause : Answer
        A physician found a disease or damage that explains the pain.
    known_cause_kind : str or None
        Which.
    term_by_physician : Answer
        The name that others gave to the complaint was established by a physician.
    plaster_allergy : Answer
        The skin does not bear plaster or tape.
    diabetes : Answer
        Known diabetes, with or without loss of sensation.
    """

    earlier_episodes: Answer = "not_asked"
    back_surgery: Answer = "not_asked"
    difference_increasing: Answer = "not_asked"
    difference_years: float | None = None
    fixed_spine_curve: Answer = "not_asked"
    sensory_loss: Answer = "not_asked"
    rigid_foot: Answer = "not_asked"
    medial_knee_pain: Answer = "not_asked"
    unstable_ankle: Answer = "not_asked"
    fall_risk: Answer = "not_asked"
    known_specific_cause: Answer = "not_asked"
    known_cause_kind: CauseKind | None = None
    term_by_physician: Answer = "not_asked"
    plaster_allergy: Answer = "not_asked"
    diabetes: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoes:
    """The shoes, by the seven points of the sources, and what lies in them.

    Attributes
    ----------
    worn : tuple of str
        Which shoes an insole has to fit.
    most_worn : str or None
        The shoe that decides how much of a raise goes into the insole.
    size_eu : float or None
        Continental size, two thirds of a centimetre of last each.
    heel_height_mm : float or None
        Height of the heel of the shoe above its forefoot, mm.
    firmness, heel_height, flexibility, sole_material, ball_line, upper_stability,
    heel_counter : {"good", "moderate", "poor"} or None
        The seven points.
    cushion_side : Side or None
        Foot with a cushion that the other has not.
    cushion_compressed_mm : float or None
        Thickness of that cushion under load, mm.
    removable_footbed : Answer
        The footbed comes out, so that an insole can take its place.
    bends_at_ball : Answer
        The shoe bends at the ball of the foot and nowhere else.
    room_mm : float or None
        Room inside the shoe for an insole, with the footbed out, mm.
    rocker_sole : Answer
        The sole is curved to roll.
    """

    worn: tuple[ShoeKind, ...] = ()
    most_worn: ShoeKind | None = None
    size_eu: float | None = None
    heel_height_mm: float | None = None
    firmness: Rating | None = None
    heel_height: Rating | None = None
    flexibility: Rating | None = None
    sole_material: Rating | None = None
    ball_line: Rating | None = None
    upper_stability: Rating | None = None
    heel_counter: Rating | None = None
    cushion_side: Side | None = None
    cushion_compressed_mm: float | None = None
    removable_footbed: Answer = "not_asked"
    bends_at_ball: Answer = "not_asked"
    room_mm: float | None = None
    rocker_sole: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the patient wants to do; ``score`` from 0 (cannot) to 10 (as before)."""

    kind: GoalKind
    text: str
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What the patient told.

    Attributes
    ----------
    way_in : str or None
        Who referred, or direct access; no name.
    pain_site, pain_side, pain_depth, pain_moments, worse_on_load
        Where, how deep and when it hurts.
    onset, onset_trigger, onset_date, course
        How it began and went on.
    aggravating, easing : tuple of str
        What makes it worse and better.
    radiation, radiation_side, leg_pain_since, leg_worse_than_back, tingling_to_foot
        The leg.
    arm_tingling : Answer
        With pain between the shoulder blades.
    red_flags, weak_flags, weak_flags_weighed, weak_flags_reason
        Alarm questions. ``weak_flags_weighed`` is yes when the therapist weighed a
        weak sign and goes on, no when the general practitioner is consulted;
        ``weak_flags_reason`` says why, in own words.
    legs, inflammatory, pregnancy, start_back
        See there.
    yellow_flags, risk_factors, background, shoes, goals
        See there.
    decided_together : Answer
        Patient and therapist chose treatment and goals together.
    reported_terms : tuple of str
        Names that others gave to the complaint, as keys of the vocabulary; never
        concluded by gaitkit.
    history : tuple of str
        In own words, without names.
    """

    way_in: WayIn | None = None
    pain_site: PainSite | None = None
    pain_side: PainSide | None = None
    pain_depth: tuple[Depth, ...] = ()
    pain_moments: tuple[Moment, ...] = ()
    worse_on_load: Answer = "not_asked"
    onset: Onset | None = None
    onset_trigger: Trigger | None = None
    onset_date: date | None = None
    course: Course | None = None
    aggravating: tuple[Activity, ...] = ()
    easing: tuple[Activity, ...] = ()
    radiation: Radiation | None = None
    radiation_side: PainSide | None = None
    leg_pain_since: date | None = None
    leg_worse_than_back: Answer = "not_asked"
    tingling_to_foot: Answer = "not_asked"
    arm_tingling: Answer = "not_asked"
    red_flags: RedFlags = field(default_factory=RedFlags)
    weak_flags: WeakFlags = field(default_factory=WeakFlags)
    weak_flags_weighed: Answer = "not_asked"
    weak_flags_reason: str | None = None
    legs: LegComplaint = field(default_factory=LegComplaint)
    inflammatory: InflammatorySigns = field(default_factory=InflammatorySigns)
    pregnancy: Pregnancy = field(default_factory=Pregnancy)
    start_back: StartBack = field(default_factory=StartBack)
    yellow_flags: YellowFlags = field(default_factory=YellowFlags)
    risk_factors: RiskFactors = field(default_factory=RiskFactors)
    background: Background = field(default_factory=Background)
    shoes: Shoes = field(default_factory=Shoes)
    goals: tuple[Goal, ...] = ()
    decided_together: Answer = "not_asked"
    reported_terms: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is seen: the back tilts or turns, and in own words."""

    back_tilt: PainSide | None = None
    back_rotation: PainSide | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Palpation:
    """What is felt: where it hurts, and which tissue reacts.

    ``spinal_percussion`` is what tapping the spine with a fist gives: nothing, a vague
    tenderness, or sharp pain at one place.
    """

    pain_site: PainSite | None = None
    muscle_tension: Answer = "not_asked"
    joint_tenderness: Answer = "not_asked"
    spinal_percussion: Percussion | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTests:
    """What is tested: muscles, joints of the back, nerves of the leg."""

    muscle_problem: Answer = "not_asked"
    joint_blockage: Answer = "not_asked"
    straight_leg_raise_left: Answer = "not_asked"
    straight_leg_raise_right: Answer = "not_asked"
    cannot_lie_flat: Answer = "not_asked"
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpAnswers:
    """What is asked at the evaluation.

    Attributes
    ----------
    worn : {"always", "often", "seldom", "never"} or None
        How much insole or raise were worn.
    fits, new_pain, goals_reached, enough_decrease, motivated, wants_to_stop : Answer
        The last four are the reasons for which a treatment ends.
    raise_mm : float or None
        Raise worn now, mm.
    pelvis_more_level : Answer
        With the raise the pelvis stands more level, by more than the error.
    comfort : {"better", "same", "worse"} or None
        Standing and walking with the raise.
    trial_result : str or None
        How a trial with tape, felt or a test insole ended; ``partly`` is less pain, but
        not enough.
    prefabricated_failed : Answer
        A prefabricated insole was worn and did not do enough.
    """

    worn: Literal["always", "often", "seldom", "never"] | None = None
    fits: Answer = "not_asked"
    new_pain: Answer = "not_asked"
    raise_mm: float | None = None
    pelvis_more_level: Answer = "not_asked"
    comfort: Literal["better", "same", "worse"] | None = None
    trial_result: TrialResult | None = None
    prefabricated_failed: Answer = "not_asked"
    goals_reached: Answer = "not_asked"
    enough_decrease: Answer = "not_asked"
    motivated: Answer = "not_asked"
    wants_to_stop: Answer = "not_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTerm:
    """A name, how the sources class it, and the words people use for it."""

    key: str
    class_: TermClass
    words: tuple[str, ...]
    source: tuple[str, ...]
    note: str | None = None


@cache
def complaint_terms() -> dict[str, ComplaintTerm]:
    """Return every name by its key."""
    tables = shipped_table("gaitkit.model", "complaint_terms.toml")
    return {
        key: ComplaintTerm(
            key=key,
            class_=table["class"],
            words=tuple(table["words"]),
            source=tuple(table["source"]),
            note=table.get("note"),
        )
        for key, table in tables.items()
    }


def find_term(words: str) -> ComplaintTerm | None:
    """Return the name that somebody used, by key or by word, or None.

    Parameters
    ----------
    words : str
        As typed; capitals do not matter.
    """
    sought = words.strip().casefold()
    return next(
        (
            term
            for term in complaint_terms().values()
            if sought == term.key or sought in {word.casefold() for word in term.words}
        ),
        None,
    )
