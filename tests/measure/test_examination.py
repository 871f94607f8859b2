"""Findings by hand become measurements with the error of hands."""

from __future__ import annotations

import pytest

from gaitkit.measure.examination import measure_examination
from gaitkit.model.side import Side
from gaitkit.model.visit import (
    BlockTest,
    Examination,
    FootExamination,
    FootPosture,
    TapeReading,
)


def test_nothing_examined_gives_nothing() -> None:
    assert measure_examination(Examination()) == ()


def test_the_six_items_of_foot_posture_are_summed_with_their_error() -> None:
    posture = FootPosture(
        talar_head=2,
        malleolar_curves=1,
        calcaneus=1,
        talonavicular=2,
        medial_arch=1,
        forefoot=0,
    )
    (row,) = measure_examination(
        Examination(left=FootExamination(foot_posture=posture))
    )
    assert (row.name, row.side, row.value) == ("foot_posture_index", Side.LEFT, 7.0)
    assert row.sd == 1.0
    assert row.low is not None
    assert row.low < 7.0 < (row.high or 0.0)


def test_tape_gives_left_minus_right_and_repeats_take_off_little_error() -> None:
    def difference(repeats: int) -> tuple[float | None, float | None, int]:
        readings = (
            TapeReading(side=Side.LEFT, length_mm=880.0),
            TapeReading(side=Side.RIGHT, length_mm=870.0),
        ) * repeats
        rows = measure_examination(Examination(tape=readings))
        row = next(r for r in rows if r.name == "structural_leg_length_difference")
        return row.value, row.sd, row.n

    assert difference(1) == (10.0, pytest.approx(8.6), 2)
    # 4.5 mm of the method and 6.4 mm of the person stay; of 3.5 mm a third of the
    # square does
    assert difference(3) == (10.0, pytest.approx(8.1, abs=0.05), 6)


def test_one_leg_by_tape_gives_no_difference() -> None:
    rows = measure_examination(
        Examination(tape=(TapeReading(side=Side.LEFT, length_mm=880.0),))
    )
    assert [r.name for r in rows] == ["tape_leg_length"]


@pytest.mark.parametrize(("side", "sign"), [(Side.RIGHT, 1.0), (Side.LEFT, -1.0)])
def test_a_block_under_the_right_foot_means_a_longer_left_leg(
    side: Side, sign: float
) -> None:
    rows = measure_examination(
        Examination(block_tests=(BlockTest(side=side, height_mm=8.0),))
    )
    row = next(r for r in rows if r.name == "structural_leg_length_difference")
    assert (row.value, row.method, row.sd) == (sign * 8.0, "block_test", 7.5)
