"""Facts that follow from the visit itself: how long, how many, how much better.

Nothing here is judged and nothing is filled in: a number whose days or answers are
not known is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from gaitkit.measure.prom_change import prom_changes
from gaitkit.model.intake import (
    ACTIVE_SIGNS,
    WEAK_FLAG_GROUPS,
    FollowUpAnswers,
    find_term,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.model.intake import Answer, Intake
    from gaitkit.model.visit import FootExamination, Instrument, Prom, Visit

ON_LOAD = (
    "standing", "walking", "sport", "first_steps", "during_load", "after_load"
)  # fmt: skip
"""Activities and moments of a complaint that comes on load."""

SORE_FOREFOOT = ("metatarsal_2_4", "first_joint", "elsewhere")
"""Answers that place pain under the forefoot on load."""

CHRONIC_MONTHS = 3
"""Calendar months after which low back pain is called chronic (sources S0, S1)."""

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
YOUNG_ONSET_YEARS, EARLY_ONSET_YEARS, LATE_EPISODE_YEARS = 45.0, 40.0, 50.0
"""Ages at the onset of a complaint that guidelines name: inflammation (45; 40 in the
pattern of inflammatory back pain), a first episode (50)."""

LONG_YEARS = 5.0
"""Years of complaint that count in the referral model for inflammation, CaFaSpA 2015,
doi:10.1371/journal.pone.0131963."""

HealingPhase = Literal["first_days", "new_tissue", "structuring", "past"]
HEALING_DAYS: tuple[tuple[HealingPhase, int], ...] = (
    ("first_days", 5),
    ("new_tissue", 21),
    ("structuring", 61),
)
"""End of each phase, that day not included; source S4 lets them overlap at 5 and 21,
the half-open choice is gaitkit's. Day 60 still belongs to the last."""


Change = Literal["improved", "same", "worse", "mixed"]


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
    began_before_45, began_before_40, over_five_years : bool or None
        Age at the onset of the complaint, and whether it is that old; from age, day of
        the visit and onset, or else as it was answered.
    first_after_50 : bool or None
        The first episode of the back began at 50 or later.
    """

    began_before_45: bool | None = None
    began_before_40: bool | None = None
    over_five_years: bool | None = None
    first_after_50: bool | None = None
    days: int | None = None
    leg_days: int | None = None
    over_three_months: bool | None = None
    therapy_days: int | None = None
    healing_phase: HealingPhase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFacts:
    """Weak alarm signs that are there; unanswered ones do not count.

    Attributes
    ----------
    weak : int or None
        Active signs; None when there is none among those asked and some were not
        asked.
    active : tuple of str or None
        Which.
    most_in_group : int
        Greatest number in a group that has an active one; context counts there too.
    unasked, unsure : int
        Active signs that were not asked, or that the patient does not know.
    """

    weak: int | None = 0
    active: tuple[str, ...] | None = ()
    most_in_group: int = 0
    unasked: int = 0
    unsure: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFacts:
    """Whether a name that others gave to the complaint stands for a specific cause.

    Never which: a name is somebody's word until a physician established it.
    """

    term_specific: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PulsesOfFoot:
    """Pulses of one foot: how many were looked for, and how many of these not felt.

    ``not_felt`` is None when none was looked for.
    """

    examined: int = 0
    not_felt: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseFacts:
    """Pulses of both feet."""

    left: PulsesOfFoot = field(default_factory=PulsesOfFoot)
    right: PulsesOfFoot = field(default_factory=PulsesOfFoot)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFacts:
    """What the examination says about the legs besides lengths.

    Attributes
    ----------
    level_with_neutral_feet : bool or None
        The pelvis is tilted in standing and level with neutral feet; None when not both
        were looked at, or the second is not certain.
    equal_lying : bool or None
        It is tilted in standing, the legs are equal lying down and it is not tilted
        sitting; None when not both were looked at.
    joint_deficit_deg : float or None
        Largest extension deficit of knee or hip on the side that seems short in
        standing (of both sides where the pelvis was not looked at), deg.
    pain, both : bool or None
        There is pain in buttock or leg; it is in both.
    provoked, eased : bool or None
        Walking or standing makes it worse; sitting or bending forward eases it. None
        when nothing was told about it.
    causes : tuple of str
        Causes by which the difference was acquired.
    months_since_surgery : float or None
        Since the latest new hip or knee, or broken bone.
    """

    level_with_neutral_feet: bool | None = None
    equal_lying: bool | None = None
    joint_deficit_deg: float | None = None
    pain: bool | None = None
    both: bool | None = None
    provoked: bool | None = None
    eased: bool | None = None
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

    ``questionnaires`` counts those that were taken before and after; ``change`` says
    what they show together: improved (one or more by an important difference, none
    worse), worse, mixed (both), or the same. ``archive_patients`` is None for a single
    visit.
    """

    change: Change | None = None

    nprs: ScoreChange = field(default_factory=ScoreChange)
    odi: ScoreChange = field(default_factory=ScoreChange)
    rmdq: ScoreChange = field(default_factory=ScoreChange)
    questionnaires: int = 0
    archive_patients: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyFacts:
    """What was given before this visit; ``evaluated`` when some of it had begun."""

    evaluated: bool = False
    kinds: tuple[str, ...] = ()
    definitive: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFacts:
    """What the answers about the complaint say together.

    Attributes
    ----------
    on_load : bool or None
        The pain comes on standing, walking, sport or load of the foot; None when
        nothing that was told says so or excludes it.
    """

    on_load: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """All of these facts of one visit."""

    complaint: ComplaintFacts

    course: CourseFacts
    alarm: AlarmFacts
    cause: CauseFacts
    pulses: PulseFacts
    leg: LegFacts
    outcome: OutcomeFacts
    therapy: TherapyFacts


def visit_facts(visit: Visit) -> VisitFacts:
    """Return what follows from a visit before anything is judged."""
    return VisitFacts(
        complaint=ComplaintFacts(on_load=_on_load(visit)),
        course=course_facts(visit),
        alarm=alarm_facts(visit),
        cause=CauseFacts(term_specific=_term_specific(visit.intake)),
        pulses=PulseFacts(
            left=_pulses(visit.examination.left),
            right=_pulses(visit.examination.right),
        ),
        leg=leg_facts(visit),
        outcome=outcome_facts(visit),
        therapy=therapy_facts(visit),
    )


def course_facts(visit: Visit) -> CourseFacts:
    """Return how long complaint and therapy have lasted on the day of the visit."""
    today, onset = visit.visited_on, visit.intake.onset_date
    age = _age_at_onset(visit)
    told, weak = visit.intake.background, visit.intake.weak_flags
    late = None if age is None else age >= LATE_EPISODE_YEARS
    if told.earlier_episodes == "yes":
        late = False
    elif told.earlier_episodes != "no" and late:
        late = None
    days = _days(onset, today)
    return CourseFacts(
        began_before_45=_said(weak.onset_before_45)
        if age is None
        else age < YOUNG_ONSET_YEARS,
        began_before_40=None if age is None else age < EARLY_ONSET_YEARS,
        over_five_years=None if days is None else days > LONG_YEARS * DAYS_PER_YEAR,
        first_after_50=_said(weak.first_episode_after_50) if late is None else late,
        days=_days(onset, today),
        leg_days=_days(visit.intake.leg_pain_since, today),
        over_three_months=None
        if onset is None or today is None
        else today > _months_later(onset, CHRONIC_MONTHS),
        therapy_days=_days(therapy_start(visit), today),
        healing_phase=healing_phase(_days(onset, today)),
    )


def _on_load(visit: Visit) -> bool | None:
    told = visit.intake
    feet = (visit.examination.left, visit.examination.right)
    named = (*told.aggravating, *told.pain_moments)
    sore = any(foot.forefoot_pain in SORE_FOREFOOT for foot in feet)
    if told.worse_on_load == "yes" or sore or set(named) & set(ON_LOAD):
        return True
    excluded = told.worse_on_load == "no" or bool(told.aggravating)
    return False if excluded and told.worse_on_load != "unsure" else None


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


def alarm_facts(visit: Visit) -> AlarmFacts:
    """Return how many weak alarm signs are there, altogether and in one group."""
    flags = visit.intake.weak_flags
    yes = {
        name
        for group in WEAK_FLAG_GROUPS.values()
        for name in group
        if getattr(flags, name) == "yes"
    }
    late = course_facts(visit).first_after_50
    yes = (yes - {"first_episode_after_50"}) | (
        {"first_episode_after_50"} if late else set()
    )
    active = tuple(name for name in ACTIVE_SIGNS if name in yes)
    groups = (set(g) for g in WEAK_FLAG_GROUPS.values() if set(g) & set(active))
    answers = [getattr(flags, name) for name in ACTIVE_SIGNS]
    known = bool(active) or set(answers) <= {"yes", "no"}
    return AlarmFacts(
        weak=len(active) if known else None,
        active=active if known else None,
        most_in_group=max((len(yes & group) for group in groups), default=0),
        unasked=answers.count("not_asked"),
        unsure=answers.count("unsure"),
    )


def leg_facts(visit: Visit) -> LegFacts:
    """Return what the examination says about the legs besides lengths."""
    pelvis, causes = visit.examination.pelvis, visit.examination.acquired_causes
    neutral = None if pelvis.neutral_feet == "unsure" else pelvis.neutral_feet
    tilted = None if pelvis.standing is None else pelvis.standing != "level"
    equal = pelvis.lying == "equal" and pelvis.sitting in {None, "level"}
    days = [
        since
        for cause in causes
        if cause.cause in {"fracture", "hip_replacement", "knee_replacement"}
        and (since := _days(cause.since, visit.visited_on)) is not None
    ]
    return LegFacts(
        level_with_neutral_feet=_when(tilted, neutral, holds=neutral == "level"),
        equal_lying=_when(tilted, pelvis.lying, holds=equal),
        joint_deficit_deg=_joint_deficit(visit),
        pain=_leg_pain(visit.intake),
        both=_both_legs(visit.intake),
        provoked=_told_of(
            visit.intake.aggravating,
            ("standing", "walking"),
            (visit.intake.legs.standing_provokes,),
        ),
        eased=_told_of(
            visit.intake.easing,
            ("sitting", "bending"),
            (
                visit.intake.legs.eased_sitting,
                visit.intake.legs.eased_bending_forward,
            ),
        ),
        causes=tuple(dict.fromkeys(cause.cause for cause in causes)),
        months_since_surgery=min(days) / DAYS_PER_MONTH if days else None,
    )


def _when(tilted: bool | None, found: object, *, holds: bool) -> bool | None:
    """Return whether a tilt in standing goes in another position."""
    if tilted is False:
        return False
    return None if tilted is None or found is None else holds


def _joint_deficit(visit: Visit) -> float | None:
    examination, higher = visit.examination, visit.examination.pelvis.standing
    feet = [
        foot
        for side, foot in (("left", examination.left), ("right", examination.right))
        if higher != side
    ]
    found = [
        deficit
        for foot in feet
        for deficit in (foot.knee_extension_deficit_deg, foot.hip_extension_deficit_deg)
        if deficit is not None
    ]
    return max(found, default=None)


def _leg_pain(told: Intake) -> bool | None:
    if told.legs.sites or told.pain_site == "leg" or told.leg_worse_than_back == "yes":
        return True
    return None if told.radiation is None else told.radiation != "none"


def _told_of(
    named: tuple[str, ...], sought: tuple[str, ...], answers: tuple[Answer, ...]
) -> bool | None:
    """Return whether something was named among activities or answered with yes."""
    if set(named) & set(sought) or "yes" in answers:
        return True
    told = bool(named) or set(answers) == {"no"}
    return False if told and "unsure" not in answers else None


def _both_legs(told: Intake) -> bool | None:
    side = told.legs.side or told.radiation_side
    if side is None and told.pain_site == "leg":
        side = told.pain_side if told.pain_side != "middle" else None
    return None if side is None else side == "both"


def _pulses(foot: FootExamination) -> PulsesOfFoot:
    felt = (foot.pulses.dorsalis_pedis, foot.pulses.tibialis_posterior)
    return PulsesOfFoot(
        examined=sum(each is not None for each in felt),
        not_felt=felt.count("not_felt") if any(felt) else None,
    )


def _term_specific(told: Intake) -> bool:
    found = (find_term(word) for word in told.reported_terms)
    return any(term is not None and term.class_ == "specific" for term in found)


def _age_at_onset(visit: Visit) -> float | None:
    """Return the age at the onset of this complaint in years, None when not known."""
    days = _days(visit.intake.onset_date, visit.visited_on)
    age = visit.subject.age_years
    return None if days is None or age is None else age - days / DAYS_PER_YEAR


def _said(answer: Answer) -> bool | None:
    return {"yes": True, "no": False}.get(answer)


def outcome_facts(visit: Visit) -> OutcomeFacts:
    """Return how each questionnaire changed: last before the start, then the latest.

    The baseline is the latest score on or before the day the therapy began; it is
    compared with the latest score after that day.
    """
    start = therapy_start(visit)
    pairs = {
        name: pair
        for name in ("NPRS", "ODI", "RMDQ")
        if (pair := _before_and_after(visit.proms, name, start)) is not None
    }
    changes = {name: _change(*pair) for name, pair in pairs.items()}
    none = ScoreChange()
    return OutcomeFacts(
        change=_together(pairs.values()),
        nprs=changes.get("NPRS", none),
        odi=changes.get("ODI", none),
        rmdq=changes.get("RMDQ", none),
        questionnaires=len(pairs),
    )


def therapy_facts(visit: Visit) -> TherapyFacts:
    """Return what was given."""
    kinds = (each.kind for each in visit.therapy if each.kind is not None)
    today = visit.visited_on
    return TherapyFacts(
        evaluated=visit.follow_up != FollowUpAnswers()
        or (today is not None and any(each.start < today for each in visit.therapy)),
        kinds=tuple(dict.fromkeys(kinds)),
        definitive=any(each.definitive for each in visit.therapy)
        if visit.therapy
        else None,
    )


def _before_and_after(
    proms: Iterable[Prom], instrument: Instrument | str, start: date | None
) -> tuple[Prom, Prom] | None:
    if start is None:
        return None
    of_it = sorted(
        (prom for prom in proms if prom.instrument == instrument),
        key=lambda prom: prom.taken_on,
    )
    before = [prom for prom in of_it if prom.taken_on <= start]
    after = [prom for prom in of_it if prom.taken_on > start]
    return (before[-1], after[-1]) if before and after else None


def _change(before: Prom, after: Prom) -> ScoreChange:
    drop = before.score - after.score
    share = 100.0 * drop / before.score if before.score > 0 else None
    return ScoreChange(drop=drop, share=share)


def _together(pairs: Iterable[tuple[Prom, Prom]]) -> Change | None:
    """Return what all questionnaires say together, None without any."""
    verdicts = {
        change.verdict
        for before, after in pairs
        for change in prom_changes((before,), (after,))
    }
    if not verdicts:
        return None
    if {"improved", "worse"} <= verdicts:
        return "mixed"
    if "improved" in verdicts:
        return "improved"
    return "worse" if "worse" in verdicts else "same"


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
