"""Block test from pictures: pelvis tilt against block height, and where it is level.

The tilt that a picture shows is a straight line in the height of the block::

    tilt = zero + slope * block

and the pelvis is level at ``-zero / slope``. Both are estimated with error, so the
answer is a ratio. The slope of a person is not free: it follows from the distance of
the stickers over that of the hips. This prior is combined with the person's own
pictures (Bayes); for each slope the zero is normal, so the height is a mixture of
normals over the slope, whose quantiles are sought. Fieller's interval is
the same without the prior, but is empty or endless when two or three blocks of 5 mm are
all there is, and the mean of such a ratio does not exist. The median of the mixture is
reported: the mean of one over an uncertain slope is too large, which alone gave
levelling heights 1 to 2 mm too high. Landmarks, whose slope is small and poorly known,
are for `landmark_line`.

References
----------
Fieller EC (1954), J R Stat Soc B 16:175-185.
Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., chapter 14.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from gaitkit.model.reason import Reason, reason
from gaitkit.model.standing import BlockLine, BlockPoint

if TYPE_CHECKING:
    from collections.abc import Sequence


GRID = 401
SLOPE_REACH = 5.0
"""Slopes are looked at to so many standard errors around the estimate."""

LEAST_SLOPE_SHARE = 0.2
"""A slope nearer to zero than this share of the expected one is not a person's."""

INTERVAL_SDS = 3.92
"""Width of a normal 95 % interval in standard deviations."""

BLOCK_STEP_MM = 5.0
"""Blocks come in steps of this height."""

INSIDE_MM = 2.5
"""A level further than this outside the tested heights asks for another block."""

PRECISE_MM = 4.0
"""Half interval, from pictures alone, above which another block would help."""

FAR_BLOCK_MM = 10.0
"""Distance of a further block from the level when the line is not yet sure."""

LEVELS = (0.025, 0.5, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineModel:
    """What is known about the line before the pictures.

    Attributes
    ----------
    slope, slope_sd : float
        Change of the shown tilt per millimetre of block, negative, and its spread
        between people.
    zero_sd_mm : float
        Error that all pictures share: stickers beside their bones, bias of the
        landmarks, roll of the camera.
    zero_mm : float
        Shown tilt of people whose pelvis is level.
    chance_mm : float
        Error that each picture has for itself beyond its own stated one: the person
        stands anew.
    half_width_max_mm : float
        Half interval from which no height is told.
    unconfirmed : bool
        True when any of these rests on virtual patients alone.
    of_legs : float
        How much of a difference of the legs shows, over how much of a block shows.
    """

    slope: float
    slope_sd: float
    zero_sd_mm: float
    zero_mm: float
    chance_mm: float
    half_width_max_mm: float
    unconfirmed: bool
    of_legs: float = 1.0


def block_line(
    points: Sequence[BlockPoint],
    *,
    source: Literal["sticker", "landmark"],
    model: LineModel,
) -> BlockLine:
    """Return the line through the pictures of a block test and where it is level.

    Parameters
    ----------
    points : sequence of BlockPoint
        At least one.
    source : {"sticker", "landmark"}
        What the tilt was read from.
    model : LineModel
        Prior of the slope and shared errors.

    Returns
    -------
    BlockLine
        ``levelling_mm`` is the posterior median, the interval holds 95 %, ``sd_mm`` is
        a quarter of its width over 0.98. None with a reason when only one height was
        tested, the tilt does not follow the blocks, or the interval is too wide. A
        reason with a value names the block to take next.
    """
    block = np.array([p.block_mm for p in points])
    tilt = np.array([p.tilt_mm for p in points]) - model.zero_mm
    variance = np.array([p.sd_mm for p in points]) ** 2 + model.chance_mm**2
    fit = _fitted(block, tilt, variance, model)
    plain = _Plain(points=tuple(points), source=source, fit=fit, model=model)
    if np.ptp(block) < BLOCK_STEP_MM / 2:
        return plain.without(reason("block_one_height"))
    if fit.slope > LEAST_SLOPE_SHARE * model.slope:
        return plain.without(reason("block_no_slope", slope=round(fit.slope, 2)))
    low, level, high = _level(fit, shared_sd=model.zero_sd_mm)
    chance_low, _, chance_high = _level(fit, shared_sd=0.0)
    if (high - low) / 2 > model.half_width_max_mm:
        height = next_height(level, block)
        return plain.without(with_height("block_wide", height))
    why = _needed(level, (chance_high - chance_low) / 2, block)
    return plain.with_level(level, low, high, why)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """Joint normal of zero and slope after prior and pictures."""

    zero: float
    slope: float
    zero_var: float
    slope_var: float
    covariance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    """What every answer holds."""

    points: tuple[BlockPoint, ...]
    source: Literal["sticker", "landmark"]
    fit: _Fit
    model: LineModel

    def without(self, why: Reason) -> BlockLine:
        return self._line(why, (None, None, None))

    def with_level(
        self, level: float, low: float, high: float, why: Reason | None
    ) -> BlockLine:
        return self._line(why, (level, low, high))

    def _line(
        self, why: Reason | None, level: tuple[float | None, float | None, float | None]
    ) -> BlockLine:
        middle, low, high = level
        sd = None if low is None or high is None else (high - low) / INTERVAL_SDS
        return BlockLine(
            source=self.source,
            points=self.points,
            slope=self.fit.slope,
            slope_sd=math.sqrt(self.fit.slope_var),
            zero_mm=self.fit.zero,
            zero_sd_mm=math.hypot(math.sqrt(self.fit.zero_var), self.model.zero_sd_mm),
            levelling_mm=middle,
            low_mm=low,
            high_mm=high,
            sd_mm=sd,
            reason=why,
            unconfirmed=self.model.unconfirmed,
        )


def _fitted(
    block: np.ndarray, tilt: np.ndarray, variance: np.ndarray, model: LineModel
) -> _Fit:
    """Return zero and slope by least squares with a prior on the slope.

    Pictures that scatter more than they say (chi squared per degree of freedom above
    1) widen the errors by its root, as Birge did.
    """
    design = np.column_stack([np.ones_like(block), block])
    weight = design / variance[:, None]
    precision = design.T @ weight
    precision[1, 1] += 1 / model.slope_sd**2
    target = weight.T @ tilt
    target[1] += model.slope / model.slope_sd**2
    covariance = np.linalg.inv(precision)
    zero, slope = covariance @ target
    left_over = tilt - zero - slope * block
    free = len(block) - 1
    chi2 = float((left_over**2 / variance).sum()) / max(free, 1)
    if chi2 > 1 and free > 1:
        covariance = covariance * chi2
    return _Fit(
        zero=float(zero),
        slope=float(slope),
        zero_var=float(covariance[0, 0]),
        slope_var=float(covariance[1, 1]),
        covariance=float(covariance[0, 1]),
    )


def _level(fit: _Fit, *, shared_sd: float) -> tuple[float, float, float]:
    """Return the 2.5, 50 and 97.5 % quantiles of the height that levels."""
    sd = math.sqrt(fit.slope_var)
    # a slope near zero is no person's: it would put the level anywhere
    flattest = min(fit.slope + SLOPE_REACH * sd, LEAST_SLOPE_SHARE * fit.slope)
    slopes = np.linspace(fit.slope - SLOPE_REACH * sd, flattest, GRID)
    weight = np.exp(-0.5 * ((slopes - fit.slope) / sd) ** 2)
    weight[[0, -1]] /= 2  # trapezoid
    weight /= weight.sum()
    gain = fit.covariance / fit.slope_var
    zero = fit.zero + gain * (slopes - fit.slope)
    rest = max(fit.zero_var - gain * fit.covariance, 0.0) + shared_sd**2
    middle, width = -zero / slopes, math.sqrt(rest) / np.abs(slopes)
    low = float((middle - 6 * width).min())
    high = float((middle + 6 * width).max())

    def below(height: float, level: float) -> float:
        return float(weight @ ndtr((height - middle) / width)) - level

    # sought, not read from a list of heights: the flattest slope that is left may
    # lie metres away and would spread such a list over them
    one, two, three = (
        float(brentq(below, low, high, args=(level,), xtol=1e-4)) for level in LEVELS
    )
    return one, two, three


def _needed(level: float, half_width: float, block: np.ndarray) -> Reason | None:
    """Return which block is needed, None when the tested ones are enough."""
    if not block.min() - INSIDE_MM <= level <= block.max() + INSIDE_MM:
        return with_height("block_outside", stepped(level))
    if half_width > PRECISE_MM:
        return with_height("block_more", next_height(level, block))
    return None


def next_height(level: float, block: np.ndarray) -> float:
    """Return the untested height that says most: far from the middle of the others."""
    beyond = level + (FAR_BLOCK_MM if level >= block.mean() else -FAR_BLOCK_MM)
    return stepped(beyond)


def stepped(height_mm: float) -> float:
    """Return the height of the nearest block."""
    return BLOCK_STEP_MM * round(height_mm / BLOCK_STEP_MM)


def with_height(code: str, height_mm: float) -> Reason:
    """Return a reason that names a block under the right, or left (negative), foot."""
    if height_mm >= 0:
        return reason(f"{code}_right", height=f"{height_mm:.0f}")
    return reason(f"{code}_left", height=f"{-height_mm:.0f}")
