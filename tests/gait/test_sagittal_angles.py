"""Sagittal angles, curves and peaks: signs by construction, values against truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import xarray as xr

from gaitkit.gait.angles import PELVIC_TILT_DEG, flat_foot_deg, sagittal_angles
from gaitkit.gait.walk import analyse_walk
from gaitkit.gait.waveforms import cycles, peak_values, waveforms
from gaitkit.model.keypoints import GAIT, keypoints
from gaitkit.model.side import Side
from gaitkit.model.strides import Stride

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.gait.gates import WalkFacts
    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Film = Callable[..., xr.Dataset]
    Facts = Callable[..., WalkFacts]

TIME_S = np.arange(0, 1.0001, 0.01)


def _pose(**places: tuple[float, float]) -> xr.Dataset:
    """Return a still body standing upright, some keypoints of both sides moved."""
    upright = {
        "shoulder": (0.0, 1.4),
        "hip": (0.0, 0.9),
        "knee": (0.0, 0.5),
        "ankle": (0.0, 0.1),
        "heel": (-0.05, 0.0),
        "foot_index": (0.15, 0.0),
        **places,
    }
    position = np.array([upright[name.split("_", 1)[1]] for name in GAIT]).T
    return keypoints(
        np.broadcast_to(position, (3, *position.shape)),
        np.ones((3, len(GAIT))),
        time_s=[0.0, 0.1, 0.2],
        names=GAIT,
        space=("forward", "up"),
        space_unit="m",
    ).assign_attrs(rate_hz=10.0)


def _angle(name: str, **places: tuple[float, float]) -> float:
    return float(sagittal_angles(_pose(**places), ())[name][0, 0])


def test_upright_standing_is_zero_but_for_the_assumed_pelvic_tilt() -> None:
    for name in ("knee_flexion", "ankle_dorsiflexion", "trunk_flexion"):
        assert _angle(name) == pytest.approx(0.0)
    assert _angle("hip_flexion") == pytest.approx(PELVIC_TILT_DEG)


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("hip_flexion", {"knee": (0.2, 0.55)}),
        ("knee_flexion", {"ankle": (-0.3, 0.25)}),
        ("ankle_dorsiflexion", {"foot_index": (0.13, 0.06)}),
        ("trunk_flexion", {"shoulder": (0.1, 1.38)}),
        ("thigh_inclination", {"knee": (0.2, 0.55)}),
        ("shank_inclination", {"ankle": (0.2, 0.15)}),
        ("foot_inclination", {"foot_index": (0.13, 0.06)}),
    ],
)
def test_flexion_and_forward_are_positive(
    name: str, moved: dict[str, tuple[float, float]]
) -> None:
    assert _angle(name, **moved) > _angle(name) + 5.0


def test_a_right_angle_is_a_right_angle() -> None:
    assert _angle("knee_flexion", ankle=(-0.4, 0.5)) == pytest.approx(90.0)


def test_a_knee_ahead_of_a_flat_foot_is_dorsiflexion() -> None:
    assert _angle("ankle_dorsiflexion", knee=(0.1, 0.48)) == pytest.approx(
        np.degrees(np.arctan2(0.1, 0.38))
    )


def test_the_foot_is_zeroed_where_it_lies_flat_after_contact() -> None:
    foot = np.where((TIME_S >= 0.3) & (TIME_S <= 0.5), -6.0, 30.0)
    assert flat_foot_deg(foot, TIME_S, [0.2]) == -6.0
    assert flat_foot_deg(foot, TIME_S, []) == 0.0


def _path(angles: xr.Dataset, name: str, side: Side) -> np.ndarray:
    return angles[name].sel(side=str(side)).to_numpy()


@pytest.mark.parametrize("view", ["sagittal_left", "sagittal_right"])
@pytest.mark.parametrize(
    ("name", "limits_deg"),
    [
        ("hip_flexion", (1.0, 1.5)),
        ("knee_flexion", (0.5, 1.0)),
        ("trunk_flexion", (0.5, 1.0)),
    ],
)
def test_film_angles_follow_the_truth(
    walker: Walker,
    film: Film,
    facts: Facts,
    view: str,
    name: str,
    limits_deg: tuple[float, float],
) -> None:
    offset_deg, spread_deg = limits_deg
    virtual = walker()
    angles = analyse_walk(film(virtual, view=view), facts=facts()).angles
    inner = slice(30, -30)
    for side in Side:
        error = _path(angles, name, side) - _path(virtual.angles, name, side)
        assert abs(error[inner].mean()) < offset_deg
        assert error[inner].std() < spread_deg


def test_the_film_ankle_follows_but_for_the_bending_toes(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker()
    result = analyse_walk(film(virtual), facts=facts())
    for side in Side:
        error = _path(result.angles, "ankle_dorsiflexion", side) - _path(
            virtual.angles, "ankle_dorsiflexion", side
        )
        error = error[30:-30]
        assert abs(np.median(error)) < 3.0
        assert error.std() < 4.0


def _stride(start_s: float, side: Side = Side.LEFT) -> Stride:
    return Stride(
        recording="walk",
        side=side,
        start_s=start_s,
        end_s=start_s + 1.0,
        foot_off_s=start_s + 0.6,
        opposite_foot_off_s=start_s + 0.1,
        opposite_initial_contact_s=start_s + 0.5,
    )


def _angles(knee: np.ndarray, time_s: np.ndarray) -> xr.Dataset:
    both = np.column_stack([knee, knee])
    names = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "trunk_flexion")
    return xr.Dataset(
        {name: (("time", "side"), both) for name in names},
        coords={"time": time_s, "side": ["left", "right"]},
    )


LONG_S = np.arange(0, 4.0001, 0.01)
KNEE = 20.0 + 40.0 * np.sin(2 * np.pi * (LONG_S - 0.5)) * (LONG_S % 1 > 0.5) * -1


def test_a_curve_is_the_mean_over_strides_with_their_spread() -> None:
    knee = np.cos(2 * np.pi * LONG_S) * np.where(LONG_S < 2, 10.0, 14.0)
    curves = waveforms(
        _angles(knee, LONG_S), [_stride(0.0), _stride(3.0)], recording="walk"
    )
    curve = next(c for c in curves if c.name == "knee_flexion")
    assert (curve.side, curve.n, len(curve.mean)) == (Side.LEFT, 2, 101)
    assert curve.mean[0] == pytest.approx(12.0)
    assert curve.spread[0] == pytest.approx(np.sqrt(8.0))
    assert curve.foot_off_pct == pytest.approx(60.0)


def test_a_single_stride_has_no_spread_and_the_other_side_no_curve() -> None:
    curves = waveforms(_angles(KNEE, LONG_S), [_stride(1.0)], recording="walk")
    assert {c.side for c in curves} == {Side.LEFT}
    assert set(curves[0].spread) == {0.0}


def test_a_cycle_with_a_hole_is_left_out() -> None:
    knee = KNEE.copy()
    knee[120:150] = np.nan
    found = cycles(
        _angles(knee, LONG_S),
        [_stride(0.0), _stride(1.0)],
        name="knee_flexion",
        side=Side.LEFT,
    )
    assert [c.stride.start_s for c in found] == [0.0]


def test_peaks_are_taken_in_their_part_of_the_cycle() -> None:
    phase = LONG_S % 1.0
    knee = (
        5.0
        + 15.0 * np.exp(-(((phase - 0.15) / 0.05) ** 2))
        - 3.0 * np.exp(-(((phase - 0.40) / 0.05) ** 2))
        + 55.0 * np.exp(-(((phase - 0.75) / 0.06) ** 2))
    )
    values = peak_values(_angles(knee, LONG_S), [_stride(1.0)])
    found = {v.name: v.value for v in values}
    assert found["knee_flexion_initial_contact"] == pytest.approx(5.0, abs=0.1)
    assert found["knee_flexion_loading_peak"] == pytest.approx(20.0, abs=0.1)
    assert found["knee_flexion_stance_min"] == pytest.approx(2.0, abs=0.1)
    assert found["knee_flexion_swing_peak"] == pytest.approx(60.0, abs=0.1)
    assert found["knee_flexion_range"] == pytest.approx(58.0, abs=0.2)


def test_peak_extension_is_the_smallest_flexion_with_its_sign() -> None:
    hip = 10.0 + 20.0 * np.cos(2 * np.pi * LONG_S)
    values = peak_values(_angles(hip, LONG_S), [_stride(1.0)])
    found = {v.name: v.value for v in values}
    assert found["hip_flexion_peak"] == pytest.approx(30.0, abs=0.1)
    assert found["hip_extension_peak"] == pytest.approx(-10.0, abs=0.1)
