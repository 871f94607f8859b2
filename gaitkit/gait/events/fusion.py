"""Several detectors made into one: each event is the weighted mean of their times.

The swings of a foot say which events there are (`gaitkit.gait.events.swings`). A
detection that belongs to no swing is left out, however clear it looks; one that does is
kept, even when one detector alone has it. Where none has it there is no event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from gaitkit.gait.events.candidates import Candidate
from gaitkit.gait.events.swings import REACH_S
from gaitkit.model.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.events.swings import Swing
    from gaitkit.gait.events.timing import TimingError

WINDOW_S = 0.12
"""A second detector may shift an event by at most this much: double support lasts
about 0.12 s; farther away it is another event."""

SHARED_ERROR = 0.7
"""Detectors on the same keypoints share errors: the error of their mean is at least
this share of the best of them (judgement)."""

ALONE = 0.5
"""Agreement of an event that one of several detectors alone has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An event with the standard error of its time.

    Attributes
    ----------
    candidate : Candidate
        Kind, time and strength; the bias of its detector is removed.
    sd_s : float
        Standard error of the time, seconds.
    spread_s : float
        How far the detectors differ, seconds; 0 for a single one.
    agreement : float
        0 to 1: 1 when all detectors agree, 0.5 when they spread by twice their error
        or one of them stands alone.
    """

    candidate: Candidate
    sd_s: float
    spread_s: float = 0.0
    agreement: float = 1.0


def unbiased(candidate: Candidate, error: TimingError) -> Timed:
    """Return a candidate at its corrected time."""
    time_s = candidate.time_s - error.bias_s
    return Timed(candidate=replace(candidate, time_s=time_s), sd_s=error.sd_s)


def fuse_all(
    detected: Sequence[Sequence[Timed]], swings: Sequence[Swing]
) -> list[Timed]:
    """Return the events of one foot from all that each detector found.

    Parameters
    ----------
    detected : sequence of sequences of Timed
        One per detector, the most trusted first.
    swings : sequence of Swing
        Of the same foot.

    Returns
    -------
    list of Timed
        In the order of time: at most one foot off and one contact a swing.
    """
    events: list[Timed] = []
    for swing in swings:
        for kind in get_args(EventKind):
            about_s = swing.near(kind)
            if about_s is None:
                continue
            near = [_nearest(kind, about_s, each) for each in detected]
            used = [each for each in near if each is not None]
            if used:
                events.append(fuse(used, detectors=len(detected)))
    return sorted(events, key=lambda each: each.candidate.time_s)


def fuse(same: Sequence[Timed], *, detectors: int) -> Timed:
    """Return the weighted mean of one event as several detectors have it.

    Parameters
    ----------
    same : sequence of Timed
        At most one per detector, the most trusted first.
    detectors : int
        How many were asked.

    Notes
    -----
    Weights are one over the squared standard error; what differs from the most trusted
    one by more than `WINDOW_S` is another event. Where the detectors differ by more
    than their errors, their spread adds to the error.
    """
    anchor = same[0]
    used = [
        each
        for each in same
        if abs(each.candidate.time_s - anchor.candidate.time_s) <= WINDOW_S
    ]
    times = np.array([each.candidate.time_s for each in used])
    sd = np.array([each.sd_s for each in used])
    weight = sd**-2
    mean = float(np.average(times, weights=weight))
    spread = float(np.sqrt(np.average((times - mean) ** 2, weights=weight)))
    formal = max(float(weight.sum() ** -0.5), SHARED_ERROR * float(sd.min()))
    support = 1.0
    if detectors > 1:
        support = ALONE + (1 - ALONE) * (len(used) - 1) / (detectors - 1)
    return Timed(
        candidate=replace(anchor.candidate, time_s=mean),
        sd_s=float(np.hypot(formal, spread)),
        spread_s=spread,
        agreement=support / (1.0 + (spread / formal) ** 2 / 4),
    )


def _nearest(
    kind: EventKind, about_s: float, candidates: Sequence[Timed]
) -> Timed | None:
    def distance(each: Timed) -> float:
        return abs(each.candidate.time_s - about_s)

    same = [
        each
        for each in candidates
        if each.candidate.kind == kind and distance(each) <= REACH_S
    ]
    return min(same, key=distance, default=None)
