"""NetCDF files in the layout of the package ``movement``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError, MissingExtraError
from gaitkit.io.motion.pose_source import PosePoints

if TYPE_CHECKING:
    from pathlib import Path

NAME = "movement NetCDF"
HDF5_MARK = b"\x89HDF"
NETCDF4_MARK = b"_NCProperties"
"""Attribute that the NetCDF library writes near the beginning of an HDF5 file."""

HEADER_BYTES = 65_536


def is_netcdf4(path: Path) -> bool:
    """Return whether an HDF5 file is a NetCDF file."""
    with path.open("rb") as stream:
        return NETCDF4_MARK in stream.read(HEADER_BYTES)


def read_netcdf(path: Path) -> PosePoints:
    """Read the first individual of a movement file.

    Raises
    ------
    MissingExtraError
        If it is in the HDF5 form of NetCDF and no library reads that.
    FormatError
        If it is damaged or holds no positions.
    """
    import xarray as xr

    with path.open("rb") as stream:
        hdf5 = stream.read(len(HDF5_MARK)) == HDF5_MARK
    try:
        with xr.open_dataset(path, engine="h5netcdf" if hdf5 else "scipy") as file:
            data = file.load()
    except (ImportError, ValueError, TypeError, OSError, IndexError, KeyError) as cause:
        if hdf5 and isinstance(cause, ImportError | ValueError):
            msg = f"{path}: reading HDF5 needs h5netcdf; pip install h5netcdf"
            raise MissingExtraError(msg) from None
        why = str(cause).partition("\n")[0]
        msg = f"{path}: expected a movement file, and it is damaged ({why})"
        raise FormatError(f"{msg}; export it again") from None
    data = data.rename(
        {old: new for old, new in (("keypoints", "keypoint"),
                                   ("individuals", "individual")) if old in data.dims}
    )  # fmt: skip
    needed = {"time", "space", "keypoint"}
    if "position" not in data or not needed <= set(data["position"].dims):
        msg = f"{path}: expected position over time, space and keypoint"
        raise FormatError(f"{msg}; export it again")
    if "individual" in data.dims:
        data = data.isel(individual=0)
    position = data["position"].transpose("time", "space", "keypoint").to_numpy()
    seen = np.isfinite(position).all(axis=1).astype(np.float64)
    if "confidence" in data:
        sure = data["confidence"].transpose("time", "keypoint").to_numpy()
        seen = seen * np.clip(np.nan_to_num(sure), 0, 1)
    in_seconds = data.attrs.get("time_unit") == "seconds"
    rate = data.attrs.get("fps")
    return PosePoints(
        format=NAME,
        labels=tuple(str(name) for name in data["keypoint"].to_numpy()),
        position=np.asarray(position, dtype=np.float64),
        confidence=seen,
        time_s=data["time"].to_numpy().astype(np.float64) if in_seconds else None,
        rate_hz=float(rate) if rate else None,
        unit=data.attrs.get("space_unit"),
    )
