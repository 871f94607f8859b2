"""From walking space to events, strides, angles and the values of each stride."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.gait.events.detect import detect, detectors
    from gaitkit.gait.events.foot_paths import Candidate, FootPaths
    from gaitkit.gait.events.settings import EventSettings, register_detector
    from gaitkit.gait.events.timing import TimingError
    from gaitkit.gait.motion import analyse_motion
    from gaitkit.gait.strides import find_strides
    from gaitkit.gait.tables import angle_cycles, as_table, contact_pressure
    from gaitkit.gait.walk import WalkResult, analyse_walk, register_walk_measure
    from gaitkit.gait.waveforms import cycles, peak_values

_HOME = {
    "Candidate": "gaitkit.gait.events.foot_paths",
    "EventSettings": "gaitkit.gait.events.settings",
    "FootPaths": "gaitkit.gait.events.foot_paths",
    "TimingError": "gaitkit.gait.events.timing",
    "WalkResult": "gaitkit.gait.walk",
    "analyse_motion": "gaitkit.gait.motion",
    "analyse_walk": "gaitkit.gait.walk",
    "angle_cycles": "gaitkit.gait.tables",
    "as_table": "gaitkit.gait.tables",
    "contact_pressure": "gaitkit.gait.tables",
    "cycles": "gaitkit.gait.waveforms",
    "detect": "gaitkit.gait.events.detect",
    "detectors": "gaitkit.gait.events.detect",
    "find_strides": "gaitkit.gait.strides",
    "peak_values": "gaitkit.gait.waveforms",
    "register_detector": "gaitkit.gait.events.settings",
    "register_walk_measure": "gaitkit.gait.walk",
}

__all__ = [
    "Candidate",
    "EventSettings",
    "FootPaths",
    "TimingError",
    "WalkResult",
    "analyse_motion",
    "analyse_walk",
    "angle_cycles",
    "as_table",
    "contact_pressure",
    "cycles",
    "detect",
    "detectors",
    "find_strides",
    "peak_values",
    "register_detector",
    "register_walk_measure",
]

__getattr__, __dir__ = lazy("gaitkit.gait", _HOME)
