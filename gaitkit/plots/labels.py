"""Words on the figures, from ``labels.toml``."""

from __future__ import annotations

from functools import cache

from gaitkit.doors import shipped_table
from gaitkit.model.text import Language, Text


def label(key: str, language: Language, **values: object) -> str:
    """Return the words of a key such as ``axis.time`` in one language.

    Raises
    ------
    KeyError
        If the key is not in ``labels.toml`` or a placeholder has no value.
    """
    return _labels()[key].of(language).format(**values)


def known(key: str) -> bool:
    """Return whether ``labels.toml`` has that key."""
    return key in _labels()


@cache
def _labels() -> dict[str, Text]:
    table = shipped_table("gaitkit.plots", "labels.toml")
    return {
        f"{group}.{name}": Text(**words)
        for group, entries in table.items()
        for name, words in entries.items()
    }
