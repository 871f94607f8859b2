"""Files that are no film of a walk: each refused in one clear line."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from video_clips import Clip, every, write_clip

from gaitkit.errors import FormatError, InputError
from gaitkit.io.video import frames, read_video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FASTSTART = {"movflags": "faststart"}


def clip(path: Path, count: int = 60, **options: dict[str, str]) -> Path:
    """Write an ordinary clip."""
    return write_clip(path, every(30, count), Clip(**options))


def missing(folder: Path) -> Path:
    return folder / "nowhere.mp4"


def a_folder(folder: Path) -> Path:
    return folder


def empty(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


def text(folder: Path) -> Path:
    path = folder / "text.mp4"
    path.write_text("dit is geen film, één regel tekst\n" * 300, encoding="utf-8")
    return path


def playlist(folder: Path) -> Path:
    path = folder / "list.mp4"
    path.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    return path


def noise(folder: Path) -> Path:
    path = folder / "noise.mp4"
    path.write_bytes(np.random.default_rng(0).bytes(5000))
    return path


def without_index(folder: Path) -> Path:
    whole = clip(folder / "whole.mp4").read_bytes()
    path = folder / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"moov") - 10])
    return path


def index_without_pictures(folder: Path) -> Path:
    whole = clip(folder / "whole.mp4", file_options=FASTSTART).read_bytes()
    path = folder / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"mdat") + 8])
    return path


def sound(folder: Path) -> Path:
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16000))
    return path


def sound_in_mp4(folder: Path) -> Path:
    path = folder / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        silence = np.zeros((1, 1024), np.float32)
        frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
        frame.rate, frame.pts = 44100, 0
        for item in (frame, None):
            container.mux(stream.encode(item))
    return path


def one_frame(folder: Path) -> Path:
    return clip(folder / "one.mp4", 1)


def photo(folder: Path, suffix: str = "jpg") -> Path:
    path = folder / f"photo.{suffix}"
    cv2.imwrite(str(path), np.full((90, 160, 3), 90, np.uint8))
    return path


def screenshot(folder: Path) -> Path:
    return photo(folder, "png")


def photo_named_mp4(folder: Path) -> Path:
    return photo(folder).rename(folder / "photo.mp4")


def bare_stream(folder: Path) -> Path:
    return clip(folder / "bare.h264")


REFUSALS: list[tuple[Callable[[Path], Path], type[InputError], str]] = [
    (missing, InputError, "expected a video file, and there is none; check the path"),
    (a_folder, InputError, "expected a video file, got a folder"),
    (empty, FormatError, r"got an empty file \(0 bytes\); copy it again"),
    (text, FormatError, "expected a video, got a text file"),
    (playlist, FormatError, "expected a video, got a text file"),
    (noise, FormatError, "got content that is none of these or is damaged"),
    (without_index, FormatError, r"cut off before its index \(moov\) was written"),
    (index_without_pictures, FormatError, "expected pictures, and none can be decoded"),
    (sound, InputError, "expected a video, got sound only"),
    (sound_in_mp4, InputError, "expected a video, got sound only"),
    (one_frame, InputError, "expected a film of a walk, got a single frame"),
    (photo, InputError, "expected a film of a walk, got a still picture"),
    (screenshot, InputError, "expected a film of a walk, got a still picture"),
    (photo_named_mp4, InputError, "expected a film of a walk, got a still picture"),
    (bare_stream, InputError, "expected a video with time stamps, got a bare h264"),
]


@pytest.mark.parametrize(
    ("make", "error", "message"), REFUSALS, ids=[r[0].__name__ for r in REFUSALS]
)
def test_what_is_no_film_is_refused_in_one_line(
    make: Callable[[Path], Path],
    error: type[InputError],
    message: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = make(tmp_path)
    with pytest.raises(error, match=message) as caught:
        read_video(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    assert ";" in line, "the message says what to do"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert capfd.readouterr() == ("", ""), "libav stays silent"


def test_a_film_cut_off_in_the_middle_is_read_as_far_as_it_goes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = clip(tmp_path / "whole.mp4", 120, file_options=FASTSTART).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    video = read_video(path)
    assert 20 < video.timing.frames < 120
    assert [reason.code for reason in video.reasons] == ["video_cut_off"]
    assert "van de 120 beelden" in video.reasons[0].text.nl
    assert len(list(frames(video))) == video.timing.frames
    assert capfd.readouterr() == ("", "")


def with_empty_ticks(path: Path, *, tail: int = 0) -> Path:
    """Write an AVI of twice the rate in which every second chunk is empty.

    The chunks are laid out here, by the published form of RIFF and its index: an
    ordinary AVI has one chunk for each tick, and a picture that was dropped has one
    of length 0.
    """
    whole = clip(path.with_name("whole.avi"), 60).read_bytes()
    movi = whole.index(b"movi")
    chunks, place = [], movi + 4
    while whole[place : place + 4] == b"00dc":
        size = int.from_bytes(whole[place + 4 : place + 8], "little")
        chunks += [whole[place + 8 : place + 8 + size], b""]
        place += 8 + size + size % 2
    chunks += [b""] * tail
    body, index = b"movi", b""
    for data in chunks:
        sizes = len(body).to_bytes(4, "little") + len(data).to_bytes(4, "little")
        index += b"00dc" + (16 if data else 0).to_bytes(4, "little") + sizes
        body += b"00dc" + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)
    head = bytearray(whole[: movi - 8])
    avih, strh = head.index(b"avih") + 8, head.index(b"strh") + 8
    count = len(chunks).to_bytes(4, "little")
    head[avih + 16 : avih + 20] = head[strh + 32 : strh + 36] = count
    rate = 2 * int.from_bytes(head[strh + 24 : strh + 28], "little")
    head[strh + 24 : strh + 28] = rate.to_bytes(4, "little")
    content = head + b"LIST" + len(body).to_bytes(4, "little") + body
    content += b"idx1" + len(index).to_bytes(4, "little") + index
    content[4:8] = (len(content) - 8).to_bytes(4, "little")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("tail", [0, 20])
def test_ticks_without_a_picture_do_not_cut_an_avi_off(
    tail: int, tmp_path: Path
) -> None:
    video = read_video(with_empty_ticks(tmp_path / "ticks.avi", tail=tail))
    assert video.timing.frames == 60
    assert video.timing.rate_hz == pytest.approx(30)
    assert not video.timing.variable
    assert video.reasons == ()


def test_an_avi_that_ends_too_early_says_so_in_pictures(tmp_path: Path) -> None:
    whole = with_empty_ticks(tmp_path / "ticks.avi").read_bytes()
    path = tmp_path / "cut.avi"
    path.write_bytes(whole[: (whole.index(b"movi") + whole.index(b"idx1")) * 2 // 3])
    video = read_video(path)
    (why,) = video.reasons
    assert why.code == "video_cut_off"
    assert f"{video.timing.frames} of its 60 frames" in why.text.en


@pytest.mark.parametrize("name", ["film.mp4", "film.avi", "film.mkv"])
def test_an_interlaced_film_is_told(name: str, tmp_path: Path) -> None:
    path = clip(tmp_path / name, codec_options={"x264-params": "tff=1"})
    codes = [why.code for why in read_video(path).reasons]
    assert codes == ["video_interlaced"]
