"""Probabilities against what is known by hand or by linear programme."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import norm, t

from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.rules.chance import Estimate, at_least, claim

chances = st.floats(0.0, 1.0)


def known(value: float, sd: float, dof: float | None = None) -> Estimate:
    return Estimate(value=value, uncertainty=Uncertainty(sd=sd, dof=dof))


@pytest.mark.parametrize("operator", [">", ">="])
def test_above_a_threshold_is_the_upper_tail(operator: str) -> None:
    found = claim(known(6.6, 3.6), operator=operator, threshold=5.0, size="no")
    assert found == pytest.approx(norm.sf(5.0, 6.6, 3.6))


@pytest.mark.parametrize("operator", ["<", "<="])
def test_below_a_threshold_is_the_lower_tail(operator: str) -> None:
    found = claim(known(6.6, 3.6), operator=operator, threshold=5.0, size="no")
    assert found == pytest.approx(norm.cdf(5.0, 6.6, 3.6))


def test_few_degrees_of_freedom_claim_less() -> None:
    found = claim(known(6.6, 1.0, 2.0), operator=">", threshold=5.0, size="no")
    assert found == pytest.approx(t.sf(-1.6, 2.0))
    assert found < norm.sf(-1.6)


@pytest.mark.parametrize(
    ("operator", "expected"), [(">", 0.0), (">=", 1.0), ("<", 0.0), ("<=", 1.0)]
)
def test_an_exact_number_at_the_threshold_follows_the_operator(
    operator: str, expected: float
) -> None:
    for size in ("no", "one_way", "either_way"):
        exact = known(3.0, 0.0)
        assert claim(exact, operator=operator, threshold=3.0, size=size) == expected


def test_a_size_is_claimed_for_one_direction() -> None:
    """Error alone makes neither side larger, however wide it is."""
    ignorant = known(0.0, 1000.0)
    assert claim(ignorant, operator=">", threshold=5.0, size="one_way") < 0.5


def test_the_size_of_a_negative_difference_is_that_of_its_mirror_image() -> None:
    left, right = known(-8.0, 2.0), known(8.0, 2.0)
    for operator in (">", ">=", "<", "<="):
        assert claim(left, operator=operator, threshold=5.0, size="one_way") == (
            pytest.approx(
                claim(right, operator=operator, threshold=5.0, size="one_way")
            )
        )


def test_a_small_size_is_claimed_between_both_thresholds() -> None:
    found = claim(known(1.0, 3.0), operator="<=", threshold=5.0, size="one_way")
    assert found == pytest.approx(norm.cdf(5.0, 1.0, 3.0) - norm.cdf(-5.0, 1.0, 3.0))


def test_at_least_n_is_the_sharpest_bound_over_every_dependence() -> None:
    """A linear programme over all joint distributions finds the same minimum."""
    random = np.random.default_rng(20261121)
    for _ in range(60):
        count = int(random.integers(1, 6))
        number = int(random.integers(1, count + 1))
        claims = random.uniform(size=count)
        worlds = np.array(list(product((0, 1), repeat=count)))
        minimum = linprog(
            (worlds.sum(axis=1) >= number).astype(float),
            A_eq=np.vstack([np.ones(len(worlds)), worlds.T]),
            b_eq=[1.0, *claims],
            bounds=(0, 1),
        ).fun
        assert at_least(number, list(claims)) == pytest.approx(minimum, abs=1e-9)


@given(st.lists(chances, min_size=1, max_size=6))
def test_any_is_the_largest_and_all_loses_every_failure(claims: list[float]) -> None:
    assert at_least(1, claims) == pytest.approx(max(claims), abs=1e-12)
    failures = sum(1.0 - claim_ for claim_ in claims)
    assert at_least(len(claims), claims) == pytest.approx(max(0.0, 1 - failures))


@given(
    st.floats(-20.0, 20.0),
    st.floats(0.01, 20.0),
    st.floats(1.0, 10.0),
    st.sampled_from([">", ">=", "<", "<="]),
    st.sampled_from(["no", "one_way"]),
)
def test_a_wider_error_never_turns_not_met_into_met(
    value: float, sd: float, factor: float, operator: str, size: str
) -> None:
    narrow, wide = (
        claim(known(value, width), operator=operator, threshold=5.0, size=size)
        for width in (sd, factor * sd)
    )
    assert not (narrow < 0.5 and wide >= 0.5 + 1e-12)


@given(st.data(), st.integers(1, 6))
def test_missing_parts_at_worst_never_claim_more_than_known_ones(
    data: st.DataObject, count: int
) -> None:
    claims = data.draw(st.lists(chances, min_size=count, max_size=count))
    number = data.draw(st.integers(1, count))
    without_first = [0.0, *claims[1:]]
    assert at_least(number, without_first) <= at_least(number, claims) + 1e-12


PART = st.tuples(
    st.floats(-10.0, 20.0),
    st.floats(0.01, 10.0),
    st.floats(1.0, 10.0),
    st.sampled_from([">", "<"]),
    st.sampled_from(["no", "one_way"]),
)


@given(st.lists(PART, min_size=1, max_size=6), st.data())
def test_wider_errors_of_any_parts_never_turn_not_met_into_met(
    drawn: list[tuple[float, float, float, str, str]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(1, len(drawn)))
    narrow, wide = (
        at_least(
            number,
            [
                claim(
                    known(value, sd * (factor if widened else 1.0)),
                    operator=operator,
                    threshold=5.0,
                    size=size,
                )
                for value, sd, factor, operator, size in drawn
            ],
        )
        for widened in (False, True)
    )
    assert not (narrow < 0.5 and wide >= 0.8)
