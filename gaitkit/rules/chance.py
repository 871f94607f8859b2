"""How probable it is that a true value lies beyond a threshold, and several together.

The true value is taken as ``value + sd * t``, with ``t`` Student-distributed with the
degrees of freedom of ``sd`` (normal when it is known well). Every number returned is
the probability that *can be claimed*, never more:

* a difference in size (``abs``) is claimed for one direction, the more probable one,
  because a side difference that may as well be to the other side was not shown;
* parts of a condition share cameras, scales and keypoints, so their errors are not
  independent in a way that anyone knows. Combinations therefore use the bound that
  holds whatever the dependence (Fréchet; for "at least n" Rüger 1978). For one part
  the bound is exact; independence would claim more for "any" and for "all".

It follows that a wider error or a missing input never turns "not met" into "met".

References
----------
Fréchet M (1935). Généralisation du théorème des probabilités totales. Fundamenta
Mathematicae 25:379-387. doi:10.4064/fm-25-1-379-387
Rüger B (1978). Das maximale Signifikanzniveau des Tests "Lehne H0 ab, wenn k unter n
gegebenen Tests zur Ablehnung führen". Metrika 25:171-178. doi:10.1007/BF02204362
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.measure.uncertainty import Uncertainty, probability
from gaitkit.model.leg_length import Assumed, LegLengthEstimate, Way
from gaitkit.rules.condition import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence


OPPOSITE: dict[Operator, Operator] = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}

SizeAsked = Literal["no", "one_way", "either_way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A comparison of a true value with a threshold.

    ``size`` tells whether the sign counts: ``one_way`` asks for the size to the more
    probable side, ``either_way`` whatever the side.
    """

    operator: Operator
    threshold: float
    size: SizeAsked = "no"

    @property
    def opposite(self) -> Asked:
        """The comparison that holds when this one does not."""
        return Asked(
            operator=OPPOSITE[self.operator],
            threshold=self.threshold,
            size="no" if self.size == "no" else "either_way",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """The best estimate of the leg length, asked by its own probabilities.

    ``prior`` None asks both priors and claims the less favourable one.
    """

    legs: LegLengthEstimate
    prior: Assumed | None = None

    def claim(self, asked: Asked) -> float:
        """Return the probability that can be claimed for a comparison."""
        limit = asked.threshold
        if asked.size == "no":
            left = self._least(limit) if limit >= 0 else self._most_not_right(-limit)
            above = asked.operator in {">", ">="}
            return left if above else self._least_below(limit)
        if asked.operator in {"<", "<="}:
            return min(1.0 - p for p in self._chances(limit, "either"))
        if asked.size == "either_way":
            return min(self._chances(limit, "either"))
        ways: tuple[Way, ...] = ("left", "right")
        return max(min(self._chances(limit, way)) for way in ways)

    def _chances(self, limit: float, way: Way) -> tuple[float, ...]:
        chances = self.legs.chances_over(limit, way=way)
        if self.prior is not None and self.prior in chances:
            return (chances[self.prior],)
        return tuple(chances.values())

    def _least(self, limit: float) -> float:
        return min(self._chances(limit, "left"))

    def _most_not_right(self, limit: float) -> float:
        return min(1.0 - p for p in self._chances(limit, "right"))

    def _least_below(self, limit: float) -> float:
        if limit >= 0:
            return min(1.0 - p for p in self._chances(limit, "left"))
        return min(self._chances(-limit, "right"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number as it is known; ``uncertainty.sd`` is 0 for a count."""

    value: float
    uncertainty: Uncertainty

    def claim(self, asked: Asked) -> float:
        """Return the probability that can be claimed for a comparison."""
        return claim(
            self, operator=asked.operator, threshold=asked.threshold, size=asked.size
        )

    @property
    def mirrored(self) -> Estimate:
        """The same number with the other sign."""
        return Estimate(value=-self.value, uncertainty=self.uncertainty)


def claim(
    estimate: Estimate, *, operator: Operator, threshold: float, size: SizeAsked
) -> float:
    """Return the probability that can be claimed for a comparison.

    Parameters
    ----------
    estimate : Estimate
        What is known; signed.
    operator : {">", ">=", "<", "<="}
        Comparison of the true value with ``threshold``.
    threshold : float
        Same unit as the estimate.
    size : {"no", "one_way", "either_way"}
        To compare the size of the true value, whatever its sign.

    Returns
    -------
    float
        0 to 1. For a size above a threshold it is the greater of the two one-sided
        probabilities (``one_way``) or their sum; for a size below it, the probability
        of lying between both.
    """
    above = operator in {">", ">="}
    inclusive = operator in {">=", "<="}
    if size == "no":
        upper = _above(estimate, threshold, inclusive=inclusive is above)
        return upper if above else 1.0 - upper
    if above:
        ways = [
            _above(direction, threshold, inclusive=inclusive)
            for direction in (estimate, estimate.mirrored)
        ]
        return max(ways) if size == "one_way" else min(sum(ways), 1.0)
    beyond = _above(estimate, threshold, inclusive=not inclusive)
    not_below = _above(estimate, -threshold, inclusive=inclusive)
    return max(0.0, not_below - beyond)


def at_least(number: int, claims: Sequence[float]) -> float:
    """Return the probability that at least ``number`` parts hold, at the least.

    Parameters
    ----------
    number : int
        1 is "any", ``len(claims)`` is "all".
    claims : sequence of float
        Probability that can be claimed for each part.

    Returns
    -------
    float
        Sharp lower bound over every dependence between the parts.

    Notes
    -----
    At most ``k - number`` parts may fail. The probability that at least
    ``m = k - number + 1`` fail is at most ``min over r < m of (sum of the k - r
    smallest failure probabilities) / (m - r)``.
    """
    failing = sorted(1.0 - claim_ for claim_ in claims)
    too_many = len(failing) - number + 1
    bound = min(
        sum(failing[: len(failing) - spared]) / (too_many - spared)
        for spared in range(too_many)
    )
    return max(0.0, 1.0 - bound)


def _above(estimate: Estimate, threshold: float, *, inclusive: bool) -> float:
    """Return P(true value > threshold), or >= when the value is exact."""
    distance = estimate.value - threshold
    if estimate.uncertainty.sd == 0.0:
        return float(distance > 0 or (inclusive and distance == 0))
    return probability(distance, estimate.uncertainty)
