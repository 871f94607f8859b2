"""What was found in a recording as tables: for pandas, xarray and statistics.

Everything here is in `Analysis` already; these functions only give it the shape that a
notebook wants.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import InputError
from gaitkit.gait.waveforms import cycles
from gaitkit.model.contact import REGIONS
from gaitkit.model.labelled import described
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.contact import Contact

OUTSIDE = "outside"
"""Region of a cell that belongs to none."""


def as_table(rows: Iterable[object]) -> pd.DataFrame:
    """Return events, strides, values of strides or measurements as a table.

    Parameters
    ----------
    rows : iterable of dataclass
        All of one kind: ``analysis.events``, ``analysis.strides``, ...

    Returns
    -------
    pandas.DataFrame
        One row each, one column a field. Sides, kinds and codes are plain text, and a
        reason is its code.

    Raises
    ------
    InputError
        If they are no such rows.

    Examples
    --------
    >>> from gaitkit.gait import as_table
    >>> from gaitkit.measure import StrideValue
    >>> as_table([StrideValue(name="stride_time", value=1.1, start_s=0.4)])[
    ...     ["name", "value", "start_s"]
    ... ]
              name  value  start_s
    0  stride_time    1.1      0.4
    """
    import pandas as pd

    kept = tuple(rows)
    if any(not is_dataclass(row) or isinstance(row, type) for row in kept):
        msg = "expected events, strides, values or measurements; got something else"
        raise InputError(msg)
    table = [{name: _plain(getattr(row, name)) for name in _names(row)} for row in kept]
    return pd.DataFrame(table)


def _names(row: object) -> tuple[str, ...]:
    return tuple(each.name for each in fields(row))  # type: ignore[arg-type]


def _plain(value: object) -> object:
    """Return a value as pandas shows it well."""
    if isinstance(value, Reason):
        return value.code
    return str(value) if isinstance(value, str) else value


def angle_cycles(analysis: Analysis) -> xr.Dataset:
    """Return every angle over every stride that takes part in the averages.

    Parameters
    ----------
    analysis : Analysis
        Of a recording of a walk.

    Returns
    -------
    xarray.Dataset
        A variable for each angle, degrees, dims ``stride, percent`` (0 to 100 % of the
        stride); coordinates ``side``, ``start_s``, ``end_s`` (seconds of the recording)
        and ``foot_off_pct`` of each stride. NaN where an angle is not known in a
        stride; ``to_dataframe()`` makes it a table.

    Raises
    ------
    InputError
        If the recording holds no angles.

    Notes
    -----
    An angle of a stride is that of the side whose initial contacts bound it; linear
    interpolation in time. What the angle of a camera is off stands with the measures of
    that angle, not here.
    """
    if analysis.angles is None:
        msg = f"recording {analysis.recording.id!r} holds no angles; give one of a walk"
        raise InputError(msg)
    used = [stride for stride in analysis.strides if stride.rejected is None]
    used.sort(key=lambda stride: stride.start_s)
    places = {(stride.side, stride.start_s): at for at, stride in enumerate(used)}
    foot_off = np.full(len(used), np.nan)
    variables = {}
    for name in map(str, analysis.angles.data_vars):
        values = np.full((len(used), CYCLE_POINTS), np.nan)
        for side in Side:
            for cycle in cycles(analysis.angles, used, name=name, side=side):
                at = places[side, cycle.stride.start_s]
                values[at], foot_off[at] = cycle.values, cycle.foot_off_pct
        variables[name] = (("stride", "percent"), values)
    return described(
        xr.Dataset(
            variables,
            coords={
                "stride": np.arange(len(used)),
                "percent": np.linspace(0.0, 100.0, CYCLE_POINTS),
                "side": ("stride", [str(stride.side) for stride in used]),
                "start_s": ("stride", [stride.start_s for stride in used]),
                "end_s": ("stride", [stride.end_s for stride in used]),
                "foot_off_pct": ("stride", foot_off),
            },
            attrs={"recording": analysis.recording.id},
        )
    )


def contact_pressure(contact: Contact) -> xr.Dataset:
    """Return one foot on a plate with the region of each sensor.

    Parameters
    ----------
    contact : Contact
        As ``foot.contact`` of a `MeasuredFoot`.

    Returns
    -------
    xarray.Dataset
        ``pressure`` in kPa, dims ``time, row, col`` (rows forward, columns to the
        walker's right); coordinates ``time`` (s), ``row_mm``, ``col_mm`` (middle of
        each sensor on the crop) and ``region`` (``row, col``; ``outside`` where none
        is), so that ``pressure.where(region == "heel_medial")`` is one region.
    """
    rows, cols = contact.pressure.shape[1:]
    numbers = np.zeros((rows, cols), dtype=int)
    if contact.regions is not None:
        numbers = contact.regions.astype(int)
    names = np.array([OUTSIDE, *map(str, REGIONS)], dtype=object)
    return described(
        xr.Dataset(
            {"pressure": (("time", "row", "col"), contact.pressure)},
            coords={
                "time": contact.time_s,
                "row_mm": ("row", (np.arange(rows) + 0.5) * contact.pitch_mm[0]),
                "col_mm": ("col", (np.arange(cols) + 0.5) * contact.pitch_mm[1]),
                "region": (("row", "col"), names[numbers]),
            },
            attrs={"unit": "kPa", "side": str(contact.side)},
        )
    )
