"""Numbers, units and lists as people write them: decimal comma in Dutch, a real minus.

Numbers as people write them: decimal comma in Dutch, a real minus, a unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side
from gaitkit.model.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.text import Language

MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
SIDE_WORDS = {
    Side.LEFT: Text(nl="links", en="left"),
    Side.RIGHT: Text(nl="rechts", en="right"),
}
"""What the sides are called; sentences of rules and report name them in their data."""

SHOWN_UNITS = {
    "deg": "°",
    "cm2": "cm²",
    "mm2": "mm²",
    "{score}": "",
    "1": "",
    "d": "",
    "a": "",
    "mo": "",
}
TO: dict[Language, str] = {"nl": "tot", "en": "to"}
"""The word between the ends of an interval: a dash reads as a minus."""


def listed(texts: Iterable[Text], *, separator: str = "; ") -> Text | None:
    """Return several texts as one, each once, or None when there are none."""
    once = tuple(dict.fromkeys(texts))
    if not once:
        return None
    return Text(
        nl=separator.join(text.nl for text in once),
        en=separator.join(text.en for text in once),
    )


def number_with_unit(
    value: float, *, digits: int, unit: str, language: Language
) -> str:
    """Return a number as people write it, with its unit."""
    return with_unit(decimal(value, digits, language), unit)


def with_unit(text: str, unit: str) -> str:
    """Return a number with its UCUM unit as people write it."""
    shown = SHOWN_UNITS.get(unit, unit)
    if not shown:
        return text
    return f"{text}{shown}" if shown == "°" else f"{text}{NARROW_SPACE}{shown}"


def both(write: Callable[[Language], str]) -> Text:
    """Return what a function writes in the two languages."""
    return Text(nl=write("nl"), en=write("en"))


def decimal(value: float, digits: int, language: Language) -> str:
    """Return a number with its decimals, the mark of the language and a real minus."""
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    text = text.replace("-", MINUS)
    return text.replace(".", ",") if language == "nl" else text


def number(value: float, digits: int, language: Language) -> str:
    """Return a number with that many decimals and without a unit."""
    return number_with_unit(value, digits=digits, unit="", language=language)


def unit_of(ucum: str) -> str:
    """Return a unit as people write it."""
    return SHOWN_UNITS.get(ucum, ucum)


def signed(value: float, digits: int, language: Language) -> str:
    """Return a number with its sign, plus included; zero has none."""
    text = number(value, digits, language)
    return f"+{text}" if value > 0 and text.strip("0,.") else text


def quantity(value: float, measure: str, language: Language) -> str:
    """Return a value of a measure with its decimals and its unit."""
    entry = definition(measure)
    return number_with_unit(
        value, digits=entry.digits, unit=entry.unit, language=language
    )


def interval(low: float, high: float, measure: str, language: Language) -> str:
    """Return ``low to high`` with the decimals of a measure, without its unit."""
    digits = definition(measure).digits
    ends = (number(end, digits, language) for end in (low, high))
    return f" {TO[language]} ".join(ends)


def interval_of(measurement: Measurement, language: Language) -> str:
    """Return the 95 % interval of a measurement, or nothing when there is none.

    Its ends stay inside what a person can have: no pressure below zero is shown, though
    the error alone would allow it. Numbers and files keep the interval as it is.
    """
    if measurement.low is None or measurement.high is None:
        return ""
    lowest, highest = definition(measurement.name).plausible
    low, high = max(measurement.low, lowest), min(measurement.high, highest)
    return interval(low, high, measurement.name, language)


def sentence(text: str) -> str:
    """Return words with their first letter as at the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def percent(fraction: float, language: Language) -> str:
    """Return a fraction as a whole percentage."""
    return with_unit(number(100.0 * fraction, 0, language), "%")
