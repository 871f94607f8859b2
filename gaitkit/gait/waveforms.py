"""Angles over the gait cycle: curves of 0-100 %, and the peaks of each stride."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS, Stride, StrideValue, Waveform

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr


WAVEFORM_ANGLES = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "trunk_flexion")

LOADING_END_PCT = 30
"""The loading peak of the knee lies in the first half of stance: before this part of
the stride."""

PUSH_OFF_BEFORE_PCT, PUSH_OFF_AFTER_PCT = 12, 15
"""The push-off peak of the ankle lies so near to foot off, in % of the stride."""

MAX_MISSING = 0.15
"""Largest share of a cycle that may be missing; it is bridged by a straight line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One angle over one stride.

    Attributes
    ----------
    stride : Stride
        The stride.
    values : array (101,)
        Degrees at 0, 1 ... 100 %.
    foot_off_pct : float
        Foot off in % of the stride.
    """

    stride: Stride
    values: NDArray[np.float64]
    foot_off_pct: float


def cycles(
    angles: xr.Dataset, strides: Sequence[Stride], *, name: str, side: Side
) -> tuple[Cycle, ...]:
    """Cut an angle into strides and stretch each to 0-100 %.

    Parameters
    ----------
    angles : xarray.Dataset
        Angles over time; dims ``time, side``.
    strides : sequence of Stride
        Rejected strides and those of the other side are passed over.
    name : str
        Angle.
    side : Side
        Side whose strides and whose angle are taken.

    Returns
    -------
    tuple of Cycle
        Linear interpolation in time; a stride of which more than 15 % is missing, or
        whose ends are, gives none.
    """
    column = angles.indexes["side"].get_loc(str(side))
    path = angles.variables[name].values[:, column]
    time_s = angles.indexes["time"].to_numpy()
    found = []
    for stride in strides:
        if stride.side is not side or stride.rejected is not None:
            continue
        values = _stretched(path, time_s, stride)
        if values is not None and stride.foot_off_s is not None:
            share = (stride.foot_off_s - stride.start_s) / stride.duration_s
            found.append(Cycle(stride=stride, values=values, foot_off_pct=100 * share))
    return tuple(found)


def _stretched(
    path: NDArray[np.float64], time_s: NDArray[np.float64], stride: Stride
) -> NDArray[np.float64] | None:
    step_s = float(time_s[1] - time_s[0])
    inside = (time_s >= stride.start_s - step_s) & (time_s <= stride.end_s + step_s)
    known = inside & np.isfinite(path)
    if not known.any() or 1 - known.sum() / inside.sum() > MAX_MISSING:
        return None
    at = time_s[known]
    if at[0] > stride.start_s + step_s or at[-1] < stride.end_s - step_s:
        return None
    grid = np.linspace(stride.start_s, stride.end_s, CYCLE_POINTS)
    return np.interp(grid, at, path[known])


def waveforms(
    angles: xr.Dataset,
    strides: Sequence[Stride],
    *,
    recording: str,
    names: Sequence[str] = WAVEFORM_ANGLES,
) -> tuple[Waveform, ...]:
    """Return mean and spread over strides of each angle and side.

    Parameters
    ----------
    angles : xarray.Dataset
        Angles over time.
    strides : sequence of Stride
        Accepted strides are averaged.
    recording : str
        Id that the curves carry.
    names : sequence of str
        Angles of which curves are wanted.

    Returns
    -------
    tuple of Waveform
        Only for sides with at least one whole cycle.
    """
    curves = []
    for name in names:
        for side in Side:
            found = cycles(angles, strides, name=name, side=side)
            if found:
                curves.append(_waveform(name, side, recording, found))
    return tuple(curves)


def _waveform(
    name: str, side: Side, recording: str, found: Sequence[Cycle]
) -> Waveform:
    stack = np.stack([each.values for each in found])
    several = len(found) > 1
    spread = stack.std(axis=0, ddof=1) if several else np.zeros(CYCLE_POINTS)
    return Waveform(
        name=name,
        side=side,
        recording=recording,
        mean=tuple(float(x) for x in stack.mean(axis=0)),
        spread=tuple(float(x) for x in spread),
        n=len(found),
        foot_off_pct=float(np.mean([each.foot_off_pct for each in found])),
    )


def peak_values(
    angles: xr.Dataset, strides: Sequence[Stride]
) -> tuple[StrideValue, ...]:
    """Return the peaks of hip, knee and ankle of each accepted stride.

    Parameters
    ----------
    angles : xarray.Dataset
        Angles over time.
    strides : sequence of Stride
        Strides.

    Returns
    -------
    tuple of StrideValue
        The sagittal kinematic measures of the catalogue, degrees. Flexion is
        positive, so peak hip extension and peak plantarflexion are the smallest
        values of their angle and negative past neutral. Angles that the recording does
        not show are passed over.
    """
    return tuple(
        StrideValue(
            name=measure,
            value=float(rule(cycle)),
            start_s=cycle.stride.start_s,
            side=side,
        )
        for side in Side
        for measure, (angle, rule) in PEAKS.items()
        if angle in angles
        for cycle in cycles(angles, strides, name=angle, side=side)
    )


def _stance(cycle: Cycle) -> NDArray[np.float64]:
    return cycle.values[: round(cycle.foot_off_pct) + 1]


def _swing(cycle: Cycle) -> NDArray[np.float64]:
    return cycle.values[round(cycle.foot_off_pct) :]


def _loading_peak_at(cycle: Cycle) -> int:
    half = min(LOADING_END_PCT, round(cycle.foot_off_pct / 2))
    return int(np.argmax(cycle.values[: half + 1]))


def _stance_min(cycle: Cycle) -> float:
    """Return the smallest value between the loading peak and foot off."""
    return float(_stance(cycle)[_loading_peak_at(cycle) :].min())


def _push_off(cycle: Cycle) -> float:
    """Return the smallest value around foot off."""
    off = round(cycle.foot_off_pct)
    window = slice(max(0, off - PUSH_OFF_BEFORE_PCT), off + PUSH_OFF_AFTER_PCT + 1)
    return float(cycle.values[window].min())


PEAKS: dict[str, tuple[str, Callable[[Cycle], float]]] = {
    "hip_flexion_peak": ("hip_flexion", lambda c: float(c.values.max())),
    "hip_extension_peak": ("hip_flexion", lambda c: float(c.values.min())),
    "knee_flexion_initial_contact": ("knee_flexion", lambda c: float(c.values[0])),
    "knee_flexion_loading_peak": (
        "knee_flexion",
        lambda c: float(c.values[_loading_peak_at(c)]),
    ),
    "knee_flexion_stance_min": ("knee_flexion", _stance_min),
    "knee_flexion_swing_peak": ("knee_flexion", lambda c: float(_swing(c).max())),
    "knee_flexion_range": ("knee_flexion", lambda c: float(np.ptp(c.values))),
    "ankle_dorsiflexion_stance_peak": (
        "ankle_dorsiflexion",
        lambda c: float(_stance(c).max()),
    ),
    "ankle_plantarflexion_push_off_peak": ("ankle_dorsiflexion", _push_off),
}
"""Measure: the angle it is taken from and how."""
