"""TRC, the marker format of OpenSim and Cortex: tab-separated text.

The axes are OpenSim's: X forward (or to the right of the picture), Y up, Z to the
right of the person. A picture's y points down and is turned round; what a recording
does not show is 0, because readers refuse columns that are missing. Unknown points
are empty. The format has a fixed rate in its header; the column Time holds the true
times, also when the rate varies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

AXES = {
    "x": (0, 1),
    "y": (1, -1),
    "z": (2, 1),
    "forward": (0, 1),
    "up": (1, 1),
    "left": (2, -1),
}
"""Column (X, Y, Z) and sign of each coordinate of gaitkit."""

DIGITS = 6
"""Decimals of a coordinate: a micrometre, or far below a pixel."""


def write_trc(data: xr.Dataset, path: Path) -> Path:
    """Write keypoints as TRC, and return the path.

    Parameters
    ----------
    data : xarray.Dataset
        Dims ``time, space, keypoint``; at least two frames. Units in the file are
        those of ``attrs["space_unit"]``.
    path : Path
        File to write.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    time_s = data["time"].to_numpy()
    rate_hz = 1 / float(np.median(np.diff(time_s)))
    names = [str(name) for name in data["keypoint"].to_numpy()]
    frames, points = len(time_s), len(names)
    unit = data.attrs["space_unit"]
    numbers = range(1, points + 1)
    head = (
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"{rate_hz:.6g}\t{rate_hz:.6g}\t{frames}\t{points}\t{unit}\t{rate_hz:.6g}\t1\t"
        f"{frames}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in numbers),
        "",
    )
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(line + "\n" for line in head)
        for number, (time, row) in enumerate(
            zip(time_s, _columns(data), strict=True), start=1
        ):
            cells = ("" if np.isnan(v) else f"{v:.{DIGITS}f}" for v in row)
            # OpenSim does not count an empty last cell, unless a tab follows it
            line = "\t".join((str(number), f"{time:.{DIGITS}f}", *cells, ""))
            stream.write(f"{line}\n")
    return path


def _columns(data: xr.Dataset) -> np.ndarray:
    """Return the coordinates as (time, X Y Z of each point), in OpenSim's axes."""
    ordered = data["position"].transpose("time", "keypoint", "space")
    values = ordered.to_numpy()
    turned = np.zeros((*values.shape[:2], 3))
    for column, axis in enumerate(ordered["space"].to_numpy()):
        place, sign = AXES[str(axis)]
        turned[..., place] = sign * values[..., column]
    turned[np.isnan(values).any(axis=2)] = np.nan
    return turned.reshape(len(values), -1)
