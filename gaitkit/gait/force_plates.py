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

Which foot stands on a force plate: markers at the centre of pressure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.events import Event, EventKind
from gaitkit.model.motion import Floats
from gaitkit.model.settings import require_positive
from gaitkit.model.side import Side
from gaitkit.signal.laboratory import to_laboratory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.model.motion import ForcePlate, MotionRecording

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

HIND = ("heel", "ankle_lateral", "ankle")
FORE = ("toe", "foot_index", "metatarsal_5", "metatarsal_1", "hallux")
TIP_BEYOND = {"toe": 1.3, "metatarsal_5": 1.35, "metatarsal_1": 1.3}
"""Heel to tip over heel to marker: an assumption, that the metatarsal heads lie at
about three quarters of the foot. It decides whether a foot is whole on a plate."""

MAX_DISTANCE_M = 0.15
"""The centre of pressure lies under the foot; farther markers belong to nobody on the
plate, or to other clothes than a shoe."""

EDGE_MARGIN_M = 0.02
"""Markers sit on the skin and edges are known to a centimetre: a foot counts as whole
on the plate when it reaches over its edge by no more."""

FLAT = (0.25, 0.6)
"""Part of a contact in which the foot lies flat."""

LIFTED_M = 0.05
"""A foot whose markers are higher than in its lowest places by more is in the air."""

STILL_M_S = 0.4
"""A foot that moves faster does not stand: in swing it is well above 1 m/s."""

STANDS_S = 0.03
"""Shorter stillness is noise."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPath:
    """The hind and forefoot of one side over time, z up.

    Attributes
    ----------
    time_s : array (time,)
        Clock of the markers.
    hind, tip : array (time, 3)
        Heel and tip of the foot, metres.
    """

    time_s: Floats
    hind: Floats
    tip: Floats

    def at(self, time_s: Floats) -> tuple[Floats, Floats]:
        """Return heel and tip at other times; NaN in gaps and outside."""
        return _sampled(self.hind, self.time_s, time_s), _sampled(
            self.tip, self.time_s, time_s
        )

    @property
    def floor_m(self) -> float:
        """Height of the heel when it stands."""
        known = self.hind[np.isfinite(self.hind[:, 2]), 2]
        return float(np.quantile(known, 0.05)) if known.size else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class FootOnPlate:
    """Whose contact it is.

    Attributes
    ----------
    side : Side or None
        The foot, None where no foot is near enough.
    confidence : float
        0 to 1: how much nearer it is than the other.
    whole : bool or None
        Whether it stood within the edges; None where these are unknown.
    other_off : bool
        Whether the other foot did not stand on the plate.
    """

    side: Side | None
    confidence: float
    whole: bool | None
    other_off: bool


def feet_of(recording: MotionRecording) -> dict[Side, FootPath]:
    """Return the feet whose heel and forefoot are marked, z up."""
    data = recording.by_role()["position"].transpose("time", "space", "keypoint")
    roles = [str(role) for role in data["keypoint"].to_numpy()]
    position = data.to_numpy()
    feet = {}
    for side in Side:
        hind = next((p for p in HIND if f"{side}_{p}" in roles), None)
        fore = next((p for p in FORE if f"{side}_{p}" in roles), None)
        if hind is None or fore is None:
            continue
        heel = position[:, :, roles.index(f"{side}_{hind}")]
        ball = position[:, :, roles.index(f"{side}_{fore}")]
        tip = heel + TIP_BEYOND.get(fore, 1.0) * (ball - heel)
        feet[side] = FootPath(time_s=data["time"].to_numpy(), hind=heel, tip=tip)
    return feet


def foot_on(
    plate: ForcePlate, run: tuple[int, int], feet: dict[Side, FootPath]
) -> FootOnPlate:
    """Return which foot made a contact.

    Parameters
    ----------
    plate : ForcePlate
        In the frame of gaitkit (z up).
    run : tuple of int
        Samples of the contact, half open.
    feet : dict of Side to FootPath
        Both feet, where marked.

    Notes
    -----
    The distance of a foot is the median, over the contact, of the horizontal distance
    of the centre of pressure from the line heel to tip; frames in which the foot is in
    the air do not count for it.
    """
    start, end = run
    time_s = plate.time_s[start:end]
    center = plate.center_of_pressure_m[start:end, :2]
    away = {side: _distance(foot, time_s, center) for side, foot in feet.items()}
    near = [side for side in Side if away.get(side, np.inf) <= MAX_DISTANCE_M]
    if not near:
        return FootOnPlate(side=None, confidence=0.0, whole=None, other_off=False)
    side = min(near, key=lambda each: away[each])
    other = away.get(side.other, np.inf)
    share = 1.0 if not np.isfinite(other) else 1 - away[side] / max(other, 1e-9)
    flat = time_s[int(FLAT[0] * time_s.size) : int(FLAT[1] * time_s.size) + 1]
    return FootOnPlate(
        side=side,
        confidence=float(np.clip(share, 0.0, 1.0)),
        whole=_is_whole(plate, feet[side], flat),
        other_off=side.other not in feet
        or not _stands_on(plate, feet[side.other], time_s),
    )


def _distance(foot: FootPath, time_s: Floats, center: Floats) -> float:
    heel, tip = foot.at(time_s)
    low = heel[:, 2] <= foot.floor_m + 4 * LIFTED_M
    along = tip[:, :2] - heel[:, :2]
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((center - heel[:, :2]) * along).sum(axis=1) / length, 0, 1)
    nearest = heel[:, :2] + share[:, None] * along
    gap = np.hypot(*(center - nearest).T)[low]
    gap = gap[np.isfinite(gap)]
    return float(np.median(gap)) if gap.size else float("inf")


def _is_whole(plate: ForcePlate, foot: FootPath, time_s: Floats) -> bool | None:
    if plate.corners_m is None:
        return None
    ends = np.stack(foot.at(time_s))
    known = np.isfinite(ends).all(axis=(0, 2))
    if not known.any():
        return None
    places = np.median(ends[:, known], axis=1)
    return bool(_inside(plate.corners_m, places[:, :2], margin_m=EDGE_MARGIN_M).all())


def _stands_on(plate: ForcePlate, foot: FootPath, time_s: Floats) -> bool:
    """Return whether a foot stands on the plate at any time: low, still and inside."""
    if plate.corners_m is None:
        return False
    inside = (foot.time_s >= time_s[0]) & (foot.time_s <= time_s[-1])
    low = foot.floor_m + LIFTED_M
    needed = STANDS_S * (foot.time_s.size - 1) / float(np.ptp(foot.time_s))
    for path in (foot.hind, foot.tip):
        speed = np.hypot(*np.gradient(path[:, :2], foot.time_s, axis=0).T)
        over = _inside(plate.corners_m, path[:, :2], margin_m=0.0)
        stands = inside & (path[:, 2] <= low) & (speed < STILL_M_S) & over
        if int(stands.sum()) > needed:
            return True
    return False


def _inside(corners: Floats, places: Floats, *, margin_m: float) -> NDArray[np.bool_]:
    """Return which places (n, 2) lie in a rectangle, widened by a margin."""
    middle = corners[:, :2].mean(axis=0)
    inside = np.ones(len(places), dtype=np.bool_)
    for axis in (corners[0] - corners[1], corners[0] - corners[3]):
        length = float(np.hypot(axis[0], axis[1]))
        if not length > 0:  # a plate that stands upright: nobody is on it
            return np.zeros(len(places), dtype=np.bool_)
        away = np.abs((places - middle) @ (axis[:2] / length))
        inside &= away <= length / 2 + margin_m
    return inside


def _sampled(path: Floats, time_s: Floats, wanted: Floats) -> Floats:
    return np.column_stack(
        [
            np.interp(wanted, time_s, path[:, axis], left=np.nan, right=np.nan)
            for axis in range(path.shape[1])
        ]
    )
