"""Outcome of an archive: every person's course of complaints, from the store."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from gaitkit.archive.query import asking
from gaitkit.measure.outcomes import outcomes
from gaitkit.model.outcomes import Course
from gaitkit.model.visit import Instrument, Prom

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.text import Language

STARTS = """
SELECT subject, coalesce(min(start) FILTER (definitive), min(start)) AS start,
    CASE WHEN count(kind) = 0 THEN NULL
         ELSE bool_or(coalesce(kind IN ('heel_raise', 'test_raise'), false)) END
FROM therapies WHERE subject IS NOT NULL GROUP BY subject ORDER BY subject
"""
"""When each person's (definitive) therapy began. A raise was given for a leg-length
difference; where no kind was written down that is not known."""

SCORES = """
SELECT DISTINCT subject, instrument, score, taken_on FROM proms
WHERE subject IS NOT NULL ORDER BY ALL
"""
"""The same answer may stand in the files of several visits."""


def courses_of(store: Path) -> tuple[Course, ...]:
    """Return the course of every person of a store who was given something.

    Parameters
    ----------
    store : Path
        Folder of the store.

    Returns
    -------
    tuple of Course
        People are joined over visits by pseudonym; a person without one cannot be
        followed and is left out.

    Raises
    ------
    InputError
        If there is no store.
    """
    with asking(store) as base:
        starts = base.sql(STARTS).fetchall()
        scores = base.sql(SCORES).fetchall()
    proms: dict[str, list[Prom]] = defaultdict(list)
    for subject, instrument, score, day in scores:
        if instrument in get_args(Instrument):
            proms[subject].append(_prom(instrument, score, day))
    return tuple(
        Course(
            start=_day(start),
            proms=tuple(proms[subject]),
            leg_length_difference=None if raised is None else bool(raised),
        )
        for subject, start, raised in starts
    )


def outcome_lines(store: Path, *, language: Language) -> list[str]:
    """Return the outcome of a store in words, one fact a line.

    Raises
    ------
    InputError
        If there is no store.
    """
    report = outcomes(courses_of(store))
    lines = [
        {
            "nl": f"{report.courses} behandeltrajecten, waarvan "
            f"{report.painless_at_start} zonder pijn bij de start",
            "en": f"{report.courses} courses, of which {report.painless_at_start} "
            "without pain at the start",
        }[language]
    ]
    for group in report.groups:
        lines.append(group.label.of(language))
        lines += (
            f"  {result.label.of(language)}: {result.statement.of(language)}"
            for result in group.results
        )
    return [*lines, *(note.of(language) for note in report.notes)]


def _prom(instrument: Any, score: float, day: object) -> Prom:  # noqa: ANN401 - checked
    return Prom(instrument=instrument, score=score, taken_on=_day(day))


def _day(day: object) -> date:
    return day if isinstance(day, date) else date.fromisoformat(str(day))
