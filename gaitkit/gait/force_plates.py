"""Initial contact and foot off from force plates: the instrument truth of a laboratory.

A contact begins where the vertical force rises through a threshold and ends where it
falls back. Which foot it is say the markers at the centre of pressure. Only clean
contacts give events: one whole foot on the plate, the other off it, and neither end
cut by the recording.

References
----------
Tirosh & Sparrow 2003, doi:10.1123/jab.19.2.178: any threshold up to 50 N serves for
initial contact, the lower the better for foot off. 20 N is taken because plates drift;
the slope of the force at that moment says what another choice would have changed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.plate_feet import FootPath, feet_of, foot_on
from gaitkit.model.events import Event, EventKind
from gaitkit.model.settings import require_positive
from gaitkit.model.side import Side
from gaitkit.signal.laboratory import to_laboratory

if TYPE_CHECKING:
    from gaitkit.model.motion import Floats, ForcePlate, MotionRecording

METHOD = "force_plate"

DRIFT_N = 40.0
"""An unloaded plate may read so much; its median is taken as zero."""

UNLOADED_SHARE = 0.05
"""A plate whose samples are unloaded for a smaller share has no known zero."""

RISE_TO = 0.2
"""The rise ends at this share of the greatest force."""

MIN_RISE_SAMPLES = 3
"""A rise within so few samples says nothing of a filter."""

NOISE_N = 2.0
"""Force of an unloaded plate; the rise begins where it is left."""

EDGE_S = 0.005
"""A contact that ends so near to the border of the recording may be cut there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceSettings:
    """When force counts as a contact.

    Attributes
    ----------
    threshold_n : float
        Vertical force at which a contact begins and ends.
    threshold_sd_n : float
        How far laboratories differ in that choice, as a standard deviation; with the
        slope of the force it gives the error of an event.
    min_peak_n : float
        A contact with less force is a touch, not a step.
    min_duration_s, max_duration_s : float
        Shorter contacts are noise; longer ones are standing or two feet.
    max_rise_ms : float
        Slower onsets come from a low-pass filter: initial contact then reads early.
    """

    threshold_n: float = 20.0
    threshold_sd_n: float = 5.0
    min_peak_n: float = 100.0
    min_duration_s: float = 0.15
    max_duration_s: float = 2.0
    max_rise_ms: float = 25.0

    def __post_init__(self) -> None:
        """Refuse settings that are not positive.

        Raises
        ------
        ConfigError
            Naming the key.
        """
        require_positive(self, table="force_plates")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateContact:
    """One foot on one plate.

    Attributes
    ----------
    plate : str
        Name of the plate.
    side : Side or None
        The foot; None where the markers do not tell.
    initial_contact_s, foot_off_s : float or None
        Crossings of the threshold; None where the recording cut the contact.
    initial_contact_sd_s, foot_off_sd_s : float
        Standard errors: threshold over slope, sampling, and what a filter smears; NaN
        where the recording cut the contact.
    peak_n : float
        Greatest vertical force.
    rise_ms : float or None
        From the unloaded plate to a fifth of the peak; None where the start is cut.
    filtered : bool
        True when the force was low-pass filtered, as its slow rise shows.
    whole_foot : bool or None
        Whether the foot stood within the edges; None where these are unknown.
    other_foot_off : bool
        Whether the other foot kept off the plate.
    confidence : float
        0 to 1: how clearly the markers name the foot.
    """

    plate: str
    side: Side | None
    initial_contact_s: float | None
    foot_off_s: float | None
    initial_contact_sd_s: float
    foot_off_sd_s: float
    peak_n: float
    rise_ms: float | None
    filtered: bool
    whole_foot: bool | None
    other_foot_off: bool
    confidence: float

    @property
    def clean(self) -> bool:
        """True when one known foot, the whole of it, stood there alone."""
        known = self.side is not None
        return known and self.whole_foot is not False and self.other_foot_off


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crossing:
    """A moment at which the force crosses the threshold, and its error."""

    time_s: float
    sd_s: float


def plate_contacts(
    recording: MotionRecording, *, settings: ForceSettings | None = None
) -> tuple[PlateContact, ...]:
    """Return the contacts on every plate, clean or not, by time.

    Parameters
    ----------
    recording : MotionRecording
        With markers of both feet and force plates; axes as in the file.
    settings : ForceSettings or None
        None: the defaults.

    Raises
    ------
    InputError
        If the vertical axis cannot be found from the markers.

    Notes
    -----
    A crossing lies between two samples by linear interpolation. Its standard error is
    ``sqrt((threshold_sd / slope)^2 + interval^2 / 12)``; for the initial contact of a
    filtered force half the rise is added, for the filter starts the force early.
    """
    if not recording.plates:
        return ()
    chosen = settings or ForceSettings()
    turned = to_laboratory(recording)
    feet = feet_of(turned)
    found = []
    for plate in turned.plates:
        force = _vertical(plate)
        for start, end in _loaded(force, plate, chosen):
            found.append(_contact(plate, force, (start, end), feet, chosen))
    return tuple(sorted(found, key=_when))


def plate_events(
    recording: MotionRecording,
    *,
    recording_id: str,
    settings: ForceSettings | None = None,
) -> tuple[Event, ...]:
    """Return the events of the clean contacts, by time.

    Raises
    ------
    InputError
        If the vertical axis cannot be found from the markers.
    """
    rate_hz = recording.timing.rate_hz
    events = []
    for contact in plate_contacts(recording, settings=settings):
        if not contact.clean or contact.side is None:
            continue
        ends: tuple[tuple[EventKind, float | None, float], ...] = (
            (
                "initial_contact",
                contact.initial_contact_s,
                contact.initial_contact_sd_s,
            ),
            ("foot_off", contact.foot_off_s, contact.foot_off_sd_s),
        )
        events += [
            Event(
                recording=recording_id,
                side=contact.side,
                kind=kind,
                time_s=time_s,
                method=METHOD,
                confidence=contact.confidence,
                sd_s=sd_s,
                frame=None if rate_hz is None else round(time_s * rate_hz),
            )
            for kind, time_s, sd_s in ends
            if time_s is not None
        ]
    return tuple(sorted(events, key=lambda event: event.time_s))


def _when(contact: PlateContact) -> float:
    start, end = contact.initial_contact_s, contact.foot_off_s
    return start if start is not None else (end if end is not None else -math.inf)


def _vertical(plate: ForcePlate) -> Floats:
    """Return the vertical force above that of the unloaded plate."""
    force = np.nan_to_num(plate.force_n[:, 2])
    unloaded = force[np.abs(force) < DRIFT_N]
    if unloaded.size < UNLOADED_SHARE * force.size or not unloaded.size:
        return force
    level: Floats = force - np.median(unloaded)
    return level


def _loaded(
    force: Floats, plate: ForcePlate, settings: ForceSettings
) -> list[tuple[int, int]]:
    """Return the half-open runs of samples above the threshold that may be steps."""
    above = np.concatenate(([False], force >= settings.threshold_n, [False]))
    borders = np.flatnonzero(np.diff(above.astype(np.int8)))
    runs = []
    for start, end in borders.reshape(-1, 2).tolist():
        seconds = (end - start) / plate.rate_hz
        long_enough = settings.min_duration_s <= seconds <= settings.max_duration_s
        if long_enough and force[start:end].max() >= settings.min_peak_n:
            runs.append((start, end))
    return runs


def _contact(
    plate: ForcePlate,
    force: Floats,
    run: tuple[int, int],
    feet: dict[Side, FootPath],
    settings: ForceSettings,
) -> PlateContact:
    start, end = run
    margin = max(1, round(EDGE_S * plate.rate_hz))
    peak = float(force[start:end].max())
    rise_ms = None if start < margin else _rise_ms(force, start, peak, plate.rate_hz)
    slow_ms = max(settings.max_rise_ms, 1000 * MIN_RISE_SAMPLES / plate.rate_hz)
    filtered = rise_ms is not None and rise_ms > slow_ms
    last = force.size - margin
    begins = _crossing(plate, force, start, settings) if start >= margin else None
    ends = _crossing(plate, force, end, settings) if end <= last else None
    smear_s = rise_ms / 2000 if rise_ms is not None and filtered else 0.0
    foot = foot_on(plate, run, feet)
    return PlateContact(
        plate=plate.name,
        side=foot.side,
        initial_contact_s=begins.time_s if begins else None,
        foot_off_s=ends.time_s if ends else None,
        initial_contact_sd_s=math.hypot(begins.sd_s, smear_s) if begins else math.nan,
        foot_off_sd_s=ends.sd_s if ends else math.nan,
        peak_n=peak,
        rise_ms=rise_ms,
        filtered=filtered,
        whole_foot=foot.whole,
        other_foot_off=foot.other_off,
        confidence=foot.confidence,
    )


def _crossing(
    plate: ForcePlate, force: Floats, index: int, settings: ForceSettings
) -> _Crossing:
    """Return where the force crosses the threshold between index - 1 and index."""
    before, after = force[index - 1], force[index]
    interval_s = float(plate.time_s[index] - plate.time_s[index - 1])
    share = float((settings.threshold_n - before) / (after - before))
    slope = abs(float(after - before)) / interval_s
    return _Crossing(
        time_s=float(plate.time_s[index - 1]) + share * interval_s,
        sd_s=math.hypot(settings.threshold_sd_n / slope, interval_s / math.sqrt(12)),
    )


def _rise_ms(force: Floats, start: int, peak: float, rate_hz: float) -> float:
    """Return the time from the unloaded plate to a fifth of the peak."""
    quiet = np.flatnonzero(force[:start] <= NOISE_N)
    first = int(quiet[-1]) if quiet.size else 0
    reached = start + int(np.argmax(force[start:] >= RISE_TO * peak))
    return 1000 * (reached - first) / rate_hz
