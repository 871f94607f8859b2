"""Checks that the condition of a rule asks for what exists."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.errors import CatalogueError
from gaitkit.measure.leg_length.estimate import POSTERIOR
from gaitkit.model.catalogue import MeasureDefinition, definition
from gaitkit.rules.condition import (
    COUNTS,
    DIFFERENCES,
    EACH,
    FROM_REFERENCE,
    SIDE_LIMITS,
    Branch,
    Comparison,
    FactTest,
    Leaf,
    Presence,
    leaves,
)
from gaitkit.rules.facts import FactSpec, fact_paths, fact_spec
from gaitkit.rules.rule import Each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.rules.rule import RuleSet

BOTH_SIDES = (*DIFFERENCES, "mean")
COUNT_UNIT = "1"
PROBABILITY_UNIT = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """For what a condition is judged, as its rule says."""

    for_each: tuple[Each, ...] = ()
    applies_to: tuple[str, ...] = ()


def check_condition(
    condition: Leaf | Branch, rule_set: RuleSet, *, place: Place
) -> Iterator[str]:
    """Yield what is wrong with a condition, without the file name.

    Parameters
    ----------
    condition : Comparison, Presence, FactTest, AllOf, AnyOf or AtLeast
        Of a rule or of a code.
    rule_set : RuleSet
        Its limits and labels.
    place : Place
        For what the condition is judged.

    Yields
    ------
    str
        One problem: measure, unit, side, region, limit, fact or answer that is not
        there or does not fit.
    """
    for leaf in leaves(condition):
        if isinstance(leaf, FactTest):
            yield from _fact(leaf, place, rule_set)
        else:
            yield from _measures(leaf, place, rule_set)
    yield from _names(condition)


def unknown(name: str, known: Iterable[str], *, what: str) -> str:
    """Return the line for a name that does not exist, with the nearest that does."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = (
        f"did you mean {near[0]!r}?"
        if near
        else f"known are {', '.join(names) or 'none'}"
    )
    return f"{what} {name!r} is not there; {hint}"


def _names(condition: Leaf | Branch) -> Iterator[str]:
    counted = Counter(leaf.name for leaf in leaves(condition) if leaf.name)
    for name, times in counted.items():
        if times > 1:
            yield f"the name {name!r} is given to {times} parts; give each its own"


def _measures(
    leaf: Comparison | Presence, place: Place, rule_set: RuleSet
) -> Iterator[str]:
    if leaf.measure == EACH and "measure" not in place.for_each:
        yield "measure 'each' needs for_each = [\"measure\"] and applies_to"
    if leaf.side == EACH and "side" not in place.for_each:
        yield "side 'each' needs for_each = [\"side\"]"
    names = place.applies_to if leaf.measure == EACH else (leaf.measure,)
    for name in names:
        try:
            entry = definition(name)
        except CatalogueError as cause:
            yield str(cause)
            continue
        yield from _place(leaf, entry)
        if isinstance(leaf, Comparison):
            yield from _comparison(leaf, entry, rule_set)


def _place(leaf: Comparison | Presence, entry: MeasureDefinition) -> Iterator[str]:
    if leaf.side is not None and not entry.sided:
        yield f"{entry.name} has no sides, but side = {leaf.side!r} is asked"
    if leaf.region is not None and leaf.region not in entry.regions:
        yield unknown(leaf.region, entry.regions, what=f"region of {entry.name}")
    if not isinstance(leaf, Comparison) or leaf.of in COUNTS:
        return
    if leaf.of in BOTH_SIDES and not entry.sided:
        yield f"{entry.name} has no sides, so it has no {leaf.of}"
    if leaf.of not in BOTH_SIDES and entry.sided and leaf.side is None:
        yield f"{entry.name} belongs to a side; add side = 'left', 'right' or 'each'"
    if leaf.of in BOTH_SIDES and leaf.side is not None:
        yield f"{leaf.of} uses both sides of {entry.name}; leave side out"


def _comparison(
    leaf: Comparison, entry: MeasureDefinition, rule_set: RuleSet
) -> Iterator[str]:
    unit = COUNT_UNIT if leaf.of in COUNTS else entry.unit
    if isinstance(leaf.threshold, float | int):
        if leaf.unit != unit:
            yield (
                f"{entry.name} is compared in {unit!r}; write unit = {unit!r} beside "
                f"the threshold, got {leaf.unit!r}"
            )
    elif leaf.unit is not None:
        yield "a threshold that is a limit has its own unit; leave unit out"
    for name in _limit_names(leaf):
        yield from check_limit(name, unit, rule_set, what=f"compared with {entry.name}")
    if (leaf.of in FROM_REFERENCE) != (leaf.reference is not None):
        yield f"of = {leaf.of!r} and reference belong together"
    yield from _gates(leaf, rule_set)
    if leaf.of not in DIFFERENCES and set(SIDE_LIMITS) & set(_threshold_names(leaf)):
        yield f"{' and '.join(SIDE_LIMITS)} are limits of a side difference only"


def _gates(leaf: Comparison, rule_set: RuleSet) -> Iterator[str]:
    for gate in (leaf.certainty, leaf.certainty_below):
        if gate is not None:
            yield from check_limit(gate, PROBABILITY_UNIT, rule_set, what="a certainty")
    if leaf.prior is not None and leaf.methods != (POSTERIOR,):
        yield f"prior = {leaf.prior!r} needs methods = [{POSTERIOR!r}]"


def _threshold_names(leaf: Comparison) -> tuple[str, ...]:
    if isinstance(leaf.threshold, float | int):
        return ()
    return (leaf.threshold,) if isinstance(leaf.threshold, str) else leaf.threshold


def _limit_names(leaf: Comparison) -> tuple[str, ...]:
    of_reference = (leaf.reference,) if leaf.reference else ()
    names = (*_threshold_names(leaf), *of_reference)
    return tuple(name for name in names if name not in SIDE_LIMITS)


def check_limit(
    name: str, unit: str | None, rule_set: RuleSet, *, what: str
) -> Iterator[str]:
    """Yield what is wrong with the use of a limit; ``unit`` None: any unit."""
    if not rule_set.has_limit(name):
        known = (limit.name for limit in rule_set.limits)
        yield unknown(name, known, what="limit")
    elif unit is not None and rule_set.limit(name).unit != unit:
        yield (
            f"limit {name!r} is in {rule_set.limit(name).unit!r}, but {what} it needs "
            f"{unit!r}"
        )


def _fact(leaf: FactTest, place: Place, rule_set: RuleSet) -> Iterator[str]:
    spec = fact_spec(leaf.fact)
    if spec is None:
        yield unknown(leaf.fact, fact_paths(), what="fact")
        return
    if leaf.fact.startswith("recording.") and "recording" not in place.for_each:
        yield f'{leaf.fact} needs for_each = ["recording"]'
    if ".each." in leaf.fact and "side" not in place.for_each:
        yield f'{leaf.fact} needs for_each = ["side"]'
    if rule_set.fact(leaf.fact) is None:
        yield f"{leaf.fact} has no label in facts.toml; add one in nl and en"
    yield from _test_fits(leaf, spec)
    yield from _answers(leaf, spec, rule_set)


def _test_fits(leaf: FactTest, spec: FactSpec) -> Iterator[str]:
    tests = {
        "number": leaf.operator,
        "choices": leaf.contains or leaf.lacks,
        "choice": leaf.one_of
        or (leaf.equals if isinstance(leaf.equals, str) else None),
        "flag": None if not isinstance(leaf.equals, bool) else "equals",
    }
    if leaf.answered is None and not tests.get(spec.shape):
        fitting = {
            "number": "operator and threshold",
            "choices": "contains or lacks",
            "choice": "equals or one_of",
            "flag": "equals = true or false",
        }
        test = fitting.get(spec.shape, "answered")
        yield f"{leaf.fact} is a {spec.shape}; test it with {test}, or with answered"


def _answers(leaf: FactTest, spec: FactSpec, rule_set: RuleSet) -> Iterator[str]:
    if isinstance(leaf.threshold, str):
        label = rule_set.fact(leaf.fact)
        unit = label.unit if label and label.unit else COUNT_UNIT
        yield from check_limit(
            leaf.threshold, unit, rule_set, what=f"compared with {leaf.fact}"
        )
    given = (leaf.equals, leaf.contains, leaf.lacks, *leaf.one_of)
    for answer in given:
        if isinstance(answer, str) and spec.choices and answer not in spec.choices:
            yield unknown(answer, spec.choices, what=f"answer of {leaf.fact}")
