"""Walk: from parameters to a virtual walk with exact truth.

The feet stand where they are put; pelvis and feet together leave the legs no choice
in stance (exact two-bone inverse kinematics), and between two contacts normal joint
curves are bent to meet both ends (two continuous derivatives). Pelvis height and foot
roll are fitted so that the result is a normal walk for the given sizes and stride.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit.model.keypoints import WALKING_SPACE
from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import foot_of, pelvis_of
from gaitkit_virtual.fitting import fit_style, lowered
from gaitkit_virtual.footfalls import plan_footfalls
from gaitkit_virtual.limb import Limb, with_swings
from gaitkit_virtual.pelvis import pelvis_motion
from gaitkit_virtual.points import (
    LABORATORY_SPACE,
    Body,
    keypoint_paths,
    marker_paths,
    points_dataset,
)
from gaitkit_virtual.rearfoot import calcaneus_of, eversion_over
from gaitkit_virtual.truth import (
    segment_orientations,
    true_angles,
    true_events,
    true_strides,
)
from gaitkit_virtual.upper_body import upper_body
from gaitkit_virtual.virtual_walk import VirtualWalk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit_virtual.footfalls import Plan
    from gaitkit_virtual.leg import LegPose
    from gaitkit_virtual.parameters import WalkerParameters
    from gaitkit_virtual.points import Points
    from gaitkit_virtual.rotations import Array


def walk(
    parameters: WalkerParameters, *, duration_s: float, rate_hz: float, seed: int = 0
) -> VirtualWalk:
    """Let a virtual walker walk.

    Parameters
    ----------
    parameters : WalkerParameters
        Who walks and how.
    duration_s : float
        Length of the recording in seconds.
    rate_hz : float
        Frames a second; truth does not depend on it.
    seed : int
        Seed of the variation between steps.

    Returns
    -------
    VirtualWalk
        Signals and truth.

    Raises
    ------
    ConfigError
        If duration or rate is not positive, or the steps are too long for the legs.

    Notes
    -----
    Wrong for running, stairs and slopes; arms and trunk are plausible, not fitted.
    On a treadmill the laboratory stands still and the belt carries the feet back.
    """
    if duration_s <= 0 or rate_hz <= 0:
        msg = (
            f"simulate: duration_s and rate_hz must be above 0, "
            f"got {duration_s:g} and {rate_hz:g}"
        )
        raise ConfigError(msg)
    plan = plan_footfalls(parameters, duration_s=duration_s, seed=seed)
    time = np.arange(int(np.floor(duration_s * rate_hz + 1e-9)) + 1) / rate_hz
    body = _body(parameters, plan, time)
    strides, values = true_strides(plan, duration_s=duration_s)
    belt = _belt(parameters, time)
    return VirtualWalk(
        parameters=parameters,
        rate_hz=rate_hz,
        duration_s=duration_s,
        seed=seed,
        keypoints=_dataset(keypoint_paths(body), time, WALKING_SPACE, belt=belt),
        markers=_dataset(marker_paths(body), time, LABORATORY_SPACE, belt=belt),
        angles=true_angles(body, time),
        segments=segment_orientations(body, time),
        heading_deg=xr.DataArray(
            np.degrees(body.path.heading), dims="time", coords={"time": time}
        ),
        events=true_events(plan, duration_s=duration_s, rate_hz=rate_hz),
        strides=strides,
        stride_values=values,
    )


def _body(parameters: WalkerParameters, plan: Plan, time: Array) -> Body:
    pelvis, foot = pelvis_of(parameters.height_m), foot_of(parameters.height_m)
    style = fit_style(parameters)
    motion = pelvis_motion(parameters, plan, pelvis=pelvis, style=style)
    bare = tuple(
        Limb(side=side, motion=motion, foot=foot, falls=plan.of(side)) for side in Side
    )
    motion = lowered(motion, bare)
    path = motion.at(time)
    legs = {}
    for side in Side:
        limb = with_swings(
            Limb(side=side, motion=motion, foot=foot, falls=plan.of(side))
        )
        legs[side] = limb.pose(time)
    vigour = motion.step_share(time)
    return Body(
        height_m=parameters.height_m,
        path=path,
        pelvis=pelvis,
        feet=dict.fromkeys(Side, foot),
        legs=legs,
        heels={
            side: _heel(parameters, plan, leg, time, side=side)
            for side, leg in legs.items()
        },
        upper=upper_body(parameters, path, vigour),
    )


def _heel(
    parameters: WalkerParameters, plan: Plan, leg: LegPose, time: Array, *, side: Side
) -> Array:
    curve = parameters.eversion_of(side)
    eversion = eversion_over(time, plan.of(side), curve)
    return calcaneus_of(leg, side=side, eversion=eversion)


def _belt(parameters: WalkerParameters, time: Array) -> Array:
    """Return how far a belt has carried the floor back, (n, 3) in metres."""
    if parameters.mode != "treadmill":
        return np.zeros((len(time), 3))
    heading = np.radians(parameters.heading_deg)
    along = np.array([np.cos(heading), np.sin(heading), 0.0])
    return np.asarray(parameters.speed_m_s * time[:, None] * along)


def _dataset(
    points: Points, time: Array, space: Sequence[str], *, belt: Array
) -> xr.Dataset:
    carried = {name: path - belt for name, path in points.items()}
    return points_dataset(carried, time, space=space)
