"""Tilt of the pelvis over stance from the stickers on both PSIS (or ASIS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.paths import Array, path_of, smooth
from gaitkit.gait.stickers.shape import STANCE_SHARE
from gaitkit.gait.stickers.sight import rays
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue
from gaitkit.norms.curves import curve
from gaitkit.norms.discrete import discrete

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
    The slope of the line in the picture; `lost_to_rotation_deg` says what it lacks.
    """
    ends = _ends(stickers, lens)
    if ends is None:
        return None
    left, right = ends
    apart = np.abs(left[:, 0] - right[:, 0])
    return np.asarray(np.degrees(np.arctan2(left[:, 1] - right[:, 1], apart)))


def lost_to_rotation_deg(percent: Array, *, elevation: Array, turned: float) -> Array:
    """Return by how much the forward side of a turned pelvis is seen too low.

    Parameters
    ----------
    percent : array (n,)
        Percent of stance of the side in question.
    elevation : array (n,)
        Angle at which the camera looks up at the pelvis, radians.
    turned : float
        Direction of walking against that of the camera, this side forward positive,
        radians.

    Notes
    -----
    The forward side is farther away, so it is seen nearer to the height of the camera:
    the line tilts by ``tan(elevation) tan(rotation)``. And a pelvis that is tilted
    forward holds its forward side lower by ``tan(tilt) tan(rotation)`` at the same
    obliquity, which is defined after the tilt (Plug-in Gait, as in the norm). Rotation
    and tilt are the usual ones of healthy adults at that moment, so the correction is
    wrong for a stiff pelvis; leaving it out is wrong by about 1 deg for everybody.
    """
    reference = curve("pelvic_rotation")
    tilt = discrete("pelvic_tilt_mean")
    if reference is None or tilt is None:
        return np.zeros_like(percent)
    of_stride = np.arange(len(reference.mean)) / STANCE_SHARE
    rotation = np.radians(np.interp(percent, of_stride, reference.mean))
    lost = np.tan(elevation) * np.tan(rotation + turned)
    return np.asarray(
        np.degrees(lost + np.tan(np.radians(tilt.mean)) * np.tan(rotation))
    )


def _ends(stickers: xr.Dataset, lens: Lens) -> tuple[Array, Array] | None:
    """Return the rays (time, 3) of left and right sticker, or None."""
    for role in PELVIS_ROLES:
        left = path_of(stickers, f"left_{role}")
        right = path_of(stickers, f"right_{role}")
        if left is not None and right is not None:
            return rays(left, lens), rays(right, lens)
    return None


def pelvic_drops(
    stickers: xr.Dataset,
    stances: Sequence[StickerStance],
    *,
    lens: Lens,
    heading_deg: float,
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
    heading_deg : float
        Direction of walking to the right of straight away from the camera.
    settings : StickerWalkSettings
        Smoothing.

    Returns
    -------
    tuple of StrideValue
        ``contralateral_pelvic_drop_peak`` in degrees; none without stickers.
    """
    tilt, ends = pelvis_tilt_deg(stickers, lens), _ends(stickers, lens)
    if tilt is None or ends is None:
        return ()
    middle = 0.5 * (ends[0] + ends[1])
    elevation = np.arctan(middle[:, 1])
    time_s = stickers.indexes["time"].to_numpy(dtype=float)
    window = round(settings.angle_smooth_s / float(np.median(np.diff(time_s))))
    even = smooth(tilt[:, None], window=window, order=2)[:, 0]
    values = []
    for stance in stances:
        inside = (time_s >= stance.start_s) & (time_s <= stance.end_s)
        seen = inside & np.isfinite(even)
        if not inside.any() or seen.sum() < LEAST_SEEN * inside.sum():
            continue
        sign = 1.0 if stance.side is Side.LEFT else -1.0
        lost = lost_to_rotation_deg(
            stance.percent(time_s[seen]),
            elevation=elevation[seen],
            turned=sign * float(np.radians(heading_deg)),
        )
        values.append(
            StrideValue(
                name=DROP,
                value=float((sign * even[seen] + lost).max()),
                start_s=stance.start_s,
                side=stance.side,
            )
        )
    return tuple(values)
