"""Four worked patients whose measurements decide, and the evaluation of the last.

From no correction to raise and insole. Made-up people; days and numbers are chosen so
that each shows one outcome of the rules.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gaitkit.model.intake import (
    Background,
    FollowUpAnswers,
    FunctionTests,
    Goal,
    RiskFactors,
    Shoes,
)
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.text import Text
from gaitkit.model.visit import (
    BlockTest,
    Examination,
    FootExamination,
    ImagingReading,
    PelvisFindings,
    Prom,
    Therapy,
    Visit,
)
from gaitkit.pipeline.sample_person import (
    BACK_PAIN,
    BOTH_USUAL,
    INWARD,
    NEUTRAL,
    PRONATED,
    USUAL,
    Pictures,
    SamplePatient,
    Soles,
    taped,
)
from gaitkit.simulate.parameters import WalkerParameters
from gaitkit.simulate.standing.parameters import StandingParameters

NO_CORRECTION = SamplePatient(
    name="07-no-correction",
    title=Text(
        nl="Gelijke benen, neutrale voeten: geen correctie",
        en="Equal legs, neutral feet: no correction",
    ),
    soles=replace(BOTH_USUAL, passes=4),
    walker=WalkerParameters(
        height_m=1.66, stride_time_sd_s=0.01, step_length_sd_m=0.01
    ),
    visit=Visit(
        visited_on=date(2026, 6, 16),
        subject=Subject(
            subject_id="patient-07",
            height_m=1.66,
            mass_kg=60,
            age_years=29,
            sex="female",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN, onset_date=date(2026, 3, 9), aggravating=("standing",)
        ),
        examination=Examination(
            left=FootExamination(foot_posture=NEUTRAL, navicular_drop_mm=6),
            right=FootExamination(foot_posture=NEUTRAL, navicular_drop_mm=5),
            tape=taped(862, 861),
            block_tests=(BlockTest(side=Side.RIGHT, height_mm=1),),
            pelvis=PelvisFindings(standing="level", lying="equal"),
        ),
    ),
)

DOUBT = SamplePatient(
    name="08-doubt",
    title=Text(
        nl="Beenlengteverschil in twijfel: meet opnieuw, proefverhoging mag",
        en="Leg-length difference in doubt: measure again, a test raise is allowed",
    ),
    soles=replace(BOTH_USUAL, passes=2),
    visit=Visit(
        visited_on=date(2026, 6, 17),
        subject=Subject(
            subject_id="patient-08",
            height_m=1.76,
            mass_kg=79,
            age_years=45,
            sex="male",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            onset_date=date(2025, 11, 3),
            shoes=Shoes(worn=("everyday",), most_worn="everyday", heel_height_mm=12),
        ),
        examination=Examination(
            left=FootExamination(foot_posture=NEUTRAL),
            right=FootExamination(foot_posture=NEUTRAL),
            tape=taped(918, 908),
            block_tests=(BlockTest(side=Side.RIGHT, height_mm=13),),
            pelvis=PelvisFindings(standing="left", lying="left"),
        ),
    ),
)

RAISE = SamplePatient(
    name="09-heel-raise",
    title=Text(
        nl="Rechterbeen korter, linkervoet geproneerd: verhoging, geen wig links",
        en="Right leg shorter, left foot pronated: a raise, no post on the left",
    ),
    soles=Soles(left=INWARD, right=USUAL, passes=4),
    visit=Visit(
        visited_on=date(2026, 6, 18),
        subject=Subject(
            subject_id="patient-09",
            height_m=1.72,
            mass_kg=70,
            age_years=51,
            sex="female",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            onset_date=date(2025, 9, 1),
            background=Background(
                known_specific_cause="no",
                earlier_episodes="yes",
                difference_increasing="no",
                difference_years=8,
                sensory_loss="no",
                fall_risk="no",
                unstable_ankle="no",
                fixed_spine_curve="no",
            ),
            shoes=Shoes(
                worn=("dress", "everyday"),
                most_worn="dress",
                heel_height_mm=15,
                firmness="moderate",
                heel_counter="poor",
                heel_height="good",
            ),
            goals=(
                Goal(kind="more_participation", text="een dag staand werken", score=4),
            ),
        ),
        examination=Examination(
            left=FootExamination(foot_posture=PRONATED, navicular_drop_mm=12),
            right=FootExamination(foot_posture=NEUTRAL, navicular_drop_mm=6),
            imaging=(
                ImagingReading(
                    method="x_ray", difference_mm=13, taken_on=date(2026, 5, 20)
                ),
            ),
            block_tests=(BlockTest(side=Side.RIGHT, height_mm=12),),
            pelvis=PelvisFindings(standing="left", with_block="level", lying="left"),
        ),
        therapy=(
            Therapy(
                given="hakverhoging in de zool",
                start=date(2026, 6, 29),
                kind="heel_raise",
                side=Side.RIGHT,
            ),
        ),
        proms=(Prom(instrument="NPRS", score=5, taken_on=date(2026, 6, 18)),),
    ),
)

BEFORE = SamplePatient(
    name="10-raise-and-insole",
    title=Text(
        nl="Rechterbeen korter, rechtervoet geproneerd: verhoging en zool",
        en="Right leg shorter, right foot pronated: a raise and an insole",
    ),
    soles=Soles(left=USUAL, right=INWARD, passes=4),
    walker=WalkerParameters(
        height_m=1.78,
        shank_difference_mm=13.0,
        stride_time_sd_s=0.01,
        step_length_sd_m=0.01,
    ),
    pictures=Pictures(
        person=StandingParameters(
            height_m=1.78,
            shank_difference_mm=13.0,
            eversion_left_deg=3.0,
            eversion_right_deg=9.0,
        ),
        blocks_mm=(5.0, 10.0, 15.0),
    ),
    visit=Visit(
        visited_on=date(2026, 5, 11),
        subject=Subject(
            subject_id="patient-10",
            height_m=1.78,
            mass_kg=83,
            age_years=56,
            sex="male",
            shod=False,
        ),
        intake=replace(
            BACK_PAIN,
            pain_side="right",
            onset_date=date(2025, 10, 6),
            aggravating=("standing", "walking", "sport"),
            risk_factors=RiskFactors(overweight="no", smoking="no", inactivity="yes"),
            background=Background(
                known_specific_cause="no",
                earlier_episodes="yes",
                difference_increasing="no",
                sensory_loss="no",
                rigid_foot="no",
                medial_knee_pain="no",
                unstable_ankle="no",
                fall_risk="no",
                fixed_spine_curve="no",
            ),
            shoes=Shoes(
                worn=("deep", "work"),
                most_worn="deep",
                heel_height_mm=10,
                firmness="good",
                heel_height="good",
                flexibility="moderate",
                sole_material="good",
                ball_line="good",
                upper_stability="moderate",
                heel_counter="moderate",
            ),
            goals=(Goal(kind="more_activity", text="een uur wandelen", score=3),),
        ),
        examination=Examination(
            left=FootExamination(foot_posture=NEUTRAL, navicular_drop_mm=6),
            right=FootExamination(foot_posture=PRONATED, navicular_drop_mm=13),
            imaging=(
                ImagingReading(
                    method="x_ray", difference_mm=13, taken_on=date(2026, 4, 28)
                ),
            ),
            block_tests=(BlockTest(side=Side.RIGHT, height_mm=14),),
            pelvis=PelvisFindings(standing="left", with_block="level", lying="left"),
            function=FunctionTests(muscle_problem="yes", joint_blockage="no"),
        ),
        proms=(
            Prom(instrument="NPRS", score=6, taken_on=date(2026, 5, 11)),
            Prom(instrument="ODI", score=34, taken_on=date(2026, 5, 11)),
        ),
    ),
)

GIVEN = (
    Therapy(
        given="zool met hakverhoging rechts",
        start=date(2026, 6, 1),
        definitive=True,
        kind="insole",
    ),
    Therapy(
        given="hakverhoging in de zool",
        start=date(2026, 6, 1),
        kind="heel_raise",
        side=Side.RIGHT,
        amount_mm=5,
    ),
)

AFTER = SamplePatient(
    name="10-raise-and-insole-evaluation",
    title=Text(
        nl="Dezelfde patiënt acht weken na de start: minder pijn, volgende stap kan",
        en="The same patient eight weeks after the start: less pain, next step follows",
    ),
    soles=Soles(left=USUAL, right=INWARD, passes=2),
    walker=WalkerParameters(
        height_m=1.78,
        shank_difference_mm=9.0,
        stride_time_s=1.09,
        stride_time_sd_s=0.01,
        step_length_sd_m=0.01,
    ),
    walked="with_raise",
    visit=replace(
        BEFORE.visit,
        visited_on=date(2026, 7, 27),
        intake=replace(BEFORE.visit.intake, course="decreasing"),
        therapy=GIVEN,
        follow_up=FollowUpAnswers(
            worn="always",
            fits="yes",
            new_pain="no",
            raise_mm=5,
            pelvis_more_level="yes",
            comfort="better",
            goals_reached="no",
            enough_decrease="yes",
            motivated="yes",
            wants_to_stop="no",
        ),
        proms=(
            *BEFORE.visit.proms,
            Prom(instrument="NPRS", score=3, taken_on=date(2026, 7, 27)),
            Prom(instrument="ODI", score=18, taken_on=date(2026, 7, 27)),
            Prom(instrument="GPE", score=2, taken_on=date(2026, 7, 27)),
        ),
    ),
)

MEASURED = (NO_CORRECTION, DOUBT, RAISE, BEFORE, AFTER)
"""In the order of their folders."""
