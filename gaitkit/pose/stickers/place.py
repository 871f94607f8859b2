"""The centre of a sticker to a fraction of a pixel, with its standard error.

Each pixel around a candidate is a mixture of the colour of the sticker and of what
lies around it (`share`). The centre of mass of the shares of the sticker is the centre
of the disc, whatever the picture's sharpness.

Find round stickers in a picture.

How much of each pixel around a sticker is sticker, and how much lies around it.

A pixel is a mixture. On one background its share of the sticker is the place of its
colour on the line from the background to the sticker; on the border of two, as at the
hem of a shirt, its place in the triangle of the three colours, whatever course the
border takes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.chance import MAD_TO_SD
from gaitkit.pose.stickers.candidates import Candidate, candidates, ellipse_axes
from gaitkit.pose.stickers.sticker import (
    PictureBox,
    Sticker,
    StickerColour,
    StickerSettings,
)

if TYPE_CHECKING:
    Array = np.ndarray

CORE = 0.55
"""The colour of the sticker is read within this share of its radius."""

AROUND = (1.3, 2.0)
"""What lies around is read between these multiples of the radius."""

AROUND_MIN_PX = (1.5, 3.5)
"""And at least so many pixels outside a small disc."""

REACH = 1.3
"""Pixels beyond this multiple of the radius (and `REACH_MIN_PX`) have no weight."""

REACH_MIN_PX = 1.5
RAMP = (0.25, 0.75)
"""Shares from which a pixel starts to count, and counts in full: shade on the disc
and grain around it do not move the centre."""

LOW_RAMP, HIGH_RAMP = (0.1, 0.6), (0.4, 0.9)
"""Ramps whose centres differ when the edge is not the same all around."""

CENTRE_ROUNDS = 4
"""Repetitions until the centre does not move any more."""

CORRELATED = 2.0
"""Neighbouring pixels share noise (sharpening, JPEG): variance times this."""

FLOOR_PX = 0.04
"""Smallest standard error claimed, in pixels."""

SMALL_PX2 = 0.5
"""Whole pixels and halved colour (JPEG, H.264) move small discs: standard error in
pixels times the minor diameter. Measured on discs of 5 to 60 px drawn on the border of
two backgrounds, blur 0.8 px, noise 3 of 255, JPEG 85."""

SAME_SIZE = (0.45, 1.8)
"""Diameter over that of the candidate, for it to be the same spot."""

RING_MIN = 1.1
"""Least diameter of a black ring over that of its white."""

RING_BEYOND_PX = 4.0
RING_STEP_PX = 0.5
"""How far beyond a ring, and how finely, its edge is sought."""

POINTS_MIN = 8
"""Fewest pixels around a sticker from which their colour is known."""

FLAT_PX = 1.0
"""What is thinner is an edge and no sticker."""

SECTORS = 12
"""Directions in which the colour around a sticker is read separately."""

SECTOR_POINTS = 4
"""Fewest pixels of a direction from which its colour is read."""

ALIKE = 0.35
"""Distance from the colour of the sticker, over that of most of what lies around, below
which a pixel is none of two backgrounds: it may be another sticker."""

APART_MIN, APART_SPREADS = 30.0, 7.0
"""Two backgrounds differ at least by this much of 255, and by so many spreads of
their own. Shade that runs evenly from bright to dark has 2.7 and is none."""

SMALLER_SHARE = 0.12
"""Least share of the surroundings that is the smaller background."""

OFF_LINE_MIN = 40.0
"""Least distance of the sticker from the line between both backgrounds, of 255; below
it a blurred border has the colour of the sticker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patch:
    """Pixels around a candidate: places, distance in radii, share of the sticker."""

    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray
    share: np.ndarray
    contrast: float
    noise: float
    isolation: float


def place(
    image: np.ndarray,
    spot: Candidate,
    *,
    colour: StickerColour,
    settings: StickerSettings,
) -> Sticker | None:
    """Return the sticker at a candidate, None when there is none after all.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB.
    spot : Candidate
        Where.
    colour, settings
        What is sought.
    """
    ring = colour == "white_ring"
    at: Candidate | None = spot
    patch = _patch(image, spot, ring=ring)
    for _ in range(CENTRE_ROUNDS):
        if patch is None or at is None or not _stands_out(patch, settings):
            return None
        at = _centred(patch, spot)
        patch = None if at is None else _patch(image, at, ring=ring)
    if at is None or patch is None or not _is_still_round(at, spot, settings):
        return None
    larger = _ring_edge(image, at) / at.major if ring else 1.0
    return Sticker(
        x_px=at.x,
        y_px=at.y,
        sd_px=_standard_error(patch, at),
        major_px=at.major * larger,
        minor_px=at.minor * larger,
        angle_deg=at.angle_deg,
        contrast=patch.contrast,
        colour=colour,
    )


def _centred(patch: _Patch, spot: Candidate) -> Candidate | None:
    """Return the ellipse of what the patch holds of the sticker."""
    moments = _moments(patch, RAMP)
    if moments is None:
        return None
    x, y, (major, minor, angle) = moments
    if minor < FLAT_PX:
        return None
    return Candidate(
        x=x,
        y=y,
        major=major,
        minor=minor,
        angle_deg=angle,
        outer=max(spot.outer, major * RING_MIN),
        fit=spot.fit,
    )


def _is_still_round(at: Candidate, spot: Candidate, settings: StickerSettings) -> bool:
    moved = math.hypot(at.x - spot.x, at.y - spot.y)
    return (
        at.major >= settings.diameter_min_px
        and at.minor >= settings.roundness_min * at.major
        and moved <= spot.major / 2
        and SAME_SIZE[0] <= at.major / spot.major <= SAME_SIZE[1]
    )


def _ring_edge(image: np.ndarray, at: Candidate) -> float:
    """Return the major diameter of the outside of a black ring around the white.

    The outside is where the mean brightness around the white is half way from the
    black of the ring to what lies around it.
    """
    height, width = image.shape[:2]
    reach = at.outer / 2 + RING_BEYOND_PX
    left, right = max(math.floor(at.x - reach), 0), min(math.ceil(at.x + reach), width)
    top, bottom = max(math.floor(at.y - reach), 0), min(math.ceil(at.y + reach), height)
    y, x = np.mgrid[top:bottom, left:right].astype(float)
    away = _radii(at, x, y) * at.major / 2
    grey = image[top:bottom, left:right].mean(axis=-1)
    steps = np.arange(at.major / 2, reach, RING_STEP_PX)
    near = np.abs(away[None] - steps[:, None, None]) < RING_STEP_PX
    counts = near.sum(axis=(1, 2))
    profile = (near * grey).sum(axis=(1, 2)) / np.maximum(counts, 1)
    darkest = int(np.argmin(profile))
    middle = (profile[darkest] + profile[-1]) / 2
    beyond = np.flatnonzero(profile[darkest:] >= middle)
    return 2 * float(steps[darkest + int(beyond[0])])


def _stands_out(patch: _Patch, settings: StickerSettings) -> bool:
    return (
        patch.contrast >= settings.contrast_min
        and patch.isolation >= settings.isolation_min
    )


def _patch(image: np.ndarray, at: Candidate, *, ring: bool) -> _Patch | None:
    """Return the pixels around a candidate; None at the border of the picture."""
    height, width = image.shape[:2]
    inner, outer = _surroundings(at, ring=ring)
    reach = at.major / 2 * outer + 1
    left, right = math.floor(at.x - reach), math.ceil(at.x + reach) + 1
    top, bottom = math.floor(at.y - reach), math.ceil(at.y + reach) + 1
    half = at.major / 2
    if at.x - half < 0 or at.y - half < 0:
        return None
    if at.x + half > width - 1 or at.y + half > height - 1:
        return None
    left, right = max(left, 0), min(right, width)
    top, bottom = max(top, 0), min(bottom, height)
    y, x = np.mgrid[top:bottom, left:right].astype(float)
    radius = _radii(at, x, y)
    pixels = image[top:bottom, left:right].astype(float)
    around = (radius >= inner) & (radius <= outer)
    core = radius <= max(CORE, 1 / at.major)
    if around.sum() < POINTS_MIN or not core.any():
        return None
    sticker = np.median(pixels[core], axis=0)
    angle = np.arctan2(y - at.y, x - at.x)
    share, contrast = shares(pixels, around, angle, sticker=sticker)
    return _Patch(
        x=x,
        y=y,
        radius=radius,
        share=share,
        contrast=contrast,
        noise=max(spread(share[around]), spread(share[core])),
        isolation=float(np.mean(share[around] < (RAMP[0] + RAMP[1]) / 2)),
    )


def _surroundings(at: Candidate, *, ring: bool) -> tuple[float, float]:
    """Return between which multiples of the radius the surroundings are read."""
    if ring:
        thick = at.outer / at.major - 1
        return 1 + 0.3 * thick, 1 + 0.8 * thick
    half = at.minor / 2
    return (
        max(AROUND[0], 1 + AROUND_MIN_PX[0] / half),
        max(AROUND[1], 1 + AROUND_MIN_PX[1] / half),
    )


def _radii(at: Candidate, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the distance of each pixel from the centre, in radii of the ellipse."""
    angle = math.radians(at.angle_deg)
    along = (x - at.x) * math.cos(angle) + (y - at.y) * math.sin(angle)
    across = -(x - at.x) * math.sin(angle) + (y - at.y) * math.cos(angle)
    return np.hypot(2 * along / at.major, 2 * across / at.minor)


def _weights(patch: _Patch, ramp: tuple[float, float]) -> np.ndarray:
    low, high = ramp
    size = _size(patch)
    near = patch.radius <= max(REACH, 1 + REACH_MIN_PX / size)
    return np.clip((patch.share - low) / (high - low), 0, 1) * near


def _size(patch: _Patch) -> float:
    """Return the mean radius of the disc in pixels."""
    inside = float((patch.radius <= 1).sum())
    return max(math.sqrt(inside / math.pi), 1.0)


def _moments(
    patch: _Patch, ramp: tuple[float, float]
) -> tuple[float, float, tuple[float, float, float]] | None:
    """Return the centre and the axes of the disc, None when nothing is left of it."""
    weight = _weights(patch, ramp)
    total = float(weight.sum())
    if total < POINTS_MIN / 2:
        return None
    x = float((weight * patch.x).sum()) / total
    y = float((weight * patch.y).sum()) / total
    xx = float((weight * (patch.x - x) ** 2).sum()) / total
    yy = float((weight * (patch.y - y) ** 2).sum()) / total
    xy = float((weight * (patch.x - x) * (patch.y - y)).sum()) / total
    return x, y, ellipse_axes(xx, yy, xy)


def _standard_error(patch: _Patch, at: Candidate) -> float:
    """Return the standard error of the centre along one axis, in pixels.

    Notes
    -----
    Noise of the share ``s`` moves the centre by ``sum(w'^2 s^2 (x - x0)^2) / W^2``;
    only the pixels of the edge have a weight that moves (``w' != 0``). To it comes
    how far the centre depends on where the edge is said to be, which is what uneven
    surroundings and shade do.
    """
    low, high = RAMP
    weight = _weights(patch, RAMP)
    edge = (patch.share > low) & (patch.share < high) & (weight > 0)
    lever = ((patch.x - at.x) ** 2 + (patch.y - at.y) ** 2)[edge].sum() / 2
    gain = 1 / (high - low)
    total = float(weight.sum())
    chance = CORRELATED * (gain * patch.noise) ** 2 * float(lever) / total**2
    coarse = SMALL_PX2 / at.minor
    return math.sqrt(chance + _unevenness(patch) ** 2 + FLOOR_PX**2 + coarse**2)


def _unevenness(patch: _Patch) -> float:
    """Return how far the centre moves along one axis with the level of the edge."""
    low, high = _moments(patch, LOW_RAMP), _moments(patch, HIGH_RAMP)
    if low is None or high is None:
        return 0.0
    return math.hypot(low[0] - high[0], low[1] - high[1]) / 2 / math.sqrt(2)


def find_stickers(
    image: np.ndarray,
    colour: StickerColour,
    *,
    settings: StickerSettings,
    box: PictureBox | None = None,
) -> tuple[Sticker, ...]:
    """Find the round stickers of one colour.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB, upright.
    colour : {"red", "green", "blue", "yellow", "white_ring"}
        Colour of the stickers; ``white_ring`` is white with a black ring.
    settings : StickerSettings
        What counts as a sticker.
    box : PictureBox or None
        Where to look; None: in the whole picture.

    Returns
    -------
    tuple of Sticker
        From top to bottom. Also whatever else is round and has that colour: which
        of them are stickers on the body, `gaitkit.pose.stickers.roles` decides.

    Notes
    -----
    Candidates are spots that are elliptic at some level of their colour
    (`candidates`); the centre is the centre of mass of each pixel's share of the
    sticker (`place`). A sticker on clothes of its own colour has no edge and is not
    found; one that is partly hidden is found where its visible part still looks like
    an ellipse, and its centre is then wrong by up to a third of what is hidden.
    """
    whole = PictureBox(left=0, top=0, right=image.shape[1], bottom=image.shape[0])
    part = (whole if box is None else box).within(image)
    if part.is_empty:
        return ()
    piece = image[part.top : part.bottom, part.left : part.right]
    piece = np.ascontiguousarray(piece)
    spots = candidates(piece, colour, settings, longest=max(image.shape[:2]))
    found = [place(piece, spot, colour=colour, settings=settings) for spot in spots]
    seen = [_moved(each, part) for each in found if each is not None]
    return tuple(sorted(_apart(seen), key=lambda each: (each.y_px, each.x_px)))


def _moved(sticker: Sticker, box: PictureBox) -> Sticker:
    """Return a sticker of a piece in the coordinates of the whole picture."""
    return Sticker(
        x_px=sticker.x_px + box.left,
        y_px=sticker.y_px + box.top,
        sd_px=sticker.sd_px,
        major_px=sticker.major_px,
        minor_px=sticker.minor_px,
        angle_deg=sticker.angle_deg,
        contrast=sticker.contrast,
        colour=sticker.colour,
    )


def _apart(stickers: list[Sticker]) -> list[Sticker]:
    """Leave out what two candidates found twice."""
    kept: list[Sticker] = []
    for each in sorted(stickers, key=lambda s: -s.contrast):
        if all(
            np.hypot(*(each.centre - other.centre)) > other.major_px / 2
            for other in kept
        ):
            kept.append(each)
    return kept


def shares(
    pixels: Array, around: Array, angle: Array, *, sticker: Array
) -> tuple[Array, float]:
    """Return the share of the sticker in each pixel, and its contrast.

    Parameters
    ----------
    pixels : array (rows, columns, 3) of float
        RGB, 0 to 255.
    around : array (rows, columns) of bool
        Pixels that lie around the sticker.
    angle : array (rows, columns)
        Direction of each pixel from the middle of the sticker, radians.
    sticker : array (3,)
        Its colour.

    Returns
    -------
    tuple
        Share (rows, columns), 1 for the sticker and 0 around it, and the distance of
        its colour from that around it: of two backgrounds from the nearer.
    """
    two = _two_colours(pixels[around], sticker)
    if two is not None:
        contrast = min(float(np.linalg.norm(sticker - each)) for each in two)
        return _in_triangle(pixels, sticker, *two), contrast
    other = _colour_around(pixels, around, angle, sticker=sticker)
    line = sticker - other
    length = np.linalg.norm(line, axis=-1)
    share = ((pixels - other) * line).sum(axis=-1) / np.maximum(length, 1.0) ** 2
    return np.asarray(share), float(np.median(length))


def spread(values: Array) -> float:
    """Return the standard deviation, robust against a neighbour in the corner."""
    middle = np.median(values)
    return MAD_TO_SD * float(np.median(np.abs(values - middle)))


def _two_colours(around: Array, sticker: Array) -> tuple[Array, Array] | None:
    """Return the colours of two backgrounds, None unless there are exactly two.

    The surroundings (n, 3) are cut in two where the variance between the parts, along
    their main direction of colour, is greatest (Otsu 1979,
    doi:10.1109/TSMC.1979.4310076).
    """
    every = np.median(around, axis=0)
    away = np.linalg.norm(around - sticker, axis=1)
    own = around[away > ALIKE * np.linalg.norm(every - sticker)]
    count = len(own)
    if count < 2 * SECTOR_POINTS:
        return None
    middle = own - own.mean(axis=0)
    main = np.linalg.eigh(middle.T @ middle)[1][:, -1]
    value = middle @ main
    order = np.argsort(value)
    cuts = np.arange(1, count)
    below = np.cumsum(value[order])[:-1]
    cut = int(cuts[np.argmax(below**2 / (cuts * (count - cuts)))])
    if min(cut, count - cut) < max(SMALLER_SHARE * count, SECTOR_POINTS):
        return None
    parts = order[:cut], order[cut:]
    one, other = (np.median(own[part], axis=0) for part in parts)
    apart = float(np.linalg.norm(one - other))
    own_spread = max(spread(value[part]) for part in parts)
    if apart < max(APART_MIN, APART_SPREADS * own_spread):
        return None
    along = (other - one) / apart
    off = (sticker - one) - ((sticker - one) @ along) * along
    return (one, other) if float(np.linalg.norm(off)) >= OFF_LINE_MIN else None


def _in_triangle(pixels: Array, sticker: Array, one: Array, other: Array) -> Array:
    """Return the share of the sticker where a pixel lies in the triangle of colours.

    Notes
    -----
    ``pixel - one = s (sticker - one) + t (other - one)`` by least squares; outside the
    triangle the nearest of the sides that meet in the sticker counts.
    """
    sides = np.stack([sticker - one, other - one], axis=1)
    part = (pixels - one) @ np.linalg.pinv(sides).T
    share, second = part[..., 0], part[..., 1]

    def along(colour: Array) -> Array:
        line = sticker - colour
        return np.asarray((pixels - colour) @ line / (line @ line))

    without_other = np.where(second < 0, along(one), share)
    return np.where(share + second > 1, along(other), without_other)


def _colour_around(
    pixels: Array, around: Array, angle: Array, *, sticker: Array
) -> Array:
    """Return the colour beside the sticker in the direction of each pixel.

    Shade and several backgrounds: each sector has its own colour. A sector that
    another sticker fills takes the colour of all.
    """
    every = np.median(pixels[around], axis=0)
    sector = np.floor((angle / (2 * math.pi) + 0.5) * SECTORS).astype(int) % SECTORS
    colours = np.tile(every, (SECTORS, 1))
    for number in range(SECTORS):
        own = around & (sector == number)
        if own.sum() >= SECTOR_POINTS:
            middle = np.median(pixels[own], axis=0)
            alike = np.linalg.norm(middle - sticker) < np.linalg.norm(middle - every)
            colours[number] = every if alike else middle
    return np.asarray(colours[sector])
