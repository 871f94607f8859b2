"""Find a plumb line in a picture: the long, thin, dark and nearly upright line.

A cord with a weight, a dark edge between two doors and the like are all upright, so
each gives the roll of the camera. Edges of clothes and limbs are not thin lines.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from gaitkit.model.visit import PictureLine

THICKEST_SHARE = 0.012
"""Thickest line as a share of the width of the picture."""

DARKER = 22
"""Grey levels, of 255, by which it is darker than both its sides."""

SHORTEST_SHARE = 0.35
LONGEST_GAP_SHARE = 0.05
"""Length of the line and of its interruptions over the height of the picture."""

STEEPEST_DEG = 20.0
"""Lean up to which a line counts as upright: a camera turned further is noticed by
the person who stands askew."""

NEAR_PX = 4
"""The line lies within this distance of where it was first seen."""

STRAIGHT_PX = 1.2
"""Root mean square distance from the straight line."""

SEEN_SHARE = 0.7
"""Share of its rows in which it must be seen."""


def find_plumb_line(image: np.ndarray) -> PictureLine | None:
    """Return both ends of the longest upright dark line, None when there is none.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB.

    Returns
    -------
    tuple of float or None
        x and y of the upper end, x and y of the lower end, pixels.
    """
    height, width = image.shape[:2]
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    thick = max(5, round(THICKEST_SHARE * width)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (thick, 1))
    thin = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    mask = (thin > DARKER).astype(np.uint8)
    lines = cv2.HoughLinesP(
        mask,
        1,
        math.radians(0.25),
        threshold=round(0.2 * height),
        minLineLength=SHORTEST_SHARE * height,
        maxLineGap=LONGEST_GAP_SHARE * height,
    )
    if lines is None:
        return None
    found = [_refined(thin, line) for line in lines.reshape(-1, 4) if _upright(line)]
    known = [line for line in found if line is not None]
    return max(known, key=lambda line: line[3] - line[1], default=None)


def _upright(line: np.ndarray) -> bool:
    across, down = abs(float(line[2] - line[0])), abs(float(line[3] - line[1]))
    return across <= math.tan(math.radians(STEEPEST_DEG)) * down


def _refined(thin: np.ndarray, line: np.ndarray) -> PictureLine | None:
    """Return a straight line through the middle of the thin line in each row."""
    x1, y1, x2, y2 = (
        float(v) for v in (line if line[3] > line[1] else line[[2, 3, 0, 1]])
    )
    rows = np.arange(math.ceil(y1), math.floor(y2))
    guess = np.interp(rows, [y1, y2], [x1, x2])
    reach = np.arange(-NEAR_PX, NEAR_PX + 1)
    columns = np.round(guess).astype(int)[:, None] + reach
    inside = (columns >= 0) & (columns < thin.shape[1])
    weight = np.where(
        inside, thin[rows[:, None], columns.clip(0, thin.shape[1] - 1)], 0
    )
    strong = weight.max(axis=1) > DARKER
    if strong.mean() < SEEN_SHARE:
        return None
    total = weight.sum(axis=1)
    middle = (weight * columns).sum(axis=1) / np.maximum(total, 1)
    y, x = rows[strong], middle[strong]
    for _ in range(2):
        slope, offset = np.polyfit(y, x, 1)
        away = np.abs(x - slope * y - offset)
        keep = away <= 3 * max(float(np.median(away)), 0.1)
        y, x = y[keep], x[keep]
    if float(np.sqrt(np.mean((x - slope * y - offset) ** 2))) > STRAIGHT_PX:
        return None
    top, bottom = float(y[0]), float(y[-1])
    return (slope * top + offset, top, slope * bottom + offset, bottom)
