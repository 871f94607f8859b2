"""Text files of numbers, read line by line without trust."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.text import decimal_sign, open_text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAX_COLUMNS = 20_000
"""More columns than any recording has: the file is not what it seems."""

LARGEST = 1e30
"""No length, force or angle is so large."""

LOOKED_AT = 50
"""Rows that are enough to see a number that is no whole number."""


def lines_of(path: Path) -> list[str]:
    """Return the lines of a text file, whatever its encoding.

    Raises
    ------
    FormatError
        If it is no text, or larger than a recording can be.
    """
    return open_text(path).text().splitlines()


def cells_of(line: str) -> list[str]:
    """Return the cells of a line of a heading: between tabs, else between blanks."""
    cells = line.split("\t") if "\t" in line.strip() else line.split()
    return [cell.strip() for cell in cells]


def numbers_in(
    lines: list[str], *, columns: int, separator: str | None = "\t"
) -> NDArray[np.float64]:
    """Return the rows of numbers, as far as each is whole.

    Parameters
    ----------
    lines : list of str
        Lines of data; empty ones are passed over.
    columns : int
        Numbers in a row. Longer rows are cut. With a separator that leaves cells
        empty, shorter rows are filled with NaN, for programs leave out the last empty
        cells; the last row of a file that was cut is dropped. Without one the table
        ends before a shorter row.
    separator : str or None
        Between numbers; None is any blank.

    Returns
    -------
    array (row, column)
        NaN where a cell is empty or no number. A decimal comma is known by the cells.
    """
    rows = []
    written = [line for line in lines if line.strip()]
    looked_at = islice((c for row in written[:LOOKED_AT] for c in row.split(separator)),
                       LOOKED_AT * columns)  # fmt: skip
    comma = decimal_sign(looked_at, separator=separator) == ","
    for number, line in enumerate(written, start=1):
        cells = (line.replace(",", ".") if comma else line).split(separator)
        short = columns - len(cells)
        if short > 0 and (separator is None or number == len(written)):
            break
        cells += [""] * short
        rows.append([_number(cell) for cell in cells[:columns]])
    return np.array(rows, dtype=np.float64).reshape(len(rows), columns)


def header_number(path: Path, name: str, text: str | None) -> float:
    """Return a positive number of a header, with a decimal point or comma.

    Raises
    ------
    FormatError
        If it is absent, no number or not above 0.
    """
    value = _number((text or "").replace(",", "."))
    if not (np.isfinite(value) and value > 0):
        got = "nothing" if text is None else repr(text[:20])
        msg = f"{path}: expected {name} above 0, got {got}; export it again"
        raise FormatError(msg)
    return value


def _number(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        return float("nan")
    return value if abs(value) < LARGEST else float("nan")
