"""What the worked patients have in common: types, usual answers, usual feet."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.intake import (
    Background,
    InflammatorySigns,
    Intake,
    RedFlags,
    WeakFlags,
    YellowFlags,
)
from gaitkit.model.recording import Condition
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import FootPosture, TapeReading, Visit
from gaitkit.simulate.parameters import WalkerParameters
from gaitkit.simulate.plate.foot import SoleShape
from gaitkit.simulate.standing.parameters import StandingParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Soles:
    """Both soles on the plate, and how often they pass over it."""

    left: SoleShape
    right: SoleShape
    passes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """A standing person, and the blocks (mm) under one foot in further pictures."""

    person: StandingParameters
    side: Side = Side.RIGHT
    blocks_mm: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePatient:
    """One worked patient: a visit without its recordings, and what is recorded.

    Attributes
    ----------
    name : str
        Folder of the visit.
    title : Text
        What the patient shows.
    visit : Visit
        Everything but the recordings.
    soles, walker, pictures
        What is recorded: feet on a plate, markers of a walk, pictures of standing.
    walked : str
        How they walk before the cameras.
    """

    name: str
    title: Text
    visit: Visit
    soles: Soles | None = None
    walker: WalkerParameters | None = None
    pictures: Pictures | None = None
    walked: Condition = "barefoot"


NO_ALARM = RedFlags(
    saddle_numbness="no",
    urine_or_stool_loss="no",
    urine_retention="no",
    bilateral_leg_signs="no",
    sexual_dysfunction="no",
    increasing_leg_weakness="no",
    trauma="no",
    cancer_history="no",
    weight_loss="no",
    night_pain="no",
    fever_or_infection="no",
    pulsating_abdomen="no",
    chest_pain="no",
    clinician_doubt="no",
)
"""Every alarm question asked and answered with no."""

NO_WEAK_SIGN = WeakFlags(
    minor_trauma_at_risk="no",
    steroid_use="no",
    height_loss="no",
    malaise="no",
    colic="no",
    urinary_symptoms="no",
)
"""Every sign that is weighed by itself asked and answered with no."""

CALM = YellowFlags(
    stress="no", low_mood="no", fear_of_movement="no", catastrophising="no", work="no"
)

BACK_PAIN = Intake(
    pain_site="low_back",
    pain_side="middle",
    pain_depth=("deep",),
    pain_moments=("during_load", "evening"),
    worse_on_load="yes",
    onset="gradual",
    onset_trigger="overload",
    course="stable",
    aggravating=("standing", "walking"),
    easing=("sitting", "lying"),
    radiation="none",
    leg_worse_than_back="no",
    tingling_to_foot="no",
    red_flags=NO_ALARM,
    weak_flags=NO_WEAK_SIGN,
    inflammatory=InflammatorySigns(morning_stiffness="no", family="no"),
    background=Background(known_specific_cause="no", sensory_loss="no"),
    yellow_flags=CALM,
    decided_together="yes",
)
"""Pain low in the back on standing and walking, and no alarm sign."""

NEUTRAL = FootPosture(
    talar_head=1,
    malleolar_curves=0,
    calcaneus=0,
    talonavicular=1,
    medial_arch=0,
    forefoot=0,
)
PRONATED = FootPosture(
    talar_head=2,
    malleolar_curves=1,
    calcaneus=2,
    talonavicular=1,
    medial_arch=2,
    forefoot=1,
)

USUAL = SoleShape(length_mm=252.0, peak_force_n=780.0)
INWARD = SoleShape(length_mm=252.0, peak_force_n=780.0, midfoot=0.10, inward=1.6)
"""A flat foot that rolls inwards."""

BOTH_USUAL = Soles(left=USUAL, right=USUAL)


def taped(left_mm: float, right_mm: float) -> tuple[TapeReading, ...]:
    """Return two readings of each leg, one millimetre apart."""
    return tuple(
        TapeReading(side=side, length_mm=length + more)
        for side, length in ((Side.LEFT, left_mm), (Side.RIGHT, right_mm))
        for more in (0.0, 1.0)
    )
