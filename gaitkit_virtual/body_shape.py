"""The outer shape of a clothed virtual body, as rings around its bones.

Every part is a row of oval rings. A ring stands at a place along its bone, has a
half depth (front to back) and a half width (side to side), and may sit ahead of the
bone. Sizes are in metres for a body of 1.70 m and scale with height; they were drawn
by hand to look like an adult of average build in shorts, T-shirt and shoes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

DRAWN_HEIGHT_M = 1.70
"""Height of the body for which the rings below were drawn."""


class Ring(NamedTuple):
    """One oval cross-section.

    Attributes
    ----------
    at : float
        Place: metres up the trunk or head or along the foot; for limbs 0 to 1 along
        the upper bone and 1 to 2 along the lower one.
    depth, width : float
        Half sizes front to back and side to side in metres.
    ahead : float
        Shift to the front in metres.
    """

    at: float
    depth: float
    width: float
    ahead: float = 0.0


class Sole(NamedTuple):
    """One upright cross-section of a shoe: place ahead of the ankle and sizes in m."""

    at: float
    width: float
    bottom: float
    top: float


TRUNK = (
    Ring(-0.060, 0.030, 0.030, -0.014),
    Ring(-0.045, 0.060, 0.060, -0.018),
    Ring(-0.015, 0.088, 0.100, -0.022),
    Ring(0.020, 0.106, 0.145, -0.022),
    Ring(0.055, 0.113, 0.164, -0.019),
    Ring(0.090, 0.110, 0.163, -0.012),
    Ring(0.120, 0.104, 0.156, -0.004),
    Ring(0.124, 0.109, 0.161, -0.004),
    Ring(0.160, 0.104, 0.152, 0.000),
    Ring(0.200, 0.101, 0.146, 0.004),
    Ring(0.250, 0.103, 0.150, 0.005),
    Ring(0.300, 0.108, 0.159, 0.004),
    Ring(0.350, 0.114, 0.170, 0.003),
    Ring(0.400, 0.116, 0.178, 0.000),
    Ring(0.440, 0.108, 0.184, -0.004),
    Ring(0.470, 0.096, 0.182, -0.008),
    Ring(0.495, 0.082, 0.160, -0.010),
    Ring(0.515, 0.070, 0.118, -0.010),
    Ring(0.530, 0.062, 0.080, -0.008),
    Ring(0.540, 0.056, 0.064, -0.006),
)
SHIRT_FROM_M = 0.122
"""Hem of the shirt, up the trunk."""

NECK = (
    Ring(0.525, 0.052, 0.055, -0.006),
    Ring(0.550, 0.051, 0.052, -0.002),
    Ring(0.580, 0.050, 0.051, 0.006),
    Ring(0.620, 0.050, 0.051, 0.012),
)

TROUSERS = (
    Ring(-0.24, 0.050, 0.030, -0.016),
    Ring(-0.20, 0.085, 0.055, -0.018),
    Ring(-0.12, 0.108, 0.076, -0.020),
    Ring(-0.04, 0.116, 0.086, -0.021),
    Ring(0.03, 0.114, 0.089, -0.018),
    Ring(0.10, 0.106, 0.088, -0.013),
    Ring(0.17, 0.098, 0.086, -0.008),
    Ring(0.30, 0.090, 0.082, -0.003),
    Ring(0.45, 0.084, 0.077, 0.000),
    Ring(0.60, 0.077, 0.071, 0.003),
    Ring(0.75, 0.071, 0.066, 0.005),
    Ring(0.87, 0.067, 0.063, 0.006),
    Ring(0.95, 0.066, 0.062, 0.006),
    Ring(1.00, 0.065, 0.062, 0.005),
    Ring(1.06, 0.064, 0.061, 0.002),
    Ring(1.15, 0.063, 0.060, -0.006),
    Ring(1.30, 0.064, 0.060, -0.012),
    Ring(1.45, 0.061, 0.057, -0.011),
    Ring(1.60, 0.055, 0.052, -0.008),
    Ring(1.75, 0.050, 0.048, -0.006),
    Ring(1.86, 0.050, 0.047, -0.006),
    Ring(1.92, 0.052, 0.049, -0.006),
)
BARE_LEG = (
    Ring(0.20, 0.060, 0.055, 0.000),
    Ring(0.30, 0.078, 0.071, -0.002),
    Ring(0.45, 0.076, 0.069, 0.001),
    Ring(0.60, 0.070, 0.064, 0.004),
    Ring(0.75, 0.064, 0.058, 0.006),
    Ring(0.87, 0.060, 0.056, 0.007),
    Ring(0.95, 0.060, 0.056, 0.007),
    Ring(1.00, 0.059, 0.055, 0.006),
    Ring(1.06, 0.057, 0.053, 0.002),
    Ring(1.15, 0.057, 0.053, -0.006),
    Ring(1.28, 0.060, 0.055, -0.013),
    Ring(1.42, 0.057, 0.052, -0.013),
    Ring(1.58, 0.048, 0.045, -0.009),
    Ring(1.73, 0.039, 0.037, -0.006),
    Ring(1.85, 0.035, 0.033, -0.005),
    Ring(1.95, 0.036, 0.033, -0.006),
)
SOCK = (
    Ring(1.84, 0.038, 0.036, -0.006),
    Ring(1.92, 0.039, 0.036, -0.006),
    Ring(2.00, 0.039, 0.036, -0.008),
)

SHOE = (
    Sole(-0.080, 0.010, 0.010, 0.040),
    Sole(-0.076, 0.022, 0.004, 0.062),
    Sole(-0.064, 0.031, 0.000, 0.078),
    Sole(-0.040, 0.035, 0.000, 0.086),
    Sole(-0.010, 0.036, 0.000, 0.090),
    Sole(0.025, 0.037, 0.000, 0.085),
    Sole(0.055, 0.040, 0.000, 0.070),
    Sole(0.085, 0.044, 0.000, 0.058),
    Sole(0.115, 0.047, 0.000, 0.051),
    Sole(0.145, 0.046, 0.000, 0.046),
    Sole(0.172, 0.039, 0.001, 0.040),
    Sole(0.190, 0.028, 0.003, 0.032),
    Sole(0.202, 0.014, 0.008, 0.022),
)
BARE_FOOT = (
    Sole(-0.066, 0.008, 0.012, 0.036),
    Sole(-0.063, 0.019, 0.006, 0.050),
    Sole(-0.056, 0.026, 0.002, 0.064),
    Sole(-0.043, 0.030, 0.000, 0.080),
    Sole(-0.020, 0.032, 0.000, 0.092),
    Sole(0.012, 0.033, 0.000, 0.090),
    Sole(0.045, 0.034, 0.000, 0.073),
    Sole(0.075, 0.037, 0.000, 0.056),
    Sole(0.105, 0.042, 0.000, 0.043),
    Sole(0.130, 0.044, 0.000, 0.035),
    Sole(0.153, 0.042, 0.000, 0.029),
    Sole(0.173, 0.036, 0.001, 0.024),
    Sole(0.187, 0.026, 0.003, 0.020),
    Sole(0.193, 0.014, 0.006, 0.015),
)
SOLE_THICKNESS_M = 0.018

ARM = (
    Ring(-0.095, 0.022, 0.020, -0.004),
    Ring(-0.070, 0.040, 0.036, -0.004),
    Ring(-0.020, 0.054, 0.048, -0.004),
    Ring(0.060, 0.059, 0.052, -0.004),
    Ring(0.160, 0.058, 0.052, -0.003),
    Ring(0.30, 0.053, 0.048, 0.000),
    Ring(0.50, 0.050, 0.046, 0.002),
    Ring(0.62, 0.049, 0.046, 0.002),
    Ring(0.625, 0.040, 0.038, 0.002),
    Ring(0.80, 0.039, 0.038, 0.000),
    Ring(1.00, 0.038, 0.038, 0.000),
    Ring(1.15, 0.041, 0.039, 0.002),
    Ring(1.35, 0.038, 0.036, 0.002),
    Ring(1.60, 0.031, 0.030, 0.000),
    Ring(1.85, 0.026, 0.023, 0.000),
    Ring(2.00, 0.026, 0.020, 0.000),
    Ring(2.08, 0.031, 0.018, 0.002),
    Ring(2.20, 0.037, 0.017, 0.004),
    Ring(2.34, 0.036, 0.016, 0.004),
    Ring(2.46, 0.030, 0.014, 0.004),
    Ring(2.56, 0.021, 0.011, 0.004),
    Ring(2.62, 0.009, 0.005, 0.004),
)
SLEEVE_TO = 0.622

HEAD = (
    Ring(-0.012, 0.020, 0.016, 0.058),
    Ring(-0.004, 0.042, 0.030, 0.050),
    Ring(0.012, 0.060, 0.044, 0.038),
    Ring(0.030, 0.073, 0.055, 0.028),
    Ring(0.050, 0.082, 0.063, 0.022),
    Ring(0.070, 0.088, 0.068, 0.017),
    Ring(0.090, 0.093, 0.072, 0.012),
    Ring(0.110, 0.097, 0.075, 0.008),
    Ring(0.130, 0.099, 0.077, 0.006),
    Ring(0.150, 0.099, 0.077, 0.004),
    Ring(0.170, 0.095, 0.074, 0.003),
    Ring(0.190, 0.086, 0.067, 0.002),
    Ring(0.206, 0.072, 0.056, 0.000),
    Ring(0.220, 0.050, 0.039, -0.002),
    Ring(0.228, 0.024, 0.018, -0.003),
)


# Where hair begins on the head, from the head base, in metres.
HAIRLINE_M = 0.152
NAPE_M = 0.035
TEMPLE_M = 0.115
TEMPLE_AHEAD_M = 0.045
EAR_LINE_M = 0.012


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A patch of the face or an ear: place and half sizes in m, from the head base."""

    forward: float
    left: float
    up: float
    reach: tuple[float, float, float]


EARS = tuple(
    Spot(forward=0.005, left=side * 0.076, up=0.098, reach=(0.020, 0.010, 0.032))
    for side in (1, -1)
)
NOSE = Spot(forward=0.103, left=0.0, up=0.078, reach=(0.022, 0.015, 0.024))
EYES = tuple(
    Spot(forward=0.090, left=side * 0.033, up=0.107, reach=(0.030, 0.015, 0.008))
    for side in (1, -1)
)
BROWS = tuple(
    Spot(forward=0.092, left=side * 0.034, up=0.124, reach=(0.030, 0.021, 0.006))
    for side in (1, -1)
)
MOUTH = Spot(forward=0.088, left=0.0, up=0.036, reach=(0.030, 0.023, 0.007))
