"""What two feet can do: events that no walk can hold are removed, none is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.events.candidates import Candidate

SAME_EVENT_SHARE = 0.5
"""Two events of one kind and foot nearer than this share of a stride are one."""

FOOT_OFF_PHASE = (0.35, 0.88)
"""A foot leaves the floor in this part of its stride; outside it the foot off is
wrong. Healthy walking: 0.58 to 0.66; very slow and hemiplegic gait up to 0.85."""

MIN_SWING_SHARE = 0.2
"""A foot stays off the floor for at least this share of the stride; healthy 0.38, the
shortest swings of hemiplegic gait 0.25."""

DEFAULT_STRIDE_S = 1.1
"""Stride time when fewer than two contacts are known (comfortable walking)."""


def possible(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Remove the candidates of one foot that cannot be true together.

    Parameters
    ----------
    candidates : sequence of Candidate
        Of one foot in one pass.

    Returns
    -------
    tuple of Candidate
        In the order of time. Of two events of one kind within half a stride the
        stronger stays; a foot off outside 35-88 % of the stride around it goes, and a
        contact less than 20 % of a stride after a foot off.
    """
    stride_s = typical_stride_s(candidates)
    contacts = _distinct(candidates, "initial_contact", stride_s)
    offs = [
        each
        for each in _distinct(candidates, "foot_off", stride_s)
        if _in_phase(each.time_s, [c.time_s for c in contacts], stride_s)
    ]
    landed = [
        each
        for each in contacts
        if not any(
            0 <= each.time_s - off.time_s < MIN_SWING_SHARE * stride_s for off in offs
        )
    ]
    return tuple(sorted(landed + offs, key=lambda each: each.time_s))


def typical_stride_s(candidates: Sequence[Candidate]) -> float:
    """Return the median time between events of one kind."""
    intervals: list[float] = []
    for kind in ("initial_contact", "foot_off"):
        times = sorted(each.time_s for each in candidates if each.kind == kind)
        intervals += np.diff(times).tolist()
    plausible = [each for each in intervals if each > SAME_EVENT_SHARE]
    return float(np.median(plausible)) if plausible else DEFAULT_STRIDE_S


def _distinct(
    candidates: Sequence[Candidate], kind: str, stride_s: float
) -> list[Candidate]:
    kept: list[Candidate] = []
    ordered = sorted(
        (each for each in candidates if each.kind == kind),
        key=lambda each: each.strength,
        reverse=True,
    )
    for each in ordered:
        near = SAME_EVENT_SHARE * stride_s
        if all(abs(each.time_s - other.time_s) >= near for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.time_s)


def _in_phase(time_s: float, contacts: list[float], stride_s: float) -> bool:
    """Return True when a foot off agrees with every contact next to it."""
    low, high = FOOT_OFF_PHASE
    before = [time_s - c for c in contacts if c <= time_s]
    after = [c - time_s for c in contacts if c > time_s]
    recent = min(before, default=None)
    coming = min(after, default=None)
    if recent is not None and recent < stride_s:
        return low <= recent / stride_s <= high
    if coming is not None and coming < stride_s:
        return low <= 1 - coming / stride_s <= high
    return True
