"""The paths of one foot in one straight pass, as every detector needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.model.keypoints import path_of
from gaitkit.model.side import Side
from gaitkit.signal.derivative import derivative
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

    def speed(self) -> float:
        """Return the speed of walking: slope of the path of the pelvis."""
        known = np.isfinite(self.pelvis)
        if known.sum() < 2:  # noqa: PLR2004 - a slope needs two points
            return float("nan")
        return float(np.polyfit(self.time_s[known], self.pelvis[known], 1)[0])

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
