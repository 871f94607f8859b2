"""Paths of the stickers of one leg, gaps bridged, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.model.side import Side

Array = NDArray[np.float64]

REARFOOT_ROLES = ("calf_upper", "calf_lower", "heel_upper", "heel_lower")
"""Stickers of the lower leg and the heel, from above."""

LONGEST_GAP_S = 0.1
"""A sticker may be out of sight for so long; its path is bridged by a straight line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegStickers:
    """The four stickers of a leg over time.

    Attributes
    ----------
    time_s : array (time,)
        Seconds.
    calf_upper, calf_lower, heel_upper, heel_lower : array (time, 2)
        Pixels, y down; NaN where a sticker was out of sight for long.
    """

    time_s: Array
    calf_upper: Array
    calf_lower: Array
    heel_upper: Array
    heel_lower: Array

    @property
    def leg_px(self) -> Array:
        """Length (time,) from upper calf to lower heel sticker, pixels."""
        return np.asarray(np.linalg.norm(self.heel_lower - self.calf_upper, axis=1))

    @property
    def heel_px(self) -> Array:
        """Distance (time,) of the two heel stickers, pixels."""
        return np.asarray(np.linalg.norm(self.heel_lower - self.heel_upper, axis=1))


def leg_stickers(stickers: xr.Dataset, side: Side) -> LegStickers | None:
    """Return the stickers of a leg, or None where one of the four was never seen.

    Parameters
    ----------
    stickers : xarray.Dataset
        Keypoints in pixels (``time, space, keypoint``), named ``left_calf_upper``,
        ``left_heel_lower`` and so on; NaN where not seen.
    side : Side
        Which leg.
    """
    time_s = stickers.indexes["time"].to_numpy(dtype=float)
    found: dict[str, Array] = {}
    for role in REARFOOT_ROLES:
        path = path_of(stickers, f"{side}_{role}")
        if path is None:
            return None
        found[role] = path
    return LegStickers(time_s=time_s, **found)


def path_of(stickers: xr.Dataset, name: str) -> Array | None:
    """Return the path (time, 2) of a sticker, short gaps bridged, or None."""
    if name not in stickers.indexes["keypoint"] or stickers.sizes["time"] < MIN_FRAMES:
        return None
    place = stickers["position"].sel(keypoint=name, space=["x", "y"])
    path = place.transpose("time", "space").to_numpy()
    if not np.isfinite(path).any():
        return None
    return bridged(path, stickers.indexes["time"].to_numpy(dtype=float))


MIN_FRAMES = 5
"""Fewer frames show no walk."""


def bridged(path: Array, time_s: Array) -> Array:
    """Return the path with gaps of at most `LONGEST_GAP_S` bridged."""
    known = np.flatnonzero(np.isfinite(path).all(axis=1))
    filled = np.full_like(path, np.nan)
    for axis in range(path.shape[1]):
        filled[:, axis] = np.interp(time_s, time_s[known], path[known, axis])
    before = known[np.clip(np.searchsorted(known, np.arange(len(path))) - 1, 0, None)]
    after_at = np.clip(
        np.searchsorted(known, np.arange(len(path))), None, len(known) - 1
    )
    after = known[after_at]
    outside = (np.arange(len(path)) < known[0]) | (np.arange(len(path)) > known[-1])
    too_long = time_s[after] - time_s[before] > LONGEST_GAP_S
    seen = np.zeros(len(path), dtype=bool)
    seen[known] = True
    filled[(outside | too_long) & ~seen] = np.nan
    return filled


def smooth(path: Array, *, window: int, order: int, derivative: int = 0) -> Array:
    """Return a path, or its change a frame, from polynomials fitted to a window.

    Parameters
    ----------
    path : array (time, ...)
        NaN stretches stay NaN; a stretch shorter than the window too.
    window : int
        Frames; made odd.
    order : int
        Of the polynomial.
    derivative : int
        0 or 1.
    """
    from scipy.signal import savgol_filter

    odd = max(window | 1, order + 2 | 1)
    out = np.full_like(path, np.nan)
    known = np.isfinite(path.reshape(len(path), -1)).all(axis=1)
    edges = np.flatnonzero(np.diff(np.r_[False, known, False].astype(int)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start >= odd:
            part = path[start:stop]
            out[start:stop] = savgol_filter(part, odd, order, deriv=derivative, axis=0)
    return out
