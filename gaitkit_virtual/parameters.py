"""What can be chosen about a virtual walker, every quantity with its unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from gaitkit.errors import ConfigError
from gaitkit.model.settings import require_within
from gaitkit.model.side import Side

Mode = Literal["overground", "there_and_back", "treadmill"]
Start = Literal["walking", "standing"]

# Segment lengths as a fraction of height: Drillis & Contini 1966, after Winter,
# Biomechanics and Motor Control of Human Movement (doi:10.1002/9780470549148), fig 4.1.
THIGH_PER_HEIGHT = 0.245
SHANK_PER_HEIGHT = 0.246
STRIDE_PER_HEIGHT = 0.76
"""Stride length of comfortable adult walking over height, dimensionless: 1.29 m at
1.70 m (step length 0.63 m at 1.25 m/s in young adults, BMClab data sets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EversionCurve:
    """Rearfoot angle over stance: at both ends, and its peak with the time of it."""

    contact_deg: float
    peak_deg: float
    peak_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkerParameters:
    """One virtual walker. Differences are left minus right.

    Attributes
    ----------
    height_m : float
        Standing height in metres.
    stride_time_s : float
        Time of one stride in seconds.
    stride_length_m : float or None
        Length of one stride in metres; None takes 0.76 of the height.
    step_width_m : float
        Distance between the lines of the two heels, in metres.
    toe_out_left_deg, toe_out_right_deg : float
        Foot progression angle, toe-out positive, in degrees.
    stance_fraction : float
        Stance time over stride time, mean of both sides.
    stance_difference : float
        Left minus right stance fraction, beside what uneven step times bring: both
        double supports last equally long, so a foot stands longer when the step of
        the other foot takes longer.
    thigh_m, shank_m : float or None
        Hip to knee and knee to ankle joint centre, mean of both sides, in metres;
        None takes the share of the height of Drillis & Contini.
    thigh_difference_mm, shank_difference_mm : float
        Left minus right length, in millimetres: the structural difference.
    pelvis_share : float
        Share (0 to 1) of the structural difference that an oblique pelvis takes up;
        the knee of the longer leg takes the rest.
    pelvic_obliquity_deg : float
        Peak of the pelvic obliquity about its mean, in degrees.
    pelvic_rotation_deg : float
        Peak of the pelvic rotation, in degrees.
    pelvic_tilt_deg, pelvic_tilt_amplitude_deg : float
        Mean anterior tilt and its swing about the mean, in degrees.
    trunk_flexion_deg : float
        Mean forward lean of the trunk, in degrees.
    trunk_lateral_lean_deg : float
        Mean lean of the trunk to the left, in degrees.
    trunk_sway_deg : float
        Lean of the trunk towards the stance leg, peak, in degrees.
    step_time_difference_s : float
        Left minus right step time, in seconds.
    step_length_difference_m : float
        Left minus right step length, in metres.
    knee_flexion_difference_deg : float
        Left minus right peak knee flexion in swing, in degrees. One side loses up to
        7 (a stiffer knee would already show it in stance, which is not changed
        here), the other gains the rest.
    eversion_peak_left_deg, eversion_peak_right_deg : float
        Peak of the rearfoot angle in stance, eversion positive, in degrees.
    eversion_peak_left_pct, eversion_peak_right_pct : float
        When it is reached, in percent of stance.
    eversion_contact_deg : float
        Rearfoot angle of both feet at initial contact, at foot off and in between.
    arm_swing_deg : float
        Half range of the upper arm, in degrees.
    heading_deg : float
        Walking direction in laboratory space: 0 along ``forward``, positive to the
        ``left`` axis.
    start_forward_m, start_left_m : float
        Where the walk passes at about time 0, in metres.
    mode : {"overground", "there_and_back", "treadmill"}
        One straight line; a straight line to and fro with turns; on a belt.
    pass_length_m : float
        Straight way between two turns, in metres (``there_and_back``).
    start : {"walking", "standing"}
        Already walking at time 0, or starting off from standing.
    stand_s : float
        Time of standing before the first foot is lifted, in seconds.
    stride_time_sd_s, step_length_sd_m : float
        Random variation of each step's time and length, seeded.

    Raises
    ------
    ConfigError
        If a quantity lies outside what the generator can walk.
    """

    height_m: float
    stride_time_s: float = 1.10
    stride_length_m: float | None = None
    step_width_m: float = 0.10
    toe_out_left_deg: float = 7.0
    toe_out_right_deg: float = 7.0
    stance_fraction: float = 0.62
    stance_difference: float = 0.0
    thigh_m: float | None = None
    shank_m: float | None = None
    thigh_difference_mm: float = 0.0
    shank_difference_mm: float = 0.0
    pelvis_share: float = 1.0
    pelvic_obliquity_deg: float = 4.6
    pelvic_rotation_deg: float = 6.0
    pelvic_tilt_deg: float = 10.0
    pelvic_tilt_amplitude_deg: float = 0.6
    trunk_flexion_deg: float = 3.0
    trunk_lateral_lean_deg: float = 0.0
    trunk_sway_deg: float = 1.5
    step_time_difference_s: float = 0.0
    step_length_difference_m: float = 0.0
    knee_flexion_difference_deg: float = 0.0
    eversion_peak_left_deg: float = 0.0
    eversion_peak_right_deg: float = 0.0
    eversion_peak_left_pct: float = 40.0
    eversion_peak_right_pct: float = 40.0
    eversion_contact_deg: float = 0.0
    arm_swing_deg: float = 18.0
    heading_deg: float = 0.0
    start_forward_m: float = 0.0
    start_left_m: float = 0.0
    mode: Mode = "overground"
    pass_length_m: float = 6.0
    start: Start = "walking"
    stand_s: float = 1.0
    stride_time_sd_s: float = 0.0
    step_length_sd_m: float = 0.0

    def __post_init__(self) -> None:
        """Check each quantity against what the generator can walk."""
        for name, (low, high, unit) in _RANGES.items():
            value = getattr(self, name)
            require_within(f"simulate.{name}", value, (low, high), unit=unit)
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                msg = (
                    f"simulate.{name} is {getattr(self, name)!r}; "
                    f"expected one of {', '.join(allowed)}"
                )
                raise ConfigError(msg)

    @property
    def stride_m(self) -> float:
        """Stride length in metres."""
        if self.stride_length_m is not None:
            return self.stride_length_m
        return STRIDE_PER_HEIGHT * self.height_m

    @property
    def speed_m_s(self) -> float:
        """Mean walking speed in metres per second."""
        return self.stride_m / self.stride_time_s

    @property
    def leg_length_difference_mm(self) -> float:
        """Structural difference, left minus right, in millimetres."""
        return self.thigh_difference_mm + self.shank_difference_mm

    def thigh_of(self, side: Side) -> float:
        """Return hip to knee in metres."""
        mean = self.thigh_m or THIGH_PER_HEIGHT * self.height_m
        return mean + sign_of(side) * self.thigh_difference_mm / 2000

    def shank_of(self, side: Side) -> float:
        """Return knee to ankle in metres."""
        mean = self.shank_m or SHANK_PER_HEIGHT * self.height_m
        return mean + sign_of(side) * self.shank_difference_mm / 2000

    def stance_of(self, side: Side) -> float:
        """Return the stance time with even step times, in seconds."""
        share = self.stance_fraction + sign_of(side) * self.stance_difference / 2
        return share * self.stride_time_s

    def step_time_of(self, side: Side) -> float:
        """Return the time of the step that ends with this foot, in seconds."""
        return (self.stride_time_s + sign_of(side) * self.step_time_difference_s) / 2

    def step_length_of(self, side: Side) -> float:
        """Return the length of the step that ends with this foot, in metres."""
        return (self.stride_m + sign_of(side) * self.step_length_difference_m) / 2

    def eversion_of(self, side: Side) -> EversionCurve:
        """Return how the rearfoot of a side everts over stance."""
        left = side is Side.LEFT
        return EversionCurve(
            contact_deg=self.eversion_contact_deg,
            peak_deg=self.eversion_peak_left_deg
            if left
            else self.eversion_peak_right_deg,
            peak_pct=self.eversion_peak_left_pct
            if left
            else self.eversion_peak_right_pct,
        )

    def toe_out_of(self, side: Side) -> float:
        """Return the foot progression angle in radians, toe-out positive."""
        left = side is Side.LEFT
        return math.radians(self.toe_out_left_deg if left else self.toe_out_right_deg)


def sign_of(side: Side) -> int:
    """Return +1 for the left side and -1 for the right (left is the positive axis)."""
    return 1 if side is Side.LEFT else -1


_RANGES: dict[str, tuple[float, float, str]] = {
    "height_m": (0.8, 2.3, "m"),
    "stride_time_s": (0.6, 2.5, "s"),
    "stride_length_m": (0.2, 2.0, "m"),
    "step_width_m": (0.0, 0.35, "m"),
    "toe_out_left_deg": (-25.0, 40.0, "deg"),
    "toe_out_right_deg": (-25.0, 40.0, "deg"),
    "stance_fraction": (0.54, 0.76, "of the stride"),
    "stance_difference": (-0.1, 0.1, "of the stride"),
    "thigh_m": (0.15, 0.65, "m"),
    "shank_m": (0.15, 0.65, "m"),
    "thigh_difference_mm": (-60.0, 60.0, "mm"),
    "shank_difference_mm": (-60.0, 60.0, "mm"),
    "pelvis_share": (0.0, 1.0, "of the difference"),
    "pelvic_obliquity_deg": (0.0, 12.0, "deg"),
    "pelvic_rotation_deg": (0.0, 15.0, "deg"),
    "pelvic_tilt_deg": (-10.0, 30.0, "deg"),
    "pelvic_tilt_amplitude_deg": (0.0, 5.0, "deg"),
    "trunk_flexion_deg": (-15.0, 45.0, "deg"),
    "trunk_lateral_lean_deg": (-15.0, 15.0, "deg"),
    "trunk_sway_deg": (0.0, 15.0, "deg"),
    "step_time_difference_s": (-0.3, 0.3, "s"),
    "step_length_difference_m": (-0.3, 0.3, "m"),
    "knee_flexion_difference_deg": (-20.0, 20.0, "deg"),
    "eversion_peak_left_deg": (-15.0, 20.0, "deg"),
    "eversion_peak_right_deg": (-15.0, 20.0, "deg"),
    "eversion_peak_left_pct": (10.0, 80.0, "% of stance"),
    "eversion_peak_right_pct": (10.0, 80.0, "% of stance"),
    "eversion_contact_deg": (-10.0, 10.0, "deg"),
    "arm_swing_deg": (0.0, 45.0, "deg"),
    "heading_deg": (-360.0, 360.0, "deg"),
    "start_forward_m": (-100.0, 100.0, "m"),
    "start_left_m": (-100.0, 100.0, "m"),
    "stand_s": (0.0, 3600.0, "s"),
    "pass_length_m": (2.0, 50.0, "m"),
    "stride_time_sd_s": (0.0, 0.08, "s"),
    "step_length_sd_m": (0.0, 0.06, "m"),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "mode": ("overground", "there_and_back", "treadmill"),
    "start": ("walking", "standing"),
}
