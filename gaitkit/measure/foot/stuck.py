"""Sensors that show the same whatever stands on the mat: found, taken out, named.

A sensor that is broken, or that a grain of sand keeps pressed, lengthens a print,
draws the centre of pressure to itself and may be the highest of the recording. A few
are taken out, inside a foot as well as beside it; of many the mat is questioned. Wrong
where a person stands still: there every sensor may keep its pressure, so that none is
called stuck unless the load of the others changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.limits import person_limits
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    import xarray as xr

MIN_FRAMES = 20
"""Fewer frames say nothing about a sensor that does not change."""


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
