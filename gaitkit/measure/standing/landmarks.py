"""What the pose model shows of a difference in height, measured on virtual people.

A network that has seen thousands of upright people draws the hips more level than they
are: only a part of a true difference shows. It also draws them square to the trunk: a
trunk that leans by a degree moves the hips by 1 to 2 mm, whatever the pelvis does, so
that lean is taken out first. How large a part was measured on virtual
people and stands with its spread in ``landmark_slope.toml``, beside this module. It is
unconfirmed on real people, and no landmark is ever the only source of a finding.

What hips of a pose model say of a leg-length difference, by one picture or many.

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
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.doors import shipped_table
from gaitkit.errors import ConfigError
from gaitkit.measure.leg_length.posterior import mixture, prior_parts
from gaitkit.measure.standing.block_test import LEAST_SLOPE_SHARE, LineModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.standing import BlockPoint, HeightLine

FrontalView = Literal["posterior", "anterior"]
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
class LandmarkSlope:
    """How one model shows the height difference of the hips in one view.

    Attributes
    ----------
    model, view : str
        Size of the network and side from which the person is seen.
    slope, slope_sd : float
        Shown millimetres for each of a block, without the part of the trunk, and its
        spread between people.
    of_legs : float
        How much of a difference of the legs shows, over how much of a block shows.
    lean_mm_per_deg : float
        Change of the shown difference with the lean of the trunk to the left.
    zero_mm, zero_sd_mm : float
        Shown difference of people with level hips: mean and spread between them.
    chance_mm : float
        Standard deviation between pictures of one person, standing anew, beyond what
        each states: points, roll and turn.
    people, pictures : int
        How many it was measured on.
    source : str
        On what.
    unconfirmed : bool
        True until real people confirm it.
    """

    model: str
    view: FrontalView
    slope: float
    slope_sd: float
    of_legs: float
    lean_mm_per_deg: float
    zero_mm: float
    zero_sd_mm: float
    chance_mm: float
    people: int
    pictures: int
    source: str
    unconfirmed: bool

    def upright(
        self, line: HeightLine, trunk_lean_deg: float | None, *, roll_sd_deg: float
    ) -> HeightLine:
        """Return the line of the hips as it would be shown with an upright trunk.

        Parameters
        ----------
        line : HeightLine
            Of the hips.
        trunk_lean_deg : float or None
            Lean of the trunk to the person's left; None leaves the line as it is.
        roll_sd_deg : float
            Error of the roll, which the error of the line holds.

        Notes
        -----
        A roll that is wrong tilts trunk and hips alike: to the left by a degree
        lowers the left hip by ``w`` and takes off ``lean_mm_per_deg`` of it again, so
        that the error of the line shrinks.
        """
        if trunk_lean_deg is None or line.difference_mm is None or line.sd_mm is None:
            return line
        moved = self.lean_mm_per_deg * trunk_lean_deg
        across = abs(line.left.x_px - line.right.x_px) * (line.mm_per_px or 0.0)
        lowered = math.radians(across)
        roll = (lowered * roll_sd_deg) ** 2
        left = ((lowered + self.lean_mm_per_deg) * roll_sd_deg) ** 2
        return replace(
            line,
            difference_mm=line.difference_mm - moved,
            sd_mm=math.sqrt(max(line.sd_mm**2 - roll, 0.0) + left),
        )

    def line_model(self, *, shared_mm: float = 0.0) -> LineModel:
        """Return what is known of the line of a block test before the pictures.

        Parameters
        ----------
        shared_mm : float
            Further error that all pictures share, as of an unknown roll.
        """
        return LineModel(
            slope=-self.slope,
            slope_sd=self.slope_sd,
            zero_sd_mm=math.hypot(self.zero_sd_mm, shared_mm),
            zero_mm=self.zero_mm,
            chance_mm=self.chance_mm,
            half_width_max_mm=math.inf,
            unconfirmed=self.unconfirmed,
            of_legs=self.of_legs,
        )


def landmark_slope(model: str, view: FrontalView) -> LandmarkSlope | None:
    """Return how a model shows the hips in a view, None where nobody measured it."""
    found = (s for s in _slopes() if (s.model, s.view) == (model, view))
    return next(found, None)


@cache
def _slopes() -> tuple[LandmarkSlope, ...]:
    table = shipped_table("gaitkit.measure.standing", "landmark_slope.toml")
    slopes = tuple(LandmarkSlope(**row) for row in table["slope"])
    for row in slopes:
        if not row.slope > 0:
            msg = (
                f"landmark_slope.toml: slope of {row.model}, {row.view} is "
                f"{row.slope:g}; expected above 0"
            )
            raise ConfigError(msg)
    return slopes


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkPosterior:
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
    def is_informative(self) -> bool:
        """True when the pictures make the difference clearly surer."""
        return self.evidence_mm is not None and self.share_left < NARROWER


def landmark_posterior(
    points: Sequence[BlockPoint], *, model: LineModel, repeated: float = 1.0
) -> LandmarkPosterior:
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
    slopes, weight = _likely_slopes(model)
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
    return LandmarkPosterior(
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


def _likely_slopes(model: LineModel) -> tuple[Array, Array]:
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
