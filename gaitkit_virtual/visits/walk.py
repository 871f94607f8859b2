"""Virtual patients as files with their truth beside them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.doors import build
from gaitkit.errors import ConfigError
from gaitkit.io.clock import real_time
from gaitkit.io.convert import MOTION
from gaitkit.model.motion import MotionRecording
from gaitkit_virtual.body import BodyKind, Look
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import Shooting, virtual_patient_video
from gaitkit_virtual.plate.package import write_package
from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk
from gaitkit_virtual.sample_visit import SHOOTING
from gaitkit_virtual.truth_file import write_truth, write_walk_truth
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit_virtual.plate.writers import Maker
    from gaitkit_virtual.virtual_walk import VirtualWalk

VIDEO = "walk.mp4"
TRUTH = "truth.json"
FEWEST_STRIDES = 3.0
"""A shorter walk may hold no whole stride of one foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualPlate:
    """A walk and the plate under it, as the tables ``walk`` and ``plate``."""

    walk: WalkSpec = field(default_factory=WalkSpec)
    plate: PlateSpec = field(default_factory=PlateSpec)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualFilm:
    """How a film is made.

    Attributes
    ----------
    rate_hz : float
        Frames a second.
    passes : int
        Times the patient walks past, to and fro.
    way_m : float
        Length of a pass.
    """

    rate_hz: float = SHOOTING.rate_hz
    passes: int = SHOOTING.passes
    way_m: float = SHOOTING.way_m


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualPatient:
    """A walker and a film, as the tables walker, camera, film and look."""

    walker: WalkerParameters
    camera: Camera
    film: VirtualFilm = field(default_factory=VirtualFilm)
    look: Look = field(default_factory=Look)


def write_virtual_plate(
    folder: Path | str, table: dict[str, Any], *, makers: Sequence[Maker]
) -> tuple[Path, ...]:
    """Write the exports of a walk over a plate, and its truth.

    Parameters
    ----------
    folder : Path or str
        Made when it does not exist.
    table : dict
        What differs from the defaults: tables ``walk`` and ``plate``.
    makers : sequence of str
        Layouts.

    Raises
    ------
    ConfigError
        On an unknown key or a walk that no plate could record.
    OutputError
        If a file cannot be written.
    """
    chosen = build(VirtualPlate, table, where="--set", error=ConfigError)
    simulated = simulate_walk(chosen.walk, chosen.plate)
    return write_package(simulated, Path(folder), makers=makers)


def write_virtual_markers(
    file: Path | str,
    patient: VirtualPatient,
    *,
    duration_s: float = 6.0,
    rate_hz: float = 100.0,
    seed: int = 0,
) -> tuple[Path, ...]:
    """Write the markers of a virtual walk (.c3d, .trc, .csv, ...), and its truth.

    Raises
    ------
    ConfigError
        If the walk is too short, or nobody can walk so.
    OutputError
        If the name asks for no format that holds markers, or cannot be written.
    """
    file = Path(file)
    writer = MOTION.get(file.suffix.lower())
    if writer is None:
        msg = f"{file}: expected a name ending in {', '.join(MOTION)}"
        raise ConfigError(f"{msg}, got {file.suffix!r}")
    shortest = FEWEST_STRIDES * patient.walker.stride_time_s
    if duration_s < shortest:
        msg = f"--duration is {duration_s:g} s; expected {shortest:.1f} s or more"
        raise ConfigError(f"{msg}, so that each foot has a whole stride")
    walked = walk(patient.walker, duration_s=duration_s, rate_hz=rate_hz, seed=seed)
    truth = file.with_name(f"{file.stem}_truth.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    writer(_motion(walked, file), file)
    write_walk_truth(truth, walked)
    return file, truth


def write_virtual_video(
    folder: Path | str, patient: VirtualPatient, *, seed: int
) -> tuple[Path, ...]:
    """Write a drawn film of a virtual patient, and its truth.

    Raises
    ------
    ConfigError
        If the patient cannot walk so.
    OutputError
        If a file cannot be written.
    """
    shooting = Shooting(
        camera=patient.camera,
        rate_hz=patient.film.rate_hz,
        passes=patient.film.passes,
        way_m=patient.film.way_m,
        look=patient.look,
    )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    film = virtual_patient_video(
        folder / VIDEO, patient.walker, shooting=shooting, seed=seed
    )
    write_truth(folder / TRUTH, film)
    return folder / VIDEO, folder / TRUTH


def virtual_patient(
    table: dict[str, Any], *, height_m: float, body: BodyKind = "procedural"
) -> VirtualPatient:
    """Return a patient of a height with what differs from the defaults.

    Parameters
    ----------
    table : dict
        Tables ``walker``, ``camera``, ``film`` and ``look``.
    height_m : float
        Body height in metres.
    body : {"procedural", "skinned"}
        Drawn rings or a human skin; the skin has to be fetched once.

    Raises
    ------
    ConfigError
        On an unknown key or a value that cannot be.
    """
    full = {
        **table,
        "walker": {"height_m": height_m, **table.get("walker", {})},
        "camera": {**asdict(SHOOTING.camera), **table.get("camera", {})},
        "look": {"body": body, **table.get("look", {})},
    }
    return build(VirtualPatient, full, where="--set", error=ConfigError)


def _motion(walked: VirtualWalk, path: Path) -> MotionRecording:
    times = walked.markers["time"].to_numpy()
    _, timing = real_time(times, source="header")
    return MotionRecording(
        path=path,
        kind="markers",
        format="simulated",
        markers=walked.markers,
        timing=timing,
        events=walked.events,
        maker="gaitkit",
    )
