"""Doses in words, for what is exchanged: with the comma of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.io.export.labels import side_label
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from gaitkit.model.decisions import Decided
    from gaitkit.model.plan import Suggestion
    from gaitkit.model.text import Language

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
