"""One contract for every detector, and the accuracy of the automatic choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.gait.events.detect import detect, detectors
from gaitkit.gait.events.settings import EventSettings
from gaitkit.gait.events.timing import Conditions, modality_of, timing_error
from gaitkit.gait.walk import analyse_walk
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr

    from gaitkit.gait.gates import WalkFacts
    from gaitkit.model.events import Event
    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Film = Callable[..., xr.Dataset]
    Markers = Callable[..., xr.Dataset]
    Facts = Callable[..., WalkFacts]

METHODS = ("auto", "zeni", "velocity", "oconnor", "toe")
KINDS = ("initial_contact", "foot_off")
EDGE_S = 0.45
"""Events so near to the ends of the recording are not counted: the walker comes in from
beyond the edge of the picture, and his first foot leaves the floor at 0.41 s there."""


def _errors_ms(
    found: Sequence[Event], virtual: VirtualWalk, kind: str
) -> tuple[list[float], int, int]:
    """Return errors of matched events, and how many were missed and invented."""
    errors: list[float] = []
    missed = invented = 0
    last = virtual.duration_s - EDGE_S
    for side in Side:
        true = _times(virtual.events, side, kind)
        seen = _times(found, side, kind)
        for time in (t for t in true if EDGE_S < t < last):
            near = min(seen, key=lambda t: abs(t - time), default=np.inf)
            if abs(near - time) < 0.1:
                errors.append(1000 * (near - time))
            else:
                missed += 1
        invented += sum(
            min((abs(t - time) for t in true), default=np.inf) > 0.1
            for time in seen
            if EDGE_S < time < last
        )
    return errors, missed, invented


def _times(events: Sequence[Event], side: Side, kind: str) -> list[float]:
    return [e.time_s for e in events if e.side is side and e.kind == kind]


def _walking(raw: xr.Dataset, facts: Facts) -> xr.Dataset:
    return analyse_walk(raw, facts=facts).walking


@pytest.mark.parametrize("method", METHODS)
def test_every_detector_keeps_the_contract(
    walker: Walker, film: Film, facts: Facts, method: str
) -> None:
    walking = _walking(film(walker(rate_hz=60.0)), facts())
    settings = EventSettings(method=method)
    events = detect(walking, recording="walk", modality="video", settings=settings)
    times = [event.time_s for event in events]
    assert times == sorted(times)
    assert {event.side for event in events} == set(Side)
    assert {event.kind for event in events} == set(KINDS)
    for event in events:
        assert event.recording == "walk"
        assert event.method == method
        assert 0.0 <= event.confidence <= 1.0
        assert event.sd_s > 0.0
        assert 0.0 <= event.time_s <= 5.0


@pytest.mark.parametrize("method", ["auto", "zeni", "velocity"])
@pytest.mark.parametrize("rate_hz", [30.0, 50.0, 60.0, 100.0])
@pytest.mark.parametrize("noise_px", [0.0, 3.0])
def test_events_of_a_film_are_within_20_ms_and_all_there(
    walker: Walker,
    film: Film,
    facts: Facts,
    method: str,
    rate_hz: float,
    noise_px: float,
) -> None:
    virtual = walker(rate_hz=rate_hz, duration_s=7.0, stride_time_sd_s=0.02)
    walking = _walking(film(virtual, noise_px=noise_px), facts())
    settings = EventSettings(method=method)
    events = detect(walking, recording="walk", modality="video", settings=settings)
    for kind in KINDS:
        errors, missed, invented = _errors_ms(events, virtual, kind)
        assert (missed, invented) == (0, 0)
        assert abs(np.mean(errors)) < 15.0
        assert np.mean(np.abs(errors)) < 20.0


@pytest.mark.parametrize("stride_time_s", [0.95, 1.1, 1.4])
def test_events_of_markers_are_within_8_ms_from_fast_to_slow(
    walker: Walker, markers: Markers, facts: Facts, stride_time_s: float
) -> None:
    virtual = walker(rate_hz=100.0, stride_time_s=stride_time_s, duration_s=6.0)
    events = analyse_walk(markers(virtual), facts=facts("markers")).events
    for kind in KINDS:
        errors, missed, invented = _errors_ms(events, virtual, kind)
        assert (missed, invented) == (0, 0)
        assert np.mean(np.abs(errors)) < 8.0


def test_times_lie_between_frames(walker: Walker, film: Film, facts: Facts) -> None:
    virtual = walker(rate_hz=30.0, stride_time_s=1.117)
    events = analyse_walk(film(virtual), facts=facts()).events
    phase = np.array([event.time_s * 30.0 % 1.0 for event in events])
    assert np.ptp(phase) > 0.5


def test_a_steady_walk_gives_a_steady_stride_time_below_the_frame_interval(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(rate_hz=30.0, stride_time_s=1.117)
    events = analyse_walk(film(virtual), facts=facts()).events
    strides = np.diff(_times(events, Side.LEFT, "initial_contact"))
    assert strides == pytest.approx(1.117, abs=0.008)


def test_no_event_is_found_while_the_feet_are_not_seen(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(rate_hz=60.0)
    raw = film(virtual).copy(deep=True)
    hidden = (raw["time"] > 2.0) & (raw["time"] < 3.5)
    feet = [f"left_{part}" for part in ("heel", "foot_index", "ankle")]
    raw["position"].loc[{"time": hidden, "keypoint": feet}] = np.nan
    events = analyse_walk(raw, facts=facts()).events
    left = [e.time_s for e in events if e.side is Side.LEFT]
    assert not [t for t in left if 2.05 < t < 3.45]
    assert [e for e in events if e.side is Side.RIGHT and 2.05 < e.time_s < 3.45]


def test_uncertain_keypoints_lower_the_confidence_of_their_event(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(rate_hz=60.0)
    raw = film(virtual).copy(deep=True)
    raw["confidence"].loc[{"keypoint": "right_heel"}] = 0.5
    events = analyse_walk(raw, facts=facts()).events
    contacts = {
        side: [
            e.confidence
            for e in events
            if e.side is side and e.kind == "initial_contact"
        ]
        for side in Side
    }
    assert max(contacts[Side.RIGHT]) <= 0.5
    assert min(contacts[Side.LEFT]) > 0.7


def test_the_registry_names_each_detector_as_it_names_itself() -> None:
    assert {name: each.name for name, each in detectors().items()} == {
        "zeni": "zeni",
        "oconnor": "oconnor",
        "velocity": "velocity",
        "toe": "toe",
    }


def test_slow_walkers_are_corrected_more_at_contact() -> None:
    fast, slow = (
        timing_error(
            "zeni",
            "initial_contact",
            Conditions(modality="video", rate_hz=30.0, stride_s=stride_s),
        )
        for stride_s in (1.0, 1.4)
    )
    assert fast is not None
    assert slow is not None
    assert slow.bias_s < fast.bias_s < 0


def test_a_rate_that_was_never_measured_has_no_known_timing() -> None:
    walked = Conditions(modality="markers", rate_hz=20.0)
    assert timing_error("zeni", "foot_off", walked) is None


@pytest.mark.parametrize(
    ("kind", "unit", "modality"),
    [
        ("video", "px", "video"),
        ("pose", "px", "video"),
        ("pose", "m", "markers"),
        ("markers", "m", "markers"),
    ],
)
def test_pose_files_in_pixels_are_timed_like_films(
    kind: str, unit: str, modality: str
) -> None:
    assert modality_of(kind, unit=unit) == modality


def test_an_unknown_method_is_refused_with_the_methods_that_exist() -> None:
    with pytest.raises(
        ConfigError, match=r"events\.method must be one of auto, zeni, .* got 'zenith'"
    ):
        EventSettings(method="zenith")
