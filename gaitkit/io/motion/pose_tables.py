"""Keypoints as tables: one column a coordinate, and the tables of DeepLabCut, SLEAP.

Known columns are ``left_heel_x``, ``left_heel_x_px``, ``LEFT_HEEL.x`` and the like,
with a confidence, likelihood, visibility or score; and the three or four header rows
of DeepLabCut.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.motion.pose_source import PosePoints
from gaitkit.io.motion.text_table import MAX_COLUMNS
from gaitkit.io.text import decimal_sign, open_text, separator_of

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pandas as pd
    from numpy.typing import NDArray

    from gaitkit.model.motion import Floats

TABLE = "keypoints as CSV"
DEEPLABCUT = "DeepLabCut"
SLEAP = "SLEAP"
PARQUET = "keypoints as Parquet"

COLUMN = re.compile(
    r"^(?P<name>.+?)[._ ](?P<part>[xyz]|confidence|likelihood|visibility|presence|score"
    r"|conf|prob|c|p)(?:_(?P<unit>px|mm|cm|m))?$",
    re.IGNORECASE,
)
TIMES = {"time_s": 1.0, "time": 1.0, "t": 1.0, "timestamp": 1.0, "seconds": 1.0,
         "time_ms": 1e-3, "timestamp_ms": 1e-3}  # fmt: skip
"""Columns of time, in small letters, and seconds in one of their units."""

FRAMES = frozenset(
    {"frame", "frame_idx", "frame_index", "frame_number", "frame#", "frame_id"}
)
"""Columns of frame numbers, in small letters."""

PEOPLE = frozenset(
    {"track", "track_id", "person", "person_id", "individual", "individuals",
     "subject", "subject_id", "instance", "instance_id"}
)  # fmt: skip
"""Columns that say whose keypoints stand in a row, in small letters."""

AXES = ("x", "y", "z")
FEWEST_POINTS = 4
DEEPLABCUT_HEAD = re.compile(r"scorer[,;\t]")
MOST_ROWS = 10_000_000
"""Numbers of an hour at 60 Hz of 23 points with two coordinates."""

LOOKED_AT_ROWS = 50
"""Rows that tell the decimal sign."""


def looks_like_keypoints(head: bytes) -> bool:
    """Return whether the first bytes are a table of keypoints."""
    text = head.decode("utf-8-sig", errors="replace")
    lines = text.splitlines()
    if not lines:
        return False
    if DEEPLABCUT_HEAD.match(lines[0]):
        return any(line.startswith("bodyparts") for line in lines[1:4])
    names = [name.strip().strip('"') for name in re.split(r"[,;\t]", lines[0])]
    found = {match["name"] for name in names if (match := COLUMN.match(name))
             and match["part"].casefold() == "x"}  # fmt: skip
    return len(found) >= FEWEST_POINTS


def read_table(path: Path) -> PosePoints:
    """Read a CSV of keypoints.

    Raises
    ------
    FormatError
        If it is damaged or holds no keypoints.
    """
    import pandas as pd

    lines = open_text(path).text().splitlines()
    if DEEPLABCUT_HEAD.match(lines[0]):
        several = any(line.startswith("individuals") for line in lines[1:4])
        table = _csv(lines, path, header_rows=4 if several else 3)
        return deeplabcut(table, path)
    table = _csv(lines, path)
    named = [name for name in table.columns if str(name).casefold() in PEOPLE]
    for name in named:
        table[name] = pd.factorize(table[name])[0]  # a cell without a name is -1
    table = table.apply(pd.to_numeric, errors="coerce")
    if {"frame_idx", "instance.score"} <= set(table.columns):
        return _wide(table.drop(columns="instance.score"), path, form=SLEAP)
    return _wide(table, path, form=TABLE)


def _check_rows(store: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a table of more rows than a recording has; equal rows take no space."""
    counted = store.execute("SELECT count(*) FROM read_parquet(?)", [str(path)])
    rows = (counted.fetchone() or (0,))[0]
    if rows > MOST_ROWS:
        msg = f"{path}: {rows} rows are more than any recording; give a shorter one"
        raise FormatError(msg)


def read_parquet(path: Path) -> PosePoints:
    """Read keypoints from the long Parquet table that gaitkit writes.

    Raises
    ------
    FormatError
        If it is damaged or holds no keypoints as recorded.
    """
    import duckdb

    try:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as store:
            _check_rows(store, path)
            table = store.execute(
                "SELECT name, axis, time_s, value, unit, confidence FROM "
                "read_parquet(?) WHERE series = 'keypoints_raw'",
                [str(path)],
            ).df()
    except duckdb.Error as cause:
        why = str(cause).partition("\n")[0]
        msg = f"{path}: expected a table of keypoints as gaitkit writes it ({why})"
        raise FormatError(f"{msg}; export it again") from None
    if table.empty:
        msg = f"{path}: expected keypoints, got none; export it again"
        raise FormatError(msg)
    axes = [axis for axis in AXES if (table["axis"] == axis).any()]
    values = table.pivot_table(
        index="time_s", columns=["name", "axis"], values="value", dropna=False,
        sort=False,
    ).sort_index()  # fmt: skip
    sure = table[table["axis"] == axes[0]].pivot_table(
        index="time_s", columns="name", values="confidence", dropna=False, sort=False
    ).sort_index()  # fmt: skip
    labels = tuple(str(name) for name in table["name"].unique())
    position = np.stack(
        [
            np.column_stack([_column(values, (name, axis)) for axis in axes])
            for name in labels
        ],
        axis=2,
    )
    return PosePoints(
        format=PARQUET,
        labels=labels,
        position=position[:, np.newaxis],
        confidence=np.column_stack([_column(sure, name) for name in labels])[
            :, np.newaxis
        ],
        time_s=values.index.to_numpy(dtype=np.float64),
        unit=str(table["unit"].iloc[0]),
    )


def _csv(lines: list[str], path: Path, *, header_rows: int = 1) -> pd.DataFrame:
    """Return a table; more header rows come with an index in the first column."""
    import pandas as pd

    separator = separator_of(lines[0])
    columns = lines[0].count(separator) + 1
    if columns > MAX_COLUMNS:
        msg = f"{path}: expected a table of keypoints, got {columns} columns"
        raise FormatError(f"{msg}; export it again")
    looked = lines[header_rows : header_rows + LOOKED_AT_ROWS]
    cells = (cell for line in looked for cell in line.split(separator))
    try:
        return pd.read_csv(
            io.StringIO("\n".join(lines)),
            sep=separator,
            decimal=decimal_sign(cells, separator=separator),
            header=list(range(header_rows)) if header_rows > 1 else 0,
            index_col=0 if header_rows > 1 else None,
        )
    except (ValueError, LookupError, TypeError, csv.Error) as cause:
        why = str(cause).partition("\n")[0]
        msg = f"{path}: expected a table of keypoints, and it is damaged ({why})"
        raise FormatError(f"{msg}; export it again") from None


def deeplabcut(table: pd.DataFrame, path: Path) -> PosePoints:
    """Return the individuals of a table with scorer, bodyparts and coords."""
    names = [str(name) for name in table.columns.names]
    levels = [name for name in names if name != "individuals"]
    if len(levels) != 3:  # noqa: PLR2004 - scorer, bodyparts, coords
        msg = f"{path}: expected header rows scorer, bodyparts and coords"
        raise FormatError(f"{msg}; export it again")
    if "individuals" not in names:
        return _one_deeplabcut(table, path)
    owners = table.columns.get_level_values(names.index("individuals"))
    # points that belong to nobody stand under "single"
    people = [
        _one_deeplabcut(table.loc[:, owners == owner].droplevel("individuals", axis=1),
                        path)
        for owner in dict.fromkeys(owners)
    ]  # fmt: skip
    labels = tuple(dict.fromkeys(label for each in people for label in each.labels))
    full = [_with_labels(each, labels) for each in people]
    position = np.concatenate([each.position for each in full], axis=1)
    return replace(
        full[0],
        position=position,
        confidence=np.concatenate([each.confidence for each in full], axis=1),
        names=np.broadcast_to(np.arange(len(full)), position.shape[:2]),
    )


def _with_labels(person: PosePoints, labels: tuple[str, ...]) -> PosePoints:
    """Return somebody with the points of all, NaN where there are none."""
    frames, places, axes, _ = person.position.shape
    position = np.full((frames, places, axes, len(labels)), np.nan)
    confidence = np.zeros((frames, places, len(labels)))
    own = [labels.index(label) for label in person.labels]
    position[..., own], confidence[..., own] = person.position, person.confidence
    return replace(person, labels=labels, position=position, confidence=confidence)


def _one_deeplabcut(table: pd.DataFrame, path: Path) -> PosePoints:
    parts, axes = (table.columns.get_level_values(level) for level in (1, 2))
    names = [f"{part}_{axis}" for part, axis in zip(parts, axes, strict=True)]
    points = _wide(table.set_axis(names, axis=1), path, form=DEEPLABCUT)
    if points.time_s is not None or points.frames is not None:
        return points
    return replace(points, frames=_whole_numbers(table.index.to_numpy()))


def _wide(table: pd.DataFrame, path: Path, *, form: str) -> PosePoints:
    columns: dict[str, dict[str, str]] = {}
    units = set()
    for name in map(str, table.columns):
        match = COLUMN.match(name)
        if match and name.casefold() not in TIMES:
            part = match["part"].casefold()
            part = part if part in AXES else "sure"
            columns.setdefault(match["name"], {})[part] = name
            units |= {match["unit"]} - {None}
    labels = tuple(name for name, parts in columns.items() if {"x", "y"} <= set(parts))
    if not labels:
        msg = f"{path}: expected columns such as left_heel_x and left_heel_y"
        raise FormatError(f"{msg}; export it again")
    axes = AXES if all("z" in columns[name] for name in labels) else AXES[:2]
    position = np.stack(
        [
            np.column_stack([_column(table, columns[name][axis]) for axis in axes])
            for name in labels
        ],
        axis=2,
    )
    seen = np.asarray(np.all(np.isfinite(position), axis=1), dtype=np.float64)
    sure = [
        _column(table, columns[name].get("sure", ""), missing=1.0) for name in labels
    ]
    points = PosePoints(
        format=form,
        labels=labels,
        position=position[:, np.newaxis],
        confidence=(np.clip(np.nan_to_num(np.column_stack(sure)), 0, 1) * seen)[
            :, np.newaxis
        ],
        time_s=_times(table),
        frames=_frames(table),
        unit=str(units.pop()) if len(units) == 1 else None,
    )
    return _people_of_rows(points, _owners(table))


def _people_of_rows(points: PosePoints, owners: NDArray[np.int64] | None) -> PosePoints:
    """Put rows of the same moment side by side: the people of one frame.

    The rows may stand person after person, and frames may be absent.
    """
    moments = points.time_s if points.time_s is not None else points.frames
    if moments is None or not np.isfinite(moments).all():
        return points
    unique, first, row = np.unique(moments, return_index=True, return_inverse=True)
    if unique.size == moments.size and (np.diff(moments) > 0).all():
        return points
    place = np.zeros(row.size, dtype=np.int64)
    count = np.zeros(unique.size, dtype=np.int64)
    for index, each in enumerate(row):
        place[index] = count[each]
        count[each] += 1
    shape = unique.size, int(count.max())
    position = np.full((*shape, *points.position.shape[2:]), np.nan)
    confidence = np.zeros((*shape, len(points.labels)))
    names = np.full(shape, -1)
    position[row, place] = points.position[:, 0]
    confidence[row, place] = points.confidence[:, 0]
    if owners is not None:
        names[row, place] = owners
    return replace(
        points,
        position=position,
        confidence=confidence,
        names=names,
        time_s=None if points.time_s is None else points.time_s[first],
        frames=None if points.frames is None else points.frames[first],
    )


def _times(table: pd.DataFrame) -> Floats | None:
    for name in table.columns:
        factor = TIMES.get(str(name).casefold())
        if factor is not None:
            return _column(table, name) * factor
    return None


def _frames(table: pd.DataFrame) -> NDArray[np.int64] | None:
    for name in table.columns:
        if str(name).casefold() in FRAMES:
            return _whole_numbers(_column(table, name))
    return None


def _whole_numbers(values: np.ndarray) -> NDArray[np.int64] | None:
    """Return numbers of frames, None where they are none."""
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return None
    whole = np.round(values.astype(np.float64))
    return whole.astype(np.int64) if (whole == values).all() else None


def _owners(table: pd.DataFrame) -> NDArray[np.int64] | None:
    for name in table.columns:
        if str(name).casefold() in PEOPLE:
            return np.nan_to_num(_column(table, name), nan=-1).astype(np.int64)
    return None


def _column(table: pd.DataFrame, name: object, *, missing: float = np.nan) -> Floats:
    """Return a column as numbers; one that is not there is ``missing`` throughout."""
    import pandas as pd

    places = [k for k, each in enumerate(table.columns) if each == name]
    if not places:
        return np.full(len(table), missing)
    column = table.iloc[:, places[0]]
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)
