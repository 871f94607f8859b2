"""Rows of numbers as text: most are all zero, the others are parsed in batches.

A walk leaves 99 of 100 sensors at zero, so whole rows of text are compared with a row
of zeros and never parsed. The rest goes through pandas' C parser in batches, which
bounds the memory whatever the size of the file.
"""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass, field

import numpy as np

from gaitkit.io.text import TextSource

BATCH_BYTES = 4 << 20
ZERO_CHARACTERS = b"0.,\t\r\n -"
LARGEST_MATRIX_CELLS = 400_000_000
"""1.6 GB as float32. A treadmill of 7168 sensors fills 258 million in five minutes at
120 Hz; a header that claims more than this is wrong."""

LARGEST_PICTURE_CELLS = 1_000_000
"""The longest walkways have some 200,000 sensors."""


def check_size(source: TextSource, *, frames: int, rows: int, columns: int) -> None:
    """Refuse a size that no plate has, before memory is taken for it.

    Raises
    ------
    FormatError
        If a frame, or all frames together, hold more sensors than can be.
    """
    one = rows * columns
    if one > LARGEST_PICTURE_CELLS or frames * one > LARGEST_MATRIX_CELLS:
        raise source.error(
            f"{frames:.6g} frames of {rows:.6g} x {columns:.6g} sensors are more than "
            f"any plate records. The heading is damaged, or export a shorter recording."
        )


@dataclass(slots=True)
class RowBuffer:
    """Collects rows of one width and turns them into one dense array.

    Attributes
    ----------
    source : TextSource
        For messages.
    columns : int
        Numbers in a row.
    delimiter : bytes
        One character between numbers; blanks must be joined by the caller.
    absent : str or None
        Word for "no sensor here"; read as NaN.
    """

    source: TextSource
    columns: int
    delimiter: bytes = b"\t"
    absent: str | None = None
    _zero: bytes = b""
    _lines: list[bytes] = field(default_factory=list)
    _where: list[tuple[int, int]] = field(default_factory=list)
    _bytes: int = 0
    _parts: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    def add(self, line: bytes, *, row: int, at: int) -> None:
        """Add the text of a row.

        Parameters
        ----------
        line : bytes
            The numbers; a trailing delimiter is allowed.
        row : int
            Index of the row over all frames.
        at : int
            Line number in the file, for messages.

        Raises
        ------
        FormatError
            If the row has another number of columns.
        """
        if line == self._zero:
            return
        text = line.rstrip()
        if text.endswith(self.delimiter):
            text = text[:-1]
        found = text.count(self.delimiter) + 1
        if found != self.columns:
            raise self.source.error(
                f"expected {self.columns} numbers in the row, found {found}. "
                f"The file is damaged or was edited; export it again.",
                line=at,
            )
        if not line.strip(ZERO_CHARACTERS) and b"-" not in line:
            self._zero = line
            return
        self._lines.append(text)
        self._where.append((row, at))
        self._bytes += len(text)
        if self._bytes >= BATCH_BYTES:
            self._flush()

    def dense(self, rows: int, *, upwards: int | None = None) -> np.ndarray:
        """Return all rows as a float32 array (rows, columns); absent cells are NaN.

        Parameters
        ----------
        rows : int
            Rows over all frames.
        upwards : int, optional
            Height of a frame whose rows count upwards in the file; each frame is then
            turned over, so that row 0 is the top of the picture.

        Raises
        ------
        FormatError
            If a cell is not a number; the message names the line.
        """
        self._flush()
        check_size(self.source, frames=rows, rows=1, columns=self.columns)
        # calloc gives untouched pages: the empty rows cost no memory
        out = np.zeros((rows, self.columns), dtype=np.float32)
        while self._parts:
            where, values = self._parts.pop()
            if upwards is not None:
                where = where + upwards - 1 - 2 * (where % upwards)
            out[where] = values
        return out

    def _flush(self) -> None:
        if not self._lines:
            return
        values = self._parse()
        if self.absent is None and np.isnan(values).any():
            row, column = np.argwhere(np.isnan(values))[0]
            raise self._bad_cell(int(row), int(column))
        where = np.array([row for row, _ in self._where])
        self._parts.append((where, values))
        self._lines, self._where, self._bytes = [], [], 0

    def _parse(self) -> np.ndarray:
        import pandas as pd

        text = b"\n".join(self._lines)
        decimal = "." if self.delimiter == b"," or b"," not in text else ","
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                frame = pd.read_csv(
                    io.BytesIO(text),
                    sep=self.delimiter.decode(),
                    header=None,
                    dtype=np.float32,
                    engine="c",
                    decimal=decimal,
                    na_values=[] if self.absent is None else [self.absent],
                    keep_default_na=False,
                    skip_blank_lines=False,
                    quoting=3,
                )
        except (ValueError, OverflowError, Warning):
            raise self._first_bad_cell(decimal) from None
        values: np.ndarray = frame.to_numpy()
        if values.shape != (len(self._lines), self.columns):
            raise self._first_bad_cell(decimal)
        if not np.isfinite(values[~np.isnan(values)]).all():
            raise self._first_bad_cell(decimal)
        return values

    def _first_bad_cell(self, decimal: str) -> Exception:
        for row, line in enumerate(self._lines):
            cells = line.decode("latin-1").split(self.delimiter.decode())
            for column, cell in enumerate(cells):
                if not self._is_number(cell.replace(decimal, ".")):
                    return self._bad_cell(row, column)
        return self.source.error("the matrix cannot be read; export the file again.")

    def _is_number(self, cell: str) -> bool:
        if cell.strip() == self.absent:
            return True
        try:
            return math.isfinite(np.float32(cell))
        except ValueError:
            return False

    def _bad_cell(self, row: int, column: int) -> Exception:
        cells = self._lines[row].decode("latin-1").split(self.delimiter.decode())
        return self.source.error(
            f"expected a number in column {column + 1}, found "
            f"{cells[column].strip()[:20]!r}. The file is damaged; export it again.",
            line=self._where[row][1],
        )
