"""Who of the people in a film is the patient: what each shows, then the common rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.model.person import UPRIGHT_MAX_DEG, choose_patient, ranking, scored
from gaitkit.model.recording import PersonCandidate, PersonChoice
from gaitkit.model.walked import (
    FOCAL_LENGTH,
    BodyLine,
    path_heights,
    trunk_height_px,
)
from gaitkit.pose.people import Person

if TYPE_CHECKING:
    from gaitkit.pose.body import Body
    from gaitkit.pose.frames import Clip

_SIDES = ("left", "right")
_HIPS = [BLAZEPOSE.index(f"{side}_hip") for side in _SIDES]
_SHOULDERS = [BLAZEPOSE.index(f"{side}_shoulder") for side in _SIDES]
_LEFT_ANKLE, _RIGHT_ANKLE = (BLAZEPOSE.index(f"{side}_ankle") for side in _SIDES)
_FEET = [
    BLAZEPOSE.index(f"{side}_{part}")
    for side in _SIDES
    for part in ("ankle", "heel", "foot_index")
]


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
