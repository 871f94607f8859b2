"""Real laboratories' files against their truth."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

import ezc3d
import numpy as np
import pytest

from gaitkit.gait.force_plates import plate_contacts, plate_events
from gaitkit.io.motion.read import read_motion
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.events import Event

pytestmark = pytest.mark.shared

SIDES = {"L": Side.LEFT, "R": Side.RIGHT}
KINDS = {
    "FS": "initial_contact",
    "FO": "foot_off",
    "Foot Strike": "initial_contact",
    "Foot Off": "foot_off",
}
TOLERANCE_S = 0.05
UNFILTERED_MS = 25.0

FILES = {
    "markers/biomechzoo/HC002D06_Straight.c3d": ("Plug-in Gait", 51, 2),
    "markers/biomechzoo/HC002D25_Turn.c3d": ("Plug-in Gait", 51, 2),
    "markers/biomechzoo/HC033A01_Static.c3d": ("Plug-in Gait", 57, 2),
    "markers/biomechzoo/HC044A29_Turn.c3d": ("Plug-in Gait", 51, 2),
    "markers/bmc/Gait.c3d": ("Plug-in Gait", 30, 2),
    "markers/bmc/walk.trc": ("Fukuchi / BMC lab", 28, 0),
    "markers/bmc/walk1.trc": ("Fukuchi / BMC lab", 28, 4),
    "markers/nimble_opencapU/walking3.trc": ("OpenCap", 27, 2),
    "pose/balancing_raw.trc": ("COCO, Halpe or OpenPose BODY_25", 19, 0),
    "pose/example_parkinson.json": ("COCO, Halpe or OpenPose BODY_25", 12, 0),
}


def truth(shared_data: Path, name: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of a truth table by file."""
    path = shared_data / "markers" / "truth" / name
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            rows[row["file"]].append(row)
    return rows


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_read_with_its_marker_set(name: str, shared_data: Path) -> None:
    found = read_motion(shared_data / name)
    assert (found.convention, len(found.roles), len(found.plates)) == FILES[name]


def test_no_name_of_a_person_comes_out(shared_data: Path) -> None:
    path = shared_data / "markers" / "biomechzoo" / "HC002D06_Straight.c3d"
    found = read_motion(path)
    told = repr(found).replace(str(path), "").replace(path.name, "")
    assert "HC002D" not in told
    assert found.maker == "Vicon, Vicon Nexus"
    assert found.body.left_leg_m == pytest.approx(0.74)


def test_the_lab_s_events_are_exact(shared_data: Path) -> None:
    for file, rows in truth(shared_data, "c3d_event_group.csv").items():
        found = read_motion(shared_data / "markers" / file)
        rate_hz = found.timing.rate_hz or 0
        got = sorted((e.side, e.kind, e.time_s * rate_hz) for e in found.events)
        wanted = sorted(
            (SIDES[row["side"]], KINDS[row["label"]], float(row["frame0"]))
            for row in rows
        )
        assert [each[:2] for each in got] == [each[:2] for each in wanted], file
        assert [e[2] for e in got] == pytest.approx([e[2] for e in wanted], abs=1e-3)


def test_plates_agree_with_ezc3d_s_own_extraction(shared_data: Path) -> None:
    path = shared_data / "markers" / "biomechzoo" / "HC033A10_Straight.c3d"
    other = ezc3d.c3d(str(path), extract_forceplat_data=True)["data"]["platform"]
    for mine, theirs in zip(read_motion(path).plates, other, strict=True):
        known = np.isfinite(mine.center_of_pressure_m).all(axis=1)
        assert mine.force_n == pytest.approx(theirs["force"].T, abs=1e-6)
        assert mine.center_of_pressure_m[known] == pytest.approx(
            theirs["center_of_pressure"].T[known] / 1000, abs=1e-9
        )


def match(events: tuple[Event, ...], row: dict[str, str]) -> Event | None:
    """Return the event that is the one of a row of truth."""
    wanted = float(row["time_s"])
    return next(
        (
            event
            for event in events
            if event.side is SIDES[row["side"]]
            and event.kind == KINDS[row["event"]]
            and abs(event.time_s - wanted) < TOLERANCE_S
        ),
        None,
    )


def test_every_clean_contact_is_found_in_time_on_its_side(shared_data: Path) -> None:
    errors_ms: dict[str, list[float]] = defaultdict(list)
    for file, rows in truth(shared_data, "fp_events.csv").items():
        recording = read_motion(shared_data / "markers" / file)
        events = plate_events(recording, recording_id="markers_1")
        clean = [row for row in rows if row["clean"] == "True"]
        for row in clean:
            event = match(events, row)
            assert event is not None, (file, row)
            if float(row["rise_ms"]) <= UNFILTERED_MS:
                error_s = event.time_s - float(row["time_s"])
                errors_ms[row["event"]].append(1000 * error_s)
        assert len(events) == len(clean), file
    for kind in ("FS", "FO"):
        assert len(errors_ms[kind]) >= 25
        assert abs(float(np.median(errors_ms[kind]))) < 1.5
        assert max(map(abs, errors_ms[kind])) < 10  # one sample at 100 Hz


def test_static_trials_have_no_contacts(shared_data: Path) -> None:
    path = shared_data / "markers" / "biomechzoo" / "HC030A01_Static.c3d"
    assert plate_contacts(read_motion(path)) == ()
