"""From values of single contacts to one measurement a side, or the reason for none.

Which contacts a measure may use: fully, with a wider error, or not at all.

A flag limits different measures in different ways. A foot that was already loaded
when the record began has lost its first moments, but its shape and axis are whole.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from gaitkit.errors import CatalogueError, ExtensionError
from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.summary import LIMITED_FACTOR
from gaitkit.measure.uncertainty import Sample, combine, own_and_shared
from gaitkit.model.catalogue import (
    MeasureDefinition,
    add_measure,
    definition,
    forget_measure,
)
from gaitkit.model.contact import ContactFlag as Flag
from gaitkit.model.extension import Additions, code_of_others
from gaitkit.model.measurement import PLATE_CONTACTS
from gaitkit.model.plate import MeasuredFoot
from gaitkit.model.reason import reason
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.reason import Reason

MODALITY = "plate"

FOOT_MEASURES = (
    "contact_time",
    "contact_area",
    "peak_force",
    "peak_pressure",
    "pressure_time_integral",
    "impulse_share",
    "contact_share",
    "arch_index",
    "modified_arch_index",
    "chippaux_smirak_index",
    "staheli_index",
    "foot_length",
    "foot_width",
    "center_of_pressure_excursion_index",
    "center_of_pressure_path",
    "center_of_pressure_velocity",
    "medial_lateral_balance",
    "initial_contact_phase",
    "forefoot_contact_phase",
    "foot_flat_phase",
    "forefoot_push_off_phase",
)
"""Measures of one contact, in the order of reports."""

FootMeasure = Callable[[MeasuredFoot], float | Mapping[str, float]]
"""A measure of one's own: takes a contact with its axis, regions, load and values, and
returns a value, or one for each region; NaN where the contact has none."""

_OWN: Additions[FootMeasure] = Additions("foot measure")

Need = Literal["time", "shape", "place"]
"""What a measure rests on: the whole course of the contact, the whole footprint, or
where the foot stood."""

_HARMLESS = frozenset({Flag.AXIS_UNSURE, Flag.SIDE_UNSURE})
_OK: dict[Need, frozenset[Flag]] = {
    "time": _HARMLESS,
    "shape": _HARMLESS | {Flag.CUT_AT_START},
    "place": frozenset({Flag.SIDE_UNSURE, Flag.CUT_AT_START, Flag.OUTLIER}),
}
_LIMITED: dict[Need, frozenset[Flag]] = {
    "time": _HARMLESS | {Flag.CUT_AT_START, Flag.OUTLIER},
    "shape": _HARMLESS | {Flag.CUT_AT_START, Flag.OUTLIER},
    "place": frozenset(
        {Flag.SIDE_UNSURE, Flag.CUT_AT_START, Flag.OUTLIER, Flag.AXIS_UNSURE}
    ),
}
NO_START = frozenset({Flag.CUT_AT_START, Flag.PARTIAL})
NO_END = frozenset({Flag.CUT_AT_END, Flag.PARTIAL})
"""With one of these a contact says nothing of when the foot met, or left, the floor:
of half a foot on the plate the other half may have landed or left at another time."""

_TIMED = frozenset(
    {
        "contact_time",
        "pressure_time_integral",
        "impulse_share",
        "contact_share",
        "medial_lateral_balance",
        "initial_contact_phase",
        "forefoot_contact_phase",
        "foot_flat_phase",
        "forefoot_push_off_phase",
        "center_of_pressure_excursion_index",
        "center_of_pressure_path",
        "center_of_pressure_velocity",
    }
)
_WORST_FIRST = (
    Flag.EXCLUDED,
    Flag.OVERLAP,
    Flag.EDGE,
    Flag.CUT_AT_END,
    Flag.PARTIAL,
    Flag.DRAG,
    Flag.CUT_AT_START,
    Flag.OUTLIER,
    Flag.AXIS_UNSURE,
    Flag.SIDE_UNSURE,
)


def register_foot_measure(entry: MeasureDefinition, measure: FootMeasure) -> None:
    """Add a measure of one's own to every contact of a foot with a plate.

    Its mean over the contacts of a side gets the error that its entry states, and
    stands in ``assessment.json``, the report and the workbook like any other.

    Parameters
    ----------
    entry : MeasureDefinition
        Its entry in the catalogue (`read_definitions` reads one from TOML): of the
        group ``foot``, sided, with an error on a plate and a spread between contacts;
        a number whose error nobody knows is not shown.
    measure : callable
        Takes a `MeasuredFoot`, returns the value in the unit of the entry, or a mapping
        of its regions to values; NaN where this contact has none.

    Raises
    ------
    CatalogueError
        If the catalogue has one of that name, or the entry is no such entry.
    ExtensionError
        If a foot measure of that name was added before.

    Examples
    --------
    >>> from gaitkit.measure import register_foot_measure
    >>> from gaitkit.model.catalogue import read_definitions
    >>> (entry,) = read_definitions("heel_share.toml")  # doctest: +SKIP
    >>> def heel_share(foot):
    ...     force = foot.load.region_force_n
    ...     return 100 * force[:, -2:].sum() / force.sum()
    >>> register_foot_measure(entry, heel_share)  # doctest: +SKIP
    """
    if entry.group != "foot" or not entry.sided:
        msg = f"measure {entry.name!r} of a foot needs group 'foot' and sided = true"
        raise CatalogueError(msg)
    if entry.error(MODALITY) is None or entry.stride_spread is None:
        msg = (
            f"measure {entry.name!r} needs errors.plate and stride_spread: a number "
            "without its error is not shown"
        )
        raise CatalogueError(msg)
    add_measure(_OWN, entry, measure)


def forget_foot_measure(name: str) -> None:
    """Take away a measure that was added, with its entry."""
    forget_measure(_OWN, name)


def foot_measures() -> tuple[str, ...]:
    """Return the measures of one contact, in the order of reports, one's own last."""
    return (*FOOT_MEASURES, *_OWN.known())


def with_own_measures(foot: MeasuredFoot) -> MeasuredFoot:
    """Add the values of the measures that others added.

    Raises
    ------
    ExtensionError
        If one fails, or gives a region that its entry does not name.
    """
    measures = _OWN.known().items()
    own = [value for name, each in measures for value in _own_values(name, each, foot)]
    return replace(foot, values=(*foot.values, *own)) if own else foot


def _own_values(
    name: str, measure: FootMeasure, foot: MeasuredFoot
) -> list[StrideValue]:
    regions, what = definition(name).regions, f"the foot measure {name!r}"
    with code_of_others(what, advice="mend it, or leave it out"):
        found = measure(foot)
        by_region = (
            {str(region): float(value) for region, value in found.items()}
            if isinstance(found, Mapping)
            else {None: float(found)}
        )
    if any(map(math.isinf, by_region.values())):
        msg = f"{what} gives an infinite value"
        raise ExtensionError(f"{msg}; give NaN where a contact has none")
    unknown = set(by_region) - set(regions or (None,))
    if unknown:
        told = ", ".join(map(str, unknown))
        msg = f"{what} gives {told}, which its entry does not name"
        raise ExtensionError(f"{msg}; add it to regions there")
    return [
        StrideValue(
            name=name,
            value=value,
            side=foot.side,
            region=region,
            start_s=float(foot.contact.time_s[0]),
        )
        for region, value in by_region.items()
        if math.isfinite(value)
    ]


def foot_measurements(
    feet: Sequence[MeasuredFoot], *, recording: str | None
) -> tuple[Measurement, ...]:
    """Return every measure of the foot for both sides.

    Parameters
    ----------
    feet : sequence of MeasuredFoot
        All contacts.
    recording : str or None
        Id of the recording; None when they are of several.

    Returns
    -------
    tuple of Measurement
        A side without a usable contact, and a measure that no contact gave, appear
        without a value and say why.
    """
    found = []
    for side in Side:
        own = [foot for foot in feet if foot.side is side]
        for name in foot_measures():
            entry = definition(name)
            used, limited = usable(own, need_of(name))
            for region in entry.regions or (None,):
                values = [
                    v
                    for foot in used
                    for v in foot.values
                    if v.name == name and v.region == region
                ]
                found.append(
                    one_measurement(
                        values,
                        entry=entry,
                        side=side,
                        region=region,
                        recording=recording,
                        limited=limited,
                        why=_why_none(own, bool(used)),
                    )
                )
    return tuple(found)


def one_measurement(  # noqa: PLR0913 - what a measurement consists of
    values: Sequence[StrideValue],
    *,
    entry: MeasureDefinition,
    side: Side | None,
    recording: str | None,
    why: Reason,
    region: str | None = None,
    limited: bool = False,
) -> Measurement:
    """Return the mean of the values with its error, or none and why."""
    origin = Origin(
        name=entry.name, side=side, region=region, method=MODALITY, recording=recording
    )
    if not values:
        return absent(why, origin)
    mean = statistics.fmean(v.value for v in values)
    error = entry.error(MODALITY)
    if error is None or entry.stride_spread is None:
        return absent(reason("error_unknown"), origin)
    spread = statistics.stdev(v.value for v in values) if len(values) > 1 else None
    own, shared = own_and_shared(error)
    known = combine(
        Sample(
            mean=mean,
            n=len(values),
            spread=spread,
            usual_spread=entry.stride_spread.sd,
        ),
        own=own,
        shared=shared,
    )
    return measured(
        mean,
        known.widened(LIMITED_FACTOR) if limited else known,
        replace(
            origin,
            spread=spread,
            n=len(values),
            method=PLATE_CONTACTS,
            quality="ok" if error.holds and not limited else "limited",
        ),
    )


def _why_none(own: Sequence[MeasuredFoot], some_used: bool) -> Reason:
    """Return why a side has no value for a measure."""
    if not own:
        return reason("contact_none")
    if some_used:
        peak_only = all(foot.peak_only for foot in own)
        return reason("plate_peak_only" if peak_only else "contact_without_value")
    reasons = [found for foot in own if (found := rejection(foot)) is not None]
    if not reasons:
        return reason("contact_without_value")
    code = Counter(found.code for found in reasons).most_common(1)[0][0]
    return next(found for found in reasons if found.code == code)


def need_of(name: str) -> Need:
    """Return what a measure rests on."""
    if name == "foot_progression_angle":
        return "place"
    own = name in _OWN.known()
    timed = name in _TIMED or (own and "timing" in definition(name).kinds)
    return "time" if timed else "shape"


def usable(
    feet: Sequence[MeasuredFoot], need: Need
) -> tuple[tuple[MeasuredFoot, ...], bool]:
    """Return the feet that a measure may use, and whether their error is wider.

    Feet without a limiting flag where there are any; otherwise feet with a mild one.
    """
    good = tuple(foot for foot in feet if foot.contact.flags <= _OK[need])
    if good:
        return good, False
    mild = tuple(foot for foot in feet if foot.contact.flags <= _LIMITED[need])
    return mild, bool(mild)


def rejection(foot: MeasuredFoot) -> Reason | None:
    """Return why a contact takes no part in the averages over whole steps."""
    if foot.contact.flags <= _OK["time"]:
        return None
    worst = next(flag for flag in _WORST_FIRST if flag in foot.contact.flags)
    return reason(f"contact_{worst.value}")
