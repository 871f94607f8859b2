"""How far the navicular sinks under load: two pictures of the same foot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.standing import NavicularStanding


def navicular_drop(
    unloaded: NavicularStanding,
    loaded: NavicularStanding,
    *,
    settings: StandingSettings,
) -> tuple[float, float]:
    """Return how far the navicular sinks under load, and its standard error, in mm.

    Parameters
    ----------
    unloaded, loaded : NavicularStanding
        Of the same foot with the same stickers, which were not taken off in between.
    settings : StandingSettings
        How far a sticker slides with the skin.

    Notes
    -----
    The sticker lies as far from the bone in both, the floor line as far behind it, the
    stickers are as large, the edge of the foot is pointed at by the same eye, and the
    camera is the same: only what differs counts. Where the camera was moved its tilt
    may differ by what the floor moved in the picture, and by no more than the tilts of
    two cameras. Skin that slides over the bone
    shows less drop than there is (Shrader 2005, doi:10.1093/ptj/85.7.656); this is
    part of the error and is not corrected.
    """
    sd = math.hypot(
        unloaded.own_sd_mm,
        loaded.own_sd_mm,
        unloaded.behind_mm - loaded.behind_mm,
        unloaded.scale_mm - loaded.scale_mm,
        unloaded.focal_mm - loaded.focal_mm,
        _tilt_apart_mm(unloaded, loaded),
        settings.navicular_skin_mm,
    )
    return unloaded.height_mm - loaded.height_mm, sd


def _tilt_apart_mm(one: NavicularStanding, other: NavicularStanding) -> float:
    """Return what the tilts of two pictures add to the error of their difference."""
    both = math.hypot(one.tilt_mm, other.tilt_mm)
    spread = math.hypot(one.tilt_sd_deg, other.tilt_sd_deg)
    if not spread:
        return 0.0
    moved = abs(one.below_deg - other.below_deg)
    alone = both * min(moved / spread, 1.0)
    return min(math.hypot(one.tilt_mm - other.tilt_mm, alone), both)
