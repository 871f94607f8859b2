"""What was measured by hand or read from pictures of the bones, person by person.

Readings of one person share how that person finds the landmarks, so they are averaged
first; only people make the error of the mean much smaller.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from gaitkit.model.visit import (
        BlockTest,
        Examination,
        ImagingReading,
        TapeReading,
    )

TAPE = {"asis": "tape", "umbilicus": "tape_umbilicus"}
"""Method of a tape that begins there."""

LEVELLING = {"blocks": "block_test", "book": "iliac_crest_book"}
"""Method of a test with that under the foot."""

TOGETHER = "together"
"""Stands for people who each measured one leg only: one difference between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The mean of what one person read with one method.

    Attributes
    ----------
    method : str
        Name in ``methods.toml``.
    rater : str
        Who.
    value_mm : float
        Left minus right.
    n : int
        Differences that were averaged: of a tape, the side read less often.
    taken : int
        Single readings.
    outdated : bool
        True when a leg changed after it was taken.
    """

    method: str
    rater: str
    value_mm: float
    n: int = 1
    taken: int = 1
    outdated: bool = False


def hand_readings(examination: Examination) -> tuple[Reading, ...]:
    """Return the readings of an examination, one for each person and method.

    Parameters
    ----------
    examination : Examination
        Tape, block tests and imaging.

    Returns
    -------
    tuple of Reading
        A block under the right foot levels the pelvis when the left leg is longer, so
        its height is positive. One leg by tape alone gives nothing.
    """
    return (
        *_tape(examination.tape),
        *_levelling(examination.block_tests),
        *_imaging(examination),
    )


def _tape(readings: Sequence[TapeReading]) -> Iterator[Reading]:
    for start, method in TAPE.items():
        by_rater: dict[str, list[TapeReading]] = defaultdict(list)
        for reading in readings:
            if reading.start == start:
                by_rater[reading.rater].append(reading)
        single: list[TapeReading] = []
        for rater, own in by_rater.items():
            if {reading.side for reading in own} == set(Side):
                yield _difference(own, method=method, rater=rater)
            else:
                single += own
        if {reading.side for reading in single} == set(Side):
            yield _difference(single, method=method, rater=TOGETHER)


def _difference(readings: Sequence[TapeReading], *, method: str, rater: str) -> Reading:
    left, right = (
        [reading.length_mm for reading in readings if reading.side is side]
        for side in (Side.LEFT, Side.RIGHT)
    )
    return Reading(
        method=method,
        rater=rater,
        value_mm=statistics.fmean(left) - statistics.fmean(right),
        n=min(len(left), len(right)),
        taken=len(readings),
    )


def _levelling(tests: Iterable[BlockTest]) -> Iterator[Reading]:
    heights: dict[tuple[str, str], list[float]] = defaultdict(list)
    for test in tests:
        signed = test.height_mm if test.side is Side.RIGHT else -test.height_mm
        heights[LEVELLING[test.tool], test.rater].append(signed)
    for (method, rater), values in heights.items():
        yield Reading(
            method=method,
            rater=rater,
            value_mm=statistics.fmean(values),
            n=len(values),
            taken=len(values),
        )


def _imaging(examination: Examination) -> Iterator[Reading]:
    since = max(
        (each.since for each in examination.acquired_causes if each.since),
        default=None,
    )
    values: dict[tuple[str, str, bool], list[float]] = defaultdict(list)
    for reading in examination.imaging:
        key = (reading.method, reading.rater, _before(reading, since))
        values[key].append(imaged_difference_mm(reading))
    for (method, rater, outdated), own in values.items():
        yield Reading(
            method=method,
            rater=rater,
            value_mm=statistics.fmean(own),
            n=len(own),
            taken=len(own),
            outdated=outdated,
        )


def imaged_difference_mm(reading: ImagingReading) -> float:
    """Return left minus right of a reading that gives a difference or both lengths.

    Raises
    ------
    ValueError
        If it gives neither; the door of the visit file refuses this.
    """
    if reading.difference_mm is not None:
        return reading.difference_mm
    if reading.left_mm is None or reading.right_mm is None:
        msg = (
            f"{reading.method}: expected difference_mm or left_mm and right_mm, got "
            "neither; give one of them"
        )
        raise ValueError(msg)
    return reading.left_mm - reading.right_mm


def _before(reading: ImagingReading, since: date | None) -> bool:
    """Return True when the picture was taken before the leg changed."""
    return (
        since is not None
        and reading.taken_on is not None
        and (reading.taken_on < since)
    )
