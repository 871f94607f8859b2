"""How the pelvis of a virtual walker travels and turns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import BSpline, CubicSpline

from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import Pelvis, foot_of
from gaitkit_virtual.footfalls import Plan
from gaitkit_virtual.normal_curves import (
    PELVIC_OBLIQUITY,
    PELVIC_ROTATION,
    PELVIC_TILT,
    shape_at,
)
from gaitkit_virtual.parameters import WalkerParameters, sign_of
from gaitkit_virtual.rotations import Array, about_up, from_cardan, place, relative
from gaitkit_virtual.style import Style

SWAY_M = 0.022
"""Sideways travel of the pelvis to each side, in metres: about 4 cm in all, Perry &
Burnfield, Gait Analysis (2010), chapter on total limb function."""

SPARE_S = 0.5
"""Time between knots before the first and after the last footfall, in seconds."""

STILL_STEP_S = 0.3
"""Time between the knots of standing, in seconds."""

STANDING_STRETCH = 0.985
"""Hip to ankle over leg length in standing (knees bent about 17 degrees)."""

MID_STANCE_PHASE = 0.31
"""Stride phase at which the pelvis is farthest over the stance foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PelvisPath:
    """The pelvis over time.

    Attributes
    ----------
    hip_middle : array (n, 3)
        Middle between the hip centres: forward, left, up in metres.
    rotation : array (n, 3, 3)
        Orientation.
    heading : array (n,)
        Direction of walking in radians.
    phase : array (n,)
        Stride phase of the left side; its whole part counts strides.
    """

    hip_middle: Array
    rotation: Array
    heading: Array
    phase: Array

    @property
    def yaw(self) -> Array:
        """Direction in which the pelvis faces (n,) in radians, heading included."""
        turn = relative(about_up(self.heading), self.rotation)
        return np.asarray(self.heading + np.arctan2(turn[:, 1, 0], turn[:, 0, 0]))

    def hip(self, side: Side, pelvis: Pelvis) -> Array:
        """Return the path (n, 3) of a hip centre in metres."""
        aside = sign_of(side) * pelvis.hip_width_m / 2
        return place(self.hip_middle, self.rotation, (0.0, aside, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PelvisMotion:
    """The rule by which the pelvis follows the footfalls.

    Attributes
    ----------
    parameters : WalkerParameters
        The walker.
    pelvis : Pelvis
        Its pelvis.
    style : Style
        Height and rhythm fitted to the normal knee.
    plan : Plan
        The footfalls.
    progress : scipy.interpolate.CubicSpline
        Way (m) and phase at a time in seconds.
    step_share : scipy.interpolate.BSpline
        Length of the steps over full steps at a time in seconds.
    ankle_height_m : float
        Height of the ankle over a flat foot.
    drop : scipy.interpolate.CubicSpline or None
        By how much the pelvis is lowered at a time, in metres.
    """

    parameters: WalkerParameters
    pelvis: Pelvis
    style: Style
    plan: Plan
    progress: CubicSpline
    step_share: BSpline
    ankle_height_m: float
    drop: CubicSpline | None = None

    def with_style(self, style: Style) -> PelvisMotion:
        """Return the same motion with another style."""
        return replace(self, style=style)

    def at(self, time_s: Array) -> PelvisPath:
        """Return the pelvis at given times in seconds, (n,)."""
        way, phase = np.moveaxis(self.progress(time_s), -1, 0)
        share = self.step_share(time_s)
        style = self.style
        turn = 4 * np.pi * phase
        vigour = share**2
        way = way + vigour * (
            style.forward_m
            + style.forward_cos2_m * np.cos(turn)
            + style.forward_sin2_m * np.sin(turn)
        )
        rise = vigour * (
            style.up_cos2_m * np.cos(turn)
            + style.up_sin2_m * np.sin(turn)
            + style.up_cos4_m * np.cos(2 * turn)
            + style.up_sin4_m * np.sin(2 * turn)
        )
        up = style.height_m + rise + self._tall(share) + self._raise()
        if self.drop is not None:
            up = up - self.drop(time_s)
        aside = SWAY_M * np.cos(2 * np.pi * (phase - MID_STANCE_PHASE))
        aside = aside * share
        heading = self.plan.way.heading(way)
        flat = self.plan.way.position(way)
        middle = np.column_stack(
            [
                flat[:, 0] - aside * np.sin(heading),
                flat[:, 1] + aside * np.cos(heading),
                up,
            ]
        )
        rotation = about_up(heading) @ from_cardan(self._angles(phase, vigour))
        return PelvisPath(
            hip_middle=middle, rotation=rotation, heading=heading, phase=phase
        )

    def _angles(self, phase: Array, vigour: Array) -> Array:
        """Return tilt, obliquity (left up) and rotation (left back), (n, 3) rad."""
        p = self.parameters
        tilt = p.pelvic_tilt_deg + vigour * p.pelvic_tilt_amplitude_deg * shape_at(
            PELVIC_TILT, phase
        )
        lift = vigour * p.pelvic_obliquity_deg * shape_at(PELVIC_OBLIQUITY, phase)
        turn = vigour * p.pelvic_rotation_deg * shape_at(PELVIC_ROTATION, phase)
        lift = lift + np.degrees(self._mean_obliquity())
        return np.asarray(np.radians(np.column_stack([tilt, lift, -turn])))

    def _mean_obliquity(self) -> float:
        p = self.parameters
        taken_m = p.pelvis_share * p.leg_length_difference_mm / 1000
        level = self.pelvis.hip_width_m * np.cos(np.radians(p.pelvic_tilt_deg))
        return float(np.arcsin(taken_m / level))

    def _raise(self) -> float:
        """Keep the hip of the shorter leg where it is without a difference."""
        p = self.parameters
        return abs(p.pelvis_share * p.leg_length_difference_mm) / 2000

    def _tall(self, share: Array) -> Array:
        """Raise the pelvis over shorter steps, up to nearly its height in standing."""
        p = self.parameters
        leg = min(p.thigh_of(side) + p.shank_of(side) for side in Side)
        standing = STANDING_STRETCH * leg + self.ankle_height_m
        more = max(0.0, standing - self.style.height_m)
        return np.asarray(more * (1 - share**2))


def pelvis_motion(
    parameters: WalkerParameters, plan: Plan, *, pelvis: Pelvis, style: Style
) -> PelvisMotion:
    """Let the pelvis follow the footfalls.

    The pelvis is, at each contact, midway between the two feet plus a constant; a
    spline with two continuous derivatives runs through these points.
    """
    falls = plan.footfalls
    time = np.array([fall.contact_s for fall in falls])
    way = np.array([fall.way_m for fall in falls])
    middle = np.concatenate([way[:1] - parameters.stride_m / 4, _midway(way)])
    if falls[0].standing:
        middle[0] = way[0]
    phase = [fall.number / 2 for fall in falls]
    table = np.column_stack([middle, phase])
    if falls[0].standing:
        time, table = _held_still(time, table)
    return PelvisMotion(
        parameters=parameters,
        pelvis=pelvis,
        style=style,
        plan=plan,
        ankle_height_m=foot_of(parameters.height_m).ankle_height_m,
        progress=CubicSpline(time, table),
        step_share=_step_share(plan),
    )


def _step_share(plan: Plan) -> BSpline:
    """Run a spline along the step lengths that never goes beyond them.

    The control points of a cubic B-spline are means of a step and the next one, so
    that steps of uneven length do not make the pelvis lurch.
    """
    falls = plan.footfalls
    time = np.array([fall.contact_s for fall in falls])
    share = np.array([(f.step_share + f.next_step_share) / 2 for f in falls])
    before = time[0] + SPARE_S * np.arange(-4, 0)
    after = time[-1] + SPARE_S * np.arange(1, 5)
    knots = np.concatenate([before, time, after])
    return BSpline(knots, np.pad(share, 2, mode="edge"), 3)


def _held_still(time: Array, table: Array) -> tuple[Array, Array]:
    """Add knots during standing, so that the spline does not swing before the start."""
    still = np.arange(time[0], time[1] - STILL_STEP_S, STILL_STEP_S)
    rows = np.repeat(table[:1], len(still), axis=0)
    rows[:, 1] = np.interp(still, time[:2], table[:2, 1])
    return np.concatenate([still, time[1:]]), np.vstack([rows, table[1:]])


def _midway(way: Array) -> Array:
    return (way[1:] + way[:-1]) / 2
