"""Contacts of a recording: search, direction, sides and flags in one straight line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.contacts.cells import LoadedCells, belt_cells, loaded_cells
from gaitkit.gait.contacts.feet import Foot, cut_if_large, extents_mm, join
from gaitkit.gait.contacts.flags import ContactFacts, grade
from gaitkit.gait.contacts.fragments import fragments
from gaitkit.gait.contacts.heading import WalkFrame, find_heading, walk_frame
from gaitkit.gait.contacts.settings import ContactSettings
from gaitkit.gait.contacts.shape import left_logit, toe_end
from gaitkit.gait.contacts.sides import left_probabilities, place_logits
from gaitkit.model.contact import Contact, ContactFlag
from gaitkit.model.pressure import (
    N_PER_KPA_MM2,
    pitch_of,
    rate_hz,
    source_of,
)
from gaitkit.model.side import Side

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crop:
    """One foot, cut out in the walking frame."""

    foot: Foot
    start: int
    stop: int
    row: int
    col: int
    pressure: np.ndarray
    at_edge: bool

    def center_mm(self, frame: WalkFrame) -> tuple[float, float]:
        """Return the centre of the crop, counted from the middle of the mat."""
        rows, cols = self.pressure.shape[1:]
        right = (2 * self.col + cols - frame.shape[1]) / 2 * frame.pitch_mm[1]
        ahead = (2 * self.row + rows - frame.shape[0]) / 2 * frame.pitch_mm[0]
        return right, ahead

    def middle_mm(self, frame: WalkFrame) -> tuple[float, float]:
        """Return the middle of the footprint's cells on the plate."""
        row, col = np.nonzero(self.pressure.any(axis=0))
        rows, cols = self.pressure.shape[1:]
        right, ahead = self.center_mm(frame)
        return (
            right + float((2 * col - cols + 1).sum()) / col.size / 2 * frame.pitch_mm[1],
            ahead + float((2 * row - rows + 1).sum()) / row.size / 2 * frame.pitch_mm[0],
        )


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
    feet = _feet(data, cells, used, rate)
    if not feet:
        msg = (
            f"nobody stood on the plate: no foot above {used.threshold_kpa:g} kPa was "
            f"found in {data.sizes['time']} frames. Record again, or check the unit."
        )
        raise InputError(msg)
    standing = _standing(cells, feet, data)
    frame = _frame(data, cells, feet, standing=standing)
    crops = [_crop(data, cells, foot, frame) for foot in feet]
    order = _order(crops, standing=standing)
    crops = [crops[i] for i in order]
    flags = grade(_facts(data, crops, frame, rate, used), used)
    sides = _sides(data, crops, frame, standing=standing)
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
            f"there are no footprints, forces or areas. Export a matrix, or give "
            f"plate.pitch_rows_mm and plate.pitch_cols_mm."
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


def _by_shape(
    data: xr.Dataset, cells: LoadedCells, feet: Sequence[Foot]
) -> Heading:
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


def _crop(
    data: xr.Dataset, cells: LoadedCells, foot: Foot, frame: WalkFrame
) -> _Crop:
    own = cells.subset(foot.cells)
    row, col = frame.place(own.row, own.col)
    start, stop = int(own.frame.min()), int(own.frame.max()) + 1
    top, left = int(row.min()), int(col.min())
    shape = (stop - start, int(row.max()) - top + 1, int(col.max()) - left + 1)
    pressure = np.zeros(shape, dtype=np.float32)
    pressure[own.frame - start, row - top, col - left] = own.kpa
    return _Crop(
        foot=foot,
        start=start,
        stop=stop,
        row=top,
        col=left,
        pressure=pressure,
        at_edge=_at_edge(data, own),
    )


def _at_edge(data: xr.Dataset, own: LoadedCells) -> bool:
    """Tell whether the foot loads the outermost sensors of a plate."""
    source = source_of(data)
    if source.surface == "insole" or source.side is not None or source.peak_only:
        return False  # cropped to the foot: the rim is not the rim of a plate
    col = own.col
    if "belt_m" in data:
        col = col - belt_cells(data)[own.frame]
    rows, cols = data.sizes["row"], data.sizes["col"]
    side = (own.row == 0) | (own.row == rows - 1)
    ends = (col == 0) | (col == cols - 1)
    return bool(side.any() or ends.any())


def _order(crops: Sequence[_Crop], *, standing: bool) -> list[int]:
    """Sort by time; feet that begin together by place in the walk, then by load."""
    if standing:
        return sorted(range(len(crops)), key=lambda i: crops[i].col)
    return sorted(
        range(len(crops)),
        key=lambda i: (crops[i].start, crops[i].row, -float(crops[i].pressure.sum())),
    )


def _facts(
    data: xr.Dataset,
    crops: Sequence[_Crop],
    frame: WalkFrame,
    rate: float,
    settings: ContactSettings,
) -> list[ContactFacts]:
    area = frame.pitch_mm[0] * frame.pitch_mm[1]
    frames = data.sizes["time"]
    moving = frames > 1
    facts = []
    for crop in crops:
        load = crop.pressure.sum(axis=(1, 2), dtype=np.float64)
        row, col = np.nonzero((crop.pressure >= settings.threshold_kpa).any(axis=0))
        places = np.column_stack([row * frame.pitch_mm[0], col * frame.pitch_mm[1]])
        facts.append(
            ContactFacts(
                force_n=load * area * N_PER_KPA_MM2,
                starts_record=moving and crop.start == 0,
                ends_record=moving and crop.stop == frames,
                at_edge=crop.at_edge,
                cut=crop.foot.cut,
                shares_cells=_shares(crop, crops),
                length_mm=extents_mm(places)[0] if row.size else 0.0,
                area_mm2=row.size * area,
                duration_s=(crop.stop - crop.start) / rate,
                impulse=float(load.sum()) * area * N_PER_KPA_MM2 / rate,
            )
        )
    return facts


def _shares(crop: _Crop, crops: Sequence[_Crop]) -> bool:
    """Tell whether another contact of the same moments loads the same cells."""
    for other in crops:
        apart = other is crop or other.start >= crop.stop or crop.start >= other.stop
        if apart:
            continue
        low = max(crop.row, other.row), max(crop.col, other.col)
        ends = [
            (c.row + c.pressure.shape[1], c.col + c.pressure.shape[2])
            for c in (crop, other)
        ]
        high = min(ends[0][0], ends[1][0]), min(ends[0][1], ends[1][1])
        if low[0] >= high[0] or low[1] >= high[1]:
            continue
        prints = [
            c.pressure[
                :, low[0] - c.row : high[0] - c.row, low[1] - c.col : high[1] - c.col
            ].any(axis=0)
            for c in (crop, other)
        ]
        if (prints[0] & prints[1]).any():
            return True
    return False


_SideOf = tuple[Side, float, Literal["stated", "user", "walk", "shape"]]


def _sides(
    data: xr.Dataset, crops: Sequence[_Crop], frame: WalkFrame, *, standing: bool
) -> list[_SideOf]:
    source = source_of(data)
    if source.side is not None:
        return [(source.side, 1.0, "stated")] * len(crops)
    shapes = [left_logit(crop.pressure.max(axis=0), frame.pitch_mm) for crop in crops]
    if source.surface == "insole":
        return [_side(_chance(sum(shapes)), "shape")] * len(crops)
    middles = np.array([crop.middle_mm(frame) for crop in crops])
    if standing or len(crops) == 1:
        return _alone(shapes, middles[:, 0], standing=standing)
    places = place_logits(middles[:, 0], middles[:, 1])
    chances = left_probabilities(np.asarray(shapes) + places)
    return [_side(float(chance), "walk") for chance in chances]


def _alone(
    shapes: Sequence[float], across_mm: np.ndarray, *, standing: bool
) -> list[_SideOf]:
    if not standing:
        return [_side(_chance(shape), "shape") for shape in shapes]
    middle = (across_mm.min() + across_mm.max()) / 2
    return [
        (Side.LEFT if x < middle else Side.RIGHT, 1.0, "walk") for x in across_mm
    ]


def _chance(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _side(left: float, method: Literal["walk", "shape"]) -> _SideOf:
    # 1 - left is exact for left >= 0.5 only, so a mirrored walk may differ by 1e-16
    side = Side.LEFT if left >= 1 - left else Side.RIGHT
    return side, max(left, 1 - left), method


def _contact(  # noqa: PLR0913, PLR0917 - one field each
    data: xr.Dataset,
    crop: _Crop,
    frame: WalkFrame,
    number: int,
    side: _SideOf,
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
