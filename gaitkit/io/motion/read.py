"""The one door: any marker, force-plate or pose file, known by its content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import check_possible
from gaitkit.io.formats import head_of, is_c3d, is_movement, is_opensim_table
from gaitkit.io.motion import (
    c3d,
    companions,
    netcdf,
    pose_hdf5,
    pose_json,
    pose_tables,
    qualisys_tsv,
    storage,
    trc,
    vicon_csv,
)
from gaitkit.io.motion.companions import with_companions
from gaitkit.io.motion.conventions import (
    Recognised,
    lacking,
    recognise,
    shows_legs,
)
from gaitkit.io.motion.mapping import mapped, read_mapping
from gaitkit.io.motion.pose_source import PosePoints, pose_recording
from gaitkit.io.motion.units import metres_per
from gaitkit.model.motion import (
    BodyMeasures,
    Floats,
    Mapping,
    MotionRecording,
    marker_dataset,
)
from gaitkit.model.reason import reason
from gaitkit.model.recording import Timing
from gaitkit.model.text import Text

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.model.motion import ForcePlate

SHOWN_LABELS = 8

FARTHEST = {"m": 1e5, "px": 1e6}
"""Coordinates beyond are no places but damage or codes. A walk of 100 m in millimetres
that are called metres stays, so that the user can give the unit; so do ten pictures
beside each other of the largest that a camera takes."""

MOST_FORCE_N = 1e5
"""Beyond any plate for people: a jump loads one with ten times 200 kg, 20 kN."""

MOST_MOMENT_NM = MOST_FORCE_N
"""The same force at a metre."""

MOST_ANGLE_DEG = 1e4
"""27 turns: a joint makes none, and a heading that is counted on makes a few."""

MOST_MASS_KG, MOST_LENGTH_M = 700.0, 3.0
"""Beyond the heaviest and the tallest people that were ever measured."""

WHY_IMPOSSIBLE = Text(
    nl="de getallen kunnen geen krachten of plaatsen zijn",
    en="its numbers can be no forces or places",
)

Reader = Callable[[Path, Mapping], MotionRecording]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionFormat:
    """One format: its name, how it is known, and who reads it."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Reader


def read_motion(
    path: Path | str,
    *,
    mapping: Path | str | None = None,
    person: str | None = None,
) -> MotionRecording:
    """Read markers or keypoints, force plates, events and angles of one recording.

    Parameters
    ----------
    path : Path or str
        A C3D, TRC, MOT or STO file, an export of Vicon Nexus (.csv) or Qualisys
        (.tsv), a Cortex .forces file, keypoints as JSON, CSV,
        Parquet, HDF5 or NetCDF, or a folder of OpenPose files.
    mapping : Path, str or None
        TOML file of the user: ``rate_hz``, ``unit`` and a table ``[markers]`` of
        role = "label".
    person : str or None
        Who is meant where the file holds several: ``"2"`` for the second candidate, or
        ``"x,y"`` pixels on the person; wins over the map. None: who walks.

    Returns
    -------
    MotionRecording
        In metres and seconds, axes as in the file. Force files beside a TRC file are
        read with it.

    Raises
    ------
    InputError
        If there is no such file, no reader knows it, it shows no lower limb, or the
        map names what is not there.
    FormatError
        If it is damaged.
    """
    path = Path(path)
    known = read_mapping(None if mapping is None else Path(mapping))
    if person is not None:
        known = replace(known, person=person)
    form = format_of_motion(path)
    if form is None:
        raise _unknown(path)
    recording = form.read(path, known)
    check_possible(recording.timing, where=path)
    return _with_roles(_possible(_in_unit(recording, known)), known)


def format_of_motion(path: Path) -> MotionFormat | None:
    """Return the format of a motion file by its content, None when it is none.

    Raises
    ------
    InputError
        If there is no such file, or it may not be read.
    FormatError
        If it is empty.
    """
    if path.is_dir():
        return OPENPOSE_FOLDER if pose_json.is_openpose_folder(path) else None
    head = head_of(path)
    return next((form for form in FORMATS if form.recognises(head)), None)


def _unknown(path: Path) -> InputError:
    if path.is_dir():
        msg = f"{path}: expected a motion file or a folder of OpenPose files"
        return InputError(f"{msg}, got another folder; give one recording")
    msg = (
        f"{path}: expected C3D, TRC, MOT or a keypoint file, got content of no known "
        "format; export one of these"
    )
    return FormatError(msg)


def _possible(recording: MotionRecording) -> MotionRecording:
    """Leave out places, angles, plates and body measures that cannot be.

    Raises
    ------
    FormatError
        If nothing remains.
    """
    markers, angles = recording.markers, recording.angles
    far = abs(markers["position"]) > FARTHEST[markers.attrs["space_unit"]]
    number = int(far.sum())
    if number:
        gone = far.any("space")
        markers = markers.assign(
            position=markers["position"].where(~gone),
            confidence=markers["confidence"].where(~gone, 0.0),
        )
    if angles is not None:
        turned = abs(angles["angle"]) > MOST_ANGLE_DEG
        number += int(turned.sum())
        angles = angles.assign(angle=angles["angle"].where(~turned))
    reasons = [reason("motion_numbers_impossible", number=number)] if number else []
    plates = [each for each in recording.plates if _is_plate(each)]
    reasons += [
        reason("motion_plate_unread", plate=each.name, why=WHY_IMPOSSIBLE)
        for each in recording.plates
        if each not in plates
    ]
    seen = np.isfinite(markers["position"]).any() or angles is not None
    if reasons and not (plates or seen):
        msg = f"{recording.path}: its numbers can be no places or forces; copy it"
        raise FormatError(f"{msg} again from its source, or export it again")
    return replace(
        recording,
        markers=markers,
        angles=angles,
        plates=tuple(_on_earth(each) for each in plates),
        body=_of_a_person(recording.body),
        reasons=(*recording.reasons, *reasons),
    )


def _is_plate(plate: ForcePlate) -> bool:
    corners = np.zeros(1) if plate.corners_m is None else plate.corners_m
    return not (
        (np.abs(plate.force_n) > MOST_FORCE_N).any()
        or (np.abs(corners) > FARTHEST["m"]).any()
    )


def _on_earth(plate: ForcePlate) -> ForcePlate:
    """Return a plate without centres of pressure and moments that cannot be."""
    center, twist = plate.center_of_pressure_m, plate.free_moment_nm
    far = (np.abs(center) > FARTHEST["m"]).any(axis=1, keepdims=True)
    return replace(
        plate,
        center_of_pressure_m=np.where(far, np.nan, center),
        free_moment_nm=np.where(np.abs(twist) > MOST_MOMENT_NM, np.nan, twist),
    )


def _of_a_person(body: BodyMeasures) -> BodyMeasures:
    known = {field.name: getattr(body, field.name) for field in fields(body)}
    return BodyMeasures(
        **{
            name: value
            for name, value in known.items()
            if value is not None
            and value <= (MOST_MASS_KG if name == "mass_kg" else MOST_LENGTH_M)
        }
    )


def _with_roles(recording: MotionRecording, mapping: Mapping) -> MotionRecording:
    """Give the labels their roles, and refuse a body without legs."""
    labels = [str(name) for name in recording.markers["keypoint"].to_numpy()]
    if not labels:  # forces or angles alone
        return recording
    found: Recognised | None = recognise(labels)
    roles = mapped(
        found.roles if found else (), mapping, labels=labels, where=recording.path
    )
    if not shows_legs(roles):
        more = ", ..." if len(labels) > SHOWN_LABELS else ""
        msg = (
            f"{recording.path}: expected markers of knees, ankles or feet, got "
            f"{', '.join(labels[:SHOWN_LABELS])}{more}: no lower limb; name them with "
            "--map, or record the legs"
        )
        raise InputError(msg)
    kind = found.convention.kind if found else recording.kind
    flat = "z" not in recording.markers["space"]
    missing = () if flat else lacking(roles)
    doubt = (reason("motion_legs_lack", parts=", ".join(missing)),) if missing else ()
    recording = replace(
        recording,
        roles=roles,
        convention=found.convention.title if found and not missing else None,
        reasons=(*recording.reasons, *doubt),
        kind="pose" if recording.kind == "pose" else kind,
    )
    return replace(recording, markers=_y_down(recording))


def _y_down(recording: MotionRecording) -> xr.Dataset:
    """Turn a picture whose y points up, as TRC files have it, y down."""
    markers = recording.markers
    if markers.attrs["space_unit"] != "px" or not recording.has(
        "left_knee", "left_ankle", "right_knee", "right_ankle"
    ):
        return markers
    legs = recording.by_role()["position"].sel(space="y")
    fall = [
        legs.sel(keypoint=f"{side}_ankle") - legs.sel(keypoint=f"{side}_knee")
        for side in ("left", "right")
    ]
    values = np.concatenate([each.to_numpy() for each in fall])
    values = values[np.isfinite(values)]
    if not values.size or np.median(values) >= 0:
        return markers
    turned = markers.copy(deep=True)
    turned["position"].loc[{"space": "y"}] *= -1
    return turned


def _in_unit(recording: MotionRecording, mapping: Mapping) -> MotionRecording:
    """Scale lengths where the user says that the unit is another."""
    stated, meant = metres_per(recording.unit), metres_per(mapping.unit)
    if stated is None or meant is None or stated == meant:
        return recording
    markers = recording.markers.copy()
    markers["position"] = markers["position"] * (meant / stated)
    return replace(recording, markers=markers, unit=mapping.unit or recording.unit)


def _read_c3d(path: Path, mapping: Mapping) -> MotionRecording:
    return c3d.read_c3d(path, person=mapping.person)


def _read_trc(path: Path, mapping: Mapping) -> MotionRecording:
    recording, start_s = trc.read_trc(path, person=mapping.person)
    return with_companions(recording, start_s=start_s)


def _read_qualisys(path: Path, mapping: Mapping) -> MotionRecording:
    return qualisys_tsv.read_qualisys(path, person=mapping.person)


def _read_vicon(path: Path, mapping: Mapping) -> MotionRecording:
    return vicon_csv.read_vicon(path, person=mapping.person)


def _read_storage(path: Path, mapping: Mapping) -> MotionRecording:
    del mapping
    content = storage.read_storage(path)
    found = _alone(path, storage.NAME, content.time_s, plates=content.plates)
    return replace(found, angles=content.angles, reasons=content.reasons)


def _read_forces(path: Path, mapping: Mapping) -> MotionRecording:
    del mapping
    plates = companions.read_cortex_forces(path)
    if not plates:
        msg = f"{path}: expected forces on a plate, got none; record a contact"
        raise FormatError(msg)
    return _alone(path, companions.NAME, plates[0].time_s, plates=plates)


def _read_hdf5(path: Path) -> PosePoints:
    if netcdf.is_netcdf4(path):
        return netcdf.read_netcdf(path)
    return pose_hdf5.read_hdf5(path)


def _alone(
    path: Path, form: str, time_s: Floats, *, plates: tuple[ForcePlate, ...]
) -> MotionRecording:
    """Return a recording without markers."""
    nothing = marker_dataset(
        np.empty((time_s.size, 3, 0)), time_s=time_s - time_s[0], labels=()
    )
    duration_s = float(time_s[-1] - time_s[0])
    plates = tuple(replace(p, time_s=p.time_s - time_s[0]) for p in plates)
    return MotionRecording(
        path=path,
        kind="markers",
        format=form,
        markers=nothing,
        plates=plates,
        timing=Timing(
            source="header",
            rate_hz=(time_s.size - 1) / duration_s,
            duration_s=duration_s,
            frames=int(time_s.size),
        ),
    )


def _pose(read: Callable[[Path], PosePoints]) -> Reader:
    def reader(path: Path, mapping: Mapping) -> MotionRecording:
        return pose_recording(read(path), path, mapping=mapping)

    return reader


def _begins(mark: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(mark)


def _is_json_with(key: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.lstrip()[:1] == b"{" and key in head


OPENPOSE_FOLDER = MotionFormat(
    name=pose_json.OPENPOSE_FOLDER,
    recognises=lambda _: False,
    read=_pose(pose_json.read_openpose_folder),
)

FORMATS = (
    MotionFormat(name=c3d.NAME, recognises=is_c3d, read=_read_c3d),
    MotionFormat(name=trc.NAME, recognises=_begins(b"PathFileType"), read=_read_trc),
    MotionFormat(
        name=qualisys_tsv.NAME,
        recognises=qualisys_tsv.recognises,
        read=_read_qualisys,
    ),
    MotionFormat(
        name=vicon_csv.NAME,
        recognises=vicon_csv.recognises,
        read=_read_vicon,
    ),
    MotionFormat(
        name=storage.NAME,
        recognises=is_opensim_table,
        read=_read_storage,
    ),
    MotionFormat(
        name=companions.NAME,
        recognises=_begins(companions.MARK.encode()),
        read=_read_forces,
    ),
    MotionFormat(
        name=pose_json.OPENPOSE,
        recognises=_is_json_with(b'"pose_keypoints_2d"'),
        read=_pose(pose_json.read_openpose_file),
    ),
    MotionFormat(
        name=pose_json.LANDMARKS,
        recognises=_is_json_with(b'"landmark_positions"'),
        read=_pose(pose_json.read_landmarks),
    ),
    MotionFormat(
        name=pose_tables.PARQUET,
        recognises=_begins(b"PAR1"),
        read=_pose(pose_tables.read_parquet),
    ),
    MotionFormat(
        name=netcdf.NAME,
        recognises=is_movement,
        read=_pose(netcdf.read_netcdf),
    ),
    MotionFormat(
        name="HDF5 keypoints",
        recognises=_begins(netcdf.HDF5_MARK),
        read=_pose(_read_hdf5),
    ),
    MotionFormat(
        name=pose_tables.TABLE,
        recognises=pose_tables.looks_like_keypoints,
        read=_pose(pose_tables.read_table),
    ),
)
"""Formats by their first bytes, most certain first."""
