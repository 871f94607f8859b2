"""Any matrix of numbers as text, when the user says what the numbers are.

For plates without a reader of their own. The unit, the sensor size and (for more than
one frame) the rate must be given, as options or in a small TOML beside the file::

    # walk.csv.toml
    unit = "kPa"
    pitch_rows_mm = 5.0
    pitch_cols_mm = 5.0
    rate_hz = 100.0
    mirrored = false

Frames are separated by blank lines or by lines of words.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.doors import build, read_toml
from gaitkit.errors import InputError
from gaitkit.io.plates.plate_file import KPA_PER, PlateFile, PlateOptions, unit_key
from gaitkit.io.plates.rows import RowBuffer
from gaitkit.model.pressure import PressureSource, pressure

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.io.text import TextSource

NAME = "generic matrix"
MAKER = "unknown"
DELIMITERS = (b"\t", b";", b",")
LEAST_COLUMNS = 4
"""A foot covers more than this on any plate; text with fewer numbers is no matrix."""

LEAST_ROWS = 8

MOST_WORDS_LINES = 200
"""Lines without numbers that may stand above the first row."""


def recognises(source: TextSource) -> bool:
    """Tell whether rows of numbers of one width stand near the top."""
    if b"\0" in source.head:
        return False
    lines = source.head.split(b"\n")[:MOST_WORDS_LINES]
    return any(_is_row(line) for line in lines)


def sidecar_of(path: Path) -> Path:
    """Return where the user may say what a pressure file does not: beside it."""
    return path.with_name(f"{path.name}.toml")


def sidecar(path: Path) -> PlateOptions | None:
    """Return the options in ``<file>.toml``, None when there is no such file.

    Raises
    ------
    InputError
        If it is not TOML or holds an unknown key.
    """
    beside = sidecar_of(path)
    if not beside.exists():
        return None
    table = read_toml(beside, error=InputError)
    return build(PlateOptions, table, where=beside.name, error=InputError)


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read frames of numbers.

    Raises
    ------
    InputError
        If the user did not say unit, sensor size or rate; the message lists what is
        missing and shows the shape that was found.
    FormatError
        If frames differ in height or a cell is no number.
    """
    cells = _cells(source)
    _require(source, options, cells.shape)
    unit = unit_key(options.unit or "")
    rows, cols = options.pitch_rows_mm or 0.0, options.pitch_cols_mm or 0.0
    raw = unit == "raw"
    scale = 1e3 / (rows * cols) if unit == "n/sensor" else KPA_PER.get(unit, 1.0)
    one = len(cells) == 1
    data = pressure(
        cells * np.float32(scale),
        time_s=np.arange(len(cells)) / (options.rate_hz or 1.0),
        pitch_mm=(rows, cols),
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=options.unit or "",
            unit="raw" if raw else "kPa",
            unit_evidence="user",
            pitch_evidence="user",
            time_source="assumed" if one else "user",
            surface=options.surface or "plate",
            peak_only=one,
        ),
    )
    return PlateFile(mats=(data,))


def _delimiter(line: bytes) -> bytes:
    return next((d for d in DELIMITERS if line.count(d) >= LEAST_COLUMNS - 1), b" ")


def _is_row(line: bytes) -> bool:
    delimiter = _delimiter(line)
    words = line.split() if delimiter == b" " else line.strip().split(delimiter)
    if len(words) < LEAST_COLUMNS:
        return False
    try:
        for word in words[:LEAST_COLUMNS]:
            float(word.replace(b",", b".") or b"0")
    except ValueError:
        return False
    return True


def _cells(source: TextSource) -> np.ndarray:
    buffer: RowBuffer | None = None
    heights: list[int] = []
    row, height = 0, 0
    for at, line in enumerate(source.lines(), start=1):
        if not _is_row(line):
            heights, height = [*heights, height] if height else heights, 0
            continue
        if buffer is None:
            delimiter = _delimiter(line)
            tab = line if delimiter != b" " else b"\t".join(line.split())
            used = delimiter if delimiter != b" " else b"\t"
            columns = tab.rstrip().rstrip(used).count(used) + 1
            buffer = RowBuffer(source, columns, delimiter=used)
        text = line if buffer.delimiter != b"\t" else b"\t".join(line.split())
        buffer.add(text, row=row, at=at)
        row, height = row + 1, height + 1
    heights = [*heights, height] if height else heights
    if buffer is not None and max(heights, default=0) < LEAST_ROWS:
        raise source.error(
            f"the matrices have {max(heights)} rows; a foot covers more. The file is "
            f"cut off, or it holds something else than pressures."
        )
    if buffer is None or len(set(heights)) != 1:
        raise source.error(
            f"expected frames of one height, found heights {sorted(set(heights))[:5]}. "
            f"The file is cut off, or frames are not separated by blank lines."
        )
    cells = buffer.dense(row).reshape(len(heights), heights[0], buffer.columns)
    if cells.min() < 0:
        raise source.error("a cell is negative. Mark 'no sensor' with 0.")
    return cells


def _require(source: TextSource, options: PlateOptions, shape: tuple[int, ...]) -> None:
    needed = ["unit", "pitch_rows_mm", "pitch_cols_mm"]
    if shape[0] > 1:
        needed.append("rate_hz")
    missing = [key for key in needed if getattr(options, key) is None]
    if missing:
        msg = (
            f"{source.name} holds {shape[0]} frames of {shape[1]} x {shape[2]} numbers "
            f"of a layout that gaitkit does not know. Say what they are: give "
            f"{', '.join('plate.' + key for key in missing)}, or write them into "
            f"{source.name}.toml."
        )
        raise InputError(msg)


def merged(options: PlateOptions, beside: PlateOptions | None) -> PlateOptions:
    """Return the options, gaps filled from the TOML beside the file."""
    if beside is None:
        return options
    given = {
        item.name: value
        for item in fields(PlateOptions)
        if (value := getattr(options, item.name)) not in (None, False)
    }
    return replace(beside, **given)
