"""From values of single strides to one measurement with its error, or a reason.

Nothing is left out in silence: a measure that a walk should give and that cannot be
given appears without a value and says why.

Placeholder rows, with their reasons, for what was not measured in a visit.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.conditions import why_not
from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.uncertainty import Sample, combine, own_and_shared
from gaitkit.model.catalogue import definitions
from gaitkit.model.reason import reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.measure.conditions import Modality, WalkConditions
    from gaitkit.measure.uncertainty import Uncertainty
    from gaitkit.model.catalogue import Group, MeasureDefinition, MeasurementError
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.strides import StrideValue

LIMITED_FACTOR = 1.5
"""A recording of limited quality widens every error by this. Assumed: no study says how
much worse; it keeps a limited recording from passing for a good one."""

ASKED: tuple[Group, ...] = ("leg_length",)
"""Groups of which a report always says that they were not measured."""


def summarise(
    values: Sequence[StrideValue],
    *,
    entry: MeasureDefinition,
    side: Side | None,
    conditions: WalkConditions,
    region: str | None = None,
) -> Measurement:
    """Return one measure of one side, from its values per stride.

    Parameters
    ----------
    values : sequence of StrideValue
        Values of this measure, region and side (of both feet for a measure of the
        whole person); may be empty.
    entry : MeasureDefinition
        Its entry in the catalogue.
    side : Side or None
        Side of the measurement.
    conditions : WalkConditions
        Facts of the recording.
    region : str or None
        Region, where the measure has one.

    Returns
    -------
    Measurement
        Mean over strides with spread, standard error and 95 % interval (formula in
        `gaitkit.measure.uncertainty`), or no value and why. A mean outside the
        plausible range of the catalogue is an error of measurement and is left out.
    """
    origin = Origin(
        name=entry.name,
        side=side,
        region=region,
        method=conditions.modality,
        recording=conditions.recording.id,
        quality="limited" if conditions.widens(entry) else "ok",
    )
    why = why_not(entry, conditions)
    if why is None and not values:
        why = reason("no_stride_value")
    if why is not None:
        return absent(why, origin)
    mean = statistics.fmean(v.value for v in values)
    known = _uncertainty(values, mean, entry, conditions)
    if known is None:
        return absent(reason("error_unknown"), origin)
    limited = conditions.widens(entry)
    return measured(
        mean,
        known.widened(LIMITED_FACTOR) if limited else known,
        replace(
            origin,
            spread=_spread(values),
            n=len(values),
            method=f"{conditions.modality}, mean over strides",
            quality="limited"
            if limited or conditions.few or not _holds(values, entry, conditions)
            else "ok",
        ),
    )


def method_error(
    entry: MeasureDefinition, modality: Modality
) -> MeasurementError | None:
    """Return the method's error, or None when it is not known.

    A measure that says nothing about the far leg has one error for both.
    """
    found = entry.error(modality)
    return entry.error("video") if found is None and modality == "video_far" else found


def _uncertainty(
    values: Sequence[StrideValue],
    mean: float,
    entry: MeasureDefinition,
    conditions: WalkConditions,
) -> Uncertainty | None:
    """Return how well the mean is known, or None when its error is unknown."""
    modalities = (conditions.modality_of(v.side, start_s=v.start_s) for v in values)
    errors = [method_error(entry, modality) for modality in modalities]
    known = [own_and_shared(error) for error in errors if error is not None]
    scale_sd = _relative_scale_sd(entry, conditions)
    if len(known) < len(values) or entry.stride_spread is None or scale_sd is None:
        return None
    noise = statistics.fmean((v.sd or 0.0) ** 2 for v in values)
    sample = Sample(
        mean=mean,
        n=_separate_strides(values, entry),
        spread=_spread(values),
        usual_spread=math.sqrt(entry.stride_spread.sd**2 + noise),
    )
    return combine(
        sample,
        own=statistics.fmean(own for own, _ in known),
        shared=statistics.fmean(shared for _, shared in known),
        relative_scale_sd=scale_sd,
    )


def _holds(
    values: Sequence[StrideValue], entry: MeasureDefinition, conditions: WalkConditions
) -> bool:
    """Return False where an error of these strides was seen to hold too rarely."""
    modalities = {conditions.modality_of(v.side, start_s=v.start_s) for v in values}
    errors = (method_error(entry, modality) for modality in modalities)
    return all(error is None or error.holds for error in errors)


def _relative_scale_sd(
    entry: MeasureDefinition, conditions: WalkConditions
) -> float | None:
    """Return the relative error of the scale: 0 where it plays no part."""
    calibration = conditions.recording.calibration
    if not entry.needs_scale or calibration.method == "file":
        return 0.0
    return calibration.relative_sd


def _separate_strides(values: Sequence[StrideValue], entry: MeasureDefinition) -> int:
    """Return how many values do not overlap in time.

    A measure of the whole person is taken from the strides of both feet, which cover
    the same walk twice.
    """
    return len(values) if entry.sided else math.ceil(len(values) / 2)


def _spread(values: Sequence[StrideValue]) -> float | None:
    return statistics.stdev(v.value for v in values) if len(values) > 1 else None


def unmeasured(
    measurements: Sequence[Measurement], *, groups: Sequence[Group] = ASKED
) -> tuple[Measurement, ...]:
    """Return a measurement without value for each measure that does not occur.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of a visit.
    groups : sequence of Group
        Groups of the catalogue that are asked for.

    Returns
    -------
    tuple of Measurement
        With the reason ``not_measured``, per side where the measure has sides; of the
        visit, not of a recording. A measure that occurs without value is left as it
        is: it has its own reason.
    """
    present = {measurement.name for measurement in measurements}
    return tuple(
        row
        for entry in definitions()
        if entry.group in groups and entry.name not in present
        for row in _rows(entry)
    )


def _rows(entry: MeasureDefinition) -> Iterator[Measurement]:
    for side in (Side.LEFT, Side.RIGHT) if entry.sided else (None,):
        for region in entry.regions or (None,):
            origin = Origin(name=entry.name, side=side, region=region)
            yield absent(reason("not_measured"), origin)
