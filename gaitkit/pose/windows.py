"""The parts of a picture in which bodies are searched.

The detector sees 224 pixels a side. A body that is small in a wide picture is easily
lost in the whole of it: the walking woman of ``sports2d_demo.mp4``, 0.45 of the
picture's height, is found in 23 of 31 whole frames and in 31 of 31 by the squares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit.pose.backend import PoseBackend
    from gaitkit.pose.region import Region

SQUARE_STEP = 0.4
"""Largest distance between two squares, as a fraction of their side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a picture, in pixels: ``[left, right)`` by ``[top, bottom)``."""

    left: int
    top: int
    right: int
    bottom: int

    def find(self, backend: PoseBackend, image: np.ndarray) -> tuple[Region, ...]:
        """Return the bodies in this part, in pixels of the whole picture."""
        part = image[self.top : self.bottom, self.left : self.right]
        found = backend.detect(np.ascontiguousarray(part))
        return tuple(region.moved(self.left, self.top) for region in found)


def search_windows(width: int, height: int) -> tuple[Window, ...]:
    """Return squares along the long side of a picture, then the whole of it."""
    whole = Window(left=0, top=0, right=width, bottom=height)
    side, length = min(width, height), max(width, height)
    count = math.ceil((length - side) / side / SQUARE_STEP) + 1
    if count == 1:
        return (whole,)
    squares = []
    for i in range(count):
        start = round((length - side) * i / (count - 1))
        left, top = (start, 0) if width > height else (0, start)
        squares.append(Window(left=left, top=top, right=left + side, bottom=top + side))
    return (*squares, whole)


def window_around(region: Region, *, factor: float, image: np.ndarray) -> Window:
    """Return the part of a picture around a region, ``factor`` times its side."""
    height, width = image.shape[:2]
    half = region.size * factor / 2
    left = min(max(0, round(region.x - half)), width - 1)
    top = min(max(0, round(region.y - half)), height - 1)
    return Window(
        left=left,
        top=top,
        right=max(left + 1, min(width, round(region.x + half))),
        bottom=max(top + 1, min(height, round(region.y + half))),
    )
