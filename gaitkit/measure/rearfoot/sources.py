"""What each source says about one foot: pronated, supinated, neither, or unclear."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from gaitkit.doors import shipped_table
from gaitkit.measure.uncertainty import Uncertainty, probability
from gaitkit.model.chance import Level, reaches
from gaitkit.model.measurement import Measurement
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.side import Side

Posture = Literal["pronated", "neutral", "supinated", "unclear"]
When = Literal["standing", "walking"]

SURE: Level = "probable"
"""How a source is worded that says something (``model/chance.toml``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootSource:
    """An entry of ``sources.toml``."""

    key: str
    measure: str
    when: When
    pronated: float
    supinated: float
    margin: float
    reference: str
    confirmed: bool
    label: Text
    high_is_pronated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FootOpinion:
    """What one source says about one foot.

    Attributes
    ----------
    source : FootSource
        Which source, and its cut-offs.
    measurement : Measurement
        Its number.
    pronated, supinated : float
        Probability that the foot is beyond either cut-off.
    """

    source: FootSource
    measurement: Measurement
    pronated: float
    supinated: float

    @property
    def posture(self) -> Posture:
        """What it comes to; ``unclear`` where no answer is probable enough."""
        chances: dict[Posture, float] = {
            "pronated": self.pronated,
            "supinated": self.supinated,
            "neutral": max(0.0, 1.0 - self.pronated - self.supinated),
        }
        best = max(chances, key=lambda posture: chances[posture])
        return best if reaches(chances[best], SURE) else "unclear"


def opinions(
    measurements: Sequence[Measurement], side: Side
) -> tuple[FootOpinion, ...]:
    """Return what every source that was measured says about a foot, best first.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit.
    side : Side
        Which foot.

    Returns
    -------
    tuple of FootOpinion
        At most one for each source: the measurement with the smallest error. Keypoints
        of a video give none of the measures, so they never have an opinion.
    """
    found = (_opinion(source, measurements, side) for source in foot_sources())
    return tuple(each for each in found if each is not None)


def _opinion(
    source: FootSource, measurements: Sequence[Measurement], side: Side
) -> FootOpinion | None:
    rows = [
        m
        for m in measurements
        if m.name == source.measure
        and m.side is side
        and m.region is None
        and m.value is not None
        and m.sd is not None
    ]
    best = min(rows, key=lambda m: m.sd or 0.0, default=None)
    if best is None or best.value is None or best.sd is None:
        return None
    known = Uncertainty(sd=math.hypot(best.sd, source.margin), dof=best.dof)
    sign = 1.0 if source.high_is_pronated else -1.0
    return FootOpinion(
        source=source,
        measurement=best,
        pronated=probability(sign * (best.value - source.pronated), known),
        supinated=probability(sign * (source.supinated - best.value), known),
    )


@cache
def foot_sources() -> tuple[FootSource, ...]:
    """Return the sources of ``sources.toml``, best first."""
    table = shipped_table("gaitkit.measure.rearfoot", "sources.toml")["source"]
    return tuple(FootSource(**{**row, "label": Text(**row["label"])}) for row in table)
