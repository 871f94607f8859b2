"""What a body looks like: the colours of its clothes and a small portrait.

Colours tell two people apart where one is lost and one is found. They are sampled on
the trunk and along the thighs, in CIE L*a*b*, in which a distance of about 2 is just
visible (CIE 1976).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit.model.keypoints import BLAZEPOSE

if TYPE_CHECKING:
    from gaitkit.pose.backend import Pose

PORTRAIT_HEIGHT_PX = 240
PORTRAIT_MARGIN = 0.08
"""Room around the body in a portrait, as a fraction of the box's longer side."""

OTHER_CLOTHES = 25.0
"""Colour difference that parts two people even where place and time agree."""

GRID = np.linspace(0.15, 0.85, 8)
"""Where trunk and thighs are sampled, as fractions from edge to edge."""

_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP, _LEFT_KNEE, _RIGHT_KNEE = (
    BLAZEPOSE.index(f"{side}_{part}")
    for part in ("shoulder", "hip", "knee")
    for side in ("left", "right")
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Portrait:
    """A small picture of a body where it is best seen.

    Attributes
    ----------
    frame : int
        The frame.
    quality : float
        Mean confidence of the keypoints there, 0 to 1.
    box : tuple of float
        Left, top, width, height in pixels of the whole picture.
    image : array (height, width, 3)
        RGB, uint8, at most 240 pixels high.
    """

    frame: int
    quality: float
    box: tuple[float, float, float, float]
    image: np.ndarray


def clothes(image: np.ndarray, pose: Pose) -> np.ndarray:
    """Return the median colour of trunk and thighs, array (6,): L*a*b* twice."""
    p = pose.points
    rows = GRID[:, None, None]
    columns = GRID[None, :, None]
    top = p[_LEFT_SHOULDER] * (1 - columns) + p[_RIGHT_SHOULDER] * columns
    bottom = p[_LEFT_HIP] * (1 - columns) + p[_RIGHT_HIP] * columns
    trunk = (top * (1 - rows) + bottom * rows).reshape(-1, 2)
    along = GRID[:, None]
    thighs = np.concatenate(
        [
            p[_LEFT_HIP] * (1 - along) + p[_LEFT_KNEE] * along,
            p[_RIGHT_HIP] * (1 - along) + p[_RIGHT_KNEE] * along,
        ]
    )
    return np.concatenate([_colour(image, trunk), _colour(image, thighs)])


def difference(known: list[np.ndarray], new: list[np.ndarray]) -> float:
    """Return how unlike two sets of clothes are, the larger of trunk and thighs.

    Parameters
    ----------
    known, new : list of array (6,)
        Colours as ``clothes`` gives them; NaN where out of the picture.

    Returns
    -------
    float
        CIE 1976 colour difference; NaN when one of them was never seen.
    """
    if np.isnan(known).all(axis=0).any() or np.isnan(new).all(axis=0).any():
        return float("nan")
    gap = np.nanmedian(known, axis=0) - np.nanmedian(new, axis=0)
    return float(np.linalg.norm(gap.reshape(2, 3), axis=1).max())


def box_of(pose: Pose, *, width: int, height: int) -> tuple[float, float, float, float]:
    """Return left, top, width, height of the body within the picture, pixels."""
    low, high = pose.points.min(axis=0), pose.points.max(axis=0)
    margin = PORTRAIT_MARGIN * float((high - low).max())
    left, top = np.clip(low - margin, 0, [width - 1, height - 1])
    right, bottom = np.clip(high + margin, [left + 1, top + 1], [width, height])
    return float(left), float(top), float(right - left), float(bottom - top)


def portrait(image: np.ndarray, pose: Pose, *, frame: int) -> Portrait:
    """Return the portrait of a body in a frame."""
    height, width = image.shape[:2]
    left, top, across, down = box_of(pose, width=width, height=height)
    piece = image[int(top) : int(top + down) + 1, int(left) : int(left + across) + 1]
    factor = min(1.0, PORTRAIT_HEIGHT_PX / piece.shape[0])
    size = (max(1, round(piece.shape[1] * factor)), round(piece.shape[0] * factor))
    small = cv2.resize(piece, size, interpolation=cv2.INTER_AREA)
    return Portrait(
        frame=frame,
        quality=float(pose.confidence.mean()),
        box=(left, top, across, down),
        image=np.ascontiguousarray(small),
    )


def _colour(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    places = points.round().astype(int)
    seen = ((places >= 0) & (places < [width, height])).all(axis=1)
    if not seen.any():
        return np.full(3, np.nan)
    samples = image[places[seen, 1], places[seen, 0]]
    middle = np.median(samples, axis=0).astype(np.float32)[None, None] / 255
    return np.asarray(cv2.cvtColor(middle, cv2.COLOR_RGB2Lab)[0, 0], dtype=float)
