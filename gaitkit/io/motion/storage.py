"""OpenSim MOT and STO files: ground forces, or joint angles of inverse kinematics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import FormatError
from gaitkit.io.motion.text_table import MAX_COLUMNS, lines_of, numbers_in
from gaitkit.model.motion import Floats, ForcePlate, angle_dataset

if TYPE_CHECKING:
    from pathlib import Path


NAME = "OpenSim MOT or STO"
MAX_HEADER_LINES = 200
FORCE = re.compile(r"^(?P<plate>.*?)_?v(?P<axis>[xyz])(?P<after>\d*)$")
TRANSLATION = re.compile(r"_t[xyz]$")
"""Coordinates in metres among the angles."""

MIN_FORCE_N = 20.0
"""Below this vertical force the centre of pressure is noise."""

AXES = ("x", "y", "z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """What a MOT or STO file holds.

    Attributes
    ----------
    time_s : array (row,)
        Its own clock.
    plates : tuple of ForcePlate
        Ground forces, on its own clock.
    angles : xarray.Dataset or None
        Joint angles in degrees (one component, ``x``).
    """

    time_s: Floats
    plates: tuple[ForcePlate, ...]
    angles: xr.Dataset | None


def read_storage(path: Path) -> Storage:
    """Read a MOT or STO file.

    Raises
    ------
    FormatError
        If its header or its rows are not whole.
    """
    lines = lines_of(path)
    end = next(
        (
            number
            for number, line in enumerate(lines[:MAX_HEADER_LINES])
            if line.strip().casefold() == "endheader"
        ),
        None,
    )
    if end is None or end + 2 >= len(lines):
        msg = f"{path}: expected a header, names and rows of numbers; export it again"
        raise FormatError(msg)
    degrees = any(_says_degrees(line) for line in lines[:end])
    names = lines[end + 1].split()
    if len(names) < 2 or len(names) > MAX_COLUMNS or names[0].casefold() != "time":  # noqa: PLR2004
        msg = f"{path}: expected column names that begin with time; export it again"
        raise FormatError(msg)
    rows = numbers_in(lines[end + 2 :], columns=len(names), separator=None)
    time_s = rows[:, 0]
    if len(rows) < 2 or not (np.diff(time_s) > 0).all():  # noqa: PLR2004
        msg = f"{path}: expected times that increase from row to row; export it again"
        raise FormatError(msg)
    columns = {name: rows[:, index] for index, name in enumerate(names)}
    plates = _plates(columns, time_s)
    joints = [] if plates else list(dict.fromkeys(names[1:]))
    return Storage(
        time_s=time_s,
        plates=plates,
        angles=_angles(columns, joints, time_s, degrees=degrees),
    )


def _says_degrees(line: str) -> bool:
    return line.replace(" ", "").casefold() == "indegrees=yes"


def _plates(columns: dict[str, Floats], time_s: Floats) -> tuple[ForcePlate, ...]:
    plates = []
    for name in columns:
        part = FORCE.match(name)
        if part is None or part["axis"] != "x":
            continue
        force = _triple(columns, part["plate"], "v", part["after"])
        spot = _triple(columns, part["plate"], "p", part["after"])
        if force is None or spot is None:
            continue
        twist = _triple(columns, part["plate"], "m", part["after"])
        if twist is None:
            twist = np.full_like(force, np.nan)
        label = (part["plate"] + part["after"]).strip("_")
        plates.append(plate_of(force, spot, time_s=time_s, name=label, moment_nm=twist))
    return tuple(plates)


def plate_of(
    force_n: Floats,
    spot_m: Floats,
    *,
    time_s: Floats,
    name: str,
    moment_nm: Floats,
) -> ForcePlate:
    """Return a plate without corners from force and centre of pressure.

    The vertical axis is that of the greatest force; its sign is made positive.
    """
    force = np.nan_to_num(force_n)
    axis = int(np.argmax(np.abs(force).max(axis=0)))
    sign = np.sign(force[np.argmax(np.abs(force[:, axis])), axis]) or 1.0
    loaded = sign * force[:, axis] >= MIN_FORCE_N
    return ForcePlate(
        name=name,
        time_s=time_s,
        force_n=sign * force,
        center_of_pressure_m=np.where(loaded[:, None], spot_m, np.nan),
        free_moment_nm=np.where(loaded, sign * moment_nm[:, axis], np.nan),
    )


def _triple(
    columns: dict[str, Floats], plate: str, letter: str, after: str
) -> Floats | None:
    joined = "_" if f"{plate}_{letter}x{after}" in columns else ""
    names = [f"{plate}{joined}{letter}{axis}{after}" for axis in AXES]
    if not all(name in columns for name in names):
        return None
    return np.column_stack([columns[name] for name in names])


def _angles(
    columns: dict[str, Floats], joints: list[str], time_s: Floats, *, degrees: bool
) -> xr.Dataset | None:
    turning = [name for name in joints if not TRANSLATION.search(name)]
    if not turning:
        return None
    values = np.column_stack([columns[name] for name in turning])
    if not degrees:
        values = np.degrees(values)
    return angle_dataset(values[:, None, :], time_s=time_s, labels=tuple(turning))
