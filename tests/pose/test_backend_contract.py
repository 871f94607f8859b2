"""What every pose backend must do, whatever runs inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, MissingExtraError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.backend import Pose, PoseBackend, open_backend
from gaitkit.pose.region import Region
from gaitkit.pose.settings import PoseSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from real_walker import Walker

pytestmark = pytest.mark.models

BACKENDS = ["blazepose", pytest.param("mediapipe", marks=pytest.mark.mediapipe)]


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest, model_files: Path) -> Iterator[PoseBackend]:
    try:
        opened = open_backend(PoseSettings(backend=request.param, threads=1))
    except MissingExtraError as error:
        pytest.skip(str(error))
    with opened:
        yield opened


@pytest.fixture(scope="module")
def poses(backend: PoseBackend, walker: Walker) -> list[Pose]:
    found = []
    for picture, hips in zip(walker.pictures, walker.hips, strict=True):
        pose = backend.look(picture, Region(x=hips[0], y=hips[1], size=560))
        assert pose is not None
        found.append(pose)
    return found


def test_it_is_a_backend_and_names_its_weights(backend: PoseBackend) -> None:
    assert isinstance(backend, PoseBackend)
    assert len(backend.model_files) == 2
    assert all(len(file.sha256) == 64 for file in backend.model_files)


def test_it_finds_the_walker_in_the_picture(
    backend: PoseBackend, walker: Walker
) -> None:
    for picture, hips in zip(walker.pictures, walker.hips, strict=True):
        regions = backend.detect(picture)
        distance = min(np.hypot(r.x - hips[0], r.y - hips[1]) for r in regions)
        assert distance < 60
        assert all(400 < region.size < 900 for region in regions)


def test_keypoints_lie_where_a_walker_has_them(
    poses: list[Pose], walker: Walker
) -> None:
    names = BLAZEPOSE.index
    for pose, hips in zip(poses, walker.hips, strict=True):
        assert pose.points.shape == (33, 2)
        middle = pose.points[[names("left_hip"), names("right_hip")]].mean(axis=0)
        np.testing.assert_allclose(middle, hips, atol=40)
        assert pose.points[names("nose"), 1] < middle[1] - 100
        assert pose.points[names("left_ankle"), 1] > middle[1] + 80
        # she walks to the left of the picture, nose and toes first
        assert pose.points[names("nose"), 0] < middle[0]


def test_confidence_is_a_probability_and_high_for_the_near_side(
    poses: list[Pose],
) -> None:
    for pose in poses:
        assert pose.confidence.shape == (33,)
        assert ((pose.confidence >= 0) & (pose.confidence <= 1)).all()
        assert pose.confidence[BLAZEPOSE.index("left_hip")] > 0.9


def test_world_keypoints_are_metres_around_the_hips(poses: list[Pose]) -> None:
    names = BLAZEPOSE.index
    for pose in poses:
        assert pose.world.shape == (33, 3)
        hips = pose.world[[names("left_hip"), names("right_hip")]].mean(axis=0)
        np.testing.assert_allclose(hips, 0, atol=0.03)
        height = pose.world[names("left_heel"), 1] - pose.world[names("nose"), 1]
        assert 1.1 < height < 1.9
        # left is the side of the camera: nearer, and z points away from it
        assert pose.world[names("left_hip"), 2] < pose.world[names("right_hip"), 2]


def test_its_region_finds_the_same_body_again(
    backend: PoseBackend, poses: list[Pose], walker: Walker
) -> None:
    again = backend.look(walker.pictures[0], poses[0].region)

    assert again is not None
    off = np.linalg.norm(again.points - poses[0].points, axis=1)
    assert np.median(off) < 0.02 * poses[0].region.size


def test_it_remembers_nothing(
    backend: PoseBackend, poses: list[Pose], walker: Walker
) -> None:
    hips = walker.hips[2]
    again = backend.look(walker.pictures[2], Region(x=hips[0], y=hips[1], size=560))

    assert again is not None
    np.testing.assert_array_equal(again.points, poses[2].points)


def test_where_nobody_is_there_is_no_pose(backend: PoseBackend) -> None:
    grey = np.full((300, 400, 3), 128, np.uint8)

    assert backend.detect(grey) == ()
    assert backend.look(grey, Region(x=200, y=150, size=280)) is None


def test_keypoints_outside_the_picture_have_no_confidence(
    backend: PoseBackend, walker: Walker
) -> None:
    (x, y), picture = walker.hips[0], walker.pictures[0]
    without_feet = np.ascontiguousarray(picture[: int(y) + 60])

    pose = backend.look(without_feet, Region(x=x, y=y, size=560))

    if pose is None:  # half a body may also be no body
        return
    outside = pose.points[:, 1] >= len(without_feet)
    assert outside.any()
    assert (pose.confidence[outside] == 0).all()


def test_closing_twice_does_no_harm(backend: PoseBackend, model_files: Path) -> None:
    other = open_backend(PoseSettings(backend=backend.name, threads=1))
    other.close()
    other.close()


def test_an_unknown_backend_is_named_with_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match=r"'openpose'; expected one of blazepose, mediapipe"
    ):
        open_backend(PoseSettings(backend="openpose"))
