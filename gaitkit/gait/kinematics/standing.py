"""Whether a person stands in a marker recording: the static trial of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gaitkit.model.motion import MotionRecording

STANDING_M = 0.10
"""Feet that stay within this stand; a step is longer."""

FEET = ("heel", "ankle_lateral", "ankle", "toe")


def stands(motion: MotionRecording) -> bool:
    """Return True when both feet are marked and stay where they are.

    Parameters
    ----------
    motion : MotionRecording
        In metres; axes as in the file.
    """
    if motion.markers.attrs["space_unit"] != "m":
        return False
    spans = []
    for side in ("left", "right"):
        foot = next((f"{side}_{p}" for p in FEET if motion.has(f"{side}_{p}")), None)
        if foot is None:
            return False
        path = motion.by_role()["position"].sel(keypoint=foot).to_numpy()
        known = path[np.isfinite(path).all(axis=1)]
        if not known.size:
            return False
        spans.append(float(np.ptp(np.percentile(known, [5, 95], axis=0), axis=0).max()))
    return max(spans) < STANDING_M
