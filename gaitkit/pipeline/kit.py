"""A practice's kit: pictures and readings of about twenty people, to what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.config import Config
from gaitkit.errors import InputError
from gaitkit.io.atomic import new_file
from gaitkit.io.kit_file import (
    PRACTICE_FILE,
    pictures_of,
    practice_text,
    read_kit,
)
from gaitkit.measure.practice.kit import kit_estimates
from gaitkit.model.practice import KitTilt, PracticeKit
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.block_test import pelvis_tilts
from gaitkit.pipeline.standing import analyse_standing

if TYPE_CHECKING:
    from gaitkit.io.kit_file import KitFile, KitPerson, KitPicture
    from gaitkit.model.progress import Progress
    from gaitkit.model.text import Language

STAGE = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A picture of a kit that tells nothing, and why (a reason code)."""

    person: str
    picture: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadKit:
    """What came out of a kit.

    Attributes
    ----------
    kit : PracticeKit
        The statistics.
    tilts : tuple of KitTilt
        What each picture showed.
    left_out : tuple of LeftOut
        Pictures that are there and could not be used.
    not_there : int
        Pictures of the protocol that are not there.
    file : Path
        Where the statistics stand.
    """

    kit: PracticeKit
    tilts: tuple[KitTilt, ...]
    left_out: tuple[LeftOut, ...]
    not_there: int
    file: Path


def run_kit(
    folder: Path,
    *,
    config: Config | None = None,
    language: Language = "nl",
    progress: Progress | None = None,
) -> ReadKit:
    """Read the folder of a kit and write what it tells into it.

    Parameters
    ----------
    folder : Path
        With ``kit.toml`` and a folder of pictures for each person.
    config : Config or None
        Settings of the reading of pictures.
    language : {"nl", "en"}
        Of the remark at the head of the file.
    progress : Progress or None
        Told how many people are done.

    Raises
    ------
    InputError
        If the folder is none of a kit, a person with pictures has no height, or
        nothing at all was taken.
    """
    kit = read_kit(folder)
    settings = config or Config()
    tilts: list[KitTilt] = []
    left_out: list[LeftOut] = []
    there = 0
    for number, person in enumerate(kit.person, start=1):
        pictures = list(pictures_of(kit, folder, person))
        there += len(pictures)
        seen, gone = _person(kit, person, pictures, settings)
        tilts += seen
        left_out += gone
        if progress is not None:
            progress(STAGE, number, len(kit.person))
    readings = kit.readings()
    if not tilts and not readings:
        msg = (
            f"{folder}: no picture could be used and no reading stands in kit.toml; "
            f"expected pictures such as {kit.person[0].id}/first-1.jpg"
        )
        raise InputError(msg)
    found = PracticeKit(
        practice=kit.practice,
        line="asis" if kit.view == "anterior" else "psis",
        people=len({t.person for t in tilts} | {r.person for r in readings}),
        taken=kit.taken,
        estimates=kit_estimates(tilts, readings),
    )
    file = folder / PRACTICE_FILE
    with new_file(file) as part:
        part.write_text(practice_text(found, language=language), encoding="utf-8")
    return ReadKit(
        kit=found,
        tilts=tuple(tilts),
        left_out=tuple(left_out),
        not_there=len(kit.person) * len(kit.picture) - there,
        file=file,
    )


def _person(
    kit: KitFile,
    person: KitPerson,
    pictures: list[tuple[KitPicture, Path]],
    config: Config,
) -> tuple[list[KitTilt], list[LeftOut]]:
    """Return what the pictures of a person show, and which could not be used."""
    if not pictures:
        return [], []
    if person.height_m is None:
        msg = (
            f"person {person.id}: height_m is needed for the pictures and is not "
            "there; give the body height in m"
        )
        raise InputError(msg)
    subject = Subject(subject_id=person.id, height_m=person.height_m)
    line = "asis" if kit.view == "anterior" else "psis"
    seen: list[KitTilt] = []
    gone: list[LeftOut] = []
    for picture, file in pictures:
        source = _source(kit, picture, file)
        analysis = analyse_standing(
            source, subject, recording_id=picture.name, config=config
        )
        visit = Visit(subject=subject, recordings=(source,))
        shown = [t for t in pelvis_tilts([analysis], visit) if t.line == line]
        if not shown:
            reasons = analysis.recording.quality.reasons
            why = reasons[0].code if reasons else "stickers_missing"
            gone.append(LeftOut(person=person.id, picture=picture.name, why=why))
            continue
        seen.append(
            KitTilt(
                person=person.id,
                stance=picture.stance,
                block_mm=picture.signed_mm,
                stickers=picture.stickers,
                seated=picture.seated,
                tilt_mm=shown[0].tilt_mm,
            )
        )
    return seen, gone


def _source(kit: KitFile, picture: KitPicture, file: Path) -> RecordingInput:
    """Return a picture as a visit would name it."""
    block = not picture.seated and picture.block_side is not None
    return RecordingInput(
        file=file,
        kind="block_test" if block else "stance",
        view=kit.view,
        posture="seated" if picture.seated else None,
        sticker_colour=kit.sticker_colour,
        block_side=picture.block_side if block else None,
        block_height_mm=picture.block_height_mm if block else None,
    )
