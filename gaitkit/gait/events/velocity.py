"""Forward velocity of the foot: it stops at contact and starts at foot off.

The heel comes to rest as it lands, the toe sets off as it leaves. The limit grows
with the speed of walking at that time, so that slow and fast walks, and one that slows
down, are judged alike.

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

from gaitkit.gait.events.foot_paths import Candidate, upward_crossings
from gaitkit.gait.events.timing import Modality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.gait.events.foot_paths import FootPaths
    from gaitkit.model.events import EventKind

LIMITS: dict[Modality, tuple[float, float]] = {
    "markers": (0.5, 0.8),
    "video": (0.8, 1.3),
}
"""Forward velocity of heel and toe at contact and foot off, over the speed of walking
at that time. Bruening & Ridge found 0.78 and 0.66 for the whole foot. Of 0.3 to 1.3
those of markers agree best between people: over children, adults, Parkinson's disease
and treadmills the mean error at contact differs by 17 ms (at 0.8: 20 ms, fall of the
toe: 70 ms). Pose models let the toe creep forward before it leaves: on the
demonstration film its limit is best at 1.3 (spread 20 ms)."""

MIN_SWING_S = 0.15
"""Shorter excursions above the limit are noise, no swing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """Crossings of a share of the walking speed by heel and toe.

    Attributes
    ----------
    modality : {"video", "markers"}
        Kind of recording; decides the limits.
    """

    modality: Modality = "markers"
    name: str = "velocity"

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return contacts where the heel slows, foot offs where the toe sets off."""
        speed = foot.local_speed()
        speed[~(speed > 0)] = np.nan
        landing, leaving = LIMITS[self.modality]
        heel = foot.pace(foot.heel[:, 0]) - landing * speed
        toe = foot.pace(foot.toe[:, 0]) - leaving * speed
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
