"""Timing and lengths of strides and steps.

Conventions: a left step runs from the right initial contact to the next left one;
its length is the distance along the way from the right foot to the left foot as both
stand. Stance, swing and support are in percent of the stride of that side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.placements import Placement, find_placements
from gaitkit.model.side import Side
from gaitkit.model.stride_value import StrideValue
from gaitkit.signal.upright import mean_known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from gaitkit.model.events import Event
    from gaitkit.model.strides import Stride

SECONDS_PER_MINUTE = 60.0
OF_BOTH = ("cadence", "double_support")
"""Measures of both feet together."""

SAME_S = 1e-6
"""Times nearer than this are the same event."""


def timing_values(
    strides: Sequence[Stride], events: Sequence[Event] = ()
) -> tuple[StrideValue, ...]:
    """Return the measures that need time alone, stride by stride.

    Parameters
    ----------
    strides : sequence of Stride
        Rejected strides are passed over.
    events : sequence of Event
        The events of the strides; their errors give that of each value.

    Returns
    -------
    tuple of StrideValue
        ``cadence`` (/min) and ``double_support`` (%) without side, ``stride_time`` and
        ``step_time`` (s), ``stance``, ``swing`` and ``single_support`` (%).

    Notes
    -----
    In a stride of the left foot: stance = foot off - start; single support = right
    initial contact - right foot off (the swing of the right foot); double support =
    stance - single support. The step inside the stride is that of the left foot: from
    the right initial contact to the end.
    """
    sd_s = {event.time_s: event.sd_s for event in events}
    return tuple(
        value
        for stride in strides
        if stride.rejected is None
        for value in _timing(stride, sd_s)
    )


def _timing(stride: Stride, sd_s: Mapping[float, float]) -> list[StrideValue]:
    off, contact = stride.foot_off_s, stride.opposite_initial_contact_s
    opposite_off = stride.opposite_foot_off_s
    if off is None or contact is None or opposite_off is None:
        return []
    start, end, duration = stride.start_s, stride.end_s, stride.duration_s
    stance = 100.0 * (off - start) / duration
    single = 100.0 * (contact - opposite_off) / duration

    def value(name: str, number: float, *times_s: float, scale: float) -> StrideValue:
        known = [sd_s[time] for time in times_s if time in sd_s]
        whole = len(known) == len(times_s)
        return StrideValue(
            name=name,
            value=number,
            start_s=start,
            side=None if name in OF_BOTH else stride.side,
            sd=scale * float(np.linalg.norm(known)) if whole else None,
        )

    percent = 100.0 / duration
    cadence = 2.0 * SECONDS_PER_MINUTE / duration
    return [
        value("cadence", cadence, start, end, scale=cadence / duration),
        value("stride_time", duration, start, end, scale=1.0),
        value("step_time", end - contact, contact, end, scale=1.0),
        value("stance", stance, start, off, scale=percent),
        value("swing", 100.0 - stance, start, off, scale=percent),
        value("single_support", single, opposite_off, contact, scale=percent),
        value(
            "double_support",
            stance - single,
            *(start, opposite_off, contact, off),
            scale=percent,
        ),
    ]


def length_values(
    walking: xr.Dataset, strides: Sequence[Stride], events: Sequence[Event]
) -> tuple[StrideValue, ...]:
    """Return the measures that need metres, stride by stride.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space in metres.
    strides : sequence of Stride
        Rejected strides are passed over.
    events : sequence of Event
        Of both feet.

    Returns
    -------
    tuple of StrideValue
        ``walking_speed`` (m/s, without side), ``stride_length``, ``step_length`` and,
        where the recording shows left and right, ``step_width`` (m) and
        ``foot_progression_angle`` (deg). Empty when ``walking`` is not in metres.

    Notes
    -----
    Speed is the way of the middle of the hips over the stride divided by its time.
    A stride takes the step that ends it: from the contact of the other foot inside
    the stride to its end.
    """
    if walking.attrs["space_unit"] != "m":
        return ()
    placements = find_placements(walking, events)
    values: list[StrideValue] = []
    for stride in strides:
        if stride.rejected is None:
            values += _speed(walking, stride)
            values += _lengths(stride, placements)
    return tuple(values)


def _speed(walking: xr.Dataset, stride: Stride) -> list[StrideValue]:
    part = walking["position"].sel(
        time=slice(stride.start_s, stride.end_s),
        space="forward",
        keypoint=["left_hip", "right_hip"],
    )
    way = mean_known(part.to_numpy(), axis=1)
    known = np.isfinite(way)
    if known.sum() < 2:  # noqa: PLR2004 - a speed needs two points
        return []
    time_s = part["time"].to_numpy()[known]
    elapsed = float(time_s[-1] - time_s[0])
    speed = float(way[known][-1] - way[known][0]) / elapsed
    return [StrideValue(name="walking_speed", value=speed, start_s=stride.start_s)]


def _lengths(stride: Stride, placements: Sequence[Placement]) -> list[StrideValue]:
    first = _placed(placements, stride.side, stride.start_s)
    other = _placed(placements, stride.side.other, stride.opposite_initial_contact_s)
    last = _placed(placements, stride.side, stride.end_s)
    values: list[tuple[str, float, float | None]] = []
    if first is not None and last is not None:
        way = last.place[0] - first.place[0]
        values.append(("stride_length", way, float(np.hypot(first.sd, last.sd))))
        if first.heel:
            values.append(("foot_progression_angle", _toe_out_deg(first, last), None))
    if other is not None and last is not None:
        way = last.place[0] - other.place[0]
        values.append(("step_length", way, float(np.hypot(other.sd, last.sd))))
    if first is not None and other is not None and last is not None and first.heel:
        values.append(("step_width", _step_width(first, other, last), None))
    return [
        StrideValue(
            name=name, value=value, start_s=stride.start_s, side=stride.side, sd=sd
        )
        for name, value, sd in values
    ]


def _outward(side: Side) -> float:
    """Return +1 where left is outward, -1 where right is."""
    return 1.0 if side is Side.LEFT else -1.0


def _way(first: Placement, last: Placement) -> NDArray[np.float64]:
    """Return the unit vector (forward, left) of the stride, heel to heel."""
    way = np.subtract(last.heel, first.heel)
    return np.asarray(way / np.linalg.norm(way), dtype=float)


def _step_width(first: Placement, other: Placement, last: Placement) -> float:
    """Return how far the heel stands outside the other heel, across the stride."""
    way = _way(first, last)
    gap = np.subtract(last.heel, other.heel)
    return _outward(first.side) * float(way[0] * gap[1] - way[1] * gap[0])


def _toe_out_deg(first: Placement, last: Placement) -> float:
    """Return the angle of heel to toe against the stride, toes out positive."""
    way, axis = _way(first, last), np.subtract(first.toe, first.heel)
    across = float(way[0] * axis[1] - way[1] * axis[0])
    along = float(way @ axis)
    return _outward(first.side) * float(np.rad2deg(np.arctan2(across, along)))


def _placed(
    placements: Sequence[Placement], side: Side, contact_s: float | None
) -> Placement | None:
    if contact_s is None:
        return None
    return next(
        (
            each
            for each in placements
            if each.side is side and abs(each.contact_s - contact_s) < SAME_S
        ),
        None,
    )
