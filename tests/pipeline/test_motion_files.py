"""A marker or pose file assessed from end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gaitkit.config import Config
from gaitkit.errors import InputError
from gaitkit.gait.events.settings import EventSettings
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline import assess, assess_to_folder
from gaitkit.pipeline.motion import standing_trial

if TYPE_CHECKING:
    from pathlib import Path


def _visit(*files: Path) -> Visit:
    return Visit(recordings=tuple(RecordingInput(file=file) for file in files))


def test_a_c3d_gives_measures_scores_and_legs(shared_data: Path) -> None:
    file = shared_data / "markers" / "biomechzoo" / "HC030A05_Straight.c3d"
    found = assess(_visit(file))
    recording = found.recordings[0]
    assert (recording.kind, recording.scale) == ("markers", "m")
    assert recording.time_source == "header"
    given = {m.name for m in found.measurements if m.value is not None}
    assert {
        "walking_speed",
        "step_width",
        "hip_adduction_stance_peak",
        "pelvic_obliquity_mean",
        "gvs",
        "gps",
        "structural_leg_length_difference",
        "dynamic_leg_length_difference",
    } <= given
    assert {event.method for event in found.events} == {"auto", "force_plate"}
    ignoring = Config(events=EventSettings(force_plates=False))
    assert {event.method for event in assess(_visit(file), ignoring).events} == {"auto"}


def test_a_pose_file_in_metres_is_assessed_without_scores(shared_data: Path) -> None:
    found = assess(_visit(shared_data / "pose" / "example_parkinson.json"))
    assert found.recordings[0].kind == "pose"
    given = {m.name for m in found.measurements if m.value is not None}
    assert "walking_speed" in given
    assert "gps" not in {m.name for m in found.measurements}


def test_a_visit_knows_its_standing_trial(shared_data: Path) -> None:
    folder = shared_data / "markers" / "biomechzoo"
    sources = _visit(
        folder / "HC030A05_Straight.c3d", folder / "HC030A01_Static.c3d"
    ).recordings
    standing = standing_trial(sources)
    assert standing is not None
    assert standing.path.name == "HC030A01_Static.c3d"
    assert standing_trial(sources[:1]) is None


def test_forces_alone_are_refused_with_what_to_give(shared_data: Path) -> None:
    file = shared_data / "markers" / "nimble_opencapU" / "walking2_grf.mot"
    source = RecordingInput(file=file, kind="markers")
    with pytest.raises(InputError, match=r"forces or angles alone; give the marker"):
        assess(Visit(recordings=(source,)))


def test_markers_without_shoulders_reach_the_report(
    shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "markers" / "bmc" / "walk1.trc"
    found = assess_to_folder(_visit(file), tmp_path / "out")
    assert (tmp_path / "out" / "report.html").exists()
    codes = {reason.code for reason in found.recordings[0].quality.reasons}
    assert "motion_mirrored" in codes
