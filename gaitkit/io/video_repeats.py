"""Pictures that occur twice: the sign that a film was converted from a slower one.

A film of 10 or 24 pictures a second that was saved as 30 has regular stamps and too
few moments. A repeated picture costs an encoder almost nothing, so packets far
smaller than the others raise the suspicion, and a look at the pictures confirms it.
Films without such packets, nearly all, are not decoded for this.

The count is a lower bound: after strong compression a repeated picture is repainted
a little and no longer counts; formats that store every picture whole (MJPEG,
ProRes) raise no suspicion.
"""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

import av
import numpy as np

from gaitkit.io.video_container import decoded, open_video

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.io.video_header import VideoHeader

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
