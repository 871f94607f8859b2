"""Numbers as people write them: decimal comma in Dutch, a real minus, a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.rules.wording import SHOWN_UNITS, with_unit
from gaitkit.rules.wording import number as spoken

if TYPE_CHECKING:
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.text import Language

TO: dict[Language, str] = {"nl": "tot", "en": "to"}
"""The word between the ends of an interval: a dash reads as a minus."""


def number(value: float, digits: int, language: Language) -> str:
    """Return a number with that many decimals and without a unit."""
    return spoken(value, digits=digits, unit="", language=language)


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
    return spoken(value, digits=entry.digits, unit=entry.unit, language=language)


def interval(low: float, high: float, measure: str, language: Language) -> str:
    """Return ``low to high`` with the decimals of a measure, without its unit."""
    digits = definition(measure).digits
    ends = (number(end, digits, language) for end in (low, high))
    return f" {TO[language]} ".join(ends)


def interval_of(measurement: Measurement, language: Language) -> str:
    """Return the 95 % interval of a measurement, or nothing when there is none."""
    if measurement.low is None or measurement.high is None:
        return ""
    return interval(measurement.low, measurement.high, measurement.name, language)


def sentence(text: str) -> str:
    """Return words with their first letter as at the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def percent(fraction: float, language: Language) -> str:
    """Return a fraction as a whole percentage."""
    return with_unit(number(100.0 * fraction, 0, language), "%")
