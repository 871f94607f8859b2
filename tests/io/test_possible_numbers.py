"""Numbers that no recording can have are refused before memory is taken for them."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.doors import toml_table
from gaitkit.errors import ConfigError, FormatError, InputError
from gaitkit.io.clock import check_possible
from gaitkit.io.picture import read_picture
from gaitkit.io.plates.plausible import check_clock_and_size
from gaitkit.io.plates.registry import read_plate
from gaitkit.model.pressure import PressureSource, pressure
from gaitkit.model.recording import Timing

if TYPE_CHECKING:
    from pathlib import Path

ZEBRIS = (
    "<measurement><cell_count><x>{x}</x><y>{y}</y></cell_count><movements><movement>"
    "<clips><clip><cell_size><x>8</x><y>8</y></cell_size><frequency>100</frequency>"
    "<units>N/cm2</units><count>1</count><data><quant><cell_begin><x>0</x><y>0</y>"
    "</cell_begin><cell_count><x>1</x><y>1</y></cell_count><cells>1</cells></quant>"
    "</data></clip></clips></movement></movements></measurement>"
)


@pytest.mark.parametrize(
    ("rate_hz", "duration_s"),
    [(1e30, 1.0), (float("nan"), 1.0), (0.0, 1.0), (-50.0, 1.0), (float("inf"), 1.0),
     (50.0, 2147483.0), (50.0, float("nan")), (50.0, -1.0), (50.0, float("inf"))],
)  # fmt: skip
def test_an_impossible_clock_is_refused(rate_hz: float, duration_s: float) -> None:
    timing = Timing(source="header", rate_hz=rate_hz, duration_s=duration_s, frames=9)
    with pytest.raises(FormatError, match=r"walk\.x: expected a r"):
        check_possible(timing, where="walk.x")


def test_an_hour_of_film_is_possible() -> None:
    timing = Timing(source="pts", rate_hz=29.97, duration_s=3600.0, frames=107892)
    check_possible(timing, where="walk.mp4")


def png(width: int, height: int) -> bytes:
    """Return a PNG that declares its size and holds a few zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed)


@pytest.mark.parametrize("size", [(30_000, 30_000), (12_001, 10_000), (2**31 - 1, 1)])
def test_a_picture_larger_than_a_camera_takes_is_refused(
    size: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(*size))
    with pytest.raises(FormatError, match="at most 120 million pixels"):
        read_picture(path)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"avif", b"hevc"])
def test_a_heic_picture_is_refused_with_the_setting_of_the_telephone(
    brand: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(b"\0\0\0\x18ftyp" + brand + bytes(600))
    with pytest.raises(FormatError, match="Most Compatible"):
        read_picture(path)


@pytest.mark.parametrize(("x", "y"), [(100_000, 100_000), (1_000_001, 1), (3, 1e300)])
def test_a_plate_that_declares_more_sensors_than_can_be_takes_no_memory(
    x: float, y: float, tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(ZEBRIS.format(x=x, y=y))
    with pytest.raises(FormatError, match=r"more than any plate records|no pressures"):
        read_plate(path)


@pytest.mark.parametrize(
    ("step_s", "pitch_mm", "wrong"),
    [(0.0, 5.0, "times that increase"), (1e-9, 5.0, "times that increase"),
     (float("nan"), 5.0, "times that increase"), (5.0, 5.0, "times that increase"),
     (0.01, 5e4, "sensors 0.5 to 30 mm apart"), (0.01, 1e-3, "sensors 0.5 to 30")],
)  # fmt: skip
def test_clock_and_size_of_a_plate_are_those_of_a_plate(
    step_s: float, pitch_mm: float, wrong: str
) -> None:
    source = PressureSource(
        maker="x", format="x", raw_unit="kPa", unit_evidence="stated",
        pitch_evidence="stated", time_source="header",
    )  # fmt: skip
    data = pressure(
        np.ones((4, 3, 3), dtype=np.float32),
        time_s=np.arange(4) * 0.01,
        pitch_mm=(5.0, 5.0),
        source=source,
    )
    data = data.assign_coords(time=np.arange(4) * step_s)
    data.attrs["pitch_mm"] = (pitch_mm, 5.0)
    with pytest.raises(FormatError, match=wrong):
        check_clock_and_size(data, name="a.txt")


def test_a_number_of_5000_digits_is_refused_in_one_line(tmp_path: Path) -> None:
    text = f"rate_hz = {'9' * 5000}\n"
    with pytest.raises(InputError, match="digits"):
        toml_table(text, where="visit.toml", error=InputError)
    plate = tmp_path / "a.csv"
    plate.write_text("1,2,3\n" * 20)
    plate.with_name("a.csv.toml").write_text(text)
    with pytest.raises(InputError, match=r"a\.csv\.toml") as told:
        read_plate(plate)
    assert len(str(told.value)) < 500


def test_a_key_of_100_kb_is_not_quoted_whole() -> None:
    from gaitkit.doors import build

    table = {"source": "pts", "rate_hz": None, "duration_s": None, "frames": 1}
    table |= {"k" * 100_000: 1}
    with pytest.raises(ConfigError, match="unknown key") as told:
        build(Timing, table, where="config.toml", error=ConfigError)
    assert len(str(told.value)) < 500
