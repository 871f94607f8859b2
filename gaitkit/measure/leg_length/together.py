"""All methods together: the best value, how much each counts, and whether they agree.

The errors of two methods hang together by what ``methods.toml`` says that their group
shares: ``standing`` for all that look at a standing person, and within it stickers,
body points or palpated crests. With the covariance ``C`` the best value is that of
generalised least squares,

    x = w' m,  w = C^-1 1 / (1' C^-1 1),  var = 1 / (1' C^-1 1),

and ``w`` is the share of the information. A group never shares more than nearly all
of the error of its best method; groups lie within each other, so no weight is negative.

Whether the methods agree is judged by ``chi^2 = (m - x)' C^-1 (m - x)`` with one
degree of freedom less than there are methods. When chance gives a larger one in less
than 5 % of cases, the methods contradict each other, and all errors are multiplied by
the smallest factor that brings them back to that limit. This is the expansion that
CODATA applies to constants of nature whose determinations disagree (there until
residuals are at most 2), not the full Birge ratio: with two or three methods
``sqrt(chi^2 / dof)`` leaps from nothing to nearly 2 on what chance does to one patient
in twenty, and it would widen a third of all patients whose methods agree.

It is wrong where one method made a gross mistake: widening does not find out which one.

References
----------
Birge RT (1932). doi:10.1103/PhysRev.40.207
Mohr PJ, Newell DB, Taylor BN (2016). doi:10.1103/RevModPhys.88.035009
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, chdtri, ndtri

from gaitkit.measure.leg_length.methods import STANDING, group_sd_mm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.measure.leg_length.evidence import Evidence

CONTRADICTION_P = 0.05
"""Methods contradict each other when chance does so in fewer cases; a convention."""

MOST_SHARED = 0.9
"""Share of the variance of a method that it can have in common with others at most:
each has some error of its own. A choice of gaitkit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two methods that differ by more than their errors allow.

    Attributes
    ----------
    first, second : int
        Their places among the methods.
    apart_mm : float
        How far they are apart.
    times : float
        That over the error of the difference.
    """

    first: int
    second: int
    apart_mm: float
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What all methods say together.

    Attributes
    ----------
    value_mm, sd_mm : float
        Best value, left minus right, and its error, widened when needed.
    weights : tuple of float
        Share of each method in the information; they add up to 1.
    chi_squared, dof, probability
        Disagreement, its degrees of freedom, and how often chance gives more.
    widened : float
        Factor on all errors; 1 when the methods agree.
    contradictions : tuple of Contradiction
        Pairs that differ too much, the worst first; empty when the methods agree.
    """

    value_mm: float
    sd_mm: float
    weights: tuple[float, ...]
    chi_squared: float
    dof: int
    probability: float
    widened: float
    contradictions: tuple[Contradiction, ...]


def put_together(evidence: Sequence[Evidence]) -> Together:
    """Return the best value of several methods and how well they agree.

    Parameters
    ----------
    evidence : sequence of Evidence
        At least one method, each at most once.

    Returns
    -------
    Together
        The order of the methods makes no difference.
    """
    values = np.array([each.value_mm for each in evidence])
    errors = covariance(evidence)
    precision = np.linalg.inv(errors)
    information = float(precision.sum())
    weights = precision.sum(axis=0) / information
    best = float(weights @ values)
    off = values - best
    chi_squared = max(float(off @ precision @ off), 0.0)
    dof = len(evidence) - 1
    chance = float(chdtrc(dof, chi_squared)) if dof else 1.0
    agree = chance >= CONTRADICTION_P
    widened = 1.0 if agree else _expansion(chi_squared, dof)
    return Together(
        value_mm=best,
        sd_mm=widened / math.sqrt(information),
        weights=tuple(float(w) for w in weights),
        chi_squared=chi_squared,
        dof=dof,
        probability=chance,
        widened=widened,
        contradictions=() if agree else _pairs(values, errors),
    )


def covariance(evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """Return the covariance (methods, methods) of the errors in mm2."""
    variances = [each.sd_mm**2 for each in evidence]
    standing = _shared(
        STANDING,
        [v for v, e in zip(variances, evidence, strict=True) if e.method.standing],
    )
    result = np.diag(np.asarray(variances, dtype=float))
    for (i, one), (j, other) in combinations(enumerate(evidence), 2):
        common = standing if one.method.standing and other.method.standing else 0.0
        family = one.method.family
        if family is not None and family == other.method.family:
            own = [
                v
                for v, e in zip(variances, evidence, strict=True)
                if e.method.family == family
            ]
            common = max(common, _shared(family, own))
        result[i, j] = result[j, i] = common
    return result


def _shared(group: str, variances: Sequence[float]) -> float:
    """Return the variance that the members of a group share, in mm2."""
    least = MOST_SHARED * min(variances, default=0.0)
    return min(group_sd_mm(group) ** 2, least)


def _expansion(chi_squared: float, dof: int) -> float:
    """Return the factor on all errors that brings the disagreement to the limit."""
    limit = float(chdtri(dof, CONTRADICTION_P))
    return math.sqrt(chi_squared / limit)


def _pairs(
    values: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[Contradiction, ...]:
    """Return the pairs beyond the 95 % limit, and the worst pair in any case."""
    pairs = []
    for i, j in combinations(range(len(values)), 2):
        apart = abs(float(values[i] - values[j]))
        sd = math.sqrt(float(errors[i, i] + errors[j, j] - 2.0 * errors[i, j]))
        pairs.append(Contradiction(first=i, second=j, apart_mm=apart, times=apart / sd))
    pairs.sort(key=lambda pair: -pair.times)
    limit = float(ndtri(1.0 - CONTRADICTION_P / 2.0))
    return tuple(p for n, p in enumerate(pairs) if n == 0 or p.times > limit)
