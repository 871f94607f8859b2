"""Short gaps are bridged, long ones and the ends stay missing."""

from __future__ import annotations

import numpy as np
import pytest

from gaitkit.signal.cleaning import outliers
from gaitkit.signal.gaps import fill_gaps

RATE_HZ = 50.0
TIME_S = np.arange(200) / RATE_HZ
PATH = np.sin(2 * np.pi * 1.0 * TIME_S)


def _with_gap(start: int, frames: int) -> np.ndarray:
    path = PATH.copy()
    path[start : start + frames] = np.nan
    return path


def test_a_gap_within_the_limit_is_filled_close_to_the_truth() -> None:
    filled = fill_gaps(_with_gap(60, 8), time_s=TIME_S, max_gap_s=0.2)
    assert np.isfinite(filled).all()
    assert filled[60:68] == pytest.approx(PATH[60:68], abs=0.05)


def test_a_gap_beyond_the_limit_stays_missing_whole() -> None:
    filled = fill_gaps(_with_gap(60, 12), time_s=TIME_S, max_gap_s=0.2)
    assert np.isnan(filled[60:72]).all()
    assert np.isfinite(filled).sum() == TIME_S.size - 12


def test_the_limit_is_in_seconds_whatever_frames_were_dropped() -> None:
    path = _with_gap(60, 4)
    time = TIME_S.copy()
    time[62:] += 0.3
    assert np.isnan(fill_gaps(path, time_s=time, max_gap_s=0.2)[60:64]).all()


def test_both_ends_are_never_filled() -> None:
    path = PATH.copy()
    path[:3] = path[-3:] = np.nan
    filled = fill_gaps(path, time_s=TIME_S, max_gap_s=1.0)
    assert np.isnan(filled[[0, 2, -1]]).all()


def test_known_samples_never_change() -> None:
    path = _with_gap(60, 5)
    known = np.isfinite(path)
    filled = fill_gaps(path, time_s=TIME_S, max_gap_s=0.2)
    assert np.array_equal(filled[known], path[known])


def test_a_path_that_is_never_seen_stays_missing() -> None:
    path = np.full(TIME_S.size, np.nan)
    assert np.isnan(fill_gaps(path, time_s=TIME_S, max_gap_s=1.0)).all()


@pytest.mark.parametrize("length", [1, 2])
def test_a_leap_of_one_or_two_frames_is_an_outlier(length: int) -> None:
    path = PATH.copy()
    path[80 : 80 + length] += 0.6
    found = outliers(path, time_s=TIME_S, limit_sd=6.0, floor=0.1)
    assert np.flatnonzero(found).tolist() == list(range(80, 80 + length))


def test_fast_true_movement_is_no_outlier() -> None:
    swing = np.cumsum(np.where((TIME_S % 1.0) < 0.4, 4.0 / RATE_HZ, 0.0))
    found = outliers(swing, time_s=TIME_S, limit_sd=6.0, floor=0.1)
    assert not found.any()


def test_a_residual_below_the_floor_is_never_an_outlier() -> None:
    path = PATH.copy()
    path[80] += 0.05
    assert not outliers(path, time_s=TIME_S, limit_sd=6.0, floor=0.1).any()


def test_neighbours_across_a_leap_of_the_clock_predict_nothing() -> None:
    path, time = PATH.copy(), TIME_S.copy()
    time[100:] += 5.0
    path[100:] += 3.0
    assert not outliers(path, time_s=time, limit_sd=6.0, floor=0.1).any()
