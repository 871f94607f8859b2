"""Pieces become feet: near pieces of one time are joined, touching feet are cut.

Notes
-----
Pieces are joined in the order of their distance as long as the whole stays as small
as a foot. A heel and a forefoot without midfoot contact lie up to about 100 mm apart
(28 % of 120 normal emed steps have no midfoot contact), so a second, wider reach
joins pieces of which one is no whole foot. What is still larger than a foot is two
feet that touch; it is cut along the straightest valley of its summed pressure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.contacts.cells import LoadedCells
    from gaitkit.gait.contacts.fragments import Fragment
    from gaitkit.gait.contacts.settings import ContactSettings

DIRECTIONS = 16
"""Directions in which extents are taken; the set is its own mirror image."""

WHOLE_FOOT_MM = 170.0
"""A piece at least this long can be a foot of its own (an adult's 236-260 mm)."""

MOST_CUTS = 6
"""Cuts tried on one piece before it is left as it is."""

CUT_FROM, CUT_TO = 0.2, 0.8
"""A cut leaves at least a fifth of the load on each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """The cells of one foot; ``cut`` when it touched another one."""

    cells: np.ndarray
    cut: bool = False


def extents_mm(places_mm: np.ndarray) -> tuple[float, float]:
    """Return the largest and the smallest extent over all directions, in mm."""
    angle = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
    along = places_mm @ np.stack([np.cos(angle), np.sin(angle)])
    spans = along.max(axis=0) - along.min(axis=0)
    return float(spans.max()), float(spans.min())


def join(
    pieces: Sequence[Fragment], *, settings: ContactSettings, rate_hz: float
) -> list[list[int]]:
    """Group pieces into feet.

    Returns
    -------
    list of list of int
        Indices of the pieces of each foot.
    """
    from scipy.spatial import cKDTree

    trees = [cKDTree(piece.places_mm) for piece in pieces]
    gap = settings.gap_s * rate_hz
    pairs = []
    for i, one in enumerate(pieces):
        for j in range(i):
            other = pieces[j]
            apart = max(one.first - other.last, other.first - one.last)
            if apart > gap or not _boxes_near(one, other, settings.reach_mm):
                continue
            distance = np.asarray(trees[i].query(other.places_mm)[0]).min()
            if distance <= settings.reach_mm:
                pairs.append((float(distance), -one.impulse - other.impulse, i, j))
    group = list(range(len(pieces)))
    for distance, _, i, j in sorted(pairs):
        a, b = group[i], group[j]
        if a != b and _fit(pieces, group, (a, b), distance, settings):
            group = [a if g == b else g for g in group]
    return [[i for i, g in enumerate(group) if g == k] for k in sorted(set(group))]


def cut_if_large(
    cells: LoadedCells,
    part: np.ndarray,
    *,
    settings: ContactSettings,
    pitch_mm: tuple[float, float],
) -> list[Foot]:
    """Cut cells that are larger than a foot until every part can be one.

    Returns
    -------
    list of Foot
        The parts; one, uncut, in the usual case.
    """
    waiting, done = [Foot(cells=part)], []
    for _ in range(MOST_CUTS):
        if not waiting:
            break
        foot = waiting.pop()
        places = _places(cells, foot.cells, pitch_mm)
        long, wide = extents_mm(np.unique(places, axis=0))
        if long <= settings.longest_foot_mm and wide <= settings.widest_foot_mm:
            done.append(foot)
            continue
        side = _cut(places, cells.kpa[foot.cells])
        if side is None:
            done.append(foot)
            continue
        waiting += [
            Foot(cells=foot.cells[side], cut=True),
            Foot(cells=foot.cells[~side], cut=True),
        ]
    return done + waiting


def _boxes_near(one: Fragment, other: Fragment, reach: float) -> bool:
    gap = np.maximum(
        one.places_mm.min(axis=0) - other.places_mm.max(axis=0),
        other.places_mm.min(axis=0) - one.places_mm.max(axis=0),
    )
    return bool((gap <= reach).all())


def _fit(
    pieces: Sequence[Fragment],
    group: list[int],
    pair: tuple[int, int],
    distance: float,
    settings: ContactSettings,
) -> bool:
    members = [
        np.concatenate([pieces[i].places_mm for i, g in enumerate(group) if g == k])
        for k in pair
    ]
    long, wide = extents_mm(np.concatenate(members))
    if long > settings.longest_foot_mm or wide > settings.widest_foot_mm:
        return False
    if distance <= settings.gap_mm:
        return True
    return min(extents_mm(member)[0] for member in members) < WHOLE_FOOT_MM


def _places(
    cells: LoadedCells, part: np.ndarray, pitch_mm: tuple[float, float]
) -> np.ndarray:
    return np.column_stack(
        [cells.row[part] * pitch_mm[0], cells.col[part] * pitch_mm[1]]
    )


def _cut(places_mm: np.ndarray, kpa: np.ndarray) -> np.ndarray | None:
    """Return which cells lie on one side of the deepest straight valley."""
    width = 10.0  # mm: two sensors of the finest plate
    best: tuple[float, np.ndarray] | None = None
    center = (places_mm.min(axis=0) + places_mm.max(axis=0)) / 2
    for k in range(DIRECTIONS):
        angle = k * np.pi / DIRECTIONS
        along = (places_mm - center) @ np.array([np.cos(angle), np.sin(angle)])
        bins = np.floor((along - along.min()) / width).astype(int)
        load = np.bincount(bins, weights=kpa)
        share = np.cumsum(load) / load.sum()
        inside = np.flatnonzero((share > CUT_FROM) & (share < CUT_TO))
        inside = inside[(inside > 0) & (inside < load.size - 1)]
        if inside.size == 0:
            continue
        at = int(inside[np.argmin(load[inside])])
        depth = float(load[at] / load.mean())
        if best is None or depth < best[0]:
            best = depth, bins < at
    return None if best is None else best[1]
