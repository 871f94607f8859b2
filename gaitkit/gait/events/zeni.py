"""Zeni 2008: the foot is farthest ahead of the body at contact, farthest behind at off.

Robust on any recording that shows the feet against the pelvis, on a treadmill as
well; at markers of 100 Hz it is early at contact (the foot is drawn back before it
lands) and late at foot off.

References
----------
Zeni, Richards & Higginson 2008, doi:10.1016/j.gaitpost.2007.07.007.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.foot_paths import Candidate, peaks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.gait.events.foot_paths import FootPaths
    from gaitkit.model.events import EventKind

MIN_PROMINENCE = 0.35
"""A peak stands out by at least this share of the travel of the foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zeni:
    """Extremes of the foot relative to the pelvis along the walk.

    Deviations from the paper: hips instead of the sacral marker; times between
    samples by a parabola.
    """

    name: str = "zeni"

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return contacts from the heel and foot offs from the toe."""
        contacts = farthest(foot.heel[:, 0] - foot.pelvis, foot, "initial_contact")
        offs = farthest(foot.pelvis - foot.toe[:, 0], foot, "foot_off")
        return tuple(sorted(contacts + offs, key=lambda each: each.time_s))


def farthest(
    reach: NDArray[np.float64], foot: FootPaths, kind: EventKind
) -> list[Candidate]:
    """Return an event at each maximum of a distance from the pelvis (time,)."""
    known = reach[np.isfinite(reach)]
    if not known.size:
        return []
    travel = float(np.ptp(np.percentile(known, [5, 95])))
    if travel == 0:
        return []
    found = peaks(reach, time_s=foot.time_s, prominence=MIN_PROMINENCE * travel)
    return [
        Candidate(kind=kind, time_s=time, strength=min(1.0, size / travel))
        for time, size in found
    ]
