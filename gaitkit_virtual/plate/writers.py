"""Exports of several makers, written from a pressure dataset.

The layouts are those of the real files that the readers were built on, byte for byte
where it matters (line ends, delimiters, order of the rows, digits). They serve tests,
demonstrations and the simulator; no vendor's program is involved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.model.pressure import N_PER_KPA_MM2, pitch_of, total_force_n

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import xarray as xr

Maker = Literal["footscan", "emed", "zebris", "tekscan", "apd", "xsensor", "matrix"]

KPA_PER_N_CM2 = 10.0
KPA_PER_MMHG = 0.133322387415


def write_export(
    data: xr.Dataset, path: Path, *, maker: Maker, word: str = "Frame"
) -> None:
    """Write a dataset as the export of a maker.

    Parameters
    ----------
    data : xarray.Dataset
        Pressure in kPa, dims ``time, row, col``.
    path : Path
        Where to; the file appears whole or not at all.
    maker : str
        Layout.
    word : str
        The localised word before the frame number (footscan).

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    lines = (
        footscan_lines(data, word=word) if maker == "footscan" else _LINES[maker](data)
    )
    encoding = "latin-1" if maker in {"emed", "zebris"} else "utf-8"
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding=encoding, newline="") as stream:
            stream.writelines(lines)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        msg = f"{path.name} cannot be written ({error.strerror}). Choose a place."
        raise OutputError(msg) from error


def footscan_lines(data: xr.Dataset, *, word: str = "Frame") -> Iterator[str]:
    """Yield "Entire plate roll off": N per sensor, rows upwards, trailing tabs."""
    dy, dx = pitch_of(data)
    newton = data["pressure"].to_numpy() * (dy * dx * N_PER_KPA_MM2)
    for number, (time, frame) in enumerate(_frames(data, newton)):
        yield f"{word} {number} ({1000 * time:.2f} ms)\r\n"
        for row in frame[::-1]:
            yield "\t".join(f"{value:.1f}" for value in row) + "\t\r\n"
        yield "\r\n"


def emed_lines(data: xr.Dataset) -> Iterator[str]:
    """Yield a novel picture list with the forces of rows, columns and pictures."""
    cells = np.round(data["pressure"].to_numpy().astype(float), 2)
    dy, dx = pitch_of(data)
    area = dy * dx / 100
    rows, cols = cells.shape[1:]
    time = data["time"].to_numpy()
    interval = 1000 * (time[1] - time[0])
    columns = "\t".join(str(i + 1) for i in range(cols))
    for number, frame in enumerate(cells, start=1):
        yield f"\t\t\t\tPage {number}\n\n"
        yield f"\tFile: C:\\data\\1.dat \tMatrix: {cols}x{rows} \n"
        yield f"\tSensor area: {area:g} cm²\tTime/picture:{interval:.1f} ms\n"
        yield "\tMV over frames\n"
        yield f"\tSensor size: {dx / 10:.3f}x{dy / 10:.3f} cm\n"
        yield f"\tPict-No.: {number}  Force[N]=sum*sensor_area in row/column\n\n"
        yield f"\t{columns}\tForce\n"
        for index, row in enumerate(frame, start=1):
            values = "\t".join(f"{value:.2f}" for value in row)
            yield f"{index}\t{values}\t{row.sum() * area / 10:.2f}\n"
        forces = "\t".join(f"{value * area / 10:.2f}" for value in frame.sum(axis=0))
        yield f"Force\t{forces}\t{frame.sum() * area / 10:.2f}\n\f"


def zebris_lines(data: xr.Dataset) -> Iterator[str]:
    """Yield WinFDM raw text (German words), a belt where there is one."""
    cells = np.round(data["pressure"].to_numpy().astype(float) / KPA_PER_N_CM2, 2)
    frames, rows, cols = cells.shape
    dy, dx = pitch_of(data)
    time = data["time"].to_numpy()
    rate = (frames - 1) / (time[-1] - time[0])
    belt = data["belt_m"].to_numpy() if "belt_m" in data else None
    force = cells.sum(axis=(1, 2)) * dy * dx / 100
    yield "Person\tanon, anon\r\nSex\tF\r\nBorn\t\r\nCode\t0\r\n\r\n"
    yield f"Record\t1\r\nApplication\t{'trplatf' if belt is not None else 'platf'}\r\n"
    yield "Exercises\t{\r\n#\tName\tStart,sec\r\n1\tGait\t0.00\r\n}\r\n\r\n"
    yield f"Frequency,Hz\t{rate:.3f}\r\nCount\t{frames}\r\n\r\n"
    yield "Time,ms\tPosition,m\tLi Kraft,N\tRe Kraft,N\tButterfly.force,N\t"
    yield "Butterfly.x,mm\tButterfly.y,mm\r\nCalibr\t\r\n\r\n"
    for index in range(frames):
        place = 0.0 if belt is None else belt[index]
        yield f"{1000 * time[index]:.0f}\t{place:.6f}\t0.0\t0.0\t{force[index]:.2f}"
        yield "\tNaN\tNaN\r\n"
    yield f"\r\nPlatform {{\r\nColumns\t{cols}\r\nLines\t{rows}\r\n"
    yield f"Cell width,mm\t{dx:.2f}\r\nCell height,mm\t{dy:.2f}\r\n"
    yield f"Units\tN/cm^2\r\nFrame count\t{frames}\r\nFrequency\t{rate:.2f}\r\n\r\n"
    names = "\t".join(f"x{i + 1}" for i in range(cols))
    for index, frame in enumerate(cells, start=1):
        yield f"Frame {index} {{\r\nExercise1\r\nTime, ms\t{1000 * time[index - 1]:.2f}"
        yield f"\r\n\r\n\t{names}\r\n"
        for line, row in enumerate(frame[::-1], start=1):
            values = "\t".join(f"{value:.2f}" for value in row)
            yield f"y{line}\t{values}\r\n"
        yield "}\r\n"
    yield "}\r\n"


def tekscan_lines(data: xr.Dataset) -> Iterator[str]:
    """Yield a Tekscan ASCII movie in kPa; sensors that are not valid become B."""
    cells = data["pressure"].to_numpy()
    valid = data["valid"].to_numpy()
    dy, dx = pitch_of(data)
    time = data["time"].to_numpy()
    yield "DATA_TYPE MOVIE\r\nVERSION Tekscan Pressure Measurement System 6.33\r\n"
    yield f"SENSOR_TYPE 7101E\r\nROWS {cells.shape[1]}\r\nCOLS {cells.shape[2]}\r\n"
    yield f"ROW_SPACING {dy:g} mm\r\nCOL_SPACING {dx:g} mm\r\n"
    yield f"SECONDS_PER_FRAME {time[1] - time[0]:.9g}\r\nSTART_FRAME 1\r\n"
    yield f"END_FRAME {len(cells)}\r\nUNITS KPa\r\nASCII_DATA @@\r\n\r\n"
    for number, frame in enumerate(cells, start=1):
        yield f"Frame {number}\r\n"
        for row, mask in zip(frame, valid, strict=True):
            words = (f"{v:.4g}" if ok else "B" for v, ok in zip(row, mask, strict=True))
            yield ",".join(words) + "\r\n"
        yield "\r\n"
    yield "@@\r\n"


def apd_lines(data: xr.Dataset) -> Iterator[str]:
    """Yield a footscan 9 ``.apd``: the peak picture and every frame, -1 outside."""
    cells = data["pressure"].to_numpy() / KPA_PER_N_CM2
    outside = cells.max(axis=0) <= 0
    dy, dx = pitch_of(data)
    time = data["time"].to_numpy()
    yield "[General]\nDescription=pedcad Importfile\nUnitDistance=mm\n"
    yield "UnitPressure=N/cm2\nUnitTime=ms\n\n[Customer]\nFirstName=\nLastName=\n\n"
    yield f"[Technical]\nSensCountX={cells.shape[1]}\nSensCountY={cells.shape[2]}\n"
    yield f"LDistX={dy:g}\nLDistY={dx:g}\nMinIdx=0\nMaxIdx={len(cells) - 1}\n"
    yield f"TimeDiff={1000 * (time[1] - time[0]):.9g}\n\n"
    pictures = [("Data", cells.max(axis=0))]
    pictures += [(f"Data{i}", frame) for i, frame in enumerate(cells)]
    for name, picture in pictures:
        yield f"[{name}]\n"
        for row, mask in zip(picture, outside, strict=True):
            words = ("-1" if m else f"{v:.4g}" for v, m in zip(row, mask, strict=True))
            yield "\t".join(words) + "\n"
        yield "\n"


def xsensor_lines(data: xr.Dataset) -> Iterator[str]:
    """Yield an XSENSOR block export: a line of commas after every line."""
    cells = data["pressure"].to_numpy() / KPA_PER_MMHG
    dy, dx = pitch_of(data)
    rows, cols = cells.shape[1:]
    force = total_force_n(data)
    blank = "," * cols + "\n"
    for line in ('File:,"1.XSN"', "Units:,mmHg", "Threshold:,0"):
        yield f"{line}\n{blank}"
    for number, (time, frame) in enumerate(_frames(data, cells)):
        whole = int(time)
        stamp = f"08:{whole // 60 % 60:02d}:{whole % 60:02d}.{1000 * (time % 1):03.0f}"
        heads = (
            f"FRAME,{number}",
            f"Time, {stamp}",
            "SENSOR,MAT1",
            f"Rows,{rows}",
            f"Columns,{cols}",
            f"Sensel Width (cm),{dx / 10:.4g}",
            f"Sensel Height (cm),{dy / 10:.4g}",
            f"Est. Load (N),{force[number]:.2f}",
            "SENSELS",
        )
        for line in (*heads, *(",".join(f"{v:.2f}" for v in row) for row in frame)):
            yield f"{line}\n{blank}"


def matrix_lines(data: xr.Dataset) -> Iterator[str]:
    """Yield plain matrices with decimal commas, separated by blank lines."""
    for _, frame in _frames(data, data["pressure"].to_numpy()):
        for row in frame:
            yield ";".join(f"{value:.2f}".replace(".", ",") for value in row) + "\n"
        yield "\n"


_LINES: dict[Maker, Callable[[xr.Dataset], Iterator[str]]] = {
    "emed": emed_lines,
    "zebris": zebris_lines,
    "tekscan": tekscan_lines,
    "apd": apd_lines,
    "xsensor": xsensor_lines,
    "matrix": matrix_lines,
}


def _frames(data: xr.Dataset, cells: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    for time, frame in zip(data["time"].to_numpy(), cells, strict=True):
        yield float(time), frame
