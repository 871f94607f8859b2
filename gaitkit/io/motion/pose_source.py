"""One moving person as keypoints, from whatever a pose program wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import check_possible, real_time
from gaitkit.io.motion.labels import made_unique
from gaitkit.io.motion.people import (
    PICTURE,
    Detections,
    FollowedPerson,
    choose_person,
    people_in,
    renumbered,
)
from gaitkit.io.motion.units import guessed_unit, metres_per
from gaitkit.model.keypoints import keypoints
from gaitkit.model.motion import Floats, MotionRecording
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import Mapping
    from gaitkit.model.recording import PersonChoice, TimeSource, Timing

SCALED_MAX = 1.5
"""Coordinates up to here are shares of the picture (0 to 1 or -1 to 1, a little more
for points beyond its edges): nobody is two pixels tall."""

SCALED_SHARE = 0.995
"""Share of the coordinates that must be so small: one wild point proves nothing."""

NEGATIVE_SHARE = 0.02
"""Share of negative coordinates from which the middle of the picture is 0."""

CENTRED_M = 0.02
"""Hips that stay this near to 0 are the origin: landmarks of a body, no picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PosePoints:
    """Keypoints as a file holds them.

    Attributes
    ----------
    format : str
        Name of the format.
    labels : tuple of str
        Keypoints.
    position : array (time, person, 2 or 3, keypoint)
        In the unit of the file, NaN where unseen. The order of the people may change
        from frame to frame.
    confidence : array (time, person, keypoint)
        0 to 1; 1 where the file has none and the point is there.
    names : array (time, person) of int or None
        Number of what the file calls each person; negative where it has no name.
    time_s : array (time,) or None
        Stamps in seconds; None where the file has none.
    frames : array (time,) of int or None
        Numbers of the frames, where the file or its names have them.
    rate_hz : float or None
        Rate that the file states.
    unit : str or None
        ``px`` or a unit of length, None where the file does not say.
    """

    format: str
    labels: tuple[str, ...]
    position: Floats
    confidence: Floats
    names: NDArray[np.int64] | None = None
    time_s: Floats | None = None
    frames: NDArray[np.int64] | None = None
    rate_hz: float | None = None
    unit: str | None = None


def pose_recording(
    points: PosePoints, path: Path, *, mapping: Mapping
) -> MotionRecording:
    """Turn keypoints into a recording of one person; roles are not given yet.

    Raises
    ------
    InputError
        If neither the file nor the map says how fast the frames follow, coordinates
        are scaled to a picture whose size is unknown, or the wish names nobody.
    FormatError
        If there are too few frames or times go back.
    """
    if points.position.shape[0] < 2 or not points.labels:  # noqa: PLR2004
        msg = (
            f"{path}: expected frames with keypoints, got {points.position.shape[0]} "
            f"frames with {len(points.labels)}; export it again"
        )
        raise FormatError(msg)
    _check_shapes(points, path)
    time_s, timing, reasons = _clock(points, path, mapping=mapping)
    labels, _ = made_unique(points.labels)
    points = _without_codes(points)
    position, unit, told = _in_unit(points, path, mapping=mapping)
    reasons += told
    picture = unit == "px"
    found = Detections(
        time_s=time_s,
        position=position,
        confidence=np.nan_to_num(points.confidence),
        names=_names(points),
    )
    person, choice = _chosen(found, labels, path, mapping=mapping, picture=picture)
    numbers = np.arange(time_s.size) if points.frames is None else points.frames
    flat = position.shape[2] == PICTURE
    markers = keypoints(
        person.position,
        person.confidence,
        time_s=time_s,
        names=labels,
        space=("x", "y") if flat else ("x", "y", "z"),
        space_unit="px" if picture else "m",
    )
    return MotionRecording(
        path=path,
        kind="pose",
        format=points.format,
        markers=markers.assign_coords(frame=("time", numbers)),
        timing=timing,
        first_frame=int(numbers[0]),
        unit=unit,
        person=renumbered(choice, numbers)
        if picture or choice.candidates[1:]
        else None,
        picture_px=mapping.picture_px if picture else None,
        reasons=tuple(reasons),
    )


def _check_shapes(points: PosePoints, path: Path) -> None:
    """Refuse a file whose times, people or keypoints are not those of its positions."""
    frames, people, _, places = points.position.shape
    expected = {
        "times": (points.time_s, (frames,)),
        "frame numbers": (points.frames, (frames,)),
        "names": (points.names, (frames, people)),
        "confidences": (points.confidence, (frames, people, places)),
        "labels": (np.asarray(points.labels), (places,)),
    }
    for what, (held, shape) in expected.items():
        if held is not None and held.shape != shape:
            msg = (
                f"{path}: expected {what} for {frames} frames, {people} people and "
                f"{places} keypoints, got {held.shape}; export it again"
            )
            raise FormatError(msg)


def _without_codes(points: PosePoints) -> PosePoints:
    """Set to missing what stands for it: both coordinates 0, or both -1.

    A label that is at 0 in most frames is the origin of its file and stays.
    """
    position = points.position
    coded = (position == 0).all(axis=2) | (position == -1).all(axis=2)
    seen = np.isfinite(position).all(axis=2)
    origin = (coded & seen).sum(axis=(0, 1)) > seen.sum(axis=(0, 1)) / 2
    coded &= ~origin
    if not coded.any():
        return points
    return replace(
        points,
        position=np.where(coded[:, :, np.newaxis], np.nan, position),
        confidence=np.where(coded, 0.0, points.confidence),
    )


def _names(points: PosePoints) -> NDArray[np.int64]:
    if points.names is not None:
        return points.names
    return np.full(points.position.shape[:2], -1)


def _chosen(
    found: Detections,
    labels: tuple[str, ...],
    path: Path,
    *,
    mapping: Mapping,
    picture: bool,
) -> tuple[FollowedPerson, PersonChoice]:
    people = people_in(found) if picture else _as_named(found)
    if not people:
        msg = f"{path}: expected a person, got no keypoint in any frame; export again"
        raise FormatError(msg)
    try:
        return choose_person(
            people,
            labels,
            found.time_s,
            wish=mapping.person,
            picture_px=mapping.picture_px if picture else None,
        )
    except InputError as wrong:
        msg = f"{path}: {wrong}"
        raise InputError(msg) from None


def _as_named(found: Detections) -> tuple[FollowedPerson, ...]:
    """Return the people of a file in three dimensions, each in a place of its own."""
    seen = np.isfinite(found.position).any(axis=(0, 2, 3))
    return tuple(
        FollowedPerson(
            position=found.position[:, place], confidence=found.confidence[:, place]
        )
        for place in np.flatnonzero(seen)
    )


def _in_unit(
    points: PosePoints, path: Path, *, mapping: Mapping
) -> tuple[Floats, str, list[Reason]]:
    """Return the positions in px or metres, the unit of the file, and doubts."""
    flat = points.position.shape[2] == PICTURE
    unit = mapping.unit or points.unit or ("px" if flat else None)
    if unit in {None, "px"} and mapping.unit is None and _is_scaled(points):
        return _unscaled(points, path, mapping.picture_px), "px", []
    told = []
    if unit is None:
        unit = guessed_unit(points.position[:, 0]) or "m"
        told.append(reason("motion_unit_assumed", unit=unit))
    factor = metres_per(unit)
    if factor is None:
        return points.position[:, :, :PICTURE], "px", told
    return points.position * factor, unit, told


def _is_scaled(points: PosePoints) -> bool:
    """Return whether coordinates are shares of the width and height of a picture."""
    values = points.position[:, :, :PICTURE]
    known = values[np.isfinite(values)]
    if not known.size or np.mean(np.abs(known) <= SCALED_MAX) < SCALED_SHARE:
        return False
    if points.position.shape[2] == PICTURE:
        return True
    # metres in a small space, or landmarks about the hips, are no picture
    middle = np.nanmedian(values, axis=(0, 1, 3))
    below = _fall(points, "ankle") - _fall(points, "hip")
    return bool((np.abs(middle) > CENTRED_M).all() and known.min() > -1 and below > 0)


def _fall(points: PosePoints, part: str) -> float:
    """Return how far down the picture a part of the body is, NaN without it."""
    places = [k for k, label in enumerate(points.labels) if part in label.casefold()]
    values = points.position[:, :, 1, places]
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _unscaled(
    points: PosePoints, path: Path, picture_px: tuple[float, float] | None
) -> Floats:
    values = points.position[:, :, :PICTURE]
    known = values[np.isfinite(values)]
    centred = float(np.mean(known < 0)) > NEGATIVE_SHARE
    if picture_px is None:
        low = -1 if centred else 0
        msg = (
            f"{path}: expected keypoints in pixels, got coordinates scaled to the "
            f"picture ({low} to 1), which distort every angle; give picture_px = "
            "[width, height] in a file with --map, or export pixels"
        )
        raise InputError(msg)
    shares = (values + 1) / 2 if centred else values
    return np.asarray(shares * np.array(picture_px)[:, None])


def _clock(
    points: PosePoints, path: Path, *, mapping: Mapping
) -> tuple[Floats, Timing, list[Reason]]:
    """Return the times of the frames as the file has them, never closed up."""
    if points.time_s is not None:
        return *_stamped(points.time_s, path, source="header"), []
    rate_hz = points.rate_hz or mapping.rate_hz
    if rate_hz is None or not rate_hz > 0:
        msg = (
            f"{path}: {points.format} holds no times and no frame rate; give "
            "rate_hz = ... in a file with --map"
        )
        raise InputError(msg)
    by_user = not points.rate_hz
    numbers = points.frames
    if numbers is None:
        numbers = np.arange(points.position.shape[0])
    source: TimeSource = "user" if by_user else "header"
    time_s, timing = _stamped(numbers / rate_hz, path, source=source)
    told = (
        [reason("motion_rate_unknown", rate=float(f"{rate_hz:g}"))] if by_user else []
    )
    lacking = int(numbers[-1] - numbers[0]) + 1 - numbers.size
    if lacking:
        told.append(reason("motion_frames_lacking", lacking=lacking))
    return time_s, timing, told


def _stamped(
    stamps: Floats, path: Path, *, source: TimeSource
) -> tuple[Floats, Timing]:
    """Return stamps on the clock of the film that they come from, and what it is."""
    if not (np.isfinite(stamps).all() and (np.diff(stamps) > 0).all()):
        msg = f"{path}: expected times that increase from frame to frame"
        raise FormatError(f"{msg}; export it again")
    _, timing = real_time(stamps, source=source)
    check_possible(timing, where=path)
    return stamps, timing
