"""Sizes of the body that joint centres rest on: widths, leg length, marker balls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.gait.kinematics.vectors import distance
from gaitkit.model.side import Side
from gaitkit.signal.upright import median_known

if TYPE_CHECKING:
    from gaitkit.gait.kinematics.marker_paths import MarkerPaths
    from gaitkit.model.motion import BodyMeasures

MARKER_DIAMETER_M = 0.014
"""Diameter of the marker balls where the file does not say it: the usual 14 mm."""

KNEE_WIDTH_PER_SHANK = 0.25
ANKLE_WIDTH_PER_SHANK = 0.17
"""Width of knee and ankle over the distance between their lateral markers, where
neither a caliper nor medial markers tell: means of what the laboratory measured on the
four children of the biomechzoo study (0.24 to 0.28; 0.17 to 0.18). An error of 10 mm
in the width moves the joint centre by 5 mm: about 0.7 deg of knee adduction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSize:
    """Sizes of one leg, in metres.

    Attributes
    ----------
    leg_m : float or None
        ASIS to medial malleolus as the laboratory measured it by tape.
    knee_half_m, ankle_half_m : float
        From the centre of the lateral marker to the joint centre.
    marker_radius_m : float
        Radius of a marker ball.
    """

    leg_m: float | None
    knee_half_m: float
    ankle_half_m: float
    marker_radius_m: float


def leg_size(
    markers: MarkerPaths,
    side: Side,
    *,
    body: BodyMeasures,
    static: MarkerPaths | None = None,
) -> LegSize:
    """Return the sizes of a leg from the file, the static trial, or proportions.

    Parameters
    ----------
    markers : MarkerPaths
        The walk.
    side : Side
        The leg.
    body : BodyMeasures
        What the laboratory measured.
    static : MarkerPaths or None
        Standing trial of the same visit; medial markers there give the widths.
    """
    left = side is Side.LEFT
    radius = (body.marker_diameter_m or MARKER_DIAMETER_M) / 2
    knee = body.left_knee_width_m if left else body.right_knee_width_m
    ankle = body.left_ankle_width_m if left else body.right_ankle_width_m
    return LegSize(
        leg_m=body.left_leg_m if left else body.right_leg_m,
        knee_half_m=_half(markers, side, static, "knee", width_m=knee, radius_m=radius),
        ankle_half_m=_half(
            markers, side, static, "ankle", width_m=ankle, radius_m=radius
        ),
        marker_radius_m=radius,
    )


def _half(
    markers: MarkerPaths,
    side: Side,
    static: MarkerPaths | None,
    joint: str,
    *,
    width_m: float | None,
    radius_m: float,
) -> float:
    if width_m is not None:
        return width_m / 2 + radius_m
    pair = (f"{side}_{joint}_lateral", f"{side}_{joint}_medial")
    if static is not None and static.has(*pair):
        return median_known(distance(static.at(pair[0]), static.at(pair[1]))) / 2
    ends = (f"{side}_knee_lateral", f"{side}_ankle_lateral")
    if not markers.has(*ends):
        return radius_m
    shank_m = median_known(distance(markers.at(ends[0]), markers.at(ends[1])))
    share = KNEE_WIDTH_PER_SHANK if joint == "knee" else ANKLE_WIDTH_PER_SHANK
    return share * shank_m / 2 + radius_m
