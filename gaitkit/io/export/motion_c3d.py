"""Markers, events and angles as C3D, through ezc3d."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file
from gaitkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.model.events import Event
    from gaitkit.model.motion import Floats, MotionRecording

MM_PER_M = 1000.0
LABELS = {"initial_contact": "Foot Strike", "foot_off": "Foot Off"}
CONTEXTS = {"left": "Left", "right": "Right"}


def write_c3d(recording: MotionRecording, path: Path) -> Path:
    """Write markers (mm), events and angles (deg), and return the path.

    Axes are those of the recording. Force plates are not written: their channels are
    raw voltages or forces of a sensor, which a recording no longer holds.

    Raises
    ------
    OutputError
        If there are no markers in three dimensions or no rate, or the file cannot be
        written.
    """
    import ezc3d

    data = recording.markers.transpose("time", "space", "keypoint")
    rate_hz = recording.timing.rate_hz
    if not data.sizes["keypoint"] or data.sizes["space"] != 3 or rate_hz is None:  # noqa: PLR2004
        msg = f"{path}: C3D holds markers in three dimensions; write .csv instead"
        raise OutputError(msg)
    labels = [str(name) for name in data["keypoint"].to_numpy()]
    points = data["position"].to_numpy().transpose(1, 2, 0) * MM_PER_M
    angles, names = _angles(recording)
    content = ezc3d.c3d()
    point = content["parameters"]["POINT"]
    point["UNITS"]["value"] = ["mm"]
    point["RATE"]["value"] = [rate_hz]
    point["LABELS"]["value"] = [*labels, *names]
    if names:
        content.add_parameter("POINT", "ANGLES", names)
        content.add_parameter("POINT", "ANGLE_UNITS", ["deg"])
        points = np.concatenate((points, angles), axis=1)
    content["data"]["points"] = np.concatenate((points, np.ones_like(points[:1])))
    first = max(recording.first_frame - 1, 0)  # frames of a film may count from 0
    content["header"]["points"]["first_frame"] = first
    content.add_parameter("MANUFACTURER", "COMPANY", ["gaitkit"])
    content.add_parameter("MANUFACTURER", "SOFTWARE", [f"gaitkit {__version__}"])
    if recording.events:
        offset_s = first / rate_hz
        _add_events(content, recording.events, offset_s=offset_s)
    with new_file(path) as part:
        content.write(str(part))
    return path


def _angles(recording: MotionRecording) -> tuple[Floats, list[str]]:
    """Return the angles as points (3, label, time); an absent component is 0."""
    angles = recording.angles
    if angles is None or angles.sizes["time"] != recording.markers.sizes["time"]:
        return np.empty((3, 0, recording.markers.sizes["time"])), []
    values = angles["angle"].transpose("component", "label", "time").to_numpy()
    whole = np.zeros((3, *values.shape[1:]))
    whole[: values.shape[0]] = values
    return whole, [str(label) for label in angles["label"].to_numpy()]


def _add_events(
    content: Any,  # noqa: ANN401 - ezc3d has no types
    events: Sequence[Event],
    *,
    offset_s: float,
) -> None:
    seconds = np.array([event.time_s + offset_s for event in events])
    times = np.stack((np.floor_divide(seconds, 60), np.mod(seconds, 60)))
    content.add_parameter("EVENT", "USED", [len(events)])
    content.add_parameter("EVENT", "CONTEXTS", [CONTEXTS[e.side] for e in events])
    content.add_parameter("EVENT", "LABELS", [LABELS[e.kind] for e in events])
    content.add_parameter("EVENT", "TIMES", times)
