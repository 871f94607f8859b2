"""Wrong input at the command line: one `error:` line, exit code 2, nothing left."""

from __future__ import annotations

import errno
import wave
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from video_clips import every, write_clip

from gaitkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs a call which must be refused, and its one line."""

    def run(*words: object) -> str:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        assert stop.value.code == 2, captured.err
        lines = captured.err.splitlines()
        assert len(lines) == 1, captured.err
        assert lines[0].startswith("error: ")
        assert captured.out == ""
        return lines[0]

    return run


def missing(folder: Path) -> Path:
    return folder / "nowhere.mp4"


def empty(folder: Path) -> Path:
    path = folder / "empty.mp4"
    path.touch()
    return path


def text(folder: Path) -> Path:
    path = folder / "text.mp4"
    path.write_text("no film\n" * 500, encoding="utf-8")
    return path


def truncated(folder: Path) -> Path:
    path = write_clip(folder / "whole.mp4", every(30, 60))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def audio_only(folder: Path) -> Path:
    path = folder / "audio.mp4"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    return path


def one_frame(folder: Path) -> Path:
    return write_clip(folder / "one.mp4", every(30, 1))


def still_picture(folder: Path) -> Path:
    path = folder / "still.png"
    cv2.imwrite(str(path), np.zeros((90, 160, 3), np.uint8))
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (missing, "does not exist"),
        (empty, "empty"),
        (text, "text"),
        (truncated, "cut off"),
        (audio_only, "WAV sound"),
        (one_frame, "a single frame"),
        (still_picture, "picture"),
    ],
)
def test_a_file_that_is_no_film_of_a_walk_is_refused_in_one_line(
    make: Callable[[Path], Path],
    says: str,
    tmp_path: Path,
    refusal: Callable[..., str],
) -> None:
    file = make(tmp_path)
    out = tmp_path / "out"
    line = refusal("assess", file, "--out", out)
    assert says in line
    assert not out.exists()
    assert [p.name for p in tmp_path.iterdir() if p != file] == []


@pytest.mark.models
@pytest.mark.usefixtures("model_files")
def test_a_film_without_anybody_is_refused(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "nobody.mp4", every(30, 45))
    line = refusal("assess", file, "--out", tmp_path / "out")
    assert "nobody" in line
    assert not (tmp_path / "out").exists()


def test_an_unknown_setting_names_the_nearest(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    line = refusal("assess", file, "--set", "pose.modell=full")
    assert "'pose.modell'" in line
    assert "did you mean 'model'?" in line


def test_an_unknown_key_in_a_configuration_file_is_refused(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    config = tmp_path / "c.toml"
    config.write_text("[report]\npaper = true\n", encoding="utf-8")
    line = refusal("assess", file, "--config", config)
    assert "c.toml" in line
    assert "'report.paper'" in line


def test_a_setting_without_a_value_says_what_is_expected(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    assert "table.key=value" in refusal("assess", file, "--set", "model")


def test_an_impossible_height_is_refused(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    assert "subject.height_m is 165" in refusal("assess", file, "--height", 165)


def test_a_speed_factor_of_nothing_is_refused_not_ignored(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    line = refusal("assess", file, "--speed-factor", 0, "--out", tmp_path / "out")
    assert "speed_factor is 0; expected real seconds per played second" in line
    assert not (tmp_path / "out").exists()


def test_a_folder_with_results_is_not_overwritten(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    assert "--force" in refusal("assess", file, "--out", out)
    assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_output_below_a_file_cannot_be_written(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))
    refusal("assess", file, "--out", file / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_clip(tmp_path / "a.mp4", every(30, 10))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gaitkit.pipeline.folder.analyse", lambda *_, **__: ())
    monkeypatch.setattr("gaitkit.pipeline.folder.judge", lambda *_, **__: None)
    monkeypatch.setattr("gaitkit.pipeline.folder.write_assessment_json", full)
    line = refusal("assess", file, "--out", tmp_path / "out")
    assert "No space left" in line
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_an_unknown_output_format_is_refused_before_the_film_is_read(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    line = refusal("pose", tmp_path / "nowhere.mp4", "-o", tmp_path / "a.xyz")
    assert "expected a file ending in .parquet, .csv" in line


def test_an_unknown_command_is_refused(refusal: Callable[..., str]) -> None:
    assert "No such command" in refusal("asess")


def test_a_bug_is_called_a_bug_and_is_not_an_input_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gaitkit.config.to_toml", broken)
    with pytest.raises(SystemExit) as stop:
        main(["config"])
    assert stop.value.code == 1
    assert capsys.readouterr().err.startswith("bug: ZeroDivisionError")
