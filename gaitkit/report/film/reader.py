"""Reading the pictures of a video as they are stored, with their place in the film."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.video_container import Turner, decoded, open_video

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from gaitkit.io.video import VideoFile

PLANAR = frozenset({"yuv420p", "yuvj420p"})
"""Formats of brightness and half-size colour planes, as most cameras write."""

SEEK_MARGIN_S = 1.0
"""Played seconds before a wanted picture at which decoding starts."""

NEAR_S = 3.0
"""Wanted pictures that lie closer in time than this are read in one go."""

SEEKABLE = ("mov", "matroska")
"""Starts of libav's names for containers with an index."""


def numbered(
    video: VideoFile, container: InputContainer, stream: VideoStream
) -> Iterator[tuple[int, VideoFrame]]:
    """Yield each picture upright, in planes, with its number in the film."""
    turn = Turner(video.orientation)
    previous = -1
    for order, picture in enumerate(decoded(container, stream)):
        index = order
        if video.stamped:
            index = int(np.searchsorted(video.stamps, picture.pts or 0))
            if index == video.stamps.size or video.stamps[index] != picture.pts:
                continue
        if previous < index < video.stamps.size:
            previous = index
            upright = turn(picture)
            if upright.format.name not in PLANAR:
                upright = upright.reformat(format="yuv420p")
            yield index, upright


def pictures_at(video: VideoFile, wanted: Iterable[int]) -> dict[int, np.ndarray]:
    """Return single pictures of a video as RGB (height, width, 3), by their number.

    Parameters
    ----------
    video : VideoFile
        From ``read_video``.
    wanted : iterable of int
        Frame numbers; those outside the film and damaged ones are left out.
    """
    inside = sorted({index for index in wanted if 0 <= index < video.time_s.size})
    found: dict[int, np.ndarray] = {}
    while inside:
        near = _near(video, inside)
        found |= _read(video, near)
        inside = inside[len(near) :]
    return found


def _near(video: VideoFile, wanted: list[int]) -> list[int]:
    """Return the leading numbers that are best read in one go."""
    times = video.time_s[wanted]
    gaps = np.flatnonzero(np.diff(times) > NEAR_S)
    return wanted[: int(gaps[0]) + 1] if gaps.size else wanted


def _read(video: VideoFile, wanted: list[int]) -> dict[int, np.ndarray]:
    found: dict[int, np.ndarray] = {}
    with open_video(video.path) as (container, stream):
        seekable = str(container.format.name).startswith(SEEKABLE)
        if wanted[0] and video.stamped and seekable and stream.time_base is not None:
            margin = int(SEEK_MARGIN_S / stream.time_base)
            container.seek(int(video.stamps[wanted[0]]) - margin, stream=stream)
        for index, picture in numbered(video, container, stream):
            if index in wanted:
                shown = picture.reformat(
                    width=video.width, height=video.height, format="rgb24"
                )
                found[index] = np.ascontiguousarray(shown.to_ndarray())
            if index >= wanted[-1]:
                break
    return found
