"""What one pressure recording gave: the walk on the plate, its feet and measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitkit.model.contact import Contact, Heading
from gaitkit.model.events import Event
from gaitkit.model.foot import MeasuredFoot
from gaitkit.model.measurement import Measurement
from gaitkit.model.pressure import PressureSource
from gaitkit.model.reason import Quality, Reason
from gaitkit.model.side import Side
from gaitkit.model.stride_value import StrideValue


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
