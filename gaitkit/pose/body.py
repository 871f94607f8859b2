"""One body, followed from frame to frame for as long as it can be seen.

A body is a fragment of a person: who is hidden or leaves the picture and comes back
is a new body, and ``people`` puts the fragments of one person together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.backend import Pose
from gaitkit.pose.look import (
    OTHER_CLOTHES,
    Portrait,
    clothes,
    difference,
    portrait,
)

if TYPE_CHECKING:
    from gaitkit.pose.backend import PoseBackend
    from gaitkit.pose.frames import Frame
    from gaitkit.pose.region import Region

LEAP_SPEED = 4.5
"""Body lengths per second: 8 m/s for an adult; nobody in a gait recording is faster.
A body that would have to move faster between two frames is another body."""

LEAP_SLACK = 0.12
"""Body lengths by which the centre may be off in one frame without moving: twice
the 95th percentile of the frame-to-frame noise on ``sports2d_demo.mp4``."""

SIZE_RATIO_MAX = 1.45
"""Most that a body may grow or shrink from one look to the next."""

NEAR = 0.35
"""Distance of centres, in body lengths, below which a detection is a known body."""

SAME_SIZE = 1.8
"""Ratio of sizes below which a detection can be a known body."""

STRAIN_FRAMES = 10
"""Frames over which speeds are compared when two bodies meet."""

WALK_S = 1.0
"""Seconds of a track that tell whether somebody walks."""

WALK_ACROSS = 0.25
"""Body lengths across the picture that are walking, from the first to the last third
of that time: 0.6 m/s for an adult."""

WALK_DEPTH = 0.15
"""The same as the logarithm of the trunk's length: 1.2 m/s at 5 m from the camera.
The trunk and not the whole body, which crouching shortens by as much."""

STEP_MIN = 0.15
"""Distance between the ankles, in body lengths, on one side and then on the other."""

STEP_PERCENTILES = (15, 85)

NEVER = 1 << 30

_names = BLAZEPOSE.index
LEFT_ANKLE, RIGHT_ANKLE = _names("left_ankle"), _names("right_ankle")
SHOULDERS = [_names("left_shoulder"), _names("right_shoulder")]
HIPS = [_names("left_hip"), _names("right_hip")]
TRUNK = [*SHOULDERS, *HIPS]


@dataclass(slots=True, kw_only=True, eq=False)
class Body:
    """The poses of one body.

    Attributes
    ----------
    poses : dict of int to Pose
        By frame, in no order.
    region_scale : float
        Region side over body length.
    missed : int
        Looks in a row that found nothing.
    walking : bool
        True while it walks, or did a second ago.
    walked : int
        Frames in which it was walking.
    leaps : int
        Times that the network leapt to another body and was not believed.
    merged : bool
        True when it was ended because it lay on top of another body.
    open_start : bool
        True when it was still in view in the oldest frame that was in memory.
    colours : list of array (6,)
        Colours of the clothes, sampled now and then.
    portrait : Portrait or None
        Small picture where it is best seen so far.
    """

    poses: dict[int, Pose]
    region_scale: float
    first: int
    last: int
    missed: int = 0
    walking: bool = False
    walked: int = 0
    _walked_at: int = -NEVER
    leaps: int = 0
    merged: bool = False
    open_start: bool = False
    colours: list[np.ndarray] = field(default_factory=list)
    portrait: Portrait | None = None

    @classmethod
    def seen(cls, frame: int, pose: Pose, *, region_scale: float) -> Body:
        """Return a body that begins with one pose."""
        return cls(
            poses={frame: pose},
            region_scale=region_scale,
            first=frame,
            last=frame,
        )

    def follow(self, frame: Frame, backend: PoseBackend, *, interval_s: float) -> bool:
        """Look for the body in a frame next to its first or last; say if it is there.

        Parameters
        ----------
        frame : Frame
            A frame before the first or after the last pose.
        backend : PoseBackend
            Finds the keypoints.
        interval_s : float
            Seconds between two frames.
        """
        known = self.poses[self._nearest(frame.index)]
        pose = backend.look(frame.image, known.region)
        if self.accept(frame, pose, interval_s=interval_s):
            return True
        self.missed += 1
        return False

    def accept(self, frame: Frame, pose: Pose | None, *, interval_s: float) -> bool:
        """Add a pose if there is one and it can be the same body; say so."""
        near = self._nearest(frame.index)
        if pose is None or not inside(pose.region, frame.image):
            return False
        if self.leapt(near, pose, elapsed_s=abs(frame.index - near) * interval_s):
            self.leaps += self.missed == 0
            return False
        if self.missed and self._in_other_clothes(frame.image, pose):
            return False
        self.put(frame.index, pose)
        return True

    def put(self, frame: int, pose: Pose) -> None:
        """Add a pose."""
        self.missed = 0
        self.poses[frame] = pose
        self.first = min(self.first, frame)
        self.last = max(self.last, frame)

    def drop(self, frame: int) -> None:
        """Take a pose away."""
        del self.poses[frame]
        self.first, self.last = min(self.poses), max(self.poses)

    def cut_back(self, other: Body, *, closer_than: float) -> None:
        """Take away the last poses, as long as they lie on another body."""
        while (
            len(self.poses) > 1
            and self.last in other.poses
            and distance(self.poses[self.last], other.poses[self.last]) < closer_than
        ):
            self.drop(self.last)

    def strain(self, frame: int) -> float:
        """Return how suddenly the centre changed its speed up to a frame, pixels.

        Infinite for a body that has only just been found.
        """
        marks = [frame - STRAIN_FRAMES, frame - STRAIN_FRAMES // 2, frame]
        if any(mark not in self.poses for mark in marks):
            return float("inf")
        before, between, now = (
            self.poses[mark].points[TRUNK].mean(axis=0) for mark in marks
        )
        return float(np.linalg.norm((now - between) - (between - before)))

    def length_px(self, frame: int) -> float:
        """Return the length of the body in a frame where it was seen."""
        return self.poses[frame].region.size / self.region_scale

    def holds(self, region: Region) -> bool:
        """Say whether a newly found region is this body where it was last seen."""
        known = self.poses[self.last].region
        length = max(known.size, region.size) / self.region_scale
        ratio = known.size / region.size
        close = np.hypot(known.x - region.x, known.y - region.y) < NEAR * length
        return bool(close and 1 / SAME_SIZE < ratio < SAME_SIZE)

    def note_walking(self, *, frames: int) -> None:
        """Decide from the last ``frames`` frames whether the body walks."""
        known = range(self.last - frames, self.last + 1)
        recent = [self.poses[i] for i in known if i in self.poses]
        length = self.length_px(self.last)
        place = [float(pose.points[TRUNK, 0].mean()) for pose in recent]
        size = [np.log(_trunk_px(pose)) for pose in recent]
        apart = [p.points[LEFT_ANKLE, 0] - p.points[RIGHT_ANKLE, 0] for p in recent]
        low, high = np.percentile(apart, STEP_PERCENTILES)
        walks = bool(
            _drift(place) > WALK_ACROSS * length
            or _drift(size) > WALK_DEPTH
            or min(high, -low) > STEP_MIN * length
        )
        self._walked_at = self.last if walks else self._walked_at
        self.walking = self.last - self._walked_at <= frames

    def observe(self, frame: Frame) -> None:
        """Note the clothes, and keep a portrait if the body is seen better here."""
        pose = self.poses.get(frame.index)
        if pose is None:
            return
        self.colours.append(clothes(frame.image, pose))
        best = self.portrait.quality if self.portrait is not None else 0.0
        if float(pose.confidence.mean()) > best:
            self.portrait = portrait(frame.image, pose, frame=frame.index)

    def _in_other_clothes(self, image: np.ndarray, pose: Pose) -> bool:
        new = clothes(image, pose)
        return bool(self.colours and difference(self.colours, [new]) > OTHER_CLOTHES)

    def _nearest(self, frame: int) -> int:
        return self.first if frame < self.first else self.last

    def leapt(self, near: int, pose: Pose, *, elapsed_s: float) -> bool:
        """Say whether a pose is too far from, or too unlike, that of a frame."""
        known = self.poses[near]
        length = self.length_px(near)
        shift = pose.points[TRUNK].mean(axis=0) - known.points[TRUNK].mean(axis=0)
        ratio = pose.region.size / known.region.size
        too_far = np.hypot(*shift) > (LEAP_SPEED * elapsed_s + LEAP_SLACK) * length
        return bool(too_far or not 1 / SIZE_RATIO_MAX < ratio < SIZE_RATIO_MAX)


def _trunk_px(pose: Pose) -> float:
    shoulders, hips = pose.points[SHOULDERS], pose.points[HIPS]
    return float(np.linalg.norm(shoulders.mean(axis=0) - hips.mean(axis=0))) + 1.0


def _drift(values: list[float]) -> float:
    """Return how far the last third of a series lies from the first."""
    third = max(1, len(values) // 3)
    return abs(float(np.median(values[-third:]) - np.median(values[:third])))


def distance(first: Pose, second: Pose) -> float:
    """Return the mean distance of the keypoints of two poses, in body regions."""
    gap = np.linalg.norm(first.points - second.points, axis=1).mean()
    return float(gap / min(first.region.size, second.region.size))


def inside(region: Region, image: np.ndarray, *, margin: float = 0.0) -> bool:
    """Say whether the centre of a region lies in the picture, off its border."""
    height, width = image.shape[:2]
    across = margin <= region.x < width - margin
    return bool(across and margin <= region.y < height - margin)
