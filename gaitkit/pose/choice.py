"""Who of the people in a clip is the patient: the one who walks.

Each person is scored over the whole clip: how far, how long, upright, how large and
how completely in view. Who stands and watches, however large, has no path.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import median_filter

from gaitkit.errors import InputError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.model.recording import PersonCandidate, PersonChoice
from gaitkit.pose.people import Person

if TYPE_CHECKING:
    from gaitkit.pose.frames import Clip

PATH_WEIGHT = 0.6
DURATION_WEIGHT = SIZE_WEIGHT = UPRIGHT_WEIGHT = COMPLETENESS_WEIGHT = 0.1
"""Walking is most of the score, so that nobody who stands outscores a walker. Set by
reason, and tried on the two recordings with several people."""

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

ACROSS_DEADBAND = 0.15
"""Movements across the picture below this, in body heights, are noise and no path."""

DEPTH_DEADBAND = 0.3
"""Changes of distance below this fraction come from bending, and are no path."""

STEP_MIN = 0.1
"""Distance between the ankles, in body heights, from which one foot is in front."""

IN_FRONT_S = (0.25, 1.5)
"""How long one foot stays in front in a walk, from fast to very slow; a step at 30 to
200 steps a minute, with room."""

FOCAL_LENGTH = 0.8
"""Focal length as a fraction of the picture's long side: a phone's main camera is
about 26 mm on the 36 mm of 35-mm film, cropped a little for video. Only used to see
that somebody walks to or from the camera, never for a measurement."""

TRUNK_TO_HEIGHT = 1 / 0.288
"""Body height over the distance from hips to shoulders: 0.818 - 0.530 of the height
(Winter 2009, Biomechanics and motor control of human movement, fig. 4.1)."""

SMOOTH_S = 1.0
"""Seconds over which sizes are smoothed before a path is added up."""

_SIDES = ("left", "right")
_HIPS = [BLAZEPOSE.index(f"{side}_hip") for side in _SIDES]
_SHOULDERS = [BLAZEPOSE.index(f"{side}_shoulder") for side in _SIDES]
_ANKLES = [BLAZEPOSE.index(f"{side}_ankle") for side in _SIDES]
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
    )
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
    heights = _smoothed(_heights_px(points), clip.frames_in(SMOOTH_S))
    path = max(
        _path_over_ground(
            points, heights, focal_px=FOCAL_LENGTH * max(clip.width, clip.height)
        ),
        _path_on_treadmill(
            points,
            heights,
            frames=(clip.frames_in(IN_FRONT_S[0]), clip.frames_in(IN_FRONT_S[1])),
        ),
    )
    duration_s = float(
        sum(clip.time_s[b.last] - clip.time_s[b.first] for b in person.bodies)
    )
    size = float(np.median(heights)) / clip.height
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


def _path_over_ground(
    points: np.ndarray, heights: np.ndarray, *, focal_px: float
) -> float:
    """Return the path of the hips across the picture and in depth, body heights."""
    hips = points[:, _HIPS, 0].mean(axis=1)
    across = _travel(hips, ACROSS_DEADBAND * heights) / float(np.median(heights))
    distance = focal_px / heights
    return float(np.hypot(across, _travel(distance, DEPTH_DEADBAND * distance)))


def _path_on_treadmill(
    points: np.ndarray, heights: np.ndarray, *, frames: tuple[int, int]
) -> float:
    """Return the sum of step lengths, body heights: as long as the path over ground.

    A step is the widest distance of the ankles while one foot is in front.

    Parameters
    ----------
    points : array (frame, keypoint, 2)
        Pixels.
    heights : array (frame,)
        Body height, pixels.
    frames : tuple of int
        How long one foot is in front in a walk, at least and at most.
    """
    apart = (points[:, _ANKLES[0], 0] - points[:, _ANKLES[1], 0]) / heights
    front = np.sign(np.where(np.abs(apart) < STEP_MIN, 0, apart))
    shortest, longest = frames
    total, start = 0.0, 0
    for here, after in itertools.pairwise(np.flatnonzero(front).tolist()):
        if front[here] == front[after]:
            continue
        if shortest <= here + 1 - start <= longest:
            total += float(np.abs(apart[start : here + 1]).max())
        start = after
    return total


def _travel(place: np.ndarray, deadband: np.ndarray) -> float:
    """Return the length of a path (frame,), without what stays within the deadband."""
    total, anchor = 0.0, place[0]
    for here, slack in zip(place, deadband, strict=True):
        moved = abs(here - anchor)
        if moved > slack:
            total += moved
            anchor = here
    return float(total)


def _heights_px(points: np.ndarray) -> np.ndarray:
    """Return the body height in each frame, from the trunk, which does not bend."""
    hips = points[:, _HIPS].mean(axis=1)
    trunk = np.linalg.norm(points[:, _SHOULDERS].mean(axis=1) - hips, axis=1)
    return np.asarray(trunk * TRUNK_TO_HEIGHT)


def _smoothed(values: np.ndarray, width: int) -> np.ndarray:
    """Return the running median, the ends held."""
    return np.asarray(median_filter(values, size=width, mode="nearest"))


def _lean_deg(points: np.ndarray) -> np.ndarray:
    """Return the angle of the trunk from the picture's vertical, degrees."""
    trunk = points[:, _SHOULDERS].mean(axis=1) - points[:, _HIPS].mean(axis=1)
    return np.asarray(np.degrees(np.arctan2(np.abs(trunk[:, 0]), -trunk[:, 1])))
