"""What may be seen sharply: the followed person without the head, nothing else.

The picture is blurred as a whole; only a box around the followed person is left
sharp, and in it the head is blurred again. Bystanders are thus out of focus wherever
they stand, except inside the box itself. A frame in which the person's head cannot be
located stays blurred as a whole: it fails closed. Blurring is pseudonymisation and no
anonymisation, because a gait can be recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter1d

if TYPE_CHECKING:
    import xarray as xr

FACE = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
)

HEAD_OVER_TRUNK = 0.5
"""Radius of the blurred disc over the length from shoulders to hips. A head is 0.130
and that trunk 0.288 of body height (Winter, Biomechanics and Motor Control, table
4.1), so half a head is 0.23 of it; twice that covers hair and a wandering point."""

NECK_OVER_TRUNK = 0.42
"""Middle of the head above the shoulders over the same trunk: (0.936 - 0.818) / 0.288
of body height by the same table. Used where no point of the face is known."""

FACE_SPREAD = 1.7
"""Radius over the distance from the middle of the face to its farthest point."""

MAX_GAP_S = 0.5
"""A head that is lost for longer is not interpolated: the frame is blurred whole."""

BODY_MARGIN = 0.18
"""Space around the followed person that stays sharp, as a share of body height."""

CALM_S = 0.4
"""The sharp box is the union over this time before and after, so that it is calm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visible:
    """Where head and body are in each frame of the keypoints, in pixels.

    Attributes
    ----------
    head : array (time, 2)
        Middle of the head; NaN where it is not known.
    radius : array (time,)
        Radius of the disc to blur.
    body : array (time, 4)
        Left, top, right, bottom of the box that stays sharp.
    """

    head: np.ndarray
    radius: np.ndarray
    body: np.ndarray


def visible(keypoints: xr.Dataset) -> Visible:
    """Locate the head and the body of the followed person in every frame.

    Parameters
    ----------
    keypoints : xarray.Dataset
        Picture space in px; dims ``time, space, keypoint``.

    Returns
    -------
    Visible
        Gaps of up to half a second are interpolated; longer ones stay NaN.

    Notes
    -----
    The middle of the head is the mean of the points of the face; where these are
    missing it is taken above the shoulders along the trunk. The radius is the larger
    of a share of the trunk's length and the spread of the face.
    """
    time = keypoints["time"].to_numpy()
    points = keypoints["position"].transpose("time", "keypoint", "space").to_numpy()
    names = [str(name) for name in keypoints["keypoint"].to_numpy()]
    shoulders = _mean(points, names, ("left_shoulder", "right_shoulder"))
    hips = _mean(points, names, ("left_hip", "right_hip"))
    trunk = shoulders - hips
    length = _calm_largest(np.hypot(trunk[:, 0], trunk[:, 1]), time)
    face = points[:, [i for i, name in enumerate(names) if name in FACE]]
    head = _nan_mean(face, axis=1)
    head = np.where(np.isfinite(head), head, shoulders + NECK_OVER_TRUNK * trunk)
    spread = _largest(np.linalg.norm(face - head[:, None], axis=2), axis=1)
    radius = np.fmax(HEAD_OVER_TRUNK * length, FACE_SPREAD * spread)
    radius[~np.isfinite(head).all(axis=1)] = np.nan
    return Visible(
        head=np.stack([_bridged(head[:, i], time) for i in range(2)], axis=1),
        radius=_bridged(radius, time),
        body=_body(points, time),
    )


def _body(points: np.ndarray, time: np.ndarray) -> np.ndarray:
    low = -np.stack([_largest(-points[:, :, i], axis=1) for i in range(2)], axis=1)
    high = np.stack([_largest(points[:, :, i], axis=1) for i in range(2)], axis=1)
    margin = BODY_MARGIN * (high[:, 1] - low[:, 1])[:, None]
    edges = np.concatenate([low - margin, high + margin], axis=1)
    signs = np.array([-1.0, -1.0, 1.0, 1.0])
    calm = np.stack(
        [_calm_largest(edges[:, i] * signs[i], time) for i in range(4)], axis=1
    )
    return np.asarray(calm * signs)


def _mean(points: np.ndarray, names: list[str], wanted: tuple[str, ...]) -> np.ndarray:
    chosen = [names.index(name) for name in wanted if name in names]
    return _nan_mean(points[:, chosen], axis=1)


def _nan_mean(values: np.ndarray, *, axis: int) -> np.ndarray:
    """Return the mean of what is finite; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _largest(values: np.ndarray, *, axis: int) -> np.ndarray:
    """Return the largest of what is finite; NaN where nothing is."""
    if values.shape[axis] == 0:
        return np.full(np.delete(values.shape, axis), np.nan)
    top = np.where(np.isfinite(values), values, -np.inf).max(axis=axis)
    return np.where(np.isfinite(top), top, np.nan)


def _calm_largest(values: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the largest value within `CALM_S` of each time; NaN where there is none.

    The time is counted in frames of the median interval.
    """
    step = float(np.median(np.diff(time))) if time.size > 1 else CALM_S
    reach = 2 * round(CALM_S / step) + 1
    known = np.where(np.isfinite(values), values, -np.inf)
    top = maximum_filter1d(known, reach, mode="nearest")
    return np.where(np.isfinite(top), top, np.nan)


def _bridged(values: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Interpolate gaps of up to `MAX_GAP_S` between known values."""
    known = np.flatnonzero(np.isfinite(values))
    if known.size < 2:  # noqa: PLR2004 - nothing to interpolate between
        return values
    filled = np.interp(time, time[known], values[known], left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(time[known], time), 1, known.size - 1)
    gap = time[known][after] - time[known][after - 1]
    return np.where(np.isfinite(values) | (gap <= MAX_GAP_S), filled, np.nan)
