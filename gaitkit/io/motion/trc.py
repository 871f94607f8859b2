"""TRC files: markers as OpenSim, Cortex, OpenCap, Pose2Sim and Sports2D write them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.clock import real_time
from gaitkit.io.motion.marker_table import MarkerTable, is_picture, marker_recording
from gaitkit.io.motion.text_table import (
    MAX_COLUMNS,
    cells_of,
    header_number,
    lines_of,
    numbers_in,
)
from gaitkit.model.reason import reason
from gaitkit.model.recording import Timing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gaitkit.model.motion import MotionRecording

NAME = "TRC"
NAMES_LINE = 4
HEADER_LINES = 5
"""The second line holds keys, the third their values, the fourth the markers."""

STAMP_ROUNDING_S = 0.0011
"""Programs write times in whole milliseconds; the rate is then the better clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    rate_hz: float
    frames: int
    unit: str
    labels: tuple[str, ...]


def read_trc(path: Path, *, person: str | None = None) -> tuple[MotionRecording, float]:
    """Read a TRC file. Roles are not given yet.

    Returns
    -------
    recording : MotionRecording
        Without force plates.
    start_s : float
        Time of the first frame on the clock of the file.

    Raises
    ------
    FormatError
        If its header or its rows are not whole.
    """
    lines = lines_of(path)
    header = _header(path, lines)
    columns = 2 + 3 * len(header.labels)
    rows = numbers_in(lines[HEADER_LINES:], columns=columns)
    if len(rows) < 2:  # noqa: PLR2004 - a movement needs two
        msg = (
            f"{path}: expected rows of {columns} numbers for {len(header.labels)} "
            f"markers, got {len(rows)} whole; export it again"
        )
        raise FormatError(msg)
    time_s, timing, start_s = _clock(path, rows[:, 1], header.rate_hz)
    if is_picture(header.unit):  # keypoints keep the clock of their film
        time_s, start_s = time_s + start_s, 0.0
    position = rows[:, 2:].reshape(len(rows), -1, 3).transpose(0, 2, 1)
    table = MarkerTable(
        path=path,
        format=NAME,
        labels=header.labels,
        position=position,
        unit=header.unit,
        time_s=time_s,
        timing=timing,
        first_frame=int(np.nan_to_num(rows[0, 0], nan=1.0)),
    )
    recording = marker_recording(table, person=person)
    if len(rows) != header.frames:
        recording = replace(recording, reasons=(*recording.reasons, reason(
            "motion_frames_differ", found=len(rows), promised=header.frames
        )))  # fmt: skip
    return recording, start_s


def _header(path: Path, lines: list[str]) -> _Header:
    if len(lines) < NAMES_LINE:
        msg = f"{path}: expected a TRC header, got {len(lines)} lines; export it again"
        raise FormatError(msg)
    values = dict(zip(cells_of(lines[1]), cells_of(lines[2]), strict=False))
    rate_hz = header_number(path, "a TRC header with DataRate", values.get("DataRate"))
    frames = header_number(path, "a TRC header with NumFrames", values.get("NumFrames"))
    labels = tuple(
        label.strip()
        for label in _names(path, lines, promised=values.get("NumMarkers", ""))
    )
    if not any(labels) or 3 * len(labels) > MAX_COLUMNS:
        msg = f"{path}: expected marker names in its fourth line, got {len(labels)}"
        raise FormatError(f"{msg}; export it again")
    return _Header(
        rate_hz=rate_hz,
        frames=int(frames),
        unit=values.get("Units", ""),
        labels=labels,
    )


def _names(path: Path, lines: list[str], *, promised: str) -> list[str]:
    """Return the names of the markers in the order of their columns, "" for none.

    Programs write a name over the first of its three columns; some leave no columns
    free between names. Which of the two, and whether a name is missing, is told by
    the places of the names, the number that the header promises and the line of
    axes (X1, Y1, Z1, ...) below.

    Raises
    ------
    FormatError
        If names and columns cannot be paired.
    """
    cells = cells_of(lines[NAMES_LINE - 1])[2:]
    while cells and not cells[-1]:
        cells.pop()
    axes = cells_of(lines[NAMES_LINE].lstrip()) if len(lines) > NAMES_LINE else []
    columns = sum(1 for cell in axes if cell[:1] in {"X", "Y", "Z", "x", "y", "z"})
    counts = {columns // 3} if columns and columns % 3 == 0 else set()
    if promised.isdecimal() and len(promised) <= len(str(MAX_COLUMNS)):
        counts.add(min(int(promised), MAX_COLUMNS))
    over_columns = all(not cell or place % 3 == 0 for place, cell in enumerate(cells))
    if over_columns and len(cells) > 1:  # each name tells its place itself
        cells = cells[0::3]
        return cells + [""] * (max(counts, default=0) - len(cells))
    if counts and len(cells) not in counts:
        msg = (
            f"{path}: expected {' or '.join(str(n) for n in sorted(counts))} marker "
            f"names in its fourth line, got {len(cells)}: which column is whose cannot "
            "be told; export it again"
        )
        raise FormatError(msg)
    return cells


def _clock(
    path: Path, stamps: NDArray[np.float64], rate_hz: float
) -> tuple[NDArray[np.float64], Timing, float]:
    """Return the clock: even where the stamps are, else the stamps themselves."""
    frames = stamps.size
    even = np.arange(frames) / rate_hz
    off = np.abs(stamps - stamps[0] - even)
    if np.isfinite(stamps).all() and float(off.max()) > STAMP_ROUNDING_S:
        if not (np.diff(stamps) > 0).all():
            msg = f"{path}: expected times that increase from row to row; export again"
            raise FormatError(msg)
        time_s, timing = real_time(stamps, source="header")
        return time_s, timing, float(stamps[0])
    timing = Timing(
        source="header",
        rate_hz=rate_hz,
        duration_s=float(even[-1]),
        frames=frames,
    )
    return even, timing, float(np.nan_to_num(stamps[0]))
