"""Heights and rearfoot angles of points whose place in space is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.measure.standing.camera import (
    Optics,
    Roll,
    mean_roll,
    plumb_lean_sd_deg,
    roll_of_floor,
    roll_of_plumb,
    shown_turn_deg,
    turn_of,
)
from gaitkit.measure.standing.heights import Turn, height_line, mean_point, width_mm
from gaitkit.measure.standing.rearfoot import FootDirection, standing_rearfoot
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint, PointRole
from gaitkit_virtual.camera import Camera

SETTINGS = StandingSettings()
SQUARE = Turn(deg=0.0, sd_deg=0.0, view="posterior")


def camera(*, distance_m: float = 2.5, roll_deg: float = 0.0) -> Camera:
    return Camera(
        view="posterior",
        distance_m=distance_m,
        height_m=1.0,
        width_px=1080,
        height_px=1920,
        focal_px=1536.0,
        roll_deg=roll_deg,
    )


def optics(seen_by: Camera, *, roll_sd_deg: float = 0.0) -> Optics:
    return Optics(
        width_px=seen_by.width_px,
        height_px=seen_by.height_px,
        roll=Roll(deg=seen_by.roll_deg, sd_deg=roll_sd_deg, source="user"),
        m_per_px=seen_by.distance_m / seen_by.focal_px,
        scale_relative_sd=0.0,
        distance_m=seen_by.distance_m,
        tilt_sd_deg=0.0,
    )


def seen(
    place: tuple[float, float, float],
    role: PointRole,
    side: Side,
    *,
    by: Camera,
    sd_px: float = 0.0,
) -> PicturePoint:
    x, y, _ = by.project(np.array(place))
    return PicturePoint(
        role=role,
        side=side,
        x_px=float(x),
        y_px=float(y),
        sd_px=sd_px,
        source="sticker",
    )


@pytest.mark.parametrize("roll_deg", [-6.0, 0.0, 3.0])
def test_a_height_difference_is_found_whatever_the_roll(roll_deg: float) -> None:
    view = camera(roll_deg=roll_deg)
    left = seen((0.0, 0.05, 0.958), "psis", Side.LEFT, by=view)
    right = seen((0.0, -0.05, 0.950), "psis", Side.RIGHT, by=view)
    line = height_line(left, right, optics=optics(view), turn=SQUARE)
    assert line.difference_mm == pytest.approx(8.0, abs=1e-6)
    assert line.angle_deg == pytest.approx(math.degrees(math.atan(0.08)), abs=1e-6)
    assert width_mm(line, optics(view)) == pytest.approx(1000 * math.hypot(0.1, 0.008))


def test_a_known_turn_of_the_person_is_taken_out() -> None:
    view = camera()
    turn = math.radians(10)
    ahead, aside = 0.12 * math.sin(turn), 0.12 * math.cos(turn)
    # turned to the left, the left side comes back, towards the camera
    left = seen((-ahead, aside, 0.6), "hip", Side.LEFT, by=view)
    right = seen((ahead, -aside, 0.6), "hip", Side.RIGHT, by=view)
    turned = Turn(deg=10.0, sd_deg=0.0, view="posterior")
    plain = height_line(left, right, optics=optics(view), turn=SQUARE)
    mended = height_line(left, right, optics=optics(view), turn=turned)
    assert plain.difference_mm is not None
    assert plain.difference_mm < -5
    assert mended.difference_mm == pytest.approx(0.0, abs=0.2)


def test_an_unknown_roll_widens_the_error_by_the_width_of_the_pair() -> None:
    view = camera()
    left = seen((0.0, 0.12, 1.0), "asis", Side.LEFT, by=view)
    right = seen((0.0, -0.12, 1.0), "asis", Side.RIGHT, by=view)
    line = height_line(left, right, optics=optics(view, roll_sd_deg=1.0), turn=SQUARE)
    assert line.sd_mm == pytest.approx(240 * math.radians(1.0), rel=1e-3)
    assert line.angle_sd_deg == pytest.approx(1.0, rel=1e-3)


def test_points_of_different_roles_make_no_line() -> None:
    view = camera()
    left = seen((0.0, 0.12, 1.0), "asis", Side.LEFT, by=view)
    right = seen((0.0, -0.12, 1.0), "psis", Side.RIGHT, by=view)
    with pytest.raises(ValueError, match="of one role"):
        height_line(left, right, optics=optics(view), turn=SQUARE)


@pytest.mark.parametrize("roll_deg", [-5.0, 0.0, 2.5])
def test_plumb_line_and_floor_line_give_the_roll_of_the_camera(roll_deg: float) -> None:
    view = camera(roll_deg=roll_deg)
    cord = view.project(np.array([[0.0, 0.0, 1.9], [0.0, 0.0, 0.2]]))[:, :2]
    board = view.project(np.array([[1.0, 0.5, 0.0], [1.0, -0.5, 0.0]]))[:, :2]
    plumb = roll_of_plumb((*cord[0], *cord[1]))
    assert plumb.deg == pytest.approx(roll_deg, abs=1e-6)
    assert roll_of_plumb((*cord[1], *cord[0])).deg == pytest.approx(plumb.deg)
    floor = roll_of_floor((*board[1], *board[0]))
    assert floor.deg == pytest.approx(roll_deg, abs=1e-6)
    both = mean_roll([plumb, floor])
    assert both.source == "plumb_line"
    assert both.sd_deg < plumb.sd_deg


def test_readings_of_the_roll_that_disagree_widen_its_error() -> None:
    one = Roll(deg=0.0, sd_deg=0.2, source="plumb_line")
    other = Roll(deg=2.0, sd_deg=0.2, source="floor_line")
    assert mean_roll([one, other]).deg == pytest.approx(1.0)
    assert mean_roll([one, other]).sd_deg == pytest.approx(1.0)


def test_a_plumb_line_far_beside_the_middle_is_less_sure() -> None:
    far = (940.0, 100.0, 940.0, 1500.0)
    sd = plumb_lean_sd_deg(far, width_px=1080, focal_px=1600.0, tilt_sd_deg=4.0)
    assert sd == pytest.approx(1.0)


CALF = ((-0.045, 0.0, 0.24), (-0.040, 0.0, 0.14))
HEEL = ((-0.045, 0.0, 0.052), (-0.050, 0.0, 0.021))


def leg(
    eversion_deg: float, *, toe_out_deg: float, side: Side, by: Camera
) -> list[PicturePoint]:
    """Return four stickers of a foot whose heel leans by an angle in its own plane."""
    out = 1.0 if side is Side.LEFT else -1.0
    ahead = math.radians(out * toe_out_deg)
    lean = -out * math.tan(math.radians(eversion_deg))
    roles: tuple[PointRole, ...] = (
        "calf_upper",
        "calf_lower",
        "heel_upper",
        "heel_lower",
    )
    points = []
    for role, (forward, left, up) in zip(roles, (*CALF, *HEEL), strict=True):
        aside = left + (lean * (up - 0.08) if role.startswith("heel") else 0.0)
        x = forward * math.cos(ahead) - aside * math.sin(ahead)
        y = forward * math.sin(ahead) + aside * math.cos(ahead) + out * 0.09
        points.append(seen((x, y, up), role, side, by=by))
    return points


EXACT = replace(
    SETTINGS,
    calf_lean_deg=math.degrees(math.atan2(-0.005, 0.1)),
    heel_lean_deg=math.degrees(math.atan2(0.005, 0.031)),
)


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("distance_m", [1.5, 2.5])
@pytest.mark.parametrize("eversion_deg", [-6.0, 0.0, 9.0])
def test_the_rearfoot_angle_is_exact_once_depths_and_direction_are_known(
    side: Side, distance_m: float, eversion_deg: float
) -> None:
    view = camera(distance_m=distance_m)
    points = leg(eversion_deg, toe_out_deg=7.0, side=side, by=view)
    found = standing_rearfoot(
        points,
        optics=optics(view),
        foot=FootDirection(toe_out_deg=7.0, sd_deg=0.0),
        settings=EXACT,
    )
    assert not isinstance(found, Reason)
    assert found.angle_deg == pytest.approx(eversion_deg, abs=0.02)


def test_a_foot_in_line_needs_no_correction_and_has_a_small_error() -> None:
    view = camera()
    seen_at = math.degrees(math.atan2(0.09, 2.46))
    points = leg(5.0, toe_out_deg=seen_at, side=Side.LEFT, by=view)
    wrong = replace(EXACT, calf_lean_deg=5.0, heel_lean_deg=0.0, midline_mm=0.0)
    found = standing_rearfoot(
        points,
        optics=optics(view),
        foot=FootDirection(toe_out_deg=seen_at, sd_deg=0.2),
        settings=replace(wrong, heel_lean_sd_deg=3.0, tilt_sd_deg=1.0),
    )
    assert not isinstance(found, Reason)
    assert found.angle_deg == pytest.approx(5.0, abs=0.6)
    assert found.sd_deg < 0.6


def test_a_foot_out_of_line_is_refused_with_its_angle() -> None:
    view = camera()
    points = leg(5.0, toe_out_deg=22.0, side=Side.RIGHT, by=view)
    found = standing_rearfoot(
        points,
        optics=optics(view),
        foot=FootDirection(toe_out_deg=22.0, sd_deg=2.0),
        settings=SETTINGS,
    )
    assert isinstance(found, Reason)
    assert found.code == "rearfoot_out_of_line"
    assert "20 degrees" in found.text.en


def test_an_unknown_direction_of_the_foot_widens_the_error() -> None:
    view = camera()
    points = leg(5.0, toe_out_deg=7.0, side=Side.LEFT, by=view)
    sds = []
    for sd_deg in (0.0, 5.0):
        found = standing_rearfoot(
            points,
            optics=optics(view),
            foot=FootDirection(toe_out_deg=7.0, sd_deg=sd_deg),
            settings=SETTINGS,
        )
        assert not isinstance(found, Reason)
        sds.append(found.sd_deg)
    assert sds[1] > sds[0] + 0.3


@pytest.mark.parametrize("view", ["posterior", "anterior"])
def test_who_turns_to_the_left_is_seen_to(view: str) -> None:
    turn = math.radians(8)
    ahead, aside = -0.1 * math.sin(turn), 0.1 * math.cos(turn)
    # x right, y down, z away from the camera; behind: left is left, ahead is away
    left = np.array([-aside, 0.0, ahead])
    if view == "anterior":
        left = np.array([aside, 0.0, -ahead])
    found = shown_turn_deg(left, -left, view=view)  # type: ignore[arg-type]
    assert found == pytest.approx(8.0)


def test_the_turn_is_drawn_to_square_and_surer_than_before() -> None:
    turn = turn_of(5.0, prior_sd_deg=3.5, view="posterior")
    assert 0 < turn.deg < 15
    assert turn.sd_deg < 3.5
    assert turn_of(None, prior_sd_deg=3.5, view="posterior").sd_deg == 3.5


def test_the_mean_of_frames_is_surer_but_not_without_limit() -> None:
    view = camera()
    one = seen((0.0, 0.05, 0.95), "psis", Side.LEFT, by=view, sd_px=0.2)
    many = mean_point([one] * 16)
    assert many.x_px == pytest.approx(one.x_px)
    assert many.sd_px == pytest.approx(0.1)


def test_a_setting_below_zero_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigError, match=r"standing\.placement_mm is -1"):
        StandingSettings(placement_mm=-1)
