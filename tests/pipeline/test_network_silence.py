"""A whole assess, report and overlay included, calls nobody outside the machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "sample_data"

OUTWARD = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")
INTERNET = re.compile(r"sa_family=AF_INET6?")
LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')


def outward_calls(trace: str) -> list[str]:
    """Return the calls to an internet address that is not this machine."""
    return [
        line
        for line in trace.splitlines()
        if OUTWARD.search(line) and INTERNET.search(line) and not LOOPBACK.search(line)
    ]


def test_the_filter_sees_an_outward_call() -> None:
    trace = (
        "connect(3, {sa_family=AF_INET, sin_port=htons(53), "
        'sin_addr=inet_addr("8.8.8.8")}, 16) = 0\n'
        "connect(4, {sa_family=AF_INET, sin_port=htons(9), "
        'sin_addr=inet_addr("127.0.0.1")}, 16) = 0\n'
        'connect(5, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0\n'
    )
    assert len(outward_calls(trace)) == 1


@pytest.mark.models
@pytest.mark.usefixtures("model_files")
@pytest.mark.parametrize(
    "backend", ["blazepose", pytest.param("mediapipe", marks=pytest.mark.mediapipe)]
)
def test_a_whole_assess_calls_nobody(backend: str, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; .ci/run installs it")
    if backend == "mediapipe":
        pytest.importorskip("mediapipe")
    trace = tmp_path / "trace.txt"
    settings = ["--set", f"pose.backend={backend}"]
    if backend == "mediapipe":
        settings += ["--set", "report.overlay=false", "--set", "report.pdf=false"]
    result = subprocess.run(
        [
            "strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(trace),
            sys.executable, "-m", "gaitkit", "assess", str(SAMPLE),
            "--out", str(tmp_path / "out"), *settings,
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "assessment.json").is_file()
    assert outward_calls(trace.read_text(encoding="utf-8")) == []
