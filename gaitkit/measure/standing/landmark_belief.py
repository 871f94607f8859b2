"""What hips of a pose model say of a leg-length difference, by one picture or many.

A pose model shows only a part of a true difference in height, and how large a part
differs between people. So a picture with a block ``b`` under the right foot shows::

    tilt = zero + slope * (of_legs * difference - b) + chance

with ``slope`` and ``zero`` known as a mean and a spread between people, and another
chance in each picture; ``of_legs`` is below 1, because a block lifts foot and knee too
and the network draws the hips after them. Blocks tell the person's own slope; it is
shrunk towards that of others. All of it is summed on a grid of slopes and differences,
so that nothing is linearised: a small slope makes the likelihood of the difference skew
and long.

Two answers come out. The *level* is the posterior with the prior of clinic patients:
the best single number. The *evidence* is what the pictures add: the normal error that,
put together with a normal of the spread of that prior, has the mean and spread of the
posterior. It can be weighed with other methods without using the prior twice.

References
----------
Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., chapters 5 and 13.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.leg_length.posterior import mixture
from gaitkit.measure.leg_length.prior import prior_parts
from gaitkit.measure.standing.block_line import LEAST_SLOPE_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.measure.standing.block_line import LineModel
    from gaitkit.model.standing import BlockPoint

Array = np.ndarray

SLOPES = 81
SLOPE_REACH = 3.5
"""Slopes are looked at to so many standard deviations around that of others."""

REACH_MM, STEP_MM = 90.0, 0.25
"""Differences that are looked at."""

NARROWER = 0.9
"""Spread after the pictures over that before from which they say something."""

SURE = 2.0
"""Standard errors by which the tilt must miss the blocks to say that it does."""

LEVELS = (0.025, 0.5, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkBelief:
    """What is believed of one person after the pictures, in millimetres.

    Attributes
    ----------
    low_mm, level_mm, high_mm : float
        2.5, 50 and 97.5 % of the difference, with the prior of clinic patients.
    evidence_mm, evidence_sd_mm : float or None
        What the pictures add; None when they add nothing.
    share_left : float
        Spread of the difference after the pictures over that before.
    slope, slope_sd : float
        Shown over true millimetres in this person.
    follows : bool
        False when the tilt surely does not change with the blocks.
    """

    low_mm: float
    level_mm: float
    high_mm: float
    evidence_mm: float | None
    evidence_sd_mm: float | None
    share_left: float
    slope: float
    slope_sd: float
    follows: bool

    @property
    def says_something(self) -> bool:
        """True when the pictures make the difference clearly surer."""
        return self.evidence_mm is not None and self.share_left < NARROWER


def landmark_belief(
    points: Sequence[BlockPoint], *, model: LineModel, repeated: float = 1.0
) -> LandmarkBelief:
    """Return what pictures of one person say of the difference of the legs.

    Parameters
    ----------
    points : sequence of BlockPoint
        At least one; tilts as shown, the lean of the trunk taken out.
    model : LineModel
        What is known of slope (negative: per millimetre of block), zero and chance.
    repeated : float
        How it would be with so many pictures in place of each.

    Notes
    -----
    Pictures that scatter more about their line than they say (chi squared per degree
    of freedom above 1) have their errors widened by its root, as Birge did.
    """
    block = np.array([p.block_mm for p in points])
    tilt = np.array([p.tilt_mm for p in points]) - model.zero_mm
    own = np.array([p.sd_mm for p in points]) ** 2 + model.chance_mm**2
    own, follows = _scatter(block, tilt, own, usual=-model.slope)
    slopes, weight = _slopes(model)
    at = np.arange(-REACH_MM, REACH_MM + STEP_MM / 2, STEP_MM)
    shared = np.linalg.inv(np.diag(own / repeated) + model.zero_sd_mm**2)
    shown = tilt + slopes[:, None] * block
    square = np.einsum("ai,ij,aj->a", shown, shared, shown)
    legs = slopes * model.of_legs
    middle = legs * (shown @ shared.sum(axis=1))
    log = -0.5 * (
        square[:, None]
        - 2 * middle[:, None] * at
        + (legs[:, None] * at) ** 2 * shared.sum()
    )
    likely = weight[:, None] * np.exp(log - log.max())
    parts = prior_parts("clinic")
    prior = mixture(parts, at)
    prior_sd = math.sqrt(sum(part.weight * part.sd_mm**2 for part in parts))
    after = likely * prior
    after /= after.sum()
    below = np.cumsum(after.sum(axis=0))
    low, level, high = (float(np.interp(share, below, at)) for share in LEVELS)
    slope, slope_sd = _moments(slopes, after.sum(axis=1))
    usual = np.exp(-0.5 * (at / prior_sd) ** 2)
    mean, sd = _moments(at, likely.sum(axis=0) * usual)
    added = 1 / sd**2 - 1 / prior_sd**2
    return LandmarkBelief(
        low_mm=low,
        level_mm=level,
        high_mm=high,
        evidence_mm=mean / sd**2 / added if added > 0 else None,
        evidence_sd_mm=1 / math.sqrt(added) if added > 0 else None,
        share_left=sd / prior_sd,
        slope=slope,
        slope_sd=slope_sd,
        follows=follows,
    )


def _slopes(model: LineModel) -> tuple[Array, Array]:
    """Return slopes and how usual each is."""
    usual = -model.slope
    slopes = usual + model.slope_sd * np.linspace(-SLOPE_REACH, SLOPE_REACH, SLOPES)
    slopes = slopes[slopes > LEAST_SLOPE_SHARE * usual]
    return slopes, np.exp(-0.5 * ((slopes - usual) / model.slope_sd) ** 2)


def _scatter(
    block: Array, tilt: Array, own: Array, *, usual: float
) -> tuple[Array, bool]:
    """Return the variances, widened where needed, and whether the tilt may follow."""
    away = block - np.average(block, weights=1 / own)
    spread = float((away**2 / own).sum())
    if spread == 0:
        return own, True
    slope = float((away * tilt / own).sum()) / spread
    left_over = tilt - np.average(tilt, weights=1 / own) - slope * away
    free = len(block) - 2
    excess = float((left_over**2 / own).sum()) / free if free > 0 else 1.0
    wider = max(excess, 1.0)
    sure = SURE * math.sqrt(wider / spread)
    return own * wider, -slope + sure > LEAST_SLOPE_SHARE * usual


def _moments(values: Array, weight: Array) -> tuple[float, float]:
    mean = float((values * weight).sum() / weight.sum())
    variance = float(((values - mean) ** 2 * weight).sum() / weight.sum())
    return mean, math.sqrt(variance)
