"""Events that no walk can hold are removed; detectors are fused by their error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.gait.events.detect import (
    Swing,
    Timed,
    fuse,
    fuse_all,
    possible,
    swings,
    typical_stride_s,
)
from gaitkit.gait.events.foot_paths import Candidate, FootPaths, peaks, upward_crossings
from gaitkit.model.events import Event
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _at(kind: str, *times_s: float, strength: float = 1.0) -> list[Candidate]:
    return [Candidate(kind=kind, time_s=t, strength=strength) for t in times_s]


CONTACTS = _at("initial_contact", 0.0, 1.1, 2.2, 3.3)
OFFS = _at("foot_off", 0.68, 1.78, 2.88)
SWINGS = [Swing(start_s=off, end_s=off + 0.38) for off in (0.68, 1.78, 2.88)]
"""Each swing of that walk ends 0.045 s before its contact."""


def _times(candidates: Sequence[Candidate], kind: str) -> list[float]:
    return [each.time_s for each in candidates if each.kind == kind]


def _timed(candidates: Sequence[Candidate], sd_s: float = 0.01) -> list[Timed]:
    return [Timed(candidate=each, sd_s=sd_s) for each in candidates]


def _foot(pace: Callable[[np.ndarray], np.ndarray], body: float = 1.2) -> FootPaths:
    """Return a foot that moves forward at a given velocity under an even body."""
    time = np.arange(0, 5, 0.01)
    way = np.cumsum(pace(time)) / 100
    flat = np.column_stack([way, np.zeros_like(way)])
    return FootPaths(
        side=Side.LEFT,
        walk_pass=0,
        time_s=time,
        rate_hz=100.0,
        heel=flat,
        toe=flat + np.array([0.2, 0.0]),
        pelvis=body * time,
    )


def _stepping(time: np.ndarray, *, body: float = 1.2, swing: float = 0.4) -> np.ndarray:
    """Return the velocity of a foot that stands, and swings for a share of 1.1 s."""
    phase = (time % 1.1) / 1.1
    inside = phase > 1 - swing
    height = body / swing * np.pi / 2
    return np.where(inside, height * np.sin(np.pi * (phase - 1 + swing) / swing), 0.0)


@pytest.mark.parametrize("body", [0.1, 0.5, 1.2, 2.0])
def test_each_swing_is_found_at_every_speed(body: float) -> None:
    found = swings(_foot(lambda time: _stepping(time, body=body), body=body))
    ends = [each.end_s for each in found if each.end_s is not None]
    assert len(ends) == 4
    assert np.diff(ends) == pytest.approx(1.1, abs=0.03)


def test_a_foot_that_stands_or_slides_with_the_body_does_not_swing() -> None:
    assert swings(_foot(np.zeros_like)) == ()
    assert swings(_foot(lambda time: np.full_like(time, 1.25))) == ()


def test_a_swing_that_the_recording_cuts_has_no_border_there() -> None:
    first, *_, last = swings(_foot(lambda time: _stepping(time + 0.8)))
    assert first.start_s is None
    assert first.end_s is not None
    assert last.start_s is not None


def test_one_detector_and_a_swing_are_enough_for_an_event() -> None:
    lone = _timed([*CONTACTS, *OFFS])
    found = fuse_all([lone, [], []], SWINGS)
    assert _times([each.candidate for each in found], "foot_off") == [0.68, 1.78, 2.88]
    assert {each.agreement for each in found} == {0.5}


def test_a_lone_detection_outside_every_swing_is_left_out() -> None:
    """It neither adds an event nor takes a true one away."""
    false = _timed(_at("foot_off", 0.2, 1.3, 2.4))
    found = fuse_all([_timed([*CONTACTS, *OFFS]), false], SWINGS)
    assert len(found) == 6
    assert _times([each.candidate for each in found], "foot_off") == [0.68, 1.78, 2.88]


def test_a_swing_without_a_detection_gives_no_event() -> None:
    assert fuse_all([[], []], SWINGS) == []


def _event(
    side: str, time_s: float, confidence: float = 1.0, *, off: bool = False
) -> Event:
    return Event(
        recording="walk",
        side=Side(side),
        kind="foot_off" if off else "initial_contact",
        time_s=time_s,
        method="auto",
        confidence=confidence,
    )


def test_two_feet_do_not_land_at_once() -> None:
    """The surer contact stays; with the other goes the foot off of its swing."""
    true = [_event("left", t) for t in (0.0, 1.1, 2.2)]
    other = [_event("right", t) for t in (0.55, 1.65)]
    false = [_event("right", 0.8, 0.6, off=True), _event("right", 1.113, 0.6)]
    assert set(possible([*true, *other, *false])) == {*true, *other}


def test_the_short_step_of_a_limp_is_kept() -> None:
    limp = [_event("left", 0.0), _event("right", 0.33), _event("left", 1.1)]
    assert possible(limp) == tuple(limp)


def test_the_typical_stride_is_the_median_interval_of_one_kind() -> None:
    assert typical_stride_s([*CONTACTS, *OFFS]) == pytest.approx(1.1)
    assert typical_stride_s([]) == pytest.approx(1.1)


def test_fusion_weights_by_one_over_the_squared_error() -> None:
    first, second = _at("foot_off", 1.0, 1.03)
    fused = fuse(
        [Timed(candidate=first, sd_s=0.01), Timed(candidate=second, sd_s=0.02)],
        detectors=2,
    )
    assert fused.candidate.time_s == pytest.approx(1.006)
    assert fused.sd_s >= 0.5 * 0.01


def test_detectors_that_disagree_widen_the_error_and_lower_agreement() -> None:
    def fused(apart_s: float) -> Timed:
        return fuse(_timed(_at("foot_off", 1.0, 1.0 + apart_s)), detectors=2)

    assert fused(0.0).agreement == 1.0
    assert fused(0.08).agreement < 0.5
    assert fused(0.08).sd_s > 0.04


def test_another_event_is_not_mistaken_for_the_same() -> None:
    alone = fuse(_timed(_at("foot_off", 1.0, 1.2)), detectors=2)
    assert alone.candidate.time_s == 1.0


def test_a_peak_is_timed_between_samples() -> None:
    time = np.arange(0, 3, 1 / 30)
    wave = np.cos(2 * np.pi * (time - 0.512))
    found = peaks(wave, time_s=time, prominence=0.5)
    assert [t for t, _ in found] == pytest.approx([0.512, 1.512, 2.512], abs=0.001)


def test_the_edge_of_what_is_seen_is_no_peak() -> None:
    time = np.arange(0, 2, 1 / 30)
    rising = np.where(time < 1.0, time, np.nan)
    assert peaks(rising, time_s=time, prominence=0.1) == []


def test_a_crossing_is_interpolated_and_not_made_across_a_gap() -> None:
    time = np.arange(6.0)
    values = np.array([-1.0, 3.0, -1.0, np.nan, 2.0, 3.0])
    assert upward_crossings(values, time_s=time) == pytest.approx([0.25])
