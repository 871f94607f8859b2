"""What was not measured is named, and curves carry the error of their method."""

from __future__ import annotations

import dataclasses

import pytest

from gaitkit.measure.summary import unmeasured
from gaitkit.measure.walk import with_method_error
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.measurement import Measurement
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS, Stride, Waveform

SIDE_VIEW = Recording(id="walk", kind="video", sha256="0", view="sagittal_left")


def test_a_visit_without_leg_length_says_so_for_every_measure_of_it() -> None:
    found = unmeasured([])
    names = [e.name for e in definitions() if e.group == "leg_length"]
    assert list(dict.fromkeys(m.name for m in found)) == names
    for measurement in found:
        assert measurement.value is None
        assert measurement.why_missing is not None
        assert measurement.why_missing.code == "not_measured"
    sides = [m.side for m in found if m.name == "structural_leg_length"]
    assert sides == [Side.LEFT, Side.RIGHT]


def test_what_was_measured_is_not_called_unmeasured() -> None:
    block = Measurement(name="levelling_block_height", unit="mm", value=8.0, sd=5.0)
    names = {m.name for m in unmeasured([block])}
    assert "levelling_block_height" not in names
    assert "structural_leg_length_difference" in names


def knee(side: Side, name: str = "knee_flexion") -> Waveform:
    return Waveform(
        name=name,
        side=side,
        recording="walk",
        mean=(10.0,) * CYCLE_POINTS,
        spread=(2.0,) * CYCLE_POINTS,
        n=2,
    )


def stride(side: Side) -> Stride:
    return Stride(recording="walk", side=side, start_s=0.0, end_s=1.1)


def test_a_curve_gets_the_error_of_its_side_of_the_camera() -> None:
    waves = [knee(side) for side in Side]
    near, far = with_method_error(
        waves, strides=[stride(side) for side in Side], recording=SIDE_VIEW
    )
    entry = definition("knee_flexion_swing_peak")
    expected = [entry.error("video"), entry.error("video_far")]
    assert [near.sd, far.sd] == [e.sd if e else None for e in expected]
    assert dataclasses.replace(near, sd=0.0) == waves[0]


@pytest.mark.parametrize("name", ["trunk_flexion", "hip_rotation"])
def test_a_curve_of_unknown_error_is_left_as_it_is(name: str) -> None:
    wave = knee(Side.LEFT, name)
    found = with_method_error([wave], strides=[stride(Side.LEFT)], recording=SIDE_VIEW)
    assert found == (wave,)
