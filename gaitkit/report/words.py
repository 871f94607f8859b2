"""The sentences of the report, from ``texts*_nl.toml`` and ``texts*_en.toml``.

Terms of the report and the plain words for them in the letter to the patient.

What rests on virtual persons alone, and how that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.model.text import Language, Text

if TYPE_CHECKING:
    from gaitkit.model.standing import BlockLine
    from gaitkit.report.inputs import ReportInputs


PARTS = (
    "texts", "texts_comparison", "texts_kit", "texts_letter", "texts_page",
    "texts_prescription",
)  # fmt: skip
"""Files of sentences: the report, the comparison of two visits, the kit, the letter,
page one, the order of insoles."""


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
    sentences: dict[str, str] = {}
    for part in PARTS:
        sentences |= dict(
            _flat(shipped_table("gaitkit.report", f"{part}_{language}.toml"))
        )
    return Words(language, sentences)


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            entries += _flat(value, f"{prefix}{key}.")
        else:
            entries.append((prefix + key, str(value)))
    return entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term that a letter avoids, and what to say instead."""

    term: Text
    plain: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainMeasure:
    """A measure as a sentence with ``{value}``, or with ``{left}`` and ``{right}``.

    ``shown`` is true for one that stands in every letter, false for one that does so
    only when left and right demonstrably differ. ``factor`` brings it into everyday
    units, in which it is told without decimals; None leaves it as it is.
    """

    text: Text
    shown: bool
    factor: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSuggestion:
    """A suggestion as a sentence, and one more for its steps where it has any."""

    text: Text
    steps: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """The tables of ``glossary.toml``; ``advice`` is by insole or advice element."""

    terms: Mapping[str, Term]
    measures: Mapping[str, PlainMeasure]
    suggestions: Mapping[str, PlainSuggestion]
    advice: Mapping[str, Text]


@cache
def glossary() -> Glossary:
    """Return the words of the letter."""
    table = shipped_table("gaitkit.report", "glossary.toml")
    return Glossary(
        terms={
            key: Term(term=Text(**each["term"]), plain=Text(**each["plain"]))
            for key, each in table["terms"].items()
        },
        measures={
            key: PlainMeasure(
                text=Text(nl=each["nl"], en=each["en"]),
                shown=each.get("shown", False),
                factor=each.get("factor"),
            )
            for key, each in table["measures"].items()
        },
        suggestions={
            key: _suggestion(each) for key, each in table["suggestions"].items()
        },
        advice={key: Text(**each) for key, each in table["advice"].items()},
    )


def _suggestion(entry: Mapping[str, str]) -> PlainSuggestion:
    steps = None
    if "steps_nl" in entry:
        steps = Text(nl=entry["steps_nl"], en=entry["steps_en"])
    return PlainSuggestion(text=Text(nl=entry["nl"], en=entry["en"]), steps=steps)


BLOCK_METHODS = {"sticker": "block_test_stickers", "landmark": "block_test_landmarks"}
"""Methods of the leg-length estimate by what a block line was read from."""


def mark(words: Words, *, unconfirmed: bool) -> tuple[str, ...]:
    """Return the remark for a number that is unconfirmed on real people, or nothing."""
    return (words("unconfirmed.mark"),) if unconfirmed else ()


def marked(text: str, words: Words, *, unconfirmed: bool) -> str:
    """Return sentences, the first with the remark before its full stop where due."""
    if not unconfirmed:
        return text
    first, stop, rest = text.partition(". ")
    return f"{first.removesuffix('.')} ({words('unconfirmed.mark')}).{stop[1:]}{rest}"


def method_unconfirmed(material: ReportInputs, method: str) -> bool:
    """Tell whether a method of the leg-length estimate is unconfirmed."""
    estimate = material.assessment.leg_length
    return estimate is not None and any(
        each.unconfirmed for each in estimate.methods if each.method == method
    )


def as_method(material: ReportInputs, line: BlockLine) -> BlockLine:
    """Return a block line that is unconfirmed also where its method is."""
    method = BLOCK_METHODS[line.source]
    return replace(
        line, unconfirmed=line.unconfirmed or method_unconfirmed(material, method)
    )


def any_unconfirmed(material: ReportInputs) -> bool:
    """Tell whether anything in the report is unconfirmed on real people."""
    assessment = material.assessment
    estimate = assessment.leg_length
    lines = [line for a in material.analyses for line in a.block_lines]
    return (
        any(m.unconfirmed for m in assessment.measurements)
        or (estimate is not None and any(m.unconfirmed for m in estimate.methods))
        or any(line.unconfirmed for line in lines)
    )
