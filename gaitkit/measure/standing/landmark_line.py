"""Block test from the hips of a pose model: levelling height, or which block is needed.

The height is the posterior with the prior of clinic patients; what goes to the estimate
of the visit is the evidence of the pictures alone (`landmark_posterior`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.standing.block_test import (
    BLOCK_STEP_MM,
    INSIDE_MM,
    INTERVAL_SDS,
    next_height,
    stepped,
    with_height,
)
from gaitkit.measure.standing.landmarks import LandmarkPosterior, landmark_posterior
from gaitkit.model.reason import Reason, reason
from gaitkit.model.standing import BlockLine, BlockPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.measure.standing.block_test import LineModel

TWICE = 2.0
WORTH_IT = 0.9
"""Error of the evidence with twice the pictures over that with these, below which
another picture is worth the trouble."""


def landmark_line(points: Sequence[BlockPoint], *, model: LineModel) -> BlockLine:
    """Return what the pictures of a block test say without stickers.

    Parameters
    ----------
    points : sequence of BlockPoint
        At least one; the lean of the trunk is taken out of the tilts.
    model : LineModel
        What is known of slope, zero and chance.

    Returns
    -------
    BlockLine
        ``levelling_mm`` is the posterior median and the interval holds 95 %, both with
        the prior; ``evidence_mm`` is without. None with a reason when only one height
        was tested, the tilt surely does not follow the blocks, or the pictures leave
        the difference about as unsure as it was. A reason with a value names the block
        to take next.
    """
    posterior = landmark_posterior(points, model=model)
    line = _line(points, posterior, model)
    block = np.array([p.block_mm for p in points])
    if np.ptp(block) < BLOCK_STEP_MM / 2:
        return replace(line, reason=reason("block_one_height"))
    if not posterior.follows:
        slope = round(-posterior.slope, 2)
        return replace(line, reason=reason("block_no_slope", slope=slope))
    if not posterior.is_informative:
        height = next_height(posterior.level_mm, block)
        return replace(line, reason=with_height("block_wide", height))
    return replace(
        line,
        levelling_mm=posterior.level_mm,
        low_mm=posterior.low_mm,
        high_mm=posterior.high_mm,
        sd_mm=(posterior.high_mm - posterior.low_mm) / INTERVAL_SDS,
        evidence_mm=posterior.evidence_mm,
        evidence_sd_mm=posterior.evidence_sd_mm,
        reason=_block_needed(points, posterior, model),
    )


def _line(
    points: Sequence[BlockPoint], posterior: LandmarkPosterior, model: LineModel
) -> BlockLine:
    """Return the line with the slope of the person, without a height."""
    weight = np.array([1 / (p.sd_mm**2 + model.chance_mm**2) for p in points])
    level = [p.tilt_mm - model.zero_mm + posterior.slope * p.block_mm for p in points]
    return BlockLine(
        source="landmark",
        points=tuple(points),
        slope=-posterior.slope,
        slope_sd=posterior.slope_sd,
        zero_mm=float(np.average(level, weights=weight)),
        zero_sd_mm=math.hypot(1 / math.sqrt(weight.sum()), model.zero_sd_mm),
        unconfirmed=model.unconfirmed,
    )


def _block_needed(
    points: Sequence[BlockPoint], posterior: LandmarkPosterior, model: LineModel
) -> Reason | None:
    """Return which block is needed, None when more of them would add little."""
    block = np.array([p.block_mm for p in points])
    level = posterior.level_mm
    if not block.min() - INSIDE_MM <= level <= block.max() + INSIDE_MM:
        return with_height("block_outside", stepped(level))
    more = landmark_posterior(points, model=model, repeated=TWICE)
    then, now = more.evidence_sd_mm, posterior.evidence_sd_mm
    if then is not None and now is not None and then < WORTH_IT * now:
        return with_height("block_more", next_height(level, block))
    return None
