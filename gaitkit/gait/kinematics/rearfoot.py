"""The rearfoot against the lower leg, where the heel bears its own markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.kinematics.vectors import (
    Array,
    cardan,
    cross,
    frame_forward_left,
    relative,
    unit,
)
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.gait.kinematics.leg import Leg
    from gaitkit.gait.kinematics.marker_paths import MarkerPaths


def rearfoot_eversion(markers: MarkerPaths, leg: Leg) -> Array | None:
    """Return the eversion (time,) of the heel against the shank, degrees, or None.

    Parameters
    ----------
    markers : MarkerPaths
        With heel, calcaneus wand, lateral calcaneus and sustentaculum, as the Oxford
        foot model places them.
    leg : Leg
        The leg; its shank is the reference.

    Notes
    -----
    The hindfoot's sagittal plane holds the heel, the wand and the middle of the two
    side markers (Stebbins et al. 2006, doi:10.1016/j.gaitpost.2005.03.003); its
    forward axis runs from the heel to that middle. Eversion is the second Cardan
    angle (about the forward axis) of hindfoot in shank, after plantarflexion.
    Deviations from the Oxford foot model: the shank is that of the ankle and knee
    centres and not of its own five markers, so zero differs by some degrees.
    """
    side = leg.side
    roles = [
        f"{side}_{part}"
        for part in ("heel", "calcaneus_wand", "calcaneus_lateral", "sustentaculum")
    ]
    if not markers.has(*roles):
        return None
    heel, wand, lateral, medial = (markers.at(role) for role in roles)
    forward = (lateral + medial) / 2 - heel
    left = cross(_up_side(wand - heel, leg), forward)
    hindfoot = frame_forward_left(forward, left)
    sign = 1.0 if side is Side.LEFT else -1.0
    return np.asarray(sign * cardan(relative(leg.shank, hindfoot))[:, 1])


def _up_side(wand: Array, leg: Leg) -> Array:
    """Return the wand's direction, turned to point up along the shank."""
    up = np.einsum("ti,ti->t", wand, leg.shank[:, :, 2])
    sign = np.where(np.nan_to_num(up) < 0, -1.0, 1.0)[:, None]
    return unit(wand) * sign
