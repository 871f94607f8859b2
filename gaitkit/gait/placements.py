"""Foot placements: where each foot stood, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.signal.upright import mean_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from gaitkit.model.events import Event

FLAT_START_S, FLAT_END_S = 0.10, 0.30
"""After initial contact the foot lies flat and still in this window, seconds: the
forefoot is down after about 0.1 s and the heel rises after about 0.35 s (Perry &
Burnfield 2010: 12 and 31 % of a stride of 1.1 s)."""

PARTS = ("heel", "ankle", "foot_index")
"""Their mean is the place of a foot: it is steadier than any one of them."""

MIN_SAMPLES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One foot on the floor.

    Attributes
    ----------
    side : Side
        The foot.
    contact_s : float
        Its initial contact.
    place : tuple of float
        Forward and, where seen, left position of the foot.
    toe_out_deg : float or None
        Angle of the foot axis against the way, toes out positive; None in a side
        view.
    """

    side: Side
    contact_s: float
    place: tuple[float, ...]
    toe_out_deg: float | None = None


def find_placements(
    walking: xr.Dataset, events: Sequence[Event]
) -> tuple[Placement, ...]:
    """Return where each foot stood after each initial contact.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space.
    events : sequence of Event
        Initial contacts are used.

    Returns
    -------
    tuple of Placement
        In the order of time. A contact after which the foot is not seen has none.

    Notes
    -----
    The place is the median, over the window in which the foot lies flat, of the mean
    of heel, ankle and toe.
    """
    found = []
    for event in events:
        if event.kind != "initial_contact":
            continue
        placement = _placement(walking, event)
        if placement is not None:
            found.append(placement)
    return tuple(sorted(found, key=lambda each: each.contact_s))


def _placement(walking: xr.Dataset, event: Event) -> Placement | None:
    window = slice(event.time_s + FLAT_START_S, event.time_s + FLAT_END_S)
    names = [f"{event.side}_{part}" for part in PARTS]
    axes = [axis for axis in ("forward", "left") if axis in walking["space"]]
    part = walking["position"].sel(time=window, space=axes, keypoint=names).to_numpy()
    whole = np.isfinite(part).all(axis=(1, 2))
    if whole.sum() < MIN_SAMPLES:
        return None
    place = np.median(mean_known(part[whole], axis=2), axis=0)
    return Placement(
        side=event.side,
        contact_s=event.time_s,
        place=tuple(float(x) for x in place),
        toe_out_deg=_toe_out_deg(part[whole], event.side) if len(axes) > 1 else None,
    )


def _toe_out_deg(part: NDArray[np.float64], side: Side) -> float:
    """Return the median angle of heel to toe against forward, toes out positive."""
    axis = part[:, :, PARTS.index("foot_index")] - part[:, :, PARTS.index("heel")]
    to_left = np.rad2deg(np.arctan2(axis[:, 1], axis[:, 0]))
    return float(np.median(to_left)) * (1.0 if side is Side.LEFT else -1.0)
