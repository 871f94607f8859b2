"""A rule in plain words: when it holds, on what limits, with what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.text import Language, Text
from gaitkit.rules.condition import Comparison, FactTest, leaves
from gaitkit.rules.judge import UNCERTAIN_FROM
from gaitkit.rules.rule import EVERY_RULE, EVERY_SUGGESTION, Status
from gaitkit.rules.say_condition import condition_lines, limit_names
from gaitkit.rules.vocabulary import word
from gaitkit.rules.wording import fill, limit_text, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.rules.rule import Block, Rule, RuleSet


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
