"""Questionnaires against the minimal important change, and the window."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest

from gaitkit.measure.prom_change import evaluation, prom_changes, questionnaire
from gaitkit.model.visit import Instrument, Prom, Therapy

BEFORE, AFTER = date(2026, 8, 1), date(2026, 10, 5)
WINDOW = (timedelta(days=42), timedelta(days=70))


def prom(name: str, score: float, day: date) -> Prom:
    """Return a score."""
    return Prom(instrument=name, score=score, taken_on=day)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("NPRS", 6, 4, "improved"),
        ("NPRS", 6, 5, "no_important_change"),
        ("NPRS", 3, 2, "improved"),
        ("NPRS", 4, 6, "worse"),
        ("NPRS", 0, 0, "no_important_change"),
        ("RMDQ", 20, 15, "improved"),
        ("RMDQ", 20, 16, "no_important_change"),
        ("RMDQ", 10, 7, "improved"),
        ("ODI", 40, 30, "improved"),
        ("ODI", 31, 28, "no_important_change"),
        ("ODI", 20, 14, "improved"),
        ("PSFS", 3, 5, "improved"),
        ("PSFS", 5, 3, "worse"),
        ("PSFS", 3, 4, "no_important_change"),
    ],
)
def test_important_is_so_many_points_or_a_third_of_the_score(
    name: str, before: float, after: float, verdict: str
) -> None:
    (found,) = prom_changes([prom(name, before, BEFORE)], [prom(name, after, AFTER)])
    assert found.verdict == verdict
    assert found.change == after - before


def test_the_limits_are_those_of_the_evidence_with_their_source() -> None:
    limits = {
        name: (known.mic, known.mic_relative)
        for name in ("NPRS", "VAS", "RMDQ", "ODI", "QBPDS")
        if (known := questionnaire(name)) is not None
    }
    assert limits == {
        "NPRS": (2, 0.3), "VAS": (15, None), "RMDQ": (5, 0.3), "ODI": (10, 0.3),
        "QBPDS": (20, 0.3),
    }  # fmt: skip
    for name in limits:
        known = questionnaire(name)
        assert known is not None
        assert "Ostelo 2008" in known.source.en


@pytest.mark.parametrize(
    ("name", "score", "recovered"),
    [("NPRS", 0, True), ("NPRS", 1, False), ("RMDQ", 2, True), ("RMDQ", 3, False)],
)
def test_recovered_is_a_score_and_not_a_change(
    name: str, score: float, recovered: bool
) -> None:
    (found,) = prom_changes([prom(name, 8, BEFORE)], [prom(name, score, AFTER)])
    assert found.recovered is recovered


def test_no_recovery_is_defined_for_odi() -> None:
    (found,) = prom_changes([prom("ODI", 40, BEFORE)], [prom("ODI", 0, AFTER)])
    assert found.recovered is None


@pytest.mark.parametrize(
    ("score", "verdict"), [(1, "success"), (2, "success"), (3, "other"), (7, "other")]
)
def test_the_perceived_effect_needs_no_first_score(score: float, verdict: str) -> None:
    (found,) = prom_changes([], [prom("GPE", score, AFTER)])
    assert found.verdict == verdict
    assert found.change is found.before is None


def test_the_last_score_of_each_visit_counts() -> None:
    (found,) = prom_changes(
        [prom("NPRS", 8, date(2026, 7, 1)), prom("NPRS", 6, BEFORE)],
        [prom("NPRS", 6, BEFORE), prom("NPRS", 3, AFTER)],
    )
    assert found.change == -3
    assert found.relative == pytest.approx(-0.5)


def test_a_score_that_is_only_repeated_is_no_change() -> None:
    same = prom("NPRS", 6, BEFORE)
    assert prom_changes([same], [same]) == ()


@pytest.mark.parametrize(
    ("days", "status"),
    [(41, "early"), (42, "in_window"), (70, "in_window"), (71, "late")],
)
def test_the_window_runs_from_day_42_to_day_70(days: int, status: str) -> None:
    therapy = Therapy(given="zool", start=BEFORE, definitive=True)
    found = evaluation([therapy], BEFORE + timedelta(days=days), window=WINDOW)
    assert found is not None
    assert (found.status, found.days) == (status, days)
    assert (found.to - found.from_).days == 28


def test_the_definitive_therapy_starts_the_clock() -> None:
    trial = Therapy(given="proef", start=BEFORE + timedelta(days=20))
    final = Therapy(given="zool", start=BEFORE, definitive=True)
    found = evaluation([trial, final], AFTER, window=WINDOW)
    assert found is not None
    assert found.start == BEFORE
    assert found.definitive


def test_a_therapy_that_begins_later_has_no_evaluation_yet() -> None:
    later = Therapy(given="zool", start=AFTER + timedelta(days=1), definitive=True)
    assert evaluation([later], AFTER, window=WINDOW) is None


def test_every_questionnaire_that_a_visit_may_hold_is_known() -> None:
    for name in get_args(Instrument):
        assert questionnaire(name) is not None, name
