"""Sentences of rules with their numbers filled in, in both languages.

A placeholder is ``{name}`` or ``{name:argument}``: ``{value:difference}`` is the
number of the comparison called ``difference`` with its error and ``n``,
``{limit:strides_least}`` a limit of the rule set. `PLACEHOLDERS` is the full list;
the loader refuses any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.text import Language, Text
from gaitkit.model.wording import both, decimal, number_with_unit

if TYPE_CHECKING:
    from gaitkit.rules.shared import Limit, Phrases


PLACEHOLDERS = {
    "title": "title of the rule",
    "measure": "label of the measure",
    "side": "left or right, for a rule judged for each side",
    "recording": "id of the recording",
    "reasons": "what the quality check says of the recording",
    "reasons_advice": "what the quality check advises",
    "met": "labels of the parts that hold",
    "met_advice": "advice of the parts that hold",
    "unmet": "labels of the parts that do not hold",
    "n_met": "how many labelled parts hold",
    "n_unmet": "how many labelled parts do not hold",
    "n_total": "how many labelled parts there are",
    "next_reading": "the reading of the legs that brings a decision soonest for its "
    "minutes",
    "missing": "what is missing",
    "missing_advice": "what to record or to ask",
    "value": "number of a comparison, with error and n",
    "claim": "a comparison, or its opposite where that is more probable, in words of "
    "chance: probably not more than 5 mm (chance 82 %)",
    "chance": "the chance of a comparison as it stands: chance of more than 5 mm: 22 %",
    "threshold": "its threshold",
    "left": "the left of the two numbers compared",
    "right": "the right of the two numbers compared",
    "detectable_change": "smallest side difference that is more than error",
    "healthy_p95": "95 % of healthy adults differ less than this",
    "larger": "the side that is larger",
    "smaller": "the side that is smaller",
    "limit": "a limit of the rule set",
    "advice": "advice of the finding, in suggestions only",
    "raise_side": "foot under which a raise goes, where the plan works it out",
    "begin": "how a raise starts: begin with it, or go on with it",
    "amount": "dose that the plan worked out",
    "target": "dose that the steps lead to",
    "steps": "doses step by step",
    "location": "where a raise goes",
    "forefoot": "that the forefoot is raised too, or nothing",
    "points": "points of the shoe advice, those that need attention first",
    "heel": "height of the heel with the raise, where known",
}


CLAIMS = ("claim", "chance")
"""Placeholders that tell a probability: that of exactly what they say."""


OF_COMPARISON = (
    "value",
    *CLAIMS,
    "threshold",
    "left",
    "right",
    "detectable_change",
    "healthy_p95",
    "larger",
    "smaller",
)
"""Placeholders whose argument is the name of a part of the condition."""


BETWEEN = (" tot ", " to ")
"""What stands between the two limits of a range."""


MORE_DIGITS = 2
"""Most decimals added so that a small error does not show as zero."""


Lookup = Callable[[str, str, Language], str]


def placeholders(text: str) -> tuple[tuple[str, str], ...]:
    """Return ``(name, argument)`` of each placeholder; the argument may be empty.

    Raises
    ------
    ValueError
        If braces do not match.
    """
    pieces = Formatter().parse(text)
    return tuple((name, spec or "") for _, name, spec, _ in pieces if name is not None)


def fill(text: Text, lookup: Lookup) -> Text:
    """Return a text with every placeholder replaced by what ``lookup`` says."""
    return Text(nl=_filled(text.nl, "nl", lookup), en=_filled(text.en, "en", lookup))


def with_error(
    value: float,
    sd: float,
    *,
    digits: int,
    language: Language,
    dof: float | None = None,
) -> str:
    """Return ``value ± margin`` without unit, the margin half the 95 % interval.

    Parameters
    ----------
    value, sd : float
        A number and its standard error.
    digits : int
        Decimals; more where the margin would show as zero.
    language : {"nl", "en"}
        Of the decimal mark.
    dof : float or None
        Degrees of freedom of the standard error.
    """
    margin = Uncertainty(sd=sd, dof=dof).half_width
    shown = digits
    while margin > 0 and round(margin, shown) == 0 and shown < digits + MORE_DIGITS:
        shown += 1
    return f"{decimal(value, shown, language)} ± {decimal(margin, shown, language)}"


def limit_text(limit: Limit, phrases: Phrases) -> Text:
    """Return a limit with its unit, marked when nobody could confirm it."""
    shown = both(
        lambda language: number_with_unit(
            limit.value, digits=limit.digits, unit=limit.unit, language=language
        )
    )
    if limit.confirmed:
        return shown
    mark = phrases.unconfirmed
    return Text(nl=f"{shown.nl} ({mark.nl})", en=f"{shown.en} ({mark.en})")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """Return the pieces of a text; the texts of a rule set are few and come often."""
    return tuple(
        (literal, name, spec) for literal, name, spec, _ in Formatter().parse(text)
    )


def _filled(text: str, language: Language, lookup: Lookup) -> str:
    pieces: list[str] = []
    before = None
    for literal, name, spec in _parsed(text):
        pieces.append(literal)
        if name is None:
            continue
        said = lookup(name, spec or "", language)
        if before == name == "limit" and literal in BETWEEN:
            pieces[-2] = _once_marked(pieces[-2], said)
        pieces.append(said)
        before = name
    return "".join(pieces)


def _once_marked(first: str, second: str) -> str:
    """Return the lower end of a range without the mark that its upper end has too."""
    bare, _, mark = first.rpartition(" (")
    return bare if bare and second.endswith(f" ({mark}") else first
