"""Discs drawn with a known centre: coverage of each pixel by fine sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

PAINT = {
    "red": (200, 35, 40),
    "green": (30, 160, 70),
    "blue": (35, 80, 190),
    "yellow": (230, 205, 40),
}
SKIN = (205, 160, 135)
FINE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """One sticker: centre, diameters and direction in pixels and degrees."""

    x: float
    y: float
    major: float
    minor: float | None = None
    angle_deg: float = 0.0
    colour: str = "green"


def blank(
    height: int = 400, width: int = 300, colour: tuple[float, float, float] = SKIN
) -> np.ndarray:
    return np.broadcast_to(np.array(colour, float), (height, width, 3)).copy()


def draw(image: np.ndarray, disc: Disc) -> None:
    """Draw a disc into a float image in place."""
    if disc.colour == "white_ring":
        _blend(image, disc, 1.0, (25, 25, 25))
        _blend(image, disc, 0.6, (235, 235, 230))
    else:
        _blend(image, disc, 1.0, PAINT[disc.colour])


def _blend(
    image: np.ndarray, disc: Disc, share: float, paint: tuple[int, int, int]
) -> None:
    reach = math.ceil(disc.major) + 3
    left, top = int(disc.x) - reach, int(disc.y) - reach
    size = 2 * reach
    fine = (np.arange(size * FINE) + 0.5) / FINE - 0.5
    x, y = np.meshgrid(left + fine - disc.x, top + fine - disc.y)
    angle = math.radians(disc.angle_deg)
    along = x * math.cos(angle) + y * math.sin(angle)
    across = -x * math.sin(angle) + y * math.cos(angle)
    minor = disc.major if disc.minor is None else disc.minor
    inside = np.hypot(along / disc.major, across / minor) <= share / 2
    cover = inside.reshape(size, FINE, size, FINE).mean(axis=(1, 3))[..., None]
    part = image[top : top + size, left : left + size]
    part[:] = part * (1 - cover) + cover * np.array(paint, float)


def photographed(
    image: np.ndarray,
    *,
    blur: float = 0.8,
    noise: float = 3.0,
    jpeg: int | None = 85,
    light: tuple[float, float] = (1.0, 1.0),
    seed: int = 0,
) -> np.ndarray:
    """Return what a camera makes of it: light from the side, blur, noise, JPEG."""
    across = np.linspace(*light, image.shape[1])[None, :, None]
    seen = cv2.GaussianBlur(image * across, (0, 0), blur)
    seen = seen + np.random.default_rng(seed).normal(0, noise, seen.shape)
    picture = np.clip(seen.round(), 0, 255).astype(np.uint8)
    if jpeg is None:
        return picture
    _, coded = cv2.imencode(
        ".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, jpeg]
    )
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])
