"""The long axis of a foot, by named methods.

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

if TYPE_CHECKING:
    from gaitkit.measure.foot.footprint import Footprint

NamedMethod = Literal[
    "heel_forefoot", "principal", "center_of_pressure_66", "rectangle"
]

HEEL_BAND = (0.05, 0.30)
FOREFOOT_BAND = (0.58, 0.78)
"""Bands of the length in which the borders of heel and forefoot are taken; they lie
inside the expert borders of 120 emed steps (heel top 0.33, toes from 0.84)."""

ROUNDS = 4
"""The bands depend on the axis; four rounds settle it below 0.01 deg."""

COP_SHARE = 0.66
"""Part of the roll-off before the push-off over the hallux (Impressions)."""

RECTANGLE_STEPS = 180
FEWEST_CELLS = 8


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


def find_axis(
    foot: Footprint, *, method: NamedMethod = "heel_forefoot"
) -> Axis | None:
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
    half = _half_cell(foot, axis.angle_rad)
    return float(along.min()) - half, float(along.max()) + half


def _half_cell(foot: Footprint, angle: float) -> float:
    dy, dx = foot.pitch_mm
    return float(abs(np.cos(angle)) * dy + abs(np.sin(angle)) * dx) / 2


def _heel_forefoot_axis(foot: Footprint) -> Axis:
    axis = principal_axis(foot)
    for _ in range(ROUNDS):
        low, high = length_bounds(foot, axis)
        along = axis.along(foot.lateral_mm, foot.forward_mm)
        share = (along - low) / (high - low)
        heel = _band_middle(foot, axis, share, HEEL_BAND)
        ball = _band_middle(foot, axis, share, FOREFOOT_BAND)
        if heel is None or ball is None:
            return axis
        axis = Axis(
            lateral_mm=heel[0],
            forward_mm=heel[1],
            angle_rad=float(np.arctan2(ball[0] - heel[0], ball[1] - heel[1])),
        )
    return axis


def _band_middle(
    foot: Footprint, axis: Axis, share: np.ndarray, band: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the mean of the midpoints between both borders of the rows in a band."""
    inside = (share >= band[0]) & (share <= band[1])
    if not inside.any():
        return None
    row, lateral = foot.row[inside], foot.lateral_mm[inside]
    first = row.min()
    count = int(row.max() - first) + 1
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, row - first, lateral)
    np.maximum.at(high, row - first, lateral)
    loaded = np.flatnonzero(np.isfinite(low))
    middle = (low[loaded] + high[loaded]) / 2
    forward = (loaded + first - (foot.peak.shape[0] - 1) / 2) * foot.pitch_mm[0]
    return float(middle.mean()), float(forward.mean())


def _center_of_pressure_axis(foot: Footprint) -> Axis:
    load = foot.pressure.sum(axis=(1, 2), dtype=np.float64)
    frames = np.flatnonzero(load > 0)
    frames = frames[: max(2, round(COP_SHARE * frames.size))]
    rows, cols = np.indices(foot.peak.shape)
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
