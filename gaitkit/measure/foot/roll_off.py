"""Phases of the roll-off and the balance between medial and lateral load.

References
----------
De Cock A et al. (2005). Temporal characteristics of foot roll-over during barefoot
jogging: reference data for young adults. Gait Posture 21:432-439.
doi:10.1016/j.gaitpost.2004.05.004 (phases; its reference values are for jogging and
are not used for walking)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import HEEL, METATARSALS, REGIONS, Region

if TYPE_CHECKING:
    from gaitkit.model.plate import FootLoad

_MEDIAL = (Region.METATARSAL_1, Region.METATARSAL_2, Region.HEEL_MEDIAL)
_LATERAL = (
    Region.METATARSAL_3,
    Region.METATARSAL_4,
    Region.METATARSAL_5,
    Region.HEEL_LATERAL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollOff:
    """The four phases in per cent of stance; NaN where an event is missing.

    Attributes
    ----------
    initial_contact, forefoot_contact, foot_flat, push_off : float
        First contact to first metatarsal; to all five metatarsals; to heel off; to
        last contact.
    """

    initial_contact: float
    forefoot_contact: float
    foot_flat: float
    push_off: float


def roll_off(load: FootLoad, *, threshold_kpa: float) -> RollOff:
    """Return the phases of the roll-off.

    Parameters
    ----------
    load : FootLoad
        Pressure of the regions over time.
    threshold_kpa : float
        A region is in contact from this pressure on.

    Notes
    -----
    Heel off is the end of the last frame with contact of the heel. Where all five
    metatarsals are never in contact together, or only after heel off, foot flat does
    not exist and the phases that it bounds are NaN.
    """
    nan = float("nan")
    touching = load.region_peak_kpa[load.stance] >= threshold_kpa
    frames = len(touching)
    front = touching[:, _columns(METATARSALS)]
    first = _first(front.max(axis=1))
    flat = _first(front.min(axis=1))
    heel = np.flatnonzero(touching[:, _columns(HEEL)].any(axis=1))
    off = int(heel[-1]) + 1 if heel.size else None
    share = 100.0 / frames
    later = flat is not None and off is not None and off >= flat
    return RollOff(
        initial_contact=nan if first is None else first * share,
        forefoot_contact=nan
        if first is None or flat is None
        else (flat - first) * share,
        foot_flat=(off - flat) * share
        if later and off is not None and flat is not None
        else nan,
        push_off=nan if off is None else (frames - off) * share,
    )


def balance_curve(load: FootLoad) -> np.ndarray:
    """Return the medial minus the lateral load during stance, % of the total force.

    Notes
    -----
    (M1 + M2 + medial heel) - (M3 + M4 + M5 + lateral heel), footscan's foot balance.
    """
    force = load.region_force_n[load.stance]
    medial = force[:, _columns(_MEDIAL)].sum(axis=1)
    lateral = force[:, _columns(_LATERAL)].sum(axis=1)
    total = np.maximum(load.force_n[load.stance], 1e-9)
    return np.asarray(100 * (medial - lateral) / total)


def medial_lateral_balance(load: FootLoad) -> float:
    """Return the same over the whole roll-off, weighted by force; medial positive."""
    force = load.region_force_n[load.stance]
    medial = float(force[:, _columns(_MEDIAL)].sum())
    lateral = float(force[:, _columns(_LATERAL)].sum())
    return 100 * (medial - lateral) / float(load.force_n[load.stance].sum())


def _columns(regions: tuple[Region, ...]) -> list[int]:
    return [REGIONS.index(region) for region in regions]


def _first(flags: np.ndarray) -> int | None:
    found = np.flatnonzero(flags)
    return int(found[0]) if found.size else None
