"""Both phases of a leg put together over the whole walk."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import Foot
from gaitkit_virtual.foot_contact import FootPose, stance_pose
from gaitkit_virtual.footfalls import Footfall
from gaitkit_virtual.leg import (
    LegLengths,
    LegPose,
    joints_of,
    leg_from_joints,
    leg_to_foot,
)
from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.pelvis import PelvisMotion
from gaitkit_virtual.rotations import about_left, about_up, place, relative, to_cardan
from gaitkit_virtual.swing import Lift, Swing, state_from

if TYPE_CHECKING:
    from gaitkit_virtual.rotations import Array

Frames = NDArray[np.bool_]
"""Which frames, (n,)."""

KNEE_FOLLOWS_FOOT = 0.2
"""Share of the toe-out that the knee shows; the rest is torsion of the shank."""

KNEE_INWARD_RAD = np.radians(3.0)
"""The knee faces a little inwards of the pelvis: mean hip rotation of 1.5 deg in the
normal curves, against the share of the toe-out above."""

KNEE_LAGS_TURN = 0.5
"""Share of the turn of the pelvis over a planted foot that the knee stays behind."""

DERIVATIVE_STEP_S = 2e-4
"""Step of the central differences at the ends of a contact, in seconds."""

CLEARANCE_SHARES: Array = np.linspace(0.005, 0.995, 100)
"""Shares of a swing at which the foot must be above the floor."""

CLEARANCE_M = 0.001
"""Clearance asked of heel, ball and toes in mid-swing, in metres; 0 at both ends."""

LIFTS = (
    (0.0, 1.0, 0.2, 0.8),
    (0.0, 0.4, 0.07, 0.2),
    (0.0, 0.2, 0.0, 0.07),
    (0.6, 1.0, 0.8, 0.93),
    (0.8, 1.0, 0.93, 1.0),
)
"""Start and end of each lift, and of the part of swing that it must clear."""

TOUCH_M = 1e-4
"""Depth below the floor at both ends that is left alone: a tenth of a millimetre."""

MIDDLE_OF_SWING = 0.6
"""Share of swing in which a stiff leg must clear the floor by lifting the foot."""

PRECISION_RAD = float(np.radians(0.02))
MOST_LOSS_RAD = float(np.radians(7.0))
"""Peak knee flexion that a swing can lose between normal contacts."""

MOST_CHANGE = 2.5
"""Change of the knee curve at most, over the loss of its peak that is asked for."""

MOST_DORSIFLEXION_RAD = float(np.radians(15.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """One leg with its pelvis, able to say where it is at any time.

    Attributes
    ----------
    side : Side
        The side.
    motion : PelvisMotion
        The pelvis.
    foot : Foot
        Sizes of the foot.
    falls : tuple of Footfall
        Contacts of this foot, in order.
    swings : tuple of Swing
        Flights between them.
    """

    side: Side
    motion: PelvisMotion
    foot: Foot
    falls: tuple[Footfall, ...]
    swings: tuple[Swing, ...] = ()

    @property
    def lengths(self) -> LegLengths:
        """Lengths of the bones of this side."""
        parameters = self.motion.parameters
        return LegLengths(
            thigh_m=parameters.thigh_of(self.side),
            shank_m=parameters.shank_of(self.side),
        )

    def stance(self, time_s: Array, fall: Footfall) -> tuple[LegPose, Array]:
        """Return the leg during a contact and its joint angles (n, 8) in radians."""
        path = self.motion.at(time_s)
        hip = path.hip(self.side, self.motion.pelvis)
        foot = stance_pose(time_s, fall=fall, foot=self.foot, style=self.motion.style)
        toe_out = sign_of(self.side) * self.motion.parameters.toe_out_of(self.side)
        turned = fall.azimuth_rad - toe_out - path.heading
        outward = KNEE_FOLLOWS_FOOT * toe_out + KNEE_LAGS_TURN * turned
        facing = path.yaw + outward - sign_of(self.side) * KNEE_INWARD_RAD
        ahead = about_up(facing)[:, :, 0]
        leg = leg_to_foot(hip, foot, lengths=self.lengths, ahead=ahead)
        return leg, joints_of(path, leg)

    def flight(self, time_s: Array, swing: Swing) -> LegPose:
        """Return the leg during a swing."""
        path = self.motion.at(time_s)
        hip = path.hip(self.side, self.motion.pelvis)
        joints = swing.joints(time_s)
        leg = leg_from_joints(path, hip, joints, lengths=self.lengths)
        if not swing.lifts:
            return leg
        ankle = leg.ankle + swing.raised(time_s)[:, None] * np.array([0.0, 0.0, 1.0])
        foot = FootPose(ankle=ankle, rotation=leg.foot, toe=leg.toe)
        ahead = np.cross(leg.thigh[:, :, 1], hip - leg.ankle)
        return leg_to_foot(hip, foot, lengths=self.lengths, ahead=ahead)

    def pose(self, time_s: Array) -> LegPose:
        """Return the leg at any times (n,) in seconds within the footfalls."""
        parts: list[tuple[Frames, LegPose]] = []
        for fall in self.falls:
            begun = fall.standing | (time_s >= fall.contact_s)
            inside = begun & (time_s < fall.off_s)
            parts.append((inside, self.stance(time_s[inside], fall)[0]))
        for swing in self.swings:
            inside = (time_s >= swing.off_s) & (time_s < swing.contact_s)
            parts.append((inside, self.flight(time_s[inside], swing)))
        return _joined(parts, len(time_s))


def _joined(parts: list[tuple[Frames, LegPose]], frames: int) -> LegPose:
    whole = {}
    for field in fields(LegPose):
        shape = getattr(parts[0][1], field.name).shape[1:]
        whole[field.name] = np.full((frames, *shape), np.nan)
        for inside, part in parts:
            whole[field.name][inside] = getattr(part, field.name)
    return LegPose(**whole)


def with_swings(limb: Limb) -> Limb:
    """Fill in the flights between the contacts of a limb."""
    pairs = list(zip(limb.falls[:-1], limb.falls[1:], strict=True))
    change = _knee_change(limb, *pairs[len(pairs) // 2])
    flights = tuple(_swing(limb, a, b, knee_change=change) for a, b in pairs)
    return replace(limb, swings=flights)


def lowest_point(leg: LegPose, foot: Foot) -> Array:
    """Return the height (n,) in metres of the lowest of heel, ball and toe tip."""
    heel = place(leg.ankle, leg.foot, foot.heel_contact)
    ball = place(leg.ankle, leg.foot, foot.ball_sole)
    toe = toe_tip(leg, foot)
    return np.asarray(np.min([heel[:, 2], ball[:, 2], toe[:, 2]], axis=0))


def toe_tip(leg: LegPose, foot: Foot, *, height_m: float = 0.0) -> Array:
    """Return the tip of the toes (n, 3) in metres; they bend at the MTP joint.

    Parameters
    ----------
    leg : LegPose
        The leg.
    foot : Foot
        Sizes of the foot.
    height_m : float
        Height of the point above the sole in metres.
    """
    joint = place(leg.ankle, leg.foot, foot.ball)
    toes = leg.foot @ about_left(-leg.toe)
    ahead = foot.toe_m - foot.ball_m
    return place(joint, toes, (ahead, 0.0, height_m - foot.ball_height_m))


def _swing(
    limb: Limb, fall: Footfall, following: Footfall, *, knee_change: float
) -> Swing:
    around = DERIVATIVE_STEP_S * np.array([-1.0, 0.0, 1.0])
    leaving = limb.stance(fall.off_s + around, fall)[1]
    landing = limb.stance(following.contact_s + around, following)[1]
    swing = Swing(
        off_s=fall.off_s,
        contact_s=following.contact_s,
        leaving=state_from(leaving, DERIVATIVE_STEP_S),
        landing=state_from(landing, DERIVATIVE_STEP_S),
        knee_change_rad=knee_change,
    )
    if swing.knee_change_rad < 0:
        swing = _foot_lifted(limb, swing)
    for start, end, first, last in LIFTS:
        lift = _lift(limb, swing, Lift(start=start, end=end, height_m=1.0), first, last)
        swing = replace(swing, lifts=(*swing.lifts, lift)) if lift else swing
    return swing


def _knee_change(limb: Limb, fall: Footfall, following: Footfall) -> float:
    """Return the change of the knee curve that gives the peak asked for, in radians.

    The side that bends less gets stiffer, as far as its stance allows; what is left
    of the difference the other side bends more. The change is sought, since clearing
    the floor bends the knee again and the peak moves along the curve.
    """
    difference = limb.motion.parameters.knee_flexion_difference_deg
    own = math.radians(sign_of(limb.side) * difference)
    shift = max(own, -MOST_LOSS_RAD) if own < 0 else max(own - MOST_LOSS_RAD, 0.0)
    if not shift:
        return 0.0

    def missing(change: float) -> float:
        swing = _swing(limb, fall, following, knee_change=change)
        return _peak_knee(limb, swing) - wanted

    wanted = _peak_knee(limb, _swing(limb, fall, following, knee_change=0.0)) + shift
    return float(brentq(missing, 0.0, MOST_CHANGE * shift, xtol=PRECISION_RAD))


def _peak_knee(limb: Limb, swing: Swing) -> float:
    time = swing.off_s + CLEARANCE_SHARES * (swing.contact_s - swing.off_s)
    leg = limb.flight(time, swing)
    return float(to_cardan(relative(leg.thigh, leg.shank))[:, 0].max())


def _foot_lifted(limb: Limb, swing: Swing) -> Swing:
    """Help a stiff knee over the floor: lift the foot just enough in mid-swing."""
    middle = np.abs(CLEARANCE_SHARES - 0.5) < MIDDLE_OF_SWING / 2

    def lifted(angle: float) -> Swing:
        return replace(swing, dorsiflexion_rad=angle)

    def missing(angle: float) -> float:
        return float(_shortfall(limb, lifted(angle))[middle].max())

    if missing(0.0) <= 0:
        return swing
    if missing(MOST_DORSIFLEXION_RAD) > 0:
        return lifted(MOST_DORSIFLEXION_RAD)
    angle = float(brentq(missing, 0, MOST_DORSIFLEXION_RAD, xtol=PRECISION_RAD))
    return lifted(angle + PRECISION_RAD)


def _lift(
    limb: Limb, swing: Swing, unit: Lift, first: float, last: float
) -> Lift | None:
    """Return the lift that clears the floor between two shares of a swing."""
    shares = CLEARANCE_SHARES
    inside = (shares >= first) & (shares <= last)
    needed = _shortfall(limb, swing)[inside] / unit.at(shares[inside])
    height = float(needed.max())
    return replace(unit, height_m=height) if height > 0 else None


def _shortfall(limb: Limb, swing: Swing) -> Array:
    """Return how far the foot is below the clearance asked, in metres."""
    time = swing.off_s + CLEARANCE_SHARES * (swing.contact_s - swing.off_s)
    asked = CLEARANCE_M * np.sin(np.pi * CLEARANCE_SHARES) ** 3 - TOUCH_M
    return np.asarray(asked - lowest_point(limb.flight(time, swing), limb.foot))
