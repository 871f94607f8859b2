"""Force and angle files that lie beside a TRC file and belong to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.errors import InputError
from gaitkit.io.motion.cortex_forces import read_cortex_forces
from gaitkit.io.motion.storage import read_storage
from gaitkit.model.reason import reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gaitkit.model.motion import ForcePlate, MotionRecording

CORTEX = ".forces"
STORAGE = ("_grf.mot", "_forces.mot", "_GRF.mot", "_grf.sto", "_ik.mot", "_IK.mot")
"""Ends of names, after that of the markers, as OpenSim's users give them."""


def with_companions(recording: MotionRecording, *, start_s: float) -> MotionRecording:
    """Return a recording with the forces and angles of the files beside it.

    Parameters
    ----------
    recording : MotionRecording
        Markers of a TRC file.
    start_s : float
        Time of its first frame on the clock that OpenSim files share.
    """
    for path in beside(recording.path):
        try:
            if path.suffix == CORTEX:
                plates = read_cortex_forces(path)
                recording = replace(recording, plates=(*recording.plates, *plates))
            else:
                recording = _with_storage(recording, path, start_s=start_s)
        except InputError as cause:
            told = reason("motion_companion_unread", file=path.name, why=str(cause))
            recording = replace(recording, reasons=(*recording.reasons, told))
            continue
        recording = replace(recording, companions=(*recording.companions, path))
    return recording


def beside(path: Path) -> Iterator[Path]:
    """Yield the files beside a TRC file that are read with it."""
    names = {CORTEX: path.with_suffix(CORTEX)}
    names |= {end: path.with_name(path.stem + end) for end in STORAGE}
    seen: set[Path] = set()
    for each in names.values():
        real = each.resolve()  # some systems do not tell capitals apart
        if each.is_file() and real not in seen:
            seen.add(real)
            yield each


def _with_storage(
    recording: MotionRecording, path: Path, *, start_s: float
) -> MotionRecording:
    content = read_storage(path)
    plates: tuple[ForcePlate, ...] = tuple(
        replace(plate, time_s=plate.time_s - start_s) for plate in content.plates
    )
    angles = content.angles
    if angles is not None:
        angles = angles.assign_coords(time=angles["time"] - start_s)
    return replace(
        recording,
        plates=(*recording.plates, *plates),
        angles=recording.angles if angles is None else angles,
        reasons=(*recording.reasons, *content.reasons),
    )
