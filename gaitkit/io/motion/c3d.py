"""C3D files, through ezc3d: markers, force plates, events and the lab's own angles.

The points of a C3D file: markers apart from the results of the maker's model.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import even_time
from gaitkit.io.motion.c3d_check import SoundFile, check_c3d
from gaitkit.io.motion.c3d_events import read_events
from gaitkit.io.motion.c3d_parameters import C3DParameters
from gaitkit.io.motion.c3d_plates import Plates, read_plates
from gaitkit.io.motion.labels import is_nameless, made_unique, without_person
from gaitkit.io.motion.marker_people import person_among
from gaitkit.io.motion.units import guessed_unit, metres_per
from gaitkit.model.motion import (
    BodyMeasures,
    MotionRecording,
    angle_dataset,
    marker_dataset,
)
from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import PersonChoice, Timing

NAME = "C3D"
UNREADABLE = (OSError, RuntimeError, ValueError, LookupError, TypeError)
"""What ezc3d raises on a file that it cannot make sense of."""

BODY = {
    "height_m": ("Height", 1e-3),
    "mass_kg": ("Bodymass", 1.0),
    "left_leg_m": ("LLegLength", 1e-3),
    "right_leg_m": ("RLegLength", 1e-3),
    "left_knee_width_m": ("LKneeWidth", 1e-3),
    "right_knee_width_m": ("RKneeWidth", 1e-3),
    "left_ankle_width_m": ("LAnkleWidth", 1e-3),
    "right_ankle_width_m": ("RAnkleWidth", 1e-3),
    "marker_diameter_m": ("MarkerDiameter", 1e-3),
}
"""Measures in the PROCESSING group of Vicon files (mm, kg) and their SI factor."""

OUTPUT_GROUPS = ("FORCES", "MOMENTS", "POWERS", "SCALARS", "MODELED_MARKERS")
"""Parameters of POINT that list model results which are no angles."""

ANGLE_NAME = re.compile(r"^[LR]?[A-Za-z0-9]+Angles?[A-Za-z]*$")
OUTPUT_NAME = re.compile(
    r"(Angles?|Power|Moment|Force|GRF|ArchHeight|Index|LegLength|Harrington)$"
    r"|^CentreOfMass|^CenterOfMass|^proj[LR]"
)
"""Names of model results in files that do not list them."""

BONE = re.compile(r"^(?P<bone>[A-Z]{3})(?P<axis>[OALP])$")
BONE_AXES = frozenset("OALP")
"""Plug-in Gait draws each bone as origin and three axes: PELO, PELA, PELL, PELP."""

SHOWN_LABELS = 6


def read_c3d(path: Path, *, person: str | None = None) -> MotionRecording:
    """Read the markers of one person of a C3D file. Roles are not given yet.

    Raises
    ------
    InputError
        If it is in MIPS format, or holds no markers.
    FormatError
        If it is damaged, holds no named marker, or too few frames.
    """
    sound = check_c3d(path)
    try:
        content = _content(path, sound)
    except UNREADABLE as cause:
        why = str(cause).strip().partition("\n")[0] or type(cause).__name__
        msg = f"{path}: expected a whole C3D file, and it is damaged ({why}); copy it"
        raise FormatError(f"{msg} again from its source") from None
    parameters = content.parameters
    place = np.where(content.residual < 0, np.nan, content.position).transpose(2, 0, 1)
    place[~np.isfinite(place)] = np.nan
    stated_hz = parameters.number("POINT", "RATE")
    time_s, timing = even_time(place.shape[0], stated_hz, where=path)
    try:
        points = read_points(place, parameters, time_s=time_s, wish=person)
    except InputError as wrong:
        msg = f"{path}: {wrong}"
        raise InputError(msg) from None
    if not points.markers.sizes["keypoint"]:
        msg = f"{path}: expected named markers, got none; label them and export again"
        raise FormatError(msg)
    plates = _plates(content.analog, parameters, points, timing)
    events = read_events(parameters, timing=timing, first_frame=sound.first_frame)
    return MotionRecording(
        path=path,
        kind="markers",
        format=NAME,
        markers=points.markers,
        timing=timing,
        first_frame=sound.first_frame,
        unit=points.unit,
        plates=plates.plates,
        events=events.events,
        angles=points.angles,
        body=_body(parameters),
        outputs=points.outputs,
        maker=_maker(parameters),
        person=points.person,
        reasons=(*points.reasons, *plates.reasons, *events.reasons),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What ezc3d reads of a file: parameters, and data by frame along the last axis."""

    parameters: C3DParameters
    position: NDArray[np.float64]
    residual: NDArray[np.float64]
    analog: NDArray[np.float64]


def _content(path: Path, sound: SoundFile) -> _Content:
    """Return what ezc3d reads, from plain copies where the file has odd parameters."""
    if sound.plain is None:
        return _read(path)
    pieces = []
    with tempfile.TemporaryDirectory(prefix="gaitkit-") as folder:
        copy = Path(folder) / "plain.c3d"
        for content in sound.plain:
            copy.write_bytes(content)
            pieces.append(_read(copy))
    return _Content(
        parameters=pieces[0].parameters,
        position=np.concatenate([each.position for each in pieces], axis=-1),
        residual=np.concatenate([each.residual for each in pieces], axis=-1),
        analog=np.concatenate([each.analog for each in pieces], axis=-1),
    )


def _read(path: Path) -> _Content:
    import ezc3d

    content = ezc3d.c3d(str(path))
    return _Content(
        parameters=C3DParameters(content["parameters"]),
        position=np.asarray(content["data"]["points"][:3], dtype=np.float64),
        residual=content["data"]["meta_points"]["residuals"][0],
        analog=np.asarray(content["data"]["analogs"][0], dtype=np.float64),
    )


def _plates(
    analog: NDArray[np.float64],
    parameters: C3DParameters,
    points: Points,
    timing: Timing,
) -> Plates:
    position = points.markers["position"].to_numpy()
    seen = position[np.isfinite(position).all(axis=1).any(axis=1)]
    if not seen.size or not timing.rate_hz:
        return Plates()
    middle = np.nanmedian(seen[:: max(len(seen) // 20, 1)], axis=(0, 2))
    return read_plates(
        np.nan_to_num(analog),
        parameters,
        duration_s=timing.frames / timing.rate_hz,
        m_per_unit=points.m_per_unit,
        body_center_m=middle,
    )


def _body(parameters: C3DParameters) -> BodyMeasures:
    """Return what was measured on the person; a zero means that it was not."""
    known = {}
    for field, (key, factor) in BODY.items():
        value = parameters.number("PROCESSING", key.upper())
        if value is not None and value > 0:
            known[field] = value * factor
    return BodyMeasures(**known)


def _maker(parameters: C3DParameters) -> str | None:
    parts = [parameters.word("MANUFACTURER", key) for key in ("COMPANY", "SOFTWARE")]
    known = [part for part in parts if part]
    return ", ".join(dict.fromkeys(known)) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Markers, angles and what is doubtful about them.

    Attributes
    ----------
    markers : xarray.Dataset
        Labels of the file, metres.
    angles : xarray.Dataset or None
        The laboratory's own angles, degrees.
    outputs : tuple of str
        Names of other model results.
    unit : str
        Unit of length in the file.
    m_per_unit : float
        Metres in that unit.
    reasons : tuple of Reason
        Doubts.
    person : PersonChoice or None
        Who of several people the markers are.
    """

    markers: xr.Dataset
    angles: xr.Dataset | None
    outputs: tuple[str, ...]
    unit: str
    m_per_unit: float
    reasons: tuple[Reason, ...]
    person: PersonChoice | None = None


def read_points(
    position: NDArray[np.float64],
    parameters: C3DParameters,
    *,
    time_s: NDArray[np.float64],
    wish: str | None = None,
) -> Points:
    """Divide the points of a file into markers, angles and other results.

    Parameters
    ----------
    position : array (time, 3, point)
        As in the file, NaN where the residual is negative.
    parameters : C3DParameters
        Of the file.
    time_s : array (time,)
        Seconds since the first frame.
    wish : str or None
        Who is meant where the file holds several people.

    Raises
    ------
    InputError
        If the wish names nobody.

    Notes
    -----
    There may be more labels than points (the rest is dropped) and more points than
    labels (those have no name and are dropped). A point at exactly (0, 0, 0) was not
    seen.
    """
    count = position.shape[2]
    written = parameters.words("POINT", "LABELS")[:count]
    labels = [without_person(label) for label in written]
    described = parameters.words("POINT", "DESCRIPTIONS")
    angles, outputs = _results(labels, parameters)
    markers = [
        index
        for index, label in enumerate(labels)
        if not (is_nameless(label) or index in angles or index in outputs)
    ]
    place = np.where((position == 0).all(axis=1)[:, None, :], np.nan, position)
    unit = parameters.word("POINT", "UNITS")
    factor, assumed = metres_per(unit), []
    if unit is None or factor is None:
        unit = guessed_unit(place[:, :, markers]) or "mm"
        factor = metres_per(unit) or 1e-3
        assumed = [reason("motion_unit_assumed", unit=unit)]
    person = person_among(
        [written[index] for index in markers],
        place[:, :, markers] * factor,
        time_s=time_s,
        wish=wish,
    )
    markers = [markers[column] for column in person.columns]
    for column, index in enumerate(markers):
        labels[index] = person.labels[column]
    if person.choice is not None:  # results of the others' models are theirs
        own = {written[index].rpartition(":")[0] for index in markers}
        angles = [i for i in angles if written[i].rpartition(":")[0] in own]
    mine = sorted({*markers, *angles, *outputs})
    unique, repeated = made_unique(
        [labels[index] for index in mine],
        descriptions=[described[i] if i < len(described) else "" for i in mine],
    )
    names = dict(zip(mine, unique, strict=True))
    kept = tuple(names[index] for index in markers)
    place = place[:, :, markers]
    reasons = _doubts(kept, [r for r in repeated if r in kept], place)
    if person.choice is not None or person.others:
        reasons.append(reason("motion_markers_of_others", number=person.others))
    return Points(
        markers=marker_dataset(place * factor, time_s=time_s, labels=kept),
        person=person.choice,
        angles=_angles(position, angles, names, parameters, time_s),
        outputs=tuple(names[index] for index in sorted(outputs)),
        unit=unit,
        m_per_unit=factor,
        reasons=(*reasons, *assumed),
    )


def _results(
    labels: list[str], parameters: C3DParameters
) -> tuple[list[int], set[int]]:
    """Return the indices of angles and of other model results."""
    listed = {without_person(word) for word in parameters.words("POINT", "ANGLES")}
    others = {
        without_person(word)
        for group in OUTPUT_GROUPS
        for word in parameters.words("POINT", group)
    }
    bones: dict[str, set[str]] = {}
    for label in labels:
        part = BONE.match(label)
        if part:
            bones.setdefault(part["bone"], set()).add(part["axis"])
    whole = {bone for bone, axes in bones.items() if axes == BONE_AXES}
    angles = [
        index
        for index, label in enumerate(labels)
        if label in listed or (not listed and ANGLE_NAME.match(label))
    ]
    outputs = {
        index
        for index, label in enumerate(labels)
        if label in others
        or OUTPUT_NAME.search(label)
        or (label[:3] in whole and BONE.match(label))
    }
    return angles, outputs - set(angles)


def _angles(
    position: NDArray[np.float64],
    chosen: list[int],
    names: dict[int, str],
    parameters: C3DParameters,
    time_s: NDArray[np.float64],
) -> xr.Dataset | None:
    if not chosen:
        return None
    angle = position[:, :, chosen]
    if (parameters.word("POINT", "ANGLE_UNITS") or "deg").startswith("rad"):
        angle = np.degrees(angle)
    labels = tuple(names[index] for index in chosen)
    return angle_dataset(angle, time_s=time_s, labels=labels)


def _doubts(
    labels: tuple[str, ...], repeated: list[str], place: NDArray[np.float64]
) -> list[Reason]:
    found = []
    if repeated:
        found.append(reason("motion_labels_repeated", labels=", ".join(repeated)))
    seen = np.asarray(np.any(np.isfinite(place), axis=(0, 1))).tolist()
    lost = [label for label, there in zip(labels, seen, strict=True) if not there]
    if lost:
        shown = ", ".join(lost[:SHOWN_LABELS])
        more = ", ..." if len(lost) > SHOWN_LABELS else ""
        found.append(
            reason("motion_markers_lost", number=len(lost), labels=shown + more)
        )
    return found
