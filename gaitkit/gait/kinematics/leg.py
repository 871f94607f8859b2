"""Joint centres and segment frames of one leg from its markers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.kinematics.pelvis import Pelvis, hip_centre
from gaitkit.gait.kinematics.vectors import (
    Array,
    distance,
    frame_forward_left,
    frame_up_left,
    unit,
)
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.gait.kinematics.marker_paths import MarkerPaths
    from gaitkit.gait.kinematics.sizes import LegSize

MAX_WAND_TURN_DEG = 50.0
"""A wand marker that points farther from outward than this is no lateral marker (a
cluster in front of the thigh, for example) and does not orient the segment."""

MIN_WAND_M = 0.005
"""A wand nearer than this to the line between the joints orients nothing."""

TOE_ROLES = ("toe", "foot_index", "hallux")
"""Markers that give the direction of the foot, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One leg over time; each path (time, 3), each frame (time, 3, 3).

    Attributes
    ----------
    side : Side
        Which leg.
    hip_is_joint : bool
        False where a marker on the skin stands for the hip, good enough to see where
        the body is, and not for angles of the thigh.
    hip, knee, ankle : array
        Joint centres.
    heel, toe : array
        Markers of the foot.
    thigh, shank : array
        Frames: up along the bone, left as near as can be to the joint's axis.
    foot : array
        Frame of the foot: forward from heel to toe; left along the heads of the fifth
        and first metatarsal where both are marked, else as the shank.
    """

    side: Side
    hip_is_joint: bool
    hip: Array
    knee: Array
    ankle: Array
    heel: Array
    toe: Array
    thigh: Array
    shank: Array
    foot: Array


def leg_of(
    markers: MarkerPaths, side: Side, *, pelvis: Pelvis | None, size: LegSize
) -> Leg | None:
    """Return a leg, or None where hip, knee, ankle, heel or toe cannot be placed.

    Parameters
    ----------
    markers : MarkerPaths
        The markers.
    side : Side
        Which leg.
    pelvis : Pelvis or None
        The pelvis; None where it has no markers.
    size : LegSize
        Widths and lengths.

    Notes
    -----
    Knee and ankle centre: the middle of lateral and medial marker where both are
    there; else the chord of Plug-in Gait from the lateral marker, the wand and the
    next joint (Davis et al. 1991); else the chord with the pelvis' own axis in the
    place of the wand.
    """
    hip = _hip(markers, side, pelvis, size)
    heel, toe = markers.first_of(f"{side}_heel"), _toe(markers, side)
    if hip is None or heel is None or toe is None:
        return None
    out = _outward(markers, side, pelvis)
    knee = _joint(markers, side, "knee", above=hip, half_m=size.knee_half_m, out=out)
    if knee is None:
        return None
    ankle = _joint(
        markers, side, "ankle", above=knee[0], half_m=size.ankle_half_m, out=out
    )
    if ankle is None:
        return None
    shank = frame_up_left(knee[0] - ankle[0], ankle[1])
    return Leg(
        side=side,
        hip_is_joint=pelvis is not None or markers.has(f"{side}_hip"),
        hip=hip,
        knee=knee[0],
        ankle=ankle[0],
        heel=heel,
        toe=toe,
        thigh=frame_up_left(hip - knee[0], knee[1]),
        shank=shank,
        foot=frame_forward_left(toe - heel, _foot_left(markers, side, shank)),
    )


def chord(above: Array, lateral: Array, wand: Array, *, half_m: float) -> Array:
    """Return the joint centre (time, 3) of Plug-in Gait's chord function.

    Parameters
    ----------
    above : array (time, 3)
        Joint centre at the upper end of the segment.
    lateral : array (time, 3)
        Marker on the outside of the joint.
    wand : array (time, 3)
        A further marker in the frontal plane of the segment.
    half_m : float
        From the lateral marker to the joint centre.

    Notes
    -----
    The centre lies in the plane of the three points, on the other side of the line
    ``above``-``lateral`` than the wand, so that the angle at the centre between the
    two is 90 degrees.
    """
    line = above - lateral
    along = unit(line)
    aside = wand - lateral
    aside = aside - np.einsum("ti,ti->t", aside, along)[:, None] * along
    share = np.clip(half_m / distance(above, lateral), -1.0, 1.0)[:, None]
    inward = -unit(aside)
    step = share * along + np.sqrt(1.0 - share**2) * inward
    return np.asarray(lateral + half_m * step)


def _hip(
    markers: MarkerPaths, side: Side, pelvis: Pelvis | None, size: LegSize
) -> Array | None:
    given = markers.first_of(f"{side}_hip")
    if given is not None:
        return given
    if pelvis is not None:
        return hip_centre(pelvis, side, size=size)
    return markers.first_of(f"{side}_greater_trochanter", f"{side}_asis")


def _toe(markers: MarkerPaths, side: Side) -> Array | None:
    given = markers.first_of(*(f"{side}_{part}" for part in TOE_ROLES))
    if given is not None:
        return given
    heads = [f"{side}_metatarsal_{number}" for number in (1, 5)]
    middle = markers.middle(*heads)
    return markers.first_of(*heads) if middle is None else middle


def _foot_left(markers: MarkerPaths, side: Side, shank: Array) -> Array:
    heads = [f"{side}_metatarsal_{number}" for number in (1, 5)]
    if not markers.has(*heads):
        return shank[:, :, 1]
    sign = 1.0 if side is Side.LEFT else -1.0
    return sign * (markers.at(heads[1]) - markers.at(heads[0]))


def _outward(markers: MarkerPaths, side: Side, pelvis: Pelvis | None) -> Array | None:
    """Return the direction away from the middle of the body."""
    sign = 1.0 if side is Side.LEFT else -1.0
    if pelvis is not None:
        return sign * pelvis.frame[:, :, 1]
    for part in ("hip", "greater_trochanter", "asis", "knee_lateral", "knee"):
        pair = (f"left_{part}", f"right_{part}")
        if markers.has(*pair):
            return sign * unit(markers.at(pair[0]) - markers.at(pair[1]))
    return None


def _joint(
    markers: MarkerPaths,
    side: Side,
    joint: str,
    *,
    above: Array,
    half_m: float,
    out: Array | None,
) -> tuple[Array, Array] | None:
    """Return the joint centre and the left direction of its axis, or None."""
    sign = 1.0 if side is Side.LEFT else -1.0
    given = markers.first_of(f"{side}_{joint}")
    lateral = markers.first_of(f"{side}_{joint}_lateral")
    medial = markers.first_of(f"{side}_{joint}_medial")
    if lateral is not None and medial is not None:
        middle = (lateral + medial) / 2 if given is None else given
        return middle, sign * (lateral - medial)
    if given is not None:
        return None if out is None else (given, sign * out)
    if lateral is None or out is None:
        return None
    bone = "thigh" if joint == "knee" else "shank"
    wand = markers.first_of(f"{side}_{bone}_wand")
    if wand is None or not points_outward(wand - lateral, above - lateral, out):
        wand = lateral + out
    centre = chord(above, lateral, wand, half_m=half_m)
    return centre, sign * (lateral - centre)


def points_outward(wand: Array, bone: Array, out: Array) -> bool:
    """Return True when a wand stands off the bone towards the outside.

    Parameters
    ----------
    wand, bone, out : array (time, 3)
        From the lateral marker to the wand and to the joint above; outward.
    """
    along = unit(bone)
    off = wand - np.einsum("ti,ti->t", wand, along)[:, None] * along
    side = out - np.einsum("ti,ti->t", out, along)[:, None] * along
    cosine = np.einsum("ti,ti->t", unit(off), unit(side))
    known = cosine[np.isfinite(cosine)]
    if not known.size:
        return False
    size_m = float(np.nanmedian(np.sqrt(np.einsum("ti,ti->t", off, off))))
    limit = np.cos(np.radians(MAX_WAND_TURN_DEG))
    return size_m >= MIN_WAND_M and float(np.median(known)) >= limit
