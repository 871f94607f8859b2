"""A table of a workbook, and the words that several of them share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gaitkit.model.text import Text

Cell = str | float | int | date | None
"""What a cell of a workbook may hold; None is empty."""

YES, NO = Text(nl="ja", en="yes"), Text(nl="nee", en="no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: its name, heads, rows, and the decimals of each row."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: tuple[int, ...]
