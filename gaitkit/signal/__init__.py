"""From raw keypoints to clean paths in walking space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.signal.cleaning import clean, nominal_rate_hz
    from gaitkit.signal.filters import derivative, low_pass
    from gaitkit.signal.laboratory import find_laboratory, to_laboratory
    from gaitkit.signal.passes import PassSettings, find_passes
    from gaitkit.signal.settings import SignalSettings
    from gaitkit.signal.upright import stand_upright
    from gaitkit.signal.walking_space import to_walking_space

_HOME = {
    "PassSettings": "gaitkit.signal.passes",
    "SignalSettings": "gaitkit.signal.settings",
    "clean": "gaitkit.signal.cleaning",
    "derivative": "gaitkit.signal.filters",
    "find_laboratory": "gaitkit.signal.laboratory",
    "find_passes": "gaitkit.signal.passes",
    "low_pass": "gaitkit.signal.filters",
    "nominal_rate_hz": "gaitkit.signal.cleaning",
    "stand_upright": "gaitkit.signal.upright",
    "to_laboratory": "gaitkit.signal.laboratory",
    "to_walking_space": "gaitkit.signal.walking_space",
}

__all__ = [
    "PassSettings",
    "SignalSettings",
    "clean",
    "derivative",
    "find_laboratory",
    "find_passes",
    "low_pass",
    "nominal_rate_hz",
    "stand_upright",
    "to_laboratory",
    "to_walking_space",
]

__getattr__, __dir__ = lazy("gaitkit.signal", _HOME)
