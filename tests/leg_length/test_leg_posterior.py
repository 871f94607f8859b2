"""Belief after measuring: the worked examples, and what holds for every number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.measure.leg_length.posterior import Belief, after, before
from gaitkit.measure.leg_length.prior import POPULATION, PRIORS

calm = settings(deadline=None, derandomize=True, max_examples=60)
CLINIC = PRIORS["clinic"]
values = st.floats(-60.0, 60.0)
errors = st.floats(0.5, 60.0)


def longer_than(belief: Belief, limit_mm: float) -> float:
    """Return the probability that the left leg is longer by more."""
    return 1.0 - belief.below(limit_mm)


@pytest.mark.parametrize(
    ("value", "sd", "mean", "spread", "probability"),
    [
        (10.0, 8.6, 3.6, 5.2, 0.40),
        (9.5, 4.32, 6.6, 3.6, 0.67),
        (12.0, 1.5, 11.4, 1.5, 1.00),
        (22.0, 1.5, 20.9, 1.5, 1.00),
    ],
)
def test_the_worked_examples_hold_with_a_single_normal_prior(
    value: float, sd: float, mean: float, spread: float, probability: float
) -> None:
    belief = after(POPULATION, value_mm=value, sd_mm=sd)
    assert belief.mean_mm == pytest.approx(mean, abs=0.05)
    assert belief.sd_mm == pytest.approx(spread, abs=0.05)
    assert longer_than(belief, 5.0) == pytest.approx(probability, abs=0.005)


@pytest.mark.parametrize(
    ("value", "sd", "mean", "spread", "probability"),
    [
        (10.0, 8.6, 3.96, 5.52, 0.415),
        (9.518, 4.322, 6.79, 3.70, 0.684),
        (12.0, 1.5, 11.47, 1.48, 1.00),
        (22.0, 1.5, 21.60, 1.53, 1.00),
    ],
)
def test_the_prior_that_ships_shrinks_a_little_less(
    value: float, sd: float, mean: float, spread: float, probability: float
) -> None:
    # narrow part: weight .9 N(value; 0, 6.5^2 + sd^2), wide part .1 N(value; 0, 15^2
    # + sd^2); their means and variances mixed by hand
    belief = after(CLINIC, value_mm=value, sd_mm=sd)
    assert belief.mean_mm == pytest.approx(mean, abs=0.01)
    assert belief.sd_mm == pytest.approx(spread, abs=0.01)
    assert longer_than(belief, 5.0) == pytest.approx(probability, abs=0.005)


def test_the_worked_examples_mean_the_same_with_the_prior_that_ships() -> None:
    tape = after(CLINIC, value_mm=10.0, sd_mm=8.6)
    assert longer_than(tape, 5.0) < 0.5  # no raise
    both = after(CLINIC, value_mm=9.518, sd_mm=4.322)
    assert 0.5 <= longer_than(both, 5.0) < 0.8  # doubt
    x_ray = after(CLINIC, value_mm=12.0, sd_mm=1.5)
    assert longer_than(x_ray, 5.0) > 0.8
    assert round(0.7 * x_ray.mean_mm) == 8  # target of the raise, start half
    large = after(CLINIC, value_mm=22.0, sd_mm=1.5)
    assert large.larger_than(20.0) >= 0.5  # refer


def test_the_population_is_as_large_as_knutson_found() -> None:
    population = before(POPULATION)
    at = np.linspace(-60.0, 60.0, 24_001)
    weight = population.density(at) * (at[1] - at[0])
    assert float((np.abs(at) * weight).sum()) == pytest.approx(5.2, abs=0.05)
    assert population.larger_than(20.0) == pytest.approx(0.002, abs=0.0005)


def test_a_large_value_moves_belief_to_the_wide_part() -> None:
    small = after(CLINIC, value_mm=2.0, sd_mm=3.0)
    large = after(CLINIC, value_mm=30.0, sd_mm=3.0)
    assert small.parts[1].weight < 0.1
    assert large.parts[1].weight > 0.9


@calm
@given(value=values, sd=errors)
def test_a_mirrored_value_gives_the_mirrored_belief(value: float, sd: float) -> None:
    one, other = (after(CLINIC, value_mm=sign * value, sd_mm=sd) for sign in (1, -1))
    assert one.mean_mm == pytest.approx(-other.mean_mm, abs=1e-9)
    assert one.sd_mm == pytest.approx(other.sd_mm)
    assert one.left_longer == pytest.approx(1.0 - other.left_longer)
    low, high = one.interval_mm
    assert other.interval_mm == pytest.approx((-high, -low), abs=1e-6)


@calm
@given(value=values)
def test_a_method_that_knows_nothing_leaves_the_prior(value: float) -> None:
    belief, prior = after(CLINIC, value_mm=value, sd_mm=1e5), before(CLINIC)
    assert belief.mean_mm == pytest.approx(0.0, abs=1e-3)
    assert belief.sd_mm == pytest.approx(prior.sd_mm, abs=1e-3)


@calm
@given(value=values, sd=errors)
def test_the_mean_lies_between_no_difference_and_the_value(
    value: float, sd: float
) -> None:
    mean = after(CLINIC, value_mm=value, sd_mm=sd).mean_mm
    assert min(0.0, value) - 1e-9 <= mean <= max(0.0, value) + 1e-9


@calm
@given(value=values, sd=errors, wider=st.floats(1.0, 5.0))
def test_a_wider_error_goes_back_to_the_prior(
    value: float, sd: float, wider: float
) -> None:
    for part, less in zip(
        after(CLINIC, value_mm=value, sd_mm=sd).parts,
        after(CLINIC, value_mm=value, sd_mm=wider * sd).parts,
        strict=True,
    ):
        assert abs(less.mean_mm) <= abs(part.mean_mm) + 1e-9
        assert less.sd_mm >= part.sd_mm - 1e-9


@calm
@given(value=values, sd=errors)
def test_probabilities_fit_each_other(value: float, sd: float) -> None:
    belief = after(CLINIC, value_mm=value, sd_mm=sd)
    over = [belief.larger_than(limit) for limit in (0.0, 5.0, 10.0, 20.0)]
    assert over[0] == pytest.approx(1.0)
    assert over == sorted(over, reverse=True)
    assert math.fsum(part.weight for part in belief.parts) == pytest.approx(1.0)
    low, high = belief.interval_mm
    assert low <= belief.mean_mm <= high
    assert belief.below(high) - belief.below(low) == pytest.approx(0.95, abs=1e-6)


def test_the_density_is_that_of_the_probabilities() -> None:
    belief = after(CLINIC, value_mm=9.0, sd_mm=4.0)
    at = np.linspace(-60.0, 60.0, 24_001)
    density = belief.density(at)
    step = at[1] - at[0]
    assert float(density.sum() * step) == pytest.approx(1.0, abs=1e-6)
    assert float(density[at > 5.0].sum() * step) == pytest.approx(
        1.0 - belief.below(5.0), abs=1e-3
    )
