"""Where and when a virtual walker sets each foot down and lifts it: the exact truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit_virtual.parameters import WalkerParameters, sign_of
from gaitkit_virtual.way import Way, way_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAD_STRIDES = 2.25
"""Strides walked before time 0, so that time 0 is in the middle of a stride."""

FEWEST_STEPS = 6
"""Footfalls planned at least, also for somebody who only stands."""

STOOD_BEFORE_S = -1.0
"""Time from which a walker who starts from standing has stood."""

START_STEPS = (0.5, 0.8, 0.95)
"""Length of the first steps after standing, as a share of a full step."""

TURN_STEP = 0.45
"""Length of a step in the middle of a turn, as a share of a full step."""

FLAT_SHARE = 0.16
"""Share of stance at which the foot is flat: 10 % of a stride of 62 % stance."""

RISE_SHARE = 0.45
"""Share of stance at which the heel begins to rise: 28 % of a stride."""

ROLL_SHARE = 0.75
"""Share of stance at which the toes begin to roll over their tip: 46 % of a stride."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footfall:
    """One contact of one foot with the floor.

    Attributes
    ----------
    side : Side
        The foot.
    number : int
        Counts contacts of both feet; even is left. Half of it is the stride phase.
    contact_s, flat_s, rise_s, roll_s, off_s : float
        Initial contact, foot flat, heel rise, toe rise and foot off in seconds.
    way_m : float
        Place along the way in metres.
    forward_m, left_m : float
        Where the heel meets the floor.
    azimuth_rad : float
        Direction of the foot, positive to the left.
    step_share, next_step_share : float
        Length of the step to it, and of the next one from it, over a full step.
    walk_pass : int or None
        Number of the straight pass; None in a turn.
    standing : bool
        True for a foot that stood there from the beginning.
    """

    side: Side
    number: int
    contact_s: float
    flat_s: float
    rise_s: float
    roll_s: float
    off_s: float
    way_m: float
    forward_m: float
    left_m: float
    azimuth_rad: float
    step_share: float
    next_step_share: float
    walk_pass: int | None
    standing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every footfall of a walk, in order, and the line it follows."""

    footfalls: tuple[Footfall, ...]
    way: Way

    def of(self, side: Side) -> tuple[Footfall, ...]:
        """Return the footfalls of one foot."""
        return tuple(fall for fall in self.footfalls if fall.side is side)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    number: int
    contact_s: float
    way_m: float
    share: float

    @property
    def side(self) -> Side:
        return Side.RIGHT if self.number % 2 else Side.LEFT


def plan_footfalls(
    parameters: WalkerParameters, *, duration_s: float, seed: int = 0
) -> Plan:
    """Plan the footfalls of a walk that covers ``[0, duration_s]`` with a margin.

    Parameters
    ----------
    parameters : WalkerParameters
        The walker.
    duration_s : float
        Length of the recording in seconds.
    seed : int
        Seed of the variation between steps.
    """
    end_s = duration_s + 3 * parameters.stride_time_s
    way = way_of(parameters, length_m=parameters.speed_m_s * (end_s + 1) * 1.2)
    rng = np.random.default_rng(seed)
    standing = parameters.start == "standing"
    steps = _standing(parameters) if standing else _already_walking(parameters)
    while steps[-1].contact_s < end_s or len(steps) < FEWEST_STEPS:
        steps.append(_next_step(parameters, steps, way=way, rng=rng))
    falls = [
        _footfall(parameters, steps[i], follower=steps[i + 1 : i + 2], way=way)
        for i in range(len(steps))
    ]
    return Plan(footfalls=tuple(falls), way=way)


def _already_walking(parameters: WalkerParameters) -> list[_Step]:
    start = -LEAD_STRIDES * parameters.stride_time_s
    way = -LEAD_STRIDES * parameters.stride_m
    return [_Step(number=0, contact_s=start, way_m=way, share=1.0)]


def _standing(parameters: WalkerParameters) -> list[_Step]:
    swing = parameters.stride_time_s - parameters.stance_of(Side.LEFT)
    stood = parameters.stand_s + swing - parameters.step_time_of(Side.LEFT)
    return [
        _Step(
            number=-1, contact_s=min(STOOD_BEFORE_S, stood - 1), way_m=0.0, share=0.0
        ),
        _Step(number=0, contact_s=stood, way_m=0.0, share=0.0),
    ]


def _next_step(
    parameters: WalkerParameters,
    steps: Sequence[_Step],
    *,
    way: Way,
    rng: np.random.Generator,
) -> _Step:
    last = steps[-1]
    number = last.number + 1
    side = Side.RIGHT if number % 2 else Side.LEFT
    length = parameters.step_length_of(side)
    length += parameters.step_length_sd_m * rng.normal()
    time = parameters.step_time_of(side) + parameters.stride_time_sd_s * rng.normal()
    share = 1.0
    if parameters.start == "standing" and number <= len(START_STEPS):
        share = START_STEPS[number - 1]
    ahead = np.array([last.way_m + length / 2])
    share *= 1 - (1 - TURN_STEP) * float(way.turning(ahead)[0])
    length *= share
    return _Step(
        number=number,
        contact_s=last.contact_s + time,
        way_m=last.way_m + length,
        share=2 * length / parameters.stride_m,
    )


def _footfall(
    parameters: WalkerParameters, step: _Step, *, follower: list[_Step], way: Way
) -> Footfall:
    side, sign = step.side, sign_of(step.side)
    stance = parameters.stance_of(side)
    following = follower[0] if follower else step
    # Double support keeps its length when a step takes longer or shorter than usual.
    late = 0.0
    if follower:
        step_time = following.contact_s - step.contact_s
        late = step_time - parameters.stride_time_s / 2
    off_s = step.contact_s + stance + late
    at = np.array([step.way_m])
    heading = float(way.heading(at)[0])
    forward, left = way.position(at)[0]
    aside = sign * parameters.step_width_m / 2
    standing = step.share == 0.0
    return Footfall(
        side=side,
        number=step.number,
        contact_s=step.contact_s,
        flat_s=step.contact_s + FLAT_SHARE * stance,
        rise_s=off_s - (1 - RISE_SHARE) * stance,
        roll_s=off_s - (1 - ROLL_SHARE) * stance,
        off_s=off_s,
        way_m=step.way_m,
        forward_m=float(forward - aside * math.sin(heading)),
        left_m=float(left + aside * math.cos(heading)),
        azimuth_rad=heading + sign * parameters.toe_out_of(side),
        step_share=step.share,
        next_step_share=following.share,
        walk_pass=way.walk_pass(step.way_m),
        standing=standing,
    )
