"""The loaded cells of a recording as a short list instead of a mostly empty box.

A walk loads about one cell in a hundred. Positions are kept in cells, with the belt of
a treadmill added, so that a foot stays where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

FRAMES_AT_ONCE = 128
"""Frames that are scanned in one go; bounds the memory of the scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCells:
    """Cells above zero.

    Attributes
    ----------
    frame, row, col : ndarray (cell,) of int
        Position; ``row`` and ``col`` may exceed the mat on a moving belt.
    kpa : ndarray (cell,) of float32
        Pressure.
    """

    frame: np.ndarray
    row: np.ndarray
    col: np.ndarray
    kpa: np.ndarray

    def subset(self, chosen: np.ndarray) -> LoadedCells:
        """Return the cells that a mask or an index array chooses."""
        return LoadedCells(
            frame=self.frame[chosen],
            row=self.row[chosen],
            col=self.col[chosen],
            kpa=self.kpa[chosen],
        )


def loaded_cells(data: xr.Dataset) -> LoadedCells:
    """Return all cells above zero.

    Parameters
    ----------
    data : xarray.Dataset
        Pressure, dims ``time, row, col``. With ``belt_m`` the columns are shifted by
        the belt, in whole cells: the belt carries the foot against the walk.
    """
    values = data["pressure"].to_numpy()
    frames, rows, cols = values.shape
    parts = []
    for first in range(0, frames, FRAMES_AT_ONCE):
        block = values[first : first + FRAMES_AT_ONCE]
        flat = np.flatnonzero(block)
        parts.append((flat + first * rows * cols, block.ravel()[flat]))
    flat = np.concatenate([part for part, _ in parts])
    frame, cell = np.divmod(flat, rows * cols)
    row, col = np.divmod(cell, cols)
    if "belt_m" in data:
        col = col + belt_cells(data)[frame]
    kpa = np.concatenate([part for _, part in parts])
    return LoadedCells(frame=frame, row=row, col=col, kpa=kpa)


def belt_cells(data: xr.Dataset) -> np.ndarray:
    """Return by how many whole columns each frame is shifted, array (time,)."""
    belt = data["belt_m"].to_numpy() * 1000.0
    shift: np.ndarray = np.rint((belt - belt[0]) / data.attrs["pitch_mm"][1])
    return shift.astype(int)
