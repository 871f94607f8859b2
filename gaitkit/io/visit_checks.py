"""Values in a visit that no patient and no instrument can have, refused by path.

The limits are those that define an instrument (the items of the FPI-6, the range of
a questionnaire) or those beyond which only a mistake of unit or key explains a
number; they are wide on purpose and judge nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from gaitkit.errors import InputError
from gaitkit.io.toml_lines import place
from gaitkit.io.visit_logic import check_days, check_sides, check_terms
from gaitkit.model.standing import MEDIAL_VIEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.io.visit_logic import Problem
    from gaitkit.model.visit import FootExamination, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lowest and highest value that can be, and what the number is."""

    low: float
    high: float
    what: str


FPI_ITEM = Limits(low=-2, high=2, what="an item of the FPI-6")
"""Redmond 2006, doi:10.1016/j.clinbiomech.2005.08.002."""

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
    "heel_height_mm": Limits(low=0, high=150, what="millimetres"),
    "cushion_compressed_mm": Limits(low=0, high=30, what="millimetres"),
    "room_mm": Limits(low=0, high=60, what="millimetres"),
}
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
        *(_beyond_limits, _recordings, _seats, _feet, _imaging),
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
        for item in fields(foot.foot_posture):
            value = getattr(foot.foot_posture, item.name)
            yield f"{key}.foot_posture.{item.name}", value, FPI_ITEM


def _fields(
    holder: object, limits: dict[str, Limits], *, key: str
) -> Iterator[tuple[str, float, Limits]]:
    for name, limit in limits.items():
        value = getattr(holder, name)
        if value is not None:
            yield f"{key}.{name}", value, limit
