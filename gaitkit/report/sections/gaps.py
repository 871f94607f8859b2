"""Measures without a value, gathered under the reason that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.measure.symmetry import INDEX
from gaitkit.model.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.side import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One reason and the names of all measures that are missing because of it."""

    reason: Reason
    measures: tuple[str, ...]


def gaps(measurements: Sequence[Measurement]) -> tuple[Gap, ...]:
    """Return why measures are missing, the reason with most measures first.

    A measure that some other recording does give is not missing; a symmetry index
    follows from its two sides and is not named by itself.
    """
    given = {_what(m) for m in measurements if m.value is not None}
    found: dict[Reason, dict[str, None]] = {}
    for m in measurements:
        if m.why_missing is not None and m.name != INDEX and _what(m) not in given:
            found.setdefault(m.why_missing, {})[m.name] = None
    listed = (Gap(reason=why, measures=tuple(names)) for why, names in found.items())
    return tuple(sorted(listed, key=lambda gap: -len(gap.measures)))


def _what(measurement: Measurement) -> tuple[str, Side | None, str | None]:
    return measurement.name, measurement.side, measurement.region
