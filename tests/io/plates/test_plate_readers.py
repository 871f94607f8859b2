"""One contract for every reader, and what each format has of its own."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, FormatError, InputError
from gaitkit.io.plates.plate_file import PlateFile, PlateOptions
from gaitkit.io.plates.registry import find_reader, read_plate
from gaitkit.io.plates.saved import write_csv, write_npz
from gaitkit.model.pressure import (
    pitch_of,
    rate_hz,
    source_of,
    total_force_n,
)
from gaitkit.model.side import Side
from gaitkit_virtual.plate.walk import (
    PlateSpec,
    SimulatedPlate,
    WalkSpec,
    simulate_walk,
)
from gaitkit_virtual.plate.writers import Maker, write_export

if TYPE_CHECKING:
    from pathlib import Path

MAKERS: tuple[Maker, ...] = (
    "footscan",
    "emed",
    "zebris",
    "tekscan",
    "apd",
    "xsensor",
    "matrix",
)
GENERIC = PlateOptions(unit="kPa", pitch_rows_mm=5.0, pitch_cols_mm=5.0, rate_hz=50.0)
FOOTSCAN_PITCH = PlateOptions(pitch_rows_mm=5.0, pitch_cols_mm=5.0)
OPTIONS: dict[str, PlateOptions] = {"matrix": GENERIC, "footscan": FOOTSCAN_PITCH}
NOT_PRESSURE = {"labels", "mun104", "norms"}
"""Folders beside the recordings that hold label pictures, templates and tables."""


def contract(content: PlateFile) -> None:
    """Check what holds for every file of every maker."""
    assert content.mats or content.vendor_values
    for data in content.mats:
        source = source_of(data)
        assert data["pressure"].dims == ("time", "row", "col")
        assert data["pressure"].dtype == np.float32
        assert data["valid"].dims == ("row", "col")
        assert data["valid"].dtype == np.bool_
        cells = data["pressure"].to_numpy()
        assert np.isfinite(cells).all()
        assert cells.min() >= 0
        assert not cells[:, ~data["valid"].to_numpy()].any()
        assert source.unit in {"kPa", "raw"}
        assert source.unit_evidence in {
            "stated",
            "device table",
            "user",
            "assumed",
            "unknown",
        }
        assert (source.pitch_evidence == "unknown") == bool(
            np.isnan(pitch_of(data)).any()
        )
        assert source.time_source in {"header", "user", "assumed"}
        assert source.checksum is None or source.checksum.passed
        time = data["time"].to_numpy()
        assert time[0] == 0
        assert source.peak_only == (time.size == 1)
        assert not any("name" in str(key).lower() for key in data.attrs)


def real_files(shared_data: Path) -> list[Path]:
    return [
        path
        for path in sorted((shared_data / "plates").rglob("*"))
        if path.is_file() and not NOT_PRESSURE & set(path.parts)
    ]


@pytest.fixture(scope="module", params=MAKERS)
def written(
    request: pytest.FixtureRequest,
    one_step: SimulatedPlate,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Maker, Path]:
    path = tmp_path_factory.mktemp("plate") / f"{request.param}.any"
    write_export(one_step.data, path, maker=request.param)
    return request.param, path


def test_what_is_written_is_read_back(
    written: tuple[Maker, Path], one_step: SimulatedPlate
) -> None:
    maker, path = written
    content = read_plate(path, options=OPTIONS.get(maker))
    contract(content)
    (data,) = content.mats
    truth = one_step.data["pressure"].to_numpy()
    resolution = 0.1 / 0.025 if maker == "footscan" else 0.1  # 0.1 N on 25 mm2
    assert np.abs(data["pressure"].to_numpy() - truth).max() <= resolution
    assert pitch_of(data) == pytest.approx((5.0, 5.0))
    assert rate_hz(data) == pytest.approx(50.0)


def test_a_gzipped_export_is_read_like_a_plain_one(
    written: tuple[Maker, Path], tmp_path: Path
) -> None:
    maker, path = written
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    one, other = (read_plate(p, options=OPTIONS.get(maker)) for p in (path, packed))
    assert np.array_equal(
        one.mats[0]["pressure"].to_numpy(), other.mats[0]["pressure"].to_numpy()
    )


def test_the_name_of_a_file_does_not_matter(
    written: tuple[Maker, Path], tmp_path: Path
) -> None:
    maker, path = written
    renamed = tmp_path / "holiday.jpg"
    renamed.write_bytes(path.read_bytes())
    found, same = find_reader(path), find_reader(renamed)
    assert found == same
    assert (found is None) == (maker == "matrix")


@pytest.mark.shared
def test_every_real_recording_is_read(shared_data: Path) -> None:
    files = real_files(shared_data)
    assert len(files) > 35
    for path in files:
        contract(read_plate(path))


@pytest.mark.shared
def test_what_is_no_pressure_is_refused_in_one_line(shared_data: Path) -> None:
    others = [
        path
        for path in (shared_data / "plates").rglob("*")
        if path.is_file() and NOT_PRESSURE & set(path.parts)
    ]
    assert len(others) > 18
    for path in others:
        with pytest.raises(FormatError, match="no pressure export") as caught:
            read_plate(path)
        assert "\n" not in str(caught.value)


@pytest.mark.shared
def test_emed_force_agrees_in_every_picture(shared_data: Path) -> None:
    for path in sorted((shared_data / "plates/emed").glob("*.lst")):
        data = read_plate(path).mats[0]
        check = source_of(data).checksum
        assert check is not None
        assert check.frames == data.sizes["time"]
        assert check.worst < 0.01


@pytest.mark.shared
def test_zebris_butterfly_force_agrees(shared_data: Path) -> None:
    (path,) = (shared_data / "plates/zebris").iterdir()
    data = read_plate(path).mats[0]
    check = source_of(data).checksum
    assert check is not None
    assert check.frames > 1300
    assert check.worst < 0.5
    assert source_of(data).surface == "treadmill"
    assert data["belt_m"].to_numpy()[-1] > 10


@pytest.mark.shared
def test_the_animal_walk_with_the_dutch_frame_word_is_read(shared_data: Path) -> None:
    (path,) = (shared_data / "plates/footscan").glob("27 03 2012*")
    assert path.read_bytes().startswith(b"Beeld")
    data = read_plate(path).mats[0]
    assert data["pressure"].shape == (249, 256, 63)
    assert rate_hz(data) == pytest.approx(126.0, abs=0.01)


@pytest.mark.shared
def test_the_biff_workbook_holds_a_right_foot_of_735_n(shared_data: Path) -> None:
    data = read_plate(shared_data / "plates/footscan/pressuRe_footscan_test.xls").mats[
        0
    ]
    assert source_of(data).side is Side.RIGHT
    assert total_force_n(data).max() == pytest.approx(735.3, abs=0.1)
    assert rate_hz(data) == pytest.approx(500.0)


@pytest.mark.shared
def test_the_zebris_report_keeps_all_131_vendor_parameters(shared_data: Path) -> None:
    content = read_plate(shared_data / "plates/zebris_report/parameters.csv")
    assert len(content.vendor_values) == 131
    by_name = {v.name: v for v in content.vendor_values}
    assert by_name["Step length L"].value == pytest.approx(64.106)
    assert by_name["Step length L"].unit == "cm"


@pytest.mark.shared
def test_tekscan_units_and_missing_sensels(shared_data: Path) -> None:
    folder = shared_data / "plates/tekscan"
    insole = read_plate(folder / "subj_01L.asf").mats[0]
    assert int((~insole["valid"]).sum()) == 305
    raw = read_plate(folder / "pressuRe_iscan_test.csv").mats[0]
    assert source_of(raw).unit == "raw"
    assert source_of(raw).unit_evidence == "unknown"
    assert pitch_of(raw) == pytest.approx((1.27, 1.27))
    assert source_of(raw).checksum is not None


@pytest.mark.shared
def test_insoles_come_as_one_mat_a_side(shared_data: Path) -> None:
    for folder in ("pedar", "xsensor"):
        (path,) = (shared_data / "plates" / folder).iterdir()
        sides = [source_of(data).side for data in read_plate(path).mats]
        assert sides == [Side.LEFT, Side.RIGHT]


@pytest.mark.shared
def test_names_of_persons_are_not_kept(shared_data: Path) -> None:
    for name in ("zebris_apd/MDwalk2.apd", "tekscan/subj_01L.asf"):
        text = repr(read_plate(shared_data / "plates" / name))
        assert "subjectP1" not in text
        assert "FirstName" not in text


def test_footscan_with_the_dutch_word_two_blank_lines_and_decimal_commas(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    path = tmp_path / "walk - Entire Plate Roll Off"
    write_export(one_step.data, path, maker="footscan", word="Beeld")
    plain = read_plate(path).mats[0]["pressure"].to_numpy()
    text = path.read_bytes()
    assert text.startswith(b"Beeld 0 (0.00 ms)")
    lines = text.replace(b".", b",").replace(b"\r\n\r\n", b"\r\n\r\n\r\n")
    path.write_bytes(lines)
    again = read_plate(path).mats[0]["pressure"].to_numpy()
    assert np.array_equal(plain, again)


def test_a_belt_is_kept_and_undone(tmp_path: Path) -> None:
    plate = PlateSpec(
        rows=30, cols=120, pitch_mm=(8.46, 8.46), rate_hz=50.0, duration_s=1.2
    )
    walk = WalkSpec(
        steps=1, heading="cols_up", first_heel_mm=500.0, belt_m_s=0.5, step_width_mm=0
    )
    sim = simulate_walk(walk, plate)
    path = tmp_path / "treadmill.txt"
    write_export(sim.data, path, maker="zebris")
    data = read_plate(path).mats[0]
    assert source_of(data).surface == "treadmill"
    assert data["belt_m"].to_numpy() == pytest.approx(sim.data["belt_m"].to_numpy())


def test_a_force_that_nobody_can_make_is_refused(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    path = tmp_path / "matrix.csv"
    write_export(one_step.data, path, maker="matrix")
    wrong = PlateOptions(
        unit="N/cm2", pitch_rows_mm=5.0, pitch_cols_mm=5.0, rate_hz=50.0
    )
    with pytest.raises(FormatError, match=r"total force is \d+ N.*plate\.unit"):
        read_plate(path, options=wrong)


def test_the_generic_importer_asks_for_what_it_needs(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    path = tmp_path / "walk.csv"
    write_export(one_step.data, path, maker="matrix")
    with pytest.raises(InputError, match=r"50 frames of 70 x 30.*plate\.unit"):
        read_plate(path)
    path.with_name("walk.csv.toml").write_text(
        'unit = "kPa"\npitch_rows_mm = 5.0\npitch_cols_mm = 5.0\nrate_hz = 50.0\n'
    )
    data = read_plate(path).mats[0]
    assert source_of(data).unit_evidence == "user"
    path.with_name("walk.csv.toml").write_text("pitch = 5.0\n")
    with pytest.raises(InputError, match="unknown key 'pitch'"):
        read_plate(path)


def test_a_mirrored_device_is_turned_on_reading(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    write_export(one_step.data, path, maker="emed")
    plain = read_plate(path).mats[0]["pressure"].to_numpy()
    turned = read_plate(path, options=PlateOptions(mirrored=True)).mats[0]
    assert np.array_equal(turned["pressure"].to_numpy(), plain[:, :, ::-1])


def test_gaitkits_own_file_is_lossless(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    path = tmp_path / "walk.npz"
    write_npz(one_step.data, path)
    (data,) = read_plate(path).mats
    assert data.identical(one_step.data)
    write_csv(one_step.data, tmp_path / "walk.csv")
    lines = (tmp_path / "walk.csv").read_text().splitlines()
    assert lines[0] == "time_s,row,col,pressure_kpa"
    assert len(lines) - 1 == int((one_step.data["pressure"] > 0).sum())


def test_missing_and_empty_files_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_plate(tmp_path / "nothing.lst")
    empty = tmp_path / "empty.lst"
    empty.touch()
    with pytest.raises(InputError, match=r"empty file \(0 bytes\)"):
        read_plate(empty)


def test_options_out_of_range_name_their_key() -> None:
    with pytest.raises(ConfigError, match=r"plate\.rate_hz is -1"):
        PlateOptions(rate_hz=-1.0)
    with pytest.raises(ConfigError, match=r"plate\.unit is 'bananas'"):
        PlateOptions(unit="bananas")
