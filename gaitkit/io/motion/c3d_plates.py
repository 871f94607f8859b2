"""Force plates of a C3D file: channels to forces in the axes of the laboratory.

The surface of a plate is the plane of its four corners; x runs from corner 2 to corner
1, y from corner 4 to corner 1, z is their cross product. Forces are returned as the
floor acts on the foot, so that their vertical part is positive: makers differ in the
sign they store.

References
----------
The C3D File Format User Guide, Motion Lab Systems 2008, FORCE_PLATFORM types 1 to 4.
Kistler 9286 instruction manual for the 8 channels of type 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.io.motion.storage import MIN_FORCE_N
from gaitkit.model.motion import ForcePlate
from gaitkit.model.reason import Reason, reason
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from gaitkit.io.motion.c3d_parameters import C3DParameters

Floats = NDArray[np.float64]

CHANNELS = {1: 6, 2: 6, 3: 8, 4: 6}
"""Channels of each type of plate."""

PLACES = (3, 4)
"""Channels of type 1 that hold the centre of pressure. A place has no load to level."""

STILL_M = 1.5e-3
"""A person who only stands on a plate moves the centre of pressure by more."""


EDGE_RANGE_M = (0.1, 10.0)
"""Length of an edge, from a plate for one foot to a walkway."""

ON_PLATE = 0.9
"""Share of the samples whose centre of pressure must lie on the plate."""

WHY_TYPE = Text(nl="type {kind} is onbekend", en="type {kind} is unknown")
WHY_PARTS = Text(
    nl="hoeken, oorsprong of kanalen ontbreken",
    en="corners, origin or channels are missing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plates:
    """Force plates of a file and what is doubtful about them."""

    plates: tuple[ForcePlate, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Geometry:
    """Where a plate lies: all in metres."""

    kind: int
    corners: Floats
    origin: Floats
    axes: Floats
    """Columns are the axes of the plate in the laboratory."""

    @property
    def center(self) -> Floats:
        middle: Floats = self.corners.mean(axis=0)
        return middle


def read_plates(
    analog: Floats,
    parameters: C3DParameters,
    *,
    duration_s: float,
    m_per_unit: float,
    body_center_m: Floats,
) -> Plates:
    """Return the force plates of a file.

    Parameters
    ----------
    analog : array (channel, sample)
        Scaled analog channels.
    parameters : C3DParameters
        Of the file.
    duration_s : float
        Frames over rate of the markers: the time that the samples fill.
    m_per_unit : float
        Metres in the unit of the points.
    body_center_m : array (3,)
        Where the markers are, on the upper side of the plates.
    """
    plates: list[ForcePlate] = []
    reasons: list[Reason] = []
    used = int(parameters.number("FORCE_PLATFORM", "USED") or 0)
    if analog.shape[1] < 2:  # noqa: PLR2004 - a rate needs two
        used = 0
    time_s = np.arange(analog.shape[1]) * duration_s / max(analog.shape[1], 1)
    kinds = parameters.numbers("FORCE_PLATFORM", "TYPE").ravel()
    for index in range(min(used, kinds.size)):
        kind, name = int(kinds[index]), str(index + 1)
        if kind not in CHANNELS:
            why = WHY_TYPE.filled(kind=kind)
            reasons.append(_unread(name, why))
            continue
        rows = _channels(parameters, index, kind=kind, known=analog.shape[0])
        place = _geometry(parameters, index, kind=kind, m_per_unit=m_per_unit)
        if rows is None or place is None:
            reasons.append(_unread(name, WHY_PARTS))
            continue
        raw = analog[rows]
        loads = [row for row in range(len(rows)) if kind != 1 or row not in PLACES]
        raw[loads] = _zeroed(raw[loads], parameters)
        if kind == 4:  # noqa: PLR2004 - the type whose channels are calibrated here
            matrix = _calibration(parameters, index)
            raw = matrix @ raw
        unit = _moment_unit(parameters, rows, m_per_unit=m_per_unit)
        plate, changed = _plate(
            raw, place, name=name, time_s=time_s, unit=unit, body_m=body_center_m
        )
        plates.append(plate)
        if changed:
            reasons.append(reason("motion_plate_moment_unit", plate=name, unit=changed))
    return Plates(plates=tuple(plates), reasons=tuple(reasons))


def _plate(
    raw: Floats,
    place: _Geometry,
    *,
    name: str,
    time_s: Floats,
    unit: tuple[float, bool],
    body_m: Floats,
) -> tuple[ForcePlate, str | None]:
    """Return one plate, and the unit of moment where it is another than expected.

    A centre of pressure off the plate shows a unit that is too great, one that does
    not move while somebody walks over the plate a unit that is too small.
    """
    m_per_length, stated = unit
    chosen = _unit_that_fits(raw, place, m_per_length, stated=stated)
    force, center, twist = _wrench(raw, place, m_per_unit=chosen)
    normal = place.axes[:, 2]
    up = normal * (np.sign((body_m - place.center) @ normal) or 1.0)
    vertical = force @ up
    sign = np.sign(vertical[np.argmax(np.abs(vertical))]) or 1.0
    known = sign * vertical >= MIN_FORCE_N
    plate = ForcePlate(
        name=name,
        time_s=time_s,
        force_n=sign * force,
        center_of_pressure_m=np.where(known[:, None], center, np.nan),
        free_moment_nm=np.where(known, sign * twist * float(normal @ up), np.nan),
        corners_m=place.corners,
    )
    told = None if chosen == m_per_length else {1.0: "N.m", 1e-3: "N.mm"}[chosen]
    return plate, told


def _unit_that_fits(
    raw: Floats, place: _Geometry, m_per_length: float, *, stated: bool
) -> float:
    """Return metres in the length of the unit that puts the pressure on the plate."""
    expected = _wrench(raw, place, m_per_unit=m_per_length)[1]
    lies_on, stands = _lies_on(expected, place), _stands(expected)
    if stated and lies_on and not stands:
        return m_per_length
    still = None
    for other in (1.0, 1e-3):  # the greater first: the smaller always lies inside
        center = _wrench(raw, place, m_per_unit=other)[1]
        if _lies_on(center, place):
            if not _stands(center):
                return other
            still = other
    return m_per_length if lies_on or still is None else still


def _wrench(
    raw: Floats, place: _Geometry, *, m_per_unit: float
) -> tuple[Floats, Floats, Floats]:
    """Return force (sample, 3), centre of pressure (sample, 3) and free moment."""
    if place.kind == 1:
        force = raw[:3].T
        spot = np.column_stack((raw[3:5].T * m_per_unit, np.zeros(raw.shape[1])))
        twist = raw[5] * m_per_unit
    else:
        force, moment = _force_and_moment(raw, place, m_per_unit=m_per_unit)
        moment = moment + np.cross(force, place.origin)
        fz = np.where(np.abs(force[:, 2]) < MIN_FORCE_N, np.nan, force[:, 2])
        spot = np.column_stack(
            (-moment[:, 1] / fz, moment[:, 0] / fz, np.zeros(fz.size))
        )
        twist = (moment - np.cross(spot, force))[:, 2]
    return force @ place.axes.T, spot @ place.axes.T + place.center, twist


def _force_and_moment(
    raw: Floats, place: _Geometry, *, m_per_unit: float
) -> tuple[Floats, Floats]:
    if place.kind != 3:  # noqa: PLR2004 - type 3 has 8 channels of force
        return raw[:3].T, raw[3:6].T * m_per_unit
    x12, x34, y14, y23, z1, z2, z3, z4 = raw
    across, along = place.origin[0], place.origin[1]
    force = np.column_stack((x12 + x34, y14 + y23, z1 + z2 + z3 + z4))
    moment = np.column_stack(
        (
            along * (z1 + z2 - z3 - z4),
            across * (z2 + z3 - z1 - z4),
            along * (x34 - x12) + across * (y14 - y23),
        )
    )
    # the offset to the surface alone remains to be applied
    flat = np.array([across, along, 0.0])
    return force, moment - np.cross(force, flat)


def _stands(center: Floats) -> bool:
    """Return whether the centre of pressure is known and does not move."""
    known = center[np.isfinite(center).all(axis=1)]
    return bool(known.size) and float(np.ptp(known, axis=0).max()) < STILL_M


def _lies_on(center: Floats, place: _Geometry) -> bool:
    """Return whether most known centres of pressure lie on the plate."""
    known = center[np.isfinite(center).all(axis=1)] - place.center
    if not known.size:
        return True
    half = np.abs((place.corners - place.center) @ place.axes[:, :2]).max(axis=0)
    inside = (np.abs(known @ place.axes[:, :2]) <= half).all(axis=1)
    return bool(inside.mean() >= ON_PLATE)


def _zeroed(raw: Floats, parameters: C3DParameters) -> Floats:
    """Subtract the mean of the frames in which, the file says, nobody stood there."""
    zero = parameters.numbers("FORCE_PLATFORM", "ZERO").ravel()
    ratio = (parameters.number("ANALOG", "RATE") or 0) / (
        parameters.number("POINT", "RATE") or np.inf
    )
    if zero.size < 2 or not 0 < zero[0] < zero[1] <= raw.shape[1] / (ratio or np.inf):  # noqa: PLR2004
        return raw
    first, last = int((zero[0] - 1) * ratio), int(zero[1] * ratio)
    levelled: Floats = raw - raw[:, first:last].mean(axis=1, keepdims=True)
    return levelled


def _channels(
    parameters: C3DParameters, index: int, *, kind: int, known: int
) -> NDArray[np.int64] | None:
    table = parameters.numbers("FORCE_PLATFORM", "CHANNEL")
    if table.ndim != 2 or index >= table.shape[1]:  # noqa: PLR2004 - channel, plate
        return None
    rows = table[: CHANNELS[kind], index].astype(np.int64) - 1
    if rows.size < CHANNELS[kind] or rows.min() < 0 or rows.max() >= known:
        return None
    return rows


def _geometry(
    parameters: C3DParameters, index: int, *, kind: int, m_per_unit: float
) -> _Geometry | None:
    corners = parameters.numbers("FORCE_PLATFORM", "CORNERS")
    origin = parameters.numbers("FORCE_PLATFORM", "ORIGIN")
    shaped = corners.shape[:2] == (3, 4) and origin.shape[:1] == (3,)
    if not shaped or corners.ndim < 3 or origin.ndim < 2:  # noqa: PLR2004
        return None
    if index >= min(corners.shape[2], origin.shape[1]):
        return None
    four = corners[:, :, index].T * m_per_unit
    x, y = four[0] - four[1], four[0] - four[3]
    z = np.cross(x, y)
    low, high = EDGE_RANGE_M
    if not all(low <= np.linalg.norm(edge) <= high for edge in (x, y)) or not z.any():
        return None
    axes = np.column_stack(
        [axis / np.linalg.norm(axis) for axis in (x, np.cross(z, x), z)]
    )
    place = origin[:, index] * m_per_unit
    if place[2] > 0:  # the sensors lie below the surface; some makers turn the vector
        place = -place
    return _Geometry(kind=kind, corners=four, origin=place, axes=axes)


def _calibration(parameters: C3DParameters, index: int) -> Floats:
    matrix = parameters.numbers("FORCE_PLATFORM", "CAL_MATRIX")
    shaped = matrix.ndim == 3 and matrix.shape[:2] == (6, 6)  # noqa: PLR2004
    if not shaped or index >= matrix.shape[2]:
        return np.eye(6)
    chosen: Floats = matrix[:, :, index]
    return chosen


def _moment_unit(
    parameters: C3DParameters, rows: NDArray[np.int64], *, m_per_unit: float
) -> tuple[float, bool]:
    """Return metres in the length of the unit of moment, and whether it is stated."""
    units = parameters.words("ANALOG", "UNITS")
    last = int(rows[-1])
    unit = units[last].casefold() if last < len(units) else ""
    for letters, metres in (("mm", 1e-3), ("cm", 1e-2), ("m", 1.0)):
        if letters in unit:
            return metres, True
    return m_per_unit, False


def _unread(plate: str, why: Text) -> Reason:
    return reason("motion_plate_unread", plate=plate, why=why)
