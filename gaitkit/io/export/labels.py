"""What the codes of a result are called, for cells that people read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.text import Text

if TYPE_CHECKING:
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
