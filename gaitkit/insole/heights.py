"""How high an insole is at each place: a formula for each element, then their sum.

Notes
-----
Heights are over the flat underside. What lies under the shell (raise, wedges) is added;
what shapes its top (arch, cup, skive, pad) competes, so that two elements in one
place give the higher one with a short smooth transition and each one alone is exact.
``fall(v; a, b, r)`` is 1 up to ``a - r``, then a straight slope of ``1 / (b - a)``,
then 0 from ``b + r``, rounded over ``r`` at both ends. A wedge of ``x`` degrees rises
by ``tan(x)`` for each mm across, over the whole breadth of the heel, about its
middle. A skive is a plane of 15 degrees under the medial third of the heel, cut off at
its height; the technique is Kirby's of 1992, as told by Bonanno. Wrong for shoes with a
pitched or curved footbed: the underside is flat. Material that gives way is not in it.

References
----------
Bonanno DR et al. The effect of different depths of medial heel skive on plantar
pressures. J Foot Ankle Res 2012;5:20. doi:10.1186/1757-1146-5-20
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.insole.outline import borders_at
from gaitkit.insole.parameters import parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.model.insole import InsoleShape

    Height = Callable[[InsoleShape, np.ndarray, np.ndarray], np.ndarray]

BASE_FALL = (0.40, 0.70)
WEDGE_FALL = (0.27, 0.52)
SKIVE_FALL = (0.20, 0.32)
CUP_FALL = (0.14, 0.34)
"""Parts of the length over which the thickness of heel and forefoot, and elements under
the heel, run out forwards."""

ROUNDING_MM, SKIVE_ROUNDING_MM = 8.0, 5.0

FOREFOOT_WEDGE_BEHIND_MM = (45.0, 20.0)
FOREFOOT_WEDGE_AHEAD_MM = 12.0
BEYOND_TOES_MM = 4.0
FOREFOOT_ROUNDING_MM = 6.0
"""A forefoot wedge begins behind the second head and runs out to the toes' end."""

SKIVE_PLANE_DEG = 15.0
SKIVE_EDGE_MM = 0.4
"""Plane of the skive, and the rounding where it leaves the shell."""

CUP_WIDTH_MM = 15.0
ARCH_FROM = 0.22
ARCH_BEHIND_HEAD_MM = 14.0
ARCH_ACROSS_MM = 6.0
"""The arch support rises from 0.22 of the length, ends behind the first head, and runs
out across the foot 6 mm beside the axis."""

PAD_FRONT = 0.38
PAD_NARROWER = 0.45
"""Part of a pad that lies ahead of its top; how much narrower its end is."""

RECESS_MM = (15.0, 19.0)
RECESS_AHEAD_MM = 2.0
RECESS_FLOOR, RECESS_WALL = 0.80, 0.35
HALLUX_BEHIND_MM = (26.0, 14.0)
HALLUX_ACROSS_MM = 8.0
CUSHION = (0.36, 0.085)
CUSHION_WALL = 0.20
BLEND_MM = 2.0
"""Over this height two tops that meet go over into each other."""


def height(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the height of the top over the underside, mm; never under the least."""
    return np.asarray(np.maximum(raw_height(shape, u, v), shape.base.least_mm))


def raw_height(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the height as the elements alone give it, also where that is too thin."""
    top = np.zeros(np.shape(v))
    for each in (arch, cup, skive, pad):
        top = _higher(top, each(shape, u, v))
    added = (base, heel_raise, rearfoot_wedge, forefoot_wedge, hallux, recess, cushion)
    return np.asarray(sum((each(shape, u, v) for each in added), top))


def base(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the thickness of the shell: from heel to forefoot."""
    low, high = shape.base.forefoot_mm, shape.base.heel_mm
    run = fall(v, *_along(shape, BASE_FALL), ROUNDING_MM)
    return np.asarray(low + (high - low) * run + 0.0 * u)


def heel_raise(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the raise: whole under the heel, run out before the ball."""
    run = fall(v, shape.raise_full_mm, shape.raise_end_mm - ROUNDING_MM, ROUNDING_MM)
    return np.asarray(shape.doses.raise_mm * run + 0.0 * u)


def rearfoot_wedge(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the wedge under the heel; below 0 on its thin side."""
    slope = np.tan(np.radians(shape.doses.rearfoot_deg))
    return np.asarray(slope * (shape.pivot_mm - u) * wedge_run(shape, v))


def wedge_run(shape: InsoleShape, v: np.ndarray) -> np.ndarray:
    """Return what is left of a rearfoot wedge along the foot, 1 to 0."""
    return fall(v, *_along(shape, WEDGE_FALL), ROUNDING_MM)


def forefoot_wedge(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the wedge under the forefoot, 0 at its thin border."""
    slope = np.tan(np.radians(shape.doses.forefoot_deg))
    second = shape.print_.heads_mm[1][1]
    begin, whole = (second - back for back in FOREFOOT_WEDGE_BEHIND_MM)
    end = shape.print_.length_mm + BEYOND_TOES_MM
    run = 1.0 - fall(v, begin, whole, FOREFOOT_ROUNDING_MM)
    run = run * fall(v, second + FOREFOOT_WEDGE_AHEAD_MM, end, FOREFOOT_ROUNDING_MM)
    return np.asarray(slope * (shape.forefoot_far_mm - u) * run)


def skive(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the medial heel skive: a plane of 15 degrees, cut off at its height."""
    medial, lateral = shape.print_.heel_mm
    edge = medial + (lateral - medial) / 3
    plane = _ramp(np.tan(np.radians(SKIVE_PLANE_DEG)) * (edge - u), SKIVE_EDGE_MM)
    run = fall(v, *_along(shape, SKIVE_FALL), SKIVE_ROUNDING_MM)
    return np.asarray(np.minimum(plane, shape.doses.skive_mm) * run)


def cup(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the heel cup: highest at the border, run out over 15 mm inwards."""
    if shape.doses.cup_mm == 0:
        return np.zeros(np.shape(v))
    inwards = 1.0 - _smooth(_from_border(shape, u, v) / CUP_WIDTH_MM)
    return np.asarray(
        shape.doses.cup_mm * inwards * fall(v, *_along(shape, CUP_FALL), ROUNDING_MM)
    )


def arch(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the medial arch support: highest at the medial border."""
    begin = ARCH_FROM * shape.print_.length_mm
    end = shape.print_.heads_mm[0][1] - ARCH_BEHIND_HEAD_MM
    at = shape.arch_at_mm
    along = _smooth((v - begin) / (at - begin)) * _smooth((end - v) / (end - at))
    medial, _ = borders_at(shape.outline_mm, v)
    across = _smooth((ARCH_ACROSS_MM - u) / (ARCH_ACROSS_MM - medial))
    return np.asarray(shape.doses.arch_mm * along * across)


def pad(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the metatarsal pad: a drop with its front edge behind heads 2 to 4."""
    return np.asarray(
        shape.doses.pad_mm * np.maximum(1.0 - pad_radius(shape, u, v) ** 2, 0.0) ** 2
    )


def pad_radius(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return how far a place lies from the top of the pad: 1 is its edge."""
    (u2, v2), (_, v3), (u4, v4) = shape.print_.heads_mm[1:4]
    length = parameter("pad_length").default
    half = (u4 - u2) / 2 + parameter("pad_beside_heads").default
    middle = (u2 + u4) / 2
    edge = (v2 + v3 + v4) / 3 - shape.pad_behind_mm
    front = edge + (v4 - v2) / (u4 - u2) * (u - middle)
    ahead = v - (front - PAD_FRONT * length)
    behind = np.clip(-ahead / ((1 - PAD_FRONT) * length), 0.0, 1.0)
    along = np.where(ahead > 0, ahead / PAD_FRONT, -ahead / (1 - PAD_FRONT)) / length
    across = (u - middle) / (half * (1.0 - PAD_NARROWER * behind**2))
    return np.asarray(np.hypot(across, along))


def recess(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the cut-out under the first metatarsal head, 0 or below."""
    u1, v1 = shape.print_.heads_mm[0]
    radius = np.hypot(
        (u - u1) / RECESS_MM[0], (v - v1 - RECESS_AHEAD_MM) / RECESS_MM[1]
    )
    wall = _smooth((radius - RECESS_FLOOR) / RECESS_WALL)
    return np.asarray(-shape.doses.recess_mm * (1.0 - wall))


def hallux(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the extension under first head and hallux, up to the end of the toes."""
    (u1, v1), (u2, _) = shape.print_.heads_mm[:2]
    across = 1.0 - _smooth(
        (u - (u1 + u2) / 2 + HALLUX_ACROSS_MM / 2) / HALLUX_ACROSS_MM
    )
    begin, whole = (v1 - back for back in HALLUX_BEHIND_MM)
    along = 1.0 - fall(v, begin, whole, 4.0)
    return np.asarray(shape.doses.hallux_mm * across * along)


def cushion(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the pocket under the heel that softer material fills, 0 or below."""
    at_u, at_v = shape.print_.heel_middle_mm
    half_u = CUSHION[0] * shape.print_.heel_width_mm
    half_v = CUSHION[1] * shape.print_.length_mm
    radius = np.hypot((u - at_u) / half_u, (v - at_v) / half_v)
    return np.asarray(
        -shape.doses.cushion_mm * (1.0 - _smooth((radius - 1.0) / CUSHION_WALL))
    )


def fall(v: np.ndarray, begin: float, end: float, rounding: float) -> np.ndarray:
    """Return 1 before ``begin``, 0 after ``end``, a straight slope between, rounded."""
    return np.asarray(
        1.0 - (_ramp(v - begin, rounding) - _ramp(v - end, rounding)) / (end - begin)
    )


def _ramp(x: np.ndarray, rounding: float) -> np.ndarray:
    """Return 0 below 0 and ``x`` above, rounded over ``rounding`` at both sides."""
    bent = (x + rounding) ** 2 / (4 * rounding)
    return np.asarray(np.where(x <= -rounding, 0.0, np.where(x < rounding, bent, x)))


def _smooth(share: np.ndarray) -> np.ndarray:
    """Return a smooth step from 0 to 1 over 0 to 1."""
    t = np.clip(share, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def _higher(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the higher of two tops; where they meet they go over smoothly."""
    width = np.maximum(np.minimum(np.minimum(a, b), BLEND_MM), 1e-12)
    meet = np.maximum(width - np.abs(a - b), 0.0) ** 2 / (4 * width)
    return np.asarray(np.maximum(a, b) + meet)


def _along(shape: InsoleShape, shares: tuple[float, float]) -> tuple[float, float]:
    length = shape.print_.length_mm
    return shares[0] * length, shares[1] * length


def _from_border(shape: InsoleShape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return the distance to the outline, mm."""
    from scipy.spatial import cKDTree

    ring = shape.outline_mm
    ahead = np.roll(ring, -1, axis=0)
    parts = np.linspace(0.0, 1.0, 16, endpoint=False)[:, None, None]
    dense = (ring + parts * (ahead - ring)).reshape(-1, 2)
    near, _ = cKDTree(dense).query(np.column_stack([np.ravel(u), np.ravel(v)]))
    return np.asarray(near).reshape(np.shape(v))
