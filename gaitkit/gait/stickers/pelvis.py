"""Tilt of the pelvis over stance from the stickers on both PSIS (or ASIS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.paths import Array, path_of, smooth
from gaitkit.gait.stickers.sight import rays
from gaitkit.model.side import Side
from gaitkit.model.stride_value import StrideValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.gait.stickers.settings import StickerWalkSettings
    from gaitkit.gait.stickers.sight import Lens
    from gaitkit.gait.stickers.stance import StickerStance

PELVIS_ROLES = ("psis", "asis")

LEAST_SEEN = 0.8
"""Share of a stance in which both stickers must be seen."""

DROP = "contralateral_pelvic_drop_peak"


def pelvis_tilt_deg(stickers: xr.Dataset, lens: Lens) -> Array | None:
    """Return how far the left side of the pelvis is up (time,), degrees, or None.

    Parameters
    ----------
    stickers : xarray.Dataset
        Keypoints in pixels; ``left_psis`` and ``right_psis``, or those of the ASIS.
    lens : Lens
        Its roll is taken out.

    Notes
    -----
    The slope of the line in the picture. Where the pelvis is seen from above or below
    by the angle e, a rotation r of the pelvis tilts the line by about ``r sin(e)``:
    less than half a degree with the camera within 20 cm of the height of the pelvis
    at 3 m.
    """
    for role in PELVIS_ROLES:
        left = path_of(stickers, f"left_{role}")
        right = path_of(stickers, f"right_{role}")
        if left is not None and right is not None:
            up = rays(left, lens)[:, 1] - rays(right, lens)[:, 1]
            apart = np.abs(rays(left, lens)[:, 0] - rays(right, lens)[:, 0])
            return np.asarray(np.degrees(np.arctan2(up, apart)))
    return None


def pelvic_drops(
    stickers: xr.Dataset,
    stances: Sequence[StickerStance],
    *,
    lens: Lens,
    settings: StickerWalkSettings,
) -> tuple[StrideValue, ...]:
    """Return how far the other side of the pelvis drops in each stance.

    Parameters
    ----------
    stickers : xarray.Dataset
        Keypoints in pixels.
    stances : sequence of StickerStance
        Stances of both feet.
    lens : Lens
        The camera.
    settings : StickerWalkSettings
        Smoothing.

    Returns
    -------
    tuple of StrideValue
        ``contralateral_pelvic_drop_peak`` in degrees; none without stickers.
    """
    tilt = pelvis_tilt_deg(stickers, lens)
    if tilt is None:
        return ()
    time_s = stickers.indexes["time"].to_numpy(dtype=float)
    window = round(settings.angle_smooth_s / float(np.median(np.diff(time_s))))
    even = smooth(tilt[:, None], window=window, order=2)[:, 0]
    values = []
    for stance in stances:
        inside = (time_s >= stance.start_s) & (time_s <= stance.end_s)
        seen = inside & np.isfinite(even)
        if inside.any() and seen.sum() >= LEAST_SEEN * inside.sum():
            sign = 1.0 if stance.side is Side.LEFT else -1.0
            values.append(
                StrideValue(
                    name=DROP,
                    value=float((sign * even[seen]).max()),
                    start_s=stance.start_s,
                    side=stance.side,
                )
            )
    return tuple(values)
