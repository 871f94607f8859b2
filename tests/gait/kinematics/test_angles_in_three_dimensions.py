"""Angles of virtual walks against exact truth, and of children against the lab."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
from virtual_markers import analysed, as_recording, true_angle, virtual

from gaitkit.gait.kinematics.angles import ANGLES, GAIT_PROFILE
from gaitkit.io.motion.read import read_motion
from gaitkit.model.strides import CYCLE_POINTS

if TYPE_CHECKING:
    from pathlib import Path

TRUE_NAMES = (*GAIT_PROFILE, "trunk_flexion", "trunk_lateral_lean")
WALKS = (
    {},
    {"heading_deg": 30.0},
    {"thigh_difference_mm": 20.0, "pelvis_share": 0.5},
    {"toe_out_left_deg": 15.0, "trunk_lateral_lean_deg": 4.0},
    {"mode": "treadmill"},
)
EDGE = 40
"""Samples at both ends that the filter may bend."""

LAB = {
    "pelvic_tilt": ("PelvisAngles", "x", 1),
    "pelvic_obliquity": ("PelvisAngles", "y", 1),
    "hip_flexion": ("HipAngles", "x", 1),
    "hip_adduction": ("HipAngles", "y", 1),
    "hip_rotation": ("HipAngles", "z", 1),
    "knee_flexion": ("KneeAngles", "x", 1),
    "ankle_dorsiflexion": ("AnkleAngles", "x", 1),
    "foot_progression": ("FootProgressAngles", "z", -1),
    "rearfoot_eversion": ("HFTBA", "z", -1),
}
"""Label, component and sign of the laboratory's own angle."""

LIMITS_DEG = {
    "pelvic_tilt": 0.2,
    "pelvic_obliquity": 0.2,
    "hip_flexion": 0.2,
    "hip_adduction": 0.3,
    "hip_rotation": 0.8,
    "knee_flexion": 0.5,
    "ankle_dorsiflexion": 1.5,
    "foot_progression": 2.5,
    "rearfoot_eversion": 2.5,
}
"""Largest root mean square difference over a cycle, offset apart."""


@pytest.mark.parametrize("chosen", WALKS, ids=str)
def test_angles_of_a_virtual_walk_are_within_half_a_degree(
    chosen: dict[str, object],
) -> None:
    walked = virtual(**chosen)
    angles = analysed(as_recording(walked)).walk.angles
    for name in TRUE_NAMES:
        for side in ("left", "right"):
            found = angles[name].sel(side=side).to_numpy()
            error = (found - true_angle(walked, name, side))[EDGE:-EDGE]
            assert np.sqrt(np.mean(error**2)) <= 0.5, (name, side)


@pytest.mark.parametrize(
    "without", [("SACR",), ("LPSI", "RPSI")], ids=["psis", "sacrum"]
)
def test_the_back_of_the_pelvis_is_the_sacrum_or_the_psis(
    without: tuple[str, ...],
) -> None:
    walked = virtual()
    angles = analysed(as_recording(walked, without=without)).walk.angles
    error = angles["pelvic_tilt"].sel(side="left").to_numpy() - true_angle(
        walked, "pelvic_tilt", "left"
    )
    assert np.nanmax(np.abs(error)) < 0.3


def test_without_the_back_of_the_pelvis_no_angle_of_hip_or_knee_is_given() -> None:
    without = ("LPSI", "RPSI", "SACR")
    result = analysed(as_recording(virtual(), without=without)).walk
    assert len(result.events) == len(virtual().events)
    for name in ("pelvic_tilt", "hip_flexion", "hip_adduction", "knee_flexion"):
        assert name not in result.angles
    assert "ankle_dorsiflexion" in result.angles


def test_without_trunk_markers_there_is_no_lean() -> None:
    without = ("C7", "T10", "CLAV", "STRN", "LSHO", "RSHO")
    angles = analysed(as_recording(virtual(), without=without)).walk.angles
    assert "trunk_lateral_lean" not in angles


def test_wands_and_widths_replace_medial_markers() -> None:
    """The chord of Plug-in Gait finds the knee to a centimetre on plain proportions."""
    walked = virtual()
    result = analysed(as_recording(walked, without=("KNM", "MED")))
    knee = result.walk.angles["knee_flexion"].sel(side="left").to_numpy()
    error = (knee - true_angle(walked, "knee_flexion", "left"))[EDGE:-EDGE]
    assert np.std(error) < 1.0
    centre = walked.markers["position"].sel(keypoint="LKJC").to_numpy()
    gap = np.linalg.norm(result.body.legs["left"].knee - centre, axis=1)
    assert np.median(gap) < 0.02


def test_mirrored_axes_are_turned_round_and_stop_findings() -> None:
    walked = virtual()
    motion = as_recording(walked)
    motion.markers["position"].loc[{"space": "y"}] *= -1
    result = analysed(motion).walk
    motion.markers["position"].loc[{"space": "y"}] *= -1
    assert result.quality.gates[0].reason.code == "motion_mirrored"
    assert "findings" in result.quality.blocked
    knee = result.angles["knee_flexion"].sel(side="left").to_numpy()
    error = (knee - true_angle(walked, "knee_flexion", "left"))[EDGE:-EDGE]
    assert np.abs(error).max() < 0.5


def test_every_angle_has_a_curve_and_the_measures_follow() -> None:
    result = analysed(as_recording(virtual())).walk
    names = {wave.name for wave in result.waveforms}
    assert set(ANGLES) - {"rearfoot_eversion"} <= names
    assert all(len(wave.mean) == CYCLE_POINTS for wave in result.waveforms)
    values = {value.name for value in result.stride_values}
    assert {
        "hip_adduction_stance_peak",
        "pelvic_obliquity_mean",
        "contralateral_pelvic_drop_peak",
        "pelvic_tilt_mean",
        "pelvic_rotation_range",
        "trunk_lateral_lean_peak",
        "frontal_plane_projection_angle_peak",
        "step_width",
        "foot_progression_angle",
    } <= values


def test_a_trunk_that_leans_to_the_left_is_positive_on_the_left() -> None:
    result = analysed(as_recording(virtual(trunk_lateral_lean_deg=6.0))).walk
    lean = {
        side: np.mean(
            [
                value.value
                for value in result.stride_values
                if value.name == "trunk_lateral_lean_peak" and value.side == side
            ]
        )
        for side in ("left", "right")
    }
    assert lean["left"] > 5
    assert lean["right"] < 0


def test_straight_walks_of_children_agree_with_plug_in_gait(shared_data: Path) -> None:
    cycles = defaultdict(set)
    table = shared_data / "markers" / "truth" / "c3d_angles.csv"
    with table.open() as file:
        for row in csv.DictReader(file):
            if "Straight" in row["file"]:
                part = (int(row["f_start"]), int(row["f_end"]))
                cycles[row["file"]].add((row["side"], part))
    spread = defaultdict(list)
    for name in ("HC002D06", "HC033A10", "HC044A15"):
        file = f"biomechzoo/{name}_Straight.c3d"
        motion = read_motion(shared_data / "markers" / file)
        angles = analysed(motion).walk.angles
        for letter, (start, end) in cycles[file]:
            side = "left" if letter == "L" else "right"
            for angle, (label, component, sign) in LAB.items():
                wanted = f"{letter}{label}"
                if wanted not in motion.angles["label"].values:
                    continue
                lab = motion.angles["angle"].sel(label=wanted, component=component)
                ours = angles[angle].sel(side=side).to_numpy()
                error = (ours - sign * lab.to_numpy())[start : end + 1]
                spread[angle].append(np.nanstd(error))
    assert set(spread) == set(LAB)
    for angle, limit in LIMITS_DEG.items():
        assert max(spread[angle]) <= limit, angle
