"""Films of virtual patients show what the truth says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from gaitkit.errors import ConfigError, OutputError
from gaitkit.io.export.video import Encoding, write_video
from gaitkit.model.side import Side
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.film import Actor, Setting, film
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import (
    PatientVideo,
    Shooting,
    virtual_patient_video,
)
from gaitkit_virtual.scene import room_picture
from gaitkit_virtual.truth_file import write_truth
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from pathlib import Path

CAMERA = Camera(
    view="sagittal_right",
    distance_m=4.6,
    height_m=1.0,
    width_px=320,
    height_px=180,
    focal_px=250.0,
)
PERSON = WalkerParameters(height_m=1.70)
FAST = Encoding(quality=28, preset="ultrafast")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> PatientVideo:
    shooting = Shooting(camera=CAMERA, rate_hz=20.0, passes=2, way_m=3.6, encoding=FAST)
    path = tmp_path_factory.mktemp("film") / "patient.mp4"
    return virtual_patient_video(path, PERSON, shooting=shooting, seed=1)


def pictures(path: Path) -> tuple[list[np.ndarray], list[float]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [f.to_ndarray(format="rgb24") for f in frames], [f.time for f in frames]


def test_a_body_is_drawn_where_its_keypoints_are() -> None:
    walked = walk(PERSON, duration_s=0.1, rate_hz=20)
    picture = next(film([Actor(walk=walked)], CAMERA, setting=Setting()))
    empty = room_picture(CAMERA, Setting().room, seed=0)
    changed = np.abs(picture.astype(int) - empty).max(axis=2) > 40
    rows, columns = np.nonzero(changed)
    seen = picture_keypoints(walked, CAMERA).position.isel(time=0)
    x, y = seen.sel(space="x"), seen.sel(space="y")
    # clothes, hair and shoes reach a few centimetres (54 px a metre) beyond
    assert rows.max() == pytest.approx(float(y.max()), abs=4)
    assert rows.min() == pytest.approx(float(y.sel(keypoint="nose")) - 9, abs=5)
    assert columns.min() == pytest.approx(float(x.min()), abs=5)
    assert columns.max() == pytest.approx(float(x.max()), abs=5)


def test_two_people_are_both_drawn() -> None:
    one = walk(PERSON, duration_s=0.1, rate_hz=20)
    two = walk(
        replace(PERSON, start_forward_m=1.5, start="standing"),
        duration_s=0.1,
        rate_hz=20,
    )
    empty = room_picture(CAMERA, Setting().room, seed=0)
    shots = [
        next(film([Actor(walk=w) for w in walks], CAMERA, setting=Setting()))
        for walks in ((one,), (two,), (one, two))
    ]
    drawn = [
        (np.abs(shot.astype(int) - empty).max(axis=2) > 40).sum() for shot in shots
    ]
    assert drawn[2] == pytest.approx(drawn[0] + drawn[1], rel=0.02)


def test_nobody_in_sight_leaves_the_room_empty() -> None:
    away = walk(replace(PERSON, start_forward_m=50.0), duration_s=0.1, rate_hz=20)
    picture = next(film([Actor(walk=away)], CAMERA, setting=Setting()))
    empty = room_picture(CAMERA, Setting().room, seed=0)
    np.testing.assert_array_equal(picture, empty)


def test_noise_is_seeded() -> None:
    walked = walk(PERSON, duration_s=0.1, rate_hz=20)
    shots = [
        next(
            film([Actor(walk=walked)], CAMERA, setting=Setting(noise_sd=5.0, seed=seed))
        )
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(shots[0], shots[1])
    assert np.abs(shots[0].astype(int) - shots[2]).mean() > 1


def test_the_film_has_a_frame_for_every_true_one(taken: PatientVideo) -> None:
    frames, times = pictures(taken.path)
    assert len(frames) == taken.keypoints.sizes["time"]
    np.testing.assert_allclose(times, taken.keypoints.time, atol=1e-4)
    assert frames[0].shape == (180, 320, 3)


def test_the_second_pass_goes_back(taken: PatientVideo) -> None:
    x = taken.keypoints.position.sel(space="x", keypoint="pelvis_center").to_numpy()
    first = taken.passes[0].keypoints.sizes["time"]
    assert x[first - 1] - x[0] > 150
    assert x[-1] - x[first] < -150


def test_events_and_strides_are_on_the_clock_of_the_film(taken: PatientVideo) -> None:
    assert [e.time_s for e in taken.events] == sorted(e.time_s for e in taken.events)
    contacts = {e.time_s for e in taken.events if e.kind == "initial_contact"}
    for stride in taken.strides:
        assert {stride.start_s, stride.end_s} <= contacts
    assert {stride.walk_pass for stride in taken.strides} == {0, 1}
    begins = taken.starts_s[1]
    assert all(s.start_s >= begins for s in taken.strides if s.walk_pass == 1)


def test_the_truth_file_tells_parameters_events_and_curves(
    taken: PatientVideo, tmp_path: Path
) -> None:
    write_truth(tmp_path / "truth.json", taken)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["parameters"]["height_m"] == 1.70
    assert len(truth["events"]) == len(taken.events)
    stride_time = truth["spatiotemporal"]["stride_time"]["left"]
    strides = sum(stride.side is Side.LEFT for stride in taken.strides)
    assert stride_time == {"mean": 1.1, "sd": 0.0, "n": strides}
    assert len(truth["angles"]["right"]["knee_flexion"]) == 101
    assert max(truth["angles"]["right"]["knee_flexion"]) == pytest.approx(62, abs=3)


def test_a_film_needs_pictures_of_even_size(tmp_path: Path) -> None:
    odd = [np.zeros((20, 31, 3), np.uint8)]
    with pytest.raises(ConfigError, match="even size, got 31 x 20 pixels"):
        write_video(tmp_path / "odd.mp4", odd, rate_hz=25, encoding=FAST)
    with pytest.raises(ConfigError, match="at least one picture, got none"):
        write_video(tmp_path / "none.mp4", [], rate_hz=25, encoding=FAST)
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    black = [np.zeros((20, 32, 3), np.uint8)]
    with pytest.raises(OutputError, match=r"cannot write .*film\.mp4"):
        write_video(tmp_path / "no" / "film.mp4", black, rate_hz=25, encoding=FAST)


def test_a_film_needs_passes() -> None:
    with pytest.raises(ConfigError, match="must be above 0, got 0, 4 and 25"):
        Shooting(camera=CAMERA, rate_hz=25.0, passes=0, way_m=4.0)
