"""One test for each kind of fault that damaged files once led to."""

from __future__ import annotations

import gzip
import zipfile
from importlib import import_module
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from motion_files import Trial, plate_of_kind, standing_mm, write_trial

from gaitkit.cli import main
from gaitkit.config import load_config
from gaitkit.doors import toml_table
from gaitkit.errors import FormatError, GaitkitError, InputError, RuleError, shortened
from gaitkit.io.convert import convert
from gaitkit.io.export.assessment import read_assessment_json
from gaitkit.io.export.keypoints import write_movement
from gaitkit.io.motion import read as motion
from gaitkit.io.motion.mapping import read_mapping
from gaitkit.io.motion.read import read_motion
from gaitkit.io.plates.plate_file import PlateOptions
from gaitkit.io.plates.registry import read_plate
from gaitkit.io.text import open_text
from gaitkit.io.video import read_video
from gaitkit.io.video_frames import frames
from gaitkit.io.visit import read_visit
from gaitkit.measure.leg_length.methods import own_errors
from gaitkit.rules.loader import default_folder, find_problems, load_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEEP_TOML = "a = " + "[" * 3000 + "]" * 3000 + "\n"
DEEP_JSON = "[" * 100_000 + "]" * 100_000
CODE = 1e30
"""What damage, or a program that has no other sign for it, writes for "not seen"."""

APD = (
    "[General]\nSensCountX=2\nSensCountY=2\nUnitPressure=N/cm2\nLDistX=8\nLDistY=8\n"
    "[Data]\n1\t2\n3\t{cell}\n"
)
ZEBRIS = "type,name{comma}units\nsignal_matrix,a,b\n"


def visit(path: Path) -> object:
    path.write_text(DEEP_TOML)
    return read_visit(path.parent)


def config(path: Path) -> object:
    path.write_text(DEEP_TOML)
    return load_config(path)


def mapping(path: Path) -> object:
    path.write_text(DEEP_TOML)
    return read_mapping(path)


def errors_of_the_practice(path: Path) -> object:
    del path
    return own_errors(DEEP_TOML)


def table(path: Path) -> object:
    return toml_table(DEEP_TOML, where=str(path), error=InputError)


def assessment(path: Path) -> object:
    file = path.with_name("assessment.json")
    file.write_text(f'{{"subject": {DEEP_JSON}}}')
    return read_assessment_json(file)


def landmarks(path: Path) -> object:
    path.write_text(f'{{"landmark_positions": {DEEP_JSON}}}')
    return read_motion(path)


def beside_a_plate(path: Path) -> object:
    path.with_name("plate.txt").write_text("1 2\n3 4\n")
    path.with_name("plate.txt.toml").write_text(DEEP_TOML)
    return read_plate(path.with_name("plate.txt"))


@pytest.mark.parametrize(
    "door",
    [visit, config, mapping, errors_of_the_practice, table, assessment, landmarks,
     beside_a_plate],
)  # fmt: skip
def test_lists_in_lists_without_end_are_refused_at_every_door(
    door: Callable[[Path], object], tmp_path: Path
) -> None:
    with pytest.raises(GaitkitError) as refusal:
        door(tmp_path / "visit.toml")
    assert len(str(refusal.value)) <= 490


def rules_with(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for file in default_folder().glob("*.toml"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), "utf-8")
    (folder / "limits.toml").write_text(text)
    return folder


@pytest.mark.parametrize(
    "text", [DEEP_TOML, "k" * 100_000 + " = 1\n", f"a = {'9' * 5000}\n", "= 1\n"]
)
def test_each_problem_of_a_rule_set_is_one_short_line(
    text: str, tmp_path: Path
) -> None:
    folder = rules_with(tmp_path, text)
    problems = find_problems(folder)
    assert problems
    assert any(problem.startswith("limits.toml") for problem in problems)
    assert max(map(len, problems)) <= 490
    with pytest.raises(RuleError, match=r"limits\.toml"):
        load_rules(folder)


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    short = shortened("plate.txt: " + "no number, " * 200 + "correct it")
    assert len(short) <= 490
    assert short.startswith("plate.txt: ")
    assert short.endswith("correct it")


def test_an_error_never_quotes_a_word_of_a_file_whole() -> None:
    told = str(FormatError(f"plate.unit is {'k' * 100_000!r}; expected kPa"))
    assert len(told) <= 490
    assert told.startswith("plate.unit is 'kkk")
    assert told.endswith("expected kPa")


# -- numbers that cannot be


def test_a_place_beyond_the_earth_is_left_out_and_told(tmp_path: Path) -> None:
    place = standing_mm()
    place[0, 4, 7] = CODE
    read = read_motion(write_trial(tmp_path / "a.c3d", Trial(position_mm=place)))
    knee = read.markers.sel(keypoint="LKNE")
    assert np.isnan(knee["position"][7]).all()
    assert knee["confidence"][7] == 0
    assert np.isfinite(knee["position"][6]).all()
    told = [each for each in read.reasons if each.code == "motion_numbers_impossible"]
    assert told[0].text.en.startswith("1 numbers")


def test_the_same_in_netcdf(tmp_path: Path) -> None:
    markers = read_motion(write_trial(tmp_path / "a.c3d")).markers.copy(deep=True)
    markers["position"][5, 2, 3] = CODE
    write_movement(markers, tmp_path / "a.nc")
    read = read_motion(tmp_path / "a.nc")
    assert float(np.abs(read.markers["position"]).max()) < 10
    assert "motion_numbers_impossible" in {each.code for each in read.reasons}


def test_a_file_of_which_nothing_remains_is_refused(tmp_path: Path) -> None:
    trial = Trial(position_mm=np.full_like(standing_mm(), CODE))
    path = write_trial(tmp_path / "a.c3d", trial)
    with pytest.raises(FormatError, match="can be no places or forces; copy it"):
        read_motion(path)


def test_metres_that_are_millimetres_stay_for_the_user_to_correct(
    tmp_path: Path,
) -> None:
    path = write_trial(tmp_path / "a.c3d", Trial(unit="m"))
    (tmp_path / "map.toml").write_text('unit = "mm"\n')
    read = read_motion(path, mapping=tmp_path / "map.toml")
    assert float(read.markers["position"].max()) == pytest.approx(0.96)
    assert "motion_numbers_impossible" not in {each.code for each in read.reasons}


def test_a_plate_with_forces_that_cannot_be_is_left_out(tmp_path: Path) -> None:
    whole, wrong = plate_of_kind(2), plate_of_kind(2)
    wrong.channels[2, 600] = CODE
    path = write_trial(tmp_path / "a.c3d", Trial(plates=[whole, wrong]))
    read = read_motion(path)
    assert [plate.name for plate in read.plates] == ["1"]
    told = [each for each in read.reasons if each.code == "motion_plate_unread"]
    assert "its numbers can be no forces or places" in told[0].text.en


def test_a_body_of_a_kilometre_is_not_believed(tmp_path: Path) -> None:
    sizes = [("PROCESSING", "LLegLength", [1e6]), ("PROCESSING", "RLegLength", [900.0])]
    body = read_motion(write_trial(tmp_path / "a.c3d", Trial(parameters=sizes))).body
    assert body.left_leg_m is None
    assert body.right_leg_m == pytest.approx(0.9)


def test_the_limits_leave_what_people_do() -> None:
    assert motion.MOST_FORCE_N > 10 * 200 * 9.81
    assert motion.MOST_ANGLE_DEG > 25 * 360


@pytest.mark.parametrize("cell", ["1e30", "99999"])
def test_a_pressure_beyond_any_sensor_is_refused(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "foot.apd"
    path.write_text(APD.format(cell=cell))
    with pytest.raises(FormatError, match=r"foot\.apd: .*(no sensor|no pressures)"):
        read_plate(path)
    path.write_text(APD.format(cell="40"))
    assert float(read_plate(path).mats[0]["pressure"].max()) == pytest.approx(400)


# -- what a file says of itself


def test_a_saved_plate_whose_heading_is_no_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plate.npz"
    heading = b"{'descr': '<f4', 'shape': (((1,  "
    array = b"\x93NUMPY\x01\x00" + bytes([len(heading), 0]) + heading
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("gaitkit_plate.npy", array)
        packed.writestr("pressure.npy", array)
    with pytest.raises(FormatError, match=r"plate\.npz: .* damaged"):
        read_plate(path)


@pytest.mark.parametrize("shape", ["(100000, 100000, 100000)", "(999999,)", "(2,)"])
def test_a_saved_plate_that_tells_of_more_than_it_holds_takes_no_memory(
    shape: str, tmp_path: Path
) -> None:
    path = tmp_path / "plate.npz"
    heading = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n"
    array = b"\x93NUMPY\x01\x00" + bytes([len(heading), 0]) + heading.encode()
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("gaitkit_plate.npy", array)
    with pytest.raises(FormatError, match=r"plate\.npz: .* damaged \(ValueError\)"):
        read_plate(path)


def clip(path: Path, size: tuple[int, int]) -> bytes:
    """Write a film of ten pictures; return its bytes."""
    with av.open(str(path), "w", format="mpegts") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for shade in range(10):
            picture = np.full((size[1], size[0], 3), 20 * shade, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.mark.parametrize("size", [(160, 120), (640, 480), (320, 242)])
@pytest.mark.parametrize("one_core", [True, False])
def test_a_film_whose_pictures_change_size_is_refused(
    size: tuple[int, int], tmp_path: Path, *, one_core: bool
) -> None:
    path = tmp_path / "a.ts"
    parts = clip(path, (320, 240)) + clip(tmp_path / "b.ts", size)
    path.write_bytes(parts)
    with pytest.raises(InputError, match=f"320 x 240 .*{size[0]} x {size[1]} in frame"):
        list(frames(read_video(path), one_core=one_core))


@pytest.mark.parametrize("comma", [", ", ","])
def test_a_zebris_report_whose_type_is_lost_is_refused(
    comma: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.csv"
    path.write_text(ZEBRIS.format(comma=comma))
    with pytest.raises(FormatError, match=r"^report\.csv: "):
        read_plate(path)
    path.write_text("type,name\nsignal_wrong,a\n")
    with pytest.raises(FormatError, match="no type of a Zebris report"):
        read_plate(path)


def zebris_xml() -> bytes:
    noise = np.random.default_rng(1).integers(0, 99, 60_000).tolist()
    return f"<measurement><cell_count/><note>{noise}</note></measurement>".encode()


def test_a_packed_export_that_breaks_later_is_refused_in_any_format(
    tmp_path: Path,
) -> None:
    path = tmp_path / "plate.xml.gz"
    packed = bytearray(gzip.compress(zebris_xml(), mtime=0))
    packed[-8] ^= 1  # the sum of all bytes stands at the end
    path.write_bytes(packed)
    with pytest.raises(FormatError, match=r"plate\.xml\.gz is a broken gzip file"):
        read_plate(path)


def test_a_packed_file_without_end_is_not_held_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaitkit.io.text.MAX_UNPACKED_BYTES", 1 << 20)
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"<measurement>" + bytes(1 << 22), mtime=0))
    with (
        open_text(path).open() as stream,
        pytest.raises(FormatError, match="holds more than 1 MB of text"),
    ):
        stream.read()


# -- a reader's own bug


def test_a_bug_of_a_reader_is_no_fault_of_the_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "foot.apd"
    path.write_text(APD.format(cell="40"))

    def broken(source: object, options: object) -> object:
        return {}["forgotten"]

    monkeypatch.setattr("gaitkit.io.plates.apd.read", broken)
    with pytest.raises(KeyError, match="forgotten"):
        read_plate(path)
    for command in (["inspect", path], ["assess", path, "--out", tmp_path / "out"]):
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in command])
        assert end.value.code == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("bug: KeyError: 'forgotten'")


MANY_DIGITS = "7" * 5000
PEDAR_ALONE = "pressure values in  kPa\ntime[secs]\n"
PEDAR_DIGITS = f"pressure values in  kPa\ntime[secs]\t1\t{MANY_DIGITS}\n0.01\t1\t2\n"
PLIANCE = (
    "pressure values in  kPa\ntime[secs]\t1\t2\n0.01\t1\t2\n0.02\t1\t2\n"
    "corner[cm]\nx[c]\t{x}\t2\ny[c]\t0\t1\n"
)
EMED = (
    "emed data file\nMatrix: 4 x 4\nTime/picture: 10 ms\n"
    "Sensor size: 0.5 x 0.5 cm\nPict-No.: 1\n{columns} Force\n{row} 1 2 3\n"
)
TEKSCAN = (
    "DATA_TYPE MOVIE\nVERSION Tekscan 7\nROWS 1\nCOLS 2\nROW_SPACING 8 mm\n"
    "COL_SPACING 8 mm\nSECONDS_PER_FRAME 0.01\nUNITS kPa\nSTART_FRAME 1\n"
    "END_FRAME 1\nASCII_DATA @@\n\nFrame {frame} Raw Sum={total}\n1,2\n@@\n"
)
SOLE = "sole_id,timestamp,pressure_01,pressure_02,corrupt\n"


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("pedar", PEDAR_ALONE),
        ("pedar", PEDAR_DIGITS),
        ("pedar", PLIANCE.format(x="nan")),
        ("emed", EMED.format(columns=f"1 {MANY_DIGITS}", row="1")),
        ("emed", EMED.format(columns="1 2", row=MANY_DIGITS)),
        ("emed", EMED.replace("4 x 4", f"{MANY_DIGITS} x 4")),
        ("tekscan", TEKSCAN.format(frame=MANY_DIGITS, total="3")),
        ("stappone", SOLE.replace("timestamp", "stamp") + "1,1000,3,4,0\n"),
        ("stappone", SOLE + "1,1000,3,4,1\n1,1016,3,4,1\n"),
        ("apd", APD.format(cell="4").replace("[Data]", f"[Data{MANY_DIGITS}]")),
        ("apd", "[General]\nMinIdx=0\nMaxIdx=1e15\n" + APD.format(cell="4").replace(
            "[General]\n", "").replace("[Data]", "[Data0]")),
    ],
)  # fmt: skip
def test_counts_that_are_none_are_refused_by_the_reader_itself(
    module: str, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "plate.txt"
    path.write_text(text)
    reader = import_module(f"gaitkit.io.plates.{module}")
    with pytest.raises(FormatError, match=r"^plate\.txt"):
        reader.read(open_text(path), PlateOptions())


def test_soles_of_which_one_is_all_corrupt_leave_the_other(tmp_path: Path) -> None:
    path = tmp_path / "soles.csv"
    rows = "".join(f"1,{16 * i},3,4,1\n2,{16 * i},5,6,0\n" for i in range(5))
    path.write_text(SOLE + rows)
    read = read_plate(path)
    (mat,) = read.mats
    assert float(mat["pressure"].max()) == 6
    assert "5 rows marked corrupt were left out" in read.notes[1]


@pytest.mark.parametrize("many", ["<a/>" * 3000, "<cells>" + "1 " * 600_000])
def test_xml_without_an_end_is_not_held_whole(
    many: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaitkit.io.plates.zebris_xml.MOST_ELEMENTS", 2000)
    monkeypatch.setattr("gaitkit.io.plates.zebris_xml.MAX_LINE_BYTES", 1 << 18)
    path = tmp_path / "plate.xml"
    path.write_text(f"<measurement><cell_count/>{many}")
    with pytest.raises(FormatError, match="more XML than any recording"):
        read_plate(path)


def test_a_table_of_a_million_columns_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "pose.csv"
    heads = ",".join(f"p{n}_x,p{n}_y" for n in range(20_000))
    path.write_text(f"time,{heads}\n0" + ",1" * 40_000 + "\n")
    with pytest.raises(FormatError, match="got 40001 columns"):
        read_motion(path)


@pytest.mark.parametrize(
    ("limit", "content"), [("MOST_PARTS", "[]," * 200), ("MOST_VALUES", "1.5," * 200)]
)
def test_json_of_more_parts_than_a_recording_is_not_parsed(
    limit: str, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"gaitkit.io.motion.pose_json.{limit}", 100)
    path = tmp_path / "pose.json"
    path.write_text(f'{{"landmark_positions": [{content}0]}}')
    with pytest.raises(FormatError, match="more than any recording"):
        read_motion(path)


def test_parquet_of_more_rows_than_a_recording_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaitkit.io.motion.pose_tables.MOST_ROWS", 100)
    path = write_trial(tmp_path / "a.c3d")
    (table,) = convert(path, tmp_path / "a.parquet")
    with pytest.raises(FormatError, match="rows are more than any recording"):
        read_motion(table)


@pytest.mark.parametrize("command", ["inspect", "convert", "assess"])
def test_a_damaged_file_beside_a_matrix_is_reached_by_every_command(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plate.txt"
    path.write_text(("\t".join(["0"] * 8 + ["5"] * 4 + ["0"] * 8) + "\n") * 40)
    path.with_name("plate.txt.toml").write_text(f"mass_kg = {MANY_DIGITS}\n")
    out = {
        "inspect": [],
        "convert": [tmp_path / "a.csv"],
        "assess": ["--out", tmp_path / "o"],
    }
    with pytest.raises(SystemExit) as end:
        main([command, str(path), *map(str, out[command])])
    assert end.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert line.endswith("plate.txt.toml: a number has too many digits; correct it")
