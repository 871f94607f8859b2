"""Cuts that follow the valleys of pressure: cheapest paths across a grid."""

from __future__ import annotations

import numpy as np

BEND_COST = 0.06
"""Cost of moving the seam by one grid step sideways, in units of the cost of crossing
the highest pressure; chosen on the labelled emed steps (two subjects at a time)."""

LARGEST_STEP = 2
"""Grid steps that a seam may move sideways for each step onwards (about 63 deg)."""


def valley(
    values: np.ndarray, *, low: np.ndarray, high: np.ndarray, center: np.ndarray
) -> np.ndarray:
    """Return the path of least pressure from the first to the last column.

    Parameters
    ----------
    values : ndarray (row, col)
        Pressure.
    low, high : ndarray (col,)
        Rows ``[low, high)`` in which the path may run.
    center : ndarray (col,)
        Row that the path keeps to where there is no valley.

    Returns
    -------
    ndarray (col,) of float
        Row of the path in every column.

    Notes
    -----
    Dynamic programming over columns. The cost of a cell is the square root of its
    share of the highest pressure (so that shallow valleys count) plus a small pull
    towards ``center``; moving sideways costs ``BEND_COST`` a step.
    """
    rows, cols = values.shape
    top = values.max(initial=0.0)
    cost = np.sqrt(np.maximum(values, 0.0) / (top if top > 0 else 1.0))
    index = np.arange(rows)[:, None]
    width = np.maximum(high - low, 1)
    cost = cost + 0.1 * ((index - center) / width) ** 2
    cost[(index < low) | (index >= high)] = 1e6  # outside the corridor
    total = cost[:, 0].copy()
    came = np.zeros((rows, cols), dtype=np.int64)
    moves = range(-LARGEST_STEP, LARGEST_STEP + 1)
    for col in range(1, cols):
        options = np.stack(
            [_shifted(total, move) + abs(move) * BEND_COST for move in moves]
        )
        best = options.argmin(axis=0)
        came[:, col] = best - LARGEST_STEP
        total = options[best, np.arange(rows)] + cost[:, col]
    path = np.zeros(cols)
    at = int(total.argmin())
    for col in range(cols - 1, -1, -1):
        path[col] = at
        at = int(np.clip(at + came[at, col], 0, rows - 1))
    return path


def _shifted(total: np.ndarray, move: int) -> np.ndarray:
    """Return the costs of coming from ``move`` rows away."""
    out = np.full(total.size, 1e9)
    if move > 0:
        out[:-move] = total[move:]
    elif move < 0:
        out[-move:] = total[:move]
    else:
        out[:] = total
    return out
