"""A rule in plain words: when it holds, on what limits, with what evidence.

A condition in plain words, one line for each part.

The words with which rules are explained (``explain.toml``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, assert_never

from gaitkit.doors import shipped_table
from gaitkit.model.catalogue import definition
from gaitkit.model.text import Text
from gaitkit.model.wording import both, listed, number_with_unit
from gaitkit.rules.condition import (
    EACH,
    SIDE_LIMITS,
    AllOf,
    AnyOf,
    AtLeast,
    Branch,
    Comparison,
    FactTest,
    Leaf,
    Operator,
    Presence,
    leaves,
    parts,
)
from gaitkit.rules.judge import UNCERTAIN_FROM
from gaitkit.rules.rule import EVERY_RULE, EVERY_SUGGESTION, Status
from gaitkit.rules.wording import fill, limit_text, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.text import Language
    from gaitkit.rules.rule import Block, Rule, RuleSet

INDENT = "  "
OPERATORS: dict[Operator, str] = {
    ">": "above",
    ">=": "from",
    "<": "below",
    "<=": "up_to",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its lines."""

    heading: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One rule, ready to be shown.

    Attributes
    ----------
    rule, revision, status, title
        Which rule.
    sections : tuple of Section
        When it is met, for what it is judged, its text, what follows, its limits with
        their sources, its evidence, what it does not say.
    """

    rule: str
    revision: int
    status: Status
    title: Text
    sections: tuple[Section, ...]


def rule_lines(rule_set: RuleSet, *, language: Language) -> tuple[str, ...]:
    """Return one line for each rule: id, grade of evidence, title, and its status."""
    return tuple(
        f"{rule.id}  {'/'.join(rule.evidence.grade):<6}  {rule.title.of(language)}"
        + ("" if rule.status == "active" else f" ({word(rule.status).of(language)})")
        for rule in rule_set.rules
    )


def explain(rule_set: RuleSet, rule_id: str, *, language: Language) -> str:
    """Return one rule in plain words, as text of several lines.

    Parameters
    ----------
    rule_set : RuleSet
        The rules.
    rule_id : str
        For example ``Q02``.
    language : {"nl", "en"}
        Language of the text.

    Raises
    ------
    RuleError
        If there is no such rule.
    """
    told = explanation(rule_set, rule_id)
    status = "" if told.status == "active" else f", {word(told.status).of(language)}"
    revision = f"{word('revision').of(language)} {told.revision}{status}"
    lines = [f"{told.rule}  {told.title.of(language)} ({revision})"]
    for section in told.sections:
        lines += ["", section.heading.of(language)]
        lines += [f"  {line.of(language)}" for line in section.lines]
    return "\n".join(lines)


def explanation(rule_set: RuleSet, rule_id: str) -> Explanation:
    """Return one rule in plain words, in both languages.

    Raises
    ------
    RuleError
        If there is no such rule.
    """
    rule = rule_set.rule(rule_id)
    sections = (
        ("met_when", tuple(condition_lines(rule.condition, rule_set))),
        (
            "doubt_when",
            tuple(condition_lines(rule.doubt, rule_set)) if rule.doubt else (),
        ),
        ("for_each", tuple(word(each) for each in rule.for_each)),
        ("applies_to", tuple(definition(name).label for name in rule.applies_to)),
        ("says", (_readable(rule.text.met, rule_set),)),
        ("then", tuple(_consequences(rule, rule_set))),
        ("limits", tuple(_limits(rule, rule_set))),
        ("evidence", tuple(_evidence(rule, rule_set))),
        ("caveat", (rule.caveat,) if rule.caveat else ()),
        ("verdicts", (_verdicts(rule, rule_set),)),
    )
    return Explanation(
        rule=rule.id,
        revision=rule.revision,
        status=rule.status,
        title=rule.title,
        sections=tuple(
            Section(heading=word(key), lines=lines) for key, lines in sections if lines
        ),
    )


def _consequences(rule: Rule, rule_set: RuleSet) -> Iterator[Text]:
    if rule.triage in {"stop", "refer", "incomplete"}:
        yield word(rule.triage)
    for block in rule.blocks:
        for line in _block(block, rule_set):
            yield line if "met" in block.when else word("in_doubt", text=line)
    for suggestion in rule.suggestions:
        key = "suggests" if suggestion.when == "met" else "suggests_in_doubt"
        yield word(key, text=_readable(suggestion.text, rule_set))
    for text in (*rule.cautions, *rule.referrals):
        yield _readable(text, rule_set)
    for request in rule.requests:
        yield word("asks", text=request.text)


def _block(block: Block, rule_set: RuleSet) -> Iterator[Text]:
    if block.rules:
        every = EVERY_RULE in block.rules
        rules = word("every_rule") if every else ", ".join(block.rules)
        if block.kinds:
            kinds = listed((word(kind) for kind in block.kinds), separator=", ")
            yield word("blocks_kinds", kinds=kinds, rules=rules)
        else:
            yield word("blocks_rules", rules=rules)
    if block.suggestions:
        every = EVERY_SUGGESTION in block.suggestions
        named = (rule_set.answer(name) for name in block.suggestions)
        names = word("every_suggestion") if every else listed(named, separator=", ")
        yield word("blocks_suggestions", names=names)


def _limits(rule: Rule, rule_set: RuleSet) -> Iterator[Text]:
    """Yield every limit that the rule names, with its source."""
    for name in dict.fromkeys(_named(rule)):
        limit = rule_set.limit(name)
        value = limit_text(limit, rule_set.phrases)
        source = rule_set.reference(limit.source)
        cited = source.cited if source else limit.source
        yield word("limit", label=limit.label, value=value, source=cited)


def _named(rule: Rule) -> Iterator[str]:
    for leaf in leaves(rule.condition):
        if isinstance(leaf, Comparison | FactTest):
            yield from limit_names(leaf)
    for suggestion in rule.suggestions:
        doses = (suggestion.amount,) if suggestion.amount else ()
        yield from (*doses, *suggestion.steps)


def _evidence(rule: Rule, rule_set: RuleSet) -> Iterator[Text]:
    for grade in rule.evidence.grade:
        yield word(f"grade_{grade}")
    for key in rule.evidence.references:
        source = rule_set.reference(key)
        if source is not None:
            told = source.cited
            if source.url:
                told = word("with_url", text=told, url=source.url)
            if not source.confirmed:
                told = word("marked", text=told, mark=rule_set.phrases.unconfirmed)
            yield told


def _verdicts(rule: Rule, rule_set: RuleSet) -> Text:
    met, uncertain = (
        limit_text(rule_set.limit(name), rule_set.phrases)
        for name in (rule.met_from, UNCERTAIN_FROM)
    )
    return word("how", met=met, uncertain=uncertain)


def _readable(text: Text, rule_set: RuleSet) -> Text:
    """Return a text with limits filled in and other placeholders in square brackets."""

    def lookup(name: str, argument: str, language: Language) -> str:
        if name == "limit":
            limit = rule_set.limit(argument)
            return limit_text(limit, rule_set.phrases).of(language)
        return word(f"show_{name}").of(language)

    return fill(text, lookup)


def condition_lines(
    condition: Leaf | Branch, rule_set: RuleSet, *, depth: int = 0
) -> Iterator[Text]:
    """Yield a condition in plain words, parts of a branch indented below it.

    Parameters
    ----------
    condition : Comparison, Presence, FactTest, AllOf, AnyOf or AtLeast
        What to say.
    rule_set : RuleSet
        Its limits and labels.
    depth : int
        How far the line is indented.
    """
    match condition:
        case Comparison():
            yield _indented(_comparison(condition, rule_set), depth)
            return
        case Presence():
            key = "measured" if condition.measured else "not_measured"
            yield _indented(word(key, what=_measure(condition, rule_set)), depth)
            return
        case FactTest():
            yield _indented(_fact(condition, rule_set), depth)
            return
        case AllOf():
            head = word("all")
        case AnyOf():
            head = word("any")
        case AtLeast():
            head = word("at_least", n=condition.at_least, total=len(condition.among))
        case _:
            assert_never(condition)
    yield _indented(head, depth)
    for part in parts(condition):
        yield from condition_lines(part, rule_set, depth=depth + 1)


def limit_names(leaf: Comparison | FactTest) -> tuple[str, ...]:
    """Return the limits of the rule set that a leaf names."""
    if isinstance(leaf, FactTest):
        return (leaf.threshold,) if isinstance(leaf.threshold, str) else ()
    gates = (leaf.certainty, leaf.certainty_below)
    names = (leaf.reference, *gates, *_threshold_names(leaf))
    return tuple(name for name in names if name and name not in SIDE_LIMITS)


def _threshold_names(leaf: Comparison) -> tuple[str, ...]:
    if isinstance(leaf.threshold, str):
        return (leaf.threshold,)
    return leaf.threshold if isinstance(leaf.threshold, tuple) else ()


def _indented(text: Text, depth: int) -> Text:
    return both(lambda language: INDENT * depth + text.of(language))


def _measure(leaf: Comparison | Presence, rule_set: RuleSet) -> Text:
    """Return the measure with its side and methods."""
    each = leaf.measure == EACH
    said = word("each_measure") if each else definition(leaf.measure).label
    if leaf.methods:
        methods = listed((rule_set.answer(m) for m in leaf.methods), separator=", ")
        said = word("of_methods", what=said, methods=methods)
    if leaf.side is None:
        return said
    return word("of_side", what=said, side=word(f"on_{leaf.side}"))


def _comparison(leaf: Comparison, rule_set: RuleSet) -> Text:
    reference = rule_set.limit(leaf.reference).label if leaf.reference else ""
    what = word(leaf.of, measure=_measure(leaf, rule_set), reference=reference)
    threshold = _threshold(leaf, rule_set)
    said = word(OPERATORS[leaf.operator], what=what, threshold=threshold)
    gates = {"certainty": leaf.certainty, "certainty_below": leaf.certainty_below}
    for key, name in gates.items():
        if name is not None:
            limit = limit_text(rule_set.limit(name), rule_set.phrases)
            said = word(key, test=said, limit=limit)
    return said if leaf.prior is None else word(f"under_{leaf.prior}", test=said)


def _threshold(leaf: Comparison, rule_set: RuleSet) -> Text:
    if isinstance(leaf.threshold, float | int):
        value, unit = float(leaf.threshold), leaf.unit or ""
        digits = 0 if value.is_integer() else 1
        return both(
            lambda language: number_with_unit(
                value, digits=digits, unit=unit, language=language
            )
        )
    said = tuple(_named_limit(name, rule_set) for name in _threshold_names(leaf))
    if len(said) == 1:
        return said[0]
    return word("largest", names=listed(said, separator=", "))


def _named_limit(name: str, rule_set: RuleSet) -> Text:
    if name in SIDE_LIMITS:
        return word(name)
    return limit_text(rule_set.limit(name), rule_set.phrases)


def _fact(leaf: FactTest, rule_set: RuleSet) -> Text:
    label = rule_set.fact(leaf.fact)
    what = label.label if label else rule_set.answer(leaf.fact)
    if leaf.answered is not None:
        return word("answered" if leaf.answered else "not_answered", what=what)
    if leaf.operator is not None:
        threshold = _fact_threshold(leaf, rule_set)
        return word(OPERATORS[leaf.operator], what=what, threshold=threshold)
    if leaf.label is not None and not placeholders(leaf.label.nl):
        return leaf.label
    if leaf.contains is not None:
        return word("contains", what=what, answer=rule_set.answer(leaf.contains))
    if leaf.lacks is not None:
        return word("lacks", what=what, answer=rule_set.answer(leaf.lacks))
    wanted = leaf.one_of or (str(leaf.equals).lower(),)
    answers = (rule_set.answer(answer) for answer in wanted)
    together = listed(answers, separator=", ")
    return word("equals", what=what, answer=together)


def _fact_threshold(leaf: FactTest, rule_set: RuleSet) -> Text:
    if isinstance(leaf.threshold, str):
        return _named_limit(leaf.threshold, rule_set)
    return rule_set.answer(str(leaf.threshold))


def word(key: str, **values: object) -> Text:
    """Return a word or sentence with its placeholders filled in.

    Parameters
    ----------
    key : str
        A key of ``explain.toml``.
    **values
        What its placeholders stand for; a `Text` is filled in by language.

    Raises
    ------
    KeyError
        If there is no such word or a placeholder has no value: both are bugs.
    """
    return Text(**_words()[key]).filled(**values)


@cache
def _words() -> dict[str, dict[str, str]]:
    return shipped_table("gaitkit.rules", "explain.toml")
