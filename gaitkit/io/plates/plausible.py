"""Is the total force one that a person can make? Catches units that are mixed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.model.pressure import source_of, total_force_n

if TYPE_CHECKING:
    import xarray as xr

GRAVITY_M_S2 = 9.80665
"""Standard gravity, CGPM 1901."""

MOST_FORCE_N = 5000.0
"""2.5 body weights of 204 kg. Walking peaks at 1.0-1.5 body weights (PLATES: peak
total force between 0.4 and 2.5 body weights); 10-fold unit mistakes exceed it."""

MOST_BODY_WEIGHTS = 2.5
"""The same bound when the body mass is known."""


def check_total_force(
    data: xr.Dataset, *, name: str, mass_kg: float | None = None
) -> None:
    """Refuse a recording whose total force no person can make.

    Parameters
    ----------
    data : xarray.Dataset
        Pressure; nothing is checked for raw counts or unknown sensor sizes.
    name : str
        File, for the message.
    mass_kg : float, optional
        Body mass.

    Raises
    ------
    FormatError
        If the highest total force is impossible.
    """
    source = source_of(data)
    if source.unit != "kPa" or source.peak_only:
        return
    force = total_force_n(data)
    if not np.isfinite(force).all() or force.size == 0:
        return
    limit = MOST_FORCE_N
    if mass_kg is not None:
        limit = max(MOST_BODY_WEIGHTS * mass_kg * GRAVITY_M_S2, MOST_FORCE_N / 5)
    highest = float(force.max())
    if highest > limit:
        frame = int(force.argmax()) + 1
        msg = (
            f"{name}: the total force is {highest:.0f} N in frame {frame}; no more "
            f"than {limit:.0f} N can be a person. The unit ({source.raw_unit}, "
            f"{source.unit_evidence}) or the sensor size is not what it seems: "
            f"give plate.unit, plate.pitch_rows_mm and plate.pitch_cols_mm."
        )
        raise FormatError(msg)
