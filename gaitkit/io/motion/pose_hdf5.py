"""Keypoints in HDF5 files of DeepLabCut and SLEAP, of which only arrays are read.

DeepLabCut writes pandas tables, whose attributes are pickled Python objects; whoever
unpickles them runs what a stranger put there. Here nothing is unpickled: the names of
the columns are the strings among the opcodes, and a pickle that holds anything but
strings, tuples and lists is refused. Links to other files are not followed.
"""

from __future__ import annotations

import pickletools
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import FormatError, MissingExtraError
from gaitkit.io.motion.pose_source import PosePoints
from gaitkit.io.motion.pose_tables import SLEAP, deeplabcut

if TYPE_CHECKING:
    from pathlib import Path

    import h5py

LEVELS = (("scorer", "bodyparts", "coords"),
          ("scorer", "individuals", "bodyparts", "coords"))  # fmt: skip
"""Header rows of a table of DeepLabCut, for one animal and for several."""

MAX_VALUES = 50_000_000
"""0.4 GB: an hour at 100 Hz of 46 keypoints with three numbers each."""

STRINGS = frozenset({"UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
                     "STRING", "BINSTRING", "SHORT_BINSTRING"})  # fmt: skip
PUTS = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
HARMLESS = frozenset({"PROTO", "FRAME", "MARK", "LIST", "EMPTY_LIST", "APPEND",
                      "APPENDS", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3",
                      "STOP"})  # fmt: skip

UNREADABLE = (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError)
"""What h5py raises on a file that it cannot make sense of."""


def read_hdf5(path: Path) -> PosePoints:
    """Read the keypoints of a DeepLabCut table or a SLEAP analysis file.

    Raises
    ------
    MissingExtraError
        If the library that reads HDF5 is not installed.
    FormatError
        If it is damaged, holds no keypoints, or holds more than data.
    """
    try:
        import h5py
    except ImportError:
        msg = f"{path}: reading HDF5 needs h5py; pip install h5py, or export CSV"
        raise MissingExtraError(msg) from None
    try:
        with h5py.File(path, "r") as file:
            return _points(file, path)
    except UNREADABLE as cause:
        why = str(cause).partition("\n")[0][:120]
        msg = f"{path}: expected keypoints of DeepLabCut or SLEAP in this HDF5 file"
        raise FormatError(f"{msg} ({why}); export it as CSV") from None


def _points(file: h5py.File, path: Path) -> PosePoints:
    if "tracks" in file and "node_names" in file:
        return _sleap(file)
    for name in file:
        group = _child(file, name)
        if hasattr(group, "keys") and ("table" in group or "block0_values" in group):
            table = _table(group) if "table" in group else _fixed(group)
            return _framed(*table, path)
    msg = "neither a table nor tracks"
    raise ValueError(msg)


def _child(group: h5py.Group, name: str) -> Any:  # noqa: ANN401 - group or data set
    """Return what lies in this very file under a name."""
    import h5py

    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        msg = f"{name[:40]!r} is a link"
        raise TypeError(msg)
    return group[name]


def _array(group: h5py.Group, name: str) -> np.ndarray:
    """Return an array of numbers or of strings, whose size can be."""
    data = _child(group, name)
    if data.size > MAX_VALUES or data.external is not None or data.is_virtual:
        msg = f"{name[:40]!r} is too large or lies in another file"
        raise ValueError(msg)
    values: np.ndarray = data[()]
    return values


def _table(group: h5py.Group) -> tuple[np.ndarray, list[str]]:
    rows = _array(group, "table")
    values = np.asarray(rows["values_block_0"], dtype=np.float64)
    kept = np.asarray(rows["index"]).argsort(kind="stable")
    raw = _child(group, "table").attrs["values_block_0_kind"]
    return values[kept], strings_of(bytes(raw))


def _fixed(group: h5py.Group) -> tuple[np.ndarray, list[str]]:
    values = np.asarray(_array(group, "block0_values"), dtype=np.float64)
    levels = []
    for number in range(len(LEVELS[-1])):
        if f"block0_items_level{number}" not in group:
            break
        words = _array(group, f"block0_items_level{number}")
        codes = _array(group, f"block0_items_label{number}")
        if words.dtype.kind not in "SUO" or codes.min(initial=0) < 0:
            msg = "its names are no strings"
            raise ValueError(msg)
        levels.append([_word(words[code]) for code in codes])
    return values, [word for column in zip(*levels, strict=True) for word in column]


def _word(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, str):
        return value
    msg = "its names are no strings"
    raise TypeError(msg)


def _framed(values: np.ndarray, words: list[str], path: Path) -> PosePoints:
    import pandas as pd

    columns = values.shape[1]
    names = next((n for n in LEVELS if len(n) * columns == len(words)), None)
    if names is None:
        msg = f"{len(words)} names for {columns} columns"
        raise ValueError(msg)
    tuples = [tuple(words[at : at + len(names)])
              for at in range(0, len(words), len(names))]  # fmt: skip
    index = pd.MultiIndex.from_tuples(tuples, names=names)
    return deeplabcut(pd.DataFrame(values, columns=index), path)


def _sleap(file: h5py.File) -> PosePoints:
    tracks = np.asarray(_array(file, "tracks"), dtype=np.float64)
    position = tracks.transpose(3, 0, 1, 2)
    seen = np.asarray(np.isfinite(position).all(axis=2), dtype=np.float64)
    if "point_scores" in file:
        scores = np.asarray(_array(file, "point_scores"), dtype=np.float64)
        sure = np.clip(np.nan_to_num(scores.transpose(2, 0, 1)), 0, 1)
        seen = np.asarray(seen * sure)
    return PosePoints(
        format=SLEAP,
        labels=tuple(_word(name) for name in _array(file, "node_names")),
        position=position,
        confidence=seen,
        names=np.broadcast_to(np.arange(position.shape[1]), position.shape[:2]),
    )


def strings_of(pickled: bytes) -> list[str]:
    """Return the strings of a pickled list of tuples in order, without unpickling it.

    Raises
    ------
    ValueError
        If it holds anything else, such as a function to call.
    """
    found: list[str] = []
    memo: dict[int, str] = {}
    last: str | None = None
    for code, value, _ in pickletools.genops(pickled):
        if code.name in STRINGS:
            last = str(value)
            found.append(last)
        elif code.name in GETS:
            found.append(memo[int(value or 0)])
        elif code.name in PUTS or code.name == "MEMOIZE":
            number = len(memo) if code.name == "MEMOIZE" else int(value or 0)
            memo[number] = last or ""
        elif code.name not in HARMLESS:
            msg = f"its attributes hold more than names ({code.name})"
            raise ValueError(msg)
        else:
            last = None
    return found
