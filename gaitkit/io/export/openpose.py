"""OpenPose's JSON with its 25 body points (BODY_25), one person.

Points that BlazePose lacks are made of two (neck, middle of the hips) or are absent
(small toes). OpenPose writes a point that was not seen as three zeros; so does this
file, and its readers know it.

References
----------
Output format: OpenPose documentation, "Output", keypoint ordering of BODY_25.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file, new_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import xarray as xr

VERSION = 1.3
"""Version of the layout that OpenPose itself writes."""

NOBODY_IN_PARTICULAR = -1
"""Number that OpenPose gives to a person whom it does not follow."""

BODY_25: tuple[tuple[str, ...], ...] = (
    ("nose",),
    ("left_shoulder", "right_shoulder"),
    ("right_shoulder",),
    ("right_elbow",),
    ("right_wrist",),
    ("left_shoulder",),
    ("left_elbow",),
    ("left_wrist",),
    ("left_hip", "right_hip"),
    ("right_hip",),
    ("right_knee",),
    ("right_ankle",),
    ("left_hip",),
    ("left_knee",),
    ("left_ankle",),
    ("right_eye",),
    ("left_eye",),
    ("right_ear",),
    ("left_ear",),
    ("left_foot_index",),
    (),
    ("left_heel",),
    ("right_foot_index",),
    (),
    ("right_heel",),
)
"""Keypoints of gaitkit of which each point of BODY_25 is the mean."""


def write_openpose_folder(data: xr.Dataset, path: Path) -> Path:
    """Write one file for each frame into a new folder, and return the folder.

    Raises
    ------
    OutputError
        If the folder holds something, cannot be written, or the keypoints are no
        picture coordinates.
    """
    with new_folder(path) as part:
        for number, people in zip(_numbers(data), _frames(data, path), strict=True):
            text = json.dumps({"version": VERSION, "people": people})
            name = f"{path.name}_{number:012d}_keypoints.json"
            (part / name).write_text(text, encoding="utf-8")
    return path


def write_openpose_file(data: xr.Dataset, path: Path) -> Path:
    """Write all frames into one file, and return the path.

    The file holds ``version``, and ``frames``: each with its ``time_s`` and its
    ``people`` as OpenPose writes them.

    Raises
    ------
    OutputError
        If it cannot be written, or the keypoints are no picture coordinates.
    """
    times = data["time"].to_numpy()
    frames = [
        {"time_s": float(time_s), "people": people}
        for time_s, people in zip(times, _frames(data, path), strict=True)
    ]
    with new_file(path) as part:
        text = json.dumps({"version": VERSION, "frames": frames})
        part.write_text(text, encoding="utf-8")
    return path


def _numbers(data: xr.Dataset) -> list[int]:
    """Return the numbers of the frames in the film, from 0 where they are unknown."""
    if "frame" in data.coords:
        return [int(number) for number in data["frame"].to_numpy()]
    return list(range(data.sizes["time"]))


def _frames(data: xr.Dataset, path: Path) -> Iterator[list[dict[str, list[float]]]]:
    """Yield the people of each frame: one, or none when nothing of it was seen."""
    axes = [str(axis) for axis in data["space"].to_numpy()]
    if axes != ["x", "y"]:
        msg = f"{path}: OpenPose files hold picture coordinates x, y; got {axes}"
        raise OutputError(f"{msg}; write .csv or .trc instead")
    for points in _body_25(data):
        seen = bool(points[:, 2].any())
        person: dict[str, list[float]] = {
            "person_id": [NOBODY_IN_PARTICULAR],
            "pose_keypoints_2d": [round(float(v), 3) for v in points.ravel()],
        }
        yield [person] if seen else []


def _body_25(data: xr.Dataset) -> np.ndarray:
    """Return x, y and confidence as (time, point of BODY_25, 3), zeros where unseen."""
    ordered = data.transpose("time", "keypoint", "space")
    names = [str(name) for name in ordered["keypoint"].to_numpy()]
    confidence = ordered["confidence"].to_numpy()[..., np.newaxis]
    known = np.concatenate([ordered["position"].to_numpy(), confidence], axis=2)
    points = np.zeros((known.shape[0], len(BODY_25), 3))
    for place, parts in enumerate(BODY_25):
        columns = [names.index(part) for part in parts if part in names]
        if columns and len(columns) == len(parts):
            points[:, place] = known[:, columns].mean(axis=1)
    points[np.isnan(points).any(axis=2)] = 0.0
    return points
