"""The moments at which a foot meets and leaves the floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.model.side import Side

EventKind = Literal["initial_contact", "foot_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One gait event.

    Attributes
    ----------
    recording : str
        Id of the recording.
    side : Side
        The foot.
    kind : {"initial_contact", "foot_off"}
        What it does.
    time_s : float
        When, in seconds on the clock of the recording.
    frame : int or None
        Index of the nearest recorded frame, counted from 0.
    confidence : float
        0 to 1.
    sd_s : float
        Standard error of ``time_s`` for this method and rate, in seconds.
    method : str
        Name of the detector.
    """

    recording: str
    side: Side
    kind: EventKind
    time_s: float
    method: str
    confidence: float = 1.0
    sd_s: float = 0.0
    frame: int | None = None
