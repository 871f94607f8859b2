"""The words of chance: one home for what "probably" and plus-minus mean.

The two numbers of the normal distribution that the whole of gaitkit uses stand here.

The words, their limits and source stand in ``chance.toml``. A probability is worded
together with the sentence whose probability it is (`said`), never by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gaitkit.doors import shipped_table
from gaitkit.model.text import Text

Level = Literal["even", "rather", "probable", "very_probable"]
LEVELS: tuple[Level, ...] = ("even", "rather", "probable", "very_probable")

LEAST_SHOWN, MOST_SHOWN = 0.01, 0.99
"""A probability is never shown as 0 or 100 %: below and above these it says so."""

COVERAGE = 0.95
"""Probability that the true value lies in an interval ``low`` to ``high``; the half of
that interval is what plus-minus tells."""

LEAST_INSIDE = 0.90
"""Where such intervals held the reference in fewer recordings, each value is marked."""

Z_95 = 1.959963984540054
"""Standard deviations to each side of the mean within which 95 % of a normal
distribution lies."""

MAD_TO_SD = 1.4826
"""Standard deviation over median absolute deviation of a normal distribution."""

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceWord:
    """A word of chance and the probability from which it is used."""

    key: Level
    at_least: float
    word: Text


def chance_words() -> tuple[ChanceWord, ...]:
    """Return the words, the weakest first."""
    return tuple(
        ChanceWord(
            key=raw["key"],
            at_least=float(raw["from"]),
            word=Text(nl=raw["nl"], en=raw["en"]),
        )
        for raw in _table()["words"]
    )


def level_of(probability: float) -> Level | None:
    """Return the level of a probability; None where the opposite is more probable."""
    held = [each.key for each in _ladder() if probability >= each.at_least]
    return held[-1] if held else None


def reaches(probability: float, level: Level) -> bool:
    """Tell whether a probability is worded at least as strongly as a level."""
    own = level_of(probability)
    return own is not None and LEVELS.index(own) >= LEVELS.index(level)


def word_of(probability: float) -> Text | None:
    """Return the word of a probability; None where the opposite is more probable."""
    level = level_of(probability)
    return next((each.word for each in _ladder() if each.key == level), None)


def percent_of(probability: float) -> Text:
    """Return a probability in whole percent, never as none or all."""
    if probability < LEAST_SHOWN:
        return Text(nl=f"minder dan 1{NARROW_SPACE}%", en=f"less than 1{NARROW_SPACE}%")
    if probability > MOST_SHOWN:
        return Text(nl=f"meer dan 99{NARROW_SPACE}%", en=f"more than 99{NARROW_SPACE}%")
    shown = f"{100.0 * probability:.0f}{NARROW_SPACE}%"
    return Text(nl=shown, en=shown)


def strongest_without_imaging() -> float:
    """Return the probability as which a surer one about the legs is worded."""
    key = _table()["without_imaging"]["strongest"]
    return next(each.at_least for each in _ladder() if each.key == key)


def said(probability: float, *, strongest: float = 1.0) -> Text:
    """Return ``probably (chance 88 %)``; below one half the chance alone.

    ``strongest`` is the probability as which a surer one is worded.
    """
    percent, word = percent_of(probability), word_of(min(probability, strongest))
    chance = Text(nl=f"kans {percent.nl}", en=f"chance {percent.en}")
    if word is None:
        return chance
    return Text(nl=f"{word.nl} ({chance.nl})", en=f"{word.en} ({chance.en})")


def plus_minus() -> Text:
    """Return what plus-minus means."""
    raw = _table()["plus_minus"]
    return Text(nl=raw["nl"], en=raw["en"])


def chance_by_hand(sentence: str, language: Literal["nl", "en"]) -> tuple[str, ...]:
    """Return the words of chance that somebody wrote into a sentence by hand."""
    return tuple(m.group() for m in _by_hand(language).finditer(sentence.lower()))


@cache
def _ladder() -> tuple[ChanceWord, ...]:
    return chance_words()


@cache
def _by_hand(language: Literal["nl", "en"]) -> re.Pattern[str]:
    starts = "|".join(f"(?:{each})" for each in _table()["by_hand"][language])
    return re.compile(rf"\b(?:{starts})\w*")


@cache
def _table() -> dict[str, Any]:
    return shipped_table("gaitkit.model", "chance.toml")
