"""Follow stickers through a film, frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from gaitkit.pose.stickers.place import find_stickers
from gaitkit.pose.stickers.sticker import (
    PictureBox,
    Sticker,
    StickerColour,
    StickerSettings,
)

if TYPE_CHECKING:
    from gaitkit.pose.frames import Frame

REACH_DIAMETERS = 2.0
"""Distance from where a sticker is expected at which another one is meant."""

MISSES_MAX = 5
"""Frames out of sight after which a sticker counts as lost."""

SIZE_RATIO = 1.8
"""Ratio of diameters in two frames at which another one is meant."""

FAR = 1e6
"""Cost of what cannot be, in diameters."""

BoxOf = Callable[[int], PictureBox | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerTrack:
    """One sticker over the frames in which it was seen.

    Attributes
    ----------
    frames : tuple of int
        Frame numbers, increasing.
    stickers : tuple of Sticker
        One for each frame.
    """

    frames: tuple[int, ...]
    stickers: tuple[Sticker, ...]

    def at(self, frame: int) -> Sticker | None:
        """Return the sticker in a frame, None where it was not seen."""
        if frame not in self.frames:
            return None
        return self.stickers[self.frames.index(frame)]


@dataclass(slots=True)
class _Path:
    """A track that is being made."""

    frames: list[int] = field(default_factory=list)
    stickers: list[Sticker] = field(default_factory=list)

    def expected(self, frame: int) -> np.ndarray:
        """Return where the sticker should be if it goes on as it went."""
        last = self.stickers[-1].centre
        if len(self.frames) == 1:
            return last
        before = self.stickers[-2].centre
        step = (last - before) / (self.frames[-1] - self.frames[-2])
        return np.asarray(last + step * (frame - self.frames[-1]))


def follow_stickers(
    frames: Iterable[Frame],
    colour: StickerColour,
    *,
    settings: StickerSettings,
    box_of: BoxOf | None = None,
) -> tuple[StickerTrack, ...]:
    """Find the stickers of every frame and join them to tracks.

    Parameters
    ----------
    frames : iterable of Frame
        In order; each has ``index`` and ``image``.
    colour, settings
        As for `find_stickers`.
    box_of : callable or None
        Gives the part of a frame to search, for example around the person; None
        searches whole frames.

    Returns
    -------
    tuple of StickerTrack
        Longest first. A sticker that is out of sight for more than five frames
        begins a new track.
    """
    active: list[_Path] = []
    ended: list[_Path] = []
    for frame in frames:
        box = None if box_of is None else box_of(frame.index)
        found = find_stickers(frame.image, colour, settings=settings, box=box)
        ended += [p for p in active if frame.index - p.frames[-1] > MISSES_MAX]
        active = [p for p in active if frame.index - p.frames[-1] <= MISSES_MAX]
        taken = _join(active, found, frame.index)
        active += [
            _Path([frame.index], [sticker])
            for number, sticker in enumerate(found)
            if number not in taken
        ]
    tracks = [
        StickerTrack(frames=tuple(p.frames), stickers=tuple(p.stickers))
        for p in (*ended, *active)
    ]
    return tuple(sorted(tracks, key=lambda track: -len(track.frames)))


def _join(paths: list[_Path], found: tuple[Sticker, ...], frame: int) -> set[int]:
    """Add each sticker to the path that it continues; return which were added."""
    if not paths or not found:
        return set()
    cost = np.array([[_strain(p, s, frame) for s in found] for p in paths])
    taken = set()
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if cost[row, column] < REACH_DIAMETERS:
            paths[row].frames.append(frame)
            paths[row].stickers.append(found[column])
            taken.add(int(column))
    return taken


def _strain(path: _Path, sticker: Sticker, frame: int) -> float:
    """Return how far a sticker is from where the path goes, in diameters."""
    last = path.stickers[-1]
    ratio = sticker.major_px / last.major_px
    if not 1 / SIZE_RATIO < ratio < SIZE_RATIO:
        return FAR
    apart = sticker.centre - path.expected(frame)
    return float(np.linalg.norm(apart)) / last.major_px
