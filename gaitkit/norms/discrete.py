"""Single numbers of healthy adults: what is usual, and how far left and right differ.

References
----------
Fukuchi, Fukuchi, Duarte (2018). doi:10.7717/peerj.4640

Step length and cadence that are usual at the speed at which somebody walks.

References
----------
Fukuchi, Fukuchi, Duarte (2018), version 6 of the data. doi:10.6084/m9.figshare.5722711

Whether a person may be compared with a reference at all (rule Q03).

Joint angles change with walking speed, so a band of healthy adults at their own
comfortable speed says nothing about somebody who walks much slower or faster.

References
----------
Fukuchi, Fukuchi, Duarte (2019), effects of walking speed.
doi:10.1186/s13643-019-1063-z
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from gaitkit.errors import ExtensionError
from gaitkit.model.catalogue import definition
from gaitkit.model.extension import Additions
from gaitkit.model.reason import Reason, reason
from gaitkit.norms.source import Reference, read_table, reference

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLUMNS = (
    "measure",
    "mean",
    "sd",
    "p2_5",
    "p97_5",
    "difference_mean",
    "difference_sd",
    "difference_abs_mean",
    "difference_abs_p95",
)
AgeGroup = Literal["young", "older"]
SpeedMeasure = Literal["step_length", "cadence"]
OLDER_FROM_YEARS = 50.0
"""Age from which the older group is the reference; its members were 50 to 84 years,
the young 21 to 37 (ages in the same table). Between 37 and 50 the young stand in."""

_MEASURES: dict[SpeedMeasure, tuple[str, str]] = {
    "step_length": ("step_length_m", "step_length_sd"),
    "cadence": ("cadence_per_min", "cadence_sd"),
}
MAX_SPEED_DIFFERENCE_M_S = 0.15
"""Largest difference in speed at which angles are still compared: about one standard
deviation of the comfortable speed of the reference adults (0.15 to 0.17 m/s). A choice
of gaitkit; the review above shows that speed matters but names no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormValue:
    """One measure in healthy people, in the unit of the catalogue.

    Attributes
    ----------
    measure : str
        Name in the catalogue.
    mean, sd : float
        Over single limbs (over persons for a measure without a side).
    low, high : float or None
        2.5 and 97.5 percentile; None where the source gives mean and sd only.
    n : int
        Limbs (persons) behind it.
    reference : Reference
        Source.
    age_years, speed_m_s : tuple of float or None
        From which age and walking speed, up to which (not included); None for any.
    """

    measure: str
    mean: float
    sd: float
    low: float | None
    high: float | None
    n: int
    reference: Reference
    age_years: tuple[float, float] | None = None
    speed_m_s: tuple[float, float] | None = None

    def holds_for(self, *, speed_m_s: float | None, age_years: float | None) -> bool:
        """Return whether somebody of that age, at that speed, may be compared."""
        asked = ((self.speed_m_s, speed_m_s), (self.age_years, age_years))
        return all(
            limits is None or (value is not None and limits[0] <= value < limits[1])
            for limits, value in asked
        )

    def z(self, value: float) -> float:
        """Return how many standard deviations a value lies above the mean."""
        return (value - self.mean) / self.sd


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymmetryLimit:
    """How far left and right differ in healthy people.

    Attributes
    ----------
    measure : str
        Name in the catalogue.
    mean, sd : float
        Of left minus right.
    mean_absolute, p95_absolute : float
        Mean and 95th percentile of the size of the difference.
    n : int
        Persons behind it.
    reference : Reference
        Source.
    """

    measure: str
    mean: float
    sd: float
    mean_absolute: float
    p95_absolute: float
    n: int
    reference: Reference


def discrete(measure: str) -> NormValue | None:
    """Return what is usual for a measure in healthy adults, or None when unknown.

    Parameters
    ----------
    measure : str
        Name in the catalogue; signs are those of the catalogue.

    Raises
    ------
    CatalogueError
        If the measure is not in the catalogue.

    Notes
    -----
    Valid near the walking speed of the reference only: ask `gaitkit.norms.discrete`.
    """
    row = _rows().get(definition(measure).name)
    if row is None:
        return None
    mean, sd, low, high = row[:4]
    source = reference("fukuchi2018")
    return NormValue(
        measure=measure,
        mean=mean,
        sd=sd,
        low=low,
        high=high,
        n=source.limbs,
        reference=source,
    )


def asymmetry_limit(measure: str) -> AsymmetryLimit | None:
    """Return how far left and right differ in healthy adults, or None when unknown.

    Parameters
    ----------
    measure : str
        Name in the catalogue.

    Raises
    ------
    CatalogueError
        If the measure is not in the catalogue.

    Notes
    -----
    One stride a side: the 95th percentile holds the stride-to-stride spread and the
    marker error of the laboratory as well as true asymmetry, so it is on the wide side.
    """
    row = _rows().get(definition(measure).name)
    if row is None:
        return None
    mean, sd, mean_absolute, p95_absolute = row[4:]
    source = reference("fukuchi2018")
    return AsymmetryLimit(
        measure=measure,
        mean=mean,
        sd=sd,
        mean_absolute=mean_absolute,
        p95_absolute=p95_absolute,
        n=source.subjects,
        reference=source,
    )


_OWN: Additions[list[NormValue]] = Additions("norm")


def register_norms(norms: Iterable[NormValue]) -> None:
    """Add norms of one's own: of children, of a clinic's own cohort, per age or speed.

    They take the place of those that come with gaitkit wherever a value is shown
    beside what is usual. The rules and the chain keep their own limits.

    Parameters
    ----------
    norms : iterable of NormValue
        At most one for each measure, age and speed; `read_norms` reads them from CSV.

    Raises
    ------
    CatalogueError
        If a measure is not in the catalogue.
    ExtensionError
        If a standard deviation is not above 0, limits are the wrong way round, or two
        norms hold for the same people.

    Examples
    --------
    >>> from gaitkit.model.text import Text
    >>> from gaitkit.norms import NormValue, Reference, norm_for, register_norms
    >>> ours = Reference(
    ...     key="ours",
    ...     title="Children who walked here",
    ...     authors="Our clinic",
    ...     year=2026,
    ...     population=Text(nl="20 kinderen", en="20 children"),
    ...     subjects=20,
    ...     limbs=40,
    ... )
    >>> norm = NormValue(
    ...     measure="cadence",
    ...     mean=130.0,
    ...     sd=8.0,
    ...     low=None,
    ...     high=None,
    ...     n=20,
    ...     reference=ours,
    ...     age_years=(4.0, 12.0),
    ... )
    >>> register_norms([norm])
    >>> norm_for("cadence", age_years=7.0, speed_m_s=None).mean
    130.0
    >>> forget_norms("cadence")
    """
    known = _OWN.known()
    for norm in norms:
        name = definition(norm.measure).name
        _check_norm(norm)
        if not any(_overlap(norm, other) for other in known.get(name, ())):
            if name not in known:
                _OWN.add(name, [])
            known[name].append(norm)
            continue
        msg = f"two norms of {name!r} hold for the same people; give each its ages"
        raise ExtensionError(msg)


def forget_norms(measure: str) -> None:
    """Take away the norms of a measure that were added."""
    _OWN.forget(measure)


def read_norms(path: str | Path, *, reference: Reference) -> tuple[NormValue, ...]:
    """Read norms of one's own from a CSV.

    Parameters
    ----------
    path : str or Path
        Columns ``measure, mean, sd, n`` and, where known, ``low, high`` (2.5 and 97.5
        percentile), ``age_from, age_to`` (years), ``speed_from, speed_to`` (m/s); in
        the units and signs of the catalogue, decimal point.
    reference : Reference
        Who was measured.

    Raises
    ------
    ExtensionError
        If a column is missing or a cell is no number; it names the row.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        msg = f"{path}: expected a CSV of norms ({wrong}); check the file"
        raise ExtensionError(msg) from None
    rows = csv.DictReader(text.splitlines())
    return tuple(
        _norm_of_row(row, f"{path}, row {number}", reference)
        for number, row in enumerate(rows, start=2)
    )


def _norm_of_row(row: dict[str, str], where: str, reference: Reference) -> NormValue:
    def cell(name: str) -> float | None:
        text = (row.get(name) or "").strip()
        return float(text) if text else None

    def limits(name: str) -> tuple[float, float] | None:
        low, high = cell(f"{name}_from"), cell(f"{name}_to")
        if low is None and high is None:
            return None
        return (0.0 if low is None else low, math.inf if high is None else high)

    try:
        norm = NormValue(
            measure=row["measure"].strip(),
            mean=float(row["mean"]),
            sd=float(row["sd"]),
            low=cell("low"),
            high=cell("high"),
            n=int(row["n"]),
            reference=reference,
            age_years=limits("age"),
            speed_m_s=limits("speed"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        msg = f"{where}: expected measure, mean, sd and n ({wrong}); correct it"
        raise ExtensionError(msg) from None
    _check_norm(norm)
    return norm


def _check_norm(norm: NormValue) -> None:
    pairs = [norm.age_years, norm.speed_m_s]
    if norm.low is not None and norm.high is not None:
        pairs.append((norm.low, norm.high))
    known = math.isfinite(norm.mean) and 0 < norm.sd < math.inf and norm.n > 0
    if not known or not all(pair is None or pair[0] < pair[1] for pair in pairs):
        msg = (
            f"the norm of {norm.measure!r} needs a mean, a standard deviation above 0, "
            "n above 0 and limits that rise; correct it"
        )
        raise ExtensionError(msg)


def _overlap(one: NormValue, other: NormValue) -> bool:
    pairs = ((one.age_years, other.age_years), (one.speed_m_s, other.speed_m_s))
    return all(
        a is None or b is None or (a[0] < b[1] and b[0] < a[1]) for a, b in pairs
    )


def own_norm(
    measure: str, *, speed_m_s: float | None, age_years: float | None
) -> NormValue | None:
    """Return the norm of one's own that holds for somebody, or None."""
    fitting = (
        norm
        for norm in _OWN.known().get(measure, ())
        if norm.holds_for(speed_m_s=speed_m_s, age_years=age_years)
    )
    return next(fitting, None)


def norm_for(
    measure: str, *, speed_m_s: float | None, age_years: float | None
) -> NormValue | None:
    """Return what is usual for somebody of an age, at a walking speed.

    Parameters
    ----------
    measure : str
        Name in the catalogue.
    speed_m_s, age_years : float or None
        Walking speed and age; None when unknown.

    Returns
    -------
    NormValue or None
        One's own where one holds (`register_norms`), else that at the speed
        (`norm_at_speed`), else that of comfortable speed (`discrete`): whether a person
        may be compared with it says `why_not_comparable`.
    """
    own = own_norm(measure, speed_m_s=speed_m_s, age_years=age_years)
    if own is not None:
        return own
    if measure in _MEASURES and speed_m_s is not None and age_years is not None:
        known: SpeedMeasure = "cadence" if measure == "cadence" else "step_length"
        return norm_at_speed(known, speed_m_s=speed_m_s, age_years=age_years)
    return discrete(measure)


@cache
def _rows() -> dict[str, tuple[float, ...]]:
    rows = read_table("fukuchi2018_discrete.csv", columns=_COLUMNS)
    return {row[0]: tuple(float(x) for x in row[1:]) for row in rows}


def norm_at_speed(
    measure: SpeedMeasure, *, speed_m_s: float, age_years: float
) -> NormValue | None:
    """Return the usual step length or cadence at a walking speed.

    Parameters
    ----------
    measure : {"step_length", "cadence"}
        Name in the catalogue.
    speed_m_s : float
        Walking speed of the person.
    age_years : float
        Age of the person; it chooses the group.

    Returns
    -------
    NormValue or None
        None outside the speeds that were measured and for children.

    Notes
    -----
    Linear between the mean speeds of the table. The groups walked on a treadmill at
    fixed shares of their own comfortable speed, so the standard deviation holds the
    spread of those speeds too and is wider than that of people at one speed. Body
    height is not taken into account.
    """
    source = reference("wbds_spatiotemporal")
    if age_years < source.valid_from_years:
        return None
    group: AgeGroup = "older" if age_years >= OLDER_FROM_YEARS else "young"
    for lower, upper in pairwise(_levels(group, measure)):
        if lower.speed_m_s <= speed_m_s <= upper.speed_m_s:
            share = (speed_m_s - lower.speed_m_s) / (upper.speed_m_s - lower.speed_m_s)
            return NormValue(
                measure=measure,
                mean=lower.mean + share * (upper.mean - lower.mean),
                sd=lower.sd + share * (upper.sd - lower.sd),
                low=None,
                high=None,
                n=lower.n,
                reference=source,
            )
    return None


class _Level(NamedTuple):
    speed_m_s: float
    mean: float
    sd: float
    n: int


@cache
def _levels(group: AgeGroup, measure: SpeedMeasure) -> tuple[_Level, ...]:
    mean, sd = _MEASURES[measure]
    columns = ("group", "speed_m_s", mean, sd, "n")
    rows = read_table("wbds_spatiotemporal.csv", columns=columns)
    return tuple(
        _Level(float(speed), float(mean), float(sd), int(n))
        for row_group, speed, mean, sd, n in rows
        if row_group == group
    )


def why_not_comparable(
    reference: Reference, *, speed_m_s: float | None, age_years: float | None
) -> Reason | None:
    """Return why a person may not be compared with a reference, or None when they may.

    Parameters
    ----------
    reference : Reference
        Whom to compare with.
    speed_m_s : float or None
        Walking speed of the person in this recording; None when unknown.
    age_years : float or None
        Age of the person; None when unknown, which is taken for adult: the reference
        is always named as adults.

    Returns
    -------
    Reason or None
        ``norm_adults_only``, ``norm_speed_unknown`` or ``norm_speed_differs``.
    """
    if age_years is not None and age_years < reference.valid_from_years:
        return reason("norm_adults_only", age=f"{age_years:.0f}")
    if reference.speed_m_s is None:
        return None
    if speed_m_s is None:
        return reason("norm_speed_unknown", norm=round(reference.speed_m_s, 2))
    if not speeds_match(speed_m_s, reference.speed_m_s):
        return reason(
            "norm_speed_differs",
            speed=f"{speed_m_s:.2f}",
            norm=round(reference.speed_m_s, 2),
            limit=f"{MAX_SPEED_DIFFERENCE_M_S:.2f}",
        )
    return None


def speeds_match(first_m_s: float, second_m_s: float) -> bool:
    """Return whether two walks are close enough in speed to compare their angles.

    It serves for two visits of one person as well as for a person and a reference.
    """
    return abs(first_m_s - second_m_s) <= MAX_SPEED_DIFFERENCE_M_S
