"""From a measured difference to what is believed: a mixture of normals, exactly.

With a prior ``sum_k w_k N(0, s_k^2)`` and a measured value ``m`` with normal error
``e`` each part gives the normal

    mean_k = m s_k^2 / (s_k^2 + e^2),   var_k = s_k^2 e^2 / (s_k^2 + e^2)

and a new weight proportional to ``w_k N(m; 0, s_k^2 + e^2)``: a value that the narrow
part can hardly give moves belief to the wide one. Nothing is sampled, so the same
visit always gives the same numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from gaitkit.measure.uncertainty import UPPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.model.leg_length import PriorPart

REACH = 12.0
"""Quantiles are sought within this many standard deviations of the furthest part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalPart:
    """One normal of a mixture, in millimetres."""

    weight: float
    mean_mm: float
    sd_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A mixture of normals over the difference, left minus right in millimetres."""

    parts: tuple[NormalPart, ...]

    @property
    def mean_mm(self) -> float:
        """Mean."""
        return math.fsum(p.weight * p.mean_mm for p in self.parts)

    @property
    def sd_mm(self) -> float:
        """Standard deviation."""
        mean = self.mean_mm
        return math.sqrt(
            math.fsum(
                p.weight * (p.sd_mm**2 + (p.mean_mm - mean) ** 2) for p in self.parts
            )
        )

    def below(self, limit_mm: float) -> float:
        """Return the probability that the difference is below a limit."""
        return math.fsum(
            p.weight * float(ndtr((limit_mm - p.mean_mm) / p.sd_mm)) for p in self.parts
        )

    def larger_than(self, size_mm: float) -> float:
        """Return the probability that the size of the difference is above a limit."""
        return self.below(-size_mm) + 1.0 - self.below(size_mm)

    @property
    def left_longer(self) -> float:
        """Probability that the left leg is the longer one."""
        return math.fsum(
            p.weight * float(ndtr(p.mean_mm / p.sd_mm)) for p in self.parts
        )

    def quantile(self, probability: float) -> float:
        """Return the difference below which the truth lies with a probability."""
        from scipy.optimize import brentq

        reach = max(abs(p.mean_mm) + REACH * p.sd_mm for p in self.parts)
        return float(brentq(lambda x: self.below(x) - probability, -reach, reach))

    @property
    def interval_mm(self) -> tuple[float, float]:
        """95 % interval with equal tails."""
        return self.quantile(1.0 - UPPER), self.quantile(UPPER)

    def density(self, at_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the density per millimetre at differences of any shape."""
        total = np.zeros_like(at_mm, dtype=float)
        for part in self.parts:
            z = (at_mm - part.mean_mm) / part.sd_mm
            scale = part.weight / (part.sd_mm * math.sqrt(2.0 * math.pi))
            total += scale * np.exp(-0.5 * z**2)
        return total


def before(prior: Sequence[PriorPart]) -> Belief:
    """Return what is believed before measuring."""
    return Belief(
        parts=tuple(
            NormalPart(weight=part.weight, mean_mm=0.0, sd_mm=part.sd_mm)
            for part in prior
        )
    )


def after(prior: Sequence[PriorPart], *, value_mm: float, sd_mm: float) -> Belief:
    """Return what is believed after measuring.

    Parameters
    ----------
    prior : sequence of PriorPart
        Normals centred on no difference; weights add up to 1.
    value_mm : float
        Measured difference, left minus right.
    sd_mm : float
        Its standard error, above 0.

    Returns
    -------
    Belief
        The posterior, one normal for each part of the prior.
    """
    spreads = [math.hypot(part.sd_mm, sd_mm) for part in prior]
    logs = [
        math.log(part.weight) - math.log(spread) - 0.5 * (value_mm / spread) ** 2
        for part, spread in zip(prior, spreads, strict=True)
    ]
    top = max(logs)
    scaled = [math.exp(each - top) for each in logs]
    total = math.fsum(scaled)
    return Belief(
        parts=tuple(
            NormalPart(
                weight=weight / total,
                mean_mm=value_mm * (part.sd_mm / spread) ** 2,
                sd_mm=part.sd_mm * sd_mm / spread,
            )
            for part, spread, weight in zip(prior, spreads, scaled, strict=True)
        )
    )
