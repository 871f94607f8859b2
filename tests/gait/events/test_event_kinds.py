"""Slow, swaying, curved, short and belt walks, and feet that nobody sees."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from virtual_markers import analysed, as_recording, virtual

from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gaitkit.model.events import Event
    from gaitkit.model.motion import MotionRecording
    from gaitkit_virtual.virtual_walk import VirtualWalk

TOLERANCE_S = 0.05
EDGE_S = 0.4
"""Events so near to the ends of the recording are not counted."""


def _f1(
    found: Sequence[Event], walked: VirtualWalk, *, first_s: float = EDGE_S
) -> float:
    """Return F1 at 50 ms of events away from the ends."""
    last = walked.duration_s - EDGE_S
    hits = count = surplus = 0
    for side in Side:
        for kind in ("initial_contact", "foot_off"):
            true = np.array(
                [e.time_s for e in walked.events if e.side is side and e.kind == kind]
            )
            seen = [e.time_s for e in found if e.side is side and e.kind == kind]
            inner = true[(true > first_s) & (true < last)]
            near = [min(np.abs(np.subtract(seen, t)), default=9.0) for t in inner]
            count += inner.size
            hits += sum(gap <= TOLERANCE_S for gap in near)
            surplus += sum(
                first_s < t < last and np.abs(true - t).min() > TOLERANCE_S
                for t in seen
            )
    return 2 * hits / (count + hits + surplus)


def _moved(
    motion: MotionRecording, change: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> MotionRecording:
    """Return the markers moved by a function of their positions and the time."""
    markers = motion.markers.copy(deep=True).transpose("time", "space", "keypoint")
    place, time_s = markers["position"].to_numpy(), markers["time"].to_numpy()
    markers["position"] = markers["position"].copy(data=change(place, time_s))
    return replace(motion, markers=markers)


def _bent(radius_m: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Bend the floor, so that a straight way becomes a circle; what stands stays."""

    def change(place: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        del time_s
        angle = place[:, 0] / radius_m
        reach = radius_m - place[:, 1]
        bent = place.copy()
        bent[:, 0] = reach * np.sin(angle)
        bent[:, 1] = radius_m - reach * np.cos(angle)
        return bent

    return change


def _swaying(sway_m: float) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Let all that is above the feet sway from side to side once a stride."""

    def change(place: np.ndarray, time_s: np.ndarray) -> np.ndarray:
        moved = place.copy()
        swing = sway_m * np.sin(2 * np.pi * time_s / 1.1)
        moved[:, 1] += np.clip((place[:, 2] - 0.15) / 0.7, 0, 1) * swing[:, None]
        return moved

    return change


@pytest.mark.parametrize(
    ("length_m", "sway_m", "rate_hz"),
    [(0.6, 0.02, 100.0), (0.35, 0.04, 50.0), (0.35, 0.04, 200.0), (0.2, 0.05, 100.0)],
)
def test_a_slow_short_stepped_swaying_walk_is_a_walk(
    length_m: float, sway_m: float, rate_hz: float
) -> None:
    """Strides of 0.2 m are 0.18 m/s; the pelvis sways by 10 cm over them."""
    walked = virtual(duration_s=10.0, rate_hz=rate_hz, stride_length_m=length_m)
    walk = analysed(_moved(as_recording(walked), _swaying(sway_m))).walk
    assert [each.kind for each in walk.passes] == ["overground"]
    assert _f1(walk.events, walked) >= 0.95
    used = [each for each in walk.strides if each.rejected is None]
    assert len(used) >= 10


@pytest.mark.parametrize("radius_m", [1.5, 2.5, 4.0, -2.5])
def test_events_of_a_curve_are_those_of_the_straight_walk(radius_m: float) -> None:
    walked = virtual(duration_s=8.0)
    motion = _moved(as_recording(walked), _bent(radius_m))
    assert _f1(analysed(motion).walk.events, walked) >= 0.95


@pytest.mark.parametrize("stride_time_s", [0.9, 1.1, 1.5])
def test_a_belt_is_known_by_the_foot_that_stands(stride_time_s: float) -> None:
    walked = virtual(duration_s=8.0, mode="treadmill", stride_time_s=stride_time_s)
    walk = analysed(as_recording(walked)).walk
    assert [each.kind for each in walk.passes] == ["treadmill"]
    assert _f1(walk.events, walked) >= 0.95


@pytest.mark.parametrize("start_s", [1.0, 1.3, 1.6, 1.9])
def test_a_short_walkway_gives_its_strides_with_a_reason(start_s: float) -> None:
    """Three to four steps in view, the person walking all the way."""
    walked = virtual(duration_s=5.0)
    motion = as_recording(walked)
    inside = slice(start_s, start_s + 2.3)
    cut = replace(motion, markers=motion.markers.sel(time=inside))
    walk = analysed(cut).walk
    used = [each for each in walk.strides if each.rejected is None]
    assert 1 <= len(used) <= 4
    names = {value.name for value in walk.stride_values}
    assert {"cadence", "stride_time", "walking_speed"} <= names
    codes = {gate.reason.code for gate in walk.quality.gates}
    assert codes & {"few_strides", "too_few_strides"}


def _degraded(
    motion: MotionRecording, *, noise_mm: float, gap_s: float, seed: int
) -> MotionRecording:
    """Add noise to all markers and hide each now and then for a while."""
    rng = np.random.default_rng(seed)
    markers = motion.markers.copy(deep=True).transpose("time", "space", "keypoint")
    place = markers["position"].to_numpy()
    place = place + rng.normal(0.0, noise_mm / 1000, place.shape)
    width = round(gap_s * motion.timing.rate_hz)
    for column in range(place.shape[2]):
        start = int(rng.integers(0, len(place) - width))
        place[start : start + width, :, column] = np.nan
    markers["position"] = markers["position"].copy(data=place)
    return replace(motion, markers=markers)


SWEEP_RATES_HZ = (25.0, 30.0, 50.0, 60.0, 100.0, 200.0, 250.0)


@pytest.mark.parametrize("heading_deg", [0.0, 180.0])
@pytest.mark.parametrize("rate_hz", SWEEP_RATES_HZ)
def test_events_hold_at_every_rate_in_both_directions_with_noise_and_gaps(
    rate_hz: float, heading_deg: float
) -> None:
    """Each begins at another moment of the stride."""
    walked = virtual(duration_s=5.0, rate_hz=rate_hz, heading_deg=heading_deg)
    motion = _degraded(as_recording(walked), noise_mm=1.5, gap_s=0.1, seed=7)
    start_s = 0.15 * (SWEEP_RATES_HZ.index(rate_hz) + (heading_deg > 0))
    part = motion.markers.sel(time=slice(start_s, None))
    walk = analysed(replace(motion, markers=part)).walk
    assert _f1(walk.events, walked, first_s=start_s + EDGE_S) >= 0.98


def test_a_contact_of_an_unseen_foot_is_not_sure() -> None:
    walked = virtual(duration_s=6.0)
    motion = as_recording(walked)
    time_s = walked.events[len(walked.events) // 2].time_s
    contact = next(
        e for e in walked.events if e.kind == "initial_contact" and e.time_s >= time_s
    )
    letter = "L" if contact.side is Side.LEFT else "R"
    hidden = [
        letter + name
        for name in ("TOE", "MT1", "MT5", "HLX", "ANK", "MED", "KNE", "KNM")
    ]
    markers = motion.markers.copy(deep=True)
    near = np.abs(markers["time"].to_numpy() - contact.time_s) < 0.05
    markers["position"].loc[{"time": near, "keypoint": hidden}] = np.nan
    events = analysed(replace(motion, markers=markers)).walk.events
    own = [
        e
        for e in events
        if e.side is contact.side
        and e.kind == "initial_contact"
        and abs(e.time_s - contact.time_s) < 0.05
    ]
    assert all(event.confidence <= 0.3 for event in own)
    others = [e.confidence for e in events if e.side is not contact.side]
    assert min(others) > 0.45


def test_contacts_of_opposite_feet_are_never_at_once() -> None:
    walked = virtual(duration_s=8.0)
    contacts = sorted(
        (e.time_s, e.side)
        for e in analysed(as_recording(walked)).walk.events
        if e.kind == "initial_contact"
    )
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(contacts)]
    assert min(gaps) > 0.4
