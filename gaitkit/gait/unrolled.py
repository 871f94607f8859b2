"""A walk unrolled along its own way, so that events are found through turns as well.

In a laboratory a person turns, starts and stops in view. Strides and angles belong to
straight passes, but a foot also meets the floor in a turn. Here ``forward`` is the way
along the momentary heading of the body: a foot that stands still stays where it is,
however the body turns, so that the detectors of straight walking work on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import keypoints
from gaitkit.signal.passes import PassSettings, moving
from gaitkit.signal.progress import progress
from gaitkit.signal.stretches import runs, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from gaitkit.signal.passes import WalkPass
    from gaitkit.signal.upright import Upright

NAMES = tuple(
    f"{side}_{part}"
    for part in ("hip", "heel", "foot_index")
    for side in ("left", "right")
)
"""Keypoints that detectors use."""


def unrolled(
    walk: Upright, passes: Sequence[WalkPass], *, settings: PassSettings
) -> xr.Dataset:
    """Return feet and hips along the way walked, turns included.

    Parameters
    ----------
    walk : Upright
        Keypoints of a laboratory with a vertical axis.
    passes : sequence of WalkPass
        The straight passes; only movement of which one is part is kept, so that
        standing, shuffling and walking backwards give nothing.
    settings : PassSettings
        When the body moves.

    Returns
    -------
    xarray.Dataset
        Dims ``time, space, keypoint`` with ``forward`` and ``up``; coordinate
        ``walk_pass`` numbers the stretches of movement, -1 outside; as detectors take
        it.

    Notes
    -----
    ``forward = sum of dp . h`` with ``h`` the direction of the path of the hips over
    one stride. Wrong where the person turns on the spot: the body has no heading there,
    and such samples are left out.
    """
    path = progress(walk, max_gap_s=settings.max_gap_s)
    walked = moving(path, walk.leg_length(), settings)
    forward = np.full((walk.time_s.size, len(NAMES)), np.nan)
    number = np.full(walk.time_s.size, -1, dtype=np.int64)
    for count, run in enumerate(_walked(walked, walk.time_s, passes)):
        heading = path.heading[run]
        number[run] = count
        for column, name in enumerate(NAMES):
            place = walk.horizontal[run, :, walk.names.index(name)]
            forward[run, column] = _along(place, path.centre[run], heading)
    up = walk.up[:, [walk.names.index(name) for name in NAMES]]
    position = np.stack([forward, up], axis=1)
    return (
        keypoints(
            position,
            np.isfinite(position).all(axis=1).astype(float),
            time_s=walk.time_s,
            names=NAMES,
            space=("forward", "up"),
            space_unit=walk.unit,
        )
        .assign_coords(walk_pass=("time", number))
        .assign_attrs(rate_hz=walk.rate_hz)
    )


def _walked(
    moving: NDArray[np.bool_],
    time_s: NDArray[np.float64],
    passes: Sequence[WalkPass],
) -> list[slice]:
    """Return the runs of movement that hold (part of) a pass."""
    inside = np.zeros(time_s.size, dtype=bool)
    for each in passes:
        inside |= each.samples(time_s)
    return [run for run in runs(moving) if inside[run].any()]


def _along(
    place: NDArray[np.float64],
    centre: NDArray[np.float64],
    heading: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the way of a point along the heading; each whole part starts anew.

    A part between two gaps begins where the point lies ahead of the body's own way.
    """
    own = np.concatenate(([0.0], np.cumsum(_steps(centre, heading))))
    way = np.full(len(place), np.nan)
    for part in runs(whole(place, axis=1)):
        steps = _steps(place[part], heading[part])
        ahead = float((place[part.start] - centre[part.start]) @ heading[part.start])
        way[part] = own[part.start] + ahead + np.concatenate(([0.0], np.cumsum(steps)))
    return way


def _steps(
    place: NDArray[np.float64], heading: NDArray[np.float64]
) -> NDArray[np.float64]:
    middle = (heading[1:] + heading[:-1]) / 2
    steps: NDArray[np.float64] = (np.diff(place, axis=0) * middle).sum(axis=1)
    return steps
