"""Single numbers of healthy adults: what is usual, and how far left and right differ.

References
----------
Fukuchi, Fukuchi, Duarte (2018). doi:10.7717/peerj.4640
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gaitkit.model.catalogue import definition
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
    Valid near the walking speed of the reference only: ask `gaitkit.norms.comparable`.
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
