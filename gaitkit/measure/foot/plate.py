"""A whole pressure recording: contacts, feet, line of walking, steps, measurements.

Standing on the plate: load shares and sway.

References
----------
Schubert P, Kirchner M (2014). Ellipse area calculations and their applicability in
posturography. Gait Posture 39:518-522. doi:10.1016/j.gaitpost.2013.09.001
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.contacts.find import find_contacts
from gaitkit.measure.foot.contact import measure_foot
from gaitkit.measure.foot.plausible import stuck_sensors, without_stuck
from gaitkit.measure.foot.settings import FootSettings
from gaitkit.measure.foot.steps import (
    progression_angle_deg,
    progression_line,
    step_values,
)
from gaitkit.measure.foot.summary import (
    NO_END,
    NO_START,
    foot_measurements,
    one_measurement,
    rejection,
    usable,
    with_own_measures,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.contact import Contact, ContactCorrection, ContactFlag
from gaitkit.model.events import Event, EventKind
from gaitkit.model.plate import PlateResult, ProgressionLine, Standing
from gaitkit.model.pressure import source_of
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.model.contact import Contact
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plate import MeasuredFoot

PLATE_METHOD = "plate"
SHORTEST_SWAY_S = 25.0
"""Sway of a shorter record is unreliable; 30 s are usual."""

STEP_MEASURES = (
    "cadence",
    "walking_speed",
    "stride_time",
    "step_time",
    "stride_length",
    "step_length",
    "step_width",
    "stance",
    "swing",
    "single_support",
    "double_support",
)
CHI2_95_2 = 5.991464547107979
"""95 % quantile of chi-square with 2 degrees of freedom."""

LOW_PASS_HZ = 10.0
"""Usual cut-off for the sway of standing people."""

REARFOOT = "rearfoot"
FOREFOOT = "forefoot"
TOTAL = "total"


def analyse_plate(
    data: xr.Dataset,
    *,
    recording: str = "plate",
    settings: FootSettings | None = None,
    corrections: Sequence[ContactCorrection] = (),
) -> PlateResult:
    """Analyse one pressure recording.

    Parameters
    ----------
    data : xarray.Dataset
        Pressure in kPa, dims ``time, row, col``.
    recording : str
        Id of the recording.
    settings : FootSettings, optional
        How contacts are found and feet measured.
    corrections : sequence of ContactCorrection
        What the therapist changed by hand.

    Returns
    -------
    PlateResult
        Contacts, curves and measurements.

    Raises
    ------
    InputError
        If there is no calibrated matrix, nobody stood on it, or a correction names a
        contact that does not exist.
    """
    used = settings or FootSettings()
    stuck = stuck_sensors(data)
    data = without_stuck(data, stuck)
    found = find_contacts(data, settings=used.contacts)
    by_number = {item.number: item for item in corrections}
    _check_numbers(by_number, found.contacts)
    contacts = [_corrected(c, by_number.get(c.number)) for c in found.contacts]
    feet, small = [], []
    for contact in contacts:
        foot = measure_foot(
            contact, settings=used, correction=by_number.get(contact.number)
        )
        if foot is None:
            small.append(contact)
        else:
            feet.append(with_own_measures(foot))
    standing = None
    if found.standing:
        standing = measure_standing([foot.contact for foot in feet])
    line = _line(data, feet, standing=found.standing)
    steps = () if line is None else step_values(feet, line)
    rejected = tuple(
        (foot.contact.number, why)
        for foot in feet
        if (why := rejection(foot)) is not None
    )
    return PlateResult(
        recording=recording,
        source=source_of(data),
        frame=found.frame,
        feet=tuple(feet),
        small=tuple(small),
        line=line,
        standing=standing,
        steps=steps,
        events=() if found.standing else _events(feet, recording),
        measurements=_measurements(feet, line, steps, standing, recording),
        rejected=rejected,
        quality=_quality(
            feet,
            rejected,
            line,
            standing=found.standing,
            left_out=stuck.why if stuck.few else (),
        ),
    )


def _check_numbers(
    by_number: dict[int, ContactCorrection], contacts: Sequence[Contact]
) -> None:
    unknown = sorted(set(by_number) - {contact.number for contact in contacts})
    if unknown:
        msg = (
            f"a correction names contact {unknown[0]}; this recording has the contacts "
            f"1 to {len(contacts)}. Correct the number in the visit file."
        )
        raise InputError(msg)


def _corrected(contact: Contact, correction: ContactCorrection | None) -> Contact:
    if correction is None:
        return contact
    flags = contact.flags
    if not correction.use:
        flags = flags | {ContactFlag.EXCLUDED}
    if correction.side is None:
        return replace(contact, flags=flags)
    return replace(
        contact,
        side=correction.side,
        side_confidence=1.0,
        side_method="user",
        flags=flags - {ContactFlag.SIDE_UNSURE},
    )


def _line(
    data: xr.Dataset, feet: Sequence[MeasuredFoot], *, standing: bool
) -> ProgressionLine | None:
    source = source_of(data)
    walked = source.surface in {"plate", "treadmill"} and source.side is None
    if not feet or standing or not walked or feet[0].peak_only:
        return None
    line = progression_line(feet)
    if source.surface == "treadmill":  # the belt is the line of progression
        return ProgressionLine(angle_rad=0.0, start_mm=line.start_mm, fitted=True)
    return line


def _events(feet: Sequence[MeasuredFoot], recording: str) -> tuple[Event, ...]:
    """Return the moments at which each foot met and left the plate."""
    events = []
    for foot in feet:
        if foot.peak_only:
            continue
        load, flags = foot.load, foot.contact.flags
        if flags.isdisjoint(NO_START):
            time_s = float(load.time_s[load.first])
            events.append(
                _event(foot, recording, "initial_contact", load.first, time_s)
            )
        if flags.isdisjoint(NO_END):
            time_s = float(load.time_s[load.last]) + load.interval_s
            events.append(_event(foot, recording, "foot_off", load.last + 1, time_s))
    return tuple(sorted(events, key=lambda event: event.time_s))


def _event(
    foot: MeasuredFoot, recording: str, kind: EventKind, frame: int, time_s: float
) -> Event:
    return Event(
        recording=recording,
        side=foot.side,
        kind=kind,
        time_s=time_s,
        frame=foot.contact.start + frame,
        method=PLATE_METHOD,
        sd_s=float(foot.load.interval_s / np.sqrt(12)),  # uniform within one frame
        confidence=foot.contact.side_confidence,
    )


def _measurements(
    feet: Sequence[MeasuredFoot],
    line: ProgressionLine | None,
    steps: Sequence[StrideValue],
    standing: Standing | None,
    recording: str,
) -> tuple[Measurement, ...]:
    if standing is not None:
        return _standing_measurements(standing, recording)
    found = [*foot_measurements(feet, recording=recording)]
    if line is None:
        return tuple(found)
    for side in Side:
        own = [foot for foot in feet if foot.side is side]
        placed, limited = usable(own, "place")
        values = [
            StrideValue(
                name="foot_progression_angle",
                value=angle,
                side=side,
                start_s=float(foot.contact.time_s[0]),
            )
            for foot in placed
            if (angle := progression_angle_deg(foot, line)) is not None
        ]
        found.append(
            one_measurement(
                values,
                entry=definition("foot_progression_angle"),
                side=side,
                recording=recording,
                limited=limited or not line.fitted,
                why=reason("contact_none" if not own else "contact_partial"),
            )
        )
    return (*found, *_step_measurements(steps, recording))


def _step_measurements(
    steps: Sequence[StrideValue], recording: str
) -> tuple[Measurement, ...]:
    found = []
    for name in STEP_MEASURES:
        entry = definition(name)
        for side in tuple(Side) if entry.sided else (None,):
            values = [v for v in steps if v.name == name and v.side is side]
            found.append(
                one_measurement(
                    values,
                    entry=entry,
                    side=side,
                    recording=recording,
                    why=reason("plate_too_few_steps"),
                )
            )
    return tuple(found)


def _standing_measurements(
    standing: Standing, recording: str
) -> tuple[Measurement, ...]:
    found = []
    for side, region, share, _ in standing.load_share:
        found.append(_single("load_share", share, recording, side=side, region=region))
    short = standing.duration_s < SHORTEST_SWAY_S
    for name, value in (
        ("sway_path", standing.sway_path_mm),
        ("sway_area", standing.sway_area_mm2),
    ):
        found.append(_single(name, value, recording, limited=short))
    return tuple(found)


def _single(
    name: str,
    value: float,
    recording: str,
    *,
    side: Side | None = None,
    region: str | None = None,
    limited: bool = False,
) -> Measurement:
    return one_measurement(
        [StrideValue(name=name, value=value, side=side, region=region, start_s=0.0)],
        entry=definition(name),
        side=side,
        region=region,
        recording=recording,
        why=reason("contact_none"),
        limited=limited,
    )


def _quality(
    feet: Sequence[MeasuredFoot],
    rejected: Sequence[tuple[int, Reason]],
    line: ProgressionLine | None,
    *,
    standing: bool,
    left_out: tuple[Reason, ...],
) -> Quality:
    reasons = [*left_out]
    if standing:
        return Quality(status="limited" if reasons else "ok", reasons=left_out)
    if len(rejected) == len(feet):
        reasons.append(reason("plate_no_whole_contact", n=len(feet)))
    elif rejected:
        reasons.append(
            reason("plate_contacts_rejected", n=len(rejected), total=len(feet))
        )
    if line is not None and not line.fitted:
        reasons.append(reason("plate_line_unknown"))
    return Quality(status="limited" if reasons else "ok", reasons=tuple(reasons))


def measure_standing(contacts: Sequence[Contact]) -> Standing:
    """Measure load shares and sway of a standing person.

    Parameters
    ----------
    contacts : sequence of Contact
        Feet of one recording that share most of its time.

    Notes
    -----
    Area = pi * chi2(0.95, 2) * sqrt(l1 * l2) with the eigenvalues l of the covariance
    of the centre of pressure: the ellipse in which 95 % of the points lie. The low-pass
    is a second-order zero-lag Butterworth filter of 10 Hz.
    """
    start = max(contact.start for contact in contacts)
    stop = min(contact.stop for contact in contacts)
    time = contacts[0].time_s[start - contacts[0].start : stop - contacts[0].start]
    interval = float(time[-1] - time[0]) / max(time.size - 1, 1)
    loads, moments = [], []
    for contact in contacts:
        cells = contact.pressure[start - contact.start : stop - contact.start]
        cells = cells.astype(np.float64) * contact.cell_mm2 * 1e-3
        rows, cols = cells.shape[1:]
        x = (np.arange(cols) - (cols - 1) / 2) * contact.pitch_mm[1]
        y = (np.arange(rows) - (rows - 1) / 2) * contact.pitch_mm[0]
        force = cells.sum(axis=(1, 2))
        moments.append(
            np.column_stack(
                [
                    cells.sum(axis=1) @ x + force * contact.center_mm[0],
                    cells.sum(axis=2) @ y + force * contact.center_mm[1],
                ]
            )
        )
        half = rows // 2
        rear = cells[:, :half].sum(axis=(1, 2))
        if rows % 2:  # the middle row belongs to both halves
            rear = rear + cells[:, half].sum(axis=1) / 2
        loads.append((contact.side, force, rear))
    whole = np.sum([force for _, force, _ in loads], axis=0)
    center = np.sum(moments, axis=0) / np.maximum(whole, 1e-9)[:, None]
    center = _smooth(center, 1 / interval if interval > 0 else 0.0)
    steps = np.hypot(*np.diff(center, axis=0).T)
    return Standing(
        duration_s=time.size * interval,
        load_share=_shares(loads, whole),
        center_mm=center,
        sway_path_mm=float(steps.sum()),
        sway_area_mm2=ellipse_area_mm2(center),
    )


def ellipse_area_mm2(center_mm: np.ndarray) -> float:
    """Return the area of the 95 % prediction ellipse of points (time, 2)."""
    covariance = np.cov(center_mm.T)
    determinant = max(float(np.linalg.det(covariance)), 0.0)
    return float(np.pi * CHI2_95_2 * np.sqrt(determinant))


def _shares(
    loads: Sequence[tuple[Side, np.ndarray, np.ndarray]], whole: np.ndarray
) -> tuple[tuple[Side, str, float, float], ...]:
    rows = []
    for side in Side:
        force = np.sum([f for s, f, _ in loads if s is side], axis=0)
        rear = np.sum([r for s, _, r in loads if s is side], axis=0)
        parts = ((TOTAL, force), (FOREFOOT, force - rear), (REARFOOT, rear))
        for region, part in parts:
            if np.ndim(part) == 0:
                continue
            share = 100 * part / np.maximum(whole, 1e-9)
            mean = 100 * float(np.sum(part)) / float(whole.sum())
            rows.append((side, region, mean, float(np.std(share))))
    return tuple(rows)


def _smooth(center: np.ndarray, rate_hz: float) -> np.ndarray:
    from scipy.signal import butter, sosfiltfilt

    shortest = int(3 * rate_hz / LOW_PASS_HZ) + 1
    if rate_hz <= 2.5 * LOW_PASS_HZ or len(center) <= shortest:
        return center
    sections = butter(2, LOW_PASS_HZ, fs=rate_hz, output="sos")
    return np.asarray(sosfiltfilt(sections, center, axis=0, padlen=shortest - 1))
