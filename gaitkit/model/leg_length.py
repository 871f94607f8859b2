"""The best estimate of the leg-length difference, and what it rests on.

Differences are left minus right in millimetres: positive when the left leg is longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.model.reason import Reason
from gaitkit.model.text import Text

PriorName = Literal["clinic", "acquired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorPart:
    """One normal part of the prior, centred on no difference."""

    weight: float
    sd_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodEvidence:
    """What one method says about the difference, and how much it counts.

    Attributes
    ----------
    method : str
        Name in the data file of methods: ``tape``, ``block_test``, ...
    label : Text
        What a clinician calls it.
    value_mm : float
        Measured difference, the known bias of the method taken off.
    sd_mm : float
        Error of the method for these readings, that of its bias included.
    n, raters : int
        Readings and people who took them.
    weight : float
        Share of the information of all methods together, 0 to 1; 0 when not used.
    alone_mm, alone_sd_mm : float
        Mean and standard deviation of the posterior from this method alone.
    unconfirmed : bool
        True when its error or its correction was measured on virtual patients only.
    why_not_used : Reason or None
        Why it does not count; None when it does.
    """

    method: str
    label: Text
    value_mm: float
    sd_mm: float
    n: int = 1
    raters: int = 1
    weight: float = 0.0
    alone_mm: float | None = None
    alone_sd_mm: float | None = None
    unconfirmed: bool = False
    why_not_used: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalPart:
    """Something beside the bones that makes a leg act longer or shorter.

    Attributes
    ----------
    cause : str
        ``pronation_difference``, ``knee_contracture``, ``hip_contracture``,
        ``equal_lying_down``, ``tilt_when_sitting``, ...
    text : Text
        What was found and what it explains, with its numbers.
    value_mm, sd_mm : float or None
        Apparent difference it explains (left minus right); None where no number can
        be given.
    """

    cause: str
    text: Text
    value_mm: float | None = None
    sd_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLengthEstimate:
    """Posterior of the structural difference from all methods of a visit.

    Attributes
    ----------
    prior : {"clinic", "acquired"}
        Which prior was taken, and in ``prior_parts`` its parts.
    methods : tuple of MethodEvidence
        Every method of the visit, used or not.
    mean_mm, sd_mm, low_mm, high_mm : float
        Posterior mean, standard deviation and 95 % interval.
    p_over_5, p_over_10, p_over_20 : float
        Probability that the size of the true difference is above 5, 10, 20 mm.
    p_left_longer : float
        Probability that the left leg is the longer one.
    curve_mm : tuple of float
        Where the densities below are given.
    prior_density, posterior_density : tuple of float
        Per millimetre.
    disagreements : tuple of Reason
        Methods that contradict each other more than their errors allow.
    functional : tuple of FunctionalPart
        What beside the bones was found.
    unconfirmed : bool
        True when a method that counts is unconfirmed on real people.
    """

    prior: PriorName
    prior_parts: tuple[PriorPart, ...]
    methods: tuple[MethodEvidence, ...]
    mean_mm: float
    sd_mm: float
    low_mm: float
    high_mm: float
    p_over_5: float
    p_over_10: float
    p_over_20: float
    p_left_longer: float
    curve_mm: tuple[float, ...] = ()
    prior_density: tuple[float, ...] = ()
    posterior_density: tuple[float, ...] = ()
    disagreements: tuple[Reason, ...] = ()
    functional: tuple[FunctionalPart, ...] = ()
    unconfirmed: bool = False
