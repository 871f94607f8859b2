"""Decoded pictures: upright, complete, in order, and in the background."""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from video_clips import HEIGHT, WIDTH, Clip, burnt_time, every, has_encoder, write_clip

from gaitkit.errors import GaitkitError, InputError
from gaitkit.io import video_frames
from gaitkit.io.video import frames, read_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def decoders() -> list[threading.Thread]:
    """Return the decoder threads that are alive."""
    return [t for t in threading.enumerate() if t.name == "decoder"]


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_pictures_are_upright_whatever_way_the_phone_was_held(
    turn_deg: int, mirrored: bool, tmp_path: Path
) -> None:
    clip = Clip(turn_deg=turn_deg, mirrored=mirrored)
    video = read_video(write_clip(tmp_path / "turned.mp4", every(30, 6), clip))
    assert video.rotation_deg == turn_deg
    assert (video.width, video.height) == (WIDTH, HEIGHT)
    for frame in frames(video):
        assert frame.image.shape == (HEIGHT, WIDTH, 3)
        assert burnt_time(frame.image) == pytest.approx(frame.time_s, abs=1e-3)
    codes = [reason.code for reason in video.reasons]
    assert codes == (["video_mirrored"] if mirrored else [])


def test_pixels_that_are_not_square_are_stretched(tmp_path: Path) -> None:
    clip = Clip(pixel_aspect=Fraction(4, 3))
    video = read_video(write_clip(tmp_path / "wide.mp4", every(30, 4), clip))
    assert (video.width, video.height) == (256, HEIGHT)
    assert next(iter(frames(video))).image.shape == (HEIGHT, 256, 3)


def test_pixels_that_are_not_square_are_stretched_before_the_turn(
    tmp_path: Path,
) -> None:
    clip = Clip(pixel_aspect=Fraction(4, 3), turn_deg=90)
    video = read_video(write_clip(tmp_path / "wide.mp4", every(30, 4), clip))
    assert (video.width, video.height) == (WIDTH, round(HEIGHT * 4 / 3))


def test_a_picture_is_bytes_in_one_piece_that_may_be_drawn_upon(
    tmp_path: Path,
) -> None:
    video = read_video(write_clip(tmp_path / "clip.mp4", every(30, 6), Clip()))
    kept = list(frames(video))
    first = kept[0].image
    assert first.dtype == np.uint8
    assert first.flags.c_contiguous
    kept[1].image[:] = 0
    assert burnt_time(first) == 0
    assert burnt_time(kept[2].image) == pytest.approx(2 / 30, abs=1e-3)


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [
        ("libx264", "fragmented.mp4"),
        ("libx264", "mp4"),
        ("libx264", "mkv"),
        ("libx264", "avi"),
        ("libx265", "mp4"),
        ("libx265", "mkv"),
        ("mpeg4", "mp4"),
        ("mpeg4", "avi"),
        ("libx264", "ts"),
    ],
)
def test_any_stretch_of_a_film_equals_the_same_stretch_of_the_whole(
    codec: str, suffix: str, tmp_path: Path
) -> None:
    if not has_encoder(codec):
        pytest.skip(f"no encoder {codec}")
    tick = Fraction(1, 30) if suffix == "avi" else Fraction(1, 30_000)
    pieces = {"movflags": "frag_keyframe+empty_moov"} if "fragm" in suffix else {}
    clip = Clip(codec=codec, b_frames=2, tick=tick, key_every=10, file_options=pieces)
    path = write_clip(tmp_path / f"long.{suffix}", every(30, 90), clip)
    video = read_video(path)
    whole = list(frames(video))
    for start, stop in [(0, 5), (37, 52), (61, 62), (40, None), (89, 90)]:
        part = list(frames(video, start=start, stop=stop))
        expected = whole[start:stop]
        assert [f.index for f in part] == [f.index for f in expected]
        for mine, theirs in zip(part, expected, strict=True):
            assert np.array_equal(mine.image, theirs.image)


@pytest.mark.parametrize(("start", "stop"), [(-1, 3), (5, 5), (0, 11), (10, None)])
def test_a_range_outside_the_film_is_refused(
    start: int, stop: int | None, tmp_path: Path
) -> None:
    video = read_video(write_clip(tmp_path / "short.mp4", every(30, 10), Clip()))
    with pytest.raises(InputError, match="expected frames within 0 to 10, got"):
        frames(video, start=start, stop=stop)


def test_the_decoder_stops_when_the_caller_does(tmp_path: Path) -> None:
    video = read_video(write_clip(tmp_path / "long.mp4", every(30, 200), Clip()))
    pictures = frames(video)
    next(iter(pictures))
    assert len(decoders()) == 1
    pictures.close()  # type: ignore[attr-defined]
    assert decoders() == []


def test_on_one_core_no_other_thread_decodes_and_the_pictures_are_the_same(
    tmp_path: Path,
) -> None:
    video = read_video(write_clip(tmp_path / "clip.mp4", every(30, 30)))
    beside = list(frames(video, start=10, stop=20))
    between = frames(video, start=10, stop=20, one_core=True)
    for expected, got in zip(beside, between, strict=True):
        assert not decoders()
        assert (got.index, got.time_s) == (expected.index, expected.time_s)
        assert np.array_equal(got.image, expected.image)
        got.image[:] = 0
        assert got.again is not None
        assert np.array_equal(got.again(), expected.image)


def test_the_decoder_stays_only_a_few_frames_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = read_video(write_clip(tmp_path / "long.mp4", every(30, 120), Clip()))
    made: list[int] = []
    real = video_frames.Frame

    def counted(*, index: int, time_s: float, image: np.ndarray) -> video_frames.Frame:
        made.append(index)
        return real(index=index, time_s=time_s, image=image)

    monkeypatch.setattr(video_frames, "Frame", counted)
    pictures = frames(video)
    next(iter(pictures))
    time.sleep(0.3)
    assert len(made) <= video_frames.WAITING_FRAMES + 2
    pictures.close()  # type: ignore[attr-defined]


def test_what_goes_wrong_while_decoding_reaches_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = read_video(write_clip(tmp_path / "clip.mp4", every(30, 10), Clip()))

    def broken(*_: object) -> Iterator[None]:
        yield from ()
        raise MemoryError("no room")

    monkeypatch.setattr(video_frames, "decoded", broken)
    with pytest.raises(MemoryError, match="no room"):
        list(frames(video))
    assert decoders() == []


def test_a_file_that_went_away_is_one_clear_error(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", every(30, 10), Clip())
    video = read_video(path)
    path.unlink()
    with pytest.raises(GaitkitError, match="expected a video file, and there is none"):
        list(frames(video))


def test_damage_in_the_middle_costs_only_the_damaged_frames(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_clip(tmp_path / "clip.mp4", every(30, 90), Clip(key_every=10))
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 1200
    content[start : start + 60] = bytes(60)
    path.write_bytes(content)
    video = read_video(path)
    seen = {frame.index: frame for frame in frames(video)}
    assert 45 < len(seen) < 90
    assert burnt_time(seen[89].image) == pytest.approx(89 / 30, abs=1e-3)
    assert seen[89].time_s == pytest.approx(89 / 30, abs=1e-3)
    assert capfd.readouterr() == ("", "")


def test_a_seek_that_leads_too_far_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = Clip(key_every=10)
    video = read_video(write_clip(tmp_path / "long.mp4", every(30, 120), clip))
    monkeypatch.setattr(video_frames, "SEEK_MARGIN_S", -1.0)
    assert [f.index for f in frames(video, start=50, stop=53)] == [50, 51, 52]
