"""Keypoints to the formats that other programs read, chosen by the name of the file.

``.parquet`` is the long table of ``series``; ``.csv`` one frame a row; ``.trc`` for
OpenSim; ``.nc`` the layout of the package ``movement``; ``.json`` and a folder are
OpenPose's BODY_25.

TRC, the marker format of OpenSim and Cortex: tab-separated text.

The axes are OpenSim's: X forward (or to the right of the picture), Y up, Z to the
right of the person. A picture's y points down and is turned round; what a recording
does not show is 0, because readers refuse columns that are missing. Unknown points
are empty. The format has a fixed rate in its header; the column Time holds the true
times, also when the rate varies.

OpenPose's JSON with its 25 body points (BODY_25), one person.

Points that BlazePose lacks are made of two (neck, middle of the hips) or are absent
(small toes). OpenPose writes a point that was not seen as three zeros; so does this
file, and its readers know it.

References
----------
Output format: OpenPose documentation, "Output", keypoint ordering of BODY_25.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file, new_folder
from gaitkit.io.export.series import write_keypoints_parquet
from gaitkit.model.labelled import mean_rate_hz

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import xarray as xr

RECORDING = "video_1"
"""Id of the recording in a file that holds one; never a file name, which may hold the
name of a patient."""

AXES = {
    "x": (0, 1),
    "y": (1, -1),
    "z": (2, 1),
    "forward": (0, 1),
    "up": (1, 1),
    "left": (2, -1),
}
"""Column (X, Y, Z) and sign of each coordinate of gaitkit."""

DIGITS = 6
"""Decimals of a coordinate: a micrometre, or far below a pixel."""

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


def write_keypoints(data: xr.Dataset, path: Path | str) -> Path:
    """Write keypoints in the format that the name of the file asks for.

    Parameters
    ----------
    data : xarray.Dataset
        Dims ``time, space, keypoint``; ``position``, ``confidence``;
        ``attrs["space_unit"]``.
    path : Path or str
        File ending in .parquet, .csv, .trc, .nc or .json, or a folder (no ending) for
        one OpenPose file a frame.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    OutputError
        If the ending is none of these, or the file cannot be written.
    """
    return writer_for(Path(path))(data, Path(path))


def writer_for(path: Path) -> Callable[[xr.Dataset, Path], Path]:
    """Return who writes the format of a file name, before there is anything to write.

    Raises
    ------
    OutputError
        If the ending is none that `write_keypoints` knows.
    """
    if not path.suffix:
        return write_openpose_folder
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        msg = (
            f"{path}: expected a file ending in {', '.join(WRITERS)}, or a folder name "
            f"without ending for OpenPose files, got {path.suffix!r}"
        )
        raise OutputError(msg)
    return writer


def write_keypoints_csv(data: xr.Dataset, path: Path) -> Path:
    """Write one frame a row: ``time_s``, then coordinates and confidence of each point.

    Columns are ``left_heel_x_px``, ``left_heel_y_px``, ``left_heel_confidence``; cells
    are empty where a point was not seen.
    """
    unit = data.attrs["space_unit"]
    ordered = data.transpose("time", "keypoint", "space")
    axes = [str(axis) for axis in ordered["space"].to_numpy()]
    heads = ["time_s"]
    for name in ordered["keypoint"].to_numpy():
        heads += [f"{name}_{axis}_{unit}" for axis in axes] + [f"{name}_confidence"]
    confidence = ordered["confidence"].to_numpy()[..., np.newaxis]
    values = np.concatenate([ordered["position"].to_numpy(), confidence], axis=2)
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="") as stream,
    ):
        table = csv.writer(stream)
        table.writerow(heads)
        for time_s, row in zip(
            ordered["time"].to_numpy(),
            values.reshape(len(values), -1),
            strict=True,
        ):
            cells = ("" if np.isnan(value) else repr(float(value)) for value in row)
            table.writerow([repr(float(time_s)), *cells])
    return path


def write_movement(data: xr.Dataset, path: Path) -> Path:
    """Write a poses dataset of the package ``movement``, as NetCDF.

    Dims ``time, space, keypoint, individual`` with one individual, time in seconds.
    Before 0.17 movement called the last two ``keypoints`` and ``individuals`` and asks
    for these dims (0.15 is its newest version for Python 3.11): they stand in the file
    beside, as names without data, so that both take it. To select by name in the old
    one: ``file.drop_vars(["keypoints", "individuals"]).rename(keypoint="keypoints",
    individual="individuals")``.
    """
    time_s = data["time"].to_numpy()
    poses = data.expand_dims(individual=["id_0"], axis=-1).transpose(
        "time", "space", "keypoint", "individual"
    )
    poses = poses.assign_coords(
        keypoints=("keypoints", poses["keypoint"].to_numpy()),
        individuals=("individuals", poses["individual"].to_numpy()),
    )
    poses["time"].attrs.pop("units", None)  # xarray would read seconds as durations
    poses.attrs = {
        "ds_type": "poses",
        "source_software": "gaitkit",
        "time_unit": "seconds",
        "fps": mean_rate_hz(time_s) if time_s.size > 1 else 0.0,
        "space_unit": data.attrs["space_unit"],
    }
    with new_file(path) as part:
        poses.to_netcdf(part, engine="scipy")
    return path


def _write_parquet(data: xr.Dataset, path: Path) -> Path:
    return write_keypoints_parquet(data, path, recording=RECORDING)


def write_trc(data: xr.Dataset, path: Path) -> Path:
    """Write keypoints as TRC, and return the path.

    Parameters
    ----------
    data : xarray.Dataset
        Dims ``time, space, keypoint``; at least two frames. Units in the file are
        those of ``attrs["space_unit"]``.
    path : Path
        File to write.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    time_s = data["time"].to_numpy()
    rate_hz = 1 / float(np.median(np.diff(time_s)))
    names = [str(name) for name in data["keypoint"].to_numpy()]
    frames, points = len(time_s), len(names)
    unit = data.attrs["space_unit"]
    numbers = range(1, points + 1)
    head = (
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"{rate_hz:.6g}\t{rate_hz:.6g}\t{frames}\t{points}\t{unit}\t{rate_hz:.6g}\t1\t"
        f"{frames}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in numbers),
        "",
    )
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(line + "\n" for line in head)
        for number, (time, row) in enumerate(
            zip(time_s, _columns(data), strict=True), start=1
        ):
            cells = ("" if np.isnan(v) else f"{v:.{DIGITS}f}" for v in row)
            # OpenSim does not count an empty last cell, unless a tab follows it
            line = "\t".join((str(number), f"{time:.{DIGITS}f}", *cells, ""))
            stream.write(f"{line}\n")
    return path


def _columns(data: xr.Dataset) -> np.ndarray:
    """Return the coordinates as (time, X Y Z of each point), in OpenSim's axes."""
    ordered = data["position"].transpose("time", "keypoint", "space")
    values = ordered.to_numpy()
    turned = np.zeros((*values.shape[:2], 3))
    for column, axis in enumerate(ordered["space"].to_numpy()):
        place, sign = AXES[str(axis)]
        turned[..., place] = sign * values[..., column]
    turned[np.isnan(values).any(axis=2)] = np.nan
    return turned.reshape(len(values), -1)


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


WRITERS: dict[str, Callable[[xr.Dataset, Path], Path]] = {
    ".parquet": _write_parquet,
    ".csv": write_keypoints_csv,
    ".trc": write_trc,
    ".nc": write_movement,
    ".json": write_openpose_file,
}
"""Endings and who writes them."""


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


def _numbers(data: xr.Dataset) -> list[int]:
    """Return the numbers of the frames in the film, from 0 where they are unknown."""
    if "frame" in data.coords:
        return [int(number) for number in data["frame"].to_numpy()]
    return list(range(data.sizes["time"]))
