"""Who is who in a file of keypoints, and which of them is the patient.

A pose program writes the people of each frame in no fixed order, loses one, calls
another by the number of the first. So the detections are linked again by where each
body must be (Kuhn 1955, doi:10.1002/nav.3800020109, over the distance of all
keypoints, with the way it was moving), the names of the file are only a hint, and the
pieces of one person are put together where place, size and time agree. Where they do
not, they stay two people: a mixture of two people is worse than a part of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.io.motion.conventions import recognise
from gaitkit.model.motion import Floats
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

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS_MIN = 3
"""Keypoints that a detection needs to be somebody."""

NEAR = 0.25
"""Median distance of keypoints from where they should be, in body sizes, up to which a
detection is the same body: the feet swing, most points do not."""

NEAR_PER_S = 0.5
"""The same for each second during which it was not seen."""

LOST_S = 1.0
"""Seconds unseen after which a body is looked for no more; as in a film."""

VELOCITY_LOOKS = 6
"""Looks over which a velocity is taken."""

SIZE_LOOKS = 25
"""Looks over which the size is taken: arms and legs change the extent of a body."""

SAME_NAME, OTHER_NAME = 0.7, 1.5
"""Factors on the distance where the file calls both by one name, or by two."""


REJOIN_SIZE = 1.4
"""Ratio of sizes at leaving and coming back; a film also has the clothes."""

REACH_PER_S = 2.0
"""Body sizes per second that somebody with a name may have gone meanwhile: a run."""

CLEARLY_NEARER = 0.25
"""Of two people who may have come back, one must be nearer by this (body sizes)."""


LEG_TO_HEIGHT = 1 / 0.491
"""Body height over thigh and shank, 0.245 and 0.246 of it (Winter 2009, Biomechanics
and motor control of human movement, fig. 4.1)."""

SIDES = ("left", "right")
SHOWN_BY = {
    "hip": ("greater_trochanter", "psis", "asis"),
    "knee": ("knee_lateral",),
    "ankle": ("heel", "ankle_lateral"),
}
"""Markers that show where a joint is, well enough to see who walks; the last wins."""

PICTURE = 2
"""Coordinates of a picture: x and y."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detections:
    """The people of each frame, in no order.

    Attributes
    ----------
    time_s : array (time,)
        Clock.
    position : array (time, place, space, keypoint)
        Pixels or metres, NaN where unseen.
    confidence : array (time, place, keypoint)
        0 to 1.
    names : array (time, place) of int
        What the file calls each; negative where it has no name.
    """

    time_s: Floats
    position: Floats
    confidence: Floats
    names: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FollowedPerson:
    """One person over the whole file: where in each frame it stands.

    Attributes
    ----------
    position : array (time, space, keypoint)
        NaN in frames without the person.
    confidence : array (time, keypoint)
        0 there.
    """

    position: Floats
    confidence: Floats


@dataclass(slots=True, kw_only=True, eq=False)
class _Piece:
    """A stretch in which one body was followed without doubt."""

    rows: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    poses: list[Floats] = field(default_factory=list)
    name: int = -1

    def add(self, row: int, place: int, pose: Floats, name: int) -> None:
        self.rows.append(row)
        self.places.append(place)
        self.poses.append(pose)
        self.name = name if name >= 0 else self.name

    def size(self, *, end: bool) -> float:
        part = self.poses[-SIZE_LOOKS:] if end else self.poses[:SIZE_LOOKS]
        return float(np.median([_extent(pose) for pose in part]))

    def velocity(self, time_s: Floats) -> Floats:
        """Return how the body moves on at its end, px/s."""
        looks = min(VELOCITY_LOOKS, len(self.rows))
        if looks <= 1:
            return np.zeros(2)
        elapsed_s = time_s[self.rows[-1]] - time_s[self.rows[-looks]]
        if elapsed_s > LOST_S:
            return np.zeros(2)
        way = self.poses[-1] - self.poses[-looks]
        return np.asarray(_middle(way) / elapsed_s)


def people_in(found: Detections) -> tuple[FollowedPerson, ...]:
    """Return everybody in a file, in order of appearance.

    Whoever is seen for less than half a second is left out, unless nobody is seen for
    longer.
    """
    groups = _joined(_pieces(found), found.time_s)
    if not groups:
        return ()
    seen_s = [
        sum(found.time_s[p.rows[-1]] - found.time_s[p.rows[0]] for p in group)
        for group in groups
    ]
    least = min(SEEN_MIN_S, max(seen_s))
    return tuple(
        _gathered(group, found)
        for group, duration_s in zip(groups, seen_s, strict=True)
        if duration_s >= least
    )


def choose_person(
    people: Sequence[FollowedPerson],
    labels: Sequence[str],
    time_s: Floats,
    *,
    wish: str | None,
    picture_px: tuple[float, float] | None,
) -> tuple[FollowedPerson, PersonChoice]:
    """Choose the patient as in a film: who walks, or whom the user wishes.

    Raises
    ------
    InputError
        If the wish names nobody.
    """
    size = picture_px or _picture_of(people)
    every = [_candidate(each, labels, time_s, size) for each in people]
    order = ranking(every)
    ordered = [people[place] for place in order]
    choice = choose_patient(
        [every[place] for place in order],
        wish=wish,
        hits=(lambda x, y: [_frames_at(each, x, y) for each in ordered])
        if people[0].position.shape[1] == PICTURE
        else None,
        seen=len(people),
    )
    return ordered[choice.chosen - 1], choice


def _pieces(found: Detections) -> list[_Piece]:
    """Link the detections of all frames."""
    pieces: list[_Piece] = []
    active: list[_Piece] = []
    for row, now_s in enumerate(found.time_s):
        poses = found.position[row]
        there = [
            place
            for place in range(len(poses))
            if np.isfinite(poses[place]).all(axis=0).sum() >= POINTS_MIN
        ]
        active = [p for p in active if now_s - found.time_s[p.rows[-1]] <= LOST_S]
        taken = _assigned(active, found, row=row, there=there)
        for place in there:
            piece = taken.get(place)
            if piece is None:
                piece = _Piece()
                pieces.append(piece)
                active.append(piece)
            piece.add(row, place, poses[place], int(found.names[row, place]))
    return pieces


def _assigned(
    active: list[_Piece], found: Detections, *, row: int, there: list[int]
) -> dict[int, _Piece]:
    """Return which piece goes on in which place of a frame."""
    from scipy.optimize import linear_sum_assignment

    if not active or not there:
        return {}
    cost = np.array(
        [[_misfit(piece, found, row, place) for place in there] for piece in active]
    )
    far = 2.0 * (1.0 + float(cost[np.isfinite(cost)].max(initial=1.0)))
    rows, columns = linear_sum_assignment(np.where(np.isfinite(cost), cost, far))
    return {
        there[column]: active[line]
        for line, column in zip(rows, columns, strict=True)
        if np.isfinite(cost[line, column])
    }


def _misfit(piece: _Piece, found: Detections, row: int, place: int) -> float:
    """Return how far a detection is from where a body must be; infinite if too far."""
    unseen_s = float(found.time_s[row] - found.time_s[piece.rows[-1]])
    size = piece.size(end=True)
    if size <= 0:
        return np.inf
    expected = piece.poses[-1] + (piece.velocity(found.time_s) * unseen_s)[:, None]
    apart = np.linalg.norm(found.position[row, place] - expected, axis=0)
    known = np.isfinite(apart)
    if known.sum() < POINTS_MIN:
        between = _middle(found.position[row, place]) - _middle(expected)
        distance = float(np.linalg.norm(between))
    else:
        distance = float(np.median(apart[known]))
    name = int(found.names[row, place])
    factor = 1.0
    if name >= 0 and piece.name >= 0:
        factor = SAME_NAME if name == piece.name else OTHER_NAME
    misfit = factor * distance / size
    return misfit if misfit <= NEAR + NEAR_PER_S * unseen_s else np.inf


def _joined(pieces: list[_Piece], time_s: Floats) -> list[list[_Piece]]:
    """Put the pieces of each person together."""
    groups: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda each: each.rows[0]):
        far = [_away(group[-1], piece, time_s) for group in groups]
        order = np.argsort(far)
        nearest = float(far[order[0]]) if groups else np.inf
        second = float(far[order[1]]) if len(groups) > 1 else np.inf
        if np.isfinite(nearest) and second - nearest > CLEARLY_NEARER:
            groups[order[0]].append(piece)
        else:
            groups.append([piece])
    return groups


def _away(before: _Piece, after: _Piece, time_s: Floats) -> float:
    """Return how far a piece begins from where the one before it should have gone.

    In body sizes; infinite where it cannot be the same person.
    """
    gap_s = float(time_s[after.rows[0]] - time_s[before.rows[-1]])
    sizes = before.size(end=True), after.size(end=False)
    if gap_s <= 0 or gap_s > REJOIN_S or min(sizes) <= 0:
        return np.inf
    if not 1 / REJOIN_SIZE < sizes[0] / sizes[1] < REJOIN_SIZE:
        return np.inf
    left, back = _middle(before.poses[-1]), _middle(after.poses[0])
    stayed = float(np.linalg.norm(back - left)) / sizes[0]
    gone_on = left + before.velocity(time_s) * gap_s
    went = float(np.linalg.norm(back - gone_on)) / sizes[0]
    if before.name >= 0 and after.name >= 0:
        reach = REJOIN_DISTANCE + REACH_PER_S * gap_s
        same = before.name == after.name and min(stayed, went) <= reach
        return 0.0 if same else np.inf
    if went <= NEAR + NEAR_PER_S * gap_s and gap_s <= 2 * LOST_S:
        return went
    return stayed if stayed <= REJOIN_DISTANCE and gap_s > LOST_S else np.inf


def _gathered(group: list[_Piece], found: Detections) -> FollowedPerson:
    frames, _, axes, points = found.position.shape
    position = np.full((frames, axes, points), np.nan)
    confidence = np.zeros((frames, points))
    for piece in group:
        position[piece.rows] = found.position[piece.rows, piece.places]
        confidence[piece.rows] = found.confidence[piece.rows, piece.places]
    return FollowedPerson(position=position, confidence=confidence)


def _candidate(
    person: FollowedPerson,
    labels: Sequence[str],
    time_s: Floats,
    picture_px: tuple[float, float],
) -> PersonCandidate:
    seen = np.flatnonzero(np.isfinite(person.position).any(axis=(1, 2)))
    position, when = person.position[seen], time_s[seen]
    flat = position.shape[1] == PICTURE
    places = _places(position, labels)
    height = _height(places)
    hips = _mean_of(places, "hip", "knee")
    along = 0 if flat else _way_axis(hips)
    line = BodyLine(
        time_s=when,
        hips_x_px=hips[:, along],
        ankles_x_px=(places["left_ankle"] - places["right_ankle"])[:, along],
        height_px=height,
    )
    feet = [np.isfinite(places[f"{side}_ankle"]).all(axis=1) for side in SIDES]
    best = int(seen[np.argmax(person.confidence[seen].sum(axis=1))])
    known = height[np.isfinite(height)]
    return scored(
        PersonCandidate(
            number=0,
            score=0.0,
            start_s=float(when[0]),
            end_s=float(when[-1]),
            path_heights=path_heights(line, focal_px=FOCAL_LENGTH * max(picture_px)),
            duration_s=_seen_s(when),
            upright=_upright(places) if flat else None,
            size=float(np.median(known)) / picture_px[1]
            if flat and known.size
            else None,
            completeness=float(np.mean(feet[0] & feet[1])),
            frame=best,
            box=_box(person.position[best]) if flat else None,
        )
    )


def _picture_of(people: Sequence[FollowedPerson]) -> tuple[float, float]:
    """Return a picture that holds everybody, where its size is not known."""
    farthest = [np.nanmax(each.position, axis=(0, 2)) for each in people]
    width, height = np.maximum(np.max(farthest, axis=0)[:PICTURE], 1.0)
    return float(width), float(height)


def _places(position: Floats, labels: Sequence[str]) -> dict[str, Floats]:
    """Return the paths (look, 2) of what is needed, NaN where the file has none."""
    found = recognise(labels)
    roles = {} if found is None else {r.role: r.label for r in found.roles}
    roles |= {
        f"{side}_{part}": roles[f"{side}_{other}"]
        for part, others in SHOWN_BY.items()
        for side in SIDES
        for other in others
        if f"{side}_{part}" not in roles and f"{side}_{other}" in roles
    }
    order = list(labels)
    nothing = np.full(position.shape[:2], np.nan)  # (look, axis)
    return {
        name: position[:, :, order.index(roles[name])] if name in roles else nothing
        for part in ("shoulder", "hip", "knee", "ankle")
        for name in (f"{side}_{part}" for side in SIDES)
    }


def _mean_of(places: dict[str, Floats], *parts: str) -> Floats:
    """Return the middle of the first pair that is seen at all."""
    for part in parts:
        middle = (places[f"left_{part}"] + places[f"right_{part}"]) / 2
        if np.isfinite(middle).any():
            return np.asarray(middle)
    return np.asarray(middle)


def _way_axis(middle: Floats) -> int:
    """Return the axis of a laboratory along which somebody gets farthest."""
    known = middle[np.isfinite(middle).all(axis=1)]
    return int(np.argmax(np.ptp(known, axis=0))) if known.size else 0


def _height(places: dict[str, Floats]) -> Floats:
    """Return the body height from the trunk, from the legs where there is none."""
    trunk = trunk_height_px(_mean_of(places, "shoulder"), _mean_of(places, "hip"))
    if np.isfinite(trunk).any():
        return trunk
    legs = [
        np.linalg.norm(places[f"{s}_hip"] - places[f"{s}_knee"], axis=1)
        + np.linalg.norm(places[f"{s}_knee"] - places[f"{s}_ankle"], axis=1)
        for s in SIDES
    ]
    return np.asarray(LEG_TO_HEIGHT * np.fmax(*legs))


def _upright(places: dict[str, Floats]) -> float | None:
    trunk = _mean_of(places, "shoulder") - _mean_of(places, "hip")
    known = trunk[np.isfinite(trunk).all(axis=1)]
    if not known.size:
        return None
    lean_deg = np.degrees(np.arctan2(np.abs(known[:, 0]), np.abs(known[:, 1])))
    return float(np.mean(lean_deg <= UPRIGHT_MAX_DEG))


def _seen_s(when: Floats) -> float:
    """Return the time in view, stretches without the person left out."""
    steps = np.diff(when)
    return float(steps[steps <= LOST_S].sum())


def _frames_at(person: FollowedPerson, x: float, y: float) -> int:
    """Return in how many frames a pixel lies in the box around a person."""
    seen = np.isfinite(person.position).any(axis=(1, 2))
    low = np.nanmin(person.position[seen], axis=2)
    high = np.nanmax(person.position[seen], axis=2)
    place = np.array([x, y])
    return int(((low <= place) & (place <= high)).all(axis=1).sum())


def _box(pose: Floats) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = (corner.tolist() for corner in _corners(pose))
    return left, top, right - left, bottom - top


def _corners(pose: Floats) -> tuple[Floats, Floats]:
    return np.nanmin(pose, axis=1), np.nanmax(pose, axis=1)


def _middle(pose: Floats) -> Floats:
    known = np.isfinite(pose).all(axis=0)
    return np.median(pose[:, known], axis=1) if known.any() else np.full(2, np.nan)


def _extent(pose: Floats) -> float:
    low, high = _corners(pose)
    return float(np.max(high - low))


def renumbered(choice: PersonChoice, frames: NDArray[np.int64]) -> PersonChoice:
    """Return a choice whose frames count as the file counts."""
    return replace(
        choice,
        candidates=tuple(
            replace(each, frame=int(frames[each.frame])) for each in choice.candidates
        ),
    )
