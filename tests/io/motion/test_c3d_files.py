"""C3D files as laboratories write them, with their oddities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from motion_files import FRAMES, PLACES_MM, RATE_HZ, Trial, standing_mm, write_trial

from gaitkit.errors import FormatError, InputError
from gaitkit.io.convert import convert
from gaitkit.io.motion.read import read_motion
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

LABELS = tuple(PLACES_MM)


def codes(path: Path) -> list[str]:
    """Return the codes of the doubts about a file."""
    return [each.code for each in read_motion(path).reasons]


def test_millimetres_become_metres_and_labels_get_roles(tmp_path: Path) -> None:
    found = read_motion(write_trial(tmp_path / "a.c3d"))
    place = found.by_role()["position"].sel(keypoint="left_heel").to_numpy()[0]
    assert place == pytest.approx([-0.1, 0.1, 0.04], abs=1e-6)
    assert found.convention == "Plug-in Gait"
    assert (found.unit, found.timing.rate_hz, found.timing.frames) == (
        "mm", RATE_HZ, FRAMES,
    )  # fmt: skip


def test_metres_stay_metres(tmp_path: Path) -> None:
    trial = Trial(unit="m", position_mm=standing_mm() / 1000)
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    place = found.by_role()["position"].sel(keypoint="left_heel").to_numpy()[0]
    assert place == pytest.approx([-0.1, 0.1, 0.04], abs=1e-6)


def test_a_unit_that_is_not_named_is_assumed_aloud(tmp_path: Path) -> None:
    path = write_trial(tmp_path / "a.c3d", Trial(unit=""))
    assert read_motion(path).unit == "mm"
    assert codes(path) == ["motion_unit_assumed"]


def test_gaps_are_missing_and_never_zero(tmp_path: Path) -> None:
    position = standing_mm()
    position[:, LABELS.index("LHEE"), 10:20] = np.nan
    position[:, LABELS.index("RHEE"), 30:40] = 0.0
    found = read_motion(write_trial(tmp_path / "a.c3d", Trial(position_mm=position)))
    markers = found.markers["position"].sel(space="z")
    assert np.flatnonzero(np.isnan(markers.sel(keypoint="LHEE"))).tolist() == list(
        range(10, 20)
    )
    assert np.flatnonzero(np.isnan(markers.sel(keypoint="RHEE"))).tolist() == list(
        range(30, 40)
    )
    assert float(found.markers["confidence"].sel(keypoint="LHEE").sum()) == FRAMES - 10


def test_a_marker_that_is_never_seen_is_told(tmp_path: Path) -> None:
    position = standing_mm()
    position[:, 0] = np.nan
    path = write_trial(tmp_path / "a.c3d", Trial(position_mm=position))
    assert codes(path) == ["motion_markers_lost"]
    assert "LASI" in read_motion(path).reasons[0].text.en


def test_the_name_of_the_person_is_dropped_from_labels(tmp_path: Path) -> None:
    trial = Trial(
        labels=[f"Jansen:{label}" for label in LABELS],
        position_mm=standing_mm(),
        parameters=[("SUBJECTS", "NAMES", ["Jansen"])],
    )
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    assert "Jansen" not in repr(found)
    assert found.has("left_asis", "right_toe")


def test_labels_that_occur_twice_take_their_description(tmp_path: Path) -> None:
    labels = [*LABELS, "LKNE", "LKNE"]
    told = ["" for _ in LABELS] + ["L.Knee.Medial", ""]
    trial = Trial(labels=labels, position_mm=standing_mm(labels), descriptions=told)
    path = write_trial(tmp_path / "a.c3d", trial)
    found = read_motion(path)
    assert found.markers["keypoint"].to_numpy().tolist()[-2:] == [
        "L.Knee.Medial",
        "LKNE_2",
    ]
    assert found.has("left_knee_lateral", "left_knee_medial")
    assert codes(path) == ["motion_labels_repeated"]


def test_more_points_than_one_list_of_labels_holds(tmp_path: Path) -> None:
    many = [*LABELS, *(f"P{number}" for number in range(300))]
    trial = Trial(labels=many, position_mm=standing_mm(many))
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    assert found.markers["keypoint"].to_numpy().tolist() == many


def test_points_without_a_name_are_left_out(tmp_path: Path) -> None:
    many = [*LABELS, "*1", "uname*2"]
    trial = Trial(labels=many, position_mm=standing_mm(many))
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    assert found.markers["keypoint"].to_numpy().tolist() == list(LABELS)


def test_the_lab_s_angles_are_kept_apart_and_not_scaled(tmp_path: Path) -> None:
    many = [*LABELS, "LKneeAngles", "LKneePower", "PELO", "PELA", "PELL", "PELP"]
    position = standing_mm(many)
    position[:, len(LABELS)] = np.array([[30.0], [2.0], [-4.0]])
    trial = Trial(
        labels=many,
        position_mm=position,
        parameters=[
            ("POINT", "ANGLES", ["LKneeAngles"]),
            ("POINT", "POWERS", ["LKneePower"]),
        ],
    )
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    assert found.angles is not None
    knee = found.angles["angle"].sel(label="LKneeAngles").to_numpy()[0]
    assert knee.tolist() == [30.0, 2.0, -4.0]
    assert found.markers["keypoint"].to_numpy().tolist() == list(LABELS)
    assert found.outputs == ("LKneePower", "PELO", "PELA", "PELL", "PELP")


EVENTS = (
    ("EVENT", "CONTEXTS", ["Left", "Right", "General"]),
    ("EVENT", "LABELS", ["Foot Strike", "Foot Off", "Trigger"]),
    ("EVENT", "USED", [3]),
)


@pytest.mark.parametrize(
    "times",
    [np.array([[0, 0, 0], [1.5, 1.9, 2.0]]), np.array([1.5, 1.9, 2.0])],
    ids=["minutes and seconds", "seconds alone"],
)
def test_events_count_from_frame_1_of_the_capture(
    times: np.ndarray, tmp_path: Path
) -> None:
    trial = Trial(first_frame=101, parameters=[*EVENTS, ("EVENT", "TIMES", times)])
    path = write_trial(tmp_path / "a.c3d", trial)
    found = read_motion(path)
    assert [(e.side, e.kind, round(e.time_s, 6), e.frame) for e in found.events] == [
        (Side.LEFT, "initial_contact", 0.5, 50),
        (Side.RIGHT, "foot_off", 0.9, 90),
    ]
    assert found.first_frame == 101
    assert codes(path) == ["motion_events_unread"]


def test_minutes_of_event_times_count(tmp_path: Path) -> None:
    times = np.array([[1.0], [0.5]])
    trial = Trial(
        first_frame=6001,
        parameters=[
            ("EVENT", "CONTEXTS", ["Left"]),
            ("EVENT", "LABELS", ["Foot Off"]),
            ("EVENT", "USED", [1]),
            ("EVENT", "TIMES", times),
        ],
    )
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    assert found.events[0].time_s == pytest.approx(0.5)


def test_an_empty_event_block_gives_no_events(tmp_path: Path) -> None:
    trial = Trial(parameters=[("EVENT", "USED", [0]), ("EVENT", "LABELS", [])])
    assert read_motion(write_trial(tmp_path / "a.c3d", trial)).events == ()


def test_events_counted_from_the_first_frame_are_understood(tmp_path: Path) -> None:
    times = np.array([[0, 0, 0], [0.5, 0.9, 1.0]])
    trial = Trial(first_frame=501, parameters=[*EVENTS, ("EVENT", "TIMES", times)])
    path = write_trial(tmp_path / "a.c3d", trial)
    assert [round(e.time_s, 6) for e in read_motion(path).events] == [0.5, 0.9]
    assert "motion_events_from_first_frame" in codes(path)


def test_measures_of_the_body_are_read_and_zero_is_unmeasured(tmp_path: Path) -> None:
    trial = Trial(
        parameters=[
            ("PROCESSING", "LLegLength", [740.0]),
            ("PROCESSING", "RKneeWidth", [0.0]),
            ("PROCESSING", "Bodymass", [32.1]),
        ]
    )
    body = read_motion(write_trial(tmp_path / "a.c3d", trial)).body
    assert body.left_leg_m == pytest.approx(0.74)
    assert body.mass_kg == pytest.approx(32.1)
    assert (body.right_knee_width_m, body.height_m) == (None, None)


def test_mips_format_is_refused_in_one_line(tmp_path: Path) -> None:
    path = write_trial(tmp_path / "a.c3d")
    content = bytearray(path.read_bytes())
    content[512 + 3] = 86
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"got MIPS \(SGI\) format; convert") as caught:
        read_motion(path)
    assert "\n" not in str(caught.value)


def test_a_body_without_legs_is_refused(tmp_path: Path) -> None:
    labels = ["LFHD", "RFHD", "C7", "LSHO", "RSHO"]
    path = write_trial(
        tmp_path / "a.c3d", Trial(labels=labels, position_mm=standing_mm(labels))
    )
    with pytest.raises(InputError, match=r"got LFHD.*no lower limb; name them with"):
        read_motion(path)


@pytest.mark.parametrize("kept", [40, 600, 1500, -1])
def test_a_cut_file_is_refused_before_the_library_sees_it(
    kept: int, tmp_path: Path
) -> None:
    path = write_trial(tmp_path / "a.c3d")
    path.write_bytes(path.read_bytes()[:kept])
    if kept == -1:  # padding may be lost, data may not
        path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(FormatError, match=r"expected a whole C3D file, and it is dam"):
        read_motion(path)


def test_impossible_counts_are_refused(tmp_path: Path) -> None:
    path = write_trial(tmp_path / "a.c3d")
    content = bytearray(path.read_bytes())
    place = content.find(b"FRAMES")
    content[place + 6 + 4 : place + 6 + 6] = b"\xff\x7f"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"it promises 32767 frames"):
        read_motion(path)


def test_a_label_that_is_no_utf8_can_be_read_and_written_again(tmp_path: Path) -> None:
    labels = [*PLACES_MM, "MARK"]
    path = write_trial(tmp_path / "a.c3d", Trial(labels=labels))
    path.write_bytes(path.read_bytes().replace(b"MARK", b"M\xfcRK"))
    for ending in ("csv", "trc", "c3d"):
        (written,) = convert(path, tmp_path / f"b.{ending}")
        names = [str(x) for x in read_motion(written).markers["keypoint"].to_numpy()]
        assert names == [*PLACES_MM, "MüRK"]
