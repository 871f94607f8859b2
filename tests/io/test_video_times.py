"""Times of frames, against the time that is burnt into their pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from video_clips import Clip, burnt_time, every, has_encoder, write_clip

from gaitkit.io.video import VideoFile, frames, read_video

if TYPE_CHECKING:
    from pathlib import Path

MS = 1e-3
PHONE_SLOW_MOTION = {"movflags": "use_metadata_tags"}


def largest_error_s(video: VideoFile) -> float:
    """Return the worst difference between told and burnt times since frame 0."""
    shown = [(f.time_s, burnt_time(f.image)) for f in frames(video)]
    told, burnt = np.array(shown).T
    assert len(told) == video.timing.frames == video.time_s.size
    assert np.array_equal(told, video.time_s)
    return float(np.max(np.abs(told - (burnt - burnt[0]))))


CLIPS = {
    "constant.mp4": Clip(),
    "b_frames.mp4": Clip(b_frames=3),
    "b_frames.mov": Clip(b_frames=3, codec="mpeg4", tick=Fraction(1, 30_000)),
    "milliseconds.mkv": Clip(b_frames=2, tick=Fraction(1, 1000)),
    "offset.mp4": Clip(offset_s=0.7, b_frames=2),
    "vp9.webm": Clip(codec="libvpx-vp9", tick=Fraction(1, 1000)),
    "vp8.webm": Clip(codec="libvpx", tick=Fraction(1, 1000)),
    "hevc.mp4": Clip(codec="libx265", b_frames=3),
    "transport.ts": Clip(b_frames=2),
    "fragmented.mp4": Clip(
        b_frames=2, file_options={"movflags": "frag_keyframe+empty_moov"}
    ),
}


@pytest.mark.parametrize("name", CLIPS)
def test_times_hold_to_a_millisecond_at_a_constant_rate(
    name: str, tmp_path: Path
) -> None:
    clip = CLIPS[name]
    if not has_encoder(clip.codec):
        pytest.skip(f"no encoder {clip.codec}")
    video = read_video(write_clip(tmp_path / name, every(30, 40), clip))
    assert largest_error_s(video) < MS
    assert video.timing.frames == 40
    assert video.timing.rate_hz == pytest.approx(30, rel=1e-3)
    assert video.timing.source == "pts"
    assert not video.timing.variable
    assert video.timing.dropped == video.timing.duplicated == 0
    assert video.reasons == ()


@pytest.mark.parametrize("name", ["variable.mp4", "variable.mkv"])
def test_times_hold_to_a_millisecond_at_a_variable_rate(
    name: str, tmp_path: Path
) -> None:
    intervals = np.random.default_rng(3).uniform(0.02, 0.05, 50)
    times = list(np.round(np.r_[0, np.cumsum(intervals)], 4))
    video = read_video(write_clip(tmp_path / name, times, Clip(b_frames=2)))
    assert largest_error_s(video) < MS
    assert video.timing.variable
    assert video.timing.rate_hz == pytest.approx(
        1 / np.median(np.diff(times)), rel=0.02
    )


def test_times_hold_to_a_millisecond_around_dropped_frames(tmp_path: Path) -> None:
    times = [t for k, t in enumerate(every(60, 60)) if k not in (20, 21, 40)]
    video = read_video(write_clip(tmp_path / "drops.mp4", times, Clip(b_frames=2)))
    assert largest_error_s(video) < MS
    assert video.timing.dropped == 3
    assert video.timing.rate_hz == pytest.approx(60)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_frames_that_the_edit_list_hides_take_no_part(
    codec: str, tmp_path: Path
) -> None:
    if not has_encoder(codec):
        pytest.skip(f"no encoder {codec}")
    clip = Clip(codec=codec, b_frames=2, offset_s=-0.25)
    video = read_video(write_clip(tmp_path / "trimmed.mp4", every(30, 40), clip))
    assert largest_error_s(video) < MS
    first = next(iter(frames(video)))
    assert burnt_time(first.image) == pytest.approx(8 / 30, abs=MS)
    assert first.time_s == 0
    assert video.timing.frames == 32


def test_the_first_stamp_is_told_and_time_starts_at_zero(tmp_path: Path) -> None:
    video = read_video(
        write_clip(tmp_path / "offset.mp4", every(30, 10), Clip(offset_s=0.5))
    )
    assert video.start_s == pytest.approx(0.5, abs=MS)
    assert video.time_s[0] == 0


@pytest.mark.parametrize("codec", ["mpeg4", "libx264"])
def test_avi_has_a_rate_and_no_stamps(codec: str, tmp_path: Path) -> None:
    clip = Clip(codec=codec, tick=Fraction(1, 30), b_frames=2)
    video = read_video(write_clip(tmp_path / "old.avi", every(30, 30), clip))
    assert video.timing.source == "header"
    assert largest_error_s(video) < MS


def test_slow_motion_with_a_tag_is_told_in_real_time(tmp_path: Path) -> None:
    clip = Clip(
        slowed=8,
        tags={"com.android.capture.fps": "240.000000"},
        file_options=PHONE_SLOW_MOTION,
    )
    video = read_video(write_clip(tmp_path / "slow.mp4", every(240, 60), clip))
    assert largest_error_s(video) < MS
    assert video.timing.rate_hz == pytest.approx(240)
    assert video.timing.capture_rate_hz == 240
    assert video.timing.speed_source == "metadata"


def test_slow_motion_without_a_tag_is_taken_for_real_until_the_user_tells(
    tmp_path: Path,
) -> None:
    path = write_clip(tmp_path / "slow.mp4", every(240, 60), Clip(slowed=8))
    told_nothing = read_video(path)
    assert told_nothing.timing.speed_factor == 1
    assert told_nothing.timing.rate_hz == pytest.approx(30)
    told = read_video(path, speed_factor=0.125)
    assert told.timing.speed_source == "user"
    assert largest_error_s(told) < MS


@pytest.mark.parametrize("tag", ["fast", "", "-30", "nan"])
def test_a_capture_tag_that_is_no_rate_is_not_believed(
    tag: str, tmp_path: Path
) -> None:
    clip = Clip(tags={"com.android.capture.fps": tag}, file_options=PHONE_SLOW_MOTION)
    video = read_video(write_clip(tmp_path / "odd.mp4", every(30, 5), clip))
    assert video.timing.capture_rate_hz is None


def test_a_frame_that_repeats_a_stamp_is_left_out_and_counted(tmp_path: Path) -> None:
    times = sorted([*every(25, 30), 0.4002])
    clip = Clip(tick=Fraction(1, 1000))
    video = read_video(write_clip(tmp_path / "twice.mkv", times, clip))
    assert video.timing.duplicated == 1
    assert video.timing.frames == 30
    assert np.all(np.diff(video.time_s) > 0)
    assert largest_error_s(video) < MS


@pytest.mark.parametrize("b_frames", [0, 2])
def test_pictures_that_a_converter_repeated_are_counted(
    b_frames: int, tmp_path: Path
) -> None:
    shown = [t for k, t in enumerate(every(20, 40)) for _ in range(1 + (k % 2))]
    clip = Clip(b_frames=b_frames, key_every=60)
    path = write_clip(
        tmp_path / "converted.mp4", shown, clip, stamps_s=every(30, len(shown))
    )
    assert read_video(path).timing.duplicated == pytest.approx(20, abs=2)


def test_a_scene_in_which_nothing_moves_repeats_nothing(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "still.mp4", [1.0] * 40, stamps_s=every(30, 40))
    assert read_video(path).timing.duplicated == 0


def test_the_real_clips_keep_their_clock(shared_data: Path) -> None:
    folder = shared_data / "video"
    walk = read_video(folder / "sports2d_demo.mp4")
    assert (walk.width, walk.height, walk.timing.frames) == (1768, 994, 230)
    assert walk.timing.rate_hz == pytest.approx(30)
    assert walk.timing.duplicated == 0
    slow = read_video(folder / "intel_one-by-one-person-detection.mp4")
    assert slow.timing.rate_hz == pytest.approx(10)
    assert slow.timing.frames == 1394
    decoded = [frame.time_s for frame in frames(walk)]
    assert decoded == list(walk.time_s)
