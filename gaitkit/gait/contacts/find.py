"""Contacts of a recording: search, direction, sides and flags in one straight line.

The side of every contact of a recording, from all that is known about it.

Left or right, from shape, place beside the line of walking, and alternation.

Notes
-----
A chain of two states: each contact brings the log odds of its shape and of its place
beside the line of walking; steps alternate with probability 0.95 (a person may drag a
foot or leave the plate). The forward-backward pass gives each contact's probability.

What the shape of one footprint says: which end is the heel, which side it is.

Notes
-----
Two asymmetries of the footprint against the line from the middle of the heel to the
middle of the forefoot: the tip of the foot (hallux) lies medially, the contact of the
midfoot laterally. Both are fractions of the width of the footprint. Their difference
separated left from right in 18 of 18 labelled emed steps, in all 27 contacts of a
treadmill walk against the vendor's left and right force, and in 6 of 6 insoles that
state their side (smallest absolute value with a whole foot: 0.19).

Which way did the person walk over the plate, and how its frame lies in the mat.

The centre of pressure runs from heel to toe within every contact, so the sum of these
runs points forward. This holds for a single step and for backward order of contacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.contacts.cells import LoadedCells, loaded_cells
from gaitkit.gait.contacts.crops import Crop, contact_facts, cut_out
from gaitkit.gait.contacts.feet import Foot, cut_if_large, join
from gaitkit.gait.contacts.flags import grade
from gaitkit.gait.contacts.fragments import fragments
from gaitkit.gait.contacts.settings import ContactSettings
from gaitkit.model.contact import Contact, ContactFlag
from gaitkit.model.plate import WalkFrame
from gaitkit.model.pressure import pitch_of, rate_hz, source_of
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.gait.contacts.crops import Crop
    from gaitkit.model.contact import Heading


EARLY, LATE = 0.3, 0.7
"""Shares of the impulse before and after which the two centres are taken."""

HEADINGS: tuple[Heading, ...] = ("rows_up", "rows_down", "cols_up", "cols_down")


def walk_frame(
    heading: Heading, shape: tuple[int, int], pitch_mm: tuple[float, float]
) -> WalkFrame:
    """Return the frame of a heading on a mat of ``shape`` rows and columns."""
    if heading.startswith("cols"):
        shape, pitch_mm = shape[::-1], pitch_mm[::-1]
    return WalkFrame(heading=heading, shape=shape, pitch_mm=pitch_mm)


def find_heading(
    cells: LoadedCells,
    feet: Sequence[np.ndarray],
    *,
    pitch_mm: tuple[float, float],
    shape: tuple[int, int],
) -> Heading:
    """Return the direction of walking from the runs of the centre of pressure.

    Parameters
    ----------
    cells : LoadedCells
        All cells.
    feet : sequence of ndarray
        Indices of the cells of each foot.
    pitch_mm : tuple of float
        Distance between rows and between columns.
    shape : tuple of int
        Rows and columns of the mat.

    Returns
    -------
    Heading
        Along the axis on which the runs are longest. Feet that stand (no run) give
        the direction of the longer side of their footprints; which end is the heel
        is then for the shapes to say (``sides``).
    """
    runs = np.array([_run(cells.subset(part), pitch_mm) for part in feet])
    down, right = runs.sum(axis=0) if len(runs) else (0.0, 0.0)
    if np.hypot(down, right) < np.mean(pitch_mm):
        along_rows = _longer_along_rows(cells, feet, pitch_mm, shape)
        return "rows_down" if along_rows else "cols_up"
    if abs(down) >= abs(right):
        return "rows_up" if down > 0 else "rows_down"
    return "cols_up" if right > 0 else "cols_down"


def _run(cells: LoadedCells, pitch_mm: tuple[float, float]) -> tuple[float, float]:
    """Return how far the load moves during a contact (rows, cols) in mm."""
    per_frame = np.bincount(cells.frame, weights=cells.kpa)
    share = np.cumsum(per_frame) / per_frame.sum()
    early = cells.frame <= np.searchsorted(share, EARLY)
    late = cells.frame >= np.searchsorted(share, LATE)
    if early.all():
        return 0.0, 0.0
    centers = [
        np.average(
            np.column_stack([cells.row, cells.col])[part],
            axis=0,
            weights=cells.kpa[part],
        )
        for part in (early, late)
    ]
    moved = centers[1] - centers[0]
    return float(moved[0] * pitch_mm[0]), float(moved[1] * pitch_mm[1])


def _longer_along_rows(
    cells: LoadedCells,
    feet: Sequence[np.ndarray],
    pitch_mm: tuple[float, float],
    shape: tuple[int, int],
) -> bool:
    spans = np.array(
        [
            (
                np.ptp(cells.row[part]) * pitch_mm[0],
                np.ptp(cells.col[part]) * pitch_mm[1],
            )
            for part in feet
        ]
    )
    if not len(spans):
        return shape[0] * pitch_mm[0] >= shape[1] * pitch_mm[1]
    along_rows, along_cols = spans.sum(axis=0)
    return bool(along_rows >= along_cols)


STANDING_OVERLAP = 0.8
"""Two feet that share this part of their time stand; a walk shares at most a third."""

SideOf = tuple[Side, float, Literal["stated", "user", "walk", "shape"]]
"""Side, confidence and method."""

ALTERNATES = 0.95
"""Chance that the next contact is the other foot, when nothing else is known."""

MM_PER_LOGIT = 15.0
"""A foot 45 mm beside the line (half a step width of 90 mm) has odds of 20 to 1."""

LARGEST_PLACE_LOGIT = 3.0
FEWEST_FOR_LINE = 3
"""Contacts through which a line of walking can be laid."""

LOGIT_PER_ASYMMETRY = 10.0
"""An asymmetry of 0.3, the lowest of the 18 labelled steps, gives odds of 20 to 1."""

HEEL_TO, MIDFOOT, FOREFOOT, TIP_FROM = 0.30, (0.35, 0.50), (0.60, 0.75), 0.85
"""Bands of the footprint in fractions of its length from the heel."""

HEEL_BAND = (0.10, 0.30)
HEEL_MIDDLE, FOREFOOT_MIDDLE = 0.15, 0.675
FEWEST_CELLS = 12
"""A footprint of fewer cells has no shape."""


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


def assign_sides(
    data: xr.Dataset, crops: Sequence[Crop], frame: WalkFrame, *, standing: bool
) -> list[SideOf]:
    """Return side, confidence (0.5 to 1) and method of every contact.

    A side that the file states wins; an insole has one side; standing feet are left
    and right of each other; in a walk shape, place and alternation decide together.
    """
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
) -> list[SideOf]:
    if not standing:
        return [_side(_chance(shape), "shape") for shape in shapes]
    middle = (across_mm.min() + across_mm.max()) / 2
    return [(Side.LEFT if x < middle else Side.RIGHT, 1.0, "walk") for x in across_mm]


def _chance(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _side(left: float, method: Literal["walk", "shape"]) -> SideOf:
    # 1 - left is exact for left >= 0.5 only, so a mirrored walk may differ by 1e-16
    side = Side.LEFT if left >= 1 - left else Side.RIGHT
    return side, max(left, 1 - left), method


def place_logits(across_mm: np.ndarray, forward_mm: np.ndarray) -> np.ndarray:
    """Return the log odds for left from the places beside the line of walking.

    Parameters
    ----------
    across_mm, forward_mm : ndarray (contact,)
        Middles of the contacts in the order of time; across grows to the right.

    Returns
    -------
    ndarray (contact,)
        Zeros for fewer than two contacts. With two, the line is the plate's own.
    """
    count = across_mm.size
    if count < FEWEST_FOR_LINE - 1:
        return np.zeros(count)
    middle_x = (across_mm[1:] + across_mm[:-1]) / 2
    middle_y = (forward_mm[1:] + forward_mm[:-1]) / 2
    slope = 0.0
    if count >= FEWEST_FOR_LINE:
        run = middle_y - middle_y.mean()
        spread = float((run * run).sum())
        slope = float((run * middle_x).sum()) / spread if spread > 0 else 0.0
    line = middle_x.mean() + slope * (forward_mm - middle_y.mean())
    logits: np.ndarray = np.clip(
        (line - across_mm) / MM_PER_LOGIT, -LARGEST_PLACE_LOGIT, LARGEST_PLACE_LOGIT
    )
    return logits


def left_probabilities(logits: Sequence[float]) -> np.ndarray:
    """Return the probability that each contact is a left foot.

    Parameters
    ----------
    logits : sequence of float
        Log odds for left of each contact alone, in the order of time.

    Returns
    -------
    ndarray (contact,)
        Probability given all contacts and alternation.
    """
    own = np.column_stack([_sigmoid(np.asarray(logits)), _sigmoid(-np.asarray(logits))])
    move = np.array([[1 - ALTERNATES, ALTERNATES], [ALTERNATES, 1 - ALTERNATES]])
    forward, backward = own.copy(), np.ones_like(own)
    for i in range(1, len(own)):
        forward[i] *= forward[i - 1] @ move
        forward[i] /= forward[i].sum()
    for i in range(len(own) - 2, -1, -1):
        backward[i] = move @ (own[i + 1] * backward[i + 1])
        backward[i] /= backward[i].sum()
    both = forward * backward
    result: np.ndarray = both[:, 0] / both.sum(axis=1)
    return result


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


def left_logit(peak: np.ndarray, pitch_mm: tuple[float, float]) -> float:
    """Return the log odds that a footprint is that of a left foot.

    Parameters
    ----------
    peak : ndarray (row, col)
        Highest pressures, toes in the direction of growing rows, columns to the
        walker's right.
    pitch_mm : tuple of float
        Distance between rows and between columns.

    Notes
    -----
    Exactly antisymmetric: the mirrored footprint gives the negative number.
    """
    one = _asymmetry(peak, pitch_mm)
    other = _asymmetry(peak[:, ::-1], pitch_mm)
    return LOGIT_PER_ASYMMETRY * (one - other) / 2


def toe_end(peak: np.ndarray, pitch_mm: tuple[float, float]) -> float:
    """Return how much wider the end at growing rows is, as a fraction (forefoot > 0).

    The forefoot is wider than the heel, whichever way the foot stands.
    """
    along, across = _principal(peak, pitch_mm)
    if along.size < FEWEST_CELLS:
        return 0.0
    upper = _width(along, across, FOREFOOT) - _width(along, across, HEEL_BAND)
    lower = _width(1 - along, across, FOREFOOT) - _width(1 - along, across, HEEL_BAND)
    return float((upper - lower) / np.ptp(across))


def _asymmetry(peak: np.ndarray, pitch_mm: tuple[float, float]) -> float:
    along, across = _principal(peak, pitch_mm)
    if along.size < FEWEST_CELLS or not np.ptp(across) > 0:
        return 0.0
    heel = _middle(across[along < HEEL_TO])
    forefoot = _middle(across[_inside(along, FOREFOOT)])
    if heel is None or forefoot is None:
        return 0.0
    slope = (forefoot - heel) / (FOREFOOT_MIDDLE - HEEL_MIDDLE)
    off = (across - heel - slope * (along - HEEL_MIDDLE)) / np.ptp(across)
    tip, middle = off[along > TIP_FROM], off[_inside(along, MIDFOOT)]
    medial_tip = float(tip.mean()) if tip.size else 0.0
    lateral_middle = float(middle.mean()) if middle.size else 0.0
    return medial_tip - lateral_middle


def _principal(
    peak: np.ndarray, pitch_mm: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return place along (0 to 1) and across (mm) the principal axis of the cells."""
    row, col = np.nonzero(peak > 0)
    if row.size < FEWEST_CELLS:
        return np.zeros(0), np.zeros(0)
    # counted from the middle, so that mirrored prints have negated coordinates
    x = (col - (peak.shape[1] - 1) / 2) * pitch_mm[1]
    y = (row - (peak.shape[0] - 1) / 2) * pitch_mm[0]
    x, y = x - x.mean(), y - y.mean()
    angle = 0.5 * np.arctan2(2 * (x * y).sum(), (y * y).sum() - (x * x).sum())
    along = y * np.cos(angle) + x * np.sin(angle)
    across = x * np.cos(angle) - y * np.sin(angle)
    span = np.ptp(along)
    return (along - along.min()) / (span if span > 0 else 1.0), across


def _inside(along: np.ndarray, band: tuple[float, float]) -> np.ndarray:
    inside: np.ndarray = (along > band[0]) & (along < band[1])
    return inside


def _middle(across: np.ndarray) -> float | None:
    return float(across.min() + across.max()) / 2 if across.size else None


def _width(along: np.ndarray, across: np.ndarray, band: tuple[float, float]) -> float:
    part = across[_inside(along, band)]
    return float(np.ptp(part)) if part.size else 0.0
