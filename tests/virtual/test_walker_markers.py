"""Markers and joint centres of a virtual walk give back its true angles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from gaitkit_virtual.virtual_walk import VirtualWalk


@pytest.fixture(scope="module")
def walked() -> VirtualWalk:
    parameters = WalkerParameters(height_m=1.75, shank_difference_mm=12)
    return walk(parameters, duration_s=2.5, rate_hz=100)


def marker(walked: VirtualWalk, name: str) -> np.ndarray:
    path: np.ndarray = walked.markers.position.sel(keypoint=name).to_numpy()
    return path


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector, axis=1, keepdims=True)


def pelvis_axes(walked: VirtualWalk) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward, left and up of the pelvis as Plug-in Gait takes them from markers."""
    left = unit(marker(walked, "LASI") - marker(walked, "RASI"))
    front = (marker(walked, "LASI") + marker(walked, "RASI")) / 2
    ahead = front - (marker(walked, "LPSI") + marker(walked, "RPSI")) / 2
    up = unit(np.cross(ahead, left))
    return np.cross(left, up), left, up


def test_pelvic_angles_follow_from_four_markers(walked: VirtualWalk) -> None:
    forward, left, up = pelvis_axes(walked)
    # R = Ry(tilt) Rx(obliquity) Rz(rotation); columns are forward, left, up
    tilt = np.degrees(np.arctan2(up[:, 0], up[:, 2]))
    obliquity = np.degrees(np.arcsin(-up[:, 1]))
    rotation = np.degrees(np.arctan2(forward[:, 1], left[:, 1]))
    own = walked.angles.sel(side="left")
    np.testing.assert_allclose(tilt, own.pelvic_tilt, atol=1e-6)
    np.testing.assert_allclose(obliquity, own.pelvic_obliquity, atol=1e-6)
    np.testing.assert_allclose(-rotation, own.pelvic_rotation, atol=1e-6)


@pytest.mark.parametrize(("side", "sign"), [("left", 1), ("right", -1)])
def test_hip_centres_stand_where_the_regression_puts_them(
    walked: VirtualWalk, side: str, sign: int
) -> None:
    # Harrington et al. 2007, mm: back, down and out from the middle of the ASIS
    forward, left, up = pelvis_axes(walked)
    front = (marker(walked, "LASI") + marker(walked, "RASI")) / 2
    back = (marker(walked, "LPSI") + marker(walked, "RPSI")) / 2
    width = 1000 * np.linalg.norm(
        marker(walked, "LASI") - marker(walked, "RASI"), axis=1
    )
    depth = 1000 * np.linalg.norm(front - back, axis=1)
    behind = -0.24 * depth - 9.9
    below = -0.30 * width - 10.9
    out = sign * (0.33 * width + 7.3)
    expected = (
        front
        + (behind[:, None] * forward + out[:, None] * left + below[:, None] * up) / 1000
    )
    np.testing.assert_allclose(marker(walked, f"{side[0].upper()}HJC"), expected)


@pytest.mark.parametrize("side", ["left", "right"])
def test_knee_and_ankle_follow_from_joint_centres(
    walked: VirtualWalk, side: str
) -> None:
    letter = side[0].upper()
    hip, knee, ankle = (marker(walked, f"{letter}{j}JC") for j in ("H", "K", "A"))
    thigh, shank = unit(hip - knee), unit(knee - ankle)
    flexion = np.degrees(np.arccos(np.clip((thigh * shank).sum(axis=1), -1, 1)))
    np.testing.assert_allclose(
        flexion, walked.angles.knee_flexion.sel(side=side), atol=1e-5
    )
    foot = unit(marker(walked, f"{letter}TOE") - marker(walked, f"{letter}HEE"))
    hinge = unit(marker(walked, f"{letter}ANK") - marker(walked, f"{letter}MED"))
    hinge = hinge if side == "left" else -hinge
    front = np.cross(hinge, shank)
    bent = foot - (foot * hinge).sum(axis=1, keepdims=True) * hinge
    dorsiflexion = np.degrees(
        np.arctan2((bent * shank).sum(axis=1), (bent * front).sum(axis=1))
    )
    # Cardan angles tell flexion from inversion, this projection does not: 1 degree
    np.testing.assert_allclose(
        dorsiflexion, walked.angles.ankle_dorsiflexion.sel(side=side), atol=1.0
    )


@pytest.mark.parametrize("letter", ["L", "R"])
def test_inner_and_outer_markers_stand_on_both_sides_of_the_joint(
    walked: VirtualWalk, letter: str
) -> None:
    for outer, inner, joint in (("KNE", "KNM", "KJC"), ("ANK", "MED", "AJC")):
        middle = (marker(walked, letter + outer) + marker(walked, letter + inner)) / 2
        np.testing.assert_allclose(middle, marker(walked, letter + joint))
