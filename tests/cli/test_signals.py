"""A command that is ended by a signal leaves nothing, and a killed one little."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from archive_world import write_walk

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")

QUIET = ("--set", "report.html=false", "--set", "report.pdf=false")
LONGEST_S = 120.0


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_walk(tmp_path_factory.mktemp("walk") / "walk.trc")


def begun(walk: Path, folder: Path, *before: str) -> subprocess.Popen[bytes]:
    """Start an assessment and return it when its folder has begun."""
    words = (sys.executable, "-m", "gaitkit", "assess", str(walk), *QUIET)
    process = subprocess.Popen(
        [*before, *words, "--out", str(folder / "out")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + LONGEST_S
    while not any(folder.glob(".*.part")):
        assert process.poll() is None, "it ended before it could be stopped"
        assert time.monotonic() < until
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_to_end_is_obeyed_and_leaves_nothing(
    ending: str, walk: Path, tmp_path: Path
) -> None:
    process = begun(walk, tmp_path)
    process.send_signal(getattr(signal, ending))
    _, told = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 130, told
    assert b"Traceback" not in told
    assert not list(tmp_path.iterdir())


def test_a_killed_run_is_cleared_by_the_next(walk: Path, tmp_path: Path) -> None:
    process = begun(walk, tmp_path)
    process.kill()
    process.communicate(timeout=LONGEST_S)
    assert len(list(tmp_path.glob(".*.part"))) == 1
    again = subprocess.run(
        [*process.args, "--force"],  # type: ignore[misc]
        capture_output=True,
        check=False,
    )
    assert again.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_under_nohup_outlives_its_terminal(walk: Path, tmp_path: Path) -> None:
    process = begun(walk, tmp_path, "nohup")
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0
    assert (tmp_path / "out" / "assessment.json").is_file()
