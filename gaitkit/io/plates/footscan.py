"""footscan (RSscan, Materialise): "Entire plate roll off", the whole plate as text.

The export states neither unit nor sensor size. Cells are newtons per sensor and the
sensors are 7.62 x 5.08 mm; both come from the device. The word before the frame
number is localised (``Frame``, ``Beeld``), so only the shape of the line counts.
Rows count upwards from the bottom of the plate: in a "Dynamic roll off" that states
"Right foot data" the hallux lies on the medial side only when rows are turned over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import PlateFile, PlateOptions
from gaitkit.io.plates.rows import RowBuffer
from gaitkit.io.plates.times import even_clock
from gaitkit.model.pressure import Evidence, PressureSource, pressure

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

NAME = "footscan entire plate"
MAKER = "footscan"

FRAME = re.compile(rb"^\s*[^\s\d]\S*\s+(-?\d+)\s+\((-?[\d.,]+)\s*ms\)\s*$")
"""A localised word, the frame number and its time."""

PITCH_MM = (7.62, 5.08)
"""Along and across the plate; sensors of 0.387 cm2 (footscan plates of all lengths,
as used by pressuRe 0.2 ``load_footscan``)."""

KNOWN_ROWS = (64, 128, 192, 256)
KNOWN_COLUMNS = (63, 64)
SMALLEST_PLATE = (16, 8)
"""No foot fits on fewer sensors of this size."""

STAMP_ROUNDING_S = 0.00001
"""Stamps are printed with 0.01 ms."""


def recognises(source: TextSource) -> bool:
    """Tell whether the file begins with a frame line of a whole plate."""
    first = source.head.lstrip(b"\xef\xbb\xbf\r\n\t ").split(b"\n", 1)[0]
    return FRAME.match(first) is not None


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a whole-plate export.

    Raises
    ------
    FormatError
        If a frame is incomplete, a cell is no number or the stamps do not increase.
    """
    del options  # applied to every format alike by the registry
    cells, stamps = read_frames(source)
    rows, columns = cells.shape[1:]
    known = rows in KNOWN_ROWS and columns in KNOWN_COLUMNS
    evidence: Evidence = "device table" if known else "assumed"
    cells /= np.float32(PITCH_MM[0] * PITCH_MM[1] * 1e-3)
    time = even_clock(stamps, rounding_s=STAMP_ROUNDING_S, source=source)
    data = pressure(
        cells,
        time_s=time,
        pitch_mm=PITCH_MM,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit="N/sensor",
            unit_evidence=evidence,
            pitch_evidence=evidence,
            time_source="header",
        ),
    )
    notes = () if known else (f"{rows} x {columns} sensors is not a known plate",)
    return PlateFile(mats=(data,), notes=notes)


def read_frames(source: TextSource) -> tuple[np.ndarray, np.ndarray]:
    """Read ``WORD n (t ms)`` frames.

    Parameters
    ----------
    source : TextSource
        The file.

    Returns
    -------
    cells : ndarray (time, row, col) of float32
        As in the file, turned over so that row 0 is the top of the plate.
    stamps : ndarray (time,)
        Seconds.

    Raises
    ------
    FormatError
        If a frame is incomplete or a cell is no number.
    """
    stamps: list[float] = []
    buffer: RowBuffer | None = None
    row, height = 0, 0
    for at, line in enumerate(source.lines(), start=1):
        if line.isspace():
            continue
        if line[:1] > b"9":  # a word: neither digit, sign nor blank
            height = _whole_frame(source, row, len(stamps), height)
            stamps.append(_stamp(source, line, at))
            continue
        if buffer is None:
            buffer = RowBuffer(source, len(line.split()))
        buffer.add(line, row=row, at=at)
        row += 1
    height = _whole_frame(source, row, len(stamps), height)
    if buffer is None or height == 0:
        raise source.error("no frame holds any numbers. Export the file again.")
    _check_size(source, height, buffer.columns)
    cells = buffer.dense(row, upwards=height).reshape(
        len(stamps), height, buffer.columns
    )
    if cells.min() < 0:
        raise source.error("a cell is negative: a load cannot be. Export it again.")
    return cells, np.asarray(stamps)


def _check_size(source: TextSource, rows: int, columns: int) -> None:
    if rows < SMALLEST_PLATE[0] or columns < SMALLEST_PLATE[1]:
        raise source.error(
            f"{rows} rows of {columns} sensors are no plate. The file is cut off; "
            f"export it again."
        )


def _stamp(source: TextSource, line: bytes, at: int) -> float:
    match = FRAME.match(line.removeprefix(b"\xef\xbb\xbf"))
    if match is None:
        raise source.error(
            f"expected a frame line such as 'Frame 12 (95.24 ms)' or a row of "
            f"numbers, found {line[:40].decode('latin-1').strip()!r}. "
            f"Export the file again.",
            line=at,
        )
    try:
        return float(match[2].replace(b",", b".")) / 1000
    except ValueError:
        raise source.error("the time of the frame is no number.", line=at) from None


def _whole_frame(source: TextSource, rows: int, frames: int, height: int) -> int:
    """Check that all frames so far have the same height, and return it."""
    if frames == 0:
        return 0
    if frames == 1:
        return rows
    if rows != frames * height:
        last = rows - (frames - 1) * height
        raise source.error(
            f"frame {frames} holds {last} rows, the first frame {height}. "
            f"The file is cut off or damaged; export it again."
        )
    return height
