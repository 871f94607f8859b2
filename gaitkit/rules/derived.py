"""Facts that follow from the visit itself: how long, how many, how much better.

Nothing here is judged and nothing is filled in: a number whose days or answers are
not known is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Literal

from gaitkit.model.intake import WEAK_FLAG_GROUPS, WeakFlags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.model.visit import Instrument, Prom, Visit

CHRONIC_MONTHS = 3
"""Calendar months after which low back pain is called chronic (sources S0, S1)."""

DAYS_PER_MONTH = 365.25 / 12

HealingPhase = Literal["first_days", "new_tissue", "structuring", "past"]
HEALING_DAYS: tuple[tuple[HealingPhase, int], ...] = (
    ("first_days", 5),
    ("new_tissue", 21),
    ("structuring", 61),
)
"""End of each phase, that day not included; source S4 lets them overlap at 5 and 21,
the half-open choice is gaitkit's. Day 60 still belongs to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """How long things have lasted on the day of the visit.

    Attributes
    ----------
    days, leg_days : int or None
        Since the complaint, and the pain in the leg, began.
    over_three_months : bool or None
        Longer than three calendar months (S0, S1).
    therapy_days : int or None
        Since the definitive therapy began, or else the last therapy.
    healing_phase : str or None
        Phase of the healing of connective tissue by days (S4).
    """

    days: int | None = None
    leg_days: int | None = None
    over_three_months: bool | None = None
    therapy_days: int | None = None
    healing_phase: HealingPhase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFacts:
    """Weak alarm signs that were answered yes; unanswered ones do not count.

    ``most_in_group`` is the greatest number in one group, ``unasked`` how many of the
    weak signs were not asked.
    """

    weak: int = 0
    most_in_group: int = 0
    unasked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFacts:
    """What the examination says about the legs besides lengths.

    Attributes
    ----------
    level_when_neutral : bool or None
        The pelvis is tilted in standing, and level with neutral feet or the legs
        equal lying down; None when not both were looked at.
    causes : tuple of str
        Causes by which the difference was acquired.
    months_since_surgery : float or None
        Since the latest new hip or knee, or broken bone.
    """

    level_when_neutral: bool | None = None
    causes: tuple[str, ...] = ()
    months_since_surgery: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChange:
    """One questionnaire before the therapy and at the evaluation.

    ``drop`` is the first score less the second (improvement is positive), ``share``
    that in percent of the first.
    """

    drop: float | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """How the patient's own scores changed since the therapy began.

    ``questionnaires`` counts those that were taken before and after;
    ``archive_patients`` is None for a single visit.
    """

    nprs: ScoreChange = field(default_factory=ScoreChange)
    odi: ScoreChange = field(default_factory=ScoreChange)
    rmdq: ScoreChange = field(default_factory=ScoreChange)
    questionnaires: int = 0
    archive_patients: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyFacts:
    """What was given before this visit."""

    kinds: tuple[str, ...] = ()
    definitive: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """All of these facts of one visit."""

    course: CourseFacts
    alarm: AlarmFacts
    leg: LegFacts
    outcome: OutcomeFacts
    therapy: TherapyFacts


def visit_facts(visit: Visit) -> VisitFacts:
    """Return what follows from a visit before anything is judged."""
    return VisitFacts(
        course=course_facts(visit),
        alarm=alarm_facts(visit.intake.weak_flags),
        leg=leg_facts(visit),
        outcome=outcome_facts(visit),
        therapy=therapy_facts(visit),
    )


def course_facts(visit: Visit) -> CourseFacts:
    """Return how long complaint and therapy have lasted on the day of the visit."""
    today, onset = visit.visited_on, visit.intake.onset_date
    return CourseFacts(
        days=_days(onset, today),
        leg_days=_days(visit.intake.leg_pain_since, today),
        over_three_months=None
        if onset is None or today is None
        else today > _months_later(onset, CHRONIC_MONTHS),
        therapy_days=_days(therapy_start(visit), today),
        healing_phase=healing_phase(_days(onset, today)),
    )


def healing_phase(days: int | None) -> HealingPhase | None:
    """Return the phase of the healing of connective tissue: [0, 5), [5, 21), [21, 60].

    Parameters
    ----------
    days : int or None
        Since the beginning.
    """
    if days is None or days < 0:
        return None
    return next((phase for phase, end in HEALING_DAYS if days < end), "past")


def therapy_start(visit: Visit) -> date | None:
    """Return the start of the last definitive therapy, or else of the last therapy."""
    definitive = [each.start for each in visit.therapy if each.definitive]
    starts = definitive or [each.start for each in visit.therapy]
    return max(starts, default=None)


def alarm_facts(flags: WeakFlags) -> AlarmFacts:
    """Return how many weak alarm signs are there, altogether and in one group."""
    answers = {flag.name: getattr(flags, flag.name) for flag in fields(WeakFlags)}
    yes = {name for name, answer in answers.items() if answer == "yes"}
    return AlarmFacts(
        weak=len(yes),
        most_in_group=max(len(yes & set(g)) for g in WEAK_FLAG_GROUPS.values()),
        unasked=sum(answer == "not_asked" for answer in answers.values()),
    )


def leg_facts(visit: Visit) -> LegFacts:
    """Return what the examination says about the legs besides lengths."""
    pelvis, causes = visit.examination.pelvis, visit.examination.acquired_causes
    level: bool | None = None
    looked = [x for x in (pelvis.neutral_feet, pelvis.lying) if x is not None]
    if pelvis.standing in {"left", "right"} and looked:
        level = pelvis.neutral_feet == "level" or pelvis.lying == "equal"
    elif pelvis.standing == "level":
        level = False
    days = [
        since
        for cause in causes
        if cause.cause in {"fracture", "hip_replacement", "knee_replacement"}
        and (since := _days(cause.since, visit.visited_on)) is not None
    ]
    return LegFacts(
        level_when_neutral=level,
        causes=tuple(dict.fromkeys(cause.cause for cause in causes)),
        months_since_surgery=min(days) / DAYS_PER_MONTH if days else None,
    )


def outcome_facts(visit: Visit) -> OutcomeFacts:
    """Return how each questionnaire changed: last before the start, then the latest.

    The baseline is the latest score on or before the day the therapy began; it is
    compared with the latest score after that day.
    """
    start = therapy_start(visit)
    changes = {
        name: _change(visit.proms, name, start) for name in ("NPRS", "ODI", "RMDQ")
    }
    return OutcomeFacts(
        nprs=changes["NPRS"],
        odi=changes["ODI"],
        rmdq=changes["RMDQ"],
        questionnaires=sum(each.drop is not None for each in changes.values()),
    )


def therapy_facts(visit: Visit) -> TherapyFacts:
    """Return what was given."""
    kinds = (each.kind for each in visit.therapy if each.kind is not None)
    return TherapyFacts(
        kinds=tuple(dict.fromkeys(kinds)),
        definitive=any(each.definitive for each in visit.therapy)
        if visit.therapy
        else None,
    )


def _change(
    proms: Iterable[Prom], instrument: Instrument | str, start: date | None
) -> ScoreChange:
    if start is None:
        return ScoreChange()
    of_it = sorted(
        (prom for prom in proms if prom.instrument == instrument),
        key=lambda prom: prom.taken_on,
    )
    before = [prom for prom in of_it if prom.taken_on <= start]
    after = [prom for prom in of_it if prom.taken_on > start]
    if not before or not after:
        return ScoreChange()
    drop = before[-1].score - after[-1].score
    share = 100.0 * drop / before[-1].score if before[-1].score > 0 else None
    return ScoreChange(drop=drop, share=share)


def _days(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else (last - first).days


def _months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, min(day.day, 28))
