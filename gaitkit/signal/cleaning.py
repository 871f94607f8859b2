"""From raw keypoints to smooth paths on a uniform clock.

The order matters: confidence, outliers, gaps, and only then resampling and the
filter, so that no filter ever sees a wrong sample or smears over a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.model.keypoints import keypoints
from gaitkit.signal.filters import low_pass_columns
from gaitkit.signal.gaps import fill_gaps
from gaitkit.signal.outliers import outliers
from gaitkit.signal.resampling import nominal_rate_hz, resample, uniform_time_s
from gaitkit.signal.stretches import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.signal.settings import SignalSettings


PLANAR_AXES = 2
"""Axes of a picture; a laboratory has three."""


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
    observation.

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
    return raw.assign(position=position.where(~beyond))


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
