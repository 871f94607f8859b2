"""Virtual walks as marker recordings with exact truth."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.gait.events.settings import EventSettings
from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.motion import MotionResult, analyse_motion
from gaitkit.gait.walk import WalkSettings
from gaitkit.io.motion.conventions import recognise
from gaitkit.model.motion import MotionRecording
from gaitkit.model.recording import Timing
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from gaitkit_virtual.virtual_walk import VirtualWalk

HEIGHT_M = 1.7


@cache
def virtual(
    duration_s: float = 5.0, rate_hz: float = 100.0, **chosen: Any
) -> VirtualWalk:
    parameters = WalkerParameters(height_m=HEIGHT_M, **chosen)
    return walk(parameters, duration_s=duration_s, rate_hz=rate_hz)


def as_recording(
    walked: VirtualWalk, *, without: tuple[str, ...] = ()
) -> MotionRecording:
    markers = walked.markers
    kept = [str(n) for n in markers["keypoint"].values if str(n)[1:] not in without]
    kept = [name for name in kept if name not in without]
    markers = markers.sel(keypoint=kept)
    found = recognise(kept)
    assert found is not None
    return MotionRecording(
        path=Path("virtual.c3d"),
        kind="markers",
        format="virtual",
        markers=markers,
        roles=found.roles,
        timing=Timing(
            source="header",
            rate_hz=walked.rate_hz,
            duration_s=walked.duration_s,
            frames=markers.sizes["time"],
        ),
    )


def analysed(motion: MotionRecording, **chosen: Any) -> MotionResult:
    facts = WalkFacts(recording="walk", kind=motion.kind, timing=motion.timing)
    settings = WalkSettings(events=EventSettings(**chosen))
    return analyse_motion(motion, facts=facts, settings=settings)


def true_angle(walked: VirtualWalk, name: str, side: str) -> np.ndarray:
    """Return the true angle; foot progression as the angle to the plane of walking."""
    if name != "foot_progression":
        return walked.angles[name].sel(side=side).to_numpy()
    foot = walked.segments.sel(segment=f"{side}_foot", direction="forward").to_numpy()
    heading = np.radians(walked.heading_deg.to_numpy())
    aside = foot[:, 1] * np.cos(heading) - foot[:, 0] * np.sin(heading)
    sign = 1 if side == "left" else -1
    return sign * np.degrees(np.arcsin(aside))
