"""Belief after measuring, against integrals worked out in another way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from gaitkit.measure.leg_length.likelihood import reading_log, with_shared
from gaitkit.measure.leg_length.methods import GrossErrors
from gaitkit.measure.leg_length.posterior import (
    GRID_MM,
    WIDE,
    after,
    before,
    prior_parts,
)
from gaitkit.model.leg_length import cumulative

calm = settings(deadline=None, derandomize=True, max_examples=40)
NEVER = GrossErrors(share=0.0, times=3.0, least_mm=20.0)
SOMETIMES = GrossErrors(share=0.08, times=3.0, least_mm=20.0)
values = st.floats(-45.0, 45.0)
errors = st.floats(1.0, 15.0)


def exact(value: float, sd: float, shared: float, gross: GrossErrors) -> list[float]:
    """Return mean, P(> 5) and P(< -5) by adaptive quadrature of the formula."""
    whole = math.hypot(sd, shared)
    wild = max(gross.times * whole, math.hypot(whole, gross.least_mm))

    def density(d: float) -> float:
        prior = sum(p.weight * norm.pdf(d, 0, p.sd_mm) for p in prior_parts("clinic"))
        usual = (1 - gross.share) * norm.pdf(value, d, whole)
        return float(prior * (usual + gross.share * norm.pdf(value, d, wild)))

    marks = sorted({value, 0.0, 5.0, -5.0})

    def integral(f: Any, low: float = -140.0, high: float = 140.0) -> float:
        inside = [m for m in marks if low < m < high]
        return float(quad(f, low, high, points=inside or None, limit=300)[0])

    whole_mass = integral(density)
    mean = integral(lambda d: d * density(d)) / whole_mass
    over = integral(density, 5.0) / whole_mass
    under = integral(density, -140.0, -5.0) / whole_mass
    return [mean, over, under]


@pytest.mark.parametrize("gross", [NEVER, SOMETIMES], ids=["never", "sometimes"])
@pytest.mark.parametrize(
    ("value", "sd", "shared"),
    [(10.0, 8.6, 0.0), (12.0, 1.5, 0.0), (22.0, 6.0, 4.5), (-3.0, 1.0, 0.5)],
)
def test_the_grid_gives_the_integrals_of_the_formula(
    value: float, sd: float, shared: float, gross: GrossErrors
) -> None:
    log = with_shared(reading_log(value, sd, gross, shared_mm=shared), shared)
    belief = after("clinic", log)
    below = cumulative(GRID_MM, belief.density)
    over = 1 - float(np.interp(5.0, GRID_MM, below))
    under = float(np.interp(-5.0, GRID_MM, below))
    found = [belief.mean_mm, over, under]
    assert found == pytest.approx(exact(value, sd, shared, gross), abs=2e-3)


@calm
@given(value=values, sd=errors)
def test_nothing_assumed_leaves_a_precise_value_where_it_was(
    value: float, sd: float
) -> None:
    # a normal prior with sd 20 shrinks by 400 / (400 + sd^2): by hand
    belief = after(WIDE, reading_log(value, sd, NEVER))
    assert belief.mean_mm == pytest.approx(value * 400 / (400 + sd**2), abs=0.02)
    assert belief.sd_mm == pytest.approx(20 * sd / math.hypot(20, sd), rel=0.003)


@calm
@given(value=values, sd=errors)
def test_the_interval_holds_95_percent(value: float, sd: float) -> None:
    belief = after("clinic", reading_log(value, sd, SOMETIMES))
    low, high = belief.interval_mm
    below = cumulative(GRID_MM, belief.density)
    held = np.interp(high, GRID_MM, below) - np.interp(low, GRID_MM, below)
    assert held == pytest.approx(0.95, abs=1e-6)


def test_a_gross_error_stops_pulling_once_it_is_far() -> None:
    honest = reading_log(2.0, 7.5, SOMETIMES)
    near, far = (
        after("clinic", honest + reading_log(value, 8.6, SOMETIMES)).mean_mm
        for value in (12.0, 45.0)
    )
    dragged = after("clinic", honest + reading_log(45.0, 8.6, NEVER)).mean_mm
    assert far < near + 2.0
    assert dragged > near + 4.0


def test_a_method_that_shows_three_quarters_is_read_as_more() -> None:
    full = after(WIDE, reading_log(15.0, 3.0, NEVER)).mean_mm
    part = after(WIDE, reading_log(15.0, 3.0, NEVER, gain=(0.75, 0.0))).mean_mm
    assert part == pytest.approx(full / 0.75, rel=0.02)


def test_what_is_believed_beforehand_is_the_data_file() -> None:
    below = cumulative(GRID_MM, before("clinic").density)
    over_10 = 2.0 * float(np.interp(-10.0, GRID_MM, below))
    # .70 N(4.9), .25 N(10), .05 N(20): 2.9, 7.9 and 3.1 % beyond 10 mm
    assert over_10 == pytest.approx(0.139, abs=0.001)
    assert math.fsum(p.weight for p in prior_parts("clinic")) == pytest.approx(1.0)
