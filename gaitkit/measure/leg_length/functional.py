"""What beside the bones makes a leg act longer or shorter, with numbers where it can.

*Pronation.* A wedge of 10 degrees under the inner side of one foot tilted the pelvis
sideways by 1.46 degrees (Pinto 2008, 14 healthy adults); over 170 mm between the hips
that is 4.3 mm, or 0.43 mm for each degree by which one foot is more everted than the
other. The heel followed the wedge only in part, and it stood there for minutes: the
number says how much a pronation difference can explain, not how much it does here.

*Knee.* A knee that lacks ``theta`` of extension brings hip and ankle closer by
``T + S - sqrt(T^2 + S^2 + 2 T S cos(theta))`` with thigh ``T`` = 0.245 and shank
``S`` = 0.246 of body height (Drillis & Contini 1966). It is an upper limit: the person
may stand with more weight on the other leg.

A lacking hip extension gives no number, for the back takes up an unknown part of it.

References
----------
Pinto RZA et al. (2008). doi:10.1016/j.math.2007.06.004
Winter DA (2009). doi:10.1002/9780470549148, figure 4.1
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.catalogue import definition
from gaitkit.model.leg_length import FunctionalPart
from gaitkit.model.side import Side
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gaitkit.measure.leg_length.evidence import Evidence
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import Examination, PelvisFindings

PELVIC_TILT_PER_EVERSION = 0.146
"""Degrees of lateral pelvic tilt for each degree of unilateral eversion; Pinto 2008."""

HIP_DISTANCE_MM = 170.0
"""Between the hip centres of an adult, millimetres; assumed for everybody."""

MM_PER_EVERSION_DEG = HIP_DISTANCE_MM * math.tan(math.radians(PELVIC_TILT_PER_EVERSION))
"""0.43 mm of apparent shortening for each degree of unilateral eversion."""

RELATIVE_SD = 0.4
"""Standard error of that number as a share of it; assumed, for feet differ in how
stiff they are and a wedge is no habit."""

THIGH_PER_HEIGHT, SHANK_PER_HEIGHT = 0.245, 0.246
GONIOMETER_SD_DEG = 3.0
"""Error of a joint angle by goniometer, degrees; assumed."""

KNEE_RELATIVE_SD = 0.3
"""Error of the apparent shortening as a share of it; assumed."""

LEAST_DEFICIT_DIFFERENCE_DEG = 5.0
"""Smaller differences between the knees or hips are within goniometer error."""

SUMMED = ("pronation_difference", "knee_contracture")
"""Causes whose numbers add up to the functional difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SidedAngle:
    """An angle of both sides in degrees and the error of each."""

    left_deg: float
    right_deg: float
    left_sd_deg: float
    right_sd_deg: float

    @property
    def difference_deg(self) -> float:
        """Left minus right."""
        return self.left_deg - self.right_deg

    @property
    def difference_sd_deg(self) -> float:
        """Error of the difference."""
        return math.hypot(self.left_sd_deg, self.right_sd_deg)


def functional_parts(
    measurements: Sequence[Measurement],
    examination: Examination,
    *,
    subject: Subject,
    evidence: Iterable[Evidence] = (),
) -> tuple[FunctionalPart, ...]:
    """Return everything functional that was found in a visit.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit; ``rearfoot_angle_stance`` and ``foot_posture_index`` count.
    examination : Examination
        Deficits of extension and findings of the pelvis.
    subject : Subject
        The height turns a deficit of the knee into millimetres.
    evidence : iterable of Evidence
        Methods of the estimate; the two tapes are compared.

    Returns
    -------
    tuple of FunctionalPart
        Empty when nothing was examined or found.
    """
    return (
        *_pronation(measurements),
        *_knee(examination, subject.height_m),
        *_hip(examination),
        *_pelvis(examination.pelvis),
        *_apparent({each.method.name: each for each in evidence}),
    )


def explained_mm(parts: Iterable[FunctionalPart]) -> tuple[float, float] | None:
    """Return the apparent difference that has a number, and its error, or None.

    The sum of pronation and knee, left minus right; what has no number is not in it.
    """
    known = [
        (part.value_mm, part.sd_mm)
        for part in parts
        if part.cause in SUMMED and part.value_mm is not None and part.sd_mm is not None
    ]
    if not known:
        return None
    return math.fsum(v for v, _ in known), math.hypot(*(sd for _, sd in known))


def knee_shortening_mm(deficit_deg: float, *, height_m: float) -> float:
    """Return how much closer hip and ankle are with a knee that stays bent."""
    thigh, shank = (
        1000.0 * share * height_m for share in (THIGH_PER_HEIGHT, SHANK_PER_HEIGHT)
    )
    bent = thigh**2 + shank**2 + 2 * thigh * shank * math.cos(math.radians(deficit_deg))
    return thigh + shank - math.sqrt(bent)


def _pronation(measurements: Sequence[Measurement]) -> Iterator[FunctionalPart]:
    angles = _rearfoot(measurements)
    if angles is None:
        yield from _posture(measurements)
        return
    difference = angles.difference_deg
    value = -MM_PER_EVERSION_DEG * difference
    sd = math.hypot(
        MM_PER_EVERSION_DEG * angles.difference_sd_deg, RELATIVE_SD * abs(value)
    )
    yield _numbered("pronation_difference", difference, value_mm=value, sd_mm=sd)


def _rearfoot(measurements: Sequence[Measurement]) -> SidedAngle | None:
    """Return the rearfoot angles that one method gave of both sides, the surest."""
    found: dict[tuple[str, str | None], dict[Side, Measurement]] = {}
    for row in measurements:
        known = row.value is not None and row.sd is not None
        if row.name == "rearfoot_angle_stance" and known and row.side is not None:
            found.setdefault((row.method, row.recording), {})[row.side] = row
    both = [
        SidedAngle(
            left_deg=rows[Side.LEFT].value or 0.0,
            right_deg=rows[Side.RIGHT].value or 0.0,
            left_sd_deg=rows[Side.LEFT].sd or 0.0,
            right_sd_deg=rows[Side.RIGHT].sd or 0.0,
        )
        for rows in found.values()
        if len(rows) == len(Side)
    ]
    return min(both, key=lambda angle: angle.difference_sd_deg, default=None)


def _posture(measurements: Sequence[Measurement]) -> Iterator[FunctionalPart]:
    scores = {
        row.side: row.value
        for row in measurements
        if row.name == "foot_posture_index" and row.value is not None
    }
    left, right = scores.get(Side.LEFT), scores.get(Side.RIGHT)
    error = definition("foot_posture_index").error("examination")
    if left is None or right is None or error is None:
        return
    if abs(left - right) > error.detectable_change:
        text = _sentence(
            "posture_difference", left=left, right=right, side=_side_of(left - right)
        )
        yield FunctionalPart(cause="pronation_difference", text=text)


def _knee(examination: Examination, height_m: float | None) -> Iterator[FunctionalPart]:
    left = examination.left.knee_extension_deficit_deg
    right = examination.right.knee_extension_deficit_deg
    if not _deficits_differ(left, right):
        return
    difference = (left or 0.0) - (right or 0.0)
    if height_m is None:
        text = _sentence(
            "knee_contracture_without_height",
            side=_side_of(difference),
            difference=round(abs(difference), 1),
        )
        yield FunctionalPart(cause="knee_contracture", text=text)
        return
    short, error = zip(
        *(_shortening(d or 0.0, height_m=height_m) for d in (left, right)), strict=True
    )
    yield _numbered(
        "knee_contracture",
        difference,
        value_mm=short[1] - short[0],
        sd_mm=math.hypot(*error),
    )


def _shortening(deficit_deg: float, *, height_m: float) -> tuple[float, float]:
    """Return the shortening by a bent knee and its error, in millimetres."""
    value = knee_shortening_mm(deficit_deg, height_m=height_m)
    more, less = (
        knee_shortening_mm(deficit_deg + sign * GONIOMETER_SD_DEG, height_m=height_m)
        for sign in (1.0, -1.0)
    )
    return value, math.hypot(0.5 * (more - less), KNEE_RELATIVE_SD * value)


def _hip(examination: Examination) -> Iterator[FunctionalPart]:
    left = examination.left.hip_extension_deficit_deg
    right = examination.right.hip_extension_deficit_deg
    if _deficits_differ(left, right):
        difference = (left or 0.0) - (right or 0.0)
        text = _sentence(
            "hip_contracture",
            side=_side_of(difference),
            difference=round(abs(difference), 1),
        )
        yield FunctionalPart(cause="hip_contracture", text=text)


def _deficits_differ(left: float | None, right: float | None) -> bool:
    """Return True when one side lacks more; a side not examined is taken as full."""
    if left is None and right is None:
        return False
    return abs((left or 0.0) - (right or 0.0)) >= LEAST_DEFICIT_DIFFERENCE_DEG


def _pelvis(found: PelvisFindings) -> Iterator[FunctionalPart]:
    standing, lying = found.standing, found.lying
    tilted = standing in {"left", "right"}
    if tilted and found.neutral_feet == "level":
        yield _pattern("level_with_neutral_feet", standing)
    if tilted and lying == "equal":
        yield _pattern("equal_lying_down", standing)
    if tilted and lying in {"left", "right"} and lying != standing:
        yield _pattern("opposite_lying_down", standing)
    if standing == "level" and lying in {"left", "right"}:
        yield _pattern("unequal_only_lying", lying)
    if found.sitting in {"left", "right"}:
        yield _pattern("tilt_when_sitting", found.sitting)


def _apparent(evidence: Mapping[str, Evidence]) -> Iterator[FunctionalPart]:
    apparent, true = evidence.get("tape_umbilicus"), evidence.get("tape")
    if apparent is None or true is None:
        return
    text = _sentence(
        "apparent_length",
        apparent=round(apparent.value_mm, 1),
        true=round(true.value_mm, 1),
    )
    yield FunctionalPart(
        cause="apparent_length",
        text=text,
        value_mm=apparent.value_mm - true.value_mm,
        sd_mm=math.hypot(apparent.sd_mm, true.sd_mm),
    )


def _numbered(
    cause: str, difference: float, *, value_mm: float, sd_mm: float
) -> FunctionalPart:
    text = _sentence(
        cause,
        side=_side_of(difference),
        difference=round(abs(difference), 1),
        size=round(abs(value_mm), 1),
        error=round(Uncertainty(sd=sd_mm).half_width, 1),
    )
    return FunctionalPart(cause=cause, text=text, value_mm=value_mm, sd_mm=sd_mm)


def _pattern(cause: str, side: str | None) -> FunctionalPart:
    return FunctionalPart(cause=cause, text=_sentence(cause, side=_side_named(side)))


def _side_of(difference: float) -> Text:
    return _side_named("left" if difference >= 0.0 else "right")


def _side_named(side: str | None) -> Text:
    return Text(**_sentences()["sides"][side or "left"])  # type: ignore[arg-type]


def _sentence(key: str, **values: object) -> Text:
    return Text(**_sentences()[key]).filled(**values)  # type: ignore[arg-type]


@cache
def _sentences() -> dict[str, dict[str, str | dict[str, str]]]:
    return shipped_table("gaitkit.measure.leg_length", "functional.toml")
