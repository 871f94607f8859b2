"""XSENSOR CSV in its wide layout: one row a frame, columns ``S_<row>_<col>``.

The columns of a second sensor carry the suffix ``.1``. Unit and sensor size stand
neither in the columns nor above them, so the user must give them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import RowBuffer
from gaitkit.io.plates.times import frame_clock
from gaitkit.io.text import decode
from gaitkit.model.pressure import PressureSource, pressure
from gaitkit.model.side import Side

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.io.text import TextSource

NAME = "XSENSOR wide"
MAKER = "XSENSOR"
LONGEST_PREAMBLE = 5
"""Lines above the column names in known exports: 0 or 1."""

_CELL = re.compile(r"^S_(\d{1,6})_(\d{1,6})(?:\.(\d+))?$")
_SIDES = {"left": Side.LEFT, "right": Side.RIGHT}


def recognises(source: TextSource) -> bool:
    """Tell whether column names such as S_1_1 stand near the top."""
    lines = source.head.split(b"\n")[:LONGEST_PREAMBLE]
    return any(b"S_1_1" in line.split(b",") or b",S_1_1," in line for line in lines)


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a wide export.

    Raises
    ------
    InputError
        If the user did not say unit and sensor size.
    FormatError
        If a row is incomplete or no number.
    """
    _require(source, options)
    names: list[str] = []
    rows: list[list[str]] = []
    for at, line in enumerate(source.lines(), start=1):
        words = [word.strip().strip('"') for word in decode(line).split(",")]
        if not names:
            names = words if "S_1_1" in words else []
        elif any(words):
            if len(words) != len(names):
                raise source.error(
                    f"expected {len(names)} columns, found {len(words)}. The file is "
                    f"cut off; export it again.",
                    line=at,
                )
            rows.append(words)
    if not rows:
        raise source.error("there are no frames below the column names.")
    suffixes = sorted({m[3] or "" for n in names if (m := _CELL.match(n))})
    mats = tuple(_mat(source, options, names, rows, suffix) for suffix in suffixes)
    return PlateFile(mats=mats)


def _require(source: TextSource, options: PlateOptions) -> None:
    given = (options.unit, options.pitch_rows_mm, options.pitch_cols_mm)
    if None in given:
        msg = (
            f"{source.name} states neither unit nor sensor size. Give plate.unit, "
            f"plate.pitch_rows_mm and plate.pitch_cols_mm, as the device states them."
        )
        raise InputError(msg)


def _mat(
    source: TextSource,
    options: PlateOptions,
    names: list[str],
    rows: list[list[str]],
    suffix: str,
) -> xr.Dataset:
    places = [
        (int(m[1]) - 1, int(m[2]) - 1, i)
        for i, name in enumerate(names)
        if (m := _CELL.match(name)) and (m[3] or "") == suffix
    ]
    row, col, column = (np.array(part) for part in zip(*places, strict=True))
    buffer = RowBuffer(source, len(places), delimiter=b",")
    for index, words in enumerate(rows):
        cells = ",".join(words[i] for i in column)
        buffer.add(cells.encode(), row=index, at=index + 2)
    values = buffer.dense(len(rows))
    if values.min() < 0:
        raise source.error("a cell is negative: a pressure cannot be.")
    matrix = np.zeros((len(rows), row.max() + 1, col.max() + 1), dtype=np.float32)
    matrix[:, row, col] = values
    valid = np.zeros(matrix.shape[1:], dtype=bool)
    valid[row, col] = True
    unit = options.unit or ""
    stamps = [words[names.index("Time")] for words in rows] if "Time" in names else []
    pitch = (options.pitch_rows_mm or np.nan, options.pitch_cols_mm or np.nan)
    return pressure(
        matrix * np.float32(KPA_PER[unit_key(unit)]),
        time_s=_clock(source, options, stamps, len(rows)),
        pitch_mm=pitch,
        valid=valid,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=unit,
            unit_evidence="user",
            pitch_evidence="user",
            time_source="header" if stamps else "user",
            surface="insole",
            side=_side(names, rows[0], suffix),
        ),
    )


def _clock(
    source: TextSource, options: PlateOptions, stamps: list[str], frames: int
) -> np.ndarray:
    if stamps:
        return frame_clock(stamps, frames=frames, source=source)
    if options.rate_hz is None:
        msg = f"{source.name} has no column Time. Give plate.rate_hz."
        raise InputError(msg)
    return np.arange(frames) / options.rate_hz


def _side(names: list[str], row: list[str], suffix: str) -> Side | None:
    name = "Insole" + (f".{suffix}" if suffix else "")
    word = row[names.index(name)].lower() if name in names else ""
    return next((side for key, side in _SIDES.items() if key in word), None)
