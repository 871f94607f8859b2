"""C3D files, through ezc3d: markers, force plates, events and the lab's own angles."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitkit.errors import FormatError, InputError
from gaitkit.io.motion.c3d_check import SoundFile, check_c3d
from gaitkit.io.motion.c3d_events import read_events
from gaitkit.io.motion.c3d_parameters import C3DParameters
from gaitkit.io.motion.c3d_plates import Plates, read_plates
from gaitkit.io.motion.c3d_points import Points, read_points
from gaitkit.model.motion import BodyMeasures, MotionRecording
from gaitkit.model.recording import Timing

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
    rate_hz = parameters.number("POINT", "RATE") or 0.0
    timing = _timing(path, frames=place.shape[0], rate_hz=rate_hz)
    time_s = np.arange(place.shape[0]) / rate_hz
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


def _timing(path: Path, *, frames: int, rate_hz: float) -> Timing:
    if frames < 2:  # noqa: PLR2004 - a movement needs two
        msg = f"{path}: expected a movement, got {frames} frame; record longer"
        raise FormatError(msg)
    return Timing(
        source="header",
        rate_hz=rate_hz,
        duration_s=(frames - 1) / rate_hz,
        frames=frames,
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
