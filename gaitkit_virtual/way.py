"""The line on the floor along which a virtual walker goes, with its turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

if TYPE_CHECKING:
    from gaitkit_virtual.parameters import WalkerParameters
    from gaitkit_virtual.rotations import Array

TURN_LENGTH_M = 2.6
"""Way walked in one about-turn: first a drift aside, then round, so that the way back
lies on the same line."""

DRIFT_SHARE = 0.30
"""Share of that way in which the walker turns aside."""

ROUND_SHARE = 0.55
"""Share of that way after which the walker turns round."""

GRID_M = 0.005
"""Spacing of the table from which positions along the way are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A smooth line on the floor.

    Attributes
    ----------
    table : scipy.interpolate.CubicSpline
        Forward (m), left (m) and heading (rad, positive to the left) at a way in m.
    pass_length_m : float
        Straight way between turns; infinite for a straight line.
    """

    table: CubicSpline
    pass_length_m: float

    def position(self, way_m: Array) -> Array:
        """Return forward and left in metres, (n, 2)."""
        return np.asarray(self.table(way_m))[:, :2]

    def heading(self, way_m: Array) -> Array:
        """Return the heading in radians, positive to the left, (n,)."""
        return np.asarray(self.table(way_m))[:, 2]

    def turning(self, way_m: Array) -> Array:
        """Return 0 on a straight, rising smoothly to 1 while turning round."""
        if np.isinf(self.pass_length_m):
            return np.zeros_like(way_m)
        inside = np.mod(way_m, self.pass_length_m + TURN_LENGTH_M) - self.pass_length_m
        share = (inside / TURN_LENGTH_M - ROUND_SHARE) / (1 - ROUND_SHARE)
        return np.asarray(np.sin(np.pi * np.clip(share, 0, 1)) ** 2 * (way_m > 0))

    def walk_pass(self, way_m: float) -> int | None:
        """Return the number of the straight pass, None within a turn."""
        if np.isinf(self.pass_length_m) or way_m <= 0:
            return 0
        whole, rest = divmod(way_m, self.pass_length_m + TURN_LENGTH_M)
        return int(whole) if rest <= self.pass_length_m else None


def way_of(parameters: WalkerParameters, *, length_m: float) -> Way:
    """Lay out the way of a walker.

    Parameters
    ----------
    parameters : WalkerParameters
        Heading, mode and length of a pass.
    length_m : float
        Way needed, in metres; a margin before 0 is added.
    """
    turning = parameters.mode == "there_and_back"
    pass_m = parameters.pass_length_m if turning else np.inf
    margin = 4 * parameters.stride_m
    grid = np.arange(-margin, length_m + margin, GRID_M)
    heading = np.radians(parameters.heading_deg) + _heading(grid, pass_m)
    step = np.column_stack([np.cos(heading), np.sin(heading)])
    position = np.cumsum((step[1:] + step[:-1]) / 2, axis=0) * GRID_M
    position = np.vstack([np.zeros(2), position])
    position -= position[np.searchsorted(grid, 0.0)]
    position += (parameters.start_forward_m, parameters.start_left_m)
    return Way(
        table=CubicSpline(grid, np.column_stack([position, heading])),
        pass_length_m=float(pass_m),
    )


def _heading(way: Array, pass_m: float) -> Array:
    if np.isinf(pass_m):
        return np.zeros_like(way)
    drift = float(brentq(_sideways, 0.0, 1.5))
    whole, rest = np.divmod(np.maximum(way, 0), pass_m + TURN_LENGTH_M)
    share = np.clip((rest - pass_m) / TURN_LENGTH_M, 0, 1)
    return np.pi * whole + _turn(share, drift)


def _turn(share: Array, drift: float) -> Array:
    """Return the heading through a turn: first to the right, then round to the left."""
    aside = _smooth(share / DRIFT_SHARE)
    around = _smooth((share - ROUND_SHARE) / (1 - ROUND_SHARE))
    return np.asarray((np.pi + drift) * around - drift * aside)


def _smooth(share: Array) -> Array:
    """Rise from 0 to 1, two derivatives 0 at both ends."""
    inside = np.clip(share, 0, 1)
    return np.asarray(inside**3 * (10 - 15 * inside + 6 * inside**2))


def _sideways(drift: float) -> float:
    share = np.linspace(0, 1, 401)
    return float(np.sin(_turn(share, drift)).mean())
