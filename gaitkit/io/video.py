"""Videos: what stands in the file, and the true time of each of its frames.

The time of a frame is its presentation time stamp, never its number over a frame
rate: phones film with a variable rate, drop frames and store slow motion as
ordinary film. ``read_video`` looks at the packets and decodes one picture, for its
orientation; ``frames`` decodes them all.

Pictures that occur twice: the sign that a film was converted from a slower one.

A film of 10 or 24 pictures a second that was saved as 30 has regular stamps and too
few moments. A repeated picture costs an encoder almost nothing, so packets far
smaller than the others raise the suspicion, and a look at the pictures confirms it.
Films without such packets, nearly all, are not decoded for this.

The count is a lower bound: after strong compression a repeated picture is repainted
a little and no longer counts; formats that store every picture whole (MJPEG,
ProRes) raise no suspicion.

What a video says of itself, and the stamps of its frames without decoding them.

What is relied on: in MP4, MOV, Matroska and WebM one packet is one frame, after the
edit list has cut away what is not shown. In other containers the film is decoded
once to be sure. AVI stores a rate and no stamps, and its frames are paired with the
ticks of that rate in the order in which they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, islice
from pathlib import Path

import av
import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import SpeedFactor, check_possible, real_time
from gaitkit.io.video_container import (
    Orientation,
    Packet,
    decoded,
    ends_as_stated,
    has_clock,
    holds_stamps,
    is_still,
    open_video,
    orientation_of,
    packets,
    tick_of,
)
from gaitkit.io.video_frames import Frame, frames
from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import Timing

REPEATED_SHARE = 0.1
"""Share of repeated pictures above which the film was converted from a slower one:
25 to 30 Hz repeats a sixth, an encoder's own hiccups far fewer."""

__all__ = ["Frame", "VideoFile", "frames", "read_video"]
LARGE_PACKET_PCT = 90
"""Percentile of packet sizes that stands for a picture with motion in it, also when
two of three pictures are repeated."""

SUSPECT_FRACTION = 0.1
"""A packet this much smaller is suspect. On one clip of a walk saved as 30 Hz from
10 and 24 Hz (x264, CRF 23) every repeated picture lay under 0.08."""

SUSPECT_SHARE = 0.02
"""Share of suspect packets at which the pictures are looked at."""

TINY_BY_DESIGN = frozenset({"vp8", "vp9", "av1"})
"""Codecs that often show a picture decoded earlier, by a packet of a few bytes: no
suspicion can be drawn from them."""

CHEAP_PIXELS = 640 * 480
"""Size of a picture up to which all films are looked at: decoding costs little, and
small packets are mostly header, so that their sizes say nothing."""

LOOK_FRAMES = 240
"""Pictures looked at to confirm; the rest of a longer film is taken to be alike."""

THINNING = 4
"""Every fourth pixel of every fourth row is compared."""

CHANGED_LEVELS = 8
"""Grey levels by which a pixel must differ to have changed; above coding noise."""

MOVING_FRACTION = 1e-3
"""Fraction of pixels that change when somebody walks, also far away."""

SAME_FRACTION = 0.1
"""A picture is repeated when fewer pixels change than this part of the usual."""

LONGEST_RUN = 5
"""More equal pictures in a row are a scene in which nothing moves."""

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VideoFile:
    """A video, its clock and its orientation; no picture is held.

    Attributes
    ----------
    path : Path
        The file.
    width, height : int
        Size in square pixels as it is shown, after rotation.
    orientation : Orientation
        How stored pictures are turned to be upright.
    codec : str
        Name of the codec, for example ``h264`` or ``hevc``.
    maker : str or None
        Make and model of the camera, when the file says so.
    timing : Timing
        The clock.
    time_s : array (frame,)
        Real seconds of each frame since the first, which is at 0: the stamp of the
        first frame (``start_s``) is subtracted and the speed factor applied.
    start_s : float
        Stamp of the first frame on the file's own clock, played seconds.
    stamps : array (frame,)
        Stamps in ticks of the stream, strictly increasing.
    stamped : bool
        False when frames find their stamp by their order (AVI).
    reasons : tuple of Reason
        Why the video is limited, such as a recording that was cut off.
    """

    path: Path
    width: int
    height: int
    orientation: Orientation
    codec: str
    maker: str | None
    timing: Timing
    time_s: np.ndarray
    start_s: float
    stamps: np.ndarray
    stamped: bool = True
    reasons: tuple[Reason, ...] = ()

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn, 0, 90, 180 or 270, that makes stored pictures upright."""
        return self.orientation.rotation_deg


def read_video(path: Path | str, *, speed_factor: float | None = None) -> VideoFile:
    """Read what a video holds, and the time of each of its frames.

    Parameters
    ----------
    path : Path or str
        The file.
    speed_factor : float or None
        Real seconds per played second, when the user knows it; wins over the file.

    Returns
    -------
    VideoFile
        Clock, size and orientation. A file that ends too early is read as far as it
        goes and says so in ``reasons``.

    Raises
    ------
    InputError
        If there is no such file, no film in it (sound only, a still picture, a
        single frame), no clock, or if ``speed_factor`` is not positive.
    FormatError
        If the content is not a video, or no picture in it can be decoded.
    """
    path = Path(path)
    header, count = read_header(path)
    speed = SpeedFactor(user=speed_factor, capture_rate_hz=header.capture_rate_hz)
    if count.stamps.size <= 1:
        msg = (
            f"{path}: expected a film of a walk, got a single frame; "
            "record at least a few strides"
        )
        raise InputError(msg)
    time_s, timing = real_time(
        count.stamps * float(header.tick_s),
        source="pts" if header.stamped else "header",
        duplicated=count.duplicated
        + repeated_pictures(path, header=header, packet_bytes=count.packet_bytes),
        speed=speed,
    )
    check_possible(timing, where=path)
    width, height = header.orientation.shown_size(*header.stored_size)
    return VideoFile(
        path=path,
        width=width,
        height=height,
        orientation=header.orientation,
        codec=header.codec,
        maker=header.maker,
        timing=timing,
        time_s=time_s,
        start_s=float(count.stamps[0] * header.tick_s),
        stamps=count.stamps,
        stamped=header.stamped,
        reasons=_reasons(header, timing, count),
    )


def _reasons(
    header: VideoHeader, timing: Timing, count: FrameCount
) -> tuple[Reason, ...]:
    found = []
    if count.missing:
        declared = count.packets + count.missing
        found.append(reason("video_cut_off", readable=count.packets, declared=declared))
    if header.interlaced:
        found.append(reason("video_interlaced"))
    if header.orientation.mirrored:
        found.append(reason("video_mirrored"))
    if timing.duplicated > REPEATED_SHARE * timing.frames:
        found.append(
            reason(
                "video_pictures_repeated",
                repeated=timing.duplicated,
                frames=timing.frames,
            )
        )
    return tuple(found)


def repeated_pictures(
    path: Path, *, header: VideoHeader, packet_bytes: np.ndarray
) -> int:
    """Return how many pictures repeat the one before them while things move.

    Parameters
    ----------
    path : Path
        A video.
    header : VideoHeader
        Its codec and size.
    packet_bytes : array (frame,)
        Size of the packet of each frame that is shown.

    Returns
    -------
    int
        0 when there is no reason to look at the pictures.
    """
    if not _worth_a_look(header, packet_bytes):
        return 0
    changed = _changed_fractions(path)
    seen = changed.size + 1
    return round(_count_repeats(changed) * packet_bytes.size / seen)


def _worth_a_look(header: VideoHeader, packet_bytes: np.ndarray) -> bool:
    width, height = header.stored_size
    if width * height <= CHEAP_PIXELS:
        return True
    large = np.percentile(packet_bytes, LARGE_PACKET_PCT)
    suspects = np.mean(packet_bytes < SUSPECT_FRACTION * large)
    return header.codec not in TINY_BY_DESIGN and bool(suspects >= SUSPECT_SHARE)


def _changed_fractions(path: Path) -> np.ndarray:
    """Return the fraction of pixels that changed before each picture but the first."""
    grey = av.video.reformatter.VideoReformatter()
    changed: list[float] = []
    before: np.ndarray | None = None
    with open_video(path) as (container, stream):
        for picture in islice(decoded(container, stream), LOOK_FRAMES + 1):
            now = (
                grey.reformat(
                    picture,
                    width=max(1, picture.width // THINNING),
                    height=max(1, picture.height // THINNING),
                    format="gray",
                    interpolation="POINT",
                )
                .to_ndarray()
                .astype(np.int16)
            )
            if before is not None:
                same = now.shape == before.shape  # a film may change its size
                differ = np.abs(now - before) > CHANGED_LEVELS if same else np.True_
                changed.append(float(np.mean(differ)))
            before = now
    return np.asarray(changed)


def _count_repeats(changed: np.ndarray) -> int:
    """Count short runs of equal pictures between pictures that move."""
    moving = changed > MOVING_FRACTION
    if not moving.any():
        return 0
    same = changed < SAME_FRACTION * np.median(changed[moving])
    count = 0
    start = 0
    for is_same, run in groupby(same):
        end = start + len(list(run))
        bounded = start > 0 and end < same.size and moving[start - 1] and moving[end]
        if is_same and bounded and end - start <= LONGEST_RUN:
            count += end - start
        start = end
    return count


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
