"""Letters as masks, with every sign of Dutch and English (OpenCV's own have no °)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

PADDING = 0.35
"""Space around the letters as a share of their size."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line of text as a mask (height, width), 0 to 255, of even size."""

    mask: np.ndarray


@lru_cache(maxsize=1024)
def stamp(text: str, size_px: int) -> Stamp:
    """Return a line of text as a mask with some space around it.

    Parameters
    ----------
    text : str
        One line.
    size_px : int
        Height of the letters, from the top of capitals to the lowest tail.
    """
    from PIL import Image, ImageDraw

    font = _font(size_px)
    pad = round(PADDING * size_px)
    ascent, descent = font.getmetrics()
    width = _even(int(np.ceil(font.getlength(text))) + 2 * pad)
    height = _even(ascent + descent + pad)
    picture = Image.new("L", (width, height))
    ImageDraw.Draw(picture).text((pad, pad // 2), text, fill=255, font=font)
    return Stamp(np.asarray(picture))


@lru_cache(maxsize=16)
def _font(size_px: int) -> FreeTypeFont:
    """Return the font that matplotlib brings, so that it is there on every machine."""
    import matplotlib as mpl
    from PIL import ImageFont

    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(str(file), size_px)


def _even(length: int) -> int:
    return (length + 1) // 2 * 2
