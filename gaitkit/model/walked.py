"""How far somebody walked in a picture, in body heights, as far as keypoints tell.

Only used to tell walkers from bystanders, in a film and in a file of keypoints alike.
Walking is moving on, or stepping, for at least two seconds: who sways, bends, jumps or
takes a step aside has no path.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

GRID_S = 0.1
"""Step of the uniform clock to which a track is brought first: bystanders are looked
at every 0.2 s only."""

WALK_MIN_S = 2.0
"""Seconds that somebody must move on without a stop to be walking."""

SPEED_MIN = 0.15
"""Body heights per second: 0.25 m/s for an adult, slower than frail patients walk."""

SPEED_WINDOW_S = 1.0
"""Seconds over which moving on is seen, longer than a sway."""

DEPTH_MIN = 0.3
"""Change of distance, as a fraction of the smaller, that bending does not give."""

STEP_MIN = 0.1
"""Distance between the ankles, in body heights, from which one foot is in front."""

IN_FRONT_S = (0.25, 1.5)
"""How long one foot stays in front: 40 to 240 steps a minute."""

STEPS_MIN = 4
"""Regular steps in a row that are a walk."""

TRUNK_TO_HEIGHT = 1 / 0.288
"""Body height over the distance from hips to shoulders: 0.818 - 0.530 of the height
(Winter 2009, Biomechanics and motor control of human movement, fig. 4.1)."""

SMOOTH_S = 1.0
"""Seconds over which the height in the picture is smoothed."""

FOCAL_LENGTH = 0.8
"""Focal length as a fraction of the picture's long side: a phone's main camera is
about 26 mm on the 36 mm of 35-mm film, cropped a little for video. Only used to see
that somebody walks to or from the camera, never for a measurement."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BodyLine:
    """One body over its looks, as far as walking can be seen of it.

    Attributes
    ----------
    time_s : array (look,)
        When, seconds, increasing; need not be regular.
    hips_x_px : array (look,)
        Middle of the hips across the picture.
    ankles_x_px : array (look,)
        Left less right ankle across the picture.
    height_px : array (look,)
        Body height in the picture (`trunk_height_px`).
    """

    time_s: np.ndarray
    hips_x_px: np.ndarray
    ankles_x_px: np.ndarray
    height_px: np.ndarray


def trunk_height_px(shoulders: np.ndarray, hips: np.ndarray) -> np.ndarray:
    """Return the body height (look,) from the middles (look, 2) of a trunk.

    Walking does not bend the trunk, so that it shows the size in every picture.
    """
    return np.asarray(np.linalg.norm(shoulders - hips, axis=1) * TRUNK_TO_HEIGHT)


def path_heights(body: BodyLine, *, focal_px: float) -> float:
    """Return the length of a walk in body heights.

    The larger of two: the way of the hips across the picture and in depth, and the sum
    of the step lengths, which is as long over ground and also sees a treadmill.

    Parameters
    ----------
    body : BodyLine
        NaN where something was not seen.
    focal_px : float
        Focal length, roughly.

    Notes
    -----
    Distance is focal length over height. Wrong for a camera that is moved.
    """
    known = (body.height_px > 0) & np.isfinite(body.height_px + body.hips_x_px)
    if known.sum() <= 1:
        return 0.0
    time_s = body.time_s[known]
    clock = np.arange(time_s[0], time_s[-1], GRID_S)
    if clock.size < _samples(WALK_MIN_S):
        return 0.0
    height = _smoothed(np.interp(clock, time_s, body.height_px[known]), SMOOTH_S)
    hips = np.interp(clock, time_s, body.hips_x_px[known])
    across = _moved_on(_smoothed(hips, GRID_S * 3) / float(np.median(height)))
    depth = _moved_on(focal_px / height, fraction=DEPTH_MIN)
    way = float(np.hypot(across, depth))
    both = np.isfinite(body.ankles_x_px)
    if both.sum() <= 1:
        return way
    ankles = np.interp(clock, body.time_s[both], body.ankles_x_px[both])
    return max(way, _stepped(ankles / height))


def _moved_on(place: np.ndarray, *, fraction: float = 0.0) -> float:
    """Return the way made in stretches of moving on, body heights.

    A stretch counts when it also changes the place by a fraction of itself.
    """
    half = _samples(SPEED_WINDOW_S) // 2
    padded = np.pad(place, half, mode="edge")
    speed = np.abs(padded[2 * half :] - padded[: -2 * half]) / (2 * half * GRID_S)
    way = 0.0
    for start, stop in _stretches(speed >= SPEED_MIN):
        stretch = place[start:stop]
        low, high = float(stretch.min()), float(stretch.max())
        if stop - start >= _samples(WALK_MIN_S) and high - low >= fraction * abs(low):
            way += float(np.abs(np.diff(stretch)).sum())
    return way


def _stepped(apart: np.ndarray) -> float:
    """Return the sum of step lengths, each the widest while one foot is in front."""
    front = np.sign(np.where(np.abs(apart) < STEP_MIN, 0, apart))
    known = np.flatnonzero(front)
    turns = [b for a, b in itertools.pairwise(known) if front[a] != front[b]]
    shortest, longest = IN_FRONT_S
    total, row = 0.0, [0.0]
    for start, stop in itertools.pairwise(turns):
        if shortest <= (stop - start) * GRID_S <= longest:
            row.append(float(np.abs(apart[start:stop]).max()))
            continue
        total += sum(row) if len(row) > STEPS_MIN else 0.0
        row = [0.0]
    return total + (sum(row) if len(row) > STEPS_MIN else 0.0)


def _stretches(mask: np.ndarray) -> Iterator[tuple[int, int]]:
    """Give start and stop of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _smoothed(values: np.ndarray, seconds: float) -> np.ndarray:
    """Return the running median, the ends held."""
    half = _samples(seconds) // 2
    padded = np.pad(values, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return np.asarray(np.median(windows, axis=1))


def _samples(seconds: float) -> int:
    return round(seconds / GRID_S)
