"""Leg lengths from markers: of the bones in standing, at work in walking.

References
----------
Khamis & Carmeli 2017, doi:10.3233/THC-192006 (dynamic leg length: hip centre to foot;
its greatest value in stance less its smallest in swing tells the longer leg).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.gait.kinematics.vectors import Array, distance
from gaitkit.gait.waveforms import MAX_MISSING
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.kinematics.body import Body
    from gaitkit.model.strides import Stride

LengthMethod = Literal["asis_to_medial_malleolus", "joint_centres"]

MM_PER_M = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLengths:
    """Leg lengths of one recording.

    Attributes
    ----------
    structural_mm : dict of Side to float
        Length of each leg; empty where the markers do not show it.
    method : {"asis_to_medial_malleolus", "joint_centres"}
        ASIS to medial malleolus in standing, as a tape measures; else hip to knee to
        ankle centre.
    dynamic : tuple of StrideValue
        For each stride, the greatest distance from hip to ankle centre in stance less
        the smallest in swing, mm; named ``dynamic_leg_length_difference`` because
        that is what it serves, with the side of the stride.
    """

    structural_mm: dict[Side, float]
    method: LengthMethod
    dynamic: tuple[StrideValue, ...] = field(default=())


def leg_lengths(
    body: Body, *, standing: bool, strides: Sequence[Stride] = ()
) -> LegLengths:
    """Measure the legs in one recording.

    Parameters
    ----------
    body : Body
        Joint centres and markers.
    standing : bool
        True when the person stands: then, with medial malleoli marked, the legs are
        measured as with a tape. In walking the hip bends, and with it the distance
        from ASIS to malleolus changes by 20 to 40 mm.
    strides : sequence of Stride
        Accepted ones give the dynamic length.

    Notes
    -----
    Markers on the ASIS are off by a centimetre and more: in five children whose legs
    were equal by tape, ASIS to malleolus differed by -27 to +4 mm between the sides
    (root mean square 15 mm). The catalogue states that error; a difference below
    about 30 mm is none by this method alone.
    """
    method: LengthMethod = "joint_centres"
    tape = _as_by_tape(body) if standing else {}
    if len(tape) == len(Side):
        method = "asis_to_medial_malleolus"
    return LegLengths(
        structural_mm=tape if len(tape) == len(Side) else _along_bones(body),
        method=method,
        dynamic=dynamic_values(body, strides),
    )


def dynamic_values(body: Body, strides: Sequence[Stride]) -> tuple[StrideValue, ...]:
    """Return greatest stance length less smallest swing length of each stride, mm."""
    time_s = body.markers.time_s
    values = []
    for stride in strides:
        if stride.rejected is not None or stride.foot_off_s is None:
            continue
        leg = body.legs[stride.side]
        length = MM_PER_M * distance(leg.hip, leg.ankle)
        stance = _within(length, time_s, stride.start_s, stride.foot_off_s)
        swing = _within(length, time_s, stride.foot_off_s, stride.end_s)
        if stance.size and swing.size:
            values.append(
                StrideValue(
                    name="dynamic_leg_length_difference",
                    value=float(stance.max() - swing.min()),
                    start_s=stride.start_s,
                    side=stride.side,
                )
            )
    return tuple(values)


def _within(length: Array, time_s: Array, start_s: float, end_s: float) -> Array:
    """Return the known lengths of a phase; none where too much of it is missing."""
    part = length[(time_s >= start_s) & (time_s <= end_s)]
    known = part[np.isfinite(part)]
    return known if known.size > (1 - MAX_MISSING) * part.size else known[:0]


def _as_by_tape(body: Body) -> dict[Side, float]:
    markers = body.markers
    return {
        side: _median_mm(markers.at(f"{side}_asis"), markers.at(f"{side}_ankle_medial"))
        for side in Side
        if markers.has(f"{side}_asis", f"{side}_ankle_medial")
    }


def _along_bones(body: Body) -> dict[Side, float]:
    if body.pelvis is None:
        return {}
    return {
        side: _median_mm(leg.hip, leg.knee) + _median_mm(leg.knee, leg.ankle)
        for side, leg in body.legs.items()
    }


def _median_mm(first: Array, second: Array) -> float:
    return MM_PER_M * float(np.nanmedian(distance(first, second)))
