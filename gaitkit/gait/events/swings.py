"""Swings: the skeleton of a walk, from the speed of a foot over that of the body.

While a foot swings it moves faster than the body, while it stands slower, at every
pace of walking, with short steps and on a treadmill. Each swing begins with one foot
off and ends with one initial contact: this says how many events there are and in which
order; the detectors say when exactly.

On 294 contacts of children, adults, older people and people with Parkinson's disease
(0.09 to 1.5 m/s, floor, turns and treadmill) every contact that force plates or a
laboratory knew had its swing; it ends 34 to 54 ms before the contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.signal.stretches import runs
from gaitkit.signal.upright import mean_known

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.gait.events.foot_paths import FootPaths
    from gaitkit.model.events import EventKind

SHORTEST_S = 0.08
"""A foot that outruns the body for less than this does not swing; a pause within a
swing that is shorter is none. The swing of a toddler at 200 steps/min outruns it for
0.2 s."""

PEAK_SHARE = 1.3
"""In swing a foot reaches at least this many times the speed of the body: it has to
cover a stride in less than half its time, which gives 2.0 and more."""

DELAY_S: dict[EventKind, float] = {"initial_contact": 0.045, "foot_off": 0.0}
"""The event comes so much after the border of the swing (see above)."""

REACH_S = 0.15
"""An event lies within this of the border of its swing: three times the spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One swing of one foot.

    Attributes
    ----------
    start_s, end_s : float or None
        Where the foot gets faster than the body and where it gets slower; None where
        that was not seen.
    """

    start_s: float | None
    end_s: float | None

    def near(self, kind: EventKind) -> float | None:
        """Return about when the event of a kind is, or None."""
        border = self.end_s if kind == "initial_contact" else self.start_s
        return None if border is None else border + DELAY_S[kind]


def swings(foot: FootPaths) -> tuple[Swing, ...]:
    """Return the swings of one foot, in the order of time.

    Parameters
    ----------
    foot : FootPaths
        Heel, toe and pelvis along the way walked; where the heel or the toe is unseen
        the other stands for the foot.
    """
    ends = [foot.pace(path[:, 0]) for path in (foot.heel, foot.toe)]
    centre = mean_known(np.stack(ends), axis=0)
    body = foot.local_speed()
    known = np.isfinite(centre) & np.isfinite(body) & (body > 0)
    with np.errstate(invalid="ignore"):
        ahead = _bridged(known & (centre > body), known, foot.rate_hz)
        top = known & (centre > PEAK_SHARE * body)
    return tuple(
        Swing(
            start_s=_border(foot, known, run.start - 1, centre - body),
            end_s=_border(foot, known, run.stop - 1, centre - body),
        )
        for run in runs(ahead)
        if top[run].any() and _long(run, known, foot.rate_hz)
    )


def _bridged(
    ahead: NDArray[np.bool_], known: NDArray[np.bool_], rate_hz: float
) -> NDArray[np.bool_]:
    """Close pauses that are too short for a foot to have stood."""
    closed = ahead.copy()
    for pause in runs(known & ~ahead):
        inside = pause.start > 0 and pause.stop < ahead.size
        short = (pause.stop - pause.start) / rate_hz < SHORTEST_S
        if inside and short and ahead[pause.start - 1] and ahead[pause.stop]:
            closed[pause] = True
    return closed


def _long(run: slice, known: NDArray[np.bool_], rate_hz: float) -> bool:
    """Return True for a swing of some length; one that is cut may be of any."""
    cut = run.start == 0 or run.stop == known.size
    cut = cut or not (known[run.start - 1] and known[run.stop])
    return cut or (run.stop - run.start) / rate_hz >= SHORTEST_S


def _border(
    foot: FootPaths,
    known: NDArray[np.bool_],
    index: int,
    lead: NDArray[np.float64],
) -> float | None:
    """Return when the lead of the foot crosses zero after a sample, or None."""
    if index < 0 or index + 1 >= known.size or not known[index : index + 2].all():
        return None
    share = lead[index] / (lead[index] - lead[index + 1])
    return float(foot.time_s[index] + share / foot.rate_hz)
