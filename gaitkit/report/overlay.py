"""The overlay film: the recording with skeleton, angles and events drawn in.

Each frame keeps its own time stamp, so that a film with a variable rate stays true.
Frames pass through one at a time: memory does not grow with the length of the film.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.video import read_video
from gaitkit.io.video_container import open_video
from gaitkit.report.film.canvas import Canvas
from gaitkit.report.film.reader import numbered
from gaitkit.report.film.scene import draw, scene_of, speed_factor_of

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from gaitkit.io.video import VideoFile
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.progress import Progress
    from gaitkit.report.film.scene import Scene
    from gaitkit.report.words import Words

MAX_EDGE_PX = 1280
"""Longest edge of the overlay; larger films are reduced, which halves the time of a
full-HD film and its size."""

CODEC = "libx264"
PIXELS = "yuv420p"
OPTIONS = {"preset": "ultrafast", "crf": "24", "x264-params": "no-deblock=0"}
"""The quickest preset, with its blocks smoothed: on 230 frames of 1280 x 720 it took
15 % less processor time than ``superfast`` and a file 40 % larger."""

MUXER_OPTIONS = {"movflags": "+faststart"}
"""The index stands in front, so that a browser can play while it loads."""


def write_overlay(
    analysis: Analysis,
    file: Path,
    *,
    blurred: bool,
    words: Words,
    progress: Progress | None = None,
) -> None:
    """Write the overlay film of a video recording.

    Parameters
    ----------
    analysis : Analysis
        A video with its source and its keypoints in pixels.
    file : Path
        Where to write, ending in ``.mp4``; written in place, so give a temporary
        name and rename when this returns.
    blurred : bool
        Blur everything but the body of the followed person; a frame without a known
        head is blurred as a whole.
    words : Words
        Language of the words in the picture.
    progress : Progress or None
        Told how many frames are done.

    Raises
    ------
    InputError
        If the source can no longer be read.
    OutputError
        If the film cannot be written, or the recording has no picture points.
    """
    import av

    scene = scene_of(analysis, blurred=blurred, words=words)
    if scene is None or analysis.source is None:
        msg = f"{file.name}: expected a video with keypoints, got a recording without"
        raise OutputError(msg)
    video = read_video(analysis.source, speed_factor=speed_factor_of(analysis))
    try:
        _film(video, scene, file, progress=progress)
    except (av.FFmpegError, OSError) as cause:
        msg = f"{file.name}: the overlay film cannot be written ({cause})"
        raise OutputError(msg) from cause


def _film(
    video: VideoFile, scene: Scene, file: Path, *, progress: Progress | None
) -> None:
    import av

    width, height = _size(video)
    with (
        open_video(video.path) as (container, source),
        av.open(str(file), "w", options=MUXER_OPTIONS) as target,
    ):
        stream = _stream(target, source, size=(width, height))
        for index, picture in numbered(video, container, source):
            frame = av.VideoFrame(width, height, PIXELS)
            frame.pts = int(video.stamps[index] - video.stamps[0])
            frame.time_base = source.time_base
            canvas = _canvas(picture, frame)
            draw(
                canvas,
                scene,
                float(video.time_s[index]),
                scale=width / video.width,
            )
            target.mux(stream.encode(frame))
            if progress is not None:
                progress("overlay", index + 1, video.stamps.size)
        target.mux(stream.encode())


def _canvas(picture: Any, frame: Any) -> Canvas:  # noqa: ANN401 - libav has no types
    """Return the planes of a new frame, filled with the picture at its size."""
    planes = []
    for taken, given in zip(picture.planes, frame.planes, strict=True):
        plane = _view(given)
        size = (given.width, given.height)
        cv2.resize(_view(taken), size, dst=plane, interpolation=cv2.INTER_LINEAR)
        planes.append(plane)
    return Canvas(*planes)


def _view(plane: Any) -> np.ndarray:  # noqa: ANN401
    """Return the pixels of a plane in its own memory."""
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _size(video: VideoFile) -> tuple[int, int]:
    """Return the size of the overlay: even, and no edge beyond `MAX_EDGE_PX`."""
    scale = min(1.0, MAX_EDGE_PX / max(video.width, video.height))
    width, height = (
        max(2, round(edge * scale / 2) * 2) for edge in (video.width, video.height)
    )
    return width, height


def _stream(target: Any, source: Any, *, size: tuple[int, int]) -> Any:  # noqa: ANN401
    """Add the film stream, with the clock and the colours of its source."""
    rate: Fraction = source.average_rate or source.guessed_rate
    stream = target.add_stream(CODEC, rate=rate, options=OPTIONS)
    stream.width, stream.height = size
    stream.pix_fmt = PIXELS
    stream.time_base = stream.codec_context.time_base = source.time_base
    for name in ("color_range", "colorspace", "color_primaries", "color_trc"):
        setattr(stream.codec_context, name, getattr(source.codec_context, name))
    return stream
