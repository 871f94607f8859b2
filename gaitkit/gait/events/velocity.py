"""Forward velocity of the foot: it stops at contact and starts at foot off.

The heel comes to rest shortly after it lands, the toe sets off shortly before it
leaves. The limit grows with the speed of walking, so that slow and fast walks are
judged alike.

References
----------
Ghoussayni, Stevens, Durham & Ewins 2004, doi:10.1016/j.gaitpost.2003.10.001 (the
rule). Bruening & Ridge 2014, doi:10.1016/j.gaitpost.2013.08.023 (limits that follow
the walking speed, forward velocity alone in overground walking).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.candidates import Candidate
from gaitkit.gait.events.extremes import upward_crossings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.gait.events.foot_paths import FootPaths
    from gaitkit.model.events import EventKind

CONTACT_LIMIT, FOOT_OFF_LIMIT = 0.8, 1.3
"""Forward velocity of heel and toe at the event, over the speed of walking. Bruening &
Ridge found 0.78 and 0.66 for the whole foot; the toe is taken higher because pose
models let it creep forward before it leaves: of 0.5 to 1.6 this limit has the
smallest spread on force plates (6.9 ms) and on the demonstration film (20 ms)."""

MIN_SWING_S = 0.15
"""Shorter excursions above the limit are noise, no swing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """Crossings of a share of the walking speed by heel and toe."""

    name: str = "velocity"

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return contacts where the heel slows, foot offs where the toe sets off."""
        speed = foot.speed()
        if not np.isfinite(speed) or speed <= 0:
            return ()
        heel = foot.pace(foot.heel[:, 0]) - CONTACT_LIMIT * speed
        toe = foot.pace(foot.toe[:, 0]) - FOOT_OFF_LIMIT * speed
        contacts = _crossings(-heel, foot, "initial_contact")
        offs = _crossings(toe, foot, "foot_off")
        return tuple(sorted(contacts + offs, key=lambda each: each.time_s))


def _crossings(
    values: NDArray[np.float64], foot: FootPaths, kind: EventKind
) -> list[Candidate]:
    """Return the rises through zero that border a swing of sufficient length."""
    swing = values > 0 if kind == "foot_off" else values < 0
    found = []
    for time in upward_crossings(values, time_s=foot.time_s):
        window = (
            (foot.time_s > time) & (foot.time_s <= time + MIN_SWING_S)
            if kind == "foot_off"
            else (foot.time_s < time) & (foot.time_s >= time - MIN_SWING_S)
        )
        if window.any() and swing[window].all():
            found.append(Candidate(kind=kind, time_s=float(time), strength=1.0))
    return found
