"""OpenSim MOT and STO files: ground forces, or joint angles of inverse kinematics.

What a column means is read from its name and from the header, never guessed: a file
whose header does not say whether its angles are degrees is read only where one of the
two cannot be, and columns that are neither forces on the ground nor coordinates of
joints (muscle forces, moments, speeds) are no angles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from gaitkit.errors import FormatError
from gaitkit.io.motion.text_table import MAX_COLUMNS, lines_of, numbers_in
from gaitkit.model.motion import Floats, ForcePlate, angle_dataset
from gaitkit.model.reason import Reason, reason

NAME = "OpenSim MOT or STO"
MAX_HEADER_LINES = 2000
AXES = ("x", "y", "z")

GROUND = re.compile(
    r"^(?P<before>.*?)_?(?:(?P<kind>[vpm])|(?<=_))(?P<axis>[xyz])(?P<after>\d*)$"
)
"""Columns of ground reaction: ``ground_force_1_vx``, ``1_ground_force_px``,
``ground_moment_1_mx``; without a letter (``ground_torque_r_x``) a moment."""

VECTOR = re.compile(r"^(?P<kind>[fpm])(?P<plate>\d+)_(?P<axis>[123])$")
"""Vector columns that OpenSim's own reader of C3D writes: ``f1_1``, ``p1_2``."""

LABEL_WORDS = re.compile(r"_?(force|torque|moment)(?=_|$)")
"""Words that differ between the force and the moment of one plate."""

COORDINATE = re.compile(
    r"(pelvis|hip|knee|ankle|subtalar|mtp|lumbar|thorax|torso|neck|arm|shoulder|elbow"
    r"|pro_sup|wrist)\w*$"
)
"""Names of coordinates in the models that gait is studied with."""

NO_ANGLE = re.compile(
    r"_(t[xyz]|beta|force|moment|torque|power|work|speed|acc|u|[fmpv][xyz]\d*)$"
)
"""Ends of names of what is no angle: lengths, coordinates that follow another, loads,
speeds."""

STATE = re.compile(r"^/jointset/[^/]+/(?P<coordinate>[^/]+)/(?P<part>value|speed)$")
"""Columns of a table of states; values are coordinates, speeds are none."""

MIN_FORCE_N = 20.0
"""Below this vertical force the centre of pressure is noise."""

FULL_TURN = 2.0 * np.pi
"""No joint turns further: larger numbers are degrees."""

HALF_LABORATORY_M = 50.0
"""No plate stands further from the origin; larger numbers are millimetres."""


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
    reasons : tuple of Reason
        What is doubtful, or was left out.
    """

    time_s: Floats
    plates: tuple[ForcePlate, ...]
    angles: xr.Dataset | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    path: Path
    header: tuple[str, ...]
    time_s: Floats
    columns: dict[str, Floats]


def read_storage(path: Path) -> Storage:
    """Read a MOT or STO file.

    Raises
    ------
    FormatError
        If its header or its rows are not whole, its columns are neither ground
        reactions nor coordinates, or nothing tells whether angles are degrees.
    """
    table = _table(path)
    plates = (*_plates(table), *_vector_plates(table))
    used = {name for name in table.columns if _is_ground(name)} if plates else set()
    # a header that says degrees speaks of every column; one that says no also stands
    # over muscle activations and forces
    every = not plates and _in_degrees(table.header) is True
    turning = {
        name: angle
        for name in table.columns
        if name not in used and (angle := _angle(name, known=not every)) is not None
    }
    if not turning and not plates:
        shown = ", ".join(list(table.columns)[:5])[:120]
        msg = (
            f"{path}: expected ground reactions (ground_force_vx, ...) or joint angles "
            f"(hip_flexion_r, ...), got columns {shown}; give another file"
        )
        raise FormatError(msg)
    if not turning:
        return Storage(time_s=table.time_s, plates=plates, angles=None)
    angles, reasons = _angles(table, turning)
    return Storage(time_s=table.time_s, plates=plates, angles=angles, reasons=reasons)


def _table(path: Path) -> _Table:
    """Return the columns of a file.

    Raises
    ------
    FormatError
        If its header or its rows are not whole.
    """
    lines = lines_of(path)
    ends = (
        number
        for number, line in enumerate(lines[:MAX_HEADER_LINES])
        if line.strip().casefold() == "endheader"
    )
    end = next(ends, None)
    written = [line for line in lines[(end or 0) + 1 :] if line.strip()]
    if end is None or len(written) < 2:  # noqa: PLR2004 - names and a row
        msg = f"{path}: expected a header, names and rows of numbers; export it again"
        raise FormatError(msg)
    separator = "\t" if "\t" in written[0].strip() else None
    names = [name.strip() for name in written[0].strip().split(separator)]
    if not 2 <= len(names) <= MAX_COLUMNS or names[0].casefold() != "time":  # noqa: PLR2004
        msg = f"{path}: expected column names that begin with time; export it again"
        raise FormatError(msg)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        msg = (
            f"{path}: expected each column once, got {twice[:40]!r} more than once: "
            "which is meant cannot be told; export it again"
        )
        raise FormatError(msg)
    rows = numbers_in(written[1:], columns=len(names), separator=None)
    time_s = rows[:, 0]
    if len(rows) < 2 or not (np.diff(time_s) > 0).all():  # noqa: PLR2004
        msg = f"{path}: expected times that increase from row to row; export it again"
        raise FormatError(msg)
    columns = {name: rows[:, index] for index, name in enumerate(names) if index}
    return _Table(path=path, header=tuple(lines[:end]), time_s=time_s, columns=columns)


def _in_degrees(header: tuple[str, ...]) -> bool | None:
    """Return what the header says; None when it does not say."""
    said: bool | None = None
    for line in header:
        key, _, value = line.replace(" ", "").replace("\t", "").partition("=")
        if key.casefold() == "indegrees":
            said = value.casefold() in {"yes", "true", "1"}
        elif line.strip().casefold() == "angles are in degrees.":
            said = True
    return said


def _is_ground(name: str) -> bool:
    return _ground(name) is not None or VECTOR.match(name) is not None


def _ground(name: str) -> tuple[str, str, str] | None:
    """Return plate, place in its name and component of a column of ground reaction."""
    part = GROUND.match(name)
    if part is None:
        return None
    moment = re.search(r"(^|_)(torque|moment)(_|$)", part["before"]) is not None
    kind = part["kind"] or ("m" if moment else "")
    label = LABEL_WORDS.sub("", part["before"]).strip("_")
    return (label, part["after"], kind + part["axis"]) if kind else None


def _angle(name: str, *, known: bool) -> str | None:
    """Return the coordinate whose angle a column holds, None when it holds none.

    ``known``: only coordinates of known names.
    """
    state = STATE.match(name)
    if state is not None:
        name = state["coordinate"] if state["part"] == "value" else ""
    if not name or NO_ANGLE.search(name) or (known and not COORDINATE.match(name)):
        return None
    return name


def _plates(table: _Table) -> tuple[ForcePlate, ...]:
    """Return the plates of columns with named axes."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name in table.columns:
        part = _ground(name)
        if part is not None:
            label, after, component = part
            found.setdefault((label, after), {})[component] = name
    plates = []
    for (_, after), names in found.items():
        force, spot, twist = (_triple(table, names, kind) for kind in "vpm")
        if force is None or spot is None:
            continue
        before = names["vx"].removesuffix(f"vx{after}")
        plates.append(
            plate_of(
                force,
                spot,
                time_s=table.time_s,
                name=f"{before.strip('_')}{after}",
                moment_nm=np.full_like(force, np.nan) if twist is None else twist,
            )
        )
    return tuple(plates)


def _triple(table: _Table, names: dict[str, str], kind: str) -> Floats | None:
    if not all(kind + axis in names for axis in AXES):
        return None
    return np.column_stack([table.columns[names[kind + axis]] for axis in AXES])


def _vector_plates(table: _Table) -> tuple[ForcePlate, ...]:
    """Return the plates of vector columns: force, place and moment about that place.

    The place is the centre of pressure, or a fixed point of the plate (its origin);
    then the centre of pressure follows from the moment, ``n x M / F_n``. Lengths are
    those of the C3D file: millimetres where no laboratory is so large in metres.
    """
    numbers = sorted({m["plate"] for n in table.columns if (m := VECTOR.match(n))})
    plates = []
    for number in numbers:
        parts = []
        for kind in "fpm":
            names = [f"{kind}{number}_{axis}" for axis in (1, 2, 3)]
            if all(name in table.columns for name in names):
                parts.append(np.column_stack([table.columns[n] for n in names]))
        if len(parts) != len("fpm"):
            continue
        force, spot, moment = parts
        if np.nanmax(np.abs(spot), initial=0.0) > HALF_LABORATORY_M:
            spot, moment = spot * 1e-3, moment * 1e-3
        if not np.ptp(np.nan_to_num(spot), axis=0).any():
            spot, moment = _about_the_centre_of_pressure(force, spot, moment)
        plates.append(
            plate_of(force, spot, time_s=table.time_s, name=number, moment_nm=moment)
        )
    return tuple(plates)


def _about_the_centre_of_pressure(
    force: Floats, origin: Floats, moment: Floats
) -> tuple[Floats, Floats]:
    """Return the centre of pressure and the moment about it."""
    axis = int(np.argmax(np.abs(np.nan_to_num(force)).max(axis=0)))
    normal = np.eye(3)[axis]
    carrying = np.where(np.abs(force[:, axis]) >= MIN_FORCE_N, force[:, axis], np.nan)
    arm = np.cross(normal, moment) / carrying[:, None]
    return origin + arm, moment - np.cross(arm, force)


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


def _angles(
    table: _Table, turning: dict[str, str]
) -> tuple[xr.Dataset, tuple[Reason, ...]]:
    """Return the angles in degrees, and what is doubtful about them.

    Raises
    ------
    FormatError
        If the header does not say degrees or radians, and both can be.
    """
    values = np.column_stack([table.columns[name] for name in turning])
    degrees = _in_degrees(table.header)
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    reasons: tuple[Reason, ...] = ()
    if degrees is None and largest <= FULL_TURN:
        msg = (
            f"{table.path}: expected a header that says inDegrees=yes or no, and it "
            f"does not; angles up to {largest:.3g} can be both; add that line"
        )
        raise FormatError(msg)
    if degrees is not True and largest > FULL_TURN:
        degrees = True
        reasons = (reason("motion_degrees_assumed", largest=round(largest)),)
    if not degrees:
        values = np.degrees(values)
    labels = tuple(turning.values())
    data = angle_dataset(values[:, None, :], time_s=table.time_s, labels=labels)
    return data, reasons
