"""When two bodies have become one: which of the two it is.

Who walks behind somebody is hidden for a moment, and the network, looking for the
hidden body, finds the one in front. Both bodies then lie in one place. The one that
was hidden is ended where it slid off, and is found again when it is seen again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.pose.body import TRUNK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.pose.backend import Pose
    from gaitkit.pose.body import Body
    from gaitkit.pose.frames import Frame

SAME_PLACE = 0.08
"""Mean distance of keypoints, in regions, below which two poses are one body."""

SLIDING = 0.16
"""The same while one body slides off to the other."""

CLEARLY_UNLIKE = 5.0
"""Colour difference (CIE 1976) by which one body fits better than the other."""

STRAIN_FRAMES = 15
"""Frames over which a change of speed is seen."""

ENDS = 2
"""Looks that a speed needs."""


def same_place(first: Pose, second: Pose) -> bool:
    """Say whether two poses are one body."""
    return distance(first, second) < SAME_PLACE


def is_taken(body: Body, frame: int, others: Iterable[Body]) -> bool:
    """Say whether a body lies on another one in a frame."""
    pose = body.poses.get(frame)
    if pose is None:
        return False
    there = (other.poses.get(frame) for other in others if other is not body)
    return any(known is not None and same_place(pose, known) for known in there)


def distance(first: Pose, second: Pose) -> float:
    """Return the mean distance of the keypoints of two poses, in regions."""
    gap = np.linalg.norm(first.points - second.points, axis=1).mean()
    return float(gap / min(first.region.size, second.region.size))


def end_the_hidden(one: Body, other: Body, frame: Frame) -> None:
    """End the one of two bodies in the same place that is not there any more.

    The clothes decide; where they are too alike, whoever changed speed more suddenly
    is the one that slid off.
    """
    unlike = [b.unlike(frame.image, b.poses[frame.index]) for b in (one, other)]
    if abs(unlike[0] - unlike[1]) > CLEARLY_UNLIKE:
        hidden = one if unlike[0] > unlike[1] else other
    else:
        hidden = max(one, other, key=lambda body: strain(body, frame.index))
    shown = other if hidden is one else one
    last = frame.index
    while last in hidden.poses and _on(hidden, shown, last):
        last -= 1
    hidden.end_as_another(last=last)


def strain(body: Body, frame: int) -> float:
    """Return the largest change of speed up to a frame, pixels a frame.

    Infinite for a body that has only just been found.
    """
    known = [f for f in range(frame - STRAIN_FRAMES, frame + 1) if f in body.poses]
    if len(known) <= ENDS:
        return float("inf")
    places = [body.poses[mark].points[TRUNK].mean(axis=0) for mark in known]
    speeds = np.diff(places, axis=0) / np.diff(known)[:, None]
    return float(np.linalg.norm(np.diff(speeds, axis=0), axis=1).max())


def _on(hidden: Body, shown: Body, frame: int) -> bool:
    """Say whether a body lies on another in a frame, or in the nearest one known."""
    near = min(shown.poses, key=lambda known: abs(known - frame))
    return distance(hidden.poses[frame], shown.poses[near]) < SLIDING
