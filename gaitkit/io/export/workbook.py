"""A visit as an Excel workbook: measurements, findings, plan, person and events.

Numbers are numbers, so that Excel writes them as the reader's own country does, with
the decimals of the catalogue; units have their own column; days are dates. Codes of
the profession are text, their leading zeros included.
"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

from gaitkit.io.atomic import new_file
from gaitkit.io.export.workbook_sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from gaitkit.io.export.workbook_table import Cell, Sheet
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.text import Language

NARROWEST, WIDEST = 8, 60
"""Width of columns in characters."""

DAY = {"nl": "dd-mm-yyyy", "en": "yyyy-mm-dd"}


def write_workbook(assessment: Assessment, path: Path, *, language: Language) -> Path:
    """Write a visit as an Excel workbook, and return the path.

    Parameters
    ----------
    assessment : Assessment
        The result.
    path : Path
        File to write, ``.xlsx``.
    language : {"nl", "en"}
        Language of heads, labels and sentences.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import xlsxwriter

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        book.set_properties({"title": "gaitkit", "comments": ""})
        for sheet in sheets(assessment, language=language):
            _write(book, sheet, language)
    with new_file(path) as part:
        part.write_bytes(memory.getvalue())
    return path


def _write(book: Workbook, sheet: Sheet, language: Language) -> None:
    """Put a table on a new sheet, its head frozen and its columns wide enough."""
    page: Worksheet = book.add_worksheet(sheet.name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for column, title in enumerate(sheet.heads):
        page.write_string(0, column, title, head)
    shapes = {digits: _number(book, digits) for digits in sorted(set(sheet.digits))}
    day = book.add_format({"num_format": DAY[language], "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for line, (row, digits) in enumerate(
        zip(sheet.rows, sheet.digits, strict=True), start=1
    ):
        for column, cell in enumerate(row):
            shape = wrapped if isinstance(cell, str) else shapes[digits]
            _put(page, (line, column), cell, shape=shape, day=day)
    last = max(len(sheet.heads) - 1, 0)
    for column in range(last + 1):
        page.set_column(column, column, _width(sheet, column))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), last)
    page.ignore_errors({"number_stored_as_text": f"A1:AZ{len(sheet.rows) + 1}"})


def _number(book: Workbook, digits: int) -> Format:
    """Return a format with that many decimals; Excel puts the reader's own comma."""
    pattern = f"0.{'0' * digits}" if digits else "0"
    shape: Format = book.add_format({"num_format": pattern, "valign": "top"})
    return shape


def _put(
    page: Worksheet,
    place: tuple[int, int],
    cell: Cell,
    *,
    shape: Format,
    day: Format,
) -> None:
    """Write one cell as what it is; None stays empty."""
    line, column = place
    if isinstance(cell, str):
        page.write_string(line, column, cell, shape)
    elif isinstance(cell, date):
        page.write_datetime(line, column, cell, day)
    elif isinstance(cell, float):
        page.write_number(line, column, cell, shape)
    elif cell is not None:
        page.write_number(line, column, cell)


def _width(sheet: Sheet, column: int) -> int:
    texts: Sequence[str] = [
        cell for row in sheet.rows if isinstance(cell := row[column], str)
    ]
    longest = max((len(text) for text in (sheet.heads[column], *texts)), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)
