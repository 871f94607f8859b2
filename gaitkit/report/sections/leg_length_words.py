"""The leg-length estimate in plain words, for its chapter and for the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.chance import reaches, said, strongest_without_imaging
from gaitkit.model.side import Side
from gaitkit.report.numbers import number
from gaitkit.rules.wording import with_unit

if TYPE_CHECKING:
    from gaitkit.model.leg_length import ChanceRange, LegLengthEstimate, Way
    from gaitkit.report.words import Words

PEOPLE = 100
"""Natural frequencies are told of this many."""


def longer(estimate: LegLengthEstimate) -> Side:
    """Return the leg that the best estimate says is longer."""
    return Side.LEFT if estimate.mean_mm >= 0 else Side.RIGHT


def p_longer(estimate: LegLengthEstimate) -> ChanceRange:
    """Return the probability that the leg of the best estimate is the longer one."""
    way: Way = "left" if longer(estimate) is Side.LEFT else "right"
    return estimate.chance_over(0.0, way=way)


def headline(estimate: LegLengthEstimate, words: Words) -> str:
    """Return the estimate in one or two sentences, seen from the longer leg.

    The leg is named as the longer one with the probability of exactly that.
    """
    side, probability = longer(estimate), p_longer(estimate).least
    ends = (estimate.low_mm, estimate.high_mm)
    if side is Side.RIGHT:
        ends = (-estimate.high_mm, -estimate.low_mm)
    strongest = 1.0 if estimate.imaged else strongest_without_imaging()
    chance = said(probability, strongest=strongest).of(words.language)
    text = words(
        "leg_length.longer" if reaches(probability, "probable") else "leg_length.open",
        leg=words(f"leg_length.{side}_leg"),
        said=chance,
        value=millimetres(abs(estimate.mean_mm), words),
        low=number(ends[0], 1, words.language),
        high=millimetres(ends[1], words),
    )
    if ends[0] >= 0:
        return text
    other = words(f"leg_length.{side.other}_leg")
    return f"{text} {words('leg_length.below_zero', other=other)}"


def millimetres(value: float, words: Words) -> str:
    """Return a length with one decimal and its unit."""
    return with_unit(number(value, 1, words.language), "mm")


def frequencies(chance: ChanceRange, words: Words, *, short: bool = False) -> str:
    """Return of how many of a hundred people something holds, under both priors."""
    least = frequency(chance.least, words, short=short)
    most = frequency(chance.most, words, short=short)
    if least == most:
        return least
    return words("leg_length.range", least=least, most=most)


def frequency(probability: float, words: Words, *, short: bool = False) -> str:
    """Return of how many of a hundred people something holds, none and all avoided."""
    count = round(100.0 * probability)
    if count == 0:
        return "< 1" if short else words("leg_length.fewer_than_one")
    if count == PEOPLE:
        return "> 99" if short else words("leg_length.more_than_99")
    return str(count)
