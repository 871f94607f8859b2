"""Plantar pressure as a labelled dataset, and how its numbers are known.

A dataset has dims ``time, row, col`` and holds ``pressure`` (float32), ``valid``
(True where the mat has a working sensor) and ``time`` in seconds. Row 0 is the first
row of the file; the picture is seen from above with row 0 at the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr

from gaitkit.model.labelled import described, mean_rate_hz
from gaitkit.model.recording import TimeSource
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Evidence = Literal["stated", "device table", "user", "assumed", "unknown"]
"""How a unit or a length is known: the file says so, the device is known by its
format, the user said so, it was assumed, or nobody knows."""

PressureUnit = Literal["kPa", "raw"]
Surface = Literal["plate", "treadmill", "insole", "mat"]
Layout = Literal["grid", "sensors"]

N_PER_KPA_MM2 = 1e-3
"""1 kPa on 1 mm2 is 0.001 N."""

GRAVITY_M_S2 = 9.80665
"""Standard gravity, CGPM 1901."""

DIMS = ("time", "row", "col")


class NoPressureError(ValueError):
    """Numbers, times or shapes that no recording of pressure can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """A total that the file states, compared with the total of what was read.

    Attributes
    ----------
    name : str
        What the file calls the total.
    unit : {"N", "count"}
        Unit of the total.
    worst, tolerance : float
        Largest absolute difference of any frame, and what rounding in the file
        allows.
    frames : int
        Frames compared.
    """

    name: str
    unit: Literal["N", "count"]
    worst: float
    tolerance: float
    frames: int

    @property
    def passed(self) -> bool:
        """True when every frame agrees within the tolerance."""
        return self.worst <= self.tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureSource:
    """Where a pressure dataset comes from and how its numbers are known.

    Attributes
    ----------
    maker, format : str
        Maker of the device and name of the file layout.
    raw_unit : str
        Unit in the file, for example ``N/sensor``.
    unit_evidence, pitch_evidence : Evidence
        How the unit and the sensor size are known.
    time_source : TimeSource
        How the clock is known.
    unit : {"kPa", "raw"}
        Unit of ``pressure``; ``raw`` are counts that nobody calibrated.
    surface : {"plate", "treadmill", "insole", "mat"}
        What the foot stood on.
    layout : {"grid", "sensors"}
        ``sensors`` when the sensors have numbers but no known places.
    peak_only : bool
        True when the file holds one picture of highest values and no frames.
    side : Side or None
        Side, where the file states it.
    floor_kpa : float or None
        Smallest pressure that the device reports.
    saturation_kpa : float or None
        Highest pressure that the device can report, where the file states it.
    shown_mirrored : bool
        True when the maker's program says that it mirrored the picture, and nobody
        says whether the export is mirrored too.
    checksum : Checksum or None
        Comparison with a total in the file, where the format has one. One that did not
        pass was near enough to be read.
    origin_mm : tuple of float
        Place of the first row and column on the plate (row, col).
    """

    maker: str
    format: str
    raw_unit: str
    unit_evidence: Evidence
    pitch_evidence: Evidence
    time_source: TimeSource
    unit: PressureUnit = "kPa"
    surface: Surface = "plate"
    layout: Layout = "grid"
    peak_only: bool = False
    side: Side | None = None
    floor_kpa: float | None = None
    saturation_kpa: float | None = None
    shown_mirrored: bool = False
    checksum: Checksum | None = None
    origin_mm: tuple[float, float] = (0.0, 0.0)


def pressure(
    values: ArrayLike,
    *,
    time_s: ArrayLike,
    pitch_mm: tuple[float, float],
    source: PressureSource,
    valid: ArrayLike | None = None,
    belt_m: ArrayLike | None = None,
) -> xr.Dataset:
    """Build a pressure dataset and check its shape.

    Parameters
    ----------
    values : array (time, row, col)
        Pressure in the unit of ``source.unit``; finite, never negative.
    time_s : array (time,)
        Seconds, strictly increasing.
    pitch_mm : tuple of float
        Distance between sensors along rows' and columns' direction (dy, dx) in mm;
        NaN where unknown.
    source : PressureSource
        Origin of the numbers.
    valid : array (row, col) of bool, optional
        False where the mat has no sensor; all True by default.
    belt_m : array (time,), optional
        Position of a treadmill belt in metres.

    Returns
    -------
    xarray.Dataset
        Dims ``time, row, col``; attrs ``pitch_mm`` and ``source``.

    Raises
    ------
    NoPressureError
        If shapes disagree, time does not increase, or a value is not a pressure.
    """
    cells = np.asarray(values, dtype=np.float32)
    time = np.asarray(time_s, dtype=float)
    mask = (
        np.ones(cells.shape[1:], dtype=bool)
        if valid is None
        else np.asarray(valid, dtype=bool)
    )
    _check(cells, time, mask)
    variables = {"pressure": (DIMS, cells), "valid": (DIMS[1:], mask)}
    if belt_m is not None:
        variables["belt_m"] = (("time",), np.asarray(belt_m, dtype=float))
    return described(
        xr.Dataset(
            variables,
            coords={"time": time},
            attrs={
                "pitch_mm": (float(pitch_mm[0]), float(pitch_mm[1])),
                "source": source,
                "unit": source.unit,
            },
        )
    )


def source_of(data: xr.Dataset) -> PressureSource:
    """Return where a pressure dataset comes from."""
    source: PressureSource = data.attrs["source"]
    return source


def pitch_of(data: xr.Dataset) -> tuple[float, float]:
    """Return the distance between rows and between columns in mm (NaN: unknown)."""
    rows, cols = data.attrs["pitch_mm"]
    return float(rows), float(cols)


def sensor_area_mm2(data: xr.Dataset) -> float:
    """Return the area of one sensor in mm2 (NaN: unknown)."""
    rows, cols = pitch_of(data)
    return rows * cols


def rate_hz(data: xr.Dataset) -> float | None:
    """Return one over the mean interval between frames, None for a single frame."""
    time = data["time"].to_numpy()
    if time.size < 2:  # noqa: PLR2004 - an interval needs two
        return None
    return mean_rate_hz(time)


def total_force_n(data: xr.Dataset) -> np.ndarray:
    """Return the force of every frame in newtons, array (time,).

    Notes
    -----
    F = 0.001 * A * sum(p), with p in kPa and A in mm2, summed in double precision.
    """
    cells = data["pressure"].to_numpy()
    summed = cells.sum(axis=(1, 2), dtype=np.float64)
    force: np.ndarray = summed * sensor_area_mm2(data) * N_PER_KPA_MM2
    return force


def _check(cells: np.ndarray, time: np.ndarray, mask: np.ndarray) -> None:
    if cells.ndim != len(DIMS) or cells.shape[0] != time.size:
        msg = f"expected (time, row, col) with {time.size} frames, got {cells.shape}"
        raise NoPressureError(msg)
    if mask.shape != cells.shape[1:]:
        msg = f"valid has shape {mask.shape}, the mat has {cells.shape[1:]}"
        raise NoPressureError(msg)
    if time.size > 1 and not np.all(np.diff(time) > 0):
        msg = "time_s must increase strictly from frame to frame"
        raise NoPressureError(msg)
    # one pass without a boolean copy of the whole array
    low = cells.min(initial=0.0)
    high = cells.max(initial=0.0)
    if not (low >= 0.0 and np.isfinite(high)):
        msg = "pressure must be finite and not negative; mark sensors as not valid"
        raise NoPressureError(msg)
