"""Places in a picture that may be a sticker: round spots of a colour, or a ring.

A spot must be round at some level of its colour; the level is sought, so that shade,
lamp light and a body part of a similar but paler colour do no harm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from gaitkit.pose.stickers.sticker import StickerColour, StickerSettings

LEVELS = (0.7, 0.6, 0.5, 0.42, 0.34, 0.27, 0.2)
"""Purities of colour at which spots are sought, pure ones first."""

RING_LEVELS = tuple(range(40, 231, 10))
"""Brightnesses below which a ring is black, 0 to 255."""

DARK_FLOOR = 24.0
"""Added to the brightness, 0 to 255, so that noise in the dark has no colour."""

SMOOTHING_PX = 0.7
"""Noise is smoothed this much before spots are sought; not before they are placed."""

FILL_RANGE = (0.82, 1.16)
"""Area of a spot over that of the ellipse with the same moments; 1 for an ellipse,
0.95 for a square, 0.6 to 0.8 for crescents and letters."""

SMALL_PX = 10.0
"""Below this diameter whole pixels blur the shape, and the limits are wider."""

SMALL_FILL_RANGE = (0.7, 1.3)

HOLE_SHARE = (0.35, 0.93)
"""Diameter of the white over that of the ring around it."""

USUAL_RING = 1.6
"""Diameter of a ring over that of its white, where dark clothes begin at the ring."""

WHITE_MIN = 0.7
"""Least diameter of the white over that of a sticker."""

CONCENTRIC = 0.12
"""Largest distance of white and ring, as a share of the diameter of the ring."""

POINTS_OF_AN_ELLIPSE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that may be a sticker: an ellipse in pixels.

    Attributes
    ----------
    x, y : float
        Centre.
    major, minor : float
        Diameters.
    angle_deg : float
        Direction of the major axis, clockwise from the x axis.
    outer : float
        Major diameter with the black ring; equal to ``major`` for a coloured disc.
    fit : float
        How far the shape is from an ellipse, 0 is perfect; for a ring also how thin
        it is.
    """

    x: float
    y: float
    major: float
    minor: float
    angle_deg: float
    outer: float
    fit: float


def candidates(
    image: np.ndarray, colour: StickerColour, settings: StickerSettings, *, longest: int
) -> list[Candidate]:
    """Return the places in a picture that may be a sticker of a colour.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB; a piece of the picture.
    colour : str
        Which colour.
    settings : StickerSettings
        Sizes and shapes.
    longest : int
        Longer side of the whole picture in pixels, for the largest diameter.
    """
    most = settings.diameter_max_share * longest
    if colour == "white_ring":
        found = _rings(image, settings, most=most)
    else:
        found = _spots(purity(image, colour), settings, most=most)
    return _best_of_each_place(found)


def purity(image: np.ndarray, colour: StickerColour) -> np.ndarray:
    """Return how purely each pixel has a colour, array (height, width), 0 to 1.

    The channel of the colour (for yellow the lesser of red and green) less the
    greatest other channel, over the brightness: light and shade cancel.
    """
    red, green, blue = (image[..., i].astype(np.float32) for i in range(3))
    brightest = np.maximum(np.maximum(red, green), blue) + DARK_FLOOR
    if colour == "red":
        excess = red - np.maximum(green, blue)
    elif colour == "green":
        excess = green - np.maximum(red, blue)
    elif colour == "blue":
        excess = blue - np.maximum(red, green)
    else:
        excess = np.minimum(red, green) - blue
    return np.asarray(excess / brightest)


def _spots(
    pure: np.ndarray, settings: StickerSettings, *, most: float
) -> list[Candidate]:
    smooth = cv2.GaussianBlur(pure, (0, 0), SMOOTHING_PX)
    levels = [level for level in LEVELS if level > settings.colour_min * 0.7]
    found = []
    for level in levels:
        mask = (smooth > level).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        for number in range(1, count):
            left, top, width, height, area = (int(v) for v in stats[number])
            if not settings.diameter_min_px**2 / 2 <= area <= most**2:
                continue
            if max(width, height) > most:
                continue
            piece = labels[top : top + height, left : left + width] == number
            spot = _ellipse_of(piece, left=left, top=top)
            if _is_round(spot, settings):
                found.append(spot)
    return found


def _ellipse_of(piece: np.ndarray, *, left: int, top: int) -> Candidate:
    """Return the ellipse with the moments of a set of pixels."""
    rows, columns = np.nonzero(piece)
    area = len(rows)
    x, y = float(columns.mean()), float(rows.mean())
    pixel = 1 / 12  # variance of a point within its pixel
    xx = float(columns.var()) + pixel
    yy = float(rows.var()) + pixel
    xy = float(((columns - x) * (rows - y)).mean())
    major, minor, angle = ellipse_axes(xx, yy, xy)
    fill = area / (math.pi / 4 * major * minor)
    return Candidate(
        x=left + x,
        y=top + y,
        major=major,
        minor=minor,
        angle_deg=angle,
        outer=major,
        fit=abs(math.log(fill)),
    )


def ellipse_axes(xx: float, yy: float, xy: float) -> tuple[float, float, float]:
    """Return both diameters and the direction of a uniform ellipse from its moments.

    Parameters
    ----------
    xx, yy, xy : float
        Central second moments per area, in pixels squared.

    Returns
    -------
    tuple of float
        Major and minor diameter in pixels, and the direction of the major axis in
        degrees clockwise in the picture.
    """
    middle, half = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    major = 4 * math.sqrt(middle + half)
    minor = 4 * math.sqrt(max(middle - half, 0.0))
    return major, minor, math.degrees(0.5 * math.atan2(2 * xy, xx - yy))


def _is_round(spot: Candidate, settings: StickerSettings) -> bool:
    low, high = FILL_RANGE if spot.major >= SMALL_PX else SMALL_FILL_RANGE
    return (
        spot.major >= settings.diameter_min_px
        and spot.minor >= settings.roundness_min * spot.major
        and spot.fit <= max(-math.log(low), math.log(high))
    )


def _rings(
    image: np.ndarray, settings: StickerSettings, *, most: float
) -> list[Candidate]:
    grey = cv2.GaussianBlur(
        cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), SMOOTHING_PX
    )
    found = []
    for level in RING_LEVELS:
        dark = (grey < level).astype(np.uint8)
        lines, tree = cv2.findContours(dark, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        if tree is None:
            continue
        for number, (_, _, _, parent) in enumerate(tree[0]):
            if parent < 0 or len(lines[number]) < POINTS_OF_AN_ELLIPSE:
                continue
            ring = _ring_of(lines[number], lines[parent], settings, most=most)
            if ring is not None:
                found.append(ring)
    return found


def _ring_of(
    hole: np.ndarray, edge: np.ndarray, settings: StickerSettings, *, most: float
) -> Candidate | None:
    """Return the sticker whose white has one outline and whose ring has another."""
    if len(hole) > math.pi * most:
        return None
    inner = _outline(hole)
    white = replace(settings, diameter_min_px=WHITE_MIN * settings.diameter_min_px)
    if not _is_round(inner, white):
        return None
    outer = _outer_of(inner, edge, most=most)
    return Candidate(
        x=inner.x,
        y=inner.y,
        major=inner.major,
        minor=inner.minor,
        angle_deg=inner.angle_deg,
        outer=outer.major,
        fit=inner.fit + outer.fit + inner.major / outer.major,
    )


def _outer_of(inner: Candidate, edge: np.ndarray, *, most: float) -> Candidate:
    """Return the outside of the ring; a usual one where dark clothes swallow it."""
    usual = replace(
        inner, major=USUAL_RING * inner.major, minor=USUAL_RING * inner.minor
    )
    if not POINTS_OF_AN_ELLIPSE <= len(edge) <= math.pi * most * 1.5:
        return usual
    outer = _outline(edge)
    apart = math.hypot(inner.x - outer.x, inner.y - outer.y)
    low, high = HOLE_SHARE
    concentric = apart <= CONCENTRIC * outer.major
    fits = low < inner.major / outer.major < high and outer.major <= most
    return outer if concentric and fits else usual


def _outline(line: np.ndarray) -> Candidate:
    """Return the ellipse with the moments of an outline's inside."""
    left, top, width, height = cv2.boundingRect(line)
    piece = np.zeros((height, width), np.uint8)
    cv2.drawContours(piece, [line - [left, top]], -1, 1, cv2.FILLED)
    return _ellipse_of(piece > 0, left=left, top=top)


def _best_of_each_place(found: list[Candidate]) -> list[Candidate]:
    """Keep, of spots that lie on each other, the one that is most like an ellipse."""
    kept: list[Candidate] = []
    for spot in sorted(found, key=lambda each: each.fit):
        reach = [max(spot.major, other.major) / 2 for other in kept]
        apart = [math.hypot(spot.x - o.x, spot.y - o.y) for o in kept]
        if all(a > r for a, r in zip(apart, reach, strict=True)):
            kept.append(spot)
    return kept
