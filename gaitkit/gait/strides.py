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

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.model.events import Event, EventKind
    from gaitkit.signal.passes import WalkPass

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
        keypoints are missing, its time is far from the others, or it is the first or
        last of a pass that starts or ends standing still or turning.
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
                for stride in _bordered(pairs, each)
            ]
    return _without_outliers(
        sorted(strides, key=lambda stride: (stride.start_s, stride.side)), settings
    )


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


def _bordered(strides: list[Stride], walk_pass: WalkPass) -> list[Stride]:
    """Reject the first and last stride of a pass that starts or ends standing."""
    marked = list(strides)
    if marked and walk_pass.starts == "stop":
        marked[0] = replace(marked[0], rejected=reason("stride_first_or_last"))
    if marked and walk_pass.ends == "stop":
        marked[-1] = replace(marked[-1], rejected=reason("stride_first_or_last"))
    return marked


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
