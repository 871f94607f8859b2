"""What the codes of a result are called, for cells that people read.

Doses in words, for what is exchanged: with the comma of the language.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from gaitkit.model.decisions import Decided
    from gaitkit.model.plan import Suggestion
    from gaitkit.model.side import Side
    from gaitkit.model.text import Language


BETWEEN = ", "
"""Between the parts of a method."""


def side_label(side: Side | None, language: Language) -> str | None:
    """Return what a side is called."""
    return None if side is None else _label("side", side, language)


def region_label(region: str | None, language: Language) -> str | None:
    """Return what a region of the foot, an angle or a compared measure is called."""
    if region is None:
        return None
    if region in _measures():
        return definition(region).label.of(language)
    return _label("region", region, language)


def method_label(method: str, language: Language) -> str | None:
    """Return what a method is called, None for none; unknown parts stay as they are."""
    if not method:
        return None
    if method in _labels()["method"]:
        return _label("method", method, language)
    parts = method.split(BETWEEN)
    return BETWEEN.join(_label("method", part, language) for part in parts)


def quality_label(quality: str, language: Language) -> str:
    """Return what the quality of a measurement is called."""
    return _label("quality", quality, language)


def _label(group: str, code: str, language: Language) -> str:
    found = _labels()[group].get(code)
    return code if found is None else found.of(language)


@cache
def _measures() -> frozenset[str]:
    return frozenset(each.name for each in definitions())


@cache
def _labels() -> dict[str, dict[str, Text]]:
    tables = shipped_table("gaitkit.io.export", "labels.toml")
    return {
        group: {code: Text(**label) for code, label in table.items()}
        for group, table in tables.items()
    }


UNITS = {"deg": "\N{DEGREE SIGN}"}
BEYOND = Text(
    nl="boven de grens van gaitkit ({most}): dit vraagt een behandelaar, keuze van de "
    "podotherapeut",
    en="beyond the limit of gaitkit ({most}): this needs the clinician, chosen by the "
    "podotherapist",
)
"""As in the report."""


def dose(value: float, unit: str | None, language: Language) -> str:
    """Return a dose with its unit, such as ``7,5 mm``."""
    number = f"{value:g}"
    if language == "nl":
        number = number.replace(".", ",")
    sign = UNITS.get(unit or "")
    return f"{number}{sign}" if sign else f"{number} {unit or ''}".strip()


def beyond_limit(item: Decided, language: Language) -> str | None:
    """Return the remark for a chosen dose beyond the hard limit, or None."""
    if item.beyond is None or item.standing is None:
        return None
    return BEYOND.of(language).format(
        most=dose(item.beyond, item.standing.unit, language)
    )


def named(suggestion: Suggestion, language: Language) -> str:
    """Return element and side of a suggestion in words."""
    name = suggestion.label.of(language) if suggestion.label else suggestion.element
    side = side_label(suggestion.side, language)
    return " ".join(filter(None, (name or suggestion.kind, side)))
