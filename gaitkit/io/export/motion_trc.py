"""Markers as TRC, with the axes of the recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import MotionRecording

MM_PER_M = 1000.0
DIGITS = 5
"""Decimals of a coordinate in mm."""


def write_motion_trc(recording: MotionRecording, path: Path) -> Path:
    """Write the markers as TRC in mm, and return the path.

    The axes are those of the recording; `gaitkit.signal.laboratory.with_vertical` turns
    them to y up, as OpenSim has it. A marker that was not seen has empty cells.

    Raises
    ------
    OutputError
        If there are no markers in three dimensions, or the file cannot be written.
    """
    data = recording.markers.transpose("time", "space", "keypoint")
    names = [str(name) for name in data["keypoint"].to_numpy()]
    if not names or data.sizes["space"] != 3:  # noqa: PLR2004 - x, y and z
        msg = f"{path}: TRC holds markers in three dimensions; write .csv instead"
        raise OutputError(msg)
    position = data["position"].to_numpy().transpose(0, 2, 1) * MM_PER_M
    rows = position.reshape(len(position), -1)
    time_s = data["time"].to_numpy()
    rate_hz = recording.timing.rate_hz
    if rate_hz is None:  # a clock that varies, or a single frame
        rate_hz = float(1 / np.median(np.diff(time_s))) if time_s.size > 1 else 1.0
    rate = f"{rate_hz:.6g}"
    first, frames = recording.first_frame, len(rows)
    head = (
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{frames}\t{len(names)}\tmm\t{rate}\t{first}\t{frames}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, len(names) + 1)),
        "",
    )
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(line + "\n" for line in head)
        for index, (time, row) in enumerate(zip(time_s, rows, strict=True)):
            cells = ("" if np.isnan(value) else f"{value:.{DIGITS}f}" for value in row)
            # OpenSim does not count an empty last cell, unless a tab follows it
            line = "\t".join((str(first + index), f"{time:.6f}", *cells, ""))
            stream.write(f"{line}\n")
    return path
