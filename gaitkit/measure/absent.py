"""What nobody measured in a visit, said in so many words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definitions
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.catalogue import Group, MeasureDefinition

ASKED: tuple[Group, ...] = ("leg_length",)
"""Groups of which a report always says that they were not measured."""


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
            yield Measurement(
                name=entry.name,
                unit=entry.unit,
                value=None,
                side=side,
                region=region,
                why_missing=reason("not_measured"),
            )
