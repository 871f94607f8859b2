"""Force and pressure over time, of the whole foot and of each region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import REGIONS
from gaitkit.model.foot import FootLoad

if TYPE_CHECKING:
    from gaitkit.measure.foot.footprint import Footprint


def foot_load(
    foot: Footprint, mask: np.ndarray, *, time_s: np.ndarray, stance_force_n: float
) -> FootLoad:
    """Return force and pressure over time.

    Parameters
    ----------
    foot : Footprint
        The foot.
    mask : ndarray (row, col)
        Region numbers.
    time_s : ndarray (time,)
        Times of its frames.
    stance_force_n : float
        Stance lasts while the force is at least this, between its first and last
        time; of a foot that never reaches it, the whole contact is stance.
    """
    force = foot.pressure.sum(axis=(1, 2), dtype=np.float64) * foot.newton_per_kpa
    loads = np.zeros((force.size, len(REGIONS)))
    peaks = np.zeros((force.size, len(REGIONS)))
    for index in range(len(REGIONS)):
        row, col = np.nonzero(mask == index + 1)
        if row.size:
            cells = foot.pressure[:, row, col]
            loads[:, index] = cells.sum(axis=1, dtype=np.float64) * foot.newton_per_kpa
            peaks[:, index] = cells.max(axis=1)
    standing = np.flatnonzero(force >= stance_force_n)
    if standing.size == 0:
        standing = np.array([0, force.size - 1])
    count = time_s.size
    interval = (time_s[-1] - time_s[0]) / (count - 1) if count > 1 else float("nan")
    return FootLoad(
        time_s=time_s,
        interval_s=float(interval),
        force_n=force,
        region_force_n=loads,
        region_peak_kpa=peaks,
        first=int(standing[0]),
        last=int(standing[-1]),
    )
