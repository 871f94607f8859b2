"""XSENSOR CSV in its block layouts: X4 / PRO 8 (``SENSOR`` blocks) and PRO 7 REV 1.

PRO 8 puts a line of commas after every line; PRO 7 writes ``Key:,"value"`` lines and a
decimal comma inside quotes. A file may hold two sensors a frame (both insoles).
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.times import frame_clock
from gaitkit.io.text import decode, number
from gaitkit.model.pressure import (
    N_PER_KPA_MM2,
    Checksum,
    PressureSource,
    Surface,
    pressure,
)
from gaitkit.model.side import Side

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.io.text import TextSource

NAME = "XSENSOR blocks"
MAKER = "XSENSOR"
MM_PER_CM = 10.0
LOAD_TOLERANCE_N = 0.5
"""Cells are printed with 0.01 mmHg: 341 cells of 74 mm2 round to below 0.1 N."""

AREA_TOLERANCE = 0.012
"""Sensel sizes are printed with 0.01 cm, 0.6 % of 0.86 cm in each direction."""

_SIDE = re.compile(r"(?:^|[-_ ])(LF|RF)(?:[-_ ]|$)|\b(left|right)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Sensor:
    """One sensor mat over the frames."""

    name: str
    rows: int = 0
    columns: int = 0
    pitch_mm: list[float] = field(default_factory=lambda: [float("nan")] * 2)
    frames: list[list[list[float]]] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Content:
    """What has been read so far."""

    unit: str = ""
    times: list[str] = field(default_factory=list)
    sensors: dict[str, _Sensor] = field(default_factory=dict)
    current: _Sensor | None = None
    in_group: bool = False
    in_matrix: bool = False


def recognises(source: TextSource) -> bool:
    """Tell whether the head has XSENSOR's keys and a sensor block."""
    head = source.head.lower()
    blocks = b"sensels" in head or b"sensor:" in head or b"sensor," in head
    return blocks and b"units" in head and b"rows" in head and b"columns" in head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a block export; one mat for each sensor name.

    Raises
    ------
    FormatError
        If a matrix is incomplete, the unit is unknown or the load does not agree.
    """
    del options
    content = _Content()
    for at, line in enumerate(source.lines(), start=1):
        if line.strip(b", \t\r\n\xef\xbb\xbf"):
            _take(source, content, line, at)
    scale = KPA_PER.get(unit_key(content.unit))
    if scale is None:
        raise source.error(
            f"Units is {content.unit or 'missing'!r}; expected mmHg, kPa, psi or N/cm2."
        )
    mats = tuple(
        _mat(source, content, sensor, scale) for sensor in content.sensors.values()
    )
    if not mats:
        raise source.error("no sensor block found. Export the frames again.")
    return PlateFile(mats=mats)


def _take(source: TextSource, content: _Content, line: bytes, at: int) -> None:
    text = decode(line)
    if content.in_group and not text.upper().startswith(("SENSOR", "FRAME")):
        return  # regions of the vendor's program repeat cells of the sensors
    if line[:1].isdigit() or line[:2] in {b'"-', b"-1"} or _quoted_number(line):
        _row(source, content, text, at)
        return
    if content.in_matrix:
        raise source.error(
            f"expected a row of pressures, found {text[:30]!r}. The file is damaged; "
            f"export it again.",
            line=at,
        )
    key, _, value = text.partition(",")
    key = key.strip().rstrip(":").strip()
    value = value.strip().rstrip(",").strip().strip('"')
    lower = key.lower()
    content.in_group = lower == "group"
    content.in_matrix = lower == "sensels"
    if lower == "time":
        content.times.append(value)
    elif lower == "sensor":
        sensor = content.sensors.setdefault(value, _Sensor(name=value))
        sensor.frames.append([])
        content.current = sensor
    elif lower == "units":
        content.unit = value
    else:
        _sensor_key(content, lower, value)


def _quoted_number(line: bytes) -> bool:
    return line[:1] == b'"' and line[1:2].isdigit()


def _sensor_key(content: _Content, key: str, value: str) -> None:
    sensor, found = content.current, number(value)
    if sensor is None or found is None or not math.isfinite(found):
        return
    if key in {"rows", "columns"}:
        setattr(sensor, key, int(found))
    elif key.startswith("sensel height"):
        sensor.pitch_mm[0] = found * MM_PER_CM
    elif key.startswith("sensel width"):
        sensor.pitch_mm[1] = found * MM_PER_CM
    elif key.startswith("est. load (n)"):
        sensor.loads.append(found)


def _row(source: TextSource, content: _Content, text: str, at: int) -> None:
    sensor = content.current
    if sensor is None or not sensor.columns:
        raise source.error(
            "numbers stand before the sensor's Rows and Columns.", line=at
        )
    try:
        words = next(csv.reader([text])) if '"' in text else text.split(",")
    except csv.Error:  # a cell of more than 130,000 letters
        words = []
    values = [number(word) for word in words[: sensor.columns]]
    whole = [v for v in values if v is not None and np.isfinite(v) and v >= 0]
    if len(whole) != sensor.columns or any(w.strip() for w in words[sensor.columns :]):
        raise source.error(
            f"expected {sensor.columns} pressures in the row, found {len(whole)}. The "
            f"file is damaged; export it again.",
            line=at,
        )
    sensor.frames[-1].append(whole)
    content.in_matrix = len(sensor.frames[-1]) < sensor.rows


def _mat(
    source: TextSource, content: _Content, sensor: _Sensor, scale: float
) -> xr.Dataset:
    for index, frame in enumerate(sensor.frames, start=1):
        if len(frame) != sensor.rows or not frame:
            raise source.error(
                f"frame {index} of a sensor holds {len(frame)} rows, expected "
                f"{sensor.rows}. The file is cut off; export it again."
            )
    if len({len(row) for frame in sensor.frames for row in frame}) != 1:
        raise source.error("rows differ in width: it is damaged. Export it again.")
    cells = np.asarray(sensor.frames, dtype=np.float32) * np.float32(scale)
    height, width = sensor.pitch_mm
    known = bool(np.isfinite([height, width]).all())
    side = _side(sensor.name)
    surface: Surface = "mat" if side is None else "insole"
    return pressure(
        cells,
        time_s=frame_clock(content.times, frames=len(cells), source=source),
        pitch_mm=(height, width),
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=content.unit,
            unit_evidence="stated",
            pitch_evidence="stated" if known else "unknown",
            time_source="header",
            surface=surface,
            side=side,
            checksum=_checksum(source, sensor, cells, height * width),
        ),
    )


def _side(name: str) -> Side | None:
    match = _SIDE.search(name)
    if match is None:
        return None
    return Side.LEFT if match[0].strip("-_ ").lower()[0] == "l" else Side.RIGHT


def _checksum(
    source: TextSource, sensor: _Sensor, cells: np.ndarray, area_mm2: float
) -> Checksum | None:
    if len(sensor.loads) != len(cells) or not np.isfinite(area_mm2):
        return None
    sums = cells.sum(axis=(1, 2), dtype=np.float64) * area_mm2 * N_PER_KPA_MM2
    off = np.abs(sums - np.asarray(sensor.loads))
    check = Checksum(
        name="Est. Load",
        unit="N",
        worst=float(off.max()),
        tolerance=LOAD_TOLERANCE_N + AREA_TOLERANCE * max(sensor.loads),
        frames=len(off),
    )
    if not check.passed:
        frame = int(off.argmax())
        raise source.error(
            f"frame {frame + 1}: the cells add up to {sums[frame]:.1f} N, the file "
            f"states {sensor.loads[frame]:.1f} N. Export the file again."
        )
    return check
