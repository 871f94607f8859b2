"""Make the worked patients: ``python -m gaitkit.pipeline.sample_patients FOLDER``.

Each patient of `PEOPLE` becomes a visit folder: the visit file
and its recordings, drawn and computed with fixed seeds. Visit files are the same on
every machine; the bytes of pictures and marker files depend on the versions of the
libraries that write them.
"""

from __future__ import annotations

import gzip
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.io.visit import VISIT_FILE
from gaitkit.io.visit_toml import visit_toml
from gaitkit.model.side import Side
from gaitkit.model.visit import RecordingInput, StickerColour
from gaitkit.pipeline.sample_measured import MEASURED
from gaitkit.pipeline.sample_told import TOLD
from gaitkit.pipeline.virtual import VirtualPatient, write_virtual_markers
from gaitkit.pipeline.virtual_standing import (
    Shot,
    VirtualStanding,
    on_block,
    stickers_for,
    take,
    virtual_standing,
)
from gaitkit.simulate.plate.walk import PlateSpec, WalkSpec, simulate_walk
from gaitkit.simulate.plate.writers import write_export
from gaitkit.simulate.sample_visit import SHOOTING
from gaitkit.simulate.standing.people import PeopleSpread, take_stance
from gaitkit.simulate.standing.pictures import stance_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.pipeline.sample_person import Pictures, SamplePatient, Soles
    from gaitkit.simulate.parameters import WalkerParameters

PEOPLE = (*TOLD, *MEASURED)
"""Every worked patient, from stop to raise and insole, and one evaluation."""

PLATE = PlateSpec(
    rows=256,
    cols=48,
    pitch_mm=(7.62, 5.08),
    rate_hz=100.0,
    duration_s=2.0,
    floor_kpa=5.0,
    step_kpa=5.0,
)
"""A plate of 1.95 m with the sensors of a footscan plate: room for three steps."""

MARKERS = "walk.c3d"
COLOUR: StickerColour = "green"
STEPS = 3
WALK_S, WALK_HZ = 12.0, 50.0
"""Long enough for ten strides of each foot, at a rate that keeps the file small."""

JPEG_QUALITY = 72
SEED = 11


def visit_text(patient: SamplePatient) -> str:
    """Return the visit file of a worked patient."""
    visit = replace(patient.visit, recordings=tuple(_recordings(patient)))
    title = patient.title
    made = "A made-up patient: nobody real. See ../README.md."
    return visit_toml(visit, comments=(title.nl, title.en, made))


def make_patient(folder: Path, patient: SamplePatient) -> tuple[Path, ...]:
    """Write the visit file and the recordings of a patient.

    Parameters
    ----------
    folder : Path
        Folder of all patients; that of this one is made in it.
    patient : SamplePatient
        Who.

    Returns
    -------
    tuple of Path
        The files.
    """
    place = folder / patient.name
    place.mkdir(parents=True, exist_ok=True)
    file = place / VISIT_FILE
    file.write_text(visit_text(patient), encoding="utf-8")
    written = [file]
    if patient.soles is not None:
        written += _write_plates(place, patient.soles)
    if patient.walker is not None:
        written.append(_write_markers(place, patient.walker))
    if patient.pictures is not None:
        written += _write_pictures(place, patient.pictures)
    return tuple(written)


def make_patients(folder: Path) -> tuple[Path, ...]:
    """Write every worked patient into a folder."""
    return tuple(file for each in PEOPLE for file in make_patient(folder, each))


def _recordings(patient: SamplePatient) -> Iterator[RecordingInput]:
    """Yield the recordings as the visit file names them."""
    for name in _plate_names(patient.soles):
        yield RecordingInput(file=Path(name), kind="plate", condition="barefoot")
    if patient.walker is not None:
        yield RecordingInput(
            file=Path(MARKERS), kind="markers", condition=patient.walked
        )
    if patient.pictures is not None:
        for shot in _shots(patient.pictures):
            block = shot.block_side is not None
            yield RecordingInput(
                file=Path(f"{shot.name}.jpg"),
                kind=shot.kind,
                view=shot.camera.view,
                condition="barefoot",
                block_side=shot.block_side,
                block_height_mm=_height(shot) if block else None,
                sticker_colour=COLOUR,
            )


def _plate_names(soles: Soles | None) -> tuple[str, ...]:
    count = 0 if soles is None else soles.passes
    return tuple(f"plate_{number}.txt.gz" for number in range(1, count + 1))


def _write_plates(place: Path, soles: Soles) -> list[Path]:
    """Write every pass over the plate; the first foot alternates."""
    written = []
    for number, name in enumerate(_plate_names(soles)):
        spec = WalkSpec(
            left=soles.left,
            right=soles.right,
            steps=STEPS,
            first_side=Side.LEFT if number % 2 == 0 else Side.RIGHT,
            first_heel_mm=120.0 + 6.0 * number,
        )
        plain = place / f".{name}.plain"
        try:
            write_export(simulate_walk(spec, PLATE).data, plain, maker="footscan")
            # no name and no time in the header: the same walk gives the same bytes
            packed = gzip.compress(plain.read_bytes(), compresslevel=9, mtime=0)
        finally:
            plain.unlink(missing_ok=True)
        (place / name).write_bytes(packed)
        written.append(place / name)
    return written


def _write_markers(place: Path, walker: WalkerParameters) -> Path:
    patient = VirtualPatient(walker=walker, camera=SHOOTING.camera)
    file, truth = write_virtual_markers(
        place / MARKERS, patient, duration_s=WALK_S, rate_hz=WALK_HZ, seed=SEED
    )
    truth.unlink()
    return file


def _write_pictures(place: Path, pictures: Pictures) -> list[Path]:
    written = []
    for shot in _shots(pictures):
        recording, _ = take(place, shot)
        written.append(place / recording.file)
    return written


def _shots(pictures: Pictures) -> Iterator[Shot]:
    """Yield the picture in relaxed standing, then one for each block."""
    chosen = virtual_standing(
        {"picture": {"jpeg_quality": JPEG_QUALITY, "noise_sd": 0.0}},
        height_m=pictures.person.height_m,
        view="posterior",
    )
    yield _shot(chosen, pictures, number=0)
    for number, height in enumerate(pictures.blocks_mm, start=1):
        yield _shot(chosen, pictures, number=number, height_mm=height)


def _shot(
    chosen: VirtualStanding,
    pictures: Pictures,
    *,
    number: int,
    height_mm: float | None = None,
) -> Shot:
    person = take_stance(pictures.person, seed=(SEED, number), spread=PeopleSpread())
    block = height_mm is not None
    return Shot(
        name=f"block_{height_mm:g}mm" if block else "stance",
        kind="block_test" if block else "stance",
        person=on_block(person, pictures.side, height_mm or 0.0) if block else person,
        camera=chosen.camera,
        setting=stance_setting(chosen.camera.view, seed=SEED + number),
        look=chosen.look,
        stickers=stickers_for(chosen.camera.view, chosen.stickers),
        picture=chosen.picture,
        seed=SEED + number,
        block_side=pictures.side if block else None,
    )


def _height(shot: Shot) -> float:
    side = shot.block_side or Side.LEFT
    return 1000 * shot.person.block_of(side)


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: python -m gaitkit.pipeline.sample_patients FOLDER")
    make_patients(Path(sys.argv[1]))
