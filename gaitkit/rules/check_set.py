"""Checks that a rule set hangs together: one line for each problem, with its file.

Checks how rules work together: doubles, contradictions, circles and open alarms.
"""

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
from gaitkit.rules.check_texts import ALWAYS, check_texts, check_words
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
from gaitkit.rules.inputs import CLEARS, LEAST, TARGETS
from gaitkit.rules.judge import UNCERTAIN_FROM, asks_for_proposal, judging_order
from gaitkit.rules.rule import EVERY_RULE, EVERY_SUGGESTION, MET_FROM, Rule
from gaitkit.rules.shared import Phrases
from gaitkit.rules.wording import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.text import Text
    from gaitkit.rules.condition import Branch, Leaf
    from gaitkit.rules.rule import RuleSet, SuggestionTemplate

RULE_ID = re.compile(r"[A-Z]\d{2}")
NEEDED_LIMITS = (
    (MET_FROM, "1"),
    (UNCERTAIN_FROM, "1"),
    ("follow_up_from", "d"),
    ("follow_up_to", "d"),
)
"""Limits that the engine and the plan themselves use, with their unit."""

COUNTING_LIMITS = (LEAST, CLEARS, *TARGETS)
"""Limits of the engine about strides and contacts, all counts or a chance; a set that
leaves one out is not held to it."""

LEAST_CHANCE = 0.5
"""What is less probable than not is never in doubt, let alone met; below it a wider
error could make a rule met."""

VERDICT_PHRASES = ("not_met", "uncertain", "not_assessable")
PHRASE_PLACEHOLDERS = {
    "stopped": ("name", "rule"),
    "blocked": ("name", "rule"),
    "not_measured": ("name",),
    "no_error": ("name",),
    "no_limit": ("name",),
    "too_few": ("name", "n", "least"),
    "few": ("n", "target"),
    "more_than": ("threshold",),
    "at_least": ("threshold",),
    "less_than": ("threshold",),
    "at_most": ("threshold",),
    "longer_leg": ("compared", "side"),
    "claim_in_words": ("word", "compared", "percent"),
    "claim_open": ("compared", "percent", "most"),
    "chance_of": ("compared", "percent"),
    "next_decides": ("label", "minutes", "percent"),
    "next_teaches": ("label", "minutes"),
    "estimated": ("value", "side", "low", "high"),
    "heel_total": ("amount",),
    "heel_too_high": ("amount",),
    "shoe_poor": ("points",),
    "shoe_unknown": ("points",),
    "shoe_good": ("points",),
    "needs_clinician": ("element", "most"),
    "opposite_layers": ("first", "second"),
    "two_doses": ("element",),
    "posting_beyond": ("amount", "most"),
    "cushion_counted": ("amount",),
    "fits_shoes": ("shoes",),
}
ALARM = "intake.red_flags."


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
    yield from _statements(rule_set)
    yield from _phrases(rule_set)
    yield from _verdict_limits(rule_set)
    for each in files:
        for problem in _rule(each.rule, rule_set):
            yield f"{each.file}: {problem}"
    yield from check_doubles(files)
    if complete:
        yield from check_together(files, rule_set)


def _shared_files(rule_set: RuleSet) -> Iterator[str]:
    counting = ((name, "1") for name in COUNTING_LIMITS if rule_set.has_limit(name))
    for name, unit in (*NEEDED_LIMITS, *counting):
        for problem in check_limit(name, unit, rule_set, what="as the engine uses"):
            yield f"limits.toml: {problem}"
    for path, text in _shared_texts(rule_set):
        yield from check_words(path, text)
    sources = [(f"limits.toml: {x.name}", x.source) for x in rule_set.limits]
    sources += [(f"codes.toml: {x.system} {x.code}", x.source) for x in rule_set.codes]
    for place, key in sources:
        if rule_set.reference(key) is None:
            yield f"{place}: source: {_no_source(key, rule_set)}"


def _phrases(rule_set: RuleSet) -> Iterator[str]:
    """Yield placeholders of shared sentences that nothing fills in."""
    shared = {name: (*ALWAYS, "missing") for name in VERDICT_PHRASES}
    for phrase in fields(Phrases):
        text: Text = getattr(rule_set.phrases, phrase.name)
        possible = shared.get(phrase.name, PHRASE_PLACEHOLDERS.get(phrase.name, ()))
        for sentence in (text.nl, text.en):
            for name in dict.fromkeys(name for name, _ in placeholders(sentence)):
                if name not in possible:
                    problem = unknown(name, possible, what="placeholder")
                    yield f"phrases.toml: {phrase.name}: {problem}"


def _verdict_limits(rule_set: RuleSet) -> Iterator[str]:
    names = (UNCERTAIN_FROM, MET_FROM)
    if all(rule_set.has_limit(name) for name in names):
        uncertain, met = (rule_set.limit(name).value for name in names)
        if not LEAST_CHANCE <= uncertain <= met <= 1.0:
            yield (
                f"limits.toml: expected {LEAST_CHANCE:g} <= {UNCERTAIN_FROM} <= "
                f"{MET_FROM} <= 1, got {uncertain:g} and {met:g}"
            )


def _codes(rule_set: RuleSet) -> Iterator[str]:
    for code in rule_set.codes:
        if code.when is not None:
            for problem in check_condition(code.when, rule_set, place=Place()):
                yield f"codes.toml: {code.system} {code.code}: when: {problem}"


def _only_limits(sentence: str, rule_set: RuleSet) -> Iterator[str]:
    for name, argument in placeholders(sentence):
        if name == "limit":
            yield from check_limit(argument, None, rule_set, what="")
        else:
            yield unknown(name, ("limit",), what="placeholder")


def _statements(rule_set: RuleSet) -> Iterator[str]:
    for said in rule_set.statements:
        place = f"statements.toml: {said.key}"
        yield from check_words(f"{place}.text", said.text)
        for key in said.source:
            if rule_set.reference(key) is None:
                yield f"{place}: source: {_no_source(key, rule_set)}"
        for sentence in (said.text.nl, said.text.en):
            yield from (f"{place}: {p}" for p in _only_limits(sentence, rule_set))
        if said.when is not None:
            for problem in check_condition(said.when, rule_set, place=Place()):
                yield f"{place}: when: {problem}"


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
    yield from _applies_to(rule)
    yield from _evidence(rule, rule_set)
    yield from _consequences(rule, rule_set)
    place = Place(for_each=rule.for_each, applies_to=rule.applies_to)
    for where, condition in _conditions(rule):
        for problem in check_condition(condition, rule_set, place=place):
            yield f"{where}: {problem}"
    yield from check_texts(rule, rule_set)


def _applies_to(rule: Rule) -> Iterator[str]:
    for name in rule.applies_to:
        try:
            definition(name)
        except CatalogueError as cause:
            yield f"applies_to: {cause}"


def _conditions(rule: Rule) -> Iterator[tuple[str, Leaf | Branch]]:
    """Yield every condition of a rule with where it stands."""
    yield "condition", rule.condition
    if rule.doubt is not None:
        yield "doubt", rule.doubt
    for request in rule.requests:
        if request.when is not None:
            yield "requests.when", request.when


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
    for problem in check_limit(rule.met_from, "1", rule_set, what="a probability"):
        yield f"met_from: {problem}"
    if rule.may_stay_open and rule.triage is None:
        yield "may_stay_open: only a rule of the triage can stay open"
    if rule.triage is not None and rule.suggestions:
        yield "suggestions: a rule of the triage suggests nothing; use referrals"
    for suggestion in rule.suggestions:
        if suggestion.side == "each" and "side" not in rule.for_each:
            yield "suggestions.side: 'each' needs for_each = [\"side\"]"
        if suggestion.kind == "insole_element" and suggestion.element is None:
            yield "suggestions.element: an insole element needs its name"
        yield from _doses(suggestion, rule_set)


def _doses(suggestion: SuggestionTemplate, rule_set: RuleSet) -> Iterator[str]:
    """Yield doses that are no limit, that are computed too, or out of order."""
    range_ = (suggestion.low, suggestion.amount, suggestion.high)
    named = tuple(name for name in (*range_, *suggestion.steps) if name)
    problems = [
        problem
        for name in named
        for problem in check_limit(name, None, rule_set, what="")
    ]
    yield from (f"suggestions: {problem}" for problem in problems)
    if suggestion.computed and (named or suggestion.side or suggestion.location):
        yield "suggestions.computed: side, dose and place are then computed; leave out"
    if (suggestion.low is None) != (suggestion.high is None):
        yield "suggestions.low: a range of doses needs low and high"
    if problems:
        return
    limits = [rule_set.limit(name) for name in range_ if name]
    if len({limit.unit for limit in limits}) > 1:
        yield "suggestions.amount: low, amount and high need the same unit"
    values = [limit.value for limit in limits]
    if values != sorted(values):
        yield f"suggestions.amount: expected low <= amount <= high, got {values}"


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
