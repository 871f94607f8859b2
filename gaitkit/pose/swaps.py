"""Left and right that the network exchanged: found, put right, or left out.

Seen from the side the legs cover each other twice a stride, and the network then
sometimes names them the wrong way round, or sees both where one is; seen from the front
or obliquely it takes the whole body for one that turns its back. What jumps is the
difference between the sides (from the right to the left hip, knee, ankle, ...): an
exchange turns it into its opposite, while the middle of the two runs on. So two signs
are sought, frame by frame, one of the legs and one of the trunk, that make these
differences run smoothly over the whole track, and with them the probability that a
frame is exchanged. Legs that are exchanged without the trunk cross the thighs, and must
have as much more speaking for them.

Measured on a real oblique front camera of 100 frames with 30 exchanged whole: 19 turned
back, 11 left out with 5 good ones between them, none passed and none turned wrongly
(before: 19, 5, 9 passed); with exchanges put into three more real cameras (27 films):
all turned back or left out, no good frame turned. On four rendered walks in side view
with known legs (30 and 60 frames/s, model
``full``): 4 of 724 frames exchanged before, none after, 9 left out; ``lite`` at 30
frames/s: 4 of 121 before, none after, 2 left out. Wrong when sides are exchanged in
most of a track, which looks like a track without exchanges, and unsure at 10 frames/s,
where the legs move far between two frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from gaitkit.model.chance import MAD_TO_SD

LEG = ("knee", "ankle", "heel", "foot_index")
TRUNK = ("shoulder", "hip")

ALONE_COST = 1.0
"""What a frame must have speaking for it in which legs and trunk are exchanged one
without the other, in natural logarithms."""

SECOND_DIFFERENCE = 6.0
"""Variance of a second difference in variances of its values: 1 + 4 + 1."""

ORDERED = 4.0
"""Distance of two sides in standard deviations from which their order can be told."""

BROAD = 0.35
"""Distance of the shoulders, in lengths of the trunk, from which a body is seen from
the front or the back: 0.8 there, 0.55 obliquely, below 0.2 from the side."""

STATES = ((1, 1), (-1, 1), (1, -1), (-1, -1))
"""Signs of legs and trunk: as they are, legs, trunk, and the whole body exchanged."""

SWITCH_PROBABILITY = 0.01
"""Chance that legs are exchanged, or put back, from one frame to the next: of the
frames of rendered walks 4 to 11 % were exchanged, in runs of several frames."""

SWAPPED_COST_PER_S = 30.0
"""What a second of exchanged legs must have speaking for it, in natural logarithms:
the names that the network gives most of the time are the true ones."""

EFFECTIVE_VALUES = 2.0
"""Independent values in the coordinates of a leg or a trunk, which err together."""

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


def repair_sides(keypoints: xr.Dataset, world: xr.Dataset) -> Repaired:
    """Exchange sides back where they were exchanged, and drop what is unclear.

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
    legs, trunk = _apart(keypoints, LEG), _apart(keypoints, TRUNK)
    known = _known(legs) | _known(trunk)
    if known.sum() < FRAMES_MIN:
        return Repaired(keypoints=keypoints, world=world, repaired=0, unclear=0)
    astray = _astray(legs)
    legs[astray] = np.nan
    ordered = _is_ordered(trunk)
    trunk[~ordered] = np.nan
    interval_s = float(np.median(np.diff(keypoints["time"].to_numpy())))
    chance = swap_probabilities(legs, trunk, interval_s=interval_s)
    moved = {}
    unclear = {}
    for part, apart, swapped in (("leg", legs, chance[0]), ("trunk", trunk, chance[1])):
        moved[part] = swapped > CLEAR_PROBABILITY
        doubtful = (swapped >= 1 - CLEAR_PROBABILITY) & ~moved[part]
        unclear[part] = doubtful & _matters(apart)
    moved["trunk"] &= ordered
    unclear["trunk"] &= ordered
    moved["leg"] &= ~astray
    unclear["leg"] |= astray
    # a body that is seen broad turns round whole, or nobody knows what it does
    torn = moved["leg"] != moved["trunk"]
    torn = (torn | unclear["trunk"]) & ordered & _is_broad(keypoints)
    for part in moved:
        moved[part] &= ~torn
        unclear[part] |= torn
    return Repaired(
        keypoints=_corrected(keypoints, moved, unclear),
        world=_corrected(world, moved, unclear),
        repaired=int((moved["leg"] | moved["trunk"]).sum()),
        unclear=int((unclear["leg"] | unclear["trunk"]).sum()),
    )


def swap_probabilities(
    legs: np.ndarray, trunk: np.ndarray, *, interval_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each frame the probabilities that legs and trunk are exchanged.

    Two hidden signs with memory, found by the forward-backward algorithm (Rabiner
    1989, doi:10.1109/5.18626). With the right signs the second difference is noise,
    whose size is taken from the track itself.

    Parameters
    ----------
    legs, trunk : array (frame, value)
        Left minus right; NaN frames say nothing.
    interval_s : float
        Seconds between two frames.

    Returns
    -------
    legs, trunk : array (frame,)
        0 to 1.
    """
    signs = np.array(STATES)
    of_legs, of_trunk = ((signs[:, k] < 0).astype(int) for k in (0, 1))
    weights = (
        _weights(legs)[:, of_legs][:, :, of_legs][:, :, :, of_legs]
        * _weights(trunk)[:, of_trunk][:, :, of_trunk][:, :, :, of_trunk]
    )
    changed = (signs[:, None] != signs[None]).any(axis=2)
    switch = np.where(
        changed,
        SWITCH_PROBABILITY / changed.sum(axis=1)[:, None],
        1 - SWITCH_PROBABILITY,
    )
    cost = SWAPPED_COST_PER_S * interval_s * (signs < 0).any(axis=1)
    cost = cost + ALONE_COST * (signs[:, 0] != signs[:, 1])
    prior = np.exp(-cost)
    step = switch * prior  # from the middle to the last of three frames
    states = len(STATES)
    forward = np.empty((len(legs) - 1, states, states))
    forward[0] = _scaled(prior[:, None] * step)
    for i, weight in enumerate(weights):
        forward[i + 1] = _scaled((forward[i][:, :, None] * weight).sum(axis=0) * step)
    backward = np.ones((states, states))
    chance = np.empty((len(legs), states))
    chance[-1] = _scaled(forward[-1]).sum(axis=0)
    for i in range(len(weights) - 1, -1, -1):
        backward = _scaled((weights[i] * (step * backward)[None]).sum(axis=2))
        chance[i + 1] = _scaled(forward[i] * backward).sum(axis=0)
    chance[0] = _scaled(forward[0] * backward).sum(axis=1)
    return chance @ of_legs, chance @ of_trunk


def _apart(data: xr.Dataset, parts: tuple[str, ...]) -> np.ndarray:
    """Return left minus right (frame, value) of the parts that are there."""
    there = set(data["keypoint"].to_numpy().tolist())
    found = [p for p in parts if {f"left_{p}", f"right_{p}"} <= there]
    place = data["position"].transpose("time", "space", "keypoint")
    left, right = (
        place.sel(keypoint=[f"{side}_{part}" for part in found]).to_numpy()
        for side in ("left", "right")
    )
    return np.asarray((left - right).reshape(len(place), -1)).copy()


def _is_ordered(apart: np.ndarray) -> np.ndarray:
    """Return in which frames two sides are farther apart than they tremble."""
    bends = np.diff(apart, n=2, axis=0)
    if not np.isfinite(bends).all(axis=1).any():
        return np.zeros(len(apart), dtype=bool)
    tremble = _spread(bends) / np.sqrt(SECOND_DIFFERENCE)
    return np.asarray(
        np.linalg.norm(apart, axis=1) > ORDERED * float(np.linalg.norm(tremble))
    )


def _is_broad(data: xr.Dataset) -> np.ndarray:
    """Return in which frames both shoulders are seen side by side."""
    there = set(data["keypoint"].to_numpy().tolist())
    if not {f"{side}_{part}" for side in ("left", "right") for part in TRUNK} <= there:
        return np.zeros(data.sizes["time"], dtype=bool)
    place = data["position"].transpose("time", "space", "keypoint")
    (left, right), hips = (
        [place.sel(keypoint=f"{side}_{part}").to_numpy() for side in ("left", "right")]
        for part in TRUNK
    )
    across = np.linalg.norm(left - right, axis=1)
    length = np.linalg.norm(left + right - hips[0] - hips[1], axis=1) / 2
    if not np.isfinite(length).any():
        return np.zeros(data.sizes["time"], dtype=bool)
    return np.asarray(across > BROAD * np.nanmedian(length))


def _known(apart: np.ndarray) -> np.ndarray:
    return np.asarray(np.isfinite(apart).all(axis=1) & (apart.shape[1] > 0))


def _weights(apart: np.ndarray) -> np.ndarray:
    """Return the likelihood (frame - 2, 2, 2, 2) of each sign of three frames."""
    bends = np.diff(apart, n=2, axis=0)
    if not np.isfinite(bends).all(axis=1).any():  # says nothing
        return np.ones((max(len(bends), 0), 2, 2, 2))
    spread = _spread(bends)
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
    if not np.isfinite(step).any():
        return np.zeros(len(apart), dtype=bool)
    far = step > STEP_FACTOR * np.nanpercentile(step, STEP_PERCENTILE)
    astray = np.zeros(len(apart), dtype=bool)
    astray[1:-1] = far[:-1] & far[1:]
    return astray


def _matters(apart: np.ndarray) -> np.ndarray:
    distance = np.linalg.norm(apart, axis=1)
    if not np.isfinite(distance).any():
        return np.zeros(len(apart), dtype=bool)
    return np.asarray(distance > APART * np.nanmedian(distance))


def _spread(values: np.ndarray) -> np.ndarray:
    """Return the robust standard deviation of each column, never 0."""
    spread = MAD_TO_SD * np.nanmedian(np.abs(values), axis=0)
    return np.asarray(np.maximum(spread, np.finfo(float).eps))


def _scaled(table: np.ndarray) -> np.ndarray:
    return np.asarray(table / table.sum())


def _corrected(
    data: xr.Dataset, moved: dict[str, np.ndarray], unclear: dict[str, np.ndarray]
) -> xr.Dataset:
    names = [str(name) for name in data["keypoint"].to_numpy()]
    result = data.copy(deep=True)
    for part, chosen in (("leg", LEG), ("trunk", None)):
        left, right = _pairs(names, chosen)
        both, swapped = np.array(left + right), np.array(right + left)
        if not both.size:
            continue
        for variable in ("position", "confidence"):
            values = result[variable].transpose("time", "keypoint", ...).to_numpy()
            values[np.ix_(moved[part], both)] = values[np.ix_(moved[part], swapped)]
            values[np.ix_(unclear[part], both)] = np.nan
    return result


def _pairs(
    names: list[str], parts: tuple[str, ...] | None
) -> tuple[list[int], list[int]]:
    """Return the columns of both sides of the legs, or of all that is no leg."""
    found = [
        (names.index(name), names.index(other))
        for name in names
        for other in (name.replace("left", "right"),)
        if "left" in name and other in names
        if (name.removeprefix("left_") in LEG) == (parts is not None)
    ]
    return [left for left, _ in found], [right for _, right in found]
