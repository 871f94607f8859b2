"""Limits that no rule set can lift (``limits.toml``): beyond them, the clinician."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.model.wording import both, number_with_unit

if TYPE_CHECKING:
    from gaitkit.model.plan import Suggestion
    from gaitkit.model.text import Text
    from gaitkit.rules.rule import RuleSet

POSTING = "total_rearfoot_posting"


@dataclass(frozen=True, slots=True, kw_only=True)
class HardLimit:
    """The highest dose of one element, with its UCUM unit and where it comes from."""

    element: str
    most: float
    unit: str
    source: str
    confirmed: bool

    @property
    def text(self) -> Text:
        """The limit as people write it."""
        return both(
            lambda language: number_with_unit(
                self.most, digits=0, unit=self.unit, language=language
            )
        )


@cache
def hard_limits() -> dict[str, HardLimit]:
    """Return every hard limit by its element."""
    tables = shipped_table("gaitkit.plan", "limits.toml")
    return {name: HardLimit(element=name, **table) for name, table in tables.items()}


def within_limits(suggestion: Suggestion, rule_set: RuleSet) -> Suggestion:
    """Return a suggestion as it is, or without numbers when one lies beyond a limit.

    Parameters
    ----------
    suggestion : Suggestion
        With dose, range, steps and target.
    rule_set : RuleSet
        For the words.

    Returns
    -------
    Suggestion
        Beyond a hard limit, in another unit or below zero: the text says that it
        needs the clinician, and no number is left.
    """
    limit = _limit_of(suggestion)
    doses = (
        suggestion.amount, suggestion.low, suggestion.high, suggestion.target,
        *suggestion.steps,
    )  # fmt: skip
    known = [dose for dose in doses if dose is not None]
    if limit is None or not known:
        return suggestion
    if suggestion.unit == limit.unit and all(0 <= dose <= limit.most for dose in known):
        return suggestion
    phrases = rule_set.phrases
    element = rule_set.answer(suggestion.element or suggestion.kind)
    needs = phrases.needs_clinician.filled(element=element, most=limit.text)
    return replace(
        suggestion,
        text=both(
            lambda language: f"{needs.of(language)}; {phrases.decides.of(language)}"
        ),
        amount=None,
        unit=None,
        low=None,
        high=None,
        target=None,
        steps=(),
        step_dates=(),
    )


def with_limit(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion with the hard limit of its element, where it has one."""
    limit = _limit_of(suggestion)
    return suggestion if limit is None else replace(suggestion, most=limit.most)


def _limit_of(suggestion: Suggestion) -> HardLimit | None:
    known = hard_limits()
    return known.get(suggestion.element or "") or (
        known["heel_raise"] if suggestion.kind == "heel_raise" else None
    )
