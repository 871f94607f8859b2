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

from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.measure.foot.axis import Axis, principal_axis
from gaitkit.measure.foot.foot_grid import BORDER_POWER, FootGrid, foot_grid

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
    for _ in range(ROUNDS):
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
