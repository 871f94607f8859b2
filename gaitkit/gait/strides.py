"""Strides from events, each complete or rejected with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.strides import Stride
from gaitkit.signal.upright import mean_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.model.events import Event, EventKind
    from gaitkit.signal.passes import WalkPass

UNSTEADY = "stride_first_or_last"
"""Why a first or last stride takes no part: a key of ``reasons.toml``."""

STEADY_SHARE = 0.9
"""A first or last stride is as steady as the others when each half of it covers at
least this share of what the fastest stride of that foot or the whole pass does. Speed
varies by 3 to 5 % from stride to stride in steady walking."""

FEWEST_SAMPLES = 4
"""A stride with fewer samples of the body shows no speed."""

SHARED_SHARE = 0.12
"""A stride that shares a contact with a wrong one is kept when its own time is within
this share of the median: three times the usual spread of stride time."""

WRONG_TIMES = frozenset(
    {"stride_outlier", "stride_out_of_order", "stride_too_long", "stride_too_short"}
)
"""Reasons that say that an event of the stride is wrong."""

FOOT = ("hip", "knee", "ankle", "heel", "foot_index")
"""Keypoints of a side that must be seen through a stride."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrideSettings:
    """Which strides take part in the averages.

    Attributes
    ----------
    min_stride_s, max_stride_s : float
        Shortest and longest stride, seconds. Real time is 0.6 to 2.0 s; the upper
        limit leaves room for very slow gait.
    max_missing : float
        Largest share of a stride in which a keypoint of the leg may be missing.
    min_event_confidence : float
        A stride is rejected when one of its events is less certain.
    outlier_share : float
        A stride whose time differs from the median of its side by more than this
        share is an outlier.
    """

    min_stride_s: float = 0.5
    max_stride_s: float = 3.0
    max_missing: float = 0.15
    min_event_confidence: float = 0.2
    outlier_share: float = 0.3

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other.

        Raises
        ------
        ConfigError
            Naming the key.
        """
        if not 0 < self.min_stride_s < self.max_stride_s:
            msg = (
                "strides.min_stride_s must lie between 0 and strides.max_stride_s, got "
                f"{self.min_stride_s:g} and {self.max_stride_s:g} s"
            )
            raise ConfigError(msg)
        for key in ("max_missing", "min_event_confidence", "outlier_share"):
            value = getattr(self, key)
            if not 0 < value <= 1:
                msg = f"strides.{key} must lie between 0 and 1, got {value:g}"
                raise ConfigError(msg)


def find_strides(
    walking: xr.Dataset,
    events: Sequence[Event],
    *,
    passes: Sequence[WalkPass],
    recording: str,
    settings: StrideSettings,
) -> tuple[Stride, ...]:
    """Pair initial contacts of one foot into strides, within each pass.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space; tells where keypoints are missing.
    events : sequence of Event
        Of both feet.
    passes : sequence of WalkPass
        The straight passes.
    recording : str
        Id that the strides carry.
    settings : StrideSettings
        Limits.

    Returns
    -------
    tuple of Stride
        In the order of time. ``rejected`` says why a stride takes no part in the
        averages: an event is missing or uncertain, it is too short or too long,
        keypoints are missing, its time is far from the others or it shares an event
        with one that is wrong, or it is the first or last of a pass that starts or ends
        standing still or turning and slower than the pass. Where a foot has no steady
        stride (a short walkway) those of its unsteady ones that are whole are used and
        called `hurried`.
    """
    strides: list[Stride] = []
    for each in passes:
        inside = [event for event in events if each.holds(event.time_s)]
        for side in Side:
            own = _of(inside, side, "initial_contact")
            pairs = [
                _stride(start, end, inside, side, each.number, recording)
                for start, end in pairwise(own)
            ]
            strides += [
                _judged(stride, walking, inside, settings)
                for stride in _bordered(pairs, each, walking)
            ]
    ordered = sorted(strides, key=lambda stride: (stride.start_s, stride.side))
    used = _of_short_walkway(ordered, walking, events, settings)
    return _without_shared(_without_outliers(used, settings))


def _of(events: Sequence[Event], side: Side, kind: EventKind) -> list[float]:
    return sorted(e.time_s for e in events if e.side is side and e.kind == kind)


def _stride(
    start_s: float,
    end_s: float,
    events: Sequence[Event],
    side: Side,
    walk_pass: int,
    recording: str,
) -> Stride:
    def inside(foot: Side, kind: EventKind) -> float | None:
        times = [t for t in _of(events, foot, kind) if start_s < t < end_s]
        return times[0] if len(times) == 1 else None

    return Stride(
        recording=recording,
        side=side,
        start_s=start_s,
        end_s=end_s,
        foot_off_s=inside(side, "foot_off"),
        opposite_foot_off_s=inside(side.other, "foot_off"),
        opposite_initial_contact_s=inside(side.other, "initial_contact"),
        walk_pass=walk_pass,
    )


def _bordered(
    strides: list[Stride], walk_pass: WalkPass, walking: xr.Dataset
) -> list[Stride]:
    """Reject first and last strides in which the person speeds up or slows down."""
    marked = list(strides)
    if not marked:
        return marked
    pace = [_pace(each, walking) for each in marked]
    usual = max(*pace, walk_pass.speed)
    steady = [speed >= STEADY_SHARE * usual for speed in pace]
    if walk_pass.starts == "stop" and not steady[0]:
        marked[0] = replace(marked[0], rejected=reason(UNSTEADY))
    if walk_pass.ends == "stop" and not steady[-1]:
        marked[-1] = replace(marked[-1], rejected=reason(UNSTEADY))
    return marked


def _pace(stride: Stride, walking: xr.Dataset) -> float:
    """Return the speed of the body over a stride; 0 where it is not seen.

    Speeding up or slowing down within the stride counts as slower: the slower half is
    doubled.
    """
    hips = walking["position"].sel(
        time=slice(stride.start_s, stride.end_s),
        space="forward",
        keypoint=[f"{side}_hip" for side in Side],
    )
    way = mean_known(hips.to_numpy(), axis=1)
    time_s = hips["time"].to_numpy()
    known = np.isfinite(way)
    way, time_s = way[known], time_s[known]
    if way.size < FEWEST_SAMPLES:
        return 0.0
    half = np.interp(0.5 * (time_s[0] + time_s[-1]), time_s, way)
    slower = min(half - way[0], way[-1] - half)
    return max(0.0, float(2.0 * slower / (time_s[-1] - time_s[0])))


def _of_short_walkway(
    strides: Sequence[Stride],
    walking: xr.Dataset,
    events: Sequence[Event],
    settings: StrideSettings,
) -> list[Stride]:
    """Use unsteady strides of a foot that has no steady one."""
    has = {each.side for each in strides if each.rejected is None}
    used = []
    for each in strides:
        unsteady = each.rejected is not None and each.rejected.code == UNSTEADY
        if unsteady and each.side not in has:
            free = replace(each, rejected=None, hurried=True)
            why = _why_not(free, walking, events, settings)
            used.append(each if why is not None else free)
        else:
            used.append(each)
    return used


def _judged(
    stride: Stride,
    walking: xr.Dataset,
    events: Sequence[Event],
    settings: StrideSettings,
) -> Stride:
    if stride.rejected is not None:
        return stride
    return replace(stride, rejected=_why_not(stride, walking, events, settings))


def _why_not(
    stride: Stride,
    walking: xr.Dataset,
    events: Sequence[Event],
    settings: StrideSettings,
) -> Reason | None:
    duration = round(stride.duration_s, 2)
    if stride.duration_s < settings.min_stride_s:
        return reason("stride_too_short", duration=duration)
    if stride.duration_s > settings.max_stride_s:
        return reason("stride_too_long", duration=duration)
    if not stride.complete:
        return reason("stride_incomplete")
    if not _in_order(stride):
        return reason("stride_out_of_order")
    confidence = _confidence(stride, events)
    if confidence < settings.min_event_confidence:
        return reason("stride_uncertain", percent=round(100 * confidence))
    missing = _missing_share(walking, stride)
    if missing > settings.max_missing:
        return reason("stride_gap", percent=round(100 * missing))
    return None


def _in_order(stride: Stride) -> bool:
    """Return True for the order of walking: opposite off, opposite contact, off."""
    offs = (stride.opposite_foot_off_s, stride.foot_off_s)
    contact = stride.opposite_initial_contact_s
    if contact is None or offs[0] is None or offs[1] is None:
        return False
    return offs[0] < contact < offs[1]


def _confidence(stride: Stride, events: Sequence[Event]) -> float:
    """Return the lowest confidence among the events of the stride."""
    times = {
        stride.start_s,
        stride.end_s,
        stride.foot_off_s,
        stride.opposite_foot_off_s,
        stride.opposite_initial_contact_s,
    }
    return min(
        (event.confidence for event in events if event.time_s in times), default=0.0
    )


def _missing_share(walking: xr.Dataset, stride: Stride) -> float:
    """Return the worst share of missing samples among the keypoints of the leg."""
    names = [f"{stride.side}_{part}" for part in FOOT]
    part = walking["position"].sel(
        time=slice(stride.start_s, stride.end_s), keypoint=names
    )
    if not part.sizes["time"]:
        return 1.0
    missing = ~np.isfinite(part.to_numpy()).all(axis=1)
    return float(missing.mean(axis=0).max())


def _without_outliers(
    strides: Sequence[Stride], settings: StrideSettings
) -> tuple[Stride, ...]:
    """Reject strides whose time is far from the median of all sound ones."""
    sound = [each.duration_s for each in strides if each.rejected is None]
    if not sound:
        return tuple(strides)
    middle = float(np.median(sound))
    return tuple(
        replace(
            each,
            rejected=reason(
                "stride_outlier",
                duration=round(each.duration_s, 2),
                median=round(middle, 2),
            ),
        )
        if each.rejected is None
        and abs(each.duration_s - middle) > settings.outlier_share * middle
        else each
        for each in strides
    )


def _without_shared(strides: Sequence[Stride]) -> tuple[Stride, ...]:
    """Reject strides that rest on an event of a wrong one, unless their time is usual.

    One contact that is late makes one stride too long and the next too short, each by
    half of what makes an outlier.
    """
    wrong = {
        time_s
        for each in strides
        if each.rejected is not None and each.rejected.code in WRONG_TIMES
        for time_s in (each.start_s, each.end_s, each.opposite_initial_contact_s)
    }
    sound = [each.duration_s for each in strides if each.rejected is None]
    if not wrong or not sound:
        return tuple(strides)
    middle = float(np.median(sound))
    return tuple(
        replace(each, rejected=reason("stride_shares_event"))
        if each.rejected is None
        and {each.start_s, each.end_s} & wrong
        and abs(each.duration_s - middle) > SHARED_SHARE * middle
        else each
        for each in strides
    )
