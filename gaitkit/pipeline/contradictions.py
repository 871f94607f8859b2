"""Recordings of one visit that cannot all be of this person, this day and this scale.

Which of two that contradict each other is wrong, nobody can tell from them: both are
kept and shown, both say why, and no rule uses either. Walks are compared where they
were made under one condition. The limits stand in ``measure/visit_limits.toml``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from gaitkit.measure.foot.plausible import usual_print_mm
from gaitkit.measure.limits import visit_limits
from gaitkit.measure.uncertainty import of_both, uncertainty_of
from gaitkit.model.catalogue import definition
from gaitkit.model.chance import Z_95
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement

SIDED = ("stance", "step_time", "step_length", "single_support")
"""Measures whose sides are told apart well enough to show an exchange."""

PACE = {"cadence": "recordings_cadence_differs",
        "walking_speed": "recordings_speed_differs"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One number of a recording and how well it is known."""

    value: float
    sd: float = 0.0
    digits: int = 0

    def __str__(self) -> str:
        """Return it as a sentence shows it."""
        return f"{self.value:.{self.digits}f}"


def refused_for(analysis: Analysis, reasons: Sequence[Reason]) -> Analysis:
    """Return the recording as one that no rule may use, with the reasons first."""
    if not reasons:
        return analysis
    known = analysis.recording.quality.reasons
    quality = Quality(status="refused", reasons=(*dict.fromkeys(reasons), *known))
    return replace(analysis, recording=replace(analysis.recording, quality=quality))


def without_doubles(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Refuse recordings that are the same bytes as another one of the visit.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit, before anything is told from several of them.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for analysis in analyses:
        alike[analysis.recording.sha256].append(analysis.recording.id)
    found = []
    for analysis in analyses:
        own = analysis.recording
        others = [each for each in alike[own.sha256] if each != own.id]
        why = reason("recordings_same_bytes", others=", ".join(others))
        found.append(refused_for(analysis, (why,) if others else ()))
    return tuple(found)


def without_contradictions(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Refuse recordings of one condition that contradict each other.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.

    Returns
    -------
    tuple of Analysis
        Cadence, speed, the side that differs, the force under a foot and the length of
        the print are compared, each where both recordings have it and its error.
    """
    reasons: dict[str, list[Reason]] = defaultdict(list)
    usable = [a for a in analyses if not a.recording.quality.questioned]
    for one, two in combinations(usable, 2):
        if one.recording.condition != two.recording.condition:
            continue
        for first, second in ((one, two), (two, one)):
            reasons[first.recording.id] += _contradictions(first, second)
    return tuple(refused_for(a, reasons.get(a.recording.id, ())) for a in analyses)


def _contradictions(own: Analysis, other: Analysis) -> Iterator[Reason]:
    name = other.recording.id
    for measure, code in PACE.items():
        mine, theirs = _pace(own, measure), _pace(other, measure)
        limit = visit_limits()[measure].high
        if mine and theirs and _apart(mine, theirs, limit):
            yield reason(code, own=str(mine), other=name, theirs=str(theirs))
    yield from _exchanged(own, other)
    for code, limit_name, seen in (
        ("recordings_force_differs", "force_ratio", _force),
        ("recordings_feet_differ", "print_ratio", _print),
    ):
        mine, theirs = seen(own), seen(other)
        if mine and theirs and _ratio(mine, theirs) > visit_limits()[limit_name].high:
            yield reason(code, own=str(mine), other=name, theirs=str(theirs))


def _apart(one: Seen, two: Seen, limit: float) -> bool:
    """Tell whether two values differ by more than the limit and than their errors."""
    gap = abs(one.value - two.value)
    return gap > limit and gap > Z_95 * math.hypot(one.sd, two.sd)


def _ratio(one: Seen, two: Seen) -> float:
    low, high = sorted((one.value, two.value))
    return high / low if low > 0 else math.inf


def _pace(analysis: Analysis, measure: str) -> Seen | None:
    for row in analysis.measurements:
        if row.name == measure and row.value is not None and row.sd is not None:
            return Seen(value=row.value, sd=row.sd, digits=definition(measure).digits)
    return None


def _exchanged(own: Analysis, other: Analysis) -> Iterator[Reason]:
    """Yield when the same measure is surely larger on opposite sides."""
    for measure in SIDED:
        mine, theirs = _difference(own, measure), _difference(other, measure)
        if mine and theirs and mine.value * theirs.value < 0:
            sure = all(abs(d.value) > Z_95 * d.sd for d in (mine, theirs))
            if sure:
                yield reason(
                    "recordings_sides_differ",
                    measure=definition(measure).label,
                    other=other.recording.id,
                    own=_more(mine),
                    theirs=_more(theirs),
                )


def _more(difference: Seen) -> Text:
    """Return in words on which side of the other the left lies."""
    if difference.value > 0:
        return Text(nl="groter", en="larger")
    return Text(nl="kleiner", en="smaller")


def _difference(analysis: Analysis, measure: str) -> Seen | None:
    """Return left less right with its error."""
    sides: dict[Side, Measurement] = {
        row.side: row
        for row in analysis.measurements
        if row.name == measure and row.side is not None and row.value is not None
    }
    if len(sides) < len(Side):
        return None
    left, right = sides[Side.LEFT], sides[Side.RIGHT]
    known = [uncertainty_of(row) for row in (left, right)]
    if (
        known[0] is None
        or known[1] is None
        or left.value is None
        or right.value is None
    ):
        return None
    both = of_both(known[0], known[1], weights=(1.0, -1.0))
    return Seen(value=left.value - right.value, sd=both.sd)


def _force(analysis: Analysis) -> Seen | None:
    """Return the usual highest force under a whole foot on a plate, N."""
    values = [
        row.value
        for row in analysis.measurements
        if row.name == "peak_force" and row.region == "total" and row.value is not None
    ]
    walked = all(plate.standing is None for plate in analysis.plates)
    plates = {plate.source.surface for plate in analysis.plates}
    if not values or not walked or plates != {"plate"}:
        return None
    return Seen(value=sum(values) / len(values))


def _print(analysis: Analysis) -> Seen | None:
    """Return the usual length of the print, mm."""
    if {plate.source.surface for plate in analysis.plates} != {"plate"}:
        return None
    feet = [foot for plate in analysis.plates for foot in plate.feet]
    length = usual_print_mm(feet)
    return None if length is None else Seen(value=length)
