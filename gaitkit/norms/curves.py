"""Joint angles over the gait cycle in healthy adults, as bands to draw or to compare.

References
----------
Fukuchi, Fukuchi, Duarte (2018). doi:10.7717/peerj.4640
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gaitkit.model.strides import CYCLE_POINTS
from gaitkit.norms.source import Reference, read_table, reference

_COLUMNS = ("angle", "mean", "sd", "p2_5", "p50", "p97_5")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceCurve:
    """One angle of healthy adults, 0 to 100 % of the stride in steps of 1 %.

    Attributes
    ----------
    name : str
        Angle, named as waveforms are: ``knee_flexion``, ``pelvic_obliquity``, ...
    mean, sd, low, median, high : tuple of float
        101 values each, degrees; ``low`` and ``high`` are the 2.5 and 97.5
        percentiles of single limbs.
    reference : Reference
        Source.
    """

    name: str
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    low: tuple[float, ...]
    median: tuple[float, ...]
    high: tuple[float, ...]
    reference: Reference


def curve(name: str) -> ReferenceCurve | None:
    """Return the reference curve of an angle, or None when there is none.

    Parameters
    ----------
    name : str
        Angle as waveforms are named, for example ``knee_flexion``. Flexion,
        dorsiflexion, adduction, anterior tilt, internal rotation, toe-out and "that
        side up" are positive.

    Notes
    -----
    The angles were measured with skin markers and a three-dimensional model. Angles
    from one camera, or from another marker set, differ from them by several degrees
    that say nothing about the person (see the errors in the catalogue).
    """
    return _curves().get(name)


def curve_names() -> tuple[str, ...]:
    """Return the angles for which there is a reference curve."""
    return tuple(_curves())


@cache
def _curves() -> dict[str, ReferenceCurve]:
    rows = read_table("fukuchi2018_curves.csv", columns=_COLUMNS)
    found: dict[str, ReferenceCurve] = {}
    for start in range(0, len(rows), CYCLE_POINTS):
        block = rows[start : start + CYCLE_POINTS]
        mean, sd, low, median, high = (
            tuple(float(row[k]) for row in block) for k in range(1, len(_COLUMNS))
        )
        found[block[0][0]] = ReferenceCurve(
            name=block[0][0],
            mean=mean,
            sd=sd,
            low=low,
            median=median,
            high=high,
            reference=reference("fukuchi2018"),
        )
    return found
