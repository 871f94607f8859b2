"""The line of progression, and where and when each foot stood on it.

Notes
-----
The line is fitted to the middles of the heels with an offset for the side: with three
contacts or more, right = a + b * forward + c * (right foot +1, left foot -1). This
equals the line through the midpoints of consecutive feet. With fewer contacts b is
unknown and the plate's own direction is taken, which the measures then say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.use import usable
from gaitkit.model.plate import ProgressionLine
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.foot import MeasuredFoot

FEWEST_FOR_LINE = 3


def progression_line(feet: Sequence[MeasuredFoot]) -> ProgressionLine:
    """Fit the line of progression to the heels of a walk."""
    used, _ = usable(feet, "place")
    both_sides = len({foot.side for foot in used}) > 1
    if len(used) < FEWEST_FOR_LINE or not both_sides:
        middle = np.mean([foot.heel_mm for foot in feet], axis=0)
        return ProgressionLine(
            angle_rad=0.0,
            start_mm=(float(middle[0]), float(middle[1])),
            fitted=False,
        )
    # turned so that the first foot is a right one: a mirrored walk is the same problem
    turn = 1.0 if used[0].side is Side.RIGHT else -1.0
    right = turn * np.array([foot.heel_mm[0] for foot in used])
    ahead = np.array([foot.heel_mm[1] for foot in used])
    side = turn * np.array([1.0 if f.side is Side.RIGHT else -1.0 for f in used])
    design = np.column_stack([np.ones_like(ahead), ahead - ahead[0], side])
    (start, slope, _), *_ = np.linalg.lstsq(design, right, rcond=None)
    return ProgressionLine(
        angle_rad=float(turn * np.arctan(slope)),
        start_mm=(float(turn * start), float(ahead[0])),
        fitted=True,
    )


def progression_angle_deg(foot: MeasuredFoot, line: ProgressionLine) -> float | None:
    """Return the angle of a foot against the line, toe-out positive."""
    axis = foot.contact.axis
    if axis is None:
        return None
    sign = -1.0 if foot.side is Side.LEFT else 1.0
    return axis.angle_deg - sign * float(np.degrees(line.angle_rad))
