"""Qualisys Track Manager: motion data as tab-separated text (``.tsv``).

Words and their values stand at the top (``NO_OF_FRAMES``, ``FREQUENCY``,
``MARKER_NAMES``, one ``EVENT`` line each), then a row a frame: three numbers a marker
in mm, with the number of the frame and the time in front where the user asked for
them, and a line of column names above in newer versions. A marker that is not seen is
``0.000``, an empty cell or ``NULL``. The layout is that of the manual of Track Manager
(Motion data, .tsv). Forces and analogue channels stand in files of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.clock import even_time, real_time
from gaitkit.io.motion.c3d_events import event_of
from gaitkit.io.motion.marker_table import MarkerTable, marker_recording
from gaitkit.io.motion.text_table import (
    MAX_COLUMNS,
    cells_of,
    header_number,
    lines_of,
    numbers_in,
)
from gaitkit.io.text import number
from gaitkit.model.reason import reason

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.events import Event
    from gaitkit.model.motion import Floats, MotionRecording
    from gaitkit.model.recording import Timing

NAME = "Qualisys TSV"
UNIT = "mm"
MAX_HEADER_LINES = 500
LEADING = ("Frame", "Time")
"""Columns that may stand before those of the markers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    words: dict[str, list[str]]
    events: tuple[tuple[str, ...], ...]
    rows_at: int


def recognises(head: bytes) -> bool:
    """Return whether a text begins as Track Manager's does."""
    first = head.splitlines()[:2]
    return any(line.split(b"\t")[0].strip() == b"NO_OF_FRAMES" for line in first)


def read_qualisys(path: Path, *, person: str | None = None) -> MotionRecording:
    """Read a file of marker trajectories. Roles are not given yet.

    Raises
    ------
    FormatError
        If it holds pictures of cameras (2D), its header lacks a word, or its rows do
        not fit the markers.
    """
    lines = lines_of(path)
    header = _header(path, lines)
    labels = tuple(header.words["MARKER_NAMES"])
    rows, lead = _rows(path, lines[header.rows_at :], markers=len(labels))
    rate = header.words.get("FREQUENCY", [""])[0]
    time_s, timing = _clock(path, rows, lead, rate)
    table = MarkerTable(
        path=path,
        format=NAME,
        labels=labels,
        position=rows[:, lead:].reshape(len(rows), -1, 3).transpose(0, 2, 1),
        unit=UNIT,
        time_s=time_s,
        timing=timing,
        first_frame=int(rows[0, 0]) if lead and np.isfinite(rows[0, 0]) else 1,
    )
    recording = marker_recording(table, person=person)
    events, unread = _events(header.events, rows, lead, timing)
    reasons = list(recording.reasons)
    if unread:
        reasons.append(reason("motion_events_unread", number=unread))
    promised = number(header.words["NO_OF_FRAMES"][0])
    if promised is not None and promised != len(rows):
        reasons.append(
            reason("motion_frames_differ", found=len(rows), promised=round(promised))
        )
    return replace(recording, events=events, reasons=tuple(reasons), maker="Qualisys")


def _header(path: Path, lines: list[str]) -> _Header:
    words: dict[str, list[str]] = {}
    events = []
    rows_at = 0
    for line in lines[:MAX_HEADER_LINES]:
        word, *cells = (cell.strip().strip('"') for cell in line.split("\t"))
        if not word or word in LEADING or number(word) is not None:
            break
        rows_at += 1
        while cells and not cells[-1]:
            cells.pop()
        if word == "EVENT":
            events.append(tuple(cells))
        words.setdefault(word, cells)
    kind = words.get("DATA_INCLUDED", ["3D"])
    if kind != ["3D"]:
        msg = f"{path}: expected DATA_INCLUDED 3D, got {' '.join(kind)[:20]!r}"
        raise FormatError(f"{msg}; export the 3D trajectories")
    if not words.get("MARKER_NAMES") or not words.get("NO_OF_FRAMES"):
        msg = (
            f"{path}: expected MARKER_NAMES and NO_OF_FRAMES with values in the header"
        )
        raise FormatError(f"{msg}; export it again with the TSV header")
    if 3 * len(words["MARKER_NAMES"]) > MAX_COLUMNS:
        msg = f"{path}: expected markers of a person, got {len(words['MARKER_NAMES'])}"
        raise FormatError(f"{msg} names; export it again")
    return _Header(words=words, events=tuple(events), rows_at=rows_at)


def _rows(path: Path, lines: list[str], *, markers: int) -> tuple[Floats, int]:
    """Return the rows of numbers, and how many columns stand before the markers."""
    names = cells_of(lines[0]) if lines else []
    titled = bool(names) and names[0] in LEADING
    if titled:
        lead = sum(name in LEADING for name in names[:2])
        lines = lines[1:]
    else:
        first = lines[0].rstrip("\r\n").split("\t") if lines else []
        cells = len(first) - (bool(first) and not first[-1].strip())
        lead = max(0, len(first) - 3 * markers if cells < 3 * markers
                   else cells - 3 * markers)  # fmt: skip
    if lead > len(LEADING):
        msg = (
            f"{path}: expected {3 * markers} columns for {markers} markers, with frame "
            f"and time at most before them, got {lead} more; export it again"
        )
        raise FormatError(msg)
    rows = numbers_in(lines, columns=lead + 3 * markers)
    if len(rows) < 2:  # noqa: PLR2004 - a movement needs two
        msg = (
            f"{path}: expected rows of numbers, got {len(rows)} whole; export it again"
        )
        raise FormatError(msg)
    return rows, lead


def _clock(
    path: Path, rows: Floats, lead: int, frequency: str
) -> tuple[Floats, Timing]:
    """Return the clock: the stated rate, or the times where the rate is external."""
    if frequency == "EXT" and lead:
        stamps = rows[:, lead - 1]
        if np.isfinite(stamps).all() and (np.diff(stamps) > 0).all():
            return real_time(stamps, source="header")
    rate_hz = header_number(path, "a FREQUENCY", frequency)
    return even_time(len(rows), rate_hz, where=path)


def _events(
    written: tuple[tuple[str, ...], ...], rows: Floats, lead: int, timing: Timing
) -> tuple[tuple[Event, ...], int]:
    """Return the events of the steps, and how many others there are.

    An event is a name, the number of its frame and its time; the number counts as the
    column of frames does, from 1 where there is none.
    """
    counted = lead == len(LEADING) or (lead == 1 and rows[1, 0] - rows[0, 0] == 1)
    first = rows[0, 0] if counted else 1.0
    found = []
    for cells in written:
        frame = number(cells[1]) if len(cells) > 1 else None
        if frame is None or not np.isfinite(frame) or timing.rate_hz is None:
            continue
        time_s = (frame - first) / timing.rate_hz
        event = event_of(cells[0], "", time_s=float(time_s), timing=timing)
        if event is not None:
            found.append(event)
    found.sort(key=lambda event: event.time_s)
    return tuple(found), len(written) - len(found)
