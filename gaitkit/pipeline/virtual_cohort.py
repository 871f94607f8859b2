"""A cohort of virtual patients: for each a visit folder with pictures and the truth."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.io.atomic import new_folder
from gaitkit.io.toml_door import build
from gaitkit.model.side import Side
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.virtual_clinic import virtual_examination
from gaitkit.pipeline.virtual_standing import (
    BLOCKS_MM,
    PictureChoice,
    Shot,
    StickerChoice,
    on_block,
    person_truth,
    stickers_for,
    take,
)
from gaitkit.pipeline.virtual_visit import VirtualVisit, write_visit
from gaitkit.simulate.body import BodyKind
from gaitkit.simulate.camera import Camera
from gaitkit.simulate.patient_video import Shooting, virtual_patient_video
from gaitkit.simulate.standing.people import (
    PeopleSpread,
    VirtualPerson,
    careless,
    draw_person,
    take_camera,
    take_setting,
    take_stance,
)
from gaitkit.simulate.truth_file import film_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.progress import Progress
    from gaitkit.model.recording import View
    from gaitkit.simulate.film import Setting

STAGE = "cohort"
WALK = "walk"
HEIGHT_READ_TO_M = 0.01
# what each part of a person's seed is for
_STANCE, _CAMERA, _ROOM, _HANDS, _RATER, _SWAY = range(1, 7)
_VIEWS: dict[View, int] = {"posterior": 0, "anterior": 1, "sagittal_right": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkFilm:
    """The film of each person walking past: the table ``walk``.

    Attributes
    ----------
    rate_hz : float
        Frames a second.
    passes : int
        0 for no film.
    way_m : float
        Length of a pass.
    """

    rate_hz: float = 30.0
    passes: int = 1
    way_m: float = 3.4


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortChoice:
    """What is taken of each person, as tables spread, picture, walk, stickers."""

    spread: PeopleSpread = field(default_factory=PeopleSpread)
    picture: PictureChoice = field(default_factory=PictureChoice)
    walk: WalkFilm = field(default_factory=WalkFilm)
    stickers: StickerChoice = field(default_factory=StickerChoice)
    body: BodyKind = "procedural"


def cohort_choice(
    table: dict[str, Any], *, body: BodyKind = "procedural"
) -> CohortChoice:
    """Return the choice with what differs from the defaults.

    Raises
    ------
    ConfigError
        On an unknown key or a value that cannot be.
    """
    return build(
        CohortChoice, {"body": body, **table}, where="--set", error=ConfigError
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One person to be filmed by one process."""

    folder: Path
    number: int
    seed: int
    choice: CohortChoice
    block_test: bool


def write_virtual_cohort(
    folder: Path,
    choice: CohortChoice,
    *,
    people: int,
    seed: int,
    block_test: bool = False,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write a visit folder for each of a number of virtual patients.

    Parameters
    ----------
    folder : Path
        A new or empty folder; the visits stand in ``v001``, ``v002``, ...
    choice : CohortChoice
        How different the people are and what is taken.
    people : int
        How many.
    seed : int
        Seed of everything.
    block_test : bool
        True for a block test of each person as well.
    progress : Progress or None
        Told how many people are done.

    Returns
    -------
    tuple of Path
        The visit folders.

    Raises
    ------
    ConfigError
        If there are no people.
    OutputError
        If the folder holds something or cannot be written.
    """
    if people < 1:
        msg = f"--people is {people}; expected 1 or more"
        raise ConfigError(msg)
    names = [f"v{number:03d}" for number in range(1, people + 1)]
    with new_folder(folder) as part:
        tasks = [
            _Task(
                folder=part / name,
                number=number,
                seed=seed,
                choice=choice,
                block_test=block_test,
            )
            for number, name in enumerate(names, start=1)
        ]
        for done, _ in enumerate(_each(tasks), start=1):
            if progress is not None:
                progress(STAGE, done, people)
    return tuple(folder / name for name in names)


def _each(tasks: list[_Task]) -> Iterator[None]:
    """Film everybody, on all processors when there is more than one person."""
    workers = min(len(tasks), os.cpu_count() or 1)
    if workers == 1:
        yield from map(_film_person, tasks)
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        for future in as_completed([pool.submit(_film_person, t) for t in tasks]):
            yield future.result()


def _film_person(task: _Task) -> None:
    import cv2

    cv2.setNumThreads(1)
    drawn = draw_person(task.number, seed=task.seed, spread=task.choice.spread)
    person = replace(drawn, look=replace(drawn.look, body=task.choice.body))
    examination = virtual_examination(
        person.standing, seed=(task.seed, task.number, _RATER)
    )
    task.folder.mkdir(parents=True)
    taken = [take(task.folder, shot) for shot in _shots(task, person)]
    if task.choice.walk.passes:
        taken.append(_walk(task, person))
    height = round(person.standing.height_m / HEIGHT_READ_TO_M) * HEIGHT_READ_TO_M
    visit = VirtualVisit(
        subject_id=task.folder.name,
        height_m=height,
        sex=person.sex,
        shod=False,
        recordings=tuple(recording for recording, _ in taken),
        examination=examination,
        truth={
            **person_truth(person.standing),
            "recordings": [truth for _, truth in taken],
        },
    )
    write_visit(task.folder, visit)


def _shots(task: _Task, person: VirtualPerson) -> Iterator[Shot]:
    """Give the pictures of standing; stickers stay on for all of them."""
    views: tuple[View, ...] = ("posterior", "anterior")
    for view in views:
        yield _shot(task, person, view, name=f"stance_{view}", again=_VIEWS[view])
    if task.block_test:
        side = _shorter(person)
        for order, height in enumerate(BLOCKS_MM):
            name = f"block_{height:g}mm"
            again = len(_VIEWS) + order
            shot = _shot(task, person, "posterior", name=name, again=again)
            raised = on_block(shot.person, side, height)
            yield replace(shot, kind="block_test", person=raised, block_side=side)


def _shot(
    task: _Task, person: VirtualPerson, view: View, *, name: str, again: int
) -> Shot:
    base, spread = (task.seed, task.number), task.choice.spread
    worn = replace(task.choice.stickers, colour=person.colour)
    # a camera on a stand stays where it is for all pictures of a view
    view_seed = _VIEWS[view]
    return Shot(
        name=name,
        kind="stance",
        person=take_stance(
            person.standing, seed=(*base, _STANCE, again), spread=spread
        ),
        camera=take_camera(view, seed=(*base, _CAMERA, view_seed), spread=spread),
        setting=_again(take_setting(view, seed=(*base, _ROOM, view_seed)), again),
        look=person.look,
        stickers=careless(
            stickers_for(view, worn), seed=(*base, _HANDS, view_seed), spread=spread
        ),
        picture=task.choice.picture,
        seed=_whole((*base, _SWAY, again)),
    )


def _walk(
    task: _Task, person: VirtualPerson
) -> tuple[RecordingInput, dict[str, object]]:
    base, walk = (task.seed, task.number), task.choice.walk
    view: View = "sagittal_right"
    crooked = take_camera(view, seed=(*base, _CAMERA, 2), spread=task.choice.spread)
    camera = Camera(
        view=view,
        distance_m=crooked.distance_m + 1.6,
        height_m=crooked.height_m,
        width_px=1280,
        height_px=720,
        focal_px=1000.0,
        pan_deg=crooked.pan_deg,
        roll_deg=crooked.roll_deg,
        distortion=crooked.distortion,
    )
    path = task.folder / f"{WALK}.mp4"
    setting = take_setting(view, seed=(*base, _ROOM, 2))
    room = replace(setting.room, half_length_m=8.0)
    film = virtual_patient_video(
        path,
        person.walking,
        shooting=Shooting(
            camera=camera,
            rate_hz=walk.rate_hz,
            passes=walk.passes,
            way_m=walk.way_m,
            look=person.look,
            setting=replace(setting, room=room, plumb_line=None),
        ),
        seed=_whole((*base, _SWAY, 2)),
    )
    recording = RecordingInput(
        file=Path(path.name), kind="video", view=view, condition="barefoot"
    )
    return recording, film_table(film)


def _again(setting: Setting, order: int) -> Setting:
    """Return the same room with other noise."""
    return replace(setting, seed=setting.seed + order)


def _shorter(person: VirtualPerson) -> Side:
    longer_left = person.standing.leg_length_difference_mm > 0
    return Side.RIGHT if longer_left else Side.LEFT


def _whole(seed: tuple[int, ...]) -> int:
    """Return one whole number that stands for a sequence of them."""
    return int(np.random.default_rng(list(seed)).integers(2**31))
