"""Initial contact and foot off, by the detector that fits the recording."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.foot_paths import foot_paths
from gaitkit.gait.events.fusion import Timed, fuse_all, unbiased
from gaitkit.gait.events.oconnor import OConnor
from gaitkit.gait.events.sequence import possible, typical_stride_s
from gaitkit.gait.events.swings import swings
from gaitkit.gait.events.timing import (
    COMFORTABLE_FEET_PER_S,
    Conditions,
    timing_error,
)
from gaitkit.gait.events.toe import Toe
from gaitkit.gait.events.velocity import Velocity
from gaitkit.gait.events.zeni import Zeni
from gaitkit.model.events import Event
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.gait.events.candidates import Candidate, Detector
    from gaitkit.gait.events.foot_paths import FootPaths
    from gaitkit.gait.events.settings import EventMethod, EventSettings
    from gaitkit.gait.events.timing import Modality, Surface

AUTO: dict[Modality, tuple[EventMethod, ...]] = {
    "video": ("zeni", "velocity"),
    "markers": ("velocity", "toe", "zeni"),
}
"""Detectors that ``auto`` fuses, the most trusted first. O'Connor's rule needs clean
heights, which keypoints of a film are not: on virtual films it misses or invents a
fifth of the events."""

SEEN_WITH = ("heel", "foot_index", "ankle", "knee")
"""What is seen of a foot whose event is sure."""

UNKNOWN_SD_S = 0.05
"""Standard error of a detector whose timing was never measured on such recordings."""


def detectors(modality: Modality = "markers") -> dict[str, Detector]:
    """Return every detector by name, with the limits of a kind of recording."""
    every = (Zeni(), OConnor(), Velocity(modality=modality), Toe())
    return {each.name: each for each in every}


def detect(
    walking: xr.Dataset,
    *,
    recording: str,
    modality: Modality,
    settings: EventSettings,
    surface: Surface = "floor",
) -> tuple[Event, ...]:
    """Find initial contacts and foot offs of both feet in every pass.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space with the coordinate ``walk_pass`` and ``attrs["rate_hz"]``.
    recording : str
        Id that the events carry.
    modality : {"video", "markers"}
        Kind of recording; decides the corrections of bias.
    settings : EventSettings
        The method.
    surface : {"floor", "belt"}
        What is walked on: on a treadmill the detectors are off by other amounts.

    Returns
    -------
    tuple of Event
        In the order of time. Times lie between samples; the bias of the method is
        removed; ``sd_s`` is the standard error of one event.

    Notes
    -----
    The swings of the feet say which events there are; a detection outside them is left
    out, and none is invented. Where heel, toe or hips are missing there is no event.
    """
    chosen = AUTO[modality] if settings.method == "auto" else (settings.method,)
    passes = sorted(set(walking["walk_pass"].to_numpy().tolist()) - {-1})
    events: list[Event] = []
    for number in passes:
        for side in Side:
            foot = foot_paths(walking, side=side, walk_pass=number)
            for each in _of_foot(foot, chosen, modality=modality, surface=surface):
                events.append(
                    Event(
                        recording=recording,
                        side=side,
                        kind=each.candidate.kind,
                        time_s=each.candidate.time_s,
                        method=settings.method,
                        confidence=_confidence(walking, side, each),
                        sd_s=each.sd_s,
                    )
                )
    return possible(events)


def _of_foot(
    foot: FootPaths,
    methods: Sequence[str],
    *,
    modality: Modality,
    surface: Surface,
) -> list[Timed]:
    """Return the events of one foot in one pass."""
    table = detectors(modality)
    found = {name: table[name].find(foot) for name in methods}
    walked = Conditions(
        modality=modality,
        surface=surface,
        rate_hz=foot.rate_hz,
        stride_s=typical_stride_s(found[methods[0]]),
        feet_per_s=foot.feet_per_s() or COMFORTABLE_FEET_PER_S,
    )

    def timed(candidate: Candidate, method: str) -> Timed:
        error = timing_error(method, candidate.kind, walked)
        if error is None:
            return Timed(candidate=candidate, sd_s=UNKNOWN_SD_S)
        return unbiased(candidate, error)

    detected = [[timed(each, name) for each in found[name]] for name in methods]
    events = fuse_all(detected, swings(foot))
    return [_stated(each, walked) for each in events] if len(methods) > 1 else events


def _stated(event: Timed, walked: Conditions) -> Timed:
    """Return an event of all detectors with the error that was found for them.

    Where they differ that is added.
    """
    known = timing_error("auto", event.candidate.kind, walked)
    if known is None:
        return replace(event, sd_s=float(np.hypot(UNKNOWN_SD_S, event.spread_s)))
    timed = unbiased(event.candidate, known)
    sd_s = float(np.hypot(known.sd_s, event.spread_s))
    return replace(event, candidate=timed.candidate, sd_s=sd_s)


def _confidence(walking: xr.Dataset, side: Side, event: Timed) -> float:
    """Return strength x agreement x how well the foot is seen.

    That is the confidence of the keypoint that makes the event, times the share of the
    foot and its leg that is seen at all.
    """
    part = "heel" if event.candidate.kind == "initial_contact" else "foot_index"
    names = [f"{side}_{each}" for each in SEEN_WITH]
    there = [name for name in names if name in walking["keypoint"]]
    at = walking.sel(time=event.candidate.time_s, method="nearest")
    known = np.isfinite(at["position"].sel(keypoint=there).to_numpy()).all(axis=0)
    near = float(at["confidence"].sel(keypoint=f"{side}_{part}"))
    value = event.candidate.strength * event.agreement * near * float(known.mean())
    return float(np.clip(np.nan_to_num(value), 0.0, 1.0))
