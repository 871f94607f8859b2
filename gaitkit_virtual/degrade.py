"""Make clean keypoints as bad as recorded ones, on purpose and repeatably."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.model.labelled import described

if TYPE_CHECKING:
    import xarray as xr

NOISE_MEMORY_S = 0.05
"""Time constant of slow noise in seconds: a detector's error lasts a few frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What to spoil, each zero by default.

    Attributes
    ----------
    noise_sd : float
        Standard deviation of white noise of each coordinate, in the unit of the data.
    slow_noise_sd : float
        The same for noise that lasts some frames (first-order, 0.05 s).
    gap_share : float
        Share of the samples of each keypoint lost in gaps.
    gap_s : float
        Mean length of a gap in seconds.
    outlier_share : float
        Share of the samples thrown far away.
    outlier_size : float
        Standard deviation of that throw, in the unit of the data.
    swap_share : float
        Share of the time in which the left and right leg have each other's names.
    swap_s : float
        Mean length of such a swap in seconds.

    Raises
    ------
    ConfigError
        If a share lies outside 0 to 1 or a size is negative.
    """

    noise_sd: float = 0.0
    slow_noise_sd: float = 0.0
    gap_share: float = 0.0
    gap_s: float = 0.1
    outlier_share: float = 0.0
    outlier_size: float = 0.0
    swap_share: float = 0.0
    swap_s: float = 0.1

    def __post_init__(self) -> None:
        """Check shares and sizes."""
        for field in fields(self):
            value = getattr(self, field.name)
            most = 1.0 if field.name.endswith("share") else np.inf
            if not 0 <= value <= most:
                msg = (
                    f"simulate.faults.{field.name} is {value:g}; expected 0 to {most:g}"
                )
                raise ConfigError(msg)


LEG_PARTS = ("hip", "knee", "ankle", "heel", "foot_index")
"""What a detector exchanges when it takes one leg for the other."""


def degrade(data: xr.Dataset, faults: Faults, *, seed: int) -> xr.Dataset:
    """Return keypoints with noise, outliers, swaps and gaps.

    Parameters
    ----------
    data : xarray.Dataset
        Clean keypoints (``time, space, keypoint``) at a steady rate.
    faults : Faults
        What to spoil.
    seed : int
        Seed of everything random.

    Returns
    -------
    xarray.Dataset
        The spoilt keypoints; lost samples are NaN with confidence 0. The variables
        ``swapped`` (``time``) and ``outlier`` (``time, keypoint``) tell where.
    """
    rng = np.random.default_rng(seed)
    clean = data["position"].transpose("time", "space", "keypoint").to_numpy()
    interval_s = float(np.median(np.diff(data["time"].to_numpy())))
    position = clean + _noise(clean.shape, faults, interval_s, rng)
    thrown = rng.random((clean.shape[0], clean.shape[2])) < faults.outlier_share
    throw = faults.outlier_size * rng.normal(size=clean.shape)
    position = position + throw * thrown[:, None, :]
    swapped = _spells(
        clean.shape[0], faults.swap_share, faults.swap_s / interval_s, rng
    )
    position[swapped] = position[swapped][:, :, _other_leg(data)]
    lost = np.column_stack(
        [
            _spells(clean.shape[0], faults.gap_share, faults.gap_s / interval_s, rng)
            for _ in range(clean.shape[2])
        ]
    )
    position[np.broadcast_to(lost[:, None, :], position.shape)] = np.nan
    confidence = np.where(lost, 0.0, data["confidence"].to_numpy())
    spoilt = data.assign(
        position=(("time", "space", "keypoint"), position),
        confidence=(("time", "keypoint"), confidence),
        swapped=("time", swapped),
        outlier=(("time", "keypoint"), thrown & ~lost),
    )
    return described(spoilt)


def _noise(
    shape: tuple[int, ...],
    faults: Faults,
    interval_s: float,
    rng: np.random.Generator,
) -> np.ndarray:
    white = faults.noise_sd * rng.normal(size=shape)
    keep = np.exp(-interval_s / NOISE_MEMORY_S)
    drive = rng.normal(size=shape) * np.sqrt(1 - keep**2)
    slow = rng.normal(size=shape[1:])
    out = np.empty(shape)
    for frame in range(shape[0]):
        slow = keep * slow + drive[frame]
        out[frame] = slow
    return np.asarray(white + faults.slow_noise_sd * out)


def _spells(
    frames: int, share: float, mean_frames: float, rng: np.random.Generator
) -> np.ndarray:
    """Return a mask (frames,) of random spells that cover about a share of the time."""
    mask = np.zeros(frames, dtype=bool)
    wanted = round(share * frames)
    while mask.sum() < wanted:
        length = min(rng.geometric(1 / max(mean_frames, 1.0)), wanted - mask.sum())
        start = rng.integers(0, frames - length + 1)
        mask[start : start + length] = True
    return mask


def _other_leg(data: xr.Dataset) -> list[int]:
    """Return, for each keypoint, the index of the one whose place it takes."""
    names = [str(name) for name in data["keypoint"].to_numpy()]
    order = list(range(len(names)))
    for part in LEG_PARTS:
        pair = [f"left_{part}", f"right_{part}"]
        if all(name in names for name in pair):
            left, right = (names.index(name) for name in pair)
            order[left], order[right] = right, left
    return order
