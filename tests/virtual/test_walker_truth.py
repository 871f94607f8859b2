"""A virtual walk is exactly what its parameters say."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from gaitkit.errors import ConfigError
from gaitkit.model.keypoints import BLAZEPOSE, GAIT, path_of
from gaitkit.model.side import Side
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import xarray as xr

    from gaitkit_virtual.virtual_walk import VirtualWalk

HEIGHT_M = 1.70
WALKERS = {
    "plain": WalkerParameters(height_m=HEIGHT_M),
    "long left shank": WalkerParameters(height_m=HEIGHT_M, shank_difference_mm=20),
    "long right thigh, level pelvis": WalkerParameters(
        height_m=HEIGHT_M, thigh_difference_mm=-15, pelvis_share=0
    ),
    "limping": WalkerParameters(
        height_m=HEIGHT_M,
        step_time_difference_s=0.08,
        step_length_difference_m=-0.06,
        stance_difference=0.02,
    ),
    "stiff right knee": WalkerParameters(
        height_m=HEIGHT_M, knee_flexion_difference_deg=15
    ),
    "child": WalkerParameters(height_m=1.15, stride_time_s=0.85, stride_length_m=0.95),
    "slow": WalkerParameters(
        height_m=HEIGHT_M, stride_time_s=1.5, stride_length_m=0.8, stance_fraction=0.68
    ),
    "uneven steps": WalkerParameters(
        height_m=HEIGHT_M, stride_time_sd_s=0.015, step_length_sd_m=0.015
    ),
    "from standing": WalkerParameters(height_m=HEIGHT_M, start="standing"),
}
SIDES = tuple(Side)


@pytest.fixture(scope="module", params=list(WALKERS), ids=list(WALKERS))
def any_walk(request: pytest.FixtureRequest) -> VirtualWalk:
    return walk(WALKERS[request.param], duration_s=4.0, rate_hz=100, seed=1)


@pytest.fixture(scope="module")
def plain() -> VirtualWalk:
    return walk(WALKERS["plain"], duration_s=5.0, rate_hz=200)


def point(data: xr.Dataset, name: str) -> np.ndarray:
    return np.column_stack([path_of(data, name, a) for a in ("forward", "left", "up")])


def contacts(
    walked: VirtualWalk, side: Side, share: tuple[float, float]
) -> Iterator[np.ndarray]:
    """Frames of each contact of a foot between two shares of its stance."""
    time = walked.keypoints.time.to_numpy()
    own = [e for e in walked.events if e.side is side]
    for on, off in pairwise(own):
        if (on.kind, off.kind) == ("initial_contact", "foot_off"):
            start, end = (on.time_s + part * (off.time_s - on.time_s) for part in share)
            yield (time >= start) & (time < end)


@pytest.mark.parametrize("side", SIDES)
def test_bones_keep_their_length_in_every_frame(
    any_walk: VirtualWalk, side: Side
) -> None:
    parameters = any_walk.parameters
    hip, knee, ankle = (
        point(any_walk.keypoints, f"{side}_{part}") for part in ("hip", "knee", "ankle")
    )
    thigh = np.linalg.norm(hip - knee, axis=1)
    shank = np.linalg.norm(knee - ankle, axis=1)
    np.testing.assert_allclose(thigh, parameters.thigh_of(side), atol=1e-9)
    np.testing.assert_allclose(shank, parameters.shank_of(side), atol=1e-9)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("part", "share"),
    [
        ("heel_contact", (0, 0.4)),
        ("ball_contact", (0.19, 0.4)),
        ("mtp", (0.19, 0.7)),
        ("toe_contact", (0.19, 1.0)),
    ],
)
def test_no_foot_slides(
    any_walk: VirtualWalk, side: Side, part: str, share: tuple[float, float]
) -> None:
    path = point(any_walk.keypoints, f"{side}_{part}")
    spells = list(contacts(any_walk, side, share))
    assert spells
    for frames in spells:
        assert np.ptp(path[frames], axis=0).max() < 1e-9


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("part", ["heel_contact", "ball_contact", "toe_contact"])
def test_no_part_of_a_foot_goes_under_the_floor(
    any_walk: VirtualWalk, side: Side, part: str
) -> None:
    assert path_of(any_walk.keypoints, f"{side}_{part}", "up").min() > -2e-4


def test_nothing_is_missing(any_walk: VirtualWalk) -> None:
    for data in (any_walk.keypoints.position, any_walk.markers.position):
        assert np.isfinite(data.to_numpy()).all()
    for angle in any_walk.angles.data_vars.values():
        assert np.isfinite(angle.to_numpy()).all()


def test_the_names_of_blazepose_are_there(plain: VirtualWalk) -> None:
    names = set(plain.keypoints.keypoint.to_numpy())
    assert set(BLAZEPOSE) <= names
    assert set(GAIT) <= names


def test_both_keypoint_sets_show_the_same_ankle(plain: VirtualWalk) -> None:
    marker = plain.markers.position.sel(keypoint="LAJC").to_numpy()
    np.testing.assert_allclose(marker, point(plain.keypoints, "left_ankle"))


def test_joint_angles_change_smoothly(plain: VirtualWalk) -> None:
    for name in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion"):
        speed = np.diff(plain.angles[name].to_numpy(), axis=0) * plain.rate_hz
        assert np.abs(speed).max() < 500
        jump = np.abs(np.diff(speed, axis=0)).max()
        assert jump < 45


def test_events_come_in_the_order_of_walking(plain: VirtualWalk) -> None:
    order = [(e.side, e.kind) for e in plain.events]
    cycle = [
        (Side.LEFT, "initial_contact"),
        (Side.RIGHT, "foot_off"),
        (Side.RIGHT, "initial_contact"),
        (Side.LEFT, "foot_off"),
    ]
    first = cycle.index(order[0])
    assert order == [cycle[(first + i) % 4] for i in range(len(order))]


def test_a_foot_meets_the_floor_at_its_initial_contact(plain: VirtualWalk) -> None:
    fine = walk(plain.parameters, duration_s=2.0, rate_hz=1000)
    time = fine.keypoints.time.to_numpy()
    height = path_of(fine.keypoints, "left_heel_contact", "up")
    contact = next(
        e
        for e in fine.events
        if e.side is Side.LEFT and e.kind == "initial_contact" and e.time_s > 0.5
    )
    before = (time > contact.time_s - 0.08) & (time < contact.time_s - 0.02)
    after = (time >= contact.time_s) & (time < contact.time_s + 0.2)
    assert height[before].min() > 0.0005
    assert height[after].max() < 1e-9


def test_truth_does_not_depend_on_the_rate(plain: VirtualWalk) -> None:
    slow = walk(plain.parameters, duration_s=5.0, rate_hz=50)
    assert [e.time_s for e in slow.events] == [e.time_s for e in plain.events]
    np.testing.assert_allclose(
        slow.angles.knee_flexion, plain.angles.knee_flexion[::4], atol=1e-9
    )


def test_the_same_seed_gives_the_same_walk_and_another_one_does_not() -> None:
    parameters = WALKERS["uneven steps"]
    one, two, other = (
        walk(parameters, duration_s=3.0, rate_hz=50, seed=seed) for seed in (4, 4, 5)
    )
    assert one.keypoints.identical(two.keypoints)
    assert one.events != other.events


def test_stride_values_are_those_asked_for(plain: VirtualWalk) -> None:
    p = plain.parameters
    expected = {
        "stride_time": p.stride_time_s,
        "step_time": p.stride_time_s / 2,
        "stride_length": p.stride_m,
        "step_length": p.stride_m / 2,
        "step_width": p.step_width_m,
        "stance": 62.0,
        "swing": 38.0,
        "single_support": 38.0,
        "double_support": 24.0,
        "foot_progression_angle": 7.0,
        "walking_speed": p.speed_m_s,
        "cadence": 120 / p.stride_time_s,
    }
    for name, value in expected.items():
        found = [v.value for v in plain.stride_values if v.name == name]
        assert len(found) == len(plain.strides) >= 5
        np.testing.assert_allclose(found, value, rtol=1e-9)


def test_asymmetries_are_left_minus_right() -> None:
    walked = walk(WALKERS["limping"], duration_s=5.0, rate_hz=50)
    for name, expected in (("step_time", 0.08), ("step_length", -0.06)):
        left, right = (
            np.mean(
                [
                    v.value
                    for v in walked.stride_values
                    if (v.name, v.side) == (name, side)
                ]
            )
            for side in SIDES
        )
        assert left - right == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("share", "expected_mm"), [(1.0, 20.0), (0.5, 10.0), (0, 0)])
def test_the_pelvis_takes_up_its_share_of_a_longer_leg(
    share: float, expected_mm: float
) -> None:
    parameters = WalkerParameters(
        height_m=HEIGHT_M, shank_difference_mm=20, pelvis_share=share
    )
    walked = walk(parameters, duration_s=2 * parameters.stride_time_s, rate_hz=100)
    left, right = (path_of(walked.keypoints, f"{s}_hip", "up") for s in SIDES)
    one_stride = slice(0, 110)
    found = 1000 * (left - right)[one_stride].mean()
    assert found == pytest.approx(expected_mm, abs=0.3)
    lengths = [walked.leg_length_mm(side) for side in SIDES]
    assert lengths[0] - lengths[1] == pytest.approx(20)


def test_a_longer_leg_under_a_level_pelvis_bends_its_knee() -> None:
    parameters = WalkerParameters(
        height_m=HEIGHT_M, shank_difference_mm=20, pelvis_share=0
    )
    walked = walk(parameters, duration_s=3.0, rate_hz=100)
    least = walked.angles.knee_flexion.min("time")
    assert float(least.sel(side="left") - least.sel(side="right")) > 10


@pytest.mark.parametrize("difference_deg", [-5.0, 6.0, 15.0])
def test_knee_peaks_differ_as_asked(difference_deg: float) -> None:
    parameters = WalkerParameters(
        height_m=HEIGHT_M, knee_flexion_difference_deg=difference_deg
    )
    walked = walk(parameters, duration_s=3.0, rate_hz=200)
    peak = walked.angles.knee_flexion.max("time")
    found = float(peak.sel(side="left") - peak.sel(side="right"))
    assert found == pytest.approx(difference_deg, abs=0.3)


def test_on_a_treadmill_the_walker_stays_and_the_floor_moves() -> None:
    overground = WalkerParameters(height_m=HEIGHT_M)
    belt = WalkerParameters(height_m=HEIGHT_M, mode="treadmill")
    free, held = (walk(p, duration_s=4.0, rate_hz=50) for p in (overground, belt))
    pelvis = path_of(held.keypoints, "pelvis_center", "forward")
    assert np.ptp(pelvis) < 0.05
    assert held.events == free.events
    xr_free, xr_held = free.angles.knee_flexion, held.angles.knee_flexion
    np.testing.assert_allclose(xr_free, xr_held)


def test_there_and_back_turns_round_on_the_same_line() -> None:
    parameters = WalkerParameters(
        height_m=HEIGHT_M, mode="there_and_back", pass_length_m=3.0
    )
    walked = walk(parameters, duration_s=15.0, rate_hz=50)
    heading = walked.heading_deg.to_numpy()
    assert heading[0] == pytest.approx(0, abs=1e-6)
    back = np.abs(heading - 180) < 0.01
    assert back.sum() > 50
    # the sway of the pelvis is 2.2 cm to each side
    assert np.abs(path_of(walked.keypoints, "pelvis_center", "left")[back]).max() < 0.03
    assert {stride.walk_pass for stride in walked.strides} == {0, 1, 2}


def test_a_heading_turns_the_whole_walk() -> None:
    straight = walk(WALKERS["plain"], duration_s=2.0, rate_hz=50)
    turned = walk(
        WalkerParameters(height_m=HEIGHT_M, heading_deg=90), duration_s=2.0, rate_hz=50
    )
    one, two = (point(w.keypoints, "left_toe_contact") for w in (straight, turned))
    np.testing.assert_allclose(two, one[:, [1, 0, 2]] * [-1, 1, 1], atol=1e-6)
    np.testing.assert_allclose(
        straight.angles.hip_adduction, turned.angles.hip_adduction, atol=1e-4
    )


@pytest.mark.parametrize(
    ("name", "limit_deg"),
    [("hip_flexion", 2.0), ("knee_flexion", 2.5), ("ankle_dorsiflexion", 2.0)],
)
def test_a_plain_walk_looks_like_healthy_adults(
    plain: VirtualWalk, shared_data: Path, name: str, limit_deg: float
) -> None:
    table = pd.read_csv(
        shared_data / "norms" / "fukuchi2018_adult_overground_curves.csv"
    )
    normal = table[table["variable"] == name].sort_values("gait_cycle_pct")["mean_deg"]
    stride = next(s for s in plain.strides if s.side is Side.LEFT)
    time = stride.start_s + np.linspace(0, 1, 101) * stride.duration_s
    own = plain.angles[name].sel(side="left").interp(time=time).to_numpy()
    assert np.std(own - normal.to_numpy()) < limit_deg


def test_steps_too_long_for_the_legs_are_refused() -> None:
    parameters = WalkerParameters(height_m=0.9, stride_length_m=1.9)
    with pytest.raises(ConfigError, match="too long for the legs"):
        walk(parameters, duration_s=2.0, rate_hz=50)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"height_m": 170}, "simulate.height_m is 170; expected 0.8 to 2.3 m"),
        ({"pelvis_share": 2.0}, "simulate.pelvis_share is 2"),
        ({"mode": "stairs"}, "simulate.mode is 'stairs'; expected one of overground"),
    ],
)
def test_impossible_walkers_are_refused_by_name(
    wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        WalkerParameters(**{"height_m": HEIGHT_M, **wrong})


def test_a_walk_needs_time_and_rate() -> None:
    with pytest.raises(ConfigError, match="must be above 0, got 0 and 50"):
        walk(WALKERS["plain"], duration_s=0, rate_hz=50)
