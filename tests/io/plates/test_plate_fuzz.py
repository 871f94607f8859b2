"""Broken exports: one clear line each, never a traceback, never a hang."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from gaitkit.errors import InputError
from gaitkit.io.plates.plate_file import PlateOptions
from gaitkit.io.plates.registry import read_plate
from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk
from gaitkit_virtual.plate.writers import Maker, write_export

if TYPE_CHECKING:
    from pathlib import Path

TINY = PlateSpec(
    rows=40, cols=20, pitch_mm=(8.0, 6.0), rate_hz=20.0, duration_s=0.8, step_kpa=2.5
)
WALK = WalkSpec(steps=1, first_heel_mm=40.0, step_width_mm=0.0)
GENERIC = PlateOptions(unit="kPa", pitch_rows_mm=8.0, pitch_cols_mm=6.0, rate_hz=20.0)
WRITTEN: tuple[Maker, ...] = (
    "footscan",
    "emed",
    "zebris",
    "tekscan",
    "apd",
    "xsensor",
    "matrix",
)
SEEDS = range(30)

PEDAR = (
    "file name:  1.sol\tdate/time  1\nsensor type:  y\n"
    "total time [secs]:  0.03\ttime per frame [secs]:  0.01\n"
    "pressure values in  kPa\n\n"
    "time[secs]\t"
    + "\t".join(str(i + 1) for i in range(198))
    + "\n"
    + "".join(f"{t}\t" + "\t".join(["2.5"] * 198) + "\n" for t in (0.01, 0.02, 0.03))
)
STAPPONE = "sole_id,timestamp,pressure_01,pressure_02,corrupt\n" + "".join(
    f"1,{1000 + 16 * i},{i + 3},{i + 4},0\n" for i in range(20)
)
XML = (
    "<measurement><cell_count><x>4</x><y>3</y></cell_count><movements><movement>"
    "<clips><clip><cell_size><x>8</x><y>8</y></cell_size><frequency>100</frequency>"
    "<units>N/cm2</units><count>3</count><data>"
    + "<quant><cell_begin><x>1</x><y>1</y></cell_begin><cell_count><x>2</x><y>1</y>"
    "</cell_count><cells>1.5 2.5</cells></quant>"
    * 3
    + "</data></clip></clips></movement></movements></measurement>"
)
HANDMADE = {"pedar": PEDAR, "stappone": STAPPONE, "zebris_xml": XML}


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    data = simulate_walk(WALK, TINY).data
    folder = tmp_path_factory.mktemp("whole")
    files = {name: text.encode() for name, text in HANDMADE.items()}
    for maker in WRITTEN:
        write_export(data, folder / maker, maker=maker)
        files[maker] = (folder / maker).read_bytes()
    return files


def broken(content: bytes, seed: int) -> bytes:
    """Damage a file so that it cannot be whole any more."""
    rng = random.Random(seed)
    at = rng.randrange(len(content) // 10, len(content) * 9 // 10)
    kind = seed % 6
    if kind == 0:  # cut off in the middle of a line
        cut = content[:at].rstrip(b"\r\n0.,\t")
        return cut[: len(cut) - 1] + b"#"
    if kind == 1:  # a line lost its end
        end = content.index(b"\n", at) if b"\n" in content[at:] else at
        return content[:at] + b"~~" + content[end + 1 :]
    if kind == 2:  # bytes of another file
        return content[:at] + bytes(rng.randrange(128, 256) for _ in range(60))
    if kind == 3:  # a word among the numbers
        return content[:at] + b"\tabc\t;,abc " + content[at:]
    if kind == 4:  # a negative pressure that is not "outside"
        return content[:at] + b"-77.5-" + content[at:]
    return content[: min(40, len(content) // 20)]  # only the first words


@pytest.mark.parametrize("maker", [*WRITTEN, *HANDMADE])
def test_thirty_broken_files_give_one_clear_line_each(
    maker: str, originals: dict[str, bytes], tmp_path: Path
) -> None:
    options = GENERIC if maker == "matrix" else None
    read_plate(_file(tmp_path, originals[maker]), options=options)  # whole: no error
    messages = [
        _message(_file(tmp_path, broken(originals[maker], seed)), options)
        for seed in SEEDS
    ]
    for message in messages:
        assert message is None or "\n" not in message
        assert message is None or 20 < len(message) < 400
    # damage may fall into a heading that carries no number, and then nothing is wrong
    assert messages.count(None) <= 3


def _message(path: Path, options: PlateOptions | None) -> str | None:
    try:
        read_plate(path, options=options)
    except InputError as error:
        return str(error)
    return None


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "export"
    path.write_bytes(content)
    return path
