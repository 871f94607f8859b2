"""One moving person as keypoints, from whatever a pose program wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import real_time
from gaitkit.io.motion.labels import made_unique
from gaitkit.io.motion.units import guessed_unit, metres_per
from gaitkit.model.keypoints import keypoints
from gaitkit.model.motion import Floats, MotionRecording
from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import Timing

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.io.motion.mapping import Mapping

PICTURE = 2
"""Coordinates of a picture: x and y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PosePoints:
    """Keypoints as a file holds them.

    Attributes
    ----------
    format : str
        Name of the format.
    labels : tuple of str
        Keypoints.
    position : array (time, 2 or 3, keypoint)
        In the unit of the file, NaN where unseen.
    confidence : array (time, keypoint)
        0 to 1; 1 where the file has none and the point is there.
    time_s : array (time,) or None
        Stamps in seconds; None where the file has none.
    rate_hz : float or None
        Rate that the file states.
    unit : str or None
        ``px`` or a unit of length, None where the file does not say.
    """

    format: str
    labels: tuple[str, ...]
    position: Floats
    confidence: Floats
    time_s: Floats | None = None
    rate_hz: float | None = None
    unit: str | None = None


def pose_recording(
    points: PosePoints, path: Path, *, mapping: Mapping
) -> MotionRecording:
    """Turn keypoints into a recording; roles are not given yet.

    Raises
    ------
    InputError
        If neither the file nor the map says how fast the frames follow.
    FormatError
        If there are too few frames or times go back.
    """
    if points.position.shape[0] < 2 or not points.labels:  # noqa: PLR2004
        msg = (
            f"{path}: expected frames with keypoints, got {points.position.shape[0]} "
            f"frames with {len(points.labels)}; export it again"
        )
        raise FormatError(msg)
    time_s, timing, reasons = _clock(points, path, mapping=mapping)
    labels, _ = made_unique(points.labels)
    flat = points.position.shape[1] == PICTURE
    unit = mapping.unit or points.unit or ("px" if flat else None)
    if unit is None:
        unit = guessed_unit(points.position) or "m"
        reasons.append(reason("motion_unit_assumed", unit=unit))
    factor = metres_per(unit)
    picture = factor is None
    position = points.position if factor is None else points.position * factor
    return MotionRecording(
        path=path,
        kind="pose",
        format=points.format,
        markers=keypoints(
            position[:, :PICTURE] if picture else position,
            np.nan_to_num(points.confidence),
            time_s=time_s,
            names=labels,
            space=("x", "y") if picture or flat else ("x", "y", "z"),
            space_unit="px" if picture else "m",
        ),
        timing=timing,
        unit=unit,
        reasons=tuple(reasons),
    )


def _clock(
    points: PosePoints, path: Path, *, mapping: Mapping
) -> tuple[Floats, Timing, list[Reason]]:
    frames = points.position.shape[0]
    if points.time_s is not None:
        stamps = points.time_s
        if not (np.isfinite(stamps).all() and (np.diff(stamps) > 0).all()):
            msg = f"{path}: expected times that increase from frame to frame"
            raise FormatError(f"{msg}; export it again")
        time_s, timing = real_time(stamps, source="header")
        return time_s, timing, []
    rate_hz = points.rate_hz or mapping.rate_hz
    if rate_hz is None or not rate_hz > 0:
        msg = (
            f"{path}: {points.format} holds no times and no frame rate; give "
            "rate_hz = ... in a file with --map"
        )
        raise InputError(msg)
    by_user = not points.rate_hz
    timing = Timing(
        source="user" if by_user else "header",
        rate_hz=rate_hz,
        duration_s=(frames - 1) / rate_hz,
        frames=frames,
    )
    told = (
        [reason("motion_rate_unknown", rate=float(f"{rate_hz:g}"))] if by_user else []
    )
    return np.arange(frames) / rate_hz, timing, told
