"""From raw keypoints to a uniform clock, and settings that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, InputError
from gaitkit.model.keypoints import keypoints, path_of
from gaitkit.signal.cleaning import clean, resample, uniform_time_s, within_picture
from gaitkit.signal.settings import SignalSettings

if TYPE_CHECKING:
    import xarray as xr

NAMES = ("left_hip", "left_ankle")


def _raw(time_s: np.ndarray, *, amplitude: float = 100.0) -> xr.Dataset:
    x = 300.0 + amplitude * np.sin(2 * np.pi * time_s)
    position = np.stack(
        [np.column_stack([x, x + 5]), np.column_stack([0 * x + 100, 0 * x + 500])],
        axis=1,
    )
    return keypoints(
        position,
        np.ones((time_s.size, 2)),
        time_s=time_s,
        names=NAMES,
        space_unit="px",
    )


def test_irregular_stamps_become_a_uniform_clock_with_the_same_path() -> None:
    rng = np.random.default_rng(1)
    stamps = np.arange(300) / 60 + rng.uniform(-0.003, 0.003, size=300)
    cleaned = clean(_raw(stamps), names=NAMES, settings=SignalSettings()).data
    time = cleaned["time"].to_numpy()
    truth = 300 + 100 * np.sin(2 * np.pi * time)
    assert np.ptp(np.diff(time)) < 1e-9
    assert cleaned.attrs["rate_hz"] == pytest.approx(60.0, rel=0.02)
    inner = slice(30, -30)
    assert path_of(cleaned, "left_hip", "x")[inner] == pytest.approx(
        truth[inner], abs=1.0
    )


def test_dropped_frames_longer_than_the_limit_stay_a_gap_in_real_time() -> None:
    stamps = np.delete(np.arange(300) / 60, np.s_[100:130])
    cleaned = clean(_raw(stamps), names=NAMES, settings=SignalSettings()).data
    path = path_of(cleaned, "left_hip", "x")
    assert cleaned.sizes["time"] == 300
    assert np.isnan(path[101:129]).all()
    assert np.isfinite(path[:100]).all()
    assert np.isfinite(path[130:]).all()


def test_uncertain_samples_are_masked_counted_and_bridged() -> None:
    raw = _raw(np.arange(300) / 60)
    raw["confidence"][100:105, 0] = 0.1
    raw["position"][100:105, :, 0] = 9999.0
    cleaned = clean(raw, names=NAMES, settings=SignalSettings())
    assert cleaned.low_confidence == pytest.approx(5 / 600)
    assert cleaned.missing == 0.0
    assert path_of(cleaned.data, "left_hip", "x").max() < 410


def test_a_long_gap_of_one_keypoint_leaves_the_others_alone() -> None:
    raw = _raw(np.arange(300) / 60)
    raw["position"][100:160, :, 0] = np.nan
    cleaned = clean(raw, names=NAMES, settings=SignalSettings())
    assert np.isnan(path_of(cleaned.data, "left_hip", "x")[100:160]).all()
    assert np.isfinite(path_of(cleaned.data, "left_ankle", "x")).all()
    assert cleaned.missing == pytest.approx(0.1, abs=0.01)


def test_the_raw_keypoints_are_not_changed() -> None:
    raw = _raw(np.arange(100) / 60)
    before = raw.copy(deep=True)
    clean(raw, names=NAMES, settings=SignalSettings())
    assert raw.identical(before)


def test_one_frame_has_no_rate_and_is_refused() -> None:
    with pytest.raises(InputError, match="at least 2 frames to have a rate, got 1"):
        clean(_raw(np.array([0.0])), names=NAMES, settings=SignalSettings())


def test_a_foot_beyond_the_edge_of_the_picture_is_missing() -> None:
    raw = _raw(np.arange(60) / 60)
    raw["position"][10, 0, 0] = -2.0
    raw["position"][20, 0, 1] = 801.0
    seen = within_picture(raw, picture_px=(800.0, 600.0))["position"]
    assert np.isnan(seen[10, :, 0]).all()
    assert np.isnan(seen[20, :, 1]).all()
    assert int(np.isnan(seen).sum()) == 4


def test_positions_in_a_laboratory_have_no_edge() -> None:
    raw = _raw(np.arange(60) / 60).isel(space=[0, 1, 0])
    raw = raw.assign_coords(space=["x", "y", "z"]) - 1000.0
    assert within_picture(raw, picture_px=None).identical(raw)


def test_resampling_keeps_a_cubic_and_never_leaves_the_known_span() -> None:
    time = np.array([0.0, 0.11, 0.19, 0.31, 0.4, 0.52])
    grid = uniform_time_s(np.array([-0.2, 0.8]), rate_hz=20.0)
    values = resample(time**3, time_s=time, grid_s=grid, max_gap_s=0.2)
    inside = (grid >= 0) & (grid <= 0.52)
    assert np.array_equal(np.isfinite(values), inside)
    assert values[inside] == pytest.approx(grid[inside] ** 3, abs=1e-9)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("min_confidence", 1.5),
        ("outlier_sd", 0.0),
        ("max_gap_s", -0.1),
        ("cutoff_video_hz", 0.0),
        ("filter_order", 0),
    ],
)
def test_a_setting_out_of_range_is_refused_by_its_key(key: str, value: float) -> None:
    with pytest.raises(ConfigError, match=rf"signal\.{key} must lie between .* got"):
        SignalSettings(**{key: value})
