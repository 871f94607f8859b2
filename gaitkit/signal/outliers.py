"""Outliers: samples that leave the path of their keypoint for an instant.

A swap of the feet or a slip of the pose model for one or two frames throws a keypoint
far from where it was just before and is just after. Such a sample is set to missing;
the gap is then filled like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAD_TO_SD = 1.4826
"""Median absolute deviation to standard deviation of a normal distribution."""

LAGS = (1, 2, 3)
"""Pairs of neighbours, in frames before and after, that predict a sample."""

MAX_SPAN_S = 0.11
"""Neighbours farther away than this (s) predict nothing: the path bends in between."""

MAX_ROUNDS = 4
"""Rounds of removal; each may show outliers that a worse one had hidden."""


def outliers(
    values: NDArray[np.float64],
    *,
    time_s: NDArray[np.float64],
    limit_sd: float,
    floor: float,
) -> NDArray[np.bool_]:
    """Find samples far from the middle of their neighbours in time.

    A sample is predicted by the means of its pairs of neighbours 1, 2 and 3 frames
    away on both sides, so that steady motion gives no residual; the best of the three
    counts, so that a sharp but true bend gives none either. It is an outlier when its
    residual exceeds ``max(limit_sd * sd, floor)``, with ``sd`` the robust standard
    deviation of all residuals of the path.

    Parameters
    ----------
    values : array (time,)
        One coordinate of one keypoint; NaN where missing.
    time_s : array (time,)
        Seconds, increasing.
    limit_sd : float
        Limit in robust standard deviations.
    floor : float
        Residual that is never an outlier, in the unit of ``values``.

    Returns
    -------
    array of bool (time,)
        True where the sample is an outlier.

    Notes
    -----
    A relative of the Hampel identifier (Pearson 2002, doi:10.1109/87.974338) that
    allows motion. Wrong where an error lasts longer than three frames or 0.11 s: that
    is no longer an instant, and the evidence in the path itself does not tell which
    part is right.
    """
    found = np.zeros(values.shape, dtype=bool)
    for _ in range(MAX_ROUNDS):
        kept = np.where(found, np.nan, values)
        residual = _residual(kept, time_s)
        if not np.isfinite(residual).any():
            break
        limit = max(limit_sd * MAD_TO_SD * float(np.nanmedian(residual)), floor)
        beyond = _local_maxima(np.nan_to_num(residual)) & (residual > limit)
        if not beyond.any():
            break
        found |= beyond
    return found


def _residual(
    values: NDArray[np.float64], time_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each sample is from the best prediction; NaN without any."""
    residual = np.full(values.size, np.nan)
    for lag in LAGS:
        if values.size <= 2 * lag:
            continue
        inner = slice(lag, -lag)
        before, after = slice(None, -2 * lag), slice(2 * lag, None)
        span = time_s[after] - time_s[before]
        share = (time_s[inner] - time_s[before]) / span
        middle = values[before] + share * (values[after] - values[before])
        middle[span > 2 * MAX_SPAN_S] = np.nan
        residual[inner] = np.fmin(residual[inner], np.abs(values[inner] - middle))
    return residual


def _local_maxima(residual: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return True where no neighbour is worse: the worst of a group goes first."""
    left = np.concatenate(([0.0], residual[:-1]))
    right = np.concatenate((residual[1:], [0.0]))
    return (residual >= left) & (residual >= right)
