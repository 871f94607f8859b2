"""Keypoints to the formats that other programs read, chosen by the name of the file.

``.parquet`` is the long table of ``series``; ``.csv`` one frame a row; ``.trc`` for
OpenSim; ``.nc`` the layout of the package ``movement``; ``.json`` and a folder are
OpenPose's BODY_25.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file
from gaitkit.io.export.openpose import write_openpose_file, write_openpose_folder
from gaitkit.io.export.series import write_keypoints_parquet
from gaitkit.io.export.trc import write_trc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import xarray as xr

RECORDING = "video_1"
"""Id of the recording in a file that holds one; never a file name, which may hold the
name of a patient."""


def write_keypoints(data: xr.Dataset, path: Path) -> Path:
    """Write keypoints in the format that the name of the file asks for.

    Parameters
    ----------
    data : xarray.Dataset
        Dims ``time, space, keypoint``; ``position``, ``confidence``;
        ``attrs["space_unit"]``.
    path : Path
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
    return writer_for(path)(data, path)


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
    poses.attrs = {
        "ds_type": "poses",
        "source_software": "gaitkit",
        "time_unit": "seconds",
        "fps": float(1 / np.median(np.diff(time_s))) if time_s.size > 1 else 0.0,
        "space_unit": data.attrs["space_unit"],
    }
    with new_file(path) as part:
        poses.to_netcdf(part, engine="scipy")
    return path


def _write_parquet(data: xr.Dataset, path: Path) -> Path:
    return write_keypoints_parquet(data, path, recording=RECORDING)


WRITERS: dict[str, Callable[[xr.Dataset, Path], Path]] = {
    ".parquet": _write_parquet,
    ".csv": write_keypoints_csv,
    ".trc": write_trc,
    ".nc": write_movement,
    ".json": write_openpose_file,
}
"""Endings and who writes them."""
