"""The progress of a body: its heading and speed, free of the sway within a stride.

A pelvis sways from foot to foot and speeds up and slows down twice a stride. Fast
walkers outrun that; at 0.16 m/s (Parkinson's disease) the sway alone turns the path by
30 deg. What remains over one whole stride is where the person goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.model.side import Side
from gaitkit.signal.filters import derivative, low_pass
from gaitkit.signal.gaps import fill_gaps, valid_runs, whole

if TYPE_CHECKING:
    from gaitkit.signal.upright import Upright

BODY_CUTOFF_HZ = 0.8
"""Keeps the progress of the body and drops its sway within a stride (about 1 Hz)."""

USUAL_STRIDE_S = 1.1
"""Stride time of comfortable walking, taken where the feet show no rhythm."""

SHORTEST_STRIDE_S, LONGEST_STRIDE_S = 0.5, 3.0
"""Strides of toddlers in a hurry, and of the slowest walkers."""

CLEAR_RHYTHM = 0.3
"""Autocorrelation of the feet one stride later; below it there is no rhythm."""

PLANTED_SHARE = 0.5
"""Where the slower foot moves by more than this share of what the body and it differ,
the ground moves: on a treadmill the share is 1, on a floor 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The way of the middle of the hips.

    Attributes
    ----------
    centre : array (time, horizontal axes)
        Smoothed path.
    velocity : array (time, horizontal axes)
        Its rate of change.
    heading : array (time, horizontal axes)
        Unit vector of the displacement over one stride; NaN where that is none.
    speed : array (time,)
        Velocity along the heading: what the body gains, without its sway.
    stride_s : float
        Rhythm of the feet.
    """

    centre: NDArray[np.float64]
    velocity: NDArray[np.float64]
    heading: NDArray[np.float64]
    speed: NDArray[np.float64]
    stride_s: float


def progress(walk: Upright, *, max_gap_s: float) -> Progress:
    """Return where the body goes and how fast.

    Parameters
    ----------
    walk : Upright
        Clean keypoints with a vertical axis.
    max_gap_s : float
        The body may be unseen for so long.

    Notes
    -----
    The heading is the displacement over one stride. At the ends of what is seen the
    nearest whole stride gives it.
    """
    paths = []
    for path in walk.middle("hip")[:, :-1].T:
        filled = fill_gaps(path, time_s=walk.time_s, max_gap_s=max_gap_s)
        paths.append(low_pass(filled, rate_hz=walk.rate_hz, cutoff_hz=BODY_CUTOFF_HZ))
    centre = np.column_stack(paths)
    velocity = np.column_stack([derivative(p, rate_hz=walk.rate_hz) for p in centre.T])
    apart = (walk.point("left_ankle") - walk.point("right_ankle"))[:, :-1]
    stride_s = rhythm_s(apart, rate_hz=walk.rate_hz)
    gained = np.column_stack(
        [drift(path, window_s=stride_s, rate_hz=walk.rate_hz) for path in centre.T]
    )
    length = np.linalg.norm(gained, axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        heading = np.where(length > 0, gained / length, np.nan)
    return Progress(
        centre=centre,
        velocity=velocity,
        heading=heading,
        speed=(velocity * heading).sum(axis=1),
        stride_s=stride_s,
    )


def rhythm_s(apart: NDArray[np.float64], *, rate_hz: float) -> float:
    """Return the stride time at which the feet repeat themselves.

    Parameters
    ----------
    apart : array (time, axes)
        Vector between the ankles, or from the pelvis to a foot; NaN where missing.
        It comes back after one stride: the first clear maximum of its
        autocorrelation.
    rate_hz : float
        Samples per second.

    Returns
    -------
    float
        Seconds; `USUAL_STRIDE_S` where there is no clear rhythm.
    """
    seen = apart[whole(apart, axis=1)]
    shortest = round(SHORTEST_STRIDE_S * rate_hz)
    longest = min(round(LONGEST_STRIDE_S * rate_hz), 3 * len(seen) // 4)
    if longest <= shortest:
        return USUAL_STRIDE_S
    seen = seen - seen.mean(axis=0)
    size = 2 * len(seen)
    spectrum = np.abs(np.fft.rfft(seen, n=size, axis=0)) ** 2
    alike = np.fft.irfft(spectrum, n=size, axis=0).sum(axis=1)[: longest + 1]
    alike /= np.arange(len(seen), len(seen) - alike.size, -1)
    inner, least = alike[1:-1], CLEAR_RHYTHM * alike[0]
    top = (inner >= alike[:-2]) & (inner > alike[2:]) & (inner > least)
    at = np.flatnonzero(top) + 1
    at = at[at >= shortest]
    if not at.size:
        return USUAL_STRIDE_S
    clear = at[alike[at] >= (1 - CLEAR_RHYTHM) * alike[at].max()]
    return float(clear[0] / rate_hz)


def drift(
    path: NDArray[np.float64], *, window_s: float, rate_hz: float
) -> NDArray[np.float64]:
    """Return the mean velocity over a window; what repeats within it cancels.

    Parameters
    ----------
    path : array (time,)
        NaN where missing.
    window_s : float
        Length of the window about each sample; at the ends of what is known the
        nearest whole window gives the velocity.
    rate_hz : float
        Samples per second.
    """
    window = max(2, round(window_s * rate_hz))
    slope = np.full(path.shape, np.nan)
    for run in valid_runs(path):
        known = path[run]
        width = min(window, known.size - 1)
        if width < 1:
            continue
        inner = (known[width:] - known[:-width]) * rate_hz / width
        before = width // 2
        after = known.size - inner.size - before
        slope[run] = np.pad(inner, (before, after), "edge")
    return slope


def ground_moves(walk: Upright, direction: NDArray[np.float64], part: slice) -> bool:
    """Return True when the standing foot goes back under a body that stays.

    Parameters
    ----------
    walk : Upright
        Clean keypoints.
    direction : array (horizontal axes,)
        Unit vector in which the person walks.
    part : slice
        The samples.

    Notes
    -----
    The slower foot stands. Its velocity is 0 on a floor and that of the belt on a
    treadmill; that of the body is the reverse. A camera that follows the person makes
    a treadmill of a floor.
    """

    def pace(path: NDArray[np.float64]) -> NDArray[np.float64]:
        return derivative(path, rate_hz=walk.rate_hz)[part]

    feet = np.stack([pace(walk.along(f"{side}_ankle", direction)) for side in Side])
    body = pace(walk.middle("hip")[:, :-1] @ direction)
    standing = np.where(np.abs(feet[0]) < np.abs(feet[1]), feet[0], feet[1])
    known = np.isfinite(feet).all(axis=0) & np.isfinite(body)
    if not known.any():
        return False
    foot, middle = float(np.median(standing[known])), float(np.mean(body[known]))
    return middle > foot and -foot > PLANTED_SHARE * (middle - foot)
