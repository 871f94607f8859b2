"""Bodies in videos: the networks, the tracking, and the choice of the patient.

``follow`` (in ``follow``) is the one call; ``open_backend`` (in ``backend``) gives it
the networks and ``Clip`` (in ``frames``) the video.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.pose.backend import Pose, PoseBackend, open_backend
    from gaitkit.pose.files import model_statuses
    from gaitkit.pose.frames import Clip
    from gaitkit.pose.settings import PoseSettings

_HOME = {
    "Clip": "gaitkit.pose.frames",
    "Pose": "gaitkit.pose.backend",
    "PoseBackend": "gaitkit.pose.backend",
    "PoseSettings": "gaitkit.pose.settings",
    "model_statuses": "gaitkit.pose.files",
    "open_backend": "gaitkit.pose.backend",
}

__all__ = [
    "Clip",
    "Pose",
    "PoseBackend",
    "PoseSettings",
    "model_statuses",
    "open_backend",
]

__getattr__, __dir__ = lazy("gaitkit.pose", _HOME)
