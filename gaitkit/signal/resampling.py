"""A uniform clock, laid under the data after short gaps were filled."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.signal.stretches import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_CLOCK = 1e-6
"""Stamps that differ from the grid by less than this share of a frame lie on it."""

MIN_SPLINE = 4
"""Samples for a cubic spline; shorter stretches are interpolated linearly."""

GRID_TOLERANCE = 0.02
"""Largest distance of a time stamp from the grid that needs no resampling (frames)."""


def nominal_rate_hz(time_s: NDArray[np.float64]) -> float:
    """Return one over the median interval between frames.

    Raises
    ------
    InputError
        If there are fewer than two frames.
    """
    if time_s.size <= 1:
        msg = (
            f"a walk needs at least 2 frames to have a rate, got {time_s.size}; "
            f"record several seconds of walking"
        )
        raise InputError(msg)
    return float(1.0 / np.median(np.diff(time_s)))


def uniform_time_s(
    time_s: NDArray[np.float64], *, rate_hz: float
) -> NDArray[np.float64]:
    """Return a grid at ``rate_hz`` from the first to the last time stamp."""
    count = int(np.floor((time_s[-1] - time_s[0]) * rate_hz + GRID_TOLERANCE)) + 1
    grid: NDArray[np.float64] = time_s[0] + np.arange(count) / rate_hz
    return grid


def resample(
    values: NDArray[np.float64],
    *,
    time_s: NDArray[np.float64],
    grid_s: NDArray[np.float64],
    max_gap_s: float,
) -> NDArray[np.float64]:
    """Interpolate a signal onto a grid, never across what is missing.

    Parameters
    ----------
    values : array (time,)
        One coordinate; NaN where missing.
    time_s : array (time,)
        Its time stamps, seconds, strictly increasing, possibly irregular.
    grid_s : array (grid,)
        The uniform clock.
    max_gap_s : float
        Longest interval between two stamps that is bridged: dropped frames are gaps.

    Returns
    -------
    array (grid,)
        NaN outside the stretches of known samples.
    """
    from scipy.interpolate import CubicSpline

    frame_s = float(np.median(np.diff(time_s)))
    if grid_s.size == time_s.size and np.allclose(
        grid_s, time_s, rtol=0, atol=SAME_CLOCK * frame_s
    ):
        return values.copy()
    result = np.full(grid_s.shape, np.nan)
    for stretch in _stretches(values, time_s, max_gap_s + frame_s):
        at, known = time_s[stretch], values[stretch]
        slack = GRID_TOLERANCE * frame_s
        inside = (grid_s >= at[0] - slack) & (grid_s <= at[-1] + slack)
        where = np.clip(grid_s[inside], at[0], at[-1])
        if at.size >= MIN_SPLINE:
            result[inside] = CubicSpline(at, known)(where)
        else:
            result[inside] = np.interp(where, at, known)
    return result


def _stretches(
    values: NDArray[np.float64], time_s: NDArray[np.float64], longest_s: float
) -> list[slice]:
    """Split the known samples where a value is missing or the clock leaps."""
    parts: list[slice] = []
    for run in runs(np.isfinite(values)):
        leaps = np.flatnonzero(np.diff(time_s[run]) > longest_s) + run.start + 1
        edges = [run.start, *leaps.tolist(), run.stop]
        parts += [slice(a, b) for a, b in pairwise(edges)]
    return parts
