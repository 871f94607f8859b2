"""The heel bone against the shank, in the frontal plane of the foot.

The bisection of the calcaneus runs through the ankle joint centre. Seen along the foot
it leans by ``sign * (lean of the shank) - eversion``: an everted heel has its upper end
turned to the middle of the body. Leans are positive to the left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.rotations import about_forward, relative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.side import Side
    from gaitkit_virtual.footfalls import Footfall
    from gaitkit_virtual.leg import LegPose
    from gaitkit_virtual.parameters import EversionCurve
    from gaitkit_virtual.rotations import Array


def eversion_over(
    time_s: Array, falls: Sequence[Footfall], curve: EversionCurve
) -> Array:
    """Return the rearfoot angle (n,) in radians that a curve gives over a walk.

    It rises along half a cosine from initial contact to its peak, and falls likewise
    until foot off; in swing it is what it is at contact.
    """
    angle = np.full(len(time_s), float(curve.contact_deg))
    for fall in falls:
        percent = 100 * (time_s - fall.contact_s) / (fall.off_s - fall.contact_s)
        ends = (0.0, curve.peak_pct, 100.0)
        share = np.interp(percent, ends, (0.0, 1.0, 0.0))
        risen = (1 - np.cos(np.pi * share)) / 2
        angle += (curve.peak_deg - curve.contact_deg) * risen
    return np.asarray(np.radians(angle))


def lean_in_foot(foot: Array, segment: Array) -> Array:
    """Return how far the up axis of a segment leans to the left seen along the foot.

    Parameters
    ----------
    foot, segment : array (n, 3, 3)
        Orientations.

    Returns
    -------
    array (n,)
        Radians.
    """
    up = relative(foot, segment)[:, :, 2]
    return np.asarray(np.arctan2(up[:, 1], up[:, 2]))


def calcaneus_of(leg: LegPose, *, side: Side, eversion: Array) -> Array:
    """Return the orientation of the calcaneus for a rearfoot angle.

    Parameters
    ----------
    leg : LegPose
        The leg.
    side : Side
        Which foot.
    eversion : array (n,)
        Rearfoot angle in radians, eversion positive.

    Returns
    -------
    array (n, 3, 3)
        Forward axis of the foot, up axis along the bisection.
    """
    lean = lean_in_foot(leg.foot, leg.shank) - sign_of(side) * eversion
    # turning about the forward axis by a leans the up axis by a to the right
    return np.asarray(leg.foot @ about_forward(-lean))


def rearfoot_angle(leg: LegPose, calcaneus: Array, *, side: Side) -> Array:
    """Return the rearfoot angle (n,) in radians, eversion positive."""
    lean = lean_in_foot(leg.foot, leg.shank) - lean_in_foot(leg.foot, calcaneus)
    return np.asarray(sign_of(side) * lean)


def line_angle(upper: Array, lower: Array, axes: tuple[Array, Array]) -> Array:
    """Return how far a line leans to the first axis, away from the second one.

    Parameters
    ----------
    upper, lower : array (n, 3)
        Two points of the line.
    axes : tuple of array (n, 3)
        Left and up axis of the plane in which the angle is seen.

    Returns
    -------
    array (n,)
        Radians.
    """
    line = upper - lower
    left, up = ((line * axis).sum(axis=1) for axis in axes)
    return np.asarray(np.arctan2(left, up))
