"""A painted world for tests of tracking: people are coloured boxes.

The painted backend sees what a network sees: a body that is hidden is not there, and
who looks for a hidden body finds the one in front of it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from gaitkit.model.assessment import FileHash
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.backend import Pose
from gaitkit.pose.frames import Clip
from gaitkit.pose.region import Region, region_around

WIDTH, HEIGHT, RATE_HZ = 320, 180, 30.0
BODY_WIDTH, BODY_HEIGHT = 24, 90
SEEN_MIN = 0.3
"""Fraction of a body that must be uncovered for the backend to see it."""

HEIGHTS = {"hip": 0.47, "knee": 0.72, "ankle": 0.95, "heel": 0.98, "foot_index": 1.0}
HEIGHTS |= {"shoulder": 0.18, "elbow": 0.35, "wrist": 0.5}


@dataclass(frozen=True, kw_only=True)
class Painted:
    """One person: a colour, and where the middle of the box is in each frame.

    ``path`` gives x in pixels, or None when the person is not in view. Later people
    are painted over earlier ones.
    """

    colour: tuple[int, int, int]
    path: Callable[[int], float | None]
    top: float = 60.0
    height: float = BODY_HEIGHT


@dataclass(frozen=True, kw_only=True)
class PaintedFrame:
    index: int
    time_s: float
    image: np.ndarray


@dataclass(kw_only=True)
class PaintedClip:
    """A clip of painted people that counts how its frames are read and kept."""

    people: tuple[Painted, ...]
    frames: int
    rate_hz: float = RATE_HZ
    opened: list[tuple[int, int | None]] = field(default_factory=list)
    alive: int = 0
    most_alive: int = 0

    def clip(self) -> Clip:
        return Clip(
            time_s=np.arange(self.frames) / self.rate_hz,
            width=WIDTH,
            height=HEIGHT,
            open_frames=self.open_frames,
        )

    def open_frames(self, start: int, stop: int | None) -> Iterator[PaintedFrame]:
        self.opened.append((start, stop))
        for index in range(start, self.frames if stop is None else stop):
            frame = PaintedFrame(
                index=index, time_s=index / self.rate_hz, image=self.paint(index)
            )
            self.alive += 1
            self.most_alive = max(self.most_alive, self.alive)
            weakref.finalize(frame, self._forget)
            yield frame

    def _forget(self) -> None:
        self.alive -= 1

    def paint(self, index: int) -> np.ndarray:
        image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for person in self.people:
            x = person.path(index)
            if x is None:
                continue
            half = round(person.height * BODY_WIDTH / BODY_HEIGHT / 2)
            left, right = max(0, round(x) - half), max(0, round(x) + half)
            top, bottom = round(person.top), round(person.top + person.height)
            image[top:bottom, left:right] = person.colour
        return image


RED, GREEN, BLUE = (200, 40, 40), (40, 200, 40), (41, 40, 200)
COLOURS = (RED, GREEN, BLUE)
"""Each red value belongs to one person."""


@dataclass(kw_only=True)
class PaintedBackend:
    """Finds coloured boxes, and counts how often it is asked."""

    name: str = "painted"
    model_files: tuple[FileHash, ...] = ()
    looks: int = 0

    def detect(self, image: np.ndarray) -> tuple[Region, ...]:
        return tuple(pose.region for pose in self._poses(image))

    def look(self, image: np.ndarray, region: Region) -> Pose | None:
        self.looks += 1
        poses = self._poses(image)
        near = [
            (np.hypot(p.region.x - region.x, p.region.y - region.y), p) for p in poses
        ]
        distance, pose = min(near, key=lambda pair: pair[0], default=(np.inf, None))
        return pose if distance < region.size / 2 else None

    def close(self) -> None:
        pass

    def __enter__(self) -> PaintedBackend:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _poses(self, image: np.ndarray) -> list[Pose]:
        found = []
        for colour in COLOURS:
            rows, columns = np.nonzero(image[:, :, 0] == colour[0])
            if not rows.size:
                continue
            height = rows.max() + 1 - rows.min()
            full = height * height * BODY_WIDTH / BODY_HEIGHT
            if rows.size > SEEN_MIN * full:
                found.append(_pose(columns.mean() + 0.5, rows.min(), height))
        return found


def _pose(x: float, top: float, height: float) -> Pose:
    points = np.empty((33, 2))
    for i, name in enumerate(BLAZEPOSE):
        part = name.removeprefix("left_").removeprefix("right_")
        side = {"l": -1, "r": 1}.get(name[0], 0) * 0.05 * height
        points[i] = x + side, top + HEIGHTS.get(part, 0.07) * height
    hips = np.array([x, top + HEIGHTS["hip"] * height])
    return Pose(
        points=points.astype(np.float32),
        confidence=np.full(33, 0.9, np.float32),
        world=np.zeros((33, 3), np.float32),
        score=0.99,
        region=region_around(hips, hips - [0, height / 2], scale=1.25),
    )
