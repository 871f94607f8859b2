"""Events of force plates in the place of those that detectors found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.events import Event

SAME_EVENT_S = 0.2
"""A detected event of the same foot and kind within this time is the same event: a
stride lasts at least 0.5 s, and no detector errs by so much."""


def with_plate_events(
    detected: Sequence[Event], measured: Sequence[Event]
) -> tuple[Event, ...]:
    """Return the events with those of the plates in the place of the detected.

    Parameters
    ----------
    detected : sequence of Event
        From markers.
    measured : sequence of Event
        From clean contacts on force plates.

    Returns
    -------
    tuple of Event
        By time. An initial contact of the plate wins only where its standard error is
        smaller: force that was low-pass filtered tells a contact too early, and its
        error says so. A foot off of the plate always wins: its error is that of the
        threshold, which markers were timed by as well. A plate event that no detector
        found is added only where detectors found the foot at all.
    """
    feet = {event.side for event in detected}
    kept = list(detected)
    for plate in measured:
        if plate.side not in feet:
            continue
        same = [
            event
            for event in kept
            if event.side is plate.side
            and event.kind == plate.kind
            and abs(event.time_s - plate.time_s) < SAME_EVENT_S
        ]
        if plate.kind == "initial_contact" and any(
            event.sd_s <= plate.sd_s for event in same
        ):
            continue
        kept = [event for event in kept if event not in same]
        kept.append(plate)
    return tuple(sorted(kept, key=lambda event: event.time_s))
