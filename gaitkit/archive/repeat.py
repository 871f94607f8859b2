"""Repeatability and norm bands from the clinic's own visits.

Both say what this clinic's recordings do under its own conditions, which a figure from
the literature cannot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri, stdtrit

from gaitkit.archive.query import asking
from gaitkit.archive.ticks import read_ticks
from gaitkit.measure.uncertainty import CHANGE_FACTOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

REPEAT_DAYS = 14
"""Visits of one person within so many days are repeats, where the days are known: the
usual interval of test and retest, too short for a gait to change by itself (Streiner,
Norman and Cairney, Health Measurement Scales, 2015, chapter 8)."""

FEWEST_REPEATED = 5
"""People with repeat visits below which nothing is said (choice of gaitkit)."""

FEWEST_NORMAL = 20
"""People below whom no norm band is drawn: the fewest with which a laboratory may
verify a reference interval (CLSI EP28-A3c)."""

UPPER = 0.975

Measure = tuple[str, str | None, str | None, str]
"""Name, side, region and unit."""

VALUES = """
SELECT m.name, m.side, m.region, m.unit, m.subject, m.visit, v.visited_on,
    avg(m.value) AS value
FROM measurements m JOIN visits v USING (visit)
WHERE m.value IS NOT NULL AND m.subject IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""
"""One value for each visit: recordings of one visit are averaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """How well a measure repeats.

    Attributes
    ----------
    measure : tuple
        Name, side, region, unit.
    people, visits : int
        Behind the figures.
    sem, low, high : float
        Standard error of measurement with its 95 % interval, in the unit.
    mdc : float
        Change that is more than error in 95 % of the cases, for two visits.
    dated : bool
        False when days of visits are unknown, so that real change may be in it.
    """

    measure: Measure
    people: int
    visits: int
    sem: float
    low: float
    high: float
    mdc: float
    dated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where 95 % of single healthy people of this clinic are expected."""

    measure: Measure
    people: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    subject: str
    visit: str
    day: date | None
    value: float


def repeatability(store: Path) -> tuple[Repeatability, ...]:
    """Return the repeatability of every measure with enough repeat visits.

    Raises
    ------
    InputError
        If there is no store.
    """
    found = (_repeat(measure, rows) for measure, rows in _values(store).items())
    return tuple(each for each in found if each is not None)


def own_bands(store: Path) -> tuple[Band, ...]:
    """Return norm bands from the visits that the clinic ticked.

    Of each person the first ticked visit counts, so that nobody counts twice.

    Raises
    ------
    InputError
        If there is no store.
    """
    with asking(store) as base:
        told = base.sql("SELECT visit FROM visits WHERE norm").fetchall()
    ticked = {row[0] for row in told} | set(read_ticks(store))
    bands = []
    for measure, rows in _values(store).items():
        theirs = [row for row in rows if row.visit in ticked]
        first = {row.subject: row.value for row in sorted(theirs, key=_latest_first)}
        band = norm_band(measure, list(first.values()))
        if band is not None:
            bands.append(band)
    return tuple(bands)


def within_subject(
    groups: Sequence[Sequence[float]],
) -> tuple[float, float, float] | None:
    """Return the standard error of measurement and its 95 % interval.

    Parameters
    ----------
    groups : sequence of sequence of float
        Repeated values of each person; people with one value say nothing.

    Returns
    -------
    tuple of float or None
        ``sqrt(sum (x - mean of the person)^2 / sum (k - 1))`` and its interval by the
        chi-square distribution; None without repeats.

    Notes
    -----
    The within-subject standard deviation of a one-way analysis of variance. Wrong
    where the error grows with the value, and too large where people really changed.

    References
    ----------
    Bland JM, Altman DG (1996), Measurement error. doi:10.1136/bmj.313.7059.744
    """
    repeated = [np.asarray(group, float) for group in groups if len(group) > 1]
    dof = sum(group.size - 1 for group in repeated)
    if dof == 0:
        return None
    squares = sum(float(np.sum((group - group.mean()) ** 2)) for group in repeated)
    low = math.sqrt(squares / float(chdtri(dof, 1.0 - UPPER)))
    high = math.sqrt(squares / float(chdtri(dof, UPPER)))
    return math.sqrt(squares / dof), low, high


def norm_band(measure: Measure, values: Sequence[float]) -> Band | None:
    """Return the band of single people, None with fewer than `FEWEST_NORMAL`.

    Notes
    -----
    ``mean +- t(0.975, n - 1) s sqrt(1 + 1/n)``: the prediction interval of a normal
    distribution. Wrong for a skewed measure.

    References
    ----------
    Hahn GJ, Meeker WQ (1991), Statistical Intervals, Wiley.
    """
    n = len(values)
    if n < FEWEST_NORMAL:
        return None
    mean, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    half = float(stdtrit(n - 1, UPPER)) * spread * math.sqrt(1.0 + 1.0 / n)
    return Band(measure=measure, people=n, mean=mean, low=mean - half, high=mean + half)


def _repeat(measure: Measure, rows: Sequence[_Value]) -> Repeatability | None:
    people: dict[str, list[_Value]] = {}
    for row in rows:
        people.setdefault(row.subject, []).append(row)
    repeats = [near for own in people.values() if len(near := _near(own)) > 1]
    found = within_subject([[row.value for row in own] for own in repeats])
    if found is None or len(repeats) < FEWEST_REPEATED:
        return None
    sem, low, high = found
    return Repeatability(
        measure=measure,
        people=len(repeats),
        visits=sum(map(len, repeats)),
        sem=sem,
        low=low,
        high=high,
        mdc=CHANGE_FACTOR * sem,
        dated=all(row.day is not None for own in repeats for row in own),
    )


def _near(own: Sequence[_Value]) -> list[_Value]:
    """Return the visits of a person that lie near the first; all where days lack."""
    days = [row.day for row in own if row.day is not None]
    if len(days) < len(own):
        return list(own)
    first = min(days)
    return [r for r in own if r.day and (r.day - first).days <= REPEAT_DAYS]


def _latest_first(row: _Value) -> tuple[int, str]:
    return (-row.day.toordinal() if row.day else 0, row.visit)


def _values(store: Path) -> Mapping[Measure, list[_Value]]:
    found: dict[Measure, list[_Value]] = {}
    with asking(store) as base:
        rows = base.sql(VALUES).fetchall()
    for name, side, region, unit, subject, visit, day, value in rows:
        found.setdefault((name, side, region, unit), []).append(
            _Value(subject=subject, visit=visit, day=day, value=value)
        )
    return found
