"""Keypoints as JSON: OpenPose files and folders, and lists of named landmarks."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.io.motion.pose_source import PosePoints
from gaitkit.io.text import MAX_WHOLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gaitkit.model.motion import Floats

OPENPOSE = "OpenPose JSON"
OPENPOSE_FOLDER = "OpenPose JSON folder"
LANDMARKS = "landmarks as JSON"

FRAME_NUMBER = re.compile(r"(\d+)\D*_keypoints\.json$")

MAX_FILES = 200_000
"""More frames than a folder of one recording holds: an hour at 50 Hz."""

MOST_PARTS, MOST_VALUES = 5_000_000, 20_000_000
"""Lists and tables, and numbers: half an hour at 60 Hz of 33 points has 3.6 and 14
million. As objects of Python they take 60 and 32 bytes each."""

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
    """Read a folder of OpenPose files, in the order of the numbers in their names.

    Raises
    ------
    FormatError
        If a file is damaged or no frame shows a person.
    InputError
        If two files have the same number: two recordings in one folder.
    """
    files = list(islice(path.glob("*_keypoints.json"), MAX_FILES))
    numbers = [_number_of(file) for file in files]
    if any(number is None for number in numbers):
        files, frames = sorted(files), None
    else:
        order = sorted(zip(numbers, files, strict=True), key=lambda pair: pair[0] or 0)
        files = [file for _, file in order]
        frames = np.array([number for number, _ in order], dtype=np.int64)
        _refuse_twice(frames, files, path)
    people = [_people(_table(file), file) for file in files]
    return _openpose(people, path, form=OPENPOSE_FOLDER, frames=frames)


def _number_of(file: Path) -> int | None:
    """Return the number of a frame: the last digits before ``_keypoints``."""
    found = FRAME_NUMBER.search(file.name)
    return None if found is None else int(found[1])


def _refuse_twice(frames: NDArray[np.int64], files: Sequence[Path], path: Path) -> None:
    twice = np.flatnonzero(np.diff(frames) == 0)
    if twice.size:
        one, other = files[twice[0]].name, files[twice[0] + 1].name
        msg = (
            f"{path}: expected one file for each frame, got {one} and {other} with the "
            "same number; give each recording a folder of its own"
        )
        raise InputError(msg)


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
    people = [_people(entry, path) for entry in entries]
    time_s, frames = _stamps(entries)
    return _openpose(people, path, form=OPENPOSE, time_s=time_s, frames=frames)


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
        for name, place in entry.items() if isinstance(entry, dict) else ():
            spot = _numbers(place)[:3]
            position[row, : spot.size, labels.index(str(name))] = spot
    time_s, numbers = _stamps(frames if isinstance(frames, list) else [])
    return PosePoints(
        format=LANDMARKS,
        labels=labels,
        position=position[:, np.newaxis],
        confidence=np.isfinite(position).all(axis=1)[:, np.newaxis].astype(np.float64),
        time_s=time_s,
        frames=numbers,
        rate_hz=_rate_hz(table.get("fps")),
    )


def _rate_hz(raw: object) -> float | None:
    """Return a rate as a file states it, or None where it states none that can be."""
    stated = _numbers([raw])
    rate = float(stated[0]) if stated.size else np.nan
    return rate if np.isfinite(rate) and rate > 0 else None


def _stamps(
    entries: Sequence[object],
) -> tuple[Floats | None, NDArray[np.int64] | None]:
    """Return the times and the numbers of frames, None where one has none."""

    def column(*keys: str) -> Floats | None:
        tables = [entry if isinstance(entry, dict) else {} for entry in entries]
        for key in keys:
            found = [table.get(key) for table in tables]
            if all(isinstance(f, int | float) for f in found):
                values = np.array(found, dtype=np.float64)
                if (np.diff(values) > 0).all():
                    return values
        return None

    numbers = column("frame_index", "frame_idx", "frame", "frame_number")
    whole = numbers is not None and bool((numbers == np.round(numbers)).all())
    return column("time_s", "timestamp_s"), (
        numbers.astype(np.int64) if numbers is not None and whole else None
    )


def _table(path: Path) -> dict[str, Any]:
    text = (
        ""
        if path.stat().st_size > MAX_WHOLE_BYTES
        else path.read_text("utf-8", "replace")
    )
    parts = text.count("[") + text.count("{")
    if not text or parts > MOST_PARTS or text.count(",") > MOST_VALUES:
        msg = f"{path}: it holds more than any recording; export a shorter piece"
        raise FormatError(msg)
    try:
        table = json.loads(text)
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
    except (ValueError, TypeError, OverflowError):
        return np.empty(0)
    return values if values.ndim == 1 else np.empty(0)


def _openpose(
    people: Sequence[list[Floats]],
    path: Path,
    *,
    form: str,
    time_s: Floats | None = None,
    frames: NDArray[np.int64] | None = None,
) -> PosePoints:
    sizes = {person.shape[0] for there in people for person in there}
    count = max(sizes, default=0)
    if count not in LAYOUTS:
        known = ", ".join(map(str, LAYOUTS))
        msg = f"{path}: expected {known} keypoints a person, got {count}"
        raise FormatError(f"{msg}; export it in one of these layouts")
    most = max(len(there) for there in people)
    points = np.full((len(people), most, count, 3), np.nan)
    for row, there in enumerate(people):
        whole = [person for person in there if person.shape[0] == count]
        for place, person in enumerate(whole):
            points[row, place] = person
    confidence = np.nan_to_num(points[..., 2])
    position = points[..., :2].swapaxes(2, 3).copy()
    position[np.repeat((confidence <= 0)[:, :, np.newaxis], 2, axis=2)] = np.nan
    return PosePoints(
        format=form,
        labels=LAYOUTS[count],
        position=position,
        confidence=np.clip(confidence, 0, 1),
        time_s=time_s,
        frames=frames,
        unit="px",
    )
