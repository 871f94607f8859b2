"""What can be chosen about a virtual person who stands, with units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from gaitkit.model.settings import require_within
from gaitkit.model.side import Side
from gaitkit_virtual.parameters import (
    SHANK_PER_HEIGHT,
    THIGH_PER_HEIGHT,
    sign_of,
)

EVERSION_LOWERS_MM_PER_DEG = 0.43
"""Height that a leg loses per degree of eversion of its rearfoot, in mm: a wedge of 10
degrees under one foot tilts the pelvis by 1.46 degrees (Pinto et al. 2008,
doi:10.1016/j.math.2007.06.004), 4.3 mm between hips 170 mm apart."""


Posture = Literal["standing", "seated"]
SEATED_TILTS_BACK_DEG = 18.3
"""By so much a pelvis tilts back from standing to sitting, on average: X-rays of 50
healthy adults (abstract of J Orthop Sci 2012;17:682-686,
doi:10.1007/s00776-012-0281-1); of 16 others on a chair it was 12.5
(doi:10.4055/cios.2018.10.3.322)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingParameters:
    """One person who stands, or sits. Differences are left minus right.

    Attributes
    ----------
    height_m : float
        Standing height in metres.
    asis_width_m : float or None
        Distance between the two ASIS; PSIS and hip centres follow in proportion.
        None takes the share of the height of an average adult.
    hip_width_m : float or None
        Distance between the hip centres; None follows from the ASIS (Harrington).
    asis_difference_mm, psis_difference_mm : float
        By how much the left point lies higher on the pelvis than the right one.
    thigh_m, shank_m : float or None
        Hip to knee and knee to ankle joint centre, mean of both sides, in metres;
        None takes the share of the height of Drillis & Contini.
    thigh_difference_mm, shank_difference_mm : float
        Left minus right length in millimetres: the structural difference.
    pelvis_share : float
        Share (0 to 1) of the difference that an oblique pelvis takes up; the knee of
        the leg that is too long bends for the rest.
    block_share : float or None
        The same for a block; None is as ``pelvis_share``.
    stands_mm : float
        By how much the left hip stands higher only because the person stands so.
    posture : {"standing", "seated"}
        Seated on the edge of a high level seat, feet free of load; legs and blocks
        then say nothing about the pelvis.
    seat_difference_mm : float
        By how much the left hip is higher on a level seat: uneven seat bones.
    knee_flexion_deg : float
        Flexion of both knees when nothing has to be taken up, in degrees.
    block_left_mm, block_right_mm : float
        Height of the block under each foot, in millimetres.
    eversion_left_deg, eversion_right_deg : float
        Calcaneus against shank in the frontal plane of the foot, eversion positive.
    eversion_lowers_mm_per_deg : float
        How much lower the ankle joint centre stands per degree of eversion.
    stance_width_m : float
        Distance between the ankle joint centres, in metres.
    step_m : float
        Left foot ahead of the right one, in metres; the pelvis between them.
    toe_out_left_deg, toe_out_right_deg : float
        Direction of each foot, toe-out positive, in degrees.
    yaw_deg : float
        The whole body turned on the spot, positive to the person's left.
    shift_left_mm : float
        Hips left of the middle between the ankles, in millimetres.
    pelvic_tilt_deg : float
        Anterior tilt of the pelvis, in degrees.
    pelvic_rotation_deg : float
        Pelvis turned against the feet, positive to the left, in degrees.
    trunk_flexion_deg, trunk_lateral_lean_deg : float
        Lean of the trunk forward and to the left, in degrees.
    trunk_follows : float
        Share (0 to 1) of the obliquity of the pelvis with which the trunk leans too;
        0 for a back that bends sideways and keeps the shoulders level.
    sway_mm : float
        Standard deviation of the sway of the hips, forward; two thirds of it sideways.

    Raises
    ------
    ConfigError
        If a quantity lies outside what a person can stand on.
    """

    height_m: float
    asis_width_m: float | None = None
    hip_width_m: float | None = None
    asis_difference_mm: float = 0.0
    psis_difference_mm: float = 0.0
    thigh_m: float | None = None
    shank_m: float | None = None
    thigh_difference_mm: float = 0.0
    shank_difference_mm: float = 0.0
    pelvis_share: float = 1.0
    block_share: float | None = None
    stands_mm: float = 0.0
    posture: Posture = "standing"
    seat_difference_mm: float = 0.0
    knee_flexion_deg: float = 4.0
    block_left_mm: float = 0.0
    block_right_mm: float = 0.0
    eversion_left_deg: float = 0.0
    eversion_right_deg: float = 0.0
    eversion_lowers_mm_per_deg: float = EVERSION_LOWERS_MM_PER_DEG
    stance_width_m: float = 0.18
    step_m: float = 0.0
    toe_out_left_deg: float = 7.0
    toe_out_right_deg: float = 7.0
    yaw_deg: float = 0.0
    shift_left_mm: float = 0.0
    pelvic_tilt_deg: float = 10.0
    pelvic_rotation_deg: float = 0.0
    trunk_flexion_deg: float = 2.0
    trunk_lateral_lean_deg: float = 0.0
    trunk_follows: float = 0.0
    sway_mm: float = 3.0

    def __post_init__(self) -> None:
        """Check each quantity against what a person can stand on."""
        for name, (low, high, unit) in _RANGES.items():
            value = getattr(self, name)
            require_within(f"simulate.person.{name}", value, (low, high), unit=unit)

    @property
    def leg_length_difference_mm(self) -> float:
        """Structural difference, left minus right, in millimetres."""
        return self.thigh_difference_mm + self.shank_difference_mm

    @property
    def tilt_deg(self) -> float:
        """Anterior tilt of the pelvis in this posture, in degrees."""
        back = SEATED_TILTS_BACK_DEG if self.posture == "seated" else 0.0
        return self.pelvic_tilt_deg - back

    @property
    def functional_difference_mm(self) -> float:
        """What unequal eversion adds to the structural difference, in millimetres."""
        more = self.eversion_left_deg - self.eversion_right_deg
        return -self.eversion_lowers_mm_per_deg * more

    def thigh_of(self, side: Side) -> float:
        """Return hip to knee in metres."""
        mean = self.thigh_m or THIGH_PER_HEIGHT * self.height_m
        return mean + sign_of(side) * self.thigh_difference_mm / 2000

    def shank_of(self, side: Side) -> float:
        """Return knee to ankle in metres."""
        mean = self.shank_m or SHANK_PER_HEIGHT * self.height_m
        return mean + sign_of(side) * self.shank_difference_mm / 2000

    def block_of(self, side: Side) -> float:
        """Return the height of the block under a foot in metres."""
        left = side is Side.LEFT
        return (self.block_left_mm if left else self.block_right_mm) / 1000

    def eversion_of(self, side: Side) -> float:
        """Return the rearfoot angle of a side in degrees, eversion positive."""
        left = side is Side.LEFT
        return self.eversion_left_deg if left else self.eversion_right_deg

    def lowered_of(self, side: Side) -> float:
        """Return by how much eversion lowers an ankle, in metres."""
        return self.eversion_lowers_mm_per_deg * self.eversion_of(side) / 1000

    def toe_out_of(self, side: Side) -> float:
        """Return the direction of a foot in radians, toe-out positive."""
        left = side is Side.LEFT
        return math.radians(self.toe_out_left_deg if left else self.toe_out_right_deg)


_RANGES: dict[str, tuple[float, float, str]] = {
    "height_m": (0.8, 2.3, "m"),
    "asis_width_m": (0.12, 0.36, "m"),
    "hip_width_m": (0.12, 0.28, "m"),
    "asis_difference_mm": (-30.0, 30.0, "mm"),
    "psis_difference_mm": (-30.0, 30.0, "mm"),
    "stands_mm": (-30.0, 30.0, "mm"),
    "seat_difference_mm": (-30.0, 30.0, "mm"),
    "block_share": (0.0, 1.3, "of the block"),
    "thigh_m": (0.15, 0.65, "m"),
    "shank_m": (0.15, 0.65, "m"),
    "thigh_difference_mm": (-60.0, 60.0, "mm"),
    "shank_difference_mm": (-60.0, 60.0, "mm"),
    "pelvis_share": (0.0, 1.0, "of the difference"),
    "knee_flexion_deg": (0.0, 30.0, "deg"),
    "block_left_mm": (0.0, 80.0, "mm"),
    "block_right_mm": (0.0, 80.0, "mm"),
    "eversion_left_deg": (-20.0, 20.0, "deg"),
    "eversion_right_deg": (-20.0, 20.0, "deg"),
    "eversion_lowers_mm_per_deg": (0.0, 1.0, "mm/deg"),
    "stance_width_m": (0.09, 0.6, "m"),
    "step_m": (-0.7, 0.7, "m"),
    "toe_out_left_deg": (-25.0, 40.0, "deg"),
    "toe_out_right_deg": (-25.0, 40.0, "deg"),
    "yaw_deg": (-180.0, 180.0, "deg"),
    "shift_left_mm": (-60.0, 60.0, "mm"),
    "pelvic_tilt_deg": (-10.0, 30.0, "deg"),
    "pelvic_rotation_deg": (-20.0, 20.0, "deg"),
    "trunk_flexion_deg": (-15.0, 45.0, "deg"),
    "trunk_lateral_lean_deg": (-15.0, 15.0, "deg"),
    "trunk_follows": (0.0, 1.0, "of the obliquity"),
    "sway_mm": (0.0, 20.0, "mm"),
}
