"""Follow the patient through a video: the one call of the pose stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.model.keypoints import BLAZEPOSE, PICTURE_SPACE, keypoints
from gaitkit.model.recording import PersonChoice
from gaitkit.pose.choice import choose
from gaitkit.pose.complete import extend_back, fill_gaps
from gaitkit.pose.people import people_of
from gaitkit.pose.scan import gap_max, misses_max, scan
from gaitkit.pose.swaps import repair_sides

if TYPE_CHECKING:
    from gaitkit.model.progress import Progress
    from gaitkit.pose.backend import PoseBackend
    from gaitkit.pose.body import Body
    from gaitkit.pose.frames import Clip
    from gaitkit.pose.people import Person
    from gaitkit.pose.settings import PoseSettings

WORLD_SPACE = ("x", "y", "z")


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
