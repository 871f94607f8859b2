"""Find a level line of the floor: the skirting board or the edge of floor and wall.

Where the camera looks straight at a wall these lines are level in the picture, so they
give the roll of the camera. A wall that is seen askew makes them rise: that is part of
the error of a floor line (`gaitkit.measure.standing.camera`).

The picture is sheared by one angle after another; at the right one the rows of the line
fall together, and nearly every column has an edge of the same kind in one row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from gaitkit.model.visit import PictureLine

UPPER_SHARE, LOWER_SHARE = 0.40, 0.97
"""Part of the height of the picture in which the floor meets the wall."""

SMALL_PX = 360
"""Width at which the line is sought; it is placed in the picture itself."""

SMOOTHING_PX = 1.2

ANGLES_DEG = np.arange(-12.0, 12.01, 0.3)

EDGE = 2.0
"""Change of brightness per row, of 255, from which a pixel is an edge."""

COLUMNS_SHARE = 0.45
"""Share of the columns that must have the edge: a person stands before the rest, and
side walls may cut it off."""

EDGE_PX = 7
"""The edge lies within this distance of where it was first seen."""

LINE_ROUNDS = 4
"""Fits, each without what lay far from the one before."""

STRAIGHT_PX = 1.5
"""Root mean square distance from the straight line; a lens bends it a little."""


def find_floor_line(image: np.ndarray) -> PictureLine | None:
    """Return both ends of the clearest level line in the lower part of a picture.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB.

    Returns
    -------
    tuple of float or None
        x and y of the left end, x and y of the right end, pixels; None when no line
        runs through half of the picture.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    factor = min(1.0, SMALL_PX / grey.shape[1])
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    rises = _rises(small)
    slope, row, sign = _clearest(rises)
    if sign == 0:
        return None
    width = rises.shape[1]
    middle = row / factor
    return _placed(grey, slope, middle - slope * width / 2 / factor, sign)


def _rises(grey: np.ndarray) -> np.ndarray:
    """Return 1, -1 or 0 for each pixel: brighter or darker below, or neither."""
    smooth = cv2.GaussianBlur(grey, (0, 0), SMOOTHING_PX).astype(np.float32)
    change = np.zeros_like(smooth)
    change[1:-1] = (smooth[2:] - smooth[:-2]) / 2
    height = len(smooth)
    change[: round(UPPER_SHARE * height)] = 0
    change[round(LOWER_SHARE * height) :] = 0
    return np.asarray(np.sign(change) * (np.abs(change) > EDGE), np.float32)


def _clearest(rises: np.ndarray) -> tuple[float, float, int]:
    """Return slope, row in the middle column, and sign of the clearest line."""
    height, width = rises.shape
    best = (0.0, 0.0, 0)
    most = COLUMNS_SHARE
    for angle in ANGLES_DEG:
        slope = math.tan(math.radians(float(angle)))
        shear = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]], np.float32)
        level = cv2.warpAffine(rises, shear, (width, height))
        share = level.mean(axis=1)
        row = int(np.argmax(np.abs(share)))
        if abs(share[row]) > most:
            most = float(abs(share[row]))
            best = (slope, float(row), int(np.sign(share[row])))
    return best


def _placed(
    grey: np.ndarray, slope: float, offset: float, sign: int
) -> PictureLine | None:
    """Return the line through the steepest change of brightness of each column."""
    smooth = cv2.GaussianBlur(grey, (0, 0), SMOOTHING_PX).astype(np.float32)
    x = np.arange(grey.shape[1])
    reach = np.arange(-EDGE_PX, EDGE_PX + 1)
    rows = np.round(slope * x + offset).astype(int)[:, None] + reach
    rows = np.clip(rows, 1, grey.shape[0] - 2)
    change = sign * (smooth[rows + 1, x[:, None]] - smooth[rows - 1, x[:, None]]) / 2
    weight = np.clip(change, 0, None) ** 2
    seen = change.max(axis=1) > EDGE / 2
    if not seen.any():
        return None
    y = (weight * rows).sum(axis=1)[seen] / weight.sum(axis=1)[seen]
    x = x[seen]
    for _ in range(LINE_ROUNDS):
        slope, offset = (float(v) for v in np.polyfit(x, y, 1))
        away = np.abs(y - slope * x - offset)
        keep = away <= 3 * max(float(np.median(away)), 0.1)
        x, y = x[keep], y[keep]
    if float(np.sqrt(np.mean((y - slope * x - offset) ** 2))) > STRAIGHT_PX:
        return None
    left, right = float(x.min()), float(x.max())
    return left, slope * left + offset, right, slope * right + offset
