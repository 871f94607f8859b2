"""A practice's kit: pictures and readings of about twenty people, to what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gaitkit.config import Config
from gaitkit.errors import InputError
from gaitkit.io.atomic import new_file
from gaitkit.io.kit_file import (
    PRACTICE_FILE,
    KitPerson,
    KitPicture,
    pictures_of,
    practice_text,
    read_kit,
)
from gaitkit.measure.practice.kit import kit_estimates
from gaitkit.model.practice import KitTilt, PracticeKit
from gaitkit.model.standing import PelvisTilt
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.block_test import pelvis_tilts
from gaitkit.pipeline.standing import analyse_standing, picture_networks

if TYPE_CHECKING:
    from gaitkit.io.kit_file import KitFile
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.progress import Progress
    from gaitkit.model.text import Language

Taken = tuple[KitPerson, KitPicture, Path]
STAGE = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A picture of a kit that tells nothing, and why (a reason code)."""

    person: str
    picture: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPicture:
    """What one picture of a kit showed of the pelvis of one person."""

    person: KitPerson
    picture: KitPicture
    tilt: PelvisTilt

    def kit_tilt(self) -> KitTilt:
        """Return the reading as the statistics of a kit take it."""
        return KitTilt(
            person=self.person.id,
            stance=self.picture.stance,
            block_mm=self.picture.signed_mm,
            stickers=self.picture.stickers,
            seated=self.picture.seated,
            tilt_mm=self.tilt.tilt_mm,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadKit:
    """What came out of a kit.

    Attributes
    ----------
    kit : PracticeKit
        The statistics.
    pictures : tuple of ReadPicture
        What each picture showed.
    left_out : tuple of LeftOut
        Pictures that are there and could not be used.
    not_there : int
        Pictures of the protocol that are not there.
    file : Path
        Where the statistics stand.
    """

    kit: PracticeKit
    pictures: tuple[ReadPicture, ...]
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
        Told how many pictures are done.

    Raises
    ------
    InputError
        If the folder is none of a kit, a person with pictures has no height, or
        nothing at all was taken.
    """
    kit = read_kit(folder)
    taken = _taken(kit, folder)
    shown, left_out = _looked_at(kit, taken, config or Config(), progress)
    tilts, readings = [each.kit_tilt() for each in shown], kit.readings()
    if not tilts and not readings:
        msg = (
            f"{folder}: no picture could be used and no reading stands in kit.toml; "
            f"expected pictures such as {kit.person[0].id}/first-1.jpg"
        )
        raise InputError(msg)
    found = PracticeKit(
        practice=kit.practice,
        line=_line(kit),
        people=len({t.person for t in tilts} | {r.person for r in readings}),
        taken=kit.taken,
        estimates=kit_estimates(tilts, readings),
    )
    file = folder / PRACTICE_FILE
    with new_file(file) as part:
        part.write_text(practice_text(found, language=language), encoding="utf-8")
    return ReadKit(
        kit=found,
        pictures=tuple(shown),
        left_out=tuple(left_out),
        not_there=len(kit.person) * len(kit.picture) - len(shown) - len(left_out),
        file=file,
    )


def _taken(kit: KitFile, folder: Path) -> list[Taken]:
    """Return the pictures of everybody, in order, before any is looked at.

    Raises
    ------
    InputError
        If a person with pictures has no height.
    """
    taken = []
    for person in kit.person:
        for picture, file in pictures_of(kit, folder, person):
            if person.height_m is None:
                msg = (
                    f"person {person.id}: height_m is needed for the pictures and is "
                    "not there; give the body height in m"
                )
                raise InputError(msg)
            taken.append((person, picture, file))
    return taken


def _looked_at(
    kit: KitFile, taken: list[Taken], config: Config, progress: Progress | None
) -> tuple[list[ReadPicture], list[LeftOut]]:
    """Return what the pictures show, and which could not be used."""
    shown: list[ReadPicture] = []
    left_out: list[LeftOut] = []
    if not taken:
        return shown, left_out
    with picture_networks(config, progress=progress) as networks:
        for number, (person, picture, file) in enumerate(taken, start=1):
            subject = Subject(subject_id=person.id, height_m=person.height_m)
            source = _source(kit, person, picture, file)
            analysis = analyse_standing(
                source,
                subject,
                recording_id=picture.name,
                config=config,
                networks=networks,
            )
            visit = Visit(subject=subject, recordings=(source,))
            lines = {tilt.line: tilt for tilt in pelvis_tilts([analysis], visit)}
            if (tilt := lines.get(_line(kit))) is not None:
                shown.append(ReadPicture(person=person, picture=picture, tilt=tilt))
            else:
                why = _why_not(analysis)
                gone = LeftOut(person=person.id, picture=picture.name, why=why)
                left_out.append(gone)
            if progress is not None:
                progress(STAGE, number, len(taken))
    return shown, left_out


def _why_not(analysis: Analysis) -> str:
    reasons = analysis.recording.quality.reasons
    return reasons[0].code if reasons else "stickers_missing"


def _line(kit: KitFile) -> Literal["asis", "psis"]:
    return "asis" if kit.view == "anterior" else "psis"


def _source(
    kit: KitFile, person: KitPerson, picture: KitPicture, file: Path
) -> RecordingInput:
    """Return a picture as a visit would name it."""
    block = not picture.seated and picture.block_side is not None
    return RecordingInput(
        file=file,
        kind="block_test" if block else "stance",
        view=kit.view,
        posture="seated" if picture.seated else None,
        sticker_colour=person.sticker_colour or kit.sticker_colour,
        block_side=picture.block_side if block else None,
        block_height_mm=picture.block_height_mm if block else None,
    )
