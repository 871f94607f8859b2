"""Straight passes: the parts of a recording in which somebody walks straight on.

Turns, standing and what lies before and after are cut out. On a treadmill the body
stays where it is while the feet go back and forth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.model.settings import require_positive
from gaitkit.model.side import Side
from gaitkit.signal.filters import derivative
from gaitkit.signal.gaps import runs, whole
from gaitkit.signal.progress import Progress, ground_moves, progress
from gaitkit.signal.upright import median_known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.signal.upright import Upright

PassKind = Literal["overground", "treadmill"]
Border = Literal["edge", "stop"]

FLAT_SHARE = 0.2
"""A foot lies flat on a belt when heel and toe differ in speed by less than this."""

STEADY_SHARE = 0.7
"""A pass that starts or ends in view counts from where the body has this share of its
median speed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassSettings:
    """When movement counts as a straight pass.

    Attributes
    ----------
    min_speed : float
        Slower progress of the body is standing, in leg lengths per second. The
        slowest walks on record reach 0.12 (Parkinson's disease, 0.09 m/s).
    min_duration_s : float
        Shorter passes are dropped: they hold no stride.
    min_distance : float
        Shorter passes are dropped, in leg lengths.
    max_turn_deg : float
        A pass ends where the heading leaves its own by more (3-D recordings).
    min_foot_range : float
        Travel of the feet about the body that is walking and not standing, in leg
        lengths (treadmill).
    max_gap_s : float
        The body may be unseen for so long within a pass.
    """

    min_speed: float = 0.08
    min_duration_s: float = 0.8
    min_distance: float = 0.8
    max_turn_deg: float = 20.0
    min_foot_range: float = 0.3
    max_gap_s: float = 0.5

    def __post_init__(self) -> None:
        """Refuse settings that are not positive.

        Raises
        ------
        ConfigError
            Naming the key.
        """
        require_positive(self, table="passes")


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPass:
    """One straight pass, ``[start_s, end_s]``.

    Attributes
    ----------
    number : int
        Counted from 0 in the order of time.
    start_s, end_s : float
        First and last moment.
    direction : tuple of float
        Unit vector of walking along the horizontal axes of the recording; in a
        picture ``(1.0,)`` is to the right.
    kind : {"overground", "treadmill"}
        What moves: the body or the belt.
    speed : float
        Mean speed of walking, in units of the recording per second; on a treadmill
        that of the belt.
    starts, ends : {"edge", "stop"}
        Whether the person came into view walking or started (turned, slowed) within
        view; the same for the end.
    """

    number: int
    start_s: float
    end_s: float
    direction: tuple[float, ...]
    kind: PassKind
    speed: float
    starts: Border
    ends: Border

    @property
    def near_side(self) -> Side | None:
        """The side that faces the camera; None in a laboratory (3-D)."""
        if len(self.direction) > 1:
            return None
        return Side.RIGHT if self.direction[0] > 0 else Side.LEFT

    @property
    def duration_s(self) -> float:
        """Duration in seconds."""
        return self.end_s - self.start_s

    def holds(self, time_s: float) -> bool:
        """Return True when a moment lies in the pass."""
        return self.start_s <= time_s <= self.end_s

    def samples(self, time_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return True for the samples of a clock that lie in the pass."""
        slack = 0.5 * float(time_s[1] - time_s[0]) if time_s.size > 1 else 0.0
        return (time_s >= self.start_s - slack) & (time_s <= self.end_s + slack)


def find_passes(walk: Upright, *, settings: PassSettings) -> tuple[WalkPass, ...]:
    """Cut a recording into straight passes.

    Parameters
    ----------
    walk : Upright
        Clean keypoints with a vertical axis.
    settings : PassSettings
        Limits.

    Returns
    -------
    tuple of WalkPass
        In the order of time; empty when nobody walks in the plane of the recording.

    Notes
    -----
    A pass is a run in which the body advances in one direction, its sway within a
    stride apart (`gaitkit.signal.progress`); toes pointing the other way (walking
    backwards) make no pass, nor does a foot that goes back while it stands. When there
    is none, the feet are asked whether they go back and forth as on a treadmill.
    """
    leg = walk.leg_length()
    if not np.isfinite(leg):
        return ()
    way = progress(walk, max_gap_s=settings.max_gap_s)
    passes: list[WalkPass] = []
    for run in runs(moving(way, leg, settings)):
        for part in _straight(way.heading, run, settings.max_turn_deg):
            candidate = _overground(walk, part, way, len(passes))
            if candidate is not None and _long_enough(candidate, leg, settings):
                passes.append(candidate)
    if passes:
        return tuple(passes)
    treadmill = _treadmill(walk, leg, settings)
    return () if treadmill is None else (treadmill,)


def moving(way: Progress, leg: float, settings: PassSettings) -> NDArray[np.bool_]:
    """Return True where the body gains ground (time,)."""
    fast: NDArray[np.bool_] = np.nan_to_num(way.speed) > settings.min_speed * leg
    return fast


def _straight(
    unit: NDArray[np.float64], run: slice, max_turn_deg: float
) -> list[slice]:
    """Cut a run of movement where its heading changes."""
    limit = np.cos(np.deg2rad(max_turn_deg))
    unit = unit[run]
    parts: list[slice] = []
    start = 0
    while start < len(unit):
        heading = np.cumsum(unit[start:], axis=0)
        heading /= np.linalg.norm(heading, axis=1, keepdims=True) + np.finfo(float).eps
        agrees = (heading * unit[start:]).sum(axis=1) >= limit
        stop = len(unit) if agrees.all() else start + max(int(np.argmin(agrees)), 1)
        parts.append(slice(run.start + start, run.start + stop))
        start = stop
    return parts


def _overground(
    walk: Upright, part: slice, path: Progress, number: int
) -> WalkPass | None:
    centre, velocity = path.centre, path.velocity
    known = whole(velocity, axis=1)
    part = _steady(part, path.speed, known)
    count = part.stop - part.start
    inner = slice(part.start + count // 5, part.stop - count // 5)
    way = centre[inner.stop - 1] - centre[inner.start]
    if inner.stop - inner.start <= 1 or not np.linalg.norm(way) > 0:
        return None
    direction = way / np.linalg.norm(way)
    if toes_ahead(walk, direction, part) <= 0 or ground_moves(walk, direction, part):
        return None
    return WalkPass(
        number=number,
        start_s=float(walk.time_s[part.start]),
        end_s=float(walk.time_s[part.stop - 1]),
        direction=tuple(float(x) for x in direction),
        kind="overground",
        speed=float(np.mean(velocity[part] @ direction)),
        starts="stop" if known[: part.start].any() else "edge",
        ends="stop" if known[part.stop :].any() else "edge",
    )


def _steady(part: slice, pace: NDArray[np.float64], known: NDArray[np.bool_]) -> slice:
    """Cut the start and the end of a pass where the person speeds up or slows down.

    A border at which the person enters or leaves the picture is no such place.
    """
    speed = pace[part]
    fast = np.flatnonzero(speed >= STEADY_SHARE * float(np.median(speed)))
    first = int(fast[0]) if known[: part.start].any() else 0
    last = int(fast[-1]) + 1 if known[part.stop :].any() else speed.size
    return slice(part.start + first, part.start + last)


def _long_enough(candidate: WalkPass, leg: float, settings: PassSettings) -> bool:
    distance = candidate.speed * candidate.duration_s
    return (
        candidate.duration_s >= settings.min_duration_s
        and distance >= settings.min_distance * leg
    )


def toes_ahead(walk: Upright, direction: NDArray[np.float64], part: slice) -> float:
    """Return the median distance by which the toes lie ahead of the heels."""
    ahead = [
        walk.along(f"{side}_foot_index", direction)[part]
        - walk.along(f"{side}_heel", direction)[part]
        for side in Side
    ]
    return median_known(np.concatenate(ahead))


def _treadmill(walk: Upright, leg: float, settings: PassSettings) -> WalkPass | None:
    """Return the whole clip as one pass when the feet go back and forth."""
    everything = slice(0, walk.time_s.size)
    direction = _facing(walk, everything)
    if not ground_moves(walk, direction, everything):
        return None
    hips = walk.middle("hip")[:, :-1] @ direction
    for side in Side:
        path = walk.along(f"{side}_ankle", direction) - hips
        known = path[np.isfinite(path)]
        if not known.size or np.ptp(np.percentile(known, [5, 95])) < (
            settings.min_foot_range * leg
        ):
            return None
    seen = np.flatnonzero(np.isfinite(hips))
    start_s, end_s = float(walk.time_s[seen[0]]), float(walk.time_s[seen[-1]])
    if end_s - start_s < settings.min_duration_s:
        return None
    return WalkPass(
        number=0,
        start_s=start_s,
        end_s=end_s,
        direction=tuple(float(x) for x in direction),
        kind="treadmill",
        speed=_belt_speed(walk, direction),
        starts="edge",
        ends="edge",
    )


def _belt_speed(walk: Upright, direction: NDArray[np.float64]) -> float:
    """Return the speed of the belt: that of the feet while they lie flat on it.

    A foot lies flat when heel and toe go back equally fast; of those samples the
    faster half is stance, for in swing a foot that goes back is slow.
    """
    speeds = []
    for side in Side:
        heel, toe = (
            -derivative(walk.along(f"{side}_{part}", direction), rate_hz=walk.rate_hz)
            for part in ("heel", "foot_index")
        )
        pace = (heel + toe) / 2
        with np.errstate(invalid="ignore"):
            flat = (pace > 0) & (np.abs(heel - toe) < FLAT_SHARE * pace)
        speeds.append(pace[flat])
    every = np.concatenate(speeds)
    return median_known(every[every >= np.median(every)]) if every.size else 0.0


def _facing(walk: Upright, part: slice) -> NDArray[np.float64]:
    """Return the unit horizontal vector from heels to toes."""
    ahead = np.concatenate(
        [
            walk.point(f"{side}_foot_index")[part, :-1]
            - walk.point(f"{side}_heel")[part, :-1]
            for side in Side
        ]
    )
    known = ahead[np.isfinite(ahead).all(axis=1)]
    middle = np.median(known, axis=0) if known.size else np.ones(ahead.shape[1])
    length = float(np.linalg.norm(middle))
    if length == 0:
        middle, length = np.ones(ahead.shape[1]), float(np.sqrt(ahead.shape[1]))
    return np.asarray(middle / length, dtype=float)
