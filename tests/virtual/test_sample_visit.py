"""The committed sample visit is small, true to the code and seen by the detector."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from gaitkit.insole.footprint import prints_of
from gaitkit.io.edits import read_edits
from gaitkit.io.practice_defaults import PRACTICE_FILE, read_practice_defaults
from gaitkit.io.visit import read_visit
from gaitkit.model.keypoints import BLAZEPOSE, GAIT
from gaitkit.model.side import Side
from gaitkit.pipeline import analyse
from gaitkit.pose.blazepose import BlazePose
from gaitkit.pose.settings import PoseSettings
from gaitkit_virtual.camera import picture_keypoints
from gaitkit_virtual.patient_video import one_pass
from gaitkit_virtual.sample_visit import (
    PATIENT,
    SEED,
    SHOOTING,
    TRUTH_NAME,
    VIDEO_NAME,
)

if TYPE_CHECKING:
    from gaitkit_virtual.virtual_walk import VirtualWalk

LARGEST_BYTES = 3_000_000
EVERY = 15


@pytest.fixture(scope="module")
def sample() -> Path:
    return Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module")
def truth(sample: Path) -> dict[str, Any]:
    text = (sample / TRUTH_NAME).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@pytest.fixture(scope="module")
def first_pass() -> VirtualWalk:
    return one_pass(PATIENT, SHOOTING, number=0, seed=SEED)


def test_all_files_together_are_small(sample: Path) -> None:
    assert sum(file.stat().st_size for file in sample.iterdir()) < LARGEST_BYTES


def test_the_committed_truth_is_what_the_code_makes(
    truth: dict[str, Any], first_pass: VirtualWalk
) -> None:
    ends = truth["pass_starts_s"][1]
    committed = [e for e in truth["events"] if e["time_s"] < ends]
    assert len(committed) == len(first_pass.events)
    for event, own in zip(committed, first_pass.events, strict=True):
        assert (event["side"], event["kind"]) == (own.side.value, own.kind)
        assert event["time_s"] == pytest.approx(own.time_s, abs=2e-5)
    assert truth["leg_length_mm"]["left"] - truth["leg_length_mm"]["right"] == (
        pytest.approx(9.0)
    )


def test_there_are_enough_strides_for_every_gate(truth: dict[str, Any]) -> None:
    for side in Side:
        assert truth["spatiotemporal"]["stride_time"][side.value]["n"] >= 10


@pytest.mark.models
def test_the_detector_follows_the_drawn_legs(
    sample: Path, first_pass: VirtualWalk, model_files: Path
) -> None:
    assert model_files.is_dir()
    seen = picture_keypoints(first_pass, SHOOTING.camera)
    truth_px = seen.position.sel(keypoint=list(GAIT)).to_numpy()
    inside = seen.confidence.min("keypoint").to_numpy() > 0
    columns = [BLAZEPOSE.index(name) for name in GAIT]
    body_px = PATIENT.height_m * SHOOTING.camera.px_per_m(SHOOTING.camera.distance_m)
    errors = []
    with (
        BlazePose(PoseSettings()) as backend,
        av.open(str(sample / VIDEO_NAME)) as container,
    ):
        for index, frame in enumerate(container.decode(video=0)):
            if index >= len(inside):
                break
            if inside[index] and index % EVERY == 0:
                picture = frame.to_ndarray(format="rgb24")
                regions = backend.detect(picture)
                assert regions
                pose = backend.look(picture, regions[0])
                assert pose is not None
                errors.append(pose.points[columns].T - truth_px[index])
    assert len(errors) >= 12
    distance = np.linalg.norm(errors, axis=1) / body_px
    assert np.median(distance) < 0.02
    assert distance.mean() < 0.035


def test_the_sample_is_a_full_case_with_a_decision_on_every_suggestion(
    sample: Path,
) -> None:
    visit, decided = read_visit(sample), read_edits(sample)
    kinds = {each.kind for each in visit.recordings}
    assert kinds == {"video", "plate", "stance", "block_test"}
    assert decided is not None
    assert {each.action for each in decided.edit} == {"accept", "change"}
    assert read_practice_defaults(sample / PRACTICE_FILE).name


def test_the_ball_of_the_sample_is_as_broad_as_on_real_plates(sample: Path) -> None:
    visit = read_visit(sample)
    plates = tuple(each for each in visit.recordings if each.kind == "plate")
    analyses = analyse(dataclasses.replace(visit, recordings=plates))
    feet = [foot for each in analyses for plate in each.plates for foot in plate.feet]
    prints = prints_of(feet)
    assert set(prints) == set(Side)
    for each in prints.values():
        # 19 emed steps of four people: 0.345, sd 0.023
        assert each.ball_width_mm / each.length_mm == pytest.approx(0.345, abs=0.02)
