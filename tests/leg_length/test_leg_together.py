"""Several methods together: shared errors, shares of information, contradictions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.measure.leg_length.evidence import Evidence
from gaitkit.measure.leg_length.methods import all_methods, method_named
from gaitkit.measure.leg_length.posterior import after
from gaitkit.measure.leg_length.prior import PRIORS
from gaitkit.measure.leg_length.together import (
    MOST_SHARED,
    covariance,
    put_together,
)

calm = settings(deadline=None, derandomize=True, max_examples=60)
NAMES = [method.name for method in all_methods() if method.why_not is None]


def says(name: str, value_mm: float, sd_mm: float | None = None) -> Evidence:
    method = method_named(name)
    assert method is not None
    return Evidence(
        method=method, value_mm=value_mm, sd_mm=method.sd_mm if sd_mm is None else sd_mm
    )


evidence = st.lists(
    st.tuples(st.sampled_from(NAMES), st.floats(-30.0, 30.0), st.floats(0.5, 20.0)),
    min_size=1,
    max_size=len(NAMES),
    unique_by=lambda each: each[0],
).map(lambda rows: [says(*row) for row in rows])


def test_independent_methods_are_weighted_by_precision() -> None:
    both = put_together([says("block_test", 10.0, 5.0), says("tape", 8.0, 8.6)])
    assert both.value_mm == pytest.approx(9.5, abs=0.05)
    assert both.sd_mm == pytest.approx(4.3, abs=0.05)
    assert both.weights == pytest.approx((0.747, 0.253), abs=0.001)


def test_methods_that_share_an_error_know_less_than_independent_ones() -> None:
    stance, blocks = (
        says("stance_stickers", 8.0, 4.0),
        says("block_test_stickers", 8.0, 4.0),
    )
    shared = covariance([stance, blocks])[0, 1]
    assert shared == pytest.approx(MOST_SHARED * 16.0)  # stickers are put on once
    together = put_together([stance, blocks])
    assert together.sd_mm == pytest.approx(math.sqrt((16.0 + shared) / 2.0))
    assert together.sd_mm > 4.0 / math.sqrt(2.0)


def test_standing_methods_share_the_stance_and_bones_do_not() -> None:
    errors = covariance(
        [says("block_test", 0.0), says("stance_landmarks", 0.0), says("ct", 0.0)]
    )
    assert errors[0, 1] == pytest.approx(2.0**2)
    assert errors[0, 2] == errors[1, 2] == 0.0


@calm
@given(methods=evidence)
def test_shares_of_information_are_shares(methods: list[Evidence]) -> None:
    weights = put_together(methods).weights
    assert math.fsum(weights) == pytest.approx(1.0)
    assert min(weights) >= -1e-9


@calm
@given(methods=evidence)
def test_errors_that_hang_together_stay_possible(methods: list[Evidence]) -> None:
    assert np.linalg.eigvalsh(covariance(methods)).min() > 0.0


@calm
@given(methods=evidence, order=st.randoms(use_true_random=False))
def test_the_order_of_methods_makes_no_difference(
    methods: list[Evidence], order: st.DataObject
) -> None:
    shuffled = list(methods)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = put_together(methods), put_together(shuffled)
    assert one.value_mm == pytest.approx(other.value_mm, abs=1e-7)
    assert one.sd_mm == pytest.approx(other.sd_mm)
    assert one.widened == pytest.approx(other.widened)


@calm
@given(methods=evidence)
def test_mirrored_values_give_the_mirrored_value(methods: list[Evidence]) -> None:
    mirrored = [says(e.method.name, -e.value_mm, e.sd_mm) for e in methods]
    one, other = put_together(methods), put_together(mirrored)
    assert one.value_mm == pytest.approx(-other.value_mm, abs=1e-7)
    assert one.chi_squared == pytest.approx(other.chi_squared, abs=1e-6)


@calm
@given(methods=evidence)
def test_one_more_method_never_widens_unless_methods_contradict(
    methods: list[Evidence],
) -> None:
    whole, fewer = put_together(methods), methods[:-1]
    if not fewer or whole.widened > 1.0:
        return
    without = put_together(fewer)
    assert whole.sd_mm <= without.sd_mm / without.widened + 1e-9
    beliefs = [
        after(PRIORS["clinic"], value_mm=each.value_mm, sd_mm=sd)
        for each, sd in ((whole, whole.sd_mm), (without, without.sd_mm))
    ]
    for more, less in zip(*(belief.parts for belief in beliefs), strict=True):
        assert more.sd_mm <= less.sd_mm + 1e-9


def test_methods_that_agree_are_not_widened() -> None:
    together = put_together(
        [says("tape", 12.0), says("block_test", 8.0), says("ct", 9.0)]
    )
    assert together.widened == 1.0
    assert together.contradictions == ()
    assert together.probability > 0.5


def test_a_contradiction_is_named_with_its_size_and_widens_every_error() -> None:
    methods = [says("tape", 25.0), says("x_ray", 0.0), says("block_test", 1.0)]
    together = put_together(methods)
    worst = together.contradictions[0]
    assert (worst.first, worst.second) == (0, 1)
    assert worst.apart_mm == pytest.approx(25.0)
    assert worst.times == pytest.approx(25.0 / math.hypot(8.6, 1.5))
    alone = 1.0 / math.sqrt(1 / 8.6**2 + 1 / 1.5**2 + 1 / 7.5**2)
    assert together.sd_mm == pytest.approx(together.widened * alone)
    assert together.widened > 1.0


def test_widening_begins_without_a_leap() -> None:
    limit = 1.959964 * math.hypot(8.6, 7.5)
    below, above = (
        put_together([says("tape", d), says("block_test", 0.0)])
        for d in (limit - 0.01, limit + 0.01)
    )
    assert below.widened == 1.0
    assert 1.0 < above.widened < 1.001
    far = put_together([says("tape", 2 * limit), says("block_test", 0.0)])
    assert far.widened == pytest.approx(2.0, abs=1e-4)
