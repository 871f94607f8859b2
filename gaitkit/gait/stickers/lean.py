"""How far the sticker lines of a leg lean forward, and in which ways that is open."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLean:
    """How far the upper sticker of calf and of heel lies in front, as an angle.

    Attributes
    ----------
    calf_deg, heel_deg : float
        Lean of either line.
    axes : tuple of tuple of float
        Independent ways in which both may be off at once: calf and heel, degrees,
        each by one standard error.
    """

    calf_deg: float
    heel_deg: float
    axes: tuple[tuple[float, float], ...] = ()

    @classmethod
    def usual(cls, calf: tuple[float, float], heel: tuple[float, float]) -> LegLean:
        """Return what is usual, from mean and standard deviation of either line."""
        return cls(
            calf_deg=calf[0],
            heel_deg=heel[0],
            axes=((calf[1], 0.0), (0.0, heel[1])),
        )

    @classmethod
    def known(cls, mean: np.ndarray, covariance: np.ndarray) -> LegLean:
        """Return leans (2,) of calf and heel with their covariance (2, 2), degrees."""
        return cls(
            calf_deg=float(mean[0]),
            heel_deg=float(mean[1]),
            axes=tuple((float(c), float(h)) for c, h in error_axes(covariance)),
        )

    @property
    def covariance(self) -> np.ndarray:
        """Covariance (2, 2) of calf and heel, degrees squared."""
        steps = np.array(self.axes).reshape(-1, 2)
        return np.asarray(steps.T @ steps)

    def varied(self) -> tuple[LegLean, ...]:
        """Return these leans off by one standard error, in one way at a time."""
        return tuple(
            replace(self, calf_deg=self.calf_deg + calf, heel_deg=self.heel_deg + heel)
            for calf, heel in self.axes
        )


def error_axes(covariance: np.ndarray) -> np.ndarray:
    """Return independent ways (n, n) to be off at once, each by one standard error.

    Row by row; their squares and products sum up to the covariance (n, n).
    """
    size, axes = np.linalg.eigh(covariance)
    return np.asarray((np.sqrt(np.maximum(size, 0.0)) * axes).T)
