"""From what was measured to what is believed, on a grid of differences.

Left minus right in millimetres. The grid is fine against every error that a method can
have (0.5 mm against 1 mm and more), and integrals are by the trapezoid rule with its
first correction, so that a probability errs by less than 0.0005. Nothing is sampled:
the same visit always gives the same numbers.

What is known of a leg-length difference before anybody measures: ``prior.toml``.

Undeformed bones differ by a normal with sd 4.9 mm. People who come with a complaint
differ more often by much, so two wider parts are added. Because every such prior
shrinks a rare large difference by more than the interval it leaves, each claim is asked
of a second prior as well, which is nearly flat (`WIDE`): the interval of both together
is the envelope, and a probability is the less favourable one.

References
----------
Knutson GA (2005). Chiropr Osteopat 13:11. doi:10.1186/1746-1340-13-11
Rush WA, Steiner HA (1946). Am J Roentgenol 56:616-623 (second hand).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.doors import shipped_table
from gaitkit.measure.uncertainty import UPPER
from gaitkit.model.leg_length import PriorName, PriorPart, cumulative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.leg_length import PriorName

STEP_MM = 0.5
REACH_MM = 140.0
"""Beyond the largest difference of living people that anybody would measure here."""

GRID_MM = STEP_MM * np.arange(
    -round(REACH_MM / STEP_MM), round(REACH_MM / STEP_MM) + 1, dtype=float
)
WIDE: PriorName = "acquired"
"""The prior after an acquired cause; of everybody else the second prior."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A density over the difference, on `GRID_MM`."""

    density: NDArray[np.float64]

    @property
    def mean_mm(self) -> float:
        """Mean."""
        return float(STEP_MM * (self.density @ GRID_MM))

    @property
    def sd_mm(self) -> float:
        """Standard deviation."""
        off = (GRID_MM - self.mean_mm) ** 2
        return math.sqrt(float(STEP_MM * (self.density @ off)))

    def quantile(self, probability: float) -> float:
        """Return the difference below which the truth lies with a probability."""
        below = cumulative(GRID_MM, self.density)
        return float(np.interp(probability, below, GRID_MM))

    @property
    def interval_mm(self) -> tuple[float, float]:
        """95 % interval with equal tails."""
        below = cumulative(GRID_MM, self.density)
        low, high = np.interp((1.0 - UPPER, UPPER), below, GRID_MM)
        return float(low), float(high)


def mixture(
    parts: Sequence[PriorPart], at_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the density per millimetre of normals around no difference."""
    total = np.zeros_like(at_mm, dtype=float)
    for part in parts:
        scale = part.weight / (part.sd_mm * math.sqrt(2.0 * math.pi))
        total += scale * np.exp(-0.5 * (at_mm / part.sd_mm) ** 2)
    return total


@cache
def before(name: PriorName) -> Belief:
    """Return what is believed before measuring."""
    return Belief(density=_normalised(mixture(prior_parts(name), GRID_MM)))


def after(name: PriorName, log_likelihood: NDArray[np.float64]) -> Belief:
    """Return what is believed after measuring.

    Parameters
    ----------
    name : {"clinic", "acquired"}
        Prior.
    log_likelihood : array (grid,)
        Of everything measured, at `GRID_MM`; a constant added makes no difference.
    """
    likely = np.exp(log_likelihood - log_likelihood.max())
    return Belief(density=_normalised(before(name).density * likely))


def alone(log_likelihood: NDArray[np.float64]) -> Belief:
    """Return what a measurement says when nothing is assumed beforehand."""
    likely = np.exp(log_likelihood - log_likelihood.max())
    return Belief(density=_normalised(likely))


def _normalised(density: NDArray[np.float64]) -> NDArray[np.float64]:
    whole: NDArray[np.float64] = density / (STEP_MM * density.sum())
    return whole


def prior_parts(name: PriorName) -> tuple[PriorPart, ...]:
    """Return the normal parts of a prior; their weights add up to 1."""
    return _priors()[name]


@cache
def _priors() -> dict[PriorName, tuple[PriorPart, ...]]:
    table = shipped_table("gaitkit.measure.leg_length", "prior.toml")
    names: tuple[PriorName, ...] = ("clinic", "acquired")
    return {
        name: tuple(PriorPart(**part) for part in table[name]["parts"])
        for name in names
    }
