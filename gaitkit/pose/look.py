"""What a body looks like: the colours of its parts and a small portrait.

Colours tell two people apart where one is lost and one is found. They are taken in CIE
L*a*b*, in which a distance of about 2 is just visible (CIE 1976). Dark clothes in a
bright room are black whoever wears them: colours alone make nobody the same person.
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

LIGHTNESS_WEIGHT = 0.5
"""Weight of lightness in a colour difference: a shadow on the way must not turn one
person into another."""

GRID = np.linspace(0.15, 0.85, 8)
"""Where a part is sampled, as fractions from end to end and from side to side."""

PARTS = (
    (("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")),
    (("left_hip", "right_hip"), ("left_knee", "right_knee")),
    (("left_knee", "right_knee"), ("left_ankle", "right_ankle")),
    (("left_elbow", "right_elbow"), ("left_wrist", "right_wrist")),
    (("left_ear", "right_ear"), ("nose", "nose")),
)
"""Trunk, thighs, shanks, forearms and head: upper and lower ends, left and right."""

_at = BLAZEPOSE.index
_ENDS = np.array([[[_at(n) for n in pair] for pair in part] for part in PARTS])


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
    """Return the median colour of each part of the body, array (part, 3): L*a*b*.

    NaN for a part that is out of the picture.
    """
    upper, lower = pose.points[_ENDS[:, 0]], pose.points[_ENDS[:, 1]]
    along = GRID[:, None, None, None]
    ends = upper * (1 - along) + lower * along  # grid, part, side, space
    # the trunk is sampled from side to side, limbs along their middle
    trunk = ends[:, 0, :1] * (1 - along[:, :, 0]) + ends[:, 0, 1:] * along[:, :, 0]
    limbs = [ends[:, i].reshape(-1, 2) for i in range(1, len(PARTS))]
    return np.array([_colour(image, p) for p in (trunk.reshape(-1, 2), *limbs)])


def difference(known: list[np.ndarray], new: list[np.ndarray]) -> float:
    """Return how unlike two bodies look: the median over their parts.

    One part may change a lot, as a head does that is seen from the other side.

    Parameters
    ----------
    known, new : list of array (part, 3)
        Colours as ``clothes`` gives them.

    Returns
    -------
    float
        CIE 1976 colour difference with lightness at half its weight; NaN when they
        have no part in common.
    """
    if not known or not new:
        return float("nan")
    weights = np.array([LIGHTNESS_WEIGHT, 1.0, 1.0])
    gap = np.linalg.norm((_typical(known) - _typical(new)) * weights, axis=1)
    seen = np.isfinite(gap)
    return float(np.median(gap[seen])) if seen.any() else float("nan")


def _typical(colours: list[np.ndarray]) -> np.ndarray:
    """Return the median colour of each part, NaN where it was never seen."""
    samples = np.array(colours)
    typical = np.full(samples.shape[1:], np.nan)
    seen = np.isfinite(samples).all(axis=2).any(axis=0)
    known = samples[:, seen]  # nanmedian is slow, and seldom needed
    median = np.median if np.isfinite(known).all() else np.nanmedian
    typical[seen] = median(known, axis=0)
    return typical


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
