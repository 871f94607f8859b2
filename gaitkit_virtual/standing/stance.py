"""A virtual person who stands, with everything about the stance exactly known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit.model.keypoints import WALKING_SPACE
from gaitkit_virtual.points import (
    LABORATORY_SPACE,
    keypoint_paths,
    marker_paths,
    points_dataset,
)
from gaitkit_virtual.rearfoot import lean_in_foot
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.posture import standing_body
from gaitkit_virtual.truth import segment_orientations, true_angles

if TYPE_CHECKING:
    from gaitkit.model.side import Side
    from gaitkit_virtual.points import Body, Points
    from gaitkit_virtual.rotations import Array

HeightRole = Literal["asis", "psis", "hip", "knee", "ankle"]
HEIGHT_ROLES: tuple[HeightRole, ...] = ("asis", "psis", "hip", "knee", "ankle")
_MARKERS: dict[HeightRole, str] = {
    "asis": "ASI",
    "psis": "PSI",
    "hip": "HJC",
    "knee": "KJC",
    "ankle": "AJC",
}
LEANING = ("heel", "heel_contact")
"""Points of the foot that a leaning calcaneus carries with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualStance:
    """A person who stands, over some frames.

    Attributes
    ----------
    parameters : StandingParameters
        Who stands.
    rate_hz : float
        Frames a second.
    seed : int
        Seed of the sway.
    keypoints, markers : xarray.Dataset
        As those of `gaitkit_virtual.virtual_walk.VirtualWalk`: forward, left, up in
        metres with the floor at 0 and the origin midway between the ankles.
    angles : xarray.Dataset
        True angles in degrees (``time, side``), with ``rearfoot_angle`` (eversion
        positive).
    segments : xarray.DataArray
        Orientation matrices, the two ``calcaneus`` among them.
    """

    parameters: StandingParameters
    rate_hz: float
    seed: int
    keypoints: xr.Dataset
    markers: xr.Dataset
    angles: xr.Dataset
    segments: xr.DataArray

    @property
    def height_m(self) -> float:
        """Body height in metres."""
        return self.parameters.height_m

    @property
    def pelvic_tilt_deg(self) -> float:
        """Anterior tilt of the pelvis in degrees."""
        return self.parameters.tilt_deg

    @property
    def frames(self) -> int:
        """Number of frames."""
        return int(self.keypoints.sizes["time"])

    def leg_length_mm(self, side: Side) -> float:
        """Return hip centre to ankle centre along the bones, in millimetres."""
        return 1000 * (self.parameters.thigh_of(side) + self.parameters.shank_of(side))

    def height_difference_mm(self, role: HeightRole) -> Array:
        """Return how much higher the left point stands than the right one, (n,) mm."""
        name = _MARKERS[role]
        position = self.markers["position"].sel(space="z")
        left, right = (position.sel(keypoint=letter + name) for letter in "LR")
        return np.asarray(1000 * (left - right))

    def rearfoot_deg(self, side: Side) -> Array:
        """Return the rearfoot angle (n,) in degrees, eversion positive."""
        return self.angles["rearfoot_angle"].sel(side=side.value).to_numpy()


def stand(
    person: StandingParameters, *, frames: int, rate_hz: float, seed: int = 0
) -> VirtualStance:
    """Let a person stand.

    Parameters
    ----------
    person : StandingParameters
        Who stands.
    frames : int
        Number of frames; 1 for a picture.
    rate_hz : float
        Frames a second.
    seed : int
        Seed of the sway.

    Raises
    ------
    ConfigError
        If frames or rate are not positive, or nobody can stand so.

    Notes
    -----
    The soles are flat, so an everted foot shows it in its heel only; the ankle is
    lower by a fixed amount per degree. Trunk and arms are plausible, not fitted.
    """
    if frames < 1 or rate_hz <= 0:
        msg = (
            f"simulate: frames and rate_hz must be above 0, got {frames} and "
            f"{rate_hz:g}"
        )
        raise ConfigError(msg)
    body = standing_body(person, frames=frames, rate_hz=rate_hz, seed=seed)
    time = np.arange(frames) / rate_hz
    return VirtualStance(
        parameters=person,
        rate_hz=rate_hz,
        seed=seed,
        keypoints=points_dataset(_keypoints(body), time, space=WALKING_SPACE),
        markers=points_dataset(marker_paths(body), time, space=LABORATORY_SPACE),
        angles=true_angles(body, time),
        segments=segment_orientations(body, time),
    )


def _keypoints(body: Body) -> Points:
    """Return the points of the body; the back of the foot leans with its heel."""
    points = keypoint_paths(body)
    for side, leg in body.legs.items():
        lean = np.tan(lean_in_foot(leg.foot, body.heels[side]))
        for name in LEANING:
            key = f"{side}_{name}"
            local = np.einsum("nji,nj->ni", leg.foot, points[key] - leg.ankle)
            local[:, 1] += local[:, 2] * lean
            points[key] = leg.ankle + np.einsum("nij,nj->ni", leg.foot, local)
    return points
