"""Videos: what stands in the file, and the true time of each of its frames.

The time of a frame is its presentation time stamp, never its number over a frame
rate: phones film with a variable rate, drop frames and store slow motion as
ordinary film. ``read_video`` looks at the packets and decodes one picture, for its
orientation; ``frames`` decodes them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitkit.errors import InputError
from gaitkit.io.clock import SpeedFactor, check_possible, real_time
from gaitkit.io.video_frames import Frame, frames
from gaitkit.io.video_header import FrameCount, VideoHeader, read_header
from gaitkit.io.video_orientation import Orientation
from gaitkit.io.video_repeats import repeated_pictures
from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import Timing

REPEATED_SHARE = 0.1
"""Share of repeated pictures above which the film was converted from a slower one:
25 to 30 Hz repeats a sixth, an encoder's own hiccups far fewer."""

__all__ = ["Frame", "VideoFile", "frames", "read_video"]


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


def read_video(path: Path, *, speed_factor: float | None = None) -> VideoFile:
    """Read what a video holds, and the time of each of its frames.

    Parameters
    ----------
    path : Path
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
