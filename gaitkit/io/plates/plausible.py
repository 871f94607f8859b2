"""Can a person make this total force; what does the file leave in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.clock import LONGEST_S
from gaitkit.io.plates.plate_file import PITCH_RANGE_MM, RATE_RANGE_HZ
from gaitkit.model.pressure import GRAVITY_M_S2, pitch_of, source_of, total_force_n
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr


MOST_FORCE_N = 5000.0
"""2.5 body weights of 204 kg. Walking peaks at 1.0-1.5 body weights (PLATES: peak
total force between 0.4 and 2.5 body weights); 10-fold unit mistakes exceed it."""

MOST_KPA = 10_000.0
"""Sensors for feet end below 3000 kPa, the skin of a sole long before."""

MOST_RAW = 2.0**32
"""Counts of the widest converters; nobody knows the unit of these numbers."""

MOST_BODY_WEIGHTS = 2.5
"""The same bound when the body mass is known."""


def check_clock_and_size(data: xr.Dataset, *, name: str) -> None:
    """Refuse a rate, a duration or a size of sensors that cannot be.

    Raises
    ------
    FormatError
        If times are no numbers, do not increase or are out of range, or the distance
        between sensors is.
    """
    time_s = data["time"].to_numpy()
    steps = np.diff(time_s)
    low, high = RATE_RANGE_HZ
    rate_hz = 1 / float(np.median(steps)) if steps.size and steps.all() else np.nan
    if steps.size and not (
        np.isfinite(time_s).all() and (steps > 0).all() and low <= rate_hz <= high
    ):
        msg = (
            f"{name}: expected times that increase at {low:g} to {high:g} Hz, got "
            f"{rate_hz:.6g} Hz. Export the file again."
        )
        raise FormatError(msg)
    if time_s.size and not time_s[-1] - time_s[0] <= LONGEST_S:
        msg = f"{name}: a recording of {time_s[-1] - time_s[0]:.6g} s cannot be."
        raise FormatError(f"{msg} Export the file again.")
    small, large = PITCH_RANGE_MM
    pitch = [float(each) for each in data.attrs["pitch_mm"]]
    if any(np.isfinite(p) and not small <= p <= large for p in pitch):
        msg = (
            f"{name}: expected sensors {small:g} to {large:g} mm apart, got "
            f"{pitch[0]:.6g} x {pitch[1]:.6g} mm. Export the file again."
        )
        raise FormatError(msg)


def check_cells(data: xr.Dataset, *, name: str) -> None:
    """Refuse a cell that no sensor under a foot can show.

    Raises
    ------
    FormatError
        If the highest number is no pressure.
    """
    source = source_of(data)
    highest = float(data["pressure"].max()) if data["pressure"].size else 0.0
    most = MOST_RAW if source.unit == "raw" else MOST_KPA
    if highest > most:
        msg = (
            f"{name}: a cell holds {highest:.6g} {source.unit}; no sensor under a foot "
            f"shows more than {most:.6g}. The unit ({source.raw_unit}, "
            f"{source.unit_evidence}) is not what it seems, or the file is damaged: "
            f"give plate.unit, or export it again."
        )
        raise FormatError(msg)


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


def doubts(data: xr.Dataset) -> Iterator[Reason]:
    """Yield what a file does not state, or states otherwise than it holds."""
    source = source_of(data)
    if source.unit_evidence == "assumed":
        yield reason("plate_unit_assumed", unit=source.raw_unit)
    if source.pitch_evidence == "assumed":
        rows, cols = pitch_of(data)
        yield reason("plate_pitch_assumed", rows=float(rows), cols=float(cols))
    check = source.checksum
    if check is not None and not check.passed:
        yield reason("plate_sum_differs", name=check.name, worst=f"{check.worst:.1f}")
    if source.shown_mirrored:
        yield reason("plate_shown_mirrored", maker=source.maker)
