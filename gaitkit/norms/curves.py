"""Joint angles over the gait cycle in healthy adults, as bands to draw or to compare.

References
----------
Fukuchi, Fukuchi, Duarte (2018). doi:10.7717/peerj.4640

Gait Variable and Gait Profile Scores of healthy adults.

References
----------
Baker et al. (2009). doi:10.1016/j.gaitpost.2009.05.020
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


_SCORE_COLUMNS = ("score", "mean", "sd", "q25", "median", "q75", "p95")


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
    for name, *numbers in read_table("fukuchi2018_scores.csv", columns=_SCORE_COLUMNS):
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
