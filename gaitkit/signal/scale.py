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

WALKING_DROP = 0.018
"""How much lower the head is on average over a stride than in standing, over stature:
half of its excursion of about 4 cm and 1 cm that its highest point stays lower
(Gard et al. 2004, doi:10.1016/j.gaitpost.2003.09.001)."""

SEGMENT_RATIO = 0.779
"""Thigh (0.245) + shank (0.246) + hip-to-shoulder (0.288) over stature; Drillis &
Contini 1966 in Winter 2009, figure 4.1."""

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
    relative_sd : float
        Standard error of lengths as a fraction.
    """

    m_per_px: float
    gradient: float
    origin_px: float
    relative_sd: float

    def along_m(self, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return metres along the path from places in the picture.

        On a straight path the size ``s`` of the person is a straight line over the
        picture and a step of the path covers ``dx ~ s**2``, so the way is
        ``m_per_px * u / (1 + g u)`` with ``u`` the distance from the origin.
        """
        u = along - self.origin_px
        way: NDArray[np.float64] = self.m_per_px * u / (1.0 + self.gradient * u)
        return way

    def height_m(
        self, height: NDArray[np.float64], along: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return metres above the floor from pixels above the floor."""
        u = along - self.origin_px
        metres: NDArray[np.float64] = self.m_per_px * height / (1.0 + self.gradient * u)
        return metres


def find_scale(
    walk: Upright, floor: Floor, *, known: ScaleInput, inside: NDArray[np.bool_]
) -> Scale | None:
    """Return the scale of a side view, or None when nothing is known of size.

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

    Notes
    -----
    Stature in pixels is the mean of two estimates weighted by their error: mean
    height of eyes and ears above the floor, and the median length of thigh, shank
    and trunk together. Wrong when the person is bent, or wears high heels.
    """
    along = walk.middle("hip")[:, 0]
    origin, gradient, gradient_sd = size_trend(walk, inside)
    spread = float(np.ptp(along[inside & np.isfinite(along)])) if inside.any() else 0.0
    trend_sd = gradient_sd * spread / 4
    if known.known_length_m is not None and known.known_length_px is not None:
        reading = KNOWN_LENGTH_PX / known.known_length_px
        return Scale(
            m_per_px=known.known_length_m / known.known_length_px,
            gradient=gradient,
            origin_px=origin,
            relative_sd=float(np.hypot(reading, KNOWN_LENGTH_PLANE_SD)),
        )
    stature = stature_px(walk, floor, inside=inside)
    if known.subject_height_m is None or stature is None:
        return None
    height_px, height_sd = stature
    return Scale(
        m_per_px=known.subject_height_m / height_px,
        gradient=gradient,
        origin_px=origin,
        relative_sd=float(np.sqrt(height_sd**2 + PLANE_SD**2 + trend_sd**2)),
    )


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
    along = walk.middle("hip")[:, 0]
    ground = floor.height(along)
    statures = [
        median_known((walk.height(f"{side}_{part}") - ground)[inside])
        / (ratio - WALKING_DROP)
        for part, ratio in (("eye", EYE_RATIO), ("ear", EAR_RATIO))
        for side in ("left", "right")
        if walk.has(f"{side}_{part}")
    ]
    return median_known(np.asarray(statures))


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


def size_trend(walk: Upright, inside: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return where the size holds, its relative change per px, and that one's error.

    The change is 0 unless it is clear from its own error.
    """
    along, size = walk.middle("hip")[:, 0], segment_length(walk)
    ok = inside & np.isfinite(along) & np.isfinite(size)
    if not ok.any():
        return 0.0, 0.0, 0.0
    origin = float((along[ok].min() + along[ok].max()) / 2)
    block = np.floor(walk.time_s / BLOCK_S).astype(int)
    labels = np.unique(block[ok])
    if labels.size < MIN_BLOCKS:
        return origin, 0.0, 0.0
    x = np.array([np.median(along[ok & (block == b)]) for b in labels]) - origin
    s = np.array([np.median(size[ok & (block == b)]) for b in labels])
    if float(np.ptp(x)) == 0:
        return origin, 0.0, 0.0
    (slope, level), covariance = np.polyfit(x, s, 1, cov="unscaled")
    residual = s - (level + slope * x)
    sd = float(
        np.sqrt((residual**2).sum() / (x.size - 2) * covariance[0, 0]) / abs(level)
    )
    gradient = float(slope / level)
    clear = abs(gradient) > MIN_TREND_Z * sd
    return origin, gradient if clear else 0.0, sd
