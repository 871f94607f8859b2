"""Questionnaires before and after, against the minimal important change.

A change is important when it reaches the points or the fraction of the first score that
``proms.toml`` names, whichever comes first (Ostelo 2008). An important change is a
change that patients notice on average; it proves no effect of a treatment, for
complaints also go by themselves and high scores fall by themselves (regression to the
mean).

References
----------
Ostelo RW et al. (2008). Spine 33:90-94. doi:10.1097/BRS.0b013e31815e3a10
Kamper SJ et al. (2010), recovery. PMC2989296
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.model.comparison import Evaluation, PromChange
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, timedelta

    from gaitkit.model.comparison import PromVerdict
    from gaitkit.model.visit import Prom, Therapy


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """What counts as change in one questionnaire.

    Attributes
    ----------
    label, source : Text
        Its name; where the limits come from.
    confirmed : bool
        True when the limits were read in their source.
    mic, mic_relative : float or None
        Points, and fraction of the score before, from which a change is important.
    recovered_at_most : float or None
        Highest score that counts as recovered.
    higher_is_better : bool
        True for a questionnaire of what one can do; the others ask for complaints.
    success_at_most, better_at_most : float or None
        For a questionnaire that asks for the change itself: highest answer that is a
        success, and highest that is better at all.
    """

    label: Text
    source: Text
    confirmed: bool
    mic: float | None = None
    mic_relative: float | None = None
    recovered_at_most: float | None = None
    success_at_most: float | None = None
    better_at_most: float | None = None
    higher_is_better: bool = False

    def gain(self, before: float, after: float) -> float:
        """Return by how many points a score became better; below zero: worse."""
        return after - before if self.higher_is_better else before - after


def questionnaire(name: str) -> Questionnaire | None:
    """Return what counts as change in a questionnaire, None for an unknown one."""
    return _table().get(name)


def important(before: float, after: float, known: Questionnaire) -> bool:
    """Return True when a score improved by the minimal important change or more."""
    gain = known.gain(before, after)
    if gain <= 0.0:
        return False
    enough = known.mic is not None and gain >= known.mic
    share = known.mic_relative is not None and gain >= known.mic_relative * before
    return enough or share


def prom_changes(
    before: Sequence[Prom], after: Sequence[Prom]
) -> tuple[PromChange, ...]:
    """Return the change of every questionnaire.

    Parameters
    ----------
    before, after : sequence of Prom
        Of two visits; the last score of each counts.

    Returns
    -------
    tuple of PromChange
        One for each questionnaire that both visits have, and the global perceived
        effect of the second. A score that the second visit only repeats from the
        first (same day) is no second score and is left out.
    """
    olds, news = _last(before), _last(after)
    found = (
        _one(known, olds.get(name), new)
        for name, new in news.items()
        if (known := questionnaire(name)) is not None
    )
    return tuple(each for each in found if each is not None)


def evaluation(
    therapy: Sequence[Therapy], on: date, *, window: tuple[timedelta, timedelta]
) -> Evaluation | None:
    """Return where an evaluation lies in its window.

    Parameters
    ----------
    therapy : sequence of Therapy
        What was given.
    on : date
        Day of the evaluation.
    window : tuple of timedelta
        First and last day after the start, included.

    Returns
    -------
    Evaluation or None
        Counted from the last definitive therapy that began by then, without one from
        the last of any kind; None when none had begun.
    """
    begun = [each for each in therapy if each.start <= on]
    chosen = [each for each in begun if each.definitive] or begun
    if not chosen:
        return None
    last = max(chosen, key=lambda each: each.start)
    first_day, last_day = (last.start + step for step in window)
    status = "early" if on < first_day else "late" if on > last_day else "in_window"
    return Evaluation(
        start=last.start,
        definitive=last.definitive,
        from_=first_day,
        to=last_day,
        days=(on - last.start).days,
        status=status,  # type: ignore[arg-type]
    )


def _one(known: Questionnaire, old: Prom | None, new: Prom) -> PromChange | None:
    if old is not None and old.taken_on >= new.taken_on:
        return None
    asks_change = known.success_at_most is not None
    if old is None and not asks_change:
        return None
    change = None if old is None or asks_change else new.score - old.score
    relative = None
    if old is not None and change is not None and old.score > 0.0:
        relative = change / old.score
    recovered = None
    if known.recovered_at_most is not None:
        recovered = new.score <= known.recovered_at_most
    return PromChange(
        label=known.label,
        before=None if asks_change else old,
        after=new,
        change=change,
        relative=relative,
        mic=known.mic,
        mic_relative=known.mic_relative,
        verdict=_verdict(known, old, new),
        recovered=recovered,
        source=known.source,
    )


def _verdict(known: Questionnaire, old: Prom | None, new: Prom) -> PromVerdict:
    if known.success_at_most is not None:
        return "success" if new.score <= known.success_at_most else "other"
    if old is None:
        return "other"
    if important(old.score, new.score, known):
        return "improved"
    worse = known.mic is not None and known.gain(new.score, old.score) >= known.mic
    return "worse" if worse else "no_important_change"


def _last(proms: Iterable[Prom]) -> dict[str, Prom]:
    found: dict[str, Prom] = {}
    for prom in sorted(proms, key=lambda each: each.taken_on):
        found[prom.instrument] = prom
    return found


@cache
def _table() -> dict[str, Questionnaire]:
    table = shipped_table("gaitkit.measure", "proms.toml")
    return {
        name: Questionnaire(
            **{
                **entry,
                "label": Text(**entry["label"]),
                "source": Text(**entry["source"]),
            }
        )
        for name, entry in table.items()
    }
