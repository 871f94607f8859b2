"""One pass over a clip that finds every body and follows it both ways in time.

The detector searches one part of the picture at a time. A body that is found is
followed forward with every frame that comes, and backward through the frames that are
still in memory. Memory does not depend on the length of the clip, apart from the
keypoints themselves (about 1.5 kB a body and frame).
"""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.pose.body import Body, inside
from gaitkit.pose.frames import Repaintable
from gaitkit.pose.meeting import end_the_hidden, is_taken, same_place
from gaitkit.pose.region import search_windows, window_around

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gaitkit.model.progress import Progress
    from gaitkit.pose.backend import PoseBackend
    from gaitkit.pose.frames import Clip, Frame
    from gaitkit.pose.settings import PoseSettings

    Paint = Callable[[], np.ndarray]

RECENT_BYTES = 100_000_000
"""Pixels kept in memory to follow a new body back in time."""

MISSES_MAX_S = 0.25
"""Seconds for which a body may be out of sight before it counts as gone."""

MISSES_MIN = 2
"""Looks that may fail in a row, however slow the camera."""

NEW_S = 0.5
"""Seconds for which a new body is looked at in every frame."""

LEAD = 0.5
"""Body lengths by which the path of one body is clearly longer than another's, so that
the other is looked at less closely. Should the other be the patient after all, what was
left out is looked at in a second reading."""

LEAVING = 0.25
"""Distance from the border of the picture, in regions, at which the lost have left."""

NOTE_S = 0.2
"""Seconds between two notes of what a body looks like and whether it walks."""

STANDING_LOOK_S = 0.2
"""Seconds between two looks at somebody who stands or is clearly behind."""

LOST_WINDOW = 1.5
"""Side of the window around a lost body, as a multiple of its region."""


def scan(
    clip: Clip,
    backend: PoseBackend,
    settings: PoseSettings,
    *,
    progress: Progress | None = None,
) -> list[Body]:
    """Find and follow every body in a clip.

    Returns
    -------
    list of Body
        Fragments of people, by their first frame.
    """
    scene = _Scene(clip, backend, settings)
    for frame in clip.open_frames(0, None):
        scene.look_at(frame)
        if progress is not None:
            progress("pose", frame.index + 1, clip.frame_count)
    for body in scene.active:
        if not body.missed:
            body.lost_at = clip.frame_count
    return sorted([*scene.gone, *scene.active], key=lambda body: body.first)


def misses_max(clip: Clip) -> int:
    """Return how many looks in a row may fail before a body counts as gone."""
    return max(MISSES_MIN, clip.frames_in(MISSES_MAX_S))


def gap_max(clip: Clip) -> int:
    """Return the most frames between two looks at a body that is not gone."""
    return misses_max(clip) + clip.frames_in(STANDING_LOOK_S)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _KeptFrame:
    """A frame that was kept in `_Recent`."""

    index: int
    time_s: float
    image: np.ndarray


class _Recent:
    """The last frames: as decoded, or in one piece of memory that is never given back.

    Pixels kept as they come, between what else is allocated, would leave holes that the
    next ones do not fit in, and a long film would take ever more memory. Pictures as
    decoded lie in the memory of the decoder, which uses it again.
    """

    def __init__(self, height: int, width: int) -> None:
        count = max(1, RECENT_BYTES // (height * width * 3))
        self._pixels = np.empty((count, height, width, 3), np.uint8)
        self._kept: deque[tuple[int, float, Paint]] = deque(maxlen=count)
        self._places = itertools.cycle(range(count))

    def keep(self, frame: Frame) -> None:
        """Keep a frame in place of the oldest one."""
        paint = frame.again if isinstance(frame, Repaintable) else None
        if paint is None:
            image = self._pixels[next(self._places)]
            image[...] = frame.image
            paint = partial(np.asarray, image)
        self._kept.append((frame.index, frame.time_s, paint))

    def backwards(self) -> Iterator[_KeptFrame]:
        """Yield the frames, the newest first."""
        for index, time_s, paint in reversed(self._kept):
            yield _KeptFrame(index=index, time_s=time_s, image=paint())


class _Scene:
    """The bodies in view while the frames go by."""

    def __init__(
        self, clip: Clip, backend: PoseBackend, settings: PoseSettings
    ) -> None:
        self.active: list[Body] = []
        self.gone: list[Body] = []
        self._backend = backend
        self._settings = settings
        self._interval_s = clip.interval_s
        windows = search_windows(clip.width, clip.height)
        self._windows = itertools.cycle(windows)
        self._search_step = clip.frames_in(settings.scan_interval_s / len(windows))
        self._misses_max = misses_max(clip)
        self._new_frames = clip.frames_in(NEW_S)
        self._note_step = clip.frames_in(NOTE_S)
        self._standing_step = clip.frames_in(STANDING_LOOK_S)
        self._recent = _Recent(clip.height, clip.width)

    def look_at(self, frame: Frame) -> None:
        """Follow what is in view, and search a part of the picture now and then."""
        for body in self.active:
            if self._is_due(body, frame.index):
                self._follow(body, frame)
        self._part(frame)
        self._retire()
        if frame.index % self._note_step == 0:
            for body in self.active:
                body.observe(frame)
                body.note_walking(self._interval_s)
        if self._is_search_due(frame.index):
            self._search(frame)
        self._recent.keep(frame)

    def _is_due(self, body: Body, index: int) -> bool:
        """Say whether to look: always at who walks furthest, at others now and then."""
        new = body.last - body.first < self._new_frames
        meets = any(o is not body and o.holds(body.now) for o in self.active)
        leads = body.walking and not self._is_behind(body)
        wanted = leads or new or meets or body.missed > 0
        return wanted or index % self._standing_step == 0

    def _is_behind(self, body: Body) -> bool:
        """Say whether somebody else in view has clearly walked further."""
        paths = [other.path for other in self.active if other.walking]
        return body.path < max(paths, default=0) - LEAD

    def _is_search_due(self, index: int) -> bool:
        """Say whether to search: half as often while somebody walks in view."""
        somebody_walks = any(body.walking for body in self.active)
        return index % (self._search_step * (2 if somebody_walks else 1)) == 0

    def _follow(self, body: Body, frame: Frame) -> None:
        """Look where the body was, and around it when it is not there."""
        if body.follow(frame, self._backend, interval_s=self._interval_s):
            return
        lost = body.now
        has_left = not inside(lost, frame.image, margin=LEAVING * lost.size)
        if has_left or self._is_behind(body):
            return
        window = window_around(lost, factor=LOST_WINDOW, image=frame.image)
        for region in window.find(self._backend, frame.image):
            if body.holds(region):
                pose = self._backend.look(frame.image, region)
                body.accept(frame, pose, interval_s=self._interval_s)
                return

    def _search(self, frame: Frame) -> None:
        for region in next(self._windows).find(self._backend, frame.image):
            room = len(self.active) < self._settings.max_people
            if not room or any(body.holds(region) for body in self.active):
                continue
            pose = self._backend.look(frame.image, region)
            if pose is None or not inside(pose.region, frame.image):
                continue
            if any(same_place(pose, body.poses[body.last]) for body in self.active):
                continue
            body = Body.seen(
                frame.index, pose, region_scale=self._settings.region_scale
            )
            body.observe(frame)
            if self._is_behind(body):
                body.open_start = frame.index > 0
            else:
                self._go_back(body)
            body.note_walking(self._interval_s)
            self.active.append(body)

    def _go_back(self, body: Body) -> None:
        """Follow a new body back through the frames that are still in memory."""
        for frame in self._recent.backwards():
            body.follow(frame, self._backend, interval_s=self._interval_s)
            if body.missed > self._misses_max:
                break
            if is_taken(body, frame.index, (*self.active, *self.gone)):
                body.drop(frame.index)
                break
        else:
            body.open_start = body.missed == 0 and body.first > 0
        body.missed = 0

    def _part(self, frame: Frame) -> None:
        """End one of two bodies that have become the same."""
        here = [body for body in self.active if frame.index in body.poses]
        for one, other in itertools.combinations(here, 2):
            first, second = one.poses.get(frame.index), other.poses.get(frame.index)
            if first is not None and second is not None and same_place(first, second):
                end_the_hidden(one, other, frame)

    def _retire(self) -> None:
        ended = [
            body for body in self.active if body.ended or body.missed > self._misses_max
        ]
        self.active = [body for body in self.active if body not in ended]
        self.gone.extend(ended)
