"""The square piece of a picture in which the network looks for one body.

Geometry of MediaPipe's BlazePose: a body is given by two points, the middle of the
hips and a point above it on a circle around the whole body. The region is the square
around that circle, turned so that the body stands upright in it. Coordinates follow
MediaPipe: a pixel index is its position, without a half-pixel shift, and pictures are
sampled at 1/32 of a pixel, as OpenCV 4 does inside MediaPipe. OpenCV 5 samples finer,
and the network answers to that with 0.9 px (median, 20 crops of ``sports2d_demo.mp4``)
against 0.004 px this way, which is also the same with every version of OpenCV.

References
----------
Bazarevsky et al. (2020), BlazePose: on-device real-time body pose tracking,
doi:10.48550/arXiv.2006.10204.

The parts of a picture in which bodies are searched.

The detector sees 224 pixels a side. A body that is small in a wide picture is easily
lost in the whole of it: the walking woman of ``sports2d_demo.mp4``, 0.45 of the
picture's height, is found in 23 of 31 whole frames and in 31 of 31 by the squares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from gaitkit.pose.backend import PoseBackend


SUBPIXEL_BITS = 5
SUBPIXELS = 1 << SUBPIXEL_BITS
"""Parts of a pixel that sampling tells apart (``INTER_BITS`` of OpenCV 4)."""

FIXED_POINT_BITS = 10
"""Bits below a subpixel; positions up to 65 535 px fit in 32 bits with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A turned square, in pixels of the picture.

    Attributes
    ----------
    x, y : float
        Centre.
    size : float
        Length of a side.
    rotation : float
        Angle in radians, clockwise in the picture; 0 for an upright body.
    """

    x: float
    y: float
    size: float
    rotation: float = 0.0

    def moved(self, dx: float, dy: float) -> Region:
        """Return the region shifted by pixels."""
        return Region(
            x=self.x + dx, y=self.y + dy, size=self.size, rotation=self.rotation
        )

    def scaled(self, factor: float) -> Region:
        """Return the region with the same centre and a side times ``factor``."""
        return Region(
            x=self.x, y=self.y, size=self.size * factor, rotation=self.rotation
        )

    def to_picture(self, *, mirrored: bool = False) -> np.ndarray:
        """Return the affine map (2, 3) from the unit square to the picture.

        With ``mirrored`` the unit square is read from right to left.
        """
        cos, sin = math.cos(self.rotation), math.sin(self.rotation)
        axes = self.size * np.array([[cos, -sin], [sin, cos]])
        offset = np.array([self.x, self.y]) - axes @ np.array([0.5, 0.5])
        if mirrored:
            offset = offset + axes[:, 0]
            axes[:, 0] = -axes[:, 0]
        return np.column_stack([axes, offset])


def region_around(centre: np.ndarray, edge: np.ndarray, *, scale: float) -> Region:
    """Return the region of a body from its two alignment points.

    Parameters
    ----------
    centre, edge : array (2,)
        Middle of the hips and the point on the circle around the body, pixels.
    scale : float
        Side as a multiple of the circle's diameter.
    """
    dx, dy = float(edge[0] - centre[0]), float(edge[1] - centre[1])
    rotation = math.pi / 2 - math.atan2(-dy, dx)
    return Region(
        x=float(centre[0]),
        y=float(centre[1]),
        size=2 * math.hypot(dx, dy) * scale,
        rotation=math.remainder(rotation, 2 * math.pi),
    )


def crop(
    image: np.ndarray, region: Region, *, side: int, mirrored: bool = False
) -> np.ndarray:
    """Cut a region out as an upright square of ``side`` pixels.

    Beyond the border of the picture its edge pixels are repeated.

    Parameters
    ----------
    image : array (height, width, 3)
        RGB, uint8.
    region : Region
        What to cut out.
    side : int
        Pixels along a side of the result.
    mirrored : bool
        True to turn left into right.

    Returns
    -------
    array (side, side, 3)
        RGB, uint8.
    """
    to_picture = region.to_picture(mirrored=mirrored)
    return _sampled(image, to_picture, side=side, border=cv2.BORDER_REPLICATE)


def letterbox(image: np.ndarray, *, side: int) -> tuple[np.ndarray, Region]:
    """Fit a whole picture in a square, with black beside it.

    Returns
    -------
    array (side, side, 3)
        RGB, uint8.
    Region
        The square in the picture's own pixels.
    """
    height, width = image.shape[:2]
    square = Region(x=width / 2, y=height / 2, size=float(max(width, height)))
    fitted = _sampled(image, square.to_picture(), side=side, border=cv2.BORDER_CONSTANT)
    return fitted, square


def _sampled(
    image: np.ndarray, to_picture: np.ndarray, *, side: int, border: int
) -> np.ndarray:
    """Sample a picture bilinearly where a map from the unit square points."""
    x, y = (_subpixels(line, side=side) for line in to_picture)
    rest = SUBPIXELS - 1
    part = x.astype(np.uint16) & rest
    part |= (y.astype(np.uint16) & rest) << SUBPIXEL_BITS
    x >>= SUBPIXEL_BITS
    y >>= SUBPIXEL_BITS
    whole = cv2.merge((x.astype(np.int16), y.astype(np.int16)))
    sampled: np.ndarray = cv2.remap(
        image, whole, part, cv2.INTER_LINEAR, borderMode=border
    )
    return sampled


def _subpixels(line: np.ndarray, *, side: int) -> np.ndarray:
    """Return one coordinate of every sample (side, side) in subpixels, int32.

    Fixed point: rounding the sum of a row and a column is exact to 1/1000 subpixel.
    """
    across, down, offset = line
    steps = np.arange(side) / side
    unit = SUBPIXELS << FIXED_POINT_BITS
    half = 1 << (FIXED_POINT_BITS - 1)
    rows = np.rint(unit * (down * steps + offset)).astype(np.int32) + np.int32(half)
    columns = np.rint(unit * across * steps).astype(np.int32)
    at: np.ndarray = np.add.outer(rows, columns)
    at >>= FIXED_POINT_BITS
    return at


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
