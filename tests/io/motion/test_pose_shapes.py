"""Pose files whose parts do not belong together, or whose numbers nobody can hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitkit.errors import FormatError, InputError
from gaitkit.io.motion.mapping import Mapping
from gaitkit.io.motion.pose_json import read_landmarks
from gaitkit.io.motion.pose_source import PosePoints, pose_recording

FRAMES = 60
LABELS = ("left_hip", "right_hip", "left_ankle", "right_ankle")
PATH = Path("walk.csv")


def points() -> PosePoints:
    """Return one person who moves on by a pixel a frame."""
    position = np.zeros((FRAMES, 1, 2, len(LABELS)))
    position[:, 0, 0] = 100.0 + np.arange(FRAMES)[:, np.newaxis]
    position[:, 0, 1] = [300.0, 310.0, 600.0, 610.0]
    return PosePoints(
        format="table",
        labels=LABELS,
        position=position,
        confidence=np.ones((FRAMES, 1, len(LABELS))),
        time_s=np.arange(FRAMES) / 50.0,
        unit="px",
    )


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"time_s": np.arange(FRAMES - 4) / 50.0}, "times"),
        ({"frames": np.arange(FRAMES + 1)}, "frame numbers"),
        ({"confidence": np.ones((FRAMES - 4, 1, len(LABELS)))}, "confidences"),
        ({"names": np.zeros((FRAMES, 2), dtype=int)}, "names"),
        ({"labels": LABELS[:2]}, "labels"),
    ],
)
def test_parts_of_another_length_are_refused_by_name(
    changed: dict[str, object], what: str
) -> None:
    with pytest.raises(FormatError, match=rf"walk\.csv: expected {what} for 60 frames"):
        pose_recording(replace(points(), **changed), PATH, mapping=Mapping())


@pytest.mark.parametrize("last_s", [6.7e15, 4.3e18])
def test_a_clock_that_runs_for_ages_is_refused_before_anything_is_laid_out(
    last_s: float,
) -> None:
    held = points()
    stamps = np.arange(FRAMES) / 50.0
    stamps[-1] = last_s
    with pytest.raises(FormatError, match=r"at most 24 hours|a rate of 0\.2 to"):
        pose_recording(replace(held, time_s=stamps), PATH, mapping=Mapping())


@pytest.mark.parametrize(
    "rate", [10**400, float("nan"), "fast", -5, None], ids=lambda rate: str(rate)[:4]
)
def test_a_rate_that_no_number_can_hold_is_no_rate(
    tmp_path: Path, rate: object
) -> None:
    file = tmp_path / "pose.json"
    frame = {"landmark_positions": {"left_hip": [1.0, 2.0, 3.0]}}
    file.write_text(json.dumps({"frames": [frame] * 9, "fps": rate}))
    read = read_landmarks(file)
    assert read.rate_hz is None
    with pytest.raises(InputError, match="no times and no frame rate"):
        pose_recording(read, file, mapping=Mapping())


def test_a_frame_whose_landmarks_are_no_table_is_a_frame_without_them(
    tmp_path: Path,
) -> None:
    file = tmp_path / "pose.json"
    frame = {"landmark_positions": {"left_hip": [1.0, 2.0, 3.0]}}
    frames = [frame, {"landmark_positions": 7}, {"landmark_positions": None}, frame]
    file.write_text(json.dumps({"frames": frames, "fps": 25}))
    seen = np.isfinite(read_landmarks(file).position).all(axis=(1, 2, 3))
    assert seen.tolist() == [True, False, False, True]
