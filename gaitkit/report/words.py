"""The sentences of the report, from ``texts*_nl.toml`` and ``texts*_en.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gaitkit.model.text import Language

PARTS = ("texts", "texts_comparison", "texts_kit", "texts_letter")
"""Files of sentences: the report, the comparison of two visits, the kit, the letter."""


@dataclass(frozen=True, slots=True)
class Words:
    """Looks up the sentences of one language.

    Attributes
    ----------
    language : {"nl", "en"}
        The language.
    sentences : mapping of str to str
        Sentence by key such as ``summary.measured``.
    """

    language: Language
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence of a key, its placeholders filled in.

        Raises
        ------
        KeyError
            If the key or a placeholder is missing: a bug.
        """
        return self.sentences[key].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return ``key.one`` or ``key.many``, with ``{n}`` filled in."""
        form = "one" if number == 1 else "many"
        return self(f"{key}.{form}", n=number, **values)


@cache
def words(language: Language) -> Words:
    """Return the sentences of a language."""
    folder = resources.files("gaitkit.report")
    sentences: dict[str, str] = {}
    for part in PARTS:
        source = folder / f"{part}_{language}.toml"
        sentences |= dict(_flat(tomllib.loads(source.read_text(encoding="utf-8"))))
    return Words(language, sentences)


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            entries += _flat(value, f"{prefix}{key}.")
        else:
            entries.append((prefix + key, str(value)))
    return entries
