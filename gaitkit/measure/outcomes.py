"""Outcome of a set of courses: shares with their interval, and what they are not.

Definitions, windows and the smallest number of people stand in ``outcomes.toml`` and
are fixed before anybody looks. A share has Wilson's 95 % interval; where therapists or
practices are known, the number of people is divided by the design effect
``1 + (m - 1) rho`` with ``m`` the mean cluster size and ``rho`` the intraclass
correlation (analysis of variance, never below 0). Everybody who started with
complaints is in the denominator of the two bounds; the share of those measured stands
between them.

The figures have no control group: they hold natural course, regression to the mean and
the choice of who answers, and are no effect of a treatment and no chance for a person.

References
----------
Wilson EB (1927). doi:10.1080/01621459.1927.10502953
Donner A (1986), intraclass correlation and design effect. doi:10.2307/1403259

The definitions by which outcomes are counted, as ``outcomes.toml`` fixes them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from gaitkit.doors import shipped_table
from gaitkit.measure.prom_change import important, questionnaire
from gaitkit.model.chance import Z_95
from gaitkit.model.outcomes import (
    GroupName,
    OutcomeGroup,
    OutcomeReport,
    OutcomeResult,
    Proportion,
)
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gaitkit.model.outcomes import Course, OutcomeVerdict


ANY_CHANGE = 1.0
"""Points of NPRS: the smallest step that the scale has."""

Days = tuple[int, int]
"""First and last day after the start, both included."""


def outcomes(courses: Sequence[Course]) -> OutcomeReport:
    """Return the outcome of a set of courses.

    Parameters
    ----------
    courses : sequence of Course
        One for each person who started, also when nothing was heard of them again:
        leaving those out makes every share too high.

    Returns
    -------
    OutcomeReport
        For everybody, and for those with and without a leg-length difference where
        that is known. Below the fewest people no share is given.
    """
    rules = outcome_rules()
    eligible = [c for c in courses if _score(c, "NPRS", rules.baseline_days, 0) != 0.0]
    members: dict[GroupName, list[Course]] = {
        "all": eligible,
        "leg_length_difference": [c for c in eligible if c.leg_length_difference],
        "no_leg_length_difference": [
            c for c in eligible if c.leg_length_difference is False
        ],
    }
    return OutcomeReport(
        revision=rules.revision,
        courses=len(courses),
        painless_at_start=len(courses) - len(eligible),
        groups=tuple(
            OutcomeGroup(
                name=name,
                label=rules.groups[name],
                results=tuple(_result(d, group, rules) for d in rules.definitions),
            )
            for name, group in members.items()
            if group or name == "all"
        ),
        notes=rules.notes,
    )


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    Parameters
    ----------
    share : float
        Observed share, 0 to 1.
    n : float
        Number of people, or the effective number; above 0.

    Returns
    -------
    tuple of float
        Lowest and highest true share, 0 to 1.
    """
    z2 = Z_95**2
    middle = share + z2 / (2.0 * n)
    half = Z_95 * math.sqrt(share * (1.0 - share) / n + z2 / (4.0 * n**2))
    scale = 1.0 + z2 / n
    return max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)


def design_effect(successes: Mapping[str, Sequence[bool]]) -> float | None:
    """Return by which factor clusters widen the variance of a share.

    Parameters
    ----------
    successes : mapping of str to sequence of bool
        Outcomes by cluster.

    Returns
    -------
    float or None
        ``1 + (m - 1) rho``, at least 1; None with fewer than two clusters or without
        a cluster of two, where resemblance cannot be told.

    Notes
    -----
    ``rho = (B - W) / (B + (m0 - 1) W)`` with B and W the mean squares between and
    within clusters and ``m0`` the adjusted mean size. With a handful of clusters it is
    itself very uncertain.
    """
    groups = [[float(each) for each in group] for group in successes.values() if group]
    n, k = sum(map(len, groups)), len(groups)
    if k < 2 or n <= k:  # noqa: PLR2004 - two clusters are the fewest that differ
        return None
    mean = sum(map(sum, groups)) / n
    between = sum(len(g) * (sum(g) / len(g) - mean) ** 2 for g in groups) / (k - 1)
    within = sum((x - sum(g) / len(g)) ** 2 for g in groups for x in g) / (n - k)
    adjusted = (n - sum(len(g) ** 2 for g in groups) / n) / (k - 1)
    spread = between + (adjusted - 1.0) * within
    rho = (between - within) / spread if spread > 0.0 else 0.0
    return 1.0 + (n / k - 1.0) * max(rho, 0.0)


def success(course: Course, definition: OutcomeDefinition) -> bool | None:
    """Return whether a course is a success, None when that is not known."""
    rules = outcome_rules()
    window, day = definition.window_days, rules.nearest_day
    before = _score(course, "NPRS", rules.baseline_days, 0)
    after = _score(course, "NPRS", window, day)
    perceived = _score(course, "GPE", window, day)
    known = [
        answer
        for answer in (
            _by_pain(definition.count, before, after),
            _by_perceived(definition.count, perceived),
        )
        if answer is not None
    ]
    return any(known) if known else None


def _result(
    definition: OutcomeDefinition, courses: Sequence[Course], rules: OutcomeRules
) -> OutcomeResult:
    answers = [(course, success(course, definition)) for course in courses]
    known = [(course, bool(a)) for course, a in answers if a is not None]
    started, measured = len(courses), len(known)
    good = sum(answer for _, answer in known)
    effect = _effect(known)
    shares: tuple[Proportion, Proportion, Proportion] | None = None
    if measured >= rules.fewest:
        lost = started - measured
        shares = (
            _proportion(good, measured, effect),
            _proportion(good, started, effect),
            _proportion(good + lost, started, effect),
        )
    verdict = _verdict(definition.reference, shares)
    return OutcomeResult(
        name=definition.name,
        label=definition.label,
        definition=definition.definition,
        reference=definition.reference,
        started=started,
        measured=measured,
        lost=started - measured,
        of_measured=shares[0] if shares else None,
        lost_failed=shares[1] if shares else None,
        lost_succeeded=shares[2] if shares else None,
        design_effect=effect,
        verdict=verdict,
        statement=_statement(definition, verdict, shares, measured=measured),
    )


def _effect(known: Sequence[tuple[Course, bool]]) -> float | None:
    clusters: dict[str, list[bool]] = defaultdict(list)
    for course, answer in known:
        if course.cluster is None:
            return None
        clusters[course.cluster].append(answer)
    return design_effect(clusters)


def _proportion(good: int, n: int, effect: float | None) -> Proportion:
    low, high = wilson(good / n, n / (effect or 1.0))
    return Proportion(successes=good, n=n, share=good / n, low=low, high=high)


def _verdict(
    reference: float | None, shares: tuple[Proportion, ...] | None
) -> OutcomeVerdict:
    if shares is None:
        return "too_few"
    if reference is None:
        return "no_reference"
    found = {_place(reference, share) for share in shares}
    return found.pop() if len(found) == 1 else "depends_on_lost"


def _place(reference: float, share: Proportion) -> OutcomeVerdict:
    if share.high < reference:
        return "lower"
    return "higher" if share.low > reference else "compatible"


def _statement(
    definition: OutcomeDefinition,
    verdict: OutcomeVerdict,
    shares: tuple[Proportion, Proportion, Proportion] | None,
    *,
    measured: int,
) -> Text:
    rules = outcome_rules()
    if shares is None:
        return rules.statements["too_few"].filled(
            measured=measured, fewest=rules.fewest
        )
    found, failed, succeeded = shares
    result = rules.statements["result"].filled(
        successes=found.successes,
        measured=found.n,
        share=_percent(found.share),
        low=_percent(found.low),
        high=_percent(found.high),
        lost=failed.n - found.n,
        started=failed.n,
        failed=_percent(failed.share),
        succeeded=_percent(succeeded.share),
    )
    if definition.reference is None:
        return result
    said = rules.statements[verdict].filled(reference=_percent(definition.reference))
    return Text(nl=f"{result.nl} {said.nl}", en=f"{result.en} {said.en}")


def _percent(share: float) -> float:
    return round(100.0 * share, 1)


def _by_pain(count: str, before: float | None, after: float | None) -> bool | None:
    if after is None:
        return None
    if count == "free":
        return after == 0.0
    known = questionnaire("NPRS")
    if before is None or known is None:
        return None
    judged: dict[str, Callable[[], bool]] = {
        "any": lambda: before - after >= ANY_CHANGE,
        "important": lambda: important(before, after, known),
    }
    return judged[count]()


def _by_perceived(count: str, score: float | None) -> bool | None:
    known = questionnaire("GPE")
    if score is None or known is None or count == "important":
        return None
    most = known.better_at_most if count == "any" else known.recovered_at_most
    return most is not None and score <= most


def _score(course: Course, instrument: str, window: Days, day: int) -> float | None:
    """Return the score nearest to a day within a window, days from the start."""
    scores = [
        (abs(days - day), days, prom.score)
        for prom in course.proms
        if prom.instrument == instrument
        and window[0] <= (days := (prom.taken_on - course.start).days) <= window[1]
    ]
    return min(scores)[2] if scores else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDefinition:
    """What counts as a success, when, and what the profession reports of it."""

    name: str
    count: Literal["any", "important", "free"]
    window_days: Days
    reference: float | None
    label: Text
    definition: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRules:
    """Everything that ``outcomes.toml`` fixes."""

    revision: str
    fewest: int
    baseline_days: Days
    nearest_day: int
    definitions: tuple[OutcomeDefinition, ...]
    groups: Mapping[GroupName, Text]
    statements: Mapping[str, Text]
    notes: tuple[Text, ...]


@cache
def outcome_rules() -> OutcomeRules:
    """Return what ``outcomes.toml`` fixes."""
    table: dict[str, Any] = shipped_table("gaitkit.measure", "outcomes.toml")
    definitions = tuple(
        OutcomeDefinition(
            name=name,
            count=entry["count"],
            window_days=tuple(entry["window_days"]),
            reference=entry.get("reference"),
            label=Text(**entry["label"]),
            definition=Text(**entry["definition"]),
        )
        for name, entry in table["definitions"].items()
    )
    return OutcomeRules(
        revision=table["revision"],
        fewest=table["fewest"],
        baseline_days=tuple(table["baseline_days"]),
        nearest_day=table["nearest_day"],
        definitions=definitions,
        groups={name: Text(**text) for name, text in table["groups"].items()},
        statements={name: Text(**text) for name, text in table["statements"].items()},
        notes=tuple(Text(**text) for text in table["notes"]),
    )
