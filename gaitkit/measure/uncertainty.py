"""The one place where errors are combined.

Three kinds of error make up the standard error of a mean over strides::

    sd^2 = s^2 / n  +  own^2  +  shared^2

``s^2 / n``
    Chance from stride to stride. A few strides that happen to agree are no proof of
    precision, so the observed spread is pooled with the usual one (``s0``, the
    catalogue's stride spread and the known noise of a single value together), which
    counts as much as `PRIOR_STRIDES` strides (moderated variance, Smyth 2004)::

        s^2 = (PRIOR_STRIDES s0^2 + (n - 1) observed^2) / (PRIOR_STRIDES + n - 1)

``own^2``
    Error of the method that averaging does not remove and that each side has for
    itself. The catalogue's detectable change is the 95 % limit of a difference that
    is only error, so ``own = detectable_change / (1.96 sqrt 2)``.
``shared^2``
    Error that both sides have in common: the scale (its relative standard error
    times the value) and the rest of the catalogue's method error,
    ``sqrt(sd^2 - own^2)``. It is part of the error of a value, and cancels in a side
    difference.

Degrees of freedom follow Welch and Satterthwaite: only ``s^2 / n`` is estimated from
few values, so ``dof = (PRIOR_STRIDES + n - 1) sd^4 / (s^2 / n)^2``; the 95 % interval
is ``value +- t(0.975, dof) sd``. A recording of limited quality multiplies ``sd``.

The method is wrong where errors are not roughly normal, and too hopeful where strides
of one pass resemble each other more than strides of different days.

References
----------
JCGM 100:2008, Guide to the expression of uncertainty in measurement, sections 5 and
G.4.
Welch BL (1947). doi:10.1093/biomet/34.1-2.28
Smyth GK (2004). doi:10.2202/1544-6115.1027
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from gaitkit.model.chance import COVERAGE

if TYPE_CHECKING:
    from gaitkit.model.catalogue import MeasurementError
    from gaitkit.model.measurement import Measurement

UPPER = 0.5 * (1.0 + COVERAGE)

PRIOR_STRIDES = 3.0
"""Weight of the usual stride spread, in strides. A choice of gaitkit: from about ten
strides on, a person's own spread decides."""

CHANGE_FACTOR = float(ndtri(UPPER)) * math.sqrt(2.0)
"""A detectable change is this times the error of one value (two values, 95 %)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """How well a number is known.

    Attributes
    ----------
    sd : float
        Standard error.
    shared_sd : float
        Part of ``sd`` that both sides of a recording share.
    dof : float or None
        Effective degrees of freedom of ``sd``; None when the error is normal.
    """

    sd: float
    shared_sd: float = 0.0
    dof: float | None = None

    @property
    def own_variance(self) -> float:
        """Variance that the other side does not share."""
        return max(self.sd**2 - self.shared_sd**2, 0.0)

    @property
    def half_width(self) -> float:
        """Half the 95 % interval."""
        return quantile(self.dof) * self.sd

    def interval(self, value: float) -> tuple[float, float]:
        """Return the 95 % interval of the true value."""
        return value - self.half_width, value + self.half_width

    def widened(self, factor: float) -> Uncertainty:
        """Return the same uncertainty, every part larger by a factor."""
        return Uncertainty(
            sd=factor * self.sd, shared_sd=factor * self.shared_sd, dof=self.dof
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Values of several strides, summed up.

    Attributes
    ----------
    mean : float
        Their mean.
    n : int
        How many there are that do not overlap in time; at least 1.
    spread : float or None
        Standard deviation between them; None for a single one.
    usual_spread : float
        Standard deviation between strides that is usual for this measure and this
        kind of recording.
    """

    mean: float
    n: int
    spread: float | None
    usual_spread: float

    @property
    def dof(self) -> float:
        """Degrees of freedom of the pooled spread."""
        return PRIOR_STRIDES + self.n - 1

    @property
    def variance_of_mean(self) -> float:
        """Chance variance of the mean, from the pooled spread."""
        observed = 0.0 if self.spread is None else (self.n - 1) * self.spread**2
        pooled = (PRIOR_STRIDES * self.usual_spread**2 + observed) / self.dof
        return pooled / self.n


def quantile(dof: float | None) -> float:
    """Return the 97.5 % quantile of Student's t, or of the normal for None."""
    return float(ndtri(UPPER) if dof is None else stdtrit(dof, UPPER))


def own_and_shared(error: MeasurementError) -> tuple[float, float]:
    """Return the part of a method's error that a side has for itself, and the rest.

    Parameters
    ----------
    error : MeasurementError
        Entry of the catalogue.

    Returns
    -------
    tuple of float
        ``own`` (at most ``error.sd``) and ``shared``, with
        ``own^2 + shared^2 = error.sd^2``.
    """
    own = min(error.detectable_change / CHANGE_FACTOR, error.sd)
    return own, math.sqrt(error.sd**2 - own**2)


def combine(
    sample: Sample, *, own: float, shared: float, relative_scale_sd: float = 0.0
) -> Uncertainty:
    """Return the uncertainty of a mean over strides.

    Parameters
    ----------
    sample : Sample
        Mean, number and spread of the strides.
    own, shared : float
        Method error that a side has for itself and that both sides share, in the
        unit of the measure.
    relative_scale_sd : float
        Standard error of the scale as a fraction, for a measure in metres; else 0.

    Returns
    -------
    Uncertainty
        See the formula at the head of this module.
    """
    chance = sample.variance_of_mean
    shared_variance = shared**2 + (relative_scale_sd * sample.mean) ** 2
    variance = chance + own**2 + shared_variance
    return Uncertainty(
        sd=math.sqrt(variance),
        shared_sd=math.sqrt(shared_variance),
        dof=_welch_satterthwaite(variance, ((chance, sample.dof),)),
    )


def of_both(
    first: Uncertainty, second: Uncertainty, *, weights: tuple[float, float]
) -> Uncertainty:
    """Return the uncertainty of ``a * first + b * second`` in one recording.

    Parameters
    ----------
    first, second : Uncertainty
        Of the two values.
    weights : tuple of float
        ``a`` and ``b``: ``(1, -1)`` for a difference, the partial derivatives for
        another function of both.

    Returns
    -------
    Uncertainty
        Shared errors are taken to move both values together (correlation 1), so that
        in a difference equal shared errors cancel; own errors are independent.
    """
    a, b = weights
    own_first, own_second = a**2 * first.own_variance, b**2 * second.own_variance
    left_over = a * first.shared_sd + b * second.shared_sd
    variance = own_first + own_second + left_over**2
    parts = tuple(
        (weight**2 * each.sd**2, each.dof)
        for weight, each in ((a, first), (b, second))
        if each.dof is not None
    )
    return Uncertainty(
        sd=math.sqrt(variance), dof=_welch_satterthwaite(variance, parts)
    )


def uncertainty_of(measurement: Measurement) -> Uncertainty | None:
    """Return how well a measurement is known, or None when it does not say."""
    if measurement.sd is None:
        return None
    return Uncertainty(
        sd=measurement.sd, shared_sd=measurement.shared_sd, dof=measurement.dof
    )


def probability_above(measurement: Measurement, threshold: float) -> float | None:
    """Return the probability that the true value lies above a threshold.

    Parameters
    ----------
    measurement : Measurement
        A value with its error.
    threshold : float
        In the unit of the measurement.

    Returns
    -------
    float or None
        0 to 1; None when the measurement has no value or no error. The probability of
        lying below is one minus it.

    Notes
    -----
    ``P = F((value - threshold) / sd)`` with F of Student's t (``dof``) or the normal.
    Nothing is assumed to be likely beforehand: where a prior is known, as for a
    leg-length difference, a posterior is the better answer.
    """
    known = uncertainty_of(measurement)
    if measurement.value is None or known is None:
        return None
    return probability(measurement.value - threshold, known)


def probability(distance: float, uncertainty: Uncertainty) -> float:
    """Return the probability that a number known to lie at ``distance`` is above 0."""
    if uncertainty.sd == 0.0:
        return float(distance > 0.0)
    z = distance / uncertainty.sd
    return float(ndtr(z) if uncertainty.dof is None else stdtr(uncertainty.dof, z))


def _welch_satterthwaite(
    variance: float, parts: tuple[tuple[float, float | None], ...]
) -> float | None:
    """Return the effective degrees of freedom of a sum of variances.

    ``parts`` are the estimated ones with their degrees of freedom; what is known
    well adds to ``variance`` only.
    """
    weight = sum(part**2 / dof for part, dof in parts if dof is not None)
    return variance**2 / weight if weight > 0.0 else None
