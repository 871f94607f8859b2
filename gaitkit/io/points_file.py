"""Points on the body put right by hand: a small TOML or CSV file, read strictly.

CSV has a header line ``file,frame,role,side,x_px,y_px``; TOML has tables ``[[point]]``
with the same keys. One file may serve several pictures: rows of another picture are
passed over, by the name of the file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from gaitkit.doors import build, read_toml
from gaitkit.errors import InputError
from gaitkit.io.text import open_text, separator_of
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint, PointRole

if TYPE_CHECKING:
    from pathlib import Path

HAND_SD_PX = 1.0
"""Standard error of a point that somebody clicks in a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPoint:
    """One row of a points file."""

    file: str
    frame: int
    role: PointRole
    side: Side
    x_px: float
    y_px: float

    def as_point(self) -> PicturePoint:
        """Return it as a point of a picture."""
        return PicturePoint(
            role=self.role,
            side=self.side,
            x_px=self.x_px,
            y_px=self.y_px,
            sd_px=HAND_SD_PX,
            source="corrected",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _PointsTable:
    """The keys of a points file."""

    point: tuple[HandPoint, ...] = ()


KEYS = tuple(field.name for field in fields(HandPoint))


def read_points(path: Path, *, picture: Path) -> tuple[HandPoint, ...]:
    """Return the points that a file gives for one picture.

    Parameters
    ----------
    path : Path
        The points file; ``.csv`` is read as CSV, anything else as TOML.
    picture : Path
        The picture or clip; compared by file name.

    Raises
    ------
    InputError
        If the file is missing or damaged; on an unknown key, role or side, a number
        that is none, or a point that is given twice: with file and line or entry.
    """
    if path.suffix.lower() == ".csv":
        rows = _csv_rows(path)
    else:
        table = read_toml(path, error=InputError)
        found = build(_PointsTable, table, where=str(path), error=InputError)
        rows = [(f"point {n}", row) for n, row in enumerate(found.point, start=1)]
    seen: dict[tuple[str, int, str, Side], str] = {}
    for where, row in rows:
        if row.frame < 0 or not (0 <= row.x_px < LARGEST_PX > row.y_px >= 0):
            msg = (
                f"{path}, {where}: expected frame, x_px and y_px of at least 0 and "
                f"below {LARGEST_PX}, got {row.frame}, {row.x_px:g}, {row.y_px:g}"
            )
            raise InputError(msg)
        key = (row.file, row.frame, row.role, row.side)
        if key in seen:
            msg = (
                f"{path}, {where}: {row.role} {row.side} of {row.file}, frame "
                f"{row.frame}, stands there twice (first in {seen[key]}); keep one"
            )
            raise InputError(msg)
        seen[key] = where
    return tuple(row for _, row in rows if row.file == picture.name)


LARGEST_PX = 100_000


def _csv_rows(path: Path) -> list[tuple[str, HandPoint]]:
    text = open_text(path).text()
    written = text.splitlines()
    between = separator_of(written[0])
    lines = list(csv.reader(written, delimiter=between))
    header = [name.strip() for name in lines[0]] if lines else []
    if sorted(header) != sorted(KEYS):
        msg = (
            f"{path}, line 1: expected the columns {','.join(KEYS)}, got "
            f"{','.join(header) or 'nothing'}"
        )
        raise InputError(msg)
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not cells:
            continue
        if len(cells) != len(header):
            msg = (
                f"{path}, line {number}: expected {len(header)} values, got "
                f"{len(cells)}"
            )
            raise InputError(msg)
        where = f"line {number}"
        record = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        rows.append((where, _row(record, where=f"{path}, {where}")))
    return rows


def _row(record: dict[str, str], *, where: str) -> HandPoint:
    """Return one row of text as a point."""
    table: dict[str, Any] = dict(record)
    for key, kind in (("frame", int), ("x_px", float), ("y_px", float)):
        try:
            table[key] = kind(record[key].replace(",", "."))
        except (ValueError, OverflowError):
            msg = f"{where}: expected a number for {key}, got {record[key][:40]!r}"
            raise InputError(msg) from None
    return build(HandPoint, table, where=where, error=InputError)
