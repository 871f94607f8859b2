"""A walk away from the camera by its stickers, against exact projection and truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sticker_walks import Scene, StickerWalk, film_stickers, stances

from gaitkit.errors import ConfigError
from gaitkit.gait.stickers.settings import StickerWalkSettings
from gaitkit.gait.stickers.shape import LegShape
from gaitkit.gait.stickers.sight import Lens, direction, lean_to_left, rays, segment
from gaitkit.gait.stickers.walk import (
    FootDirection,
    FootOfWalk,
    StickerWalkResult,
    analyse_sticker_walk,
)
from gaitkit.measure.rearfoot.walking import measure_sticker_walk
from gaitkit.model.side import Side
from gaitkit_virtual.parameters import WalkerParameters

FOCAL_PX = 1500.0
LENS = Lens(focal_px=FOCAL_PX, middle_px=(540.0, 960.0))
SHAPE = LegShape(calf_back_deg=7.8, heel_forward_deg=15.4)
"""As the stickers of `sticker_walks` lie on the leg."""

TURNED = WalkerParameters(
    height_m=1.78,
    stride_time_s=1.15,
    toe_out_left_deg=14.0,
    toe_out_right_deg=4.0,
    heading_deg=2.0,
    start_forward_m=-1.8,
)


@cache
def walked(*, noise_px: float = 0.0, turned: bool = False) -> StickerWalk:
    scene = Scene(noise_px=noise_px, seed=5)
    return film_stickers(replace(scene, walker=TURNED) if turned else scene)


def analysed(
    walk: StickerWalk, *, toe_out: tuple[float, float] = (7.0, 7.0)
) -> StickerWalkResult:
    directions = {
        side: FootDirection(toe_out_deg=angle, sd_deg=0.5)
        for side, angle in zip(Side, toe_out, strict=True)
    }
    return analyse_sticker_walk(
        walk.stickers, lens=LENS, directions=directions, shape=SHAPE
    )


def true_peak(walk: StickerWalk, foot: FootOfWalk) -> tuple[float, float]:
    """Return the largest true sticker angle from foot flat to heel off, and when."""
    time = walk.stickers["time"].to_numpy()
    curves = []
    for step in foot.steps:
        start, end = next(
            pair
            for pair in stances(walk.events, foot.side)
            if abs(pair[0] - step.stance.start_s) < 0.15
        )
        at = start + np.linspace(0.12, 0.6, 49) * (end - start)
        curves.append(np.interp(at, time, walk.stickers_deg[foot.side]))
    mean = np.mean(curves, axis=0)
    return float(mean.max()), 12.0 + float(mean.argmax())


@pytest.mark.parametrize("turned", [False, True])
def test_stances_are_found_within_two_frames_and_none_is_made_up(turned: bool) -> None:
    walk = walked(noise_px=0.3, turned=turned)
    for foot in analysed(walk).feet:
        true = stances(walk.events, foot.side)
        assert 1 <= len(foot.stances) <= len(true)
        for stance in foot.stances:
            start, end = min(true, key=lambda pair: abs(pair[0] - stance.start_s))
            assert stance.start_s == pytest.approx(start, abs=0.034)
            assert stance.end_s == pytest.approx(end, abs=0.034)


@pytest.mark.parametrize(
    ("turned", "toe_out"), [(False, (7.0, 7.0)), (True, (14.0, 4.0))]
)
def test_the_peak_is_within_a_degree_once_projection_is_taken_out(
    turned: bool, toe_out: tuple[float, float]
) -> None:
    walk = walked(noise_px=0.3, turned=turned)
    for foot in analysed(walk, toe_out=toe_out).feet:
        peak = foot.peak
        assert peak is not None
        assert peak[0] == pytest.approx(true_peak(walk, foot)[0], abs=1.0)


def test_the_picture_itself_is_off_by_more_than_the_corrected_angle() -> None:
    walk = walked(turned=True)
    foot = analysed(walk, toe_out=(14.0, 4.0)).feet[0]
    true = true_peak(walk, foot)[0]
    assert foot.peak is not None
    shown = float(np.nanmax(np.mean([s.picture_deg for s in foot.steps], axis=0)[12:]))
    assert abs(shown - true) > 2.0
    assert abs(foot.peak[0] - true) < abs(shown - true) / 2


def test_the_curve_ends_at_heel_off_and_an_unknown_foot_direction_widens_it() -> None:
    walk = walked(turned=True)
    known = analysed(walk, toe_out=(14.0, 4.0)).feet[0].curve
    unknown = analyse_sticker_walk(walk.stickers, lens=LENS, shape=SHAPE).feet[0].curve
    assert known is not None
    assert unknown is not None
    assert 40 < known.valid_to_pct < 80
    after = [m for p, m in zip(known.percent, known.mean_deg, strict=True) if p > 80]
    assert np.isnan(after).all()
    assert unknown.sd_deg > known.sd_deg


def test_the_heading_is_that_of_the_walk() -> None:
    result = analysed(walked(turned=True))
    assert result.heading_deg == pytest.approx(-2.0, abs=0.5)


def test_the_pelvis_drops_as_it_truly_does() -> None:
    walk = walked(noise_px=0.3)
    time = walk.stickers["time"].to_numpy()
    drops = analysed(walk).pelvis
    assert drops
    for drop in drops:
        assert drop.side is not None
        start, end = min(
            stances(walk.events, drop.side), key=lambda p: abs(p[0] - drop.start_s)
        )
        inside = (time >= start) & (time <= end)
        true = walk.obliquity_deg[drop.side][inside].max()
        assert drop.value == pytest.approx(true, abs=1.0)


def test_a_foot_out_of_line_is_refused_with_its_angle() -> None:
    result = analysed(walked(), toe_out=(35.0, 7.0))
    left, right = result.feet
    assert left.curve is None
    assert left.why_missing is not None
    assert left.why_missing.code == "stickers_foot_turned"
    assert "20" in left.why_missing.text.en
    assert right.curve is not None


def test_a_leg_with_a_hidden_sticker_says_so_and_the_other_is_measured() -> None:
    walk = walked()
    hidden = walk.stickers.drop_sel(keypoint="left_heel_lower")
    left, right = analyse_sticker_walk(hidden, lens=LENS, shape=SHAPE).feet
    assert left.why_missing is not None
    assert left.why_missing.code == "stickers_of_leg"
    assert right.curve is not None


def test_who_stands_still_gives_no_stance() -> None:
    walk = walked()
    still = walk.stickers.copy(deep=True)
    still["position"][:] = still["position"].isel(time=60)
    feet = analyse_sticker_walk(still, lens=LENS).feet
    assert [foot.why_missing.code for foot in feet if foot.why_missing] == [
        "stickers_no_stance",
        "stickers_no_stance",
    ]


def test_far_stickers_are_too_small_to_measure() -> None:
    walk = walked()
    far = StickerWalkSettings(least_heel_px=500.0)
    feet = analyse_sticker_walk(walk.stickers, lens=LENS, settings=far).feet
    assert {foot.why_missing.code for foot in feet if foot.why_missing} == {
        "stickers_too_small"
    }


def test_measurements_carry_their_error_and_are_unconfirmed_on_real_people() -> None:
    walk = walked(noise_px=0.3)
    result = analysed(walk)
    rows = measure_sticker_walk(result, recording="video_1")
    assert {row.name for row in rows} == {
        "rearfoot_eversion_peak",
        "rearfoot_eversion_peak_time",
        "contralateral_pelvic_drop_peak",
    }
    assert all(row.unconfirmed for row in rows)
    for foot in result.feet:
        row = next(
            r
            for r in rows
            if r.side is foot.side and r.name == "rearfoot_eversion_peak"
        )
        assert row.n == len(foot.steps)
        assert row.low is not None
        assert row.high is not None
        assert row.low < true_peak(walk, foot)[0] < row.high


def test_a_rolled_camera_widens_the_pelvis_and_leaves_the_rearfoot() -> None:
    result = analysed(walked())
    level = measure_sticker_walk(result, recording="v")
    rolled = measure_sticker_walk(result, recording="v", roll_sd_deg=2.0)
    for before, after in zip(level, rolled, strict=True):
        assert before.sd is not None
        assert after.sd is not None
        wider = after.sd > before.sd
        assert wider == (before.name == "contralateral_pelvic_drop_peak")


def test_a_line_in_space_is_found_back_from_its_rays() -> None:
    lower, upper = np.array([[0.1, -0.5, 2.5]]), np.array([[0.11, -0.42, 2.52]])
    pixels = [
        np.array([[540 + FOCAL_PX * p[0] / p[2], 960 - FOCAL_PX * p[1] / p[2]]])
        for p in (lower[0], upper[0])
    ]
    lean = np.arctan2([0.02], [0.08])
    line = segment(*(rays(p, LENS) for p in pixels), leans_to=direction(0.0), lean=lean)
    assert line[0] * 0.08 / line[0, 1] == pytest.approx((upper - lower)[0], abs=1e-9)
    left = lean_to_left(line, foot=direction(0.0))
    assert np.degrees(left) == pytest.approx(-np.degrees(np.arctan2(0.01, 0.08)))


def test_rays_of_a_rolled_camera_are_level_again() -> None:
    roll = np.radians(10.0)
    floor = np.array([[540.0 + 300 * np.cos(roll), 960.0 - 300 * np.sin(roll)]])
    level = rays(floor, replace(LENS, roll_deg=10.0))
    assert level[0, 1] == pytest.approx(0.0, abs=1e-12)


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"sticker_walk\.smooth_s must be above 0"):
        StickerWalkSettings(smooth_s=0.0)
    with pytest.raises(ConfigError, match="must not exceed leaves_per_s"):
        StickerWalkSettings(still_per_s=2.0)
