"""Timing and lengths of strides and steps.

Conventions: a left step runs from the right initial contact to the next left one;
its length is the distance along the way from the right foot to the left foot as both
stand. Stance, swing and support are in percent of the stride of that side.

Foot placements: where each foot stood, step by step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import path_of
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue
from gaitkit.signal.upright import mean_known, median_known

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

FLAT_START_S, FLAT_END_S = 0.10, 0.30
"""After initial contact the foot lies flat and still in this window, seconds: the
forefoot is down after about 0.1 s and the heel rises after about 0.35 s (Perry &
Burnfield 2010: 12 and 31 % of a stride of 1.1 s)."""

PARTS = ("heel", "ankle")
"""Their mean is the place of a foot: steadier than the heel alone; the tip of the foot
is worse seen (on the demonstration film it moves steps by 3 cm)."""

HIPS = ("left_hip", "right_hip")
MIN_SAMPLES = 2
"""Samples of a flat foot that give a place."""

MAX_SLIDE = 0.4
"""A foot that moves more than this share of the way of the pelvis does not stand; flat
feet of real and virtual films move 0.02 to 0.2 of it."""

MIN_PLACEMENTS = 3
"""Places of one foot in one pass from which its way can be compared with the body."""

MAX_DEPTH_EFFECT = 0.04
"""A larger difference between the way of foot and pelvis is no depth but an error:
0.1 m from the middle of the body at 2.5 m from the camera."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One foot on the floor.

    Attributes
    ----------
    side : Side
        The foot.
    contact_s : float
        Its initial contact.
    place : tuple of float
        Forward and, where seen, left position of the foot.
    sd : float
        Standard deviation of the forward position while the foot stands.
    pelvis : float
        Forward position of the middle of the hips at the same time.
    square_at : float
        Forward position at which the camera looks square at the path; NaN unknown.
    walk_pass : int
        Number of the pass.
    heel, toe : tuple of float
        Forward and left position of heel and toe; empty in a side view.
    """

    side: Side
    contact_s: float
    place: tuple[float, ...]
    sd: float
    pelvis: float
    square_at: float
    walk_pass: int
    heel: tuple[float, ...] = ()
    toe: tuple[float, ...] = ()


def find_placements(
    walking: xr.Dataset, events: Sequence[Event]
) -> tuple[Placement, ...]:
    """Return where each foot stood after each initial contact.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space.
    events : sequence of Event
        Initial contacts are used.

    Returns
    -------
    tuple of Placement
        In the order of time. A contact after which the foot is not seen standing has
        none.

    Notes
    -----
    The place is the median, over the window in which the foot lies flat, of the mean
    of heel and ankle.

    In a side view the near foot is seen larger than the body and the far foot smaller,
    so that its way seems longer or shorter by about 1 % and steps of the two feet seem
    to differ. Both feet go as far as the pelvis does; the places of each foot are
    scaled until they do, about the point where the camera looks square at the path
    (the middle of the pass where that is unknown). True differences between steps
    remain, for they do not change how far a foot goes in whole strides.
    """
    found = []
    for event in events:
        if event.kind != "initial_contact":
            continue
        placement = _placement(walking, event)
        if placement is not None:
            found.append(placement)
    planar = "left" not in walking["space"]
    feet = [
        [each for each in found if each.side is side and each.walk_pass == number]
        for number in sorted({each.walk_pass for each in found})
        for side in Side
    ]
    if planar:
        feet = [_as_far_as_the_body(each) for each in feet]
    return tuple(sorted(chain.from_iterable(feet), key=lambda each: each.contact_s))


def _as_far_as_the_body(placements: list[Placement]) -> list[Placement]:
    """Scale the places of one foot in one pass to the way of the pelvis."""
    ratio = _way_ratio(placements)
    if ratio is None:
        return placements
    centre = placements[0].square_at
    if not np.isfinite(centre):
        centre = (placements[0].pelvis + placements[-1].pelvis) / 2
    return [
        replace(each, place=(centre + (each.place[0] - centre) * ratio,))
        for each in placements
    ]


def _way_ratio(placements: list[Placement]) -> float | None:
    """Return way of the pelvis over way of the foot; None unless it can be depth."""
    if len(placements) < MIN_PLACEMENTS:
        return None
    ratios = [
        (last.pelvis - first.pelvis) / (last.place[0] - first.place[0])
        for first, last in combinations(placements, 2)
        if last.place[0] > first.place[0]
    ]
    ratio = median_known(np.asarray(ratios, dtype=float))
    return ratio if abs(ratio - 1) <= MAX_DEPTH_EFFECT else None


def _placement(walking: xr.Dataset, event: Event) -> Placement | None:
    time_s = walking.indexes["time"].to_numpy()
    since_s = time_s - event.time_s
    window = (since_s >= FLAT_START_S) & (since_s <= FLAT_END_S)
    axes = [axis for axis in ("forward", "left") if axis in walking.indexes["space"]]
    part = np.stack(
        [
            [path_of(walking, f"{event.side}_{name}", axis)[window] for name in PARTS]
            for axis in axes
        ]
    ).transpose(2, 0, 1)
    whole = np.isfinite(part).all(axis=(1, 2))
    if whole.sum() < MIN_SAMPLES:
        return None
    path = mean_known(part[whole], axis=2)
    hips = np.stack([path_of(walking, name, "forward")[window] for name in HIPS])
    pelvis = mean_known(hips[:, whole], axis=0)
    if not np.ptp(path[:, 0]) < MAX_SLIDE * np.ptp(pelvis):
        return None
    place = np.median(path, axis=0)
    nearest = int(np.argmin(np.abs(since_s)))
    square_at = walking.coords.get("square_at")
    return Placement(
        side=event.side,
        contact_s=event.time_s,
        place=tuple(float(x) for x in place),
        sd=float(np.std(path[:, 0])),
        pelvis=median_known(pelvis),
        square_at=np.nan if square_at is None else float(square_at[nearest]),
        walk_pass=int(walking.coords["walk_pass"][nearest]),
        heel=_point(walking, f"{event.side}_heel", window),
        toe=_point(walking, f"{event.side}_foot_index", window),
    )


def _point(
    walking: xr.Dataset, name: str, window: NDArray[np.bool_]
) -> tuple[float, ...]:
    """Return forward and left of a keypoint in the window; empty in a side view."""
    if "left" not in walking.indexes["space"]:
        return ()
    return tuple(
        median_known(path_of(walking, name, axis)[window])
        for axis in ("forward", "left")
    )
