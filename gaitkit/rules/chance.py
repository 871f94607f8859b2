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
from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Uncertainty, probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.rules.condition import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number as it is known; ``uncertainty.sd`` is 0 for a count."""

    value: float
    uncertainty: Uncertainty

    @property
    def mirrored(self) -> Estimate:
        """The same number with the other sign."""
        return Estimate(value=-self.value, uncertainty=self.uncertainty)


def claim(
    estimate: Estimate, *, operator: Operator, threshold: float, size: bool
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
    size : bool
        True to compare the size of the true value, whatever its sign.

    Returns
    -------
    float
        0 to 1. For a size above a threshold it is the greater of the two one-sided
        probabilities; for a size below it, the probability of lying between both.
    """
    above = operator in {">", ">="}
    inclusive = operator in {">=", "<="}
    if not size:
        upper = _above(estimate, threshold, inclusive=inclusive is above)
        return upper if above else 1.0 - upper
    if above:
        return max(
            _above(direction, threshold, inclusive=inclusive)
            for direction in (estimate, estimate.mirrored)
        )
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
