"""Events of markers against force plates, annotations and virtual truth."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
from virtual_markers import analysed, as_recording, virtual

from gaitkit.gait.events.detect import detectors
from gaitkit.gait.events.timing import Conditions, timing_error
from gaitkit.gait.motion import with_plate_events
from gaitkit.io.motion.read import read_motion
from gaitkit.model.events import Event
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KINDS = {"FS": "initial_contact", "FO": "foot_off"}
SIDES = {"L": Side.LEFT, "R": Side.RIGHT}
SHARP_RISE_MS = 25.0
TOLERANCE_S = 0.05


def _truth(shared_data: Path) -> dict[str, list[tuple[Side, str, float]]]:
    found = defaultdict(list)
    with (shared_data / "markers" / "truth" / "fp_events.csv").open() as file:
        for row in csv.DictReader(file):
            if row["clean"] == "True" and float(row["rise_ms"]) <= SHARP_RISE_MS:
                event = (SIDES[row["side"]], KINDS[row["event"]], float(row["time_s"]))
                found[row["file"]].append(event)
    return found


def _times(events: Sequence[Event], side: Side, kind: str) -> np.ndarray:
    return np.array([e.time_s for e in events if e.side is side and e.kind == kind])


def test_events_hold_against_force_plates(shared_data: Path) -> None:
    errors = defaultdict(list)
    hits = missed = 0
    for file, true in _truth(shared_data).items():
        motion = read_motion(shared_data / "markers" / file)
        events = analysed(motion, force_plates=False).walk.events
        for side, kind, time_s in true:
            gaps = _times(events, side, kind) - time_s
            near = gaps[np.argmin(np.abs(gaps))] if gaps.size else np.inf
            hits, missed = (
                (hits + 1, missed) if abs(near) <= TOLERANCE_S else (hits, missed + 1)
            )
            errors[kind].append(1000 * near)
    assert missed == 0
    assert hits == 50
    for kind in KINDS.values():
        assert np.median(np.abs(errors[kind])) <= 8, kind
        assert abs(np.mean(errors[kind])) <= 4, kind


def test_every_straight_walk_has_strides_or_events_of_both_feet(
    shared_data: Path,
) -> None:
    files = [
        *(shared_data / "markers" / "biomechzoo").glob("*Straight.c3d"),
        shared_data / "markers" / "bmc" / "walk.trc",
    ]
    for file in files:
        walk = analysed(read_motion(file)).walk
        assert {event.side for event in walk.events} == set(Side), file.name
        assert len(walk.events) >= 3, file.name


def test_short_flat_steps_of_parkinsons_disease_are_found(shared_data: Path) -> None:
    file = shared_data / "pose" / "example_parkinson.json"
    truth = json.loads(file.read_text())["ground_truth"]
    events = analysed(read_motion(file)).walk.events
    hits = count = 0
    for key, kind in (("hs_frames", "initial_contact"), ("to_frames", "foot_off")):
        for side in Side:
            found = _times(events, side, kind)
            for frame in truth[key][side]:
                count += 1
                hits += bool((np.abs(found - frame / 150) <= TOLERANCE_S).any())
    assert count == 13
    assert 2 * hits / (count + len(events)) >= 0.93


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"rate_hz": 150.0},
        {"stride_time_s": 1.4},
        {"mode": "there_and_back", "duration_s": 14.0},
        {"start": "standing", "duration_s": 8.0},
        {"mode": "treadmill"},
    ],
    ids=str,
)
def test_events_of_virtual_walks_are_all_found(chosen: dict[str, object]) -> None:
    walked = virtual(**chosen)
    events = analysed(as_recording(walked)).walk.events
    last = walked.duration_s - 0.4
    straight = [s for s in walked.strides if s.start_s > 0.4 and s.end_s < last]
    assert straight
    for stride in straight:
        for kind, time_s in (
            ("initial_contact", stride.start_s),
            ("foot_off", stride.foot_off_s),
        ):
            gap = np.abs(_times(events, stride.side, kind) - time_s).min()
            assert gap < 0.04, (kind, stride.side, time_s)


def test_force_plates_time_what_they_measure_cleanly(shared_data: Path) -> None:
    file = shared_data / "markers" / "biomechzoo" / "HC030A05_Straight.c3d"
    motion = read_motion(file)
    with_plates = analysed(motion, force_plates=True).walk.events
    without = analysed(motion, force_plates=False).walk.events
    measured = [event for event in with_plates if event.method == "force_plate"]
    assert len(measured) == 4
    assert all(event.method == "auto" for event in without)
    contact = next(e for e in measured if e.side == "left" and e.kind[0] == "i")
    assert contact.time_s == pytest.approx(0.695, abs=0.005)


def _event(time_s: float, *, sd_s: float, method: str, side: Side = Side.LEFT) -> Event:
    return Event(
        recording="walk",
        side=side,
        kind="initial_contact",
        time_s=time_s,
        method=method,
        sd_s=sd_s,
    )


def test_a_filtered_force_does_not_replace_a_better_marker_event() -> None:
    found = _event(1.0, sd_s=0.008, method="auto")
    slow = _event(0.98, sd_s=0.020, method="force_plate")
    sharp = _event(0.98, sd_s=0.002, method="force_plate")
    assert with_plate_events([found], [slow]) == (found,)
    assert with_plate_events([found], [sharp]) == (sharp,)


def test_a_plate_event_of_a_foot_that_is_not_seen_is_left_out() -> None:
    found = _event(1.0, sd_s=0.008, method="auto")
    other = _event(1.5, sd_s=0.002, method="force_plate", side=Side.RIGHT)
    assert with_plate_events([found], [other]) == (found,)


@pytest.mark.parametrize("rate_hz", [49.999, 60.0, 100.0, 150.0, 250.0])
def test_every_detector_of_markers_has_a_known_error_at_every_rate(
    rate_hz: float,
) -> None:
    for method in (*detectors(), "auto"):
        for kind in KINDS.values():
            for feet_per_s in (0.9, 3.0, 7.0):
                walked = Conditions(
                    modality="markers", rate_hz=rate_hz, feet_per_s=feet_per_s
                )
                known = timing_error(method, kind, walked)
                assert known is not None
                assert known.sd_s > 0
