"""The low-pass filter: cut-off, no delay, stretches, edges."""

from __future__ import annotations

import numpy as np
import pytest

from gaitkit.signal.filters import derivative, design_cutoff_hz, low_pass

RATE_HZ = 100.0
TIME_S = np.arange(1000) / RATE_HZ


def _gain(frequency_hz: float, *, cutoff_hz: float, order: int = 2) -> float:
    wave = np.sin(2 * np.pi * frequency_hz * TIME_S)
    smooth = low_pass(wave, rate_hz=RATE_HZ, cutoff_hz=cutoff_hz, order=order)
    inner = slice(200, -200)
    return float(smooth[inner].std() / wave[inner].std())


@pytest.mark.parametrize("order", [1, 2, 4])
def test_both_passes_together_lose_3_db_at_the_cutoff(order: int) -> None:
    assert _gain(6.0, cutoff_hz=6.0, order=order) == pytest.approx(2**-0.5, abs=0.005)


def test_movement_far_below_the_cutoff_is_kept() -> None:
    assert _gain(1.0, cutoff_hz=6.0) == pytest.approx(1.0, abs=0.002)


def test_the_filter_does_not_delay() -> None:
    bump = np.exp(-(((TIME_S - 5.0) / 0.1) ** 2))
    smooth = low_pass(bump, rate_hz=RATE_HZ, cutoff_hz=4.0)
    assert TIME_S[np.argmax(smooth)] == pytest.approx(5.0)


def test_a_straight_line_is_kept_up_to_both_ends() -> None:
    line = 3.0 + 2.0 * TIME_S
    assert low_pass(line, rate_hz=RATE_HZ, cutoff_hz=6.0) == pytest.approx(line)


def test_each_valid_stretch_is_filtered_alone_and_gaps_stay() -> None:
    signal = np.sin(2 * np.pi * TIME_S)
    signal[400:500] = np.nan
    smooth = low_pass(signal, rate_hz=RATE_HZ, cutoff_hz=6.0)
    alone = low_pass(signal[:400], rate_hz=RATE_HZ, cutoff_hz=6.0)
    assert np.array_equal(np.isnan(smooth), np.isnan(signal))
    assert smooth[:400] == pytest.approx(alone)


def test_a_stretch_too_short_to_filter_is_left_as_it_is() -> None:
    signal = np.array([np.nan, 1.0, 5.0, 2.0, np.nan])
    smooth = low_pass(signal, rate_hz=RATE_HZ, cutoff_hz=6.0)
    assert smooth[1:4].tolist() == [1.0, 5.0, 2.0]


def test_a_cutoff_that_the_rate_cannot_hold_leaves_the_signal() -> None:
    noise = np.random.default_rng(0).normal(size=50)
    assert low_pass(noise, rate_hz=10.0, cutoff_hz=6.0).tolist() == noise.tolist()
    assert design_cutoff_hz(6.0, rate_hz=10.0, order=2) is None


def test_the_design_cutoff_is_raised_by_the_factor_of_the_literature() -> None:
    design = design_cutoff_hz(6.0, rate_hz=10_000.0, order=2)
    assert design == pytest.approx(6.0 / 0.802, rel=1e-3)


def test_the_velocity_of_a_parabola_is_exact_up_to_the_ends() -> None:
    velocity = derivative(TIME_S**2, rate_hz=RATE_HZ)
    assert velocity == pytest.approx(2 * TIME_S, abs=1e-9)


def test_velocity_stays_missing_beside_a_gap_and_in_short_stretches() -> None:
    path = np.array([0.0, 1.0, np.nan, 0.0, 1.0, 2.0])
    velocity = derivative(path, rate_hz=1.0)
    assert np.isnan(velocity[:3]).all()
    assert velocity[3:] == pytest.approx(1.0)
