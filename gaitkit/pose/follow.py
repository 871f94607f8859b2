"""Follow the patient through a video: the one call of the pose stage.

Fill in what one pass over a clip left out of the chosen person.

Two things: the time before the person was found, when this lies further back than the
frames that were in memory, and the frames that were skipped while the person stood.
The clip is read again there, a few frames at a time.

Who of the people in a film is the patient: what each shows, then the common rule.

Which bodies belong to one person.

Who is hidden for a moment, or leaves the picture and comes back, is two bodies. They
are put together where place, size and clothes agree; where they do not, they stay two
people, because a mixture of two people is worse than a part of one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import InputError
from gaitkit.model.keypoints import BLAZEPOSE, PICTURE_SPACE, keypoints
from gaitkit.model.person import (
    REJOIN_DISTANCE,
    REJOIN_S,
    SEEN_MIN_S,
    UPRIGHT_MAX_DEG,
    choose_patient,
    ranking,
    scored,
)
from gaitkit.model.recording import PersonCandidate, PersonChoice
from gaitkit.model.walked import FOCAL_LENGTH, BodyLine, path_heights, trunk_height_px
from gaitkit.pose.body import Body
from gaitkit.pose.look import OTHER_CLOTHES, difference
from gaitkit.pose.meeting import is_taken
from gaitkit.pose.scan import gap_max, misses_max, scan
from gaitkit.pose.swaps import repair_sides

if TYPE_CHECKING:
    from gaitkit.model.progress import Progress
    from gaitkit.pose.backend import Pose, PoseBackend
    from gaitkit.pose.frames import Clip
    from gaitkit.pose.look import Portrait
    from gaitkit.pose.settings import PoseSettings

WORLD_SPACE = ("x", "y", "z")
CHUNK_BYTES = 128_000_000
"""Pixels held at once while a person is followed back in time."""

_SIDES = ("left", "right")
_HIPS = [BLAZEPOSE.index(f"{side}_hip") for side in _SIDES]
_SHOULDERS = [BLAZEPOSE.index(f"{side}_shoulder") for side in _SIDES]
_LEFT_ANKLE, _RIGHT_ANKLE = (BLAZEPOSE.index(f"{side}_ankle") for side in _SIDES)
_FEET = [
    BLAZEPOSE.index(f"{side}_{part}")
    for side in _SIDES
    for part in ("ankle", "heel", "foot_index")
]

TRUNK_RATIO = (0.15, 0.6)
"""Distance of hips and shoulders over the body length, of somebody who stands or
walks (0.29 of the height, Winter 2009). The foot of a table that the detector took
for a body has 0.03."""

UPRIGHT_MIN = 0.2
"""Fraction of frames in which a person's shoulders are above the hips at least."""


HIDDEN_S = 1.0
"""Seconds behind an obstacle in which a walk is taken to go on."""

WALKING_SPEED = 1.5
"""Body lengths per second of that walk at most: 2.5 m/s for an adult."""

REJOIN_SIZE = 1.6
"""Ratio of sizes at leaving and coming back."""

SAME_CLOTHES = 6.0
"""Colour difference (CIE 1976) up to which clothes are the same after a while: on
``sports2d_demo.mp4`` 1 to 5 between the halves of a track, 7 to 10 between the man
and the woman, both darkly dressed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoseTrack:
    """The patient's keypoints, and how the patient was chosen.

    Attributes
    ----------
    keypoints : xarray.Dataset
        ``position`` (time, space: x y, keypoint) in px and ``confidence`` (time,
        keypoint) of the 33 BlazePose keypoints, from the first to the last frame in
        which the patient is seen; NaN in frames between where not. The coordinate
        ``frame`` holds the frame numbers.
    world : xarray.Dataset
        The same in metres from the middle of the hips (x right in the picture, y
        down, z away from the camera), scaled by the network to an average body: good
        for directions, not for lengths.
    choice : PersonChoice
        Who was chosen and why, who else was there, and what was repaired.
    thumbnails : tuple of array (height, width, 3)
        RGB, uint8; one for each candidate, at most 240 pixels high.
    """

    keypoints: xr.Dataset
    world: xr.Dataset
    choice: PersonChoice
    thumbnails: tuple[np.ndarray, ...]


def follow(
    clip: Clip,
    backend: PoseBackend,
    settings: PoseSettings,
    *,
    person: str | None = None,
    progress: Progress | None = None,
) -> PoseTrack:
    """Find the patient in a clip and give the keypoints of every frame.

    Parameters
    ----------
    clip : Clip
        A video that can be read more than once.
    backend : PoseBackend
        Finds bodies and keypoints; open it with ``open_backend``.
    settings : PoseSettings
        How to search.
    person : str or None
        Wish of the user for this clip; wins over ``settings.person``.
    progress : Progress or None
        Told after each frame.

    Returns
    -------
    PoseTrack
        Keypoints, choice and small pictures of the candidates.

    Raises
    ------
    InputError
        If nobody is in view, or ``person`` names nobody.
    """
    bodies = scan(clip, backend, settings, progress=progress)
    wish = person if person is not None else settings.person
    chosen = choose(people_of(bodies, clip), clip, wish=wish)
    _complete(chosen.person, clip, backend, others=bodies)
    raw, world = _datasets(chosen.person, clip)
    time_s = raw["time"].to_numpy()
    candidates = tuple(
        replace(c, start_s=float(time_s[0]), end_s=float(time_s[-1]))
        if c.number == chosen.choice.chosen
        else c
        for c in chosen.choice.candidates
    )
    repaired = repair_sides(raw, world)
    return PoseTrack(
        keypoints=repaired.keypoints,
        world=repaired.world,
        choice=replace(
            chosen.choice,
            candidates=candidates,
            identity_jumps=chosen.person.leaps,
            swaps_repaired=repaired.repaired,
            swaps_unclear=repaired.unclear,
        ),
        thumbnails=tuple(person.portrait.image for person in chosen.people),
    )


def _complete(
    person: Person, clip: Clip, backend: PoseBackend, *, others: list[Body]
) -> None:
    """Read the clip again where frames of the person were left out."""
    for body in person.bodies:
        if body.open_start:
            extend_back(body, clip, backend, misses_max=misses_max(clip), others=others)
        fill_gaps(body, clip, backend, gap_max=gap_max(clip))


def _datasets(person: Person, clip: Clip) -> tuple[xr.Dataset, xr.Dataset]:
    """Return picture and world keypoints from the first to the last frame."""
    poses = person.poses()
    frames = np.arange(min(poses), max(poses) + 1)
    at = np.array(list(poses)) - frames[0]
    points = np.full((frames.size, len(BLAZEPOSE), 2), np.nan)
    world = np.full((frames.size, len(BLAZEPOSE), 3), np.nan)
    confidence = np.full((frames.size, len(BLAZEPOSE)), np.nan)
    points[at] = [pose.points for pose in poses.values()]
    world[at] = [pose.world for pose in poses.values()]
    confidence[at] = [pose.confidence for pose in poses.values()]
    time_s = clip.time_s[frames]
    in_picture = keypoints(
        points.transpose(0, 2, 1),
        confidence,
        time_s=time_s,
        names=BLAZEPOSE,
        space=PICTURE_SPACE,
        space_unit="px",
    )
    in_metres = keypoints(
        world.transpose(0, 2, 1),
        confidence,
        time_s=time_s,
        names=BLAZEPOSE,
        space=WORLD_SPACE,
        space_unit="m",
    )
    number = ("time", frames)
    return in_picture.assign_coords(frame=number), in_metres.assign_coords(frame=number)


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The choice, and the person that was chosen.

    Attributes
    ----------
    choice : PersonChoice
        As it is recorded; what was repaired is added later.
    person : Person
        The chosen one.
    people : tuple of Person
        In the order of ``choice.candidates``.
    """

    choice: PersonChoice
    person: Person
    people: tuple[Person, ...]


def choose(people: list[Person], clip: Clip, *, wish: str | None) -> Chosen:
    """Choose the person who is the patient.

    Parameters
    ----------
    people : list of Person
        Everybody in the clip.
    clip : Clip
        Clock and size of the picture.
    wish : str or None
        ``"2"`` for the second candidate, ``"x,y"`` for a pixel on the person, None
        for the best score.

    Raises
    ------
    InputError
        If nobody is in view, or the wish names nobody.
    """
    if not people:
        msg = (
            "nobody was found in the video; expected a person in full view for at "
            "least half a second; record again with the whole body in the picture"
        )
        raise InputError(msg)
    every = [_candidate(person, clip) for person in people]
    order = ranking(every)
    ordered = tuple(people[place] for place in order)
    choice = choose_patient(
        [every[place] for place in order],
        wish=wish,
        hits=lambda x, y: [person.frames_at(x, y) for person in ordered],
        seen=len(people),
    )
    return Chosen(choice=choice, person=ordered[choice.chosen - 1], people=ordered)


def _candidate(person: Person, clip: Clip) -> PersonCandidate:
    """Return what speaks for a person; the number is given when all are known."""
    poses = person.poses()
    frames = np.array(list(poses))
    points = np.array([pose.points for pose in poses.values()], dtype=float)
    path = sum(_path(body, clip) for body in person.bodies)
    duration_s = float(
        sum(clip.time_s[b.last] - clip.time_s[b.first] for b in person.bodies)
    )
    size = float(np.median(_heights_px(points))) / clip.height
    upright = float(np.mean(_lean_deg(points) <= UPRIGHT_MAX_DEG))
    feet = points[:, _FEET]
    feet_in_view = ((feet >= 0) & (feet < [clip.width, clip.height])).all(axis=(1, 2))
    completeness = float(feet_in_view.mean())
    return scored(
        PersonCandidate(
            number=0,
            score=0.0,
            start_s=float(clip.time_s[frames[0]]),
            end_s=float(clip.time_s[frames[-1]]),
            path_heights=path,
            duration_s=duration_s,
            upright=upright,
            size=size,
            completeness=completeness,
            frame=person.portrait.frame,
            box=person.portrait.box,
        )
    )


def _path(body: Body, clip: Clip) -> float:
    frames = sorted(body.poses)
    points = np.array([body.poses[frame].points for frame in frames], dtype=float)
    line = BodyLine(
        time_s=clip.time_s[frames],
        hips_x_px=points[:, _HIPS, 0].mean(axis=1),
        ankles_x_px=points[:, _LEFT_ANKLE, 0] - points[:, _RIGHT_ANKLE, 0],
        height_px=_heights_px(points),
    )
    focal_px = FOCAL_LENGTH * max(clip.width, clip.height)
    return path_heights(line, focal_px=focal_px)


def _heights_px(points: np.ndarray) -> np.ndarray:
    return trunk_height_px(
        points[:, _SHOULDERS].mean(axis=1), points[:, _HIPS].mean(axis=1)
    )


def _lean_deg(points: np.ndarray) -> np.ndarray:
    """Return the angle of the trunk from the picture's vertical, degrees."""
    trunk = points[:, _SHOULDERS].mean(axis=1) - points[:, _HIPS].mean(axis=1)
    return np.asarray(np.degrees(np.arctan2(np.abs(trunk[:, 0]), -trunk[:, 1])))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """The bodies of one person, in order of time and without overlap."""

    bodies: tuple[Body, ...]

    def poses(self) -> dict[int, Pose]:
        """Return all poses by frame, in order."""
        every = {f: pose for body in self.bodies for f, pose in body.poses.items()}
        return dict(sorted(every.items()))

    def frames_at(self, x: float, y: float) -> int:
        """Return in how many frames a pixel lies in the box around the keypoints."""
        points = np.array([pose.points for pose in self.poses().values()])
        low, high = points.min(axis=1), points.max(axis=1)
        place = np.array([x, y])
        return int(((low <= place) & (place <= high)).all(axis=1).sum())

    @property
    def portrait(self) -> Portrait:
        """The best portrait."""
        known = [b.portrait for b in self.bodies if b.portrait is not None]
        return max(known, key=lambda portrait: portrait.quality)

    @property
    def leaps(self) -> int:
        """Times that the network leapt to another body."""
        return sum(body.leaps for body in self.bodies)


def people_of(bodies: list[Body], clip: Clip) -> list[Person]:
    """Put the bodies of each person together.

    Parameters
    ----------
    bodies : list of Body
        Fragments, by their first frame.
    clip : Clip
        The clock.

    Returns
    -------
    list of Person
        In order of appearance; whoever is seen for less than half a second is left
        out.
    """
    groups: list[list[Body]] = []
    for body in bodies:
        seen_s = clip.time_s[body.last] - clip.time_s[body.first]
        if seen_s < SEEN_MIN_S or not _is_human(body):
            continue
        earlier = [group for group in groups if _comes_back(group, body, clip)]
        if earlier:
            max(earlier, key=lambda group: group[-1].last).append(body)
        else:
            groups.append([body])
    return [Person(bodies=tuple(group)) for group in groups]


def _is_human(body: Body) -> bool:
    """Say whether the shape is that of somebody who stands or walks."""
    points = np.array([pose.points for pose in body.poses.values()])
    lengths = np.array([body.length_px(frame) for frame in body.poses])
    trunk = points[:, _SHOULDERS].mean(axis=1) - points[:, _HIPS].mean(axis=1)
    low, high = TRUNK_RATIO
    ratio = float(np.median(np.linalg.norm(trunk, axis=1) / lengths))
    return low < ratio < high and float(np.mean(trunk[:, 1] < 0)) >= UPRIGHT_MIN


def _comes_back(group: list[Body], body: Body, clip: Clip) -> bool:
    """Say whether a body is the person of an earlier group."""
    before = group[-1]
    gap_s = float(clip.time_s[body.first] - clip.time_s[before.last])
    if not 0 < gap_s <= REJOIN_S:
        return False
    left, back = before.poses[before.last].region, body.poses[body.first].region
    reach = REJOIN_DISTANCE + WALKING_SPEED * (gap_s if gap_s <= HIDDEN_S else 0.0)
    apart = np.hypot(left.x - back.x, left.y - back.y)
    if apart > reach * before.length_px(before.last):
        return False
    if not 1 / REJOIN_SIZE < left.size / back.size < REJOIN_SIZE:
        return False
    limit = OTHER_CLOTHES if gap_s <= HIDDEN_S else SAME_CLOTHES
    known = [colour for member in group for colour in member.colours]
    return difference(known, body.colours) <= limit
