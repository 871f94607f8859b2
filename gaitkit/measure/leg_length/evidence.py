"""What each method says, its readings put together with the error they share.

Within a method the error of a mean is

    sd^2 = shared^2 + 1 / sum_i (1 / own_i^2)

with ``shared`` what stays however often it is repeated, and ``own_i`` what reading
(person, picture) ``i`` has for itself: readings of different people get more weight
than repeats of one. It is the best linear mean for errors that hang together so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.errors import CatalogueError
from gaitkit.measure.leg_length.methods import Method, all_methods, method_named
from gaitkit.measure.leg_length.readings import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.measurement import Measurement

LEAST_OWN_VARIANCE = 1e-6
"""mm2. Keeps two pictures whose whole error is shared at equal weights."""

BY_PEOPLE = ("clinical", "imaging")
"""Kinds of method whose error follows from people and readings; that of the others
comes with each recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one method says in this visit.

    Attributes
    ----------
    method : Method
        The method.
    value_mm, sd_mm : float
        Difference left minus right without the known bias, and its error.
    n, raters : int
        Readings (pictures, strides) and people who took them.
    outdated : bool
        True when a leg changed after it was taken.
    unconfirmed : bool
        True when its error is unconfirmed on real people.
    """

    method: Method
    value_mm: float
    sd_mm: float
    n: int = 1
    raters: int = 1
    outdated: bool = False
    unconfirmed: bool = False

    @property
    def counts(self) -> bool:
        """True when it takes part in the estimate."""
        return self.method.why_not is None and not self.outdated


def of_people(readings: Iterable[Reading]) -> tuple[Evidence, ...]:
    """Put the readings of people together, method by method.

    Parameters
    ----------
    readings : iterable of Reading
        One for each person and method; of one method, outdated ones stay apart.

    Returns
    -------
    tuple of Evidence
        In the order of ``methods.toml``.
    """
    groups: dict[tuple[str, bool], list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[reading.method, reading.outdated].append(reading)
    return tuple(
        _of_people(method, groups[method.name, outdated], outdated=outdated)
        for method in all_methods()
        for outdated in (False, True)
        if (method.name, outdated) in groups
    )


def of_recordings(rows: Iterable[Measurement]) -> tuple[Evidence, ...]:
    """Put the differences of recordings together, method by method.

    Parameters
    ----------
    rows : iterable of Measurement
        ``structural_leg_length_difference`` with a value, each with its own error.

    Returns
    -------
    tuple of Evidence
        In the order of ``methods.toml``. Pictures of one visit share the placing of
        stickers or markers and what the method itself gets wrong; the share is that
        of the file, applied to the smallest error among them.

    Raises
    ------
    CatalogueError
        If a row names a method that is not in the file.
    """
    groups: dict[str, list[Measurement]] = defaultdict(list)
    for row in rows:
        method = method_named(row.method)
        if method is None:
            known = ", ".join(each.name for each in all_methods())
            msg = (
                f"{row.name} of {row.recording}: method {row.method!r} is not in "
                f"measure/leg_length/methods.toml; expected one of {known}"
            )
            raise CatalogueError(msg)
        groups[method.name].append(row)
    return tuple(
        _of_rows(method, groups[method.name])
        for method in all_methods()
        if method.name in groups
    )


def taken_from_files(rows: Iterable[Measurement]) -> tuple[Reading, ...]:
    """Return what files say that people measured: one reading for each value.

    Rows of no recording are those of the examination, which has its own readings. A
    laboratory writes the tape of a visit into every file of it, so equal values are
    one reading.
    """
    found = {
        (row.method, row.value): row
        for row in rows
        if row.value is not None and row.recording is not None and _is_by_people(row)
    }
    return tuple(
        Reading(method=method, rater=f"file {number}", value_mm=value)
        for number, (method, value) in enumerate(found, start=1)
        if value is not None
    )


def pictured(rows: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Return the rows of methods whose error comes with the recording."""
    return tuple(
        row for row in rows if row.value is not None and not _is_by_people(row)
    )


def _is_by_people(row: Measurement) -> bool:
    method = method_named(row.method)
    return method is not None and method.kind in BY_PEOPLE


def _of_people(
    method: Method, readings: Sequence[Reading], *, outdated: bool
) -> Evidence:
    own = [method.rater_mm**2 + method.reading_variance / r.n for r in readings]
    value, variance = _mean([r.value_mm for r in readings], own)
    return Evidence(
        method=method,
        value_mm=value - method.bias_mm,
        sd_mm=math.sqrt(variance + method.method_mm**2 + method.bias_sd_mm**2),
        n=sum(r.taken for r in readings),
        raters=len(readings),
        outdated=outdated,
        unconfirmed=method.unconfirmed,
    )


def _of_rows(method: Method, rows: Sequence[Measurement]) -> Evidence:
    variances = [(row.sd or method.sd_mm) ** 2 for row in rows]
    shared = method.staying_share * min(variances)
    own = [max(variance - shared, LEAST_OWN_VARIANCE) for variance in variances]
    value, variance = _mean([row.value or 0.0 for row in rows], own)
    return Evidence(
        method=method,
        value_mm=value - method.bias_mm,
        sd_mm=math.sqrt(variance + shared + method.bias_sd_mm**2),
        n=sum(max(row.n, 1) for row in rows),
        unconfirmed=method.unconfirmed or any(row.unconfirmed for row in rows),
    )


def _mean(values: Sequence[float], variances: Sequence[float]) -> tuple[float, float]:
    """Return the precision-weighted mean of independent values and its variance."""
    information = [1.0 / variance for variance in variances]
    total = math.fsum(information)
    weighted = (i * v for i, v in zip(information, values, strict=True))
    return math.fsum(weighted) / total, 1.0 / total
