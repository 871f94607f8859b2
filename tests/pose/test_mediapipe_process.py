"""The process in which mediapipe runs: closed, silent, and never left behind."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, GaitkitError, MissingExtraError
from gaitkit.pose import mediapipe as backend_module
from gaitkit.pose.mediapipe import MediaPipe
from gaitkit.pose.settings import PoseSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = PoseSettings(backend="mediapipe")
GREY = np.full((80, 60, 3), 128, np.uint8)
ENDS_WITHIN_S = 10.0


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let a small script of the test run in place of the child."""
    monkeypatch.setattr(backend_module, "_require_mediapipe", lambda: None)
    monkeypatch.setattr(backend_module, "model_path", lambda name: tmp_path / name)
    monkeypatch.setattr(backend_module, "file_hash", lambda path: path)
    monkeypatch.setattr(backend_module.child, "__name__", "stand_in")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "stand_in.py"


READY = "import sys, struct; sys.stdout.buffer.write(struct.pack('<cI', b'R', 0))\n"
READY += "sys.stdout.flush()\n"


def test_without_the_package_the_install_command_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> str:
        raise backend_module.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(backend_module.metadata, "version", absent)
    with pytest.raises(MissingExtraError, match=r"pip install 'gaitkit-clinic\[med"):
        MediaPipe(SETTINGS)

    monkeypatch.setattr(backend_module.metadata, "version", lambda _: "0.10.21")
    with pytest.raises(MissingExtraError, match=r"needs mediapipe >= 1.2, got 0.10"):
        MediaPipe(SETTINGS)


@pytest.mark.parametrize("option", [{"mirrored": True}, {"region_scale": 1.15}])
def test_options_that_the_package_lacks_are_refused(
    option: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend_module, "_require_mediapipe", lambda: None)
    with pytest.raises(ConfigError, match=r"neither pose.mirrored nor"):
        MediaPipe(PoseSettings(backend="mediapipe", **option))  # type: ignore[arg-type]


def test_its_network_is_closed_before_it_starts(
    stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "*")
    seen = stand_in.with_name("seen.txt")
    stand_in.write_text(
        READY + "import os, pathlib\n"
        f"pathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ)))\n"
    )

    MediaPipe(SETTINGS).close()

    surroundings = eval(seen.read_text())
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        assert surroundings[name] == surroundings[name.upper()] == "http://127.0.0.1:9"
    assert "no_proxy" not in {name.lower() for name in surroundings}


def test_a_crash_is_one_line_with_its_last_words(stand_in: Path) -> None:
    stand_in.write_text(
        READY + "import os\n"
        "os.write(2, b'W0000 noise\\nF0000 no EGL display\\n'); os.abort()\n"
    )
    backend = MediaPipe(SETTINGS)

    with pytest.raises(GaitkitError) as raised:
        backend.detect(GREY)

    message = str(raised.value)
    assert "ended unexpectedly" in message
    assert "last words: F0000 no EGL display" in message
    assert "pose.backend = 'blazepose'" in message
    assert "\n" not in message
    backend.close()


def test_a_start_that_fails_names_what_is_missing(stand_in: Path) -> None:
    words = "ImportError: libEGL.so.1: cannot open shared object file"
    stand_in.write_text(
        "import sys, struct\n"
        f"said = {words!r}.encode()\n"
        "sys.stdout.buffer.write(struct.pack('<cI', b'E', len(said)) + said)\n"
    )

    with pytest.raises(MissingExtraError, match=r"libEGL\.so\.1.*EGL and GLES"):
        MediaPipe(SETTINGS)


def test_a_child_that_hangs_is_ended(
    stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend_module, "CLOSE_TIMEOUT_S", 0.2)
    stand_in.write_text(READY + "import time; time.sleep(600)\n")
    backend = MediaPipe(SETTINGS)

    backend.close()

    assert backend._process.returncode == -signal.SIGKILL


@pytest.mark.models
@pytest.mark.mediapipe
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_it_is_silent_and_ends_when_its_parent_is_killed(model_files: Path) -> None:
    if importlib.util.find_spec("mediapipe") is None:
        pytest.skip("mediapipe is not installed")
    script = (
        "import numpy as np, time\n"
        "from gaitkit.pose.mediapipe import MediaPipe\n"
        "from gaitkit.pose.settings import PoseSettings\n"
        "backend = MediaPipe(PoseSettings(backend='mediapipe'))\n"
        "backend.detect(np.full((200, 200, 3), 90, np.uint8))\n"
        "print(backend._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "GAITKIT_MODELS": str(model_files)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())

    parent.kill()
    _, said = parent.communicate()

    assert said == b""
    end = time.monotonic() + ENDS_WITHIN_S
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")  # who waits for nobody stays as a zombie
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
