"""Readings by hand: who read what, and how much error they share."""

from __future__ import annotations

import math
from datetime import date

import pytest

from gaitkit.measure.leg_length.evidence import Evidence, manual_evidence
from gaitkit.measure.leg_length.readings import (
    TOGETHER,
    hand_readings,
    imaged_difference_mm,
)
from gaitkit.model.side import Side
from gaitkit.model.visit import (
    AcquiredCause,
    BlockTest,
    Examination,
    ImagingReading,
    TapeReading,
)


def taped(rater: str, left: float, right: float) -> tuple[TapeReading, ...]:
    return (
        TapeReading(side=Side.LEFT, length_mm=left, rater=rater),
        TapeReading(side=Side.RIGHT, length_mm=right, rater=rater),
    )


def only(examination: Examination) -> Evidence:
    (evidence,) = manual_evidence(hand_readings(examination))
    return evidence


def test_each_rater_is_averaged_before_the_raters_are() -> None:
    tape = (*taped("an", 880, 870), *taped("an", 882, 872), *taped("bo", 890, 886))
    readings = hand_readings(Examination(tape=tape))
    assert [(r.rater, r.value_mm, r.n, r.taken) for r in readings] == [
        ("an", 10.0, 2, 4),
        ("bo", 4.0, 1, 2),
    ]
    evidence = only(Examination(tape=tape))
    assert (evidence.n, evidence.raters) == (6, 2)
    assert 7.0 < evidence.value_mm < 7.2  # the repeated reading counts a little more


def test_a_second_person_takes_off_more_error_than_a_second_reading() -> None:
    once = only(Examination(tape=taped("an", 880, 870)))
    twice = only(Examination(tape=taped("an", 880, 870) * 2))
    by_two = only(Examination(tape=(*taped("an", 880, 870), *taped("bo", 880, 870))))
    assert once.sd_mm == pytest.approx(8.6)
    assert 8.0 < twice.sd_mm < once.sd_mm
    assert by_two.sd_mm == pytest.approx(math.sqrt(4.5**2 + (8.6**2 - 4.5**2) / 2))
    assert by_two.sd_mm < twice.sd_mm


def test_people_who_each_measured_one_leg_give_one_difference() -> None:
    tape = (taped("an", 880, 0)[0], taped("bo", 0, 874)[1])
    (reading,) = hand_readings(Examination(tape=tape))
    assert (reading.rater, reading.value_mm) == (TOGETHER, 6.0)


def test_one_leg_by_tape_gives_nothing() -> None:
    assert hand_readings(Examination(tape=taped("an", 880, 0)[:1])) == ()


def test_a_tape_from_the_umbilicus_is_shown_and_does_not_count() -> None:
    tape = tuple(
        TapeReading(side=side, length_mm=length, start="umbilicus")
        for side, length in ((Side.LEFT, 960.0), (Side.RIGHT, 950.0))
    )
    evidence = only(Examination(tape=tape))
    assert (evidence.method.name, evidence.value_mm) == ("tape_umbilicus", 10.0)
    assert not evidence.counts


def test_a_book_under_the_foot_is_another_method_than_blocks() -> None:
    tests = (
        BlockTest(side=Side.RIGHT, height_mm=8.0),
        BlockTest(side=Side.LEFT, height_mm=4.0, tool="book"),
    )
    found = manual_evidence(hand_readings(Examination(block_tests=tests)))
    assert [(e.method.name, e.value_mm) for e in found] == [
        ("block_test", 8.0),
        ("iliac_crest_book", -4.0),
    ]


def test_imaging_gives_a_difference_or_two_lengths() -> None:
    lengths = ImagingReading(method="ct", left_mm=868.0, right_mm=860.0)
    assert imaged_difference_mm(lengths) == 8.0
    assert imaged_difference_mm(ImagingReading(method="ct", difference_mm=-3.0)) == -3.0
    with pytest.raises(
        ValueError, match="expected difference_mm or left_mm and right_mm"
    ):
        imaged_difference_mm(ImagingReading(method="ct", left_mm=868.0))


@pytest.mark.parametrize(
    ("taken_on", "counts"),
    [(date(2018, 1, 1), False), (date(2020, 1, 1), True), (None, True)],
)
def test_a_picture_from_before_the_fracture_does_not_count(
    taken_on: date | None, counts: bool
) -> None:
    examination = Examination(
        imaging=(ImagingReading(method="x_ray", difference_mm=1.0, taken_on=taken_on),),
        acquired_causes=(AcquiredCause(cause="fracture", since=date(2019, 5, 1)),),
    )
    assert only(examination).counts is counts
