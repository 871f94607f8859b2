"""What two feet can do together: events that no walk can hold are removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.events.candidates import Candidate
    from gaitkit.model.events import Event

DEFAULT_STRIDE_S = 1.1
"""Stride time when fewer than two contacts are known (comfortable walking)."""

SHORTEST_STRIDE_S = 0.5
"""Two events of one kind and foot that are nearer than this are no stride."""

SHORTEST_STEP_SHARE = 0.2
"""Contacts of opposite feet nearer than this share of a stride cannot both be true.
Of 402 steps of children, adults and people with Parkinson's disease on force plates the
shortest is 0.39; the short steps of hemiplegic gait reach 0.3."""

SHORTEST_STEP_S = 0.12
"""The same in seconds, whatever the stride: half a step of a toddler in a hurry."""


def typical_stride_s(candidates: Sequence[Candidate]) -> float:
    """Return the median time between events of one kind."""
    intervals: list[float] = []
    for kind in ("initial_contact", "foot_off"):
        times = sorted(each.time_s for each in candidates if each.kind == kind)
        intervals += np.diff(times).tolist()
    plausible = [each for each in intervals if each > SHORTEST_STRIDE_S]
    return float(np.median(plausible)) if plausible else DEFAULT_STRIDE_S


def possible(events: Sequence[Event]) -> tuple[Event, ...]:
    """Remove contacts of opposite feet that are too near to be two steps.

    Parameters
    ----------
    events : sequence of Event
        Of both feet, as detected.

    Returns
    -------
    tuple of Event
        In the order of time. Of two contacts that exclude each other the one of the
        smaller confidence goes, and with it the foot off before it, for the foot that
        did not land did not leave either.
    """
    kept = sorted(events, key=lambda event: event.time_s)
    contacts = [each for each in kept if each.kind == "initial_contact"]
    stride_s = _stride_s(contacts)
    least = max(SHORTEST_STEP_S, SHORTEST_STEP_SHARE * stride_s)
    for event in sorted(contacts, key=lambda each: each.confidence):
        stronger = (
            other
            for other in kept
            if other.kind == "initial_contact" and other.side is not event.side
        )
        if any(abs(other.time_s - event.time_s) < least for other in stronger):
            kept = [each for each in kept if each not in _of_swing(event, kept)]
    return tuple(kept)


def _of_swing(contact: Event, events: Sequence[Event]) -> tuple[Event, ...]:
    """Return a contact and the foot off that began its swing."""
    before = [
        each
        for each in events
        if each.side is contact.side and each.time_s < contact.time_s
    ]
    last = max(before, key=lambda each: each.time_s, default=None)
    if last is None or last.kind != "foot_off":
        return (contact,)
    return (last, contact)


def _stride_s(contacts: Sequence[Event]) -> float:
    intervals: list[float] = []
    for side in {each.side for each in contacts}:
        times = [each.time_s for each in contacts if each.side is side]
        intervals += np.diff(times).tolist()
    plausible = [each for each in intervals if each > SHORTEST_STRIDE_S]
    return float(np.median(plausible)) if plausible else DEFAULT_STRIDE_S
