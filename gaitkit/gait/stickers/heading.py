"""Where somebody walks who walks away from the camera, from where the feet stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.sight import rays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.stickers.paths import LegStickers
    from gaitkit.gait.stickers.sight import Lens
    from gaitkit.gait.stickers.stance import StickerStance
    from gaitkit.model.side import Side

LEAST_SD_DEG = 1.0
"""Error of the heading below which no fit of a few steps is believed."""


def walking_heading_deg(
    legs: dict[Side, LegStickers], stances: Sequence[StickerStance], lens: Lens
) -> tuple[float, float] | None:
    """Return the direction of walking and its standard error, or None when unseen.

    Parameters
    ----------
    legs : dict of Side to LegStickers
        The stickers.
    stances : sequence of StickerStance
        Where the feet stood.
    lens : Lens
        The camera.

    Returns
    -------
    tuple of float or None
        Degrees to the right of straight away from the camera; None with fewer than
        two stances of a foot.

    Notes
    -----
    The heel of a standing foot lies on its ray at a depth that goes with one over the
    size of the lower leg; straight lines with one slope through the places of both
    feet give the heading. It is wrong when the person turns on the way.
    """
    sides, places = [], []
    for stance in stances:
        leg = legs[stance.side]
        stands = (leg.time_s >= stance.start_s) & (leg.time_s <= stance.heel_off_s)
        heel = np.nanmedian(leg.heel_lower[stands], axis=0)
        depth = lens.focal_px / stance.leg_px
        sides.append(stance.side)
        places.append(depth * rays(heel[None], lens)[0])
    own = [
        np.array([p for p, s in zip(places, sides, strict=True) if s is side])
        for side in legs
    ]
    apart = [each - each.mean(axis=0) for each in own if len(each) > 1]
    if not apart:
        return None
    moved = np.concatenate(apart)
    along, aside = moved[:, 2], moved[:, 0]
    reach = float((along**2).sum())
    slope = float((along * aside).sum()) / reach
    left_over = aside - slope * along
    free = max(len(moved) - len(apart) - 1, 1)
    sd = np.degrees(np.sqrt((left_over**2).sum() / free / reach))
    return float(np.degrees(np.arctan(slope))), max(float(sd), LEAST_SD_DEG)
