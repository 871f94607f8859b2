"""The peak picture of a foot on a regular grid along its own axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.axis import Axis, length_bounds

if TYPE_CHECKING:
    from gaitkit.measure.foot.footprint import Footprint

BORDER_POWER = 0.5
"""Borders are sought in the root of the pressure, which rises straight at a rim."""

STEP_MM = 2.5
"""Half the pitch of the finest plate in use."""


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
