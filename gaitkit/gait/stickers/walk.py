"""A walk seen from behind with stickers: stances, rearfoot curves, pelvis.

The largest rearfoot angle of a stance and its moment.

The largest of many noisy values is too large: noise always adds. A parabola through
the values around it averages the noise and keeps the peak, which is broad.

Where somebody walks who walks away from the camera, from where the feet stand.

The stickers of two legs of one person lie alike: each leg tells of the other.

Tilt of the pelvis over stance from the stickers on both PSIS (or ASIS).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.depth import fitted_depth
from gaitkit.gait.stickers.discs import FEET_ALIKE
from gaitkit.gait.stickers.paths import (
    Array,
    LegStickers,
    leg_stickers,
    path_of,
    smooth,
)
from gaitkit.gait.stickers.rearfoot import PERCENT, StepCurve, step_curves
from gaitkit.gait.stickers.settings import StickerWalkSettings
from gaitkit.gait.stickers.shape import (
    FOOT_FLAT_PCT,
    STANCE_SHARE,
    DepthAxis,
    LegShape,
    error_axes,
)
from gaitkit.gait.stickers.sight import Lens, rays
from gaitkit.gait.stickers.stance import StickerStance, sticker_stances
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import RearfootCurve
from gaitkit.model.strides import StrideValue
from gaitkit.norms.curves import curve
from gaitkit.norms.discrete import discrete

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from gaitkit.gait.stickers.paths import Array


PELVIS_ROLES = ("psis", "asis")

LEAST_SEEN = 0.8
"""Share of a stance in which both stickers must be seen."""

DROP = "contralateral_pelvic_drop_peak"


def pelvis_tilt_deg(stickers: xr.Dataset, lens: Lens) -> Array | None:
    """Return how far the left side of the pelvis is up (time,), degrees, or None.

    Parameters
    ----------
    stickers : xarray.Dataset
        Keypoints in pixels; ``left_psis`` and ``right_psis``, or those of the ASIS.
    lens : Lens
        Its roll is taken out.

    Notes
    -----
    The slope of the line in the picture; `lost_to_rotation_deg` says what it lacks.
    """
    ends = _ends(stickers, lens)
    if ends is None:
        return None
    left, right = ends
    apart = np.abs(left[:, 0] - right[:, 0])
    return np.asarray(np.degrees(np.arctan2(left[:, 1] - right[:, 1], apart)))


def lost_to_rotation_deg(percent: Array, *, elevation: Array, turned: float) -> Array:
    """Return by how much the forward side of a turned pelvis is seen too low.

    Parameters
    ----------
    percent : array (n,)
        Percent of stance of the side in question.
    elevation : array (n,)
        Angle at which the camera looks up at the pelvis, radians.
    turned : float
        Direction of walking against that of the camera, this side forward positive,
        radians.

    Notes
    -----
    The forward side is farther away, so it is seen nearer to the height of the camera:
    the line tilts by ``tan(elevation) tan(rotation)``. And a pelvis that is tilted
    forward holds its forward side lower by ``tan(tilt) tan(rotation)`` at the same
    obliquity, which is defined after the tilt (Plug-in Gait, as in the norm). Rotation
    and tilt are the usual ones of healthy adults at that moment, so the correction is
    wrong for a stiff pelvis; leaving it out is wrong by about 1 deg for everybody.
    """
    reference = curve("pelvic_rotation")
    tilt = discrete("pelvic_tilt_mean")
    if reference is None or tilt is None:
        return np.zeros_like(percent)
    of_stride = np.arange(len(reference.mean)) / STANCE_SHARE
    rotation = np.radians(np.interp(percent, of_stride, reference.mean))
    lost = np.tan(elevation) * np.tan(rotation + turned)
    return np.asarray(
        np.degrees(lost + np.tan(np.radians(tilt.mean)) * np.tan(rotation))
    )


def _ends(stickers: xr.Dataset, lens: Lens) -> tuple[Array, Array] | None:
    """Return the rays (time, 3) of left and right sticker, or None."""
    for role in PELVIS_ROLES:
        left = path_of(stickers, f"left_{role}")
        right = path_of(stickers, f"right_{role}")
        if left is not None and right is not None:
            return rays(left, lens), rays(right, lens)
    return None


def pelvic_drops(
    stickers: xr.Dataset,
    stances: Sequence[StickerStance],
    *,
    lens: Lens,
    heading_deg: float,
    settings: StickerWalkSettings,
) -> tuple[StrideValue, ...]:
    """Return how far the other side of the pelvis drops in each stance.

    Parameters
    ----------
    stickers : xarray.Dataset
        Keypoints in pixels.
    stances : sequence of StickerStance
        Stances of both feet.
    lens : Lens
        The camera.
    heading_deg : float
        Direction of walking to the right of straight away from the camera.
    settings : StickerWalkSettings
        Smoothing.

    Returns
    -------
    tuple of StrideValue
        ``contralateral_pelvic_drop_peak`` in degrees; none without stickers.
    """
    tilt, ends = pelvis_tilt_deg(stickers, lens), _ends(stickers, lens)
    if tilt is None or ends is None:
        return ()
    middle = 0.5 * (ends[0] + ends[1])
    elevation = np.arctan(middle[:, 1])
    time_s = stickers.indexes["time"].to_numpy(dtype=float)
    window = round(settings.angle_smooth_s / float(np.median(np.diff(time_s))))
    even = smooth(tilt[:, None], window=window, order=2)[:, 0]
    values = []
    for stance in stances:
        inside = (time_s >= stance.start_s) & (time_s <= stance.end_s)
        seen = inside & np.isfinite(even)
        if not inside.any() or seen.sum() < LEAST_SEEN * inside.sum():
            continue
        sign = 1.0 if stance.side is Side.LEFT else -1.0
        lost = lost_to_rotation_deg(
            stance.percent(time_s[seen]),
            elevation=elevation[seen],
            turned=sign * float(np.radians(heading_deg)),
        )
        values.append(
            StrideValue(
                name=DROP,
                value=float((sign * even[seen] + lost).max()),
                start_s=stance.start_s,
                side=stance.side,
            )
        )
    return tuple(values)


LEAST_SHARE = 0.5
"""A mean curve is given where at least this share of the steps is known."""

AROUND_PCT = 16.0
"""Percent of stance to either side through which the parabola goes. On 118 feet of 60
virtual walkers kept for fitting (seed 500) the parabola of curves without noise was
within 0.01 deg of their maximum on average; of 22 % it was 0.06 deg too low."""

LEAST_POINTS = 5
"""Fewer values than this give no parabola."""

LEAST_SD_DEG = 1.0
"""Error of the heading below which no fit of a few steps is believed."""


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


def sought(valid_to: float) -> Array:
    """Return where in stance (101,) a peak is looked for: foot flat to heel off."""
    return np.asarray((PERCENT >= FOOT_FLAT_PCT) & (valid_to >= PERCENT))


def peak_of(angle: Array, valid_to: float) -> tuple[float, float]:
    """Return the largest angle of a stance and its percent of stance.

    Parameters
    ----------
    angle : array (101,)
        Degrees over 0 to 100 % of stance, at least one of them finite.
    valid_to : float
        Heel off in percent of stance: the angle means nothing after it.

    Notes
    -----
    Least-squares parabola over `AROUND_PCT` to either side of the largest value
    between foot flat and heel off; its greatest value there. Size and place of a
    maximum by local smoothing: Müller 1985, Scand J Stat 12:221. Wrong for a peak
    narrower than that, as the shock of a heel that strikes.
    """
    inside = np.where(sought(valid_to), angle, np.nan)
    if not np.isfinite(inside).any():
        inside = angle
    at = int(np.nanargmax(inside))
    near = np.isfinite(inside) & (np.abs(PERCENT - PERCENT[at]) <= AROUND_PCT)
    if near.sum() < LEAST_POINTS:
        return float(inside[at]), float(PERCENT[at])
    away = PERCENT[near] - PERCENT[at]
    even = np.polyval(np.polyfit(away, inside[near], 2), away)
    best = int(np.argmax(even))
    return float(even[best]), float(PERCENT[near][best])


def walking_heading_deg(
    legs: dict[Side, LegStickers], stances: Sequence[StickerStance], lens: Lens
) -> tuple[float, float] | None:
    """Return the direction of walking and its standard error, or None when unseen.

    Parameters
    ----------
    legs : dict of Side to LegStickers
        The stickers.
    stances : sequence of StickerStance
        Where the feet stood.
    lens : Lens
        The camera.

    Returns
    -------
    tuple of float or None
        Degrees to the right of straight away from the camera; None with fewer than
        two stances of a foot.

    Notes
    -----
    The heel of a standing foot lies on its ray at a depth that goes with one over the
    size of the lower leg; straight lines with one slope through the places of both
    feet give the heading. It is wrong when the person turns on the way.
    """
    sides, places = [], []
    for stance in stances:
        leg = legs[stance.side]
        stands = (leg.time_s >= stance.start_s) & (leg.time_s <= stance.heel_off_s)
        heel = np.nanmedian(leg.heel_lower[stands], axis=0)
        depth = lens.focal_px / stance.leg_px
        sides.append(stance.side)
        places.append(depth * rays(heel[None], lens)[0])
    own = [
        np.array([p for p, s in zip(places, sides, strict=True) if s is side])
        for side in legs
    ]
    apart = [each - each.mean(axis=0) for each in own if len(each) > 1]
    if not apart:
        return None
    moved = np.concatenate(apart)
    along, aside = moved[:, 2], moved[:, 0]
    reach = float((along**2).sum())
    slope = float((along * aside).sum()) / reach
    left_over = aside - slope * along
    free = max(len(moved) - len(apart) - 1, 1)
    sd = np.degrees(np.sqrt((left_over**2).sum() / free / reach))
    return float(np.degrees(np.arctan(slope))), max(float(sd), LEAST_SD_DEG)


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
