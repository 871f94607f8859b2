"""NetCDF files in the layout of the package ``movement``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError, MissingExtraError
from gaitkit.io.motion.pose_source import PosePoints

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr
    from numpy.typing import NDArray

    from gaitkit.model.motion import Floats

NAME = "movement NetCDF"
HDF5_MARK = b"\x89HDF"
NETCDF4_MARK = b"_NCProperties"
"""Attribute that the NetCDF library writes near the beginning of an HDF5 file."""

HEADER_BYTES = 65_536

DAMAGED = (
    AttributeError,
    ImportError,
    ValueError,
    TypeError,
    OSError,
    LookupError,
    OverflowError,
    MemoryError,
)
"""What the libraries under xarray raise for files that are not what they claim."""


def is_netcdf4(path: Path) -> bool:
    """Return whether an HDF5 file is a NetCDF file."""
    with path.open("rb") as stream:
        return NETCDF4_MARK in stream.read(HEADER_BYTES)


def read_netcdf(path: Path) -> PosePoints:
    """Read the individuals of a movement file.

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
            data = _with_new_names(file.load())
    except DAMAGED as cause:
        if hdf5 and isinstance(cause, ImportError | ValueError):
            msg = f"{path}: reading HDF5 needs h5netcdf; pip install h5netcdf"
            raise MissingExtraError(msg) from None
        why = str(cause).partition("\n")[0]
        msg = f"{path}: expected a movement file, and it is damaged ({why})"
        raise FormatError(f"{msg}; export it again") from None
    needed = {"time", "space", "keypoint"}
    if "position" not in data or not needed <= set(data["position"].dims):
        msg = f"{path}: expected position over time, space and keypoint"
        raise FormatError(f"{msg}; export it again")
    if "individual" not in data.dims:
        data = data.expand_dims("individual")
    order = ("time", "individual", "space", "keypoint")
    position = data["position"].transpose(*order).to_numpy().astype(np.float64)
    seen = np.asarray(np.isfinite(position).all(axis=2), dtype=np.float64)
    if "confidence" in data:
        sure = data["confidence"].transpose("time", "individual", "keypoint")
        seen = seen * np.clip(np.nan_to_num(sure.to_numpy()), 0, 1)
    rate = data.attrs.get("fps")
    time_s, frames = _clock(data, rate)
    names = np.broadcast_to(np.arange(position.shape[1]), position.shape[:2])
    return PosePoints(
        format=NAME,
        labels=tuple(str(name) for name in data["keypoint"].to_numpy()),
        position=position,
        confidence=seen,
        names=names,
        time_s=time_s,
        frames=frames,
        rate_hz=float(rate) if rate else None,
        unit=data.attrs.get("space_unit"),
    )


def _with_new_names(data: xr.Dataset) -> xr.Dataset:
    """Return a file with the names of dims that movement has since 0.17.

    Where both stand in it the old ones are names without data.
    """
    renamed = (("keypoints", "keypoint"), ("individuals", "individual"))
    there = [(old, new) for old, new in renamed if old in data.dims]
    beside = [old for old, new in there if new in data.dims]
    data = data.drop_dims(beside)
    return data.rename({old: new for old, new in there if old not in beside})


def _clock(
    data: xr.Dataset, rate: object
) -> tuple[Floats | None, NDArray[np.int64] | None]:
    """Return the times in seconds, or the numbers of the frames.

    movement counts in seconds where it knows the rate, else in frames, and says which
    in ``time_unit``; a file that does not say counts in frames where all are whole.
    """
    stamps = data["time"].to_numpy()
    if stamps.dtype.kind == "m":
        return stamps / np.timedelta64(1, "s"), _frames_of(data)
    stamps = stamps.astype(np.float64)
    unit = data.attrs.get("time_unit")
    whole = bool((stamps == np.round(stamps)).all())
    if unit == "seconds" or (unit is None and not whole and rate):
        return stamps, _frames_of(data)
    return None, stamps.astype(np.int64) if whole else None


def _frames_of(data: xr.Dataset) -> NDArray[np.int64] | None:
    if "frame" not in data.coords or data["frame"].dims != ("time",):
        return None
    return data["frame"].to_numpy().astype(np.int64)
