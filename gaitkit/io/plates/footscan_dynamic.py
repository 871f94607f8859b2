"""footscan "Dynamic roll off": one or both feet, cropped, as text or BIFF ``.xls``.

The heading gives the rectangle of each foot on the plate; names are skipped. Cells are
newtons per sensor and rows count upwards, as in the whole-plate export.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.plates.footscan import MAKER, PITCH_MM, STAMP_ROUNDING_S
from gaitkit.io.plates.plate_file import PlateFile, PlateOptions
from gaitkit.io.plates.times import even_clock
from gaitkit.io.text import decode, number
from gaitkit.model.pressure import PressureSource, pressure
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr

    from gaitkit.io.text import TextSource

NAME = "footscan dynamic roll off"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Compound file, the container of BIFF workbooks."""

_TITLE = re.compile(r"^Dynamic Roll\s*-?\s*off", re.IGNORECASE)
_FRAME = re.compile(r"^[^\s\d]\S*\s+(-?\d+)\s+\((-?[\d.,]+)\s*ms\)$")
_FOOT = re.compile(r"^(left|right)\s+foot\s+data", re.IGNORECASE)
_RECTANGLE = re.compile(r"rectangle\s+(bottom|left|width|height)", re.IGNORECASE)


@dataclass(slots=True)
class _Foot:
    """One foot while it is read."""

    side: Side
    pending: str = ""
    rectangle: dict[str, float] = field(default_factory=dict)
    stamps: list[float] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)


def recognises(source: TextSource) -> bool:
    """Tell whether the title stands in the first line, of a text or a workbook."""
    if source.head.startswith(OLE_MAGIC):
        return True  # the only maker that exports BIFF; read() checks the title
    return _TITLE.match(decode(source.head.split(b"\n", 1)[0])) is not None


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read each foot of the file as one mat.

    Raises
    ------
    FormatError
        If the title is missing or a frame is incomplete.
    """
    del options
    workbook = source.head.startswith(OLE_MAGIC)
    rows = _workbook_rows(source) if workbook else _text_rows(source)
    feet: list[_Foot] = []
    first = next(rows, [""])
    if not _TITLE.match(first[0]):
        raise source.error(
            f"expected a footscan 'Dynamic Roll off' export, found "
            f"{first[0][:40]!r}. Export the roll-off from footscan."
        )
    for at, words in enumerate(rows, start=2):
        _take(source, feet, words, at)
    mats = tuple(_mat(source, foot) for foot in feet if foot.stamps)
    if not mats:
        raise source.error("no foot holds any frame. Export the file again.")
    return PlateFile(mats=mats)


def _text_rows(source: TextSource) -> Iterator[list[str]]:
    for line in source.lines():
        yield [word.strip() for word in decode(line).split("\t")]


def _workbook_rows(source: TextSource) -> Iterator[list[str]]:
    import xlrd

    try:
        with source.open() as stream:
            book = xlrd.open_workbook(file_contents=stream.read())
            sheet = book.sheet_by_index(0)
            rows = [
                [str(value).strip() for value in sheet.row_values(index)]
                for index in range(sheet.nrows)
                if sheet.row_len(index)
            ]
    except FormatError:
        raise
    except Exception as error:
        # xlrd raises AssertionError, IndexError, struct.error, ... on damaged files
        msg = (
            f"{source.name} is not a whole Excel workbook "
            f"({type(error).__name__}). Export it again."
        )
        raise FormatError(msg) from error
    yield from rows


def _take(source: TextSource, feet: list[_Foot], words: list[str], at: int) -> None:
    first = words[0]
    if match := _FOOT.match(first):
        side = Side.LEFT if match[1].lower() == "left" else Side.RIGHT
        feet.append(_Foot(side=side))
    elif not feet or not any(words):
        return
    elif match := _FRAME.match(first):
        _start_frame(source, feet[-1], match[2], at)
    elif number(first) is not None and feet[-1].stamps:
        feet[-1].rows.append(_numbers(source, words, at))
    else:
        _rectangle(feet[-1], words)


def _start_frame(source: TextSource, foot: _Foot, stamp: str, at: int) -> None:
    _whole(source, foot, at)
    seconds = number(stamp)
    if seconds is None:
        raise source.error(f"the time {stamp!r} is not a number.", line=at)
    foot.stamps.append(seconds / 1000)


def _whole(source: TextSource, foot: _Foot, at: int | None = None) -> None:
    height = foot.rectangle.get("height")
    expected = None if height is None else len(foot.stamps) * int(height)
    if expected is None or len(foot.rows) != expected:
        raise source.error(
            f"frame {len(foot.stamps)} is incomplete: {len(foot.rows)} rows so far, "
            f"expected {expected}. The file is cut off; export it again.",
            line=at,
        )


def _rectangle(foot: _Foot, words: list[str]) -> None:
    """Keep a bound of the rectangle; its value stands behind or below its name."""
    if match := _RECTANGLE.search(words[0]):
        foot.pending = match[1].lower()
        words = [words[0].split()[-1], *words[1:]]
    values = [number(word) for word in words]
    found = next((value for value in values if value is not None), None)
    if found is not None and not math.isfinite(found):
        found = None
    if foot.pending and found is not None:
        foot.rectangle[foot.pending] = found
        foot.pending = ""


def _numbers(source: TextSource, words: list[str], at: int) -> list[float]:
    while words and not words[-1]:
        words = words[:-1]
    values = [number(word) for word in words]
    whole = [v for v in values if v is not None and 0 <= v < np.inf]
    if len(whole) != len(values):
        raise source.error("a cell is not a load. Export the file again.", line=at)
    return whole


def _mat(source: TextSource, foot: _Foot) -> xr.Dataset:
    _whole(source, foot)
    width = {len(row) for row in foot.rows}
    stated = foot.rectangle.get("width")
    if len(width) != 1 or (stated is not None and width != {int(stated)}):
        raise source.error(
            f"rows have {sorted(width)} cells, the rectangle is {stated} wide. "
            f"The file is damaged; export it again."
        )
    cells = np.asarray(foot.rows, dtype=np.float32)
    cells = cells.reshape(len(foot.stamps), -1, width.pop())[:, ::-1]
    cells = cells / np.float32(PITCH_MM[0] * PITCH_MM[1] * 1e-3)
    return pressure(
        cells,
        time_s=even_clock(
            np.asarray(foot.stamps), rounding_s=STAMP_ROUNDING_S, source=source
        ),
        pitch_mm=PITCH_MM,
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit="N/sensor",
            unit_evidence="device table",
            pitch_evidence="device table",
            time_source="header",
            side=foot.side,
            origin_mm=(
                foot.rectangle.get("bottom", 0.0) * PITCH_MM[0],
                foot.rectangle.get("left", 0.0) * PITCH_MM[1],
            ),
        ),
    )
