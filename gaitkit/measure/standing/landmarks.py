"""What the pose model shows of a difference in height, measured on virtual people.

A network that has seen thousands of upright people draws the hips more level than they
are: only a part of a true difference shows. It also draws them square to the trunk: a
trunk that leans by a degree moves the hips by 1 to 2 mm, whatever the pelvis does, so
that lean is taken out first. How large a part was measured on virtual
people and stands with its spread in ``landmark_slope.toml``, beside this module. It is
unconfirmed on real people, and no landmark is ever the only source of a finding.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from gaitkit.errors import ConfigError
from gaitkit.measure.standing.block_line import LineModel

if TYPE_CHECKING:
    from gaitkit.model.standing import HeightLine

FrontalView = Literal["posterior", "anterior"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkSlope:
    """How one model shows the height difference of the hips in one view.

    Attributes
    ----------
    model, view : str
        Size of the network and side from which the person is seen.
    slope, slope_sd : float
        Shown millimetres for each of a block, without the part of the trunk, and its
        spread between people.
    of_legs : float
        How much of a difference of the legs shows, over how much of a block shows.
    lean_mm_per_deg : float
        Change of the shown difference with the lean of the trunk to the left.
    zero_mm, zero_sd_mm : float
        Shown difference of people with level hips: mean and spread between them.
    chance_mm : float
        Standard deviation between pictures of one person, standing anew, beyond what
        each states: points, roll and turn.
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
    of_legs: float
    lean_mm_per_deg: float
    zero_mm: float
    zero_sd_mm: float
    chance_mm: float
    people: int
    pictures: int
    source: str
    unconfirmed: bool

    def upright(
        self, line: HeightLine, trunk_lean_deg: float | None, *, roll_sd_deg: float
    ) -> HeightLine:
        """Return the line of the hips as it would be shown with an upright trunk.

        Parameters
        ----------
        line : HeightLine
            Of the hips.
        trunk_lean_deg : float or None
            Lean of the trunk to the person's left; None leaves the line as it is.
        roll_sd_deg : float
            Error of the roll, which the error of the line holds.

        Notes
        -----
        A roll that is wrong tilts trunk and hips alike: to the left by a degree
        lowers the left hip by ``w`` and takes off ``lean_mm_per_deg`` of it again, so
        that the error of the line shrinks.
        """
        if trunk_lean_deg is None or line.difference_mm is None or line.sd_mm is None:
            return line
        moved = self.lean_mm_per_deg * trunk_lean_deg
        across = abs(line.left.x_px - line.right.x_px) * (line.mm_per_px or 0.0)
        lowered = math.radians(across)
        roll = (lowered * roll_sd_deg) ** 2
        left = ((lowered + self.lean_mm_per_deg) * roll_sd_deg) ** 2
        return replace(
            line,
            difference_mm=line.difference_mm - moved,
            sd_mm=math.sqrt(max(line.sd_mm**2 - roll, 0.0) + left),
        )

    def line_model(self, *, shared_mm: float = 0.0) -> LineModel:
        """Return what is known of the line of a block test before the pictures.

        Parameters
        ----------
        shared_mm : float
            Further error that all pictures share, as of an unknown roll.
        """
        return LineModel(
            slope=-self.slope,
            slope_sd=self.slope_sd,
            zero_sd_mm=math.hypot(self.zero_sd_mm, shared_mm),
            zero_mm=self.zero_mm,
            chance_mm=self.chance_mm,
            half_width_max_mm=math.inf,
            unconfirmed=self.unconfirmed,
            of_legs=self.of_legs,
        )


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
