"""A real film of a walk: what a podotherapist would read from the pictures."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.walk import analyse_walk
from gaitkit.io.video import read_video
from gaitkit.io.video_frames import frames
from gaitkit.model.side import Side
from gaitkit.pose.backend import open_backend
from gaitkit.pose.follow import follow
from gaitkit.pose.frames import Clip
from gaitkit.pose.settings import PoseSettings
from gaitkit.signal.scale import ScaleInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.gait.walk import WalkResult
    from gaitkit.io.video_frames import Frame

pytestmark = [pytest.mark.shared, pytest.mark.models]

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks" / "accuracy"


@pytest.fixture(scope="module")
def result(shared_data: Path, model_files: Path) -> WalkResult:
    assert model_files.is_dir()
    video = read_video(shared_data / "video" / "sports2d_demo.mp4")

    def open_frames(start: int, stop: int | None) -> Iterator[Frame]:
        return frames(video, start=start, stop=stop)

    clip = Clip(
        open_frames=open_frames,
        time_s=video.time_s,
        width=video.width,
        height=video.height,
    )
    settings = PoseSettings()
    with open_backend(settings) as backend:
        track = follow(clip, backend, settings)
    facts = WalkFacts(
        recording="demo",
        kind="video",
        timing=video.timing,
        person=track.choice,
        size=ScaleInput(subject_height_m=1.65),
        picture_width_px=float(video.width),
        picture_height_px=float(video.height),
    )
    return analyse_walk(track.keypoints, facts=facts)


def _mean(result: WalkResult, name: str, side: Side | None = None) -> float:
    found = [v.value for v in result.stride_values if (v.name, v.side) == (name, side)]
    return float(np.mean(found))


def test_cadence_speed_and_steps_are_those_of_the_pictures(result: WalkResult) -> None:
    assert _mean(result, "cadence") == pytest.approx(97.0, abs=4.0)
    assert _mean(result, "walking_speed") == pytest.approx(1.12, abs=0.10)
    steps = [_mean(result, "step_length", side) for side in Side]
    assert np.mean(steps) == pytest.approx(0.69, abs=0.06)


@pytest.mark.parametrize("side", list(Side))
def test_stance_takes_59_to_65_percent(result: WalkResult, side: Side) -> None:
    assert 59.0 <= _mean(result, "stance", side) <= 65.0


def test_three_strides_of_each_foot_are_used(result: WalkResult) -> None:
    used = [s.side for s in result.strides if s.rejected is None]
    assert min(used.count(side) for side in Side) >= 3


def test_all_events_are_found_within_two_frames_of_reading_by_eye(
    result: WalkResult,
) -> None:
    read = tomllib.loads((BENCHMARKS / "film_events.toml").read_text("utf-8"))
    by_eye = {
        (side, kind): read[kind][side]
        for kind in ("initial_contact", "foot_off")
        for side in Side
    }
    errors = []
    for (side, kind), wanted in by_eye.items():
        found = [
            e.time_s * 30.0 for e in result.events if (e.side, e.kind) == (side, kind)
        ]
        errors += [min((t - f for t in found), key=abs) for f in wanted]
    assert max(map(abs, errors)) < 2.2
    assert abs(np.median(errors)) < 1.0


def test_the_film_is_a_limited_side_view_and_says_why(result: WalkResult) -> None:
    assert result.view == "sagittal_left"
    codes = {gate.reason.code for gate in result.quality.gates}
    assert codes == {"camera_slow", "few_strides"}
    assert result.quality.blocked == frozenset()
