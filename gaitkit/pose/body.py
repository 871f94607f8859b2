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
"""Body lengths by which the trunk may be off in one frame without moving. Generous:
its second difference stays below 0.03 on all frames of ``sports2d_demo.mp4``."""

SIZE_RATIO_MAX = 1.45
"""Most that a body may grow or shrink from one look to the next."""

NEAR = 0.35
"""Distance of centres, in body lengths, within which two regions can be one body."""

SAME_SIZE = 1.8
"""Ratio of sizes below which a detection can be a known body."""

STRANGE_MAX = 2
"""Times in a row that a body must look like somebody else to be somebody else."""

WALK_S = 1.0
"""Seconds of a track that tell whether somebody walks."""

WALK_ACROSS = 0.25
"""Body lengths a second across the picture that are walking: 0.4 m/s for an adult."""

WALK_DEPTH = 0.2
"""The same as the logarithm of the trunk's length: 1.2 m/s at 6 m from the camera.
The trunk and not the whole body, which crouching shortens by as much."""

ACROSS_MIN, DEPTH_MIN = 0.1, 0.13
"""The least of either, in however short a time: swaying and bending."""

STEP_MIN = 0.15
"""Distance between the ankles, in body lengths, on one side and then on the other."""

STEP_PERCENTILES = (15, 85)

PATH_DEADBAND = 0.15
"""Body lengths across the picture that are no path yet: swaying and noise."""

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
    first, last : int
        First and last frame with a pose.
    missed : int
        Looks in a row that found nothing.
    walking : bool
        True while it walks, or did a second ago.
    path : float
        Way that its trunk has gone across the picture, body lengths.
    leaps : int
        Times that the network leapt to another body and was not believed.
    ended : bool
        True when it was ended because it had become another body.
    open_start : bool
        True when it was not followed back to where it came into view.
    lost_at : int or None
        Frame of the first look that failed after the last pose; the number of frames
        when it was still in view when the clip ended.
    colours : list of array (part, 3)
        Colours of the parts of the body, sampled now and then.
    portrait : Portrait or None
        Small picture where it is best seen so far.
    """

    poses: dict[int, Pose]
    region_scale: float
    first: int
    last: int
    missed: int = 0
    walking: bool = False
    path: float = 0.0
    _walked_at: int | None = None
    _mark_px: float | None = None
    _strange: int = 0
    _own_at: int = 0
    leaps: int = 0
    ended: bool = False
    open_start: bool = False
    lost_at: int | None = None
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
        if not self.missed and frame.index > self.last:
            self.lost_at = frame.index
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
        if self.missed and self.unlike(frame.image, pose) > OTHER_CLOTHES:
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

    def end_as_another(self, *, last: int) -> None:
        """End the body where it became another: what came after is not its own."""
        for frame in [f for f in self.poses if f > max(last, self.first)]:
            del self.poses[frame]
        self.last = max(self.poses)
        self.ended = True
        self.leaps += 1

    @property
    def now(self) -> Region:
        """Where it was last seen."""
        return self.poses[self.last].region

    def length_px(self, frame: int) -> float:
        """Return the length of the body in a frame where it was seen."""
        return self.poses[frame].region.size / self.region_scale

    def holds(self, region: Region) -> bool:
        """Say whether a newly found region is this body where it was last seen."""
        known = self.now
        length = max(known.size, region.size) / self.region_scale
        ratio = known.size / region.size
        close = np.hypot(known.x - region.x, known.y - region.y) < NEAR * length
        return bool(close and 1 / SAME_SIZE < ratio < SAME_SIZE)

    def note_walking(self, interval_s: float) -> None:
        """Decide from the last second whether the body walks."""
        frames = round(WALK_S / interval_s)
        known = range(max(self.first, self.last - frames), self.last + 1)
        recent = [self.poses[i] for i in known if i in self.poses]
        length = self.length_px(self.last)
        # from the middle of the first to the middle of the last third
        elapsed_s = len(known) * interval_s * 2 / 3
        points = np.array([pose.points for pose in recent])
        place = points[:, TRUNK, 0].mean(axis=1)
        size = np.log(_trunk_px(points))
        apart = points[:, LEFT_ANKLE, 0] - points[:, RIGHT_ANKLE, 0]
        low, high = np.percentile(apart, STEP_PERCENTILES)
        walks = bool(
            _drift(place) > max(WALK_ACROSS * elapsed_s, ACROSS_MIN) * length
            or _drift(size) > max(WALK_DEPTH * elapsed_s, DEPTH_MIN)
            or min(high, -low) > STEP_MIN * length
        )
        self._walked_at = self.last if walks else self._walked_at
        since = None if self._walked_at is None else self.last - self._walked_at
        self.walking = since is not None and since <= frames
        self._add_to_path(float(place[-1]), length)

    def observe(self, frame: Frame) -> None:
        """Note what it looks like, and end it when it looks like somebody else."""
        pose = self.poses.get(frame.index)
        if pose is None:
            return
        new = clothes(frame.image, pose)
        if self.colours and difference(self.colours, [new]) > OTHER_CLOTHES:
            self._strange += 1
            if self._strange >= STRANGE_MAX:
                self.end_as_another(last=self._own_at)
            return
        self._strange, self._own_at = 0, frame.index
        self.colours.append(new)
        quality = float(pose.confidence.mean())
        if self.portrait is None or quality > self.portrait.quality:
            self.portrait = portrait(frame.image, pose, frame=frame.index)

    def unlike(self, image: np.ndarray, pose: Pose) -> float:
        """Return how unlike a pose in a picture is to what this body looks like."""
        return difference(self.colours, [clothes(image, pose)])

    def _add_to_path(self, place_px: float, length_px: float) -> None:
        if self._mark_px is None:
            self._mark_px = float(self.poses[self.first].points[TRUNK, 0].mean())
        moved = abs(place_px - self._mark_px) / length_px
        if moved > PATH_DEADBAND:
            self.path += moved
            self._mark_px = place_px

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


def _trunk_px(points: np.ndarray) -> np.ndarray:
    """Return the lengths of trunks (pose,), and a pixel, from (pose, keypoint, 2)."""
    between = points[:, SHOULDERS].mean(axis=1) - points[:, HIPS].mean(axis=1)
    return np.asarray(np.linalg.norm(between, axis=1).astype(float) + 1.0)


def _drift(values: np.ndarray) -> float:
    """Return how far the last third of a series lies from the first."""
    third = max(1, len(values) // 3)
    return abs(float(np.median(values[-third:]) - np.median(values[:third])))


def inside(region: Region, image: np.ndarray, *, margin: float = 0.0) -> bool:
    """Say whether the centre of a region lies in the picture, off its border."""
    height, width = image.shape[:2]
    across = margin <= region.x < width - margin
    return bool(across and margin <= region.y < height - margin)
