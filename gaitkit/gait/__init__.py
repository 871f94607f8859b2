"""From walking space to events, strides, angles and the values of each stride."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import loader

if TYPE_CHECKING:
    from gaitkit.gait.events.detect import detect, detectors
    from gaitkit.gait.events.settings import EventSettings
    from gaitkit.gait.motion import analyse_motion
    from gaitkit.gait.strides import find_strides
    from gaitkit.gait.walk import analyse_walk
    from gaitkit.gait.waveforms import cycles, peak_values, waveforms

_HOME = {
    "EventSettings": "gaitkit.gait.events.settings",
    "analyse_motion": "gaitkit.gait.motion",
    "analyse_walk": "gaitkit.gait.walk",
    "cycles": "gaitkit.gait.waveforms",
    "detect": "gaitkit.gait.events.detect",
    "detectors": "gaitkit.gait.events.detect",
    "find_strides": "gaitkit.gait.strides",
    "peak_values": "gaitkit.gait.waveforms",
    "waveforms": "gaitkit.gait.waveforms",
}

__all__ = [
    "EventSettings",
    "analyse_motion",
    "analyse_walk",
    "cycles",
    "detect",
    "detectors",
    "find_strides",
    "peak_values",
    "waveforms",
]

__getattr__ = loader("gaitkit.gait", _HOME)
