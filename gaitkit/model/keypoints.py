"""Keypoints: where the parts of a body are in each frame, as one labelled dataset.

Dimensions are named as in the ``movement`` package, so that files interchange:
``time`` (s), ``space`` and ``keypoint``. Variables are ``position`` and
``confidence``. Two kinds of space occur:

* picture or laboratory space, labelled ``x``, ``y`` (and ``z``), as recorded;
* walking space, labelled ``forward``, ``left`` and ``up`` (those that a recording
  shows: a side view has ``forward`` and ``up``), with the floor at ``up`` = 0.

``attrs["space_unit"]`` is ``px`` or ``m``. Missing is NaN, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.model.labelled import described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from gaitkit.model.recording import SpaceUnit

BLAZEPOSE = (
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
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
"""The 33 landmarks of BlazePose in the order of its output."""

GAIT = tuple(
    f"{side}_{part}"
    for part in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right")
)
"""The keypoints that a gait analysis needs; ``foot_index`` is the tip of the foot."""

PICTURE_SPACE = ("x", "y")
WALKING_SPACE = ("forward", "left", "up")


def keypoints(
    position: ArrayLike,
    confidence: ArrayLike,
    *,
    time_s: ArrayLike,
    names: Sequence[str],
    space: Sequence[str] = PICTURE_SPACE,
    space_unit: SpaceUnit,
) -> xr.Dataset:
    """Build a keypoint dataset and check its shape.

    Parameters
    ----------
    position : array (time, space, keypoint)
        Coordinates; NaN where unknown.
    confidence : array (time, keypoint)
        0 to 1.
    time_s : array (time,)
        Seconds, strictly increasing.
    names : sequence of str
        Keypoint names.
    space : sequence of str
        Labels of the coordinates.
    space_unit : {"px", "m"}
        Unit of ``position``.

    Returns
    -------
    xarray.Dataset
        Dims ``time, space, keypoint``; variables ``position``, ``confidence``.

    Raises
    ------
    ValueError
        If shapes disagree or time does not increase.
    """
    time = np.asarray(time_s, dtype=float)
    if time.size > 1 and not np.all(np.diff(time) > 0):
        msg = "time_s must increase strictly from frame to frame"
        raise ValueError(msg)
    return described(
        xr.Dataset(
            {
                "position": (
                    ("time", "space", "keypoint"),
                    np.asarray(position, dtype=np.float64),
                ),
                "confidence": (
                    ("time", "keypoint"),
                    np.asarray(confidence, dtype=np.float64),
                ),
            },
            coords={"time": time, "space": list(space), "keypoint": list(names)},
            attrs={"space_unit": space_unit},
        )
    )


def path_of(data: xr.Dataset, name: str, axis: str) -> np.ndarray:
    """Return one coordinate of one keypoint as an array (time,).

    Raises
    ------
    KeyError
        If there is no such keypoint or axis.
    """
    # plain indices: the label look-up of xarray costs a hundred times as much
    position = data.variables["position"].transpose("time", "space", "keypoint")
    column = data.indexes["keypoint"].get_loc(name)
    return np.asarray(position.values[:, data.indexes["space"].get_loc(axis), column])
