"""Walking to and fro past a camera: three effects that have different signs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.errors import ConfigError
from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.walk import WalkResult, analyse_walk
from gaitkit.measure.leg_length.two_directions import (
    POSE_MODEL_GAIN,
    LegLengthSettings,
    PassHeights,
    WalkingTest,
    pass_heights,
    walking_test,
    walking_test_row,
)
from gaitkit.model.reason import Reason
from gaitkit.model.recording import Timing
from gaitkit.model.side import Side
from gaitkit.pipeline.video import two_direction_rows
from gaitkit.signal.scale import ScaleInput
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import Shooting, one_pass

if TYPE_CHECKING:
    from collections.abc import Callable

calm = settings(deadline=None, derandomize=True, max_examples=60)
RATE_HZ = 25.0
CAMERA = Camera(
    view="sagittal_right",
    distance_m=4.5,
    height_m=1.0,
    width_px=1280,
    height_px=720,
    focal_px=950.0,
)
OTHER = {"left": "right", "right": "left"}


def seen(
    difference_mm: float, label_mm: float, near_mm: float, *, mirrored: bool = True
) -> list[PassHeights]:
    """Return what two passes show, without noise."""
    return [
        PassHeights(
            near_side=side,
            difference_mm=POSE_MODEL_GAIN * difference_mm
            + (-label_mm if flipped else label_mm)
            + (near_mm if side is Side.LEFT else -near_mm),
            n=3,
            mirrored=flipped,
        )
        for side in Side
        for flipped in ((False, True) if mirrored else (False,))
    ]


def result_of(passes: list[PassHeights]) -> WalkingTest:
    result = walking_test(passes)
    assert isinstance(result, WalkingTest)
    return result


@calm
@given(
    difference=st.floats(-30, 30), label=st.floats(-5, 5), near=st.floats(-30.0, 30.0)
)
def test_mirrored_passes_separate_the_three_effects(
    difference: float, label: float, near: float
) -> None:
    result = result_of(seen(difference, label, near))
    assert result.value_mm == pytest.approx(difference, abs=1e-6)
    assert result.near_bias_mm == pytest.approx(near, abs=0.02)
    assert result.low_mm < difference < result.high_mm


def test_without_mirrored_passes_the_label_is_known_from_virtual_patients_only() -> (
    None
):
    plain = result_of(seen(12.0, -1.7, 20.0, mirrored=False))
    assert plain.value_mm == pytest.approx(12.0, abs=1e-6)
    assert plain.label_bias_mm == pytest.approx(-1.7)
    assert plain.sd_mm > result_of(seen(12.0, -1.7, 20.0)).sd_mm
    off = result_of(seen(12.0, 0.0, 20.0, mirrored=False))
    assert off.value_mm == pytest.approx(12.0 + 1.7 / POSE_MODEL_GAIN)


@calm
@given(difference=st.floats(-30.0, 30.0), near=st.floats(-30.0, 30.0))
def test_a_mirrored_person_has_the_mirrored_result(
    difference: float, near: float
) -> None:
    passes = seen(difference, -1.0, near)
    other = [
        replace(
            each,
            near_side=each.near_side.other,
            difference_mm=-each.difference_mm,
            mirrored=not each.mirrored,
        )
        for each in passes
    ]
    one, two = result_of(passes), result_of(other)
    assert one.value_mm == pytest.approx(-two.value_mm, abs=1e-6)
    assert one.sd_mm == pytest.approx(two.sd_mm)


def test_one_direction_gives_no_number_and_says_what_is_needed() -> None:
    passes = [each for each in seen(20.0, 0.0, 20.0) if each.near_side is Side.RIGHT]
    result = walking_test(passes)
    assert isinstance(result, Reason)
    assert result.code == "leg_length_one_direction"
    assert "0 strides with the left side and 3 with the right side" in result.text.en


def test_too_few_strides_in_a_direction_give_no_number() -> None:
    passes = [replace(each, n=1) for each in seen(20.0, 0.0, 20.0)]
    assert isinstance(walking_test(passes), Reason)
    settings = LegLengthSettings(min_strides=1)
    assert isinstance(walking_test(passes, settings=settings), WalkingTest)


def test_a_setting_below_one_stride_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"leg_length\.min_strides must be at least 1"
    ):
        LegLengthSettings(min_strides=0)


def test_an_ordinary_difference_is_below_what_can_be_detected() -> None:
    row = walking_test_row(result_of(seen(8.0, 0.0, 20.0)), recording="video_1")
    assert row.value is None
    assert row.why_missing is not None
    assert row.why_missing.code == "leg_length_below_detectable"
    assert "8 mm, 95 % interval" in row.why_missing.text.en
    assert row.unconfirmed


def test_a_large_difference_has_a_wide_interval_and_is_unconfirmed() -> None:
    row = walking_test_row(result_of(seen(-25.0, 0.0, 20.0)), recording="video_1")
    assert row.value == pytest.approx(-25.0)
    assert row.low is not None
    assert row.high is not None
    assert row.high - row.low > 30.0
    assert row.unconfirmed


@cache
def true_walk(difference_mm: float) -> WalkResult:
    """Return a walk to and fro of which the camera sees the true joint centres."""
    return analysed(exact_keypoints(difference_mm, passes=2))


def exact_keypoints(difference_mm: float, *, passes: int) -> xr.Dataset:
    person = WalkerParameters(height_m=1.72, shank_difference_mm=difference_mm)
    shooting = Shooting(camera=CAMERA, rate_hz=RATE_HZ, passes=passes, way_m=6.0)
    parts, start = [], 0.0
    for number in range(passes):
        walked = one_pass(person, shooting, number=number, seed=3)
        picture = picture_keypoints(walked, CAMERA).drop_vars("depth")
        later = picture.assign_coords(time=picture["time"] + start)
        parts.append(later)
        start = float(later["time"][-1]) + 1.0 / RATE_HZ
    return xr.concat(parts, dim="time")


def analysed(keypoints: xr.Dataset) -> WalkResult:
    inside = keypoints["confidence"] > 0
    masked = keypoints.assign(position=keypoints["position"].where(inside))
    frames = masked.sizes["time"]
    return analyse_walk(
        masked,
        facts=WalkFacts(
            recording="video_1",
            kind="video",
            timing=Timing(
                source="pts",
                rate_hz=RATE_HZ,
                duration_s=frames / RATE_HZ,
                frames=frames,
            ),
            size=ScaleInput(subject_height_m=1.72),
            picture_width_px=1280.0,
            picture_height_px=720.0,
        ),
    )


def mirrored_film(keypoints: xr.Dataset) -> xr.Dataset:
    """Return what a pose model would call the points in the mirrored film."""
    names = [str(name) for name in keypoints["keypoint"].to_numpy()]
    swapped = [
        f"{OTHER[first]}_{rest}" if first in OTHER else name
        for name in names
        for first, _, rest in [name.partition("_")]
    ]
    position = keypoints["position"].copy()
    position.loc[{"space": "x"}] = CAMERA.width_px - 1 - position.sel(space="x")
    moved = keypoints.assign(position=position).assign_coords(keypoint=swapped)
    return moved.sel(keypoint=names)


def never() -> WalkResult:
    pytest.fail("the mirrored film was looked at without need")


def test_true_points_show_perspective_in_both_signs_and_the_longer_leg() -> None:
    heights = {}
    for difference in (-20.0, 20.0):
        walk = true_walk(difference)
        passes = pass_heights(walk.walking, walk.strides, walk.passes)
        by_side = {each.near_side: each.difference_mm for each in passes}
        assert set(by_side) == set(Side)
        heights[difference] = np.mean(list(by_side.values()))
        assert abs(by_side[Side.LEFT] - by_side[Side.RIGHT]) > 10.0
    # the knees of these walkers differ by most of the difference of their shanks
    assert heights[20.0] > 10.0
    assert heights[-20.0] < -10.0


def test_the_mirrored_film_shows_the_same_person() -> None:
    keypoints = exact_keypoints(20.0, passes=2)
    plain, other = analysed(keypoints), analysed(mirrored_film(keypoints))
    by_side = {
        each.near_side: each.difference_mm
        for each in pass_heights(plain.walking, plain.strides, plain.passes)
    }
    for each in pass_heights(other.walking, other.strides, other.passes, mirrored=True):
        assert each.difference_mm == pytest.approx(by_side[each.near_side], abs=1.0)


@pytest.mark.parametrize("difference", [20.0, -20.0])
def test_a_film_in_both_directions_gives_one_row_of_the_right_sign(
    difference: float,
) -> None:
    settings = LegLengthSettings()
    (row,) = two_direction_rows(
        true_walk(difference), settings=settings, mirrored=never
    )
    assert row.method == "two_directions"
    assert row.value is not None
    assert row.value * difference > 0


def test_the_mirrored_film_is_looked_at_only_on_request() -> None:
    keypoints = exact_keypoints(20.0, passes=2)
    calls = []

    def mirrored() -> WalkResult:
        calls.append(1)
        return analysed(mirrored_film(keypoints))

    settings = LegLengthSettings(mirrored=True)
    (row,) = two_direction_rows(true_walk(20.0), settings=settings, mirrored=mirrored)
    (plain,) = two_direction_rows(
        true_walk(20.0), settings=LegLengthSettings(), mirrored=never
    )
    assert calls == [1]
    # true points have no label bias; only the mirrored film can tell
    assert (row.value or 0.0) < (plain.value or 0.0)


def without_scale(walk: WalkResult) -> WalkResult:
    return replace(walk, calibration=replace(walk.calibration, method="none"))


def from_behind(walk: WalkResult) -> WalkResult:
    return replace(walk, view="posterior")


def one_way(walk: WalkResult) -> WalkResult:
    return replace(walk, passes=walk.passes[:1])


@pytest.mark.parametrize("change", [without_scale, from_behind, one_way])
def test_a_film_that_cannot_show_it_gives_no_row(
    change: Callable[[WalkResult], WalkResult],
) -> None:
    walk = change(true_walk(20.0))
    assert two_direction_rows(walk, settings=LegLengthSettings(), mirrored=never) == ()


def test_it_can_be_switched_off() -> None:
    off = LegLengthSettings(two_directions=False)
    assert two_direction_rows(true_walk(20.0), settings=off, mirrored=never) == ()
