"""A long axis as a line in the coordinates of a footprint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit.measure.foot.footprint import Footprint


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
