"""Hip regressions, the chord and frames, by geometry."""

from __future__ import annotations

import numpy as np
import pytest
from virtual_markers import analysed, as_recording, virtual

from gaitkit.errors import InputError
from gaitkit.gait.kinematics.leg import chord, points_outward
from gaitkit.gait.kinematics.pelvis import Pelvis, hip_centre, hip_method
from gaitkit.gait.kinematics.sizes import LegSize
from gaitkit.gait.kinematics.vectors import cardan, frame_up_left, heading_frame
from gaitkit.model.side import Side
from gaitkit_virtual.rotations import from_cardan


def _paths(*point: float) -> np.ndarray:
    return np.array([point, point], dtype=float)


def _pelvis() -> Pelvis:
    return Pelvis(
        frame=np.broadcast_to(np.eye(3), (2, 3, 3)),
        origin=_paths(0, 0, 1),
        width_m=0.24,
        depth_m=0.15,
    )


def _size(leg_m: float | None) -> LegSize:
    return LegSize(
        leg_m=leg_m, knee_half_m=0.05, ankle_half_m=0.04, marker_radius_m=0.007
    )


def test_harrington_places_the_hip_behind_beside_and_below_the_asis() -> None:
    left = hip_centre(_pelvis(), Side.LEFT, size=_size(None))[0]
    right = hip_centre(_pelvis(), Side.RIGHT, size=_size(None))[0]
    expected = [-(0.24 * 0.15 + 0.0099), 0.33 * 0.24 + 0.0073, 1 - 0.0829]
    assert left == pytest.approx(expected)
    assert right == pytest.approx([left[0], -left[1], left[2]])


def test_a_leg_length_by_tape_calls_for_the_regression_of_the_laboratory() -> None:
    assert hip_method(_size(0.9)) == "davis"
    assert hip_method(_size(None)) == "harrington"


def test_davis_places_the_hip_as_plug_in_gait_does() -> None:
    """The reference guide's formula for a leg of 900 mm, by hand."""
    reach, trochanter = 0.115 * 900 - 15.3, 0.1288 * 900 - 48.56
    back = reach * np.cos(0.5) * np.sin(0.314) - (trochanter + 7) * np.cos(0.314)
    aside = -(reach * np.sin(0.5) - 120)
    down = -reach * np.cos(0.5) * np.cos(0.314) - (trochanter + 7) * np.sin(0.314)
    left = hip_centre(_pelvis(), Side.LEFT, size=_size(0.9))[0]
    assert 1000 * left == pytest.approx([back, aside, 1000 + down])


def test_the_chord_is_square_at_the_joint_and_away_from_the_wand() -> None:
    above, lateral, wand = _paths(0, 0, 1), _paths(0, 0.1, 0.5), _paths(0, 0.2, 0.7)
    centre = chord(above, lateral, wand, half_m=0.05)[0]
    to_marker, to_above = lateral[0] - centre, above[0] - centre
    assert np.linalg.norm(to_marker) == pytest.approx(0.05)
    assert to_marker @ to_above == pytest.approx(0.0, abs=1e-12)
    assert centre[1] < 0.1
    assert centre[0] == pytest.approx(0.0)


def test_a_marker_in_front_of_the_thigh_is_no_wand() -> None:
    bone, out = _paths(0, 0, 0.4), _paths(0, 1, 0)
    assert points_outward(_paths(0.01, 0.05, 0.2), bone, out)
    assert not points_outward(_paths(0.08, 0.0, 0.2), bone, out)
    assert not points_outward(_paths(0.0, 0.001, 0.2), bone, out)


def test_cardan_angles_come_back_from_a_rotation() -> None:
    a, b, c = np.radians([20.0, -8.0, 5.0])
    about_y = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    about_x = [[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]
    about_z = [[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]]
    rotation = np.array([np.array(about_y) @ np.array(about_x) @ np.array(about_z)])
    assert cardan(rotation)[0] == pytest.approx([20.0, -8.0, 5.0])


def test_cardan_angles_are_those_of_the_bench_and_unknown_stays_so() -> None:
    """The truth of the bench writes its rotations out by hand."""
    draw = np.random.default_rng(3)
    angles = draw.uniform(-1.4, 1.4, size=(200, 3))
    rotation = from_cardan(angles)
    rotation[7] = np.nan
    expected = np.degrees(angles)
    expected[7] = np.nan
    np.testing.assert_allclose(cardan(rotation), expected, atol=1e-9)


def test_a_locked_frame_gives_an_angle_and_no_warning() -> None:
    locked = from_cardan(np.array([[0.3, np.pi / 2, 0.0]]))
    assert cardan(locked)[0, 1] == pytest.approx(90.0, abs=1e-4)


def test_frames_are_right_handed() -> None:
    frame = frame_up_left(_paths(0.1, 0, 1), _paths(0.3, 1, 0))
    assert np.linalg.det(frame) == pytest.approx([1, 1])
    heading = heading_frame(np.array([[0.0, 1.0]]))[0]
    assert heading @ [1, 0, 0] == pytest.approx([0, 1, 0])
    assert heading @ [0, 1, 0] == pytest.approx([-1, 0, 0])


def test_a_leg_without_a_heel_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"the left leg needs markers .* heel and toe"):
        analysed(as_recording(virtual(), without=("HEE",)))
