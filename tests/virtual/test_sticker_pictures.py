"""Stickers are in the picture where the truth says, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from gaitkit.errors import ConfigError, OutputError
from gaitkit.io.export.video import Encoding
from gaitkit.model.side import Side
from gaitkit_virtual.body import Look
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import Shooting, virtual_patient_video
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.pictures import (
    stance_camera,
    stance_pictures,
    stance_setting,
    stance_stickers,
    write_stance_picture,
)
from gaitkit_virtual.standing.stance import VirtualStance, stand
from gaitkit_virtual.standing.truth import stance_truth, truth_table
from gaitkit_virtual.stickers import Sticker, pelvis_stickers, rearfoot_stickers

if TYPE_CHECKING:
    from gaitkit_virtual.camera import Camera
    from gaitkit_virtual.sticker_paint import SeenSticker

BARE = Look(barefoot=True, shorts=(0.3, 0.3, 0.3))
PERSON = StandingParameters(height_m=1.72, eversion_left_deg=7.0, block_right_mm=20.0)
REAR = stance_camera("posterior", distance_m=2.4)
HALF = replace(REAR, width_px=540, height_px=960, focal_px=768.0)
ALL = pelvis_stickers("psis") + rearfoot_stickers(diameter_mm=14.0)


@pytest.fixture(scope="module")
def stance() -> VirtualStance:
    return stand(PERSON, frames=1, rate_hz=10.0, seed=2)


def drawn(stance: VirtualStance, camera: Camera, stickers: Any) -> np.ndarray:
    setting = stance_setting(camera.view)
    shots = stance_pictures(
        stance, camera, look=BARE, setting=setting, stickers=stickers
    )
    return next(shots)


def weight_of(picture: np.ndarray, plain: np.ndarray) -> np.ndarray:
    """Return by how much a sticker changed each pixel, summed over the colours."""
    return np.abs(picture.astype(float) - plain).sum(axis=2)


def centroid(weight: np.ndarray, seen: SeenSticker) -> np.ndarray:
    """Return the middle of the change around a place; pixel centres are halves."""
    reach = int(seen.radius_px) + 3
    row, column = int(seen.y_px), int(seen.x_px)
    part = weight[row - reach : row + reach + 1, column - reach : column + reach + 1]
    rows, columns = np.mgrid[: part.shape[0], : part.shape[1]]
    x = (columns * part).sum() / part.sum() + column - reach + 0.5
    y = (rows * part).sum() / part.sum() + row - reach + 0.5
    return np.array([x, y])


@pytest.mark.parametrize("distortion", [0.0, -0.05])
def test_the_middle_of_each_sticker_is_where_the_truth_says(
    stance: VirtualStance, distortion: float
) -> None:
    camera = replace(REAR, roll_deg=2.0, distortion=distortion)
    weight = weight_of(drawn(stance, camera, ALL), drawn(stance, camera, ()))
    seen = stance_stickers(stance, camera, look=BARE, stickers=ALL)[0]
    assert [round(one.visible, 2) for one in seen] == [1.0] * len(ALL)
    for one in seen:
        found = centroid(weight, one)
        assert np.abs(found - (one.x_px, one.y_px)).max() < 0.1, one.placed.sticker.role


def test_only_the_stickers_change_the_picture(stance: VirtualStance) -> None:
    weight = weight_of(drawn(stance, HALF, ALL), drawn(stance, HALF, ()))
    near = np.zeros(weight.shape, bool)
    for one in stance_stickers(stance, HALF, look=BARE, stickers=ALL)[0]:
        reach = one.radius_px + 1.5
        rows, columns = np.mgrid[: weight.shape[0], : weight.shape[1]]
        near |= np.hypot(columns + 0.5 - one.x_px, rows + 0.5 - one.y_px) < reach
    assert weight[~near].max() == 0


def test_a_hidden_sticker_is_absent(stance: VirtualStance) -> None:
    hidden = tuple(
        replace(s, hidden=s.role == "psis" and s.side is Side.LEFT) for s in ALL
    )
    seen = stance_stickers(stance, HALF, look=BARE, stickers=hidden)[0]
    assert seen[0].visible == 0
    changed = weight_of(drawn(stance, HALF, hidden), drawn(stance, HALF, ALL))
    rows, columns = np.nonzero(changed)
    assert np.hypot(columns - seen[0].x_px, rows - seen[0].y_px).max() < 6


def test_the_body_hides_what_is_behind_it(stance: VirtualStance) -> None:
    front = replace(HALF, view="anterior")
    assert (
        max(
            s.visible
            for s in stance_stickers(stance, front, look=BARE, stickers=ALL)[0]
        )
        == 0
    )
    np.testing.assert_array_equal(drawn(stance, front, ALL), drawn(stance, front, ()))


def test_a_turned_leg_hides_the_other(stance: VirtualStance) -> None:
    inner = (Sticker(role="malleolus_medial", side=Side.LEFT),)
    from_right = replace(HALF, view="sagittal_right")
    seen = stance_stickers(stance, from_right, look=BARE, stickers=inner)[0][0]
    bare = stand(replace(PERSON, stance_width_m=0.5, yaw_deg=25.0), frames=1, rate_hz=9)
    free = stance_stickers(bare, from_right, look=BARE, stickers=inner)[0][0]
    assert seen.visible < 0.2 < free.visible


@pytest.mark.parametrize(
    ("view", "role"), [("anterior", "asis"), ("sagittal_left", "malleolus_lateral")]
)
def test_each_view_shows_its_own_stickers(
    stance: VirtualStance, view: Any, role: Any
) -> None:
    sticker = (Sticker(role=role, side=Side.LEFT, colour="ring"),)
    camera = replace(HALF, view=view)
    assert (
        stance_stickers(stance, camera, look=BARE, stickers=sticker)[0][0].visible
        > 0.95
    )


def test_left_is_left_from_behind_and_right_from_the_front(
    stance: VirtualStance,
) -> None:
    for view, stickers, sign in (
        ("posterior", pelvis_stickers("psis"), 1),
        ("anterior", pelvis_stickers("asis"), -1),
    ):
        camera = replace(HALF, view=view)  # type: ignore[arg-type]
        left, right = stance_stickers(stance, camera, look=BARE, stickers=stickers)[0]
        assert sign * (right.x_px - left.x_px) > 20
        assert left.y_px - right.y_px > 3  # the block is under the right foot


def test_discs_seen_along_the_foot_show_the_anatomical_angle(
    stance: VirtualStance,
) -> None:
    truth = stance_truth(stance, REAR, look=BARE, stickers=rearfoot_stickers())
    for side, angle in ((Side.LEFT, 7.0), (Side.RIGHT, 0.0)):
        seen = truth.rearfoot[side]
        assert seen.discs_along_foot is not None
        assert seen.discs_along_foot[0] == pytest.approx(angle, abs=1e-6)


def test_a_sticker_beside_the_midline_changes_what_the_discs_show(
    stance: VirtualStance,
) -> None:
    aside = tuple(
        replace(s, outward_mm=2.0 if s.role == "heel_lower" else 0.0)
        for s in rearfoot_stickers()
    )
    truth = stance_truth(stance, REAR, look=BARE, stickers=aside)
    seen = truth.rearfoot[Side.LEFT].discs_along_foot
    # 2 mm outwards at the lower of two stickers 31.4 mm apart: 3.6 degrees everted
    assert seen is not None
    assert seen[0] == pytest.approx(7.0 + 3.6, abs=0.25)


def test_camera_roll_turns_floor_line_and_plumb_line_alike(
    stance: VirtualStance,
) -> None:
    camera = replace(HALF, roll_deg=3.0)
    table = truth_table(
        stance_truth(stance, camera, look=BARE, stickers=()), file="a.png"
    )
    assert table["roll_deg"] == 3.0
    picture = drawn(stance, camera, ()).astype(float)
    # the lower edge of the skirting board, found at two columns of bare wall
    edges = []
    for column in (120, 420):
        bright = picture[500:900, column].mean(axis=1)
        step = np.diff(bright)
        row = int(np.argmin(step))
        low, high = bright[row + 3], bright[row - 2]
        edges.append(row + (bright[row - 2 : row + 4] - low).sum() / (high - low))
    assert np.degrees(np.arctan2(edges[0] - edges[1], 300)) == pytest.approx(
        3.0, abs=0.1
    )


def test_pictures_are_the_same_again(stance: VirtualStance) -> None:
    noisy = stance_setting("posterior", noise_sd=4.0, seed=5)
    shots = [
        next(stance_pictures(stance, HALF, look=BARE, setting=noisy, stickers=ALL))
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*shots)


def test_a_png_holds_the_pixels(stance: VirtualStance, tmp_path: Any) -> None:
    picture = drawn(stance, HALF, ALL)
    write_stance_picture(tmp_path / "a.png", picture)
    back = cv2.imread(str(tmp_path / "a.png"))[..., ::-1]
    np.testing.assert_array_equal(back, picture)


def test_a_picture_of_an_unknown_kind_is_refused(tmp_path: Any) -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    with pytest.raises(
        ConfigError, match=r"ending in \.png, \.jpg, \.jpeg, got '\.gif'"
    ):
        write_stance_picture(tmp_path / "a.gif", picture)
    with pytest.raises(OutputError, match=r"cannot write .*a\.png"):
        write_stance_picture(tmp_path / "no" / "a.png", picture)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"role": "nose"}, r"sticker\.role is 'nose'; expected one of asis"),
        ({"colour": "pink"}, r"sticker\.colour is 'pink'; expected red, green"),
        ({"diameter_mm": 90.0}, r"sticker\.diameter_mm is 90; expected 4 to 40 mm"),
        ({"up_mm": -50.0}, r"sticker\.up_mm is -50; expected -30 to 30 mm"),
    ],
)
def test_an_impossible_sticker_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Sticker(**({"role": "psis", "side": Side.LEFT} | wrong))


def test_a_walk_away_shows_the_eversion_asked_for(tmp_path: Any) -> None:
    walker = WalkerParameters(
        height_m=1.72,
        eversion_peak_left_deg=9.0,
        eversion_peak_right_deg=4.0,
        eversion_peak_left_pct=35.0,
        eversion_contact_deg=-2.0,
    )
    camera = replace(HALF, width_px=180, height_px=320, focal_px=256.0)
    shooting = Shooting(
        camera=camera,
        rate_hz=40.0,
        passes=1,
        way_m=2.4,
        look=BARE,
        stickers=rearfoot_stickers(diameter_mm=16.0),
        encoding=Encoding(quality=30, preset="ultrafast"),
    )
    film = virtual_patient_video(tmp_path / "away.mp4", walker, shooting=shooting)
    angle = film.angles["rearfoot_angle"].sel(side="left")
    begin, end = (
        next(
            e.time_s
            for e in film.events
            if e.side is Side.LEFT and e.kind == kind and e.time_s > after
        )
        for kind, after in (("initial_contact", 0.0), ("foot_off", 0.8))
    )
    stance = angle.sel(time=slice(begin, end))
    assert float(stance.max()) == pytest.approx(9.0, abs=0.05)
    peak = float(stance["time"][int(np.argmax(stance.to_numpy()))])
    assert 100 * (peak - begin) / (end - begin) == pytest.approx(35.0, abs=3.0)
    assert float(angle.min()) == pytest.approx(-2.0, abs=1e-6)
    assert len(film.stickers) == film.keypoints.sizes["time"]
    first, last = film.stickers[0][0].radius_px, film.stickers[-1][0].radius_px
    assert last < first / 1.5  # walking away
