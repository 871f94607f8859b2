"""The floor, taken from the feet that stand on it.

In a picture the floor of a walk is a line. Feet in stance lie on it, so a line
through them gives its height and its slope; the slope is the roll of the camera, plus
what perspective adds when the path runs obliquely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.signal.filters import derivative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.signal.passes import WalkPass
    from gaitkit.signal.upright import Upright

STILL_SHARE = 0.25
"""A foot slower than this share of the walking speed stands."""

MIN_STILL = 8
"""Samples of standing feet needed to know a floor."""

MIN_SPAN = 1.5
"""The feet must stand over this many leg lengths before a slope is trusted."""

HUBER_ROUNDS = 5
HUBER_SD = 1.5
"""Rounds and limit (robust sd) of the Huber fit of the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The floor under one or more passes, along the walk.

    Attributes
    ----------
    level : float
        Height at ``along`` = 0 in the unit of the recording.
    slope : float
        Rise per unit of way along the first horizontal axis (picture: to the right).
    sloped : bool
        True when the slope was fitted; False when the way was too short for it.
    samples : int
        Samples of standing feet behind it.
    """

    level: float
    slope: float
    sloped: bool
    samples: int

    @property
    def tilt_deg(self) -> float:
        """Angle of the floor line, degrees; positive when it rises to the right."""
        return float(np.rad2deg(np.arctan(self.slope)))

    def height(self, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the height of the floor at positions along the picture."""
        return self.level + self.slope * along


def find_floor(walk: Upright, passes: Sequence[WalkPass]) -> Floor | None:
    """Fit the floor through the standing feet of all passes.

    Parameters
    ----------
    walk : Upright
        Clean keypoints with a vertical axis.
    passes : sequence of WalkPass
        The passes; they share one camera and one floor.

    Returns
    -------
    Floor or None
        None when too few standing feet are seen.

    Notes
    -----
    Both feet are fitted with one slope and a level each (the near foot stands lower
    in the picture); the floor is midway. Huber weights keep a slipped keypoint from
    tilting it. The fitted points are the middles of heel and toe while both stand
    still, so the foot is flat. A laboratory (3-D) is taken as level.
    """
    found = [_standing(walk, each, side) for each in passes for side in Side]
    along = np.concatenate([points[0] for points in found])
    height = np.concatenate([points[1] for points in found])
    is_left = np.concatenate(
        [
            np.full(points[0].size, index % 2 == 0, dtype=float)
            for index, points in enumerate(found)
        ]
    )
    if along.size < MIN_STILL:
        return None
    long_way = float(np.ptp(along)) > MIN_SPAN * walk.leg_length()
    sloped = walk.planar and long_way and _overground(passes)
    columns = [is_left, 1.0 - is_left, along if sloped else np.zeros_like(along)]
    solution = _huber(np.column_stack(columns), height)
    sides = [
        level for level, seen in zip(solution[:2], _seen(is_left), strict=True) if seen
    ]
    return Floor(
        level=float(np.mean(sides)),
        slope=float(solution[2]) if sloped else 0.0,
        sloped=sloped,
        samples=int(along.size),
    )


def _overground(passes: Sequence[WalkPass]) -> bool:
    return all(each.kind == "overground" for each in passes)


def _seen(is_left: NDArray[np.float64]) -> tuple[bool, bool]:
    return bool((is_left == 1).any()), bool((is_left == 0).any())


def _standing(
    walk: Upright, walk_pass: WalkPass, side: Side
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where along the picture, and how high, a foot stands flat."""
    inside = walk_pass.samples(walk.time_s)
    direction = np.asarray(walk_pass.direction)
    belt = walk_pass.speed if walk_pass.kind == "treadmill" else 0.0
    still = inside.copy()
    for part in ("heel", "foot_index"):
        path = walk.along(f"{side}_{part}", direction)
        pace = derivative(path, rate_hz=walk.rate_hz) + belt
        still &= np.abs(np.nan_to_num(pace, nan=np.inf)) < STILL_SHARE * walk_pass.speed
    heel, toe = walk.point(f"{side}_heel"), walk.point(f"{side}_foot_index")
    middle = (heel[still] + toe[still]) / 2
    return middle[:, 0], middle[:, -1]


def _huber(
    design: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the least-squares solution with Huber weights."""
    weight = np.ones(target.size)
    solution: NDArray[np.float64] = np.zeros(design.shape[1])
    for _ in range(HUBER_ROUNDS):
        root = np.sqrt(weight)
        weighted = design * root[:, None]
        solution = np.asarray(np.linalg.lstsq(weighted, target * root)[0], dtype=float)
        residual = np.abs(target - design @ solution)
        scale = 1.4826 * float(np.median(residual)) + np.finfo(float).eps
        weight = np.minimum(1.0, HUBER_SD * scale / np.maximum(residual, 1e-12))
    return solution
