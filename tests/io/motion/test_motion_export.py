"""What is written is read back the same."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from motion_files import PLACES_MM, Trial, plate_of_kind, standing_mm, write_trial

from gaitkit.cli import main
from gaitkit.errors import InputError, OutputError
from gaitkit.io.convert import convert
from gaitkit.io.identify import identify
from gaitkit.io.motion.read import read_motion
from gaitkit.io.plates.registry import read_plate
from gaitkit.signal.laboratory import with_vertical


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a C3D with markers, a gap, angles, events, a plate and a late start."""
    labels = [*PLACES_MM, "LKneeAngles"]
    position = standing_mm(labels)
    position[0] += np.linspace(0, 900, position.shape[2])
    position[:, 2, 5:9] = np.nan
    trial = Trial(
        labels=labels,
        position_mm=position,
        first_frame=51,
        plates=[plate_of_kind(2)],
        parameters=[
            ("POINT", "ANGLES", ["LKneeAngles"]),
            ("EVENT", "USED", [2]),
            ("EVENT", "CONTEXTS", ["Left", "Right"]),
            ("EVENT", "LABELS", ["Foot Strike", "Foot Off"]),
            ("EVENT", "TIMES", np.array([[0.0, 0.0], [0.8, 1.2]])),
        ],
    )
    return write_trial(tmp_path / "source.c3d", trial)


@pytest.mark.parametrize("ending", [".c3d", ".trc", ".csv", ".parquet"])
def test_markers_come_back_the_same(ending: str, source: Path, tmp_path: Path) -> None:
    (path,) = convert(source, tmp_path / f"target{ending}")
    before, after = read_motion(source), read_motion(path)
    wanted = before.markers["position"].transpose("time", "space", "keypoint")
    found = after.markers["position"].sel(keypoint=before.markers["keypoint"])
    assert found.transpose("time", "space", "keypoint").to_numpy() == pytest.approx(
        wanted.to_numpy(), abs=1e-7, nan_ok=True
    )
    assert after.markers["time"].to_numpy() == pytest.approx(
        before.markers["time"].to_numpy(), abs=1e-9
    )
    assert after.roles == before.roles


def test_a_c3d_keeps_events_angles_and_the_first_frame(
    source: Path, tmp_path: Path
) -> None:
    (path,) = convert(source, tmp_path / "target.c3d")
    before, after = read_motion(source), read_motion(path)
    assert after.first_frame == 51
    assert [(e.side, e.kind, e.frame) for e in after.events] == [
        (e.side, e.kind, e.frame) for e in before.events
    ]
    assert [e.time_s for e in after.events] == pytest.approx([0.3, 0.7], abs=1e-6)
    assert before.angles is not None
    assert after.angles is not None
    assert after.angles["angle"].to_numpy() == pytest.approx(
        before.angles["angle"].to_numpy()
    )


def test_forces_come_back_from_a_mot(source: Path, tmp_path: Path) -> None:
    (path,) = convert(source, tmp_path / "target.mot")
    (before,), (after,) = read_motion(source).plates, read_motion(path).plates
    assert after.force_n == pytest.approx(before.force_n, abs=1e-6)
    assert after.center_of_pressure_m == pytest.approx(
        before.center_of_pressure_m, abs=1e-8, nan_ok=True
    )
    assert after.free_moment_nm == pytest.approx(
        before.free_moment_nm, abs=1e-6, nan_ok=True
    )


def test_angles_come_back_from_a_mot_without_forces(tmp_path: Path) -> None:
    labels = [*PLACES_MM, "LKneeAngles"]
    trial = Trial(labels=labels, parameters=[("POINT", "ANGLES", ["LKneeAngles"])])
    path = write_trial(tmp_path / "a.c3d", trial)
    (target,) = convert(path, tmp_path / "a.mot")
    before, after = read_motion(path).angles, read_motion(target).angles
    assert before is not None
    assert after is not None
    assert after["label"].to_numpy().tolist() == [f"LKneeAngles_{a}" for a in "xyz"]
    assert after["angle"].sel(component="x").to_numpy() == pytest.approx(
        before["angle"].sel(label="LKneeAngles").to_numpy(), abs=1e-6
    )


def test_a_workbook_has_a_sheet_for_each_kind(source: Path, tmp_path: Path) -> None:
    (path,) = convert(source, tmp_path / "target.xlsx")
    with zipfile.ZipFile(path) as book:
        sheets = book.read("xl/workbook.xml").decode()
        first = book.read("xl/worksheets/sheet1.xml").decode()
    for name in ("markers", "angles", "plate 1", "events"):
        assert f'name="{name}"' in sheets
    assert "<v>0.95</v>" in first


def test_a_target_of_no_known_kind_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"expected a name ending in \.c3d, \.trc"):
        convert(source, tmp_path / "target.docx")
    assert not (tmp_path / "target.docx").exists()


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear reader\n" * 9)
    with pytest.raises(InputError, match="expected a motion file"):
        convert(path, tmp_path / "target.c3d")


def test_markers_are_not_made_up_for_a_file_of_forces(
    source: Path, tmp_path: Path
) -> None:
    (forces,) = convert(source, tmp_path / "target.mot")
    with pytest.raises(OutputError, match="TRC holds markers in three dimensions"):
        convert(forces, tmp_path / "target.trc")
    with pytest.raises(OutputError, match="this format holds markers"):
        convert(forces, tmp_path / "target.csv")


def test_a_plate_export_becomes_npz_and_csv(shared_data: Path, tmp_path: Path) -> None:
    from gaitkit.io.plates.registry import read_plate

    source = shared_data / "plates" / "emed" / "NP21_2386.lst"
    (path,) = convert(source, tmp_path / "plate.npz")
    (before,), (after,) = read_plate(source).mats, read_plate(path).mats
    assert np.array_equal(before["pressure"], after["pressure"])
    (table,) = convert(source, tmp_path / "plate.csv")
    assert table.read_text().startswith("time_s,row,col,pressure_kpa")


def gapped(folder: Path) -> Path:
    """Return a recording whose last marker is unseen for a while."""
    labels = (*PLACES_MM, "LHJC")
    position = standing_mm(labels)
    position[:, -2, 10:20] = np.nan  # the last marker that is none of a model
    return write_trial(folder / "a.c3d", Trial(labels=labels, position_mm=position))


def test_a_row_of_a_trc_ends_in_a_tab_so_that_empty_last_cells_count(
    tmp_path: Path,
) -> None:
    (trc,) = convert(gapped(tmp_path), tmp_path / "a.trc")
    rows = trc.read_text().splitlines()[6:]
    assert {row.count("\t") for row in rows} == {2 + 3 * (len(PLACES_MM) + 1)}
    assert all(row.endswith("\t") for row in rows)


def test_y_is_up_by_choice_and_heights_stay(tmp_path: Path) -> None:
    source = gapped(tmp_path)
    (trc,) = convert(
        source, tmp_path / "y.trc", shaped=lambda each: with_vertical(each, "y")
    )
    before, after = read_motion(source).markers, read_motion(trc).markers
    z, y = (
        data["position"].sel(space=axis, keypoint="LASI").to_numpy()
        for data, axis in ((before, "z"), (after, "y"))
    )
    assert y == pytest.approx(z, abs=1e-6)
    left, right = (
        after["position"].sel(space="z", keypoint=label).mean()
        for label in ("LASI", "RASI")
    )
    assert left < right  # z points to the right of somebody who faces x


def test_points_that_a_model_computed_are_told_and_left_out_of_a_trc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = gapped(tmp_path)
    with pytest.raises(SystemExit):
        main(["convert", str(source), str(tmp_path / "a.trc"), "--up", "y"])
    assert "left out, for a model computed them: LHJC" in capsys.readouterr().err
    names = [str(x) for x in read_motion(tmp_path / "a.trc").markers["keypoint"].values]
    assert names == list(PLACES_MM)
    with pytest.raises(SystemExit):
        main(["convert", str(source), str(tmp_path / "b.trc"), "--computed"])
    assert read_motion(tmp_path / "b.trc").markers.sizes["keypoint"] == len(names) + 1


def test_a_movement_file_has_the_dims_of_its_old_and_its_new_version(
    tmp_path: Path,
) -> None:
    source = gapped(tmp_path)
    (path,) = convert(source, tmp_path / "a.nc")
    with xr.open_dataset(path, engine="scipy") as file:
        assert {"time", "space", "keypoint", "individual"} == set(file.position.dims)
        assert {"time", "space", "keypoints", "individuals"} <= set(file.dims)
        assert list(file["keypoints"].to_numpy()) == list(file["keypoint"].to_numpy())
    back = read_motion(path).markers["position"]
    np.testing.assert_array_equal(
        back.transpose("time", "space", "keypoint").to_numpy(),
        read_motion(source)
        .markers["position"]
        .transpose("time", "space", "keypoint")
        .to_numpy(),
    )


@pytest.mark.parametrize("ending", ["npz", "nc"])
def test_a_plate_comes_back_equal(ending: str, tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parents[3] / "sample_data" / "plate.txt.gz"
    (written,) = convert(sample, tmp_path / f"plate.{ending}")
    assert read_plate(written).mats[0].identical(read_plate(sample).mats[0])
    assert identify(written) == "plate"
