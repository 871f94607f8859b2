"""Floor, camera tilt and metres from the walk itself, against exact projections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.model.keypoints import GAIT, path_of
from gaitkit.signal.cleaning import clean
from gaitkit.signal.passes import PassSettings
from gaitkit.signal.scale import ScaleInput
from gaitkit.signal.settings import SignalSettings
from gaitkit.signal.walking_space import WalkingSpace, to_walking_space

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Picture = Callable[..., xr.Dataset]

PICTURE_PX = (1920.0, 1080.0)
HEIGHT = ScaleInput(subject_height_m=1.7)


def _space(data: xr.Dataset, known: ScaleInput = HEIGHT) -> WalkingSpace:
    return to_walking_space(
        data, known=known, settings=PassSettings(), picture_px=PICTURE_PX
    )


def _speed(data: xr.Dataset) -> float:
    hips = path_of(data, "left_hip", "forward") + path_of(data, "right_hip", "forward")
    time, known = data["time"].to_numpy(), np.isfinite(hips)
    return float(np.polyfit(time[known], hips[known] / 2, 1)[0])


@pytest.mark.parametrize("heading_deg", [0.0, 10.0, -20.0])
@pytest.mark.parametrize("view", ["sagittal_left", "sagittal_right"])
def test_the_speed_is_within_the_stated_error_on_square_and_oblique_paths(
    walker: Walker, picture: Picture, view: str, heading_deg: float
) -> None:
    virtual = walker(heading_deg=heading_deg)
    hips = virtual.keypoints["position"].sel(keypoint="pelvis_center")
    middle = float(hips.sel(space="left").mean())
    space = _space(picture(virtual, view=view, target_left_m=middle))
    error = _speed(space.data) / virtual.parameters.speed_m_s - 1
    assert space.data.attrs["space_unit"] == "m"
    assert abs(error) < space.calibration.relative_sd
    assert abs(error) < 0.02


def test_a_path_that_comes_nearer_is_seen_to_grow(
    walker: Walker, picture: Picture
) -> None:
    grown = _space(picture(walker(heading_deg=15.0))).size_gradient
    square = _space(picture(walker())).size_gradient
    assert abs(grown) > 0.2
    assert abs(square) < 0.02


@pytest.mark.parametrize("roll_deg", [-5.0, 0.0, 3.0])
def test_the_roll_of_the_camera_is_found_and_taken_out(
    walker: Walker, picture: Picture, roll_deg: float
) -> None:
    virtual = walker()
    space = _space(picture(virtual, roll_deg=roll_deg))
    level = _space(picture(virtual)).data
    assert space.calibration.camera_tilt_deg == pytest.approx(roll_deg, abs=0.3)
    off = space.data["position"] - level["position"]
    assert float(np.abs(off.sel(space="up")).median()) < 0.01


def test_the_floor_is_at_zero_under_the_standing_feet(
    walker: Walker, picture: Picture
) -> None:
    virtual = walker()
    data = _space(picture(virtual)).data
    for side in ("left", "right"):
        toe = path_of(data, f"{side}_foot_index", "up")
        truth = virtual.keypoints["position"].sel(
            keypoint=f"{side}_foot_index", space="up"
        )
        still = (truth < 0.02).to_numpy()
        assert float(np.nanmedian(toe[still])) == pytest.approx(0.0, abs=0.03)


def test_forward_increases_in_every_pass_and_is_missing_in_turns(
    walker: Walker, picture: Picture
) -> None:
    virtual = walker(mode="there_and_back", pass_length_m=4.0, duration_s=12.0)
    space = _space(picture(virtual, distance_m=6.0))
    number = space.data["walk_pass"].to_numpy()
    forward = path_of(space.data, "left_hip", "forward")
    assert {each.direction for each in space.passes} == {(1.0,), (-1.0,)}
    assert np.isnan(forward[number == -1]).all()
    for each in space.passes:
        own = forward[number == each.number]
        assert own[-1] - own[0] > 1.0


def test_a_known_length_gives_the_scale(walker: Walker, picture: Picture) -> None:
    known = ScaleInput(known_length_m=1.0, known_length_px=300.0)
    space = _space(picture(walker()), known)
    assert space.calibration.method == "known_length"
    assert space.calibration.m_per_px == pytest.approx(1 / 300)
    assert _speed(space.data) == pytest.approx(1.175, rel=0.01)


def test_without_a_size_walking_space_stays_in_pixels(
    walker: Walker, picture: Picture
) -> None:
    space = _space(picture(walker()), ScaleInput())
    assert space.data.attrs["space_unit"] == "px"
    assert space.calibration.method == "none"
    assert space.calibration.m_per_px is None
    assert _speed(space.data) == pytest.approx(1.175 * 300, rel=0.02)


def test_feet_on_a_belt_go_as_over_ground(walker: Walker, picture: Picture) -> None:
    virtual = walker(mode="treadmill")
    data = _space(picture(virtual)).data
    assert _speed(data) == pytest.approx(virtual.parameters.speed_m_s, rel=0.04)


def test_left_is_to_the_left_of_forward_in_a_laboratory(walker: Walker) -> None:
    virtual = walker(heading_deg=-70.0)
    raw = virtual.keypoints.sel(keypoint=list(GAIT))
    raw = raw.assign_coords(space=["x", "y", "z"])
    cleaned = clean(raw, names=GAIT, settings=SignalSettings()).data
    space = to_walking_space(cleaned, known=ScaleInput(), settings=PassSettings())
    hips = [path_of(space.data, f"{side}_hip", "left") for side in ("left", "right")]
    assert float(np.median(hips[0] - hips[1])) == pytest.approx(0.16, abs=0.03)
    assert space.calibration.method == "file"


def test_half_a_known_length_is_refused() -> None:
    with pytest.raises(ConfigError, match="needs both scale_length_m and scale_px"):
        ScaleInput(known_length_m=1.0)


def test_a_height_of_zero_is_refused() -> None:
    with pytest.raises(ConfigError, match="subject_height_m must be above 0, got 0"):
        ScaleInput(subject_height_m=0.0)
