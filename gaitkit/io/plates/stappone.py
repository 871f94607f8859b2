"""Stappone insole CSV: twelve sensors in raw counts with a clock in milliseconds.

The places of the sensors and the meaning of a count are not published, so the counts
stay counts and the layout is a list of sensors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import PlateFile, PlateOptions
from gaitkit.io.plates.times import even_clock
from gaitkit.io.text import decode
from gaitkit.model.pressure import PressureSource, pressure

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

NAME = "Stappone CSV"
MAKER = "Stappone"
STAMP_ROUNDING_S = 0.001

_FIRST = b"sole_id,timestamp,"


def recognises(source: TextSource) -> bool:
    """Tell whether the first line has Stappone's column names."""
    return source.head.removeprefix(b"\xef\xbb\xbf").startswith(_FIRST)


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read one mat for each sole in the file; rows marked corrupt are refused.

    Raises
    ------
    FormatError
        If a row is incomplete or no number.
    """
    del options
    lines = source.lines()
    names = decode(next(lines, b"")).split(",")
    cells = [i for i, name in enumerate(names) if name.startswith("pressure_")]
    if not cells or "timestamp" not in names:
        raise source.error("expected columns timestamp, pressure_01 and on.")
    table = _table(source, list(lines), len(names))
    corrupt = np.zeros(len(table))
    if "corrupt" in names:
        corrupt = table[:, names.index("corrupt")]
    soles = np.unique(table[corrupt == 0, 0])
    mats = []
    for sole in soles:
        rows = table[(table[:, 0] == sole) & (corrupt == 0)]
        stamps = rows[:, names.index("timestamp")] / 1000
        mats.append(
            pressure(
                rows[:, None, cells],
                time_s=even_clock(
                    stamps - stamps[0], rounding_s=STAMP_ROUNDING_S, source=source
                ),
                pitch_mm=(float("nan"), float("nan")),
                source=PressureSource(
                    maker=MAKER,
                    format=NAME,
                    raw_unit="count",
                    unit="raw",
                    unit_evidence="unknown",
                    pitch_evidence="unknown",
                    time_source="header",
                    surface="insole",
                    layout="sensors",
                ),
            )
        )
    if not mats:
        raise source.error("every row is marked corrupt. Export the file again.")
    left_out = int((corrupt != 0).sum())
    notes: tuple[str, ...] = (
        "raw counts of sensors whose places and calibration are not published",
    )
    if left_out:
        notes = (*notes, f"{left_out} rows marked corrupt were left out")
    return PlateFile(mats=tuple(mats), notes=notes)


def _table(source: TextSource, lines: list[bytes], columns: int) -> np.ndarray:
    rows = []
    for at, line in enumerate(lines, start=2):
        if line.isspace():
            continue
        words = line.split(b",")
        if len(words) != columns:
            raise source.error(
                f"expected {columns} numbers, found {len(words)}. The file is cut off "
                f"or damaged; export it again.",
                line=at,
            )
        try:
            rows.append([float(word) for word in words])
        except ValueError:
            raise source.error(
                "a cell is not a number. Export the file again.", line=at
            ) from None
    if not rows:
        raise source.error("there are no rows below the heading.")
    table = np.array(rows)
    if not np.isfinite(table).all() or (table[:, -13:-1] < 0).any():
        raise source.error("a count is negative or not finite. Export it again.")
    return table
