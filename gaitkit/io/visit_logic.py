"""What in a visit contradicts itself: days in the wrong order, sides exchanged."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.complaint_terms import complaint_terms, find_term
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.visit import Visit

Problem = tuple[str, str]
"""Path of the key, and what is wrong with it."""

DIFFERENCE = "structural_leg_length_difference"
BEYOND_SDS = 1.96
"""Tape and block test differ by more than so many of their errors in 5 % of cases."""


def check_days(visit: Visit) -> Iterator[Problem]:
    """Yield days that lie in the future, or after the visit where they cannot.

    Today is the day on this computer; a planned therapy may begin after the visit,
    but what was answered or measured cannot lie after it.
    """
    today = datetime.now().astimezone().date()
    for key, day in _days(visit):
        if day > today:
            yield key, f" is {day}, in the future (today is {today}); correct the date"
    if visit.visited_on is None:
        return
    for key, day in _days(visit):
        if key.startswith("intake.") and day > visit.visited_on:
            yield (
                key,
                f" is {day}, after the visit ({visit.visited_on}); correct one of them",
            )


def check_terms(visit: Visit) -> Iterator[Problem]:
    """Yield reported names that the vocabulary does not have."""
    for number, word in enumerate(visit.intake.reported_terms):
        if find_term(word) is None:
            known = ", ".join(complaint_terms())
            yield (
                f"intake.reported_terms.{number}",
                f" is {word!r}; expected one of {known}; or write it in history",
            )


def check_sides(visit: Visit) -> Iterator[Problem]:
    """Yield a block test that points so far from the tape that sides were exchanged.

    A block under the left foot levels a pelvis whose left leg is shorter, so it is a
    negative difference (left minus right).
    """
    examination = visit.examination
    lengths = {
        side: [r.length_mm for r in examination.tape if r.side is side] for side in Side
    }
    if not all(lengths.values()):
        return
    tape = _mean(lengths[Side.LEFT]) - _mean(lengths[Side.RIGHT])
    for number, test in enumerate(examination.block_tests):
        block = test.height_mm if test.side is Side.RIGHT else -test.height_mm
        if tape * block < 0 and abs(tape - block) > _exchanged_from_mm():
            longer = Side.LEFT if tape > 0 else Side.RIGHT
            yield (
                f"examination.block_tests.{number}.side",
                f": a block of {test.height_mm:g} mm under the {test.side} foot says "
                f"that this leg is shorter, but by tape the {longer} leg is "
                f"{abs(tape):g} mm longer; were left and right exchanged? Correct one "
                "of them",
            )


@cache
def _exchanged_from_mm() -> float:
    """Return the distance of tape and block test that their errors do not explain."""
    known = definition(DIFFERENCE)
    errors = (known.error("tape"), known.error("block_test"))
    return BEYOND_SDS * math.hypot(*(each.sd for each in errors if each is not None))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _days(visit: Visit) -> Iterator[tuple[str, date]]:
    intake = visit.intake
    written = [
        ("visited_on", visit.visited_on),
        ("intake.onset_date", intake.onset_date),
        ("intake.leg_pain_since", intake.leg_pain_since),
    ]
    written += [
        (f"proms.{number}.taken_on", prom.taken_on)
        for number, prom in enumerate(visit.proms)
    ]
    written += [
        (f"examination.imaging.{number}.taken_on", image.taken_on)
        for number, image in enumerate(visit.examination.imaging)
    ]
    written += [
        (f"examination.acquired_causes.{number}.since", cause.since)
        for number, cause in enumerate(visit.examination.acquired_causes)
    ]
    yield from ((key, day) for key, day in written if day is not None)
