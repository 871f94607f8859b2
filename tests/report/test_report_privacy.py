"""The head is found and blurred, and what is not known stays blurred whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.model.keypoints import keypoints
from gaitkit.report.film.blur import blur, blur_upper_part
from gaitkit.report.film.canvas import Canvas, canvas_of
from gaitkit.report.film.privacy import HEAD_OVER_TRUNK, NECK_OVER_TRUNK, visible

if TYPE_CHECKING:
    import xarray as xr

NAMES = (
    "nose", "left_ear", "right_ear", "left_shoulder", "right_shoulder",
    "left_hip", "right_hip", "left_ankle", "right_ankle",
)  # fmt: skip
STANDING = {
    "nose": (160, 62), "left_ear": (150, 60), "right_ear": (150, 60),
    "left_shoulder": (150, 100), "right_shoulder": (150, 100),
    "left_hip": (150, 180), "right_hip": (150, 180),
    "left_ankle": (140, 300), "right_ankle": (165, 300),
}  # fmt: skip


def standing(frames: int = 31, *, rate_hz: float = 30.0) -> xr.Dataset:
    """Return a body that stands still; its trunk is 80 px long."""
    one = np.array([STANDING[name] for name in NAMES], dtype=float).T
    return keypoints(
        np.repeat(one[None], frames, axis=0),
        np.ones((frames, len(NAMES))),
        time_s=np.arange(frames) / rate_hz,
        names=NAMES,
        space_unit="px",
    )


def without(points: xr.Dataset, names: tuple[str, ...], rows: slice) -> xr.Dataset:
    lost = points.copy(deep=True)
    columns = [NAMES.index(name) for name in names]
    values = lost["position"].to_numpy()
    values[rows, :, columns] = np.nan
    return lost


FACE = ("nose", "left_ear", "right_ear")


def test_the_head_is_the_middle_of_the_face() -> None:
    seen = visible(standing())
    assert seen.head[0] == pytest.approx([(160 + 150 + 150) / 3, (62 + 60 + 60) / 3])


def test_the_disc_is_at_least_half_the_trunk_wide() -> None:
    assert visible(standing()).radius[0] >= HEAD_OVER_TRUNK * 80


def test_without_a_face_the_head_is_above_the_shoulders() -> None:
    seen = visible(without(standing(), FACE, slice(None)))
    assert seen.head[0] == pytest.approx([150.0, 100.0 - NECK_OVER_TRUNK * 80])


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    everything = NAMES
    short = visible(without(standing(61), everything, slice(20, 30)))
    assert np.isfinite(short.head).all()
    assert np.isfinite(short.radius).all()
    long = visible(without(standing(61), everything, slice(20, 40)))
    assert np.isnan(long.head[20:40]).all()
    assert np.isfinite(long.head[:20]).all()


def test_the_time_before_and_after_the_track_is_never_made_up() -> None:
    seen = visible(without(standing(61), NAMES, slice(0, 5)))
    assert np.isnan(seen.radius[:5]).all()


def test_the_body_box_holds_every_point_with_room() -> None:
    left, top, right, bottom = visible(standing()).body[10]
    assert left < 140
    assert top < 60
    assert right > 165
    assert bottom > 300


def checkered(width: int = 400, height: int = 360) -> Canvas:
    """Return a fine chequer board: its contrast is lost wherever it is blurred."""
    rows, columns = np.mgrid[0:height, 0:width] // 2
    board = ((rows + columns) % 2 * 255).astype(np.uint8)
    return canvas_of(np.repeat(board[..., None], 3, axis=2))


def contrast(canvas: Canvas, x: float, y: float, *, reach: int = 8) -> float:
    place = canvas.luma[
        int(y) - reach : int(y) + reach, int(x) - reach : int(x) + reach
    ]
    return float(place.std())


def test_the_body_stays_sharp_and_head_and_surroundings_do_not() -> None:
    canvas, points = checkered(), standing()
    blur(canvas, visible(points), 10, scale=1.0)
    assert contrast(canvas, 150, 240) > 90
    assert contrast(canvas, *visible(points).head[10]) < 15
    assert contrast(canvas, 380, 40) < 15


def test_the_head_of_the_frames_before_and_after_is_blurred_too() -> None:
    points = standing()
    values = points["position"].to_numpy()
    values[11:, 0] += 60.0
    canvas = checkered()
    blur(canvas, visible(points), 10, scale=1.0)
    assert contrast(canvas, *visible(points).head[11]) < 15


def test_a_frame_without_a_known_head_is_blurred_whole() -> None:
    points = without(standing(61), NAMES, slice(20, 45))
    for row in (30, None):
        canvas = checkered()
        blur(canvas, visible(points), row, scale=1.0)
        assert contrast(canvas, 150, 240) < 15


def test_the_blur_follows_the_scale_of_the_film() -> None:
    canvas = checkered(200, 180)
    seen = visible(standing())
    blur(canvas, seen, 10, scale=0.5)
    assert contrast(canvas, *(0.5 * seen.head[10])) < 15
    assert contrast(canvas, 75, 120) > 90


def test_of_a_boxed_bystander_the_upper_part_is_blurred() -> None:
    canvas = checkered()
    blur_upper_part(canvas, (100.0, 100.0, 80.0, 200.0))
    assert contrast(canvas, 140, 120) < 25
    assert contrast(canvas, 140, 240) > 90
    assert contrast(canvas, 330, 120) > 90
