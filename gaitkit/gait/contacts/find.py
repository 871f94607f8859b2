"""Contacts of a recording: search, direction, sides and flags in one straight line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.contacts.assign import SideOf, assign_sides
from gaitkit.gait.contacts.cells import LoadedCells, loaded_cells
from gaitkit.gait.contacts.crops import Crop, contact_facts, cut_out
from gaitkit.gait.contacts.feet import Foot, cut_if_large, join
from gaitkit.gait.contacts.flags import grade
from gaitkit.gait.contacts.fragments import fragments
from gaitkit.gait.contacts.heading import find_heading, walk_frame
from gaitkit.gait.contacts.settings import ContactSettings
from gaitkit.gait.contacts.shape import toe_end
from gaitkit.model.contact import Contact, ContactFlag
from gaitkit.model.plate import WalkFrame
from gaitkit.model.pressure import (
    pitch_of,
    rate_hz,
    source_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.model.contact import Heading

STANDING_OVERLAP = 0.8
"""Two feet that share this part of their time stand; a walk shares at most a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """All contacts of a recording.

    Attributes
    ----------
    contacts : tuple of Contact
        In the order of time.
    frame : WalkFrame
        The direction of walking and how it lies on the mat.
    standing : bool
        True when the person stood on the mat.
    """

    contacts: tuple[Contact, ...]
    frame: WalkFrame
    standing: bool


def find_contacts(
    data: xr.Dataset, *, settings: ContactSettings | None = None
) -> Contacts:
    """Find the feet on a plate, treadmill, mat or insole.

    Parameters
    ----------
    data : xarray.Dataset
        Pressure in kPa, dims ``time, row, col``, with known sensor size.
    settings : ContactSettings, optional
        Bounds of the search.

    Returns
    -------
    Contacts
        Every contact with side, confidence and flags; never empty.

    Raises
    ------
    InputError
        If the values are raw counts, the places of the sensors are unknown, or
        nobody stood on the mat.

    Notes
    -----
    Loaded cells are joined in space and time with gaps given in mm and ms, so the
    result does not depend on the sensor size or the rate. It fails when two people
    are on the plate.
    """
    used = settings or ContactSettings()
    _check(data)
    rate = rate_hz(data) or 1.0
    cells = loaded_cells(data)
    if source_of(data).surface == "insole":
        cells = _in_stance(data, cells, used)
    feet = _feet(data, cells, used, rate)
    if not feet:
        msg = (
            f"nobody stood on the plate: no foot above {used.threshold_kpa:g} kPa was "
            f"found in {data.sizes['time']} frames. Record again, or check the unit."
        )
        raise InputError(msg)
    standing = _standing(cells, feet, data)
    frame = _frame(data, cells, feet, standing=standing)
    crops = [cut_out(data, cells, foot, frame) for foot in feet]
    order = _order(crops, standing=standing)
    crops = [crops[i] for i in order]
    flags = grade(
        contact_facts(data, crops, frame, rate, used, standing=standing), used
    )
    sides = assign_sides(data, crops, frame, standing=standing)
    return Contacts(
        contacts=tuple(
            _contact(data, crop, frame, number, side, flag, used)
            for number, (crop, side, flag) in enumerate(
                zip(crops, sides, flags, strict=True), start=1
            )
        ),
        frame=frame,
        standing=standing,
    )


def _check(data: xr.Dataset) -> None:
    source = source_of(data)
    if source.unit != "kPa":
        msg = (
            f"the {source.maker} recording holds raw counts without calibration; "
            f"pressures and forces are unknown. Export calibrated values, or give "
            f"plate.kpa_per_count."
        )
        raise InputError(msg)
    if source.layout != "grid" or not np.isfinite(pitch_of(data)).all():
        msg = (
            f"the places of the sensors are not in the {source.maker} file, so "
            f"there are no footprints, forces or areas. Export a matrix with its "
            f"sensor size."
        )
        raise InputError(msg)


def _feet(
    data: xr.Dataset, cells: LoadedCells, settings: ContactSettings, rate: float
) -> list[Foot]:
    pitch = pitch_of(data)
    pieces = fragments(
        cells,
        threshold_kpa=settings.threshold_kpa,
        frames_per_bin=max(1, round(settings.bin_s * rate)),
        pitch_mm=pitch,
    )
    feet: list[Foot] = []
    for group in join(pieces, settings=settings, rate_hz=rate):
        part = np.sort(np.concatenate([pieces[i].cells for i in group]))
        feet += cut_if_large(cells, part, settings=settings, pitch_mm=pitch)
    peaks = [np.bincount(cells.frame[f.cells], cells.kpa[f.cells]).max() for f in feet]
    span = int(cells.col.max(initial=0)) + 1
    return [
        foot
        for foot, peak in zip(feet, peaks, strict=True)
        if peak >= settings.smallest_force_share * max(peaks)
        and _area(cells, foot, span) * pitch[0] * pitch[1] >= settings.smallest_area_mm2
    ]


def _in_stance(
    data: xr.Dataset, cells: LoadedCells, settings: ContactSettings
) -> LoadedCells:
    """Leave out the frames of swing: a shoe presses the insole all the time."""
    force = np.bincount(cells.frame, weights=cells.kpa, minlength=data.sizes["time"])
    standing = force >= settings.insole_force_share * force.max(initial=0.0)
    return cells.subset(standing[cells.frame])


def _area(cells: LoadedCells, foot: Foot, span: int) -> int:
    return int(np.unique(cells.row[foot.cells] * span + cells.col[foot.cells]).size)


def _standing(cells: LoadedCells, feet: Sequence[Foot], data: xr.Dataset) -> bool:
    """Tell whether at least two feet share most of a recording's time."""
    if source_of(data).surface in {"treadmill", "insole"} or data.sizes["time"] == 1:
        return False
    spans = [
        (int(cells.frame[f.cells].min()), int(cells.frame[f.cells].max())) for f in feet
    ]
    frames = data.sizes["time"]
    lasting = [b - a + 1 for a, b in spans if b - a + 1 > STANDING_OVERLAP * frames]
    pair = 2
    return len(lasting) >= pair


def _frame(
    data: xr.Dataset, cells: LoadedCells, feet: Sequence[Foot], *, standing: bool
) -> WalkFrame:
    shape = (data.sizes["row"], data.sizes["col"])
    pitch = pitch_of(data)
    parts = [foot.cells for foot in feet]
    heading = find_heading(cells, parts, pitch_mm=pitch, shape=shape)
    if standing or data.sizes["time"] == 1:
        heading = _by_shape(data, cells, feet)
    return walk_frame(heading, shape, pitch)


def _by_shape(data: xr.Dataset, cells: LoadedCells, feet: Sequence[Foot]) -> Heading:
    """Return the heading from the long side and the wide ends of standing feet."""
    still = LoadedCells(
        frame=np.zeros_like(cells.frame), row=cells.row, col=cells.col, kpa=cells.kpa
    )
    shape = (data.sizes["row"], data.sizes["col"])
    parts = [foot.cells for foot in feet]
    heading = find_heading(still, parts, pitch_mm=pitch_of(data), shape=shape)
    frame = walk_frame(heading, shape, pitch_of(data))
    ends = [toe_end(_peak(cells, foot, frame), frame.pitch_mm) for foot in feet]
    if sum(ends) >= 0:
        return heading
    turned: dict[Heading, Heading] = {"rows_down": "rows_up", "cols_up": "cols_down"}
    return turned[heading]


def _peak(cells: LoadedCells, foot: Foot, frame: WalkFrame) -> np.ndarray:
    row, col = frame.place(cells.row[foot.cells], cells.col[foot.cells])
    row, col = row - row.min(), col - col.min()
    peak = np.zeros((row.max() + 1, col.max() + 1), dtype=np.float32)
    np.maximum.at(peak, (row, col), cells.kpa[foot.cells])
    return peak


def _order(crops: Sequence[Crop], *, standing: bool) -> list[int]:
    """Sort by time; feet that begin together by place in the walk, then by load."""
    if standing:
        return sorted(range(len(crops)), key=lambda i: crops[i].col)
    return sorted(
        range(len(crops)),
        key=lambda i: (crops[i].start, crops[i].row, -float(crops[i].pressure.sum())),
    )


def _contact(  # noqa: PLR0913, PLR0917 - one field each
    data: xr.Dataset,
    crop: Crop,
    frame: WalkFrame,
    number: int,
    side: SideOf,
    flags: frozenset[ContactFlag],
    settings: ContactSettings,
) -> Contact:
    unsure = side[1] < settings.unsure
    return Contact(
        number=number,
        start=crop.start,
        stop=crop.stop,
        time_s=data["time"].to_numpy()[crop.start : crop.stop],
        row=crop.row,
        col=crop.col,
        pressure=crop.pressure,
        pitch_mm=frame.pitch_mm,
        center_mm=crop.center_mm(frame),
        side=side[0],
        side_confidence=side[1],
        side_method=side[2],
        flags=flags | {ContactFlag.SIDE_UNSURE} if unsure else flags,
    )
