"""Step length and cadence that are usual at the speed at which somebody walks.

References
----------
Fukuchi, Fukuchi, Duarte (2018), version 6 of the data. doi:10.6084/m9.figshare.5722711
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from gaitkit.norms.discrete import NormValue
from gaitkit.norms.source import read_table, reference

AgeGroup = Literal["young", "older"]
SpeedMeasure = Literal["step_length", "cadence"]

OLDER_FROM_YEARS = 50.0
"""Age from which the older group is the reference; its members were 50 to 84 years,
the young 21 to 37 (ages in the same table). Between 37 and 50 the young stand in."""

_MEASURES: dict[SpeedMeasure, tuple[str, str]] = {
    "step_length": ("step_length_m", "step_length_sd"),
    "cadence": ("cadence_per_min", "cadence_sd"),
}


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
