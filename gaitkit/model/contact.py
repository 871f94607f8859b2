"""One foot on the plate: where, when, which side, how good, axis and regions.

Contacts live in the *walking frame* of the plate: rows count forward in the direction
of walking, columns count to the walker's right, so that a picture with row 0 at the
bottom shows the walk going up. ``Heading`` says how that frame lies on the plate.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from gaitkit.model.reason import Reason
from gaitkit.model.side import Side

AxisMethod = Literal[
    "heel_forefoot", "principal", "center_of_pressure_66", "rectangle", "manual"
]

Heading = Literal["rows_up", "rows_down", "cols_up", "cols_down"]
"""Direction of walking: along rows or columns, with the index going up or down."""


class ContactFlag(StrEnum):
    """What limits a contact. Flags grade; they never delete."""

    EDGE = "edge"
    CUT_AT_START = "cut_at_start"
    CUT_AT_END = "cut_at_end"
    PARTIAL = "partial"
    OVERLAP = "overlap"
    DRAG = "drag"
    OUTLIER = "outlier"
    AXIS_UNSURE = "axis_unsure"
    SIDE_UNSURE = "side_unsure"
    EXCLUDED = "excluded"


class Region(StrEnum):
    """The ten regions of the sole."""

    HALLUX = "hallux"
    TOES = "toes_2_5"
    METATARSAL_1 = "metatarsal_1"
    METATARSAL_2 = "metatarsal_2"
    METATARSAL_3 = "metatarsal_3"
    METATARSAL_4 = "metatarsal_4"
    METATARSAL_5 = "metatarsal_5"
    MIDFOOT = "midfoot"
    HEEL_MEDIAL = "heel_medial"
    HEEL_LATERAL = "heel_lateral"


REGIONS = tuple(Region)
"""Regions in the order of their numbers: number 1 is the hallux, 0 is no contact."""

METATARSALS = REGIONS[2:7]
HEEL = REGIONS[8:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class FootAxis:
    """The long axis of a foot in the walking frame.

    Attributes
    ----------
    heel_mm, toe_mm : tuple of float
        Ends of the footprint on the axis, (right, forward) in mm on the plate.
    angle_deg : float
        Angle against the rows' direction; positive when the toes point outwards
        (away from the other foot).
    method : AxisMethod
        How it was found.
    check_deg : float or None
        Difference to the principal axis of the footprint.
    """

    heel_mm: tuple[float, float]
    toe_mm: tuple[float, float]
    angle_deg: float
    method: AxisMethod
    check_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionBorders:
    """Where the regions of one foot are cut; may be set by hand and stored.

    Attributes
    ----------
    heel, forefoot, toes : float
        Heel | midfoot, midfoot | forefoot and forefoot | toes, as fractions of the
        length of the footprint from the heel.
    hallux : float
        Hallux | second toe, as a fraction of the width of the forefoot from the
        medial border.
    metatarsals : tuple of float
        The four cuts between the metatarsals, fractions of the width of the forefoot
        from the medial border.
    heel_slope, forefoot_slope, toe_slope : float
        How much further back these cuts lie at the lateral than at the medial border,
        fractions of the length.
    fan_tilt : float
        How much the cuts between the metatarsals move laterally over one length
        forwards, in fractions of the width.
    heel_split : float
        Medial | lateral heel, fraction of the width of the heel.
    seams : bool
        True when the cuts across may bend along the valleys of pressure.
    """

    heel: float
    forefoot: float
    toes: float
    hallux: float
    metatarsals: tuple[float, float, float, float]
    heel_slope: float = 0.0
    forefoot_slope: float = 0.0
    toe_slope: float = 0.0
    fan_tilt: float = 0.0
    heel_split: float = 0.5
    seams: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contact:
    """One foot on the plate.

    Attributes
    ----------
    number : int
        1 for the first in time.
    start, stop : int
        Frames ``[start, stop)`` of the recording.
    time_s : ndarray (time,)
        Times of these frames.
    row, col : int
        First row and column of the crop in the walking frame.
    pressure : ndarray (time, row, col)
        Cropped copy in kPa, walking frame, cells of other contacts set to zero.
    pitch_mm : tuple of float
        Distance between rows and between columns in mm.
    center_mm : tuple of float
        Place of the centre of the crop on the plate (right, forward), counted from
        the middle of the plate.
    side : Side
        The foot.
    side_confidence : float
        0.5 (a guess) to 1.
    side_method : {"stated", "user", "walk", "shape"}
        Whether the file or the user said so, or the walk with the shapes, or the
        shape alone decided.
    flags : frozenset of ContactFlag
        What limits it.
    axis : FootAxis or None
        Long axis.
    regions : ndarray (row, col) of uint8 or None
        0 outside, else 1 + index in ``REGIONS``.
    borders : RegionBorders or None
        The cuts behind ``regions``.
    """

    number: int
    start: int
    stop: int
    time_s: np.ndarray
    row: int
    col: int
    pressure: np.ndarray
    pitch_mm: tuple[float, float]
    center_mm: tuple[float, float]
    side: Side
    side_confidence: float
    side_method: Literal["stated", "user", "walk", "shape"]
    flags: frozenset[ContactFlag] = frozenset()
    axis: FootAxis | None = None
    regions: np.ndarray | None = None
    borders: RegionBorders | None = None

    @property
    def peak(self) -> np.ndarray:
        """Highest pressure of every cell over the contact, array (row, col) in kPa."""
        highest: np.ndarray = self.pressure.max(axis=0)
        return highest

    @property
    def cell_mm2(self) -> float:
        """Area of one sensor in mm2."""
        return self.pitch_mm[0] * self.pitch_mm[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCorrection:
    """What the therapist changed by hand about one contact.

    Attributes
    ----------
    number : int
        The contact, as numbered in the report.
    side : Side or None
        The right side, when gaitkit was wrong.
    use : bool
        False leaves the contact out of the averages.
    heel_mm, toe_mm : tuple of float or None
        Ends of the axis set by hand (right, forward), plate coordinates.
    borders : RegionBorders or None
        Cuts set by hand.
    """

    number: int
    side: Side | None = None
    use: bool = True
    heel_mm: tuple[float, float] | None = None
    toe_mm: tuple[float, float] | None = None
    borders: RegionBorders | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """One contact with a plate as the assessment keeps it.

    Attributes
    ----------
    recording : str
        Id of the recording.
    number : int
        As in `Contact`.
    side, side_confidence, side_method
        Which foot, how sure, and how that is known.
    contact_time_s, peak_force_n, foot_progression_angle_deg : float or None
        Values of this contact alone; toe-out positive. None where they do not exist.
    why_unused : Reason or None
        Why it takes no part in the averages over whole steps.
    """

    recording: str
    number: int
    side: Side
    side_confidence: float
    side_method: Literal["stated", "user", "walk", "shape"]
    contact_time_s: float | None = None
    peak_force_n: float | None = None
    foot_progression_angle_deg: float | None = None
    why_unused: Reason | None = None
