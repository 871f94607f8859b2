"""Peaks and crossings of a signal, timed between samples.

`scipy.signal` takes most of a second to load, so it is loaded at its first use; of a
video that is while the pose model works (`gaitkit.pipeline.ahead`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.signal.stretches import valid_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_STRIDE_S = 0.6
"""Two peaks of one foot are at least this far apart: 200 steps/min."""


def peaks(
    values: NDArray[np.float64],
    *,
    time_s: NDArray[np.float64],
    prominence: float,
    min_distance_s: float = MIN_STRIDE_S,
) -> list[tuple[float, float]]:
    """Return the maxima of a signal, timed by a parabola through three samples.

    Parameters
    ----------
    values : array (time,)
        Uniformly sampled; NaN where missing. A maximum at the edge of what is known
        is no maximum.
    time_s : array (time,)
        Seconds.
    prominence : float
        How far a maximum stands out, in the unit of ``values``.
    min_distance_s : float
        Of two maxima nearer than this the higher stays.

    Returns
    -------
    list of (time_s, prominence)
        In the order of time.
    """
    from scipy.signal import find_peaks

    step_s = float(time_s[1] - time_s[0]) if time_s.size > 1 else 1.0
    distance = max(1, round(min_distance_s / step_s))
    found: list[tuple[float, float]] = []
    for run in valid_runs(values):
        part = values[run]
        at, facts = find_peaks(part, prominence=prominence, distance=distance)
        for index, size in zip(at, facts["prominences"], strict=True):
            shift = _vertex(part[index - 1], part[index], part[index + 1])
            time = float(time_s[run.start + index]) + shift * step_s
            found.append((time, float(size)))
    return found


def upward_crossings(
    values: NDArray[np.float64], *, time_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the times at which a signal rises through zero, linearly interpolated."""
    before, after = values[:-1], values[1:]
    at = np.flatnonzero((before < 0) & (after >= 0))
    share = -before[at] / (after[at] - before[at])
    crossing: NDArray[np.float64] = time_s[at] + share * (time_s[at + 1] - time_s[at])
    return crossing


def _vertex(left: float, middle: float, right: float) -> float:
    """Return where a parabola through three samples peaks, in samples off middle."""
    bend = left - 2 * middle + right
    return 0.0 if bend == 0 else float(0.5 * (left - right) / bend)
