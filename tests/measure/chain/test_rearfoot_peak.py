"""The size and moment of the largest eversion, on curves with known truth."""

from __future__ import annotations

import numpy as np
import pytest

from gaitkit.gait.stickers.rearfoot import PERCENT
from gaitkit.gait.stickers.walk import peak_of

HEEL_OFF_PCT = 62.0


def curve(peak_deg: float = 8.0, at_pct: float = 40.0) -> np.ndarray:
    """Return a broad wave with one peak."""
    angle = peak_deg - 6.0 + 6.0 * np.cos((PERCENT - at_pct) / 100 * np.pi)
    return np.where(PERCENT <= HEEL_OFF_PCT, angle, np.nan)


@pytest.mark.parametrize("at_pct", [30.0, 40.0, 50.0])
def test_a_curve_without_noise_keeps_its_peak(at_pct: float) -> None:
    value, at = peak_of(curve(at_pct=at_pct), HEEL_OFF_PCT)
    assert value == pytest.approx(8.0, abs=0.02)
    assert at == at_pct


def test_noise_makes_the_peak_a_third_as_much_too_large_as_the_maximum() -> None:
    rng = np.random.default_rng(2)
    noisy = [curve() + rng.normal(0, 0.5, PERCENT.size) for _ in range(200)]
    found = np.mean([peak_of(each, HEEL_OFF_PCT)[0] for each in noisy])
    largest = np.mean([np.nanmax(each) for each in noisy])
    assert largest - 8.0 > 0.5
    assert abs(found - 8.0) < (largest - 8.0) / 3


def test_a_curve_that_still_rises_peaks_where_it_ends() -> None:
    rising = np.where(PERCENT <= HEEL_OFF_PCT, 0.1 * PERCENT, np.nan)
    value, at = peak_of(rising, HEEL_OFF_PCT)
    assert at == HEEL_OFF_PCT
    assert value == pytest.approx(0.1 * HEEL_OFF_PCT)


def test_what_comes_before_foot_flat_or_after_heel_off_is_no_peak() -> None:
    angle = curve()
    angle[:8] = 30.0
    beyond = np.where(PERCENT > HEEL_OFF_PCT, 40.0, angle)
    assert peak_of(beyond, HEEL_OFF_PCT)[0] == pytest.approx(8.0, abs=0.02)


def test_a_curve_known_before_foot_flat_only_gives_its_largest_value() -> None:
    angle = np.full(PERCENT.size, np.nan)
    angle[2:5] = (1.0, 3.0, 2.0)
    assert peak_of(angle, HEEL_OFF_PCT) == (3.0, 3.0)
