"""Cortex .forces files: ground forces beside a TRC file of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.motion.storage import plate_of
from gaitkit.io.motion.text_table import header_number, lines_of, numbers_in

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import ForcePlate

NAME = "Cortex forces"
MARK = "[Force Data]"
HEADER_LINES = 5
PER_PLATE = 7
"""FX FY FZ, X Y Z of the centre of pressure in mm, moment about the vertical in Nmm."""

MAX_PLATES = 100


def read_cortex_forces(path: Path) -> tuple[ForcePlate, ...]:
    """Read a .forces file; its clock begins with the first frame of the markers.

    Plates on which nobody ever stood are left out.

    Raises
    ------
    FormatError
        If its header or its rows are not whole.
    """
    lines = lines_of(path)
    if len(lines) <= HEADER_LINES or lines[0].strip() != MARK:
        msg = f"{path}: expected {MARK} and rows of forces; export it again"
        raise FormatError(msg)
    header = dict(line.split("=", 1) for line in lines[1:4] if "=" in line)
    rate_hz = header_number(path, "a SampleRate", header.get("SampleRate"))
    count = int(
        header_number(path, "NumberOfForcePlates", header.get("NumberOfForcePlates"))
    )
    if count > MAX_PLATES:
        msg = f"{path}: expected at most {MAX_PLATES} force plates, got {count}"
        raise FormatError(f"{msg}; export it again")
    rows = numbers_in(lines[HEADER_LINES:], columns=1 + PER_PLATE * count)
    if len(rows) < 2:  # noqa: PLR2004 - a rate needs two
        msg = f"{path}: expected rows of forces, got {len(rows)} whole; export it again"
        raise FormatError(msg)
    time_s = np.arange(len(rows)) / rate_hz
    plates = []
    for number in range(count):
        part = rows[:, 1 + PER_PLATE * number : 1 + PER_PLATE * (number + 1)]
        moment = np.repeat(part[:, 6:7] * 1e-3, 3, axis=1)
        plate = plate_of(
            part[:, :3],
            part[:, 3:6] * 1e-3,
            time_s=time_s,
            name=str(number + 1),
            moment_nm=moment,
        )
        if np.isfinite(plate.center_of_pressure_m).any():
            plates.append(plate)
    return tuple(plates)
