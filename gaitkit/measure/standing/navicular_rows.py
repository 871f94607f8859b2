"""Measurements of the navicular from pictures of one foot, or why there are none.

How far the navicular sinks under load: two pictures of the same foot.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.standing.navicular import normalised
from gaitkit.measure.standing.result import STICKERS, absent_row, missing, value_row
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
    rows = [
        value_row(
            HEIGHT[found.load],
            found.height_mm,
            found.sd_mm,
            method=STICKERS,
            recording=recording,
        )
    ]
    if found.load == "loaded":
        share = normalised(found)
        rows.append(
            absent_row(NORMALISED, reason("navicular_no_length"), STICKERS, recording)
            if share is None
            else value_row(
                NORMALISED,
                PERCENT * share[0],
                PERCENT * share[1],
                method=STICKERS,
                recording=recording,
            )
        )
    return tuple(_sided(row, found.side, frames=frames) for row in rows)


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
    if unloaded is None or loaded is None:
        why = reason("navicular_one_picture")
        return replace(absent_row(DROP, why, STICKERS, recording), side=side)
    drop, sd = navicular_drop(unloaded, loaded, settings=settings)
    row = value_row(DROP, drop, sd, method=STICKERS, recording=recording)
    return _sided(row, side, frames=2)


def _sided(row: Measurement, side: Side, *, frames: int) -> Measurement:
    known = row.value is not None
    return replace(row, side=side, n=frames if known else 0, unconfirmed=known)


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
