"""Still pictures: JPEG, PNG, WebP, TIFF, upright as the camera says they were held."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from gaitkit.errors import FormatError, InputError
from gaitkit.io.formats import head_of

if TYPE_CHECKING:
    from pathlib import Path

SMALLEST_PX = 200
"""Shorter side below which nothing of a person can be measured."""


MOST_PIXELS = 120_000_000
"""The cameras of telephones take up to 108 million; unpacked these are 0.36 GB."""


def read_picture(path: Path) -> np.ndarray:
    """Read a still picture.

    Parameters
    ----------
    path : Path
        The file; its content decides, not its name.

    Returns
    -------
    array (height, width, 3) of uint8
        RGB, C-contiguous, turned upright by its orientation tag.

    Raises
    ------
    InputError
        If there is no such file, or the picture is too small to measure in.
    FormatError
        If it is damaged or of a format that cannot be read (HEIC).
    """
    _check_size(path, head_of(path))
    content = np.fromfile(path, dtype=np.uint8)
    picture = cv2.imdecode(content, cv2.IMREAD_COLOR)
    if picture is None:
        msg = (
            f"{path}: expected a picture (JPEG, PNG, WebP or TIFF), and it cannot be "
            "read; save it as JPEG and try again"
        )
        raise FormatError(msg)
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST_PX:
        msg = (
            f"{path}: expected a picture of at least {SMALLEST_PX} pixels a side, got "
            f"{width} x {height}; give the picture as the camera took it"
        )
        raise InputError(msg)
    return np.ascontiguousarray(picture[..., ::-1])


def _check_size(path: Path, head: bytes) -> None:
    """Refuse a picture that cannot be read or is too large, before it is unpacked."""
    if head[4:8] == b"ftyp":
        msg = (
            f"{path}: expected a JPEG picture, got HEIC or AVIF; set the telephone to "
            "JPEG (iPhone: Settings, Camera, Formats, Most Compatible) or share the "
            "picture as JPEG"
        )
        raise FormatError(msg)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PIL warns of sizes that are judged here
        try:
            with Image.open(path) as picture:
                width, height = picture.size
        except Image.DecompressionBombError:
            width = height = MOST_PIXELS
        except (OSError, ValueError, SyntaxError):
            return  # what PIL does not know, OpenCV may
    if width * height > MOST_PIXELS:
        msg = (
            f"{path}: expected a picture of at most {MOST_PIXELS // 10**6} million "
            "pixels, got more; give the picture as the camera took it"
        )
        raise FormatError(msg)
