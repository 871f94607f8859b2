"""Force and angle files that lie beside a TRC file and belong to it.

Cortex .forces files: ground forces beside a TRC file of the same name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.motion.storage import plate_of, read_storage
from gaitkit.io.motion.text_table import header_number, lines_of, numbers_in
from gaitkit.model.reason import reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gaitkit.model.motion import ForcePlate, MotionRecording

CORTEX = ".forces"
STORAGE = ("_grf.mot", "_forces.mot", "_GRF.mot", "_grf.sto", "_ik.mot", "_IK.mot")
"""Ends of names, after that of the markers, as OpenSim's users give them."""

NAME = "Cortex forces"
MARK = "[Force Data]"
CORTEX_HEADER_LINES = 5
PER_PLATE = 7
"""FX FY FZ, X Y Z of the centre of pressure in mm, moment about the vertical in Nmm."""

MAX_PLATES = 100


def with_companions(recording: MotionRecording, *, start_s: float) -> MotionRecording:
    """Return a recording with the forces and angles of the files beside it.

    Parameters
    ----------
    recording : MotionRecording
        Markers of a TRC file.
    start_s : float
        Time of its first frame on the clock that OpenSim files share.
    """
    for path in beside(recording.path):
        try:
            if path.suffix == CORTEX:
                plates = read_cortex_forces(path)
                recording = replace(recording, plates=(*recording.plates, *plates))
            else:
                recording = _with_storage(recording, path, start_s=start_s)
        except InputError as cause:
            told = reason("motion_companion_unread", file=path.name, why=str(cause))
            recording = replace(recording, reasons=(*recording.reasons, told))
            continue
        recording = replace(recording, companions=(*recording.companions, path))
    return recording


def beside(path: Path) -> Iterator[Path]:
    """Yield the files beside a TRC file that are read with it."""
    names = {CORTEX: path.with_suffix(CORTEX)}
    names |= {end: path.with_name(path.stem + end) for end in STORAGE}
    seen: set[Path] = set()
    for each in names.values():
        real = each.resolve()  # some systems do not tell capitals apart
        if each.is_file() and real not in seen:
            seen.add(real)
            yield each


def _with_storage(
    recording: MotionRecording, path: Path, *, start_s: float
) -> MotionRecording:
    content = read_storage(path)
    plates: tuple[ForcePlate, ...] = tuple(
        replace(plate, time_s=plate.time_s - start_s) for plate in content.plates
    )
    angles = content.angles
    if angles is not None:
        angles = angles.assign_coords(time=angles["time"] - start_s)
    return replace(
        recording,
        plates=(*recording.plates, *plates),
        angles=recording.angles if angles is None else angles,
        reasons=(*recording.reasons, *content.reasons),
    )


def read_cortex_forces(path: Path) -> tuple[ForcePlate, ...]:
    """Read a .forces file; its clock begins with the first frame of the markers.

    Plates on which nobody ever stood are left out.

    Raises
    ------
    FormatError
        If its header or its rows are not whole.
    """
    lines = lines_of(path)
    if len(lines) <= CORTEX_HEADER_LINES or lines[0].strip() != MARK:
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
    rows = numbers_in(lines[CORTEX_HEADER_LINES:], columns=1 + PER_PLATE * count)
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
