"""Values in a visit that no patient and no instrument can have, refused by path.

The limits are those that define an instrument (the items of the FPI-6, the range of
a questionnaire) or those beyond which only a mistake of unit or key explains a
number; they are wide on purpose and judge nobody.

What in a visit contradicts itself: days in the wrong order, sides exchanged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import place
from gaitkit.errors import InputError
from gaitkit.model.catalogue import definition
from gaitkit.model.chance import Z_95
from gaitkit.model.intake import complaint_terms, find_term
from gaitkit.model.side import Side
from gaitkit.model.standing import MEDIAL_VIEW
from gaitkit.model.subject import AGE_RANGE_YEARS, HEIGHT_RANGE_M, MASS_RANGE_KG
from gaitkit.model.visit import FPI_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.visit import FootExamination, Visit

Problem = tuple[str, str]
"""Path of the key, and what is wrong with it."""

DIFFERENCE = "structural_leg_length_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lowest and highest value that can be, and what the number is."""

    low: float
    high: float
    what: str


FPI_ITEM = Limits(low=-2, high=2, what="an item of the FPI-6")
"""Redmond 2006, doi:10.1016/j.clinbiomech.2005.08.002."""

FPI = {
    **dict.fromkeys(FPI_ITEMS, FPI_ITEM),
    "total": Limits(low=-12, high=12, what="the total of the FPI-6"),
}

PROMS = {
    "NPRS": Limits(low=0, high=10, what="a numeric pain rating"),
    "ODI": Limits(low=0, high=100, what="an Oswestry index in percent"),
    "RMDQ": Limits(low=0, high=24, what="a Roland-Morris score"),
    "VAS": Limits(low=0, high=100, what="a visual pain scale in millimetres"),
    "QBPDS": Limits(low=0, high=100, what="a Quebec disability score"),
    "PSFS": Limits(low=0, high=10, what="a patient-specific score"),
    "GPE": Limits(low=1, high=7, what="a global perceived effect of 7 steps"),
}
"""Definition of each questionnaire; ranges as in Ostelo 2008,
doi:10.1097/BRS.0b013e31815e3a10."""

FOOT = {
    "navicular_drop_mm": Limits(low=-30, high=40, what="millimetres"),
    "ankle_dorsiflexion_deg": Limits(low=-60, high=70, what="degrees"),
    "ankle_lunge_deg": Limits(low=-20, high=80, what="degrees"),
    "first_mtp_dorsiflexion_deg": Limits(low=-30, high=120, what="degrees"),
    "first_mtp_dorsiflexion_standing_deg": Limits(low=-30, high=120, what="degrees"),
    "rearfoot_eversion_deg": Limits(low=-30, high=40, what="degrees"),
    "knee_extension_deficit_deg": Limits(low=-20, high=90, what="degrees"),
    "hip_extension_deficit_deg": Limits(low=-30, high=90, what="degrees"),
}
RECORDING = {
    "block_height_mm": Limits(low=0, high=100, what="millimetres"),
    "scale_length_m": Limits(low=0.01, high=50, what="metres"),
    "scale_px": Limits(low=1, high=20_000, what="pixels"),
    "speed_factor": Limits(low=0.001, high=1000, what="real seconds a played second"),
    "roll_deg": Limits(low=-45, high=45, what="degrees"),
    "camera_distance_m": Limits(low=0.2, high=30, what="metres"),
    "sticker_diameter_mm": Limits(low=4, high=60, what="millimetres"),
    "toe_out_left_deg": Limits(low=-45, high=60, what="degrees"),
    "toe_out_right_deg": Limits(low=-45, high=60, what="degrees"),
}
SHOES = {
    "size_eu": Limits(low=16, high=52, what="a continental shoe size"),
    "heel_height_mm": Limits(low=0, high=150, what="millimetres"),
    "cushion_compressed_mm": Limits(low=0, high=30, what="millimetres"),
    "room_mm": Limits(low=0, high=60, what="millimetres"),
}
SUBJECT = {
    "height_m": Limits(low=HEIGHT_RANGE_M[0], high=HEIGHT_RANGE_M[1], what="metres"),
    "mass_kg": Limits(low=MASS_RANGE_KG[0], high=MASS_RANGE_KG[1], what="kilograms"),
    "age_years": Limits(low=AGE_RANGE_YEARS[0], high=AGE_RANGE_YEARS[1], what="years"),
}
"""Refused by `gaitkit.model.subject.Subject` itself."""

START_BACK = {
    "total": Limits(low=0, high=9, what="the total of STarT Back"),
    "distress": Limits(low=0, high=5, what="its psychosocial part"),
    "open_items": Limits(low=0, high=9, what="items left open"),
}
ALARM = {"monofilament_sites": Limits(low=0, high=3, what="sites of three")}
BACKGROUND = {"difference_years": Limits(low=0, high=110, what="years")}
FOLLOW_UP = {"raise_mm": Limits(low=0, high=60, what="millimetres")}
THERAPY = {"amount_mm": Limits(low=0, high=60, what="millimetres")}
GOAL = {"score": Limits(low=0, high=10, what="0 cannot, 10 as before")}
LEG_MM = Limits(low=200, high=1300, what="millimetres from ASIS to malleolus")
BLOCK_MM = Limits(low=0, high=100, what="millimetres")
IMAGING = {
    "difference_mm": Limits(low=-150, high=150, what="millimetres, left minus right"),
    "left_mm": LEG_MM,
    "right_mm": LEG_MM,
}


OF_TABLE = {
    "subject": SUBJECT,
    "intake.shoes": SHOES,
    "intake.start_back": START_BACK,
    "intake.background": BACKGROUND,
    "follow_up": FOLLOW_UP,
    **{
        f"examination.{side}{table}": limits
        for side in Side
        for table, limits in (
            ("", FOOT), (".alarm", ALARM), (".foot_posture", FPI),
        )
    },
}  # fmt: skip
"""Limits of numbers by the table in which they stand."""


def limits_of(path: str) -> Limits | None:
    """Return the limits of a number by the path of its key; None where it has none."""
    table, _, key = path.rpartition(".")
    return OF_TABLE.get(table, {}).get(key)


def check_visit(visit: Visit, *, where: str, text: str | None = None) -> None:
    """Refuse the first value of a visit that cannot be, or file that is not there.

    Parameters
    ----------
    visit : Visit
        As read.
    where : str
        Name of the visit file, for the message.
    text : str or None
        The file as it stands, to name the line.

    Raises
    ------
    InputError
        With the line and path of the key, the value, the limits and what they are.
    """
    for check in (
        *(_beyond_limits, _recordings, _seats, _feet, _postures, _imaging),
        *(check_days, check_sides, check_terms),
    ):
        for key, problem in check(visit):
            msg = f"{place(where, key, text)}: '{key}'{problem}"
            raise InputError(msg)


def _beyond_limits(visit: Visit) -> Iterator[Problem]:
    for key, value, limits in _numbers(visit):
        if not (math.isfinite(value) and limits.low <= value <= limits.high):
            yield (
                key,
                f" is {value:g}; expected {limits.low:g} to {limits.high:g} "
                f"({limits.what}); correct it or leave it out",
            )


def _recordings(visit: Visit) -> Iterator[Problem]:
    for number, recording in enumerate(visit.recordings):
        for order, contact in enumerate(recording.contacts):
            if (contact.heel_mm is None) != (contact.toe_mm is None):
                yield (
                    f"recording.{number}.contacts.{order}",
                    ": expected heel_mm and toe_mm together, got one of them; give "
                    "both or neither",
                )
        if not recording.file.is_file():
            yield (
                f"recording.{number}.file",
                f": {recording.file} is not there; correct the name (it is sought "
                "from the folder of the visit file)",
            )


def _seats(visit: Visit) -> Iterator[Problem]:
    """Yield pictures of a seated patient that something else contradicts."""
    for number, recording in enumerate(visit.recordings):
        if recording.posture != "seated":  # standing is what anything else shows
            continue
        if recording.kind not in {None, "stance"}:
            yield (
                f"recording.{number}.posture",
                f" is {recording.posture} beside kind {recording.kind}; expected kind "
                "stance; correct one of them",
            )
        if recording.block_height_mm:
            yield (
                f"recording.{number}.block_height_mm",
                f" is {recording.block_height_mm:g} under a seated patient; a block "
                "says nothing there; leave it out or correct posture",
            )


def _feet(visit: Visit) -> Iterator[Problem]:
    """Yield pictures of one foot that lack a word or contradict themselves."""
    for number, recording in enumerate(visit.recordings):
        key = f"recording.{number}"
        side, load = recording.foot_side, recording.foot_load
        if (side is None) != (load is None):
            given, lacking = (
                ("foot_side", "foot_load")
                if load is None
                else ("foot_load", "foot_side")
            )
            yield (
                f"{key}.{given}",
                f": expected {lacking} with it (foot_side left or right, foot_load "
                "loaded or unloaded); give both",
            )
        if side is not None and recording.view in {"anterior", "posterior"}:
            inner = MEDIAL_VIEW[side]
            yield (
                f"{key}.view",
                f" is {recording.view}; expected {inner}, the inner side of the {side} "
                "foot (foot_side); correct it or leave it out",
            )


def _postures(visit: Visit) -> Iterator[Problem]:
    """Yield totals of the FPI-6 that their six items contradict."""
    examination = visit.examination
    for side, foot in ((Side.LEFT, examination.left), (Side.RIGHT, examination.right)):
        posture = foot.foot_posture
        if posture is None or posture.total is None or posture.open_items:
            continue
        if posture.total != posture.score:
            yield (
                f"examination.{side}.foot_posture.total",
                f" is {posture.total}, but its six items add up to {posture.score}; "
                "correct one of them",
            )


def _imaging(visit: Visit) -> Iterator[Problem]:
    """Yield readings that give neither or both of a difference and two lengths."""
    for number, reading in enumerate(visit.examination.imaging):
        lengths = (reading.left_mm is not None, reading.right_mm is not None)
        either = reading.difference_mm is not None and not any(lengths)
        if not either and not (reading.difference_mm is None and all(lengths)):
            yield (
                f"examination.imaging.{number}",
                ": expected difference_mm, or left_mm and right_mm together, and not "
                "both; correct it",
            )


def _numbers(visit: Visit) -> Iterator[tuple[str, float, Limits]]:
    """Yield every number that has limits, with the path of its key."""
    for number, recording in enumerate(visit.recordings):
        yield from _fields(recording, RECORDING, key=f"recording.{number}")
    yield from _foot(visit.examination.left, key="examination.left")
    yield from _foot(visit.examination.right, key="examination.right")
    for number, reading in enumerate(visit.examination.tape):
        yield f"examination.tape.{number}.length_mm", reading.length_mm, LEG_MM
    for number, test in enumerate(visit.examination.block_tests):
        yield f"examination.block_tests.{number}.height_mm", test.height_mm, BLOCK_MM
    for number, image in enumerate(visit.examination.imaging):
        yield from _fields(image, IMAGING, key=f"examination.imaging.{number}")
    for number, prom in enumerate(visit.proms):
        yield f"proms.{number}.score", prom.score, PROMS[prom.instrument]
    yield from _told(visit)


def _told(visit: Visit) -> Iterator[tuple[str, float, Limits]]:
    """Yield the numbers of intake, therapy and follow-up."""
    yield from _fields(visit.intake.shoes, SHOES, key="intake.shoes")
    yield from _fields(visit.intake.start_back, START_BACK, key="intake.start_back")
    yield from _fields(visit.intake.background, BACKGROUND, key="intake.background")
    for number, goal in enumerate(visit.intake.goals):
        yield from _fields(goal, GOAL, key=f"intake.goals.{number}")
    for number, therapy in enumerate(visit.therapy):
        yield from _fields(therapy, THERAPY, key=f"therapy.{number}")
    yield from _fields(visit.follow_up, FOLLOW_UP, key="follow_up")


def _foot(foot: FootExamination, *, key: str) -> Iterator[tuple[str, float, Limits]]:
    yield from _fields(foot, FOOT, key=key)
    yield from _fields(foot.alarm, ALARM, key=f"{key}.alarm")
    if foot.foot_posture is not None:
        yield from _fields(foot.foot_posture, FPI, key=f"{key}.foot_posture")


def _fields(
    holder: object, limits: dict[str, Limits], *, key: str
) -> Iterator[tuple[str, float, Limits]]:
    for name, limit in limits.items():
        value = getattr(holder, name)
        if value is not None:
            yield f"{key}.{name}", value, limit


def check_days(visit: Visit) -> Iterator[Problem]:
    """Yield days that lie in the future, or after the visit where they cannot.

    Today is the day on this computer; a planned therapy may begin after the visit,
    but what was answered or measured cannot lie after it.
    """
    today = datetime.now().astimezone().date()
    for key, day in _days(visit):
        if day > today:
            yield key, f" is {day}, in the future (today is {today}); correct the date"
    if visit.visited_on is None:
        return
    for key, day in _days(visit):
        if key.startswith("intake.") and day > visit.visited_on:
            yield (
                key,
                f" is {day}, after the visit ({visit.visited_on}); correct one of them",
            )


def check_terms(visit: Visit) -> Iterator[Problem]:
    """Yield reported names that the vocabulary does not have."""
    for number, word in enumerate(visit.intake.reported_terms):
        if find_term(word) is None:
            known = ", ".join(complaint_terms())
            yield (
                f"intake.reported_terms.{number}",
                f" is {word!r}; expected one of {known}; or leave it out",
            )


def check_sides(visit: Visit) -> Iterator[Problem]:
    """Yield a block test that points so far from the tape that sides were exchanged.

    A block under the left foot levels a pelvis whose left leg is shorter, so it is a
    negative difference (left minus right).
    """
    examination = visit.examination
    lengths = {
        side: [r.length_mm for r in examination.tape if r.side is side] for side in Side
    }
    if not all(lengths.values()):
        return
    tape = _mean(lengths[Side.LEFT]) - _mean(lengths[Side.RIGHT])
    for number, test in enumerate(examination.block_tests):
        block = test.height_mm if test.side is Side.RIGHT else -test.height_mm
        if tape * block < 0 and abs(tape - block) > _exchanged_from_mm():
            longer = Side.LEFT if tape > 0 else Side.RIGHT
            yield (
                f"examination.block_tests.{number}.side",
                f": a block of {test.height_mm:g} mm under the {test.side} foot says "
                f"that this leg is shorter, but by tape the {longer} leg is "
                f"{abs(tape):g} mm longer; were left and right exchanged? Correct one "
                "of them",
            )


@cache
def _exchanged_from_mm() -> float:
    """Return the distance of tape and block test that their errors do not explain."""
    known = definition(DIFFERENCE)
    errors = (known.error("tape"), known.error("block_test"))
    return Z_95 * math.hypot(*(each.sd for each in errors if each is not None))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _days(visit: Visit) -> Iterator[tuple[str, date]]:
    intake = visit.intake
    written = [
        ("visited_on", visit.visited_on),
        ("intake.onset_date", intake.onset_date),
        ("intake.leg_pain_since", intake.leg_pain_since),
    ]
    written += [
        (f"proms.{number}.taken_on", prom.taken_on)
        for number, prom in enumerate(visit.proms)
    ]
    written += [
        (f"examination.imaging.{number}.taken_on", image.taken_on)
        for number, image in enumerate(visit.examination.imaging)
    ]
    written += [
        (f"examination.acquired_causes.{number}.since", cause.since)
        for number, cause in enumerate(visit.examination.acquired_causes)
    ]
    yield from ((key, day) for key, day in written if day is not None)
