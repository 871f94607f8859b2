"""Arch indices from the footprint: shape only, pressure-weighted, and by widths.

Notes
-----
Cut-offs of ink prints do not hold on plates: with a floor of 10 kPa, 120 normal emed
steps had an arch index of 0.17 +- 0.06, and 28 % of them no midfoot contact at all.
So no label is given here.

References
----------
Cavanagh PR, Rodgers MM (1987). The arch index. J Biomech 20:547-551.
doi:10.1016/0021-9290(87)90255-7
Chu WC et al. (1995). The use of arch index to characterize arch height: a digital
image processing approach. IEEE Trans Biomed Eng 42:1088-1093. doi:10.1109/10.469375
Forriol F, Pascual J (1990). Footprint analysis between three and seventeen years of
age. Foot Ankle 11:101-104. doi:10.1177/107110079001100208
Staheli LT, Chew DE, Corbett M (1987). The longitudinal arch. J Bone Joint Surg Am
69:426-428.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.foot_grid import BORDER_POWER, FootGrid, foot_grid

if TYPE_CHECKING:
    from gaitkit.measure.foot.axis import Axis
    from gaitkit.measure.foot.footprint import Footprint
    from gaitkit.measure.foot.regions import FootRegions

THIRDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchIndices:
    """Four numbers about the arch; NaN where the footprint cannot give one.

    Attributes
    ----------
    arch_index : float
        Area of the middle third over the area of the toeless foot.
    modified_arch_index : float
        The same with the peak pressures summed instead of the cells counted.
    chippaux_smirak_index : float
        Smallest width of the midfoot over largest width of the forefoot, %.
    staheli_index : float
        Smallest width of the midfoot over largest width of the heel.
    """

    arch_index: float
    modified_arch_index: float
    chippaux_smirak_index: float
    staheli_index: float


def arch_indices(foot: Footprint, axis: Axis, regions: FootRegions) -> ArchIndices:
    """Return the arch indices of a footprint.

    Parameters
    ----------
    foot : Footprint
        The foot.
    axis : Axis
        Its long axis; the toeless length along it is cut into equal thirds.
    regions : FootRegions
        Tells the toes, which are left out.

    Notes
    -----
    The outline runs between the sensors, where the root of the pressure crosses that
    of the threshold, so that the index does not jump with the place of the foot on
    the sensors (counting whole sensors of 5 mm doubles its error). Deviation from
    Cavanagh and Rodgers: their axis ends at the tip of the second toe, which a plate
    does not show in every step.
    """
    grid = foot_grid(foot, axis, power=BORDER_POWER)
    sole = grid.values >= foot.threshold_kpa**BORDER_POWER
    sole &= grid.along_mm[:, None] < regions.toe_line_mm
    rows = np.flatnonzero(sole.any(axis=1))
    if rows.size == 0:
        return _none()
    half = float(grid.along_mm[1] - grid.along_mm[0]) / 2
    low = float(grid.along_mm[rows[0]]) - half
    high = float(grid.along_mm[rows[-1]]) + half
    inside = _in_middle_third(grid.along_mm, half, low, high)
    area = sole.sum(axis=1)
    kpa = (sole * grid.values ** (1 / BORDER_POWER)).sum(axis=1)
    widths = _widths(grid, sole, low, high)
    heel, middle, ball = (widths[0].max(), widths[1].min(), widths[2].max())
    return ArchIndices(
        arch_index=float((inside * area).sum() / area.sum()),
        modified_arch_index=float((inside * kpa).sum() / kpa.sum()),
        chippaux_smirak_index=_ratio(100 * middle, ball),
        staheli_index=_ratio(middle, heel),
    )


def _in_middle_third(
    along: np.ndarray, half: float, low: float, high: float
) -> np.ndarray:
    """Return which part of each slice lies in the middle third, 0 to 1."""
    third = (high - low) / THIRDS
    start, stop = low + third, high - third
    overlap = np.minimum(along + half, stop) - np.maximum(along - half, start)
    return np.asarray(np.clip(overlap / (2 * half), 0.0, 1.0))


def _widths(
    grid: FootGrid, sole: np.ndarray, low: float, high: float
) -> list[np.ndarray]:
    """Return the contact widths (mm) of the slices of each third of the sole."""
    width = sole.sum(axis=1) * float(grid.across_mm[1] - grid.across_mm[0])
    third = (high - low) / THIRDS
    cuts = [low, low + third, high - third, high]
    parts = [
        width[(grid.along_mm >= a) & (grid.along_mm < b)] for a, b in pairwise(cuts)
    ]
    return [part if part.size else np.zeros(1) for part in parts]


def _ratio(over: float, under: float) -> float:
    return float(over / under) if under > 0 else float("nan")


def _none() -> ArchIndices:
    nan = float("nan")
    return ArchIndices(
        arch_index=nan,
        modified_arch_index=nan,
        chippaux_smirak_index=nan,
        staheli_index=nan,
    )
