"""A low-pass filter that does not shift events in time.

`scipy.signal` takes most of a second to load, so it is loaded at its first use; of a
video that is while the pose model works (`gaitkit.pipeline.video`).

Velocity of a path.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.signal.gaps import runs, valid_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_OF_NYQUIST = 0.9
"""Highest design cut-off as a fraction of half the rate; above it no filter acts."""

PAD_PERIODS = 2.0
"""Length of the mirrored path at each end of a stretch, in periods of the cut-off."""

MIN_STRETCH = 4
"""Stretches with fewer samples are left as they are: too short to filter."""

MIN_SAMPLES = 3


def low_pass(
    values: NDArray[np.float64],
    *,
    rate_hz: float,
    cutoff_hz: float,
    order: int = 2,
) -> NDArray[np.float64]:
    """Smooth a signal forwards and backwards, without delay.

    Parameters
    ----------
    values : array (time,)
        Uniformly sampled; NaN where missing. Each valid stretch is filtered alone
        and mirrored about its ends; missing stays missing.
    rate_hz : float
        Samples per second.
    cutoff_hz : float
        Frequency at which the result has lost 3 dB, both passes together.
    order : int
        Order of one pass.

    Returns
    -------
    array (time,)
        The smoothed signal; unchanged where the cut-off is beyond what the rate can
        hold.

    Notes
    -----
    Two passes of a filter of order ``n`` lose 3 dB below its own cut-off. The design
    cut-off is therefore raised: on the pre-warped axis ``tan(pi f / rate)`` it is
    divided by ``(sqrt(2) - 1) ** (1 / (2 n))``, 0.802 for ``n`` = 2.

    References
    ----------
    Robertson & Dowling 2003, doi:10.1016/S1050-6411(03)00080-4. Winter 2009,
    Biomechanics and Motor Control of Human Movement, section 3.4.4.2.
    """
    from scipy.signal import sosfiltfilt

    design = design_cutoff_hz(cutoff_hz, rate_hz=rate_hz, order=order)
    if design is None:
        return values.copy()
    sos = _sections(order, design, rate_hz)
    smooth = values.copy()
    wanted = max(int(np.ceil(PAD_PERIODS * rate_hz / cutoff_hz)), 3 * order)
    for stretch in valid_runs(values):
        length = stretch.stop - stretch.start
        if length >= MIN_STRETCH:
            pad = min(length - 1, wanted)
            smooth[stretch] = sosfiltfilt(sos, values[stretch], padlen=pad)
    return smooth


def low_pass_columns(
    values: NDArray[np.float64],
    *,
    rate_hz: float,
    cutoff_hz: float,
    order: int = 2,
) -> NDArray[np.float64]:
    """Smooth every column of an array (time, n) as `low_pass` does, in one pass.

    Columns with the same gaps are filtered together, which is many times faster than
    one by one; the result is the same.
    """
    from scipy.signal import sosfiltfilt

    design = design_cutoff_hz(cutoff_hz, rate_hz=rate_hz, order=order)
    smooth = values.copy()
    if design is None or not values.size:
        return smooth
    sections = _sections(order, design, rate_hz)
    wanted = max(int(np.ceil(PAD_PERIODS * rate_hz / cutoff_hz)), 3 * order)
    patterns, member = np.unique(np.isfinite(values), axis=1, return_inverse=True)
    for number, pattern in enumerate(patterns.T):
        columns = np.flatnonzero(member.reshape(-1) == number)
        for stretch in runs(pattern):
            length = stretch.stop - stretch.start
            if length >= MIN_STRETCH:
                pad = min(length - 1, wanted)
                part = values[stretch][:, columns]
                smooth[stretch, columns] = sosfiltfilt(
                    sections, part, axis=0, padlen=pad
                )
    return smooth


@lru_cache(maxsize=32)
def _sections(order: int, design_hz: float, rate_hz: float) -> NDArray[np.float64]:
    """Return the sections of one pass; designing them costs more than using them."""
    from scipy.signal import butter

    sections: NDArray[np.float64] = butter(
        order, design_hz, btype="low", fs=rate_hz, output="sos"
    )
    return sections


def design_cutoff_hz(
    cutoff_hz: float, *, rate_hz: float, order: int, passes: int = 2
) -> float | None:
    """Return the cut-off of one pass so that all passes together have ``cutoff_hz``.

    Returns None when the rate cannot hold it.
    """
    if cutoff_hz >= rate_hz / 2:
        return None
    correction = (2 ** (1 / passes) - 1) ** (1 / (2 * order))
    warped = np.tan(np.pi * cutoff_hz / rate_hz) / correction
    design = float(np.arctan(warped) * rate_hz / np.pi)
    return design if design < MAX_OF_NYQUIST * rate_hz / 2 else None


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
