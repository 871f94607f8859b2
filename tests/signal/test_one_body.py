"""A marker is used where it can belong to the body; sides are put back if sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from virtual_markers import as_recording, virtual

from gaitkit.gait.kinematics.marker_paths import USED, MarkerPaths, marker_paths
from gaitkit.io.motion.read import read_motion
from gaitkit.signal.settings import SignalSettings

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import MotionRecording

pytestmark = pytest.mark.filterwarnings("error")

Fault = Callable[[np.ndarray, list[str]], None]
SKIN_M = 0.04


def faulty(fault: Fault) -> tuple[MotionRecording, np.ndarray, np.ndarray]:
    """Return a walk with a fault; its true and its faulty places, axes of the file."""
    motion = as_recording(virtual())
    markers = motion.markers.transpose("time", "space", "keypoint").copy(deep=True)
    dice = np.random.default_rng(5)  # cameras are never without noise
    true = markers["position"].to_numpy() + dice.normal(
        0, 3e-4, markers["position"].shape
    )
    roles = {each.label: each.role for each in motion.roles}
    names = [roles.get(str(name), "") for name in markers["keypoint"].values]
    wrong = true.copy()
    fault(wrong, names)
    markers["position"] = markers["position"].copy(data=wrong)
    return replace(motion, markers=markers), true, wrong


@cache
def good() -> MarkerPaths:
    motion, _, _ = faulty(lambda place, names: None)
    paths = marker_paths(motion, settings=SignalSettings())
    assert paths.doubts == ()
    return paths


def checked(fault: Fault) -> tuple[MarkerPaths, np.ndarray, np.ndarray]:
    """Return clean paths; errors (time, marker), NaN where left out; what was wrong."""
    motion, true, wrong = faulty(fault)
    paths = marker_paths(motion, settings=SignalSettings())
    wanted = good()
    error = np.linalg.norm(paths.position - wanted.position, axis=1)
    labels = {r.role: r.label for r in motion.roles if r.role in USED}
    every = [str(name) for name in motion.markers["keypoint"].values]
    bad = np.linalg.norm(wrong - true, axis=1) > 0
    return paths, error, bad[:, [every.index(labels[name]) for name in paths.names]]


def exchange(*parts: str, frames: slice = slice(None)) -> Fault:
    def fault(place: np.ndarray, names: list[str]) -> None:
        for part in parts:
            if f"left_{part}" not in names:
                continue
            one, other = names.index(f"left_{part}"), names.index(f"right_{part}")
            held = place[frames, :, one].copy()
            place[frames, :, one] = place[frames, :, other]
            place[frames, :, other] = held

    return fault


def set_to(value: object, *roles: str, frames: slice) -> Fault:
    def fault(place: np.ndarray, names: list[str]) -> None:
        for role in roles:
            place[frames, :, names.index(role)] = value

    return fault


def held(*roles: str, frames: slice) -> Fault:
    def fault(place: np.ndarray, names: list[str]) -> None:
        for role in roles:
            column = names.index(role)
            place[frames, :, column] = place[frames.start - 1, :, column]

    return fault


def codes(paths: MarkerPaths) -> list[str]:
    return [each.code for each in paths.doubts]


LEG = (
    "thigh_wand", "knee_lateral", "knee_medial", "shank_wand", "ankle_lateral",
    "ankle_medial", "heel", "toe", "metatarsal_1", "metatarsal_5", "hallux",
    "knee", "ankle", "foot_index", "greater_trochanter",
)  # fmt: skip
EXCHANGES = {
    "ankles": exchange("ankle_lateral", frames=slice(120, 150)),
    "ankles throughout": exchange("ankle_lateral"),
    "knees, an instant": exchange("knee_lateral", frames=slice(200, 206)),
    "knees throughout": exchange("knee_lateral"),
    "heels to the end": exchange("heel", frames=slice(330, 500)),
    "front of the pelvis": exchange("asis", frames=slice(100, 260)),
    "back of the pelvis throughout": exchange("psis"),
    "foot": exchange("ankle_lateral", "heel", "toe", frames=slice(40, 130)),
    "leg": exchange(*LEG, frames=slice(60, 170)),
    "leg throughout": exchange(*LEG),
}


@pytest.mark.parametrize("kind", EXCHANGES)
def test_exchanged_markers_are_put_back_or_left_out(kind: str) -> None:
    paths, error, bad = checked(EXCHANGES[kind])
    assert np.nanmax(error) < SKIN_M / 4
    lost = np.isnan(error) & ~bad
    assert lost.mean() < 0.005
    assert np.isfinite(error)[bad].mean() > 0.9
    assert "motion_sides_put_back" in codes(paths)
    assert not paths.mirrored


@pytest.mark.parametrize("value", [-9.999, 9.99999, 999.0, (0.0, 0.0, 0.999)])
@pytest.mark.parametrize(
    "roles", [("left_asis",), ("left_heel", "right_ankle_lateral")]
)
def test_codes_for_missing_are_no_places(value: object, roles: tuple[str, ...]) -> None:
    paths, error, bad = checked(set_to(value, *roles, frames=slice(100, 140)))
    assert np.nanmax(error) < SKIN_M / 4
    assert np.isnan(error)[bad].mean() > 0.9
    assert (np.isnan(error) & ~bad).mean() < 0.005
    assert codes(paths)[0] in {"motion_markers_coded", "motion_markers_frozen"}


@pytest.mark.parametrize(
    "roles", [("right_knee_lateral",), ("left_asis",), ("left_heel", "right_toe")]
)
def test_a_gap_filled_with_the_last_value_is_opened(roles: tuple[str, ...]) -> None:
    paths, error, bad = checked(held(*roles, frames=slice(220, 290)))
    assert codes(paths) == ["motion_markers_frozen"]
    assert np.nanmax(error) < SKIN_M / 4
    assert np.isnan(error)[bad].mean() > 0.9


def test_a_marker_on_the_floor_is_on_no_bone() -> None:
    def fallen(place: np.ndarray, names: list[str]) -> None:
        column = names.index("left_knee_lateral")
        lies = np.array([0.5, 0.3, 0.01])
        noise = np.random.default_rng(1).normal(0, 3e-4, (len(place), 3))
        place[:, :, column] = lies + noise

    paths, error, _ = checked(fallen)
    assert codes(paths)[-1] == "motion_markers_off_bone"  # far from the body at first
    assert np.isnan(error[:, paths.names.index("left_knee_lateral")]).all()
    others = np.delete(error, paths.names.index("left_knee_lateral"), axis=1)
    assert np.nanmax(others) == 0
    assert "left_knee_lateral" in paths.doubts[-1].text.en


def test_a_marker_that_leaves_its_bone_is_left_out_with_its_frames() -> None:
    def slipped(place: np.ndarray, names: list[str]) -> None:
        place[150:190, :, names.index("right_heel")] += (0.2, 0.0, 0.1)

    paths, error, bad = checked(slipped)
    assert codes(paths) == ["motion_markers_off_bone"]
    assert "151-190" in paths.doubts[0].text.nl
    assert np.isnan(error)[bad].all()
    assert np.nanmax(error) < SKIN_M / 4


def test_feet_that_stand_exactly_still_are_feet_that_stand() -> None:
    # a file rounded to a millimetre: markers of a standing foot repeat exactly
    motion = as_recording(virtual())
    rounded = motion.markers.copy()
    rounded["position"] = motion.markers["position"].round(3)
    paths = marker_paths(replace(motion, markers=rounded), settings=SignalSettings())
    assert paths.doubts == ()


UNTOUCHED = (
    "biomechzoo/HC002D06_Straight.c3d", "biomechzoo/HC033A22_Turn.c3d",
    "biomechzoo/HC044A01_Static.c3d", "bmc/Gait.c3d", "bmc/walk.trc",
    "nimble_opencapU/walking3.trc",
)  # fmt: skip


@pytest.mark.parametrize("name", UNTOUCHED)
def test_nothing_of_a_good_recording_is_touched(name: str, shared_data: Path) -> None:
    motion = read_motion(shared_data / "markers" / name)
    assert marker_paths(motion, settings=SignalSettings()).doubts == ()
