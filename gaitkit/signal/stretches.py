"""Valid stretches: the runs of a signal in which nothing is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def runs(mask: NDArray[np.bool_]) -> list[slice]:
    """Return the runs of True, in order, as half-open slices.

    Parameters
    ----------
    mask : array (time,)
        True where the sample takes part.

    Returns
    -------
    list of slice
        Empty when nothing is True.
    """
    padded = np.concatenate(([False], np.asarray(mask, dtype=bool), [False]))
    edges = np.flatnonzero(np.diff(padded.astype(np.int8)))
    return [
        slice(int(start), int(stop))
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]


def whole(values: NDArray[np.float64], *, axis: int) -> NDArray[np.bool_]:
    """Return True where every coordinate along an axis is known."""
    return np.asarray(np.isfinite(values).all(axis=axis))


def valid_runs(values: NDArray[np.float64]) -> list[slice]:
    """Return the runs of finite values, as half-open slices."""
    return runs(np.isfinite(values))
