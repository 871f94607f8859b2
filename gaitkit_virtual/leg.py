"""One leg of a virtual walker: exact lengths, a hinge for a knee, no foot sliding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit_virtual.rotations import Array, from_cardan, relative, to_cardan

if TYPE_CHECKING:
    from gaitkit_virtual.foot_contact import FootPose
    from gaitkit_virtual.pelvis import PelvisPath

HIP, KNEE, ANKLE, TOE = slice(0, 3), 3, slice(4, 7), 7
"""Columns of joint angles: hip (Y, X, Z), knee, ankle (Y, X, Z), toes; radians."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPose:
    """A leg over time.

    Attributes
    ----------
    hip, knee, ankle : array (n, 3)
        Joint centres in metres.
    thigh, shank, foot : array (n, 3, 3)
        Orientations.
    toe : array (n,)
        Extension of the toes against the foot in radians.
    """

    hip: Array
    knee: Array
    ankle: Array
    thigh: Array
    shank: Array
    foot: Array
    toe: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLengths:
    """Thigh and shank of one side in metres."""

    thigh_m: float
    shank_m: float


def leg_to_foot(
    hip: Array, foot: FootPose, *, lengths: LegLengths, ahead: Array
) -> LegPose:
    """Bend a leg so that it reaches a given foot: exact two-bone inverse kinematics.

    Parameters
    ----------
    hip : array (n, 3)
        Hip centre in metres.
    foot : FootPose
        Where the foot is.
    lengths : LegLengths
        Lengths of the bones.
    ahead : array (n, 3)
        Direction in which the knee points.

    Notes
    -----
    The law of cosines gives the knee; the hinge axis is at right angles to the plane
    through hip and ankle that contains ``ahead``. A foot farther away than the leg
    is long gives NaN, which the caller must not let happen.
    """
    line = hip - foot.ankle
    reach = np.linalg.norm(line, axis=1)
    thigh, shank = lengths.thigh_m, lengths.shank_m
    inside = (thigh**2 + shank**2 - reach**2) / (2 * thigh * shank)
    flexion = np.pi - np.arccos(np.where(np.abs(inside) <= 1, inside, np.nan))
    up = line / reach[:, None]
    hinge = np.cross(up, ahead)
    hinge /= np.linalg.norm(hinge, axis=1)[:, None]
    front = np.cross(hinge, up)
    lean = np.arcsin(np.clip(thigh * np.sin(flexion) / reach, -1, 1))
    shank_up = _tilted(up, front, lean)
    knee = foot.ankle + shank * shank_up
    thigh_up = (hip - knee) / thigh
    return LegPose(
        hip=hip,
        knee=knee,
        ankle=foot.ankle,
        thigh=_frame(thigh_up, hinge),
        shank=_frame(shank_up, hinge),
        foot=foot.rotation,
        toe=foot.toe,
    )


def leg_from_joints(
    path: PelvisPath, hip: Array, joints: Array, *, lengths: LegLengths
) -> LegPose:
    """Hang a leg on the pelvis by its joint angles: forward kinematics.

    Parameters
    ----------
    path : PelvisPath
        The pelvis.
    hip : array (n, 3)
        Hip centre in metres.
    joints : array (n, 8)
        Joint angles in radians, columns as `HIP`, `KNEE`, `ANKLE`, `TOE` say.
    lengths : LegLengths
        Lengths of the bones.
    """
    thigh = path.rotation @ from_cardan(joints[:, HIP])
    bent = np.zeros((len(joints), 3))
    bent[:, 0] = joints[:, KNEE]
    shank = thigh @ from_cardan(bent)
    knee = hip - lengths.thigh_m * thigh[:, :, 2]
    return LegPose(
        hip=hip,
        knee=knee,
        ankle=knee - lengths.shank_m * shank[:, :, 2],
        thigh=thigh,
        shank=shank,
        foot=shank @ from_cardan(joints[:, ANKLE]),
        toe=joints[:, TOE],
    )


def joints_of(path: PelvisPath, leg: LegPose) -> Array:
    """Return the joint angles (n, 8) in radians of a leg on its pelvis."""
    knee = to_cardan(relative(leg.thigh, leg.shank))[:, :1]
    return np.hstack(
        [
            to_cardan(relative(path.rotation, leg.thigh)),
            knee,
            to_cardan(relative(leg.shank, leg.foot)),
            leg.toe[:, None],
        ]
    )


def _tilted(up: Array, front: Array, lean: Array) -> Array:
    """Tilt the shank forward: its upper end lies ahead of the hip-ankle line."""
    return np.cos(lean)[:, None] * up + np.sin(lean)[:, None] * front


def _frame(up: Array, left: Array) -> Array:
    return np.stack([np.cross(left, up), left, up], axis=2)
