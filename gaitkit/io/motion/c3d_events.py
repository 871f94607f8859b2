"""The events that stand in a C3D file: the EVENT group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.events import Event, EventKind
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.io.motion.c3d_parameters import C3DParameters
    from gaitkit.model.recording import Timing

METHOD = "file"
RECORDING = "recording"
"""Id of the recording in events, until the visit gives it one."""

KINDS: dict[str, EventKind] = {
    "footstrike": "initial_contact",
    "heelstrike": "initial_contact",
    "footcontact": "initial_contact",
    "initialcontact": "initial_contact",
    "footon": "initial_contact",
    "strike": "initial_contact",
    "hs": "initial_contact",
    "fs": "initial_contact",
    "ic": "initial_contact",
    "on": "initial_contact",
    "footoff": "foot_off",
    "toeoff": "foot_off",
    "off": "foot_off",
    "to": "foot_off",
    "fo": "foot_off",
}
"""Words for events, in small letters without blanks, after the side is taken off."""

SIDES = {"left": Side.LEFT, "right": Side.RIGHT, "l": Side.LEFT, "r": Side.RIGHT}

SECONDS_ROWS = 2
"""TIMES holds minutes and seconds; some writers leave the minutes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEvents:
    """Events of a file and what is doubtful about them."""

    events: tuple[Event, ...] = ()
    reasons: tuple[Reason, ...] = ()


def read_events(
    parameters: C3DParameters, *, timing: Timing, first_frame: int
) -> FileEvents:
    """Return the initial contacts and foot offs of the EVENT group.

    Parameters
    ----------
    parameters : C3DParameters
        Of the file.
    timing : Timing
        Clock of the markers.
    first_frame : int
        Number of the first frame; frame 1 is time 0 of the events.

    Notes
    -----
    An event at t seconds lies t - (first_frame - 1) / rate after the first frame of
    the file, which may lie before it. Where that puts every event outside the file and
    t alone does not, the writer counted from the first frame; the events are taken so
    and a reason says it.
    """
    labels = parameters.words("EVENT", "LABELS")
    contexts = parameters.words("EVENT", "CONTEXTS")
    used = int(parameters.number("EVENT", "USED") or len(labels))
    times = _seconds(parameters.numbers("EVENT", "TIMES"), used)
    rate_hz, duration_s = timing.rate_hz, timing.duration_s
    if not labels or not times.size or rate_hz is None or duration_s is None:
        return FileEvents()
    reasons = []
    offset_s = (first_frame - 1) / rate_hz
    if _all_outside(times - offset_s, duration_s, rate_hz) and not _all_outside(
        times, duration_s, rate_hz
    ):
        offset_s = 0.0
        reasons.append(reason("motion_events_from_first_frame"))
    events, unread = [], 0
    for index, time_s in enumerate(times - offset_s):
        label = labels[index] if index < len(labels) else ""
        context = contexts[index] if index < len(contexts) else ""
        event = event_of(label, context, time_s=float(time_s), timing=timing)
        if event is None or not math.isfinite(time_s):
            unread += 1
            continue
        events.append(event)
    if unread:
        reasons.append(reason("motion_events_unread", number=unread))
    outside = sum(event.frame is None for event in events)
    if outside:
        reasons.append(reason("motion_events_outside", number=outside))
    events.sort(key=lambda event: event.time_s)
    return FileEvents(events=tuple(events), reasons=tuple(reasons))


def event_of(
    label: str, context: str, *, time_s: float, timing: Timing
) -> Event | None:
    """Return an event by its words, None for one of another sort.

    Parameters
    ----------
    label, context : str
        What the file calls it, and its side; the side may stand in the label.
    time_s : float
        Seconds after the first frame.
    timing : Timing
        Clock of the markers.
    """
    known = _meaning(label, context)
    return None if known is None else _event(*known, time_s=time_s, timing=timing)


def _event(side: Side, kind: EventKind, *, time_s: float, timing: Timing) -> Event:
    rate_hz = timing.rate_hz or math.nan
    frame = round(time_s * rate_hz)
    return Event(
        recording=RECORDING,
        side=side,
        kind=kind,
        time_s=time_s,
        method=METHOD,
        sd_s=1 / (rate_hz * math.sqrt(12)),  # events are set on whole frames
        frame=frame if 0 <= frame < timing.frames else None,
    )


def _seconds(times: NDArray[np.float64], used: int) -> NDArray[np.float64]:
    """Return the times in seconds, whatever shape the writer gave them."""
    if times.ndim == SECONDS_ROWS and times.shape[0] == SECONDS_ROWS:
        times = 60 * times[0] + times[1]
    elif times.size == SECONDS_ROWS * used and used:
        times = 60 * times.ravel()[0::2] + times.ravel()[1::2]
    times = times.ravel()[:used]
    return np.where(np.isfinite(times), times, np.inf)


def _all_outside(times: NDArray[np.float64], duration_s: float, rate_hz: float) -> bool:
    margin_s = 0.5 / rate_hz
    return bool(np.all((times < -margin_s) | (times > duration_s + margin_s)))


def _meaning(label: str, context: str) -> tuple[Side, EventKind] | None:
    """Return side and kind, None for an event of another sort."""
    word = "".join(letter for letter in label.casefold() if letter.isalpha())
    side = SIDES.get(context.strip().casefold())
    if word in KINDS and side is not None:
        return side, KINDS[word]
    for prefix, own in SIDES.items():
        rest = word.removeprefix(prefix)
        if rest != word and rest in KINDS:
            return own, KINDS[rest]
    return None
