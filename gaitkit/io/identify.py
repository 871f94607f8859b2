"""What is in a file: its kind by content, its clock, and what is doubtful about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.errors import FormatError, InputError
from gaitkit.io.clock import real_time
from gaitkit.io.formats import format_of, head_of, is_text
from gaitkit.io.inspection import Inspection
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from gaitkit.io.video import VideoFile
    from gaitkit.model.recording import RecordingKind

KNOWN = "a video, a C3D or TRC file, or a pressure export"

FORCES_OR_ANGLES = frozenset({"OpenSim MOT or STO", "Cortex forces"})
"""Files that can be looked into, and belong to the recording beside them."""


def identify(path: Path) -> RecordingKind:
    """Return what kind of recording a file is, by its content.

    Raises
    ------
    InputError
        If there is no such file, or it is no recording by itself.
    FormatError
        If it is empty, or its content is of no known format.
    """
    return _known(path)[0]


def recordings_in(folder: Path | str) -> tuple[Path, ...]:
    """Return the files of a folder that are recordings, by content, sorted by name.

    Folders in it and hidden files are not looked at; files that are no recordings
    are passed over.
    """
    found = []
    for path in sorted(Path(folder).iterdir()):
        if path.is_file() and not path.name.startswith("."):
            try:
                identify(path)
            except InputError:
                continue
            found.append(path)
    return tuple(found)


def inspect(path: Path | str, *, mapping: Path | str | None = None) -> Inspection:
    """Return what is in a file, without analysing it.

    Parameters
    ----------
    path : Path or str
        Any recording.
    mapping : Path, str or None
        A TOML file that names the markers, for a set that is not known.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be used.
    FormatError
        If its content is damaged or of no known format.
    """
    path = Path(path)
    known = None if mapping is None else Path(mapping)
    form = None if path.is_dir() else format_of(path)
    if form is not None and form.name in FORCES_OR_ANGLES:
        return _inspect_motion(path, known)
    kind, name = _known(path)
    if kind == "video":
        return _inspect_video(path, name)
    if kind == "plate":
        return _inspect_plate(path)
    if kind in {"markers", "pose"}:
        return _inspect_motion(path, known)
    return Inspection(path=path, kind=kind, format=name)


def _known(path: Path) -> tuple[RecordingKind, str]:
    """Return the kind and the name of the format of a file."""
    if path.is_dir():
        from gaitkit.io.motion.pose_json import OPENPOSE_FOLDER, is_openpose_folder

        if is_openpose_folder(path):
            return "pose", OPENPOSE_FOLDER
    form = format_of(path)
    if form is not None and form.kind is not None:
        return form.kind, form.name
    if form is not None:
        msg = (
            f"{path}: expected a recording ({KNOWN}), got {form.name}; "
            "give the recording itself"
        )
        raise InputError(msg)
    from gaitkit.io.plates.registry import find_reader

    reader = find_reader(path)
    if reader is not None:
        return "plate", reader.NAME
    what = "a text file" if is_text(head_of(path)) else "content of no known format"
    msg = (
        f"{path}: expected a recording ({KNOWN}), got {what}; give the recording "
        "itself, or name its kind in visit.toml"
    )
    raise FormatError(msg)


def _inspect_video(path: Path, name: str) -> Inspection:
    from gaitkit.io.video import read_video

    video = read_video(path)
    return Inspection(
        path=path,
        kind="video",
        format=f"{name}, {video.codec}",
        maker=video.maker,
        timing=video.timing,
        width=video.width,
        height=video.height,
        rotation_deg=video.rotation_deg,
        units="px",
        warnings=(*video.reasons, *_clock_warnings(video)),
    )


def _clock_warnings(video: VideoFile) -> list[Reason]:
    """Return what is worth knowing of a clock that is right all the same."""
    timing = video.timing
    found = []
    if timing.source == "header":
        found.append(reason("video_without_stamps", rate=float(f"{timing.rate_hz:g}")))
    if timing.variable:
        jitter = round(timing.jitter_ms or 0.0, 1)
        found.append(reason("video_rate_varies", jitter=jitter))
    if timing.dropped:
        found.append(reason("video_frames_dropped", dropped=timing.dropped))
    if timing.speed_source == "metadata":
        found.append(
            reason(
                "video_slow_motion_tag",
                capture=f"{timing.capture_rate_hz:g}",
                factor=f"{timing.speed_factor:.3g}",
            )
        )
    return found


def _inspect_motion(path: Path, mapping: Path | None) -> Inspection:
    from gaitkit.io.motion.read import read_motion

    found = read_motion(path, mapping=mapping)
    return Inspection(
        path=path,
        kind=found.kind,
        format=found.format,
        maker=found.maker,
        timing=found.timing,
        units=found.unit,
        points=tuple(str(name) for name in found.markers["keypoint"].to_numpy()),
        convention=found.convention,
        roles=tuple(each.role for each in found.roles),
        force_plates=len(found.plates),
        events=len(found.events),
        person=found.person,
        warnings=found.reasons,
    )


def _inspect_plate(path: Path) -> Inspection:
    from gaitkit.io.plates.plausible import doubts
    from gaitkit.io.plates.registry import read_plate
    from gaitkit.model.pressure import source_of

    content = read_plate(path)
    if not content.mats:
        return Inspection(
            path=path, kind="plate", format="numbers of a plate's program"
        )
    first = content.mats[0]
    sources = [source_of(mat) for mat in content.mats]
    timing = None
    if first.sizes["time"] > 1:
        _, timing = real_time(first["time"].to_numpy(), source=sources[0].time_source)
    return Inspection(
        path=path,
        kind="plate",
        format=sources[0].format,
        maker=sources[0].maker,
        timing=timing,
        width=int(first.sizes["col"]),
        height=int(first.sizes["row"]),
        units=f"{sources[0].raw_unit} ({sources[0].unit_evidence})",
        sides=tuple(s.side for s in sources if s.side is not None),
        parts=len(content.mats),
        warnings=tuple(dict.fromkeys(w for mat in content.mats for w in doubts(mat))),
    )
