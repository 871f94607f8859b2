"""novel emed and emascii ``.lst``: pages of kPa with a checksum in newtons.

Each page is one picture, closed by a form feed. The first column is the row number of
the sensor, the last one the force of the row; the last number of the page is the
force of the picture. Pages with mean and maximum value pictures may follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import PlateFile, PlateOptions
from gaitkit.io.text import decode, whole_number
from gaitkit.model.pressure import (
    N_PER_KPA_MM2,
    Checksum,
    PressureSource,
    pressure,
)

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

NAME = "novel lst"
MAKER = "novel emed"
FLOOR_KPA = 10.0
"""emed reports nothing below 10 kPa (lowest non-zero value in 19 exports)."""

FORCE_TOLERANCE_N = 0.01
"""Cells and forces are printed with two decimals."""

_MATRIX = re.compile(r"Matrix:\s*(\d{1,6})\s*x\s*(\d{1,6})\b")
_INTERVAL = re.compile(r"Time/picture:\s*([\d.,]+)\s*ms")
_SIZE = re.compile(r"Sensor size:\s*([\d.,]+)\s*x\s*([\d.,]+)\s*cm")
_PICTURE = re.compile(r"Pict-No\.:\s*(\d+)")
_SUMMARY = re.compile(r"\b(MVP|MPP)\b")


@dataclass(slots=True)
class _Pages:
    """What the pages hold, collected while they are read."""

    columns: int = 0
    rows: int = 0
    pitch_mm: tuple[float, float] = (float("nan"), float("nan"))
    interval_s: float = float("nan")
    box: list[int] = field(default_factory=list)
    pictures: list[np.ndarray] = field(default_factory=list)
    forces: list[float] = field(default_factory=list)
    current: np.ndarray | None = None
    summary: bool = False


def recognises(source: TextSource) -> bool:
    """Tell whether the head is one of a novel picture list."""
    return b"Matrix:" in source.head and b"Pict-No" in source.head


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read a picture list and check every picture against its stated force.

    Raises
    ------
    FormatError
        If a page is incomplete or its force does not agree with its cells.
    """
    del options
    pages = _Pages()
    for at, line in enumerate(source.lines(), start=1):
        _take(source, pages, line, at)
    if pages.current is not None:
        raise source.error("the last picture has no Force row: the file is cut off.")
    if not pages.pictures or not np.isfinite([*pages.pitch_mm, pages.interval_s]).all():
        raise source.error(
            "expected pictures with 'Sensor size' and 'Time/picture' in their "
            "heading. Export the list again with headings."
        )
    cells = np.stack(pages.pictures)
    data = pressure(
        cells,
        time_s=np.arange(len(cells)) * pages.interval_s,
        pitch_mm=pages.pitch_mm,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit="kPa",
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="header",
            floor_kpa=FLOOR_KPA,
            checksum=_checksum(source, pages, cells),
        ),
    )
    return PlateFile(mats=(data,))


def _take(source: TextSource, pages: _Pages, line: bytes, at: int) -> None:
    words = line.replace(b"\x0c", b" ").split()
    if not words:
        return
    if words[-1] == b"Force" and words[0].isdigit():
        _start_picture(source, pages, words, at)
    elif words[0] == b"Force":
        _end_picture(source, pages, words, at)
    elif words[0].isdigit() and pages.current is not None:
        _add_row(source, pages, words, at)
    elif not words[0].isdigit():
        _heading(pages, decode(line), source, at)


def _heading(pages: _Pages, text: str, source: TextSource, at: int) -> None:
    if found := _MATRIX.search(text):
        size = int(found[2]), int(found[1])
        if pages.rows and size != (pages.rows, pages.columns):
            raise source.error(f"the matrix changes to {found[0]!r}.", line=at)
        pages.rows, pages.columns = size
    if found := _INTERVAL.search(text):
        pages.interval_s = _positive(found[1], source, at) / 1000
    if found := _SIZE.search(text):
        width, height = (_positive(found[i], source, at) * 10 for i in (1, 2))
        pages.pitch_mm = (height, width)
    if _SUMMARY.search(text):
        pages.summary = True
    elif _PICTURE.search(text):
        pages.summary = False


def _positive(text: str, source: TextSource, at: int) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if value <= 0:
        raise source.error(f"expected a positive number, found {text!r}.", line=at)
    return value


def _start_picture(
    source: TextSource, pages: _Pages, words: list[bytes], at: int
) -> None:
    if pages.current is not None:
        raise source.error("a picture begins before the last one ended.", line=at)
    if not pages.rows:
        raise source.error("a picture begins before 'Matrix:'.", line=at)
    box = [whole_number(word) for word in words[:-1]]
    pages.box = [number for number in box if number is not None]
    if (
        len(pages.box) != len(box)
        or not 1 <= min(pages.box) <= max(pages.box) <= pages.columns
    ):
        raise source.error(
            f"expected column numbers from 1 to {pages.columns}.", line=at
        )
    pages.current = np.zeros((pages.rows, pages.columns), dtype=np.float32)


def _add_row(source: TextSource, pages: _Pages, words: list[bytes], at: int) -> None:
    number = whole_number(words[0])
    values = _numbers(source, pages, words, at)
    if number is None or not 1 <= number <= pages.rows or pages.current is None:
        raise source.error(
            f"row {words[0][:9].decode()} lies outside the matrix of "
            f"{pages.rows} rows.",
            line=at,
        )
    pages.current[number - 1, np.array(pages.box) - 1] = values[:-1]


def _end_picture(
    source: TextSource, pages: _Pages, words: list[bytes], at: int
) -> None:
    if pages.current is None:
        raise source.error("a Force row stands outside a picture.", line=at)
    values = _numbers(source, pages, words, at)
    if not pages.summary:
        pages.pictures.append(pages.current)
        pages.forces.append(float(values[-1]))
    pages.current = None


def _numbers(
    source: TextSource, pages: _Pages, words: list[bytes], at: int
) -> np.ndarray:
    expected = len(pages.box) + 1
    if len(words) - 1 != expected:
        raise source.error(
            f"expected {expected} numbers in the row, found {len(words) - 1}. "
            f"The file is damaged; export it again.",
            line=at,
        )
    try:
        values = np.array([float(w.replace(b",", b".")) for w in words[1:]])
    except ValueError:
        raise source.error(
            "a cell is not a number. The file is damaged; export it again.", line=at
        ) from None
    if not (np.isfinite(values).all() and values.min() >= 0):
        raise source.error("a cell is negative or not finite.", line=at)
    return values


def _checksum(source: TextSource, pages: _Pages, cells: np.ndarray) -> Checksum:
    area = pages.pitch_mm[0] * pages.pitch_mm[1]
    sums = cells.sum(axis=(1, 2), dtype=np.float64) * area * N_PER_KPA_MM2
    off = np.abs(sums - np.asarray(pages.forces))
    check = Checksum(
        name="Force",
        unit="N",
        worst=float(off.max()),
        tolerance=FORCE_TOLERANCE_N,
        frames=len(off),
    )
    if not check.passed:
        frame = int(off.argmax())
        raise source.error(
            f"picture {frame + 1}: the cells add up to {sums[frame]:.2f} N, the file "
            f"states Force {pages.forces[frame]:.2f} N. The file is damaged or its "
            f"unit is not kPa; export it again."
        )
    return check
