"""Small files that say or unpack to something huge, brought to the commands.

    python benchmarks/reliability/bombs.py [NAME ...] [--work FOLDER] [--table]

Each bomb is made here and given to ``gaitkit inspect``, ``convert`` and ``assess``, in
processes of their own. Right is one ``error:`` line and exit code 2 (or right values),
within 5 s of processor time and 2 GB. Prints a line for each as it goes; ``--table``
writes the table to RESULTS.md. Exit code 1 when any bomb goes off.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
MOST_CPU_S = 5.0
MOST_MB = 2048.0
LONGEST_LINE = 500
KILLED_MB = 8 << 10
"""Address space of a command: a bomb that goes off ends it and not the machine."""

MARK = "<!-- bombs -->"
QUIET = ("--set", "report.html=false", "--set", "report.pdf=false",
         "--set", "report.overlay=false")  # fmt: skip
KILLED_S = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What one command did with one bomb."""

    bomb: str
    command: str
    code: int
    cpu_s: float
    peak_mb: float
    line: str

    @property
    def wrong(self) -> str | None:
        """Why this is no right answer, None where it is one."""
        if self.code not in {0, 2}:
            return f"exit code {self.code}"
        if self.code and not self.line.startswith("error: "):
            return "no line that begins with error:"
        if len(self.line) > LONGEST_LINE:
            return f"a line of {len(self.line)} letters"
        if self.peak_mb > MOST_MB:
            return f"{self.peak_mb:.0f} MB"
        return f"{self.cpu_s:.1f} s" if self.cpu_s > MOST_CPU_S else None


# -- bombs: each writes a file and returns it


def gzip_of_zeros(folder: Path, size: int = 1) -> Path:
    """Write 21 MB that unpack to 20 GB."""
    packed = gzip.compress(bytes(1 << 26), compresslevel=9, mtime=0)
    path = folder / "plate.txt.gz"
    path.write_bytes(packed * (320 // size))
    return path


def gzip_of_text(folder: Path, size: int = 1) -> Path:
    """Write a footscan heading, then lines of zeros without an end."""
    line = b"0\t" * 63 + b"0\n"
    head = gzip.compress(b"Frame 0 (0 ms)\n" + line, mtime=0)
    path = folder / "plate.txt.gz"
    rows = gzip.compress(line * (1 << 19), compresslevel=9, mtime=0)
    path.write_bytes(head + rows * (300 // size))
    return path


def gzip_of_xml(folder: Path, size: int = 1) -> Path:
    """Write a gigabyte of elements without content, packed."""
    head = b"<measurement><cell_count><x>4</x><y>3</y></cell_count>"
    rows = gzip.compress(b"<a/>" * (1 << 22), compresslevel=9, mtime=0)
    path = folder / "plate.xml.gz"
    path.write_bytes(gzip.compress(head, mtime=0) + rows * (60 // size))
    return path


def gzip_in_gzip(folder: Path, size: int = 1) -> Path:
    """Write Zeros, packed twice."""
    once = gzip.compress(bytes(1 << 28), compresslevel=9, mtime=0) * (80 // size)
    path = folder / "plate.txt.gz.gz"
    path.write_bytes(gzip.compress(once, compresslevel=9, mtime=0))
    return path


def zebris_claim(folder: Path, _size: int = 1) -> Path:
    """Write 600 bytes of XML that tell of a plate of 100,000 x 100,000 sensors."""
    path = folder / "plate.xml"
    path.write_text(
        "<measurement><cell_count><x>100000</x><y>100000</y></cell_count><movements>"
        "<movement><clips><clip><cell_size><x>8</x><y>8</y></cell_size>"
        "<frequency>100</frequency><units>N/cm2</units><count>3</count><data>"
        + "<quant><cell_begin><x>1</x><y>1</y></cell_begin><cell_count><x>2</x>"
        "<y>1</y></cell_count><cells>1.5 2.5</cells></quant>"
        * 3
        + "</data></clip></clips></movement></movements></measurement>"
    )
    return path


def entities(folder: Path, _size: int = 1) -> Path:
    """Write XML whose words stand for ten others each, ten times over."""
    words = "".join(
        f'<!ENTITY w{n} "{f"&w{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10)
    )
    path = folder / "plate.xml"
    path.write_text(
        f"<?xml version='1.0'?><!DOCTYPE measurement [{words}]><measurement>"
        "<cell_count><x>&w9;</x><y>3</y></cell_count></measurement>"
    )
    return path


def apd_claim(folder: Path, _size: int = 1) -> Path:
    """Write an ``.apd`` of a million sensors a side."""
    path = folder / "foot.apd"
    path.write_text(
        "[General]\nSensCountX=1000000\nSensCountY=1000000\nUnitPressure=N/cm2\n"
        "LDistX=8\nLDistY=8\n[Data]\n1\t2\n3\t4\n"
    )
    return path


def tekscan_claim(folder: Path, _size: int = 1) -> Path:
    """Write a Tekscan movie of 200,000 rows and columns."""
    path = folder / "foot.asf"
    path.write_text(
        "DATA_TYPE MOVIE\nVERSION Tekscan 7\nROWS 200000\nCOLS 200000\n"
        "ROW_SPACING 8 mm\nCOL_SPACING 8 mm\nSECONDS_PER_FRAME 0.01\nUNITS kPa\n"
        "START_FRAME 1\nEND_FRAME 900000000\nASCII_DATA @@\n\nFrame 1\n1,2\n3,4\n@@\n"
    )
    return path


def npz_of_zeros(folder: Path, size: int = 1) -> Path:
    """Write a saved plate whose array unpacks to 20 GB."""
    return _saved(folder, shape=(5_000_000_000 // size,), whole=True)


def npz_claim(folder: Path, _size: int = 1) -> Path:
    """Write a saved plate whose array tells of 10**15 numbers and holds none."""
    return _saved(folder, shape=(100_000, 100_000, 100_000), whole=False)


def _saved(folder: Path, *, shape: tuple[int, ...], whole: bool) -> Path:
    path = folder / "plate.npz"
    heading = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    heading += " " * (-(len(heading) + 11) % 64) + "\n"
    head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(heading)) + heading.encode()
    meta = io.BytesIO()
    np.save(meta, np.array('{"pitch_mm": [8, 8], "source": {}}'))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr("gaitkit_plate.npy", meta.getvalue())
        with packed.open("pressure.npy", "w", force_zip64=True) as stream:
            stream.write(head)
            left = 4 * int(np.prod(shape)) if whole else 0
            while left > 0:
                stream.write(bytes(min(left, 1 << 26)))
                left -= 1 << 26
    return path


def workbook(folder: Path, size: int = 1) -> Path:
    """Write a workbook whose sheet unpacks to 10 GB."""
    path = folder / "visits.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream,
    ):
        for _ in range(150 // size):
            stream.write(bytes(1 << 26))
    return path


def zip_in_zip(folder: Path, _size: int = 1) -> Path:
    """Write archives in archives, ten in each, nine deep."""
    content = b"0" * (1 << 20)
    for _ in range(9):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
            for number in range(10):
                z.writestr(f"{number}.zip", content)
        content = target.getvalue()
    path = folder / "recordings.zip"
    path.write_bytes(content)
    return path


def hdf5_claim(folder: Path, _size: int = 1) -> Path:
    """Write SLEAP's tracks of 10**12 numbers in chunks, of which none was written."""
    return _sleap(folder, frames=10**9)


def hdf5_just_allowed(folder: Path, _size: int = 1) -> Path:
    """Write as many numbers as are just allowed, none of them written."""
    return _sleap(folder, frames=5_000_000)


def _sleap(folder: Path, *, frames: int) -> Path:
    import h5py

    path = folder / "pose.h5"
    names = [f"{side}_{part}" for side in ("left", "right")
             for part in ("hip", "knee", "ankle", "heel", "toe")]  # fmt: skip
    with h5py.File(path, "w") as file:
        file.create_dataset("node_names", data=[name.encode() for name in names])
        file.create_dataset(
            "tracks", shape=(1, 2, len(names), frames), dtype="f4",
            chunks=(1, 2, len(names), 4096), compression="gzip", fillvalue=1.0,
        )  # fmt: skip
    return path


def netcdf_claim(folder: Path, _size: int = 1) -> Path:
    """Write the classic NetCDF heading of a position of 10**15 numbers."""
    word = struct.Struct(">I").pack

    def name(text: str) -> bytes:
        return word(len(text)) + text.encode() + bytes(-len(text) % 4)

    sizes = {"time": 2_000_000_000, "space": 2, "keypoint": 500_000}
    dims = b"".join(name(key) + word(size) for key, size in sizes.items())
    place = name("position") + word(3) + word(0) + word(1) + word(2) + bytes(8)
    place += word(5) + word(0xFFFFFFFF) + word(400)
    head = b"CDF\x01" + word(0) + word(10) + word(3) + dims + bytes(8)
    path = folder / "pose.nc"
    path.write_bytes(head + word(11) + word(1) + place + bytes(400))
    return path


def parquet_of_one_number(folder: Path, size: int = 1) -> Path:
    """Write a table of 20 million equal rows in a few kB."""
    import duckdb

    path = folder / "pose.parquet"
    rows = 20_000_000 // size
    duckdb.sql(
        "COPY (SELECT 'keypoints_raw' AS series, 'left_heel' AS name, 'x' AS axis, "
        "0.0::DOUBLE AS time_s, 0.0::DOUBLE AS value, 'px' AS unit, "
        f"1.0::DOUBLE AS confidence FROM range({rows})) TO '{path}' "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10000000)"
    )
    return path


def c3d_claim(folder: Path, _size: int = 1) -> Path:
    """Write a C3D heading of 65,535 points, frames and channels."""
    head = bytearray(512 * 4)
    struct.pack_into("<BBHHHHHfHHf", head, 0, 2, 0x50, 65535, 65535, 1, 65535, 10,
                     -0.1, 4, 65535, 100.0)  # fmt: skip
    struct.pack_into("<BBBB", head, 512, 1, 80, 2, 84)
    path = folder / "walk.c3d"
    path.write_bytes(bytes(head))
    return path


def trc_claim(folder: Path, _size: int = 1) -> Path:
    """Write a TRC of 10**9 frames and markers, and one line."""
    path = folder / "walk.trc"
    path.write_text(
        "PathFileType\t4\t(X/Y/Z)\ta.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\t"
        "Units\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n100\t100\t1000000000\t"
        "1000000000\tmm\t100\t1\t1000000000\nFrame#\tTime\tLASI\t\t\n\t\tX1\tY1\tZ1\n\n"
        "1\t0\t1\t2\t3\n"
    )
    return path


def mot_claim(folder: Path, _size: int = 1) -> Path:
    """Write a MOT of 10**12 rows and 10**9 columns, and two lines."""
    path = folder / "walk.mot"
    path.write_text(
        "walk\nversion=1\nnRows=1000000000000\nnColumns=1000000000\ninDegrees=yes\n"
        "endheader\ntime\tground_force_vx\tground_force_vy\tground_force_vz\n"
        "0\t1\t2\t3\n0.01\t1\t2\t3\n"
    )
    return path


def csv_of_columns(folder: Path, size: int = 1) -> Path:
    """Write a table of two million columns."""
    count = 500_000 // size
    path = folder / "pose.csv"
    heads = ",".join(f"p{n}_x,p{n}_y" for n in range(count))
    path.write_text(f"time,{heads}\n0" + ",1" * (2 * count) + "\n")
    return path


def deep_json(folder: Path, _size: int = 1) -> Path:
    """Write lists in lists, a million deep."""
    path = folder / "pose.json"
    deep = "[" * 1_000_000 + "]" * 1_000_000
    path.write_text(f'{{"pose_keypoints_2d": {deep}}}')
    return path


def wide_json(folder: Path, size: int = 1) -> Path:
    """Write 300 MB of empty lists, which as objects are 60 times as much."""
    path = folder / "pose.json"
    row = "[]," * (1 << 20)
    with path.open("w") as stream:
        stream.write('{"landmark_positions": [')
        for _ in range(100 // size):
            stream.write(row)
        stream.write("[]]}")
    return path


def png_of_nothing(folder: Path, side: int = 30_000) -> Path:
    """Write a picture of 30,000 x 30,000 pixels in 3 MB."""
    path = folder / "standing.png"
    path.write_bytes(_png(side))
    return path


def _png(side: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
        )

    pack = zlib.compressobj(9)
    row = bytes(1 + 3 * side)
    rows = b"".join(pack.compress(row) for _ in range(side)) + pack.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def jpeg_claim(folder: Path, _size: int = 1) -> Path:
    """Write a JPEG whose heading tells of 65,535 x 65,535 pixels."""
    from PIL import Image

    path = folder / "standing.jpg"
    Image.new("RGB", (300, 300)).save(path)
    content = bytearray(path.read_bytes())
    at = content.index(b"\xff\xc0") + 5
    struct.pack_into(">HH", content, at, 65535, 65535)
    path.write_bytes(bytes(content))
    return path


def tiff_claim(folder: Path, _size: int = 1) -> Path:
    """Write a TIFF of 30,000 x 30,000 pixels in one strip that is not there."""
    tags = [(256, 3, 30_000), (257, 3, 30_000), (258, 3, 8), (259, 3, 8), (262, 3, 1),
            (273, 4, 8), (277, 3, 1), (278, 4, 30_000), (279, 4, 100)]  # fmt: skip
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, v) for tag, kind, v in tags)
    directory = struct.pack("<H", len(tags)) + rows + bytes(4)
    path = folder / "standing.tif"
    path.write_bytes(b"II*\0" + struct.pack("<I", 108) + bytes(100) + directory)
    return path


def gif_claim(folder: Path, _size: int = 1) -> Path:
    """Write a GIF of two pictures on a canvas of 65,535 x 65,535."""
    picture = (
        b"\x21\xf9\x04\x00\x0a\x00\x00\x00\x2c"
        + struct.pack("<HHHH", 0, 0, 65535, 65535)
        + b"\x00\x02\x02\x44\x01\x00"
    )
    screen = struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6)
    path = folder / "walk.gif"
    path.write_bytes(b"GIF89a" + screen + picture * 10 + b";")
    return path


def film_of_nothing(folder: Path, side: int = 30_000) -> Path:
    """Write a film of ten pictures of 30,000 x 30,000 pixels."""
    import av

    picture = _png(side)
    path = folder / "walk.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("png", rate=25)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "rgb24"
        for number in range(10):
            packet = av.Packet(picture)
            packet.stream, packet.pts, packet.dts = stream, number, number
            packet.time_base, packet.is_keyframe = Fraction(1, 25), True
            container.mux(packet)
    return path


BOMBS: dict[str, Callable[[Path], Path]] = {
    make.__name__: make
    for make in (
        gzip_of_zeros, gzip_of_text, gzip_of_xml, gzip_in_gzip, zebris_claim, entities,
        apd_claim, tekscan_claim, npz_of_zeros, npz_claim, workbook, zip_in_zip,
        hdf5_claim, hdf5_just_allowed, netcdf_claim, parquet_of_one_number, c3d_claim,
        trc_claim, mot_claim, csv_of_columns, deep_json, wide_json, png_of_nothing,
        jpeg_claim, tiff_claim, gif_claim, film_of_nothing,
    )
}  # fmt: skip


def shots(name: str, path: Path, work: Path) -> Iterator[Shot]:
    """Yield what each command does with a bomb."""
    yield shot(name, "inspect", path)
    yield shot(name, "convert", path, work / "out.csv")
    yield shot(name, "assess", path, "--out", work / "out", "--force", *QUIET)


def shot(name: str, command: str, *words: object) -> Shot:
    """Bring a bomb to one command, in a process that is watched."""
    path = os.pathsep.join((str(REPOSITORY), os.environ.get("PYTHONPATH", "")))
    run = "import sys; from gaitkit.cli import main; main(sys.argv[1:])"
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen(
            [sys.executable, "-c", run, command, *map(str, words)],
            stdout=subprocess.DEVNULL, stderr=told,
            env=os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        space = KILLED_MB << 20
        resource.prlimit(process.pid, resource.RLIMIT_AS, (space, space))
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (KILLED_S, KILLED_S))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        line = told.read().strip()
    return Shot(
        bomb=name, command=command, code=process.returncode,
        cpu_s=used.ru_utime + used.ru_stime, peak_mb=used.ru_maxrss / 1024, line=line,
    )  # fmt: skip


def _made(name: str, work: Path) -> Path:
    """Make a bomb in a process of its own: children begin with the peak of a parent."""
    words = [sys.executable, str(Path(__file__)), name, "--work", str(work), "--make"]
    made = subprocess.run(words, check=True, capture_output=True, text=True)
    return Path(made.stdout.strip())


def main() -> int:
    """Set off the bombs that were asked for; return 1 where one goes off."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BOMBS))
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "gaitkit-bombs"
    )
    parser.add_argument("--table", action="store_true", help="write RESULTS.md")
    parser.add_argument("--make", action="store_true", help="make the first one only")
    options = parser.parse_args()
    if options.make:
        print(BOMBS[options.names[0]](options.work))
        return 0
    rows, bad = [], 0
    for name in options.names or BOMBS:
        shutil.rmtree(options.work, ignore_errors=True)
        options.work.mkdir(parents=True)
        path = _made(name, options.work)
        size, done = path.stat().st_size, []
        for shot in shots(name, path, options.work):
            bad += shot.wrong is not None
            done.append(shot)
            verdict = "right" if shot.wrong is None else f"WRONG ({shot.wrong})"
            print(
                f"{name}, {shot.command}: {verdict}; code {shot.code}, "
                f"{shot.cpu_s:.1f} s, {shot.peak_mb:.0f} MB; {shot.line[-300:]}",
                flush=True,
            )
        rows.append(_row(name, size, done))
    shutil.rmtree(options.work, ignore_errors=True)
    print("\n".join(rows))
    if options.table:
        _write_table(rows)
    return int(bad > 0)


def _row(name: str, size: int, done: list[Shot]) -> str:
    what = (BOMBS[name].__doc__ or name).removeprefix("Write ").rstrip(".")
    codes = ", ".join(str(shot.code) for shot in done)
    slowest, most = max(s.cpu_s for s in done), max(s.peak_mb for s in done)
    return f"| {what} | {size / 1024:.0f} | {codes} | {slowest:.1f} | {most:.0f} |"


def _write_table(rows: list[str]) -> None:
    path = HERE / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(MARK)
    head = "| file | kB | codes | most s | most MB |\n| --- | --- | --- | --- | --- |"
    text = "\n".join((head, *rows))
    after = rest.partition(MARK)[2]
    path.write_text(f"{before}{MARK}\n{text}\n{MARK}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
