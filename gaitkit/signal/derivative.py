"""Velocity of a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.signal.stretches import valid_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_SAMPLES = 3


def derivative(values: NDArray[np.float64], *, rate_hz: float) -> NDArray[np.float64]:
    """Return the rate of change, by central differences within valid stretches.

    Parameters
    ----------
    values : array (time,)
        Uniformly sampled; NaN where missing.
    rate_hz : float
        Samples per second.

    Returns
    -------
    array (time,)
        Per second; NaN where missing and in stretches under three samples. The ends
        of a stretch use second-order one-sided differences.
    """
    rate = np.full(values.shape, np.nan)
    for stretch in valid_runs(values):
        if stretch.stop - stretch.start >= MIN_SAMPLES:
            rate[stretch] = np.gradient(values[stretch], edge_order=2) * rate_hz
    return rate
