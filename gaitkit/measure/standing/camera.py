"""The camera of a stance picture: upright, scale, distance, and how sure they are.

Roll is taken out by turning the picture about its middle. Lens distortion is not
known and not corrected: telephones correct it themselves, and what is left moves both
sides alike when the person stands in the middle of the picture.

How far somebody is turned out of the picture, from the depths that the network sees.

The network guesses how far each joint is from the camera. The line of the hips and that
of the shoulders, seen from above in its guess, turn with the body, though not one to
one; how they do was measured on virtual people. The guess is combined with what is
known beforehand: who was asked to stand square stands within a few degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.sight import Lens
from gaitkit.measure.standing.heights import Turn
from gaitkit.model.standing import RollSource
from gaitkit.signal.scale import FOCAL_LONG_SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.measure.standing.landmarks import FrontalView
    from gaitkit.model.standing import PicturePoint
    from gaitkit.model.visit import PictureLine


FOCAL_RELATIVE_SD = 0.1
"""Main cameras of telephones are like 24 to 28 mm, zoomed a little by some."""

CLICK_PX = 1.5
"""Error of an end of a line that somebody points at."""

FLOOR_SD_DEG = 0.3
"""A straight line on the floor that is not quite parallel to the picture rises a
little without any roll: 1.5 degrees of turn seen 12 degrees from above."""

PLUMB_SD_DEG = 0.1
"""A cord that hangs does not hang quite still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Roll of the camera; positive when a level floor rises to the right."""

    deg: float
    sd_deg: float
    source: RollSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """How a picture shows a standing person.

    Attributes
    ----------
    width_px, height_px : int
        Size of the picture.
    roll : Roll
        Roll of the camera.
    m_per_px, scale_relative_sd : float or None
        Metres per pixel at the person, and its standard error as a fraction.
    distance_m : float or None
        Camera to person where it was measured.
    tilt_sd_deg : float
        Tilt of the camera, up or down.
    """

    width_px: int
    height_px: int
    roll: Roll
    m_per_px: float | None
    scale_relative_sd: float | None
    distance_m: float | None
    tilt_sd_deg: float

    @property
    def focal_px(self) -> float:
        """Focal length in pixels: from the distance, else that of a telephone."""
        if self.distance_m is not None and self.m_per_px is not None:
            return self.distance_m / self.m_per_px
        return FOCAL_LONG_SIDES * max(self.width_px, self.height_px)

    @property
    def focal_relative_sd(self) -> float:
        """Standard error of the focal length as a fraction of it."""
        if self.distance_m is not None and self.scale_relative_sd is not None:
            return self.scale_relative_sd
        return FOCAL_RELATIVE_SD

    @property
    def camera_distance_m(self) -> float | None:
        """Camera to person: as measured, else from the focal length of a telephone."""
        if self.distance_m is not None or self.m_per_px is None:
            return self.distance_m
        return self.focal_px * self.m_per_px

    @property
    def lens(self) -> Lens:
        """The same camera for what works with rays."""
        return Lens(
            focal_px=self.focal_px,
            middle_px=(self.width_px / 2, self.height_px / 2),
            focal_relative_sd=self.focal_relative_sd,
            roll_deg=self.roll.deg,
            roll_sd_deg=self.roll.sd_deg,
        )

    def upright(self, point: PicturePoint) -> np.ndarray:
        """Return x and y (2,) from the middle of the picture, the roll taken out."""
        x = point.x_px - self.width_px / 2
        y = point.y_px - self.height_px / 2
        roll = math.radians(self.roll.deg)
        cos, sin = math.cos(roll), math.sin(roll)
        return np.array([x * cos - y * sin, x * sin + y * cos])

    def looks_down(self, down_px: float) -> float:
        """Return the tangent of the angle at which the camera sees a row from above.

        ``down_px`` counts from the middle of the picture; the camera is level.
        """
        return down_px / self.focal_px


def roll_of_plumb(line: PictureLine, *, lean_sd_deg: float = 0.0) -> Roll:
    """Return the roll that a plumb line shows; its ends may come in either order.

    Parameters
    ----------
    line : tuple of float
        Both ends, pixels.
    lean_sd_deg : float
        How far a camera of unknown tilt makes it lean, from `plumb_lean_sd_deg`.
    """
    x1, y1, x2, y2 = line
    across, down = (x2 - x1, y2 - y1) if y2 > y1 else (x1 - x2, y1 - y2)
    length = math.hypot(across, down)
    return Roll(
        deg=math.degrees(math.atan2(across, down)),
        sd_deg=math.hypot(_reading_sd_deg(length), PLUMB_SD_DEG, lean_sd_deg),
        source="plumb_line",
    )


def plumb_lean_sd_deg(
    line: PictureLine, *, width_px: int, focal_px: float, tilt_sd_deg: float
) -> float:
    """Return how far a plumb line leans because the camera looks up or down.

    Upright lines beside the middle run together at ``tilt * x / focal length``.
    """
    beside = abs((line[0] + line[2]) / 2 - width_px / 2)
    return tilt_sd_deg * beside / focal_px


def mean_roll(rolls: Sequence[Roll]) -> Roll:
    """Return the mean of several readings of the roll, weighed by their errors.

    Readings that disagree by more than their errors widen the error (Birge). The
    source is that of the most precise.
    """
    weight = [1 / roll.sd_deg**2 for roll in rolls]
    mean = sum(w * r.deg for w, r in zip(weight, rolls, strict=True)) / sum(weight)
    chi2 = sum(w * (r.deg - mean) ** 2 for w, r in zip(weight, rolls, strict=True))
    widened = max(1.0, chi2 / max(len(rolls) - 1, 1))
    best = min(rolls, key=lambda roll: roll.sd_deg)
    return Roll(deg=mean, sd_deg=math.sqrt(widened / sum(weight)), source=best.source)


def roll_of_floor(line: PictureLine) -> Roll:
    """Return the roll that a level line of floor or skirting board shows."""
    x1, y1, x2, y2 = line
    across, down = (x2 - x1, y2 - y1) if x2 > x1 else (x1 - x2, y1 - y2)
    length = math.hypot(across, down)
    return Roll(
        deg=math.degrees(math.atan2(-down, across)),
        sd_deg=math.hypot(_reading_sd_deg(length), FLOOR_SD_DEG),
        source="floor_line",
    )


def _reading_sd_deg(length_px: float) -> float:
    """Return the error of the direction of a line between two points."""
    return math.degrees(math.sqrt(2) * CLICK_PX / max(length_px, 1.0))


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
