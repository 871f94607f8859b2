"""Random but possible visits, and the same visit seen in a mirror."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from rule_cases import Measured, measurement

from gaitkit.model.intake import (
    Activity,
    Background,
    Course,
    FollowUpAnswers,
    FunctionTests,
    InflammatorySigns,
    Intake,
    LegComplaint,
    LegSides,
    PainSite,
    Palpation,
    Pregnancy,
    Radiation,
    RedFlags,
    RiskFactors,
    Shoes,
    StartBack,
    WeakFlags,
    YellowFlags,
)
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    AcquiredCause,
    BlockTest,
    Examination,
    FootAlarm,
    FootExamination,
    ForefootPain,
    HipExamination,
    ImagingReading,
    PelvisFindings,
    Prom,
    Pulses,
    TapeReading,
    Therapy,
    Visit,
)

if TYPE_CHECKING:
    from random import Random

    from gaitkit.model.plan import Suggestion

ANSWERS = ("yes", "no", "not_asked", "unsure")
SWAPPED = {"left": "right", "right": "left"}
LEG = "structural_leg_length_difference"


def answers(kind: type, random: Random, weights: tuple[float, float, float]) -> Any:
    """Return a set of answers, each yes, no, not asked or (seldom) not known."""
    hints = get_type_hints(kind)
    names = [n for n in hints if "not_asked" in get_args(hints[n])]
    chosen = random.choices(ANSWERS, (*weights, 0.1 * weights[0]), k=len(names))
    return kind(**dict(zip(names, chosen, strict=True)))


def some(choices: Any, random: Random) -> tuple[str, ...]:
    """Return none, some or all of the choices of a Literal."""
    return tuple(c for c in get_args(choices) if random.random() < 0.3)


def maybe(choices: Any, random: Random) -> Any:
    """Return one of the choices of a Literal, or None."""
    return random.choice((None, *get_args(choices)))


def random_intake(random: Random) -> Intake:
    """Return an intake; half of them have no alarm at all."""
    alarm = random.choice([(0.0, 1.0, 0.0), (0.0, 1.0, 0.0), (0.05, 1, 0.03)])
    yes_no = (0.2, 1.0, 0.3)
    site = random.choice(("low_back", "low_back", maybe(PainSite, random)))
    return Intake(
        pain_site=site,
        course=maybe(Course, random),
        onset_date=date(2026, 1, random.randint(1, 28)),
        leg_pain_since=random.choice((None, date(2026, 1, 10))),
        radiation=maybe(Radiation, random),
        aggravating=some(Activity, random),
        easing=some(Activity, random),
        leg_worse_than_back=random.choice(ANSWERS),
        tingling_to_foot=random.choice(ANSWERS),
        red_flags=answers(RedFlags, random, alarm),
        weak_flags=answers(WeakFlags, random, (alarm[0], 1.0, 0.5)),
        weak_flags_weighed=random.choice(ANSWERS),
        legs=replace(
            answers(LegComplaint, random, yes_no), side=maybe(LegSides, random)
        ),
        inflammatory=answers(InflammatorySigns, random, yes_no),
        pregnancy=Pregnancy(
            status=random.choice((None, None, "no", "pregnant", "after_birth")),
            linked=random.choice(ANSWERS),
            alarm_sign=random.choice(("no", "no", "no", "yes", "not_asked")),
        ),
        start_back=random.choice(
            (
                StartBack(),
                StartBack(total=2, distress=1),
                StartBack(total=7, distress=4),
            )
        ),
        reported_terms=random.choice(((), (), (), ("hernia",), ("spit",))),
        yellow_flags=answers(YellowFlags, random, yes_no),
        risk_factors=answers(RiskFactors, random, yes_no),
        background=Background(
            fixed_spine_curve=random.choice(ANSWERS),
            sensory_loss=random.choice(("no", "no", "yes")),
            medial_knee_pain=random.choice(("no", "no", "yes")),
            difference_years=random.choice((None, 5.0, 30.0)),
            known_specific_cause=random.choice(("no",) * 6 + ANSWERS),
            term_by_physician=random.choice(("no", "no", *ANSWERS)),
            diabetes=random.choice(("no", "no", "no", *ANSWERS)),
            plaster_allergy=random.choice(ANSWERS),
        ),
        shoes=Shoes(
            most_worn=random.choice((None, "dress", "deep")),
            heel_height_mm=random.choice((None, 15.0, 40.0)),
            cushion_side=random.choice((None, *Side)),
            cushion_compressed_mm=2.0,
        ),
    )


def plain_visit(random: Random) -> Visit:
    """Return a visit with low back pain in which nothing keeps a suggestion away."""
    none = (0.0, 1.0, 0.0)
    return Visit(
        intake=Intake(
            pain_site="low_back",
            radiation="none",
            leg_worse_than_back="no",
            tingling_to_foot="no",
            aggravating=some(Activity, random),
            red_flags=answers(RedFlags, random, none),
            weak_flags=answers(WeakFlags, random, none),
            background=Background(known_specific_cause="no"),
            shoes=Shoes(
                most_worn=random.choice((None, "dress", "deep")),
                cushion_side=random.choice((None, *Side)),
                cushion_compressed_mm=2.0,
            ),
        ),
        follow_up=FollowUpAnswers(
            raise_mm=random.choice((None, None, 4.0)),
            pelvis_more_level="yes",
            comfort="same",
            new_pain=random.choice(("yes", "no")),
        ),
    )


def random_visit(random: Random) -> Visit:
    """Return a visit without recordings; every second one is plain."""
    return random.choice((plain_visit, any_visit))(random)


def any_visit(random: Random) -> Visit:
    """Return a visit in which anything may be."""
    pelvis = PelvisFindings(
        standing=random.choice((None, "left", "right", "level")),
        neutral_feet=random.choice((None, None, "left", "right")),
    )
    began = date(2026, 2, random.randint(1, 28))
    given = Therapy(
        given="x",
        start=began,
        definitive=random.random() < 0.5,
        kind="heel_raise",
        side=random.choice(tuple(Side)),
    )
    return Visit(
        subject=Subject(
            age_years=random.choice((None, 12.0, 30.0, 45.0, 72.0)),
            sex=random.choice((None, "female", "male")),
        ),
        intake=random_intake(random),
        examination=Examination(
            left=replace(
                random_foot(random),
                knee_extension_deficit_deg=random.choice((None, 8.0)),
            ),
            right=random_foot(random),
            pelvis=pelvis,
            palpation=answers_of_palpation(random),
            function=answers_of_function(random),
        ),
        proms=(
            Prom(instrument="NPRS", score=random.randint(2, 9), taken_on=began),
            Prom(
                instrument="NPRS", score=random.randint(0, 9), taken_on=date(2026, 4, 1)
            ),
        ),
        therapy=random.choice(((), (given,))),
        visited_on=date(2026, 4, random.randint(1, 28)),
        follow_up=FollowUpAnswers(
            raise_mm=random.choice((None, 4.0)),
            pelvis_more_level=random.choice(ANSWERS),
            comfort=random.choice((None, "same", "worse")),
            new_pain=random.choice(ANSWERS),
            goals_reached=random.choice(("no", "no", *ANSWERS)),
            enough_decrease=random.choice(("no", "no", *ANSWERS)),
            motivated=random.choice(("yes", "yes", *ANSWERS)),
            wants_to_stop=random.choice(("no", "no", "no", *ANSWERS)),
            trial_result=random.choice((None, None, "passed", "partly", "failed")),
        ),
    )


def random_foot(random: Random) -> FootExamination:
    """Return one foot and leg; most show nothing alarming."""
    rare = (0.04, 1.0, 0.5)
    return FootExamination(
        forefoot_pain=maybe(ForefootPain, random),
        abductor_strength=random.choice((None, "strong", "weak")),
        pulses=Pulses(
            dorsalis_pedis=random.choice((None, "felt", "felt", "felt", "not_felt")),
            tibialis_posterior=random.choice(
                (None, "felt", "felt", "felt", "not_felt")
            ),
            doppler=random.choice((None, None, None, "normal", "abnormal")),
        ),
        alarm=replace(
            answers(FootAlarm, random, rare),
            monofilament_sites=random.choice((None, 3.0, 3.0, 2.0, 0.0)),
            lump=random.choice((None, "none", "none", "none", "tophus", "unknown")),
        ),
        hip=answers(HipExamination, random, (0.2, 1.0, 0.5)),
    )


def answers_of_palpation(random: Random) -> Palpation:
    return Palpation(
        muscle_tension=random.choice(ANSWERS),
        joint_tenderness=random.choice(ANSWERS),
        spinal_percussion=random.choice((None, None, "painless", "vague", "sharp")),
    )


def answers_of_function(random: Random) -> FunctionTests:
    return FunctionTests(
        muscle_problem=random.choice(ANSWERS),
        joint_blockage=random.choice(ANSWERS),
        straight_leg_raise_left=random.choice(("no", "not_asked")),
        straight_leg_raise_right=random.choice(("no", "not_asked", "yes")),
        cannot_lie_flat=random.choice(("no", "no", "no", *ANSWERS)),
    )


def random_rows(random: Random) -> tuple[Measurement, ...]:
    """Return leg lengths by some methods with their best estimate, and feet."""
    true = random.choice((-1, 1)) * random.uniform(0.0, 26.0)
    methods = random.choice((
        (("tape", 8.6),),
        (("tape", 8.6), ("block_test", 5.0)),
        (("x_ray", 1.5),),
        (("block_test", 5.0), ("stance_landmarks", 7.0)),
        (),
    ))  # fmt: skip
    rows = [
        Measured(name=LEG, value=true + random.gauss(0, sd), sd=sd, method=method)
        for method, sd in methods
    ]
    if rows:
        sd = random.choice((1.4, 3.5, 5.2))
        rows.append(Measured(name=LEG, value=true, sd=sd, method="posterior"))
    rows += [
        Measured(
            name="foot_posture_index",
            side=side,
            value=float(random.randint(-6, 11)),
            sd=1.0,
            method="examination",
        )
        for side in Side
        if random.random() < 0.7
    ]
    return tuple(measurement(row) for row in rows)


def with_legs(visit: Visit, random: Random) -> Visit:
    """Return a visit with readings of the legs: of one person or two, or none."""
    true = random.choice((-1, 1)) * random.uniform(0.0, 30.0)
    tape: list[TapeReading] = []
    blocks: list[BlockTest] = []
    for rater in random.choice(((), ("a",), ("a", "b"))):
        value = true + random.gauss(0, 8) + random.choice((0, 0, 0, 0, 25))
        tape.append(TapeReading(side=Side.LEFT, length_mm=880 + value, rater=rater))
        tape.append(TapeReading(side=Side.RIGHT, length_mm=880, rater=rater))
    for rater in random.choice(((), ("a",), ("a", "b"))):
        height = true + random.gauss(0, 7)
        side = Side.RIGHT if height > 0 else Side.LEFT
        blocks += [BlockTest(side=side, height_mm=abs(height), rater=rater)] * 3
    imaging = random.choice(((), (), (), (true + random.gauss(0, 1.5),)))
    causes = random.choice(((), (), (), (AcquiredCause(cause="fracture"),)))
    return dataclasses.replace(
        visit,
        examination=dataclasses.replace(
            visit.examination,
            tape=tuple(tape),
            block_tests=tuple(blocks),
            imaging=tuple(
                ImagingReading(method="x_ray", difference_mm=each) for each in imaging
            ),
            acquired_causes=causes,
        ),
    )


def mirrored(value: Any) -> Any:
    """Return anything of a visit or plan as seen in a mirror."""
    if isinstance(value, Measurement):
        signed = value.name == LEG and value.value is not None
        return dataclasses.replace(
            value,
            side=value.side and value.side.other,
            value=-value.value if signed and value.value is not None else value.value,
        )
    if isinstance(value, Side):
        return value.other
    if isinstance(value, str):
        return SWAPPED.get(value, value)
    if isinstance(value, tuple):
        return tuple(mirrored(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return type(value)(**{_other(n): mirrored(v) for n, v in parts.items()})
    return value


def _other(name: str) -> str:
    for side, other in SWAPPED.items():
        if name == side or name.endswith(f"_{side}"):
            return name.removesuffix(side) + other
    return name


def told(suggestion: Suggestion) -> tuple[object, ...]:
    """Return a suggestion without its words."""
    return (
        suggestion.rule, suggestion.kind, suggestion.element, suggestion.side,
        suggestion.amount, suggestion.low, suggestion.high, suggestion.target,
        suggestion.steps, suggestion.step_dates, suggestion.location,
        suggestion.optional,
    )  # fmt: skip
