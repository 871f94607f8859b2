"""Sentences for people, always complete in Dutch and English.

Reading the annotations of a dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

Language = Literal["nl", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One sentence in the two languages of gaitkit."""

    nl: str
    en: str

    def __post_init__(self) -> None:
        """Refuse a text that is missing in a language."""
        if not self.nl.strip() or not self.en.strip():
            msg = f"a text needs both languages, got nl={self.nl!r}, en={self.en!r}"
            raise ValueError(msg)

    def of(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.nl if language == "nl" else self.en

    def filled(self, **values: object) -> Text:
        """Return the text with its ``{placeholders}`` filled in both languages.

        A value that is itself a `Text` is filled in by language; a number is written
        as people of that language write it: 30 for 30.0, and 0,5 in Dutch.
        """
        return Text(
            nl=self.nl.format(**{k: _in(v, "nl") for k, v in values.items()}),
            en=self.en.format(**{k: _in(v, "en") for k, v in values.items()}),
        )


def _in(value: object, language: Language) -> object:
    if isinstance(value, Text):
        return value.of(language)
    if not isinstance(value, float):
        return value
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    return plain.replace(".", ",") if language == "nl" else plain


def without_none(kind: Any) -> Any:  # noqa: ANN401 - a type, possibly ``X | None``
    """Return ``X`` for ``X | None``, and any other type as it is."""
    if get_origin(kind) in {Union, UnionType}:
        return next(part for part in get_args(kind) if part is not type(None))
    return kind
