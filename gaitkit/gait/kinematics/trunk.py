"""The trunk against the vertical, from whatever markers it bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.gait.kinematics.vectors import Array, cardan, frame_up_left, relative

if TYPE_CHECKING:
    from gaitkit.gait.kinematics.body import Body

THORAX = ("c7", "t10", "clavicle", "sternum")
"""Markers of the thorax of Plug-in Gait."""


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
