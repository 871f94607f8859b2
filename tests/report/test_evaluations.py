"""An evaluation leads somewhere: improved, unchanged or worse, early, in time or late.

The worked patient of the evaluation, eight weeks after a raise of 5 mm, with other
scores and days.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gaitkit.io.visit import read_visit
from gaitkit.model.visit import Prom
from gaitkit.pipeline import assess
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letter import letter_of
from gaitkit.report.page_one.page import page_one
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import glossary
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from gaitkit.model.text import Language
    from gaitkit.model.visit import Visit

START = date(2026, 6, 1)
SCORES = {"improved": (3, 18), "unchanged": (6, 34), "worse": (8, 46)}
EARLY, IN_TIME, LATE = 25, 56, 100
FOLDER = Path(__file__).resolve().parents[2] / "sample_data" / "patients"


@cache
def base() -> Visit:
    visit = read_visit(FOLDER / "10-raise-and-insole-evaluation")
    return dataclasses.replace(visit, recordings=())


@cache
def told(course: str, day: int, language: Language) -> tuple[list[str], str, str]:
    """Return doses right, what page one says, and what the letter says comes next."""
    nprs, odi = SCORES[course]
    on = START + timedelta(days=day)
    before = date(2026, 5, 11)
    proms = (
        Prom(instrument="NPRS", score=6, taken_on=before),
        Prom(instrument="ODI", score=34, taken_on=before),
        Prom(instrument="NPRS", score=nprs, taken_on=on),
        Prom(instrument="ODI", score=odi, taken_on=on),
    )
    answers = dataclasses.replace(
        base().follow_up,
        enough_decrease="yes" if course == "improved" else "no",
        comfort="same",
    )
    visit = dataclasses.replace(base(), proms=proms, visited_on=on, follow_up=answers)
    inputs = report_inputs(
        assess(visit),
        (),
        rules=shipped_rules(),
        settings=ReportSettings(lang=language),
    )
    page, letter = page_one(inputs), letter_of(inputs, glossary())
    rights = [row.right for row in page.decision.rows]
    lines = (*page.complaint.lines, *page.decision.notes, *page.now.lines)
    last = letter.parts[-1]
    return rights, " ".join(lines), " ".join((*last.text, *last.items))


def test_an_evaluation_knows_what_is_worn() -> None:
    _, page, _ = told("unchanged", IN_TIME, "nl")
    assert "Gegeven: zool (01-06-2026), hielverhoging 5\u202fmm rechts" in page
    assert "; altijd" in page
    _, page, _ = told("unchanged", IN_TIME, "en")
    assert "Given: insole (01-06-2026), heel raise 5\u202fmm right" in page


@pytest.mark.parametrize("day", [EARLY, IN_TIME, LATE])
def test_improved_keeps_the_dose_and_asks_for_no_further_step(day: int) -> None:
    rights, page, letter = told("improved", day, "nl")
    assert rights == ["5\u202fmm"]
    assert "geen volgende stap" in page
    if day == EARLY:
        assert "Controle van 13-07-2026 tot 10-08-2026" in page
    else:
        assert "Verdere controle op verzoek" in page
        assert "U hoeft niet terug te komen zolang het goed gaat" in letter
        assert "tussen" not in letter


@pytest.mark.parametrize("day", [EARLY, IN_TIME, LATE])
def test_unchanged_raises_no_dose_and_says_what_is_decided_together(day: int) -> None:
    rights, page, letter = told("unchanged", day, "nl")
    if day == EARLY:
        assert rights == ["5\u202fmm"]
        assert "de dosis blijft" in page
        assert "tussen 13-07-2026 en 10-08-2026" in letter
    else:
        assert rights == []
        assert "dosis niet verhogen" in page
        assert "overleggen met huisarts of fysiotherapeut, of stoppen" in page
        assert "Laat de zool of verhoging tot dan zoals hij is" in letter


@pytest.mark.parametrize("day", [EARLY, IN_TIME, LATE])
def test_worse_goes_a_step_back_and_is_seen_within_two_weeks(day: int) -> None:
    rights, page, letter = told("worse", day, "nl")
    back = f"{START + timedelta(days=day + 14):%d-%m-%Y}"
    assert rights == ["3\u202fmm"]
    assert f"Terugzien uiterlijk {back}" in page
    assert f"vóór of op {back}" in letter
    assert "13-07-2026" not in letter


def test_a_late_evaluation_is_not_told_to_make_an_appointment() -> None:
    for course in SCORES:
        _, page, letter = told(course, LATE, "nl")
        assert "maak nu een afspraak" not in page
        assert "had al moeten zijn" not in letter


@pytest.mark.parametrize("course", list(SCORES))
@pytest.mark.parametrize("day", [EARLY, IN_TIME, LATE])
def test_english_leads_where_dutch_does(course: str, day: int) -> None:
    rights, page, letter = told(course, day, "en")
    assert rights == told(course, day, "nl")[0]
    expected = {
        "improved": "keep what is worn, no next step",
        "unchanged": "the dose stays" if day == EARLY else "do not raise the dose",
        "worse": "See again by",
    }
    assert expected[course] in page
    assert ("on or before" in letter) == (course == "worse")
