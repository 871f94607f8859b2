"""The named points of a virtual body: keypoints as in a picture, markers as in a lab.

The keypoints carry the names of BlazePose; MTP joint, contact points of the foot,
middles of hips and shoulders and the base of the skull are added. The markers carry
Plug-in Gait names; markers on the inner side of knee and ankle and the joint centres
are added, so that any model finds what it needs. Marker balls have no radius: a
marker is where the bone is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import keypoints
from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import HEAD_PER_HEIGHT, TRUNK_PER_HEIGHT, Foot, Pelvis
from gaitkit_virtual.leg import LegPose
from gaitkit_virtual.limb import toe_tip
from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.pelvis import PelvisPath
from gaitkit_virtual.rotations import Array, about_left, place
from gaitkit_virtual.upper_body import UpperBody

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr


LABORATORY_SPACE = ("x", "y", "z")
"""Axes of the markers: forward, left and up."""

Points = dict[str, "Array"]
"""Name of a point to its path (n, 3) in metres."""

KNEE_WIDTH_PER_HEIGHT = 0.060
ANKLE_WIDTH_PER_HEIGHT = 0.041
MARKER_ON_FOOT_M = 0.030
"""Height of the heel and forefoot markers above the sole; the same, so that the line
between them is the axis of the foot."""

HEEL_SURFACE_M = 0.022
"""Height of the back of the heel above the sole."""

TOE_SURFACE_M = 0.012
"""Height of the tip of the toes above the sole."""

HAND_M = 0.085

# In head heights above the base of the skull: forward, out to the side, up.
_FACE = {
    "eye_inner": (0.42, 0.08, 0.48),
    "eye": (0.41, 0.14, 0.48),
    "eye_outer": (0.39, 0.19, 0.48),
    "ear": (0.02, 0.34, 0.42),
}
_NOSE = (0.54, 0.0, 0.34)
_MOUTH = (0.44, 0.10, 0.14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Everything of a body over time, in metres and laboratory axes.

    ``heels`` are the orientations (n, 3, 3) of the calcanei.
    """

    height_m: float
    path: PelvisPath
    pelvis: Pelvis
    feet: dict[Side, Foot]
    legs: dict[Side, LegPose]
    heels: dict[Side, Array]
    upper: UpperBody


def points_dataset(
    points: Points, time_s: Array, *, space: Sequence[str]
) -> xr.Dataset:
    """Return named paths as a data set (``time, space, keypoint``) in metres."""
    return keypoints(
        np.stack(list(points.values()), axis=2),
        np.ones((len(time_s), len(points))),
        time_s=time_s,
        names=list(points),
        space=space,
        space_unit="m",
    )


def keypoint_paths(body: Body) -> Points:
    """Return the joint centres and surface points of a body, BlazePose names."""
    points: Points = _head_points(body)
    points["pelvis_center"] = body.path.hip_middle
    points["chest"] = body.upper.shoulder_middle
    points["head_base"] = body.upper.head_base
    for side, leg in body.legs.items():
        points |= {
            f"{side}_{name}": path for name, path in _leg_points(leg, body.feet[side])
        }
        points |= {f"{side}_{name}": path for name, path in _arm_points(body, side)}
    return points


def marker_paths(body: Body) -> Points:
    """Return the anatomical markers of a body, Plug-in Gait names."""
    points = _pelvis_markers(body)
    points |= _trunk_markers(body)
    for side in body.legs:
        letter = "L" if side is Side.LEFT else "R"
        for name, path in _leg_markers(body, side).items():
            points[letter + name] = path
    return points


def _leg_points(leg: LegPose, foot: Foot) -> list[tuple[str, Array]]:
    back = (-foot.heel_m, 0.0, HEEL_SURFACE_M - foot.ankle_height_m)
    return [
        ("hip", leg.hip),
        ("knee", leg.knee),
        ("ankle", leg.ankle),
        ("heel", place(leg.ankle, leg.foot, back)),
        ("foot_index", toe_tip(leg, foot, height_m=TOE_SURFACE_M)),
        ("mtp", place(leg.ankle, leg.foot, foot.ball)),
        ("ball_contact", place(leg.ankle, leg.foot, foot.ball_sole)),
        ("heel_contact", place(leg.ankle, leg.foot, foot.heel_contact)),
        ("toe_contact", toe_tip(leg, foot)),
    ]


def _arm_points(body: Body, side: Side) -> list[tuple[str, Array]]:
    upper = body.upper
    wrist, elbow = upper.wrist[side], upper.elbow[side]
    along = wrist - elbow
    along = along / np.linalg.norm(along, axis=1)[:, None]
    front = np.cross(body.upper.head[:, :, 1], along)
    hand = wrist + HAND_M * along
    return [
        ("shoulder", upper.shoulder[side]),
        ("elbow", elbow),
        ("wrist", wrist),
        ("index", hand - 0.01 * front),
        ("pinky", hand + 0.01 * front),
        ("thumb", wrist + 0.5 * HAND_M * along - 0.03 * front),
    ]


def _head_points(body: Body) -> Points:
    upper, height = body.upper, body.height_m
    points = {"nose": upper.in_head(*_NOSE, height)}
    forward, out, up = _MOUTH
    for side in Side:
        sign = sign_of(side)
        points[f"mouth_{side}"] = upper.in_head(forward, sign * out, up, height)
        for name, (ahead, aside, above) in _FACE.items():
            points[f"{side}_{name}"] = upper.in_head(ahead, sign * aside, above, height)
    return points


def _pelvis_markers(body: Body) -> Points:
    path, pelvis = body.path, body.pelvis
    front, back = pelvis.asis_forward_m, pelvis.asis_forward_m - pelvis.depth_m

    def at(forward: float, left: float, difference: float = 0.0) -> Array:
        above = float(np.sign(left)) * difference / 2
        point = (forward, left, pelvis.asis_up_m + above)
        return place(path.hip_middle, path.rotation, point)

    half, half_back = pelvis.asis_width_m / 2, pelvis.psis_width_m / 2
    return {
        "LASI": at(front, half, pelvis.asis_difference_m),
        "RASI": at(front, -half, pelvis.asis_difference_m),
        "LPSI": at(back, half_back, pelvis.psis_difference_m),
        "RPSI": at(back, -half_back, pelvis.psis_difference_m),
        "SACR": at(back, 0.0),
    }


def _trunk_markers(body: Body) -> Points:
    upper, height = body.upper, body.height_m
    origin, rotation = upper.shoulder_middle, upper.trunk
    down = TRUNK_PER_HEIGHT * height
    points = {
        "C7": place(origin, rotation, (-0.06, 0.0, 0.05)),
        "T10": place(origin, rotation, (-0.11, 0.0, -0.45 * down)),
        "CLAV": place(origin, rotation, (0.07, 0.0, 0.0)),
        # as far ahead of T10 as makes the axis of the thorax (middle of T10 and STRN to
        # middle of C7 and CLAV) upright in the trunk
        "STRN": place(origin, rotation, (0.12, 0.0, -0.35 * down)),
    }
    half_head = 0.34 * HEAD_PER_HEIGHT
    for side, letter in ((Side.LEFT, "L"), (Side.RIGHT, "R")):
        top = np.array([0.0, 0.0, 0.03])
        points[f"{letter}SHO"] = upper.shoulder[side] + top
        points[f"{letter}ELB"] = upper.elbow[side]
        points[f"{letter}WRA"] = upper.wrist[side]
        aside = sign_of(side) * half_head * height
        head = (0.4 * HEAD_PER_HEIGHT * height, aside, 0.7 * HEAD_PER_HEIGHT * height)
        points[f"{letter}FHD"] = place(upper.head_base, upper.head, head)
    return points


def _leg_markers(body: Body, side: Side) -> Points:
    leg, foot, sign = body.legs[side], body.feet[side], sign_of(side)
    height = body.height_m
    knee = sign * KNEE_WIDTH_PER_HEIGHT * height / 2
    ankle = sign * ANKLE_WIDTH_PER_HEIGHT * height / 2
    low = MARKER_ON_FOOT_M - foot.ankle_height_m
    ball, wide = foot.ball_m, sign * 0.022 * height
    toes = leg.foot @ about_left(-leg.toe)
    joint = place(leg.ankle, leg.foot, foot.ball)
    big_toe = (foot.toe_m - ball - 0.02, -0.5 * wide, 0.005)
    return {
        "HJC": leg.hip,
        "KJC": leg.knee,
        "AJC": leg.ankle,
        "THI": place((leg.hip + leg.knee) / 2, leg.thigh, (0.0, 1.4 * knee, 0.0)),
        "KNE": place(leg.knee, leg.shank, (0.0, knee, 0.0)),
        "KNM": place(leg.knee, leg.shank, (0.0, -knee, 0.0)),
        "TIB": place((leg.knee + leg.ankle) / 2, leg.shank, (0.0, knee, 0.0)),
        "ANK": place(leg.ankle, leg.shank, (0.0, ankle, 0.0)),
        "MED": place(leg.ankle, leg.shank, (0.0, -ankle, 0.0)),
        "HEE": place(leg.ankle, leg.foot, (-foot.heel_m - 0.01, 0.0, low)),
        "TOE": place(leg.ankle, leg.foot, (ball, 0.0, low)),
        "MT1": place(leg.ankle, leg.foot, (ball, -wide, low)),
        "MT5": place(leg.ankle, leg.foot, (ball - 0.02, wide, low)),
        "HLX": place(joint, toes, big_toe),
    }
