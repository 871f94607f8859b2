"""The grid of a pliance mat, rebuilt from the corners of its sensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.rows import check_size

if TYPE_CHECKING:
    from gaitkit.io.text import TextSource

MM_PER_CM = 10.0
PRINTED_MM = 0.01
"""Corners are printed with 0.001 mm; centres within 0.01 mm are one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorGrid:
    """Where each sensor lies.

    Attributes
    ----------
    row, col : ndarray (sensor,) of int
        Place in the matrix; row 0 has the largest y.
    valid : ndarray (row, col) of bool
        True where a sensor lies.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    """

    row: np.ndarray
    col: np.ndarray
    valid: np.ndarray
    pitch_mm: tuple[float, float]


def grid_from_corners(
    source: TextSource, corners: dict[str, list[float]], sensors: int
) -> SensorGrid:
    """Place the sensors on a grid by their centres.

    Parameters
    ----------
    source : TextSource
        For messages.
    corners : dict
        Lines ``x[c]`` and ``y[c]`` in cm.
    sensors : int
        Expected number.

    Raises
    ------
    FormatError
        If the block is incomplete or the sensors share a place.
    """
    x, y = (np.asarray(corners.get(key, ())) * MM_PER_CM for key in ("x[c]", "y[c]"))
    if x.size != sensors or y.size != sensors:
        raise source.error(
            f"expected the centres of {sensors} sensors in the corner block, found "
            f"{x.size} and {y.size}. The file is cut off; export it again."
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise source.error("a centre in the corner block is no place. Export it again.")
    col, columns, dx = _places(x)
    up, rows, dy = _places(y)
    check_size(source, frames=1, rows=rows, columns=columns)
    row = rows - 1 - up
    valid = np.zeros((rows, columns), dtype=bool)
    valid[row, col] = True
    if int(valid.sum()) != sensors:
        raise source.error("two sensors share a place in the corner block.")
    return SensorGrid(row=row, col=col, valid=valid, pitch_mm=(dy, dx))


def _places(centres: np.ndarray) -> tuple[np.ndarray, int, float]:
    ordered = np.sort(centres)
    steps = np.diff(ordered)
    apart = steps[steps > PRINTED_MM]
    pitch = float(np.median(apart)) if apart.size else PRINTED_MM
    index = np.rint((centres - ordered[0]) / pitch).astype(int)
    return index, int(index.max()) + 1, pitch
