"""O'Connor 2007: the foot falls fastest at contact and rises fastest at foot off.

References
----------
O'Connor, Thorpe, O'Malley & Vaughan 2007, doi:10.1016/j.gaitpost.2006.05.016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.foot_paths import Candidate, peaks

if TYPE_CHECKING:
    from gaitkit.gait.events.foot_paths import FootPaths
    from gaitkit.model.events import EventKind

MAX_HEIGHT_SHARE = 0.35
"""At contact the heel is below this share of its range of height (from the paper)."""

MIN_PROMINENCE = 0.2
"""A peak of velocity stands out by at least this share of the velocity range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OConnor:
    """Vertical velocity of the middle of heel and toe.

    Deviations from the paper: the height limit is applied at the event and not to
    the whole search window; times between samples by a parabola.
    """

    name: str = "oconnor"

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return foot offs from the fastest rise, contacts from the fastest fall."""
        height = (foot.heel[:, 1] + foot.toe[:, 1]) / 2
        rise = foot.pace(height)
        known = rise[np.isfinite(rise)]
        if not known.size or np.ptp(known) == 0:
            return ()
        span = float(np.ptp(np.percentile(known, [2, 98])))
        offs = self._candidates(foot, rise, span=span, kind="foot_off")
        falls = self._candidates(foot, -rise, span=span, kind="initial_contact")
        heel = foot.heel[:, 1]
        low, high = np.nanpercentile(heel, [2, 98])
        limit = low + MAX_HEIGHT_SHARE * (high - low)
        at = np.interp([c.time_s for c in falls], foot.time_s, heel)
        contacts = [c for c, y in zip(falls, at, strict=True) if y <= limit]
        return tuple(sorted(offs + contacts, key=lambda each: each.time_s))

    def _candidates(
        self,
        foot: FootPaths,
        speed: np.ndarray,
        *,
        span: float,
        kind: EventKind,
    ) -> list[Candidate]:
        least = MIN_PROMINENCE * span
        found = peaks(speed, time_s=foot.time_s, prominence=least, min_distance_s=0.2)
        return [
            Candidate(kind=kind, time_s=time, strength=min(1.0, size / span))
            for time, size in found
        ]
