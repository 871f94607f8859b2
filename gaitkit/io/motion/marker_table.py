"""Tables of markers, whoever wrote them: one person, named once, in metres."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.io.motion.labels import is_nameless, made_unique, without_person
from gaitkit.io.motion.marker_people import MarkerPerson, person_among
from gaitkit.io.motion.units import guessed_unit, metres_per
from gaitkit.model.keypoints import keypoints
from gaitkit.model.motion import Floats, MotionRecording, marker_dataset
from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import Timing

if TYPE_CHECKING:
    import xarray as xr


PIXELS = frozenset({"px", "pixel", "pixels"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkerTable:
    """Markers as a text file holds them.

    Attributes
    ----------
    path : Path
        The file.
    format : str
        Name of the format for people.
    labels : tuple of str
        As in the file, with the person before a colon.
    position : array (frame, 3, marker)
        In the unit of the file; NaN, or zero in all three, where unseen.
    unit : str
        Of the file; "" where it does not say.
    time_s : array (frame,)
        Seconds since the first frame.
    timing : Timing
        The clock.
    first_frame : int
        Number of the first frame in the file's own counting.
    """

    path: Path
    format: str
    labels: tuple[str, ...]
    position: Floats
    unit: str
    time_s: Floats
    timing: Timing
    first_frame: int = 1


def is_picture(unit: str) -> bool:
    """Return whether the points of a table are those of a picture."""
    return unit.casefold() in PIXELS


def marker_recording(table: MarkerTable, *, person: str | None) -> MotionRecording:
    """Return the recording of one person of a table. Roles are not given yet.

    Parameters
    ----------
    table : MarkerTable
        As read.
    person : str or None
        Who is meant, see `gaitkit.io.motion.read.read_motion`.

    Raises
    ------
    InputError
        If it cannot be told who is meant.
    """
    unseen = (table.position == 0).all(axis=1)[:, None]
    position = np.where(unseen, np.nan, table.position)
    named = [
        index
        for index, label in enumerate(table.labels)
        if not is_nameless(without_person(label))
    ]
    body = _person(table, position[:, :, named], named, wish=person)
    names, repeated = made_unique(body.labels)
    reasons: list[Reason] = []
    if body.others:
        reasons.append(reason("motion_markers_of_others", number=body.others))
    if repeated:
        reasons.append(reason("motion_labels_repeated", labels=", ".join(repeated)))
    unit, markers = _markers(
        position[:, :, [named[column] for column in body.columns]],
        table.unit,
        time_s=table.time_s,
        labels=names,
    )
    if unit != table.unit:
        reasons.append(reason("motion_unit_assumed", unit=unit))
    return MotionRecording(
        path=table.path,
        kind="markers",
        format=table.format,
        markers=markers,
        timing=table.timing,
        first_frame=table.first_frame,
        unit=unit,
        person=body.choice,
        reasons=tuple(reasons),
    )


def _person(
    table: MarkerTable, position: Floats, named: list[int], *, wish: str | None
) -> MarkerPerson:
    """Return whose markers are used; keypoints of a picture are those of one person."""
    labels = [table.labels[index] for index in named]
    if is_picture(table.unit):
        bare = tuple(without_person(label) for label in labels)
        return MarkerPerson(columns=tuple(range(len(bare))), labels=bare)
    factor = metres_per(table.unit)
    if factor is None:
        factor = metres_per(guessed_unit(position)) or 1e-3
    try:
        return person_among(labels, position * factor, time_s=table.time_s, wish=wish)
    except InputError as wrong:
        msg = f"{table.path}: {wrong}"
        raise InputError(msg) from None


def _markers(
    position: Floats, unit: str, *, time_s: Floats, labels: tuple[str, ...]
) -> tuple[str, xr.Dataset]:
    if is_picture(unit):
        flat = position[:, :2]
        seen = np.isfinite(flat).all(axis=1).astype(np.float64)
        data = keypoints(flat, seen, time_s=time_s, names=labels, space_unit="px")
        return unit, data
    factor = metres_per(unit)
    if factor is None:
        unit = guessed_unit(position) or "mm"
        factor = metres_per(unit) or 1e-3
    return unit, marker_dataset(position * factor, time_s=time_s, labels=labels)
