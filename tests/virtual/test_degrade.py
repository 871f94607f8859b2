"""Spoilt keypoints are spoilt as asked, and repeatably."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit_virtual.degrade import Faults, degrade
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk


@pytest.fixture(scope="module")
def clean() -> xr.Dataset:
    walked = walk(WalkerParameters(height_m=1.70), duration_s=10.0, rate_hz=50)
    return walked.keypoints


def test_no_faults_change_nothing(clean: xr.Dataset) -> None:
    spoilt = degrade(clean, Faults(), seed=1)
    xr.testing.assert_identical(spoilt.position, clean.position)


def test_the_same_seed_spoils_alike(clean: xr.Dataset) -> None:
    faults = Faults(noise_sd=0.01, gap_share=0.1, swap_share=0.1)
    one, two, other = (degrade(clean, faults, seed=seed) for seed in (1, 1, 2))
    xr.testing.assert_identical(one, two)
    assert not one.position.equals(other.position)


@pytest.mark.parametrize("kind", ["noise_sd", "slow_noise_sd"])
def test_noise_has_the_size_asked_for(clean: xr.Dataset, kind: str) -> None:
    spoilt = degrade(clean, Faults(**{kind: 0.01}), seed=1)
    noise = (spoilt.position - clean.position).to_numpy()
    assert noise.std() == pytest.approx(0.01, rel=0.03)
    assert abs(noise.mean()) < 0.0005


def test_slow_noise_lasts_and_white_noise_does_not(clean: xr.Dataset) -> None:
    lag_one = {}
    for kind in ("noise_sd", "slow_noise_sd"):
        noise = degrade(clean, Faults(**{kind: 0.01}), seed=1) - clean
        path = noise.position.to_numpy()
        lag_one[kind] = float((path[1:] * path[:-1]).mean() / path.var())
    assert abs(lag_one["noise_sd"]) < 0.03
    assert lag_one["slow_noise_sd"] == pytest.approx(np.exp(-0.02 / 0.05), abs=0.03)


def test_gaps_are_nan_with_no_confidence(clean: xr.Dataset) -> None:
    spoilt = degrade(clean, Faults(gap_share=0.2), seed=1)
    lost = np.isnan(spoilt.position).all("space")
    assert float(lost.mean()) == pytest.approx(0.2, abs=0.01)
    assert bool((spoilt.confidence.where(lost, 0) == 0).all())
    assert bool((spoilt.confidence.where(~lost, 1) == 1).all())


def test_swaps_exchange_the_legs_and_nothing_else(clean: xr.Dataset) -> None:
    spoilt = degrade(clean, Faults(swap_share=0.3), seed=1)
    frames = spoilt.swapped.to_numpy()
    assert frames.mean() == pytest.approx(0.3, abs=0.01)
    left = spoilt.position.sel(keypoint="left_ankle").to_numpy()
    right = clean.position.sel(keypoint="right_ankle").to_numpy()
    own = clean.position.sel(keypoint="left_ankle").to_numpy()
    np.testing.assert_array_equal(left[frames], right[frames])
    np.testing.assert_array_equal(left[~frames], own[~frames])
    xr.testing.assert_identical(
        spoilt.position.sel(keypoint="nose"), clean.position.sel(keypoint="nose")
    )


def test_outliers_are_told(clean: xr.Dataset) -> None:
    spoilt = degrade(clean, Faults(outlier_share=0.05, outlier_size=0.5), seed=1)
    moved = np.abs(spoilt.position - clean.position).max("space") > 0
    np.testing.assert_array_equal(moved.to_numpy(), spoilt.outlier.to_numpy())
    assert float(moved.mean()) == pytest.approx(0.05, abs=0.01)


def test_an_impossible_share_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"faults\.gap_share is 1\.5; expected 0 to 1"
    ):
        Faults(gap_share=1.5)
