"""The whole lower body from its markers, and the keypoints that every walk needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.kinematics.leg import Leg, leg_of
from gaitkit.gait.kinematics.marker_paths import MarkerPaths
from gaitkit.gait.kinematics.pelvis import Pelvis, pelvis_of
from gaitkit.gait.kinematics.sizes import LegSize, leg_size
from gaitkit.model.keypoints import keypoints
from gaitkit.model.side import Side

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.gait.kinematics.vectors import Array
    from gaitkit.model.motion import BodyMeasures

SHOULDER = "shoulder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Pelvis and both legs over time.

    Attributes
    ----------
    markers : MarkerPaths
        The clean markers.
    pelvis : Pelvis or None
        None where ASIS or sacrum are not marked.
    legs : dict of Side to Leg
        Both legs.
    sizes : dict of Side to LegSize
        What their joint centres rest on.
    """

    markers: MarkerPaths
    pelvis: Pelvis | None
    legs: dict[Side, Leg]
    sizes: dict[Side, LegSize]


def body_of(
    markers: MarkerPaths, *, measures: BodyMeasures, static: MarkerPaths | None = None
) -> Body:
    """Return pelvis and legs.

    Parameters
    ----------
    markers : MarkerPaths
        The clean markers.
    measures : BodyMeasures
        What the laboratory measured on the person.
    static : MarkerPaths or None
        Standing trial of the same visit.

    Raises
    ------
    InputError
        If a leg cannot be built; the message names the parts that were looked for.
    """
    pelvis = pelvis_of(markers)
    legs: dict[Side, Leg] = {}
    sizes: dict[Side, LegSize] = {}
    for side in Side:
        sizes[side] = leg_size(markers, side, body=measures, static=static)
        leg = leg_of(markers, side, pelvis=pelvis, size=sizes[side])
        if leg is None:
            msg = (
                f"the {side} leg needs markers of pelvis (or hip), knee, ankle, heel "
                f"and toe; got {', '.join(_of_side(markers, side)) or 'none'}; name "
                "the others with --map"
            )
            raise InputError(msg)
        legs[side] = leg
    return Body(markers=markers, pelvis=pelvis, legs=legs, sizes=sizes)


def gait_keypoints(body: Body) -> xr.Dataset:
    """Return the keypoints of every walk: joint centres, heels, toes, shoulders.

    Returns
    -------
    xarray.Dataset
        Names of `gaitkit.model.keypoints.GAIT`, laboratory axes ``x, y, z`` (forward,
        left, up) in metres, ``attrs["rate_hz"]``.
    """
    paths: dict[str, Array] = {}
    for side, leg in body.legs.items():
        paths[f"{side}_hip"] = leg.hip
        paths[f"{side}_knee"] = leg.knee
        paths[f"{side}_ankle"] = leg.ankle
        paths[f"{side}_heel"] = leg.heel
        paths[f"{side}_foot_index"] = leg.toe
    for side in Side:
        shoulder = body.markers.first_of(f"{side}_{SHOULDER}")
        if shoulder is not None:
            paths[f"{side}_{SHOULDER}"] = shoulder
    position = np.stack(list(paths.values()), axis=2)
    return keypoints(
        position,
        np.isfinite(position).all(axis=1).astype(float),
        time_s=body.markers.time_s,
        names=list(paths),
        space=("x", "y", "z"),
        space_unit="m",
    ).assign_attrs(rate_hz=body.markers.rate_hz)


def _of_side(markers: MarkerPaths, side: Side) -> list[str]:
    return [name for name in markers.names if name.startswith(f"{side}_")]
