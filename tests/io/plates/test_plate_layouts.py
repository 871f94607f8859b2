"""Layouts of which no real file is at hand, built after their published readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import FormatError, InputError
from gaitkit.io.identify import inspect
from gaitkit.io.plates.plate_file import PlateOptions
from gaitkit.io.plates.registry import read_plate
from gaitkit.model.pressure import pitch_of, rate_hz, source_of, total_force_n
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

QUANT = (
    "<quant><cell_begin><x>1</x><y>0</y></cell_begin>"
    "<cell_count><x>2</x><y>2</y></cell_count><cells>1 2 3 4</cells></quant>"
)
EMPTY = (
    "<quant><cell_begin/><cell_count><x>0</x><y>0</y></cell_count><cells></cells>"
    "</quant>"
)


def zebris_xml(*, belt: str = "", count: int = 2) -> str:
    return (
        "<?xml version='1.0'?><measurement><cell_count><x>4</x><y>3</y></cell_count>"
        "<movements><movement><clips><clip><cell_size><x>8.5</x><y>8.4</y></cell_size>"
        f"<frequency>100</frequency><units>N/cm2</units><count>{count}</count><data>"
        f"{QUANT}{EMPTY}</data></clip>{belt}</clips></movement></movements>"
        "</measurement>"
    )


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "export"
    path.write_bytes(text.encode(encoding))
    return path


def test_zebris_xml_counts_y_upwards(tmp_path: Path) -> None:
    (data,) = read_plate(written(tmp_path, zebris_xml())).mats
    cells = data["pressure"].to_numpy()
    assert cells.shape == (2, 3, 4)
    assert cells[0, 2].tolist() == [0, 10, 20, 0]
    assert cells[0, 1].tolist() == [0, 30, 40, 0]
    assert not cells[1].any()
    assert pitch_of(data) == (8.4, 8.5)
    assert rate_hz(data) == pytest.approx(100)


def test_zebris_xml_with_a_belt_is_a_treadmill(tmp_path: Path) -> None:
    belt = (
        "<clip><frequency>100</frequency><units>m/s</units><count>2</count>"
        "<data><quant>1.2</quant><quant>1.2</quant></data></clip>"
    )
    (data,) = read_plate(written(tmp_path, zebris_xml(belt=belt))).mats
    assert source_of(data).surface == "treadmill"
    assert data["belt_m"].to_numpy() == pytest.approx([0.0, 0.012])


def test_zebris_xml_that_lacks_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="expected 5 frames, found 2"):
        read_plate(written(tmp_path, zebris_xml(count=5)))


def test_xsensor_pro_7_with_quoted_decimal_commas(tmp_path: Path) -> None:
    frame = (
        'Frame:,"{n}"\nTime:,"10:00:00,{ms}"\nSensor:,"PX100 Left"\n'
        'Units:,"N/cm2"\nRows:,"2"\nColumns:,"3"\n'
        'Sensel Width (cm):,"1,27"\nSensel Height (cm):,"1,27"\n'
        'COP Row:,"1,5"\n"1,23","0,00","2,00"\n"0,00","0,50","0,00"\n'
    )
    text = frame.format(n=1, ms="000") + frame.format(n=2, ms="020")
    (data,) = read_plate(written(tmp_path, text)).mats
    cells = data["pressure"].to_numpy()
    assert cells[0] == pytest.approx(np.array([[12.3, 0, 20], [0, 5, 0]]))
    assert pitch_of(data) == pytest.approx((12.7, 12.7))
    assert rate_hz(data) == pytest.approx(50)
    assert source_of(data).side is Side.LEFT


def test_xsensor_wide_has_one_mat_a_device_and_asks_for_the_unit(
    tmp_path: Path,
) -> None:
    text = (
        "Frame,Time,Insole,S_1_1,S_1_2,S_2_1,Insole.1,S_1_1.1,S_1_2.1,S_2_1.1\n"
        "1,09:00:00.000,Left,1,2,3,Right,4,5,6\n"
        "2,09:00:00.010,Left,0,0,0,Right,7,0,0\n"
    )
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=r"neither unit nor sensor size.*plate\.unit"):
        read_plate(path)
    options = PlateOptions(unit="PSI", pitch_rows_mm=7.6, pitch_cols_mm=7.6)
    left, right = read_plate(path, options=options).mats
    assert source_of(left).side is Side.LEFT
    assert source_of(right).side is Side.RIGHT
    assert left["pressure"].to_numpy()[0, 1, 0] == pytest.approx(3 * 6.894757)
    assert right["pressure"].to_numpy()[1].max() == pytest.approx(7 * 6.894757)
    assert not bool(left["valid"].to_numpy()[1, 1])


def test_footscan_dynamic_roll_off_as_text(tmp_path: Path) -> None:
    rows = "0.0\t1.0\t\r\n2.0\t0.0\t\r\n0.0\t0.0\t\r\n"
    text = (
        "Dynamic Roll offfor measurement: x\r\nPatient name: Somebody\r\n\r\n"
        "Left foot data\r\n\r\nLeft rectangle position\r\n"
        "Rectangle bottom\t6\r\nRectangle left\t40\r\n"
        "Rectangle width\t2\r\nRectangle height\t3\r\n\r\n"
        f"Beeld 0 (0.00 ms)\r\n{rows}\r\nBeeld 1 (2.00 ms)\r\n{rows}"
    )
    content = read_plate(written(tmp_path, text))
    (data,) = content.mats
    assert source_of(data).side is Side.LEFT
    assert rate_hz(data) == pytest.approx(500)
    newton = data["pressure"].to_numpy() * 7.62 * 5.08e-3
    assert newton[0] == pytest.approx(np.array([[0, 0], [2, 0], [0, 1]]))
    assert "Somebody" not in repr(content)


def test_zebris_static_with_english_words(tmp_path: Path) -> None:
    text = (
        "Person\tA, B\r\nRecord\tx\r\nApplication\tstatplat\r\nFrequency,Hz\t50.000\r\n"
        "Count\t1\r\n\r\nTime,ms\tl forefoot,N\tl backfoot,N\r\nCalibr\t\r\n"
        "0\t1.0\t2.0\r\n\r\nPlatform {\r\nColumns\t2\r\nLines\t2\r\n"
        "Cell width,mm\t8.46\r\nCell height,mm\t8.46\r\nUnits\tN/cm^2\r\n"
        "Frame count\t1\r\nFrequency\t50.00\r\nFrame 1 {\r\nTime, ms\t0.00\r\n"
        "\tx1\tx2\r\ny1\t0,50\t1,00\r\ny2\t0.00\t0.00\r\n}\r\n}\r\n"
    )
    (data,) = read_plate(written(tmp_path, text, "latin-1")).mats
    assert source_of(data).surface == "plate"
    assert source_of(data).checksum is None
    assert data["pressure"].to_numpy()[0, 1].tolist() == [5.0, 10.0]


def zebris_with_total(stated_n: float) -> str:
    """Return two frames of 4000 cells of 5 N/cm2 and 7.16 mm2 more: 1000 N."""
    row = "y{}\t" + "\t".join(["2,00"] * 100) + "\r\n"
    frame = "".join(row.format(n) for n in range(1, 51))
    names = "\t".join(f"x{n}" for n in range(1, 101))
    return (
        "Application\ttrplatf\r\nFrequency,Hz\t50.000\r\n\r\n"
        "Time,ms\tButterfly.force,N\tPosition,m\r\n"
        f"0\t{stated_n:.1f}\t0.0\r\n20\t{stated_n:.1f}\t0.02\r\n\r\nPlatform {{\r\n"
        "Columns\t100\r\nLines\t50\r\nCell width,mm\t10\r\nCell height,mm\t1\r\n"
        "Units\tN/cm^2\r\nFrame count\t2\r\n"
        f"Frame 1 {{\r\n\t{names}\r\n{frame}}}\r\n"
        f"Frame 2 {{\r\n\t{names}\r\n{frame}}}\r\n}}\r\n"
    )


@pytest.mark.parametrize(("stated_n", "told"), [(1000.4, False), (1001.0, True)])
def test_a_zebris_total_that_is_a_thousandth_off_is_read_and_told(
    stated_n: float, told: bool, tmp_path: Path
) -> None:
    path = written(tmp_path, zebris_with_total(stated_n))
    (data,) = read_plate(path).mats
    assert total_force_n(data) == pytest.approx([1000.0, 1000.0], rel=1e-5)
    codes = {why.code: why for why in inspect(path).warnings}
    assert ("plate_sum_differs" in codes) is told
    if told:
        assert "up to 1.0 N" in codes["plate_sum_differs"].text.en


def test_a_zebris_total_that_is_further_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"add up to 1000\.0 N.*states 1004\.0 N"):
        read_plate(written(tmp_path, zebris_with_total(1004.0)))


@pytest.mark.parametrize("key", ["MIRROR_ROW", "MIRROR_COL"])
@pytest.mark.parametrize("value", ["0", "1"])
def test_a_mirrored_picture_of_tekscan_is_told(
    key: str, value: str, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        "DATA_TYPE MOVIE\r\nVERSION Tekscan Pressure Measurement System 6.33\r\n"
        "SENSOR_TYPE 7101E\r\nROWS 1\r\nCOLS 2\r\nROW_SPACING 5 mm\r\n"
        "COL_SPACING 5 mm\r\nSECONDS_PER_FRAME 0.01\r\nSTART_FRAME 1\r\n"
        f"END_FRAME 2\r\nUNITS KPa\r\n{key} {value}\r\nASCII_DATA @@\r\n\r\n"
        "Frame 1\r\n1,2\r\n\r\nFrame 2\r\n3,4\r\n\r\n@@\r\n",
    )
    (data,) = read_plate(path).mats
    assert data["pressure"].to_numpy()[0].tolist() == [[1.0, 2.0]]
    told = "plate_shown_mirrored" in {why.code for why in inspect(path).warnings}
    assert told is (value == "1")


def test_a_sensor_sheet_that_changes_its_pictures_is_refused(tmp_path: Path) -> None:
    text = (
        "\tMatrix: 64x95 \n\tTime/picture:10.0 ms\n\tSensor size: 0.500x0.500 cm\n"
        "\tPict-No.: 1\n\t1\t2\tForce\n1\t10.00\t0.00\t0.25\nForce\t0.25\t0.00\t9.99\n"
    )
    with pytest.raises(FormatError, match=r"add up to 0\.25 N.*states Force 9\.99"):
        read_plate(written(tmp_path, text))


def test_summary_pictures_of_novel_are_left_out(tmp_path: Path) -> None:
    page = (
        "\tMatrix: 64x95 \n\tTime/picture:10.0 ms\n{kind}\tSensor size: 0.500x0.500 cm"
        "\n\t{title}\n\t1\t2\tForce\n1\t10.00\t0.00\t0.25\nForce\t0.25\t0.00\t0.25\n\f"
    )
    text = page.format(kind="", title="Pict-No.: 1") + page.format(
        kind="\tMVP over frames\n", title="Mean value picture"
    )
    (data,) = read_plate(written(tmp_path, text)).mats
    assert data.sizes["time"] == 1


@pytest.mark.parametrize(
    ("line", "kpa"),
    [("SATURATION_PRESSURE 150 KPa", 150.0), ("SATURATION_PRESSURE 50 PSI", 344.74),
     ("SATURATION_PRESSURE 1,5 MPa", 1500.0), ("SATURATION_PRESSURE N/A", None),
     ("SATURATION_PRESSURE 0 KPa", None), ("SATURATION_PRESSURE inf KPa", None),
     ("NOISE_THRESHOLD 3", None)],
)  # fmt: skip
def test_tekscan_states_at_which_pressure_its_sensors_saturate(
    line: str, kpa: float | None, tmp_path: Path
) -> None:
    text = (
        "DATA_TYPE MOVIE\nVERSION Tekscan Pressure Measurement System 7.00\nROWS 1\n"
        "COLS 2\nROW_SPACING 5.08 mm\nCOL_SPACING 5.08 mm\nSECONDS_PER_FRAME 0.01\n"
        f"{line}\nSTART_FRAME 1\nEND_FRAME 2\nUNITS KPa\nASCII_DATA @@\n\n"
        "Frame 1\n1.0,B\n\nFrame 2\n2.0,B\n\n@@\n"
    )
    (data,) = read_plate(written(tmp_path, text)).mats
    assert source_of(data).saturation_kpa == (kpa and pytest.approx(kpa, abs=0.01))
