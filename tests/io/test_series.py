"""Keypoints and angles over time, as Parquet and as keypoint formats."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import assessment_example
import duckdb
import numpy as np
import pytest
import xarray as xr

from gaitkit.errors import OutputError
from gaitkit.io import atomic
from gaitkit.io.export.keypoints import write_keypoints
from gaitkit.io.export.series import write_series_parquet
from gaitkit.io.identify import identify, inspect
from gaitkit.model.analysis import Analysis
from gaitkit.model.keypoints import BLAZEPOSE, keypoints

FULL = Path("/dev/full")
"""A device that refuses every byte, as a full disk does."""

FRAMES = 5
TIMES = np.array([0.0, 0.033, 0.067, 0.1, 0.15])


def raw(space: tuple[str, ...] = ("x", "y"), unit: str = "px") -> xr.Dataset:
    """Return keypoints whose value tells frame, axis and point; the nose is unseen."""
    frame, axis, point = np.ogrid[:FRAMES, : len(space), : len(BLAZEPOSE)]
    position = 10_000.0 * frame + 1000.0 * axis + point
    position[:, :, 0] = np.nan
    confidence = np.full((FRAMES, len(BLAZEPOSE)), 0.75)
    return keypoints(
        position,
        confidence,
        time_s=TIMES,
        names=BLAZEPOSE,
        space=space,
        space_unit=unit,  # type: ignore[arg-type]
    )


def angles() -> xr.Dataset:
    """Return two angles of two sides."""
    values = np.arange(FRAMES * 2, dtype=float).reshape(FRAMES, 2)
    dims = ("time", "side")
    return xr.Dataset(
        {"knee_flexion": (dims, values), "hip_flexion": (dims, -values)},
        coords={"time": TIMES, "side": ["left", "right"]},
    )


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    """Return the answer of a Parquet file, which stands for T in the question."""
    with duckdb.connect(":memory:") as connection:
        table = connection.read_parquet(str(path))
        return table.query("T", question).fetchall()


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """Return the series of one recording as a file."""
    analysis = Analysis(
        recording=assessment_example.recording(),
        raw=raw(),
        walking=raw(space=("forward", "up"), unit="m"),
        angles=angles(),
    )
    return write_series_parquet([analysis], tmp_path / "series.parquet")


def test_every_number_is_one_row(series: Path) -> None:
    counts = dict(ask(series, "SELECT series, count(*) FROM T GROUP BY series"))  # type: ignore[arg-type]
    per_set = FRAMES * 2 * len(BLAZEPOSE)
    assert counts == {
        "keypoints_raw": per_set,
        "keypoints_walking": per_set,
        "angles": FRAMES * 2 * 2,
    }


def test_a_keypoint_keeps_its_time_axis_value_and_unit(series: Path) -> None:
    heel = BLAZEPOSE.index("left_heel")
    rows = ask(
        series,
        "SELECT time_s, value, unit, confidence, recording, side FROM T WHERE series = "
        "'keypoints_raw' AND name = 'left_heel' AND axis = 'y' ORDER BY time_s",
    )
    assert rows == [
        (time_s, 10_000.0 * k + 1000 + heel, "px", 0.75, "video_1", None)
        for k, time_s in enumerate(TIMES)
    ]
    assert ask(series, "SELECT DISTINCT unit FROM T WHERE axis = 'up'") == [("m",)]


def test_an_angle_keeps_its_side(series: Path) -> None:
    rows = ask(
        series,
        "SELECT value, unit, axis, confidence FROM T WHERE name = 'hip_flexion' AND "
        "side = 'right' ORDER BY time_s",
    )
    assert rows == [(-(2.0 * k + 1), "deg", None, None) for k in range(FRAMES)]


def test_an_unseen_point_is_null_and_not_nan(series: Path) -> None:
    rows = ask(series, "SELECT count(*), count(value) FROM T WHERE name = 'nose'")
    assert rows == [(FRAMES * 2 * 2, 0)]


def test_no_signal_gives_an_empty_table_of_the_same_columns(tmp_path: Path) -> None:
    path = write_series_parquet([], tmp_path / "series.parquet")
    assert ask(path, "SELECT recording, value, unit, confidence FROM T") == []


def test_series_that_cannot_be_written_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "series.parquet").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_series_parquet([], tmp_path / "series.parquet")
    assert [p.name for p in tmp_path.iterdir()] == ["series.parquet"]


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_what_duckdb_cannot_write_is_an_output_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = atomic._begin

    def begin_on_a_full_disk(folder: Path) -> None:
        begin(folder)
        (folder / "series.parquet").symlink_to(FULL)

    monkeypatch.setattr(atomic, "_begin", begin_on_a_full_disk)
    with pytest.raises(
        OutputError, match=r"series.parquet: cannot be written \(No space"
    ):
        write_series_parquet([], tmp_path / "series.parquet")
    assert list(tmp_path.iterdir()) == []


def test_keypoints_as_parquet_are_known_again(tmp_path: Path) -> None:
    path = write_keypoints(raw(), tmp_path / "points.parquet")
    assert identify(path) == "pose"
    assert ask(path, "SELECT count(*) FROM T") == [(FRAMES * 2 * len(BLAZEPOSE),)]


def test_keypoints_as_csv_are_one_row_a_frame(tmp_path: Path) -> None:
    path = write_keypoints(raw(), tmp_path / "points.csv")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    heel = BLAZEPOSE.index("left_heel")
    assert [float(row["time_s"]) for row in rows] == list(TIMES)
    assert float(rows[3]["left_heel_y_px"]) == 30_000 + 1000 + heel
    assert float(rows[3]["left_heel_confidence"]) == 0.75
    assert rows[3]["nose_x_px"] == ""


def test_keypoints_as_trc_stand_upright_with_true_times(tmp_path: Path) -> None:
    path = write_keypoints(raw(), tmp_path / "points.trc")
    found = inspect(path)
    assert found.kind == "pose"
    assert found.units == "px"
    assert found.points == BLAZEPOSE
    lines = path.read_text().splitlines()
    assert lines[5] == "", "OpenSim expects an empty line after the head"
    cells = lines[6 + 4].split("\t")
    heel = BLAZEPOSE.index("left_heel")
    assert cells[:2] == ["5", "0.150000"]
    assert cells[2:5] == ["", "", ""], "the nose was not seen"
    assert [float(c) for c in cells[2 + 3 * heel : 5 + 3 * heel]] == [
        40_000 + heel,
        -(40_000 + 1000 + heel),
        0.0,
    ]


def test_a_trc_of_walking_space_is_in_the_axes_of_opensim(tmp_path: Path) -> None:
    data = raw(space=("forward", "left", "up"), unit="m")
    path = write_keypoints(data, tmp_path / "points.trc")
    cells = path.read_text().splitlines()[6].split("\t")
    heel = BLAZEPOSE.index("left_heel")
    forward, up, right = (float(c) for c in cells[2 + 3 * heel : 5 + 3 * heel])
    assert (forward, up, right) == (heel, 2000 + heel, -(1000 + heel))


def test_keypoints_as_netcdf_have_the_layout_of_movement(tmp_path: Path) -> None:
    path = write_keypoints(raw(), tmp_path / "points.nc")
    with xr.open_dataset(path, engine="scipy") as read:
        assert read["position"].dims == ("time", "space", "keypoint", "individual")
        assert read["confidence"].dims == ("time", "keypoint", "individual")
        assert read.attrs["ds_type"] == "poses"
        assert read.attrs["time_unit"] == "seconds"
        assert list(read["keypoint"].to_numpy()) == list(BLAZEPOSE)
        np.testing.assert_array_equal(
            read["position"].isel(individual=0).to_numpy(), raw()["position"].to_numpy()
        )


def test_keypoints_as_openpose_are_body_25(tmp_path: Path) -> None:
    folder = write_keypoints(raw(), tmp_path / "frames")
    files = sorted(folder.iterdir())
    assert [f.name for f in files[:2]] == [
        "frames_000000000000_keypoints.json",
        "frames_000000000001_keypoints.json",
    ]
    assert identify(files[0]) == "pose"
    frame = json.loads(files[2].read_text())
    points = np.reshape(frame["people"][0]["pose_keypoints_2d"], (25, 3))
    heel, hip = BLAZEPOSE.index("left_heel"), BLAZEPOSE.index("left_hip")
    assert list(points[0]) == [0, 0, 0], "the nose was not seen"
    assert list(points[21]) == [20_000 + heel, 21_000 + heel, 0.75]
    assert points[8][0] == 20_000 + hip + 0.5, "the middle of the hips"
    assert list(points[20]) == [0, 0, 0], "BlazePose has no small toe"
    whole = json.loads(write_keypoints(raw(), tmp_path / "all.json").read_text())
    assert len(whole["frames"]) == FRAMES
    assert whole["frames"][2]["people"] == frame["people"]
    assert whole["frames"][2]["time_s"] == TIMES[2]


def test_openpose_refuses_what_is_no_picture(tmp_path: Path) -> None:
    data = raw(space=("forward", "up"), unit="m")
    with pytest.raises(OutputError, match="hold picture coordinates x, y; got"):
        write_keypoints(data, tmp_path / "all.json")


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"ending in .parquet, .csv, .trc"):
        write_keypoints(raw(), tmp_path / "points.xyz")
