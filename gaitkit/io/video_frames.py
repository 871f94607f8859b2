"""The pictures of a video, decoded in the background while the caller works.

Few frames wait between decoder and caller, so memory stays flat in the length of
the film, and both run at once because libav works outside Python's lock. Where every
core has work of its own, as in an archive, the caller decodes for itself instead.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import av
import numpy as np

from gaitkit.errors import InputError
from gaitkit.io.video_container import Turner, decoded, open_video, tick_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream

    from gaitkit.io.video import VideoFile

RGB = 3
"""Bytes of a pixel."""

WAITING_FRAMES = 4
"""Frames decoded ahead of the caller: enough to hide a slow one, 25 MB at 1080p."""

SEEK_MARGIN_S = 1.0
"""Played seconds before the wanted frame at which decoding starts, so that frames
which lean on an earlier key frame are whole."""

SEEKABLE = ("mov", "matroska")
"""Starts of libav's names for containers with an index; others play from the start."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One picture.

    Attributes
    ----------
    index : int
        Number in the whole film, counted from 0.
    time_s : float
        Real seconds since the first frame of the film.
    image : array (height, width, 3)
        RGB, uint8, upright. Its own memory: it may be drawn upon. C-contiguous,
        but for a film that is decoded on one core, where rows may lie apart.
    again : callable or None
        Paints ``image`` anew from the decoded picture, which takes half the memory of
        its pixels; for a film that is decoded on one core. Whoever replaces ``image``
        sets it to None.
    """

    index: int
    time_s: float
    image: np.ndarray
    again: Callable[[], np.ndarray] | None = None


def frames(
    video: VideoFile,
    *,
    start: int = 0,
    stop: int | None = None,
    one_core: bool = False,
) -> Iterator[Frame]:
    """Decode a video, or frames ``start`` to ``stop`` (not included) of it.

    Parameters
    ----------
    video : VideoFile
        From ``read_video``.
    start, stop : int, int or None
        Frame numbers; None is the end.
    one_core : bool
        True to decode between the pictures, in the caller's own thread, and to give
        them as libav leaves them: contiguous in each row, but not always from row to
        row. That spares a copy of every picture.

    Yields
    ------
    Frame
        In order. A frame that is damaged in the file is left out, so that its
        number is missing.

    Raises
    ------
    InputError
        If the range is empty or outside the film, its pictures change size, or the
        file has changed.

    Notes
    -----
    Closing the generator stops the decoder.
    """
    last = video.stamps.size if stop is None else stop
    if not 0 <= start < last <= video.stamps.size:
        msg = (
            f"{video.path}: expected frames within 0 to {video.stamps.size}, "
            f"got {start} to {last}"
        )
        raise InputError(msg)
    pictures = _decode(video, start=start, stop=last, one_core=one_core)
    return pictures if one_core else _in_background(pictures)


def _decode(
    video: VideoFile, *, start: int, stop: int, one_core: bool
) -> Iterator[Frame]:
    turn, colour = Turner(video.orientation), av.video.reformatter.VideoReformatter()
    for index, picture in _from(video, start=start, one_core=one_core):
        if index >= stop:
            return
        _require_size(video, picture, index)
        upright, time_s = turn(picture), float(video.time_s[index])
        if one_core:
            paint = partial(_pixels, upright, colour, (video.width, video.height))
            yield Frame(index=index, time_s=time_s, image=paint(), again=paint)
        else:
            rgb = colour.reformat(
                upright, width=video.width, height=video.height, format="rgb24"
            )
            image = np.ascontiguousarray(rgb.to_ndarray())
            yield Frame(index=index, time_s=time_s, image=image)


def _require_size(video: VideoFile, picture: VideoFrame, index: int) -> None:
    """Refuse a film whose pictures change size: a pixel is no fixed length then."""
    size = video.orientation.shown_size(picture.width, picture.height)
    if size != (video.width, video.height):
        msg = (
            f"{video.path}: expected pictures of {video.width} x {video.height} pixels "
            f"to the end, got {size[0]} x {size[1]} in frame {index}; give each part "
            "as a film of its own, or copy the film again"
        )
        raise InputError(msg)


def _pixels(
    picture: VideoFrame, colour: VideoReformatter, size: tuple[int, int]
) -> np.ndarray:
    """Return the RGB pixels of a frame where libav leaves them."""
    width, height = size
    rgb = colour.reformat(
        picture, width=width, height=height, format="rgb24", threads=1
    )
    plane, shape = rgb.planes[0], (height, width, RGB)
    rows = memoryview(plane)  # keeps the frame alive
    return np.ndarray(shape, np.uint8, rows, strides=(plane.line_size, RGB, 1))


def _from(
    video: VideoFile, *, start: int, one_core: bool
) -> Iterator[tuple[int, VideoFrame]]:
    """Yield decoded frames with their number, from ``start`` on.

    Decoding begins a little before; where that leads too far, at the beginning.
    """
    for sought in (True, False) if start else (False,):
        with open_video(video.path, one_core=one_core) as (container, stream):
            if sought and not _seek(video, container, stream, start=start):
                continue
            numbered = _numbered(video, container, stream)
            first = next(numbered, None)
            if sought and (first is None or first[0] > start):
                continue
            known = chain([first] if first else [], numbered)
            yield from (entry for entry in known if entry[0] >= start)
            return


def _seek(
    video: VideoFile, container: InputContainer, stream: VideoStream, *, start: int
) -> bool:
    """Go to a place before a frame; return whether that was possible."""
    if not (video.stamped and str(container.format.name).startswith(SEEKABLE)):
        return False
    margin = int(SEEK_MARGIN_S / tick_of(stream))
    try:
        container.seek(int(video.stamps[start]) - margin, stream=stream)
    except av.FFmpegError:
        return False
    return True


def _numbered(
    video: VideoFile, container: InputContainer, stream: VideoStream
) -> Iterator[tuple[int, VideoFrame]]:
    """Yield decoded frames with their number in the whole film."""
    if not video.stamped:
        yield from zip(
            range(video.stamps.size), decoded(container, stream), strict=False
        )
        return
    previous = -1
    for picture in decoded(container, stream):
        if picture.pts is None:
            continue
        index = int(np.searchsorted(video.stamps, picture.pts))
        known = index < video.stamps.size and video.stamps[index] == picture.pts
        if known and index > previous:
            previous = index
            yield index, picture


def _in_background(source: Iterator[Frame]) -> Iterator[Frame]:
    """Run an iterator in a thread and yield what it gives, errors included."""
    ready: queue.Queue[Frame | BaseException | None] = queue.Queue(WAITING_FRAMES)
    stopped = threading.Event()
    worker = threading.Thread(
        target=_fill, args=(source, ready, stopped), name="decoder", daemon=True
    )
    worker.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        with contextlib.suppress(queue.Empty):  # wakes a decoder that waits for room
            while True:
                ready.get_nowait()
        worker.join()


def _fill(
    source: Iterator[Frame],
    ready: queue.Queue[Frame | BaseException | None],
    stopped: threading.Event,
) -> None:
    """Put every frame into the queue, then None or the error that ended it."""
    end: BaseException | None = None
    try:
        for frame in source:
            ready.put(frame)
            if stopped.is_set():
                break
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        end = error
    finally:
        source.close()  # type: ignore[attr-defined]
    if not stopped.is_set():
        ready.put(end)
