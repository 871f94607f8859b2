"""Opening a video file, and refusing in one sentence what is not one.

Every call into libav that can fail on a wrong file is made here, so that no error
of libav reaches a user. Only local files are opened: a playlist that points
elsewhere is refused by libav's own protocol list.
"""

from __future__ import annotations

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
    from av.packet import Packet as StoredPacket
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

STILL_FORMATS = ("_pipe", "image2", "ico", "gif")
"""Ends of libav's names for formats that hold single pictures."""


RIFF_HEAD_BYTES = 8
"""Name and length of a list in an AVI."""


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
