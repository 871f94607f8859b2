"""A virtual person who stands obeys geometry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.stance import VirtualStance, stand

PERSON = StandingParameters(height_m=1.75, sway_mm=0.0, eversion_lowers_mm_per_deg=0.0)


def stood(**changes: Any) -> VirtualStance:
    return stand(replace(PERSON, **changes), frames=2, rate_hz=10.0)


def path(stance: VirtualStance, name: str) -> np.ndarray:
    position = stance.keypoints["position"].sel(keypoint=name)
    return position.transpose("time", "space").to_numpy()


@pytest.mark.parametrize("side", list(Side))
def test_bones_have_exactly_their_length(side: Side) -> None:
    stance = stood(
        thigh_difference_mm=11.0, shank_difference_mm=-4.0, block_left_mm=20.0
    )
    thigh = np.linalg.norm(
        path(stance, f"{side}_hip") - path(stance, f"{side}_knee"), axis=1
    )
    shank = np.linalg.norm(
        path(stance, f"{side}_knee") - path(stance, f"{side}_ankle"), axis=1
    )
    sign = 1 if side is Side.LEFT else -1
    np.testing.assert_allclose(1000 * thigh, 0.245 * 1750 + sign * 5.5, atol=0.01)
    np.testing.assert_allclose(1000 * shank, 0.246 * 1750 - sign * 2.0, atol=0.01)
    assert stance.leg_length_mm(Side.LEFT) - stance.leg_length_mm(
        Side.RIGHT
    ) == pytest.approx(7.0, abs=1e-9)


def test_feet_stand_on_floor_and_block() -> None:
    stance = stood(block_right_mm=25.0)
    for name in ("heel_contact", "ball_contact", "toe_contact"):
        np.testing.assert_allclose(path(stance, f"left_{name}")[:, 2], 0, atol=1e-12)
        np.testing.assert_allclose(path(stance, f"right_{name}")[:, 2], 0.025)


def test_a_block_raises_the_hip_above_it_as_trigonometry_says() -> None:
    """With the feet below the hips, both legs of one length lean alike."""
    width = float(
        np.linalg.norm(path(stood(), "left_hip") - path(stood(), "right_hip"), axis=1)[
            0
        ]
    )
    stance = stood(stance_width_m=width, block_right_mm=30.0, pelvic_tilt_deg=0.0)
    tilt = np.arcsin(0.030 / width)
    np.testing.assert_allclose(stance.height_difference_mm("hip"), -30.0, atol=1e-6)
    obliquity = stance.angles["pelvic_obliquity"].sel(side="right")
    np.testing.assert_allclose(np.radians(obliquity), tilt, atol=1e-9)
    # each hip comes to the middle by half of what the tilt takes off the width
    inwards = path(stance, "left_ankle")[:, 1] - path(stance, "left_hip")[:, 1]
    np.testing.assert_allclose(inwards, width / 2 * (1 - np.cos(tilt)), atol=1e-9)


def test_a_structural_difference_tilts_the_pelvis_like_a_block() -> None:
    longer = stood(shank_difference_mm=12.0).height_difference_mm("hip")
    raised = stood(block_left_mm=12.0).height_difference_mm("hip")
    np.testing.assert_allclose(longer, raised, atol=0.15)
    assert longer[0] == pytest.approx(12.0, abs=0.2)


def test_wider_points_of_the_pelvis_differ_more_in_height() -> None:
    stance = stood(block_left_mm=10.0, pelvic_tilt_deg=0.0)
    hip, asis, psis = (
        float(stance.height_difference_mm(role)[0])  # type: ignore[arg-type]
        for role in ("hip", "asis", "psis")
    )
    width = 1.75 / 1.70
    hips = 2 * (0.33 * 0.240 * width + 0.0073)
    assert asis / hip == pytest.approx(0.240 * width / hips, rel=0.02)
    assert psis / hip == pytest.approx(0.096 * width / hips, rel=0.02)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_knee_takes_up_what_the_pelvis_leaves(share: float) -> None:
    stance = stood(thigh_difference_mm=20.0, pelvis_share=share)
    full = stood(thigh_difference_mm=20.0).height_difference_mm("hip")
    np.testing.assert_allclose(
        stance.height_difference_mm("hip"), share * full, atol=0.05
    )
    knee = stance.angles["knee_flexion"].isel(time=0)
    assert float(knee.sel(side="right")) == pytest.approx(4.0, abs=1e-6)
    # law of cosines: 20 mm of 859 to 869 mm bends the long knee to 25 degrees
    expected = {0.0: 25.0, 0.5: 18.0, 1.0: 4.0}[share]
    assert float(knee.sel(side="left")) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize(("left", "right"), [(8.0, 2.0), (-5.0, 0.0)])
def test_the_rearfoot_angle_is_the_one_asked_for(left: float, right: float) -> None:
    stance = stood(eversion_left_deg=left, eversion_right_deg=right, yaw_deg=12.0)
    assert stance.rearfoot_deg(Side.LEFT)[0] == pytest.approx(left, abs=1e-9)
    assert stance.rearfoot_deg(Side.RIGHT)[0] == pytest.approx(right, abs=1e-9)


@pytest.mark.parametrize(("side", "outwards"), [("left", 1), ("right", -1)])
def test_an_everted_heel_stands_outside_its_ankle(side: str, outwards: int) -> None:
    changes = {f"eversion_{side}_deg": 10.0}
    straight, everted = stood(), stood(**changes)
    moved = path(everted, f"{side}_heel_contact") - path(
        straight, f"{side}_heel_contact"
    )
    # tan 10 degrees times the height of the ankle, 68 mm
    np.testing.assert_allclose(moved[:, 1], outwards * 0.0120, atol=5e-4)


def test_eversion_lowers_the_leg_by_what_is_said() -> None:
    stance = stood(eversion_left_deg=10.0, eversion_lowers_mm_per_deg=0.43)
    ankles = stance.height_difference_mm("ankle")
    np.testing.assert_allclose(ankles, -4.3, atol=1e-9)
    assert stance.parameters.functional_difference_mm == pytest.approx(-4.3)
    assert stance.height_difference_mm("hip")[0] == pytest.approx(-4.3, abs=0.1)


def test_turning_on_the_spot_changes_no_height() -> None:
    straight = stood(shank_difference_mm=9.0)
    turned = stood(shank_difference_mm=9.0, yaw_deg=35.0)
    np.testing.assert_allclose(
        straight.height_difference_mm("psis"), turned.height_difference_mm("psis")
    )
    toes = path(turned, "left_toe_contact") - path(turned, "left_ankle")
    heading = np.degrees(np.arctan2(toes[0, 1], toes[0, 0]))
    assert heading == pytest.approx(35.0 + 7.0, abs=1e-6)


def test_sway_moves_the_hips_and_no_foot() -> None:
    swaying = replace(PERSON, sway_mm=5.0)
    stance = stand(swaying, frames=600, rate_hz=5.0, seed=4)
    assert np.ptp(path(stance, "left_ankle"), axis=0).max() == 0
    spread = 1000 * path(stance, "pelvis_center").std(axis=0)
    assert spread[0] == pytest.approx(5.0, rel=0.15)
    assert spread[1] == pytest.approx(3.33, rel=0.15)


def test_the_seed_decides_the_sway() -> None:
    swaying = replace(PERSON, sway_mm=5.0)
    first, same, other = (
        path(stand(swaying, frames=3, rate_hz=5.0, seed=seed), "left_hip")
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other).max() > 1e-4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"stance_width_m": 0.9},
            r"person\.stance_width_m is 0\.9; .* 0\.09 to 0\.6 m",
        ),
        ({"block_left_mm": -5.0}, r"person\.block_left_mm is -5; expected 0 to 80 mm"),
        ({"pelvis_share": 1.2}, r"person\.pelvis_share is 1\.2; expected 0 to 1"),
        ({"eversion_left_deg": 40.0}, r"person\.eversion_left_deg is 40"),
    ],
)
def test_an_impossible_person_is_refused(
    changes: dict[str, float], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        replace(PERSON, **changes)


def test_legs_too_short_for_the_stance_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"cannot stand 0\.6 m apart"):
        stood(
            thigh_m=0.15,
            shank_m=0.15,
            stance_width_m=0.6,
            shift_left_mm=60.0,
            height_m=1.0,
        )


def test_a_stance_needs_frames() -> None:
    with pytest.raises(ConfigError, match="above 0, got 0 and 10"):
        stand(PERSON, frames=0, rate_hz=10.0)


def test_the_trunk_leans_with_the_pelvis_by_the_share_that_follows() -> None:
    upright, half, whole = (
        stood(block_right_mm=20.0, trunk_follows=share) for share in (0.0, 0.5, 1.0)
    )

    def slope(stance: VirtualStance, joint: str) -> float:
        left, right = (path(stance, f"{side}_{joint}")[0] for side in Side)
        away = left - right
        return float(np.degrees(np.arctan2(away[2], np.hypot(away[0], away[1]))))

    pelvis = slope(upright, "hip")
    assert pelvis < -4.0
    assert slope(upright, "shoulder") == pytest.approx(0.0, abs=0.01)
    assert slope(half, "shoulder") == pytest.approx(0.5 * pelvis, abs=0.15)
    assert slope(whole, "shoulder") == pytest.approx(pelvis, abs=0.15)
    assert slope(whole, "hip") == pytest.approx(pelvis, abs=1e-9)
