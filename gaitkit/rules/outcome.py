"""What judging a condition yields, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.rules.chance import Asked, Belief, Estimate, at_least
from gaitkit.rules.condition import Comparison, Leaf
from gaitkit.rules.shared import Limit


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
