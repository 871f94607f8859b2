"""One footprint in foot coordinates: every foot is turned into a right foot.

Left feet are mirrored before anything is computed, so a mirrored plate gives exactly
mirrored results. ``lateral`` and ``forward`` are mm from the centre of the crop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.model.pressure import N_PER_KPA_MM2
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.model.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Footprint:
    """A contact as a right foot, toes towards growing rows.

    Attributes
    ----------
    pressure : ndarray (time, row, col)
        kPa; columns grow laterally.
    peak : ndarray (row, col)
        Highest pressure of every cell.
    row, col : ndarray (cell,)
        Cells in contact at any time (at least the threshold).
    lateral_mm, forward_mm : ndarray (cell,)
        Their places.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    threshold_kpa : float
        Cells count as contact from this pressure on.
    """

    pressure: np.ndarray
    peak: np.ndarray
    row: np.ndarray
    col: np.ndarray
    lateral_mm: np.ndarray
    forward_mm: np.ndarray
    pitch_mm: tuple[float, float]
    threshold_kpa: float

    @property
    def cell_cm2(self) -> float:
        """Area of one sensor in cm2."""
        return self.pitch_mm[0] * self.pitch_mm[1] / 100

    @property
    def newton_per_kpa(self) -> float:
        """Force of one sensor at 1 kPa."""
        return self.pitch_mm[0] * self.pitch_mm[1] * N_PER_KPA_MM2

    def places(self, row: np.ndarray, col: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (lateral, forward) in mm of rows and columns."""
        rows, cols = self.peak.shape
        lateral = (col - (cols - 1) / 2) * self.pitch_mm[1]
        return lateral, (row - (rows - 1) / 2) * self.pitch_mm[0]


def footprint_of(contact: Contact, *, threshold_kpa: float) -> Footprint:
    """Return a contact as a right foot.

    Parameters
    ----------
    contact : Contact
        One foot in the walking frame.
    threshold_kpa : float
        Cells count as contact from this pressure on.

    Raises
    ------
    InputError
        If no cell reaches the threshold.
    """
    cells = contact.pressure
    if contact.side is Side.LEFT:
        cells = np.ascontiguousarray(cells[:, :, ::-1])
    peak = cells.max(axis=0)
    row, col = np.nonzero(peak >= threshold_kpa)
    if row.size == 0:
        msg = f"contact {contact.number} has no cell of {threshold_kpa:g} kPa or more"
        raise InputError(msg)
    rows, cols = peak.shape
    return Footprint(
        pressure=cells,
        peak=peak,
        row=row,
        col=col,
        lateral_mm=(col - (cols - 1) / 2) * contact.pitch_mm[1],
        forward_mm=(row - (rows - 1) / 2) * contact.pitch_mm[0],
        pitch_mm=contact.pitch_mm,
        threshold_kpa=threshold_kpa,
    )
