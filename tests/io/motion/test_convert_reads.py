"""``gaitkit convert`` reads what ``assess`` reads, and what it writes comes back."""

from __future__ import annotations

import shutil
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import ezc3d
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from gaitkit.cli import main
from gaitkit.io.identify import identify
from gaitkit.io.motion.read import format_of_motion, read_motion
from gaitkit.io.plates.registry import find_reader, read_plate
from gaitkit.signal.laboratory import with_vertical

if TYPE_CHECKING:
    from gaitkit.model.motion import MotionRecording

REPOSITORY = Path(__file__).resolve().parents[3]
CASES = REPOSITORY.parent / "shared" / "cases"
MADE = (
    "c3d", "mot", "walk_c3d", "walk_trc", "walk_csv", "companion_mot",
    "companion_forces", "pose_parquet", "pose_deeplabcut", "pose_landmarks",
    "pose_openpose", "pose_netcdf", "plate_footscan", "plate_emed", "plate_zebris",
    "plate_tekscan", "plate_apd", "plate_xsensor", "plate_matrix", "plate_pedar",
    "plate_stappone", "plate_zebris_xml", "plate_packed", "plate_npz",
)  # fmt: skip
"""Every kind that the readers know, made here."""

MOTION = (".c3d", ".trc", ".mot", ".csv", ".parquet", ".nc", ".xlsx")
AXES = ("x", "y", "z")
MM = 1000.0
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cases() -> list[str]:
    """Return the shared cases that are read; without them one, which is skipped."""
    if not CASES.is_dir():
        return ["none"]
    tables = {p.parent.name: tomllib.loads(p.read_text("utf-8"))
              for p in sorted(CASES.glob("*/expected.toml"))}  # fmt: skip
    return [name for name, table in tables.items() if "prepare" not in table]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a whole file of every kind."""
    sys.path.insert(0, str(REPOSITORY / "benchmarks" / "reliability"))
    import sound

    folder = tmp_path_factory.mktemp("sound")
    for make in (sound._motion, sound._pose, sound._plates):
        make(folder)
    return folder


def gaitkit(*words: object) -> int:
    """Run a command; return its exit code."""
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    return int(end.value.code or 0)


def target_of(folder: Path) -> Path:
    """Return the file of a kind that was made, companions by what they belong to."""
    import json

    name = json.loads((folder / "source.json").read_text())["target"]
    return folder / ("walk.trc" if folder.name.startswith("companion") else name)


def points_of(data: xr.Dataset) -> np.ndarray:
    """Return positions as (time, keypoint, space), keypoints by name."""
    ordered = data.transpose("time", "keypoint", "space").sortby("keypoint")
    return np.asarray(ordered["position"])


def compare(path: Path, words: list[str], folder: Path) -> int:
    """Convert a file to every format and compare; return how many were written."""
    mapping = Path(words[1]) if words else None
    if format_of_motion(path) is not None:
        recording = read_motion(path, mapping=mapping)
        done = 0
        for ending in MOTION:
            target = folder / f"out{ending}"
            code = gaitkit("convert", path, target, *words, "--computed")
            assert code in {0, 2}
            if code == 0:
                CHECKS[ending](recording, target)
                done += 1
        return done
    mats = read_plate(path).mats
    if not mats:
        assert gaitkit("convert", path, folder / "out.npz") == 2
        return 0
    for ending in (".npz", ".nc"):
        assert gaitkit("convert", path, folder / f"out{ending}") == 0
        written = sorted(folder.glob(f"out*{ending}"))
        back = [mat for each in written for mat in read_plate(each).mats]
        assert len(back) == len(mats)
        for mat in mats:
            assert any(same_plate(mat, other) for other in back)
    assert gaitkit("convert", path, folder / "out.csv") == 0
    tables = [pd.read_csv(each) for each in folder.glob("out*.csv")]
    loads = sorted(float(t[t.columns[3]].sum()) for t in tables)
    assert loads == pytest.approx(sorted(float(m["pressure"].sum()) for m in mats))
    return 3


def same_plate(one: xr.Dataset, other: xr.Dataset) -> bool:
    """Compare numbers, clock, origin and the distance of sensors, which may be NaN."""
    pitches = np.array([one.attrs["pitch_mm"], other.attrs["pitch_mm"]])
    return bool(
        one.equals(other)
        and one.attrs["source"] == other.attrs["source"]
        and np.array_equal(pitches[0], pitches[1], equal_nan=True)
    )


def same_points(recording: MotionRecording, path: Path, *, tolerance: float) -> None:
    before, after = recording.markers, read_motion(path).markers
    assert set(after["keypoint"].to_numpy()) == set(before["keypoint"].to_numpy())
    assert points_of(after) == pytest.approx(
        points_of(before), abs=tolerance, nan_ok=True
    )
    assert after["time"].to_numpy() == pytest.approx(
        before["time"].to_numpy(), abs=1e-5
    )
    assert after.attrs["space_unit"] == before.attrs["space_unit"]


def as_c3d(recording: MotionRecording, path: Path) -> None:
    same_points(recording, path, tolerance=1e-6)
    read = ezc3d.c3d(str(path))
    labels = read["parameters"]["POINT"]["LABELS"]["value"]
    names = [str(name) for name in recording.markers["keypoint"].to_numpy()]
    assert labels[: len(names)] == names
    first = recording.markers.transpose("space", "keypoint", "time")["position"]
    seen = np.isfinite(first.to_numpy())
    there = np.asarray(read["data"]["points"][:3, : len(names)])
    assert there[seen] == pytest.approx(first.to_numpy()[seen] * MM, abs=1e-2, rel=1e-6)


def as_trc(recording: MotionRecording, path: Path) -> None:
    same_points(recording, path, tolerance=1e-8)
    table = pd.read_csv(path, sep="\t", skiprows=6, header=None, index_col=0)
    places = recording.markers.transpose("time", "keypoint", "space")["position"]
    wanted = places.to_numpy().reshape(places.sizes["time"], -1) * MM
    assert table.to_numpy()[:, 1 : wanted.shape[1] + 1] == pytest.approx(
        wanted, abs=1e-4, nan_ok=True
    )


def as_mot(recording: MotionRecording, path: Path) -> None:
    after = read_motion(path)
    assert len(after.plates) == len(recording.plates)
    for old, new in zip(recording.plates, after.plates, strict=True):
        size = np.abs(old.force_n).max()
        assert new.force_n == pytest.approx(old.force_n, abs=1e-7 * size)
        loaded = np.isfinite(new.center_of_pressure_m).all(axis=1)
        assert new.center_of_pressure_m[loaded] == pytest.approx(
            old.center_of_pressure_m[loaded], abs=1e-7
        )
    if not recording.plates:
        assert recording.angles is not None
        assert after.angles is not None
        assert after.angles["angle"].size == recording.angles["angle"].size
    lines = path.read_text().splitlines()
    head = lines.index("endheader")
    table = np.array([line.split("\t") for line in lines[head + 2 :]], dtype=float)
    assert f"nRows={len(table)}" in lines
    assert f"nColumns={table.shape[1]}" in lines
    assert np.isfinite(table).all()


def as_csv(recording: MotionRecording, path: Path) -> None:
    same_points(recording, path, tolerance=1e-12)
    table = pd.read_csv(path)
    unit = recording.markers.attrs["space_unit"]
    name = str(recording.markers["keypoint"].to_numpy()[0])
    wanted = recording.markers["position"].sel(keypoint=name, space="x").to_numpy()
    assert table[f"{name}_x_{unit}"].to_numpy() == pytest.approx(wanted, nan_ok=True)


def as_parquet(recording: MotionRecording, path: Path) -> None:
    import duckdb

    same_points(recording, path, tolerance=1e-12)
    with duckdb.connect() as store:
        rows = store.execute(
            "SELECT count(*), count(value), sum(value) FROM read_parquet(?) "
            "WHERE NOT isnan(value) OR value IS NULL",
            [str(path)],
        ).fetchall()
    values = recording.markers["position"].to_numpy()
    assert rows[0][1] == np.isfinite(values).sum()
    assert rows[0][2] == pytest.approx(np.nansum(values), rel=1e-9)


def as_netcdf(recording: MotionRecording, path: Path) -> None:
    from scipy.io import netcdf_file

    same_points(recording, path, tolerance=1e-12)
    with netcdf_file(path, mmap=False) as file:
        position = file.variables["position"]
        assert position.dimensions == ("time", "space", "keypoint", "individual")
        wanted = recording.markers.transpose("time", "space", "keypoint")["position"]
        np.testing.assert_array_equal(position[:][..., 0], wanted.to_numpy())


def as_workbook(recording: MotionRecording, path: Path) -> None:
    """Count and add up the numbers of the first sheet, as any reader of XML may."""
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = [c for c in root.iter(f"{SHEET}c") if c.get("t") != "s"]
    numbers = [float(v.text or "nan") for c in cells for v in c.findall(f"{SHEET}v")]
    assert numbers
    if recording.markers.sizes["keypoint"]:
        values = recording.markers["position"].to_numpy()
        known = values[np.isfinite(values)][:200]
        off = np.abs(known[:, np.newaxis] - np.asarray(numbers)).min(axis=1)
        assert off.max() < 2e-6


CHECKS: dict[str, Any] = {
    ".c3d": as_c3d, ".trc": as_trc, ".mot": as_mot, ".csv": as_csv,
    ".parquet": as_parquet, ".nc": as_netcdf, ".xlsx": as_workbook,
}  # fmt: skip


@pytest.mark.parametrize("kind", MADE)
def test_every_kind_is_written_as_it_is_read(
    kind: str, made: Path, tmp_path: Path
) -> None:
    path = target_of(made / kind)
    beside = path.with_name("map.toml")
    words = ["--map", str(beside)] if beside.is_file() else []
    if kind != "mot":
        assert identify(path) in {"markers", "pose", "plate"}
    least = {"mot": 2, "companion_mot": 7, "companion_forces": 7, "c3d": 7}
    assert compare(path, words, tmp_path) >= least.get(kind, 3)


@pytest.mark.parametrize("case", cases())
def test_a_shared_case_is_written_as_it_is_read(case: str, tmp_path: Path) -> None:
    if not CASES.is_dir():
        pytest.skip("the shared cases are not beside the checkout")
    folder = Path(shutil.copytree(CASES / case, tmp_path / "case"))
    out = tmp_path / "out"
    out.mkdir()
    maps = list(folder.glob("map*.toml"))
    words = ["--map", str(maps[0])] if maps else []
    for path in sorted(folder.iterdir()):
        if path.suffix in {".toml", ".md"} or path.name.startswith("truth"):
            continue
        if gaitkit("inspect", path, *words) or not readable(path):
            continue
        compare(path, words, out)


def readable(path: Path) -> bool:
    if format_of_motion(path) is not None:
        return True
    return path.is_file() and find_reader(path) is not None


def test_real_recordings_are_written_as_they_are_read(
    shared_data: Path, tmp_path: Path
) -> None:
    largest = 400_000
    files = [
        each
        for kind in ("markers", "plates", "pose")
        for each in sorted((shared_data / kind).rglob("*"))
        if each.is_file() and 0 < each.stat().st_size < largest
    ]
    done = 0
    for number, path in enumerate(files):
        if gaitkit("inspect", path) or not readable(path):
            continue
        out = tmp_path / str(number)
        out.mkdir()
        done += compare(path, [], out) > 0
    assert done > 10


def test_a_film_is_sent_to_the_command_that_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = REPOSITORY / "sample_data" / "walk.mp4"
    assert gaitkit("convert", film, tmp_path / "a.trc") == 2
    assert "gaitkit pose walk.mp4 -o a.trc writes its" in capsys.readouterr().err


def test_opensim_reads_what_is_written(made: Path, tmp_path: Path) -> None:
    opensim = pytest.importorskip(
        "opensim", reason="the package of OpenSim is not installed"
    )
    source = target_of(made / "walk_c3d")
    assert gaitkit("convert", source, tmp_path / "a.trc", "--up", "y") == 0
    table = opensim.TimeSeriesTableVec3(str(tmp_path / "a.trc"))
    turned = with_vertical(read_motion(source), "y").markers
    assert table.getNumRows() == turned.sizes["time"]
    assert gaitkit("convert", target_of(made / "c3d"), tmp_path / "a.mot") == 0
    forces = opensim.TimeSeriesTable(str(tmp_path / "a.mot"))
    assert forces.getNumRows() == read_motion(tmp_path / "a.mot").plates[0].time_s.size


@pytest.mark.filterwarnings("ignore:numpy.ndarray size changed")
def test_movement_takes_what_is_written_for_its_own(made: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip(
        "movement.validators.datasets", reason="the package movement is not installed"
    )
    from movement.kinematics import compute_velocity

    source = target_of(made / "walk_c3d")
    assert gaitkit("convert", source, tmp_path / "a.nc") == 0
    with xr.open_dataset(tmp_path / "a.nc") as data:  # it has no reader of its own
        datasets.ValidPosesInputs.validate(data)
        velocity = compute_velocity(data["position"])
    markers = read_motion(source).markers
    assert velocity.sizes["time"] == markers.sizes["time"]
    names = [str(name) for name in markers["keypoint"].to_numpy()]
    assert [str(name) for name in velocity["keypoint"].to_numpy()] == names


def test_openpyxl_reads_what_is_written(made: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    source = target_of(made / "c3d")
    assert gaitkit("convert", source, tmp_path / "a.xlsx") == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert {"markers", "angles", "plate 1", "events"} <= set(book.sheetnames)
