"""A camera that looks at a virtual walk: exact picture coordinates, no rendering.

A pinhole with square pixels and, on request, one term of radial distortion. Its place
is given as a practice would say it: which side it looks at, how far from the line of
walking, how high, and how much it is tilted by mistake.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit.model.keypoints import PICTURE_SPACE
from gaitkit.model.recording import View
from gaitkit_virtual.rotations import about_forward, about_left, about_up

if TYPE_CHECKING:
    from gaitkit_virtual.posed import Posed
    from gaitkit_virtual.rotations import Array

UNDOING_STEPS = 12
"""Fixed-point steps that undo a lens to far below a pixel."""

NEAREST_M = 0.1
"""Points nearer than this, or behind the camera, are in no picture."""

_LOOKS_TO_DEG: dict[View, float] = {
    "posterior": 0.0,
    "sagittal_right": 90.0,
    "anterior": 180.0,
    "sagittal_left": 270.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Where a camera stands and how it sees. The walk goes along ``forward``.

    Attributes
    ----------
    view : {"sagittal_left", "sagittal_right", "posterior", "anterior"}
        Side of a person walking forward that it looks at.
    distance_m : float
        From the camera to the target point, in metres.
    height_m : float
        Height of the lens above the floor in metres.
    width_px, height_px : int
        Size of the picture.
    focal_px : float
        Focal length in pixels; 0.8 of the width is a common phone.
    target_forward_m, target_left_m : float
        The floor point that it faces, in metres.
    pan_deg, tilt_deg, roll_deg : float
        Turned to the left; turned downwards; picture turned so that a level floor
        rises to the right of the picture. Degrees, all 0 for a camera set up well.
    distortion : float
        Radial term k1: a point at r focal lengths from the axis is moved to
        r (1 + k1 r^2); negative is a barrel.

    Raises
    ------
    ConfigError
        If a size is not positive or the view unknown.
    """

    view: View
    distance_m: float
    height_m: float
    width_px: int
    height_px: int
    focal_px: float
    target_forward_m: float = 0.0
    target_left_m: float = 0.0
    pan_deg: float = 0.0
    tilt_deg: float = 0.0
    roll_deg: float = 0.0
    distortion: float = 0.0

    def __post_init__(self) -> None:
        """Check the sizes and the view."""
        if self.view not in _LOOKS_TO_DEG:
            msg = (
                f"simulate.camera.view is {self.view!r}; "
                f"expected one of {', '.join(_LOOKS_TO_DEG)}"
            )
            raise ConfigError(msg)
        for field in fields(self):
            value = getattr(self, field.name)
            if field.default != 0.0 and field.name != "view" and value <= 0:
                msg = f"simulate.camera.{field.name} is {value:g}; expected above 0"
                raise ConfigError(msg)

    @property
    def position(self) -> Array:
        """Place of the lens (3,): forward, left, up in metres."""
        look = math.radians(_LOOKS_TO_DEG[self.view])
        return np.array(
            [
                self.target_forward_m - self.distance_m * math.cos(look),
                self.target_left_m - self.distance_m * math.sin(look),
                self.height_m,
            ]
        )

    @property
    def axes(self) -> Array:
        """Right, down and ahead of the camera (3, 3), one row each."""
        turn = np.radians([_LOOKS_TO_DEG[self.view] + self.pan_deg])
        tilt, roll = np.radians([self.tilt_deg]), np.radians([self.roll_deg])
        facing = (about_up(turn) @ about_left(tilt) @ about_forward(roll))[0]
        ahead, left, up = facing[:, 0], facing[:, 1], facing[:, 2]
        return np.stack([-left, -up, ahead])

    def project(self, points: Array) -> Array:
        """Return picture coordinates and depth of points.

        Parameters
        ----------
        points : array (..., 3)
            Forward, left, up in metres.

        Returns
        -------
        array (..., 3)
            x (to the right) and y (downwards) in pixels from the upper left corner,
            depth in metres. NaN for what is behind the camera.
        """
        seen = (points - self.position) @ self.axes.T
        depth = np.where(seen[..., 2] > NEAREST_M, seen[..., 2], np.nan)
        ray = seen[..., :2] / depth[..., None]
        ray = ray * (1 + self.distortion * (ray**2).sum(axis=-1, keepdims=True))
        middle = np.array([self.width_px, self.height_px]) / 2
        return np.concatenate([middle + self.focal_px * ray, depth[..., None]], axis=-1)

    def straightened(self, radius: Array) -> Array:
        """Return by how much points must move to the axis to undo the lens.

        Parameters
        ----------
        radius : array
            Distances from the middle of the picture in focal lengths.

        Returns
        -------
        array
            True over seen distance.
        """
        shrink = np.ones_like(radius)
        if self.distortion:
            for _ in range(UNDOING_STEPS):
                shrink = 1 / (1 + self.distortion * (shrink * radius) ** 2)
        return shrink

    def px_per_m(self, depth_m: float) -> float:
        """Return pixels per metre at a depth in metres."""
        return self.focal_px / depth_m


def picture_keypoints(walk: Posed, camera: Camera) -> xr.Dataset:
    """Project the keypoints of a walk into a picture, exactly.

    Parameters
    ----------
    walk : Posed
        The walk or stance.
    camera : Camera
        The camera.

    Returns
    -------
    xarray.Dataset
        Keypoints in pixels (``time, space, keypoint``); ``confidence`` is 1 inside
        the picture and 0 outside it, where the position is still true; ``depth``
        (``time, keypoint``) in metres.
    """
    position = walk.keypoints["position"].transpose("time", "keypoint", "space")
    seen = camera.project(position.to_numpy())
    x, y = seen[..., 0], seen[..., 1]
    inside = (x >= 0) & (x < camera.width_px) & (y >= 0) & (y < camera.height_px)
    return xr.Dataset(
        {
            "position": (
                ("time", "space", "keypoint"),
                np.swapaxes(seen[..., :2], 1, 2),
            ),
            "confidence": (("time", "keypoint"), inside.astype(float)),
            "depth": (("time", "keypoint"), seen[..., 2]),
        },
        coords={
            "time": position["time"],
            "space": list(PICTURE_SPACE),
            "keypoint": position["keypoint"],
        },
        attrs={"space_unit": "px"},
    )
