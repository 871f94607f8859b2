"""Height of the navicular from points of a picture: exact geometry, roles, limits."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.measure.standing.camera import Optics, Roll
from gaitkit.measure.standing.navicular import (
    SOLE_MM,
    DiscShape,
    FootPicture,
    Tilt,
    camera_tilt,
    normalised,
    standing_navicular,
    turned_deg,
)
from gaitkit.measure.standing.navicular_rows import (
    drop_row,
    height_rows,
    navicular_drop,
)
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.standing import NavicularStanding, PicturePoint, PointRole
from gaitkit.pose.stickers.foot_roles import name_foot_stickers
from gaitkit.pose.stickers.sticker import Sticker
from gaitkit_virtual.body import Look
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.standing.foot import (
    STEP_M,
    foot_camera,
    foot_truth,
    step_stance,
)
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.stance import stand
from gaitkit_virtual.sticker_places import place_stickers
from gaitkit_virtual.stickers import foot_stickers
from gaitkit_virtual.surface import surface_of

if TYPE_CHECKING:
    from gaitkit.model.standing import FootLoad

BEHIND_M = 0.008
SETTINGS = StandingSettings(floor_behind_mm=1000 * BEHIND_M, foot_tilt_sd_deg=0.0)
"""A camera that is known to be level; `TILTED` holds for one that is not."""
TILTED = replace(SETTINGS, foot_tilt_sd_deg=4.0)
FOOT: dict[PointRole, tuple[float, float]] = {
    "navicular": (0.040, 0.045),
    "malleolus_medial": (0.0, 0.070),
    "metatarsal_1": (0.117, 0.022),
    "heel_back": (-0.055, 0.030),
}
"""Ahead of the ankle and above the floor, in metres, in one upright plane."""
FLOOR_M = np.array([[-0.05, BEHIND_M, 0.0], [0.12, BEHIND_M, 0.0]])


def camera(
    *, height_m: float = 0.2, roll_deg: float = 0.0, tilt_deg: float = 0.0
) -> Camera:
    """Return a phone 0.9 m from the inner side of a left foot."""
    return Camera(
        view="sagittal_right",
        distance_m=0.9,
        height_m=height_m,
        width_px=1920,
        height_px=1080,
        focal_px=1536.0,
        roll_deg=roll_deg,
        tilt_deg=tilt_deg,
    )


def optics_of(looks: Camera) -> Optics:
    return Optics(
        width_px=looks.width_px,
        height_px=looks.height_px,
        roll=Roll(deg=looks.roll_deg, sd_deg=0.5, source="user"),
        m_per_px=looks.distance_m / looks.focal_px,
        scale_relative_sd=0.03,
        distance_m=looks.distance_m,
        tilt_sd_deg=3.0,
    )


def foot_in(
    looks: Camera, *, navicular_m: float = 0.045, load: FootLoad = "loaded"
) -> FootPicture:
    """Return the foot exactly as the camera sees it."""
    places = FOOT | {"navicular": (0.040, navicular_m)}
    points = []
    for role, (ahead, up) in places.items():
        x, y, _ = looks.project(np.array([ahead, 0.0, up]))
        points.append(
            PicturePoint(
                role=role,
                side=Side.LEFT,
                x_px=float(x),
                y_px=float(y),
                sd_px=0.2,
                source="sticker",
            )
        )
    x1, y1, x2, y2 = (float(v) for v in looks.project(FLOOR_M)[:, :2].ravel())
    size = 0.012 * looks.focal_px / looks.distance_m
    return FootPicture(
        side=Side.LEFT,
        load=load,
        points=tuple(points),
        shapes=(DiscShape(major_px=size, minor_px=size, angle_deg=0.0),),
        floor_px=(x1, y1, x2, y2),
        own_scale_sd=0.02,
    )


def measured(
    looks: Camera,
    *,
    navicular_m: float = 0.045,
    load: FootLoad = "loaded",
    settings: StandingSettings = SETTINGS,
) -> NavicularStanding:
    found = standing_navicular(
        foot_in(looks, navicular_m=navicular_m, load=load),
        optics=optics_of(looks),
        settings=settings,
    )
    assert isinstance(found, NavicularStanding)
    return found


def why(found: object) -> str:
    assert isinstance(found, Reason)
    return found.code


@pytest.mark.parametrize("height_m", [0.045, 0.12, 0.35])
@pytest.mark.parametrize("roll_deg", [-4.0, 0.0, 4.0])
def test_the_height_is_exact_from_low_and_from_above_and_with_a_rolled_camera(
    height_m: float, roll_deg: float
) -> None:
    looks = camera(height_m=height_m, roll_deg=roll_deg)
    assert measured(looks).height_mm == pytest.approx(45.0, abs=0.01)


def test_the_point_of_the_floor_lies_below_the_sticker() -> None:
    looks = camera(height_m=0.3)
    below = looks.project(np.array([0.040, BEHIND_M, 0.0]))[:2]
    assert measured(looks).floor_px == pytest.approx(tuple(below), abs=0.01)


def test_a_camera_that_looks_down_makes_the_error_larger() -> None:
    low, high = measured(camera(height_m=0.045)), measured(camera(height_m=0.35))
    # the floor line 8 mm farther behind, seen 21 degrees from above
    assert abs(high.behind_mm) == pytest.approx(8 * 0.35 / 0.908, rel=0.01)
    assert abs(low.behind_mm) < 0.5
    assert high.sd_mm > low.sd_mm > SETTINGS.navicular_placement_mm


def test_the_error_holds_the_placing_of_the_sticker_and_its_parts() -> None:
    found = measured(camera(), settings=TILTED)
    parts = math.hypot(
        found.own_sd_mm,
        found.behind_mm,
        found.scale_mm,
        found.focal_mm,
        found.tilt_mm,
        SOLE_MM,
        SETTINGS.navicular_placement_mm,
    )
    assert found.sd_mm == pytest.approx(parts)
    # scale errs by 3 %, 2 % of it in each picture anew; it does not move the floor
    # line, 8 mm behind and seen from 0.2 m above
    scaled = 45 - 8 * 0.2 / 0.908
    shared = math.sqrt(0.03**2 - 0.02**2)
    assert found.scale_mm == pytest.approx(scaled * shared, rel=0.01)


def test_the_height_is_normalised_to_the_truncated_foot_length() -> None:
    found = measured(camera())
    # heel sticker touches the back with its edge: 117 + 55 + 6 mm; turned feet look
    # one percent shorter on average
    assert found.truncated_mm == pytest.approx(178.0 * 1.0097, abs=0.1)
    share = normalised(found)
    assert share is not None
    assert share[0] == pytest.approx(45.0 / (178.0 * 1.0097), abs=1e-3)
    rows = {row.name: row for row in height_rows(found, recording="a", frames=1)}
    assert rows["navicular_height_normalised"].value == pytest.approx(25.0, abs=0.1)
    assert all(row.unconfirmed for row in rows.values())


def test_without_heel_or_ball_only_the_normalised_height_is_missing() -> None:
    looks = camera()
    whole = foot_in(looks)
    foot = replace(whole, points=whole.points[:3])
    found = standing_navicular(foot, optics=optics_of(looks), settings=SETTINGS)
    assert isinstance(found, NavicularStanding)
    height, share = height_rows(found, recording="a", frames=1)
    assert height.value == pytest.approx(45.0, abs=0.01)
    assert share.why_missing is not None
    assert share.why_missing.code == "navicular_no_length"


def test_the_drop_is_the_difference_and_does_not_hold_what_both_pictures_share() -> (
    None
):
    looks = camera()
    loaded = measured(looks)
    unloaded = measured(looks, navicular_m=0.052, load="unloaded")
    drop, sd = navicular_drop(unloaded, loaded, settings=SETTINGS)
    assert drop == pytest.approx(7.0, abs=0.01)
    own = math.hypot(loaded.own_sd_mm, unloaded.own_sd_mm, SETTINGS.navicular_skin_mm)
    assert sd == pytest.approx(own, rel=0.02)
    assert sd < math.hypot(loaded.sd_mm, unloaded.sd_mm)


def test_a_camera_that_stays_adds_no_error_of_its_tilt_to_the_drop() -> None:
    low, level = camera(), camera(tilt_deg=3.0)
    loaded = measured(low, settings=TILTED)
    still = measured(low, load="unloaded", settings=TILTED)
    moved = measured(level, load="unloaded", settings=TILTED)
    own = math.hypot(loaded.own_sd_mm, still.own_sd_mm, TILTED.navicular_skin_mm)
    assert loaded.tilt_mm > 1.0
    assert navicular_drop(still, loaded, settings=TILTED)[1] == pytest.approx(own)
    assert moved.below_deg == pytest.approx(loaded.below_deg - 3.0, abs=0.2)
    both = math.hypot(loaded.tilt_mm, moved.tilt_mm)
    apart = navicular_drop(moved, loaded, settings=TILTED)[1]
    assert own < apart < math.hypot(own, both)


def tilt_seen(looks: Camera) -> Tilt | Reason:
    return camera_tilt(
        foot_in(looks).floor_px, optics=optics_of(looks), settings=TILTED
    )


def test_a_floor_above_the_middle_of_the_picture_proves_a_camera_that_looks_down() -> (
    None
):
    high, low, down = (
        tilt_seen(camera(height_m=height, tilt_deg=tilt))
        for height, tilt in ((0.3, 0.0), (0.06, 0.0), (0.06, 6.0))
    )
    assert isinstance(high, Tilt)
    assert isinstance(low, Tilt)
    assert isinstance(down, Tilt)
    assert high.deg == pytest.approx(0.0, abs=0.01)
    assert high.sd_deg == pytest.approx(4.0, abs=0.01)
    # a lens 20 mm above the floor at 0.9 m sees it 1.27 degrees below the horizon
    seen = math.degrees(math.atan(0.06 / 0.908)) - 6.0
    cut = (1.27 - seen) / 4.0
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    mean = 4.0 * density / (math.erfc(cut / math.sqrt(2)) / 2)
    assert down.deg == pytest.approx(mean, abs=0.05)
    assert low.deg < down.deg < 6.0
    assert down.sd_deg < low.sd_deg < 4.0


def test_a_camera_that_looks_down_too_far_is_refused_with_the_least_angle() -> None:
    found = tilt_seen(camera(height_m=0.06, tilt_deg=12.3))
    assert why(found) == "navicular_camera_down"
    assert isinstance(found, Reason)
    assert "looked down by 10 degrees at least" in found.text.en


def test_without_a_scale_nothing_is_known_of_the_tilt() -> None:
    looks = camera(height_m=0.06, tilt_deg=12.0)
    optics = replace(optics_of(looks), m_per_px=None, distance_m=None)
    found = camera_tilt(foot_in(looks).floor_px, optics=optics, settings=TILTED)
    assert found == Tilt(deg=0.0, sd_deg=4.0)


def test_one_picture_gives_no_drop() -> None:
    row = drop_row(
        {"loaded": measured(camera())},
        side=Side.LEFT,
        recording="stance_1",
        settings=SETTINGS,
    )
    assert row.value is None
    assert row.why_missing is not None
    assert row.why_missing.code == "navicular_one_picture"


def test_without_a_scale_there_is_no_height() -> None:
    looks = camera()
    optics = replace(optics_of(looks), m_per_px=None, scale_relative_sd=None)
    found = standing_navicular(foot_in(looks), optics=optics, settings=SETTINGS)
    assert why(found) == "navicular_no_scale"


def test_a_foot_seen_too_steeply_is_refused() -> None:
    looks = camera(height_m=0.55)
    found = standing_navicular(
        foot_in(looks), optics=optics_of(looks), settings=SETTINGS
    )
    assert why(found) == "navicular_from_above"


def disc(turn_deg: float, *, lean_deg: float = 0.0, roll_deg: float = 0.0) -> DiscShape:
    """Return how a disc of 20 px is seen whose normal is turned and leans up."""
    turn, lean = math.radians(turn_deg), math.radians(lean_deg)
    across = math.sin(turn) * math.cos(lean)
    up = math.sin(lean)
    towards = math.cos(turn) * math.cos(lean)
    minor = math.degrees(math.atan2(-up, across))
    return DiscShape(
        major_px=20.0, minor_px=20.0 * towards, angle_deg=minor + 90 - roll_deg
    )


@pytest.mark.parametrize("turn_deg", [0.0, 12.0, 35.0])
@pytest.mark.parametrize("roll_deg", [0.0, 5.0])
def test_the_turn_of_a_disc_is_read_from_its_ellipse(
    turn_deg: float, roll_deg: float
) -> None:
    seen = turned_deg([disc(turn_deg, roll_deg=roll_deg)], roll_deg=roll_deg)
    assert seen == pytest.approx(turn_deg, abs=0.01)


def test_skin_that_leans_up_is_no_turn() -> None:
    assert turned_deg([disc(0.0, lean_deg=30.0)], roll_deg=0.0) < 0.01


def test_a_foot_turned_out_of_the_picture_is_refused() -> None:
    looks = camera()
    foot = replace(foot_in(looks), shapes=(disc(40.0),) * 3)
    found = standing_navicular(foot, optics=optics_of(looks), settings=SETTINGS)
    assert why(found) == "navicular_foot_turned"


def discs(side: Side = Side.LEFT) -> dict[PointRole, Sticker]:
    """Return the stickers of a foot as found, 2 px for each mm, floor at 900 px."""
    sign = 1 if side is Side.LEFT else -1
    return {
        role: Sticker(
            x_px=800 + sign * 2000 * ahead,
            y_px=900 - 2000 * up,
            sd_px=0.2,
            major_px=24.0,
            minor_px=22.0,
            angle_deg=0.0,
            contrast=100.0,
            colour="green",
        )
        for role, (ahead, up) in FOOT.items()
    }


FLOOR_PX = (600.0, 900.0, 1100.0, 900.0)


@pytest.mark.parametrize("side", list(Side))
def test_the_stickers_of_either_foot_get_their_roles(side: Side) -> None:
    found = discs(side)
    named = name_foot_stickers(list(found.values()), side=side, floor=FLOOR_PX)
    assert {p.role: (p.x_px, p.y_px) for p in named.points} == {
        role: (s.x_px, s.y_px) for role, s in found.items()
    }


@pytest.mark.parametrize("hidden", ["navicular", "malleolus_medial"])
def test_a_hidden_sticker_is_said_and_no_other_takes_its_place(
    hidden: PointRole,
) -> None:
    left = [s for role, s in discs().items() if role != hidden]
    named = name_foot_stickers(left, side=Side.LEFT, floor=FLOOR_PX)
    assert not named.points
    assert {m.why.code for m in named.missing} == {"navicular_sticker_missing"}


def test_a_foot_that_points_the_other_way_is_the_wrong_one() -> None:
    named = name_foot_stickers(
        list(discs(Side.LEFT).values()), side=Side.RIGHT, floor=FLOOR_PX
    )
    assert {m.why.code for m in named.missing} == {"navicular_wrong_side"}


@pytest.mark.parametrize("told", list(Side))
def test_without_a_ball_the_heel_of_the_other_foot_is_no_navicular(told: Side) -> None:
    found = discs(told.other)
    del found["metatarsal_1"]
    named = name_foot_stickers(list(found.values()), side=told, floor=FLOOR_PX)
    assert {m.why.code for m in named.missing} == {"navicular_wrong_side"}
    rest = name_foot_stickers(list(found.values()), side=told.other, floor=FLOOR_PX)
    assert {p.role for p in rest.points} == set(found)


def test_a_stray_sticker_beside_the_navicular_makes_it_ambiguous() -> None:
    found = discs()
    stray = replace(found["navicular"], x_px=found["navicular"].x_px + 30)
    named = name_foot_stickers([*found.values(), stray], side=Side.LEFT, floor=FLOOR_PX)
    assert {m.why.code for m in named.missing} == {"navicular_ambiguous"}


def test_a_setting_out_of_range_names_its_key() -> None:
    with pytest.raises(ConfigError, match=r"standing\.navicular_placement_mm is -1"):
        StandingSettings(navicular_placement_mm=-1)


@pytest.mark.parametrize("side", list(Side))
def test_the_other_foot_of_a_virtual_person_stands_a_step_behind(side: Side) -> None:
    person = step_stance(StandingParameters(height_m=1.75, sway_mm=0.0), side)
    stance = stand(person, frames=1, rate_hz=1.0)
    position = stance.keypoints["position"].isel(time=0)
    ahead = position.sel(keypoint=f"{side}_ankle") - position.sel(
        keypoint=f"{side.other}_ankle"
    )
    assert float(ahead.sel(space="forward")) == pytest.approx(STEP_M)
    assert float(ahead.sel(space="up")) == pytest.approx(0.0)
    for each in Side:
        hip, knee, ankle = (
            position.sel(keypoint=f"{each}_{name}").to_numpy()
            for name in ("hip", "knee", "ankle")
        )
        assert np.linalg.norm(hip - knee) == pytest.approx(person.thigh_of(each))
        assert np.linalg.norm(knee - ankle) == pytest.approx(person.shank_of(each))


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("height_mm", [30.0, 50.0])
def test_the_navicular_of_a_virtual_foot_lies_where_it_was_put(
    side: Side, height_mm: float
) -> None:
    person = step_stance(StandingParameters(height_m=1.75, sway_mm=0.0), side)
    stance = stand(person, frames=1, rate_hz=1.0)
    look = Look(barefoot=True)
    placed = place_stickers(
        stance,
        surface_of(stance, look).faces,
        foot_stickers(side, navicular_mm=height_mm),
    )
    navicular, malleolus, ball, heel = (each.centre[0] for each in placed)
    assert 1000 * placed[0].bone[0, 2] == pytest.approx(height_mm)
    assert 1000 * navicular[2] == pytest.approx(height_mm, abs=0.01)
    assert ball[0] > navicular[0] > malleolus[0] > heel[0]
    truth = foot_truth(
        stance, foot_camera(person, side), side=side, look=look, navicular_mm=height_mm
    )
    # toes of a left foot point right, and the inner edge stands below the sticker
    seen = foot_camera(person, side).project(navicular)
    assert (truth.floor_line_px[2] > truth.floor_line_px[0]) is (side is Side.LEFT)
    assert min(truth.floor_line_px[1], truth.floor_line_px[3]) > seen[1]
