"""Pictures of a real walker, for the tests that need a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from real_walker import Walker

from gaitkit.io.video import read_video
from gaitkit.io.video_frames import frames
from gaitkit.pose.frames import Clip

if TYPE_CHECKING:
    from pathlib import Path

WALKER_ROWS = slice(470, 994)
"""Rows of ``sports2d_demo.mp4`` below the roof on which the bystander stands."""


@pytest.fixture(scope="session")
def demo_video(shared_data: Path) -> Path:
    return shared_data / "video" / "sports2d_demo.mp4"


@pytest.fixture(scope="session")
def demo_clip(demo_video: Path) -> Clip:
    video = read_video(demo_video)
    return Clip(
        time_s=video.time_s,
        width=video.width,
        height=video.height,
        open_frames=lambda start, stop: frames(video, start=start, stop=stop),
    )


@pytest.fixture(scope="session")
def walker(demo_clip: Clip) -> Walker:
    """Return crops of frames 60 to 100, every tenth."""
    pictures = tuple(
        np.ascontiguousarray(frame.image[WALKER_ROWS])
        for frame in demo_clip.open_frames(60, 101)
        if frame.index % 10 == 0
    )
    return Walker(
        pictures=pictures,
        hips=((1410, 275), (1305, 265), (1230, 270), (1125, 265), (1030, 270)),
    )
