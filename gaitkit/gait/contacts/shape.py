"""What the shape of one footprint says: which end is the heel, which side it is.

Notes
-----
Two asymmetries of the footprint against the line from the middle of the heel to the
middle of the forefoot: the tip of the foot (hallux) lies medially, the contact of the
midfoot laterally. Both are fractions of the width of the footprint. Their difference
separated left from right in 18 of 18 labelled emed steps, in all 27 contacts of a
treadmill walk against the vendor's left and right force, and in 6 of 6 insoles that
state their side (smallest absolute value with a whole foot: 0.19).
"""

from __future__ import annotations

import numpy as np

LOGIT_PER_ASYMMETRY = 10.0
"""An asymmetry of 0.3, the lowest of the 18 labelled steps, gives odds of 20 to 1."""

HEEL_TO, MIDFOOT, FOREFOOT, TIP_FROM = 0.30, (0.35, 0.50), (0.60, 0.75), 0.85
"""Bands of the footprint in fractions of its length from the heel."""

HEEL_BAND = (0.10, 0.30)
HEEL_MIDDLE, FOREFOOT_MIDDLE = 0.15, 0.675
FEWEST_CELLS = 12
"""A footprint of fewer cells has no shape."""


def left_logit(peak: np.ndarray, pitch_mm: tuple[float, float]) -> float:
    """Return the log odds that a footprint is that of a left foot.

    Parameters
    ----------
    peak : ndarray (row, col)
        Highest pressures, toes in the direction of growing rows, columns to the
        walker's right.
    pitch_mm : tuple of float
        Distance between rows and between columns.

    Notes
    -----
    Exactly antisymmetric: the mirrored footprint gives the negative number.
    """
    one = _asymmetry(peak, pitch_mm)
    other = _asymmetry(peak[:, ::-1], pitch_mm)
    return LOGIT_PER_ASYMMETRY * (one - other) / 2


def toe_end(peak: np.ndarray, pitch_mm: tuple[float, float]) -> float:
    """Return how much wider the end at growing rows is, as a fraction (forefoot > 0).

    The forefoot is wider than the heel, whichever way the foot stands.
    """
    along, across = _principal(peak, pitch_mm)
    if along.size < FEWEST_CELLS:
        return 0.0
    upper = _width(along, across, FOREFOOT) - _width(along, across, HEEL_BAND)
    lower = _width(1 - along, across, FOREFOOT) - _width(1 - along, across, HEEL_BAND)
    return float((upper - lower) / np.ptp(across))


def _asymmetry(peak: np.ndarray, pitch_mm: tuple[float, float]) -> float:
    along, across = _principal(peak, pitch_mm)
    if along.size < FEWEST_CELLS or not np.ptp(across) > 0:
        return 0.0
    heel = _middle(across[along < HEEL_TO])
    forefoot = _middle(across[_inside(along, FOREFOOT)])
    if heel is None or forefoot is None:
        return 0.0
    slope = (forefoot - heel) / (FOREFOOT_MIDDLE - HEEL_MIDDLE)
    off = (across - heel - slope * (along - HEEL_MIDDLE)) / np.ptp(across)
    tip, middle = off[along > TIP_FROM], off[_inside(along, MIDFOOT)]
    medial_tip = float(tip.mean()) if tip.size else 0.0
    lateral_middle = float(middle.mean()) if middle.size else 0.0
    return medial_tip - lateral_middle


def _principal(
    peak: np.ndarray, pitch_mm: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return place along (0 to 1) and across (mm) the principal axis of the cells."""
    row, col = np.nonzero(peak > 0)
    if row.size < FEWEST_CELLS:
        return np.zeros(0), np.zeros(0)
    # counted from the middle, so that mirrored prints have negated coordinates
    x = (col - (peak.shape[1] - 1) / 2) * pitch_mm[1]
    y = (row - (peak.shape[0] - 1) / 2) * pitch_mm[0]
    x, y = x - x.mean(), y - y.mean()
    angle = 0.5 * np.arctan2(2 * (x * y).sum(), (y * y).sum() - (x * x).sum())
    along = y * np.cos(angle) + x * np.sin(angle)
    across = x * np.cos(angle) - y * np.sin(angle)
    span = np.ptp(along)
    return (along - along.min()) / (span if span > 0 else 1.0), across


def _inside(along: np.ndarray, band: tuple[float, float]) -> np.ndarray:
    inside: np.ndarray = (along > band[0]) & (along < band[1])
    return inside


def _middle(across: np.ndarray) -> float | None:
    return float(across.min() + across.max()) / 2 if across.size else None


def _width(along: np.ndarray, across: np.ndarray, band: tuple[float, float]) -> float:
    part = across[_inside(along, band)]
    return float(np.ptp(part)) if part.size else 0.0
