"""Gaps: short ones are bridged, long ones stay missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from gaitkit.signal.stretches import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_KNOWN = 2
"""Samples needed to interpolate at all."""


def fill_gaps(
    values: NDArray[np.float64], *, time_s: NDArray[np.float64], max_gap_s: float
) -> NDArray[np.float64]:
    """Fill gaps no longer than a limit; leave longer ones and both ends missing.

    Parameters
    ----------
    values : array (time,)
        One coordinate of one keypoint; NaN where missing.
    time_s : array (time,)
        Seconds, strictly increasing; dropped frames need no place in it.
    max_gap_s : float
        Longest time between the two known samples around a gap, in seconds, less
        one frame: the time during which nothing was seen.

    Returns
    -------
    array (time,)
        A copy with short gaps filled.

    Notes
    -----
    Piecewise cubic Hermite interpolation (Fritsch & Carlson 1980,
    doi:10.1137/0717021), which never overshoots its known neighbours. It knows
    nothing of gait: a gap over an event moves that event, so the limit should stay
    well under the shortest phase (about 0.1 s of double support).
    """
    known = np.isfinite(values)
    filled = values.copy()
    if known.sum() < MIN_KNOWN or known.all():
        return filled
    curve = PchipInterpolator(time_s[known], values[known], extrapolate=False)
    frame_s = float(np.median(np.diff(time_s)))
    for gap in runs(~known):
        inside = gap.start > 0 and gap.stop < values.size
        if inside and gap_length_s(gap, time_s) - frame_s <= max_gap_s:
            filled[gap] = curve(time_s[gap])
    return filled


def gap_length_s(gap: slice, time_s: NDArray[np.float64]) -> float:
    """Return the time from the last known sample before to the first after a gap."""
    return float(time_s[gap.stop] - time_s[gap.start - 1])
