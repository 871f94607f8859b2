"""Frames of overlay film per second of CPU time: decode, draw and encode together.

python benchmarks/speed/overlay.py VIDEO --height 1.65
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from gaitkit.config import Config
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.video import analyse_video
from gaitkit.report.overlay import write_overlay
from gaitkit.report.words import words


def main() -> None:
    """Analyse a video once, film its overlay several times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--height", type=float, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    analysis = analyse_video(
        RecordingInput(file=options.video),
        Subject(height_m=options.height),
        recording_id="video_1",
        config=Config(),
    )
    timing = analysis.recording.timing
    assert timing is not None
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            start = time.process_time()
            write_overlay(
                analysis, Path(folder) / "o.mp4", blurred=True, words=words("en")
            )
            rates.append(timing.frames / (time.process_time() - start))
    print(
        f"overlay: {statistics.median(rates):.0f} frames per CPU second "
        f"({min(rates):.0f} to {max(rates):.0f}, {options.rounds} films of "
        f"{timing.frames} frames)"
    )


if __name__ == "__main__":
    main()
