"""Initial contact and foot off, by the detector that fits the recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.foot_paths import foot_paths
from gaitkit.gait.events.fusion import Timed, fuse_all, unbiased
from gaitkit.gait.events.oconnor import OConnor
from gaitkit.gait.events.sequence import typical_stride_s
from gaitkit.gait.events.timing import timing_error
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
    from gaitkit.gait.events.timing import Modality

AUTO: dict[Modality, tuple[EventMethod, ...]] = {
    "video": ("zeni", "velocity"),
    "markers": ("velocity", "toe", "oconnor"),
}
"""Detectors that ``auto`` fuses. The first names the events; the next add what it
missed at the borders of a pass. O'Connor's rule needs clean heights, which keypoints
of a film are not: on virtual films it misses or invents a fifth of the events."""

UNKNOWN_SD_S = 0.05
"""Standard error of a detector whose timing was never measured on such recordings."""


def detectors() -> dict[str, Detector]:
    """Return every detector by name."""
    return {each.name: each for each in (Zeni(), OConnor(), Velocity(), Toe())}


def detect(
    walking: xr.Dataset,
    *,
    recording: str,
    modality: Modality,
    settings: EventSettings,
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

    Returns
    -------
    tuple of Event
        In the order of time. Times lie between samples; the bias of the method is
        removed; ``sd_s`` is the standard error of one event.

    Notes
    -----
    Events that no walk can hold are removed and none is invented. Where heel, toe or
    hips are missing there is no event.
    """
    rate_hz = float(walking.attrs["rate_hz"])
    chosen = AUTO[modality] if settings.method == "auto" else (settings.method,)
    passes = sorted(set(walking["walk_pass"].to_numpy().tolist()) - {-1})
    events: list[Event] = []
    for number in passes:
        for side in Side:
            foot = foot_paths(walking, side=side, walk_pass=number)
            for each in _of_foot(foot, chosen, modality=modality, rate_hz=rate_hz):
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
    return tuple(sorted(events, key=lambda event: event.time_s))


def _of_foot(
    foot: FootPaths,
    methods: Sequence[str],
    *,
    modality: Modality,
    rate_hz: float,
) -> list[Timed]:
    """Return the events of one foot in one pass."""
    table = detectors()
    found = {name: table[name].find(foot) for name in methods}
    stride_s = typical_stride_s(found[methods[0]])

    def timed(candidate: Candidate, method: str) -> Timed:
        error = timing_error(
            method,
            candidate.kind,
            modality=modality,
            rate_hz=rate_hz,
            stride_s=stride_s,
        )
        if error is None:
            return Timed(candidate=candidate, sd_s=UNKNOWN_SD_S)
        return unbiased(candidate, error)

    return fuse_all([[timed(each, name) for each in found[name]] for name in methods])


def _confidence(walking: xr.Dataset, side: Side, event: Timed) -> float:
    """Return strength x agreement x confidence of the keypoint that makes the event."""
    part = "heel" if event.candidate.kind == "initial_contact" else "foot_index"
    near = walking["confidence"].sel(keypoint=f"{side}_{part}")
    seen = float(near.sel(time=event.candidate.time_s, method="nearest"))
    value = event.candidate.strength * event.agreement * seen
    return float(np.clip(np.nan_to_num(value), 0.0, 1.0))
