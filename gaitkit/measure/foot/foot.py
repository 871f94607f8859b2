"""Everything about one contact: axis, regions, values, curves, centre of pressure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.arch import arch_indices
from gaitkit.measure.foot.axis import Axis, length_bounds, principal_axis
from gaitkit.measure.foot.axis_methods import find_axis
from gaitkit.measure.foot.center_of_pressure import center_of_pressure, excursion_index
from gaitkit.measure.foot.footprint import Footprint, footprint_of
from gaitkit.measure.foot.load import foot_load
from gaitkit.measure.foot.regional import Value, shape_values, timed_values
from gaitkit.measure.foot.regions import FootRegions, find_regions
from gaitkit.measure.foot.roll_off import medial_lateral_balance, roll_off
from gaitkit.model.contact import Contact, ContactCorrection, ContactFlag, FootAxis
from gaitkit.model.foot import CenterOfPressure, FootLoad, MeasuredFoot
from gaitkit.model.side import Side
from gaitkit.model.stride_value import StrideValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.measure.foot.settings import FootSettings


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
