"""Speed and memory of a whole `assess` against a bare mediapipe loop.

Each figure is a ratio of two fresh processes run alternately on the same machine:
absolute seconds of a shared machine say little. Write the table of RESULTS.md with

    python benchmarks/speed/run.py VIDEO --height 1.65

VIDEO is a real walk of some seconds; it is repeated for the longer clips.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from clips import repeat_clip

HERE = Path(__file__).resolve().parent
MINUTE_S = 60
LONG_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Wall and CPU seconds of one finished process and its peak memory."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measure(command: list[str]) -> Run:
    """Run a command to its end and account for it and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    stderr: list[str] = []
    reader = threading.Thread(target=lambda: stderr.extend(process.stderr or ()))
    reader.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start
    reader.join()
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)} failed:\n{''.join(stderr)}")
    return Run(
        wall_s=wall_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
    )


def assess_command(video: Path, out: Path, *, height_m: float) -> list[str]:
    """Return the call of a whole assess with report and overlay off."""
    return [
        sys.executable, "-m", "gaitkit", "assess", str(video), "--out", str(out),
        "--force", "--set", f"subject.height_m={height_m}",
        "--set", "report.html=false", "--set", "report.pdf=false",
        "--set", "report.overlay=false",
    ]  # fmt: skip


def compare(video: Path, bundle: Path, *, height_m: float, rounds: int) -> list[str]:
    """Run both alternately and return the cells of a table row."""
    ratios, cpu_ratios, ours, theirs = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            a = measure(assess_command(video, Path(folder) / "out", height_m=height_m))
            b = measure(
                [
                    sys.executable,
                    str(HERE / "bare_mediapipe.py"),
                    str(video),
                    str(bundle),
                ]
            )
            ratios.append(a.wall_s / b.wall_s)
            cpu_ratios.append(a.cpu_s / b.cpu_s)
            ours.append(a)
            theirs.append(b)
    return [
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})",
        f"{statistics.median(cpu_ratios):.2f}",
        f"{max(r.peak_mb for r in ours):.0f}",
        f"{max(r.peak_mb for r in theirs):.0f}",
        str(rounds),
    ]


def main() -> None:
    """Measure the clip as it is, one minute of it, and the memory of ten minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--height", type=float, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-long", action="store_true")
    options = parser.parse_args()

    from gaitkit.io.video import read_video
    from gaitkit.pose.files import DETECTOR, model_path
    from gaitkit.pose.mediapipe_child import task_bundle

    duration_s = read_video(options.video).timing.duration_s or 0.0
    lines = [
        "| clip | wall ratio assess / bare, median (range) | CPU ratio "
        "| peak assess MB | peak bare MB | rounds |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "full.task"
        networks = (model_path(name).read_bytes() for name in (DETECTOR, "full"))
        bundle.write_bytes(task_bundle(*networks))
        minute = Path(folder) / "minute.mp4"
        repeat_clip(options.video, minute, times=round(MINUTE_S / duration_s))
        for name, clip in ((f"{duration_s:.0f} s", options.video), ("1 min", minute)):
            cells = compare(
                clip, bundle, height_m=options.height, rounds=options.rounds
            )
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        if not options.skip_long:
            long = Path(folder) / "long.mp4"
            repeat_clip(options.video, long, times=round(LONG_S / duration_s))
            run = measure(
                assess_command(long, Path(folder) / "out", height_m=options.height)
            )
            lines.append(f"| 10 min | - | - | {run.peak_mb:.0f} | - | 1 |")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
