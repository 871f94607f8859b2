"""How far somebody is turned out of the picture, from the depths that the network sees.

The network guesses how far each joint is from the camera. The line of the hips and that
of the shoulders, seen from above in its guess, turn with the body, though not one to
one; how they do was measured on virtual people. The guess is combined with what is
known beforehand: who was asked to stand square stands within a few degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.measure.standing.heights import Turn

if TYPE_CHECKING:
    import numpy as np

    from gaitkit.measure.standing.landmarks import FrontalView


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTurn:
    """What the network shows of a turn: ``shown = slope * true + zero``, degrees."""

    slope: float
    zero_deg: float
    sd_deg: float


SHOWN: dict[FrontalView, ShownTurn] = {
    "posterior": ShownTurn(slope=0.39, zero_deg=-0.8, sd_deg=1.8),
}
"""Model ``full``, mean of picture and mirrored picture, mean of the lines of hips and
shoulders; 40 virtual people turned by 5 degrees (sd), seed 600, kept for fitting;
measured from behind only. Unconfirmed on real people."""


def shown_turn_deg(left: np.ndarray, right: np.ndarray, *, view: FrontalView) -> float:
    """Return the turn of a line between two joints, to the person's left positive.

    Parameters
    ----------
    left, right : array (3,)
        A joint of the person's left and right side: x right in the picture, y down,
        z away from the camera.
    view : {"posterior", "anterior"}
        From where the person is seen.
    """
    across, away = (float(v) for v in (left - right)[[0, 2]])
    if view == "posterior":
        # turned to the left, the left side comes nearer to a camera behind
        return math.degrees(math.atan2(-away, -across))
    return math.degrees(math.atan2(away, across))


def turn_of(shown_deg: float | None, *, prior_sd_deg: float, view: FrontalView) -> Turn:
    """Return the turn of a person from what the network shows and what is usual.

    Parameters
    ----------
    shown_deg : float or None
        Mean of hips and shoulders from `shown_turn_deg`; None without a body.
    prior_sd_deg : float
        How far people turn who were asked to stand square.
    view : {"posterior", "anterior"}
        From where the person is seen.

    Notes
    -----
    Normal prior of mean 0 and normal error of the network: the mean is shrunk towards
    square, and the standard error is smaller than either.
    """
    shown = SHOWN.get(view)
    if shown_deg is None or shown is None:
        return Turn(deg=0.0, sd_deg=prior_sd_deg, view=view)
    weight = (shown.slope / shown.sd_deg) ** 2
    precision = weight + 1 / prior_sd_deg**2
    measured = (shown_deg - shown.zero_deg) / shown.slope
    return Turn(
        deg=weight * measured / precision, sd_deg=1 / math.sqrt(precision), view=view
    )
