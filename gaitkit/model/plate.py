"""What one pressure recording gave: the walk on the plate, its feet and measures.

One foot on the plate as measured: its load, its roll-off and its values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitkit.model.contact import Contact, Heading
from gaitkit.model.events import Event
from gaitkit.model.measurement import Measurement
from gaitkit.model.pressure import PressureSource
from gaitkit.model.reason import Quality, Reason
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkFrame:
    """The plate seen in the direction of walking.

    Rows count forward, columns to the walker's right. Positions in mm are counted
    from the middle of the mat, so that a mirrored or turned plate gives exactly
    mirrored or equal numbers.

    Attributes
    ----------
    heading : Heading
        Direction of walking on the mat.
    shape : tuple of int
        Rows and columns of the mat in the walking frame.
    pitch_mm : tuple of float
        Distance between rows and between columns in the walking frame.
    """

    heading: Heading
    shape: tuple[int, int]
    pitch_mm: tuple[float, float]

    def place(self, row: np.ndarray, col: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return rows and columns of the walking frame for those of the mat.

        Notes
        -----
        The picture has row 0 at the top. Walking down it, the walker's right is the
        left of the picture; walking to its right, the walker's right is down.
        """
        rows, cols = self.shape
        if self.heading == "rows_up":  # index grows: down the picture
            return row, cols - 1 - col
        if self.heading == "rows_down":  # up the picture
            return rows - 1 - row, col
        if self.heading == "cols_up":  # to the right of the picture
            return col, row
        return rows - 1 - col, cols - 1 - row

    def back(self, row: np.ndarray, col: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return rows and columns of the mat for those of the walking frame."""
        rows, cols = self.shape
        if self.heading == "rows_up":
            return row, cols - 1 - col
        if self.heading == "rows_down":
            return rows - 1 - row, col
        if self.heading == "cols_up":
            return col, row
        return cols - 1 - col, rows - 1 - row


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressionLine:
    """Direction of walking.

    Attributes
    ----------
    angle_rad : float
        Against the rows' direction, positive to the right.
    start_mm : tuple of float
        A point on it (right, forward).
    fitted : bool
        False when the plate's own direction was taken.
    """

    angle_rad: float
    start_mm: tuple[float, float]
    fitted: bool

    def along(self, place_mm: tuple[float, float]) -> float:
        """Return how far a place lies along the line, mm."""
        x, y = self._from_start(place_mm)
        return y * float(np.cos(self.angle_rad)) + x * float(np.sin(self.angle_rad))

    def beside(self, place_mm: tuple[float, float]) -> float:
        """Return how far a place lies to the right of the line, mm."""
        x, y = self._from_start(place_mm)
        return x * float(np.cos(self.angle_rad)) - y * float(np.sin(self.angle_rad))

    def _from_start(self, place_mm: tuple[float, float]) -> tuple[float, float]:
        return place_mm[0] - self.start_mm[0], place_mm[1] - self.start_mm[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """How a person stood.

    Attributes
    ----------
    duration_s : float
        Time that both feet stood.
    load_share : tuple of tuple
        (side, region, share in % of the total force, spread over time); regions are
        total, forefoot and rearfoot (split at half of the footprint's length).
    center_mm : ndarray (time, 2)
        Centre of pressure of both feet (right, forward), smoothed.
    sway_path_mm : float
        Length of its path.
    sway_area_mm2 : float
        Area of the 95 % prediction ellipse.
    """

    duration_s: float
    load_share: tuple[tuple[Side, str, float, float], ...]
    center_mm: np.ndarray
    sway_path_mm: float
    sway_area_mm2: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlateResult:
    """What one pressure recording gave.

    Attributes
    ----------
    recording : str
        Id of the recording.
    source : PressureSource
        Device, and how its unit, sensor size and clock are known.
    frame : WalkFrame
        Direction of walking and how it lies on the mat.
    feet : tuple of MeasuredFoot
        Every contact that has an axis, in the order of time.
    small : tuple of Contact
        Contacts too small to have an axis.
    line : ProgressionLine or None
        Line of progression; None for insoles, pictures and standing.
    standing : Standing or None
        Load shares and sway, when the person stood.
    steps : tuple of StrideValue
        Values of steps and strides.
    events : tuple of Event
        Initial contacts and feet off, on the clock of the recording.
    measurements : tuple of Measurement
        Per side, with error, or with the reason why not.
    rejected : tuple of (int, Reason)
        Number of each contact that takes no part in averages over whole steps.
    quality : Quality
        Whether the recording may be used.
    """

    recording: str
    source: PressureSource
    frame: WalkFrame
    feet: tuple[MeasuredFoot, ...]
    small: tuple[Contact, ...]
    line: ProgressionLine | None
    standing: Standing | None
    steps: tuple[StrideValue, ...]
    events: tuple[Event, ...]
    measurements: tuple[Measurement, ...]
    rejected: tuple[tuple[int, Reason], ...]
    quality: Quality


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
