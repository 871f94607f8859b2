"""The condition of a rule: comparisons of measures and facts, combined.

A condition is a tree. Its leaves compare a measure with a threshold
(`Comparison`), ask whether a measure is there (`Presence`), or test a fact of
intake, examination or recording (`FactTest`). Its branches are `AllOf`, `AnyOf` and
`AtLeast`. There is no negation: each operator has its opposite, so that more error
or a missing input can only weaken a claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Tag

from gaitkit.model.leg_length import Assumed
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

Of = Literal[
    "value",
    "abs_value",
    "size",
    "mean",
    "left_minus_right",
    "abs_left_minus_right",
    "minus_reference",
    "abs_minus_reference",
    "n",
    "methods",
    "directions",
]
Operator = Literal[">", ">=", "<", "<="]
SideChoice = Literal["left", "right", "each"]
ThresholdValue = float | str | tuple[str, ...]

EACH = "each"
"""As a measure: each of ``applies_to``; as a side: left, then right."""

DIFFERENCES: tuple[Of, ...] = ("left_minus_right", "abs_left_minus_right")
FROM_REFERENCE: tuple[Of, ...] = ("minus_reference", "abs_minus_reference")
COUNTS: tuple[Of, ...] = ("n", "methods", "directions")
SIDE_LIMITS = ("detectable_change", "healthy_asymmetry_p95")
"""Thresholds that belong to the side difference of a measure, not to the rule set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A measure against a threshold.

    Attributes
    ----------
    measure : str
        Name in the catalogue, or ``each`` of the rule's ``applies_to``.
    of : str
        What is compared: the ``value``, its size to one side, the more probable one
        (``abs_value``), its ``size`` whatever the side, the ``mean`` of left and right,
        a side difference, the difference from a ``reference``, or a
        count: ``n`` (strides, contacts, readings), ``methods`` (how many methods gave
        a value) or ``directions`` (how many different signs they gave).
    operator : {">", ">=", "<", "<="}
        How it is compared.
    threshold : float, str or tuple of str
        A number (then ``unit`` is needed), the name of a limit, or several names of
        which the largest counts.
    unit : str or None
        UCUM unit of a threshold that is a number.
    reference : str or None
        Name of the limit that ``minus_reference`` subtracts.
    side, region, methods
        Which rows of the measure; ``each`` side follows the rule.
    prior : {"patients", "nothing"} or None
        Of the best estimate of the leg length: under which prior it is asked. None
        asks both and claims the less favourable probability.
    certainty : str or None
        Name of a limit; the comparison is then a gate: simply true when its
        probability reaches that limit, and false otherwise.
    certainty_below : str or None
        The same, true when its probability stays below that limit.
    name : str or None
        Name by which texts may show its numbers.
    label, advice : Text or None
        What holds when it holds; what to record or to do then.
    """

    measure: str
    operator: Operator
    threshold: ThresholdValue
    of: Of = "value"
    unit: str | None = None
    reference: str | None = None
    side: SideChoice | None = None
    region: str | None = None
    methods: tuple[str, ...] = ()
    prior: Assumed | None = None
    certainty: str | None = None
    certainty_below: str | None = None
    name: str | None = None
    label: Text | None = None
    advice: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a gate that opens both ways."""
        if self.certainty is not None and self.certainty_below is not None:
            msg = "certainty and certainty_below exclude each other; keep one"
            raise ValueError(msg)

    @property
    def gate(self) -> bool:
        """True when it decides and claims no probability of its own."""
        return self.certainty is not None or self.certainty_below is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether a measure has a value (``measured = true``) or has none."""

    measure: str
    measured: bool
    side: SideChoice | None = None
    region: str | None = None
    methods: tuple[str, ...] = ()
    name: str | None = None
    label: Text | None = None
    advice: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTest:
    """A fact of intake, examination, subject or recording; exactly one test.

    Attributes
    ----------
    fact : str
        Path such as ``intake.red_flags.trauma`` or ``recording.rate_hz``.
    equals : str, float, bool or None
        Holds when the fact is this.
    one_of : tuple of str
        Holds when the fact is one of these.
    contains, lacks : str or None
        Holds when this is, or is not, among several answers.
    answered : bool or None
        Holds when the question was answered (or was not).
    operator, threshold
        A number against a limit, without error.
    """

    fact: str
    equals: str | float | bool | None = None
    one_of: tuple[str, ...] = ()
    contains: str | None = None
    lacks: str | None = None
    answered: bool | None = None
    operator: Operator | None = None
    threshold: float | str | None = None
    name: str | None = None
    label: Text | None = None
    advice: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a fact with no test, or with more than one."""
        tests = (
            self.equals,
            self.one_of or None,
            self.contains,
            self.lacks,
            self.answered,
            self.operator,
        )
        given = sum(test is not None for test in tests)
        if given != 1 or (self.operator is None) != (self.threshold is None):
            msg = (
                "a fact needs exactly one of equals, one_of, contains, lacks, "
                "answered, or operator with threshold"
            )
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every part must hold."""

    all: tuple[Condition, ...]

    def __post_init__(self) -> None:
        """Refuse an empty list, which would always hold."""
        _refuse_empty("all", self.all)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """One part that holds is enough."""

    any: tuple[Condition, ...]

    def __post_init__(self) -> None:
        """Refuse an empty list, which would never hold."""
        _refuse_empty("any", self.any)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """At least this many parts must hold."""

    at_least: int
    among: tuple[Condition, ...]

    def __post_init__(self) -> None:
        """Refuse a number that is never or always reached."""
        if not 1 <= self.at_least <= len(self.among):
            msg = (
                f"at_least must lie between 1 and {len(self.among)} (the parts of "
                f"among), got {self.at_least}"
            )
            raise ValueError(msg)


Leaf = Comparison | Presence | FactTest
Branch = AllOf | AnyOf | AtLeast
KINDS = ("all", "any", "at_least", "fact", "measured", "measure")
"""Keys that tell the kinds of condition apart, in the order in which they decide."""


def _kind(value: Any) -> str | None:  # noqa: ANN401 - what came from the file
    keys = value if isinstance(value, dict) else {}
    return next((kind for kind in KINDS if kind in keys), None)


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[FactTest, Tag("fact")]
    | Annotated[Presence, Tag("measured")]
    | Annotated[Comparison, Tag("measure")],
    Discriminator(_kind),
]


def _refuse_empty(name: str, combined: tuple[Condition, ...]) -> None:
    if not combined:
        msg = f"{name!r} needs at least one part"
        raise ValueError(msg)


def parts(branch: Branch) -> tuple[Leaf | Branch, ...]:
    """Return what a branch combines."""
    match branch:
        case AllOf():
            return branch.all
        case AnyOf():
            return branch.any
        case AtLeast():
            return branch.among


def leaves(condition: Leaf | Branch) -> Iterator[Leaf]:
    """Return every leaf of a condition, from left to right."""
    if isinstance(condition, Comparison | Presence | FactTest):
        yield condition
    else:
        for part in parts(condition):
            yield from leaves(part)


def necessary(condition: Leaf | Branch) -> Iterator[Leaf]:
    """Return the leaves that must hold, or be open, for a condition to hold."""
    if isinstance(condition, Comparison | Presence | FactTest):
        yield condition
    elif isinstance(condition, AllOf) or len(parts(condition)) == 1:
        for part in parts(condition):
            yield from necessary(part)
