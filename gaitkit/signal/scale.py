"""Metres from pixels: the size of the person in the picture against the real one.

The size is found along the whole walk, so that a path that runs obliquely to the
camera (the person grows or shrinks on the way) is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.signal.upright import mean_known, median_known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.signal.floor import Floor
    from gaitkit.signal.upright import Upright

EYE_RATIO, EAR_RATIO = 0.936, 0.925
"""Height of eye and ear (tragion) over stature, standing. Eye: Drillis & Contini 1966
in Winter 2009, figure 4.1; ear: US Army ANSUR II (head top to tragion 0.075)."""

WALKING_DROP = 0.026
"""How much lower the head is on average over a stride than in standing, over stature:
half of its excursion of 4 to 5 cm and 1 to 2 cm that its highest point stays lower
(Gard et al. 2004, doi:10.1016/j.gaitpost.2003.09.001); virtual walks: 0.022-0.029."""

SEGMENT_RATIO = 0.772
"""Thigh (0.245) + shank (0.246) + hip-to-shoulder (0.288) over stature (Drillis &
Contini 1966 in Winter 2009, figure 4.1), less 0.007 because the picture shows them
foreshortened (pelvis and trunk turn and tilt; virtual walks)."""

HEAD_SD, SEGMENT_SD = 0.02, 0.035
"""Relative error of stature from head height (proportions 1 %, shoes 1 %, gait and
keypoints 1.5 %) and from segments (proportions 2 %, keypoint definitions 3 %)."""

PLANE_SD = 0.01
"""The feet walk up to 0.1 m in front of and behind the middle plane of the body; at a
camera distance of 4 m and with path ends at the edge of the picture this shifts
lengths of one foot by about 1 % (geometry)."""

KNOWN_LENGTH_PX = 2.0
"""Error of reading a known length in the picture, px, both ends together."""

KNOWN_LENGTH_PLANE_SD = 0.02
"""Error because the known length lies in another plane than the walk (0.1 m in 5 m)."""

BLOCK_S = 0.5
"""Sizes within this time count as one reading: they share the phase of the step."""

FOCAL_LONG_SIDES = 0.75
"""Focal length over the long side of the picture: the main camera of a phone is like
24 to 28 mm on a frame of 36 mm."""

FOCAL_STATURES = 3.5
"""Focal length over the stature of the person, both in px, where the size of the
picture is unknown: the person stands 3.5 statures (6 m) from the camera."""

MIN_BLOCKS = 5
MIN_TREND_Z = 3.0
"""Readings, and standard errors, that make a change of size along the way real."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleInput:
    """What the user knows about size.

    Attributes
    ----------
    subject_height_m : float or None
        Stature.
    known_length_m, known_length_px : float or None
        A length in the plane of the walk and its length in the picture; preferred
        over the stature.
    """

    subject_height_m: float | None = None
    known_length_m: float | None = None
    known_length_px: float | None = None

    def __post_init__(self) -> None:
        """Refuse half a known length and lengths that are not positive.

        Raises
        ------
        ConfigError
            Saying which value is wrong.
        """
        if (self.known_length_m is None) != (self.known_length_px is None):
            msg = (
                "a known length needs both scale_length_m and scale_px, got "
                f"{self.known_length_m} m and {self.known_length_px} px; give both"
            )
            raise ConfigError(msg)
        for key in self.__dataclass_fields__:
            value = getattr(self, key)
            if value is not None and not value > 0:
                msg = f"{key} must be above 0, got {value!r}"
                raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Metres along the walk as a function of the place in the picture.

    Attributes
    ----------
    m_per_px : float
        Metres per pixel at ``origin_px``.
    gradient : float
        Relative change of the size of the person per pixel to the right.
    origin_px : float
        Place in the picture where ``m_per_px`` holds.
    stretch : float
        Metres along the way over metres across the picture at the origin: more than 1
        where the path runs obliquely.
    square_px : float or None
        Place in the picture where the line of sight is square to the path: there a
        foot nearer to the camera is seen larger but not shifted. None where the
        middle of the picture is unknown.
    relative_sd : float
        Standard error of lengths as a fraction.
    """

    m_per_px: float
    gradient: float
    origin_px: float
    stretch: float = 1.0
    square_px: float | None = None
    relative_sd: float = 0.0

    def along_m(self, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return metres along the path from places in the picture.

        On a straight path the size ``s`` of the person is a straight line over the
        picture and a step of the path covers ``dx ~ s**2`` (pinhole camera), so the
        way is ``m_per_px * stretch * u / (1 + g u)``, ``u`` from the origin.
        """
        u = along - self.origin_px
        at_origin = self.m_per_px * self.stretch
        way: NDArray[np.float64] = at_origin * u / (1.0 + self.gradient * u)
        return way

    def height_m(
        self, height: NDArray[np.float64], along: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return metres above the floor from pixels above the floor."""
        u = along - self.origin_px
        metres: NDArray[np.float64] = self.m_per_px * height / (1.0 + self.gradient * u)
        return metres


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTrend:
    """How the size of the person changes over the picture.

    Attributes
    ----------
    origin_px : float
        Place in the picture where the person has the median size.
    gradient : float
        Relative change per px to the right; 0 unless clear from its own error.
    gradient_sd : float
        Standard error of the gradient.
    span_px : float
        Width of the picture over which the person was seen.
    """

    origin_px: float = 0.0
    gradient: float = 0.0
    gradient_sd: float = 0.0
    span_px: float = 0.0


def find_scale(
    walk: Upright,
    floor: Floor,
    *,
    known: ScaleInput,
    inside: NDArray[np.bool_],
    picture_px: tuple[float, float] | None = None,
) -> Scale:
    """Return the scale of a side view.

    Parameters
    ----------
    walk : Upright
        Clean keypoints in px.
    floor : Floor
        Floor line.
    known : ScaleInput
        Stature or known length.
    inside : array of bool (time,)
        Samples that lie in a pass.
    picture_px : tuple of float or None
        Width and height of the picture; gives its middle and a likely focal length.

    Returns
    -------
    Scale
        With ``m_per_px`` NaN when nothing is known of size; its gradient and stretch
        still hold.

    Notes
    -----
    Stature in pixels is the mean of two estimates weighted by their error: mean
    height of eyes and ears above the floor, and the median length of thigh, shank
    and trunk together. Wrong when the person is bent, or wears high heels.

    A path at an angle ``a`` to the picture plane has ``gradient = -tan(a) / f`` at the
    middle of the picture, ``f`` the focal length, which is assumed.
    """
    trend = size_trend(walk, floor, inside)
    stature = stature_px(walk, floor, inside=inside)
    stretch, square_px = _obliqueness(trend, stature, picture_px)
    trend_sd = trend.gradient_sd * trend.span_px / 4
    oblique_sd = abs(stretch - 1.0) / 2
    m_per_px, size_sd = _size(known, stature)
    return Scale(
        m_per_px=m_per_px,
        gradient=trend.gradient,
        origin_px=trend.origin_px,
        stretch=stretch,
        square_px=square_px,
        relative_sd=float(
            np.sqrt(size_sd**2 + PLANE_SD**2 + trend_sd**2 + oblique_sd**2)
        ),
    )


def _size(
    known: ScaleInput, stature: tuple[float, float] | None
) -> tuple[float, float]:
    """Return metres per px and its relative error; NaN when nothing is known."""
    if known.known_length_m is not None and known.known_length_px is not None:
        reading = KNOWN_LENGTH_PX / known.known_length_px
        return (
            known.known_length_m / known.known_length_px,
            float(np.hypot(reading, KNOWN_LENGTH_PLANE_SD)),
        )
    if known.subject_height_m is None or stature is None:
        return float("nan"), float("nan")
    return known.subject_height_m / stature[0], stature[1]


def _obliqueness(
    trend: SizeTrend,
    stature: tuple[float, float] | None,
    picture_px: tuple[float, float] | None,
) -> tuple[float, float | None]:
    """Return the stretch of the way at the origin and where sight is square to it."""
    middle = None if picture_px is None else picture_px[0] / 2
    if trend.gradient == 0 or stature is None:
        return 1.0, middle
    if picture_px is None or middle is None:
        focal_px, at_middle = FOCAL_STATURES * stature[0], 1.0
    else:
        focal_px = FOCAL_LONG_SIDES * max(picture_px)
        at_middle = 1.0 + trend.gradient * (middle - trend.origin_px)
    tangent = focal_px * trend.gradient / at_middle
    square_px = None if middle is None else middle + focal_px * tangent
    return float(at_middle * np.hypot(1.0, tangent)), square_px


def stature_px(
    walk: Upright, floor: Floor, *, inside: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Return the stature in pixels and its relative standard error, or None."""
    estimates = [
        (head_stature(walk, floor, inside), HEAD_SD),
        (segment_stature(walk, inside), SEGMENT_SD),
    ]
    usable = [(value, sd) for value, sd in estimates if np.isfinite(value)]
    if not usable:
        return None
    weights = np.array([sd**-2 for _, sd in usable])
    values = np.array([value for value, _ in usable])
    mean = float(np.average(values, weights=weights))
    formal = float(weights.sum() ** -0.5)
    disagreement = float(np.ptp(values)) / mean / 2
    return mean, max(formal, disagreement)


def head_stature(walk: Upright, floor: Floor, inside: NDArray[np.bool_]) -> float:
    """Return the stature in px from the mean height of eyes and ears; NaN unseen."""
    return median_known(_head_statures(walk, floor)[inside])


def _head_statures(walk: Upright, floor: Floor) -> NDArray[np.float64]:
    """Return the stature in px that the head of each frame shows (time,)."""
    ground = floor.height(walk.middle("hip")[:, 0])
    statures = [
        (walk.height(f"{side}_{part}") - ground) / (ratio - WALKING_DROP)
        for part, ratio in (("eye", EYE_RATIO), ("ear", EAR_RATIO))
        for side in ("left", "right")
        if walk.has(f"{side}_{part}")
    ]
    if not statures:
        return np.full(walk.time_s.size, np.nan)
    return mean_known(np.stack(statures), axis=0)


def segment_stature(walk: Upright, inside: NDArray[np.bool_]) -> float:
    """Return the stature in px from thigh, shank and trunk; NaN when unseen."""
    return median_known(segment_length(walk)[inside]) / SEGMENT_RATIO


def segment_length(walk: Upright) -> NDArray[np.float64]:
    """Return thigh + shank + trunk of each frame (time,), mean of the sides."""
    total = np.zeros(walk.time_s.size)
    for upper, lower in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "hip")):
        both = [
            np.linalg.norm(
                walk.point(f"{side}_{upper}") - walk.point(f"{side}_{lower}"), axis=1
            )
            for side in ("left", "right")
            if walk.has(f"{side}_{upper}")
        ]
        if not both:
            return np.full(walk.time_s.size, np.nan)
        total = total + mean_known(np.stack(both), axis=0)
    return total


def size_trend(walk: Upright, floor: Floor, inside: NDArray[np.bool_]) -> SizeTrend:
    """Return how the size of the person changes over the picture.

    The size is the height of the head above the floor line; without keypoints of the
    head it is the length of the segments, which changes with posture as well.
    """
    along, size = walk.middle("hip")[:, 0], _head_statures(walk, floor)
    if not np.isfinite(size[inside]).any():
        size = segment_length(walk)
    ok = inside & np.isfinite(along) & np.isfinite(size)
    if not ok.any():
        return SizeTrend()
    origin, span = float(np.median(along[ok])), float(np.ptp(along[ok]))
    block = np.floor(walk.time_s / BLOCK_S).astype(int)
    labels = np.unique(block[ok])
    x = np.array([np.median(along[ok & (block == b)]) for b in labels]) - origin
    s = np.array([np.median(size[ok & (block == b)]) for b in labels])
    if labels.size < MIN_BLOCKS or float(np.ptp(x)) == 0:
        return SizeTrend(origin_px=origin, span_px=span)
    (slope, level), covariance = np.polyfit(x, s, 1, cov="unscaled")
    residual = s - (level + slope * x)
    variance = (residual**2).sum() / (x.size - 2) * covariance[0, 0]
    sd = float(np.sqrt(variance) / abs(level))
    gradient = float(slope / level)
    clear = abs(gradient) > MIN_TREND_Z * sd
    return SizeTrend(
        origin_px=origin,
        gradient=gradient if clear else 0.0,
        gradient_sd=sd,
        span_px=span,
    )
