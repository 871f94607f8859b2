"""A round sticker in a picture, and how it is sought; ``[stickers]`` of the TOML."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitkit.model.settings import require_within
from gaitkit.model.visit import StickerColour

__all__ = ["COLOURS", "PictureBox", "Sticker", "StickerColour", "StickerSettings"]

COLOURS: tuple[StickerColour, ...] = ("red", "green", "blue", "yellow", "white_ring")

DIAMETER_RANGE = (2.0, 500.0)
SHARE_RANGE = (0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker:
    """One disc in a picture.

    Attributes
    ----------
    x_px, y_px : float
        Its centre; the middle of the upper left pixel is (0, 0).
    sd_px : float
        Standard error of either coordinate, from noise, contrast and the roundness
        of the edge.
    major_px, minor_px : float
        Diameters of the ellipse; of a white sticker with its black ring.
    angle_deg : float
        Direction of the major axis, clockwise in the picture from its x axis.
    contrast : float
        Distance of its colour from that around it, 0 to 255.
    colour : str
        Which colour was sought.
    """

    x_px: float
    y_px: float
    sd_px: float
    major_px: float
    minor_px: float
    angle_deg: float
    contrast: float
    colour: StickerColour

    @property
    def centre(self) -> np.ndarray:
        """Place in pixels: x and y, array (2,)."""
        return np.array([self.x_px, self.y_px])


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureBox:
    """A part of a picture, in pixels: ``[left, right)`` by ``[top, bottom)``."""

    left: int
    top: int
    right: int
    bottom: int

    def within(self, image: np.ndarray) -> PictureBox:
        """Return the part of the box that lies in a picture (height, width, 3)."""
        height, width = image.shape[:2]
        return PictureBox(
            left=min(max(self.left, 0), width),
            top=min(max(self.top, 0), height),
            right=min(max(self.right, 0), width),
            bottom=min(max(self.bottom, 0), height),
        )

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.right <= self.left or self.bottom <= self.top


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerSettings:
    """What counts as a sticker.

    Attributes
    ----------
    diameter_min_px : float
        Smaller discs are not looked for: their centre is no better than a guess.
    diameter_max_share : float
        Largest diameter as a share of the longer side of the picture.
    colour_min : float
        Least purity of the colour, 0 grey to 1 pure: bare skin has 0.15 to 0.3 of
        red, a printed sticker 0.4 to 0.9.
    contrast_min : float
        Least distance of its colour from that around it, 0 to 255.
    roundness_min : float
        Least minor over major diameter; below it a sticker is turned away too far
        for its centre to be the middle of what is seen.
    isolation_min : float
        Least share of the surroundings that has another colour.

    Raises
    ------
    ConfigError
        If an option is out of range; the message names its key.
    """

    diameter_min_px: float = 4.0
    diameter_max_share: float = 0.08
    colour_min: float = 0.25
    contrast_min: float = 25.0
    roundness_min: float = 0.35
    isolation_min: float = 0.8

    def __post_init__(self) -> None:
        """Check each option against its range."""
        require_within("stickers.diameter_min_px", self.diameter_min_px, DIAMETER_RANGE)
        require_within(
            "stickers.diameter_max_share", self.diameter_max_share, SHARE_RANGE
        )
        require_within("stickers.colour_min", self.colour_min, SHARE_RANGE)
        require_within("stickers.contrast_min", self.contrast_min, (1.0, 255.0))
        require_within("stickers.roundness_min", self.roundness_min, SHARE_RANGE)
        require_within("stickers.isolation_min", self.isolation_min, SHARE_RANGE)
