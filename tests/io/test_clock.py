"""The clock of a recording, against time stamps whose rate is known."""

from __future__ import annotations

import numpy as np
import pytest

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import SpeedFactor, check_possible, even_time, real_time


def test_a_regular_clock_has_its_rate_and_no_jitter() -> None:
    time_s, timing = real_time(np.arange(91) / 30 + 5.0)
    assert timing.rate_hz == pytest.approx(30)
    assert timing.duration_s == pytest.approx(3)
    assert timing.frames == 91
    assert not timing.variable
    assert timing.jitter_ms == pytest.approx(0)
    assert time_s[0] == 0
    assert time_s[-1] == pytest.approx(3)


@pytest.mark.parametrize("rate_hz", [24, 29.97, 60, 240])
def test_whole_milliseconds_do_not_falsify_the_rate(rate_hz: float) -> None:
    stamps = np.round(np.arange(300) / rate_hz, 3)
    _, timing = real_time(stamps)
    assert timing.rate_hz == pytest.approx(rate_hz, rel=1e-3)
    assert not timing.variable


def test_a_missing_frame_is_a_drop_and_leaves_the_rate_alone() -> None:
    stamps = np.delete(np.arange(60) / 50, [10, 11, 30])
    _, timing = real_time(stamps)
    assert timing.dropped == 3
    assert timing.rate_hz == pytest.approx(50)
    assert not timing.variable
    assert timing.jitter_ms == pytest.approx(0, abs=1e-6)


def test_a_clock_that_slows_down_is_variable_and_drops_nothing() -> None:
    intervals = np.r_[np.full(50, 1 / 30), np.full(40, 1 / 24)]
    _, timing = real_time(np.r_[0, np.cumsum(intervals)])
    assert timing.variable
    assert timing.dropped == 0
    assert timing.rate_hz == pytest.approx(30)


def test_a_gap_of_a_fraction_of_the_beat_is_variable_and_not_a_drop() -> None:
    intervals = np.full(40, 0.02)
    intervals[7] = 0.05
    _, timing = real_time(np.r_[0, np.cumsum(intervals)])
    assert timing.variable
    assert timing.dropped == 0


def test_jitter_is_the_standard_deviation_of_the_intervals() -> None:
    rng = np.random.default_rng(7)
    intervals = 0.02 + rng.normal(0, 0.002, 4000)
    _, timing = real_time(np.r_[0, np.cumsum(intervals)])
    assert timing.jitter_ms == pytest.approx(2, rel=0.05)
    assert timing.variable


def test_two_far_intervals_still_have_a_rate() -> None:
    _, timing = real_time(np.array([0.0, 0.1, 1.1]))
    assert timing.rate_hz == pytest.approx(1 / 0.55)
    assert timing.variable


def test_slow_motion_by_tag_is_played_back_to_real_time() -> None:
    time_s, timing = real_time(
        np.arange(81) / 30, speed=SpeedFactor(capture_rate_hz=240)
    )
    assert timing.speed_source == "metadata"
    assert timing.speed_factor == pytest.approx(1 / 8)
    assert timing.rate_hz == pytest.approx(240)
    assert timing.duration_s == pytest.approx(80 / 240)
    assert time_s[8] == pytest.approx(8 / 240)


def test_time_lapse_by_tag_is_stretched_to_real_time() -> None:
    _, timing = real_time(np.arange(31) / 30, speed=SpeedFactor(capture_rate_hz=10))
    assert timing.duration_s == pytest.approx(3)


@pytest.mark.parametrize("played_hz", [29.5, 24.0, 33.0])
def test_a_camera_that_is_a_little_slow_in_the_dark_is_not_slow_motion(
    played_hz: float,
) -> None:
    _, timing = real_time(
        np.arange(50) / played_hz, speed=SpeedFactor(capture_rate_hz=30)
    )
    assert timing.speed_factor == 1
    assert timing.speed_source == "none"
    assert timing.capture_rate_hz == 30


def test_the_user_knows_better_than_the_tag() -> None:
    _, timing = real_time(
        np.arange(50) / 30, speed=SpeedFactor(user=0.5, capture_rate_hz=240)
    )
    assert timing.speed_source == "user"
    assert timing.rate_hz == pytest.approx(60)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_factor_must_be_a_positive_number(factor: float) -> None:
    with pytest.raises(InputError, match=r"speed_factor is .*; expected real"):
        SpeedFactor(user=factor)


@pytest.mark.parametrize(
    ("lonely_s", "walked_s"), [(70.0, 0.2), (5045.0, 4.0), (20_000.0, 200.0)]
)
def test_times_of_which_nearly_all_are_missing_are_refused(
    lonely_s: float, walked_s: float
) -> None:
    stamps = np.append(np.arange(0, walked_s, 0.02), lonely_s)
    _, timing = real_time(stamps)
    with pytest.raises(FormatError, match="times that follow each other") as refused:
        check_possible(timing, where="walk.csv")
    assert str(stamps.size) in str(refused.value)


def test_a_walk_that_is_seen_for_a_while_only_keeps_its_times() -> None:
    seen = np.r_[np.arange(0, 4, 0.02), np.arange(300, 304, 0.02)]
    _, timing = real_time(seen)
    check_possible(timing, where="walk.csv")


@pytest.mark.parametrize("rate_hz", [None, 0.0, -100.0, 1e-9, 1e9, float("nan")])
def test_a_header_s_rate_that_no_recording_has_is_refused(
    rate_hz: float | None,
) -> None:
    with pytest.raises(FormatError, match=r"walk\.c3d: expected a rate of 0\.2 to"):
        even_time(100, rate_hz, where="walk.c3d")


def test_frames_at_a_header_s_rate_are_even() -> None:
    time_s, timing = even_time(5, 50.0, where="walk.c3d")
    assert time_s.tolist() == [0.0, 0.02, 0.04, 0.06, 0.08]
    assert (timing.rate_hz, timing.duration_s, timing.frames) == (50.0, 0.08, 5)
