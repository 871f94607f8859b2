"""Keypoints as JSON: OpenPose files and folders, and lists of named landmarks."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.motion.pose_source import PosePoints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.model.motion import Floats

OPENPOSE = "OpenPose JSON"
OPENPOSE_FOLDER = "OpenPose JSON folder"
LANDMARKS = "landmarks as JSON"

MAX_FILES = 200_000
"""More frames than a folder of one recording holds: an hour at 50 Hz."""

_COCO = (
    "Nose", "LEye", "REye", "LEar", "REar", "LShoulder", "RShoulder", "LElbow",
    "RElbow", "LWrist", "RWrist", "LHip", "RHip", "LKnee", "RKnee", "LAnkle",
    "RAnkle",
)  # fmt: skip
LAYOUTS: dict[int, tuple[str, ...]] = {
    17: _COCO,
    18: (
        "Nose", "Neck", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow",
        "LWrist", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "REye",
        "LEye", "REar", "LEar",
    ),
    25: (
        "Nose", "Neck", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow",
        "LWrist", "MidHip", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle",
        "REye", "LEye", "REar", "LEar", "LBigToe", "LSmallToe", "LHeel", "RBigToe",
        "RSmallToe", "RHeel",
    ),
    26: (
        *_COCO, "Head", "Neck", "MidHip", "LBigToe", "RBigToe", "LSmallToe",
        "RSmallToe", "LHeel", "RHeel",
    ),
}  # fmt: skip
"""Order of the points by their number: COCO, OpenPose COCO, BODY_25 and Halpe 26."""


def is_openpose_folder(path: Path) -> bool:
    """Return whether a folder holds OpenPose files, one a frame."""
    return path.is_dir() and next(path.glob("*_keypoints.json"), None) is not None


def read_openpose_folder(path: Path) -> PosePoints:
    """Read a folder of OpenPose files, in the order of their names.

    Raises
    ------
    FormatError
        If a file is damaged or no frame shows a person.
    """
    files = sorted(islice(path.glob("*_keypoints.json"), MAX_FILES))
    frames = [_people(_table(file), file) for file in files]
    return _openpose(frames, path, form=OPENPOSE_FOLDER)


def read_openpose_file(path: Path) -> PosePoints:
    """Read OpenPose frames in one file: ``frames`` with ``time_s`` and ``people``.

    Raises
    ------
    FormatError
        If it is damaged or no frame shows a person.
    InputError
        If it is one frame of a folder.
    """
    table = _table(path)
    entries = table.get("frames")
    if not isinstance(entries, list) or not entries:
        msg = (
            f"{path}: this is one frame of an OpenPose recording; give the folder that "
            "holds all frames"
        )
        raise InputError(msg)
    frames = [_people(entry, path) for entry in entries]
    stamps = [e.get("time_s") if isinstance(e, dict) else None for e in entries]
    timed = all(isinstance(stamp, int | float) for stamp in stamps)
    time_s = np.array(stamps, dtype=np.float64) if timed else None
    return _openpose(frames, path, form=OPENPOSE, time_s=time_s)


def read_landmarks(path: Path) -> PosePoints:
    """Read a list of frames, each with named landmarks in three dimensions.

    Raises
    ------
    FormatError
        If it is damaged or holds no landmarks.
    """
    table = _table(path)
    frames = table.get("angle_frames", table.get("frames"))
    entries = [
        frame.get("landmark_positions") if isinstance(frame, dict) else None
        for frame in (frames if isinstance(frames, list) else [])
    ]
    known = [entry for entry in entries if isinstance(entry, dict)]
    labels = tuple(dict.fromkeys(str(name) for entry in known for name in entry))
    if not labels:
        msg = f"{path}: expected frames with landmark_positions; export it again"
        raise FormatError(msg)
    position = np.full((len(entries), 3, len(labels)), np.nan)
    for row, entry in enumerate(entries):
        for name, place in (entry or {}).items():
            spot = _numbers(place)[:3]
            position[row, : spot.size, labels.index(str(name))] = spot
    rate = table.get("fps")
    return PosePoints(
        format=LANDMARKS,
        labels=labels,
        position=position,
        confidence=np.isfinite(position).all(axis=1).astype(np.float64),
        rate_hz=float(rate) if isinstance(rate, int | float) and rate > 0 else None,
    )


def _table(path: Path) -> dict[str, Any]:
    try:
        table = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (ValueError, RecursionError) as cause:
        why = str(cause).partition("\n")[0]
        msg = f"{path}: expected JSON, and it is damaged ({why}); export it again"
        raise FormatError(msg) from None
    if not isinstance(table, dict):
        msg = f"{path}: expected a JSON table, got a list; export it again"
        raise FormatError(msg)
    return table


def _people(entry: object, path: Path) -> list[Floats]:
    """Return each person of a frame as (keypoint, 3): x, y and confidence."""
    people = entry.get("people") if isinstance(entry, dict) else None
    if not isinstance(people, list):
        msg = f"{path}: expected OpenPose people, got none; export it again"
        raise FormatError(msg)
    found = []
    for person in people:
        raw = person.get("pose_keypoints_2d") if isinstance(person, dict) else None
        values = _numbers(raw)
        if values.size and values.size % 3 == 0:
            found.append(values.reshape(-1, 3))
    return found


def _numbers(raw: object) -> Floats:
    try:
        values = np.asarray(raw, dtype=np.float64)
    except (ValueError, TypeError):
        return np.empty(0)
    return values if values.ndim == 1 else np.empty(0)


def _openpose(
    frames: Sequence[list[Floats]],
    path: Path,
    *,
    form: str,
    time_s: Floats | None = None,
) -> PosePoints:
    sizes = {person.shape[0] for people in frames for person in people}
    count = max(sizes, default=0)
    if count not in LAYOUTS:
        known = ", ".join(map(str, LAYOUTS))
        msg = f"{path}: expected {known} keypoints a person, got {count}"
        raise FormatError(f"{msg}; export it in one of these layouts")
    points = np.full((len(frames), count, 3), np.nan)
    last: Floats | None = None
    for row, people in enumerate(frames):
        whole = [person for person in people if person.shape[0] == count]
        if whole:
            last = _same_person(whole, last)
            points[row] = last
    confidence = np.nan_to_num(points[:, :, 2])
    position = points[:, :, :2].transpose(0, 2, 1).copy()
    position[np.repeat((confidence <= 0)[:, None], 2, axis=1)] = np.nan
    return PosePoints(
        format=form,
        labels=LAYOUTS[count],
        position=position,
        confidence=np.clip(confidence, 0, 1),
        time_s=time_s,
        unit="px",
    )


def _same_person(people: list[Floats], last: Floats | None) -> Floats:
    """Return who stands nearest to the last person, at first who is largest."""

    def middle(person: Floats) -> Floats:
        seen = person[person[:, 2] > 0, :2]
        place: Floats = np.median(seen, axis=0) if seen.size else np.full(2, np.inf)
        return place

    def height(person: Floats) -> float:
        seen = person[person[:, 2] > 0, 1]
        return float(np.ptp(seen)) if seen.size else 0.0

    if last is None or not np.isfinite(middle(last)).all():
        return max(people, key=height)
    before = middle(last)
    return min(people, key=lambda each: float(np.hypot(*(middle(each) - before))))
