"""What is made of the raw output of the two networks, and how they are loaded."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ModelFileError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose import blazepose
from gaitkit.pose.blazepose import SEGMENTATION, BlazePose
from gaitkit.pose.region import Region
from gaitkit.pose.settings import PoseSettings
from gaitkit.pose.tflite import Network, network

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = Region(x=112, y=112, size=224)


def detector_output(*bodies: tuple[int, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return raw output with bodies of 50 px at (anchor, shift px, logit)."""
    raw = np.zeros((len(blazepose.anchors()), 12), np.float32)
    logits = np.full((len(raw), 1), -200.0, np.float32)
    for anchor, shift, logit in bodies:
        raw[anchor] = [shift, 0, 50, 50, shift, 0, shift, -30, 0, 0, 0, 0]
        logits[anchor] = logit
    return raw, logits


def test_there_are_as_many_anchors_as_the_network_answers() -> None:
    centres = blazepose.anchors()

    assert centres.shape == (2254, 2)
    np.testing.assert_allclose(centres[0], 0.5 / 28)
    np.testing.assert_allclose(centres[-1], 6.5 / 7)


def test_a_detection_becomes_a_region_around_its_hips() -> None:
    anchor = 2 * (14 * 28 + 10)  # row 14, column 10 of the first layer

    (region,) = blazepose.regions(
        *detector_output((anchor, 0, 3.0)), square=SQUARE, scale=1.25
    )

    assert (region.x, region.y) == pytest.approx((10.5 * 8, 14.5 * 8))
    assert region.size == pytest.approx(2 * 30 * 1.25)


def test_overlapping_detections_are_averaged_by_their_score() -> None:
    anchor = 2 * (14 * 28 + 10)
    twice = detector_output((anchor, 0, 2.0), (anchor + 1, 8, 0.0))
    sure, unsure = 1 / (1 + np.exp(-2.0)), 0.5

    (region,) = blazepose.regions(*twice, square=SQUARE, scale=1.25)

    assert region.x == pytest.approx(84 + 8 * unsure / (sure + unsure), abs=1e-4)


def test_bodies_apart_stay_apart_and_unsure_ones_are_left_out() -> None:
    output = detector_output((100, 0, 1.0), (700, 0, 4.0), (1200, 0, -0.1))

    found = blazepose.regions(*output, square=SQUARE, scale=1.25)

    assert len(found) == 2
    np.testing.assert_allclose(found[0].y, blazepose.anchors()[700, 1] * 224, atol=1e-3)


def flat_answer(heatmap: np.ndarray) -> blazepose.Landmarks:
    values = np.zeros((39, 5))
    values[:, :2] = 128
    return blazepose.read_landmarks(
        values.ravel(), np.array([0.9]), heatmap, np.zeros(117)
    )


def test_a_keypoint_moves_to_the_peak_of_its_heat_map() -> None:
    heatmap = np.full((64, 64, 39), -50.0)
    heatmap[33, 34, 5] = 8.0

    points = flat_answer(heatmap).points

    np.testing.assert_allclose(points[5], [34 / 64, 33 / 64], atol=1e-6)
    np.testing.assert_allclose(np.delete(points, 5, axis=0), 0.5)


def test_a_peak_out_of_reach_or_too_low_changes_nothing() -> None:
    heatmap = np.full((64, 64, 39), -50.0)
    heatmap[32, 36, 5] = 8.0  # four cells away; the kernel reaches three
    heatmap[32, 33, 6] = -0.1  # probability below one half

    np.testing.assert_allclose(flat_answer(heatmap).points, 0.5)


def test_mirroring_twice_gives_the_same_landmarks() -> None:
    random = np.random.default_rng(4)
    answer = blazepose.Landmarks(
        points=random.random((39, 2)),
        confidence=random.random(39),
        world=random.random((33, 3)),
        score=0.9,
    )

    other = blazepose.mirrored(answer)
    again = blazepose.mirrored(other)

    left, right = BLAZEPOSE.index("left_knee"), BLAZEPOSE.index("right_knee")
    assert other.points[left, 0] == pytest.approx(1 - answer.points[right, 0])
    assert other.points[left, 1] == answer.points[right, 1]
    np.testing.assert_allclose(again.points, answer.points)
    np.testing.assert_allclose(again.world, answer.world)


@pytest.mark.models
def test_cutting_the_segmentation_leaves_the_rest_bit_identical(
    model_files: Path,
) -> None:
    path = model_files / "pose_landmark_full.tflite"
    picture = np.random.default_rng(5).random((256, 256, 3), dtype=np.float32)

    whole = Network(path, threads=1).run(picture)
    cut = Network(path, threads=1, without_output=SEGMENTATION).run(picture)

    del whole[SEGMENTATION]
    assert len(cut) == len(whole) == 4
    for got, expected in zip(cut, whole, strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.models
def test_the_native_runtime_says_nothing_on_the_terminal(
    model_files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Network(model_files / "pose_landmark_full.tflite", threads=1)

    assert capfd.readouterr() == ("", "")


@pytest.mark.models
def test_a_file_that_is_no_landmark_network_is_refused(
    model_files: Path, tmp_path: Path
) -> None:
    detector_file = model_files / "pose_detection.tflite"
    with pytest.raises(ModelFileError, match="it has 2 outputs, expected more than 2"):
        BlazePose(PoseSettings(model=str(detector_file)))

    text = tmp_path / "model.tflite"
    text.write_text("this is no network")
    with pytest.raises(ModelFileError, match="is not a network that can be loaded"):
        BlazePose(PoseSettings(model=str(text)))


@pytest.mark.models
def test_a_thread_loads_a_network_once_and_shares_it_with_no_other(
    model_files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.tflite"
    path.write_bytes((model_files / "pose_detection.tflite").read_bytes())

    first = network(path, threads=1)

    assert network(path, threads=1) is first
    with ThreadPoolExecutor(max_workers=1) as other:
        assert other.submit(network, path, threads=1).result() is not first
    os.utime(path, ns=(1, 1))
    assert network(path, threads=1) is not first
