"""Measurements and events as tables: CSV for programs, one workbook for people.

CSV is UTF-8 with a decimal point and empty cells where nothing is known; numbers have
every digit they have in memory. In the workbook numbers are numbers, shown with the
decimals of the catalogue, and units have their own column.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gaitkit.io.atomic import new_file
from gaitkit.model.catalogue import definition
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.events import Event
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.text import Language

Cell = str | float | int | None
"""What a cell of a table may hold; None is empty."""

MEASUREMENT_COLUMNS = (
    "name", "side", "region", "value", "unit", "sd", "low", "high", "spread", "n",
    "method", "recording", "quality", "why_missing", "unconfirmed",
)  # fmt: skip
"""``why_missing`` holds the code of the reason, which is stable; ``unconfirmed`` is
``yes`` where the error was measured on virtual patients only, and empty elsewhere."""

EVENT_COLUMNS = (
    "recording", "side", "kind", "time_s", "frame", "confidence", "sd_s", "method",
)  # fmt: skip

WORKBOOK_COLUMNS = (
    Text(nl="maat", en="measure"),
    Text(nl="zijde", en="side"),
    Text(nl="deel", en="region"),
    Text(nl="waarde", en="value"),
    Text(nl="eenheid", en="unit"),
    Text(nl="standaardfout", en="standard error"),
    Text(nl="van (95 %)", en="from (95 %)"),
    Text(nl="tot (95 %)", en="to (95 %)"),
    Text(nl="spreiding", en="spread"),
    Text(nl="aantal", en="n"),
    Text(nl="methode", en="method"),
    Text(nl="opname", en="recording"),
    Text(nl="kwaliteit", en="quality"),
    Text(nl="waarom leeg", en="why empty"),
    Text(nl="onbevestigd bij echte mensen", en="unconfirmed on real people"),
    Text(nl="naam", en="name"),
)
YES = "yes"
SHEETS = (Text(nl="metingen", en="measurements"), Text(nl="events", en="events"))
UNCONFIRMED = Text(nl="ja", en="yes")
SIDES = {
    "left": Text(nl="links", en="left"),
    "right": Text(nl="rechts", en="right"),
}

COLUMN_WIDTH = 14
"""Width of a column in characters; the first and the reasons are wider."""

WIDE_COLUMN = 44


def write_measurements_csv(measurements: Iterable[Measurement], path: Path) -> Path:
    """Write measurements as CSV, one a row, and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    rows = (
        (
            m.name, m.side, m.region, m.value, m.unit, m.sd, m.low, m.high, m.spread,
            m.n, m.method, m.recording, m.quality,
            m.why_missing.code if m.why_missing else None,
            YES if m.unconfirmed else None,
        )
        for m in measurements
    )  # fmt: skip
    return _write_csv(MEASUREMENT_COLUMNS, rows, path)


def write_events_csv(events: Iterable[Event], path: Path) -> Path:
    """Write events as CSV, one a row, and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return _write_csv(EVENT_COLUMNS, map(_event_row, events), path)


def write_workbook(assessment: Assessment, path: Path, *, language: Language) -> Path:
    """Write measurements and events as an Excel workbook, and return the path.

    Parameters
    ----------
    assessment : Assessment
        The result.
    path : Path
        File to write, ``.xlsx``.
    language : {"nl", "en"}
        Language of heads, labels and reasons.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import xlsxwriter

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        _measurement_sheet(book, assessment.measurements, language)
        _event_sheet(book, assessment.events, language)
    with new_file(path) as part:
        part.write_bytes(memory.getvalue())
    return path


def _event_row(event: Event) -> tuple[Cell, ...]:
    return (
        event.recording, event.side, event.kind, event.time_s, event.frame,
        event.confidence, event.sd_s, event.method,
    )  # fmt: skip


def _write_csv(
    columns: Sequence[str], rows: Iterable[tuple[Cell, ...]], path: Path
) -> Path:
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="") as stream,
    ):
        table = csv.writer(stream)
        table.writerow(columns)
        table.writerows(rows)
    return path


def _measurement_sheet(
    book: Workbook, measurements: Sequence[Measurement], language: Language
) -> None:
    heads = [column.of(language) for column in WORKBOOK_COLUMNS]
    rows = [_worded(m, language) for m in measurements]
    digits = [definition(m.name).digits for m in measurements]
    sheet = SHEETS[0].of(language)
    _fill(book, sheet, heads=heads, rows=rows, digits=digits)


def _event_sheet(book: Workbook, events: Sequence[Event], language: Language) -> None:
    rows = [_event_row(event) for event in events]
    millisecond = 3
    _fill(
        book,
        SHEETS[1].of(language),
        heads=EVENT_COLUMNS,
        rows=rows,
        digits=[millisecond] * len(rows),
    )


def _worded(m: Measurement, language: Language) -> tuple[Cell, ...]:
    return (
        definition(m.name).label.of(language),
        SIDES[m.side].of(language) if m.side else None,
        m.region, m.value, m.unit, m.sd, m.low, m.high, m.spread, m.n, m.method,
        m.recording, m.quality,
        m.why_missing.text.of(language) if m.why_missing else None,
        UNCONFIRMED.of(language) if m.unconfirmed else None,
        m.name,
    )  # fmt: skip


def _fill(
    book: Workbook,
    name: str,
    *,
    heads: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
    digits: Sequence[int],
) -> None:
    """Put a table on a new sheet: strings as text, numbers as numbers."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    shapes = {d: _number_shape(book, d) for d in sorted(set(digits))}
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for line, (row, decimals) in enumerate(zip(rows, digits, strict=True), start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif isinstance(cell, float):
                sheet.write_number(line, column, cell, shapes[decimals])
            elif cell is not None:
                sheet.write_number(line, column, cell)
    last = len(heads) - 1
    sheet.set_column(0, last, COLUMN_WIDTH)
    sheet.set_column(0, 0, WIDE_COLUMN)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), last)


def _number_shape(book: Workbook, digits: int) -> Format:
    shape: Format = book.add_format(
        {"num_format": f"0.{'0' * digits}" if digits else "0"}
    )
    return shape
