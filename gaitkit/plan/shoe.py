"""Shoe advice: the seven points of the sources, and the height of the heel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.text import Text
from gaitkit.rules.wording import both, listed, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.model.intake import Shoes
    from gaitkit.rules.rule import RuleSet

POINTS = (
    "firmness", "heel_height", "flexibility", "sole_material", "ball_line",
    "upper_stability", "heel_counter",
)  # fmt: skip
"""Firmness, heel height, flexibility from S0; the other four, and heel height, from
S1. Their names in words stand in ``answers.toml``."""


def points_text(shoes: Shoes, rule_set: RuleSet) -> Text:
    """Return the seven points: those that need attention, are unknown, are good."""
    phrases = rule_set.phrases
    groups = (
        (phrases.shoe_poor, {"poor", "moderate"}),
        (phrases.shoe_unknown, {None}),
        (phrases.shoe_good, {"good"}),
    )
    told = (
        phrase.filled(points=_named(points, rule_set))
        for phrase, ratings in groups
        if (points := [p for p in POINTS if getattr(shoes, p) in ratings])
    )
    return listed(told) or Text(nl="–", en="–")


def heel_text(shoes: Shoes, rule_set: RuleSet, *, raise_mm: float) -> Text | None:
    """Return the height of the heel with the raise, or None when it is not known.

    Parameters
    ----------
    shoes : Shoes
        With the height of the heel, mm.
    rule_set : RuleSet
        Holds ``total_heel_high`` and the words.
    raise_mm : float
        Highest raise of the plan, mm; 0 without one.
    """
    if shoes.heel_height_mm is None:
        return None
    total = shoes.heel_height_mm + raise_mm
    phrases = rule_set.phrases
    high = total > rule_set.limit("total_heel_high").value
    phrase = phrases.heel_too_high if high else phrases.heel_total
    return phrase.filled(
        amount=both(
            lambda language: number(total, digits=0, unit="mm", language=language)
        )
    )


def _named(points: Iterable[str], rule_set: RuleSet) -> Text:
    names = (rule_set.answer(point) for point in points)
    return listed(names, separator=", ") or Text(nl="–", en="–")
