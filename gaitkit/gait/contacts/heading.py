"""Which way did the person walk over the plate, and how its frame lies in the mat.

The centre of pressure runs from heel to toe within every contact, so the sum of these
runs points forward. This holds for a single step and for backward order of contacts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.plate import WalkFrame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.contacts.cells import LoadedCells
    from gaitkit.model.contact import Heading

EARLY, LATE = 0.3, 0.7
"""Shares of the impulse before and after which the two centres are taken."""

HEADINGS: tuple[Heading, ...] = ("rows_up", "rows_down", "cols_up", "cols_down")


def walk_frame(
    heading: Heading, shape: tuple[int, int], pitch_mm: tuple[float, float]
) -> WalkFrame:
    """Return the frame of a heading on a mat of ``shape`` rows and columns."""
    if heading.startswith("cols"):
        shape, pitch_mm = shape[::-1], pitch_mm[::-1]
    return WalkFrame(heading=heading, shape=shape, pitch_mm=pitch_mm)


def find_heading(
    cells: LoadedCells,
    feet: Sequence[np.ndarray],
    *,
    pitch_mm: tuple[float, float],
    shape: tuple[int, int],
) -> Heading:
    """Return the direction of walking from the runs of the centre of pressure.

    Parameters
    ----------
    cells : LoadedCells
        All cells.
    feet : sequence of ndarray
        Indices of the cells of each foot.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    shape : tuple of int
        Rows and columns of the mat.

    Returns
    -------
    Heading
        Along the axis on which the runs are longest. Feet that stand (no run) give
        the direction of the longer side of their footprints; which end is the heel
        is then for the shapes to say (``sides``).
    """
    runs = np.array([_run(cells.subset(part), pitch_mm) for part in feet])
    down, right = runs.sum(axis=0) if len(runs) else (0.0, 0.0)
    if np.hypot(down, right) < np.mean(pitch_mm):
        along_rows = _longer_along_rows(cells, feet, pitch_mm, shape)
        return "rows_down" if along_rows else "cols_up"
    if abs(down) >= abs(right):
        return "rows_up" if down > 0 else "rows_down"
    return "cols_up" if right > 0 else "cols_down"


def _run(cells: LoadedCells, pitch_mm: tuple[float, float]) -> tuple[float, float]:
    """Return how far the load moves during a contact (rows, cols) in mm."""
    per_frame = np.bincount(cells.frame, weights=cells.kpa)
    share = np.cumsum(per_frame) / per_frame.sum()
    early = cells.frame <= np.searchsorted(share, EARLY)
    late = cells.frame >= np.searchsorted(share, LATE)
    if early.all():
        return 0.0, 0.0
    centers = [
        np.average(
            np.column_stack([cells.row, cells.col])[part],
            axis=0,
            weights=cells.kpa[part],
        )
        for part in (early, late)
    ]
    moved = centers[1] - centers[0]
    return float(moved[0] * pitch_mm[0]), float(moved[1] * pitch_mm[1])


def _longer_along_rows(
    cells: LoadedCells,
    feet: Sequence[np.ndarray],
    pitch_mm: tuple[float, float],
    shape: tuple[int, int],
) -> bool:
    spans = np.array(
        [
            (
                np.ptp(cells.row[part]) * pitch_mm[0],
                np.ptp(cells.col[part]) * pitch_mm[1],
            )
            for part in feet
        ]
    )
    if not len(spans):
        return shape[0] * pitch_mm[0] >= shape[1] * pitch_mm[1]
    along_rows, along_cols = spans.sum(axis=0)
    return bool(along_rows >= along_cols)
