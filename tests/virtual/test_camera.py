"""A virtual camera sees what geometry says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from gaitkit_virtual.virtual_walk import VirtualWalk

SIDE = Camera(
    view="sagittal_right",
    distance_m=4.0,
    height_m=1.0,
    width_px=1280,
    height_px=720,
    focal_px=1000.0,
)


@pytest.fixture(scope="module")
def walked() -> VirtualWalk:
    return walk(WalkerParameters(height_m=1.70), duration_s=2.0, rate_hz=25)


def pixel(camera: Camera, *point: float) -> np.ndarray:
    return camera.project(np.array(point))[:2]


def test_the_target_at_lens_height_is_in_the_middle_of_the_picture() -> None:
    np.testing.assert_allclose(SIDE.project(np.array([0.0, 0, 1])), [640, 360, 4])


def test_a_metre_has_the_pixels_of_its_depth() -> None:
    up = pixel(SIDE, 0, 0, 2) - pixel(SIDE, 0, 0, 1)
    np.testing.assert_allclose(up, [0, -SIDE.px_per_m(4.0)])
    nearer = pixel(SIDE, 0, -1, 2) - pixel(SIDE, 0, -1, 1)
    np.testing.assert_allclose(nearer, [0, -SIDE.px_per_m(3.0)])


@pytest.mark.parametrize(
    ("view", "ahead", "left"),
    [
        ("sagittal_right", (250, 0), (0, 0)),
        ("sagittal_left", (-250, 0), (0, 0)),
        ("posterior", (0, 0), (-250, 0)),
        ("anterior", (0, 0), (250, 0)),
    ],
)
def test_each_view_shows_the_walk_as_its_name_says(
    view: str, ahead: tuple[float, float], left: tuple[float, float]
) -> None:
    camera = replace(SIDE, view=view)
    middle = pixel(camera, 0, 0, 1)
    np.testing.assert_allclose(pixel(camera, 1, 0, 1) - middle, ahead, atol=1e-9)
    np.testing.assert_allclose(pixel(camera, 0, 1, 1) - middle, left, atol=1e-9)


def test_roll_lets_the_floor_rise_to_the_right() -> None:
    rolled = replace(SIDE, roll_deg=5.0)
    run, fall = pixel(rolled, 1, 0, 1) - pixel(rolled, -1, 0, 1)
    assert np.degrees(np.arctan2(-fall, run)) == pytest.approx(5.0)


def test_tilting_down_moves_the_picture_up() -> None:
    tilted = replace(SIDE, tilt_deg=10.0)
    assert pixel(tilted, 0, 0, 1)[1] == pytest.approx(
        360 - 1000 * np.tan(np.radians(10))
    )


def test_panning_to_the_left_moves_the_picture_to_the_right() -> None:
    panned = replace(SIDE, pan_deg=10.0)
    assert pixel(panned, 0, 0, 1)[0] == pytest.approx(
        640 + 1000 * np.tan(np.radians(10))
    )


def test_a_barrel_lens_pulls_the_edges_in() -> None:
    barrel = replace(SIDE, distortion=-0.1)
    # 2 m aside at 4 m is half a focal length: 500 px less 10 % of a quarter of it
    assert pixel(barrel, 2, 0, 1)[0] == pytest.approx(640 + 500 * (1 - 0.1 * 0.25))


def test_what_is_behind_the_camera_is_not_seen() -> None:
    assert np.isnan(SIDE.project(np.array([0.0, -5.0, 1.0]))).all()


def test_picture_keypoints_are_the_projected_keypoints(walked: VirtualWalk) -> None:
    seen = picture_keypoints(walked, SIDE)
    ankle = walked.keypoints.position.sel(keypoint="left_ankle").to_numpy()
    expected = SIDE.project(ankle)
    found = seen.position.sel(keypoint="left_ankle").to_numpy()
    np.testing.assert_allclose(found, expected[:, :2])
    np.testing.assert_allclose(seen.depth.sel(keypoint="left_ankle"), expected[:, 2])
    assert seen.attrs["space_unit"] == "px"


def test_confidence_is_zero_outside_the_picture(walked: VirtualWalk) -> None:
    narrow = replace(SIDE, width_px=200)
    seen = picture_keypoints(walked, narrow)
    x = seen.position.sel(space="x")
    outside = (x < 0) | (x >= 200)
    assert bool(outside.any())
    assert bool((seen.confidence.where(outside, 0) == 0).all())


def test_somebody_walking_towards_the_camera_grows(walked: VirtualWalk) -> None:
    front = replace(SIDE, view="anterior", distance_m=5.0)
    seen = picture_keypoints(walked, front).position.sel(space="y")
    tall = seen.sel(keypoint="left_heel_contact") - seen.sel(keypoint="nose")
    assert float(tall[-1]) > 1.5 * float(tall[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"view": "above"}, r"camera\.view is 'above'; expected one of posterior"),
        ({"focal_px": 0.0}, r"camera\.focal_px is 0; expected above 0"),
    ],
)
def test_an_impossible_camera_is_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        replace(SIDE, **wrong)
