"""Text files of numbers, read line by line without trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAX_COLUMNS = 20_000
"""More columns than any recording has: the file is not what it seems."""


def lines_of(path: Path) -> list[str]:
    """Return the lines of a text file; letters that are no UTF-8 become a mark."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return text.splitlines()


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
        NaN where a cell is empty or no number.
    """
    rows = []
    written = [line for line in lines if line.strip()]
    for number, line in enumerate(written, start=1):
        cells = line.split(separator)
        short = columns - len(cells)
        if short > 0 and (separator is None or number == len(written)):
            break
        cells += [""] * short
        rows.append([_number(cell) for cell in cells[:columns]])
    return np.array(rows, dtype=np.float64).reshape(len(rows), columns)


def header_number(path: Path, name: str, text: str | None) -> float:
    """Return a positive number of a header.

    Raises
    ------
    FormatError
        If it is absent, no number or not above 0.
    """
    value = _number(text or "")
    if not (np.isfinite(value) and value > 0):
        msg = f"{path}: expected {name} above 0, got {text!r}; export it again"
        raise FormatError(msg)
    return value


def _number(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        return float("nan")
    return value if abs(value) < 1e30 else float("nan")  # noqa: PLR2004 - no length
