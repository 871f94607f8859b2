"""What every reader of pressure exports returns, and what the user may tell it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit.model.pressure import PressureSource, Surface, pressure, source_of

KPA_PER = {
    "kpa": 1.0,
    "n/cm2": 10.0,
    "mmhg": 0.133322387415,  # NIST SP 811
    "psi": 6.894757293168,  # NIST SP 811
    "mpa": 1000.0,
    "pa": 0.001,
    "n/mm2": 1000.0,
    "bar": 100.0,
    "mbar": 0.1,
    "kg/cm2": 98.0665,
    "g/cm2": 0.0980665,
}
"""kPa in one unit of pressure, by its name in small letters without blanks."""

PITCH_RANGE_MM = (0.5, 30.0)
RATE_RANGE_HZ = (1.0, 5000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateOptions:
    """What the user knows about a pressure file. ``None`` asks the file itself.

    Attributes
    ----------
    pitch_rows_mm, pitch_cols_mm : float or None
        Distance between rows and between columns.
    unit : str or None
        Unit of the numbers, for files that do not say it.
    rate_hz : float or None
        Frames per second, for files that do not say it.
    mirrored : bool
        True when the picture is seen from below (columns are reversed on reading).
    kpa_per_count : float or None
        Calibration of raw counts.
    surface : {"plate", "treadmill", "insole", "mat"} or None
        What the foot stood on, for the generic importer.
    mass_kg : float or None
        Body mass; sharpens the check of the total force.

    Raises
    ------
    ConfigError
        If a value is out of range; the message names the key.
    """

    pitch_rows_mm: float | None = None
    pitch_cols_mm: float | None = None
    unit: str | None = None
    rate_hz: float | None = None
    mirrored: bool = False
    kpa_per_count: float | None = None
    surface: Surface | None = None
    mass_kg: float | None = None

    def __post_init__(self) -> None:
        """Check each value and name its key."""
        _within("plate.pitch_rows_mm", self.pitch_rows_mm, PITCH_RANGE_MM, "mm")
        _within("plate.pitch_cols_mm", self.pitch_cols_mm, PITCH_RANGE_MM, "mm")
        _within("plate.rate_hz", self.rate_hz, RATE_RANGE_HZ, "Hz")
        _within("plate.kpa_per_count", self.kpa_per_count, (1e-6, 1e3), "kPa")
        known = (*KPA_PER, "n/sensor", "raw")
        if self.unit is not None and unit_key(self.unit) not in known:
            msg = (
                f"plate.unit is {self.unit!r}; expected one of kPa, N/cm2, N/sensor, "
                f"mmHg, PSI, MPa, Pa, raw. Write the unit as the device states it."
            )
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorValue:
    """A number that the vendor's own program computed.

    Attributes
    ----------
    name : str
        As the vendor calls it.
    value : float or None
        The number; None when the field is empty or holds words.
    unit : str or None
        As the vendor writes it.
    text : str
        The field as it stands in the file.
    """

    name: str
    value: float | None
    unit: str | None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateFile:
    """The content of one export.

    Attributes
    ----------
    mats : tuple of xarray.Dataset
        One pressure dataset for each mat or insole, in the order of the file; empty
        when the file holds vendor numbers only.
    vendor_values : tuple of VendorValue
        Numbers of the vendor's own program.
    notes : tuple of str
        What the reader assumed or left out, one sentence each.
    """

    mats: tuple[xr.Dataset, ...]
    vendor_values: tuple[VendorValue, ...] = ()
    notes: tuple[str, ...] = ()


def unit_key(unit: str) -> str:
    """Return a unit's name in small letters, blanks and signs of power removed."""
    plain = unit.strip().lower().replace("²", "2").replace("^", "")
    return plain.replace(" ", "").replace("newton", "n")


def with_user_values(data: xr.Dataset, options: PlateOptions) -> xr.Dataset:
    """Return a dataset with what the user knows better put in its place.

    Parameters
    ----------
    data : xarray.Dataset
        As read.
    options : PlateOptions
        Pitch, mirror and calibration of counts.
    """
    rows, cols = data.attrs["pitch_mm"]
    source = source_of(data)
    cells, valid = data["pressure"].to_numpy(), data["valid"].to_numpy()
    if options.pitch_rows_mm is not None or options.pitch_cols_mm is not None:
        new = (options.pitch_rows_mm or rows, options.pitch_cols_mm or cols)
        if source.raw_unit == "N/sensor":
            cells = cells * np.float32((rows * cols) / (new[0] * new[1]))
        rows, cols = new
        source = replace(source, pitch_evidence="user")
    if source.unit == "raw" and options.kpa_per_count is not None:
        cells = cells * np.float32(options.kpa_per_count)
        source = replace(source, unit="kPa", unit_evidence="user")
    if options.mirrored:
        cells, valid = cells[:, :, ::-1], valid[:, ::-1]
    return rebuilt(data, cells, valid=valid, pitch_mm=(rows, cols), source=source)


def rebuilt(
    data: xr.Dataset,
    cells: np.ndarray,
    *,
    valid: np.ndarray,
    pitch_mm: tuple[float, float],
    source: PressureSource,
) -> xr.Dataset:
    """Return a dataset with new cells on the clock (and belt) of an old one."""
    belt = data["belt_m"].to_numpy() if "belt_m" in data else None
    return pressure(
        cells,
        time_s=data["time"].to_numpy(),
        pitch_mm=pitch_mm,
        source=source,
        valid=valid,
        belt_m=belt,
    )


def _within(
    key: str, value: float | None, limits: tuple[float, float], unit: str
) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        msg = f"{key} is {value:g}; expected {low:g} to {high:g} {unit}. Correct it."
        raise ConfigError(msg)
