"""Measurements of the navicular from pictures of one foot, or why there are none.

How far the navicular sinks under load: two pictures of the same foot.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.standing.navicular import normalised
from gaitkit.measure.standing.result import STICKERS, missing
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.reason import reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.reason import Reason
    from gaitkit.model.side import Side
    from gaitkit.model.standing import FootLoad, NavicularStanding

HEIGHT: dict[FootLoad, str] = {
    "loaded": "navicular_height",
    "unloaded": "navicular_height_unloaded",
}
NORMALISED, DROP = "navicular_height_normalised", "navicular_drop"
PERCENT = 100.0


def height_rows(
    found: NavicularStanding, *, recording: str, frames: int
) -> tuple[Measurement, ...]:
    """Return the height of a navicular, and of a loaded foot the normalised one.

    Parameters
    ----------
    found : NavicularStanding
        What the picture showed.
    recording : str
        Id.
    frames : int
        Pictures averaged.
    """
    origin = Origin(
        name=HEIGHT[found.load],
        side=found.side,
        method=STICKERS,
        recording=recording,
        n=frames,
        unconfirmed=True,
    )
    height = measured(found.height_mm, Uncertainty(sd=found.sd_mm), origin)
    if found.load != "loaded":
        return (height,)
    share = normalised(found)
    origin = replace(origin, name=NORMALISED)
    if share is None:
        bare = replace(origin, n=0, unconfirmed=False)
        return height, absent(reason("navicular_no_length"), bare)
    known = Uncertainty(sd=PERCENT * share[1])
    return height, measured(PERCENT * share[0], known, origin)


def missing_heights(
    why: Reason, *, side: Side, load: FootLoad, recording: str
) -> tuple[Measurement, ...]:
    """Return the rows of a picture that could not be used."""
    names = (HEIGHT[load], NORMALISED) if load == "loaded" else (HEIGHT[load],)
    rows = missing(names, why, recording=recording)
    return tuple(replace(row, side=side) for row in rows)


def drop_row(
    heights: Mapping[FootLoad, NavicularStanding],
    *,
    side: Side,
    recording: str,
    settings: StandingSettings,
) -> Measurement:
    """Return the navicular drop of a foot, or the reason why there is none.

    Parameters
    ----------
    heights : mapping
        What was seen of the foot, by its load.
    side : Side
        Which foot.
    recording : str
        Id of the loaded picture, or of the only one.
    settings : StandingSettings
        How far a sticker slides with the skin.
    """
    unloaded, loaded = heights.get("unloaded"), heights.get("loaded")
    origin = Origin(name=DROP, side=side, method=STICKERS, recording=recording)
    if unloaded is None or loaded is None:
        return absent(reason("navicular_one_picture"), origin)
    drop, sd = navicular_drop(unloaded, loaded, settings=settings)
    known = Uncertainty(sd=sd)
    return measured(drop, known, replace(origin, n=2, unconfirmed=True))


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
