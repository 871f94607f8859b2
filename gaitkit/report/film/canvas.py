"""Drawing on the brightness and colour planes of a film, without turning it to RGB.

A film frame is stored as brightness at full size and two colour planes at half size.
Drawing there saves two conversions a frame, which cost more than the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.report.film.lettering import Ink, Label

FINE = 4
"""Bits after the binary point of coordinates handed to OpenCV: 1/16 pixel."""

DASH = 3.5
"""Length of a dash over the width of its line."""

HALO_LUMA = 16
"""Brightness of the dark edge around every line: black in film range."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """The three planes of one frame, drawn upon in place.

    Attributes
    ----------
    luma : array (height, width)
        Brightness.
    blue, red : array (height / 2, width / 2)
        Colour.
    """

    luma: np.ndarray
    blue: np.ndarray
    red: np.ndarray

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.luma.shape[1], self.luma.shape[0]

    def path(
        self, points: np.ndarray, colour: Ink, *, width: int, dashed: bool = False
    ) -> None:
        """Draw a line through points (point, 2), with a dark edge; NaN breaks it."""
        pieces = [
            piece
            for pair in pairwise(points)
            if np.isfinite(pair).all()
            for piece in (_dashes(*pair, length=DASH * width) if dashed else [pair])
        ]
        for start, end in pieces:
            _line(self.luma, start, end, HALO_LUMA, width + 2)
        for start, end in pieces:
            _line(self.luma, start, end, colour.luma, width)
            _line(self.blue, start / 2, end / 2, colour.blue, (width + 3) // 2)
            _line(self.red, start / 2, end / 2, colour.red, (width + 3) // 2)

    def ring(
        self, centre: Sequence[float], radius: float, colour: Ink, *, width: int
    ) -> None:
        """Draw a circle with a dark edge; a negative width fills it."""
        place = np.asarray(centre, dtype=float)
        if not np.isfinite(place).all():
            return
        if width > 0:
            _circle(self.luma, place, radius, HALO_LUMA, width + 2)
        _circle(self.luma, place, radius, colour.luma, width)
        half = width if width < 0 else (width + 3) // 2
        _circle(self.blue, place / 2, radius / 2, colour.blue, half)
        _circle(self.red, place / 2, radius / 2, colour.red, half)

    def tag(self, label: Label, corner: tuple[int, int]) -> None:
        """Put a line of text into the frame, moved to lie within it.

        Parameters
        ----------
        label : Label
            The text; left out when it is larger than the frame.
        corner : tuple of int
            Left and top in pixels.
        """
        width, height = label.size
        if width > self.size[0] or height > self.size[1]:
            return
        left = min(max(corner[0], 0), self.size[0] - width) // 2 * 2
        top = min(max(corner[1], 0), self.size[1] - height) // 2 * 2
        self.luma[top : top + height, left : left + width] = label.luma
        rows = slice(top // 2, (top + height) // 2)
        columns = slice(left // 2, (left + width) // 2)
        self.blue[rows, columns] = label.ground.blue
        self.red[rows, columns] = label.ground.red

    def to_rgb(self) -> np.ndarray:
        """Return the frame as RGB (height, width, 3)."""
        planes = np.concatenate([p.ravel() for p in (self.luma, self.blue, self.red)])
        width, height = self.size
        stacked = planes.reshape(height * 3 // 2, width)
        return np.asarray(cv2.cvtColor(stacked, cv2.COLOR_YUV2RGB_I420))


def canvas_of(rgb: np.ndarray) -> Canvas:
    """Return a canvas with a picture (height, width, 3); odd edges are cut off."""
    height, width = (n // 2 * 2 for n in rgb.shape[:2])
    even = np.ascontiguousarray(rgb[:height, :width])
    flat = cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420).ravel()
    full, half = height * width, height * width // 4
    return Canvas(
        flat[:full].reshape(height, width),
        flat[full : full + half].reshape(height // 2, width // 2),
        flat[full + half :].reshape(height // 2, width // 2),
    )


def _fine(point: np.ndarray) -> tuple[int, int]:
    return (round(float(point[0]) * (1 << FINE)), round(float(point[1]) * (1 << FINE)))


def _line(
    plane: np.ndarray, start: np.ndarray, end: np.ndarray, value: int, width: int
) -> None:
    cv2.line(plane, _fine(start), _fine(end), value, width, cv2.LINE_AA, FINE)


def _circle(
    plane: np.ndarray, centre: np.ndarray, radius: float, value: int, width: int
) -> None:
    fine = max(1, round(radius * (1 << FINE)))
    cv2.circle(plane, _fine(centre), fine, value, width, cv2.LINE_AA, FINE)


def _dashes(
    start: np.ndarray, end: np.ndarray, *, length: float
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return every other piece of a line, each about ``length`` long."""
    count = max(1, int(np.hypot(*(end - start)) // length)) // 2 * 2 + 1
    stops = np.linspace(start, end, count + 1)
    return [(stops[i], stops[i + 1]) for i in range(0, count, 2)]
