"""Errors are combined as the formula says, and never shrink by themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.measure.uncertainty import (
    PRIOR_STRIDES,
    Sample,
    Uncertainty,
    combine,
    of_both,
    own_and_shared,
    probability,
    probability_above,
    quantile,
)
from gaitkit.model.catalogue import MeasurementError, definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import reason

calm = settings(deadline=None, derandomize=True)
sizes = st.floats(min_value=0.001, max_value=100.0)
values = st.floats(min_value=-1000.0, max_value=1000.0)


def sample(*, n: int, spread: float | None, usual: float, mean: float = 1.0) -> Sample:
    return Sample(mean=mean, n=n, spread=spread, usual_spread=usual)


def test_the_quantiles_are_those_of_the_tables() -> None:
    assert quantile(None) == pytest.approx(1.960, abs=0.001)
    assert quantile(3) == pytest.approx(3.182, abs=0.001)
    assert quantile(9) == pytest.approx(2.262, abs=0.001)


def test_many_strides_give_the_textbook_standard_error() -> None:
    known = combine(sample(n=10_000, spread=2.0, usual=2.0), own=0.0, shared=0.0)
    assert known.sd == pytest.approx(2.0 / 100)
    assert known.half_width == pytest.approx(1.96 * 0.02, rel=1e-3)


def test_a_single_stride_is_as_uncertain_as_strides_usually_are() -> None:
    known = combine(sample(n=1, spread=None, usual=2.5), own=0.0, shared=0.0)
    assert known.sd == pytest.approx(2.5)
    assert known.dof == pytest.approx(PRIOR_STRIDES)


def test_two_strides_that_happen_to_agree_are_no_proof_of_precision() -> None:
    known = combine(sample(n=2, spread=0.0, usual=2.0), own=0.0, shared=0.0)
    expected = math.sqrt(PRIOR_STRIDES * 4.0 / (PRIOR_STRIDES + 1) / 2)
    assert known.sd == pytest.approx(expected)
    assert known.sd > 1.0


def test_the_parts_of_the_error_add_as_squares() -> None:
    known = combine(
        sample(n=4, spread=2.0, usual=2.0, mean=10.0),
        own=0.6,
        shared=0.8,
        relative_scale_sd=0.05,
    )
    assert known.sd**2 == pytest.approx(1.0 + 0.36 + 0.64 + 0.25)
    assert known.shared_sd**2 == pytest.approx(0.64 + 0.25)
    assert known.own_variance == pytest.approx(1.36)


def test_the_degrees_of_freedom_follow_welch_and_satterthwaite() -> None:
    known = combine(sample(n=4, spread=2.0, usual=2.0), own=1.0, shared=0.0)
    # chance 1 with 3 + 3 degrees of freedom, method 1 known well: 6 * 2^2 / 1^2
    assert known.dof == pytest.approx(24.0)


def test_the_method_error_splits_by_the_detectable_change() -> None:
    error = MeasurementError(
        modality="video",
        sd=5.0,
        detectable_change=1.959964 * math.sqrt(2) * 3.0,
        source="made for this test",
    )
    own, shared = own_and_shared(error)
    assert own == pytest.approx(3.0, abs=1e-5)
    assert shared == pytest.approx(4.0, abs=1e-5)


def test_no_more_of_the_error_is_a_side_s_own_than_there_is() -> None:
    error = MeasurementError(
        modality="video", sd=1.0, detectable_change=50.0, source="made for this test"
    )
    assert own_and_shared(error) == (1.0, 0.0)


def test_a_difference_loses_the_error_that_both_sides_share() -> None:
    left = Uncertainty(sd=math.hypot(3.0, 4.0), shared_sd=4.0)
    right = Uncertainty(sd=math.hypot(2.0, 4.0), shared_sd=4.0)
    difference = of_both(left, right, weights=(1.0, -1.0))
    assert difference.sd == pytest.approx(math.hypot(3.0, 2.0))


def test_an_error_of_the_scale_leaves_its_share_of_the_difference() -> None:
    relative = 0.05
    left = Uncertainty(sd=relative * 0.70, shared_sd=relative * 0.70)
    right = Uncertainty(sd=relative * 0.60, shared_sd=relative * 0.60)
    difference = of_both(left, right, weights=(1.0, -1.0))
    assert difference.sd == pytest.approx(relative * 0.10)


@calm
@given(n=st.integers(1, 200), spread=sizes, usual=sizes, own=sizes, shared=sizes)
def test_more_error_never_makes_a_smaller_error(
    n: int, spread: float, usual: float, own: float, shared: float
) -> None:
    few = sample(n=n, spread=spread if n > 1 else None, usual=usual)
    base = combine(few, own=own, shared=shared)
    assert combine(few, own=2 * own, shared=shared).sd > base.sd
    assert combine(few, own=own, shared=2 * shared).sd > base.sd
    assert combine(few, own=own, shared=shared, relative_scale_sd=0.1).sd > base.sd
    assert base.sd >= math.hypot(own, shared)
    assert base.shared_sd <= base.sd


@calm
@given(n=st.integers(2, 100), spread=sizes)
def test_more_strides_of_the_same_spread_narrow_the_interval(
    n: int, spread: float
) -> None:
    fewer = combine(sample(n=n, spread=spread, usual=spread), own=0.0, shared=0.0)
    more = combine(sample(n=n + 1, spread=spread, usual=spread), own=0.0, shared=0.0)
    assert more.half_width < fewer.half_width


@calm
@given(distance=values, sd=sizes, dof=st.none() | st.floats(1.0, 500.0))
def test_above_and_below_add_to_one(
    distance: float, sd: float, dof: float | None
) -> None:
    known = Uncertainty(sd=sd, dof=dof)
    above = probability(distance, known)
    assert 0.0 <= above <= 1.0
    assert above + probability(-distance, known) == pytest.approx(1.0)


@calm
@given(value=values, sd=sizes, dof=st.none() | st.floats(1.0, 500.0))
def test_the_interval_is_where_the_probability_says(
    value: float, sd: float, dof: float | None
) -> None:
    known = Uncertainty(sd=sd, dof=dof)
    low, high = known.interval(value)
    assert probability(value - low, known) == pytest.approx(0.975, abs=1e-6)
    assert probability(value - high, known) == pytest.approx(0.025, abs=1e-6)


def test_the_interval_holds_the_truth_in_95_of_100_walks() -> None:
    rng = np.random.default_rng(20260101)
    truth, spread, own, shared, walks = 60.0, 3.0, 1.0, 2.0, 4000
    for n in (1, 3, 12):
        held = 0
        for _ in range(walks):
            error = rng.normal(0.0, own) + rng.normal(0.0, shared)
            strides = rng.normal(truth + error, spread, n)
            seen = float(np.std(strides, ddof=1)) if n > 1 else None
            mean = float(strides.mean())
            few = sample(n=n, spread=seen, usual=spread, mean=mean)
            low, high = combine(few, own=own, shared=shared).interval(mean)
            held += low <= truth <= high
        assert 0.94 <= held / walks <= 0.985


def stance(value: float | None, sd: float | None) -> Measurement:
    why = None if value is not None else reason("not_measured")
    unit = definition("stance").unit
    return Measurement(name="stance", unit=unit, value=value, sd=sd, why_missing=why)


def test_a_value_on_the_threshold_is_as_likely_above_as_below() -> None:
    assert probability_above(stance(62.0, 1.0), 62.0) == pytest.approx(0.5)


def test_the_probability_is_that_of_the_normal_table() -> None:
    assert probability_above(stance(62.0, 1.0), 61.0) == pytest.approx(0.8413, abs=1e-4)
    assert probability_above(stance(62.0, 2.0), 64.0) == pytest.approx(0.1587, abs=1e-4)


def test_no_value_or_no_error_gives_no_probability() -> None:
    assert probability_above(stance(None, None), 60.0) is None
    assert probability_above(stance(62.0, None), 60.0) is None


def test_an_exact_number_is_above_or_it_is_not() -> None:
    assert probability_above(stance(62.0, 0.0), 61.0) == 1.0
    assert probability_above(stance(62.0, 0.0), 62.0) == 0.0


def test_a_limited_recording_widens_every_part() -> None:
    known = Uncertainty(sd=2.0, shared_sd=1.0, dof=8.0).widened(1.5)
    assert known == Uncertainty(sd=3.0, shared_sd=1.5, dof=8.0)
