"""Vicon Nexus: its ASCII export (``.csv``), one block for each kind of data.

A block is its name (``Trajectories``, ``Devices``, ``Model Outputs``, ``Joints``,
``Segments``), a line with its rate in Hz, a line of names, each over the first of its
columns and with the person before a colon, a line of components (``Frame, Sub Frame,
X, Y, Z``), a line of units, and a row a frame, up to an empty line. Markers are read
from ``Trajectories``, ground forces from ``Devices`` where they stand with their
centre of pressure, joint angles from ``Model Outputs`` and events from ``Events``.
What the columns are is read from names and units, never from their order.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError
from gaitkit.io.clock import even_time
from gaitkit.io.motion.c3d_events import event_of
from gaitkit.io.motion.labels import without_person
from gaitkit.io.motion.marker_table import MarkerTable, marker_recording
from gaitkit.io.motion.storage import plate_of
from gaitkit.io.motion.text_table import (
    MAX_COLUMNS,
    header_number,
    lines_of,
    numbers_in,
)
from gaitkit.io.motion.units import metres_per
from gaitkit.io.text import number, separator_of
from gaitkit.model.motion import Floats, angle_dataset
from gaitkit.model.reason import Reason, reason
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from gaitkit.model.events import Event
    from gaitkit.model.motion import ForcePlate, MotionRecording
    from gaitkit.model.recording import Timing

NAME = "Vicon Nexus CSV"
MARKERS, DEVICES, MODEL, EVENTS = "Trajectories", "Devices", "Model Outputs", "Events"
BLOCKS = (MARKERS, DEVICES, MODEL, EVENTS, "Joints", "Segments", "Objects")
HEADING = re.compile(
    rb"^\"?(Trajectories|Devices|Model Outputs|Joints|Segments|Events)\"?[\s,;]*$",
    re.MULTILINE,
)
COMPONENTS = re.compile(rb"^\"?Frame\"?[,;\t]\s*\"?Sub Frame", re.MULTILINE)
AXES = ("X", "Y", "Z")
FORCE, CENTRE = "F", "C"
FORCE_NAME, CENTRE_NAME = " - Force", " - CoP"
INCOMPLETE = Text(
    nl="kracht in N of drukmiddelpunt staat er niet bij",
    en="force in N or centre of pressure is not there",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One block: its rate, and for each column its name, component and unit."""

    rate_hz: float
    names: tuple[str, ...]
    parts: tuple[str, ...]
    units: tuple[str, ...]
    rows: Floats

    def vector(self, name: str, letters: str = "") -> tuple[Floats, str] | None:
        """Return three columns of a name and their unit, None where they are not."""
        columns = []
        for axis in AXES:
            wanted = letters + (axis.lower() if letters else axis)
            columns += [
                index
                for index, own in enumerate(self.names)
                if own == name and self.parts[index].strip().upper() == wanted.upper()
            ][:1]
        if len(columns) < len(AXES):
            return None
        return self.rows[:, columns], self.units[columns[0]].strip()


def recognises(head: bytes) -> bool:
    """Return whether a text begins with a block of Nexus."""
    first = next((line for line in head.splitlines() if line.strip()), b"")
    return bool(HEADING.match(first)) and (
        COMPONENTS.search(head) is not None or first.startswith((b"Events", b'"Events'))
    )


def read_vicon(path: Path, *, person: str | None = None) -> MotionRecording:
    """Read the markers, forces, angles and events of an export. No roles yet.

    Raises
    ------
    FormatError
        If there is no block of trajectories, or a block is not whole.
    """
    blocks, events = _blocks(path, lines_of(path))
    if MARKERS not in blocks:
        msg = (
            f"{path}: expected a block Trajectories, got "
            f"{', '.join(blocks) or 'events'} alone; export the trajectories as well"
        )
        raise FormatError(msg)
    block = blocks[MARKERS]
    labels = tuple(dict.fromkeys(name for name in block.names if name))
    found = {label: block.vector(label) for label in labels}
    whole = {label: each for label, each in found.items() if each is not None}
    if not whole:
        msg = f"{path}: expected columns X, Y and Z of markers under Trajectories"
        raise FormatError(f"{msg}; export it again")
    time_s, timing = even_time(len(block.rows), block.rate_hz, where=path)
    first_frame = int(block.rows[0, 0]) if np.isfinite(block.rows[0, 0]) else 1
    table = MarkerTable(
        path=path,
        format=NAME,
        labels=tuple(whole),
        position=np.stack([values for values, _ in whole.values()], axis=2),
        unit=next(iter(whole.values()))[1],
        time_s=time_s,
        timing=timing,
        first_frame=first_frame,
    )
    recording = marker_recording(table, person=person)
    read, unread = _events(events, timing, first_frame)
    reasons = list(recording.reasons)
    if unread:
        reasons.append(reason("motion_events_unread", number=unread))
    plates, left_out = _plates(blocks.get(DEVICES), first_frame, block.rate_hz)
    reasons += left_out
    return replace(
        recording,
        plates=tuple(plates),
        angles=_angles(blocks.get(MODEL), first_frame, block.rate_hz),
        events=read,
        reasons=tuple(reasons),
        maker="Vicon",
    )


def _blocks(path: Path, lines: list[str]) -> tuple[dict[str, _Block], list[list[str]]]:
    """Return the blocks of columns by name, and the rows of the block of events."""
    found: dict[str, _Block] = {}
    events: list[list[str]] = []
    at = 0
    while at < len(lines):
        name = lines[at].strip(' \t,;"')
        if name not in BLOCKS:
            at += 1
            continue
        end = next(
            (n for n in range(at + 1, len(lines)) if not lines[n].strip(" \t,;")),
            len(lines),
        )
        part = lines[at + 1 : end]
        if name == EVENTS:
            events += [_cells(line, separator_of(line)) for line in part[2:]]
        elif name not in found:
            found[name] = _block(path, name, part)
        at = end
    return found, events


def _block(path: Path, name: str, lines: list[str]) -> _Block:
    if len(lines) < 6:  # noqa: PLR2004 - four lines of heading and two rows
        msg = f"{path}: the block {name} is not whole; export it again"
        raise FormatError(msg)
    separator = separator_of(lines[2])
    rate_hz = header_number(
        path, f"a rate in Hz under {name}", lines[0].strip(' \t,;"')
    )
    names, parts, units = (_cells(line, separator) for line in lines[1:4])
    columns = len(parts)
    if not 2 < columns <= MAX_COLUMNS:  # noqa: PLR2004 - Frame and Sub Frame
        msg = f"{path}: the block {name} has {columns} columns; export it again"
        raise FormatError(msg)
    rows = numbers_in(lines[4:], columns=columns, separator=separator)
    if len(rows) < 2:  # noqa: PLR2004 - a movement needs two
        msg = f"{path}: expected rows under {name}, got {len(rows)} whole; export again"
        raise FormatError(msg)
    spread, last = [], ""
    for index in range(columns):
        last = (names[index] if index < len(names) else "") or last
        spread.append(last)
    units += [""] * (columns - len(units))
    return _Block(
        rate_hz=rate_hz,
        names=("", "", *spread[2:]),
        parts=tuple(parts),
        units=tuple(units),
        rows=rows,
    )


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]


def _offset_s(block: _Block, first_frame: int, marker_hz: float) -> float:
    """Return when a block begins, seconds after the first frame of the markers."""
    frame = block.rows[0, 0]
    return 0.0 if not np.isfinite(frame) else float((frame - first_frame) / marker_hz)


def _plates(
    block: _Block | None, first_frame: int, marker_hz: float
) -> tuple[list[ForcePlate], list[Reason]]:
    """Return the force plates among the devices, and why others are not read.

    Nexus names a plate thrice: ``Plate - Force`` (Fx Fy Fz), ``Plate - Moment`` and
    ``Plate - CoP`` (Cx Cy Cz); force in N and centre of pressure are needed.
    """
    plates: list[ForcePlate] = []
    left_out: list[Reason] = []
    if block is None:
        return plates, left_out
    time_s = np.arange(len(block.rows)) / block.rate_hz
    time_s = time_s + _offset_s(block, first_frame, marker_hz)
    for name in dict.fromkeys(n for n in block.names if n.endswith(FORCE_NAME)):
        stem = name.removesuffix(FORCE_NAME)
        force = block.vector(name, FORCE)
        centre = block.vector(stem + CENTRE_NAME, CENTRE)
        scale = None if centre is None else metres_per(centre[1])
        if force is None or centre is None or scale is None or force[1] != "N":
            label = without_person(stem)
            left_out.append(reason("motion_plate_unread", plate=label, why=INCOMPLETE))
            continue
        unknown = np.full_like(force[0], np.nan)
        plate = plate_of(
            force[0],
            centre[0] * scale,
            time_s=time_s,
            name=without_person(stem),
            moment_nm=unknown,
        )
        plates.append(plate)
    return plates, left_out


def _angles(
    block: _Block | None, first_frame: int, marker_hz: float
) -> xr.Dataset | None:
    """Return the joint angles of the laboratory's model: columns in degrees."""
    if block is None:
        return None
    labels, values = [], []
    for name in dict.fromkeys(name for name in block.names if name):
        found = block.vector(name)
        if found is not None and found[1].casefold() in {"deg", "degrees"}:
            labels.append(without_person(name))
            values.append(found[0])
    if not labels:
        return None
    time_s = np.arange(len(block.rows)) / block.rate_hz
    return angle_dataset(
        np.stack(values, axis=2),
        time_s=time_s + _offset_s(block, first_frame, marker_hz),
        labels=tuple(labels),
    )


def _events(
    rows: list[list[str]], timing: Timing, first_frame: int
) -> tuple[tuple[Event, ...], int]:
    """Return the events of steps, and how many others there are.

    A row is person, side, name, time in seconds (frame 1 is at 0) and a description.
    """
    found, others = [], 0
    for cells in rows:
        time_s = number(cells[3]) if len(cells) > 3 else None  # noqa: PLR2004 - named
        event = None
        if time_s is not None and np.isfinite(time_s) and timing.rate_hz:
            time_s -= (first_frame - 1) / timing.rate_hz
            event = event_of(cells[2], cells[1], time_s=time_s, timing=timing)
        if event is None:
            others += 1
        else:
            found.append(event)
    found.sort(key=lambda event: event.time_s)
    return tuple(found), others
