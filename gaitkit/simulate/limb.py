"""Both phases of a leg put together over the whole walk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.simulate.anatomy import Foot
from gaitkit.simulate.foot_contact import stance_pose
from gaitkit.simulate.footfalls import Footfall
from gaitkit.simulate.leg import (
    LegLengths,
    LegPose,
    joints_of,
    leg_from_joints,
    leg_to_foot,
)
from gaitkit.simulate.parameters import sign_of
from gaitkit.simulate.pelvis import PelvisMotion
from gaitkit.simulate.rotations import about_left, place
from gaitkit.simulate.swing import JOINTS, Swing, state_from

if TYPE_CHECKING:
    from gaitkit.simulate.rotations import Array

KNEE_FOLLOWS_FOOT = 0.2
"""Share of the toe-out that the knee shows; the rest is torsion of the shank."""
KNEE_INWARD_RAD = np.radians(3.0)
"""The knee faces a little inwards of the pelvis: mean hip rotation of 1.5 deg in the
normal curves, against the share of the toe-out above."""
DERIVATIVE_STEP_S = 2e-4
"""Step of the central differences at the ends of a contact, in seconds."""
CLEARANCE_SHARES = np.linspace(0.005, 0.995, 100)
"""Shares of a swing at which the foot must be above the floor."""
CLEARANCE_M = 0.001
"""Clearance asked of heel, ball and toes in mid-swing, in metres; 0 at both ends."""
LIFT_STEP_RAD = np.radians(1.0)
MOST_LIFT_RAD = np.radians(40.0)


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
        outward = KNEE_FOLLOWS_FOOT * (fall.azimuth_rad - path.heading)
        facing = path.yaw + outward - sign_of(self.side) * KNEE_INWARD_RAD
        leg = leg_to_foot(hip, foot, lengths=self.lengths, facing=facing)
        return leg, joints_of(path, leg)

    def joints(self, time_s: Array) -> Array:
        """Return the joint angles (n, 8) in radians at any times (n,) in seconds."""
        out = np.full((len(time_s), JOINTS), np.nan)
        for fall in self.falls:
            inside = (time_s >= fall.contact_s) & (time_s < fall.off_s)
            if inside.any():
                out[inside] = self.stance(time_s[inside], fall)[1]
        for swing in self.swings:
            inside = (time_s >= swing.off_s) & (time_s < swing.contact_s)
            if inside.any():
                out[inside] = swing.joints(time_s[inside])
        return out

    def pose(self, time_s: Array, joints: Array) -> LegPose:
        """Return the leg with given joint angles on the pelvis of given times."""
        path = self.motion.at(time_s)
        hip = path.hip(self.side, self.motion.pelvis)
        return leg_from_joints(path, hip, joints, lengths=self.lengths)


def with_swings(limb: Limb) -> Limb:
    """Fill in the flights between the contacts of a limb."""
    pairs = zip(limb.falls[:-1], limb.falls[1:], strict=True)
    return replace(limb, swings=tuple(_swing(limb, a, b) for a, b in pairs))


def lowest_point(leg: LegPose, foot: Foot) -> Array:
    """Return the height (n,) in metres of the lowest of heel, ball and toe tip."""
    heel = place(leg.ankle, leg.foot, foot.heel_contact)
    return np.min(
        [
            heel[:, 2],
            place(leg.ankle, leg.foot, foot.ball_sole)[:, 2],
            toe_tip(leg, foot)[:, 2],
        ],
        axis=0,
    )


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


def _swing(limb: Limb, fall: Footfall, following: Footfall) -> Swing:
    around = DERIVATIVE_STEP_S * np.arange(-1, 2)
    leaving = limb.stance(fall.off_s + around, fall)[1]
    landing = limb.stance(following.contact_s + around, following)[1]
    swing = Swing(
        off_s=fall.off_s,
        contact_s=following.contact_s,
        leaving=state_from(leaving, DERIVATIVE_STEP_S),
        landing=state_from(landing, DERIVATIVE_STEP_S),
        knee_change_rad=_knee_change(limb),
    )
    return _lifted(limb, swing)


def _knee_change(limb: Limb) -> float:
    """Return the loss of knee flexion of the stiffer side, 0 for the other."""
    wanted = sign_of(limb.side) * limb.motion.parameters.knee_flexion_difference_deg
    return float(np.radians(min(0.0, wanted)))


def _lifted(limb: Limb, swing: Swing) -> Swing:
    """Bend the leg just enough that the foot clears the floor."""
    time = swing.off_s + CLEARANCE_SHARES * (swing.contact_s - swing.off_s)
    asked = CLEARANCE_M * np.sin(np.pi * CLEARANCE_SHARES) ** 3
    for lift in np.arange(0, MOST_LIFT_RAD, LIFT_STEP_RAD):
        trial = replace(swing, lift_rad=float(lift))
        leg = limb.pose(time, trial.joints(time))
        if np.all(lowest_point(leg, limb.foot) >= asked):
            return trial
    return trial
