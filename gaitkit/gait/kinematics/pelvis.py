"""The pelvis from its markers, and the hip joint centres in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.gait.kinematics.vectors import (
    Array,
    distance,
    frame_left_forward,
    out_of_frame,
)
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.gait.kinematics.marker_paths import MarkerPaths
    from gaitkit.gait.kinematics.sizes import LegSize

HipMethod = Literal["harrington", "davis"]

# Harrington et al. 2007, doi:10.1016/j.jbiomech.2006.02.003, table 4 (children, adults
# and patients together): metres from the middle of the ASIS.
HARRINGTON_BACK = (0.24, 0.0099)
"""Behind: share of the pelvic depth, and metres."""

HARRINGTON_ASIDE = (0.33, 0.0073)
"""To the side: share of the pelvic width, and metres."""

HARRINGTON_DOWN = (0.30, 0.0109)
"""Below: share of the pelvic width, and metres."""

# Davis et al. 1991, doi:10.1016/0167-9457(91)90046-Z, as in Plug-in Gait.
DAVIS_THETA_RAD, DAVIS_BETA_RAD = 0.5, 0.314
DAVIS_REACH = (0.115, -0.0153)
"""C: share of the leg length, and metres."""

DAVIS_TROCHANTER = (0.1288, -0.04856)
"""ASIS to trochanter from front to back: share of the leg length, and metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pelvis:
    """The pelvis over time.

    Attributes
    ----------
    frame : array (time, 3, 3)
        Left along the line of the two ASIS; forward in the plane of ASIS and sacrum.
    origin : array (time, 3)
        Middle of the ASIS.
    width_m, depth_m : float
        Between the ASIS; from their middle to that of the PSIS (or the sacrum).
    """

    frame: Array
    origin: Array
    width_m: float
    depth_m: float


def pelvis_of(markers: MarkerPaths) -> Pelvis | None:
    """Return the pelvis, or None without both ASIS and a marker at its back.

    Notes
    -----
    Plug-in Gait takes the sacral marker, and the middle of the PSIS where there is
    none; so does this. The width is the median over the recording.
    """
    if not markers.has("left_asis", "right_asis"):
        return None
    back = markers.first_of("sacrum")
    if back is None:
        back = markers.middle("left_psis", "right_psis")
    if back is None:
        return None
    left, right = markers.at("left_asis"), markers.at("right_asis")
    origin = (left + right) / 2
    behind = markers.middle("left_psis", "right_psis")
    depth = distance(origin, back if behind is None else behind)
    return Pelvis(
        frame=frame_left_forward(left - right, origin - back),
        origin=origin,
        width_m=float(np.nanmedian(distance(left, right))),
        depth_m=float(np.nanmedian(depth)),
    )


def hip_method(size: LegSize) -> HipMethod:
    """Return the regression that fits: that of the laboratory where it is known.

    A leg length by tape in the file means that Plug-in Gait was run on it; its own
    regression then keeps the angles comparable with those of the laboratory. Without
    it Harrington's is used, which was fitted to magnetic resonance images of children
    and adults and needs no tape.
    """
    return "harrington" if size.leg_m is None else "davis"


def hip_centre(
    pelvis: Pelvis, side: Side, *, size: LegSize, method: HipMethod | None = None
) -> Array:
    """Return the path (time, 3) of a hip joint centre by regression.

    Parameters
    ----------
    pelvis : Pelvis
        The pelvis.
    side : Side
        Which hip.
    size : LegSize
        Leg length and marker radius.
    method : {"harrington", "davis"} or None
        None: as `hip_method` says.
    """
    chosen = method or hip_method(size)
    local = _davis(pelvis, size) if chosen == "davis" else _harrington(pelvis)
    if side is Side.RIGHT:
        local = local * np.array([1.0, -1.0, 1.0])
    return pelvis.origin + out_of_frame(pelvis.frame, local)


def _harrington(pelvis: Pelvis) -> Array:
    """Return forward, left and up of the left hip from the middle of the ASIS."""
    return np.array(
        [
            -(HARRINGTON_BACK[0] * pelvis.depth_m + HARRINGTON_BACK[1]),
            HARRINGTON_ASIDE[0] * pelvis.width_m + HARRINGTON_ASIDE[1],
            -(HARRINGTON_DOWN[0] * pelvis.width_m + HARRINGTON_DOWN[1]),
        ]
    )


def _davis(pelvis: Pelvis, size: LegSize) -> Array:
    leg_m = size.leg_m
    if leg_m is None:
        return _harrington(pelvis)
    reach = DAVIS_REACH[0] * leg_m + DAVIS_REACH[1]
    trochanter = DAVIS_TROCHANTER[0] * leg_m + DAVIS_TROCHANTER[1]
    cos_t, sin_t = np.cos(DAVIS_THETA_RAD), np.sin(DAVIS_THETA_RAD)
    cos_b, sin_b = np.cos(DAVIS_BETA_RAD), np.sin(DAVIS_BETA_RAD)
    back = trochanter + size.marker_radius_m
    return np.array(
        [
            reach * cos_t * sin_b - back * cos_b,
            -(reach * sin_t - pelvis.width_m / 2),
            -reach * cos_t * cos_b - back * sin_b,
        ]
    )
