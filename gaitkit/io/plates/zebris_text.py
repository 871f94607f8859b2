"""Zebris WinFDM and FDM-T raw text: a table of forces, then a matrix a frame.

Words are localised (``Li Kraft,N`` or ``l force,N``), so columns are found by their
units and by the fixed English words of the matrix part. Cells are N/cm2. On a
treadmill the belt position stands in the table and is kept as ``belt_m``: the frames
themselves are in the frame of the room. Lines count upwards (y1 at the bottom): only
then do the sides agree with the vendor's own left and right force.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import RowBuffer
from gaitkit.io.text import decode, number
from gaitkit.model.pressure import (
    N_PER_KPA_MM2,
    Checksum,
    PressureSource,
    Surface,
    pressure,
)

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

NAME = "Zebris raw text"
MAKER = "Zebris"
FORCE_TOLERANCE_N = 0.5
"""``Butterfly.force`` is printed with the cells rounded to 0.5 N/cm2 steps."""

FORCE_SHARE = 0.003
"""Treadmill exports are off by a thousandth of the force; up to three the frames are
read and the difference is told, above that cells are missing."""

FLOOR_KPA = 5.0
"""Cells come in steps of 0.5 N/cm2."""

_SURFACES: dict[str, Surface] = {"trplatf": "treadmill", "statplat": "plate"}
_PLATFORM_KEYS = ("Columns", "Lines", "Cell width,mm", "Cell height,mm", "Units")
_FRAME = re.compile(rb"^Frame (\d{1,9}) \{\s*$")
_TABLE = re.compile(rb"^[^\t]+,ms\t")
_BELT = ("position,m", "pos,m")
_TOTAL = "butterfly.force,n"


@dataclass(slots=True)
class _Content:
    """What has been read so far."""

    header: dict[str, str] = field(default_factory=dict)
    platform: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)
    in_platform: bool = False
    buffer: RowBuffer | None = None
    frames: int = 0
    row: int = 0
    lines: int = 0


def recognises(source: TextSource) -> bool:
    """Tell whether the head is one of a Zebris raw export."""
    return b"Frequency,Hz" in source.head and b"Application\t" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a raw export and compare its frames with the vendor's total force.

    Raises
    ------
    FormatError
        If a frame is missing or incomplete, or totals disagree by over 0.5 N and 0.3 %.
    """
    del options
    content = _Content()
    for at, line in enumerate(source.lines(), start=1):
        if line[:1] == b"y" and content.buffer is not None:
            _matrix_row(source, content, line, at)
        elif not line.isspace():
            _other_line(source, content, line, at)
    cells, pitch = _cells(source, content)
    rate = _required(source, content.header, "Frequency,Hz")
    surface = _SURFACES.get(content.header.get("Application", ""), "plate")
    data = pressure(
        cells,
        time_s=np.arange(content.frames) / rate,
        pitch_mm=pitch,
        belt_m=_belt(content) if surface == "treadmill" else None,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=content.platform["Units"],
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="header",
            surface=surface,
            floor_kpa=FLOOR_KPA,
            checksum=_checksum(source, content, cells, pitch),
        ),
    )
    return PlateFile(mats=(data,))


def _matrix_row(source: TextSource, content: _Content, line: bytes, at: int) -> None:
    label, _, numbers = line.partition(b"\t")
    expected = content.row % content.lines + 1
    if label != b"y%d" % expected:
        raise source.error(
            f"expected row y{expected} of frame {content.frames}, found "
            f"{label[:10].decode('latin-1')!r}. The file is damaged; export it again.",
            line=at,
        )
    if content.buffer is not None:
        content.buffer.add(numbers, row=content.row, at=at)
    content.row += 1


def _other_line(source: TextSource, content: _Content, line: bytes, at: int) -> None:
    if match := _FRAME.match(line):
        _start_frame(source, content, int(match[1]), at)
    elif content.frames:
        return  # captions inside a frame
    elif content.in_platform:
        key, _, value = decode(line).partition("\t")
        content.platform[key] = value.strip()
    elif line.startswith(b"Platform {"):
        content.in_platform = True
    elif _TABLE.match(line) and not content.columns:
        content.columns = [word.strip().lower() for word in decode(line).split("\t")]
    elif content.columns:
        if line[:1].isdigit():
            content.table.append(decode(line).split("\t"))
    else:
        key, _, value = decode(line).partition("\t")
        content.header[key] = value.strip()


def _start_frame(source: TextSource, content: _Content, index: int, at: int) -> None:
    if content.frames == 0:
        missing = [key for key in _PLATFORM_KEYS if key not in content.platform]
        if missing:
            raise source.error(
                f"the platform block lacks {', '.join(missing)}. Export it again.",
                line=at,
            )
        columns = int(_required(source, content.platform, "Columns"))
        content.lines = int(_required(source, content.platform, "Lines"))
        content.buffer = RowBuffer(source, columns)
    if index != content.frames + 1 or content.row != content.frames * content.lines:
        raise source.error(
            f"expected frame {content.frames + 1} after a whole frame of "
            f"{content.lines} rows, found frame {index}. The file is cut or damaged; "
            f"export it again.",
            line=at,
        )
    content.frames += 1


def _cells(
    source: TextSource, content: _Content
) -> tuple[np.ndarray, tuple[float, float]]:
    stated = content.platform.get("Frame count", str(content.frames))
    whole = content.row == content.frames * content.lines
    if content.buffer is None or not whole or number(stated) != content.frames:
        raise source.error(
            f"the platform states {stated} frames, {content.frames} were found "
            f"({content.row} rows). The file is cut off; export it again."
        )
    scale = KPA_PER.get(unit_key(content.platform["Units"]))
    if scale is None:
        raise source.error(
            f"unit {content.platform['Units']!r} is unknown; expected N/cm^2 or kPa."
        )
    cells = content.buffer.dense(content.row, upwards=content.lines)
    if cells.min() < 0:
        raise source.error("a cell is negative: a load cannot be. Export it again.")
    cells *= np.float32(scale)
    pitch = (
        _required(source, content.platform, "Cell height,mm"),
        _required(source, content.platform, "Cell width,mm"),
    )
    return cells.reshape(content.frames, content.lines, content.buffer.columns), pitch


def _required(source: TextSource, table: dict[str, str], key: str) -> float:
    value = number(table.get(key, ""))
    if value is None or not 0 < value < np.inf:
        raise source.error(
            f"expected a positive number after {key!r}, found "
            f"{table.get(key, 'nothing')!r}. Export the file again."
        )
    return value


def _column(content: _Content, names: tuple[str, ...]) -> np.ndarray | None:
    place = next((i for i, c in enumerate(content.columns) if c in names), None)
    if place is None or len(content.table) != content.frames:
        return None
    values = [number(row[place]) if place < len(row) else None for row in content.table]
    return np.array([np.nan if value is None else value for value in values])


def _belt(content: _Content) -> np.ndarray | None:
    belt = _column(content, _BELT)
    return belt if belt is not None and np.isfinite(belt).all() else None


def _checksum(
    source: TextSource,
    content: _Content,
    cells: np.ndarray,
    pitch: tuple[float, float],
) -> Checksum | None:
    """Compare with Butterfly.force, which is 0 at the first and last contacts."""
    stated = _column(content, (_TOTAL,))
    if stated is None or not (stated > 0).any():
        return None
    area = pitch[0] * pitch[1] * N_PER_KPA_MM2
    sums = cells.sum(axis=(1, 2), dtype=np.float64) * area
    off = np.where(stated > 0, np.abs(sums - stated), 0.0)
    check = Checksum(
        name="Butterfly.force",
        unit="N",
        worst=float(off.max()),
        tolerance=FORCE_TOLERANCE_N,
        frames=int((stated > 0).sum()),
    )
    beyond = off - np.maximum(FORCE_TOLERANCE_N, FORCE_SHARE * stated)
    if beyond.max() > 0:
        frame = int(beyond.argmax())
        raise source.error(
            f"frame {frame + 1}: the cells add up to {sums[frame]:.1f} N, the file "
            f"states {stated[frame]:.1f} N. The file is damaged; export it again."
        )
    return check
