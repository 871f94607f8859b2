"""Gait Variable and Gait Profile Scores of healthy adults.

References
----------
Baker et al. (2009). doi:10.1016/j.gaitpost.2009.05.020
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gaitkit.norms.source import Reference, read_table, reference

_COLUMNS = ("score", "mean", "sd", "q25", "median", "q75", "p95")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreNorm:
    """One score of healthy adults, in degrees.

    Each adult was compared with the mean of the other 41 (both limbs).

    Attributes
    ----------
    name : str
        Angle of the Gait Variable Score, ``gps_side`` or ``gps_overall``.
    mean, sd, q25, median, q75, p95 : float
        Distribution over limbs (over persons for ``gps_overall``).
    reference : Reference
        Source.
    """

    name: str
    mean: float
    sd: float
    q25: float
    median: float
    q75: float
    p95: float
    reference: Reference


def score_norm(name: str) -> ScoreNorm | None:
    """Return the score of healthy adults by angle, or None when there is none."""
    return _scores().get(name)


@cache
def _scores() -> dict[str, ScoreNorm]:
    source = reference("fukuchi2018")
    found: dict[str, ScoreNorm] = {}
    for name, *numbers in read_table("fukuchi2018_scores.csv", columns=_COLUMNS):
        mean, sd, q25, median, q75, p95 = (float(x) for x in numbers)
        found[name] = ScoreNorm(
            name=name,
            mean=mean,
            sd=sd,
            q25=q25,
            median=median,
            q75=q75,
            p95=p95,
            reference=source,
        )
    return found
