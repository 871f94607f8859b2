"""Numbers as people write them: decimal comma in Dutch, a real minus, a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition

if TYPE_CHECKING:
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.text import Language

MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
SHOWN_UNITS = {"deg": "°", "cm2": "cm²", "mm2": "mm²", "kPa.s": "kPa·s", "{score}": ""}
"""UCUM units that people write otherwise; every other unit is shown as it is."""


def number(value: float, digits: int, language: Language) -> str:
    """Return a number with that many decimals; minus zero is zero."""
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    text = text.replace("-", MINUS)
    return text.replace(".", ",") if language == "nl" else text


def signed(value: float, digits: int, language: Language) -> str:
    """Return a number with its sign, plus included; zero has none."""
    text = number(value, digits, language)
    return f"+{text}" if value > 0 and text.strip("0,.") else text


def unit(ucum: str) -> str:
    """Return a unit as people write it."""
    return SHOWN_UNITS.get(ucum, ucum)


def with_unit(text: str, ucum: str) -> str:
    """Return a number with its unit: a degree sign close, all others spaced."""
    shown = unit(ucum)
    if not shown:
        return text
    return f"{text}{shown}" if shown == "°" else f"{text}{NARROW_SPACE}{shown}"


def value_of(measurement: Measurement, language: Language) -> str:
    """Return the value of a measurement without its unit, or a dash."""
    if measurement.value is None:
        return "–"
    return number(measurement.value, definition(measurement.name).digits, language)


def interval_of(measurement: Measurement, language: Language) -> str:
    """Return the 95 % interval as ``low – high``, or nothing when there is none."""
    if measurement.low is None or measurement.high is None:
        return ""
    digits = definition(measurement.name).digits
    low = number(measurement.low, digits, language)
    high = number(measurement.high, digits, language)
    return f"{low} – {high}"


def percent(fraction: float, language: Language) -> str:
    """Return a fraction as a whole percentage."""
    return with_unit(number(100.0 * fraction, 0, language), "%")
