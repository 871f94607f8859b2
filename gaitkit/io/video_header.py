"""What a video says of itself, and the stamps of its frames without decoding them.

What is relied on: in MP4, MOV, Matroska and WebM one packet is one frame, after the
edit list has cut away what is not shown. In other containers the film is decoded
once to be sure. AVI stores a rate and no stamps, and its frames are paired with the
ticks of that rate in the order in which they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.video_container import (
    Packet,
    decoded,
    ends_as_stated,
    has_clock,
    holds_stamps,
    is_still,
    open_video,
    packets,
    tick_of,
)
from gaitkit.io.video_orientation import Orientation, orientation_of

if TYPE_CHECKING:
    from pathlib import Path

CAPTURE_RATE_TAG = "com.android.capture.fps"
"""Rate at which an Android camera filmed, where it differs from the rate of playing
(slow motion, time lapse). Apple writes no such tag: the stamps of the file that an
iPhone's camera writes are real time, and an exported slow motion does not say what
was slowed."""

MAKER_TAGS = (
    ("com.android.manufacturer", "com.android.model"),
    ("com.apple.quicktime.make", "com.apple.quicktime.model"),
    ("make", "model"),
)
"""Where cameras say what they are."""

COUNTABLE_CONTAINERS = ("mov", "matroska", "avi")
"""Starts of libav's names for containers in which one packet is one frame."""

INTERLACED_ORDERS = frozenset({2, 3, 4, 5})
"""libav's AVFieldOrder of films whose odd and even lines are two moments."""

UNCOUNTABLE_CODECS = frozenset({"vp8"})
"""Codecs whose packets may hold frames that are never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoHeader:
    """What a video says of itself before its frames are counted.

    Attributes
    ----------
    orientation : Orientation
        How stored pictures are turned to be upright.
    stored_size : tuple of int
        Width and height of a decoded picture.
    container, codec : str
        libav's names.
    maker : str or None
        Make and model of the camera.
    capture_rate_hz : float or None
        Rate at which the camera says that it filmed.
    tick_s : Fraction
        Unit of the stamps in seconds.
    stamped : bool
        False when the container holds a rate and no stamps.
    declared_frames : int
        Frames that the index promises; 0 when it does not say. AVI counts ticks, of
        which those without a picture have an empty entry.
    interlaced : bool
        True when each picture holds two moments, in its odd and its even lines.
    """

    orientation: Orientation
    stored_size: tuple[int, int]
    container: str
    codec: str
    maker: str | None
    capture_rate_hz: float | None
    tick_s: Fraction
    declared_frames: int
    interlaced: bool
    stamped: bool

    @property
    def countable(self) -> bool:
        """Whether its frames can be counted without decoding them."""
        return (
            self.container.startswith(COUNTABLE_CONTAINERS)
            and self.codec not in UNCOUNTABLE_CODECS
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameCount:
    """The frames of a video by their stamps.

    Attributes
    ----------
    stamps : array (frame,)
        Ticks, strictly increasing.
    packet_bytes : array (frame,)
        Size of the packet of each frame; zeros where packets are no frames.
    duplicated : int
        Frames left out because they repeat the stamp of the frame before them.
    packets : int
        Everything that is readable, shown or not.
    missing : int
        Pictures that the index promises and that cannot be read.
    """

    stamps: np.ndarray
    packet_bytes: np.ndarray
    duplicated: int
    packets: int
    missing: int


def read_header(path: Path) -> tuple[VideoHeader, FrameCount]:
    """Read what a video says of itself, and the stamps of all frames that are shown.

    One picture is decoded, and all where packets cannot be trusted.

    Raises
    ------
    InputError
        If there is no film in the file, or no clock, or frames have no stamps.
    FormatError
        If the content is not a video, or no picture in it can be decoded.
    """
    read: list[Packet] = []
    with open_video(path, one_core=True) as (container, stream):
        if is_still(container):
            msg = (
                f"{path}: expected a film of a walk, got a still picture; "
                "give the video itself"
            )
            raise InputError(msg)
        if not has_clock(container):
            msg = (
                f"{path}: expected a video with time stamps, got a bare "
                f"{container.format.name} stream without a clock; give the MP4 or "
                "MOV that the camera wrote"
            )
            raise InputError(msg)
        first = next(decoded(container, stream, noted=read), None)
        if first is None:
            msg = (
                f"{path}: expected pictures, and none can be decoded; "
                "copy it again or convert it to H.264 in MP4"
            )
            raise FormatError(msg)
        tags: dict[str, str] = dict(container.metadata)
        header = VideoHeader(
            orientation=orientation_of(first, pixel_aspect=stream.sample_aspect_ratio),
            stored_size=(first.width, first.height),
            container=str(container.format.name),
            codec=str(stream.codec_context.name),
            maker=_maker(tags),
            capture_rate_hz=_positive(tags.get(CAPTURE_RATE_TAG)),
            tick_s=tick_of(stream),
            declared_frames=int(stream.frames),
            interlaced=bool(first.interlaced_frame)
            or stream.codec_context.field_order in INTERLACED_ORDERS,
            stamped=holds_stamps(container),
        )
        read.extend(packets(container, stream))
    return header, _frame_count(path, header, read)


def _frame_count(path: Path, header: VideoHeader, read: list[Packet]) -> FrameCount:
    """Return the stamps; decode the film where its packets cannot be trusted."""
    shown = sorted((p.stamp, p.size) for p in read if p.shown and p.stamp is not None)
    every_packet_is_a_frame = header.countable and all(
        p.stamp is not None for p in read
    )
    if not every_packet_is_a_frame:
        shown = [(stamp, 0) for stamp in _decoded_stamps(path)]
    stamps, first = np.unique([stamp for stamp, _ in shown], return_index=True)
    return FrameCount(
        stamps=stamps.astype(np.int64),
        packet_bytes=np.asarray([size for _, size in shown])[first],
        duplicated=len(shown) - stamps.size,
        packets=len(read),
        missing=_missing(path, header, read),
    )


def _missing(path: Path, header: VideoHeader, read: list[Packet]) -> int:
    """Return how many promised pictures are not there.

    The count of an AVI is one of ticks, not of pictures: a film that drops pictures
    has ticks without one. It was cut off where its ticks end before the count and the
    file before the size that it states; what is missing is told at the same pace.
    """
    if header.stamped:
        return max(0, header.declared_frames - len(read))
    stamps = np.sort([p.stamp for p in read if p.stamp is not None])
    if stamps.size <= 1:
        return 0
    ticks = int(stamps[-1] + np.median(np.diff(stamps)))
    if ticks >= header.declared_frames or ends_as_stated(path):
        return 0
    return round(len(read) * (header.declared_frames / ticks - 1))


def _decoded_stamps(path: Path) -> list[int]:
    with open_video(path) as (container, stream):
        stamps = [picture.pts for picture in decoded(container, stream)]
    known = [stamp for stamp in stamps if stamp is not None]
    if len(known) < len(stamps):
        msg = (
            f"{path}: expected a time stamp on every frame, "
            f"{len(stamps) - len(known)} of {len(stamps)} have none; "
            "give the MP4 or MOV that the camera wrote"
        )
        raise InputError(msg)
    return known


def _maker(tags: dict[str, str]) -> str | None:
    for names in MAKER_TAGS:
        found = [tags[name] for name in names if tags.get(name)]
        if found:
            return " ".join(found)
    return None


def _positive(text: str | None) -> float | None:
    """Return the number in a tag, None when it is absent, unreadable or not above 0."""
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
