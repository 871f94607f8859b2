"""Six worked patients whose own answers decide.

Made-up people; days and numbers are chosen so that each shows one outcome of the rules.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gaitkit.model.intake import FunctionTests, Palpation, RiskFactors, WeakFlags
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.text import Text
from gaitkit.model.visit import BlockTest, Examination, ImagingReading, Visit
from gaitkit.pipeline.sample_person import (
    BACK_PAIN,
    BOTH_USUAL,
    CALM,
    NO_ALARM,
    SamplePatient,
)

STOP = SamplePatient(
    name="01-stop",
    title=Text(
        nl="Doof zadelgebied en niet kunnen plassen: vandaag naar de huisarts",
        en="Numb saddle area and no urine: to the general practitioner today",
    ),
    soles=BOTH_USUAL,
    visit=Visit(
        visited_on=date(2026, 6, 8),
        subject=Subject(
            subject_id="patient-01",
            height_m=1.68,
            mass_kg=71,
            age_years=47,
            sex="female",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            onset="sudden",
            onset_trigger="wrong_movement",
            onset_date=date(2026, 6, 3),
            course="increasing",
            radiation="below_knee",
            radiation_side="both",
            tingling_to_foot="yes",
            red_flags=replace(
                NO_ALARM,
                saddle_numbness="yes",
                urine_retention="yes",
                bilateral_leg_signs="yes",
            ),
        ),
        examination=Examination(block_tests=(BlockTest(side=Side.RIGHT, height_mm=9),)),
    ),
)

REFER = SamplePatient(
    name="02-refer",
    title=Text(
        nl="Val, prednison, kleiner geworden, niet pluis: eerst de huisarts",
        en="Fall, steroids, loss of height, doubt: the general practitioner first",
    ),
    soles=BOTH_USUAL,
    visit=Visit(
        visited_on=date(2026, 6, 9),
        subject=Subject(
            subject_id="patient-02",
            height_m=1.61,
            mass_kg=58,
            age_years=74,
            sex="female",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            onset="sudden",
            onset_trigger="minor_trauma",
            onset_date=date(2026, 5, 19),
            course="increasing",
            red_flags=replace(NO_ALARM, clinician_doubt="yes"),
            weak_flags=WeakFlags(
                minor_trauma_at_risk="yes",
                steroid_use="yes",
                height_loss="yes",
                first_episode_after_50="yes",
            ),
        ),
        examination=Examination(palpation=Palpation(joint_tenderness="yes")),
    ),
)

NOT_ASKED = SamplePatient(
    name="03-not-asked",
    title=Text(
        nl="Alles gemeten, maar alarmvragen niet gesteld: geen voorstel",
        en="All measured, but alarm questions not asked: no proposal",
    ),
    soles=BOTH_USUAL,
    visit=Visit(
        visited_on=date(2026, 6, 10),
        subject=Subject(
            subject_id="patient-03",
            height_m=1.83,
            mass_kg=84,
            age_years=39,
            sex="male",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            onset_date=date(2026, 2, 2),
            red_flags=replace(
                NO_ALARM,
                saddle_numbness="not_asked",
                urine_or_stool_loss="not_asked",
                sexual_dysfunction="not_asked",
            ),
        ),
        examination=Examination(
            imaging=(ImagingReading(method="x_ray", difference_mm=12),),
            block_tests=(BlockTest(side=Side.RIGHT, height_mm=11),),
        ),
    ),
)

THORACIC = SamplePatient(
    name="04-high-back",
    title=Text(
        nl="Pijn tussen de schouderbladen: valt buiten dit onderdeel",
        en="Pain between the shoulder blades: outside this part",
    ),
    soles=BOTH_USUAL,
    visit=Visit(
        visited_on=date(2026, 6, 11),
        subject=Subject(
            subject_id="patient-04",
            height_m=1.70,
            mass_kg=63,
            age_years=33,
            sex="female",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            pain_site="thoracic",
            onset_trigger="work_posture",
            onset_date=date(2026, 4, 13),
            aggravating=("sitting",),
            easing=("walking", "lying"),
            arm_tingling="no",
        ),
    ),
)

NERVE = SamplePatient(
    name="05-nerve-of-the-leg",
    title=Text(
        nl="Uitstraling tot onder de knie, zeven weken: geen verhoging, wel verwijzen",
        en="Radiation below the knee, seven weeks: no raise, but refer",
    ),
    soles=BOTH_USUAL,
    visit=Visit(
        visited_on=date(2026, 6, 12),
        subject=Subject(
            subject_id="patient-05",
            height_m=1.79,
            mass_kg=82,
            age_years=52,
            sex="male",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            pain_side="left",
            onset_date=date(2026, 4, 20),
            radiation="below_knee",
            radiation_side="left",
            leg_pain_since=date(2026, 4, 24),
            leg_worse_than_back="yes",
            tingling_to_foot="yes",
        ),
        examination=Examination(
            imaging=(ImagingReading(method="x_ray", difference_mm=11),),
            block_tests=(BlockTest(side=Side.RIGHT, height_mm=10),),
            function=FunctionTests(
                straight_leg_raise_left="yes", straight_leg_raise_right="no"
            ),
        ),
    ),
)

DISC = SamplePatient(
    name="06-disc-pattern",
    title=Text(
        nl="Erger bij bukken en zitten, beter bij lopen en liggen: dag 12",
        en="Worse on bending and sitting, better walking and lying: day 12",
    ),
    soles=BOTH_USUAL,
    visit=Visit(
        visited_on=date(2026, 6, 15),
        subject=Subject(
            subject_id="patient-06",
            height_m=1.81,
            mass_kg=90,
            age_years=36,
            sex="male",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            onset="sudden",
            onset_trigger="wrong_movement",
            onset_date=date(2026, 6, 3),
            course="decreasing",
            pain_moments=("on_waking", "during_load"),
            aggravating=("bending", "sitting", "lifting"),
            easing=("walking", "lying"),
            radiation="buttock",
            radiation_side="right",
            yellow_flags=replace(CALM, fear_of_movement="yes"),
            risk_factors=RiskFactors(overweight="yes", smoking="yes", inactivity="no"),
        ),
    ),
)

TOLD = (STOP, REFER, NOT_ASKED, THORACIC, NERVE, DISC)
"""In the order of their folders."""
