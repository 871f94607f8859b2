"""Several detectors made into one: each event is the weighted mean of their times.

The first detector names the events; the others time them more exactly where they
agree, and add those that the first misses at the borders of a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.candidates import Candidate
from gaitkit.gait.events.sequence import (
    SAME_EVENT_SHARE,
    possible,
    typical_stride_s,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.events.timing import TimingError

WINDOW_S = 0.12
"""A second detector may shift an event by at most this much: double support lasts
about 0.12 s; farther away it is another event."""

SHARED_ERROR = 0.5
"""Detectors on the same keypoints share errors: the error of their mean is at least
this share of the best of them (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An event with the standard error of its time.

    Attributes
    ----------
    candidate : Candidate
        Kind, time and strength; the bias of its detector is removed.
    sd_s : float
        Standard error of the time, seconds.
    agreement : float
        0 to 1: 1 when all detectors agree, 0.5 when they spread by twice their error.
    """

    candidate: Candidate
    sd_s: float
    agreement: float = 1.0


def unbiased(candidate: Candidate, error: TimingError) -> Timed:
    """Return a candidate at its corrected time."""
    time_s = candidate.time_s - error.bias_s
    return Timed(candidate=replace(candidate, time_s=time_s), sd_s=error.sd_s)


def fuse_all(detected: Sequence[Sequence[Timed]]) -> list[Timed]:
    """Return the events of one foot from all that each detector found.

    Parameters
    ----------
    detected : sequence of sequences of Timed
        One per detector, the one that names the events first.

    Returns
    -------
    list of Timed
        In the order of time. An event that a later detector alone sees is added where
        none of its kind is near; what no walk can hold is removed.
    """
    events: list[Timed] = []
    for rank, own in enumerate(detected):
        others = [each for index, each in enumerate(detected) if index != rank]
        sound = _sound(own)
        stride_s = typical_stride_s([each.candidate for each in [*events, *sound]])
        events += [
            fuse(each, others)
            for each in sound
            if _nearest(each, events, within_s=SAME_EVENT_SHARE * stride_s) is None
        ]
    return _sound(events)


def _sound(timed: Sequence[Timed]) -> list[Timed]:
    kept = possible([each.candidate for each in timed])
    found = [each for each in timed if each.candidate in kept]
    return sorted(found, key=lambda each: each.candidate.time_s)


def fuse(anchor: Timed, others: Sequence[Sequence[Timed]]) -> Timed:
    """Return the weighted mean of an event and the same event of other detectors.

    Parameters
    ----------
    anchor : Timed
        The event as the naming detector has it.
    others : sequence of sequences of Timed
        All candidates of each further detector.

    Notes
    -----
    Weights are one over the squared standard error. Where the detectors differ by
    more than that, their spread becomes the error.
    """
    near = [_nearest(anchor, candidates, within_s=WINDOW_S) for candidates in others]
    used = [anchor, *(each for each in near if each is not None)]
    times = np.array([each.candidate.time_s for each in used])
    sd = np.array([each.sd_s for each in used])
    weight = sd**-2
    mean = float(np.average(times, weights=weight))
    spread = float(np.sqrt(np.average((times - mean) ** 2, weights=weight)))
    formal = max(float(weight.sum() ** -0.5), SHARED_ERROR * float(sd.min()))
    return Timed(
        candidate=replace(anchor.candidate, time_s=mean),
        sd_s=max(formal, spread),
        agreement=1.0 / (1.0 + (spread / formal) ** 2 / 4),
    )


def _nearest(
    anchor: Timed, candidates: Sequence[Timed], *, within_s: float
) -> Timed | None:
    def distance(each: Timed) -> float:
        return abs(each.candidate.time_s - anchor.candidate.time_s)

    same = [
        each
        for each in candidates
        if each.candidate.kind == anchor.candidate.kind and distance(each) <= within_s
    ]
    return min(same, key=distance, default=None)
