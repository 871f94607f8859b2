"""A condition in plain words, one line for each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from gaitkit.model.catalogue import definition
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
    parts,
)
from gaitkit.rules.vocabulary import word
from gaitkit.rules.wording import both, limit_text, listed, number, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.text import Text
    from gaitkit.rules.rule import RuleSet

INDENT = "  "
OPERATORS: dict[Operator, str] = {
    ">": "above",
    ">=": "from",
    "<": "below",
    "<=": "up_to",
}


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
            lambda language: number(value, digits=digits, unit=unit, language=language)
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
