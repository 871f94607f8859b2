"""A walk seen from behind with stickers: stances, rearfoot curves, pelvis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.both_legs import alike
from gaitkit.gait.stickers.depth import fitted_depth
from gaitkit.gait.stickers.heading import walking_heading_deg
from gaitkit.gait.stickers.paths import LegStickers, leg_stickers
from gaitkit.gait.stickers.peak import peak_of, sought
from gaitkit.gait.stickers.pelvis import pelvic_drops
from gaitkit.gait.stickers.rearfoot import PERCENT, StepCurve, step_curves
from gaitkit.gait.stickers.settings import StickerWalkSettings
from gaitkit.gait.stickers.shape import LegShape
from gaitkit.gait.stickers.sight import Lens
from gaitkit.gait.stickers.stance import StickerStance, sticker_stances
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import RearfootCurve
from gaitkit.model.stride_value import StrideValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr


LEAST_SHARE = 0.5
"""A mean curve is given where at least this share of the steps is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootDirection:
    """Toe-out of a foot on this walk, degrees, with its standard error."""

    toe_out_deg: float
    sd_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FootOfWalk:
    """What the stickers of one foot gave.

    Attributes
    ----------
    side : Side
        Which foot.
    stances : tuple of StickerStance
        Whole stances, also those that were too far away to measure.
    steps : tuple of StepCurve
        Rearfoot angle of each step used.
    curve : RearfootCurve or None
        Mean over steps; None where ``why_missing`` says why.
    why_missing : Reason or None
        Why there is no curve.
    """

    side: Side
    stances: tuple[StickerStance, ...] = ()
    steps: tuple[StepCurve, ...] = ()
    curve: RearfootCurve | None = None
    why_missing: Reason | None = None

    @property
    def peak(self) -> tuple[float, float] | None:
        """Largest eversion of the mean curve, degrees, and its percent of stance.

        That of a parabola through the values around it.
        """
        if self.curve is None:
            return None
        return peak_of(np.asarray(self.curve.mean_deg), self.curve.valid_to_pct)

    def at_peak_deg(self) -> tuple[float, ...]:
        """Return the angle of each step at the moment of the mean's peak."""
        peak = self.peak
        if peak is None:
            return ()
        at = round(peak[1])
        values = (float(step.angle_deg[at]) for step in self.steps)
        return tuple(value for value in values if np.isfinite(value))

    def peak_times_pct(self) -> tuple[float, ...]:
        """Return the moment of the peak of each step, percent of stance."""
        return tuple(
            peak_of(step.angle_deg, step.stance.heel_off_pct)[1] for step in self.steps
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerWalkResult:
    """What the stickers of a walk gave.

    Attributes
    ----------
    feet : tuple of FootOfWalk
        Left, right.
    pelvis : tuple of StrideValue
        ``contralateral_pelvic_drop_peak`` of each stance.
    heading_deg, heading_sd_deg : float or None
        Direction of walking to the right of straight away from the camera.
    """

    feet: tuple[FootOfWalk, ...]
    pelvis: tuple[StrideValue, ...] = ()
    heading_deg: float | None = None
    heading_sd_deg: float | None = None


def analyse_sticker_walk(
    stickers: xr.Dataset,
    *,
    lens: Lens,
    directions: Mapping[Side, FootDirection] | None = None,
    shape: LegShape | None = None,
    settings: StickerWalkSettings | None = None,
) -> StickerWalkResult:
    """Analyse a walk away from the camera by the stickers on the legs.

    Parameters
    ----------
    stickers : xarray.Dataset
        Keypoints in pixels (``time, space, keypoint``): ``left_calf_upper``,
        ``left_calf_lower``, ``left_heel_upper``, ``left_heel_lower``, those of the
        right leg, ``left_psis`` and ``right_psis``; what is not there is not measured.
    lens : Lens
        The camera.
    directions : mapping of Side to FootDirection or None
        Toe-out where it was measured; else that of healthy adults, with its spread.
    shape : LegShape or None
        How stickers lie in depth; None: as usual.
    settings : StickerWalkSettings or None
        Limits; None: the defaults.

    Returns
    -------
    StickerWalkResult
        A foot without a curve says why.
    """
    chosen = settings or StickerWalkSettings()
    legs = {side: leg_stickers(stickers, side) for side in Side}
    known = {side: leg for side, leg in legs.items() if leg is not None}
    stances = {
        side: sticker_stances(leg, side, settings=chosen) for side, leg in known.items()
    }
    every = sorted((s for own in stances.values() for s in own), key=_start)
    heading = walking_heading_deg(known, every, lens)
    walked = shape or LegShape()
    if heading is not None:
        walked = replace(walked, heading_deg=heading[0], heading_sd_deg=heading[1])
    fitted = {
        side: fitted_depth(leg, stances[side], lens=lens, shape=walked)
        for side, leg in known.items()
    }
    shapes = dict.fromkeys(Side, walked) | alike(fitted, walked)
    feet = []
    for side in Side:
        own = _directed(shapes[side], (directions or {}).get(side))
        seen = _Seen(leg=legs[side], stances=stances.get(side, ()), lens=lens)
        feet.append(_foot(seen, side, own, chosen))
    return StickerWalkResult(
        feet=tuple(feet),
        pelvis=pelvic_drops(
            stickers,
            every,
            lens=lens,
            heading_deg=walked.heading_deg,
            settings=chosen,
        ),
        heading_deg=None if heading is None else heading[0],
        heading_sd_deg=None if heading is None else heading[1],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The stickers of a foot, its stances, and through which lens."""

    leg: LegStickers | None
    stances: tuple[StickerStance, ...]
    lens: Lens


def _start(stance: StickerStance) -> float:
    return stance.start_s


def _directed(shape: LegShape, measured: FootDirection | None) -> LegShape:
    if measured is None:
        return shape
    return replace(
        shape, toe_out_deg=measured.toe_out_deg, toe_out_sd_deg=measured.sd_deg
    )


def _foot(
    seen: _Seen, side: Side, shape: LegShape, settings: StickerWalkSettings
) -> FootOfWalk:
    if seen.leg is None:
        return FootOfWalk(side=side, why_missing=reason("stickers_of_leg"))
    if not seen.stances:
        return FootOfWalk(side=side, why_missing=reason("stickers_no_stance"))
    steps = step_curves(
        seen.leg, seen.stances, lens=seen.lens, shape=shape, settings=settings
    )
    in_line = tuple(s for s in steps if abs(s.turned_deg) <= settings.most_turned_deg)
    curve = _mean_curve(in_line, side) if in_line else None
    why = None
    if curve is None and steps and not in_line:
        turned = min(abs(step.turned_deg) for step in steps)
        why = reason(
            "stickers_foot_turned",
            turned=round(turned),
            limit=round(settings.most_turned_deg),
        )
    elif curve is None:
        why = reason("stickers_too_small")
    return FootOfWalk(
        side=side, stances=seen.stances, steps=in_line, curve=curve, why_missing=why
    )


def _mean_curve(steps: tuple[StepCurve, ...], side: Side) -> RearfootCurve | None:
    """Return the mean over steps; a step counts with the square of its size."""
    angles = np.stack([step.angle_deg for step in steps])
    weight = np.array([step.heel_px for step in steps]) ** 2
    known = np.isfinite(angles)
    total = known.T @ weight
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nan_to_num(angles).T @ weight / total
        squares = (np.nan_to_num(angles - mean) ** 2).sum(axis=0)
        spread = np.sqrt(squares / (known.sum(axis=0) - 1))
    valid_to = float(np.median([step.stance.heel_off_pct for step in steps]))
    enough = known.mean(axis=0) >= LEAST_SHARE
    mean = np.where(enough & (valid_to >= PERCENT), mean, np.nan)
    spread = np.where(np.isfinite(mean) & (known.sum(axis=0) > 1), spread, np.nan)
    if not np.isfinite(mean[sought(valid_to)]).any():
        return None
    return RearfootCurve(
        side=side,
        percent=tuple(float(x) for x in PERCENT),
        mean_deg=tuple(float(x) for x in mean),
        spread_deg=tuple(float(x) for x in spread),
        sd_deg=float(np.average([step.sd_deg for step in steps], weights=weight)),
        n=len(steps),
        valid_to_pct=valid_to,
    )
