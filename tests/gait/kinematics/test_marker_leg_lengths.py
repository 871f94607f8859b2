"""Leg lengths from markers: exact on virtual walks, modest on real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from virtual_markers import analysed, as_recording, virtual

from gaitkit.gait.kinematics.leg_lengths import LegLengths
from gaitkit.io.motion.read import read_motion
from gaitkit.measure.leg_length.estimate import estimate_leg_length
from gaitkit.measure.marker_leg_length import measure_leg_lengths
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import Examination

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.measurement import Measurement

LAB = Recording(id="lab", kind="markers", sha256="0", scale="m")


def _difference(lengths: LegLengths, name: str) -> Measurement:
    rows = measure_leg_lengths(lengths, recording=LAB)
    return next(row for row in rows if row.name == name)


@pytest.mark.parametrize("true_mm", [0.0, 10.0, -20.0])
def test_the_bones_of_a_virtual_walker_are_measured_exactly(true_mm: float) -> None:
    walked = virtual(shank_difference_mm=true_mm)
    legs = analysed(as_recording(walked)).legs
    assert legs.method == "joint_centres"
    found = _difference(legs, "structural_leg_length_difference")
    assert found.value == pytest.approx(true_mm, abs=0.5)
    for side in Side:
        true = walked.leg_length_mm(side)
        assert legs.structural_mm[side] == pytest.approx(true, abs=1.0)


def test_the_longer_leg_shortens_more_in_swing_when_the_pelvis_stays_level() -> None:
    values = [
        _difference(
            analysed(
                as_recording(virtual(thigh_difference_mm=mm, pelvis_share=0.0))
            ).legs,
            "dynamic_leg_length_difference",
        ).value
        for mm in (-20.0, 0.0, 20.0)
    ]
    assert values[0] < -8
    assert values[1] == pytest.approx(0.0, abs=0.5)
    assert values[2] > 8


def test_27_mm_by_markers_alone_is_no_finding() -> None:
    """As in a child whose legs were equal by tape: it may be a gross error."""
    legs = LegLengths(
        structural_mm={Side.LEFT: 800.0, Side.RIGHT: 827.0},
        method="asis_to_medial_malleolus",
    )
    rows = measure_leg_lengths(legs, recording=LAB)
    read = _difference(legs, "structural_leg_length_difference")
    assert read.value == pytest.approx(-27.0)
    assert "ASIS to medial malleolus" in read.method
    found = estimate_leg_length(rows, Examination(), subject=Subject(subject_id="p1"))
    assert found is not None
    assert found.low_mm < 0 < found.high_mm
    assert found.kinds == ("markers",)


def test_one_leg_gives_no_difference() -> None:
    legs = LegLengths(structural_mm={Side.LEFT: 800.0}, method="joint_centres")
    assert measure_leg_lengths(legs, recording=LAB) == ()
    lost = LegLengths(
        structural_mm={Side.LEFT: 800.0, Side.RIGHT: np.nan}, method="joint_centres"
    )
    assert measure_leg_lengths(lost, recording=LAB) == ()


def test_a_standing_child_is_measured_as_with_a_tape(shared_data: Path) -> None:
    file = shared_data / "markers" / "biomechzoo" / "HC002D02_Static.c3d"
    result = analysed(read_motion(file))
    assert result.walk.quality.status == "refused"
    assert result.legs.method == "asis_to_medial_malleolus"
    assert result.legs.structural_mm[Side.LEFT] == pytest.approx(723.3, abs=0.5)
    assert result.legs.structural_mm[Side.RIGHT] == pytest.approx(734.6, abs=0.5)
