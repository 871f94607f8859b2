"""``.apd`` (Zebris pedcad, footscan 9 CadCam): one footstep as an INI text.

``-1`` means "outside the foot", not a pressure. A file holds the picture of highest
values (``[Data]``) and, from footscan 9, one ``[Data<i>]`` matrix a frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import RowBuffer
from gaitkit.io.text import decode, number
from gaitkit.model.pressure import PressureSource, pressure
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

NAME = "apd footstep"
MAKER = "Zebris / footscan"

_SECTION = re.compile(rb"^\[([A-Za-z]+)(-?\d{0,9})\]\s*$")
_SIDES = {"l": Side.LEFT, "r": Side.RIGHT}
_SECONDS = {"ms": 1e-3, "s": 1.0}


@dataclass(slots=True)
class _Content:
    """What has been read so far."""

    keys: dict[str, str] = field(default_factory=dict)
    frames: list[int | None] = field(default_factory=list)
    in_data: bool = False
    row: int = 0
    buffer: RowBuffer | None = None


def recognises(source: TextSource) -> bool:
    """Tell whether the head has the sections of an ``.apd``."""
    return b"[General]" in source.head and b"SensCountX" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read one footstep; names of the customer are skipped.

    Raises
    ------
    FormatError
        If a matrix is incomplete, a key is missing or the unit is unknown.
    """
    del options
    content = _Content()
    for at, line in enumerate(source.lines(), start=1):
        if not line.isspace():
            _take(source, content, line, at)
    cells = _cells(source, content)
    outside = (cells < 0).all(axis=0)
    np.maximum(cells, 0.0, out=cells)
    unit = content.keys.get("UnitPressure", "")
    scale = KPA_PER.get(unit_key(unit))
    if scale is None:
        raise source.error(f"UnitPressure is {unit!r}; expected N/cm2 or kPa.")
    cells *= np.float32(scale)
    peak_only = len(cells) == 1
    pitch = (_positive(source, content, "LDistX"), _positive(source, content, "LDistY"))
    data = pressure(
        cells,
        time_s=np.zeros(1) if peak_only else _clock(source, content, len(cells)),
        pitch_mm=pitch,
        valid=~outside,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=unit,
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="assumed" if peak_only else "header",
            peak_only=peak_only,
            side=_SIDES.get(content.keys.get("FootSide", "").lower()[:1]),
            origin_mm=_origin(content, pitch),
        ),
    )
    note = "one picture of highest values: nothing over time" if peak_only else ""
    return PlateFile(mats=(data,), notes=(note,) if note else ())


def _take(source: TextSource, content: _Content, line: bytes, at: int) -> None:
    if match := _SECTION.match(line):
        content.in_data = match[1] == b"Data"
        if content.in_data:
            _start_matrix(source, content, match[2], at)
    elif content.in_data and content.buffer is not None:
        content.buffer.add(line.strip(b"\r\n"), row=content.row, at=at)
        content.row += 1
    else:
        key, _, value = decode(line).partition("=")
        if not key.endswith("Name"):  # FirstName, LastName: never kept
            content.keys[key.strip()] = value.strip()


def _start_matrix(source: TextSource, content: _Content, index: bytes, at: int) -> None:
    _whole(source, content)
    if content.buffer is None:
        columns = int(_positive(source, content, "SensCountY"))
        content.buffer = RowBuffer(source, columns)
    frame = int(index) if index else None
    if frame in content.frames:
        raise source.error("this matrix stands twice in the file.", line=at)
    content.frames.append(frame)


def _whole(source: TextSource, content: _Content) -> None:
    rows = int(_positive(source, content, "SensCountX"))
    if content.row != rows * len(content.frames):
        raise source.error(
            f"expected {rows} rows in every matrix, matrix {len(content.frames)} has "
            f"{content.row - rows * (len(content.frames) - 1)}. Export the file again."
        )


def _cells(source: TextSource, content: _Content) -> np.ndarray:
    _whole(source, content)
    if content.buffer is None or not content.frames:
        raise source.error("no [Data] matrix found. Export the file again.")
    rows = content.row // len(content.frames)
    shape = (len(content.frames), rows, content.buffer.columns)
    cells = content.buffer.dense(content.row).reshape(shape)
    if (cells < -1).any():
        raise source.error("a cell is below -1: a pressure cannot be.")
    moving = [i for i, frame in enumerate(content.frames) if frame is not None]
    if not moving:
        return cells
    order = sorted(moving, key=lambda i: content.frames[i] or 0)
    first, last = (int(_key(source, content, k)) for k in ("MinIdx", "MaxIdx"))
    found = [content.frames[i] for i in order]
    if found != list(range(first, first + len(order))) or found[-1] != last:
        raise source.error(
            f"expected the matrices Data{first} to Data{last}, found {len(order)}. "
            f"The file is cut off; export it again."
        )
    return cells[order]


def _clock(source: TextSource, content: _Content, frames: int) -> np.ndarray:
    unit = content.keys.get("UnitTime", "ms")
    if unit not in _SECONDS:
        raise source.error(f"UnitTime is {unit!r}; expected ms or s.")
    step = _positive(source, content, "TimeDiff") * _SECONDS[unit]
    return np.arange(frames) * step


def _origin(content: _Content, pitch: tuple[float, float]) -> tuple[float, float]:
    row, col = (
        number(content.keys.get(key, "")) or 0.0 for key in ("StartSensX", "StartSensY")
    )
    return row * pitch[0], col * pitch[1]


def _key(source: TextSource, content: _Content, key: str) -> float:
    value = number(content.keys.get(key, ""))
    if value is None or not np.isfinite(value):
        raise source.error(
            f"expected a number after {key}=, found "
            f"{content.keys.get(key, 'nothing')!r}. Export the file again."
        )
    return value


def _positive(source: TextSource, content: _Content, key: str) -> float:
    value = _key(source, content, key)
    if value <= 0:
        raise source.error(f"{key} is {value:g}; expected a positive number.")
    return value
