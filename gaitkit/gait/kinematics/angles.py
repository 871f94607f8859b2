"""Joint angles in three dimensions, Plug-in Gait's order, gaitkit's signs.

Angles are Cardan angles in the order flexion, adduction, rotation (left, forward, up
axis) of a segment in the one above; pelvis and trunk against the direction of walking.

========================  =================================  =========================
angle                     of                                 positive
========================  =================================  =========================
pelvic_tilt               pelvis in the walk                 front down (anterior)
pelvic_obliquity          pelvis in the walk                 this side up
pelvic_rotation           pelvis in the walk                 this side forward
hip_flexion               thigh in the pelvis                flexion
hip_adduction             thigh in the pelvis                towards the other leg
hip_rotation              thigh in the pelvis                internal
knee_flexion              shank in the thigh                 flexion
ankle_dorsiflexion        foot in the shank                  toes up; 0 standing flat
foot_progression          foot on the floor                  toes out
trunk_flexion             trunk in the walk                  forward
trunk_lateral_lean        trunk in the walk                  towards this side
frontal_plane_projection  knee off the line hip to ankle     knee inwards
tibial_rotation           shank on the foot                  internal
rearfoot_eversion         hindfoot in the shank              eversion
========================  =================================  =========================

Deviations from Plug-in Gait: the foot's axis runs from heel to toe marker in every
frame (Plug-in Gait takes ankle to toe and turns it by static offsets); the foot is
zeroed where it lies flat on the floor, so a static trial is not needed; the direction
of walking is that of the pass and not the nearest laboratory axis; no tibial torsion.
They move the zero of an angle, not its course.

References
----------
Davis et al. 1991, doi:10.1016/0167-9457(91)90046-Z. Baker 2001,
doi:10.1016/S0167-9457(00)00022-8 (order of the pelvic angles: Plug-in Gait's is kept).
Wu et al. 2002, doi:10.1016/S0021-9290(01)00222-6 (ISB, hip and ankle).

The trunk against the vertical, from whatever markers it bears.

The rearfoot against the lower leg, where the heel bears its own markers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.gait.angles import flat_foot_deg
from gaitkit.gait.kinematics.vectors import (
    Array,
    cardan,
    cross,
    frame_forward_left,
    frame_up_left,
    heading_frame,
    in_frame,
    relative,
    unit,
)
from gaitkit.model.labelled import described
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.kinematics.body import Body
    from gaitkit.gait.kinematics.leg import Leg
    from gaitkit.gait.kinematics.marker_paths import MarkerPaths
    from gaitkit.model.events import Event
    from gaitkit.signal.passes import WalkPass

GAIT_PROFILE = (
    "pelvic_tilt",
    "pelvic_obliquity",
    "pelvic_rotation",
    "hip_flexion",
    "hip_adduction",
    "hip_rotation",
    "knee_flexion",
    "ankle_dorsiflexion",
    "foot_progression",
)
"""The nine angles of the Gait Profile Score (Baker 2009)."""

OTHERS = (
    "trunk_flexion",
    "trunk_lateral_lean",
    "frontal_plane_projection",
    "tibial_rotation",
    "rearfoot_eversion",
)
ANGLES = (*GAIT_PROFILE, *OTHERS)
THORAX = ("c7", "t10", "clavicle", "sternum")
"""Markers of the thorax of Plug-in Gait."""


def anatomical_angles(
    body: Body, *, passes: Sequence[WalkPass], events: Sequence[Event]
) -> xr.Dataset:
    """Return every angle of both sides that the markers show.

    Parameters
    ----------
    body : Body
        Pelvis and legs in the laboratory.
    passes : sequence of WalkPass
        Straight passes; angles against the walk are NaN outside them.
    events : sequence of Event
        Initial contacts give the moments at which the foot lies flat.

    Returns
    -------
    xarray.Dataset
        Dims ``time, side``, degrees. Angles whose markers are not there are left out.
    """
    time_s = body.markers.time_s
    heading = heading_frame(_directions(time_s, passes))
    sides = [_of_side(body, side, heading, events) for side in Side]
    names = [name for name in ANGLES if all(name in each for each in sides)]
    return described(
        xr.Dataset(
            {
                name: (
                    ("time", "side"),
                    np.column_stack([each[name] for each in sides]),
                    {"units": "deg"},
                )
                for name in names
            },
            coords={"time": time_s, "side": [str(side) for side in Side]},
            attrs={"rate_hz": body.markers.rate_hz},
        )
    )


def _directions(time_s: Array, passes: Sequence[WalkPass]) -> Array:
    """Return the direction of walking (time, 2); NaN outside the passes."""
    direction = np.full((time_s.size, 2), np.nan)
    for each in passes:
        direction[each.samples(time_s)] = each.direction
    return direction


def _of_side(
    body: Body, side: Side, heading: Array, events: Sequence[Event]
) -> dict[str, Array]:
    sign = 1.0 if side is Side.LEFT else -1.0
    leg = body.legs[side]
    found: dict[str, Array] = {}
    if body.pelvis is not None:
        pelvis = cardan(relative(heading, body.pelvis.frame))
        hip = cardan(relative(body.pelvis.frame, leg.thigh))
        found |= {
            "pelvic_tilt": pelvis[:, 0],
            "pelvic_obliquity": sign * pelvis[:, 1],
            "pelvic_rotation": -sign * pelvis[:, 2],
            "hip_flexion": -hip[:, 0],
            "hip_adduction": -sign * hip[:, 1],
            "hip_rotation": -sign * hip[:, 2],
        }
    if leg.hip_is_joint:
        found["knee_flexion"] = cardan(relative(leg.thigh, leg.shank))[:, 0]
        found["frontal_plane_projection"] = frontal_plane_projection(leg, heading)
    found |= _foot(leg, body.markers.time_s, heading, events)
    trunk = trunk_frame(body)
    if trunk is not None:
        lean = trunk_angles(trunk, heading)
        found["trunk_flexion"] = lean[:, 0]
        found["trunk_lateral_lean"] = -sign * lean[:, 1]
    eversion = rearfoot_eversion(body.markers, leg)
    if eversion is not None:
        found["rearfoot_eversion"] = eversion
    return found


def _foot(
    leg: Leg, time_s: Array, heading: Array, events: Sequence[Event]
) -> dict[str, Array]:
    """Return dorsiflexion, rotation under the shank and progression of the foot.

    As in Plug-in Gait, progression is the Cardan angle between the foot's axis and the
    plane of the walk, not that of its shadow on the floor: the two are one in stance,
    and a steep foot in swing keeps a sensible value.
    """
    sign = 1.0 if leg.side is Side.LEFT else -1.0
    axis = leg.foot[:, :, 0]
    pitch = np.degrees(np.arcsin(np.clip(axis[:, 2], -1, 1)))
    contacts = [
        event.time_s
        for event in events
        if event.side is leg.side and event.kind == "initial_contact"
    ]
    zero = flat_foot_deg(pitch, time_s, contacts)
    aside = in_frame(heading, axis)[:, 1]
    ankle = cardan(relative(leg.shank, leg.foot))
    return {
        "ankle_dorsiflexion": -ankle[:, 0] - zero,
        "tibial_rotation": sign * ankle[:, 2],
        "foot_progression": sign * np.degrees(np.arcsin(np.clip(aside, -1, 1))),
    }


def frontal_plane_projection(leg: Leg, heading: Array) -> Array:
    """Return how far the knee lies inside the line hip to ankle (time,), degrees.

    Notes
    -----
    The angle between thigh and shank projected on the plane across the walk, as a
    camera from behind sees it: 0 is straight, positive a knee that points inwards.
    Flexion turns into it where the leg is rotated, as on any such picture.
    """
    sign = 1.0 if leg.side is Side.LEFT else -1.0
    thigh = in_frame(heading, leg.knee - leg.hip)
    shank = in_frame(heading, leg.ankle - leg.knee)
    out = [np.arctan2(sign * each[:, 1], -each[:, 2]) for each in (thigh, shank)]
    return np.asarray(np.degrees(out[1] - out[0]))


def trunk_frame(body: Body) -> Array | None:
    """Return the frame (time, 3, 3) of the trunk, or None where it has no markers.

    Notes
    -----
    With C7, T10, clavicle and sternum the thorax of Plug-in Gait: up from the middle
    of the lower to the middle of the upper two markers. Otherwise up from the middle
    of the hips to the middle of the shoulders, C7 or the neck; left along the line of
    the shoulders, or of the hips where there are none. The two differ by a few degrees
    of forward lean.
    """
    markers = body.markers
    hips = [leg.hip for leg in body.legs.values()]
    left = hips[0] - hips[1]
    if markers.has("left_shoulder", "right_shoulder"):
        left = markers.at("left_shoulder") - markers.at("right_shoulder")
    if markers.has(*THORAX):
        upper = (markers.at("c7") + markers.at("clavicle")) / 2
        lower = (markers.at("t10") + markers.at("sternum")) / 2
        return frame_up_left(upper - lower, left)
    top = markers.middle("left_shoulder", "right_shoulder")
    if top is None:
        top = markers.first_of("c7", "neck")
    if top is None:
        return None
    return frame_up_left(top - (hips[0] + hips[1]) / 2, left)


def trunk_angles(frame: Array, heading: Array) -> Array:
    """Return forward lean, lean to the right and rotation (time, 3), degrees."""
    return cardan(relative(heading, frame))


def rearfoot_eversion(markers: MarkerPaths, leg: Leg) -> Array | None:
    """Return the eversion (time,) of the heel against the shank, degrees, or None.

    Parameters
    ----------
    markers : MarkerPaths
        With heel, calcaneus wand, lateral calcaneus and sustentaculum, as the Oxford
        foot model places them.
    leg : Leg
        The leg; its shank is the reference.

    Notes
    -----
    The hindfoot's sagittal plane holds the heel, the wand and the middle of the two
    side markers (Stebbins et al. 2006, doi:10.1016/j.gaitpost.2005.03.003); its
    forward axis runs from the heel to that middle. Eversion is the second Cardan
    angle (about the forward axis) of hindfoot in shank, after plantarflexion.
    Deviations from the Oxford foot model: the shank is that of the ankle and knee
    centres and not of its own five markers, so zero differs by some degrees.
    """
    side = leg.side
    roles = [
        f"{side}_{part}"
        for part in ("heel", "calcaneus_wand", "calcaneus_lateral", "sustentaculum")
    ]
    if not markers.has(*roles):
        return None
    heel, wand, lateral, medial = (markers.at(role) for role in roles)
    forward = (lateral + medial) / 2 - heel
    left = cross(_up_side(wand - heel, leg), forward)
    hindfoot = frame_forward_left(forward, left)
    sign = 1.0 if side is Side.LEFT else -1.0
    return np.asarray(sign * cardan(relative(leg.shank, hindfoot))[:, 1])


def _up_side(wand: Array, leg: Leg) -> Array:
    """Return the wand's direction, turned to point up along the shank."""
    up = np.einsum("ti,ti->t", wand, leg.shank[:, :, 2])
    sign = np.where(np.nan_to_num(up) < 0, -1.0, 1.0)[:, None]
    return unit(wand) * sign
