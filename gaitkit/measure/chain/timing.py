"""When links move: peaks, onsets and how far two curves go together in stance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

if TYPE_CHECKING:
    from gaitkit.model.waveform import Waveform

Array = NDArray[np.float64]

USUAL_STANCE_PCT = 62.0
"""Foot off in percent of the stride of healthy adults, where a curve does not say."""

ONSET_SHARE = 0.5
"""A link has set on when half of the way from initial contact to its peak is done."""

ONSET_SD_PCT = 3.0
"""Standard error of the onset of a mean curve, percent of the stride. Assumed: two to
three pictures at 60 a second."""

FREE_POINTS = 10
"""Independent points of a smooth angle over stance: it holds frequencies up to 6 Hz,
stance lasts 0.6 to 0.7 s, and a signal of bandwidth B has 2 B T of them; a little more
is taken than the 8 of that rule for the ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Correlation of two curves over stance and the error of its Fisher transform."""

    r: float
    fisher_sd: float

    def probability_above(self, limit: float) -> float:
        """Return the probability that the true correlation is above a limit."""
        known = min(max(self.r, -0.999), 0.999)
        distance = math.atanh(known) - math.atanh(limit)
        return float(ndtr(distance / self.fisher_sd))


def stance_of(wave: Waveform) -> Array:
    """Return the part of a curve in stance, one value for each percent of stride."""
    end = round(wave.foot_off_pct or USUAL_STANCE_PCT)
    return np.asarray(wave.mean[: end + 1], dtype=float)


def peak_pct(wave: Waveform) -> float | None:
    """Return when in the stride a curve is highest in stance; None where it is NaN."""
    stance = stance_of(wave)
    return float(np.nanargmax(stance)) if np.isfinite(stance).any() else None


def onset_pct(wave: Waveform) -> float | None:
    """Return when in the stride a curve has risen half way to its peak in stance.

    None where it does not rise, or is not known from initial contact on.
    """
    stance = stance_of(wave)
    peak = peak_pct(wave)
    if peak is None or not np.isfinite(stance[: round(peak) + 1]).all():
        return None
    rise = stance[: round(peak) + 1]
    start = int(np.argmin(rise))
    half = rise[start] + ONSET_SHARE * (rise[-1] - rise[start])
    if rise[-1] <= rise[start]:
        return None
    above = start + int(np.argmax(rise[start:] >= half))
    return float(above)


def together(first: Waveform, second: Waveform) -> Together | None:
    """Return how far two curves of one recording go together in stance.

    Notes
    -----
    Pearson's r over the common part of stance; its error by Fisher's transform with
    `FREE_POINTS` independent points. It says nothing about which moves which.
    """
    one, other = stance_of(first), stance_of(second)
    n = min(len(one), len(other))
    known = np.isfinite(one[:n]) & np.isfinite(other[:n])
    if known.sum() < FREE_POINTS:
        return None
    a, b = one[:n][known], other[:n][known]
    if np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return None
    r = float(np.corrcoef(a, b)[0, 1])
    return Together(r=r, fisher_sd=1.0 / math.sqrt(FREE_POINTS - 3))


def probability_before(first_pct: float, second_pct: float) -> float:
    """Return the probability that the first of two onsets is the earlier one."""
    return float(ndtr((second_pct - first_pct) / (ONSET_SD_PCT * math.sqrt(2.0))))
