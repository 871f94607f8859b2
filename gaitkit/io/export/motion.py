"""Markers, events and angles as C3D, through ezc3d.

Markers as TRC, with the axes of the recording.

Ground forces or joint angles as OpenSim MOT.

A recording as a workbook: one sheet for markers, angles, forces and events.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file
from gaitkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook

    from gaitkit.model.events import Event
    from gaitkit.model.motion import Floats, ForcePlate, MotionRecording

MM_PER_M = 1000.0
LABELS = {"initial_contact": "Foot Strike", "foot_off": "Foot Off"}
CONTEXTS = {"left": "Left", "right": "Right"}
TRC_DECIMALS = 5
"""Decimals of a coordinate in mm."""

MOT_DIGITS = 9
"""Significant digits of a number."""

SHEET_NAME = 31
"""Longest name of a sheet in Excel."""


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


def write_motion_trc(recording: MotionRecording, path: Path) -> Path:
    """Write the markers as TRC in mm, and return the path.

    The axes are those of the recording; `gaitkit.signal.laboratory.with_vertical` turns
    them to y up, as OpenSim has it. A marker that was not seen has empty cells.

    Raises
    ------
    OutputError
        If there are no markers in three dimensions, or the file cannot be written.
    """
    data = recording.markers.transpose("time", "space", "keypoint")
    names = [str(name) for name in data["keypoint"].to_numpy()]
    if not names or data.sizes["space"] != 3:  # noqa: PLR2004 - x, y and z
        msg = f"{path}: TRC holds markers in three dimensions; write .csv instead"
        raise OutputError(msg)
    position = data["position"].to_numpy().transpose(0, 2, 1) * MM_PER_M
    rows = position.reshape(len(position), -1)
    time_s = data["time"].to_numpy()
    rate_hz = recording.timing.rate_hz
    if rate_hz is None:  # a clock that varies, or a single frame
        rate_hz = float(1 / np.median(np.diff(time_s))) if time_s.size > 1 else 1.0
    rate = f"{rate_hz:.6g}"
    first, frames = recording.first_frame, len(rows)
    head = (
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{frames}\t{len(names)}\tmm\t{rate}\t{first}\t{frames}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, len(names) + 1)),
        "",
    )
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(line + "\n" for line in head)
        for index, (time, row) in enumerate(zip(time_s, rows, strict=True)):
            cells = (
                "" if np.isnan(value) else f"{value:.{TRC_DECIMALS}f}" for value in row
            )
            # OpenSim does not count an empty last cell, unless a tab follows it
            line = "\t".join((str(first + index), f"{time:.6f}", *cells, ""))
            stream.write(f"{line}\n")
    return path


def write_mot(recording: MotionRecording, path: Path) -> Path:
    """Write the forces of a recording, or its angles where it has none, as MOT.

    Axes are those of the recording. Where no centre of pressure is known the force is
    nearly nothing, and the format has no empty cell: place and moment are 0 there, as
    OpenSim writes it.

    Raises
    ------
    OutputError
        If there are neither forces nor angles, plates run on different clocks, or the
        file cannot be written.
    """
    if recording.plates:
        names, rows = _forces(recording.plates, path)
    elif recording.angles is not None:
        names, rows = _mot_angles(recording)
    else:
        msg = f"{path}: MOT holds forces or angles, and this recording has neither"
        raise OutputError(f"{msg}; write .trc instead")
    head = (
        path.stem,
        "version=1",
        f"nRows={len(rows)}",
        f"nColumns={len(names) + 1}",
        "inDegrees=yes",
        "endheader",
        "\t".join(("time", *names)),
    )
    with (
        new_file(path) as part,
        part.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(line + "\n" for line in head)
        for row in rows:
            stream.write("\t".join(f"{value:.{MOT_DIGITS}g}" for value in row) + "\n")
    return path


def _forces(plates: tuple[ForcePlate, ...], path: Path) -> tuple[list[str], Floats]:
    time_s = plates[0].time_s
    if any(plate.time_s.shape != time_s.shape for plate in plates):
        msg = f"{path}: the force plates run on different clocks; write .csv instead"
        raise OutputError(msg)
    names: list[str] = []
    columns: list[Floats] = [time_s[:, None]]
    for number, plate in enumerate(plates, start=1):
        up = int(np.argmax(np.abs(np.nan_to_num(plate.force_n)).max(axis=0)))
        moment = np.zeros_like(plate.force_n)
        moment[:, up] = np.nan_to_num(plate.free_moment_nm)
        names += [
            f"ground_force_{number}_{letter}{axis}"
            for letter in "vpm"
            for axis in "xyz"
        ]
        columns += [
            np.nan_to_num(plate.force_n),
            np.nan_to_num(plate.center_of_pressure_m),
            moment,
        ]
    return names, np.hstack(columns)


def _mot_angles(recording: MotionRecording) -> tuple[list[str], Floats]:
    angles = recording.angles
    if angles is None:  # the caller has looked
        return [], np.empty((0, 1))
    ordered = angles["angle"].transpose("time", "label", "component")
    parts = [str(part) for part in ordered["component"].to_numpy()]
    names = [
        f"{label}_{part}" if len(parts) > 1 else str(label)
        for label in ordered["label"].to_numpy()
        for part in parts
    ]
    values = ordered.to_numpy().reshape(ordered.sizes["time"], -1)
    return names, np.column_stack((angles["time"].to_numpy(), values))


def write_motion_workbook(recording: MotionRecording, path: Path) -> Path:
    """Write a workbook with real numbers and the unit in each column head.

    Cells are empty where nothing is known.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, heads, rows in _sheets(recording):
            _write(book, name, heads, rows)
        _write_events(book, recording)
    with new_file(path) as part:
        part.write_bytes(content.getvalue())
    return path


def _sheets(
    recording: MotionRecording,
) -> Iterator[tuple[str, list[str], Floats]]:
    markers = recording.markers.transpose("time", "keypoint", "space")
    unit = markers.attrs["space_unit"]
    heads = [
        f"{name} {axis} ({unit})"
        for name in markers["keypoint"].to_numpy()
        for axis in markers["space"].to_numpy()
    ]
    if heads:
        place = markers["position"].to_numpy().reshape(markers.sizes["time"], -1)
        time_s = markers["time"].to_numpy()
        yield "markers", ["time (s)", *heads], np.column_stack((time_s, place))
    if recording.angles is not None:
        angles = recording.angles["angle"].transpose("time", "label", "component")
        heads = [
            f"{label} {part} (deg)"
            for label in angles["label"].to_numpy()
            for part in angles["component"].to_numpy()
        ]
        values = angles.to_numpy().reshape(angles.sizes["time"], -1)
        time_s = angles["time"].to_numpy()
        yield "angles", ["time (s)", *heads], np.column_stack((time_s, values))
    for plate in recording.plates:
        yield f"plate {plate.name}"[:SHEET_NAME], *_plate(plate)


def _plate(plate: ForcePlate) -> tuple[list[str], Floats]:
    heads = [
        "time (s)",
        *(f"force {axis} (N)" for axis in "xyz"),
        *(f"centre of pressure {axis} (m)" for axis in "xyz"),
        "free moment (N.m)",
    ]
    return heads, np.column_stack(
        (
            plate.time_s,
            plate.force_n,
            plate.center_of_pressure_m,
            plate.free_moment_nm,
        )
    )


def _write(book: Workbook, name: str, heads: Sequence[str], rows: Floats) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, heads)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if np.isfinite(value):
                sheet.write_number(number, column, float(value))


def _write_events(book: Workbook, recording: MotionRecording) -> None:
    sheet = book.add_worksheet("events")
    sheet.write_row(0, 0, ["side", "kind", "time (s)", "method"])
    for number, event in enumerate(recording.events, start=1):
        sheet.write_row(number, 0, [event.side, event.kind, event.time_s, event.method])
