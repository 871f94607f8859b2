"""Left against right: signed, mirrored, and silent where error would speak."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.measure.symmetry import (
    SideDifference,
    side_difference,
    side_differences,
    symmetry_index,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import reason
from gaitkit.model.side import Side

calm = settings(deadline=None, derandomize=True)
lengths = st.floats(min_value=0.2, max_value=1.2)
errors = st.floats(min_value=1e-4, max_value=0.02)


def measured(
    side: Side,
    value: float | None,
    *,
    sd: float | None = 1.0,
    shared_sd: float = 0.0,
    name: str = "knee_flexion_swing_peak",
    recording: str = "walk",
) -> Measurement:
    return Measurement(
        name=name,
        unit=definition(name).unit,
        value=value,
        side=side,
        sd=sd,
        shared_sd=shared_sd,
        n=10,
        recording=recording,
        why_missing=None if value is not None else reason("no_stride_value"),
    )


def knees(left: float, right: float, *, sd: float = 1.0) -> SideDifference:
    found = side_difference(
        measured(Side.LEFT, left, sd=sd), measured(Side.RIGHT, right, sd=sd)
    )
    assert found is not None
    return found


def swapped(measurement: Measurement) -> Measurement:
    assert measurement.side is not None
    return dataclasses.replace(measurement, side=measurement.side.other)


def test_the_difference_is_left_minus_right_with_its_interval() -> None:
    found = knees(62.0, 58.0)
    assert found.value == 4.0
    assert found.sd == pytest.approx(math.sqrt(2))
    assert found.low == pytest.approx(4.0 - 1.96 * math.sqrt(2), abs=1e-3)
    assert found.high == pytest.approx(4.0 + 1.96 * math.sqrt(2), abs=1e-3)
    assert found.detectable_change == pytest.approx(2.77, abs=0.01)


def test_less_than_healthy_adults_differ_is_no_demonstrable_difference() -> None:
    assert knees(60.0, 54.0).healthy_p95 == 6.96
    assert knees(60.0, 54.0).limit == 6.96
    assert not knees(60.0, 54.0).demonstrable
    assert knees(60.0, 52.0).demonstrable
    assert knees(52.0, 60.0).demonstrable


def test_less_than_the_error_is_no_demonstrable_difference() -> None:
    found = knees(66.0, 54.0, sd=5.0)
    assert found.limit == found.detectable_change > 12.0
    assert not found.demonstrable


def test_a_measure_without_healthy_limit_is_judged_by_its_error_alone() -> None:
    found = side_difference(
        measured(Side.LEFT, 64.0, name="stance"),
        measured(Side.RIGHT, 60.0, name="stance"),
    )
    assert found is not None
    assert found.healthy_p95 is None
    assert found.limit == found.detectable_change
    assert found.demonstrable


def test_the_probability_is_one_half_when_both_sides_are_equal() -> None:
    assert knees(60.0, 60.0).probability_left_larger() == pytest.approx(0.5)
    assert knees(60.0, 58.0).probability_left_larger(by=2.0) == pytest.approx(0.5)


def test_a_side_without_value_gives_no_difference() -> None:
    missing = measured(Side.RIGHT, None, sd=None)
    assert side_difference(measured(Side.LEFT, 60.0), missing) is None


def test_a_value_without_error_gives_no_difference() -> None:
    bare = measured(Side.RIGHT, 58.0, sd=None)
    assert side_difference(measured(Side.LEFT, 60.0), bare) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (measured(Side.RIGHT, 60.0), measured(Side.LEFT, 60.0)),
        (measured(Side.LEFT, 60.0), measured(Side.RIGHT, 60.0, name="stance")),
        (measured(Side.LEFT, 60.0), measured(Side.RIGHT, 60.0, recording="other")),
    ],
)
def test_what_is_no_pair_is_refused(left: Measurement, right: Measurement) -> None:
    with pytest.raises(ValueError, match="expected the left and the right side of one"):
        side_difference(left, right)


def test_differences_are_taken_within_a_recording_only() -> None:
    found = side_differences(
        [
            measured(Side.LEFT, 61.0, recording="a"),
            measured(Side.RIGHT, 60.0, recording="a"),
            measured(Side.LEFT, 65.0, recording="b"),
            measured(Side.RIGHT, 60.0, recording="b"),
            measured(Side.LEFT, 65.0, recording="c"),
            measured(Side.LEFT, 62.0, name="stance", recording="c"),
        ]
    )
    assert [(d.left.recording, d.value) for d in found] == [("a", 1.0), ("b", 5.0)]


@calm
@given(
    left=st.floats(-40.0, 120.0),
    right=st.floats(-40.0, 120.0),
    sd=st.floats(0.1, 10.0),
    shared=st.floats(0.0, 1.0),
)
def test_in_a_mirror_the_difference_changes_its_sign_and_nothing_else(
    left: float, right: float, sd: float, shared: float
) -> None:
    first = measured(Side.LEFT, left, sd=sd, shared_sd=shared * sd)
    second = measured(Side.RIGHT, right, sd=2 * sd, shared_sd=shared * sd)
    seen = side_difference(first, second)
    mirrored = side_difference(swapped(second), swapped(first))
    assert seen is not None
    assert mirrored is not None
    assert mirrored.value == -seen.value
    assert mirrored.sd == pytest.approx(seen.sd)
    assert mirrored.low == pytest.approx(-seen.high)
    assert mirrored.high == pytest.approx(-seen.low)
    assert mirrored.demonstrable == seen.demonstrable
    assert mirrored.probability_left_larger() == pytest.approx(
        1 - seen.probability_left_larger()
    )


def steps(
    left: float | None,
    right: float | None,
    *,
    sd: float = 0.01,
    shares: tuple[float, float] = (0.0, 0.0),
) -> Measurement:
    return symmetry_index(
        measured(Side.LEFT, left, sd=sd, shared_sd=shares[0], name="step_length"),
        measured(Side.RIGHT, right, sd=sd, shared_sd=shares[1], name="step_length"),
    )


def test_the_symmetry_index_is_the_formula_of_the_contract() -> None:
    found = steps(0.72, 0.68)
    assert found.value == pytest.approx(100 * 0.04 / 0.70)
    assert (found.name, found.region, found.unit) == (
        "symmetry_index",
        "step_length",
        "%",
    )
    assert found.side is None


def test_the_error_of_the_symmetry_index_follows_from_its_derivatives() -> None:
    found = steps(0.70, 0.70, sd=0.01)
    assert found.sd == pytest.approx(200 * math.sqrt(2) * 0.01 / 1.4)


def test_an_error_of_the_scale_alone_leaves_the_symmetry_index_exact() -> None:
    left, right, relative = 0.74, 0.66, 0.05
    found = symmetry_index(
        measured(
            Side.LEFT, left, sd=relative * left, shared_sd=relative * left,
            name="step_length",
        ),
        measured(
            Side.RIGHT, right, sd=relative * right, shared_sd=relative * right,
            name="step_length",
        ),
    )  # fmt: skip
    assert found.sd == pytest.approx(0.0, abs=1e-9)


@calm
@given(left=lengths, right=lengths, sd=errors)
def test_in_a_mirror_the_symmetry_index_changes_its_sign(
    left: float, right: float, sd: float
) -> None:
    seen, mirrored = steps(left, right, sd=sd), steps(right, left, sd=sd)
    assert seen.value is not None
    assert mirrored.value == pytest.approx(-seen.value)
    assert mirrored.sd == pytest.approx(seen.sd)


@calm
@given(left=lengths, right=lengths, factor=st.floats(0.5, 1.5))
def test_the_symmetry_index_does_not_depend_on_the_scale(
    left: float, right: float, factor: float
) -> None:
    seen, scaled = steps(left, right), steps(factor * left, factor * right)
    assert scaled.value == pytest.approx(seen.value, abs=1e-9)


@calm
@given(left=lengths, right=lengths)
def test_the_symmetry_index_stays_within_its_bounds(left: float, right: float) -> None:
    found = steps(left, right, sd=0.001)
    assert found.value is not None
    assert -200.0 < found.value < 200.0


@pytest.mark.parametrize(
    ("left", "right", "sd"), [(0.3, -0.1, 0.01), (0.02, 0.03, 0.05), (0.0, 0.5, 0.01)]
)
def test_a_percentage_of_nearly_nothing_is_refused(
    left: float, right: float, sd: float
) -> None:
    found = steps(left, right, sd=sd)
    assert found.value is None
    assert found.why_missing == reason("symmetry_near_zero")


def test_a_missing_side_is_the_reason_of_the_missing_index() -> None:
    found = steps(0.7, None)
    assert found.value is None
    assert found.why_missing == reason("no_stride_value")


def test_a_limited_side_makes_a_limited_comparison() -> None:
    left = dataclasses.replace(measured(Side.LEFT, 60.0), quality="limited")
    found = side_difference(left, measured(Side.RIGHT, 60.0))
    assert found is not None
    assert found.quality == "limited"
