"""Keypoints stood upright: which way is up, before anything is known of the walk.

Pictures have up against ``y``. In a laboratory the vertical axis is found from the
body itself: it is the axis along which the hips are farthest from the ankles.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.errors import InputError
from gaitkit.model.recording import SpaceUnit
from gaitkit.model.side import Side

if TYPE_CHECKING:
    import xarray as xr


PARTS_NEEDED = ("hip", "ankle", "heel", "foot_index")
"""Parts of both sides without which no walk can be analysed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upright:
    """Clean keypoints with a vertical axis.

    Attributes
    ----------
    names : tuple of str
        Keypoints.
    time_s : array (time,)
        Uniform clock, seconds.
    rate_hz : float
        Its rate.
    horizontal : array (time, 1 or 2, keypoint)
        Picture ``x``, or the two horizontal axes of a laboratory in the order that
        makes them right-handed with up.
    up : array (time, keypoint)
        Height above an arbitrary level.
    unit : {"px", "m"}
        Unit of both.
    """

    names: tuple[str, ...]
    time_s: NDArray[np.float64]
    rate_hz: float
    horizontal: NDArray[np.float64]
    up: NDArray[np.float64]
    unit: SpaceUnit

    @property
    def planar(self) -> bool:
        """True when the recording shows one plane only."""
        return bool(self.horizontal.shape[1] == 1)

    def has(self, name: str) -> bool:
        """Return True when the keypoint is there."""
        return name in self.names

    def along(self, name: str, direction: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the path of a keypoint along a horizontal direction (time,)."""
        path: NDArray[np.float64] = (
            self.horizontal[:, :, self.names.index(name)] @ direction
        )
        return path

    def height(self, name: str) -> NDArray[np.float64]:
        """Return the height of a keypoint (time,)."""
        return self.up[:, self.names.index(name)]

    def middle(self, part: str) -> NDArray[np.float64]:
        """Return the middle of left and right (time, horizontal axes and up).

        Where one side is missing the other stands alone.
        """
        both = [self.point(f"{side}_{part}") for side in Side]
        return mean_known(np.stack(both), axis=0)

    def point(self, name: str) -> NDArray[np.float64]:
        """Return one keypoint (time, horizontal axes and up)."""
        k = self.names.index(name)
        return np.column_stack((self.horizontal[:, :, k], self.up[:, k]))

    def leg_length(self) -> float:
        """Return the median length hip - knee - ankle, in the unit; NaN if unseen."""
        lengths = []
        for side in Side:
            joints = [self.point(f"{side}_{p}") for p in ("hip", "knee", "ankle")]
            thigh = np.linalg.norm(joints[0] - joints[1], axis=1)
            shank = np.linalg.norm(joints[1] - joints[2], axis=1)
            lengths.append(thigh + shank)
        return median_known(np.concatenate(lengths))


def stand_upright(clean: xr.Dataset) -> Upright:
    """Find the vertical axis of clean keypoints.

    Parameters
    ----------
    clean : xarray.Dataset
        Keypoints on a uniform clock with ``attrs["rate_hz"]``.

    Raises
    ------
    InputError
        If a keypoint that every analysis needs is absent, or nothing is ever seen.
    """
    names = tuple(clean["keypoint"].to_numpy().tolist())
    _check_names(names)
    position = clean["position"].to_numpy()
    if position.shape[1] == 2:  # noqa: PLR2004 - x and y of a picture
        horizontal, up = position[:, :1], -position[:, 1]
    else:
        axis, sign = _vertical(position, names)
        up = sign * position[:, axis]
        first, second = (axis + 1) % 3, (axis + 2) % 3
        order = [first, second] if sign > 0 else [second, first]
        horizontal = position[:, order]
    return Upright(
        names=names,
        time_s=clean["time"].to_numpy(),
        rate_hz=float(clean.attrs["rate_hz"]),
        horizontal=horizontal,
        up=up,
        unit=clean.attrs["space_unit"],
    )


def mean_known(values: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
    """Return the mean of what is known; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        result: NDArray[np.float64] = np.nanmean(values, axis=axis)
    return result


def median_known(values: NDArray[np.float64]) -> float:
    """Return the median of the finite values; NaN when there are none."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _vertical(
    position: NDArray[np.float64], names: tuple[str, ...]
) -> tuple[int, float]:
    reach = np.zeros((0, 3))
    for side in Side:
        hip = position[:, :, names.index(f"{side}_hip")]
        ankle = position[:, :, names.index(f"{side}_ankle")]
        reach = np.concatenate((reach, hip - ankle))
    known = reach[np.isfinite(reach).all(axis=1)]
    if not known.size:
        msg = (
            "hips and ankles are never seen together, so the vertical axis cannot be "
            "found; check the marker names"
        )
        raise InputError(msg)
    middle = np.median(known, axis=0)
    axis = int(np.argmax(np.abs(middle)))
    return axis, float(np.sign(middle[axis]))


def _check_names(names: tuple[str, ...]) -> None:
    wanted = [f"{side}_{part}" for part in (*PARTS_NEEDED, "knee") for side in Side]
    absent = [name for name in wanted if name not in names]
    if absent:
        msg = (
            f"a walk needs the keypoints of hips, knees, ankles, heels and toes; "
            f"absent: {', '.join(absent)}; map them by name or use another pose model"
        )
        raise InputError(msg)
