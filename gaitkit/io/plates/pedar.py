"""novel pedar and pliance ``.asc``: one line a frame, one column a sensor, in kPa.

pedar columns 1-99 are the left insole, 100-198 the right one; where the sensors lie
depends on the size of the insole and is not in the file. pliance adds a block with
the corners of every sensor, from which the grid is rebuilt.

The grid of a pliance mat, rebuilt from the corners of its sensors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import check_size
from gaitkit.io.plates.times import even_clock
from gaitkit.io.text import decode, number, whole_number
from gaitkit.model.pressure import N_PER_KPA_MM2, Checksum, PressureSource, pressure
from gaitkit.model.side import Side

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.io.text import TextSource

NAME = "novel asc"
MAKER = "novel pedar / pliance"
SENSORS_PER_INSOLE = 99
STAMP_ROUNDING_S = 0.00001
FORCE_TOLERANCE_N = 0.02
"""Forces are printed with three decimals, areas in the file with 0.0001 cm2."""

_UNIT = re.compile(r"pressure values in\s+(\S+)")
_UNKNOWN = (float("nan"), float("nan"))
MM_PER_CM = 10.0
PRINTED_MM = 0.01
"""Corners are printed with 0.001 mm; centres within 0.01 mm are one row."""


@dataclass(slots=True)
class _Content:
    """What has been read so far."""

    unit: str = ""
    sensors: list[int] = field(default_factory=list)
    stamps: list[float] = field(default_factory=list)
    frames: list[list[float]] = field(default_factory=list)
    totals: dict[float, float] = field(default_factory=dict)
    corners: dict[str, list[float]] = field(default_factory=dict)
    part: str = "heading"


def recognises(source: TextSource) -> bool:
    """Tell whether the head is one of a novel asc export."""
    return b"pressure values in" in source.head and b"time[secs]" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read insoles (left, right) or a pliance mat.

    Raises
    ------
    FormatError
        If a frame is incomplete, a cell is no number or the unit is unknown.
    """
    del options
    content = _Content()
    for at, line in enumerate(source.lines(), start=1):
        if not line.isspace():
            _take(source, content, line, at)
    if not content.frames:
        raise source.error("no frame was found below time[secs]. Export it again.")
    scale = KPA_PER.get(unit_key(content.unit))
    if scale is None:
        raise source.error(f"unit {content.unit!r} is unknown; expected kPa.")
    cells = np.asarray(content.frames, dtype=np.float32) * np.float32(scale)
    if not (np.isfinite(cells).all() and cells.min() >= 0):
        raise source.error("a cell is negative or not finite. Export it again.")
    time = even_clock(
        np.asarray(content.stamps), rounding_s=STAMP_ROUNDING_S, source=source
    )
    if content.corners:
        return _pliance(source, content, cells, time)
    mats: tuple[xr.Dataset, ...] = (_insole(content, cells, time, None),)
    if len(content.sensors) == 2 * SENSORS_PER_INSOLE:
        left, right = np.split(cells, 2, axis=1)
        mats = (
            _insole(content, left, time, Side.LEFT),
            _insole(content, right, time, Side.RIGHT),
        )
    note = "the places and areas of the sensors depend on the insole and are unknown"
    return PlateFile(mats=mats, notes=(note,))


def _take(source: TextSource, content: _Content, line: bytes, at: int) -> None:
    words = line.split()
    if words[0] == b"time[secs]":
        _heading_of_columns(source, content, words, at)
    elif content.part == "frames" and words[0][:1].isdigit():
        _frame(source, content, words, at)
    elif content.part == "totals" and words[0][:1].isdigit():
        time_s, *rest = _floats(source, words[:2], at)
        content.totals[time_s] = rest[0] if rest else np.nan
    elif words[0].startswith(b"corner["):
        content.part = "corners"
    elif content.part == "corners":
        content.corners[words[0].decode("latin-1")] = _floats(source, words[1:], at)
    elif content.part == "heading" and (match := _UNIT.search(decode(line))):
        content.unit = match[1]


def _heading_of_columns(
    source: TextSource, content: _Content, words: list[bytes], at: int
) -> None:
    if (
        not words[1:2] or not words[1].isdigit()
    ):  # the block of total force and centre of pressure
        content.part = "totals"
        return
    if content.sensors:
        raise source.error("the columns are announced twice.", line=at)
    numbers = [whole_number(word) for word in words[1:]]
    content.sensors = [each for each in numbers if each is not None]
    content.part = "frames"


def _frame(source: TextSource, content: _Content, words: list[bytes], at: int) -> None:
    values = _floats(source, words, at)
    if len(values) != len(content.sensors) + 1:
        raise source.error(
            f"expected {len(content.sensors)} sensors, found {len(values) - 1}. The "
            f"file is cut off or damaged; export it again.",
            line=at,
        )
    content.stamps.append(values[0])
    content.frames.append(values[1:])


def _floats(source: TextSource, words: list[bytes], at: int) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError:
        values = [number(word.decode("latin-1")) for word in words]
    if None in values:
        raise source.error("a cell is not a number. Export the file again.", line=at)
    return [value for value in values if value is not None]


def _origin(content: _Content) -> PressureSource:
    return PressureSource(
        maker=MAKER,
        format=NAME,
        raw_unit=content.unit,
        unit_evidence="stated",
        pitch_evidence="unknown",
        time_source="header",
        surface="insole",
        layout="sensors",
    )


def _insole(
    content: _Content, cells: np.ndarray, time: np.ndarray, side: Side | None
) -> xr.Dataset:
    return pressure(
        cells[:, None, :],
        time_s=time,
        pitch_mm=_UNKNOWN,
        source=replace(_origin(content), side=side),
    )


def _pliance(
    source: TextSource, content: _Content, cells: np.ndarray, time: np.ndarray
) -> PlateFile:
    grid = grid_from_corners(source, content.corners, len(content.sensors))
    matrix = np.zeros((len(cells), *grid.valid.shape), dtype=np.float32)
    matrix[:, grid.row, grid.col] = cells
    data = pressure(
        matrix,
        time_s=time,
        pitch_mm=grid.pitch_mm,
        valid=grid.valid,
        source=replace(
            _origin(content),
            surface="mat",
            layout="grid",
            pitch_evidence="stated",
            checksum=_checksum(source, content, matrix, grid.pitch_mm),
        ),
    )
    return PlateFile(mats=(data,))


def _checksum(
    source: TextSource,
    content: _Content,
    matrix: np.ndarray,
    pitch_mm: tuple[float, float],
) -> Checksum | None:
    """Compare with the block of total forces, frame by frame of the same time."""
    both = [i for i, t in enumerate(content.stamps) if t in content.totals]
    if not both:
        return None
    stated = np.array([content.totals[content.stamps[i]] for i in both])
    area = pitch_mm[0] * pitch_mm[1] * N_PER_KPA_MM2
    sums = matrix[both].sum(axis=(1, 2), dtype=np.float64) * area
    off = np.abs(sums - stated)
    check = Checksum(
        name="force[N]",
        unit="N",
        worst=float(off.max()),
        tolerance=FORCE_TOLERANCE_N,
        frames=len(both),
    )
    if not check.passed:
        frame = both[int(off.argmax())] + 1
        raise source.error(
            f"frame {frame}: the cells add up to {sums[off.argmax()]:.2f} N, the file "
            f"states {stated[off.argmax()]:.2f} N. Export the file again."
        )
    return check


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorGrid:
    """Where each sensor lies.

    Attributes
    ----------
    row, col : ndarray (sensor,) of int
        Place in the matrix; row 0 has the largest y.
    valid : ndarray (row, col) of bool
        True where a sensor lies.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    """

    row: np.ndarray
    col: np.ndarray
    valid: np.ndarray
    pitch_mm: tuple[float, float]


def grid_from_corners(
    source: TextSource, corners: dict[str, list[float]], sensors: int
) -> SensorGrid:
    """Place the sensors on a grid by their centres.

    Parameters
    ----------
    source : TextSource
        For messages.
    corners : dict
        Lines ``x[c]`` and ``y[c]`` in cm.
    sensors : int
        Expected number.

    Raises
    ------
    FormatError
        If the block is incomplete or the sensors share a place.
    """
    x, y = (np.asarray(corners.get(key, ())) * MM_PER_CM for key in ("x[c]", "y[c]"))
    if x.size != sensors or y.size != sensors:
        raise source.error(
            f"expected the centres of {sensors} sensors in the corner block, found "
            f"{x.size} and {y.size}. The file is cut off; export it again."
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise source.error("a centre in the corner block is no place. Export it again.")
    col, columns, dx = _places(x)
    up, rows, dy = _places(y)
    check_size(source, frames=1, rows=rows, columns=columns)
    row = rows - 1 - up
    valid = np.zeros((rows, columns), dtype=bool)
    valid[row, col] = True
    if int(valid.sum()) != sensors:
        raise source.error("two sensors share a place in the corner block.")
    return SensorGrid(row=row, col=col, valid=valid, pitch_mm=(dy, dx))


def _places(centres: np.ndarray) -> tuple[np.ndarray, int, float]:
    ordered = np.sort(centres)
    steps = np.diff(ordered)
    apart = steps[steps > PRINTED_MM]
    pitch = float(np.median(apart)) if apart.size else PRINTED_MM
    index = np.rint((centres - ordered[0]) / pitch).astype(int)
    return index, int(index.max()) + 1, pitch
