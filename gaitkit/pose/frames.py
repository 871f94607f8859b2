"""What the pose stage asks of a video: frames with a time, more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np


class Frame(Protocol):
    """One picture of a video, upright."""

    @property
    def index(self) -> int:
        """Number of the frame, from 0."""

    @property
    def time_s(self) -> float:
        """Presentation time in seconds."""

    @property
    def image(self) -> np.ndarray:
        """RGB pixels, uint8, shape (height, width, 3); rows may lie apart."""


@runtime_checkable
class Repaintable(Protocol):
    """A frame that can paint its picture anew, in less memory than its pixels."""

    @property
    def again(self) -> Callable[[], np.ndarray] | None:
        """Returns the picture as it was; None where only the pixels are there."""


OpenFrames = Callable[[int, int | None], Iterator[Frame]]
"""``open_frames(start, stop)``: the frames ``[start, stop)``; None is to the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A video that can be read again from any frame.

    Attributes
    ----------
    open_frames : callable
        ``open_frames(start, stop)`` gives the frames ``[start, stop)`` in order.
    time_s : array (frame,)
        Presentation time of every frame, seconds, increasing; at least two.
    width, height : int
        Size of the upright picture, pixels.
    """

    open_frames: OpenFrames
    time_s: np.ndarray
    width: int
    height: int

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return int(self.time_s.size)

    @property
    def interval_s(self) -> float:
        """Median time between two frames, seconds."""
        return float(np.median(np.diff(self.time_s)))

    def frames_in(self, seconds: float) -> int:
        """Return how many frames pass in that time, at least 1."""
        return max(1, round(seconds / self.interval_s))
