"""From the picture back to the frontal plane of the foot.

A sticker is seen along a ray. Two stickers of one segment are brought into space by
one assumption: how steeply the line between them leans forward. The lower one may lie
anywhere on its ray (only the shape counts, not the size); the upper one is where its
ray meets the plane through the lower one that leans like the segment. From the two the
lean to the side follows as somebody would see it who looks exactly along the foot:
perspective, a body that walks obliquely and toes that point out are taken out at once.

The camera is taken to look level. Angles are in radians, directions in the axes right,
up and ahead of the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit.gait.stickers.paths import Array

UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How the camera sees.

    Attributes
    ----------
    focal_px : float
        Focal length in pixels.
    middle_px : tuple of float
        Centre of the picture.
    focal_relative_sd : float
        Standard error of the focal length as a fraction of it.
    roll_deg, roll_sd_deg : float
        The picture's floor rises to the right when positive; taken out of the rays.
    """

    focal_px: float
    middle_px: tuple[float, float]
    focal_relative_sd: float = 0.0
    roll_deg: float = 0.0
    roll_sd_deg: float = 0.0


def rays(points: Array, lens: Lens) -> Array:
    """Return the directions (n, 3) right, up, ahead of points (n, 2) in pixels."""
    right, down = ((points - np.asarray(lens.middle_px)) / lens.focal_px).T
    roll = np.radians(lens.roll_deg)
    cos, sin = np.cos(roll), np.sin(roll)
    level = (cos * right - sin * down, -(sin * right + cos * down))
    return np.stack([*level, np.ones(len(points))], axis=1)


def direction(azimuth: Array | float) -> Array:
    """Return the horizontal direction (n, 3) turned to the right of straight ahead."""
    turned = np.atleast_1d(np.asarray(azimuth, dtype=float))
    return np.stack([np.sin(turned), np.zeros_like(turned), np.cos(turned)], axis=1)


def segment(lower: Array, upper: Array, *, leans_to: Array, lean: Array) -> Array:
    """Return the line (n, 3) from a lower to an upper sticker, its length arbitrary.

    Parameters
    ----------
    lower, upper : array (n, 3)
        Rays of the two stickers.
    leans_to : array (n, 3) or (1, 3)
        Horizontal direction in which the segment leans.
    lean : array (n,)
        How far its upper end lies in that direction, radians from the vertical.
    """
    normal = leans_to - np.tan(lean)[:, None] * UP
    share = _dot(lower, normal) / _dot(upper, normal)
    return np.asarray(share[:, None] * upper - lower)


def lean_to_left(line: Array, *, foot: Array) -> Array:
    """Return how far a line (n, 3) leans to the left, seen along the foot, radians."""
    left = np.stack([-foot[:, 2], np.zeros(len(foot)), foot[:, 0]], axis=1)
    return np.asarray(np.arctan2(_dot(line, left), line[:, 1]))


def _dot(first: Array, second: Array) -> Array:
    return np.asarray((first * second).sum(axis=1))
