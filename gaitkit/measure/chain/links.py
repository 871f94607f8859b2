"""The links of one side: best measurement, norm and z, moment of the peak.

When links move: peaks, onsets and how far two curves go together in stance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from gaitkit.doors import shipped_table
from gaitkit.gait.stickers.shape import STANCE_SHARE
from gaitkit.measure.uncertainty import Uncertainty, probability
from gaitkit.model.chain import LINKS, ChainLink, LinkName
from gaitkit.model.chance import Z_95
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import reason
from gaitkit.model.strides import Waveform
from gaitkit.norms.discrete import discrete

if TYPE_CHECKING:
    from gaitkit.model.reason import Reason
    from gaitkit.model.side import Side

SOURCES = ("markers", "stickers", "video")
"""First word of the method, best first. Keypoints alone never give the rearfoot: a
video has no such measurement."""


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
class LinkRow:
    """An entry of ``links.toml``: measure, angle of its curve, norm and its source."""

    measure: str
    angle: str
    mean: float | None = None
    sd: float | None = None
    source: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """What the recordings of a visit gave.

    Attributes
    ----------
    measurements : sequence of Measurement
        All of the visit.
    waveforms : sequence of Waveform
        Curves over the stride.
    comparable : bool
        False when the person may not be compared with healthy adults.
    """

    measurements: Sequence[Measurement]
    waveforms: Sequence[Waveform] = ()
    comparable: bool = True


def chain_links(gait: Gait, side: Side) -> tuple[ChainLink, ...]:
    """Return the six links of a side, from the foot up.

    Parameters
    ----------
    gait : Gait
        What the visit gave.
    side : Side
        Of which leg.

    Returns
    -------
    tuple of ChainLink
        Each with the measurement of its best source (`SOURCES`, then the smallest
        error), or why there is none. ``z`` is left out where no norm is known or the
        person may not be compared with it.
    """
    return tuple(_link(name, gait, side) for name in LINKS)


def link_rows() -> dict[LinkName, LinkRow]:
    """Return what stands for each link."""
    return dict(_rows())


def best_measurement(
    measurements: Sequence[Measurement], name: str, side: Side | None
) -> Measurement | None:
    """Return the measurement of the best source that has a value and an error."""
    own = [
        m
        for m in measurements
        if m.name == name and m.side is side and m.value is not None
    ]
    known = [m for m in own if m.sd is not None]
    return min(known, key=lambda m: (source_rank(m), m.sd or 0.0), default=None)


def source_rank(measurement: Measurement) -> int:
    """Return how good the source of a measurement is; 0 is best."""
    kind = measurement.method.split(",", maxsplit=1)[0]
    return SOURCES.index(kind) if kind in SOURCES else len(SOURCES)


def chance_over_z(link: ChainLink, limit: float) -> float | None:
    """Return the probability that the true z-score lies above a limit.

    None where the link was not measured, has no norm or no error.
    """
    if link.z is None or link.z_sd is None or link.measurement is None:
        return None
    known = Uncertainty(sd=link.z_sd, dof=link.measurement.dof)
    return probability(link.z - limit, known)


def chance_unusual(link: ChainLink) -> float | None:
    """Return the probability that a link lies beyond 95 % of healthy adults.

    On the side on which it was measured; None as in `chance_over_z`.
    """
    low = link.z is not None and link.z < 0.0
    over = chance_over_z(link, -Z_95 if low else Z_95)
    return over if over is None or not low else 1.0 - over


def _link(name: LinkName, gait: Gait, side: Side) -> ChainLink:
    row = _rows()[name]
    found = best_measurement(gait.measurements, row.measure, side)
    if found is None or found.value is None or found.sd is None:
        return ChainLink(name=name, side=side, why_missing=_why(name, gait, side))
    mean, sd = _norm(row)
    judged = mean is not None and sd is not None and gait.comparable
    return ChainLink(
        name=name,
        side=side,
        measurement=found,
        norm_mean=mean,
        norm_sd=sd,
        norm_confirmed=mean is None or _is_confirmed(row),
        z=(found.value - mean) / sd if judged and mean is not None and sd else None,
        z_sd=found.sd / sd if judged and sd else None,
        peak_time_pct=_peak(row, gait, side, found),
    )


def _norm(row: LinkRow) -> tuple[float | None, float | None]:
    known = discrete(row.measure)
    return (row.mean, row.sd) if known is None else (known.mean, known.sd)


def _is_confirmed(row: LinkRow) -> bool:
    """Tell whether the norm of a link was checked in its source."""
    return row.confirmed or discrete(row.measure) is not None


def _peak(row: LinkRow, gait: Gait, side: Side, found: Measurement) -> float | None:
    wave = next(
        (
            wave
            for wave in gait.waveforms
            if wave.name == row.angle
            and wave.side is side
            and wave.recording == found.recording
        ),
        None,
    )
    if wave is not None:
        return peak_pct(wave)
    moment = next(
        (
            m.value
            for m in gait.measurements
            if m.name == f"{row.measure}_time"
            and m.side is side
            and m.recording == found.recording
        ),
        None,
    )
    return None if moment is None else STANCE_SHARE * moment


def _why(name: LinkName, gait: Gait, side: Side) -> Reason:
    if name == "tibia":
        return reason("chain_tibia")
    row = _rows()[name]
    reasons = (
        m.why_missing
        for m in sorted(gait.measurements, key=source_rank)
        if m.name == row.measure and m.side is side and m.why_missing is not None
    )
    return next(reasons, reason("not_measured"))


@cache
def _rows() -> dict[LinkName, LinkRow]:
    table = shipped_table("gaitkit.measure.chain", "links.toml")
    return {name: LinkRow(**table[name]) for name in LINKS}


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveCorrelation:
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


def correlate(first: Waveform, second: Waveform) -> CurveCorrelation | None:
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
    return CurveCorrelation(r=r, fisher_sd=1.0 / math.sqrt(FREE_POINTS - 3))


def probability_before(first_pct: float, second_pct: float) -> float:
    """Return the probability that the first of two onsets is the earlier one."""
    return float(ndtr((second_pct - first_pct) / (ONSET_SD_PCT * math.sqrt(2.0))))
