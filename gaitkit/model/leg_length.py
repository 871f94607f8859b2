"""The best estimate of the leg-length difference, and what it rests on.

Differences are left minus right in millimetres: positive when the left leg is longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.model.reason import Reason
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PriorName = Literal["clinic", "acquired"]
Assumed = Literal["patients", "nothing"]
"""Under which prior something is asked: that of patients, or the nearly flat one."""

Way = Literal["left", "right", "either"]
"""Which leg is the longer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorPart:
    """One normal part of the prior, centred on no difference."""

    weight: float
    sd_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodEvidence:
    """What one method says about the difference, and how much it counts.

    Attributes
    ----------
    method : str
        Name in the data file of methods: ``tape``, ``block_test``, ...
    label : Text
        What a clinician calls it.
    value_mm : float
        Measured difference, the known bias of the method taken off.
    sd_mm : float
        Error of the method for these readings, that of its bias included, gross errors
        left out.
    n, raters : int
        Readings and people who took them.
    weight : float
        Its precision (1 / sd^2) over that of all methods, 0 to 1; 0 when not used.
    alone_mm, alone_sd_mm : float
        Mean and standard deviation of the posterior from this method alone.
    unconfirmed : bool
        True when its error or its correction was measured on virtual patients only.
    why_not_used : Reason or None
        Why it does not count; None when it does.
    own_error : bool
        True when the practice measured the error of this method itself.
    """

    method: str
    label: Text
    value_mm: float
    sd_mm: float
    n: int = 1
    raters: int = 1
    weight: float = 0.0
    alone_mm: float | None = None
    alone_sd_mm: float | None = None
    unconfirmed: bool = False
    why_not_used: Reason | None = None
    own_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalPart:
    """Something beside the bones that makes a leg act longer or shorter.

    Attributes
    ----------
    cause : str
        ``pronation_difference``, ``knee_contracture``, ``hip_contracture``,
        ``equal_lying_down``, ``tilt_when_sitting``, ...
    text : Text
        What was found and what it explains, with its numbers.
    value_mm, sd_mm : float or None
        Apparent difference it explains (left minus right); None where no number can
        be given.
    """

    cause: str
    text: Text
    value_mm: float | None = None
    sd_mm: float | None = None


LEAST_DECIDES = 0.005
"""A chance of a decision below this orders nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextReading:
    """A reading that could be taken next.

    Attributes
    ----------
    label : Text
        What it is.
    minutes : float
        What it takes; assumed.
    bits : float
        Information about the difference that it is expected to add, given all that was
        measured.
    decides : float or None
        Chance that an answer about a raise stands after it; None in old files.
    """

    label: Text
    minutes: float
    bits: float
    decides: float | None = None

    @property
    def may_decide(self) -> bool:
        """True when its chance of a decision is large enough to order readings by."""
        return (self.decides or 0.0) >= LEAST_DECIDES


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceRange:
    """A probability under both priors: the less and the more favourable one."""

    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLengthEstimate:
    """Posterior of the structural difference from all methods of a visit.

    Attributes
    ----------
    prior : {"clinic", "acquired"}
        Which prior was taken, and in ``prior_parts`` its parts.
    methods : tuple of MethodEvidence
        Every method of the visit, used or not.
    mean_mm, sd_mm : float
        Mean and standard deviation under the prior of patients.
    low_mm, high_mm : float
        95 % interval: from the lower of the low ends to the higher of the high ends
        under the two priors.
    p_over_5, p_over_10, p_over_20 : float
        Probability under the prior of patients that the size of the true difference
        is above 5, 10, 20 mm. What may be said is `chance_over`.
    p_left_longer : float
        Probability under the prior of patients that the left leg is the longer one.
    curve_mm : tuple of float
        Where the densities below are given, evenly spaced.
    prior_density, posterior_density : tuple of float
        Per millimetre.
    wide_density : tuple of float
        Posterior when nothing is assumed beforehand; empty in an old assessment.
    kinds : tuple of str
        Independent kinds of reading that count: ``tape``, ``palpation``, ...
    contradicting : bool
        True when two kinds of reading lie further apart than their errors allow.
    disagreements : tuple of Reason
        Methods that contradict each other more than their errors allow.
    functional : tuple of FunctionalPart
        What beside the bones was found.
    seated : int
        Pictures of the seated patient that took part: they tell the asymmetry of the
        pelvis apart from the legs, on an assumption about the seat.
    next_readings : tuple of NextReading
        What could be measured next, the most information a minute first; empty when
        what was measured leaves little to learn.
    unconfirmed : bool
        True when a method that counts is unconfirmed on real people.
    """

    prior: PriorName
    prior_parts: tuple[PriorPart, ...]
    methods: tuple[MethodEvidence, ...]
    mean_mm: float
    sd_mm: float
    low_mm: float
    high_mm: float
    p_over_5: float
    p_over_10: float
    p_over_20: float
    p_left_longer: float
    curve_mm: tuple[float, ...] = ()
    prior_density: tuple[float, ...] = ()
    posterior_density: tuple[float, ...] = ()
    wide_density: tuple[float, ...] = ()
    kinds: tuple[str, ...] = ()
    contradicting: bool = False
    disagreements: tuple[Reason, ...] = ()
    functional: tuple[FunctionalPart, ...] = ()
    seated: int = 0
    next_readings: tuple[NextReading, ...] = ()
    unconfirmed: bool = False

    def chances_over(
        self, limit_mm: float, *, way: Way = "either"
    ) -> dict[Assumed, float]:
        """Return the probability of a difference above a limit, under each prior.

        Parameters
        ----------
        limit_mm : float
            Limit of the size.
        way : {"left", "right", "either"}
            Which leg is longer by more than that; ``either`` counts both.
        """
        if not self.curve_mm:
            return {"patients": self._without_curve(limit_mm, way)}
        curves: dict[Assumed, tuple[float, ...]] = {"patients": self.posterior_density}
        if self.wide_density:
            curves["nothing"] = self.wide_density
        return {
            name: _over(self.curve_mm, curve, limit_mm, way)
            for name, curve in curves.items()
        }

    def chance_over(self, limit_mm: float, *, way: Way = "either") -> ChanceRange:
        """Return the probability of a difference above a limit, under both priors."""
        chances = self.chances_over(limit_mm, way=way).values()
        return ChanceRange(least=min(chances), most=max(chances))

    def _without_curve(self, limit_mm: float, way: Way) -> float:
        """Return a probability of an old assessment, which holds no curve."""
        stored = {
            (0.0, "left"): self.p_left_longer,
            (0.0, "right"): 1.0 - self.p_left_longer,
            (5.0, "either"): self.p_over_5,
            (10.0, "either"): self.p_over_10,
            (20.0, "either"): self.p_over_20,
        }
        if (limit_mm, way) in stored:
            return stored[limit_mm, way]
        known = NormalDist(self.mean_mm, self.sd_mm)
        left, right = 1.0 - known.cdf(limit_mm), known.cdf(-limit_mm)
        return {"left": left, "right": right, "either": left + right}[way]

    @property
    def imaged(self) -> bool:
        """True when pictures of the bones count."""
        return "imaging" in self.kinds


def cumulative(
    at: Sequence[float] | NDArray[np.float64],
    density: Sequence[float] | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the integral of an evenly spaced density up to each point.

    Notes
    -----
    Trapezoid with the first correction of Euler and Maclaurin,
    ``h^2 / 12 (f'(a) - f'(x))``; the last value is 1.
    """
    x, f = np.asarray(at, dtype=float), np.asarray(density, dtype=float)
    step = x[1] - x[0]
    areas = 0.5 * step * (f[1:] + f[:-1])
    slope = np.gradient(f, step)
    below = np.concatenate([[0.0], np.cumsum(areas)])
    below += step**2 / 12.0 * (slope[0] - slope)
    whole = below[-1]
    result: NDArray[np.float64] = np.clip(below / whole, 0.0, 1.0)
    return np.maximum.accumulate(result)


def _over(
    at: tuple[float, ...], density: tuple[float, ...], limit_mm: float, way: Way
) -> float:
    mm, below = _below(at, density)
    left = 1.0 - float(np.interp(limit_mm, mm, below))
    right = float(np.interp(-limit_mm, mm, below))
    if way == "left":
        return left
    return right if way == "right" else min(left + right, 1.0)


@lru_cache(maxsize=8)
def _below(
    at: tuple[float, ...], density: tuple[float, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a curve summed up; the rules ask the same two of it again and again."""
    mm = np.array(at)
    return mm, cumulative(mm, np.array(density))
