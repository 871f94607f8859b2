"""Draw what the worked patients recorded, into the folders of their visits.

    python -m gaitkit_virtual.visits.patients FOLDER

Each visit file in ``sample_data/patients`` says who somebody is, what they answered and
which recordings they have; ``patients.toml`` beside the simulator says which feet, walk
and body stand behind those. With fixed seeds the plates are the same on every machine;
the bytes of pictures and marker files depend on the versions of the libraries that
write them.
"""

from __future__ import annotations

import gzip
import sys
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gaitkit.doors import build, read_toml
from gaitkit.errors import InputError
from gaitkit.io.visit import VISIT_FILE, read_visit
from gaitkit.model.side import Side
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.plate.foot import SoleShape
from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk
from gaitkit_virtual.plate.writers import write_export
from gaitkit_virtual.sample_visit import SHOOTING
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.people import PeopleSpread, take_stance
from gaitkit_virtual.standing.pictures import stance_setting
from gaitkit_virtual.visits.standing import (
    Shot,
    VirtualStanding,
    on_block,
    stickers_for,
    take,
    virtual_standing,
)
from gaitkit_virtual.visits.walk import VirtualPatient, write_virtual_markers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.visit import RecordingInput

T = TypeVar("T")

PLATE = PlateSpec(
    rows=256,
    cols=64,
    pitch_mm=(7.62, 5.08),
    rate_hz=100.0,
    duration_s=2.0,
    floor_kpa=5.0,
    step_kpa=5.0,
)
"""A plate of 1.95 m with the sensors of a footscan plate: room for three steps."""

STEPS = 3
WALK_S, WALK_HZ = 12.0, 50.0
"""Long enough for ten strides of each foot, at a rate that keeps the file small."""

JPEG_QUALITY = 72
SEED = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPatient:
    """What stands behind the recordings of one worked patient.

    Attributes
    ----------
    folder : str
        Name of the visit folder.
    left, right : str
        Sole of each foot, by its name among `DrawnPatients.sole`.
    walk : WalkerParameters or None
        Walk before the marker cameras.
    standing : StandingParameters or None
        Body in the standing photos.
    """

    folder: str
    left: str = "usual"
    right: str = "usual"
    walk: WalkerParameters | None = None
    standing: StandingParameters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPatients:
    """Every worked patient, the patient of the sample visit, the soles they share."""

    sole: dict[str, SoleShape]
    sample: DrawnPatient
    patient: tuple[DrawnPatient, ...]


@cache
def drawn_patients() -> DrawnPatients:
    """Return what ``patients.toml`` says is drawn.

    Raises
    ------
    InputError
        If the file holds something else.
    """
    file = Path(str(resources.files("gaitkit_virtual") / "patients.toml"))
    table = read_toml(file, error=InputError)
    return build(DrawnPatients, table, where=file.name, error=InputError)


def draw_patients(folder: Path) -> tuple[Path, ...]:
    """Draw the recordings of every worked patient into its visit folder.

    Parameters
    ----------
    folder : Path
        Holds a folder with a ``visit.toml`` for each of them.

    Returns
    -------
    tuple of Path
        The recordings.

    Raises
    ------
    InputError
        If a visit file is not there or names a recording that cannot be drawn.
    """
    people = drawn_patients().patient
    return tuple(file for each in people for file in draw_patient(folder, each))


def draw_sample(folder: Path) -> tuple[Path, ...]:
    """Draw what the sample visit holds beside its film and the plate under it.

    Parameters
    ----------
    folder : Path
        Holds the ``visit.toml`` of the sample visit.
    """
    return tuple(draw_patient(folder, drawn_patients().sample))


def draw_patient(folder: Path, patient: DrawnPatient) -> Iterator[Path]:
    """Draw each recording that the visit file of a patient names, in its order.

    A film, and the plate on the clock of a film, are drawn together elsewhere
    (`gaitkit_virtual.sample_visit`).
    """
    place = folder / patient.folder
    for each in read_toml(place / VISIT_FILE, error=InputError).get("recording", ()):
        (place / str(each["file"])).touch()  # a visit names files that are there
    passes, photos = 0, 0
    for recording in read_visit(place).recordings:
        file = place / recording.file.name
        if recording.kind == "video" or recording.starts_at_s is not None:
            continue
        if recording.kind == "plate":
            _write_plate(file, patient, number=passes)
            passes += 1
        elif recording.kind == "markers":
            _write_markers(file, _needed(patient.walk, file))
        else:
            person = _needed(patient.standing, file)
            take(place, _shot(person, recording, number=photos))
            photos += 1
        yield file


def _needed(what: T | None, file: Path) -> T:
    if what is None:
        msg = f"{file}: patients.toml does not say what is drawn of it"
        raise InputError(msg)
    return what


def _write_plate(file: Path, patient: DrawnPatient, *, number: int) -> None:
    """Write one pass over the plate; the first foot alternates."""
    soles = drawn_patients().sole
    spec = WalkSpec(
        left=soles[patient.left],
        right=soles[patient.right],
        steps=STEPS,
        first_side=Side.LEFT if number % 2 == 0 else Side.RIGHT,
        first_heel_mm=120.0 + 6.0 * number,
    )
    plain = file.with_name(f".{file.name}.plain")
    try:
        write_export(simulate_walk(spec, PLATE).data, plain, maker="footscan")
        # no name and no time in the header: the same walk gives the same bytes
        packed = gzip.compress(plain.read_bytes(), compresslevel=9, mtime=0)
    finally:
        plain.unlink(missing_ok=True)
    file.write_bytes(packed)


def _write_markers(file: Path, walker: WalkerParameters) -> None:
    patient = VirtualPatient(walker=walker, camera=SHOOTING.camera)
    _, truth = write_virtual_markers(
        file, patient, duration_s=WALK_S, rate_hz=WALK_HZ, seed=SEED
    )
    truth.unlink()


def _shot(
    standing: StandingParameters, recording: RecordingInput, *, number: int
) -> Shot:
    """Return the photo that a recording names: relaxed, or with a foot on a block."""
    chosen = _chosen(standing, recording)
    person = take_stance(standing, seed=(SEED, number), spread=PeopleSpread())
    side, height = recording.block_side, recording.block_height_mm
    if side is not None and height is not None:
        person = on_block(person, side, height)
    return Shot(
        name=recording.file.stem,
        kind="block_test" if side is not None else "stance",
        person=person,
        camera=chosen.camera,
        setting=stance_setting(chosen.camera.view, seed=SEED + number),
        look=chosen.look,
        stickers=stickers_for(chosen.camera.view, chosen.stickers),
        picture=chosen.picture,
        seed=SEED + number,
        block_side=side,
    )


def _chosen(standing: StandingParameters, recording: RecordingInput) -> VirtualStanding:
    return virtual_standing(
        {"picture": {"jpeg_quality": JPEG_QUALITY, "noise_sd": 0.0}},
        height_m=standing.height_m,
        view=recording.view or "posterior",
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: python -m gaitkit_virtual.visits.patients FOLDER")
    draw_patients(Path(sys.argv[1]))
