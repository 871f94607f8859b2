"""Ground forces or joint angles as OpenSim MOT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import Floats, ForcePlate, MotionRecording

DIGITS = 9
"""Significant digits of a number."""


def write_mot(recording: MotionRecording, path: Path) -> Path:
    """Write the forces of a recording, or its angles where it has none, as MOT.

    Axes are those of the recording. Where no centre of pressure is known the force is
    nearly nothing, and the format has no empty cell: place and moment are 0 there, as
    OpenSim writes it.

    Raises
    ------
    OutputError
        If there are neither forces nor angles, plates run on different clocks, or the
        file cannot be written.
    """
    if recording.plates:
        names, rows = _forces(recording.plates, path)
    elif recording.angles is not None:
        names, rows = _angles(recording)
    else:
        msg = f"{path}: MOT holds forces or angles, and this recording has neither"
        raise OutputError(f"{msg}; write .trc instead")
    head = (
        path.stem,
        "version=1",
        f"nRows={len(rows)}",
        f"nColumns={len(names) + 1}",
        "inDegrees=yes",
        "endheader",
        "\t".join(("time", *names)),
    )
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(line + "\n" for line in head)
        for row in rows:
            stream.write("\t".join(f"{value:.{DIGITS}g}" for value in row) + "\n")
    return path


def _forces(plates: tuple[ForcePlate, ...], path: Path) -> tuple[list[str], Floats]:
    time_s = plates[0].time_s
    if any(plate.time_s.shape != time_s.shape for plate in plates):
        msg = f"{path}: the force plates run on different clocks; write .csv instead"
        raise OutputError(msg)
    names: list[str] = []
    columns: list[Floats] = [time_s[:, None]]
    for number, plate in enumerate(plates, start=1):
        up = int(np.argmax(np.abs(np.nan_to_num(plate.force_n)).max(axis=0)))
        moment = np.zeros_like(plate.force_n)
        moment[:, up] = np.nan_to_num(plate.free_moment_nm)
        names += [
            f"ground_force_{number}_{letter}{axis}"
            for letter in "vpm"
            for axis in "xyz"
        ]
        columns += [
            np.nan_to_num(plate.force_n),
            np.nan_to_num(plate.center_of_pressure_m),
            moment,
        ]
    return names, np.hstack(columns)


def _angles(recording: MotionRecording) -> tuple[list[str], Floats]:
    angles = recording.angles
    if angles is None:  # the caller has looked
        return [], np.empty((0, 1))
    ordered = angles["angle"].transpose("time", "label", "component")
    parts = [str(part) for part in ordered["component"].to_numpy()]
    names = [
        f"{label}_{part}" if len(parts) > 1 else str(label)
        for label in ordered["label"].to_numpy()
        for part in parts
    ]
    values = ordered.to_numpy().reshape(ordered.sizes["time"], -1)
    return names, np.column_stack((angles["time"].to_numpy(), values))
