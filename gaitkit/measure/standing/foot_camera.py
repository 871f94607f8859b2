"""How far a camera that looks at one foot is tilted, as far as the floor tells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from gaitkit.measure.standing.optics import Optics
    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.visit import PictureLine

LENS_LOWEST_M = 0.02
"""No lens is nearer to the floor: that of a telephone that stands on its long side.
A judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilt:
    """Tilt of the camera, positive when it looks down, and its standard error."""

    deg: float
    sd_deg: float


def camera_tilt(
    floor_px: PictureLine, *, optics: Optics, settings: StandingSettings
) -> Tilt | Reason:
    """Return how far a camera looks down, or why its picture is no use.

    Parameters
    ----------
    floor_px : tuple of float
        Both ends of the line on which the foot stands.
    optics : Optics
        The camera as it would be without tilt; its scale is known.
    settings : StandingSettings
        Spread of the tilt, and its limit.

    Returns
    -------
    Tilt or Reason
        A reason when the floor lies so high in the picture that the tilt is beyond
        its limit.

    Notes
    -----
    A level camera ``h`` above the floor sees the floor at a distance ``D`` by
    ``atan(h / D)`` below the middle of its picture, a camera that looks down by ``t``
    sees it higher by ``t``. The lens is above the floor, so ``t`` has a least value;
    mean and spread are those of a normal distribution of tilts cut off there. A
    camera that looks up is not told from one that stands higher.
    """
    seen = seen_below_deg(floor_px, optics)
    distance = optics.camera_distance_m
    if distance is None:
        return Tilt(deg=0.0, sd_deg=settings.foot_tilt_sd_deg)
    least = math.degrees(math.atan(LENS_LOWEST_M / distance)) - seen
    if least > settings.foot_tilt_max_deg:
        return reason("navicular_camera_down", angle=f"{least:.0f}")
    sd = settings.foot_tilt_sd_deg
    if not sd:
        return Tilt(deg=max(least, 0.0), sd_deg=0.0)
    cut = least / sd
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    ratio = density / (math.erfc(cut / math.sqrt(2)) / 2)
    return Tilt(
        deg=sd * ratio, sd_deg=sd * math.sqrt(max(1 + cut * ratio - ratio**2, 0.0))
    )


def seen_below_deg(floor_px: PictureLine, optics: Optics) -> float:
    """Return how far below the middle of the picture the floor is seen, degrees."""
    x1, y1, x2, y2 = floor_px
    x = (x1 + x2 - optics.width_px) / 2
    y = (y1 + y2 - optics.height_px) / 2
    roll = math.radians(optics.roll.deg)
    down = x * math.sin(roll) + y * math.cos(roll)
    return math.degrees(math.atan(optics.looks_down(down)))
