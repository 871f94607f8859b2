"""The side of every contact of a recording, from all that is known about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.gait.contacts.shape import left_logit
from gaitkit.gait.contacts.sides import left_probabilities, place_logits
from gaitkit.model.pressure import source_of
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.gait.contacts.crops import Crop
    from gaitkit.model.plate import WalkFrame

SideOf = tuple[Side, float, Literal["stated", "user", "walk", "shape"]]
"""Side, confidence and method."""


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
