"""How a standing body arranges itself over two feet: exact, by geometry.

Both feet are flat on the floor or on their blocks. With the knees bent as little as
asked, the height of each hip centre follows from the length of its leg; the obliquity
at which both legs fit is the one of a pelvis that takes up the whole difference. A
smaller share of it is kept, and the leg that is then too long bends its knee. A block
may be answered by another share than an own difference. A seated person rests on a
level stool: the pelvis is as oblique as its seat bones make it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import (
    ASIS_WIDTH_PER_HEIGHT,
    Foot,
    Pelvis,
    foot_of,
    pelvis_of,
)
from gaitkit_virtual.foot_contact import FootPose
from gaitkit_virtual.leg import LegLengths, LegPose, leg_to_foot
from gaitkit_virtual.limb import KNEE_FOLLOWS_FOOT, KNEE_INWARD_RAD
from gaitkit_virtual.parameters import WalkerParameters, sign_of
from gaitkit_virtual.pelvis import PelvisPath
from gaitkit_virtual.points import Body
from gaitkit_virtual.rearfoot import calcaneus_of
from gaitkit_virtual.rotations import Array, about_up, from_cardan, place
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.upper_body import upper_body

HIPS_AHEAD_M = 0.020
"""Hip centres ahead of the ankle joint centres in quiet standing; drawn by hand."""

HIP_ABOVE_SEAT_M = 0.085
"""Hip centres above a hard seat: seat bone and the flesh under it; drawn by hand."""

THIGHS_DOWN_DEG = 20.0
"""Slope of the thighs of a person on the edge of a high seat, feet free of load."""

SWAY_SIDEWAYS = 2 / 3
"""Sideways over forward sway."""

SWAY_HZ = (0.11, 0.23, 0.41, 0.67)
"""Frequencies of sway; most of its power lies below 1 Hz."""

MOST_STEPS = 60
PRECISION_RAD = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """The feet, and where above them the pelvis is over time."""

    person: StandingParameters
    pelvis: Pelvis
    feet: dict[Side, Foot]
    planted: dict[Side, FootPose]
    middle: Array

    def rotation(self, obliquity: Array) -> Array:
        """Return the pelvis (n, 3, 3) at an obliquity (n,), left up, in radians."""
        person = self.person
        angles = np.zeros((len(obliquity), 3))
        angles[:, 0] = np.radians(person.tilt_deg)
        angles[:, 1] = obliquity
        facing = np.radians(person.yaw_deg + person.pelvic_rotation_deg)
        return about_up(np.full(len(obliquity), facing)) @ from_cardan(angles)

    def height(self, side: Side, obliquity: Array) -> Array:
        """Return the height (n,) of the hip middle at which a leg just reaches."""
        aside = sign_of(side) * self.pelvis.hip_width_m / 2
        arm = place(np.zeros(3), self.rotation(obliquity), (0.0, aside, 0.0))
        ankle = self.planted[side].ankle
        level = ((self.middle + arm - ankle)[:, :2] ** 2).sum(axis=1)
        reach = _reach(lengths_of(self.person, side), self.person.knee_flexion_deg)
        above = np.sqrt(np.where(level < reach**2, reach**2 - level, np.nan))
        return np.asarray(ankle[:, 2] + above - arm[:, 2])

    def full_obliquity(self) -> Array:
        """Return the obliquity (n,) at which both legs fit, by the secant method."""
        before = np.zeros(len(self.middle))
        miss_before = self._misfit(before)
        now = np.arcsin(np.clip(miss_before / self.pelvis.hip_width_m, -0.5, 0.5))
        for _ in range(MOST_STEPS):
            miss = self._misfit(now)
            change = now - before
            if not np.any(np.abs(change) > PRECISION_RAD):
                return now
            slope = miss - miss_before
            step = np.where(slope == 0, 0.0, miss * change / np.where(slope, slope, 1))
            before, miss_before, now = now, miss, now - step
        return now

    def _misfit(self, obliquity: Array) -> Array:
        left = self.height(Side.LEFT, obliquity)
        return np.asarray(left - self.height(Side.RIGHT, obliquity))


def standing_body(
    person: StandingParameters, *, frames: int, rate_hz: float, seed: int
) -> Body:
    """Return a body that stands.

    Parameters
    ----------
    person : StandingParameters
        Who stands.
    frames : int
        Moments.
    rate_hz : float
        Moments a second.
    seed : int
        Seed of the sway.

    Raises
    ------
    ConfigError
        If the legs cannot reach the floor in this stance.
    """
    sway = _sway(person, frames=frames, rate_hz=rate_hz, seed=seed)
    stand = _stand(person, sway)
    obliquity = _obliquity(stand, sway)
    middle = stand.middle + _up(stand, obliquity)[:, None] * np.array([0.0, 0.0, 1.0])
    if not np.isfinite(middle).all():
        msg = (
            f"simulate.person: legs of this length cannot stand {person.stance_width_m}"
            " m apart; give a narrower stance_width_m or lower blocks"
        )
        raise ConfigError(msg)
    path = PelvisPath(
        hip_middle=middle,
        rotation=stand.rotation(obliquity),
        heading=np.full(frames, np.radians(person.yaw_deg)),
        phase=np.zeros(frames),
    )
    worn = WalkerParameters(
        height_m=person.height_m,
        trunk_flexion_deg=person.trunk_flexion_deg,
        trunk_lateral_lean_deg=_trunk_lean_deg(person, obliquity),
    )
    legs = {side: _leg(stand, path, side) for side in Side}
    return Body(
        height_m=person.height_m,
        path=path,
        pelvis=stand.pelvis,
        feet=stand.feet,
        legs=legs,
        heels={side: _heel(person, legs[side], side) for side in Side},
        upper=upper_body(worn, path, np.zeros(frames)),
    )


def _obliquity(stand: _Stand, sway: Array) -> Array:
    """Return the obliquity (n,) in radians that the pelvis takes, left up."""
    person, width = stand.person, stand.pelvis.hip_width_m
    if person.posture == "seated":
        return np.full(len(sway), np.arcsin(person.seat_difference_mm / 1000 / width))
    full = stand.full_obliquity()
    taken = person.pelvis_share * full
    if person.block_share is not None:
        level = replace(person, block_left_mm=0.0, block_right_mm=0.0)
        own = _stand(level, sway).full_obliquity()
        taken = person.pelvis_share * own + person.block_share * (full - own)
    return np.asarray(taken + np.arcsin(person.stands_mm / 1000 / width))


def _up(stand: _Stand, obliquity: Array) -> Array:
    """Return the height (n,) of the middle of the hips."""
    if stand.person.posture == "seated":
        return np.full(len(obliquity), seated_hip_m(stand.person))
    return np.asarray(np.min([stand.height(side, obliquity) for side in Side], axis=0))


def seated_hip_m(person: StandingParameters) -> float:
    """Return the height of the hips on a seat from which the feet just hang free."""
    legs = [
        person.shank_of(side)
        + np.sin(np.radians(THIGHS_DOWN_DEG)) * person.thigh_of(side)
        for side in Side
    ]
    return float(foot_of(person.height_m).ankle_height_m + max(legs))


def _trunk_lean_deg(person: StandingParameters, obliquity: Array) -> float:
    """Return the lean of the trunk to the left; it follows the pelvis in part."""
    higher_left = float(np.degrees(obliquity).mean())
    return person.trunk_lateral_lean_deg - person.trunk_follows * higher_left


def lengths_of(person: StandingParameters, side: Side) -> LegLengths:
    """Return the lengths of the bones of one leg."""
    return LegLengths(thigh_m=person.thigh_of(side), shank_m=person.shank_of(side))


def _stand(person: StandingParameters, sway: Array) -> _Stand:
    base = foot_of(person.height_m)
    feet = {
        side: replace(
            base, ankle_height_m=base.ankle_height_m - person.lowered_of(side)
        )
        for side in Side
    }
    width = person.asis_width_m or ASIS_WIDTH_PER_HEIGHT * person.height_m
    turn = about_up(np.radians([person.yaw_deg]))
    offset = np.array([HIPS_AHEAD_M, person.shift_left_mm / 1000, 0.0])
    return _Stand(
        person=person,
        pelvis=_pelvis(person, width),
        feet=feet,
        planted={side: _planted(person, side, feet[side], len(sway)) for side in Side},
        middle=(sway + offset) @ turn[0].T,
    )


def _pelvis(person: StandingParameters, asis_width_m: float) -> Pelvis:
    usual = pelvis_of(asis_width_m / ASIS_WIDTH_PER_HEIGHT)
    return replace(
        usual,
        hip_width_m=person.hip_width_m or usual.hip_width_m,
        asis_difference_m=person.asis_difference_mm / 1000,
        psis_difference_m=person.psis_difference_mm / 1000,
    )


def _planted(
    person: StandingParameters, side: Side, foot: Foot, frames: int
) -> FootPose:
    facing = np.radians(person.yaw_deg)
    aside = sign_of(side) * person.stance_width_m / 2
    height = foot.ankle_height_m + person.block_of(side)
    ahead = sign_of(side) * person.step_m / 2
    if person.posture == "seated":
        level = np.cos(np.radians(THIGHS_DOWN_DEG)) * person.thigh_of(side)
        ahead = HIPS_AHEAD_M + float(level)
        height = foot.ankle_height_m
    ankle = [
        ahead * np.cos(facing) - aside * np.sin(facing),
        ahead * np.sin(facing) + aside * np.cos(facing),
        height,
    ]
    turn = facing + sign_of(side) * person.toe_out_of(side)
    return FootPose(
        ankle=np.tile(ankle, (frames, 1)),
        rotation=about_up(np.full(frames, turn)),
        toe=np.zeros(frames),
    )


def _leg(stand: _Stand, path: PelvisPath, side: Side) -> LegPose:
    person, sign = stand.person, sign_of(side)
    outward = KNEE_FOLLOWS_FOOT * person.toe_out_of(side) - KNEE_INWARD_RAD
    ahead = about_up(path.yaw + sign * outward)[:, :, 0]
    return leg_to_foot(
        path.hip(side, stand.pelvis),
        stand.planted[side],
        lengths=lengths_of(person, side),
        ahead=ahead,
    )


def _heel(person: StandingParameters, leg: LegPose, side: Side) -> Array:
    eversion = np.full(len(leg.hip), np.radians(person.eversion_of(side)))
    return calcaneus_of(leg, side=side, eversion=eversion)


def _reach(lengths: LegLengths, flexion_deg: float) -> float:
    """Return hip to ankle in metres with the knee bent, by the law of cosines."""
    thigh, shank = lengths.thigh_m, lengths.shank_m
    bent = np.cos(np.radians(180 - flexion_deg))
    return float(np.sqrt(thigh**2 + shank**2 - 2 * thigh * shank * bent))


def _sway(
    person: StandingParameters, *, frames: int, rate_hz: float, seed: int
) -> Array:
    """Return slow movements (n, 3) of the hips over the feet, in metres."""
    rng = np.random.default_rng(seed)
    time = np.arange(frames) / rate_hz
    sway = np.zeros((frames, 3))
    for axis, size in ((0, person.sway_mm), (1, SWAY_SIDEWAYS * person.sway_mm)):
        phases = rng.uniform(0, 2 * np.pi, len(SWAY_HZ))
        waves = [
            np.sin(2 * np.pi * hz * time + phase)
            for hz, phase in zip(SWAY_HZ, phases, strict=True)
        ]
        # a sine has a standard deviation of 1 / sqrt(2)
        sway[:, axis] = size / 1000 * np.sum(waves, axis=0) * np.sqrt(2 / len(SWAY_HZ))
    return sway
