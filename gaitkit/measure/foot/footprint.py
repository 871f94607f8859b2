"""One footprint in foot coordinates: every foot is turned into a right foot.

Left feet are mirrored before anything is computed, so a mirrored plate gives exactly
mirrored results. ``lateral`` and ``forward`` are mm from the centre of the crop.

A long axis as a line in the coordinates of a footprint.

The peak picture of a foot on a regular grid along its own axis.

The long axis of a foot, by named methods.

Notes
-----
The methods differ by 2 to 7 degrees on the same steps, so the name is reported with
every angle. Default is the line from the middle of the heel to the middle between the
medial and the lateral border of the forefoot; the principal axis of the footprint is
kept as a check.

References
----------
Impressions (Children's Hospital Colorado), README, for a comparison of axis methods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.errors import InputError
from gaitkit.model.pressure import N_PER_KPA_MM2
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.model.contact import Contact

BORDER_POWER = 0.5
"""Borders are sought in the root of the pressure, which rises straight at a rim."""

STEP_MM = 2.5
"""Half the pitch of the finest plate in use."""

NamedMethod = Literal[
    "heel_forefoot", "principal", "center_of_pressure_66", "rectangle"
]
HEEL_BAND = (0.05, 0.30)
FOREFOOT_BAND = (0.58, 0.78)
"""Bands of the length in which the borders of heel and forefoot are taken; they lie
inside the expert borders of 120 emed steps (heel top 0.33, toes from 0.84)."""

AXIS_ROUNDS = 4
"""The bands depend on the axis; four rounds settle it below 0.01 deg."""

COP_SHARE = 0.66
"""Part of the roll-off before the push-off over the hallux (Impressions)."""

RECTANGLE_STEPS = 180
FEWEST_CELLS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Footprint:
    """A contact as a right foot, toes towards growing rows.

    Attributes
    ----------
    pressure : ndarray (time, row, col)
        kPa; columns grow laterally.
    peak : ndarray (row, col)
        Highest pressure of every cell.
    row, col : ndarray (cell,)
        Cells in contact at any time (at least the threshold).
    lateral_mm, forward_mm : ndarray (cell,)
        Their places.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    threshold_kpa : float
        Cells count as contact from this pressure on.
    """

    pressure: np.ndarray
    peak: np.ndarray
    row: np.ndarray
    col: np.ndarray
    lateral_mm: np.ndarray
    forward_mm: np.ndarray
    pitch_mm: tuple[float, float]
    threshold_kpa: float

    @property
    def cell_cm2(self) -> float:
        """Area of one sensor in cm2."""
        return self.pitch_mm[0] * self.pitch_mm[1] / 100

    @property
    def newton_per_kpa(self) -> float:
        """Force of one sensor at 1 kPa."""
        return self.pitch_mm[0] * self.pitch_mm[1] * N_PER_KPA_MM2

    def places(self, row: np.ndarray, col: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (lateral, forward) in mm of rows and columns."""
        rows, cols = self.peak.shape
        lateral = (col - (cols - 1) / 2) * self.pitch_mm[1]
        return lateral, (row - (rows - 1) / 2) * self.pitch_mm[0]


def footprint_of(contact: Contact, *, threshold_kpa: float) -> Footprint:
    """Return a contact as a right foot.

    Parameters
    ----------
    contact : Contact
        One foot in the walking frame.
    threshold_kpa : float
        Cells count as contact from this pressure on.

    Raises
    ------
    InputError
        If no cell reaches the threshold.
    """
    cells = contact.pressure
    if contact.side is Side.LEFT:
        cells = np.ascontiguousarray(cells[:, :, ::-1])
    peak = cells.max(axis=0)
    row, col = np.nonzero(peak >= threshold_kpa)
    if row.size == 0:
        msg = f"contact {contact.number} has no cell of {threshold_kpa:g} kPa or more"
        raise InputError(msg)
    rows, cols = peak.shape
    return Footprint(
        pressure=cells,
        peak=peak,
        row=row,
        col=col,
        lateral_mm=(col - (cols - 1) / 2) * contact.pitch_mm[1],
        forward_mm=(row - (rows - 1) / 2) * contact.pitch_mm[0],
        pitch_mm=contact.pitch_mm,
        threshold_kpa=threshold_kpa,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A line in the coordinates of a footprint.

    Attributes
    ----------
    lateral_mm, forward_mm : float
        A point on it: the middle of the heel where the method has one.
    angle_rad : float
        Against forward; positive when the toes point laterally.
    """

    lateral_mm: float
    forward_mm: float
    angle_rad: float

    def along(self, lateral: np.ndarray, forward: np.ndarray) -> np.ndarray:
        """Return places along the axis from its point, mm."""
        x, y = lateral - self.lateral_mm, forward - self.forward_mm
        return np.asarray(y * np.cos(self.angle_rad) + x * np.sin(self.angle_rad))

    def across(self, lateral: np.ndarray, forward: np.ndarray) -> np.ndarray:
        """Return places across the axis, lateral positive, mm."""
        x, y = lateral - self.lateral_mm, forward - self.forward_mm
        return np.asarray(x * np.cos(self.angle_rad) - y * np.sin(self.angle_rad))

    def point(self, along: float) -> tuple[float, float]:
        """Return the (lateral, forward) place at a distance along the axis."""
        return (
            self.lateral_mm + along * float(np.sin(self.angle_rad)),
            self.forward_mm + along * float(np.cos(self.angle_rad)),
        )


def principal_axis(foot: Footprint) -> Axis:
    """Return the axis of largest spread of the cells in contact."""
    x, y = foot.lateral_mm, foot.forward_mm
    cx, cy = float(x.mean()), float(y.mean())
    x, y = x - cx, y - cy
    angle = 0.5 * np.arctan2(
        2 * float((x * y).sum()), float((y * y).sum()) - float((x * x).sum())
    )
    return Axis(lateral_mm=cx, forward_mm=cy, angle_rad=float(angle))


def length_bounds(foot: Footprint, axis: Axis) -> tuple[float, float]:
    """Return where the footprint begins and ends along an axis, mm.

    The outer half of the outermost sensors is included.
    """
    along = axis.along(foot.lateral_mm, foot.forward_mm)
    half = half_cell(foot, axis.angle_rad)
    return float(along.min()) - half, float(along.max()) + half


def half_cell(foot: Footprint, angle: float) -> float:
    """Return half the length of a sensor along a direction, mm."""
    dy, dx = foot.pitch_mm
    return float(abs(np.cos(angle)) * dy + abs(np.sin(angle)) * dx) / 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FootGrid:
    """Pressures along (rows) and across (columns) the axis of a foot.

    Attributes
    ----------
    values : ndarray (along, across)
        Peak pressure in kPa, bilinear between sensors.
    along_mm : ndarray (along,)
        Distance from the heel end of the footprint.
    across_mm : ndarray (across,)
        Distance from the axis, lateral positive.
    length_mm : float
        Length of the footprint.
    start_mm : float
        Where the footprint begins on the axis.
    axis : Axis
        The axis.
    """

    values: np.ndarray
    along_mm: np.ndarray
    across_mm: np.ndarray
    length_mm: float
    start_mm: float
    axis: Axis


def foot_grid(foot: Footprint, axis: Axis, *, power: float = 1.0) -> FootGrid:
    """Resample the peak picture along an axis.

    Parameters
    ----------
    foot : Footprint
        The foot.
    axis : Axis
        Its rows run along this axis.
    power : float
        Exponent of the pressures before they are interpolated; 0.5 straightens the
        slope at the rim of a pad, where borders are sought.
    """
    from scipy.ndimage import map_coordinates

    low, high = length_bounds(foot, axis)
    across = axis.across(foot.lateral_mm, foot.forward_mm)
    half = max(foot.pitch_mm) / 2
    along_mm = np.arange(STEP_MM / 2, high - low, STEP_MM)
    across_mm = np.arange(across.min() - half, across.max() + half + STEP_MM, STEP_MM)
    u, v = np.meshgrid(along_mm + low, across_mm, indexing="ij")
    sin, cos = np.sin(axis.angle_rad), np.cos(axis.angle_rad)
    lateral = axis.lateral_mm + u * sin + v * cos
    forward = axis.forward_mm + u * cos - v * sin
    rows, cols = foot.peak.shape
    row = forward / foot.pitch_mm[0] + (rows - 1) / 2
    col = lateral / foot.pitch_mm[1] + (cols - 1) / 2
    values = map_coordinates(
        foot.peak.astype(np.float64) ** power,
        [row, col],
        order=1,
        mode="constant",
        cval=0.0,
    )
    return FootGrid(
        values=values,
        along_mm=along_mm,
        across_mm=across_mm,
        length_mm=high - low,
        start_mm=low,
        axis=axis,
    )


def find_axis(foot: Footprint, *, method: NamedMethod = "heel_forefoot") -> Axis | None:
    """Return the axis of a footprint, None when it is too small to have one."""
    if foot.row.size < FEWEST_CELLS or np.ptp(foot.forward_mm) == 0:
        return None
    if method == "principal":
        return principal_axis(foot)
    if method == "center_of_pressure_66":
        return _center_of_pressure_axis(foot)
    if method == "rectangle":
        return _rectangle_axis(foot)
    return _heel_forefoot_axis(foot)


def _heel_forefoot_axis(foot: Footprint) -> Axis:
    axis = principal_axis(foot)
    threshold = foot.threshold_kpa**BORDER_POWER
    for _ in range(AXIS_ROUNDS):
        grid = foot_grid(foot, axis, power=BORDER_POWER)
        heel = _band_middle(grid, HEEL_BAND, threshold)
        ball = _band_middle(grid, FOREFOOT_BAND, threshold)
        if heel is None or ball is None:
            return axis
        turn = np.arctan2(ball[1] - heel[1], ball[0] - heel[0])
        lateral, forward = axis.point(heel[0])
        axis = Axis(
            lateral_mm=lateral + heel[1] * float(np.cos(axis.angle_rad)),
            forward_mm=forward - heel[1] * float(np.sin(axis.angle_rad)),
            angle_rad=axis.angle_rad + float(turn),
        )
    return axis


def _band_middle(
    grid: FootGrid, band: tuple[float, float], threshold: float
) -> tuple[float, float] | None:
    """Return the mean middle between both borders of a band (along, across) in mm.

    Borders lie where the pressure between two sensors crosses the threshold, so the
    middle does not jump with the place of the foot on the sensors.
    """
    share = grid.along_mm / grid.length_mm
    rows = np.flatnonzero((share >= band[0]) & (share <= band[1]))
    values = np.pad(grid.values[rows], ((0, 0), (1, 1)))
    loaded = values >= threshold
    touched = loaded.any(axis=1)
    if not touched.any():
        return None
    values, loaded, rows = values[touched], loaded[touched], rows[touched]
    each = np.arange(len(rows))
    first = loaded.argmax(axis=1)
    last = values.shape[1] - 1 - loaded[:, ::-1].argmax(axis=1)
    low = first - _beyond(values[each, first], values[each, first - 1], threshold)
    high = last + _beyond(values[each, last], values[each, last + 1], threshold)
    step = float(grid.across_mm[1] - grid.across_mm[0])
    middle = grid.across_mm[0] + ((low + high) / 2 - 1) * step
    return float((grid.along_mm[rows] + grid.start_mm).mean()), float(middle.mean())


def _beyond(inside: np.ndarray, outside: np.ndarray, threshold: float) -> np.ndarray:
    """Return how far the threshold lies beyond a cell, in cells (0 to 1)."""
    return np.asarray((inside - threshold) / np.maximum(inside - outside, 1e-9))


def _center_of_pressure_axis(foot: Footprint) -> Axis:
    load = foot.pressure.sum(axis=(1, 2), dtype=np.float64)
    frames = np.flatnonzero(load > 0)
    frames = frames[: max(2, round(COP_SHARE * frames.size))]
    rows, cols = (np.asarray(part) for part in np.indices(foot.peak.shape))
    x, y = foot.places(rows, cols)
    part = foot.pressure[frames].astype(np.float64)
    cx = (part * x).sum(axis=(1, 2)) / load[frames]
    cy = (part * y).sum(axis=(1, 2)) / load[frames]
    run = cy - cy.mean()
    spread = float((run * run).sum())
    slope = float((run * cx).sum()) / spread if spread > 0 else 0.0
    return Axis(
        lateral_mm=float(cx.mean()),
        forward_mm=float(cy.mean()),
        angle_rad=float(np.arctan(slope)),
    )


def _rectangle_axis(foot: Footprint) -> Axis:
    """Return the long side of the smallest rectangle around the footprint."""
    start = principal_axis(foot)
    tried = start.angle_rad + np.radians(np.linspace(-30, 30, RECTANGLE_STEPS + 1))
    x, y = foot.lateral_mm, foot.forward_mm
    sides = []
    for angle in tried:
        along = y * np.cos(angle) + x * np.sin(angle)
        across = x * np.cos(angle) - y * np.sin(angle)
        sides.append(np.ptp(along) * np.ptp(across))
    best = float(tried[int(np.argmin(sides))])
    return Axis(
        lateral_mm=start.lateral_mm, forward_mm=start.forward_mm, angle_rad=best
    )
