"""TRC, MOT, force and keypoint files, and what the user says about them."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pytest
from motion_files import PLACES_MM, trc_text

from gaitkit.errors import (
    ConfigError,
    FormatError,
    InputError,
    MissingExtraError,
)
from gaitkit.io.export.keypoints import write_keypoints
from gaitkit.io.motion.pose_json import LAYOUTS
from gaitkit.io.motion.pose_tables import read_table
from gaitkit.io.motion.read import read_motion
from gaitkit.model.keypoints import keypoints

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

HEEL = (-0.1, 0.1, 0.04)


def written(path: Path, text: str) -> Path:
    """Write a text file."""
    path.write_text(text, encoding="utf-8")
    return path


def heel(path: Path, mapping: Path | None = None) -> list[float]:
    """Return the first place of the left heel."""
    data = read_motion(path, mapping=mapping).by_role()
    place: list[float] = (
        data["position"].sel(keypoint="left_heel")[0].to_numpy().tolist()
    )
    return place


def test_a_trc_is_read_in_metres_on_an_even_clock(tmp_path: Path) -> None:
    found = read_motion(written(tmp_path / "a.txt", trc_text()))
    assert heel(found.path) == pytest.approx(HEEL)
    assert found.format == "TRC"
    assert np.diff(found.markers["time"]) == pytest.approx(0.01)
    assert found.reasons == ()


def test_times_rounded_to_milliseconds_do_not_make_the_clock_jitter(
    tmp_path: Path,
) -> None:
    text = trc_text(rate="150").replace("\t0.010\t", "\t0.007\t")
    rows = text.splitlines()
    for n in range(20):
        cells = rows[6 + n].split("\t")
        rows[6 + n] = "\t".join([cells[0], f"{n / 150:.3f}", *cells[2:]])
    found = read_motion(written(tmp_path / "a.trc", "\n".join(rows)))
    assert np.diff(found.markers["time"]) == pytest.approx(1 / 150, abs=1e-12)


def test_empty_and_zero_cells_of_a_trc_are_missing(tmp_path: Path) -> None:
    text = trc_text().splitlines()
    cells = text[8].split("\t")
    cells[2:5] = ["", "", ""]
    cells[5:8] = ["0", "0.000", "0"]
    text[8] = "\t".join(cells)
    found = read_motion(written(tmp_path / "a.trc", "\n".join(text)))
    gone = np.isnan(found.markers["position"].to_numpy()).all(axis=1)
    assert np.argwhere(gone).tolist() == [[2, 0], [2, 1]]


def test_a_trc_may_leave_out_its_last_empty_cells(tmp_path: Path) -> None:
    text = trc_text().splitlines()
    text[8] = "\t".join(text[8].split("\t")[:-3])
    found = read_motion(written(tmp_path / "a.trc", "\n".join(text)))
    gone = np.isnan(found.markers["position"].to_numpy()).all(axis=1)
    assert np.argwhere(gone).tolist() == [[2, len(PLACES_MM) - 1]]
    assert found.timing.frames == 20


def test_a_trc_with_fewer_frames_than_promised_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.trc", trc_text(frames=15) + "16\t0.15\t1.0")
    found = read_motion(path)
    assert found.timing.frames == 15
    assert [each.code for each in found.reasons] == ["motion_frames_differ"]


def test_a_trc_whose_times_go_back_is_refused(tmp_path: Path) -> None:
    text = trc_text().replace("\n5\t0.040\t", "\n5\t0.900\t")
    with pytest.raises(FormatError, match="expected times that increase"):
        read_motion(written(tmp_path / "a.trc", text))


MOT = """forces
nRows=4
nColumns=10
endheader
time\tground_force_1_vx\tground_force_1_vy\tground_force_1_vz\tground_force_1_px\t\
ground_force_1_py\tground_force_1_pz\tground_force_1_mx\tground_force_1_my\t\
ground_force_1_mz
10.00\t1\t100\t3\t0.5\t0\t-0.2\t0\t2\t0
10.01\t1\t200\t3\t0.5\t0\t-0.2\t0\t2\t0
10.02\t1\t300\t3\t0.5\t0\t-0.2\t0\t2\t0
10.03\t0\t0\t0\t0\t0\t0\t0\t0\t0
"""


def test_forces_of_a_mot_have_their_place_and_moment(tmp_path: Path) -> None:
    found = read_motion(written(tmp_path / "a.mot", MOT))
    (plate,) = found.plates
    assert plate.force_n[2].tolist() == [1, 300, 3]
    assert plate.center_of_pressure_m[2].tolist() == [0.5, 0, -0.2]
    assert np.isnan(plate.center_of_pressure_m[3]).all()
    assert plate.free_moment_nm[2] == 2
    assert plate.time_s[0] == 0


@pytest.mark.parametrize("degrees", ["yes", "no"])
def test_angles_of_a_mot_are_in_degrees(degrees: str, tmp_path: Path) -> None:
    value = 30.0 if degrees == "yes" else np.radians(30.0)
    text = (
        f"ik\nnRows=2\nnColumns=3\ninDegrees={degrees}\nendheader\n"
        f"time\tpelvis_tx\tknee_angle_r\n0.0\t0.5\t{value}\n0.01\t0.5\t{value}\n"
    )
    found = read_motion(written(tmp_path / "a.mot", text))
    assert found.angles is not None
    assert found.angles["label"].to_numpy().tolist() == ["knee_angle_r"]
    assert float(found.angles["angle"][0, 0, 0]) == pytest.approx(30.0)


def test_forces_beside_a_trc_are_read_on_its_clock(tmp_path: Path) -> None:
    text = trc_text()
    rows = text.splitlines()
    for n in range(20):
        cells = rows[6 + n].split("\t")
        rows[6 + n] = "\t".join([cells[0], f"{9.9 + n / 100:.3f}", *cells[2:]])
    path = written(tmp_path / "walk.trc", "\n".join(rows))
    written(tmp_path / "walk_grf.mot", MOT)
    found = read_motion(path)
    assert [each.name for each in found.companions] == ["walk_grf.mot"]
    assert found.plates[0].time_s[0] == pytest.approx(0.1)


def test_a_broken_file_beside_a_trc_is_told_and_does_not_stop_it(
    tmp_path: Path,
) -> None:
    path = written(tmp_path / "walk.trc", trc_text())
    written(tmp_path / "walk.forces", "[Force Data]\nnothing\n")
    found = read_motion(path)
    assert found.plates == ()
    assert [each.code for each in found.reasons] == ["motion_companion_unread"]


def test_a_cortex_force_file_has_its_own_clock(tmp_path: Path) -> None:
    head = (
        "[Force Data]\nNumberOfForcePlates=2\nSampleRate=400.0\nNumberOfSamples=3\n"
        "#Sample\tFX1\tFY1\tFZ1\tX1\tY1\tZ1\tMZ1\tFX2\tFY2\tFZ2\tX2\tY2\tZ2\tMZ2\n"
    )
    row = "1\t0\t500\t0\t250\t0\t-100\t3000\t0\t0\t0\t0\t0\t0\t0\n"
    found = read_motion(written(tmp_path / "a.forces", head + 3 * row))
    (plate,) = found.plates
    assert plate.rate_hz == pytest.approx(400)
    assert plate.center_of_pressure_m[0] == pytest.approx([0.25, 0, -0.1])
    assert plate.free_moment_nm[0] == pytest.approx(3)


def picture() -> xr.Dataset:
    """Return a small standing body in a picture, y down."""
    names = (
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
        "right_ankle", "left_heel", "right_heel", "left_foot_index",
        "right_foot_index",
    )  # fmt: skip
    place = np.zeros((5, 2, len(names)))
    place[:, 0] = 200 + np.arange(len(names))
    place[:, 1] = [300, 300, 400, 400, 500, 500, 510, 510, 515, 515]
    place[3, :, 0] = np.nan
    sure = np.where(np.isnan(place[:, 0]), 0.0, 0.9)
    return keypoints(
        place, sure, time_s=np.arange(5) / 50, names=names, space_unit="px"
    )


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".trc", ".nc", ".json"])
def test_keypoints_that_gaitkit_wrote_are_read_back(
    ending: str, tmp_path: Path
) -> None:
    data = picture()
    found = read_motion(write_keypoints(data, tmp_path / f"keys{ending}"))
    assert found.kind == "pose"
    assert found.timing.rate_hz == pytest.approx(50)
    back, before = found.by_role()["position"], data["position"]
    for role in ("left_hip", "right_heel", "left_foot_index"):
        assert back.sel(keypoint=role).to_numpy() == pytest.approx(
            before.sel(keypoint=role).to_numpy(), abs=1e-3, nan_ok=True
        )


def test_a_folder_of_openpose_files_follows_one_person(tmp_path: Path) -> None:
    folder = tmp_path / "json"
    folder.mkdir()
    for frame in range(4):
        near = [[100 + frame, 40.0 * k, 0.9] for k in range(25)]
        far = [[600 - frame, 10.0 * k, 0.9] for k in range(25)]
        people = [
            {"pose_keypoints_2d": [value for point in person for value in point]}
            for person in ((near, far) if frame % 2 else (far, near))
        ]
        path = folder / f"a_{frame:012d}_keypoints.json"
        path.write_text(json.dumps({"version": 1.3, "people": people}))
    mapping = written(tmp_path / "map.toml", "rate_hz = 60\n")
    found = read_motion(folder, mapping=mapping)
    nose = found.markers["position"].sel(keypoint="Nose", space="x")
    assert nose.to_numpy().tolist() == [100, 101, 102, 103]
    assert found.timing.source == "user"
    assert found.timing.rate_hz == 60
    assert len(LAYOUTS[25]) == 25


def test_frames_without_a_rate_ask_for_it(tmp_path: Path) -> None:
    names = [f"{side}_{part}" for side in ("left", "right")
             for part in ("hip", "knee", "ankle", "heel")]  # fmt: skip
    head = ",".join(f"{name}_{axis}" for name in names for axis in "xy")
    row = ",".join(["1.0"] * 16)
    path = written(tmp_path / "a.csv", f"{head}\n{row}\n{row}\n{row}\n")
    with pytest.raises(InputError, match=r"no frame rate; give rate_hz = "):
        read_motion(path)


def test_deeplabcut_tables_are_read(tmp_path: Path) -> None:
    parts = ["left_knee", "right_knee", "left_heel", "right_heel"]
    lines = [
        "scorer," + ",".join(["net"] * 12),
        "bodyparts," + ",".join(part for part in parts for _ in range(3)),
        "coords," + ",".join(["x", "y", "likelihood"] * 4),
        *(f"{n}," + ",".join(["10", f"{n}", "0.8"] * 4) for n in range(3)),
    ]
    path = written(tmp_path / "a.csv", "\n".join(lines) + "\n")
    found = read_motion(path, mapping=written(tmp_path / "m.toml", "rate_hz = 30"))
    assert found.format == "DeepLabCut"
    assert found.has("left_heel", "right_knee")
    assert float(found.markers["confidence"][0, 0]) == pytest.approx(0.8)
    assert heel(path, tmp_path / "m.toml") == [10, 0]


def test_sleap_tables_are_read(tmp_path: Path) -> None:
    parts = ["left_knee", "right_knee", "left_heel", "right_heel"]
    head = "track,frame_idx,instance.score," + ",".join(
        f"{part}.{axis}" for part in parts for axis in ("x", "y", "score")
    )
    rows = [f",{n},0.9," + ",".join(["10", f"{n}", "0.7"] * 4) for n in range(3)]
    path = written(tmp_path / "a.csv", "\n".join([head, *rows]) + "\n")
    found = read_motion(path, mapping=written(tmp_path / "m.toml", "rate_hz = 30"))
    assert found.format == "SLEAP"
    assert float(found.markers["confidence"][0, 0]) == pytest.approx(0.7)


def test_a_map_names_markers_that_no_convention_knows(tmp_path: Path) -> None:
    text = trc_text()
    for label in PLACES_MM:
        text = text.replace(label, f"q{label}9")
    path = written(tmp_path / "a.trc", text)
    with pytest.raises(InputError, match="no lower limb; name them with --map"):
        read_motion(path)
    table = '[markers]\nleft_heel = "qLHEE9"\nright_heel = "qRHEE9"\n'
    mapping = written(tmp_path / "m.toml", table)
    assert heel(path, mapping) == pytest.approx(HEEL)


def test_a_map_that_names_what_is_not_there_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.trc", trc_text())
    wrong = written(tmp_path / "m.toml", '[markers]\nleft_heel = "LHEEL"\n')
    with pytest.raises(InputError, match=r"the map names 'LHEEL' for left_heel, and"):
        read_motion(path, mapping=wrong)
    wrong = written(tmp_path / "n.toml", '[markers]\nleft_heal = "LHEE"\n')
    with pytest.raises(ConfigError, match=r"markers\.left_heal is no role"):
        read_motion(path, mapping=wrong)
    wrong = written(tmp_path / "o.toml", "rate = 5\n")
    with pytest.raises(ConfigError, match=r"unknown key 'rate'; did you mean"):
        read_motion(path, mapping=wrong)


def test_a_map_says_that_the_unit_is_another(tmp_path: Path) -> None:
    path = written(tmp_path / "a.trc", trc_text(unit="m"))
    mapping = written(tmp_path / "m.toml", 'unit = "mm"\n')
    assert heel(path, mapping) == pytest.approx(HEEL)


def test_hdf5_names_the_library_that_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(3000))
    installed = find_spec("h5py") is not None
    wanted = FormatError if installed else MissingExtraError
    with pytest.raises(wanted, match=r"CSV"):
        read_motion(path)


def test_one_frame_of_a_folder_asks_for_the_folder(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", '{"people":[{"pose_keypoints_2d":[]}]}')
    with pytest.raises(InputError, match="give the folder"):
        read_motion(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize(
    ("separator", "comma"), [(",", False), (";", True), (";", False), ("\t", True)]
)
@pytest.mark.parametrize("deeplabcut", [True, False])
def test_keypoint_tables_of_spreadsheets_are_read_the_same(
    encoding: str, separator: str, comma: bool, deeplabcut: bool, tmp_path: Path
) -> None:
    parts = ("left_hip", "left_knee", "left_ankle", "right_knee", "right_ankle")
    rows = [[f"{k + n / 8:.3f}" for n in range(10)] for k in range(3)]
    if comma:
        rows = [[cell.replace(".", ",") for cell in row] for row in rows]
    if deeplabcut:
        head = [["scorer", *["net"] * 10],
                ["bodyparts", *[part for part in parts for _ in "xy"]],
                ["coords", *["x", "y"] * 5]]  # fmt: skip
        first = ["0", "1", "2"]
    else:
        head = [["time_s", *[f"{part}_{axis}" for part in parts for axis in "xy"]]]
        first = ["0", "0,02" if comma else "0.02", "0,04" if comma else "0.04"]
    table = [*head, *([at, *row] for at, row in zip(first, rows, strict=True))]
    path = tmp_path / "a.csv"
    text = "\n".join(separator.join(row) for row in table)
    path.write_bytes(text.encode(encoding))

    points = read_table(path)

    assert points.labels == parts
    np.testing.assert_allclose(points.position[:, 0, 1, 4], [1.125, 2.125, 3.125])
    if not deeplabcut:
        assert points.time_s is not None
        np.testing.assert_allclose(points.time_s, [0, 0.02, 0.04])
