"""What the pose model shows of a difference in height, measured on virtual people.

A network that has seen thousands of upright people draws the hips more level than they
are: only a part of a true difference shows. How large a part was measured on virtual
people and stands with its spread in ``landmark_slope.toml``, beside this module. It is
unconfirmed on real people, and no landmark is ever the only source of a finding.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from gaitkit.errors import ConfigError

FrontalView = Literal["posterior", "anterior"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkSlope:
    """How one model shows the height difference of the hips in one view.

    Attributes
    ----------
    model, view : str
        Size of the network and side from which the person is seen.
    slope, slope_sd : float
        Shown over true millimetres, and its spread between people.
    zero_mm, zero_sd_mm : float
        Shown difference of people with level hips: mean and spread between them.
    chance_mm : float
        Standard deviation between pictures of one person, standing anew.
    people, pictures : int
        How many it was measured on.
    source : str
        On what.
    unconfirmed : bool
        True until real people confirm it.
    """

    model: str
    view: FrontalView
    slope: float
    slope_sd: float
    zero_mm: float
    zero_sd_mm: float
    chance_mm: float
    people: int
    pictures: int
    source: str
    unconfirmed: bool

    def corrected(self, shown_mm: float) -> tuple[float, float]:
        """Return the true difference and its standard error, mm, from a shown one.

        Notes
        -----
        ``true = (shown - zero) / slope``; the error adds the spread of the zero, the
        chance of one picture and the spread of the slope (first order).
        """
        true = (shown_mm - self.zero_mm) / self.slope
        still = math.hypot(self.zero_sd_mm, self.chance_mm)
        return true, math.hypot(still, true * self.slope_sd) / self.slope


def landmark_slope(model: str, view: FrontalView) -> LandmarkSlope | None:
    """Return how a model shows the hips in a view, None where nobody measured it."""
    found = (s for s in _slopes() if (s.model, s.view) == (model, view))
    return next(found, None)


@cache
def _slopes() -> tuple[LandmarkSlope, ...]:
    file = resources.files("gaitkit.measure.standing") / "landmark_slope.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    slopes = tuple(LandmarkSlope(**row) for row in table["slope"])
    for row in slopes:
        if not row.slope > 0:
            msg = (
                f"landmark_slope.toml: slope of {row.model}, {row.view} is "
                f"{row.slope:g}; expected above 0"
            )
            raise ConfigError(msg)
    return slopes
