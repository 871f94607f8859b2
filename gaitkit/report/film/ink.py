"""Colours as the planes of a film store them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np


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
