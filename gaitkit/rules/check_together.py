"""Checks how rules work together: doubles, contradictions, circles and open alarms."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from graphlib import CycleError
from itertools import combinations
from typing import TYPE_CHECKING

from gaitkit.model.visit import RedFlags
from gaitkit.rules.check_condition import unknown
from gaitkit.rules.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Branch,
    Comparison,
    FactTest,
    Leaf,
    Presence,
)
from gaitkit.rules.judge import (
    judging_order,
)
from gaitkit.rules.rule import EVERY_RULE, EVERY_SUGGESTION, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.rules.rule import RuleSet


ALARM = "intake.red_flags."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A rule and the file it stands in."""

    file: str
    rule: Rule


def check_together(files: tuple[RuleFile, ...], rule_set: RuleSet) -> Iterator[str]:
    """Yield what only the whole set can show.

    Blocks of rules that are not there, rules of the same condition that contradict
    each other, circles of blocks, and alarm questions that nothing guards.
    """
    active = tuple(each for each in files if each.rule.status == "active")
    for each in active:
        for problem in _blocked(each.rule, rule_set):
            yield f"{each.file}: {problem}"
    yield from _contradictions(active, rule_set)
    yield from _circles(active)
    yield from _alarms(tuple(each.rule for each in active))


def _blocked(rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    known = {other.id for other in rule_set.rules}
    for block in rule.blocks:
        for name in block.rules:
            if name != EVERY_RULE and name not in known:
                yield f"blocks.rules: {unknown(name, known, what='rule')}"


def check_doubles(files: Iterable[RuleFile]) -> Iterator[str]:
    """Yield ids that stand in two files."""
    seen: dict[str, str] = {}
    for each in files:
        first = seen.setdefault(each.rule.id, each.file)
        if first != each.file:
            yield (
                f"{each.file}: id: {each.rule.id} already stands in {first}; an id is "
                f"never used twice, not even that of a retired rule"
            )


def _circles(active: Iterable[RuleFile]) -> Iterator[str]:
    try:
        judging_order(each.rule for each in active)
    except CycleError as cause:
        circle = " -> ".join(cause.args[1])
        yield f"blocks: rules block each other in a circle: {circle}"


def _contradictions(active: Iterable[RuleFile], rule_set: RuleSet) -> Iterator[str]:
    for first, second in combinations(active, 2):
        if _same_occasion(first.rule, second.rule):
            for what in _opposed(first.rule, second.rule, rule_set):
                yield (
                    f"{second.file}: {second.rule.id} contradicts {first.rule.id} "
                    f"({first.file}): same condition, but {what}; retire one of them "
                    f"or tell their conditions apart"
                )


def _same_occasion(first: Rule, second: Rule) -> bool:
    overlap = not first.applies_to or bool(
        set(first.applies_to) & set(second.applies_to)
    )
    same_focus = set(first.for_each) == set(second.for_each)
    return same_focus and overlap and _bare(first.condition) == _bare(second.condition)


def _opposed(first: Rule, second: Rule, rule_set: RuleSet) -> Iterator[str]:
    for one, other in ((first, second), (second, first)):
        stopped = {name for block in other.blocks for name in block.suggestions}
        for suggestion in one.suggestions:
            names = {suggestion.kind, suggestion.element, EVERY_SUGGESTION}
            if names & stopped:
                what = suggestion.element or suggestion.kind
                yield f"{one.id} suggests {what} and {other.id} stops it"
    for mine in first.suggestions:
        for theirs in second.suggestions:
            pair = {mine.element, theirs.element}
            if any(pair == set(opposite) for opposite in rule_set.opposites):
                yield f"{mine.element} is the opposite of {theirs.element}"
            same = (mine.kind, mine.element) == (theirs.kind, theirs.element)
            doses = (mine.side, mine.amount, mine.location)
            if same and doses != (theirs.side, theirs.amount, theirs.location):
                yield f"{mine.element or mine.kind} has another side, dose or place"


def _bare(condition: Leaf | Branch) -> Leaf | Branch:
    """Return a condition without names and words, its parts in a fixed order."""
    match condition:
        case Comparison() | Presence() | FactTest():
            return replace(condition, name=None, label=None, advice=None)
        case AllOf():
            return AllOf(all=_sorted(condition.all))
        case AnyOf():
            return AnyOf(any=_sorted(condition.any))
        case AtLeast():
            return AtLeast(at_least=condition.at_least, among=_sorted(condition.among))


def _sorted(combined: Iterable[Leaf | Branch]) -> tuple[Leaf | Branch, ...]:
    return tuple(sorted((_bare(part) for part in combined), key=repr))


def _alarms(active: Iterable[Rule]) -> Iterator[str]:
    """Yield alarm questions that nothing guards: without them nothing is safe."""
    questions = {f"{ALARM}{flag.name}" for flag in fields(RedFlags)}
    asked: set[str] = set()
    positive: set[str] = set()
    for rule in active:
        for leaf in _enough_alone(rule):
            if rule.triage == "incomplete" and leaf.answered is False:
                asked.add(leaf.fact)
            if rule.triage in {"stop", "refer"} and leaf.equals == "yes":
                positive.add(leaf.fact)
    for question in sorted(questions - asked):
        yield (
            f"no active rule with triage = 'incomplete' asks whether {question} was "
            f"answered; without it suggestions could appear unasked"
        )
    for question in sorted(questions - positive):
        yield (
            f"no active rule with triage = 'stop' or 'refer' acts on {question} = "
            f"'yes'; without it suggestions could appear in spite of an alarm"
        )


def _enough_alone(rule: Rule) -> tuple[FactTest, ...]:
    """Return the facts each of which is enough to meet the rule."""
    if rule.for_each:
        return ()
    condition = rule.condition
    alone = condition.any if isinstance(condition, AnyOf) else (condition,)
    return tuple(part for part in alone if isinstance(part, FactTest))
