"""Lines of text to put into a film, with signs that OpenCV's own letters lack (°).

Colours as the planes of a film store them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FULL = 255
PADDING = 0.35
"""Space around the letters as a share of their size."""


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """A line of text on a ground of one colour, of even size.

    Attributes
    ----------
    luma : array (height, width)
        Brightness of letters and ground.
    ground : Ink
        Colour of the ground.
    """

    luma: np.ndarray
    ground: Ink

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.luma.shape[1], self.luma.shape[0]


@lru_cache(maxsize=256)
def label(text: str, size_px: int, ground: Ink) -> Label:
    """Return a line of white text with some space around it.

    Parameters
    ----------
    text : str
        One line.
    size_px : int
        Size of the letters.
    ground : Ink
        Colour behind the letters.
    """
    letters = np.concatenate([_letter(letter, size_px) for letter in text], axis=1)
    pad = round(PADDING * size_px)
    height, width = letters.shape
    mask = np.zeros((_even(height + pad), _even(width + 2 * pad)), dtype=np.int32)
    mask[pad // 2 : pad // 2 + height, pad : pad + width] = letters
    luma = ground.luma + (WHITE.luma - ground.luma) * mask // FULL
    return Label(luma.astype(np.uint8), ground)


@lru_cache(maxsize=512)
def _letter(letter: str, size_px: int) -> np.ndarray:
    """Return one letter as a mask as wide as it advances: a clock changes often."""
    from PIL import Image, ImageDraw

    font = _font(size_px)
    ascent, descent = font.getmetrics()
    picture = Image.new("L", (max(1, round(font.getlength(letter))), ascent + descent))
    ImageDraw.Draw(picture).text((0, 0), letter, fill=255, font=font)
    return np.asarray(picture)


@lru_cache(maxsize=16)
def _font(size_px: int) -> FreeTypeFont:
    """Return the font that matplotlib brings, so that it is there on every machine."""
    import matplotlib as mpl
    from PIL import ImageFont

    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(str(file), size_px)


def _even(length: int) -> int:
    return (length + 1) // 2 * 2


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour as the three planes store it (BT.601, film range)."""

    luma: int
    blue: int
    red: int


NEUTRAL = 128
"""Value of the colour planes for grey."""

WHITE = Ink(235, NEUTRAL, NEUTRAL)
DARK = Ink(32, NEUTRAL, NEUTRAL)


@cache
def ink(hexadecimal: str) -> Ink:
    """Return the ink of a colour such as ``#bf2a2f``."""
    rgb = np.array(
        [[[int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5)]]] * 2, dtype=np.uint8
    )
    planes = cv2.cvtColor(np.repeat(rgb, 2, axis=1), cv2.COLOR_RGB2YUV_I420).ravel()
    return Ink(int(planes[0]), int(planes[4]), int(planes[5]))
