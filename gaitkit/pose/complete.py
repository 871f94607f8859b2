"""Fill in what one pass over a clip left out of the chosen person.

Two things: the time before the person was found, when this lies further back than the
frames that were in memory, and the frames that were skipped while the person stood.
The clip is read again there, a few frames at a time.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from gaitkit.pose.meeting import is_taken

if TYPE_CHECKING:
    from gaitkit.pose.backend import PoseBackend
    from gaitkit.pose.body import Body
    from gaitkit.pose.frames import Clip

CHUNK_BYTES = 128_000_000
"""Pixels held at once while a person is followed back in time."""


def extend_back(
    body: Body,
    clip: Clip,
    backend: PoseBackend,
    *,
    misses_max: int,
    others: list[Body],
) -> None:
    """Follow a body back from its first frame for as long as it is there.

    Parameters
    ----------
    body : Body
        Changed in place.
    clip : Clip
        Where to read.
    backend : PoseBackend
        Finds the keypoints.
    misses_max : int
        Frames in a row without the body after which it is not there.
    others : list of Body
        Where one of these is, the body is not.
    """
    size = max(1, CHUNK_BYTES // (clip.width * clip.height * 3))
    stop = body.first
    body.missed = 0
    while stop > 0 and body.missed <= misses_max:
        start = max(0, stop - size)
        for frame in reversed(list(clip.open_frames(start, stop))):
            body.follow(frame, backend, interval_s=clip.interval_s)
            if is_taken(body, frame.index, others):
                body.drop(frame.index)
                return
            if body.missed > misses_max:
                return
        stop = start


def fill_gaps(body: Body, clip: Clip, backend: PoseBackend, *, gap_max: int) -> None:
    """Look at the frames that were skipped while somebody stood.

    Parameters
    ----------
    body : Body
        Changed in place.
    clip : Clip
        Where to read.
    backend : PoseBackend
        Finds the keypoints.
    gap_max : int
        Frames between two looks; longer gaps are times out of sight and stay.
    """
    known = sorted(body.poses)
    nearest = {
        frame: before if frame - before < after - frame else after
        for before, after in itertools.pairwise(known)
        if after - before <= gap_max
        for frame in range(before + 1, after)
    }
    if body.lost_at is not None:
        nearest |= dict.fromkeys(range(body.last + 1, body.lost_at), body.last)
    if not nearest:
        return
    for frame in clip.open_frames(min(nearest), max(nearest) + 1):
        near = nearest.get(frame.index)
        if near is None:
            continue
        pose = backend.look(frame.image, body.poses[near].region)
        elapsed_s = abs(frame.index - near) * clip.interval_s
        if pose is not None and not body.leapt(near, pose, elapsed_s=elapsed_s):
            body.put(frame.index, pose)
