"""The lean of calf and heel from the shape of round stickers, with known truth."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gaitkit.gait.stickers.discs import (
    SKIN,
    Disc,
    disc_of_ellipse,
    leans_of_discs,
    mean_disc,
)
from gaitkit.gait.stickers.shape import LegLean
from gaitkit.gait.stickers.sight import Lens
from gaitkit.model.side import Side

FOCAL_PX, RADIUS_M, AWAY_M, CAMERA_M = 1536.0, 0.006, 2.0, 0.7
MIDDLE = (540.0, 960.0)
LENS = Lens(focal_px=FOCAL_PX, middle_px=MIDDLE)
USUAL = LegLean.usual((-6.0, 4.0), (8.5, 5.0))
HEIGHT_M = {
    "calf_upper": 0.24,
    "calf_lower": 0.15,
    "heel_upper": 0.05,
    "heel_lower": 0.02,
}


def circle(role: str, side: Side, *, lean_deg: float, radius_m: float) -> np.ndarray:
    """Return points (n, 3) right, up, ahead of a disc on skin as `SKIN` has it."""
    skin, out = SKIN[role], -1.0 if side is Side.LEFT else 1.0
    up, aside = np.radians([lean_deg + skin.elevation_deg, out * skin.lateral_deg])
    level = np.array([math.cos(aside), 0.0, math.sin(aside)])
    steep = np.array(
        [
            -math.sin(up) * math.sin(aside),
            math.cos(up),
            math.sin(up) * math.cos(aside),
        ]
    )
    around = np.linspace(0, 2 * np.pi, 720, endpoint=False)[:, None]
    centre = np.array([out * 0.09, HEIGHT_M[role] - CAMERA_M, AWAY_M])
    return centre + radius_m * (np.cos(around) * level + np.sin(around) * steep)


def disc(
    role: str,
    side: Side,
    *,
    lean_deg: float,
    roll_deg: float = 0.0,
    radius_m: float = RADIUS_M,
) -> Disc:
    """Return the disc as the camera sees it."""
    right, up, ahead = circle(role, side, lean_deg=lean_deg, radius_m=radius_m).T
    x, y = FOCAL_PX * right / ahead, -FOCAL_PX * up / ahead
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    # a floor that rises to the right: the picture is turned against the clock
    x, y = cos * x + sin * y, -sin * x + cos * y
    size, axes = np.linalg.eigh(np.cov(np.stack([x, y]), bias=True))
    minor, major = 2 * np.sqrt(2 * size)
    return disc_of_ellipse(
        role,
        side,
        centre=(float(x.mean()) + MIDDLE[0], float(y.mean()) + MIDDLE[1]),
        diameters=(float(major), float(minor)),
        angle_deg=math.degrees(math.atan2(axes[1, 1], axes[0, 1])),
    )


def both_legs(calf_deg: float, heel_deg: float, *, roll_deg: float = 0.0) -> list[Disc]:
    lean = {"calf": calf_deg, "heel": heel_deg}
    return [
        disc(role, side, lean_deg=lean[role[:4]], roll_deg=roll_deg)
        for side in Side
        for role in SKIN
    ]


def open_deg(lean: LegLean) -> float:
    """Return the standard error of heel less calf."""
    return float(np.sqrt(np.array([-1, 1]) @ lean.covariance @ np.array([-1, 1])))


@pytest.mark.parametrize(("calf", "heel"), [(-12.0, 14.0), (-6.0, 8.5), (-1.0, 3.0)])
def test_leans_are_drawn_from_what_is_usual_most_of_the_way_to_the_truth(
    calf: float, heel: float
) -> None:
    found = leans_of_discs(both_legs(calf, heel), lens=LENS, usual=USUAL)
    before = (heel - calf) - (USUAL.heel_deg - USUAL.calf_deg)
    for lean in found.values():
        left = (heel - calf) - (lean.heel_deg - lean.calf_deg)
        assert abs(left) <= 0.35 * abs(before) + 0.3
        assert abs(left) < 2 * open_deg(lean)


def test_shapes_halve_what_is_left_open() -> None:
    found = leans_of_discs(both_legs(-6.0, 8.5), lens=LENS, usual=USUAL)
    assert set(found) == set(Side)
    for lean in found.values():
        assert 2.0 < open_deg(lean) < 0.55 * open_deg(USUAL)


def test_the_roll_of_the_camera_changes_nothing_once_it_is_known() -> None:
    level = leans_of_discs(both_legs(-10.0, 12.0), lens=LENS, usual=USUAL)
    rolled = leans_of_discs(
        both_legs(-10.0, 12.0, roll_deg=4.0),
        lens=replace(LENS, roll_deg=4.0),
        usual=USUAL,
    )
    for side in Side:
        assert rolled[side].calf_deg == pytest.approx(level[side].calf_deg, abs=0.05)
        assert rolled[side].heel_deg == pytest.approx(level[side].heel_deg, abs=0.05)


def test_a_disc_that_is_half_hidden_hardly_counts() -> None:
    discs = both_legs(-6.0, 8.5)
    whole = leans_of_discs(discs, lens=LENS, usual=USUAL)
    cut = [replace(discs[0], tall_px=0.6 * discs[0].tall_px), *discs[1:]]
    found = leans_of_discs(cut, lens=LENS, usual=USUAL)
    assert abs(found[Side.LEFT].calf_deg - whole[Side.LEFT].calf_deg) < 2.0


def test_small_discs_tell_less() -> None:
    discs = [disc(role, Side.LEFT, lean_deg=0.0) for role in SKIN]
    small = [disc(role, Side.LEFT, lean_deg=0.0, radius_m=0.003) for role in SKIN]
    near = leans_of_discs(discs, lens=LENS, usual=USUAL)[Side.LEFT]
    far = leans_of_discs(small, lens=LENS, usual=USUAL)[Side.LEFT]
    assert open_deg(near) < open_deg(far) < open_deg(USUAL)


def test_the_disc_of_one_leg_tells_of_the_other_because_feet_are_alike() -> None:
    left = [d for d in both_legs(-12.0, 14.0) if d.side is Side.LEFT]
    right = disc("heel_upper", Side.RIGHT, lean_deg=14.0)
    found = leans_of_discs([*left, right], lens=LENS, usual=USUAL)[Side.RIGHT]
    assert found.calf_deg < USUAL.calf_deg - 1.0
    assert open_deg(found) < open_deg(USUAL)


def test_without_discs_nothing_is_told() -> None:
    assert leans_of_discs([], lens=LENS, usual=USUAL) == {}


def test_the_mean_of_the_same_disc_is_that_disc() -> None:
    one = disc("calf_upper", Side.LEFT, lean_deg=-6.0)
    assert mean_disc([one, one, one]).tall_px == pytest.approx(one.tall_px)


def test_an_ellipse_keeps_its_axes_as_diameters_and_tilt() -> None:
    upright = disc_of_ellipse(
        "heel_upper", Side.LEFT, centre=(0, 0), diameters=(10, 8), angle_deg=90
    )
    assert (upright.wide_px, upright.tall_px) == pytest.approx((8.0, 10.0))
    assert upright.tilt == pytest.approx(0.0, abs=1e-9)


def test_axes_of_known_leans_give_their_covariance_back() -> None:
    covariance = np.array([[4.0, -1.5], [-1.5, 9.0]])
    lean = LegLean.known(np.array([-5.0, 8.0]), covariance)
    assert lean.covariance == pytest.approx(covariance)
    assert len(lean.varied()) == 2
