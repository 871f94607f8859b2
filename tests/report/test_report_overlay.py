"""The overlay film keeps the true times, hides the faces and never stands half."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from gaitkit.errors import InputError, OutputError
from gaitkit.model.side import Side
from gaitkit.report.film.canvas import canvas_of
from gaitkit.report.film.scene import draw, scene_of
from gaitkit.report.overlay import write_overlay
from gaitkit.report.words import words

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.analysis import Analysis

LAST_TRACKED_S = 4.0
HEAD_REACH = 6


@dataclasses.dataclass(frozen=True)
class Film:
    """What a film holds."""

    times_s: list[float]
    pictures: list[np.ndarray]
    codec: str


def read(file: Path) -> Film:
    with av.open(str(file)) as source:
        frames = list(source.decode(video=0))
        return Film(
            times_s=[float(f.pts * f.time_base) for f in frames],
            pictures=[f.to_ndarray(format="gray") for f in frames],
            codec=source.streams.video[0].codec_context.name,
        )


@pytest.fixture(scope="module")
def tracked(analysis: Analysis) -> Analysis:
    """Return the analysis with a track that ends before the film does."""
    assert analysis.raw is not None
    raw = analysis.raw.sel(time=slice(0.0, LAST_TRACKED_S))
    return dataclasses.replace(analysis, raw=raw)


@pytest.fixture(scope="module")
def films(
    tracked: Analysis, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, Film]:
    """Return the blurred and the open overlay."""
    folder, made = tmp_path_factory.mktemp("overlay"), {}
    for blurred in (True, False):
        file = folder / f"{blurred}.mp4"
        write_overlay(tracked, file, blurred=blurred, words=words("nl"))
        made[blurred] = read(file)
    return made


def contrast(picture: np.ndarray, x: float, y: float) -> float:
    rows = slice(int(y) - HEAD_REACH, int(y) + HEAD_REACH)
    return float(picture[rows, int(x) - HEAD_REACH : int(x) + HEAD_REACH].std())


def head(analysis: Analysis, row: int) -> tuple[float, float]:
    assert analysis.raw is not None
    ear = analysis.raw["position"].sel(keypoint="left_ear").isel(time=row)
    return float(ear[0]), float(ear[1]) - 2


def test_the_film_is_h264_with_every_frame_at_its_own_time(
    films: dict[bool, Film], analysis: Analysis
) -> None:
    assert films[True].codec == "h264"
    assert analysis.source is not None
    true_times = read(analysis.source).times_s
    assert films[True].times_s == pytest.approx(true_times, abs=1e-4)


def test_a_film_with_an_uneven_rate_keeps_its_times(
    analysis: Analysis, tmp_path: Path
) -> None:
    source, ticks = tmp_path / "uneven.mp4", [0, 30, 75, 90, 180, 190]
    with av.open(str(source), "w") as target:
        stream = target.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 600)
        for tick in ticks:
            frame = av.VideoFrame.from_ndarray(
                np.zeros((48, 64, 3), np.uint8), format="rgb24"
            )
            frame.pts = tick * 2
            frame.time_base = stream.time_base
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    one = dataclasses.replace(analysis, source=source)
    write_overlay(one, tmp_path / "o.mp4", blurred=True, words=words("en"))
    expected = [tick * 2 / 600 for tick in ticks]
    assert read(tmp_path / "o.mp4").times_s == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("row", [20, 60, 100])
def test_the_face_is_gone_and_would_have_been_there(
    films: dict[bool, Film], tracked: Analysis, row: int
) -> None:
    place = head(tracked, row)
    assert contrast(films[False].pictures[row], *place) > 60
    assert contrast(films[True].pictures[row], *place) < 25


def test_the_face_of_a_bystander_is_gone(films: dict[bool, Film]) -> None:
    assert contrast(films[False].pictures[60], 102, 72) > 60
    assert contrast(films[True].pictures[60], 102, 72) < 25


def test_frames_after_the_track_are_blurred_whole(
    films: dict[bool, Film], analysis: Analysis
) -> None:
    row = int(LAST_TRACKED_S * 30) + 10
    assert contrast(films[False].pictures[row], *head(analysis, row)) > 60
    wall = films[True].pictures[row][100:300, 150:620]
    assert np.abs(np.diff(wall.astype(int), axis=1)).mean() < 3


def test_an_event_flashes_in_the_colour_of_its_side(analysis: Analysis) -> None:
    scene = scene_of(analysis, blurred=True, words=words("nl"))
    assert scene is not None
    event = next(e for e in analysis.events if e.side is Side.LEFT and e.time_s > 1)
    grey = np.full((320, 640, 3), 128, np.uint8)
    reds = []
    for age in (-0.2, 0.05):
        canvas = canvas_of(grey)
        draw(canvas, scene, event.time_s + age, scale=1.0)
        reds.append(int((canvas.red > 170).sum()))
    assert reds[1] > reds[0] + 300


def test_a_source_that_is_gone_is_named(analysis: Analysis, tmp_path: Path) -> None:
    lost = dataclasses.replace(analysis, source=tmp_path / "gone.mp4")
    with pytest.raises(InputError, match=r"gone\.mp4: expected a video file"):
        write_overlay(lost, tmp_path / "o.mp4", blurred=True, words=words("nl"))


def test_a_recording_without_points_has_no_overlay(
    analysis: Analysis, tmp_path: Path
) -> None:
    bare = dataclasses.replace(analysis, raw=None)
    with pytest.raises(OutputError, match="expected a video with keypoints"):
        write_overlay(bare, tmp_path / "o.mp4", blurred=True, words=words("nl"))
