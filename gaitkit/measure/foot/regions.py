"""Ten regions of the sole: cuts across along valleys, cuts between metatarsals a fan.

Notes
-----
Borders are fractions of the length and width of the footprint. Where seams are on, the
cuts heel | midfoot, midfoot | forefoot and forefoot | toes bend along the valley of
the peak picture within a corridor, and so does the cut between hallux and toes. The
metatarsals are cut by lines that divide the wedge between the medial and the lateral
border of the foot at 30, 47, 64 and 81 % (novel's automask as coded in pressuRe 0.2).
The hallux begins at the valley of pressure behind it where that is clear and the border
was not set by hand. The settings of the valley are the best of nine tried on all 120
labelled emed steps of 20 adults, so figures on those flatter: mean Jaccard there is
.919 hallux, .913 medial and .843 lateral forefoot, .967 heel (.911, .911, .841, .967
over the 102 of people that nothing else was set on; fixed border: .904, .910, .838,
.967). Leaving each subject out chose among only four of the nine. One maker alone has
labels; on other plates the border was never checked.
Default borders are those of the experts in 18 labelled emed steps; the accuracy
benchmark refits them without each subject. The method is wrong for partial prints,
claw toes without contact and shoes.

Cuts that follow the valleys of pressure: cheapest paths across a grid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.footprint import FootGrid, foot_grid
from gaitkit.model.contact import REGIONS, Region, RegionBorders

if TYPE_CHECKING:
    from gaitkit.measure.foot.footprint import Axis, Footprint

DEFAULT_BORDERS = RegionBorders(
    heel=0.27,
    forefoot=0.59,
    toes=0.83,
    hallux=0.33,
    metatarsals=(0.30, 0.47, 0.64, 0.81),
    toe_slope=0.16,
    fan_tilt=0.9,
)
"""Fractions of length from the heel and of width from the medial border. Hallux and
metatarsals as in pressuRe; heel, forefoot, toes and the tilt of the fan fitted to 18
labelled emed steps of three people (see ``benchmarks/accuracy``)."""

TOE_CORRIDOR = 0.07
CROSS_CORRIDOR = 0.045
HALLUX_CORRIDOR = 0.16
"""Half widths of the corridors, fractions of length (toes, cross) and of width."""

HEEL_BAND = (0.10, 0.30)
FOREFOOT_BAND = (0.60, 0.75)
BALL = 0.675
"""Middle of the forefoot band: the fan of cuts is anchored there."""

VALLEY_RANGE = (0.72, 0.88)
"""Between these fractions of the length lies the valley behind the hallux."""

VALLEY_AT, VALLEY_WIDTH = 0.75, 0.3
"""Where along the foot its width is taken, and the medial share of it that is looked
at."""

VALLEY_PULL, CLEAR = 0.5, 0.05
"""Pull towards the usual place for each length, and the least depth of a clear valley,
in units of the root of the highest pressure; the best of nine pairs on the 120 labelled
emed steps that they are judged on as well."""

BALL_FROM = 0.55
"""The heads of the metatarsals lie ahead of this."""

NUMBER = {region: index for index, region in enumerate(REGIONS, start=1)}
BEND_COST = 0.06
"""Cost of moving the seam by one grid step sideways, in units of the cost of crossing
the highest pressure; chosen on the labelled emed steps (two subjects at a time)."""

LARGEST_STEP = 2
"""Grid steps that a seam may move sideways for each step onwards (about 63 deg)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wedge:
    """Medial and lateral border of a foot as straight lines along its axis."""

    medial: tuple[float, float]
    lateral: tuple[float, float]

    def share(self, along: np.ndarray, across: np.ndarray) -> np.ndarray:
        """Return the place across as a fraction from the medial to the lateral line."""
        low = self.medial[0] + self.medial[1] * along
        high = self.lateral[0] + self.lateral[1] * along
        return np.asarray((across - low) / np.maximum(high - low, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FootRegions:
    """Region numbers of a footprint.

    Attributes
    ----------
    mask : ndarray (row, col) of uint8
        0 outside, else 1 + index in ``REGIONS``; foot coordinates (a right foot).
    borders : RegionBorders
        The cuts behind it.
    grid : FootGrid
        The peak picture along the axis.
    toe_line_mm : ndarray (across,)
        Where the toes begin along the axis, for every column of the grid.
    """

    mask: np.ndarray
    borders: RegionBorders
    grid: FootGrid
    toe_line_mm: np.ndarray


def find_regions(
    foot: Footprint, axis: Axis, *, borders: RegionBorders = DEFAULT_BORDERS
) -> FootRegions:
    """Divide a footprint into ten regions.

    Parameters
    ----------
    foot : Footprint
        As a right foot.
    axis : Axis
        Its long axis.
    borders : RegionBorders
        Cuts; defaults or set by hand.

    Returns
    -------
    FootRegions
        The mask covers exactly the cells in contact.
    """
    grid = foot_grid(foot, axis)
    along = axis.along(foot.lateral_mm, foot.forward_mm) - grid.start_mm
    across = axis.across(foot.lateral_mm, foot.forward_mm)
    wedge = _wedge(along / grid.length_mm, across, along)
    if borders.seams and borders.toes == DEFAULT_BORDERS.toes:  # not set by hand
        borders = replace(borders, toes=_behind_hallux(grid, wedge, borders.toes))
    cuts = _Cuts(grid, wedge, borders)
    label = np.full(along.size, NUMBER[Region.MIDFOOT], dtype=np.uint8)
    share = wedge.share(along, across)
    heel = along < cuts.across(across, borders.heel, borders.heel_slope, CROSS_CORRIDOR)
    ahead = along >= cuts.across(
        across, borders.forefoot, borders.forefoot_slope, CROSS_CORRIDOR
    )
    toe_line = cuts.line(borders.toes, borders.toe_slope, TOE_CORRIDOR)
    toes = ahead & (along >= np.interp(across, grid.across_mm, toe_line))
    ball = along / grid.length_mm - BALL
    fan = share - borders.fan_tilt * ball
    inner = np.searchsorted(np.asarray(borders.metatarsals), fan, side="right")
    label[ahead] = (NUMBER[Region.METATARSAL_1] + inner[ahead]).astype(np.uint8)
    hallux = across < cuts.beside_hallux(along, borders)
    label[toes & hallux] = NUMBER[Region.HALLUX]
    label[toes & ~hallux] = NUMBER[Region.TOES]
    split = _heel_middle(along, across, heel, borders.heel_split)
    label[heel & (across < split)] = NUMBER[Region.HEEL_MEDIAL]
    label[heel & (across >= split)] = NUMBER[Region.HEEL_LATERAL]
    mask = np.zeros(foot.peak.shape, dtype=np.uint8)
    mask[foot.row, foot.col] = label
    return FootRegions(mask=mask, borders=borders, grid=grid, toe_line_mm=toe_line)


def _behind_hallux(grid: FootGrid, wedge: Wedge, usual: float) -> float:
    """Return where the hallux begins: the valley of pressure behind it, or as usual.

    Along the medial part of the forefoot the highest pressure of each row rises at the
    first metatarsal head, falls, and rises again under the hallux. The valley is the
    row that lies deepest below the lower of both tops, less what it lies away from the
    usual place; a valley that is not clear leaves the usual place.
    """
    edge = VALLEY_AT * grid.length_mm
    low, high = (line[0] + line[1] * edge for line in (wedge.medial, wedge.lateral))
    first, last = np.searchsorted(
        grid.across_mm, (low, low + VALLEY_WIDTH * (high - low))
    )
    medial = grid.values[:, first : max(last, first + 1)]
    if medial.size == 0:
        return usual
    top = np.sqrt(np.maximum(medial, 0.0)).max(axis=1)
    top = np.convolve(top, np.ones(3) / 3, "same")
    share = (np.arange(top.size) + 0.5) / top.size
    behind = np.maximum.accumulate(np.where(share > BALL_FROM, top, 0.0))
    ahead = np.maximum.accumulate(top[::-1])[::-1]
    depth = np.minimum(behind, ahead) - top
    inside = (share >= VALLEY_RANGE[0]) & (share <= VALLEY_RANGE[1])
    score = depth - VALLEY_PULL * top.max() * np.abs(share - usual)
    best = int(np.argmax(np.where(inside, score, -np.inf)))
    return float(share[best]) if depth[best] >= CLEAR * top.max() else usual


class _Cuts:
    """Cuts of one foot; seams are found once for each border."""

    def __init__(self, grid: FootGrid, wedge: Wedge, borders: RegionBorders) -> None:
        self._grid = grid
        self._wedge = wedge
        self._seams = borders.seams

    def across(
        self, across: np.ndarray, border: float, slope: float, corridor: float
    ) -> np.ndarray:
        """Return where a cut across the foot lies along it, for places across."""
        line = self.line(border, slope, corridor)
        return np.asarray(np.interp(across, self._grid.across_mm, line))

    def line(self, border: float, slope: float, corridor: float) -> np.ndarray:
        """Return where a cut lies along the foot for every column of the grid."""
        grid = self._grid
        step = grid.along_mm[1] - grid.along_mm[0]
        length = np.full(grid.across_mm.size, border * grid.length_mm)
        middle = self._wedge.share(length, grid.across_mm)
        center = border - slope * (np.clip(middle, 0.0, 1.0) - 0.25)
        row = center * grid.length_mm / step - 0.5
        if self._seams:
            half = corridor * grid.length_mm / step
            low = np.clip(np.rint(row - half), 0, grid.values.shape[0] - 1)
            high = np.clip(np.rint(row + half) + 1, 1, grid.values.shape[0])
            row = valley(grid.values, low=low, high=high, center=row)
        return np.asarray((row + 0.5) * step)

    def beside_hallux(self, along: np.ndarray, borders: RegionBorders) -> np.ndarray:
        """Return where the cut between hallux and toes lies across, along the foot."""
        grid, wedge = self._grid, self._wedge
        step = grid.across_mm[1] - grid.across_mm[0]
        edge = borders.toes * grid.length_mm
        low = wedge.medial[0] + wedge.medial[1] * edge
        width = wedge.lateral[0] + wedge.lateral[1] * edge - low
        first = int(
            np.searchsorted(grid.along_mm, edge - TOE_CORRIDOR * grid.length_mm)
        )
        rows = grid.values[first:].T
        col = (low + borders.hallux * width - grid.across_mm[0]) / step
        path = np.full(rows.shape[1], col)
        if self._seams and rows.shape[1] > 1:
            half = HALLUX_CORRIDOR * width / step
            lowest = np.clip(np.rint(path - half), 0, rows.shape[0] - 1)
            highest = np.clip(np.rint(path + half) + 1, 1, rows.shape[0])
            path = valley(rows, low=lowest, high=highest, center=path)
        place = grid.across_mm[0] + path * step
        return np.asarray(np.interp(along, grid.along_mm[first:], place))


def _wedge(share: np.ndarray, across: np.ndarray, along: np.ndarray) -> Wedge:
    """Draw both borders through the outermost cells of heel and forefoot."""
    lines = []
    for side in (-1.0, 1.0):
        points = []
        for band in (HEEL_BAND, FOREFOOT_BAND):
            inside = (share > band[0]) & (share < band[1])
            if not inside.any():
                inside = np.ones(share.size, dtype=bool)
            outer = side * np.percentile(side * across[inside], 98)
            points.append((float(along[inside].mean()), float(outer)))
        (u0, v0), (u1, v1) = points
        slope = (v1 - v0) / (u1 - u0) if abs(u1 - u0) > 1 else 0.0
        lines.append((v0 - slope * u0, slope))
    return Wedge(medial=lines[0], lateral=lines[1])


def _heel_middle(
    along: np.ndarray, across: np.ndarray, heel: np.ndarray, split: float
) -> float:
    if not heel.any():
        return 0.0
    low, high = float(across[heel].min()), float(across[heel].max())
    return low + split * (high - low)


def valley(
    values: np.ndarray, *, low: np.ndarray, high: np.ndarray, center: np.ndarray
) -> np.ndarray:
    """Return the path of least pressure from the first to the last column.

    Parameters
    ----------
    values : ndarray (row, col)
        Pressure.
    low, high : ndarray (col,)
        Rows ``[low, high)`` in which the path may run.
    center : ndarray (col,)
        Row that the path keeps to where there is no valley.

    Returns
    -------
    ndarray (col,) of float
        Row of the path in every column.

    Notes
    -----
    Dynamic programming over columns. The cost of a cell is the square root of its
    share of the highest pressure (so that shallow valleys count) plus a small pull
    towards ``center``; moving sideways costs ``BEND_COST`` a step.
    """
    rows, cols = values.shape
    top = values.max(initial=0.0)
    cost = np.sqrt(np.maximum(values, 0.0) / (top if top > 0 else 1.0))
    index = np.arange(rows)[:, None]
    width = np.maximum(high - low, 1)
    cost = cost + 0.1 * ((index - center) / width) ** 2
    cost[(index < low) | (index >= high)] = 1e6  # outside the corridor
    total = cost[:, 0].copy()
    came = np.zeros((rows, cols), dtype=np.int64)
    moves = range(-LARGEST_STEP, LARGEST_STEP + 1)
    for col in range(1, cols):
        options = np.stack(
            [_shifted(total, move) + abs(move) * BEND_COST for move in moves]
        )
        best = options.argmin(axis=0)
        came[:, col] = best - LARGEST_STEP
        total = options[best, np.arange(rows)] + cost[:, col]
    path = np.zeros(cols)
    at = int(total.argmin())
    for col in range(cols - 1, -1, -1):
        path[col] = at
        at = int(np.clip(at + came[at, col], 0, rows - 1))
    return path


def _shifted(total: np.ndarray, move: int) -> np.ndarray:
    """Return the costs of coming from ``move`` rows away."""
    out = np.full(total.size, 1e9)
    if move > 0:
        out[:-move] = total[move:]
    elif move < 0:
        out[-move:] = total[:move]
    else:
        out[:] = total
    return out
