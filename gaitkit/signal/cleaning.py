"""From raw keypoints to smooth paths on a uniform clock.

The order matters: confidence, outliers, gaps, and only then resampling and the
filter, so that no filter ever sees a wrong sample or smears over a gap.

Outliers: samples that leave the path of their keypoint for an instant.

A swap of the feet or a slip of the pose model for one or two frames throws a keypoint
far from where it was just before and is just after. Such a sample is set to missing;
the gap is then filled like any other.

A uniform clock, laid under the data after short gaps were filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import InputError
from gaitkit.model.chance import MAD_TO_SD
from gaitkit.model.keypoints import keypoints
from gaitkit.model.side import Side
from gaitkit.signal.filters import low_pass_columns
from gaitkit.signal.gaps import fill_gaps, runs, valid_runs, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.signal.settings import SignalSettings

PLANAR_AXES = 2
"""Axes of a picture; a laboratory has three."""

FOOT = ("ankle", "heel", "foot_index")
"""What of a foot may leave the picture."""

PACE_S = 0.25
"""The speed of the hips is taken over so long to either side."""

GOES_ON = 0.2
"""Hips that are faster, in leg lengths a second, walk on: slow walking is faster, the
sway on a treadmill slower."""

AT_EDGE = 0.03
"""A foot so near to the edge, in leg lengths, counts as beyond it: some pose models
move what they guess to the edge."""

NEAR_EDGE = 0.4
"""A foot nearer to the edge than this, in leg lengths, can be beyond it in the next
frame: at 25 frames/s the foot of a fast walker moves by 0.2 in one."""

TURNS_BACK = 0.06
"""A foot turned back when it lost more than this share of the leg: three times the
scatter of a keypoint that stands."""


LAGS = (1, 2, 3)
"""Pairs of neighbours, in frames before and after, that predict a sample."""

MAX_SPAN_S = 0.11
"""Neighbours farther away than this (s) predict nothing: the path bends in between."""

MAX_ROUNDS = 4
"""Rounds of removal; each may show outliers that a worse one had hidden."""

SAME_CLOCK = 1e-6
"""Stamps that differ from the grid by less than this share of a frame lie on it."""

MIN_SPLINE = 4
"""Samples for a cubic spline; shorter stretches are interpolated linearly."""

GRID_TOLERANCE = 0.02
"""Largest distance of a time stamp from the grid that needs no resampling (frames)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Clean keypoints, and what had to be done to get them.

    Attributes
    ----------
    data : xarray.Dataset
        Keypoints on a uniform clock in the space of the recording;
        ``attrs["rate_hz"]`` is that clock.
    low_confidence, outlying : float
        Fractions of the samples of the keypoints used that were set to missing.
    missing : float
        Fraction of those samples that stayed missing after filling gaps, counted
        between the first and last frame in which anything was seen.
    """

    data: xr.Dataset
    low_confidence: float
    outlying: float
    missing: float


def clean(
    raw: xr.Dataset, *, names: Sequence[str], settings: SignalSettings
) -> Cleaned:
    """Mask, reject, fill, resample and smooth keypoints.

    Parameters
    ----------
    raw : xarray.Dataset
        Keypoints as recorded: dims ``time, space, keypoint``; time stamps may be
        irregular, NaN is missing.
    names : sequence of str
        The keypoints wanted; those absent from ``raw`` are left out.
    settings : SignalSettings
        Limits and cut-off.

    Returns
    -------
    Cleaned
        Keypoints on a uniform clock at the nominal rate.

    Raises
    ------
    InputError
        If there are fewer than two frames.
    """
    data = raw.sel(keypoint=[name for name in names if name in raw["keypoint"]])
    time_s = data["time"].to_numpy().astype(float)
    rate_hz = nominal_rate_hz(time_s)
    grid_s = uniform_time_s(time_s, rate_hz=rate_hz)
    position = data["position"].to_numpy().copy()
    confidence = data["confidence"].to_numpy()
    seen = whole(position, axis=1)
    faint = seen & (confidence < settings.min_confidence)
    position[np.broadcast_to(faint[:, None, :], position.shape)] = np.nan
    stray = _reject(position, time_s, settings)
    in_metres = data.attrs["space_unit"] == "m"
    cutoff_hz = settings.cutoff_markers_hz if in_metres else settings.cutoff_video_hz
    filled = np.full((grid_s.size, *position.shape[1:]), np.nan)
    for axis, name in np.ndindex(position.shape[1:]):
        path = position[:, axis, name]
        path = fill_gaps(path, time_s=time_s, max_gap_s=settings.max_gap_s)
        filled[:, axis, name] = resample(
            path, time_s=time_s, grid_s=grid_s, max_gap_s=settings.max_gap_s
        )
    smooth = low_pass_columns(
        filled.reshape(grid_s.size, -1),
        rate_hz=rate_hz,
        cutoff_hz=cutoff_hz,
        order=settings.filter_order,
    ).reshape(filled.shape)
    result = keypoints(
        smooth,
        _on_grid(confidence, time_s, grid_s),
        time_s=grid_s,
        names=data["keypoint"].to_numpy().tolist(),
        space=data["space"].to_numpy().tolist(),
        space_unit=data.attrs["space_unit"],
    ).assign_attrs(rate_hz=rate_hz)
    return Cleaned(
        data=result,
        low_confidence=_share(faint, seen),
        outlying=_share(stray, seen),
        missing=_missing(smooth),
    )


def within_picture(
    raw: xr.Dataset, *, picture_px: tuple[float, float] | None
) -> xr.Dataset:
    """Set keypoints beyond the edges of the picture to missing.

    A pose model guesses where a foot is that has left the picture; such a guess is no
    observation, neither beyond the edge nor where the model, having lost the foot, puts
    it back into the picture or holds it at the edge while the body goes on out of it.

    Parameters
    ----------
    raw : xarray.Dataset
        Keypoints as recorded; those of a laboratory are returned as they are.
    picture_px : tuple of float or None
        Width and height; None: only the left and upper edge (0) are known.
    """
    if raw.sizes["space"] != PLANAR_AXES:
        return raw
    position = raw["position"]
    beyond = (position < 0).any("space")
    if picture_px is not None:
        size = xr.DataArray(list(picture_px), dims="space", coords=[raw["space"]])
        beyond = beyond | (position > size).any("space")
    seen = raw.assign(position=position.where(~beyond))
    width = None if picture_px is None else picture_px[0]
    return _without_guesses(raw, seen, width_px=width)


def _without_guesses(
    raw: xr.Dataset, seen: xr.Dataset, *, width_px: float | None
) -> xr.Dataset:
    """Set a foot to missing that is a guess while the body leaves or enters."""
    names = set(raw["keypoint"].to_numpy().tolist())
    if not {f"{side}_hip" for side in Side} <= names:
        return seen
    time_s = raw["time"].to_numpy().astype(float)
    leg_px = _extent(raw["position"].to_numpy())
    across = raw["position"].sel(space="x")
    hips = across.sel(keypoint=[f"{side}_hip" for side in Side]).mean("keypoint")
    position = seen["position"].copy(deep=True)
    for side in Side:
        foot = [f"{side}_{part}" for part in FOOT if f"{side}_{part}" in names]
        path = across.sel(keypoint=foot).transpose("time", "keypoint").to_numpy()
        for outward, edge_px in ((-1.0, 0.0), (1.0, width_px)):
            if foot and edge_px is not None:
                guess = _guessed(
                    outward * (path - edge_px) / leg_px,
                    outward * hips.to_numpy() / leg_px,
                    time_s,
                )
                position.loc[{"time": guess, "keypoint": foot}] = np.nan
    return seen.assign(position=position)


def _guessed(
    foot: NDArray[np.float64], hips: NDArray[np.float64], time_s: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return the frames (time,) in which a foot is not seen while the body goes on out.

    Parameters
    ----------
    foot : array (time, keypoint)
        How far beyond an edge, in leg lengths.
    hips : array (time,)
        Their position outward, in leg lengths.
    time_s : array (time,)
        Seconds.

    Notes
    -----
    From the moment at which its tip reaches the edge the foot is not seen to land. Nor
    is one that turns back before: no foot goes back while the hips go forward. Leaving
    is looked at in time, entering against time.
    """
    guess = np.zeros(time_s.size, dtype=bool)
    pace = np.full(time_s.size, np.nan)
    for run in valid_runs(hips):
        pace[run] = _pace(hips[run], time_s[run])
    for order, ahead in ((slice(None), pace), (slice(None, None, -1), -pace)):
        going = (ahead > GOES_ON)[order]
        for run in runs(going):
            frames = np.arange(time_s.size)[order][run]
            guess[frames[_after_loss(foot[order][run])]] = True
    return guess


def _pace(
    path: NDArray[np.float64], time_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the speed along a path over `PACE_S` to either side (time,)."""
    before = np.maximum(time_s - PACE_S, time_s[0])
    after = np.minimum(time_s + PACE_S, time_s[-1])
    gained = np.interp(after, time_s, path) - np.interp(before, time_s, path)
    span_s = after - before
    return np.asarray(gained / np.where(span_s > 0, span_s, np.inf), dtype=float)


def _after_loss(foot: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the frames from which on a foot that goes outward is not seen (time,)."""
    lost = np.asarray((foot > -AT_EDGE).any(axis=1), dtype=bool)
    near = np.flatnonzero((foot > -NEAR_EDGE).any(axis=1))
    if near.size:
        later = np.nan_to_num(foot[near[0] :], nan=-np.inf)
        farthest = np.maximum.accumulate(later, axis=0)
        back = np.isfinite(later) & (farthest - later > TURNS_BACK)
        for path, fell in zip(later.T, back.T, strict=True):
            if fell.any():
                turn = int(np.argmax(path[: int(np.argmax(fell)) + 1]))
                lost[near[0] + turn + 1 :] = True
    from_then: NDArray[np.bool_] = np.maximum.accumulate(lost)
    return from_then


def _reject(
    position: NDArray[np.float64],
    time_s: NDArray[np.float64],
    settings: SignalSettings,
) -> NDArray[np.bool_]:
    """Set outliers to NaN in place; return where (time, keypoint)."""
    floor = settings.outlier_floor * _extent(position)
    stray = np.zeros((position.shape[0], position.shape[2]), dtype=bool)
    for axis, name in np.ndindex(position.shape[1:]):
        stray[:, name] |= outliers(
            position[:, axis, name],
            time_s=time_s,
            limit_sd=settings.outlier_sd,
            floor=floor,
        )
    position[np.broadcast_to(stray[:, None, :], position.shape)] = np.nan
    return stray


def _extent(position: NDArray[np.float64]) -> float:
    """Return half the median extent of the body along its longest axis: a leg."""
    seen = whole(position, axis=1).any(axis=1)
    if not seen.any():
        return 0.0
    spread = np.nanmax(position[seen], axis=2) - np.nanmin(position[seen], axis=2)
    return float(np.median(spread.max(axis=1))) / 2


def _on_grid(
    confidence: NDArray[np.float64],
    time_s: NDArray[np.float64],
    grid_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the confidence of the nearest frame for each sample of the grid."""
    after = np.clip(np.searchsorted(time_s, grid_s), 1, time_s.size - 1)
    before_is_nearer = grid_s - time_s[after - 1] < time_s[after] - grid_s
    return confidence[np.where(before_is_nearer, after - 1, after)]


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _missing(position: NDArray[np.float64]) -> float:
    """Return the share of samples missing while anything is seen."""
    known = whole(position, axis=1)
    frames = np.flatnonzero(known.any(axis=1))
    if not frames.size:
        return 1.0
    return float(1.0 - known[frames[0] : frames[-1] + 1].mean())


def outliers(
    values: NDArray[np.float64],
    *,
    time_s: NDArray[np.float64],
    limit_sd: float,
    floor: float,
) -> NDArray[np.bool_]:
    """Find samples far from the middle of their neighbours in time.

    A sample is predicted by the means of its pairs of neighbours 1, 2 and 3 frames
    away on both sides, so that steady motion gives no residual; the best of the three
    counts, so that a sharp but true bend gives none either. It is an outlier when its
    residual exceeds ``max(limit_sd * sd, floor)``, with ``sd`` the robust standard
    deviation of all residuals of the path.

    Parameters
    ----------
    values : array (time,)
        One coordinate of one keypoint; NaN where missing.
    time_s : array (time,)
        Seconds, increasing.
    limit_sd : float
        Limit in robust standard deviations.
    floor : float
        Residual that is never an outlier, in the unit of ``values``.

    Returns
    -------
    array of bool (time,)
        True where the sample is an outlier.

    Notes
    -----
    A relative of the Hampel identifier (Pearson 2002, doi:10.1109/87.974338) that
    allows motion. Wrong where an error lasts longer than three frames or 0.11 s: that
    is no longer an instant, and the evidence in the path itself does not tell which
    part is right.
    """
    found = np.zeros(values.shape, dtype=bool)
    for _ in range(MAX_ROUNDS):
        kept = np.where(found, np.nan, values)
        residual = _residual(kept, time_s)
        if not np.isfinite(residual).any():
            break
        limit = max(limit_sd * MAD_TO_SD * float(np.nanmedian(residual)), floor)
        beyond = _local_maxima(np.nan_to_num(residual)) & (residual > limit)
        if not beyond.any():
            break
        found |= beyond
    return found


def _residual(
    values: NDArray[np.float64], time_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each sample is from the best prediction; NaN without any."""
    residual = np.full(values.size, np.nan)
    for lag in LAGS:
        if values.size <= 2 * lag:
            continue
        inner = slice(lag, -lag)
        before, after = slice(None, -2 * lag), slice(2 * lag, None)
        span = time_s[after] - time_s[before]
        share = (time_s[inner] - time_s[before]) / span
        middle = values[before] + share * (values[after] - values[before])
        middle[span > 2 * MAX_SPAN_S] = np.nan
        residual[inner] = np.fmin(residual[inner], np.abs(values[inner] - middle))
    return residual


def _local_maxima(residual: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return True where no neighbour is worse: the worst of a group goes first."""
    left = np.concatenate(([0.0], residual[:-1]))
    right = np.concatenate((residual[1:], [0.0]))
    return (residual >= left) & (residual >= right)


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
