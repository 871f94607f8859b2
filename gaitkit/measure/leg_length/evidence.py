"""What each method says, its readings put together with the error they share.

Within a method the error of a mean is

    sd^2 = shared^2 + 1 / sum_i (1 / own_i^2)

with ``shared`` what stays however often it is repeated, and ``own_i`` what reading
(person, picture) ``i`` has for itself: readings of different people get more weight
than repeats of one. That mean and its error are what is shown. The estimate takes the
likelihood (`method_log`, `together_log`), in which each person may err grossly and the
methods of a standing person share how that person stands.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import CatalogueError
from gaitkit.measure.leg_length.likelihood import (
    pictures_log,
    reading_log,
    with_shared,
)
from gaitkit.measure.leg_length.methods import (
    STANDING,
    ErrorTable,
    Method,
    method_named,
    shipped_errors,
)
from gaitkit.measure.leg_length.posterior import GRID_MM, alone
from gaitkit.measure.leg_length.readings import Reading
from gaitkit.model.standing import PelvisTilt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from gaitkit.model.measurement import Measurement

LEAST_OWN_VARIANCE = 1e-2
"""mm2. Keeps two recordings whose whole error is shared at equal weights."""

BY_PEOPLE = ("clinical", "imaging")
"""Kinds of method whose error follows from people and readings; that of the others
comes with each recording."""

STICKER_PICTURES = "stance_stickers"
"""The method whose evidence are the pictures of the pelvis themselves."""

HAND_FAMILY = "palpated_pelvis"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReading:
    """One reading of a method, and the error that it has for itself."""

    value_mm: float
    sd_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one method says in this visit.

    Attributes
    ----------
    method : Method
        The method.
    value_mm, sd_mm : float
        Difference left minus right without the known bias, and its error.
    readings : tuple of OwnReading
        One for each person or recording, the known bias taken off.
    shared_mm : float
        Error that all readings of the method share.
    tilts : tuple of PelvisTilt
        The pictures, of the method that is judged by them.
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
    readings: tuple[OwnReading, ...] = ()
    shared_mm: float = 0.0
    tilts: tuple[PelvisTilt, ...] = ()
    n: int = 1
    raters: int = 1
    outdated: bool = False
    unconfirmed: bool = False

    @property
    def counts(self) -> bool:
        """True when it takes part in the estimate."""
        return self.method.why_not is None and not self.outdated


def manual_evidence(
    readings: Iterable[Reading], errors: ErrorTable | None = None
) -> tuple[Evidence, ...]:
    """Put the readings of people together, method by method.

    Parameters
    ----------
    readings : iterable of Reading
        One for each person and method; of one method, outdated ones stay apart.
    errors : ErrorTable or None
        None takes those of ``methods.toml``.

    Returns
    -------
    tuple of Evidence
        In the order of ``methods.toml``.
    """
    groups: dict[tuple[str, bool], list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[reading.method, reading.outdated].append(reading)
    return tuple(
        _manual_method(method, groups[method.name, outdated], outdated=outdated)
        for method in (errors or shipped_errors()).methods
        for outdated in (False, True)
        if (method.name, outdated) in groups
    )


def of_recordings(
    rows: Iterable[Measurement], errors: ErrorTable | None = None
) -> tuple[Evidence, ...]:
    """Put the differences of recordings together, method by method.

    Parameters
    ----------
    rows : iterable of Measurement
        ``structural_leg_length_difference`` with a value, each with its own error.
    errors : ErrorTable or None
        None takes those of ``methods.toml``.

    Returns
    -------
    tuple of Evidence
        In the order of ``methods.toml``. Recordings of one visit share the placing of
        markers and what the method itself gets wrong; the share is that of the file,
        applied to the smallest error among them. Pictures with stickers are left out:
        they speak through `of_pictures`.

    Raises
    ------
    CatalogueError
        If a row names a method that is not in the file.
    """
    table = errors or shipped_errors()
    groups: dict[str, list[Measurement]] = defaultdict(list)
    for row in rows:
        method = table.named(row.method)
        if method is None:
            known = ", ".join(each.name for each in table.methods)
            msg = (
                f"{row.name} of {row.recording}: method {row.method!r} is not in "
                f"measure/leg_length/methods.toml; expected one of {known}"
            )
            raise CatalogueError(msg)
        groups[method.name].append(row)
    return tuple(
        _of_rows(method, groups[method.name])
        for method in table.methods
        if method.name in groups and method.name != STICKER_PICTURES
    )


def of_pictures(
    tilts: Sequence[PelvisTilt], errors: ErrorTable | None = None
) -> tuple[Evidence, ...]:
    """Return what the pictures of the pelvis say together; nothing without a stance.

    ``value_mm`` and ``sd_mm`` are mean and spread of their likelihood, gross errors
    left out, without any prior.
    """
    table = errors or shipped_errors()
    method = table.named(STICKER_PICTURES)
    standing = [t for t in tilts if not t.seated]
    if method is None or not standing:
        return ()
    said = alone(_with_standing(_plain_pictures(tilts, table), table))
    return (
        Evidence(
            method=method,
            value_mm=said.mean_mm,
            sd_mm=said.sd_mm,
            tilts=tuple(tilts),
            n=len(tilts),
            unconfirmed=method.unconfirmed
            or any(table.pictures.lines[t.line].unconfirmed for t in standing),
        ),
    )


def method_log(evidence: Evidence, errors: ErrorTable) -> NDArray[np.float64]:
    """Return the log likelihood of one method by itself, at `GRID_MM`."""
    return together_log([evidence], errors)


def together_log(
    evidence: Sequence[Evidence], errors: ErrorTable
) -> NDArray[np.float64]:
    """Return the log likelihood of all methods, at `GRID_MM`.

    Parameters
    ----------
    evidence : sequence of Evidence
        Methods that count, in any order.
    errors : ErrorTable
        What methods share.

    Notes
    -----
    Methods of one family (blocks and book under the same crests) are multiplied and
    share the asymmetry of that pelvis; then all that look at a standing person, and
    share how that person stands; then the rest.
    """
    free = [e for e in evidence if not e.method.standing]
    standing = [e for e in evidence if e.method.standing]
    total = np.zeros_like(GRID_MM)
    for each in free:
        total = total + _own_log(each, errors, less_mm=0.0)
    if standing:
        total = total + _with_standing(_standing_log(standing, errors), errors)
    return total


def _standing_log(
    evidence: Sequence[Evidence], errors: ErrorTable
) -> NDArray[np.float64]:
    total = np.zeros_like(GRID_MM)
    families: dict[str | None, list[Evidence]] = defaultdict(list)
    for each in evidence:
        families[each.method.family].append(each)
    for family, members in families.items():
        shared = 0.0
        if family is not None:
            shared = min(errors.group_sd_mm(family), *(e.shared_mm for e in members))
        own = sum(
            (_own_log(each, errors, less_mm=shared) for each in members),
            np.zeros_like(GRID_MM),
        )
        total = total + with_shared(own, shared)
    return total


def _with_standing(log: NDArray[np.float64], errors: ErrorTable) -> NDArray[np.float64]:
    return with_shared(log, errors.group_sd_mm(STANDING))


def _own_log(
    evidence: Evidence, errors: ErrorTable, *, less_mm: float
) -> NDArray[np.float64]:
    """Return the log likelihood of a method without what its family shares."""
    if evidence.tilts:
        return pictures_log(evidence.tilts, errors.pictures)
    method = evidence.method
    shared = math.sqrt(max(evidence.shared_mm**2 - less_mm**2, 0.0))
    log = sum(
        (
            reading_log(
                each.value_mm,
                each.sd_mm,
                method.gross,
                shared_mm=evidence.shared_mm,
                gain=(method.gain, method.gain_sd),
            )
            for each in evidence.readings
        ),
        np.zeros_like(GRID_MM),
    )
    return with_shared(log, shared)


def _plain_pictures(
    tilts: Sequence[PelvisTilt], errors: ErrorTable
) -> NDArray[np.float64]:
    return pictures_log(tilts, errors.pictures, gross=False)


def readings_from_recordings(rows: Iterable[Measurement]) -> tuple[Reading, ...]:
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


def _manual_method(
    method: Method, readings: Sequence[Reading], *, outdated: bool
) -> Evidence:
    own = [method.rater_mm**2 + method.reading_variance / r.n for r in readings]
    value, variance = _mean([r.value_mm for r in readings], own)
    shared = math.hypot(method.method_mm, method.bias_sd_mm)
    return Evidence(
        method=method,
        value_mm=value - method.bias_mm,
        sd_mm=math.sqrt(variance + shared**2),
        readings=tuple(
            OwnReading(value_mm=r.value_mm - method.bias_mm, sd_mm=math.sqrt(v))
            for r, v in zip(readings, own, strict=True)
        ),
        shared_mm=shared,
        n=sum(r.taken for r in readings),
        raters=len(readings),
        outdated=outdated,
        unconfirmed=method.unconfirmed,
    )


def _of_rows(method: Method, rows: Sequence[Measurement]) -> Evidence:
    variances = [max(row.sd or 0.0, method.sd_mm) ** 2 for row in rows]
    staying = method.staying_share * min(variances)
    own = [max(variance - staying, LEAST_OWN_VARIANCE) for variance in variances]
    value, variance = _mean([row.value or 0.0 for row in rows], own)
    # placed once and read often: a gross error belongs to the placing
    reading = OwnReading(
        value_mm=value - method.bias_mm, sd_mm=math.sqrt(variance + staying)
    )
    value = reading.value_mm / method.gain
    spread = value * method.gain_sd
    return Evidence(
        method=method,
        value_mm=value,
        sd_mm=math.sqrt(reading.sd_mm**2 + method.bias_sd_mm**2 + spread**2)
        / method.gain,
        readings=(reading,),
        shared_mm=method.bias_sd_mm,
        n=sum(max(row.n, 1) for row in rows),
        unconfirmed=method.unconfirmed or any(row.unconfirmed for row in rows),
    )


def _mean(values: Sequence[float], variances: Sequence[float]) -> tuple[float, float]:
    """Return the precision-weighted mean of independent values and its variance."""
    information = [1.0 / variance for variance in variances]
    total = math.fsum(information)
    weighted = (i * v for i, v in zip(information, values, strict=True))
    return math.fsum(weighted) / total, 1.0 / total
