"""How the stickers on a leg lie in depth: what one picture cannot show.

The stickers of calf and heel do not lie in one frontal plane. How far their lines lean
forward or back must be known to undo the projection; an error in it counts only where
the foot does not point along the line of sight.

How far the sticker lines of a leg lean forward, and in which ways that is open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.norms.curves import curve

if TYPE_CHECKING:
    from gaitkit.gait.stickers.paths import Array

FOOT_FLAT_PCT = 12.0
"""Percent of stance at which the foot lies flat. A choice; the virtual walkers of
gaitkit need about as long."""

CONTACT_PITCH_DEG = 20.0
"""Toes up at initial contact. A choice; it is gone by foot flat, so that it hardly
touches the peak."""

STANCE_SHARE = 0.62
"""Stance over stride of the reference, to read its curve by percent of stance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthAxis:
    """One standard error of both leans and of the shank's gain, in one direction."""

    calf_deg: float
    heel_deg: float
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegShape:
    """Lean of the sticker lines in the plane of walking, degrees, and their errors.

    Attributes
    ----------
    calf_back_deg, calf_back_sd_deg : float
        How far the upper calf sticker lies behind the lower one when the shank stands
        upright, as an angle: the bulge of the calf.
    heel_forward_deg, heel_forward_sd_deg : float
        How far the upper heel sticker lies in front of the lower one.
    shank_sd_deg : float
        Between people and speeds, of the lean of the shank at one moment of stance:
        the spread of ankle dorsiflexion of healthy adults.
    shank_gain, shank_gain_sd : float
        How far the shank leans on during stance, over what is usual.
    depth_axes : tuple of DepthAxis
        Where the leans were fitted together: ways in which they may be off at once.
        They stand for their own errors then, and for those of the shank.
    toe_out_deg, toe_out_sd_deg : float
        Foot against the direction of walking, toes out positive.
    heading_deg, heading_sd_deg : float
        Direction of walking to the right of straight away from the camera.

    Notes
    -----
    Both usual leans are the means at peak eversion of 118 feet of 60 virtual walkers
    with human skin kept for fitting (seed 500; heel 6.3, sd 3.8; calf 7.3 behind what
    the shank leans, sd 4.4). Unconfirmed on real people.
    """

    calf_back_deg: float = 7.3
    calf_back_sd_deg: float = 3.5
    heel_forward_deg: float = 6.3
    heel_forward_sd_deg: float = 4.5
    shank_sd_deg: float = 3.0
    shank_gain: float = 1.0
    shank_gain_sd: float = 0.3
    depth_axes: tuple[DepthAxis, ...] = ()
    toe_out_deg: float = 9.5
    toe_out_sd_deg: float = 5.4
    heading_deg: float = 0.0
    heading_sd_deg: float = 5.0

    def varied(self) -> tuple[LegShape, ...]:
        """Return this shape with one assumption at a time off by its standard error."""
        calf_sd = float(np.hypot(self.calf_back_sd_deg, self.shank_sd_deg))
        axes = self.depth_axes or (
            DepthAxis(calf_deg=calf_sd, heel_deg=0.0, gain=0.0),
            DepthAxis(calf_deg=0.0, heel_deg=self.heel_forward_sd_deg, gain=0.0),
        )
        return (
            *(
                replace(
                    self,
                    calf_back_deg=self.calf_back_deg + axis.calf_deg,
                    heel_forward_deg=self.heel_forward_deg + axis.heel_deg,
                    shank_gain=self.shank_gain + axis.gain,
                )
                for axis in axes
            ),
            replace(self, toe_out_deg=self.toe_out_deg + self.toe_out_sd_deg),
            replace(self, heading_deg=self.heading_deg + self.heading_sd_deg),
        )


def shank_lean_deg(percent: Array) -> Array:
    """Return the usual forward lean of the shank (n,) at percent of stance, degrees.

    Notes
    -----
    With the foot flat it is the dorsiflexion of the ankle, whose mean over healthy
    adults is taken; before that the pitch of the foot is subtracted. Wrong after heel
    off and for people who walk much slower or with bent knees.
    """
    reference = curve("ankle_dorsiflexion")
    if reference is None:
        return np.zeros_like(percent)
    of_stride = np.arange(len(reference.mean)) / STANCE_SHARE
    return np.asarray(np.interp(percent, of_stride, reference.mean)) - pitch_deg(
        percent
    )


def pitch_deg(percent: Array) -> Array:
    """Return the usual toes-up pitch (n,) of the foot at percent of stance, degrees."""
    left = np.clip(1.0 - percent / FOOT_FLAT_PCT, 0.0, 1.0)
    return np.asarray(CONTACT_PITCH_DEG * left**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLean:
    """How far the upper sticker of calf and of heel lies in front, as an angle.

    Attributes
    ----------
    calf_deg, heel_deg : float
        Lean of either line.
    axes : tuple of tuple of float
        Independent ways in which both may be off at once: calf and heel, degrees,
        each by one standard error.
    """

    calf_deg: float
    heel_deg: float
    axes: tuple[tuple[float, float], ...] = ()

    @classmethod
    def usual(cls, calf: tuple[float, float], heel: tuple[float, float]) -> LegLean:
        """Return what is usual, from mean and standard deviation of either line."""
        return cls(
            calf_deg=calf[0],
            heel_deg=heel[0],
            axes=((calf[1], 0.0), (0.0, heel[1])),
        )

    @classmethod
    def known(cls, mean: np.ndarray, covariance: np.ndarray) -> LegLean:
        """Return leans (2,) of calf and heel with their covariance (2, 2), degrees."""
        return cls(
            calf_deg=float(mean[0]),
            heel_deg=float(mean[1]),
            axes=tuple((float(c), float(h)) for c, h in error_axes(covariance)),
        )

    @property
    def covariance(self) -> np.ndarray:
        """Covariance (2, 2) of calf and heel, degrees squared."""
        steps = np.array(self.axes).reshape(-1, 2)
        return np.asarray(steps.T @ steps)

    def varied(self) -> tuple[LegLean, ...]:
        """Return these leans off by one standard error, in one way at a time."""
        return tuple(
            replace(self, calf_deg=self.calf_deg + calf, heel_deg=self.heel_deg + heel)
            for calf, heel in self.axes
        )


def error_axes(covariance: np.ndarray) -> np.ndarray:
    """Return independent ways (n, n) to be off at once, each by one standard error.

    Row by row; their squares and products sum up to the covariance (n, n).
    """
    size, axes = np.linalg.eigh(covariance)
    return np.asarray((np.sqrt(np.maximum(size, 0.0)) * axes).T)
