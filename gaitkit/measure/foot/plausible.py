"""Could this person have left these prints? Size, force, pressure, pace, the device.

A recording that no person made, or whose scale is wrong, is kept and shown with what is
the matter; no rule uses it. The limits stand in ``person_limits.toml`` with their
sources. Prints that were cut off count only where no other is, so that they do not make
a foot too small. Wrong where a person walks on the toes alone or uses a
walking aid with a broad foot.

Sensors that show the same whatever stands on the mat: found, taken out, named.

A sensor that is broken, or that a grain of sand keeps pressed, lengthens a print,
draws the centre of pressure to itself and may be the highest of the recording. A few
are taken out, inside a foot as well as beside it; of many the mat is questioned. Wrong
where a person stands still: there every sensor may keep its pressure, so that none is
called stuck unless the load of the others changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.limits import person_limits
from gaitkit.model.contact import ContactFlag as Flag
from gaitkit.model.pressure import GRAVITY_M_S2, source_of
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xarray as xr

    from gaitkit.model.plate import MeasuredFoot, PlateResult
    from gaitkit.model.subject import Subject


FOOT_PER_STATURE = 0.152
REFERENCE_STATURE_M = 1.75
"""At which the limit of the cadence stands in the table."""

FLAT_FRAMES = 3
"""A sensor that stays at the top for so many frames is flat there."""

CUT = frozenset({Flag.EDGE, Flag.CUT_AT_START, Flag.CUT_AT_END, Flag.PARTIAL})
"""Of such a contact the highest force may be missing."""

MIN_FRAMES = 20
"""Fewer frames say nothing about a sensor that does not change."""


def person_doubts(
    result: PlateResult, data: xr.Dataset, *, subject: Subject
) -> tuple[Reason, ...]:
    """Return what no person can have left on a plate, or nothing.

    Parameters
    ----------
    result : PlateResult
        The analysed recording.
    data : xarray.Dataset
        Its pressures as read.
    subject : Subject
        Stature and mass sharpen the limits.
    """
    if result.source.unit != "kPa" or result.source.layout != "grid":
        return ()
    feet, stuck = result.feet, stuck_sensors(data)
    return (
        *_size(feet, subject.height_m),
        *_too_many_feet(feet),
        *_force(result, subject),
        *_peak(result),
        *_pace(result, subject.height_m),
        *(() if stuck.few else stuck.why),
        *_saturated(without_stuck(data, stuck)),
    )


def _size(feet: Sequence[MeasuredFoot], height_m: float | None) -> Iterator[Reason]:
    length = usual_print_mm(feet)
    if length is None:
        return
    limit = person_limits()["print_mm"]
    low, high = limit.low, limit.high
    if height_m is not None:
        share = person_limits()["print_per_stature"]
        low, high = (1000 * height_m * each for each in (share.low, share.high))
    if not low <= length <= high:
        yield reason(
            "plate_foot_size",
            length=f"{length:.0f}",
            low=f"{low:.0f}",
            high=f"{high:.0f}",
        )


def usual_print_mm(feet: Sequence[MeasuredFoot]) -> float | None:
    """Return the middle length of the whole prints; of all the longest, if none is."""
    whole = [print_mm(f) for f in feet if f.contact.flags.isdisjoint(CUT)]
    if whole:
        return float(np.median(whole))
    return max((print_mm(foot) for foot in feet), default=None)


def print_mm(foot: MeasuredFoot) -> float:
    """Return the length of a print along its axis, mm."""
    axis = foot.contact.axis
    return 0.0 if axis is None else math.dist(axis.heel_mm, axis.toe_mm)


def _too_many_feet(feet: Sequence[MeasuredFoot]) -> Iterator[Reason]:
    """Yield when three feet and more stand on the mat at the same time."""
    moving = [foot for foot in feet if not foot.peak_only]
    if len(moving) <= len(("left", "right")):
        return
    ends = sorted({float(t) for foot in moving for t in foot.contact.time_s[[0, -1]]})
    spans = [(float(f.contact.time_s[0]), float(f.contact.time_s[-1])) for f in moving]
    together_s = sum(
        stop - start
        for start, stop in pairwise(ends)
        if sum(a <= start and stop <= b for a, b in spans) > 2  # noqa: PLR2004 - feet
    )
    share = together_s / (ends[-1] - ends[0])
    if share > person_limits()["feet_at_once_share"].high:
        yield reason("plate_many_feet", percent=f"{100 * share:.0f}")


def _force(result: PlateResult, subject: Subject) -> Iterator[Reason]:
    """Yield when the force of one foot does not fit the mass of the person."""
    whole = [f for f in result.feet if f.contact.flags.isdisjoint(CUT)]
    if not whole or result.source.peak_only or result.standing is not None:
        return
    shod = result.source.surface in {"insole", "mat"}
    share = person_limits()["force_per_weight_shod" if shod else "force_per_weight"]
    highest = max(float(foot.load.force_n.max()) for foot in whole)
    low_kg, high_kg = _mass_kg(result.feet, subject)
    low, high = share.low * low_kg * GRAVITY_M_S2, share.high * high_kg * GRAVITY_M_S2
    if not low <= highest <= high:
        yield reason(
            "plate_force",
            force=f"{highest:.0f}",
            low=f"{low:.0f}",
            high=f"{high:.0f}",
        )


def _mass_kg(feet: Sequence[MeasuredFoot], subject: Subject) -> tuple[float, float]:
    """Return the mass, or between what it lies by the stature or the print."""
    if subject.mass_kg is not None:
        return subject.mass_kg, subject.mass_kg
    height_m = subject.height_m
    if height_m is None:
        height_m = (usual_print_mm(feet) or 0.0) / 1000 / FOOT_PER_STATURE
    index = person_limits()["mass_per_stature_squared"]
    return index.low * height_m**2, index.high * height_m**2


def _peak(result: PlateResult) -> Iterator[Reason]:
    whole = [f for f in result.feet if f.contact.flags.isdisjoint(CUT)]
    if not whole or result.source.surface != "plate" or result.standing is not None:
        return
    highest = max(float(foot.contact.pressure.max()) for foot in whole)
    limit = person_limits()["peak_kpa"]
    if not limit.holds(highest):
        yield reason(
            "plate_peak",
            peak=f"{highest:.0f}",
            low=f"{limit.low:g}",
            high=f"{limit.high:g}",
        )


def _pace(result: PlateResult, height_m: float | None) -> Iterator[Reason]:
    paces = [step.value for step in result.steps if step.name == "cadence"]
    limit = person_limits()["cadence"].high
    if height_m is not None:
        at_reference = person_limits()["cadence_at_stature"].high
        limit = at_reference * math.sqrt(REFERENCE_STATURE_M / height_m)
    cadence = float(np.mean(paces)) if paces else 0.0
    if cadence > limit:
        yield reason("plate_cadence", cadence=f"{cadence:.0f}", high=f"{limit:.0f}")


def _saturated(data: xr.Dataset) -> Iterator[Reason]:
    """Yield when sensors are flat at the top of the device or of the recording."""
    source, cells = source_of(data), data["pressure"].to_numpy()
    top = float(cells.max(initial=0.0))
    if cells.shape[0] < MIN_FRAMES or top <= 0:
        return
    stated = source.saturation_kpa
    at_top = cells >= (top if stated is None else 0.995 * stated)
    flat = at_top[:-2] & at_top[1:-1] & at_top[2:]
    count = int(flat.any(axis=0).sum())
    if count > person_limits()["saturated_cells"].high:
        yield reason("plate_saturated", n=count, top=f"{top:.0f}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StuckSensors:
    """Sensors that do not change while the others do.

    Attributes
    ----------
    mask : array (row, col) of bool
        True where a sensor is stuck.
    level_kpa : array (sensor,)
        What each of them shows, in the order of ``numpy.argwhere(mask)``.
    """

    mask: np.ndarray
    level_kpa: np.ndarray

    @property
    def few(self) -> bool:
        """True when a mat can be used without them."""
        return 0 < self.level_kpa.size <= person_limits()["stuck_sensors"].high

    @property
    def why(self) -> tuple[Reason, ...]:
        """What is to be said of them: left out, or too many; nothing of none."""
        count = self.level_kpa.size
        if not count:
            return ()
        if not self.few:
            return (reason("plate_sensor_stuck", n=count),)
        named = ", ".join(
            f"{row + 1}/{col + 1} ({level:.0f} kPa)"
            for (row, col), level in zip(
                np.argwhere(self.mask), self.level_kpa, strict=True
            )
        )
        return (reason("plate_sensors_left_out", sensors=named),)


def stuck_sensors(data: xr.Dataset) -> StuckSensors:
    """Return the sensors that show the same while the load of the others changes.

    Parameters
    ----------
    data : xarray.Dataset
        Pressure, dims ``time, row, col``.

    Notes
    -----
    A sensor is stuck that lies within ``stuck_spread`` of its own median, above zero,
    in more than ``stuck_share`` of the frames, while the sum of the other sensors
    changes by more than ``stuck_load_change`` of its highest value. The limits stand
    in ``person_limits.toml``.
    """
    cells, limits = data["pressure"].to_numpy(), person_limits()
    none = StuckSensors(
        mask=np.zeros(cells.shape[1:], dtype=bool), level_kpa=np.zeros(0)
    )
    if cells.shape[0] < MIN_FRAMES:
        return none
    least = limits["stuck_share"].high
    pressed = np.count_nonzero(cells, axis=0) > least * cells.shape[0]
    rows, cols = np.nonzero(pressed)
    own = cells[:, rows, cols]
    middle = np.median(own, axis=0)
    alike = np.abs(own - middle) <= limits["stuck_spread"].high * middle
    stuck = alike.mean(axis=0) > least
    if not stuck.any():
        return none
    others = cells.sum(axis=(1, 2), dtype=np.float64) - own[:, stuck].sum(axis=1)
    if float(np.ptp(others)) <= limits["stuck_load_change"].low * float(others.max()):
        return none
    mask = none.mask.copy()
    mask[rows[stuck], cols[stuck]] = True
    return StuckSensors(mask=mask, level_kpa=middle[stuck])


def without_stuck(data: xr.Dataset, stuck: StuckSensors) -> xr.Dataset:
    """Return a recording whose few stuck sensors are empty and not valid."""
    if not stuck.few:
        return data
    cells = np.where(stuck.mask, np.float32(0), data["pressure"].to_numpy())
    dims = data["pressure"].dims
    return data.assign(
        pressure=(dims, cells), valid=(dims[1:], data["valid"].to_numpy() & ~stuck.mask)
    )
