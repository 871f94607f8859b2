"""What judging a condition yields, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.rules.chance import Estimate
from gaitkit.rules.condition import Leaf


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
    """

    estimate: Estimate
    unit: str
    digits: int
    rows: tuple[Measurement, ...]
    detectable_change: float | None = None
    healthy_p95: float | None = None

    @property
    def larger(self) -> Side | None:
        """The side with the larger value, for a signed side difference."""
        if self.estimate.value == 0.0:
            return None
        return Side.LEFT if self.estimate.value > 0 else Side.RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafOutcome:
    """One leaf, judged.

    Attributes
    ----------
    leaf : Comparison, Presence or FactTest
        What was asked.
    claim : float or None
        Probability that can be claimed; None when an input is missing.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A condition, judged.

    Attributes
    ----------
    worst, best : float
        Probability that can be claimed when every missing input would turn out
        against, and for, the condition. Equal when nothing is missing.
    parts : tuple of Outcome
        Of a branch.
    leaf : LeafOutcome or None
        Of a leaf.
    """

    worst: float
    best: float
    parts: tuple[Outcome, ...] = ()
    leaf: LeafOutcome | None = None

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
