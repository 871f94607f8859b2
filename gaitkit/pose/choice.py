"""Who of the people in a clip is the patient: the one who walks.

Each person is scored over the whole clip: how far, how long, upright, how large and
how completely in view. Who stands and watches, however large, has no path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.model.recording import PersonCandidate, PersonChoice
from gaitkit.pose.people import Person
from gaitkit.pose.walked import heights_px, path_heights

if TYPE_CHECKING:
    from gaitkit.pose.body import Body
    from gaitkit.pose.frames import Clip

PATH_WEIGHT = 0.6
DURATION_WEIGHT = SIZE_WEIGHT = UPRIGHT_WEIGHT = COMPLETENESS_WEIGHT = 0.1
"""Walking is most of the score, so that nobody who stands outscores a walker. Set by
reason, and tried on the two recordings with several people."""

CANDIDATES_MAX = 8
"""People that are listed and shown; in a street there are more."""

PATH_FULL = 4.0
"""Path in body heights that earns the full share: five to six steps."""

DURATION_FULL_S = 5.0
"""Time in view that earns the full share."""

SIZE_FULL = 0.4
"""Body height as a fraction of the picture's that earns the full share."""

CLOSE_SCORE = 0.1
"""Two candidates whose scores differ by less are too close to be sure."""

UPRIGHT_MAX_DEG = 35.0
"""Lean of the trunk from the picture's vertical that still is upright."""

FOCAL_LENGTH = 0.8
"""Focal length as a fraction of the picture's long side: a phone's main camera is
about 26 mm on the 36 mm of 35-mm film, cropped a little for video. Only used to see
that somebody walks to or from the camera, never for a measurement."""

_SIDES = ("left", "right")
_HIPS = [BLAZEPOSE.index(f"{side}_hip") for side in _SIDES]
_SHOULDERS = [BLAZEPOSE.index(f"{side}_shoulder") for side in _SIDES]
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
    scored = sorted(
        ((_candidate(person, clip), person) for person in people),
        key=lambda pair: -pair[0].score,
    )[:CANDIDATES_MAX]
    ordered = tuple(person for _, person in scored)
    candidates = tuple(
        replace(candidate, number=number)
        for number, (candidate, _) in enumerate(scored, start=1)
    )
    chosen = candidates[0]
    if wish is not None:
        chosen = _wished(wish, candidates, ordered)
    choice = PersonChoice(
        chosen=chosen.number,
        method="user" if wish is not None else "scored" if people[1:] else "only",
        ambiguous=wish is None and _close(candidates),
        candidates=candidates,
    )
    return Chosen(choice=choice, person=ordered[chosen.number - 1], people=ordered)


def _close(candidates: tuple[PersonCandidate, ...]) -> bool:
    return (
        len(candidates) > 1 and candidates[0].score - candidates[1].score < CLOSE_SCORE
    )


def _wished(
    wish: str, candidates: tuple[PersonCandidate, ...], people: tuple[Person, ...]
) -> PersonCandidate:
    """Return the candidate that the user means, by number or by a pixel."""
    found: PersonCandidate | None = None
    if wish.strip().isdecimal():
        found = next((c for c in candidates if c.number == int(wish)), None)
    else:
        point = _point(wish)
        frames = [p.frames_at(*point) if point else 0 for p in people]
        found = candidates[int(np.argmax(frames))] if any(frames) else None
    if found is None:
        known = "; ".join(
            f"{c.number} at x {c.box[0]:.0f} to {c.box[0] + c.box[2]:.0f}, "
            f"y {c.box[1]:.0f} to {c.box[1] + c.box[3]:.0f} in frame {c.frame}"
            for c in candidates
        )
        msg = (
            f"person is {wish!r}, and nobody is there; expected a number, or 'x,y' in "
            f"pixels on one of: {known}"
        )
        raise InputError(msg)
    return found


def _point(wish: str) -> tuple[float, float] | None:
    """Return the pixel of a wish like ``"640,360"``, or None."""
    x, comma, y = wish.partition(",")
    try:
        return (float(x), float(y)) if comma else None
    except ValueError:
        return None


def _candidate(person: Person, clip: Clip) -> PersonCandidate:
    """Return what speaks for a person; the number is given when all are known."""
    poses = person.poses()
    frames = np.array(list(poses))
    points = np.array([pose.points for pose in poses.values()], dtype=float)
    path = sum(_path(body, clip) for body in person.bodies)
    duration_s = float(
        sum(clip.time_s[b.last] - clip.time_s[b.first] for b in person.bodies)
    )
    size = float(np.median(heights_px(points))) / clip.height
    upright = float(np.mean(_lean_deg(points) <= UPRIGHT_MAX_DEG))
    feet = points[:, _FEET]
    feet_in_view = ((feet >= 0) & (feet < [clip.width, clip.height])).all(axis=(1, 2))
    completeness = float(feet_in_view.mean())
    return PersonCandidate(
        number=0,
        score=PATH_WEIGHT * min(path / PATH_FULL, 1)
        + DURATION_WEIGHT * min(duration_s / DURATION_FULL_S, 1)
        + SIZE_WEIGHT * min(size / SIZE_FULL, 1)
        + UPRIGHT_WEIGHT * upright
        + COMPLETENESS_WEIGHT * completeness,
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


def _path(body: Body, clip: Clip) -> float:
    frames = sorted(body.poses)
    points = np.array([body.poses[frame].points for frame in frames], dtype=float)
    focal_px = FOCAL_LENGTH * max(clip.width, clip.height)
    return path_heights(points, clip.time_s[frames], focal_px=focal_px)


def _lean_deg(points: np.ndarray) -> np.ndarray:
    """Return the angle of the trunk from the picture's vertical, degrees."""
    trunk = points[:, _SHOULDERS].mean(axis=1) - points[:, _HIPS].mean(axis=1)
    return np.asarray(np.degrees(np.arctan2(np.abs(trunk[:, 0]), -trunk[:, 1])))
