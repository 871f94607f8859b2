"""Zebris gait report as CSV: the vendor's 131 parameters and its pictures.

One file of the folder, or the folder itself. Numbers of the vendor's own program stay
vendor values; a picture of highest pressures becomes a mat without frames.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.plate_file import (
    KPA_PER,
    PlateFile,
    PlateOptions,
    VendorValue,
    unit_key,
)
from gaitkit.io.text import decode, number
from gaitkit.model.pressure import PressureSource, pressure

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.io.text import TextSource

NAME = "Zebris report CSV"
MAKER = "Zebris"

_KINDS = ("parameter values", "signal", "signal_2d", "signal_matrix")
_COMMA = re.compile(r",(?! )")
"""Names hold commas followed by a blank: ``Forefoot left, N``."""


def recognises(source: TextSource) -> bool:
    """Tell whether the first line begins with ``type,`` and the second with a kind."""
    lines = source.head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 2)
    if len(lines) < 2 or not lines[0].startswith(b"type,"):  # noqa: PLR2004
        return False
    return lines[1].startswith(tuple(kind.encode() for kind in _KINDS))


def read(source: TextSource, options: PlateOptions) -> PlateFile:
    """Read one CSV of the report.

    Raises
    ------
    FormatError
        If names and values differ in number or a matrix is incomplete.
    """
    del options
    lines = [decode(line) for line in source.lines()]
    names, values = (_COMMA.split(line) for line in (lines[0], lines[1]))
    if len(names) != len(values):
        raise source.error(
            f"{len(names)} names stand above {len(values)} values. The file is "
            f"damaged; export the report again."
        )
    head = dict(zip(names, (value.strip('"') for value in values), strict=True))
    kind = head.get("type")
    if kind not in _KINDS:
        raise source.error(
            "the first value is no type of a Zebris report. The file is damaged; "
            "export the report again."
        )
    if kind == "parameter values":
        vendor = tuple(_vendor(n, v) for n, v in head.items())
        return PlateFile(mats=(), vendor_values=vendor)
    if kind == "signal_matrix":
        return PlateFile(mats=(_picture(source, head, lines),))
    vendor = (_signal(source, head, lines),)
    return PlateFile(
        mats=(),
        vendor_values=vendor,
        notes=(f"a curve of the vendor's program ({head.get('name', '')}), no plate",),
    )


def _vendor(name: str, text: str) -> VendorValue:
    label, _, unit = name.rpartition(", ")
    value = number(text) if text else None
    return VendorValue(
        name=label or name, value=value, unit=unit if label else None, text=text
    )


def _signal(source: TextSource, head: dict[str, str], lines: list[str]) -> VendorValue:
    """Keep the highest value of a vendor's curve; the curve itself is not a plate."""
    rows = [_COMMA.split(line) for line in lines[3:] if line]
    stated = number(head.get("count", ""))
    if len(rows) - 1 != stated:
        raise source.error(
            f"expected {head.get('count')} rows, found {len(rows) - 1}: it is cut off."
        )
    found = [number(row[1]) for row in rows[1:] if len(row) > 1]
    peak = max((value for value in found if value is not None), default=None)
    return VendorValue(
        name=f"{head.get('name', '')}, maximum", value=peak, unit=head.get("units")
    )


def _picture(source: TextSource, head: dict[str, str], lines: list[str]) -> xr.Dataset:
    size = [number(head.get(f"cell_count_{axis}", "")) for axis in "yx"]
    pitch = [number(head.get(f"cell_size_mm_{axis}", "")) for axis in "yx"]
    scale = KPA_PER.get(unit_key(head.get("units", "")))
    known = [value for value in (*size, *pitch) if value is not None]
    sound = len(known) == len(size) + len(pitch) and np.isfinite(known).all()
    if not sound or scale is None or min(known) <= 0:
        raise source.error("the heading lacks cell counts, cell sizes or units.")
    rows = [line.split(",")[1:] for line in lines[4:] if line]
    values = [[number(cell) for cell in row] for row in rows]
    expected = (int(size[0] or 0), int(size[1] or 0))
    if len(values) != expected[0] or any(len(row) != expected[1] for row in values):
        raise source.error(
            f"expected {expected[0]} rows of {expected[1]} cells, found {len(values)} "
            f"rows. The file is cut off; export the report again."
        )
    cells = np.array([[np.nan if v is None else v for v in row] for row in values])
    if not (np.isfinite(cells).all() and (cells >= 0).all()):
        raise source.error("a cell is not a pressure. Export the report again.")
    # the side in the name is not kept: in a real report the file for the left foot
    # calls itself "RT Pressure plots"
    return pressure(
        cells[None] * scale,
        time_s=np.zeros(1),
        pitch_mm=(pitch[0] or 0.0, pitch[1] or 0.0),
        source=PressureSource(
            maker=MAKER,
            format=NAME,
            raw_unit=head["units"],
            unit_evidence="stated",
            pitch_evidence="stated",
            time_source="assumed",
            peak_only=True,
        ),
    )
