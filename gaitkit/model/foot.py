"""One foot on the plate as measured: its load, its roll-off and its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import Contact
from gaitkit.model.stride_value import StrideValue

if TYPE_CHECKING:
    from gaitkit.model.side import Side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FootLoad:
    """How a contact is loaded.

    Attributes
    ----------
    time_s : ndarray (time,)
        Times of the frames.
    interval_s : float
        Time that a frame stands for (NaN for a single picture).
    force_n : ndarray (time,)
        Force of the whole contact.
    region_force_n : ndarray (time, region)
        Force of the ten regions, in the order of ``REGIONS``.
    region_peak_kpa : ndarray (time, region)
        Highest pressure of each region.
    first, last : int
        First and last frame of stance.
    """

    time_s: np.ndarray
    interval_s: float
    force_n: np.ndarray
    region_force_n: np.ndarray
    region_peak_kpa: np.ndarray
    first: int
    last: int

    @property
    def stance(self) -> slice:
        """Frames of stance."""
        return slice(self.first, self.last + 1)

    @property
    def contact_time_s(self) -> float:
        """Frames of stance times the interval, seconds (NaN for a picture)."""
        return (self.last - self.first + 1) * self.interval_s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CenterOfPressure:
    """Centre of pressure during stance, in the coordinates of a right foot.

    Attributes
    ----------
    time_s : ndarray (time,)
        Times.
    lateral_mm, forward_mm : ndarray (time,)
        Place from the centre of the crop.
    along_mm, across_mm : ndarray (time,)
        Place from the heel end along the foot axis, and beside the axis.
    length_mm : float
        Length of the footprint.
    """

    time_s: np.ndarray
    lateral_mm: np.ndarray
    forward_mm: np.ndarray
    along_mm: np.ndarray
    across_mm: np.ndarray
    length_mm: float

    @property
    def path_mm(self) -> float:
        """Length of the path."""
        steps = np.hypot(np.diff(self.lateral_mm), np.diff(self.forward_mm))
        return float(steps.sum())

    @property
    def velocity_mm_s(self) -> np.ndarray:
        """Speed between frames, array (time - 1,)."""
        steps = np.hypot(np.diff(self.lateral_mm), np.diff(self.forward_mm))
        return np.asarray(steps / np.diff(self.time_s))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredFoot:
    """One contact with what was measured on it.

    Attributes
    ----------
    contact : Contact
        With axis, regions and borders filled in.
    values : tuple of StrideValue
        Values that exist; a measure without a value is not in it.
    load : FootLoad
        Force and pressure over time.
    path : CenterOfPressure or None
        The roll-off; None for pictures and very short contacts.
    path_mm : ndarray (time, 2)
        The same on the plate (right, forward); empty when there is none.
    heel_mm : tuple of float
        Middle of the heel on the plate (right, forward).
    peak_only : bool
        True when there is one picture and nothing over time.
    """

    contact: Contact
    values: tuple[StrideValue, ...]
    load: FootLoad
    path: CenterOfPressure | None
    path_mm: np.ndarray
    heel_mm: tuple[float, float]
    peak_only: bool

    @property
    def side(self) -> Side:
        """The foot."""
        return self.contact.side

    def value(self, name: str, region: str | None = None) -> float | None:
        """Return one value, None when it does not exist."""
        return next(
            (v.value for v in self.values if v.name == name and v.region == region),
            None,
        )
