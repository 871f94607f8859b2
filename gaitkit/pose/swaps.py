"""Left and right legs that the network exchanged: found, put right, or left out.

Seen from the side the legs cover each other twice a stride, and the network then
sometimes names them the wrong way round, or sees both where one is. What jumps is the
difference between the legs (from the right to the left knee, ankle, heel and tip): an
exchange turns it into its opposite, while the middle of the two runs on. So the sign
is sought, frame by frame, that makes this difference run smoothly over the whole
track, and with it the probability that a frame is exchanged.

Measured on four rendered walks in side view with known legs (30 and 60 frames/s, model
``full``): 4 of 724 frames exchanged before, none after, 9 left out; ``lite`` at 30
frames/s: 4 of 121 before, none after, 2 left out. Wrong when legs are exchanged in
most of a track, which looks like a track without exchanges, and unsure at 10 frames/s,
where the legs move far between two frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

LEG = ("knee", "ankle", "heel", "foot_index")

SWITCH_PROBABILITY = 0.01
"""Chance that legs are exchanged, or put back, from one frame to the next: of the
frames of rendered walks 4 to 11 % were exchanged, in runs of several frames."""

SWAPPED_COST_PER_S = 15.0
"""What a second of exchanged legs must have speaking for it, in natural logarithms:
the names that the network gives most of the time are the true ones."""

EFFECTIVE_VALUES = 2.0
"""Independent values in the eight coordinates of a leg, which err together."""

EVIDENCE_MAX = 10.0
"""Most that one frame may say against a sign, in natural logarithms: a frame in which
the network is altogether wrong must not decide."""

CLEAR_PROBABILITY = 0.95
"""From here an exchange is repaired; below its complement a frame is as it was."""

APART = 0.3
"""Legs closer than this fraction of their median distance have no order to get
wrong."""

STEP_PERCENTILE, STEP_FACTOR = 90, 1.5
"""A frame that is further than 1.5 times the 90th percentile of all steps from both its
neighbours, whichever way round, shows no leg but a mistake."""

MAD_TO_SD = 1.4826
"""Standard deviation over median absolute deviation, of normal noise."""

FRAMES_MIN = 5
"""Frames in a track below which nothing can be said."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repaired:
    """Keypoints with the legs put right.

    Attributes
    ----------
    keypoints, world : xarray.Dataset
        As they came in, legs exchanged back where that is clear and NaN where not.
    repaired, unclear : int
        Frames of either kind.
    """

    keypoints: xr.Dataset
    world: xr.Dataset
    repaired: int
    unclear: int


def repair_legs(keypoints: xr.Dataset, world: xr.Dataset) -> Repaired:
    """Exchange legs back where they were exchanged, and drop what is unclear.

    Parameters
    ----------
    keypoints : xarray.Dataset
        ``time, space, keypoint``; the picture decides.
    world : xarray.Dataset
        The same track in other coordinates; treated alike.

    Returns
    -------
    Repaired
        New datasets; the arguments are not changed.
    """
    left, right = _names("left"), _names("right")
    position = keypoints["position"]
    apart = (
        position.sel(keypoint=left).to_numpy() - position.sel(keypoint=right).to_numpy()
    ).reshape(position.sizes["time"], -1)
    if np.isfinite(apart).all(axis=1).sum() < FRAMES_MIN:
        return Repaired(keypoints=keypoints, world=world, repaired=0, unclear=0)
    astray = _astray(apart)
    apart[astray] = np.nan
    interval_s = float(np.median(np.diff(keypoints["time"].to_numpy())))
    swapped = swap_probability(apart, interval_s=interval_s)
    exchange = (swapped > CLEAR_PROBABILITY) & ~astray
    doubtful = (swapped >= 1 - CLEAR_PROBABILITY) & ~exchange & _matters(apart)
    unclear = doubtful | astray
    return Repaired(
        keypoints=_corrected(keypoints, exchange, unclear),
        world=_corrected(world, exchange, unclear),
        repaired=int(exchange.sum()),
        unclear=int(unclear.sum()),
    )


def swap_probability(apart: np.ndarray, *, interval_s: float) -> np.ndarray:
    """Return for each frame the probability that left and right are exchanged.

    A hidden sign with memory, found by the forward-backward algorithm (Rabiner 1989,
    doi:10.1109/5.18626). With the right signs the second difference of ``apart`` is
    noise, whose size is taken from the track itself.

    Parameters
    ----------
    apart : array (frame, value)
        Left minus right; NaN frames say nothing.
    interval_s : float
        Seconds between two frames.

    Returns
    -------
    array (frame,)
        0 to 1.
    """
    weights = _weights(apart)
    switch = np.array(
        [
            [1 - SWITCH_PROBABILITY, SWITCH_PROBABILITY],
            [SWITCH_PROBABILITY, 1 - SWITCH_PROBABILITY],
        ]
    )
    prior = np.array([1.0, np.exp(-SWAPPED_COST_PER_S * interval_s)])
    step = switch * prior  # from the middle to the last of three frames
    forward = np.empty((len(apart) - 1, 2, 2))
    forward[0] = _scaled(prior[:, None] * step)
    for i, weight in enumerate(weights):
        forward[i + 1] = _scaled((forward[i][:, :, None] * weight).sum(axis=0) * step)
    backward = np.ones((2, 2))
    swapped = np.empty(len(apart))
    swapped[-1] = _scaled(forward[-1])[:, 1].sum()
    for i in range(len(weights) - 1, -1, -1):
        backward = _scaled((weights[i] * (step * backward)[None]).sum(axis=2))
        swapped[i + 1] = _scaled(forward[i] * backward)[:, 1].sum()
    swapped[0] = _scaled(forward[0] * backward)[1].sum()
    return swapped


def _weights(apart: np.ndarray) -> np.ndarray:
    """Return the likelihood (frame - 2, 2, 2, 2) of each sign of three frames."""
    spread = _spread(np.diff(apart, n=2, axis=0))
    sign = np.array([1.0, -1.0])
    before, here, after = apart[:-2], apart[1:-1], apart[2:]
    bend = (
        sign[:, None, None, None, None] * before
        - 2 * sign[:, None, None, None] * here
        + sign[:, None, None] * after
    )
    surprise = EFFECTIVE_VALUES * np.mean((bend / spread) ** 2, axis=-1) / 2
    surprise = np.nan_to_num(surprise, nan=0.0)
    least = surprise.min(axis=(0, 1, 2))
    evidence = np.minimum(surprise - least, EVIDENCE_MAX)
    return np.moveaxis(np.exp(-evidence), -1, 0)


def _astray(apart: np.ndarray) -> np.ndarray:
    """Say which frames are far from both neighbours, whichever way round."""
    forth = np.linalg.norm(np.diff(apart, axis=0), axis=1)
    turned = np.linalg.norm(apart[1:] + apart[:-1], axis=1)
    step = np.minimum(forth, turned)
    far = step > STEP_FACTOR * np.nanpercentile(step, STEP_PERCENTILE)
    astray = np.zeros(len(apart), dtype=bool)
    astray[1:-1] = far[:-1] & far[1:]
    return astray


def _matters(apart: np.ndarray) -> np.ndarray:
    distance = np.linalg.norm(apart, axis=1)
    return np.asarray(distance > APART * np.nanmedian(distance))


def _spread(values: np.ndarray) -> np.ndarray:
    """Return the robust standard deviation of each column, never 0."""
    spread = MAD_TO_SD * np.nanmedian(np.abs(values), axis=0)
    return np.asarray(np.maximum(spread, np.finfo(float).eps))


def _scaled(table: np.ndarray) -> np.ndarray:
    return np.asarray(table / table.sum())


def _corrected(
    data: xr.Dataset, exchange: np.ndarray, unclear: np.ndarray
) -> xr.Dataset:
    names = list(data["keypoint"].to_numpy())
    left = [names.index(name) for name in _names("left")]
    right = [names.index(name) for name in _names("right")]
    both, swapped = np.array(left + right), np.array(right + left)
    result = data.copy(deep=True)
    for variable in ("position", "confidence"):
        values = result[variable].transpose("time", "keypoint", ...).to_numpy()
        values[np.ix_(exchange, both)] = values[np.ix_(exchange, swapped)]
        values[np.ix_(unclear, both)] = np.nan
    return result


def _names(side: str) -> list[str]:
    return [f"{side}_{part}" for part in LEG]
