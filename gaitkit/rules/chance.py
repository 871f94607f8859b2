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

What judging a condition yields, before it is put into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.measure.uncertainty import Uncertainty, probability
from gaitkit.model.leg_length import Assumed, LegLengthEstimate, Way
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.rules.condition import Comparison, Leaf, Operator
from gaitkit.rules.shared import Limit

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An input that is not there, and what to record or to ask."""

    what: Text
    advice: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """The number that a comparison judges.

    Attributes
    ----------
    estimate : Estimate
        Signed; a side difference is left minus right.
    unit, digits
        How it is shown.
    rows : tuple of Measurement
        The measurements behind it; left before right.
    detectable_change, healthy_p95 : float or None
        Limits of a side difference of this measure with these recordings.
    belief : Belief or None
        Of the best estimate of the leg length: its own distribution.
    """

    estimate: Estimate
    unit: str
    digits: int
    rows: tuple[Measurement, ...]
    detectable_change: float | None = None
    healthy_p95: float | None = None
    belief: Belief | None = None

    @property
    def known(self) -> Belief | Estimate:
        """What a comparison asks: the belief where there is one."""
        return self.belief or self.estimate

    @property
    def larger(self) -> Side | None:
        """The side with the larger value, for a signed side difference."""
        if self.estimate.value == 0.0:
            return None
        return Side.LEFT if self.estimate.value > 0 else Side.RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Few:
    """Fewer strides or contacts than an unreserved judgement takes."""

    n: int
    target: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafOutcome:
    """One leaf, judged.

    Attributes
    ----------
    leaf : Comparison, Presence or FactTest
        What was asked.
    claim : float or None
        Probability that can be claimed (of a gate: 1 or 0 as it is open or not); None
        when an input is missing.
    against : float
        Probability that can be claimed for the opposite; 0 when nothing can.
    asked : Asked or None
        What a comparison asked of its quantity.
    few : Few or None
        Of a comparison that rests on few strides or contacts, and whose interval does
        not clear the threshold.
    missing : tuple of Missing
        Inputs that are not there.
    quantity, threshold : Quantity or None, float or None
        Numbers of a comparison.
    fact : object
        Value of a fact; None when it is not known or no fact was tested.
    """

    leaf: Leaf
    claim: float | None
    missing: tuple[Missing, ...] = ()
    quantity: Quantity | None = None
    threshold: float | None = None
    fact: object = None
    against: float = 0.0
    asked: Asked | None = None
    few: Few | None = None

    @property
    def gate(self) -> bool:
        """True when it decides and claims no probability of its own."""
        return isinstance(self.leaf, Comparison) and self.leaf.gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A condition, judged.

    Attributes
    ----------
    worst, best : float
        Probability that can be claimed when every missing input would turn out
        against, and for, the condition. Equal when nothing is missing.
    firm : float
        As ``worst``, but without what rests on few strides or contacts.
    parts : tuple of Outcome
        Of a branch.
    needed : int
        How many parts of a branch must hold.
    leaf : LeafOutcome or None
        Of a leaf.
    """

    worst: float
    best: float
    firm: float
    parts: tuple[Outcome, ...] = ()
    leaf: LeafOutcome | None = None
    needed: int = 1

    @property
    def claimed(self) -> float | None:
        """Probability that can be claimed for the condition apart from its gates.

        None when gates alone carry it: a gate decides on a probability and is none.
        """
        if self.leaf is not None:
            return None if self.leaf.gate else self.worst
        own = [part.claimed for part in self.parts]
        known = [each for each in own if each is not None]
        if self.needed == len(self.parts):
            gated = len(known) < len(own)
            return None if gated and not self.estimates else at_least(len(known), known)
        open_gates = sum(part.claimed is None and part.worst > 0 for part in self.parts)
        sure = sum(each == 1.0 for each in known)
        if self.needed <= open_gates:
            return 1.0 if sure >= self.needed else None
        needed = self.needed - open_gates
        return at_least(needed, known) if needed <= len(known) else None

    @property
    def estimates(self) -> bool:
        """True when a comparison that is no gate has part in it."""
        return any(leaf.asked is not None and not leaf.gate for leaf in self.leaves)

    @property
    def against(self) -> float:
        """Probability that can be claimed for the condition not to hold."""
        if self.leaf is not None:
            return self.leaf.against
        failing = len(self.parts) - self.needed + 1
        return at_least(failing, [part.against for part in self.parts])

    @property
    def unsure(self) -> bool:
        """True when all that is missing was asked and is not known to the patient."""
        open_ = self.open
        return bool(open_) and all(leaf.fact is not None for leaf in open_)

    @property
    def open(self) -> tuple[LeafOutcome, ...]:
        """The leaves whose missing inputs could still change the outcome."""
        if self.worst == self.best:
            return ()
        if self.leaf is not None:
            return (self.leaf,)
        return tuple(leaf for part in self.parts for leaf in part.open)

    @property
    def leaves(self) -> tuple[LeafOutcome, ...]:
        """Every leaf, from left to right."""
        if self.leaf is not None:
            return (self.leaf,)
        return tuple(leaf for part in self.parts for leaf in part.leaves)
