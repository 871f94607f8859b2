"""Connected pieces of loaded cells in space and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit.gait.contacts.cells import LoadedCells

_FORWARD = tuple(
    (t, r, c)
    for t in (0, 1)
    for r in (-1, 0, 1)
    for c in (-1, 0, 1)
    if (t, r, c) > (0, 0, 0)
)
"""Half of the 26 neighbours; the other half is found from the other side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """One connected piece.

    Attributes
    ----------
    cells : ndarray of int
        Indices into the loaded cells.
    first, last : int
        First and last frame.
    places_mm : ndarray (place, 2)
        Its footprint: distinct cells (row, col) in mm.
    impulse : float
        Sum of its pressures.
    """

    cells: np.ndarray
    first: int
    last: int
    places_mm: np.ndarray
    impulse: float


def fragments(
    cells: LoadedCells,
    *,
    threshold_kpa: float,
    frames_per_bin: int,
    pitch_mm: tuple[float, float],
) -> list[Fragment]:
    """Return the connected pieces of cells above a threshold.

    Cells below the threshold join the piece that they touch in the same bin, so that
    force is complete; those that touch none are left out as noise.

    Parameters
    ----------
    cells : LoadedCells
        All cells above zero.
    threshold_kpa : float
        Pressure from which a cell connects.
    frames_per_bin : int
        Frames joined into one bin of time.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    """
    if cells.kpa.size == 0:
        return []
    keys, shape = _keys(cells, frames_per_bin)
    strong = cells.kpa >= np.float32(threshold_kpa)
    unique, back = np.unique(keys[strong], return_inverse=True)
    if unique.size == 0:
        return []
    labels_of_unique = _connect(unique, shape)
    labels = np.full(cells.kpa.size, -1)
    labels[strong] = labels_of_unique[back]
    labels[~strong] = _touching(keys[~strong], unique, labels_of_unique, shape)
    order = np.argsort(labels, kind="stable")
    order = order[labels[order] >= 0]
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return [_fragment(cells, part, pitch_mm) for part in np.split(order, cuts)]


def _keys(
    cells: LoadedCells, frames_per_bin: int
) -> tuple[np.ndarray, tuple[int, int]]:
    """Return numbers by which neighbours differ in known steps, with a free rim."""
    row = cells.row - cells.row.min() + 1
    col = cells.col - cells.col.min() + 1
    rows, cols = int(row.max()) + 2, int(col.max()) + 2
    keys = (cells.frame // frames_per_bin * rows + row) * cols + col
    return keys, (rows, cols)


def _connect(unique: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, cols = shape
    pairs = []
    for t, r, c in _FORWARD:
        target = unique + (t * rows + r) * cols + c
        place = np.searchsorted(unique, target)
        place[place == unique.size] = 0
        hit = np.flatnonzero(unique[place] == target)
        pairs.append((hit, place[hit]))
    left = np.concatenate([pair[0] for pair in pairs])
    right = np.concatenate([pair[1] for pair in pairs])
    size = unique.size
    graph = coo_array((np.ones(left.size, dtype=bool), (left, right)), (size, size))
    labels: np.ndarray = connected_components(graph, directed=False)[1]
    return labels


def _touching(
    keys: np.ndarray, unique: np.ndarray, labels: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """Return the label of a strong neighbour in the same bin, -1 where there is none.

    Of several neighbours the highest label counts only as a name: pieces that share a
    weak cell are joined by their distance later.
    """
    found = np.full(keys.size, -1)
    for r in (-1, 0, 1):
        for c in (-1, 0, 1):
            target = keys + r * shape[1] + c
            place = np.minimum(np.searchsorted(unique, target), unique.size - 1)
            hit = unique[place] == target
            found[hit] = np.maximum(found[hit], labels[place[hit]])
    return found


def _fragment(
    cells: LoadedCells, part: np.ndarray, pitch_mm: tuple[float, float]
) -> Fragment:
    frame = cells.frame[part]
    span = int(cells.col.max()) + 1
    places = np.unique(cells.row[part] * span + cells.col[part])
    row, col = np.divmod(places, span)
    return Fragment(
        cells=part,
        first=int(frame.min()),
        last=int(frame.max()),
        places_mm=np.column_stack([row * pitch_mm[0], col * pitch_mm[1]]),
        impulse=float(cells.kpa[part].sum(dtype=np.float64)),
    )
