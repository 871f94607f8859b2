"""HDF5 keypoints are read without unpickling; what a stranger put there is not run."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import FormatError
from gaitkit.io.motion.pose_hdf5 import read_hdf5, strings_of

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("left_hip", "left_knee", "left_ankle", "right_knee", "right_ankle")
COLUMNS = [("net", part, axis) for part in PARTS for axis in ("x", "y", "likelihood")]
VALUES = np.arange(60.0).reshape(4, 15) / 100


class Poison:
    """An object that makes a folder when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.target),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_the_strings_of_a_pickle_are_found_without_unpickling(protocol: int) -> None:
    flat = [word for column in COLUMNS for word in column]
    assert strings_of(pickle.dumps(COLUMNS, protocol=protocol)) == flat


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_calls_something_is_refused_and_not_run(
    protocol: int, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    poisoned = pickle.dumps([*COLUMNS, Poison(made)], protocol=protocol)
    with pytest.raises(ValueError, match="more than names"):
        strings_of(poisoned)
    assert not made.exists()


def _write_table(path: Path, kind: bytes) -> None:
    h5py = pytest.importorskip("h5py", reason="h5py, an optional library, is absent")
    rows = np.zeros(4, dtype=[("index", "i8"), ("values_block_0", "f8", (15,))])
    rows["index"] = np.arange(4)
    rows["values_block_0"] = VALUES
    with h5py.File(path, "w") as file:
        table = file.create_group("df_with_missing").create_dataset("table", data=rows)
        table.attrs["values_block_0_kind"] = np.bytes_(kind)


def test_a_deeplabcut_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    _write_table(path, pickle.dumps(COLUMNS, protocol=0))
    points = read_hdf5(path)
    assert points.labels == PARTS
    np.testing.assert_allclose(points.position[:, 0, 0, 1], VALUES[:, 3])


def test_a_poisoned_file_runs_nothing(tmp_path: Path) -> None:
    path, made = tmp_path / "a.h5", tmp_path / "made"
    _write_table(path, pickle.dumps([*COLUMNS, Poison(made)], protocol=0))
    with pytest.raises(FormatError, match="more than names"):
        read_hdf5(path)
    assert not made.exists()


def test_links_out_of_the_file_are_not_followed(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py", reason="h5py, an optional library, is absent")
    path = tmp_path / "a.h5"
    _write_table(tmp_path / "other.h5", pickle.dumps(COLUMNS, protocol=0))
    with h5py.File(path, "w") as file:
        file["df"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "df_with_missing")
    with pytest.raises(FormatError, match="is a link"):
        read_hdf5(path)


def test_a_table_of_deeplabcut_itself_is_read(tmp_path: Path) -> None:
    pytest.importorskip("tables", reason="PyTables, which writes such files, is absent")
    pytest.importorskip("h5py", reason="h5py, an optional library, is absent")
    import pandas as pd

    names = ["scorer", "bodyparts", "coords"]
    columns = pd.MultiIndex.from_tuples(COLUMNS, names=names)
    frame = pd.DataFrame(VALUES, columns=columns)
    for form in ("table", "fixed"):
        path = tmp_path / f"{form}.h5"
        frame.to_hdf(path, key="df_with_missing", format=form)
        points = read_hdf5(path)
        assert points.labels == PARTS
        np.testing.assert_allclose(points.position[:, 0, 1, 4], VALUES[:, 13])
