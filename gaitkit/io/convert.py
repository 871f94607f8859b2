"""From one format to another: ``gaitkit convert``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.errors import InputError, OutputError
from gaitkit.io.export.assessment import is_assessment, read_assessment_json
from gaitkit.io.formats import format_of
from gaitkit.io.motion.read import format_of_motion, read_motion
from gaitkit.io.plates.registry import find_reader, read_plate

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.model.motion import MotionRecording
    from gaitkit.model.text import Language

Shaped = Callable[["MotionRecording"], "MotionRecording"]

RECORDING = "recording"
"""Id in tables; never a file name, which may hold the name of a patient."""


def convert(
    source: Path,
    target: Path,
    *,
    mapping: Path | None = None,
    person: str | None = None,
    shaped: Shaped | None = None,
    language: Language = "nl",
) -> tuple[Path, ...]:
    """Write a recording or assessment in the format that the target's name asks for.

    Parameters
    ----------
    source : Path
        A motion file (C3D, TRC, MOT, pose files), a pressure export, or an
        assessment (its folder or ``assessment.json``).
    target : Path
        Motion: .c3d, .trc, .mot, .sto, .csv, .parquet, .nc or .xlsx. Pressure:
        .npz, .nc or .csv. Assessment: .fhir.json or .xlsx.
    mapping : Path or None
        What the user knows of a motion file.
    person : str or None
        Who is meant where a motion file holds several; None: who walks.
    shaped : callable or None
        Given a motion recording, returns what is to be written: turned, or without
        some points. None: as it is in the file.
    language : {"nl", "en"}
        Language of the texts of an assessment.

    Returns
    -------
    tuple of Path
        What was written: one file, or one for each mat of a pressure file.

    Raises
    ------
    InputError
        If the source cannot be read.
    OutputError
        If the target is no format for it, or cannot be written.
    """
    source, target = Path(source), Path(target)
    if is_assessment(source):
        return (_assessment_writer(target)(source, target, language),)
    if format_of_motion(source) is not None:
        recording = read_motion(source, mapping=mapping, person=person)
        write = _motion_writer(target)
        return (write(recording if shaped is None else shaped(recording), target),)
    if source.is_file() and find_reader(source) is not None:
        return _write_pressure(source, target)
    form = None if source.is_dir() else format_of(source)
    advice = "give the recording itself"
    if form is not None and form.kind == "video":
        advice = f"gaitkit pose {source.name} -o {target.name} writes its keypoints"
    msg = (
        f"{source}: expected a motion file (C3D, TRC, MOT, keypoints), a pressure "
        f"export or an assessment, got {form.name if form else 'something else'}; "
        f"{advice}"
    )
    raise InputError(msg)


def _assessment_writer(target: Path) -> Callable[[Path, Path, Language], Path]:
    name = target.name.lower()
    writer = next((w for end, w in ASSESSMENT.items() if name.endswith(end)), None)
    if writer is None:
        msg = f"{target}: expected a name ending in {', '.join(ASSESSMENT)}"
        raise OutputError(f"{msg}, got {target.name!r}")
    return writer


def _fhir(source: Path, target: Path, language: Language) -> Path:
    from gaitkit.io.export.fhir import write_fhir

    return write_fhir(read_assessment_json(source), target, language=language)


def _workbook(source: Path, target: Path, language: Language) -> Path:
    from gaitkit.io.export.workbook import write_workbook

    return write_workbook(read_assessment_json(source), target, language=language)


def _motion_writer(target: Path) -> Callable[[MotionRecording, Path], Path]:
    writer = MOTION.get(target.suffix.lower())
    if writer is None:
        msg = f"{target}: expected a name ending in {', '.join(MOTION)}"
        raise OutputError(f"{msg}, got {target.suffix!r}")
    return writer


def _write_pressure(source: Path, target: Path) -> tuple[Path, ...]:
    from gaitkit.io.plates.saved import write_csv, write_netcdf, write_npz

    writers = {".npz": write_npz, ".nc": write_netcdf, ".csv": write_csv}
    writer = writers.get(target.suffix.lower())
    if writer is None:
        msg = f"{target}: expected a name ending in {', '.join(writers)}"
        raise OutputError(f"{msg}, got {target.suffix!r}")
    mats = read_plate(source).mats
    if not mats:
        msg = f"{source}: expected frames of pressure, got numbers of a program alone"
        raise InputError(f"{msg}; export the frames")
    written = []
    for number, mat in enumerate(mats, start=1):
        path = target if len(mats) == 1 else _numbered(target, mat, number)
        writer(mat, path)
        written.append(path)
    return tuple(written)


def _numbered(target: Path, mat: xr.Dataset, number: int) -> Path:
    from gaitkit.model.pressure import source_of

    side = source_of(mat).side
    return target.with_name(f"{target.stem}_{side or number}{target.suffix}")


def _c3d(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.motion import write_c3d

    return write_c3d(recording, path)


def _trc(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.motion import write_motion_trc

    return write_motion_trc(recording, path)


def _mot(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.motion import write_mot

    return write_mot(recording, path)


def _csv(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.keypoints import write_keypoints_csv

    return write_keypoints_csv(_with_markers(recording, path), path)


def _parquet(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.series import write_keypoints_parquet

    data = _with_markers(recording, path)
    return write_keypoints_parquet(data, path, recording=RECORDING)


def _netcdf(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.keypoints import write_movement

    return write_movement(_with_markers(recording, path), path)


def _xlsx(recording: MotionRecording, path: Path) -> Path:
    from gaitkit.io.export.motion import write_motion_workbook

    return write_motion_workbook(recording, path)


def _with_markers(recording: MotionRecording, path: Path) -> xr.Dataset:
    if not recording.markers.sizes["keypoint"]:
        msg = f"{path}: this format holds markers, and the recording has none"
        raise OutputError(f"{msg}; write .mot or .xlsx instead")
    return recording.markers


MOTION: dict[str, Callable[[MotionRecording, Path], Path]] = {
    ".c3d": _c3d,
    ".trc": _trc,
    ".mot": _mot,
    ".sto": _mot,
    ".csv": _csv,
    ".parquet": _parquet,
    ".nc": _netcdf,
    ".xlsx": _xlsx,
}
"""Endings and who writes them."""

ASSESSMENT: dict[str, Callable[[Path, Path, Language], Path]] = {
    ".fhir.json": _fhir,
    ".xlsx": _workbook,
}
"""Endings that an assessment can be written as."""
