"""The stickers of two legs of one person lie alike: each leg tells of the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.discs import FEET_ALIKE
from gaitkit.gait.stickers.lean import error_axes
from gaitkit.gait.stickers.shape import DepthAxis

if TYPE_CHECKING:
    from gaitkit.gait.stickers.paths import Array
    from gaitkit.gait.stickers.shape import LegShape
    from gaitkit.model.side import Side


def alike(fitted: dict[Side, LegShape], usual: LegShape) -> dict[Side, LegShape]:
    """Return the shapes of both legs, each leg drawn towards the other.

    Parameters
    ----------
    fitted : dict of Side to LegShape
        From `gaitkit.gait.stickers.depth.fitted_depth`, each leg by itself.
    usual : LegShape
        What was assumed there before anything was seen.

    Returns
    -------
    dict of Side to LegShape
        As given unless both legs were fitted.

    Notes
    -----
    What was seen of each leg is its fit less the prior, as precisions (normal, with
    leans and gain of the shank linearised); both are joined under a prior in which the
    legs correlate by `gaitkit.gait.stickers.discs.FEET_ALIKE`. Wrong for a person
    whose stickers were put at different heights on either leg.
    """
    if len(fitted) < 2 or not all(shape.depth_axes for shape in fitted.values()):  # noqa: PLR2004 - two legs
        return fitted
    prior_mean, prior = _leans(usual), np.diag(_spread(usual) ** 2)
    count = len(fitted)
    corr = np.full((count, count), FEET_ALIKE) + (1 - FEET_ALIKE) * np.eye(count)
    before = np.linalg.inv(np.kron(corr, prior))
    known = before.copy()
    pull = before @ np.tile(prior_mean, count)
    alone = np.linalg.inv(prior)
    for number, shape in enumerate(fitted.values()):
        own = slice(3 * number, 3 * number + 3)
        after = np.linalg.inv(_covariance(shape))
        known[own, own] += after - alone
        pull[own] += after @ _leans(shape) - alone @ prior_mean
    covariance = np.linalg.inv(known)
    mean = (covariance @ pull).reshape(count, 3)
    return {
        side: _with(shape, mean[k], covariance[3 * k : 3 * k + 3, 3 * k : 3 * k + 3])
        for k, (side, shape) in enumerate(fitted.items())
    }


def _leans(shape: LegShape) -> Array:
    return np.array([shape.calf_back_deg, shape.heel_forward_deg, shape.shank_gain])


def _spread(shape: LegShape) -> Array:
    calf = float(np.hypot(shape.calf_back_sd_deg, shape.shank_sd_deg))
    return np.array([calf, shape.heel_forward_sd_deg, shape.shank_gain_sd])


def _covariance(shape: LegShape) -> Array:
    steps = np.array([(a.calf_deg, a.heel_deg, a.gain) for a in shape.depth_axes])
    return np.asarray(steps.T @ steps)


def _with(shape: LegShape, mean: Array, covariance: Array) -> LegShape:
    return replace(
        shape,
        calf_back_deg=float(mean[0]),
        heel_forward_deg=float(mean[1]),
        shank_gain=float(mean[2]),
        depth_axes=tuple(
            DepthAxis(calf_deg=float(c), heel_deg=float(h), gain=float(g))
            for c, h, g in error_axes(covariance)
        ),
    )
