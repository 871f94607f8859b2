"""The paths of one foot in one straight pass, as every detector needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.model.keypoints import path_of
from gaitkit.model.side import Side
from gaitkit.signal.derivative import derivative
from gaitkit.signal.progress import drift, rhythm_s
from gaitkit.signal.upright import mean_known

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPaths:
    """One foot in one pass.

    Attributes
    ----------
    side : Side
        The foot.
    walk_pass : int
        Number of the pass.
    time_s : array (time,)
        Uniform clock of the pass.
    rate_hz : float
        Its rate.
    heel, toe : array (time, 2)
        Forward and up.
    pelvis : array (time,)
        Forward position of the middle of the hips.
    """

    side: Side
    walk_pass: int
    time_s: NDArray[np.float64]
    rate_hz: float
    heel: NDArray[np.float64]
    toe: NDArray[np.float64]
    pelvis: NDArray[np.float64]

    def local_speed(self) -> NDArray[np.float64]:
        """Return the speed of walking (time,): mean of the pelvis over one stride."""
        foot = mean_known(np.stack([self.heel[:, 0], self.toe[:, 0]]), axis=0)
        apart = foot - self.pelvis
        window_s = rhythm_s(apart[:, None], rate_hz=self.rate_hz)
        return drift(self.pelvis, window_s=window_s, rate_hz=self.rate_hz)

    def feet_per_s(self) -> float | None:
        """Return the speed of walking in lengths from heel to toe; None if unknown."""
        length = np.linalg.norm(self.toe - self.heel, axis=1)
        speed = self.local_speed() / np.where(length > 0, length, np.nan)
        known = speed[np.isfinite(speed)]
        return max(0.0, float(np.median(known))) if known.size else None

    def pace(self, path: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the velocity along a path of this foot."""
        return derivative(path, rate_hz=self.rate_hz)


def foot_paths(walking: xr.Dataset, *, side: Side, walk_pass: int) -> FootPaths:
    """Cut the paths of one foot in one pass out of walking space.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space with the coordinate ``walk_pass``.
    side : Side
        The foot.
    walk_pass : int
        Number of the pass.
    """
    part = walking.isel(time=walking["walk_pass"].to_numpy() == walk_pass)

    def point(name: str) -> NDArray[np.float64]:
        return np.column_stack(
            [path_of(part, name, axis) for axis in ("forward", "up")]
        )

    hips = [path_of(part, f"{each}_hip", "forward") for each in Side]
    return FootPaths(
        side=side,
        walk_pass=walk_pass,
        time_s=part["time"].to_numpy(),
        rate_hz=float(walking.attrs["rate_hz"]),
        heel=point(f"{side}_heel"),
        toe=point(f"{side}_foot_index"),
        pelvis=mean_known(np.stack(hips), axis=0),
    )
