"""Straight passes: direction, turns, standing, treadmill, and the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, InputError
from gaitkit.model.keypoints import GAIT
from gaitkit.model.side import Side
from gaitkit.signal.cleaning import clean
from gaitkit.signal.passes import PassSettings, find_passes
from gaitkit.signal.settings import SignalSettings
from gaitkit.signal.upright import Upright, stand_upright
from gaitkit.signal.view import find_view

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Picture = Callable[..., xr.Dataset]

SETTINGS = PassSettings()


def _laboratory(virtual: VirtualWalk) -> Upright:
    data = virtual.keypoints.sel(keypoint=list(GAIT))
    data = data.assign_coords(space=["x", "y", "z"])
    return stand_upright(clean(data, names=GAIT, settings=SignalSettings()).data)


@pytest.mark.parametrize(
    ("view", "sign", "near"),
    [("sagittal_left", -1.0, Side.LEFT), ("sagittal_right", 1.0, Side.RIGHT)],
)
def test_the_side_that_faces_the_camera_is_found(
    walker: Walker, picture: Picture, view: str, sign: float, near: Side
) -> None:
    seen = stand_upright(picture(walker(), view=view))
    passes = find_passes(seen, settings=SETTINGS)
    assert [each.direction for each in passes] == [(sign,)]
    assert passes[0].near_side is near
    assert find_view(seen, passes).view == view


def test_there_and_back_gives_passes_without_the_turns(walker: Walker) -> None:
    virtual = walker(mode="there_and_back", pass_length_m=5.0, duration_s=16.0)
    passes = find_passes(_laboratory(virtual), settings=SETTINGS)
    heading = virtual.heading_deg.to_numpy() % 360
    for each in passes:
        inside = each.samples(virtual.keypoints["time"].to_numpy())
        own = np.rad2deg(np.arctan2(each.direction[1], each.direction[0])) % 360
        off = (heading[inside] - own + 180) % 360 - 180
        assert np.abs(np.median(off)) < 1.0
        assert np.percentile(np.abs(off), 90) < 20.0
    assert [round(each.direction[0]) for each in passes] == [1, -1, 1]
    assert [(each.starts, each.ends) for each in passes] == [
        ("edge", "stop"),
        ("stop", "stop"),
        ("stop", "edge"),
    ]


def test_any_heading_in_a_laboratory_is_found_to_half_a_degree(walker: Walker) -> None:
    walk = _laboratory(walker(heading_deg=130.0))
    (only,) = find_passes(walk, settings=SETTINGS)
    found = np.rad2deg(np.arctan2(only.direction[1], only.direction[0]))
    assert found == pytest.approx(130.0, abs=0.5)
    assert only.near_side is None


@pytest.mark.parametrize("up", [0, 1, 2])
def test_the_vertical_axis_of_a_laboratory_is_found(walker: Walker, up: int) -> None:
    data = walker().keypoints.sel(keypoint=list(GAIT))
    order = [0, 1, 2]
    order[up], order[2] = order[2], order[up]
    data = data.isel(space=order).assign_coords(space=["x", "y", "z"])
    walk = stand_upright(clean(data, names=GAIT, settings=SignalSettings()).data)
    height = walk.height("left_hip") - walk.height("left_ankle")
    assert np.nanmin(height) > 0.5


def test_a_start_from_standing_is_no_part_of_the_pass(walker: Walker) -> None:
    virtual = walker(start="standing", duration_s=7.0)
    (only,) = find_passes(_laboratory(virtual), settings=SETTINGS)
    assert only.start_s > 1.0
    assert (only.starts, only.ends) == ("stop", "edge")


def test_the_speed_of_a_treadmill_is_that_of_the_feet_on_it(walker: Walker) -> None:
    virtual = walker(mode="treadmill")
    (only,) = find_passes(_laboratory(virtual), settings=SETTINGS)
    assert only.kind == "treadmill"
    assert only.speed == pytest.approx(virtual.parameters.speed_m_s, rel=0.01)


def test_standing_makes_no_pass(walker: Walker) -> None:
    data = walker().keypoints.sel(keypoint=list(GAIT)).copy(deep=True)
    data["position"][:] = data["position"].isel(time=30)
    data = data.assign_coords(space=["x", "y", "z"])
    walk = stand_upright(clean(data, names=GAIT, settings=SignalSettings()).data)
    assert find_passes(walk, settings=SETTINGS) == ()


def test_walking_backwards_makes_no_pass(walker: Walker, picture: Picture) -> None:
    data = picture(walker()).copy(deep=True)
    data["position"][:] = data["position"].to_numpy()[::-1]
    assert find_passes(stand_upright(data), settings=SETTINGS) == ()


@pytest.mark.parametrize("view", ["anterior", "posterior"])
def test_front_and_back_are_told_apart(
    walker: Walker, picture: Picture, view: str
) -> None:
    data = picture(walker(), view=view, distance_m=9.0)
    sight = find_view(stand_upright(data), ())
    assert sight.view == view
    assert sight.frontal


def test_a_missing_heel_is_refused_by_name(walker: Walker, picture: Picture) -> None:
    data = picture(walker()).drop_sel(keypoint="left_heel")
    with pytest.raises(InputError, match="absent: left_heel; map them by name"):
        stand_upright(data)


def test_hips_and_ankles_never_seen_together_are_refused(walker: Walker) -> None:
    data = walker().keypoints.sel(keypoint=list(GAIT)).copy(deep=True)
    data["position"].loc[{"keypoint": ["left_hip", "right_hip"]}] = np.nan
    data = data.assign_coords(space=["x", "y", "z"]).assign_attrs(rate_hz=60.0)
    with pytest.raises(InputError, match="vertical axis cannot be found"):
        stand_upright(data)


def test_a_setting_of_zero_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigError, match=r"passes\.min_speed must be above 0"):
        PassSettings(min_speed=0.0)
