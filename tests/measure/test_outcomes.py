"""Outcomes of courses: definitions, denominators, intervals, and what they are not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gaitkit.measure.outcomes import (
    design_effect,
    outcome_rules,
    outcomes,
    success,
    wilson,
)
from gaitkit.model.outcomes import Course, OutcomeResult
from gaitkit.model.visit import Prom

START = date(2026, 1, 5)


def nprs(score: float, days: int) -> Prom:
    """Return a pain score so many days after the start."""
    return Prom(instrument="NPRS", score=score, taken_on=START + timedelta(days=days))


def gpe(score: float, days: int) -> Prom:
    """Return a perceived effect so many days after the start."""
    return Prom(instrument="GPE", score=score, taken_on=START + timedelta(days=days))


def course(*proms: Prom, cluster: str | None = None) -> Course:
    """Return a course from the start."""
    return Course(start=START, proms=proms, cluster=cluster)


def result(courses: list[Course], name: str) -> OutcomeResult:
    """Return a result for everybody."""
    everybody = outcomes(courses).groups[0]
    assert everybody.name == "all"
    return next(each for each in everybody.results if each.name == name)


@pytest.mark.parametrize(
    ("n", "less", "free"),
    [
        (20, (58.4, 91.9), (2.8, 30.1)),
        (50, (67.0, 88.8), (5.6, 23.8)),
        (100, (70.0, 85.8), (6.3, 18.6)),
        (200, (72.8, 84.1), (7.4, 16.1)),
        (400, (74.7, 82.7), (8.3, 14.4)),
    ],
)
def test_wilson_gives_the_intervals_of_the_evidence_table(
    n: int, less: tuple[float, float], free: tuple[float, float]
) -> None:
    for share, expected in ((0.79, less), (0.11, free)):
        successes = round(share * n)  # people are whole: 16 of 20 for 79 %
        found = tuple(100 * end for end in wilson(successes / n, n))
        assert found == pytest.approx(expected, abs=0.05)


def test_wilson_stays_between_none_and_all() -> None:
    assert wilson(0.0, 10)[0] == 0.0
    assert wilson(1.0, 10)[1] == pytest.approx(1.0)
    assert wilson(1.0, 10)[0] == pytest.approx(0.7225, abs=1e-4)


def definition(name: str):  # noqa: ANN201 - of the data file
    return next(d for d in outcome_rules().definitions if d.name == name)


@pytest.mark.parametrize(
    ("name", "proms", "expected"),
    [
        ("A_any", (nprs(6, 0), nprs(5, 50)), True),
        ("A_any", (nprs(6, 0), nprs(6, 50)), False),
        ("A_any", (gpe(3, 50),), True),
        ("A_any", (gpe(4, 50),), False),
        ("A_any", (nprs(6, 0), nprs(5, 71)), None),
        ("A_any", (nprs(6, 0), nprs(6, 50), gpe(2, 50)), True),
        ("A_mic", (nprs(6, 0), nprs(5, 50)), False),
        ("A_mic", (nprs(6, 0), nprs(4, 50)), True),
        ("A_mic", (nprs(3, 0), nprs(2, 50)), True),
        ("A_mic", (gpe(1, 50),), None),
        ("A_mic", (nprs(4, 50),), None),
        ("B_free", (nprs(6, 0), nprs(0, 49)), True),
        ("B_free", (nprs(6, 0), nprs(0, 48)), None),
        ("B_free_wide", (nprs(6, 0), nprs(0, 48)), True),
        ("B_free", (gpe(1, 56),), True),
        ("B_free", (gpe(2, 56),), False),
    ],
)
def test_success_follows_the_fixed_definitions(
    name: str, proms: tuple[Prom, ...], expected: bool | None
) -> None:
    assert success(course(*proms), definition(name)) is expected


def test_the_score_nearest_to_eight_weeks_counts() -> None:
    answers = course(nprs(6, 0), nprs(6, 43), nprs(3, 57), nprs(7, 69))
    assert success(answers, definition("A_mic")) is True


def test_below_thirty_people_no_share_is_given() -> None:
    found = result([course(nprs(6, 0), nprs(3, 56))] * 29, "A_mic")
    assert found.verdict == "too_few"
    assert found.of_measured is found.lost_failed is found.lost_succeeded is None
    assert "29 mensen" in found.statement.nl
    assert "onder 30 wordt er niets over gezegd" in found.statement.nl
    assert "%" not in found.statement.nl


def test_thirty_who_started_are_not_enough_when_one_was_lost() -> None:
    courses = [course(nprs(6, 0), nprs(3, 56))] * 29 + [course(nprs(6, 0))]
    assert result(courses, "A_mic").verdict == "too_few"


def test_all_who_started_are_in_the_denominator_of_the_bounds() -> None:
    better = [course(nprs(6, 0), nprs(3, 56))] * 40
    same = [course(nprs(6, 0), nprs(6, 56))] * 10
    lost = [course(nprs(6, 0))] * 50
    found = result([*better, *same, *lost], "A_mic")
    assert (found.started, found.measured, found.lost) == (100, 50, 50)
    assert found.of_measured is not None
    assert found.lost_failed is not None
    assert found.lost_succeeded is not None
    assert found.of_measured.share == pytest.approx(0.8)
    assert found.lost_failed.share == pytest.approx(0.4)
    assert found.lost_succeeded.share == pytest.approx(0.9)
    assert found.verdict == "depends_on_lost"
    assert "50 van 100 gestarte mensen zijn niet gemeten" in found.statement.nl
    assert "hangt af van wie niet gemeten is" in found.statement.nl


@pytest.mark.parametrize(
    ("better", "verdict", "words"),
    [(79, "compatible", "verenigbaar"), (60, "lower", "lager dan"),
     (95, "higher", "hoger dan")],
)  # fmt: skip
def test_the_reference_lies_in_above_or_below_the_interval(
    better: int, verdict: str, words: str
) -> None:
    courses = [course(nprs(6, 0), nprs(3, 56))] * better
    courses += [course(nprs(6, 0), nprs(6, 56))] * (100 - better)
    found = result(courses, "A_mic")
    assert found.verdict == verdict
    assert f"{words}" in found.statement.nl
    assert "79 % die de beroepsgroep noemt" in found.statement.nl


def test_who_had_no_pain_at_the_start_cannot_get_less() -> None:
    report = outcomes([course(nprs(0, 0), nprs(0, 56))] * 3)
    assert (report.courses, report.painless_at_start) == (3, 3)
    assert report.groups[0].results[0].started == 0


def test_natural_course_and_regression_to_the_mean_are_always_said() -> None:
    for report in (outcomes([]), outcomes([course(nprs(6, 0), nprs(1, 56))] * 40)):
        said = " ".join(note.nl for note in report.notes)
        for words in (
            "Natuurlijk beloop",
            "50 % na 6 weken",
            "Regressie naar het gemiddelde",
            "geen ervan is een kans voor één patiënt",
            "zonder noemer",
        ):
            assert words in said


def test_people_with_and_without_a_leg_length_difference_stand_apart() -> None:
    answers = (nprs(6, 0), nprs(3, 56))
    courses = [
        Course(start=START, proms=answers, leg_length_difference=known)
        for known in [True] * 31 + [False] * 32 + [None] * 5
    ]
    groups = {group.name: group for group in outcomes(courses).groups}
    assert groups["all"].results[0].started == 68
    assert groups["leg_length_difference"].results[0].started == 31
    assert groups["no_leg_length_difference"].results[0].started == 32


def test_identical_clusters_leave_the_variance_as_it_is() -> None:
    assert design_effect({"a": [True, False], "b": [True, False]}) == 1.0


def test_people_who_all_follow_their_therapist_count_as_one() -> None:
    effect = design_effect({"a": [True] * 10, "b": [False] * 10})
    assert effect == pytest.approx(10.0)


def test_one_cluster_says_nothing_of_resemblance() -> None:
    assert design_effect({"a": [True, False, True]}) is None


def test_clusters_that_differ_widen_the_interval() -> None:
    good, bad = (nprs(6, 0), nprs(3, 56)), (nprs(6, 0), nprs(6, 56))
    mixed = [*[good] * 18, *[bad] * 2], [*[good] * 10, *[bad] * 10]
    known = [
        course(*each, cluster=name)
        for name, group in zip("ab", mixed, strict=True)
        for each in group
    ]
    wide, narrow = (
        result(courses, "A_mic")
        for courses in (known, [course(*each.proms) for each in known])
    )
    assert wide.design_effect is not None
    assert wide.design_effect > 1.0
    assert narrow.design_effect is None
    assert wide.of_measured is not None
    assert narrow.of_measured is not None
    assert wide.of_measured.low < narrow.of_measured.low
