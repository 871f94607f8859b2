"""The clock of an export: printed stamps, which are rounded, made even again.

The clock of an XSENSOR export: time of day a frame, printed in milliseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.io.text import TextSource

DAY_S = 86400.0
STAMP_ROUNDING_S = 0.001
_TIME = re.compile(r"(\d{1,2}):(\d{2}):(\d{2}(?:[.,]\d+)?)\s*([ap]m)?", re.IGNORECASE)


def even_clock(
    stamps_s: np.ndarray, *, rounding_s: float, source: TextSource
) -> np.ndarray:
    """Return even times when the stamps are even up to their rounding.

    Parameters
    ----------
    stamps_s : ndarray (time,)
        Times as printed, seconds.
    rounding_s : float
        What one unit of the last printed digit is worth.
    source : TextSource
        For messages.

    Returns
    -------
    ndarray (time,)
        Seconds from the first frame: evenly spaced by (last - first) / (n - 1), or
        the stamps themselves when they are really uneven (frames are missing).

    Raises
    ------
    FormatError
        If the stamps do not increase.
    """
    count = stamps_s.size
    if count < 2:  # noqa: PLR2004 - an interval needs two
        return np.zeros(count)
    steps = np.diff(stamps_s)
    if not np.all(steps > 0):
        frame = int(np.argmin(steps > 0)) + 2
        raise source.error(
            f"the time of frame {frame} ({stamps_s[frame - 1]:g} s) is not after the "
            f"frame before it ({stamps_s[frame - 2]:g} s). Export the file again."
        )
    even = np.linspace(0.0, stamps_s[-1] - stamps_s[0], count)
    off = np.abs(stamps_s - stamps_s[0] - even).max()
    return even if off <= 2 * rounding_s else stamps_s - stamps_s[0]


def frame_clock(
    stamps: Sequence[str], *, frames: int, source: TextSource
) -> np.ndarray:
    """Return seconds from the first frame.

    Parameters
    ----------
    stamps : sequence of str
        ``HH:MM:SS.mmm`` of every frame; midnight may pass between two of them.
    frames : int
        Frames that were read.

    Raises
    ------
    FormatError
        If a stamp is missing or not a time.
    """
    if frames == 1:
        return np.zeros(1)
    seconds = [_seconds(stamp) for stamp in stamps]
    if len(seconds) != frames or None in seconds:
        msg = (
            f"expected the time of {frames} frames, found {len(seconds)} lines that "
            f"begin with Time. Export with 'Frame Timestamp' switched on."
        )
        raise source.error(msg)
    times = np.array([value for value in seconds if value is not None])
    wraps = np.concatenate([[0.0], np.cumsum(np.diff(times) < -DAY_S / 2)])
    return even_clock(times + wraps * DAY_S, rounding_s=STAMP_ROUNDING_S, source=source)


def _seconds(stamp: str) -> float | None:
    match = _TIME.search(stamp)
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2])
    if match[4]:
        hours = hours % 12 + (12 if match[4].lower() == "pm" else 0)
    return hours * 3600 + minutes * 60 + float(match[3].replace(",", "."))
