"""Checks that the texts of a rule are complete and say only what may be said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.model.chance import chance_by_hand
from gaitkit.model.text import Language, Text
from gaitkit.rules.check_condition import check_limit, unknown
from gaitkit.rules.condition import leaves, necessary
from gaitkit.rules.narrate import claims_in
from gaitkit.rules.wording import OF_COMPARISON, PLACEHOLDERS, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.rules.rule import Computed, Rule, RuleSet

ALWAYS = ("title", "measure", "side", "recording", "limit")
OF_RECORDING = ("recording", "reasons", "reasons_advice")
LISTS = ("met", "met_advice", "unmet", "n_met", "n_unmet", "n_total")
JUDGED = (*ALWAYS, *OF_RECORDING[1:], *LISTS, *OF_COMPARISON, "next_reading")
IN_DOUBT = (*JUDGED, "missing")
WHEN_MISSING = (*ALWAYS, "missing", "missing_advice", "value")
IN_LABELS = (*ALWAYS, *OF_RECORDING[1:], *OF_COMPARISON)
IN_SUGGESTIONS = (*ALWAYS, "advice")
IN_REMARKS = ALWAYS
OF_RAISE = ("raise_side", "begin", "amount", "target", "steps", "location")
COMPUTED: dict[Computed, tuple[str, ...]] = {
    "heel_raise": OF_RAISE,
    "test_raise": ("raise_side", "amount"),
    "under_shoe": ("raise_side", "amount", "forefoot"),
    "shoe": ("points", "heel"),
}
"""What the plan fills in, for each thing that it works out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A text, where it stands and which placeholders it may have there."""

    path: str
    text: Text
    allowed: tuple[str, ...]


def check_texts(rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    """Yield what is wrong with the texts of a rule, without the file name.

    Both languages must have the same placeholders, each must exist and be possible at
    that place, and no text may hold a word of ``never.toml``.
    """
    for placed in texts_of(rule):
        for problem in _problems(placed, rule, rule_set):
            yield f"{placed.path}: {problem}"
        yield from check_words(placed.path, placed.text)
        yield from _chances(placed, rule)


def _chances(placed: Placed, rule: Rule) -> Iterator[str]:
    """Yield words of chance by hand, and claims that the condition does not make.

    A caveat says what sources say of many people, not what is found in this one.
    """
    if placed.path == "caveat":
        return
    languages: tuple[Language, ...] = ("nl", "en")
    for language in languages:
        for word in chance_by_hand(placed.text.of(language), language):
            yield (
                f"{placed.path}.{language}: {word!r} is a chance written by hand; name "
                "the comparison and let {claim:name} or {chance:name} tell its own"
            )
    if placed.path not in {"text.met", "text.uncertain"}:
        return
    needed = {leaf.name for leaf in necessary(rule.condition)}
    for name in _claims(placed.text):
        if name not in needed:
            yield (
                f"{placed.path}: {{claim:{name}}} is not what the condition claims: it "
                "can hold without that comparison; claim a part of its 'all'"
            )


def _claims(text: Text) -> list[str]:
    """Return the claims of a text; none where its braces do not match."""
    try:
        return claims_in(text)
    except ValueError:
        return []


def check_words(path: str, text: Text) -> Iterator[str]:
    """Yield the words of a text that no rule set may use."""
    for language, sentence in (("nl", text.nl), ("en", text.en)):
        for word in forbidden_words(sentence):
            yield (
                f"{path}.{language}: {word!r} may not be used: gaitkit makes no "
                f"diagnosis, prediction or medical advice; describe what was measured"
            )


def forbidden_words(sentence: str) -> tuple[str, ...]:
    """Return the words of a sentence that no text may hold."""
    found = _never().finditer(sentence.lower())
    return tuple(match.group().strip() for match in found)


def texts_of(rule: Rule) -> Iterator[Placed]:
    """Yield every text of a rule."""
    verdicts = rule.text
    yield Placed(path="title", text=rule.title, allowed=())
    for verdict, text in (
        ("met", verdicts.met),
        ("not_met", verdicts.not_met),
        ("uncertain", verdicts.uncertain),
        ("not_assessable", verdicts.not_assessable),
    ):
        allowed = {"not_assessable": WHEN_MISSING, "uncertain": IN_DOUBT}.get(
            verdict, JUDGED
        )
        yield from _placed(f"text.{verdict}", (text,), allowed)
    yield from _placed("advice", (rule.advice,), JUDGED)
    yield from _placed("caveat", (rule.caveat,), ())
    yield from _placed("cautions", rule.cautions, IN_REMARKS)
    yield from _placed("referrals", rule.referrals, IN_REMARKS)
    yield from _placed("requests.text", (r.text for r in rule.requests), ())
    for suggestion in rule.suggestions:
        worked_out = COMPUTED[suggestion.computed] if suggestion.computed else ()
        possible = (*IN_SUGGESTIONS, *worked_out)
        yield from _placed("suggestions.text", (suggestion.text,), possible)
        against = suggestion.contraindications
        yield from _placed("suggestions.contraindications", against, ("limit",))
    for leaf in leaves(rule.condition):
        yield from _placed("condition.label", (leaf.label,), IN_LABELS)
        yield from _placed("condition.advice", (leaf.advice,), IN_LABELS)


def _placed(
    path: str, texts: Iterable[Text | None], allowed: tuple[str, ...]
) -> Iterator[Placed]:
    for text in texts:
        if text is not None:
            yield Placed(path=path, text=text, allowed=allowed)


def _problems(placed: Placed, rule: Rule, rule_set: RuleSet) -> Iterator[str]:
    try:
        in_nl, in_en = placeholders(placed.text.nl), placeholders(placed.text.en)
    except ValueError as cause:
        yield f"braces do not match ({cause})"
        return
    if set(in_nl) != set(in_en):
        only = sorted(_shown(*each) for each in set(in_nl) ^ set(in_en))
        yield f"nl and en differ in their placeholders: {', '.join(only)}"
    for name, argument in dict.fromkeys((*in_nl, *in_en)):
        yield from _placeholder(name, argument, placed, rule, rule_set)
    for number in re.findall(r"\d\.\d+", placed.text.nl):
        yield f"nl writes {number} with a point; Dutch has a decimal comma"
    for number in re.findall(r"\d,\d+", placed.text.en):
        yield f"en writes {number} with a comma; English has a decimal point"


def _placeholder(
    name: str, argument: str, placed: Placed, rule: Rule, rule_set: RuleSet
) -> Iterator[str]:
    if name not in PLACEHOLDERS:
        yield unknown(name, PLACEHOLDERS, what="placeholder")
    elif name not in placed.allowed:
        allowed = ", ".join(placed.allowed) or "none"
        shown = _shown(name, argument)
        yield f"placeholder {shown} cannot stand here; possible: {allowed}"
    elif name == "limit":
        yield from check_limit(argument, None, rule_set, what="")
    elif name in OF_COMPARISON:
        named = {leaf.name for leaf in leaves(rule.condition) if leaf.name}
        if argument not in named:
            yield unknown(argument, named, what=f"{_shown(name, argument)}: part")
    elif argument:
        yield f"placeholder {_shown(name, argument)} takes no argument"
    else:
        each = "recording" if name in OF_RECORDING else name
        if each in ("measure", "side", "recording") and each not in rule.for_each:
            yield f"placeholder {_shown(name, '')} needs for_each = [{each!r}]"


def _shown(name: str, argument: str) -> str:
    return f"{{{name}:{argument}}}" if argument else f"{{{name}}}"


@cache
def _never() -> re.Pattern[str]:
    groups = shipped_table("gaitkit.rules", "never.toml")
    starts = (re.escape(word) for group in groups.values() for word in group)
    return re.compile(rf"\b(?:{'|'.join(starts)})\w*")
