"""How much of each pixel around a sticker is sticker, and how much lies around it.

A pixel is a mixture. On one background its share of the sticker is the place of its
colour on the line from the background to the sticker; on the border of two, as at the
hem of a shirt, its place in the triangle of the three colours, whatever course the
border takes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    Array = np.ndarray

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

MAD_TO_SD = 1.4826


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
