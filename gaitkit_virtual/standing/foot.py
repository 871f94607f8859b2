"""One foot of a virtual person from its inner side, with the other leg a step away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.model.standing import MEDIAL_VIEW
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.surface import surface_of

if TYPE_CHECKING:
    from gaitkit_virtual.body import Look
    from gaitkit_virtual.rotations import Array
    from gaitkit_virtual.standing.parameters import StandingParameters
    from gaitkit_virtual.standing.stance import VirtualStance

STEP_M = 0.5
"""The other foot stands this far behind, out of the camera's way."""

MIDDLE_OF_FOOT_M = 0.045
"""Middle of the foot ahead of the ankle."""

INNER_EDGE_M = 0.03
"""Inner edge of the foot from its middle line."""

ON_FLOOR_M = 0.004
"""Skin lower than this rests on the floor."""

HEEL_PART, BALL_PART = (0.0, 0.25), (0.6, 0.85)
"""Parts of the length of the foot in which heel and ball rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootTruth:
    """What is true about one foot in one picture.

    Attributes
    ----------
    side : Side
        Which foot.
    navicular_mm : float
        Height of the tuberosity above the floor.
    truncated_mm : float
        Back of the heel to the first metatarsophalangeal joint.
    floor_line_px : tuple of float
        Where its inner edge stands on the floor at heel and ball: x, y, x, y, counted
        from the middle of the upper left pixel.
    """

    side: Side
    navicular_mm: float
    truncated_mm: float
    floor_line_px: tuple[float, float, float, float]


def step_stance(person: StandingParameters, side: Side) -> StandingParameters:
    """Return a person with the other foot a step behind this one."""
    return replace(person, step_m=sign_of(side) * STEP_M)


def foot_camera(
    person: StandingParameters, side: Side, *, distance_m: float = 0.9
) -> Camera:
    """Return a phone that lies on its long side, low above the floor, at a foot.

    Parameters
    ----------
    person : StandingParameters
        Who stands, from `step_stance`.
    side : Side
        Which foot; it is seen from its inner side.
    distance_m : float
        From the camera to the inner edge of the foot.
    """
    inwards = person.stance_width_m / 2 - INNER_EDGE_M
    return Camera(
        view=MEDIAL_VIEW[side],
        distance_m=distance_m,
        height_m=0.12,
        width_px=1920,
        height_px=1080,
        focal_px=1536.0,
        target_forward_m=abs(person.step_m) / 2 + MIDDLE_OF_FOOT_M,
        target_left_m=sign_of(side) * inwards,
    )


def foot_truth(
    stance: VirtualStance,
    camera: Camera,
    *,
    side: Side,
    look: Look,
    navicular_mm: float,
) -> FootTruth:
    """Return what is true about a foot in the first frame of a stance.

    Parameters
    ----------
    stance : VirtualStance
        Who stands.
    camera : Camera
        Who looks.
    side : Side
        Which foot.
    look : Look
        Build: the skin stands on the floor.
    navicular_mm : float
        Height of the navicular above the sole.
    """
    heel, ball = (_point(stance, f"{side}_{name}_contact") for name in ("heel", "ball"))
    ends = _inner_edge(stance, side, look)
    seen = camera.project(ends)[:, :2] - 0.5
    x1, y1, x2, y2 = (round(float(v), 2) for v in seen.ravel())
    return FootTruth(
        side=side,
        navicular_mm=navicular_mm,
        truncated_mm=1000 * float(np.linalg.norm(ball - heel)),
        floor_line_px=(x1, y1, x2, y2),
    )


def _inner_edge(stance: VirtualStance, side: Side, look: Look) -> Array:
    """Return the points (2, 3) where the inner edge of heel and ball rests."""
    frames = stance.segments.sel(segment=f"{side}_foot")
    foot = frames.transpose("time", "axis", "direction").to_numpy()[0]
    heel = _point(stance, f"{side}_heel_contact")
    length = float(np.linalg.norm(_point(stance, f"{side}_toe_contact") - heel))
    skin = surface_of(stance, look).faces(0).corners.reshape(-1, 3)
    local = (skin - heel) @ foot
    inwards = -sign_of(side) * local[:, 1]
    near = (np.abs(local[:, 1]) < length / 3) & (skin[:, 2] < heel[2] + ON_FLOOR_M)
    ends = []
    for low, high in (HEEL_PART, BALL_PART):
        own = near & (local[:, 0] > low * length) & (local[:, 0] < high * length)
        inner = skin[own][np.argmax(inwards[own])]
        ends.append([inner[0], inner[1], heel[2]])
    return np.array(ends)


def _point(stance: VirtualStance, name: str) -> Array:
    path = stance.keypoints["position"].sel(keypoint=name)
    return np.asarray(path.transpose("time", "space").to_numpy()[0])
