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

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from gaitkit.model.catalogue import definition
from gaitkit.model.reason import Reason, reason
from gaitkit.norms.source import Reference, read_table, reference

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
    """

    measure: str
    mean: float
    sd: float
    low: float | None
    high: float | None
    n: int
    reference: Reference

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
