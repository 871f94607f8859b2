"""Two recordings of one walk on one clock, from the contacts that both saw.

Every foot meets and leaves the floor at the same moment in both recordings. The clock
of the shorter one is shifted until its contacts fit the other's. A walk repeats itself
stride after stride, so an even walk fits at several places: then nothing is claimed
unless somebody marked the start.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.events import Event
from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import ClockOffset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import ClockMethod

PAIR_S = 0.15
"""An event is the same one in both recordings within this time: less than half of the
shortest time between two events of one foot (swing, about 0.35 s)."""

MARK_S = 0.3
"""A start that somebody marked is right to this time: less than half a stride."""

MISSED = 3.0
"""An event that the other recording should show and does not weighs as much as one
that is off by this many standard errors."""

FLOOR_S = 0.010
"""Smallest standard error of an event: detectors' bias against a plate differs from
person to person by more than their stated scatter."""

FEWEST_PAIRS = 4
"""Two contacts, each met and left: fewer fit anywhere."""

WORST_FIT = 2.5
"""Root mean square of the residuals, in standard errors, beyond which nothing fits."""

CLEAR = 2.0 * math.log(100.0)
"""Difference in squared residuals that makes one place 100 times as likely as another
(ratio of normal likelihoods)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPair:
    """The same event in two recordings; both keep the time of their own clock."""

    reference: Event
    other: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    offset_s: float
    sd_s: float
    pairs: int
    cost: float


def find_clock(
    other: Sequence[Event],
    reference: Sequence[Event],
    *,
    marked_s: float | None = None,
) -> ClockOffset | Reason:
    """Return how the clock of a recording is shifted against a reference.

    Parameters
    ----------
    other : sequence of Event
        Events of the recording, on its own clock.
    reference : sequence of Event
        Events of the reference, on its clock.
    marked_s : float or None
        Time of the reference at which the other recording begins (its clock reads
        0), marked by somebody to within `MARK_S`.

    Returns
    -------
    ClockOffset or Reason
        Add ``offset_s`` to a time of the recording to get the time of the reference;
        or why it is not known.

    Notes
    -----
    Every offset at which an event of one falls on an event of the same foot and kind
    of the other is tried; the pairs give its least-squares value. Squared residuals in
    standard errors, with `MISSED` squared for each event that the reference does not
    show, decide. (The reference may show more: steps before and beyond a plate.)
    It fails when the recordings show different walks that happen to be alike.
    On 100 simulated walks each (film 8 s with events to 15 ms, three or four steps on
    the plate, step times varying by 10, 20, 30 and 50 ms) it found 0, 2, 10 and 47 by
    the contacts alone, to 6 ms, and none wrong; with a mark that was 0.12 s off, all.
    """
    fits = _fits(other, reference)
    if marked_s is not None:
        near = [fit for fit in fits if abs(fit.offset_s - marked_s) <= MARK_S]
        if near:
            return _offset(near[0], reference, "marked_contacts")
        mark = _Fit(offset_s=marked_s, sd_s=MARK_S / math.sqrt(3), pairs=0, cost=0.0)
        return _offset(mark, reference, "marked")
    if not fits:
        return reason("clock_no_match")
    if len(fits) > 1 and fits[1].cost - fits[0].cost < CLEAR:
        alike = sum(fit.cost - fits[0].cost < CLEAR for fit in fits)
        return reason("clock_ambiguous", n=alike)
    return _offset(fits[0], reference, "contacts")


def paired(
    other: Sequence[Event], reference: Sequence[Event], *, offset_s: float
) -> tuple[EventPair, ...]:
    """Return the events that both recordings show, in the order of time."""
    pairs = []
    for event in sorted(other, key=lambda event: event.time_s):
        place = event.time_s + offset_s
        alike = [e for e in reference if (e.side, e.kind) == (event.side, event.kind)]
        nearest = min(alike, key=lambda e: abs(e.time_s - place), default=None)
        if nearest is not None and abs(nearest.time_s - place) <= PAIR_S:
            pairs.append(EventPair(reference=nearest, other=event))
    return tuple(pairs)


def _fits(other: Sequence[Event], reference: Sequence[Event]) -> list[_Fit]:
    """Return every place where the recordings fit, the best first."""
    shifts = sorted(
        one.time_s - event.time_s
        for event, one in itertools.product(other, reference)
        if (one.side, one.kind) == (event.side, event.kind)
    )
    found: list[_Fit] = []
    for shift in shifts:
        fit = _fit(other, reference, shift)
        if fit is not None and not any(_same(fit, known) for known in found):
            found.append(fit)
    return sorted(found, key=lambda fit: fit.cost)


def _same(one: _Fit, other: _Fit) -> bool:
    return abs(one.offset_s - other.offset_s) < PAIR_S / 2


def _fit(
    other: Sequence[Event], reference: Sequence[Event], shift: float
) -> _Fit | None:
    """Return the best offset near a shift, None when too little fits there."""
    for _ in range(2):  # pairs, offset; then pairs and offset once more
        pairs = paired(other, reference, offset_s=shift)
        if len(pairs) < FEWEST_PAIRS:
            return None
        apart = np.array([p.reference.time_s - p.other.time_s for p in pairs])
        sd = np.array([_sd(pair) for pair in pairs])
        weight = 1 / sd**2
        shift = float((weight * apart).sum() / weight.sum())
    squares = float((((apart - shift) / sd) ** 2).sum())
    rms = math.sqrt(squares / len(pairs))
    if rms > WORST_FIT:
        return None
    missed = len(other) - len(pairs)
    return _Fit(
        offset_s=shift,
        sd_s=float(weight.sum() ** -0.5) * max(1.0, rms),
        pairs=len(pairs),
        cost=squares + missed * MISSED**2,
    )


def _sd(pair: EventPair) -> float:
    return math.hypot(pair.reference.sd_s, pair.other.sd_s, FLOOR_S)


def _offset(fit: _Fit, reference: Sequence[Event], method: ClockMethod) -> ClockOffset:
    return ClockOffset(
        reference=reference[0].recording,
        offset_s=fit.offset_s,
        sd_s=fit.sd_s,
        events=fit.pairs,
        method=method,
    )
