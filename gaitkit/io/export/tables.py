"""Measurements and events as CSV, for programs.

UTF-8 with a decimal point and empty cells where nothing is known; numbers have every
digit they have in memory. For people there is the workbook (`workbook`).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gaitkit.model.events import Event
    from gaitkit.model.measurement import Measurement

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

YES = "yes"


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
