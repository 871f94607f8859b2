"""Rearfoot angle over stance from stickers on a walk seen from behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.paths import Array, smooth
from gaitkit.gait.stickers.shape import LegShape, pitch_deg, shank_lean_deg
from gaitkit.gait.stickers.sight import Lens, direction, lean_to_left, rays, segment
from gaitkit.gait.stickers.stance import StickerStance
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.stickers.paths import LegStickers
    from gaitkit.gait.stickers.settings import StickerWalkSettings

OverStance = Callable[[Lens, LegShape], Array]

PERCENT = np.linspace(0.0, 100.0, 101)
"""Percent of stance at which curves are given."""

CALF_AXIS_SHARE = 0.5
"""Share of the toe-out by which the shank's own sagittal plane is turned out; the rest
is torsion of the lower leg. A choice between its limits 0 and 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCurve:
    """Rearfoot angle of one step.

    Attributes
    ----------
    stance : StickerStance
        The step.
    angle_deg : array (101,)
        Over 0 to 100 % of stance, eversion positive; NaN after heel off.
    picture_deg : array (101,)
        The same as it stands in the picture, nothing corrected.
    sd_deg : float
        Error that the assumptions about camera, direction and depth leave.
    heel_px : float
        Distance of the heel stickers: what the step counts.
    turned_deg : float
        Foot against the line of sight, to the right positive.
    """

    stance: StickerStance
    angle_deg: Array
    picture_deg: Array
    sd_deg: float
    heel_px: float
    turned_deg: float


def step_curves(
    leg: LegStickers,
    stances: Sequence[StickerStance],
    *,
    lens: Lens,
    shape: LegShape,
    settings: StickerWalkSettings,
) -> tuple[StepCurve, ...]:
    """Return the rearfoot angle of each step of one foot.

    Parameters
    ----------
    leg : LegStickers
        Its stickers, pixels.
    stances : sequence of StickerStance
        Its stances.
    lens : Lens
        The camera.
    shape : LegShape
        How the stickers lie in depth, where the foot points, and how sure that is.
    settings : StickerWalkSettings
        Limits.

    Returns
    -------
    tuple of StepCurve
        Without steps whose stickers are too small or out of sight.
    """
    curves = (_step(leg, each, lens, shape, settings) for each in stances)
    return tuple(each for each in curves if each is not None)


def rearfoot_deg(
    corners: dict[str, Array],
    percent: Array,
    *,
    side: Side,
    lens: Lens,
    shape: LegShape,
) -> Array:
    """Return the rearfoot angle (n,) in the frontal plane of the foot, degrees.

    Parameters
    ----------
    corners : dict of role to array (n, 2)
        Pixels of the four stickers.
    percent : array (n,)
        Percent of stance of each frame.
    side : Side
        Which foot.
    lens, shape
        Camera, depths and directions.

    Notes
    -----
    See `gaitkit.gait.stickers.sight`. Eversion positive: the heel's lower end lies
    outside the line of the lower leg. Wrong after heel off.
    """
    out = -1.0 if side is Side.LEFT else 1.0
    walked = np.radians(shape.heading_deg)
    foot = direction(walked + out * np.radians(shape.toe_out_deg))
    shank = direction(walked + CALF_AXIS_SHARE * out * np.radians(shape.toe_out_deg))
    ray = {role: rays(points, lens) for role, points in corners.items()}
    leaning = shape.shank_gain * shank_lean_deg(percent)
    calf_lean = np.radians(leaning - shape.calf_back_deg)
    heel_lean = np.radians(shape.heel_forward_deg - pitch_deg(percent))
    calf = segment(ray["calf_lower"], ray["calf_upper"], leans_to=shank, lean=calf_lean)
    heel = segment(ray["heel_lower"], ray["heel_upper"], leans_to=foot, lean=heel_lean)
    bend = lean_to_left(calf, foot=foot) - lean_to_left(heel, foot=foot)
    return np.asarray(-out * np.degrees(bend))


def _step(
    leg: LegStickers,
    stance: StickerStance,
    lens: Lens,
    shape: LegShape,
    settings: StickerWalkSettings,
) -> StepCurve | None:
    inside = (leg.time_s >= stance.start_s) & (leg.time_s <= stance.heel_off_s)
    heel_px = float(np.nanmedian(leg.heel_px[inside])) if inside.any() else 0.0
    if inside.sum() < MIN_SAMPLES or heel_px < settings.least_heel_px:
        return None
    corners = {
        "calf_upper": leg.calf_upper,
        "calf_lower": leg.calf_lower,
        "heel_upper": leg.heel_upper,
        "heel_lower": leg.heel_lower,
    }
    percent = stance.percent(leg.time_s)
    window = round(settings.angle_smooth_s / float(np.median(np.diff(leg.time_s))))

    def over_stance(lens: Lens, shape: LegShape) -> Array:
        angle = rearfoot_deg(
            corners, np.clip(percent, 0, 100), side=stance.side, lens=lens, shape=shape
        )
        even = smooth(angle[:, None], window=window, order=2)[:, 0]
        return _at_percent(percent, even, until=stance.heel_off_pct)

    angle = over_stance(lens, shape)
    if not np.isfinite(angle).any():
        return None
    picture = replace(
        shape, calf_back_deg=0.0, heel_forward_deg=0.0, toe_out_deg=0.0, heading_deg=0.0
    )
    ray = rays(leg.heel_lower[inside], lens)
    out = -1.0 if stance.side is Side.LEFT else 1.0
    seen_deg = float(np.degrees(np.arctan(np.nanmedian(ray[:, 0]))))
    return StepCurve(
        stance=stance,
        angle_deg=angle,
        picture_deg=over_stance(lens, picture),
        sd_deg=_error(angle, over_stance, lens, shape),
        heel_px=heel_px,
        turned_deg=shape.heading_deg + out * shape.toe_out_deg - seen_deg,
    )


MIN_SAMPLES = 5
"""Frames of a stance with all four stickers that a curve needs."""


def _at_percent(percent: Array, angle: Array, *, until: float) -> Array:
    """Return an angle at whole percents of stance; NaN outside and after ``until``."""
    known = np.isfinite(angle) & (percent >= 0) & (percent <= until)
    if known.sum() < MIN_SAMPLES:
        return np.full(PERCENT.size, np.nan)
    at = np.interp(PERCENT, percent[known], angle[known])
    step = float(np.median(np.diff(percent)))
    low, high = percent[known][0] - step, percent[known][-1] + step
    return np.where((low <= PERCENT) & (high >= PERCENT), at, np.nan)


def _error(angle: Array, over_stance: OverStance, lens: Lens, shape: LegShape) -> float:
    """Return what wrong assumptions may do to the angle, where it is largest, degrees.

    Each assumption is put off by its own standard error in turn.
    """
    peak = int(np.nanargmax(angle))
    far = replace(lens, focal_px=lens.focal_px * (1 + lens.focal_relative_sd))
    others = [(lens, varied) for varied in shape.varied()]
    others.append((far, shape))
    moved = [over_stance(*each)[peak] - angle[peak] for each in others]
    return float(np.sqrt(np.nansum(np.square(moved))))
