"""Tekscan ASCII (F-Scan ``.asf``, I-Scan and MatScan ``.csv``): key lines, frames.

``B`` means that there is no sensel. The unit stands in ``UNITS``; ``raw`` are counts
without calibration and stay counts. Sensors at ``SATURATION_PRESSURE`` may bear more
than they say, so the measures are told of it. ``MIRROR_ROW`` and ``MIRROR_COL`` say
that the program mirrored its picture; no public description tells whether the rows of
the export are mirrored too, so they are kept as written and the doubt is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import RowBuffer
from gaitkit.io.text import decode, number
from gaitkit.model.pressure import Checksum, PressureSource, Surface, pressure

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

NAME = "Tekscan ASCII"
MAKER = "Tekscan"
MM_PER = {"mm": 1.0, "centimeters": 10.0, "cm": 10.0, "inches": 25.4, "in": 25.4}

_FRAME = re.compile(rb"^Frame\s+(\d{1,9})\b")
_RAW_SUM = re.compile(rb"Raw Sum=,*\s*(\d+(?:\.\d*)?)(?![\d.])")
_END = b"@@"
_RAW = "raw"


@dataclass(slots=True)
class _Content:
    """What has been read so far."""

    keys: dict[str, str] = field(default_factory=dict)
    raw_sums: list[float] = field(default_factory=list)
    frames: int = 0
    row: int = 0
    rows: int = 0
    buffer: RowBuffer | None = None
    ended: bool = False


def recognises(source: TextSource) -> bool:
    """Tell whether the head has Tekscan's key lines."""
    return b"Tekscan" in source.head and b"ASCII_DATA" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a Tekscan movie.

    Raises
    ------
    FormatError
        If frames are missing or incomplete, or a raw sum does not agree.
    """
    del options
    content = _Content()
    for at, line in enumerate(source.lines(), start=1):
        if not line.isspace() and not content.ended:
            _take(source, content, line, at)
    cells = _cells(source, content)
    valid = ~np.isnan(cells).all(axis=0)
    np.nan_to_num(cells, copy=False, nan=0.0)
    if cells.min(initial=0.0) < 0:
        raise source.error("a cell is negative: a load cannot be. Export it again.")
    unit = content.keys.get("UNITS", "")
    pitch = tuple(_length(source, content, k) for k in ("ROW_SPACING", "COL_SPACING"))
    interval = _number(source, content, "SECONDS_PER_FRAME")
    scale = _scale(source, unit, pitch[0] * pitch[1])
    check = _checksum(source, content, cells)
    if scale is not None:
        cells *= np.float32(scale)
    data = pressure(
        cells,
        time_s=np.arange(content.frames) * interval,
        pitch_mm=(pitch[0], pitch[1]),
        valid=valid,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=unit,
            unit="raw" if scale is None else "kPa",
            unit_evidence="unknown" if scale is None else "stated",
            pitch_evidence="stated",
            time_source="header",
            surface=_surface(content),
            saturation_kpa=_saturation(content),
            shown_mirrored=_mirrored(content),
            checksum=check,
        ),
    )
    note = "raw counts: no calibration in the file, pressures stay unknown"
    return PlateFile(mats=(data,), notes=(note,) if scale is None else ())


def _take(source: TextSource, content: _Content, line: bytes, at: int) -> None:
    if content.buffer is None:
        _heading(source, content, line)
    elif match := _FRAME.match(line):
        _start_frame(source, content, int(match[1]), at)
        if found := _RAW_SUM.search(line):
            content.raw_sums.append(float(found[1]))
    elif line.startswith(_END):
        content.ended = True
    else:
        if not content.frames:
            raise source.error("numbers stand before the first frame.", line=at)
        content.buffer.add(line, row=content.row, at=at)
        content.row += 1


def _heading(source: TextSource, content: _Content, line: bytes) -> None:
    key, _, value = decode(line).rstrip(",").partition(" ")
    if key == "ASCII_DATA":
        content.rows = int(_number(source, content, "ROWS"))
        columns = int(_number(source, content, "COLS"))
        content.buffer = RowBuffer(source, columns, delimiter=b",", absent="B")
    elif key not in {"FILENAME", "COMMENTS:", "CALIBRATION_INFO"}:
        content.keys.setdefault(key, value.strip())  # paths and comments hold names


def _start_frame(source: TextSource, content: _Content, index: int, at: int) -> None:
    if content.row != content.frames * content.rows:
        raise source.error(
            f"frame {index - 1} holds "
            f"{content.row - (content.frames - 1) * content.rows} rows, expected "
            f"{content.rows}. The file is damaged; export it again.",
            line=at,
        )
    content.frames += 1


def _cells(source: TextSource, content: _Content) -> np.ndarray:
    first, last = (
        int(_number(source, content, key)) for key in ("START_FRAME", "END_FRAME")
    )
    expected = last - first + 1
    whole = content.row == content.frames * content.rows
    if content.buffer is None or content.frames != expected or not whole:
        raise source.error(
            f"the heading announces {expected} frames of {content.rows} rows, found "
            f"{content.frames} frames with {content.row} rows. The file is cut off; "
            f"export it again."
        )
    shape = (content.frames, content.rows, content.buffer.columns)
    return content.buffer.dense(content.row).reshape(shape)


def _number(source: TextSource, content: _Content, key: str) -> float:
    text = content.keys.get(key, "")
    value = number(text.split(" ")[0]) if text else None
    if value is None or not 0 < value < np.inf:
        raise source.error(
            f"expected a positive number after {key}, found {text or 'nothing'!r}. "
            f"Export the file again."
        )
    return value


def _length(source: TextSource, content: _Content, key: str) -> float:
    value = _number(source, content, key)
    unit = content.keys[key].split(" ")[-1].lower()
    if unit not in MM_PER:
        raise source.error(f"{key} is in {unit!r}; expected mm, centimeters or inches.")
    return value * MM_PER[unit]


def _scale(source: TextSource, unit: str, area_mm2: float) -> float | None:
    key = unit_key(unit)
    if key == _RAW:
        return None
    if key in {"n", "newtons"}:
        return 1e3 / area_mm2
    if key not in KPA_PER:
        raise source.error(
            f"UNITS is {unit or 'missing'!r}; expected KPa, PSI, MPa, mmHg, N or raw."
        )
    return KPA_PER[key]


def _saturation(content: _Content) -> float | None:
    """Return the highest pressure that the sensors can report, None if not stated."""
    value, _, unit = content.keys.get("SATURATION_PRESSURE", "").partition(" ")
    scale, top = KPA_PER.get(unit_key(unit)), number(value)
    if scale is None or top is None or not 0 < top < np.inf:
        return None
    return top * scale


def _mirrored(content: _Content) -> bool:
    """Return whether the maker's program says that it mirrored rows or columns."""
    stated = (content.keys.get(key, "0") for key in ("MIRROR_ROW", "MIRROR_COL"))
    return any(number(value.split(" ")[0]) != 0 for value in stated)


def _surface(content: _Content) -> Surface:
    kind = content.keys.get("SENSOR_TYPE", "").upper()
    return "insole" if kind.startswith(("FSCAN", "F-SCAN", "3000")) else "mat"


def _checksum(
    source: TextSource, content: _Content, cells: np.ndarray
) -> Checksum | None:
    if len(content.raw_sums) != len(cells) or content.keys.get("UNITS", "") != _RAW:
        return None
    sums = cells.sum(axis=(1, 2), dtype=np.float64)
    off = np.abs(sums - np.asarray(content.raw_sums))
    check = Checksum(
        name="Raw Sum",
        unit="count",
        worst=float(off.max()),
        tolerance=0.5,  # counts are whole numbers
        frames=len(off),
    )
    if not check.passed:
        frame = int(off.argmax())
        raise source.error(
            f"frame {frame + 1}: the cells add up to {sums[frame]:.0f}, the file "
            f"states Raw Sum {content.raw_sums[frame]:.0f}. Export the file again."
        )
    return check
