"""What a file is, by its content and never by its name."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from video_clips import Clip, every, write_clip

from gaitkit.errors import FormatError, InputError
from gaitkit.io.identify import identify, inspect

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.recording import RecordingKind

TRC = """PathFileType\t4\t(X/Y/Z)\twalk.trc
DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate
{rate}\t100\t51\t2\tmm\t100
Frame#\tTime\tL.Heel\t\t\tR.Heel\t\t
\t\tX1\tY1\tZ1\tX2\tY2\tZ2

"""
ROWS = "".join(f"{n + 1}\t{n / 100}\t1\t2\t3\t4\t5\t6\n" for n in range(51))


def film(path: Path, **options: object) -> Path:
    """Write a short video."""
    return write_clip(path, every(30, 6), Clip(**options))  # type: ignore[arg-type]


def named_wrong(path: Path) -> Path:
    """Give a file a name that says nothing."""
    return path.rename(path.with_name("recording.dat"))


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "avi", "ts"])
def test_a_video_is_known_by_its_content(suffix: str, tmp_path: Path) -> None:
    tick = Fraction(1, 30) if suffix == "avi" else Fraction(1, 30_000)
    assert identify(named_wrong(film(tmp_path / f"f.{suffix}", tick=tick))) == "video"


@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff", "webp"])
def test_a_photo_may_be_a_stance_picture(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"p.{suffix}"
    cv2.imwrite(str(path), np.zeros((20, 20, 3), np.uint8))
    assert identify(named_wrong(path)) == "stance"


def test_a_trc_is_known_and_told(tmp_path: Path) -> None:
    path = tmp_path / "walk.txt"
    path.write_text(TRC.format(rate=100) + ROWS)
    found = inspect(path)
    assert (found.kind, found.format, found.units) == ("markers", "TRC", "mm")
    assert found.points == ("L.Heel", "R.Heel")
    assert found.timing is not None
    assert found.timing.rate_hz == 100
    assert found.timing.duration_s == pytest.approx(0.5)
    assert found.timing.source == "header"


@pytest.mark.parametrize("rate", ["fast", "0", ""])
def test_a_trc_without_a_rate_is_refused(rate: str, tmp_path: Path) -> None:
    path = tmp_path / "walk.trc"
    path.write_text(TRC.format(rate=rate))
    with pytest.raises(FormatError, match="expected a TRC header with DataRate"):
        inspect(path)


def test_a_damaged_c3d_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "walk.c3d"
    path.write_bytes(b"\x02\x50" + bytes(2000))
    assert identify(path) == "markers"
    with pytest.raises(FormatError, match="expected a whole C3D file"):
        inspect(path)


def test_a_video_is_told_with_its_clock_and_size(tmp_path: Path) -> None:
    found = inspect(film(tmp_path / "f.mp4", turn_deg=90))
    assert found.kind == "video"
    assert found.format == "MP4 or MOV video, h264"
    assert found.rotation_deg == 90
    assert (found.width, found.height) == (192, 112)
    assert found.timing is not None
    assert found.timing.rate_hz == pytest.approx(30)
    assert found.warnings == ()


def test_what_is_odd_about_a_clock_is_told(tmp_path: Path) -> None:
    times = [0, 1 / 30, 2 / 30, 4 / 30, 5 / 30, 6 / 30, 7 / 30, 8 / 30]
    slow = {"com.android.capture.fps": "120"}
    clip = Clip(tags=slow, file_options={"movflags": "use_metadata_tags"})
    found = inspect(write_clip(tmp_path / "f.mp4", times, clip))
    codes = [warning.code for warning in found.warnings]
    assert codes == ["video_frames_dropped", "video_slow_motion_tag"]
    assert "120" in found.warnings[1].text.nl
    uneven = [0, 0.03, 0.07, 0.1, 0.145, 0.18]
    codes = [w.code for w in inspect(write_clip(tmp_path / "v.mp4", uneven)).warnings]
    assert codes == ["video_rate_varies"]
    old = film(tmp_path / "o.avi", tick=Fraction(1, 30))
    assert [w.code for w in inspect(old).warnings] == ["video_without_stamps"]


def test_the_maker_is_told_when_the_camera_says_so(tmp_path: Path) -> None:
    tags = {"com.android.manufacturer": "Fairphone", "com.android.model": "FP5"}
    path = film(
        tmp_path / "f.mp4", tags=tags, file_options={"movflags": "use_metadata_tags"}
    )
    assert inspect(path).maker == "Fairphone FP5"


def test_an_inspection_reads_as_words_in_both_languages(tmp_path: Path) -> None:
    found = inspect(film(tmp_path / "f.mp4", turn_deg=90))
    assert list(found.lines("en")) == [
        ("file", str(tmp_path / "f.mp4")),
        ("kind", "video"),
        ("format", "MP4 or MOV video, h264"),
        ("rate", "30 Hz (time stamp of each frame)"),
        ("clock", "6 frames, constant, jitter 0.0 ms, 0 dropped, 0 duplicated"),
        ("duration", "0.17 s"),
        ("size", "192 x 112, turned by 90 degrees"),
        ("unit", "px"),
    ]
    dutch = dict(found.lines("nl"))
    assert dutch["snelheid"] == "30 Hz (tijdstempel van elk beeld)"
    assert len(dutch) == 8


REFUSALS: dict[str, tuple[bytes | None, type[InputError], str]] = {
    "missing": (None, InputError, "there is no such file; check the path"),
    "empty": (b"", FormatError, r"got an empty file \(0 bytes\)"),
    "text": (b"geen opname\n" * 9, FormatError, "got a text file; give the recording"),
    "noise": (bytes(range(256)), FormatError, "got content of no known format"),
    "document": (b"%PDF-1.7\n", InputError, "got PDF document"),
    "forces": (
        b"grf\nversion=1\nnRows=10\nnColumns=3\nendheader\ntime\tground_force_vx\n",
        InputError,
        "got OpenSim MOT or STO",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_no_recording_is_refused(name: str, tmp_path: Path) -> None:
    content, error, message = REFUSALS[name]
    path = tmp_path / "file.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=message) as caught:
        identify(path)
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="got a folder; give one file in it"):
        inspect(tmp_path)


REAL: dict[str, tuple[RecordingKind, float]] = {
    "video/sports2d_demo.mp4": ("video", 30),
    "markers/bmc/Gait.c3d": ("markers", 100),
    "markers/bmc/walk.trc": ("markers", 150),
    "plates/emed/NP21_2386.lst": ("plate", 100),
    "plates/tekscan/subj_01L.asf": ("plate", 31.25),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_told_with_their_rate(name: str, shared_data: Path) -> None:
    kind, rate_hz = REAL[name]
    found = inspect(shared_data / name)
    assert found.kind == kind
    assert found.timing is not None
    assert found.timing.rate_hz == pytest.approx(rate_hz, rel=1e-3)
