"""The centre of a sticker to a fraction of a pixel, with its standard error.

Each pixel around a candidate is a mixture of the colour of the sticker and of what
lies around it (`share`). The centre of mass of the shares of the sticker is the centre
of the disc, whatever the picture's sharpness.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gaitkit.pose.stickers.candidates import Candidate, ellipse_axes
from gaitkit.pose.stickers.share import shares, spread
from gaitkit.pose.stickers.sticker import Sticker, StickerColour, StickerSettings

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

ROUNDS = 4
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
    for _ in range(ROUNDS):
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
