"""Units of length in motion files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

M_PER = {
    "mm": 1e-3,
    "millimeter": 1e-3,
    "millimeters": 1e-3,
    "cm": 1e-2,
    "m": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "in": 0.0254,
    "inch": 0.0254,
    "inches": 0.0254,
    "ft": 0.3048,
}
"""Metres in one unit, by its name in small letters."""

BODY_M = (0.25, 3.0)
"""Extent of the markers of one moment, from a child's feet to a tall adult."""


def metres_per(name: str | None) -> float | None:
    """Return metres in one unit of that name, None for a name that is unknown."""
    return M_PER.get((name or "").strip().casefold())


def guessed_unit(position: NDArray[np.float64]) -> str | None:
    """Return the unit in which markers have the size of a person, None if none.

    Parameters
    ----------
    position : array (time, space, keypoint)
        In an unknown unit, NaN where unseen.
    """
    seen = np.asarray(np.all(np.isfinite(position), axis=1))
    if not seen.any():
        return None
    fullest = int(np.argmax(seen.sum(axis=1)))
    frame = position[fullest][:, seen[fullest]]
    extent = float(np.max(np.ptp(frame, axis=1)))
    low, high = BODY_M
    return next(
        (unit for unit in ("m", "mm", "cm") if low <= extent * M_PER[unit] <= high),
        None,
    )
