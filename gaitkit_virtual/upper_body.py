"""Trunk, arms and head of a virtual walker: plausible, and exact where it is truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit_virtual.anatomy import (
    FOREARM_PER_HEIGHT,
    HEAD_PER_HEIGHT,
    NECK_PER_HEIGHT,
    SHOULDER_WIDTH_PER_HEIGHT,
    TRUNK_PER_HEIGHT,
    UPPER_ARM_PER_HEIGHT,
)
from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.pelvis import MID_STANCE_PHASE
from gaitkit_virtual.rotations import Array, about_left, about_up, from_cardan, place

if TYPE_CHECKING:
    from gaitkit_virtual.parameters import WalkerParameters
    from gaitkit_virtual.pelvis import PelvisPath

TRUNK_ROTATION_DEG = 4.0
"""Peak rotation of the shoulders, opposite to the pelvis."""

ELBOW_DEG = 18.0
ELBOW_SWING_DEG = 10.0
ARM_BACK_DEG = 6.0
"""Mean of the upper arm, behind the vertical."""

ARM_OUT_DEG = 6.0
HEAD_WIDTH_PER_HEIGHT = 0.088


@dataclass(frozen=True, slots=True, kw_only=True)
class UpperBody:
    """Trunk, head and arms over time.

    Attributes
    ----------
    shoulder_middle : array (n, 3)
        Middle between the shoulder joints in metres.
    trunk, head : array (n, 3, 3)
        Orientations.
    head_base : array (n, 3)
        Base of the skull.
    shoulder, elbow, wrist : dict of Side to array (n, 3)
        Joint centres.
    upper_arm, forearm : dict of Side to array (n, 3, 3)
        Orientations.
    """

    shoulder_middle: Array
    trunk: Array
    head: Array
    head_base: Array
    shoulder: dict[Side, Array]
    elbow: dict[Side, Array]
    wrist: dict[Side, Array]
    upper_arm: dict[Side, Array]
    forearm: dict[Side, Array]

    def in_head(self, forward: float, left: float, up: float, height_m: float) -> Array:
        """Return a point (n, 3) of the head, given in head heights above the chin."""
        unit = HEAD_PER_HEIGHT * height_m
        return place(
            self.head_base, self.head, (forward * unit, left * unit, up * unit)
        )


def upper_body(
    parameters: WalkerParameters, path: PelvisPath, vigour: Array
) -> UpperBody:
    """Set trunk, arms and head on the pelvis.

    Parameters
    ----------
    parameters : WalkerParameters
        The walker.
    path : PelvisPath
        The pelvis.
    vigour : array (n,)
        Size of the steps over full steps; 0 in standing.
    """
    height = parameters.height_m
    turn = 2 * np.pi * path.phase
    sway = parameters.trunk_sway_deg * vigour
    sway = sway * np.cos(turn - 2 * np.pi * MID_STANCE_PHASE)
    cardan = np.radians(
        np.column_stack(
            [
                np.full_like(turn, parameters.trunk_flexion_deg),
                -(parameters.trunk_lateral_lean_deg + sway),
                TRUNK_ROTATION_DEG * vigour * np.cos(turn),
            ]
        )
    )
    facing = about_up(path.heading)
    trunk = facing @ from_cardan(cardan)
    middle = place(path.hip_middle, trunk, (0.0, 0.0, TRUNK_PER_HEIGHT * height))
    shoulder, elbow, wrist = {}, {}, {}
    upper_arm, forearm = {}, {}
    for side in Side:
        aside = sign_of(side) * SHOULDER_WIDTH_PER_HEIGHT * height / 2
        swing = -sign_of(side) * vigour * np.cos(turn)
        shoulder[side] = place(middle, trunk, (0.0, aside, 0.0))
        upper_arm[side] = upper = facing @ from_cardan(
            _upper_arm(parameters, side, swing)
        )
        bend = np.radians(ELBOW_DEG + ELBOW_SWING_DEG * swing)
        elbow[side] = place(
            shoulder[side], upper, (0.0, 0.0, -UPPER_ARM_PER_HEIGHT * height)
        )
        forearm[side] = fore = upper @ about_left(-bend)
        wrist[side] = place(elbow[side], fore, (0.0, 0.0, -FOREARM_PER_HEIGHT * height))
    return UpperBody(
        shoulder_middle=middle,
        trunk=trunk,
        head=facing,
        head_base=place(middle, trunk, (0.01, 0.0, NECK_PER_HEIGHT * height)),
        shoulder=shoulder,
        elbow=elbow,
        wrist=wrist,
        upper_arm=upper_arm,
        forearm=forearm,
    )


def _upper_arm(parameters: WalkerParameters, side: Side, swing: Array) -> Array:
    lift = parameters.arm_swing_deg * swing - ARM_BACK_DEG
    out = np.full_like(swing, sign_of(side) * ARM_OUT_DEG)
    return np.radians(np.column_stack([-lift, out, np.zeros_like(swing)]))
