"""Several people in one marker file: whose marker is whose, and who is the patient.

Programs write the name of a person before each label (``Anna:LASI``), or a second set
with the same labels. Sets that share labels are two people. Sets that share none and
move together, with markers between each other, are parts of one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.motion.conventions import recognise
from gaitkit.io.motion.people import FollowedPerson, choose_person
from gaitkit.model.recording import PersonChoice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.motion import Floats

SHARED_MIN = 4
"""Labels that two sets must share to be two people and not a slip of the pen."""

APART_M = 0.25
"""Median distance of the two markers of one label from which they are on two bodies."""

BETWEEN_M = 0.5
"""Largest distance from a part of a body to the nearest marker of the rest."""

DRIFT_M = 0.4
"""Most that the middles of two parts of one body come nearer or go apart."""

PREFIX = re.compile(r"^(?P<name>[^_\-. ]+)[_\-. ](?P<label>.+)$")
SIDE_WORDS = frozenset({"l", "r", "left", "right"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerPerson:
    """The markers of one person.

    Attributes
    ----------
    columns : tuple of int
        Which of the markers are this person's.
    labels : tuple of str
        Their labels without the person.
    choice : PersonChoice or None
        Who else was there; None where there is one person.
    others : int
        Markers of others and of things, which are left out.
    """

    columns: tuple[int, ...]
    labels: tuple[str, ...]
    choice: PersonChoice | None = None
    others: int = 0


def person_among(
    labels: Sequence[str], position_m: Floats, *, time_s: Floats, wish: str | None
) -> MarkerPerson:
    """Return the markers of the patient: who walks, or whom the user wishes.

    Parameters
    ----------
    labels : sequence of str
        As in the file, with the name of the person.
    position_m : array (time, 3, marker)
        Metres, NaN where unseen.
    time_s : array (time,)
        Seconds.
    wish : str or None
        ``"2"`` for the second person.

    Raises
    ------
    InputError
        If the wish names nobody.
    """
    owners, bare = _owned(labels, position_m)
    bodies = _bodies(owners, bare, position_m)
    walkers = [
        body
        for body in bodies
        if recognise(_unique([bare[k] for k in body])) is not None
    ]
    if not walkers or (len(bodies) == 1 and wish is None):
        return MarkerPerson(columns=tuple(range(len(labels))), labels=tuple(bare))
    union = _unique([bare[k] for body in walkers for k in body])
    people = [_followed(body, bare, union, position_m) for body in walkers]
    chosen, choice = choose_person(people, union, time_s, wish=wish, picture_px=None)
    which = next(k for k, each in enumerate(people) if each is chosen)
    columns = sorted(walkers[which])
    return MarkerPerson(
        columns=tuple(columns),
        labels=tuple(bare[k] for k in columns),
        choice=choice if walkers[1:] or wish is not None else None,
        others=len(labels) - len(columns),
    )


def _owned(
    labels: Sequence[str], position_m: Floats
) -> tuple[tuple[str, ...], list[str]]:
    """Return whose each marker is, and its label without that name."""
    parts = [label.rpartition(":") for label in labels]
    owners, bare = [part[0] for part in parts], [part[2].strip() for part in parts]
    if len(set(owners)) > 1:
        return tuple(owners), bare
    split = [PREFIX.match(label) for label in bare]
    named = Counter(
        m["label"] for m in split if m and m["name"].casefold() not in SIDE_WORDS
    )
    if sum(count > 1 for count in named.values()) >= SHARED_MIN:
        names = tuple(m["name"] if m else "" for m in split)
        short = [
            m["label"] if m else label for m, label in zip(split, bare, strict=True)
        ]
        if _with_legs(names, short) > 1:  # and no segments with numbered markers
            return names, short
    seen: Counter[str] = Counter()
    turns = []
    for label in bare:
        turns.append(seen[label])
        seen[label] += 1
    repeated = [label for label, count in seen.items() if count > 1]
    if len(repeated) >= SHARED_MIN and _are_apart(repeated, bare, position_m):
        return tuple(str(turn) for turn in turns), bare
    return tuple(owners), bare


def _with_legs(owners: Sequence[str], bare: list[str]) -> int:
    """Return how many of the sets of markers show legs."""
    sets = [
        _unique(
            [label for label, each in zip(bare, owners, strict=True) if each == owner]
        )
        for owner in set(owners)
    ]
    return sum(recognise(labels) is not None for labels in sets)


def _are_apart(repeated: list[str], bare: list[str], position_m: Floats) -> bool:
    """Return whether the markers of one label are on different bodies."""
    apart = []
    for label in repeated:
        first, second = [k for k, each in enumerate(bare) if each == label][:2]
        between = np.linalg.norm(
            position_m[:, :, first] - position_m[:, :, second], axis=1
        )
        known = between[np.isfinite(between)]
        apart += [float(np.median(known))] if known.size else []
    return bool(apart) and float(np.median(apart)) > APART_M


def _bodies(
    owners: tuple[str, ...], bare: list[str], position_m: Floats
) -> list[list[int]]:
    """Put the sets of markers that are parts of one body together."""
    bodies = [
        [k for k, each in enumerate(owners) if each == owner]
        for owner in dict.fromkeys(owners)
    ]
    merged = True
    while merged:
        merged = False
        for one, other in combinations(range(len(bodies)), 2):
            if _is_one_body(bodies[one], bodies[other], bare, position_m):
                bodies[one] += bodies.pop(other)
                merged = True
                break
    return bodies


def _is_one_body(
    one: list[int], other: list[int], bare: list[str], position_m: Floats
) -> bool:
    if {bare[k] for k in one} & {bare[k] for k in other}:
        return False
    places = position_m[:: max(len(position_m) // 100, 1)]
    nearest, middles = [], []
    for frame in places:
        here, there = (
            part[:, np.isfinite(part).all(axis=0)]
            for part in (frame[:, one], frame[:, other])
        )
        if here.size and there.size:
            apart = np.linalg.norm(here[:, :, None] - there[:, None], axis=0)
            nearest.append(float(apart.min()))
            between = np.median(here, axis=1) - np.median(there, axis=1)
            middles.append(float(np.linalg.norm(between)))
    if not nearest:
        return False
    return float(np.median(nearest)) < BETWEEN_M and float(np.ptp(middles)) < DRIFT_M


def _followed(
    body: list[int], bare: list[str], union: tuple[str, ...], position_m: Floats
) -> FollowedPerson:
    position = np.full((*position_m.shape[:2], len(union)), np.nan)
    for column in body:
        position[:, :, union.index(bare[column])] = position_m[:, :, column]
    seen = np.asarray(np.isfinite(position).all(axis=1), dtype=np.float64)
    return FollowedPerson(position=position, confidence=seen)


def _unique(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))
