"""Everything about one contact: axis, regions, values, curves, centre of pressure.

Force and pressure over time, of the whole foot and of each region.

Pressure, force, area and time of each region and of the whole foot.

Notes
-----
``pressure_time_integral`` is novel's: the integral over time of the highest cell of
the region. (Melai 2011 divides the impulse by the area instead; the two differ by a
factor of two and more and must not be compared.) Shares of contact are in per cent of
stance, shares of impulse in per cent of the foot.

References
----------
Melai T et al. (2011). Calculation of plantar pressure time integral, an alternative
approach. Gait Posture 34:379-383. doi:10.1016/j.gaitpost.2011.06.005

The centre of pressure of one foot, its path, speed and excursion.

References
----------
Song J et al. (1996). Foot type biomechanics: comparison of planus and rectus foot
types. J Am Podiatr Med Assoc 86:16-23. doi:10.7547/87507315-86-1-16 (excursion index)

Arch indices from the footprint: shape only, pressure-weighted, and by widths.

Notes
-----
Cut-offs of ink prints do not hold on plates: with a floor of 10 kPa, 120 normal emed
steps had an arch index of 0.17 +- 0.06, and 28 % of them no midfoot contact at all.
So no label is given here.

References
----------
Cavanagh PR, Rodgers MM (1987). The arch index. J Biomech 20:547-551.
doi:10.1016/0021-9290(87)90255-7
Chu WC et al. (1995). The use of arch index to characterize arch height: a digital
image processing approach. IEEE Trans Biomed Eng 42:1088-1093. doi:10.1109/10.469375
Forriol F, Pascual J (1990). Footprint analysis between three and seventeen years of
age. Foot Ankle 11:101-104. doi:10.1177/107110079001100208
Staheli LT, Chew DE, Corbett M (1987). The longitudinal arch. J Bone Joint Surg Am
69:426-428.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.footprint import (
    BORDER_POWER,
    Axis,
    FootGrid,
    Footprint,
    find_axis,
    foot_grid,
    footprint_of,
    length_bounds,
    principal_axis,
)
from gaitkit.measure.foot.regions import FootRegions, find_regions
from gaitkit.measure.foot.roll_off import medial_lateral_balance, roll_off
from gaitkit.model.contact import (
    REGIONS,
    Contact,
    ContactCorrection,
    ContactFlag,
    FootAxis,
)
from gaitkit.model.plate import CenterOfPressure, FootLoad, MeasuredFoot
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.measure.foot.footprint import Footprint
    from gaitkit.measure.foot.regions import FootRegions
    from gaitkit.measure.foot.settings import FootSettings

TOTAL = "total"
Value = tuple[str, str | None, float]
"""Name in the catalogue, region, value (NaN where there is none)."""

LOW_PASS_HZ = 20.0
"""Cut-off of the smoothing (code of the StepUP-P150 data set)."""

FEWEST_FRAMES = 10
"""A shorter roll-off has no path."""

DISTAL_TERTILE = 2.0 / 3.0
THIRDS = 3


def measure_foot(
    contact: Contact,
    *,
    settings: FootSettings,
    correction: ContactCorrection | None = None,
) -> MeasuredFoot | None:
    """Measure one contact.

    Parameters
    ----------
    contact : Contact
        As found.
    settings : FootSettings
        Threshold, axis method and borders.
    correction : ContactCorrection, optional
        Axis and borders set by hand.

    Returns
    -------
    MeasuredFoot or None
        None when the footprint is too small to have an axis.
    """
    threshold = settings.contacts.threshold_kpa
    if not (contact.pressure >= threshold).any():
        return None
    foot = footprint_of(contact, threshold_kpa=threshold)
    axis = _axis(contact, foot, settings, correction)
    if axis is None:
        return None
    borders = settings.borders
    if correction is not None and correction.borders is not None:
        borders = correction.borders
    regions = find_regions(foot, axis, borders=borders)
    load = foot_load(
        foot,
        regions.mask,
        time_s=contact.time_s,
        stance_force_n=settings.stance_force_n,
    )
    peak_only = contact.time_s.size == 1
    path = None if peak_only else center_of_pressure(foot, axis, load, regions)
    found = [
        *shape_values(foot, regions.mask, load),
        *_arch_values(foot, axis, regions),
    ]
    if not peak_only:
        found += timed_values(load, threshold_kpa=threshold)
        found += _roll_off_values(load, path, regions, threshold)
    return MeasuredFoot(
        contact=_described(contact, foot, axis, regions, settings, correction),
        values=_known(found, contact),
        load=load,
        path=path,
        path_mm=_on_plate_path(contact, path),
        heel_mm=_on_plate(contact, axis.lateral_mm, axis.forward_mm),
        peak_only=peak_only,
    )


def _axis(
    contact: Contact,
    foot: Footprint,
    settings: FootSettings,
    correction: ContactCorrection | None,
) -> Axis | None:
    if correction is None or correction.heel_mm is None or correction.toe_mm is None:
        return find_axis(foot, method=settings.axis)
    sign = -1.0 if contact.side is Side.LEFT else 1.0
    (hx, hy), (tx, ty) = correction.heel_mm, correction.toe_mm
    return Axis(
        lateral_mm=sign * (hx - contact.center_mm[0]),
        forward_mm=hy - contact.center_mm[1],
        angle_rad=float(np.arctan2(sign * (tx - hx), ty - hy)),
    )


def _described(
    contact: Contact,
    foot: Footprint,
    axis: Axis,
    regions: FootRegions,
    settings: FootSettings,
    correction: ContactCorrection | None,
) -> Contact:
    low, high = length_bounds(foot, axis)
    check = np.degrees(axis.angle_rad - principal_axis(foot).angle_rad)
    manual = correction is not None and correction.heel_mm is not None
    unsure = not manual and abs(check) > settings.axis_check_deg
    mask = regions.mask
    return replace(
        contact,
        axis=FootAxis(
            heel_mm=_on_plate(contact, *axis.point(low)),
            toe_mm=_on_plate(contact, *axis.point(high)),
            angle_deg=float(np.degrees(axis.angle_rad)),
            method="manual" if manual else settings.axis,
            check_deg=float(check),
        ),
        regions=mask[:, ::-1] if contact.side is Side.LEFT else mask,
        borders=regions.borders,
        flags=contact.flags | ({ContactFlag.AXIS_UNSURE} if unsure else set()),
    )


def _on_plate(contact: Contact, lateral: float, forward: float) -> tuple[float, float]:
    sign = -1.0 if contact.side is Side.LEFT else 1.0
    return contact.center_mm[0] + sign * lateral, contact.center_mm[1] + forward


def _on_plate_path(contact: Contact, path: CenterOfPressure | None) -> np.ndarray:
    if path is None:
        return np.zeros((0, 2))
    sign = -1.0 if contact.side is Side.LEFT else 1.0
    right = contact.center_mm[0] + sign * path.lateral_mm
    return np.column_stack([right, contact.center_mm[1] + path.forward_mm])


def _arch_values(foot: Footprint, axis: Axis, regions: FootRegions) -> Iterator[Value]:
    arch = arch_indices(foot, axis, regions)
    yield "arch_index", None, arch.arch_index
    yield "modified_arch_index", None, arch.modified_arch_index
    yield "chippaux_smirak_index", None, arch.chippaux_smirak_index
    yield "staheli_index", None, arch.staheli_index
    yield "foot_length", None, regions.grid.length_mm
    across = axis.across(foot.lateral_mm, foot.forward_mm)
    yield "foot_width", None, float(np.ptp(across)) + foot.pitch_mm[1]


def _roll_off_values(
    load: FootLoad,
    path: CenterOfPressure | None,
    regions: FootRegions,
    threshold: float,
) -> Iterator[Value]:
    phases = roll_off(load, threshold_kpa=threshold)
    yield "initial_contact_phase", None, phases.initial_contact
    yield "forefoot_contact_phase", None, phases.forefoot_contact
    yield "foot_flat_phase", None, phases.foot_flat
    yield "forefoot_push_off_phase", None, phases.push_off
    yield "medial_lateral_balance", None, medial_lateral_balance(load)
    if path is not None:
        index = excursion_index(path, regions, threshold_kpa=threshold)
        yield "center_of_pressure_excursion_index", None, index
        yield "center_of_pressure_path", None, path.path_mm
        yield "center_of_pressure_velocity", None, float(path.velocity_mm_s.mean())


def _known(found: list[Value], contact: Contact) -> tuple[StrideValue, ...]:
    return tuple(
        StrideValue(
            name=name,
            value=value,
            side=contact.side,
            region=region,
            start_s=float(contact.time_s[0]),
        )
        for name, region, value in found
        if np.isfinite(value)
    )


def foot_load(
    foot: Footprint, mask: np.ndarray, *, time_s: np.ndarray, stance_force_n: float
) -> FootLoad:
    """Return force and pressure over time.

    Parameters
    ----------
    foot : Footprint
        The foot.
    mask : ndarray (row, col)
        Region numbers.
    time_s : ndarray (time,)
        Times of its frames.
    stance_force_n : float
        Stance lasts while the force is at least this, between its first and last
        time; of a foot that never reaches it, the whole contact is stance.
    """
    force = foot.pressure.sum(axis=(1, 2), dtype=np.float64) * foot.newton_per_kpa
    loads = np.zeros((force.size, len(REGIONS)))
    peaks = np.zeros((force.size, len(REGIONS)))
    for index in range(len(REGIONS)):
        row, col = np.nonzero(mask == index + 1)
        if row.size:
            cells = foot.pressure[:, row, col]
            loads[:, index] = cells.sum(axis=1, dtype=np.float64) * foot.newton_per_kpa
            peaks[:, index] = cells.max(axis=1)
    standing = np.flatnonzero(force >= stance_force_n)
    if standing.size == 0:
        standing = np.array([0, force.size - 1])
    count = time_s.size
    interval = (time_s[-1] - time_s[0]) / (count - 1) if count > 1 else float("nan")
    return FootLoad(
        time_s=time_s,
        interval_s=float(interval),
        force_n=force,
        region_force_n=loads,
        region_peak_kpa=peaks,
        first=int(standing[0]),
        last=int(standing[-1]),
    )


def shape_values(foot: Footprint, mask: np.ndarray, load: FootLoad) -> Iterator[Value]:
    """Yield area, peak pressure and peak force of the regions and the whole."""
    area = np.bincount(mask.ravel(), minlength=len(REGIONS) + 1)[1:] * foot.cell_cm2
    for index, region in enumerate(REGIONS):
        yield "contact_area", region.value, float(area[index])
        yield "peak_pressure", region.value, _peak(load.region_peak_kpa[:, index])
        yield "peak_force", region.value, _peak(load.region_force_n[:, index])
    yield "contact_area", TOTAL, float(area.sum())
    yield "peak_pressure", TOTAL, float(foot.peak.max())
    yield "peak_force", TOTAL, float(load.force_n.max())


def timed_values(load: FootLoad, *, threshold_kpa: float) -> Iterator[Value]:
    """Yield contact time, integrals and shares; all NaN for a single picture."""
    stance = load.stance
    step = load.interval_s
    whole = float(load.force_n[stance].sum())
    frames = load.last - load.first + 1
    yield "contact_time", None, load.contact_time_s
    for index, region in enumerate(REGIONS):
        peak = load.region_peak_kpa[stance, index]
        touched = int((peak >= threshold_kpa).sum())
        force = float(load.region_force_n[stance, index].sum())
        absent = touched == 0 or not np.isfinite(step)
        missing = float("nan")
        integral = missing if absent else float(peak.sum()) * step
        yield "pressure_time_integral", region.value, integral
        share = missing if np.isnan(step) else 100 * force / whole
        yield "impulse_share", region.value, share
        contact = missing if np.isnan(step) else 100 * touched / frames
        yield "contact_share", region.value, contact
    highest = load.region_peak_kpa[stance].max(axis=1)
    yield "pressure_time_integral", TOTAL, float(highest.sum()) * step


def _peak(values: np.ndarray) -> float:
    highest = float(values.max(initial=0.0))
    return highest if highest > 0 else float("nan")


def center_of_pressure(
    foot: Footprint, axis: Axis, load: FootLoad, regions: FootRegions
) -> CenterOfPressure | None:
    """Return the centre of pressure during stance, None for too short a contact.

    Notes
    -----
    Sum of p*xy over sum of p on all loaded cells, in double precision; then a
    second-order zero-lag Butterworth low-pass of 20 Hz where the rate allows it.
    """
    frames = np.arange(load.first, load.last + 1)
    frames = frames[load.force_n[frames] > 0]
    if frames.size < FEWEST_FRAMES:
        return None
    rows, cols = foot.peak.shape
    cells = foot.pressure[frames].astype(np.float64)
    total = cells.sum(axis=(1, 2))
    x = (np.arange(cols) - (cols - 1) / 2) * foot.pitch_mm[1]
    y = (np.arange(rows) - (rows - 1) / 2) * foot.pitch_mm[0]
    lateral = (cells.sum(axis=1) @ x) / total
    forward = (cells.sum(axis=2) @ y) / total
    rate = 1 / load.interval_s
    lateral, forward = (_smooth(path, rate) for path in (lateral, forward))
    return CenterOfPressure(
        time_s=load.time_s[frames],
        lateral_mm=lateral,
        forward_mm=forward,
        along_mm=axis.along(lateral, forward) - regions.grid.start_mm,
        across_mm=axis.across(lateral, forward),
        length_mm=regions.grid.length_mm,
    )


def excursion_index(
    path: CenterOfPressure, regions: FootRegions, *, threshold_kpa: float
) -> float:
    """Return the centre of pressure excursion index, % of the forefoot width.

    Parameters
    ----------
    path : CenterOfPressure
        The roll-off.
    regions : FootRegions
        Its grid gives the width of the forefoot.
    threshold_kpa : float
        Contact of the width.

    Returns
    -------
    float
        Positive when the path bulges laterally; NaN when the path does not cross the
        distal tertile of the foot.

    Notes
    -----
    The construction line runs from the first to the last centre of pressure. At two
    thirds of the length, the distance across the foot between the path (its first
    crossing) and the line is divided by the width of the footprint there. Deviation
    from Song: across means perpendicular to the foot axis, not to the medial border.
    """
    level = DISTAL_TERTILE * path.length_mm
    along, across = path.along_mm, path.across_mm
    crossing = np.flatnonzero((along[:-1] < level) & (along[1:] >= level))
    if crossing.size == 0 or along[-1] - along[0] <= 0:
        return float("nan")
    at = int(crossing[0])
    part = (level - along[at]) / (along[at + 1] - along[at])
    here = across[at] + part * (across[at + 1] - across[at])
    share = (level - along[0]) / (along[-1] - along[0])
    line = across[0] + share * (across[-1] - across[0])
    grid = regions.grid
    row = int(np.argmin(np.abs(grid.along_mm - level)))
    loaded = np.flatnonzero(grid.values[row] >= threshold_kpa)
    if loaded.size == 0:
        return float("nan")
    width = float(np.ptp(grid.across_mm[loaded])) + float(
        grid.across_mm[1] - grid.across_mm[0]
    )
    return float(100 * (here - line) / width)


def _smooth(path: np.ndarray, rate_hz: float) -> np.ndarray:
    from scipy.signal import butter, sosfiltfilt

    if rate_hz <= 2.5 * LOW_PASS_HZ:
        return path
    sections = butter(2, LOW_PASS_HZ, fs=rate_hz, output="sos")
    pad = min(path.size - 1, int(rate_hz / LOW_PASS_HZ) * 3)
    return np.asarray(sosfiltfilt(sections, path, padlen=pad))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchIndices:
    """Four numbers about the arch; NaN where the footprint cannot give one.

    Attributes
    ----------
    arch_index : float
        Area of the middle third over the area of the toeless foot.
    modified_arch_index : float
        The same with the peak pressures summed instead of the cells counted.
    chippaux_smirak_index : float
        Smallest width of the midfoot over largest width of the forefoot, %.
    staheli_index : float
        Smallest width of the midfoot over largest width of the heel.
    """

    arch_index: float
    modified_arch_index: float
    chippaux_smirak_index: float
    staheli_index: float


def arch_indices(foot: Footprint, axis: Axis, regions: FootRegions) -> ArchIndices:
    """Return the arch indices of a footprint.

    Parameters
    ----------
    foot : Footprint
        The foot.
    axis : Axis
        Its long axis; the toeless length along it is cut into equal thirds.
    regions : FootRegions
        Tells the toes, which are left out.

    Notes
    -----
    The outline runs between the sensors, where the root of the pressure crosses that
    of the threshold, so that the index does not jump with the place of the foot on
    the sensors (counting whole sensors of 5 mm doubles its error). Deviation from
    Cavanagh and Rodgers: their axis ends at the tip of the second toe, which a plate
    does not show in every step.
    """
    grid = foot_grid(foot, axis, power=BORDER_POWER)
    sole = grid.values >= foot.threshold_kpa**BORDER_POWER
    sole &= grid.along_mm[:, None] < regions.toe_line_mm
    rows = np.flatnonzero(sole.any(axis=1))
    if rows.size == 0:
        return _none()
    half = float(grid.along_mm[1] - grid.along_mm[0]) / 2
    low = float(grid.along_mm[rows[0]]) - half
    high = float(grid.along_mm[rows[-1]]) + half
    inside = _in_middle_third(grid.along_mm, half, low, high)
    area = sole.sum(axis=1)
    kpa = (sole * grid.values ** (1 / BORDER_POWER)).sum(axis=1)
    widths = _widths(grid, sole, low, high)
    heel, middle, ball = (widths[0].max(), widths[1].min(), widths[2].max())
    return ArchIndices(
        arch_index=float((inside * area).sum() / area.sum()),
        modified_arch_index=float((inside * kpa).sum() / kpa.sum()),
        chippaux_smirak_index=_ratio(100 * middle, ball),
        staheli_index=_ratio(middle, heel),
    )


def _in_middle_third(
    along: np.ndarray, half: float, low: float, high: float
) -> np.ndarray:
    """Return which part of each slice lies in the middle third, 0 to 1."""
    third = (high - low) / THIRDS
    start, stop = low + third, high - third
    overlap = np.minimum(along + half, stop) - np.maximum(along - half, start)
    return np.asarray(np.clip(overlap / (2 * half), 0.0, 1.0))


def _widths(
    grid: FootGrid, sole: np.ndarray, low: float, high: float
) -> list[np.ndarray]:
    """Return the contact widths (mm) of the slices of each third of the sole."""
    width = sole.sum(axis=1) * float(grid.across_mm[1] - grid.across_mm[0])
    third = (high - low) / THIRDS
    cuts = [low, low + third, high - third, high]
    parts = [
        width[(grid.along_mm >= a) & (grid.along_mm < b)] for a, b in pairwise(cuts)
    ]
    return [part if part.size else np.zeros(1) for part in parts]


def _ratio(over: float, under: float) -> float:
    return float(over / under) if under > 0 else float("nan")


def _none() -> ArchIndices:
    nan = float("nan")
    return ArchIndices(
        arch_index=nan,
        modified_arch_index=nan,
        chippaux_smirak_index=nan,
        staheli_index=nan,
    )
