"""Force and pressure over time, of the whole foot and of each region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import REGIONS

if TYPE_CHECKING:
    from gaitkit.measure.foot.footprint import Footprint


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FootLoad:
    """How a contact is loaded.

    Attributes
    ----------
    time_s : ndarray (time,)
        Times of the frames.
    interval_s : float
        Time that a frame stands for (NaN for a single picture).
    force_n : ndarray (time,)
        Force of the whole contact.
    region_force_n : ndarray (time, region)
        Force of the ten regions, in the order of ``REGIONS``.
    region_peak_kpa : ndarray (time, region)
        Highest pressure of each region.
    first, last : int
        First and last frame of stance.
    """

    time_s: np.ndarray
    interval_s: float
    force_n: np.ndarray
    region_force_n: np.ndarray
    region_peak_kpa: np.ndarray
    first: int
    last: int

    @property
    def stance(self) -> slice:
        """Frames of stance."""
        return slice(self.first, self.last + 1)

    @property
    def contact_time_s(self) -> float:
        """Frames of stance times the interval, seconds (NaN for a picture)."""
        return (self.last - self.first + 1) * self.interval_s


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
