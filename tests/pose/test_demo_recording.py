"""The real recording on which others follow the wrong person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.pose.backend import open_backend
from gaitkit.pose.follow import PoseTrack, follow
from gaitkit.pose.region import Region
from gaitkit.pose.settings import PoseSettings

if TYPE_CHECKING:
    from pathlib import Path

    from real_walker import Walker

    from gaitkit.pose.frames import Clip

pytestmark = [pytest.mark.models, pytest.mark.shared]


@pytest.fixture(scope="module")
def track(demo_clip: Clip, model_files: Path) -> PoseTrack:
    settings = PoseSettings()
    with open_backend(settings) as backend:
        return follow(demo_clip, backend, settings)


def test_the_walking_woman_is_chosen_and_followed(track: PoseTrack) -> None:
    position = track.keypoints["position"]
    frames = track.keypoints["frame"].to_numpy()
    hips = position.sel(keypoint=["left_hip", "right_hip"]).mean("keypoint").to_numpy()
    walks = (frames >= 45) & (frames <= 195) & np.isfinite(hips).all(axis=1)

    assert walks.sum() >= 140
    # she walks on the ground, from right to left; he stands on the roof at x 640
    assert (hips[walks, 1] > 650).all()
    assert (np.diff(hips[walks, 0])[20:] < 5).all()
    assert hips[walks][0, 0] > 1450
    assert hips[walks][-1, 0] < 60


def test_the_choice_shows_the_man_on_the_roof_and_is_sure(track: PoseTrack) -> None:
    walker, other = track.choice.candidates[:2]

    assert track.choice.method == "scored"
    assert not track.choice.ambiguous
    assert walker.path_heights == pytest.approx(3.5, abs=0.4)
    assert other.box[1] + other.box[3] < 500
    assert len(track.thumbnails) == len(track.choice.candidates)


def test_few_frames_of_legs_are_unclear(track: PoseTrack) -> None:
    ankles = track.keypoints["position"].sel(keypoint=["left_ankle", "right_ankle"])
    missing = ankles.isnull().any(("space", "keypoint")).to_numpy()

    assert 1 <= track.choice.swaps_repaired + track.choice.swaps_unclear <= 20
    assert missing.sum() == track.choice.swaps_unclear


def test_left_is_the_side_of_the_camera(track: PoseTrack) -> None:
    z = track.world["position"].sel(space="z").median("time")

    assert float(z.sel(keypoint="left_hip")) < float(z.sel(keypoint="right_hip"))


def test_a_mirrored_picture_gives_the_mirrored_average(
    walker: Walker, model_files: Path
) -> None:
    picture, (x, y) = walker.pictures[0], walker.hips[0]
    width = picture.shape[1]
    with open_backend(PoseSettings(mirrored=True, threads=1)) as backend:
        pose = backend.look(picture, Region(x=x, y=y, size=560))
        other = backend.look(
            np.ascontiguousarray(picture[:, ::-1]),
            Region(x=width - 1 - x, y=y, size=560),
        )

    assert pose is not None
    assert other is not None
    from gaitkit.model.keypoints import BLAZEPOSE

    swap = {"left": "right", "right": "left"}
    for i, name in enumerate(BLAZEPOSE):
        side = name.partition("_")[0] if name.startswith(("left", "right")) else ""
        partner = name.replace(side, swap[side], 1) if side else name
        j = BLAZEPOSE.index(partner) if partner in BLAZEPOSE else i
        mirrored = [width - 1 - other.points[j, 0], other.points[j, 1]]
        if not name.startswith("mouth"):
            np.testing.assert_allclose(pose.points[i], mirrored, atol=0.5)
