"""Opening a video file, and refusing in one sentence what is not one.

Every call into libav that can fail on a wrong file is made here, so that no error
of libav reaches a user. Only local files are opened: a playlist that points
elsewhere is refused by libav's own protocol list.

Turning the pictures of a video upright, as the display matrix of the file says.

The matrix maps a stored point (x, y), y down, to (a x + c y, b x + d y); phones
write quarter turns, and some front cameras a mirror. The turn is made by libav on
the stored planes, before colours are converted, which is some twenty times faster
than turning the RGB picture in numpy (0.5 against 13 ms for 1920 x 1080).
"""

from __future__ import annotations

import struct
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import av

from gaitkit.errors import FormatError, InputError
from gaitkit.io.formats import head_of, is_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from av.container import InputContainer
    from av.filter import Graph
    from av.packet import Packet as StoredPacket
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

STILL_FORMATS = ("_pipe", "image2", "ico", "gif")
"""Ends of libav's names for formats that hold single pictures."""

RIFF_HEAD_BYTES = 8
"""Name and length of a list in an AVI."""

MATRIX = struct.Struct("=9i")
"""A display matrix: nine 32-bit integers, row by row."""

_FILTERS: dict[tuple[int, int, int, int], tuple[tuple[str, str], ...]] = {
    (1, 0, 0, 1): (),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}
"""libav filters for the signs of (a, b, c, d)."""

_ROTATION_DEG = {
    (1, 0, 0, 1): 0,
    (-1, 0, 0, 1): 0,
    (1, 0, 0, -1): 180,
    (-1, 0, 0, -1): 180,
    (0, 1, -1, 0): 90,
    (0, -1, 1, 0): 270,
    (0, 1, 1, 0): 270,
    (0, -1, -1, 0): 90,
}
"""Clockwise turn for the same signs; a mirror comes before the turn."""

IDENTITY = (1, 0, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One packet of a video, without its content.

    Attributes
    ----------
    stamp : int or None
        When its picture is shown, in ticks of the stream.
    shown : bool
        False when an edit list hides it: the decoder needs it, nobody sees it.
    size : int
        Bytes.
    """

    stamp: int | None
    shown: bool
    size: int


@contextmanager
def open_video(
    path: Path, *, one_core: bool = False
) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a video file and yield its container and its main video stream.

    Parameters
    ----------
    path : Path
        The file.
    one_core : bool
        True to decode in the caller's own thread, else on all cores.

    Yields
    ------
    tuple of (InputContainer, VideoStream)
        Open until the block ends.

    Raises
    ------
    InputError
        If there is no such file, or no video stream that can be decoded in it.
    FormatError
        If the content is not a video.
    """
    _refuse_what_is_no_file(path)
    try:
        container = av.open(
            str(path.resolve()),
            metadata_errors="replace",
            options={"protocol_whitelist": "file"},
        )
    except (av.FFmpegError, OSError, ValueError) as cause:
        raise _why_not_opened(path, cause) from None
    with container:
        stream = _main_stream(path, container)
        stream.thread_type = "NONE" if one_core else "AUTO"
        yield container, stream


def is_still(container: InputContainer) -> bool:
    """Return whether the format is one for single pictures."""
    return str(container.format.name).endswith(STILL_FORMATS)


def tick_of(stream: VideoStream) -> Fraction:
    """Return the unit of the stamps of a stream, in seconds."""
    return cast("Fraction", stream.time_base)


def holds_stamps(container: InputContainer) -> bool:
    """Return False for a container that holds a rate and no stamps."""
    return str(container.format.name) != "avi"


def ends_as_stated(path: Path) -> bool:
    """Return whether an AVI holds as many bytes as its RIFF lists say."""
    size, place = path.stat().st_size, 0
    with path.open("rb") as stream:
        while place < size:
            stream.seek(place)
            head = stream.read(RIFF_HEAD_BYTES)
            length = int.from_bytes(head[4:], "little")
            if not (head.startswith(b"RIFF") and length):
                return place > 0
            place += RIFF_HEAD_BYTES + length + length % 2
    return place <= size + 1  # the last list may lack the byte that fills it up


def has_clock(container: InputContainer) -> bool:
    """Return False for bare streams, to which libav would lend 25 frames a second."""
    return not int(container.format.flags) & int(av.format.Flags.no_timestamps.value)


def packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    """Yield the whole packets of a stream, in the order of storage.

    Raises
    ------
    InputError
        If the file cannot be read on; a file that just ends is no error.
    """
    for packet in _stored(container, stream):
        yield from _whole(packet, container)


def decoded(
    container: InputContainer,
    stream: VideoStream,
    *,
    noted: list[Packet] | None = None,
) -> Iterator[VideoFrame]:
    """Yield the frames that are shown, in that order, damaged ones left out.

    Parameters
    ----------
    container, stream : av.InputContainer, av.VideoStream
        From ``open_video``.
    noted : list of Packet or None
        Takes the whole packets that were read, as ``packets`` gives them.

    Yields
    ------
    av.VideoFrame
        Frames that libav could decode.

    Raises
    ------
    InputError
        If the file cannot be read on, or its codec has features that libav lacks.
    """
    for packet in _stored(container, stream):
        if noted is not None:
            noted.extend(_whole(packet, container))
        try:
            pictures = packet.decode()
        except av.error.InvalidDataError:
            continue
        except av.error.EOFError:
            return
        except av.FFmpegError as cause:
            raise _unreadable(container, cause) from None
        yield from pictures


def _whole(
    packet: StoredPacket[VideoStream], container: InputContainer
) -> tuple[Packet, ...]:
    """Return what is to be known of a packet, nothing of an empty or damaged one.

    AVI holds no stamps: what libav lends it for showing is guessed, the tick at which
    a packet is stored is not.
    """
    if not packet.size or packet.is_corrupt:
        return ()
    stamp = packet.pts if holds_stamps(container) else packet.dts
    return (Packet(stamp=stamp, shown=not packet.is_discard, size=packet.size),)


def _stored(
    container: InputContainer, stream: VideoStream
) -> Iterator[StoredPacket[VideoStream]]:
    """Yield libav's packets until the file ends, however it ends."""
    stored = container.demux(stream)
    while True:
        try:
            packet = next(stored, None)
        except (av.error.InvalidDataError, av.error.EOFError):
            return
        except av.FFmpegError as cause:
            raise _unreadable(container, cause) from None
        if packet is None:
            return
        yield packet


def _unreadable(container: InputContainer, cause: av.FFmpegError) -> InputError:
    return InputError(
        f"{container.name}: expected a video that can be read to its end, and it "
        f"cannot ({cause.strerror}); copy it again or convert it to H.264 in MP4"
    )


def _refuse_what_is_no_file(path: Path) -> None:
    if path.is_dir():
        msg = f"{path}: expected a video file, got a folder; give one file in it"
        raise InputError(msg)
    if not path.is_file():
        msg = f"{path}: expected a video file, and there is none; check the path"
        raise InputError(msg)
    if path.stat().st_size == 0:
        msg = (
            f"{path}: expected a video, got an empty file (0 bytes); "
            "copy it again from the camera"
        )
        raise FormatError(msg)


def _why_not_opened(path: Path, cause: Exception) -> InputError:
    if isinstance(cause, PermissionError):
        return InputError(f"{path}: the file may not be read; check its permissions")
    head = head_of(path)
    if head[4:8] == b"ftyp":
        return FormatError(
            f"{path}: expected a complete MP4 or MOV video, got one that was cut off "
            "before its index (moov) was written; copy it again from the camera"
        )
    if is_text(head):
        return FormatError(
            f"{path}: expected a video, got a text file; give the video itself"
        )
    return FormatError(
        f"{path}: expected a video (MP4, MOV, MKV, WebM, AVI, MPEG-TS), got content "
        "that is none of these or is damaged; copy it again or convert it to MP4"
    )


def _main_stream(path: Path, container: InputContainer) -> VideoStream:
    """Return the largest video stream that is not a cover picture."""
    pictures = av.stream.Disposition.attached_pic | (
        av.stream.Disposition.timed_thumbnails
    )
    films = [s for s in container.streams.video if not s.disposition & pictures]
    if not films:
        what = "sound only" if container.streams.audio else "no picture stream"
        msg = f"{path}: expected a video, got {what}; record with the camera"
        raise InputError(msg)
    ready = [s for s in films if s.codec_context is not None and s.time_base]
    if not ready:
        msg = (
            f"{path}: its video codec cannot be decoded here; convert it to H.264 "
            "in an MP4 without changing its frame times"
        )
        raise InputError(msg)
    return max(ready, key=lambda s: (s.width or 0) * (s.height or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Orientation:
    """How stored pictures are turned, mirrored and stretched to be shown.

    Attributes
    ----------
    signs : tuple of int
        Signs of (a, b, c, d) of the display matrix.
    stretch : float
        Width of a stored pixel over its height; 1 for square pixels.
    """

    signs: tuple[int, int, int, int] = IDENTITY
    stretch: float = 1.0

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn: 0, 90, 180 or 270."""
        return _ROTATION_DEG[self.signs]

    @property
    def mirrored(self) -> bool:
        """True when left and right of the stored picture are exchanged."""
        a, b, c, d = self.signs
        return a * d - b * c < 0

    def shown_size(self, width: int, height: int) -> tuple[int, int]:
        """Return width and height in square pixels of a picture stored that size."""
        wide, high = max(1, round(width * self.stretch)), height
        return (high, wide) if self.rotation_deg in {90, 270} else (wide, high)


def orientation_of(
    picture: VideoFrame, *, pixel_aspect: Fraction | None
) -> Orientation:
    """Return the orientation that a decoded frame carries.

    Parameters
    ----------
    picture : av.VideoFrame
        Any frame of the stream.
    pixel_aspect : Fraction or None
        Width over height of a stored pixel; None or 0 when the file does not say.

    Returns
    -------
    Orientation
        Turns that are no quarter turns are ignored: no camera writes them.
    """
    stretch = float(pixel_aspect) if pixel_aspect else 1.0
    matrix = picture.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return Orientation(stretch=stretch)
    a, b, _, c, d, *_ = MATRIX.unpack_from(cast("bytes", matrix))
    signs = (_sign(a), _sign(b), _sign(c), _sign(d))
    return Orientation(signs=signs if signs in _FILTERS else IDENTITY, stretch=stretch)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


class Turner:
    """Turns decoded frames upright; one object for one pass over a video.

    Parameters
    ----------
    orientation : Orientation
        What to undo.
    """

    def __init__(self, orientation: Orientation) -> None:
        self._filters = _FILTERS[orientation.signs]
        self._graph: Graph | None = None
        self._stored: tuple[int, int, str] | None = None

    def __call__(self, picture: VideoFrame) -> VideoFrame:
        """Return the frame upright, in the pixel format it came in."""
        if not self._filters:
            return picture
        stored = (picture.width, picture.height, picture.format.name)
        if self._graph is None or stored != self._stored:
            self._graph, self._stored = self._build(picture), stored
        self._graph.push(picture)
        return cast("VideoFrame", self._graph.pull())

    def _build(self, picture: VideoFrame) -> Graph:
        graph: Graph = av.filter.Graph()
        source = graph.add_buffer(
            width=picture.width,
            height=picture.height,
            format=picture.format,
            time_base=picture.time_base,
        )
        steps = [graph.add(name, argument) for name, argument in self._filters]
        graph.link_nodes(source, *steps, graph.add("buffersink"))
        graph.configure()
        return graph
