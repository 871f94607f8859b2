"""Find the pelvis path and foot roll with which a walker's legs move normally.

Feet, pelvis and leg lengths leave the knee no freedom, so a normal knee needs the
right pelvis height at each moment. Sixteen numbers are fitted by least squares to the
normal hip, knee and ankle curves of stance, for the given sizes and stride.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.ndimage import maximum_filter1d
from scipy.optimize import least_squares

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import foot_of, pelvis_of
from gaitkit_virtual.foot_contact import stance_pose
from gaitkit_virtual.footfalls import Footfall, plan_footfalls
from gaitkit_virtual.leg import ANKLE, HIP, KNEE
from gaitkit_virtual.limb import Limb
from gaitkit_virtual.normal_curves import (
    ANKLE_DORSIFLEXION,
    HIP_FLEXION,
    KNEE_FLEXION,
    radians_at,
)
from gaitkit_virtual.pelvis import PelvisMotion, pelvis_motion
from gaitkit_virtual.rotations import Array, place
from gaitkit_virtual.style import Style

if TYPE_CHECKING:
    from gaitkit_virtual.parameters import WalkerParameters

NORMAL_STANCE = 0.62
"""Stance as a share of the stride in the normal curves."""

SAMPLES = 50
STRETCH = 0.999
"""Hip to ankle over leg length at which a knee counts as straight (about 5 deg): any
straighter and its speed grows without bound."""

SAFE_STRETCH = 0.9985
"""The same where a step is out of the ordinary (about 6 deg)."""

OTHER_JOINTS = 0.7
"""Weight of hip and ankle against the knee."""

PENALTY_PER_M = 200.0
"""Weight of an overstretched leg and of a heel under the floor."""

RATE_WEIGHT_S = 0.05
"""Weight of joint speed at both ends of stance against joint angle."""

PENALTIES_PER_M = (4.0, 4.0, 8.0, 8.0, 15.0, 15.0)
"""Weight of the harmonics of the pelvis, upward then forward, so that it does not
lurch."""

NORMAL_CONTACT_PITCH_RAD = np.radians(20.0)
"""Foot to floor at contact that the fit leans to, chosen by hand."""

DROP_STEP_S = 0.005
DROP_MARGIN_S = 0.01
"""Time before and after a contact in which the leg must reach too, so that the knee
has a finite speed at both ends."""

DROP_SPAN_S = 0.12
"""Time over which the pelvis comes down and up again, where it must be lowered."""

_SCALE = (0.01,) * 8 + (0.1, 0.1) + (0.3,) * 6


@lru_cache(maxsize=256)
def fit_style(parameters: WalkerParameters) -> Style:
    """Fit height, rhythm and roll of a walker to normal joint curves.

    Parameters
    ----------
    parameters : WalkerParameters
        The walker. What differs between its sides is left out: the fit is that of
        an even walker with the shorter leg on both sides.

    Returns
    -------
    Style
        The fitted numbers.
    """
    even = _even(parameters)
    task = _task(even)
    leg = even.thigh_of(Side.LEFT) + even.shank_of(Side.LEFT)
    height = 0.97 * leg + task.limb.foot.ankle_height_m
    first = np.array(
        [height, 0.05] + [0.0] * 6 + [0.2, 0.1, 1.0, 0.0, 0.0, 0.0] + [0.1, 0.1]
    )
    lowest = np.full(len(first), -np.inf)
    lowest[8:10] = lowest[-2:] = 0.0  # toes never point or roll into the floor
    found = least_squares(
        task.misfit, first, x_scale=_SCALE, max_nfev=40, bounds=(lowest, np.inf)
    )
    return _style(found.x)


def lowered(motion: PelvisMotion, limbs: tuple[Limb, ...]) -> PelvisMotion:
    """Lower the pelvis where a planted foot would be out of reach of its leg.

    Uneven steps and turns stretch a leg beyond what the even walker needs.

    Raises
    ------
    ConfigError
        If the steps are too long for the legs.
    """
    falls = motion.plan.footfalls
    time = np.arange(falls[0].contact_s, falls[-2].contact_s, DROP_STEP_S)
    need = np.max([_excess(limb, time) for limb in limbs], axis=0)
    if np.isnan(need).any():
        msg = (
            f"simulate.stride_length_m is {motion.parameters.stride_m:.2f} m, too long "
            f"for the legs of this walker; shorten the stride or its side differences"
        )
        raise ConfigError(msg)
    half = int(DROP_SPAN_S / DROP_STEP_S)
    window = np.hanning(2 * half + 1)
    padded = np.pad(maximum_filter1d(need, 2 * half + 1), half, mode="edge")
    smooth = np.convolve(padded, window / window.sum(), mode="valid")
    return replace(motion, drop=CubicSpline(time, smooth))


def _excess(limb: Limb, time: Array) -> Array:
    """Return by how much the hip is too high for the planted foot, in metres."""
    out = np.zeros_like(time)
    longest = SAFE_STRETCH * (limb.lengths.thigh_m + limb.lengths.shank_m)
    hip = limb.motion.at(time).hip(limb.side, limb.motion.pelvis)
    for fall in limb.falls:
        begun = fall.standing | (time >= fall.contact_s - DROP_MARGIN_S)
        inside = begun & (time < fall.off_s + DROP_MARGIN_S)
        foot = stance_pose(
            time[inside], fall=fall, foot=limb.foot, style=limb.motion.style
        )
        away = np.linalg.norm((hip[inside] - foot.ankle)[:, :2], axis=1)
        with np.errstate(invalid="ignore"):
            height = np.sqrt(longest**2 - away**2)
        out[inside] = np.maximum(hip[inside, 2] - foot.ankle[:, 2] - height, 0)
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    limb: Limb
    fall: Footfall
    time: Array
    normal: Array
    normal_rates: Array
    reach_m: float

    def misfit(self, numbers: Array) -> Array:
        motion = self.limb.motion.with_style(_style(numbers))
        leg, joints = replace(self.limb, motion=motion).stance(self.time, self.fall)
        reach = np.linalg.norm(leg.hip - leg.ankle, axis=1)
        too_far = np.maximum(0, reach - STRETCH * self.reach_m)
        joints = joints[:, [KNEE, HIP.start, ANKLE.start]] * [1, -1, -1]
        miss = np.nan_to_num(joints - self.normal)
        miss[:, 1] -= miss[:, 1].mean()
        miss[:, 1:] *= OTHER_JOINTS
        rates = RATE_WEIGHT_S * np.nan_to_num(self._rates(joints) - self.normal_rates)
        penalties = np.asarray(PENALTIES_PER_M) * numbers[2:8]
        heel = place(leg.ankle, leg.foot, self.limb.foot.heel_contact)
        pitch = numbers[8:10].sum(keepdims=True) - NORMAL_CONTACT_PITCH_RAD
        return np.concatenate(
            [
                miss.ravel(),
                rates.ravel(),
                PENALTY_PER_M * too_far,
                PENALTY_PER_M * np.minimum(0, heel[:, 2]),
                penalties,
                pitch,
            ]
        )

    def _rates(self, joints: Array) -> Array:
        """Return the joint speeds (2, 3) at contact and foot off in rad/s."""
        return _end_rates(joints, self.time)


def _end_rates(joints: Array, time: Array) -> Array:
    ends = [0, -2]
    later = [1, -1]
    return (joints[later] - joints[ends]) / (time[later] - time[ends])[:, None]


def _task(parameters: WalkerParameters) -> _Task:
    plan = plan_footfalls(parameters, duration_s=2 * parameters.stride_time_s)
    pelvis = pelvis_of(parameters.height_m)
    blank = Style(**dict.fromkeys((f.name for f in fields(Style)), 0.0))
    motion = pelvis_motion(parameters, plan, pelvis=pelvis, style=blank)
    falls = plan.of(Side.LEFT)
    fall = falls[3]
    share = np.linspace(0, 1, SAMPLES)
    phase = NORMAL_STANCE * share
    time = fall.contact_s + share * (fall.off_s - fall.contact_s)
    curves = (KNEE_FLEXION, HIP_FLEXION, ANKLE_DORSIFLEXION)
    normal = np.column_stack([radians_at(curve, phase) for curve in curves])
    return _Task(
        limb=Limb(
            side=Side.LEFT,
            motion=motion,
            foot=foot_of(parameters.height_m),
            falls=falls,
        ),
        fall=fall,
        time=time,
        normal=normal,
        normal_rates=_end_rates(normal, time),
        reach_m=parameters.thigh_of(Side.LEFT) + parameters.shank_of(Side.LEFT),
    )


def _even(parameters: WalkerParameters) -> WalkerParameters:
    sides = (Side.LEFT, Side.RIGHT)
    short = min(sides, key=lambda s: parameters.thigh_of(s) + parameters.shank_of(s))
    return replace(
        parameters,
        thigh_m=parameters.thigh_of(short),
        shank_m=parameters.shank_of(short),
        thigh_difference_mm=0.0,
        shank_difference_mm=0.0,
        stance_difference=0.0,
        step_time_difference_s=0.0,
        step_length_difference_m=0.0,
        knee_flexion_difference_deg=0.0,
        heading_deg=0.0,
        mode="overground",
        start="walking",
        stand_s=0.0,
        start_forward_m=0.0,
        start_left_m=0.0,
        stride_time_sd_s=0.0,
        step_length_sd_m=0.0,
    )


def _style(numbers: Array) -> Style:
    names = [f.name for f in fields(Style)]
    return Style(**dict(zip(names, map(float, numbers), strict=True)))
