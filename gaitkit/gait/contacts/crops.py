"""One foot cut out of a recording, and the facts by which it is graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.contacts.cells import LoadedCells, belt_cells
from gaitkit.gait.contacts.feet import Foot, extents_mm
from gaitkit.gait.contacts.flags import ContactFacts
from gaitkit.model.pressure import N_PER_KPA_MM2, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.gait.contacts.settings import ContactSettings
    from gaitkit.model.plate import WalkFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
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
            right
            + float((2 * col - cols + 1).sum()) / col.size / 2 * frame.pitch_mm[1],
            ahead
            + float((2 * row - rows + 1).sum()) / row.size / 2 * frame.pitch_mm[0],
        )


def cut_out(data: xr.Dataset, cells: LoadedCells, foot: Foot, frame: WalkFrame) -> Crop:
    """Cut one foot out of the recording, in the walking frame."""
    own = cells.subset(foot.cells)
    row, col = frame.place(own.row, own.col)
    start, stop = int(own.frame.min()), int(own.frame.max()) + 1
    top, left = int(row.min()), int(col.min())
    shape = (stop - start, int(row.max()) - top + 1, int(col.max()) - left + 1)
    pressure = np.zeros(shape, dtype=np.float32)
    pressure[own.frame - start, row - top, col - left] = own.kpa
    return Crop(
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


def contact_facts(
    data: xr.Dataset,
    crops: Sequence[Crop],
    frame: WalkFrame,
    rate: float,
    settings: ContactSettings,
    *,
    standing: bool,
) -> list[ContactFacts]:
    """Return what is needed to grade each contact; standing feet are never cut."""
    area = frame.pitch_mm[0] * frame.pitch_mm[1]
    frames = data.sizes["time"]
    moving = frames > 1 and not standing
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


def _shares(crop: Crop, crops: Sequence[Crop]) -> bool:
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
