"""The clock of an export: printed stamps, which are rounded, made even again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource


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
