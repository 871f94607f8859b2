"""Find a level line of the floor: the skirting board or the edge of floor and wall.

Where the camera looks straight at a wall these lines are level in the picture, so they
give the roll of the camera. A wall that is seen askew makes them rise: that is part of
the error of a floor line (`gaitkit.measure.standing.optics`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from gaitkit.model.visit import PictureLine

UPPER_SHARE = 0.45
"""The floor meets the wall below this share of the height of the picture."""

SHORTEST_SHARE = 0.12
"""Shortest piece of the line over the width of the picture."""

STEEPEST_DEG = 12.0
ALIKE_DEG, ALIKE_PX = 0.8, 4.0
"""Pieces of one line agree this well in direction and place."""

COVERED_SHARE = 0.45
"""The pieces together cover this share of the width; the person stands between."""

ENDS_APART_SHARE = 0.7
"""And they reach this far from each other."""

EDGE_LEVELS = (10, 30)
"""Changes of brightness of a weak and of a clear edge."""

EDGE_PX = 3
"""The edge lies within this distance of where it was first seen."""


def find_floor_line(image: np.ndarray) -> PictureLine | None:
    """Return both ends of the longest level line in the lower part of a picture.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB.

    Returns
    -------
    tuple of float or None
        x and y of the left end, x and y of the right end, pixels; None when no line
        runs on both sides of the picture.
    """
    height, width = image.shape[:2]
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), 1.2)
    top = round(UPPER_SHARE * height)
    edges = cv2.Canny(grey[top:], EDGE_LEVELS[0], EDGE_LEVELS[1])
    pieces = cv2.HoughLinesP(
        edges,
        1,
        math.radians(0.25),
        threshold=round(SHORTEST_SHARE * width * 0.6),
        minLineLength=SHORTEST_SHARE * width,
        maxLineGap=6,
    )
    if pieces is None:
        return None
    level = np.array([_rightwards(p) for p in pieces.reshape(-1, 4) if _is_level(p)])
    if not level.size:
        return None
    level = level + np.array([0, top, 0, top])
    best = max((_together(level, seed, width) for seed in level), key=len)
    return _joined(grey, best, width) if len(best) else None


def _is_level(piece: np.ndarray) -> bool:
    across, down = abs(float(piece[2] - piece[0])), abs(float(piece[3] - piece[1]))
    return down <= math.tan(math.radians(STEEPEST_DEG)) * across


def _rightwards(piece: np.ndarray) -> np.ndarray:
    return piece if piece[2] > piece[0] else piece[[2, 3, 0, 1]]


def _together(level: np.ndarray, seed: np.ndarray, width: int) -> np.ndarray:
    """Return the pieces that lie on the line of one of them."""
    slope = (seed[3] - seed[1]) / (seed[2] - seed[0])
    slopes = (level[:, 3] - level[:, 1]) / (level[:, 2] - level[:, 0])
    alike = np.abs(np.degrees(np.arctan(slopes) - math.atan(slope))) < ALIKE_DEG
    ends = level[:, [0, 2]]
    expected = seed[1] + slope * (ends - seed[0])
    reach = ALIKE_PX + np.abs(ends - seed[0]) * math.radians(ALIKE_DEG / 2)
    near = (np.abs(level[:, [1, 3]] - expected) < reach).all(axis=1)
    own = level[alike & near]
    covered = np.zeros(width, bool)
    for left, _, right, _ in own.astype(int):
        covered[left:right] = True
    apart = own[:, 2].max() - own[:, 0].min()
    enough = covered.mean() >= COVERED_SHARE and apart >= ENDS_APART_SHARE * width
    return np.asarray(own if enough else own[:0])


def _joined(grey: np.ndarray, pieces: np.ndarray, width: int) -> PictureLine | None:
    """Return the line through the steepest change of brightness along the pieces."""
    slope, offset = np.polyfit(pieces[:, [0, 2]].ravel(), pieces[:, [1, 3]].ravel(), 1)
    columns = np.unique(
        np.concatenate([np.arange(int(p[0]), int(p[2])) for p in pieces])
    )
    columns = columns[(columns >= 0) & (columns < width)]
    change = np.abs(np.diff(grey.astype(float), axis=0))
    rows = np.round(slope * columns + offset).astype(int)
    reach = np.arange(-EDGE_PX, EDGE_PX + 1)
    near = np.clip(rows[:, None] + reach, 0, change.shape[0] - 1)
    weight = change[near, columns[:, None]] ** 2
    total = weight.sum(axis=1)
    seen = total > 0
    y = (weight * (near + 0.5)).sum(axis=1)[seen] / total[seen]
    x = columns[seen]
    for _ in range(3):
        slope, offset = np.polyfit(x, y, 1)
        away = np.abs(y - slope * x - offset)
        keep = away <= 3 * max(float(np.median(away)), 0.1)
        x, y = x[keep], y[keep]
    left, right = float(x.min()), float(x.max())
    return (
        left,
        float(slope * left + offset),
        right,
        float(slope * right + offset),
    )
