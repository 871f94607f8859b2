"""Gaps: short ones are bridged, long ones stay missing.

Valid stretches: the runs of a signal in which nothing is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEIGHBOURS = 5
"""Samples on each side of a gap from which its slope there is taken."""

PARABOLA = 2
"""Degree of the curve through them."""


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
    A cubic leaves and meets the known path with the slopes of parabolas through the
    five samples on each side, so that a path that turns inside the gap is followed
    (0.3 % of the amplitude at 1 Hz and 0.16 s) and one noisy sample does not steer
    it. It knows nothing of gait: a gap over an event moves that event, so the limit
    should stay near the shortest phase (about 0.1 s of double support).
    """
    known = np.isfinite(values)
    filled = values.copy()
    if known.all() or not known.any():
        return filled
    frame_s = float(np.median(np.diff(time_s)))
    for gap in runs(~known):
        inside = gap.start > 0 and gap.stop < values.size
        if inside and gap_length_s(gap, time_s) - frame_s <= max_gap_s:
            filled[gap] = _bridge(values, time_s, gap)
    return filled


def gap_length_s(gap: slice, time_s: NDArray[np.float64]) -> float:
    """Return the time from the last known sample before to the first after a gap."""
    return float(time_s[gap.stop] - time_s[gap.start - 1])


def _bridge(
    values: NDArray[np.float64], time_s: NDArray[np.float64], gap: slice
) -> NDArray[np.float64]:
    from scipy.interpolate import CubicHermiteSpline

    ends = np.array([gap.start - 1, gap.stop])
    chord = float(np.diff(values[ends])[0] / np.diff(time_s[ends])[0])
    before = slice(max(0, gap.start - NEIGHBOURS), gap.start)
    after = slice(gap.stop, gap.stop + NEIGHBOURS)
    slopes = [
        _slope(values[near], time_s[near] - time_s[end], otherwise=chord)
        for near, end in zip((before, after), ends, strict=True)
    ]
    curve = CubicHermiteSpline(time_s[ends], values[ends], slopes)
    return np.asarray(curve(time_s[gap]), dtype=float)


def _slope(
    values: NDArray[np.float64], since_s: NDArray[np.float64], *, otherwise: float
) -> float:
    """Return the slope at ``since_s`` = 0 of a parabola, or another where it cannot."""
    known = np.isfinite(values)
    if known.sum() <= PARABOLA:
        return otherwise
    return float(np.polyfit(since_s[known], values[known], PARABOLA)[-2])


def runs(mask: NDArray[np.bool_]) -> list[slice]:
    """Return the runs of True, in order, as half-open slices.

    Parameters
    ----------
    mask : array (time,)
        True where the sample takes part.

    Returns
    -------
    list of slice
        Empty when nothing is True.
    """
    padded = np.concatenate(([False], np.asarray(mask, dtype=bool), [False]))
    edges = np.flatnonzero(np.diff(padded.astype(np.int8)))
    return [
        slice(int(start), int(stop))
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]


def whole(values: NDArray[np.float64], *, axis: int) -> NDArray[np.bool_]:
    """Return True where every coordinate along an axis is known."""
    return np.asarray(np.isfinite(values).all(axis=axis))


def valid_runs(values: NDArray[np.float64]) -> list[slice]:
    """Return the runs of finite values, as half-open slices."""
    return runs(np.isfinite(values))
