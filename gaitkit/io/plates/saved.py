"""gaitkit's own plate files: lossless ``.npz`` and ``.nc`` (float32), long ``.csv``."""

from __future__ import annotations

import io
import json
import math
import tokenize
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.io.atomic import new_file
from gaitkit.io.plates.plate_file import PlateFile, PlateOptions
from gaitkit.io.plates.rows import LARGEST_MATRIX_CELLS
from gaitkit.model.pressure import (
    Checksum,
    PressureSource,
    pitch_of,
    pressure,
    source_of,
)
from gaitkit.model.side import Side

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.io.text import TextSource

NAME = "gaitkit npz"
MAKER = "gaitkit"
ZIP_MAGIC = b"PK\x03\x04"
NETCDF_MAGIC = b"CDF"
MOST_BYTES = 4 * LARGEST_MATRIX_CELLS
HEADINGS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""Who reads what stands before an array, by the version that it tells."""


def recognises(source: TextSource) -> bool:
    """Tell whether the file is a zip or NetCDF that begins with what we know of it."""
    magic = (ZIP_MAGIC, NETCDF_MAGIC)
    return source.head.startswith(magic) and b"gaitkit_plate" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a file that ``write_npz`` or ``write_netcdf`` wrote.

    Raises
    ------
    FormatError
        If it is damaged.
    """
    del options
    try:
        with source.open() as stream:
            content = io.BytesIO(stream.read())
        saved = _netcdf if source.head.startswith(NETCDF_MAGIC) else _npz
        data = _dataset(*saved(content))
    except (
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        IndexError,
        RecursionError,
        NotImplementedError,
        OSError,
        tokenize.TokenError,  # numpy takes the heading of an array for Python
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise source.error(
            f"this gaitkit plate file is damaged ({type(error).__name__}). "
            f"Convert the export again."
        ) from error
    return PlateFile(mats=(data,))


def _npz(content: io.BytesIO) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    with zipfile.ZipFile(content) as packed:
        for entry in packed.infolist():
            _check_claim(packed, entry)
    content.seek(0)
    with np.load(content, allow_pickle=False) as saved:
        arrays = {name: saved[name] for name in saved.files}
    return json.loads(str(arrays.pop("gaitkit_plate"))), arrays


def _check_claim(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse an array that is no plate's, or more than what is packed of it."""
    with packed.open(entry) as stream:
        version = np.lib.format.read_magic(stream)
        heading = HEADINGS[version](stream)
    size = math.prod(heading[0]) * heading[2].itemsize
    if size > min(entry.file_size, MOST_BYTES):
        msg = f"{entry.filename[:40]!r} tells of {size} bytes"
        raise ValueError(msg)


def _netcdf(content: io.BytesIO) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    import xarray as xr

    with xr.open_dataset(content, engine="scipy", decode_times=False) as file:
        arrays = {str(name): file[name].to_numpy() for name in file.data_vars}
        arrays["time_s"] = file["time"].to_numpy()
        return json.loads(file.attrs["gaitkit_plate"]), arrays


def _dataset(meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> xr.Dataset:
    return pressure(
        arrays["pressure"],
        time_s=arrays["time_s"],
        pitch_mm=(meta["pitch_mm"][0], meta["pitch_mm"][1]),
        valid=arrays["valid"],
        belt_m=arrays.get("belt_m"),
        source=_source(meta["source"]),
    )


def write_netcdf(data: xr.Dataset, path: Path | str) -> None:
    """Write one mat as NetCDF, which xarray opens without gaitkit.

    What gaitkit knows of the numbers stands as JSON in the attribute
    ``gaitkit_plate``.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    meta = {"pitch_mm": pitch_of(data), "source": asdict(source_of(data))}
    whole = data.copy()
    whole["time"].attrs.pop("units", None)  # xarray would read seconds as durations
    whole.attrs = {"gaitkit_plate": json.dumps(meta), "unit": source_of(data).unit}
    with new_file(Path(path)) as part:
        whole.to_netcdf(part, engine="scipy")


def write_npz(data: xr.Dataset, path: Path | str) -> None:
    """Write one mat; the file appears whole or not at all.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    meta = {"pitch_mm": pitch_of(data), "source": asdict(source_of(data))}
    arrays = {
        "gaitkit_plate": np.array(json.dumps(meta)),
        "pressure": data["pressure"].to_numpy(),
        "valid": data["valid"].to_numpy(),
        "time_s": data["time"].to_numpy(),
    }
    if "belt_m" in data:
        arrays["belt_m"] = data["belt_m"].to_numpy()
    with new_file(Path(path)) as part, part.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)


def write_csv(data: xr.Dataset, path: Path) -> None:
    """Write the loaded cells as long CSV: time_s, row, col, pressure.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import pandas as pd

    cells, time = data["pressure"].to_numpy(), data["time"].to_numpy()
    frame, row, col = np.nonzero(cells)
    unit = source_of(data).unit.lower()
    table = pd.DataFrame(
        {
            "time_s": time[frame],
            "row": row,
            "col": col,
            f"pressure_{unit}": cells[frame, row, col],
        }
    )
    with new_file(path) as part:
        table.to_csv(part, index=False)


def _source(table: dict[str, Any]) -> PressureSource:
    side, check = table["side"], table["checksum"]
    plain = {
        **table,
        "side": None if side is None else Side(side),
        "checksum": None if check is None else Checksum(**check),
        "origin_mm": tuple(table["origin_mm"]),
    }
    return PressureSource(**plain)
