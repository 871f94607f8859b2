"""gaitkit's laboratory frame: x forward, y left, z up, found from the body itself.

Laboratories put their axes as they like; y is up in OpenSim and z in most C3D files.
Nothing is assumed here: up is the axis from the feet to the pelvis, forward the axis
along which the person walks or, standing or on a treadmill, faces. Axes are only
turned by right angles, so that the walls of the laboratory and the edges of its force
plates stay along the axes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.errors import InputError
from gaitkit.model.motion import Floats, ForcePlate, MotionRecording

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

UPPER = ("asis", "psis", "iliac_crest", "hip", "greater_trochanter", "knee_lateral",
         "knee")  # fmt: skip
"""Parts above the feet, best first."""

FEET = ("heel", "ankle_lateral", "ankle", "toe", "foot_index")
FORE = ("toe", "foot_index", "metatarsal_5", "metatarsal_1", "hallux")
HIND = ("heel", "ankle_lateral", "ankle")

MIN_WAY_M = 0.5
"""A body that ends nearer to its start does not show where it walks."""

FACING_S = 1.0
"""Facing is taken from the first second: later the person may have turned."""


Z_TO_Y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""Turns x forward, y left, z up to x forward, y up, z right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """How the axes of a file lie in the frame of gaitkit.

    Attributes
    ----------
    rotation : array (3, 3)
        Turns a vector of the file: ``rotation @ vector``; right angles only.
    vertical : str
        Axis of the file that points up, such as ``+y``.
    heading_deg : float
        Direction of walking in the new frame, 0 along x, positive to the left; within
        45 degrees.
    """

    rotation: Floats
    vertical: str
    heading_deg: float


def find_laboratory(recording: MotionRecording) -> Laboratory:
    """Find up and forward of a recording in three dimensions.

    Raises
    ------
    InputError
        If it is flat, or feet and pelvis are never seen.
    """
    data = recording.by_role()
    position = data["position"].transpose("time", "space", "keypoint").to_numpy()
    if position.shape[1] != 3:  # noqa: PLR2004 - x, y and z
        msg = f"{recording.path}: expected markers in three dimensions, got a picture"
        raise InputError(msg)
    roles = [str(role) for role in data["keypoint"].to_numpy()]
    feet = _middle(position, roles, FEET)
    upper = _middle(position, roles, UPPER)
    rise = _median(upper - feet)
    if not np.isfinite(rise).all():
        msg = (
            f"{recording.path}: feet and pelvis or knees are never seen together, so "
            "the vertical axis cannot be found; check the marker names"
        )
        raise InputError(msg)
    axis = int(np.argmax(np.abs(rise)))
    up = np.zeros(3)
    up[axis] = np.sign(rise[axis])
    way = _way(upper, up)
    if np.linalg.norm(way) < MIN_WAY_M:
        inside = data["time"].to_numpy() <= FACING_S
        way = _facing(position[inside], roles, up)
    ahead = np.zeros(3)
    ahead[int(np.argmax(np.abs(way)))] = np.sign(way[np.argmax(np.abs(way))]) or 1.0
    rotation = np.stack((ahead, np.cross(up, ahead), up))
    turned = rotation @ way
    return Laboratory(
        rotation=rotation,
        vertical=f"{'+' if up[axis] > 0 else '-'}{'xyz'[axis]}",
        heading_deg=float(np.degrees(np.arctan2(turned[1], turned[0]))),
    )


def to_laboratory(
    recording: MotionRecording, laboratory: Laboratory | None = None
) -> MotionRecording:
    """Return a recording with its markers and plates in the frame of gaitkit.

    Parameters
    ----------
    recording : MotionRecording
        In three dimensions.
    laboratory : Laboratory or None
        How its axes lie; None: it is found.

    Raises
    ------
    InputError
        If the vertical axis cannot be found.
    """
    found = laboratory or find_laboratory(recording)
    turn = found.rotation
    position = recording.markers["position"].transpose("time", "space", "keypoint")
    turned = np.einsum("ij,tjk->tik", turn, position.to_numpy())
    markers = recording.markers.assign(position=(position.dims, turned))
    plates = tuple(_turned(plate, turn) for plate in recording.plates)
    return replace(recording, markers=_labelled(markers), plates=plates)


def with_vertical(
    recording: MotionRecording, vertical: Literal["y", "z"]
) -> MotionRecording:
    """Return a recording that faces or walks along x, with the vertical axis chosen.

    Parameters
    ----------
    recording : MotionRecording
        Markers in three dimensions, or a picture, which is left as it is.
    vertical : {"y", "z"}
        ``z``: x forward, y left, as in most laboratories; ``y``: x forward, z to the
        right, as OpenSim has it.

    Raises
    ------
    InputError
        If the vertical axis cannot be found.
    """
    if recording.markers.sizes["space"] != 3:  # noqa: PLR2004 - x, y and z
        return recording
    found = find_laboratory(recording)
    if vertical == "y":
        found = replace(found, rotation=Z_TO_Y @ found.rotation)
    return to_laboratory(recording, found)


def _labelled(markers: xr.Dataset) -> xr.Dataset:
    return markers.assign_coords(space=["x", "y", "z"])


def _turned(plate: ForcePlate, turn: Floats) -> ForcePlate:
    corners = plate.corners_m
    return replace(
        plate,
        force_n=plate.force_n @ turn.T,
        center_of_pressure_m=plate.center_of_pressure_m @ turn.T,
        corners_m=None if corners is None else corners @ turn.T,
    )


def _middle(position: Floats, roles: list[str], parts: Iterable[str]) -> Floats:
    """Return the mean of both sides of the first part that is seen (time, 3)."""
    for part in parts:
        columns = [k for k, role in enumerate(roles) if role.partition("_")[2] == part]
        if columns and np.isfinite(position[:, :, columns]).any():
            return np.asarray(position[:, :, columns].mean(axis=2))
    return np.full(position.shape[:2], np.nan)


def _median(path: Floats) -> Floats:
    known = path[np.isfinite(path).all(axis=1)]
    return np.median(known, axis=0) if known.size else np.full(3, np.nan)


def _way(path: Floats, up: Floats) -> Floats:
    """Return the horizontal way of the body from its first to its last place."""
    known = path[np.isfinite(path).all(axis=1)]
    if not known.size:
        return np.zeros(3)
    way = known[-1] - known[0]
    horizontal: Floats = way - (way @ up) * up
    return horizontal


def _facing(position: Floats, roles: list[str], up: Floats) -> Floats:
    fore, hind = _middle(position, roles, FORE), _middle(position, roles, HIND)
    facing = _median(fore - hind)
    if not np.isfinite(facing).all():
        return np.roll(up, 1)
    horizontal: Floats = facing - (facing @ up) * up
    return horizontal
