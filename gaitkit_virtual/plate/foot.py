"""The sole of a right foot as a sum of smooth pads, each loaded for part of stance.

Pressure of a pad falls from its middle to its rim as ``(1 - d^2)^1.5``; the load of a
pad over time is a half sine. Everything about the foot is then exact: force is the sum
of closed-form integrals, areas come from a grid of one millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

POWER = 1.5
"""Steepness of the rim of a pad."""

PAD_INTEGRAL = 1.0 / (POWER + 1.0)
"""Integral of (1 - d^2)^POWER over the unit disc, divided by pi."""

BALL_BREADTH = 1.12
"""How much broader the ball is than the pads below say: with it the ball of a usual
sole on a plate of 7.62 by 5.08 mm is 0.34 to 0.35 of the length, as on real plates
(0.345, sd 0.023, 19 emed steps of four people); without it 0.31."""

BORDER = 0.135
"""Distance of the lateral border from the axis before that, fraction of the length."""

REARFOOT = frozenset({"heel", "midfoot"})

LEAST_LOAD = 0.12
"""A pad keeps at least this share of its load, however far a foot rolls inwards: its
lateral border still touches a plate, so that the ball is no narrower than others."""

FINE_MM = 1.0
HEEL_BAND = (0.05, 0.30)
FOREFOOT_BAND = (0.58, 0.78)
"""Where the middles of heel and forefoot define the axis, fractions of the length."""

PadName = Literal[
    "hallux",
    "toes_2_5",
    "metatarsal_1",
    "metatarsal_2",
    "metatarsal_3",
    "metatarsal_4",
    "metatarsal_5",
    "midfoot",
    "heel",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad:
    """One pad of the sole; lengths are fractions of the length of the foot.

    Attributes
    ----------
    name : PadName
        What it is.
    along, across : float
        Its middle, from the heel end and from the axis (lateral positive).
    half_length, half_width : float
        Its half axes.
    height : float
        Highest pressure, relative to the other pads.
    on, off : float
        When it is loaded, fractions of stance.
    """

    name: PadName
    along: float
    across: float
    half_length: float
    half_width: float
    height: float
    on: float
    off: float

    def shape(self, along: np.ndarray, across: np.ndarray) -> np.ndarray:
        """Return the relative pressure (0 to 1) at places in fractions of length."""
        inside = 1 - (
            ((along - self.along) / self.half_length) ** 2
            + ((across - self.across) / self.half_width) ** 2
        )
        return np.asarray(np.maximum(inside, 0.0) ** POWER)

    def envelope(self, stance: np.ndarray) -> np.ndarray:
        """Return the relative load (0 to 1) at fractions of stance."""
        phase = (stance - self.on) / (self.off - self.on)
        inside = (phase > 0) & (phase < 1)
        return np.where(inside, np.sin(np.pi * np.clip(phase, 0, 1)) ** 0.7, 0.0)

    @property
    def volume(self) -> float:
        """Integral of the shape, fractions of length squared."""
        return float(np.pi * self.half_length * self.half_width * PAD_INTEGRAL)


def _pads(midfoot: float, inward: float) -> tuple[Pad, ...]:
    rows: tuple[
        tuple[PadName, float, float, float, float, float, float, float], ...
    ] = (
        ("heel", 0.135, 0.000, 0.137, 0.108, 1.00, 0.00, 0.66),
        ("midfoot", 0.410, 0.060, 0.200, midfoot, 0.25, 0.10, 0.72),
        ("metatarsal_5", 0.600, 0.135, 0.075, 0.052, 0.55, 0.16, 0.88),
        ("metatarsal_4", 0.645, 0.080, 0.075, 0.050, 0.70, 0.17, 0.90),
        ("metatarsal_3", 0.680, 0.025, 0.075, 0.050, 0.90, 0.19, 0.93),
        ("metatarsal_2", 0.705, -0.035, 0.075, 0.050, 1.00, 0.21, 0.95),
        ("metatarsal_1", 0.700, -0.100, 0.080, 0.062, 0.85, 0.23, 0.95),
        ("hallux", 0.920, -0.095, 0.080, 0.050, 0.85, 0.35, 1.00),
        ("toes_2_5", 0.905, -0.020, 0.026, 0.022, 0.40, 0.45, 0.99),
        ("toes_2_5", 0.885, 0.030, 0.026, 0.022, 0.35, 0.45, 0.98),
        ("toes_2_5", 0.850, 0.075, 0.026, 0.022, 0.30, 0.45, 0.97),
        ("toes_2_5", 0.805, 0.118, 0.026, 0.022, 0.30, 0.45, 0.96),
    )
    return tuple(
        Pad(
            name=name,
            along=u,
            across=v * (1.0 if name in REARFOOT else BALL_BREADTH),
            half_length=a,
            half_width=b * (BALL_BREADTH if name.startswith("metatarsal") else 1.0),
            height=height * max(1 - inward * v / BORDER, LEAST_LOAD),
            on=on,
            off=off,
        )
        for name, u, v, a, b, height, on, off in rows
    )


@dataclass(frozen=True, kw_only=True)
class SoleShape:
    """A sole with a length, a load and an arch.

    Attributes
    ----------
    length_mm : float
        Length of the footprint of the bare foot.
    midfoot : float
        Half width of the midfoot pad as a fraction of the length: 0.03 is a high
        arch, 0.06 usual, 0.10 a flat foot.
    inward : float
        How far load is shifted towards the medial border: 0 is usual; from 1 on the
        lateral border bears next to nothing and the centre of pressure runs ever
        straighter, as in a foot that rolls inwards.
    peak_force_n : float
        Highest total force.
    """

    length_mm: float = 250.0
    midfoot: float = 0.06
    inward: float = 0.0
    peak_force_n: float = 800.0

    @cached_property
    def pads(self) -> tuple[Pad, ...]:
        """The pads, turned so that the axis of the sole is exactly straight ahead."""
        pads = _pads(self.midfoot, self.inward)
        for _ in range(4):
            heel, ball = _middles(pads, self._threshold_height(pads))
            slope = (ball[1] - heel[1]) / (ball[0] - heel[0])
            pads = tuple(
                replace(p, across=p.across - heel[1] - slope * (p.along - heel[0]))
                for p in pads
            )
        return pads

    @cached_property
    def kpa_per_height(self) -> float:
        """Pressure of a pad of height 1 at full load."""
        stance = np.linspace(0, 1, 2001)
        relative = self._relative_force(stance, self.pads).max()
        area = self.length_mm**2 * 1e-3  # N per kPa of a unit square
        return float(self.peak_force_n / relative / area)

    def force_n(self, stance: np.ndarray) -> np.ndarray:
        """Return the total force at fractions of stance."""
        area = self.length_mm**2 * 1e-3
        relative = self._relative_force(stance, self.pads)
        return np.asarray(relative * self.kpa_per_height * area)

    def peak_kpa(self, along: np.ndarray, across: np.ndarray) -> np.ndarray:
        """Return the highest pressure over stance at places in fractions of length."""
        stance = np.linspace(0, 1, 101)
        loads = np.stack([p.height * p.envelope(stance) for p in self.pads])
        shapes = np.stack([p.shape(along, across).ravel() for p in self.pads])
        peak = np.zeros(shapes.shape[1])
        for moment in loads.T:
            np.maximum(peak, moment @ shapes, out=peak)
        return peak.reshape(along.shape) * self.kpa_per_height

    def area_cm2(self, threshold_kpa: float) -> float:
        """Return the area that is loaded at any time."""
        return float(_area_and_arch(self, threshold_kpa)[0])

    def arch_index(self, threshold_kpa: float) -> float:
        """Return the area of the middle third over that of the toeless sole."""
        return float(_area_and_arch(self, threshold_kpa)[1])

    def _threshold_height(self, pads: tuple[Pad, ...]) -> float:
        stance = np.linspace(0, 1, 501)
        relative = self._relative_force(stance, pads).max()
        kpa = self.peak_force_n / relative / (self.length_mm**2 * 1e-3)
        return float(
            5.0 / kpa
        )  # kPa: the threshold of contact that the axis is defined with

    def _relative_force(self, stance: np.ndarray, pads: tuple[Pad, ...]) -> np.ndarray:
        parts = [p.height * p.volume * p.envelope(stance) for p in pads]
        return np.asarray(np.sum(parts, axis=0))


@lru_cache(maxsize=64)
def _area_and_arch(sole: SoleShape, threshold_kpa: float) -> tuple[float, float]:
    """Return the loaded area in cm2 and the arch index, from a grid of 1 mm."""
    along = np.arange(-10, sole.length_mm + 10, FINE_MM)
    across = np.arange(-80, 80, FINE_MM)
    u, v = np.meshgrid(along / sole.length_mm, across / sole.length_mm, indexing="ij")
    loaded = sole.peak_kpa(u, v) >= threshold_kpa
    area = float(loaded.sum()) * FINE_MM**2 / 100
    shapes = np.stack([p.height * p.shape(u, v) for p in sole.pads])
    toes = np.array([p.name in {"hallux", "toes_2_5"} for p in sole.pads])
    bare = loaded & ~toes[shapes.argmax(axis=0)]
    rows = np.flatnonzero(bare.any(axis=1))
    low, high = along[rows[0]] - FINE_MM / 2, along[rows[-1]] + FINE_MM / 2
    third = (high - low) / 3
    start, stop = low + third, high - third
    inside = np.minimum(along + FINE_MM / 2, stop) - np.maximum(
        along - FINE_MM / 2, start
    )
    weight = np.clip(inside / FINE_MM, 0.0, 1.0)
    return area, float((weight * bare.sum(axis=1)).sum() / bare.sum())


def _middles(
    pads: tuple[Pad, ...], threshold: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the middles between both borders of heel and forefoot."""
    step = 0.002
    along = np.arange(-0.02, 1.03, step)
    across = np.arange(-0.32, 0.32, step)
    u, v = np.meshgrid(along, across, indexing="ij")
    loaded = np.max([p.height * p.shape(u, v) for p in pads], axis=0) >= threshold
    rows = np.flatnonzero(loaded.any(axis=1))
    low, high = along[rows[0]], along[rows[-1]]
    share = (along - low) / (high - low)
    found = []
    for band in (HEEL_BAND, FOREFOOT_BAND):
        inside = rows[(share[rows] >= band[0]) & (share[rows] <= band[1])]
        borders = [across[np.flatnonzero(loaded[i])[[0, -1]]].mean() for i in inside]
        found.append((float(along[inside].mean()), float(np.mean(borders))))
    return found[0], found[1]
