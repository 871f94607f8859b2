"""A recording as a workbook: one sheet for markers, angles, forces and events."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook

    from gaitkit.model.motion import Floats, ForcePlate, MotionRecording

SHEET_NAME = 31
"""Longest name of a sheet in Excel."""


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
