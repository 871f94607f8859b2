"""Exchanged sides are put back where it is clear, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import xarray as xr

from gaitkit.model.keypoints import BLAZEPOSE, keypoints
from gaitkit.pose.swaps import LEG, repair_sides

if TYPE_CHECKING:
    from pathlib import Path

BODY_PX, STRIDE_S = 450.0, 1.1
REACH = {"knee": 0.1, "ankle": 0.22, "heel": 0.22, "foot_index": 0.23}
LAG = {"knee": 0.3, "ankle": 0.0, "heel": 0.05, "foot_index": -0.05}


def walk(
    *, rate_hz: float, noise: float = 0.007, seconds: float = 5.0, seed: int = 1
) -> xr.Dataset:
    """Return the legs of somebody who walks across a side view; noise in bodies."""
    random = np.random.default_rng(seed)
    time = np.arange(0, seconds, 1 / rate_hz)
    phase = 2 * np.pi * time / STRIDE_S
    position = np.full((time.size, 2, 33), 300.0)
    for side, sign in (("left", 1), ("right", -1)):
        for part in LEG:
            swing = REACH[part] * np.sin(phase + LAG[part]) * sign
            lift = 0.03 * np.sin(phase + 1.2 + LAG[part]) * sign
            i = BLAZEPOSE.index(f"{side}_{part}")
            position[:, 0, i] = 300 + BODY_PX * (0.7 * time + swing)
            position[:, 1, i] = 500 + BODY_PX * lift
    position += random.normal(0, noise * BODY_PX, position.shape)
    return keypoints(
        position,
        np.full((time.size, 33), 0.9),
        time_s=time,
        names=BLAZEPOSE,
        space_unit="px",
    )


def exchanged(data: xr.Dataset, frames: slice | list[int]) -> xr.Dataset:
    result = data.copy(deep=True)
    for part in LEG:
        left, right = (BLAZEPOSE.index(f"{side}_{part}") for side in ("left", "right"))
        values = result["position"].to_numpy()
        values[frames, :, left], values[frames, :, right] = (
            values[frames, :, right].copy(),
            values[frames, :, left].copy(),
        )
    return result


def apart(data: xr.Dataset) -> np.ndarray:
    left = data["position"].sel(keypoint="left_ankle").to_numpy()
    right = data["position"].sel(keypoint="right_ankle").to_numpy()
    return np.linalg.norm(left - right, axis=1)


@pytest.mark.parametrize("rate_hz", [15, 25, 30, 60, 120])
def test_a_walk_without_exchanges_is_left_alone(rate_hz: float) -> None:
    truth = walk(rate_hz=rate_hz)

    result = repair_sides(truth, truth)

    assert (result.repaired, result.unclear) == (0, 0)
    xr.testing.assert_identical(result.keypoints, truth)


@pytest.mark.parametrize("rate_hz", [15, 25, 30, 60, 120])
def test_exchanged_frames_are_put_back(rate_hz: float) -> None:
    truth = walk(rate_hz=rate_hz)
    first, second = round(1.3 * rate_hz), round(3.1 * rate_hz)
    run = slice(first, first + round(0.25 * rate_hz))
    seen = exchanged(exchanged(truth, run), [second])

    result = repair_sides(seen, seen)

    assert result.unclear == 0
    wrong = np.abs(result.keypoints["position"] - truth["position"]).max(
        ("space", "keypoint")
    )
    # legs that cover each other have no order to get wrong
    assert (apart(truth)[wrong.to_numpy() > 0] < 0.15 * BODY_PX).all()
    assert result.repaired >= 0.15 * rate_hz


def test_an_exchange_that_begins_and_ends_where_legs_pass_is_put_back() -> None:
    truth = walk(rate_hz=30)
    crossings = np.flatnonzero(np.diff(np.sign(_ankle_x(truth))))
    seen = exchanged(truth, slice(crossings[2] + 1, crossings[3] + 1))

    result = repair_sides(seen, seen)

    left = np.abs(result.keypoints["position"] - truth["position"]).max()
    assert left == 0
    assert result.unclear == 0


def test_the_world_is_treated_alike() -> None:
    truth = walk(rate_hz=30)
    seen = exchanged(truth, slice(40, 46))

    result = repair_sides(seen, seen * 2)

    xr.testing.assert_allclose(
        result.world["position"], 2 * result.keypoints["position"]
    )


def test_both_legs_seen_in_one_place_are_left_out() -> None:
    seen = walk(rate_hz=30)
    wide = int(np.argmax(apart(seen)[20:60])) + 20
    for part in LEG:
        left, right = (BLAZEPOSE.index(f"{side}_{part}") for side in ("left", "right"))
        values = seen["position"].to_numpy()
        values[wide, :, left] = values[wide, :, right]

    result = repair_sides(seen, seen)

    legs = result.keypoints.sel(keypoint=["left_ankle", "right_heel"])
    assert result.unclear == 1
    assert legs["position"].isel(time=wide).isnull().all()
    assert legs["confidence"].isel(time=wide).isnull().all()
    others = result.keypoints.sel(keypoint=["left_hip", "nose"]).isel(time=wide)
    assert others["position"].notnull().all()


def test_missing_frames_do_not_matter() -> None:
    truth = walk(rate_hz=30)
    seen = exchanged(truth, slice(70, 75))
    seen["position"].to_numpy()[100:112] = np.nan

    result = repair_sides(seen, seen)

    np.testing.assert_array_equal(
        result.keypoints["position"].to_numpy()[70:75],
        truth["position"].to_numpy()[70:75],
    )
    assert result.keypoints["position"].isnull().all(("space", "keypoint")).sum() == 12


def test_a_turn_round_is_no_exchange() -> None:
    # in a half turn left and right change places in the picture, but slowly
    truth = walk(rate_hz=30, seconds=4)
    turn = np.cos(np.pi * np.clip(truth["time"].to_numpy() - 1.5, 0, 1))
    middle = truth["position"].mean("keypoint").to_numpy()[:, :, None]
    data = truth.copy(deep=True)
    data["position"].values = middle + turn[:, None, None] * (
        truth["position"].to_numpy() - middle
    )

    result = repair_sides(data, data)

    assert result.repaired == 0


def test_the_arguments_are_not_changed() -> None:
    seen = exchanged(walk(rate_hz=30), slice(40, 46))
    before = seen.copy(deep=True)

    repair_sides(seen, seen)

    xr.testing.assert_identical(seen, before)


def test_a_few_frames_are_given_back_as_they_are() -> None:
    seen = walk(rate_hz=30, seconds=0.12)

    assert repair_sides(seen, seen).keypoints is seen


def _ankle_x(data: xr.Dataset) -> np.ndarray:
    x = data["position"].sel(space="x")
    return (x.sel(keypoint="left_ankle") - x.sel(keypoint="right_ankle")).to_numpy()


def oblique_walk(*, rate_hz: float = 60.0, seconds: float = 2.5) -> xr.Dataset:
    """Return somebody who comes obliquely towards the camera, broad in the picture."""
    data = walk(rate_hz=rate_hz, seconds=seconds)
    values = data["position"].to_numpy()
    for name, half, up in (("shoulder", 70.0, 300.0), ("hip", 40.0, 170.0),
                           ("knee", 35.0, 0.0), ("ankle", 30.0, 0.0),
                           ("heel", 30.0, 0.0), ("foot_index", 35.0, 0.0),
                           ("ear", 14.0, 380.0)):  # fmt: skip
        for side, sign in (("left", 1), ("right", -1)):
            i = BLAZEPOSE.index(f"{side}_{name}")
            if up:
                values[:, 0, i] += BODY_PX * 0.7 * data["time"].to_numpy()
                values[:, 1, i] += 200 - up
            values[:, 0, i] += sign * half
    return data


def turned_whole(data: xr.Dataset, frames: list[int]) -> xr.Dataset:
    result = data.copy(deep=True)
    values = result["position"].to_numpy()
    for name in BLAZEPOSE:
        if "left" in name:
            left = BLAZEPOSE.index(name)
            right = BLAZEPOSE.index(name.replace("left", "right"))
            held = values[frames, :, left].copy()
            values[frames, :, left] = values[frames, :, right]
            values[frames, :, right] = held
    return result


@pytest.mark.parametrize(
    "frames",
    [
        list(range(60, 85)),
        list(range(20)),
        list(range(120, 150)),
        [30, 31, 45, 77, 101, 102, 103],
    ],
    ids=["a stretch", "the beginning", "the end", "flickering"],
)
def test_a_whole_body_that_was_exchanged_is_turned_back_whole(
    frames: list[int],
) -> None:
    truth = oblique_walk()
    seen = turned_whole(truth, frames)

    result = repair_sides(seen, seen)

    xr.testing.assert_identical(result.keypoints, truth)
    assert (result.repaired, result.unclear) == (len(frames), 0)


def test_legs_that_turn_without_the_trunk_of_a_broad_body_are_left_out() -> None:
    truth = oblique_walk()
    seen = exchanged(truth, slice(50, 62))

    result = repair_sides(seen, seen)

    position = result.keypoints["position"]
    hip = position.sel(keypoint="left_hip").isel(time=slice(50, 62))
    assert hip.isnull().all()
    np.testing.assert_array_equal(position[:50], truth["position"][:50])


def test_a_real_camera_that_exchanges_the_body_is_put_right(shared_data: Path) -> None:
    folder = shared_data / "people" / "pose2sim_demo"
    with np.load(folder / "mediapipe_full_keypoints_SinglePerson.npz") as every:
        found = {name: every[name] for name in ("c1", "c2", "c4")}
    is_wrong = np.load(folder / "cam02_exchanged_frames.npy").astype(bool)
    for name, camera in found.items():
        data = keypoints(
            camera[:, :, :2].transpose(0, 2, 1),
            camera[:, :, 3],
            time_s=np.arange(len(camera)) / 60,
            names=BLAZEPOSE,
            space_unit="px",
        )
        ankles, hips = (
            _fate(data, repair_sides(data, data).keypoints, part)
            for part in ("ankle", "hip")
        )
        if name != "c2":
            assert set(ankles) | set(hips) == {"kept"}
            continue
        assert "kept" not in ankles[is_wrong]
        assert "kept" not in hips[is_wrong]
        assert "turned" not in ankles[~is_wrong]
        assert "turned" not in hips[~is_wrong]
        assert np.mean(ankles[~is_wrong] == "kept") > 0.9


def _fate(before: xr.Dataset, after: xr.Dataset, part: str) -> np.ndarray:
    """Return for each frame whether a part was kept, turned or left out."""
    name = f"left_{part}"
    was, now = (d["position"].sel(keypoint=name).to_numpy() for d in (before, after))
    lost = np.isnan(now).any(axis=1)
    return np.where(
        lost, "left out", np.where((was == now).all(axis=1), "kept", "turned")
    )
