"""Checks that a rule set hangs together: one line for each problem, with its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from graphlib import CycleError
from itertools import combinations
from typing import TYPE_CHECKING

from gaitkit.errors import CatalogueError
from gaitkit.model.catalogue import definition
from gaitkit.model.visit import RedFlags
from gaitkit.rules.check_condition import Place, check_condition, check_limit, unknown
from gaitkit.rules.check_texts import check_texts, check_words
from gaitkit.rules.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Branch,
    Comparison,
    FactTest,
    Leaf,
    Presence,
    leaves,
)
from gaitkit.rules.judge import (
    MET_FROM,
    UNCERTAIN_FROM,
    asks_for_proposal,
    judging_order,
)
from gaitkit.rules.rule import EVERY_RULE, EVERY_SUGGESTION, Phrases, Rule, RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.text import Text

RULE_ID = re.compile(r"[A-Z]\d{2}")
NEEDED_LIMITS = (
    (MET_FROM, "1"),
    (UNCERTAIN_FROM, "1"),
    ("follow_up_from", "d"),
    ("follow_up_to", "d"),
)
"""Limits that the engine and the plan themselves use, with their unit."""

ALARM = "intake.red_flags."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A rule and the file it stands in."""

    file: str
    rule: Rule


def check_set(
    rule_set: RuleSet, files: tuple[RuleFile, ...], *, complete: bool
) -> Iterator[str]:
    """Yield every problem of a rule set.

    Parameters
    ----------
    rule_set : RuleSet
        Everything that could be read.
    files : tuple of RuleFile
        The same rules with their files, doubles included.
    complete : bool
        False when a rule could not be read: what only the whole set can show is then
        left for later.

    Yields
    ------
    str
        ``file: path: what is wrong``.
    """
    yield from _shared_files(rule_set)
    yield from _codes(rule_set)
    for each in files:
        for problem in _rule(each.rule, rule_set):
            yield f"{each.file}: {problem}"
    yield from _doubles(files)
    if not complete:
        return
    active = tuple(each for each in files if each.rule.status == "active")
    for each in active:
        for problem in _blocked(each.rule, rule_set):
            yield f"{each.file}: {problem}"
    yield from _contradictions(active, rule_set)
    yield from _circles(active)
    yield from _alarms(tuple(each.rule for each in active))


def _shared_files(rule_set: RuleSet) -> Iterator[str]:
    for name, unit in NEEDED_LIMITS:
        for problem in check_limit(name, unit, rule_set, what="as the engine uses"):
            yield f"limits.toml: {problem}"
    for path, text in _shared_texts(rule_set):
        yield from check_words(path, text)
    sources = [(f"limits.toml: {x.name}", x.source) for x in rule_set.limits]
    sources += [(f"codes.toml: {x.system} {x.code}", x.source) for x in rule_set.codes]
    for place, key in sources:
        if rule_set.reference(key) is None:
            yield f"{place}: source: {_no_source(key, rule_set)}"


def _codes(rule_set: RuleSet) -> Iterator[str]:
    for code in rule_set.codes:
        if code.when is not None:
            for problem in check_condition(code.when, rule_set, place=Place()):
                yield f"codes.toml: {code.system} {code.code}: when: {problem}"


def _shared_texts(rule_set: RuleSet) -> Iterator[tuple[str, Text]]:
    yield from ((f"limits.toml: {x.name}.label", x.label) for x in rule_set.limits)
    yield from ((f"facts.toml: {x.fact}.label", x.label) for x in rule_set.facts)
    yield from (
        (f"references.toml: {x.key}.citation", x.cited) for x in rule_set.references
    )
    for phrase in fields(Phrases):
        yield f"phrases.toml: {phrase.name}", getattr(rule_set.phrases, phrase.name)


def _rule(rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    if not RULE_ID.fullmatch(rule.id):
        yield f"id: {rule.id!r} should be a capital letter and two digits, like Q02"
    elif rule.id[0] not in rule_set.priority:
        letters = ", ".join(rule_set.priority)
        yield f"id: {rule.id} begins with a letter without priority; known: {letters}"
    if rule.revision < 1:
        yield f"revision: counts from 1, got {rule.revision}"
    if bool(rule.applies_to) != ("measure" in rule.for_each):
        yield 'applies_to: needs for_each = ["measure"], and the other way round'
    for name in rule.applies_to:
        try:
            definition(name)
        except CatalogueError as cause:
            yield f"applies_to: {cause}"
    yield from _evidence(rule, rule_set)
    yield from _consequences(rule, rule_set)
    place = Place(for_each=rule.for_each, applies_to=rule.applies_to)
    for problem in check_condition(rule.condition, rule_set, place=place):
        yield f"condition: {problem}"
    yield from check_texts(rule, rule_set)


def _evidence(rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    if not rule.evidence.grade:
        yield "evidence.grade: name at least one of A, B, C, G, design"
    if set(rule.evidence.grade) - {"design"} and not rule.evidence.references:
        yield "evidence.references: a grade other than design needs a source"
    for key in rule.evidence.references:
        if rule_set.reference(key) is None:
            yield f"evidence.references: {_no_source(key, rule_set)}"


def _no_source(key: str, rule_set: RuleSet) -> str:
    return unknown(key, (r.key for r in rule_set.references), what="reference")


def _consequences(rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    if asks_for_proposal(rule) and any(block.rules for block in rule.blocks):
        yield "blocks.rules: a rule that asks what is proposed comes too late to block"
    if rule.triage is not None and rule.suggestions:
        yield "suggestions: a rule of the triage suggests nothing; use referrals"
    for suggestion in rule.suggestions:
        if suggestion.side == "each" and "side" not in rule.for_each:
            yield "suggestions.side: 'each' needs for_each = [\"side\"]"
        if suggestion.kind == "insole_element" and suggestion.element is None:
            yield "suggestions.element: an insole element needs its name"
        doses = (suggestion.amount,) if suggestion.amount else ()
        for name in (*doses, *suggestion.steps):
            for problem in check_limit(name, None, rule_set, what=""):
                yield f"suggestions: {problem}"


def _blocked(rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    known = {other.id for other in rule_set.rules}
    for block in rule.blocks:
        for name in block.rules:
            if name != EVERY_RULE and name not in known:
                yield f"blocks.rules: {unknown(name, known, what='rule')}"


def _doubles(files: Iterable[RuleFile]) -> Iterator[str]:
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
        for leaf in leaves(rule.condition):
            if not isinstance(leaf, FactTest):
                continue
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
