"""``series.parquet``: keypoints and angles over time, one number a row.

Recordings have different clocks, points and spaces, and one table holds them all:

============ ======= ==========================================================
column       type    content
============ ======= ==========================================================
recording    text    id of the recording
series       text    ``keypoints_raw`` (as recorded), ``keypoints_walking``
                     (cleaned, in walking space, even clock) or ``angles``
name         text    keypoint (``left_heel``) or angle (``knee_flexion``)
side         text    side of an angle; null for keypoints, whose name has it
axis         text    ``x y z`` or ``forward left up``; null for angles
time_s       double  seconds on the clock of the recording
value        double  null where unknown
unit         text    ``px``, ``m`` or ``deg``
confidence   double  0 to 1 of a keypoint; null for angles
============ ======= ==========================================================

A question to it is one line of SQL, for example in duckdb: ``SELECT time_s, value
FROM 'series.parquet' WHERE series = 'angles' AND name = 'knee_flexion' AND side =
'left' ORDER BY time_s``.

Measurements and events as CSV, for programs.

UTF-8 with a decimal point and empty cells where nothing is known; numbers have every
digit they have in memory. For people there is the workbook (`workbook`).
"""

from __future__ import annotations

import csv
import errno
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb
    import xarray as xr

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.events import Event
    from gaitkit.model.measurement import Measurement

CREATE = """
CREATE TABLE series (
    recording VARCHAR, series VARCHAR, name VARCHAR, side VARCHAR, axis VARCHAR,
    time_s DOUBLE, value DOUBLE, unit VARCHAR, confidence DOUBLE
)
"""
COLUMNS = (
    "recording", "series", "name", "side", "axis", "time_s", "value", "unit",
    "confidence",
)  # fmt: skip
NUMBERS = ("time_s", "value", "confidence")
WORDS = tuple(name for name in COLUMNS if name not in NUMBERS)
DUCKDB = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""duckdb may otherwise fetch an extension over the network."""

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


def write_series_parquet(analyses: Iterable[Analysis], path: Path | str) -> Path:
    """Write the signals of all recordings as one Parquet file, and return the path.

    Parameters
    ----------
    analyses : iterable of Analysis
        The results of the recordings; absent signals are left out.
    path : Path or str
        File to write. It is an empty table of the same columns when there is no
        signal.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    return _write(_tables(analyses), Path(path))


def write_keypoints_parquet(data: xr.Dataset, path: Path, *, recording: str) -> Path:
    """Write the keypoints of one recording as the same table, and return the path.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    table = _keypoints(data, recording=recording, series="keypoints_raw")
    return _write([table], path)


def _write(tables: Iterable[pd.DataFrame], path: Path) -> Path:
    import duckdb

    with _connection().cursor() as cursor, new_file(path) as part:
        whole = _together(list(tables))
        if whole is not None:
            cursor.register("whole", whole)
        source = "series" if whole is None else "whole"
        try:
            rows = cursor.sql(f"SELECT * FROM {source}")
            rows.write_parquet(str(part), compression="zstd")
        except duckdb.IOException as cause:
            full = os.strerror(errno.ENOSPC) in str(cause)
            code = errno.ENOSPC if full else errno.EIO
            raise OSError(code, os.strerror(code)) from cause
    return path


def _together(tables: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Return all tables as one, None where there is none.

    Words stay numbered words, so that they are written as they are.
    """
    if not tables:
        return None
    words = {name: _joined_words(name, tables) for name in WORDS}
    numbers = {
        name: np.concatenate([
            table[name].to_numpy() if name in table else np.full(len(table), np.nan)
            for table in tables
        ])
        for name in NUMBERS
    }  # fmt: skip
    return pd.DataFrame({name: (words | numbers)[name] for name in COLUMNS})


def _joined_words(name: str, tables: Sequence[pd.DataFrame]) -> pd.Categorical[str]:
    """Return a column of words of all tables; null where a table does not have it."""
    known: dict[str, int] = {}
    codes = []
    for table in tables:
        if name not in table:
            codes.append(np.full(len(table), -1, dtype=np.int16))
            continue
        column = table[name].array
        places = [known.setdefault(word, len(known)) for word in column.categories]
        codes.append(np.array(places, dtype=np.int16)[column.codes])
    return pd.Categorical.from_codes(
        np.concatenate(codes), categories=pd.Index(list(known), dtype="str")
    )


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """Return the connection of this process, which holds an empty table of series.

    Opening one takes as long as writing a recording.
    """
    import duckdb

    connection = duckdb.connect(":memory:", config=DUCKDB)
    connection.execute(CREATE)
    return connection


def _tables(analyses: Iterable[Analysis]) -> Iterator[pd.DataFrame]:
    for analysis in analyses:
        recording = analysis.recording.id
        if analysis.raw is not None:
            yield _keypoints(analysis.raw, recording=recording, series="keypoints_raw")
        if analysis.walking is not None:
            yield _keypoints(
                analysis.walking, recording=recording, series="keypoints_walking"
            )
        if analysis.angles is not None:
            yield _angles(analysis.angles, recording=recording)


def _keypoints(data: xr.Dataset, *, recording: str, series: str) -> pd.DataFrame:
    """Return keypoints as rows, sorted by keypoint, axis and time."""
    ordered = data.transpose("keypoint", "space", "time")
    shape = ordered["position"].shape
    confidence = ordered["confidence"].to_numpy()[:, np.newaxis, :]
    return pd.DataFrame(
        {
            "recording": _words([recording], shape, along=None),
            "series": _words([series], shape, along=None),
            "name": _words(ordered["keypoint"].to_numpy(), shape, along=0),
            "axis": _words(ordered["space"].to_numpy(), shape, along=1),
            "time_s": np.broadcast_to(ordered["time"].to_numpy(), shape).ravel(),
            "value": ordered["position"].to_numpy().ravel(),
            "unit": _words([str(data.attrs["space_unit"])], shape, along=None),
            "confidence": np.broadcast_to(confidence, shape).ravel(),
        }
    )


def _angles(data: xr.Dataset, *, recording: str) -> pd.DataFrame:
    """Return angles as rows, sorted by angle, side and time."""
    stacked = data.to_dataarray("angle").transpose("angle", "side", "time")
    shape = stacked.shape
    return pd.DataFrame(
        {
            "recording": _words([recording], shape, along=None),
            "series": _words(["angles"], shape, along=None),
            "name": _words(stacked["angle"].to_numpy(), shape, along=0),
            "side": _words(stacked["side"].to_numpy(), shape, along=1),
            "time_s": np.broadcast_to(stacked["time"].to_numpy(), shape).ravel(),
            "value": stacked.to_numpy().ravel(),
            "unit": _words(["deg"], shape, along=None),
        }
    )


def _words(
    words: Sequence[object] | np.ndarray, shape: tuple[int, ...], *, along: int | None
) -> pd.Categorical[str]:
    """Return a column in which the words run along one axis of a block of numbers."""
    codes = np.arange(len(words), dtype=np.int16)
    if along is not None:
        codes = codes.reshape([-1 if k == along else 1 for k in range(len(shape))])
    return pd.Categorical.from_codes(
        np.broadcast_to(codes, shape).ravel(), categories=pd.Index(map(str, words))
    )


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
