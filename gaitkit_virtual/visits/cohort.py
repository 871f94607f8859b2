"""A cohort of virtual patients: for each a visit folder with pictures and the truth."""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gaitkit.doors import build
from gaitkit.errors import ConfigError
from gaitkit.io.atomic import new_folder
from gaitkit.io.kit_file import KIT_FILE, PROTOCOL, KitPerson, KitPicture, kit_text
from gaitkit.model.side import Side
from gaitkit.model.visit import RecordingInput
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.patient_video import Shooting, virtual_patient_video
from gaitkit_virtual.standing.people import (
    NARROW_WORLD,
    WIDE_WORLD,
    PeopleSpread,
    VirtualPerson,
    careless,
    draw_person,
    skin_moved,
    take_camera,
    take_setting,
    take_stance,
)
from gaitkit_virtual.truth_file import film_table
from gaitkit_virtual.visits.standing import (
    BLOCKS_MM,
    PictureChoice,
    Shot,
    StickerChoice,
    on_block,
    person_truth,
    stickers_for,
    take,
)
from gaitkit_virtual.visits.visit import (
    TRUTH,
    VirtualVisit,
    virtual_examination,
    write_visit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.progress import Progress
    from gaitkit.model.recording import View
    from gaitkit_virtual.body import BodyKind
    from gaitkit_virtual.film import Setting
    from gaitkit_virtual.standing.parameters import StandingParameters
    from gaitkit_virtual.stickers import Sticker

STAGE = "cohort"
WALK = "walk"
HEIGHT_READ_TO_M = 0.01
# what each part of a person's seed is for
_STANCE, _CAMERA, _ROOM, _HANDS, _RATER, _SWAY, _SKIN, _STAYS = range(1, 9)
World = Literal["wide", "narrow"]
WORLDS: dict[World, PeopleSpread] = {"wide": WIDE_WORLD, "narrow": NARROW_WORLD}
BodyChoice = Literal["procedural", "skinned", "mixed"]
FIRST_HANDS = 1
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

    spread: PeopleSpread = WIDE_WORLD
    picture: PictureChoice = field(default_factory=PictureChoice)
    walk: WalkFilm = field(default_factory=WalkFilm)
    stickers: StickerChoice = field(default_factory=StickerChoice)
    body: BodyChoice = "procedural"


def cohort_choice(
    table: dict[str, Any],
    *,
    body: BodyChoice = "procedural",
    world: World = "wide",
) -> CohortChoice:
    """Return the choice with what differs from the defaults.

    Parameters
    ----------
    table : dict
        Tables ``spread``, ``picture``, ``walk``, ``stickers``.
    body : {"procedural", "skinned", "mixed"}
        Mixed: every other person is drawn from rings.
    world : {"wide", "narrow"}
        How people differ where ``spread`` does not say it.

    Raises
    ------
    ConfigError
        On an unknown key or a value that cannot be.
    """
    spread = {**asdict(WORLDS[world]), **table.get("spread", {})}
    return build(
        CohortChoice,
        {"body": body, **table, "spread": spread},
        where="--set",
        error=ConfigError,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One person to be filmed by one process."""

    folder: Path
    number: int
    seed: int
    choice: CohortChoice
    block_test: bool
    kit: bool

    @property
    def body(self) -> BodyKind:
        """How this person is drawn."""
        if self.choice.body == "mixed":
            return "procedural" if self.number % 2 else "skinned"
        return self.choice.body


def write_virtual_cohort(
    folder: Path,
    choice: CohortChoice,
    *,
    people: int,
    seed: int,
    what: Literal["visits", "block_tests", "kit"] = "visits",
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
    what : {"visits", "block_tests", "kit"}
        Visits, visits with a block test each, or the kit of a practice.
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
                block_test=what == "block_tests",
                kit=what == "kit",
            )
            for number, name in enumerate(names, start=1)
        ]
        for done, _ in enumerate(_each(tasks), start=1):
            if progress is not None:
                progress(STAGE, done, people)
        if what == "kit":
            _write_kit(part, tasks)
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
    person = replace(drawn, look=replace(drawn.look, body=task.body))
    examination = virtual_examination(
        person.standing, seed=(task.seed, task.number, _RATER)
    )
    task.folder.mkdir(parents=True)
    shots = _kit_shots(task, person) if task.kit else _shots(task, person)
    taken = [take(task.folder, shot) for shot in shots]
    if not task.kit and task.choice.walk.passes:
        taken.append(_walk(task, person))
    visit = VirtualVisit(
        subject_id=task.folder.name,
        height_m=_read_height_m(person),
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


def _read_height_m(person: VirtualPerson) -> float:
    """Return the height as it is read off a wall."""
    steps = round(person.standing.height_m / HEIGHT_READ_TO_M)
    return round(steps * HEIGHT_READ_TO_M, 4)


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
            raised = replace(raised, stands_mm=raised.stands_mm + _stays(task, raised))
            yield replace(shot, kind="block_test", person=raised, block_side=side)


def _kit_shots(task: _Task, person: VirtualPerson) -> Iterator[Shot]:
    """Give the pictures of a kit, from the front; two of one stance are one stance."""
    stances = {each.stance: n for n, each in enumerate(PROTOCOL)}
    for order, each in enumerate(PROTOCOL):
        shot = _shot(
            task,
            person,
            "anterior",
            name=each.name,
            again=len(_VIEWS) + len(BLOCKS_MM) + stances[each.stance],
            hands=each.stickers,
        )
        stood = _as_in_kit(shot.person, each, task)
        setting = _again(shot.setting, 100 + order)
        side = each.block_side
        yield replace(
            shot,
            kind="stance" if each.seated or side is None else "block_test",
            person=stood,
            block_side=side,
            setting=setting,
            stickers=_on_skin(shot.stickers, task, seated=each.seated),
        )


def _as_in_kit(
    person: StandingParameters, picture: KitPicture, task: _Task
) -> StandingParameters:
    """Return how a person stands, or sits, for one picture of a kit."""
    spread = task.choice.spread
    if picture.seated:
        anew = person.stands_mm / (spread.stance_sd_mm or 1.0) * spread.seated_sd_mm
        seat = person.seat_difference_mm + anew
        return replace(person, posture="seated", seat_difference_mm=round(seat, 3))
    raised = person
    if picture.block_side is not None:
        raised = on_block(person, picture.block_side, picture.block_height_mm)
    return replace(raised, stands_mm=person.stands_mm + _stays(task, raised))


def _stays(task: _Task, person: StandingParameters) -> float:
    """Return what comes back whenever this person stands on this block, in mm."""
    block = round(person.block_right_mm - person.block_left_mm) + 100
    seed = (task.seed, task.number, _STAYS, block)
    return float(np.random.default_rng(seed).normal(0, task.choice.spread.stays_sd_mm))


def _on_skin(
    stickers: tuple[Sticker, ...], task: _Task, *, seated: bool
) -> tuple[Sticker, ...]:
    """Let the skin of a seated person carry the same stickers once more."""
    if not seated:
        return stickers
    seed = (task.seed, task.number, _SKIN, 0)
    spread = task.choice.spread
    sat = skin_moved(stickers, seed=seed, sd_mm=spread.seated_skin_sd_mm)
    return tuple(
        replace(
            new,
            skin_outward_mm=new.skin_outward_mm + old.skin_outward_mm,
            skin_up_mm=new.skin_up_mm + old.skin_up_mm,
        )
        for new, old in zip(sat, stickers, strict=True)
    )


def _write_kit(folder: Path, tasks: Sequence[_Task]) -> None:
    """Write the kit file: heights and colours, and the true difference as imaging."""
    people = []
    for task in tasks:
        name = task.folder.name
        drawn = draw_person(task.number, seed=task.seed, spread=task.choice.spread)
        colour = drawn.colour
        truth = json.loads((folder / name / TRUTH).read_text(encoding="utf-8"))
        told = float(truth["leg_length_difference_mm"])
        people.append(
            KitPerson(
                id=name,
                height_m=_read_height_m(drawn),
                sticker_colour="white_ring" if colour == "ring" else colour,
                imaging_mm=round(told, 1),
            )
        )
    text = kit_text(people, language="en")
    (folder / KIT_FILE).write_text(text, encoding="utf-8")


def _shot(
    task: _Task,
    person: VirtualPerson,
    view: View,
    *,
    name: str,
    again: int,
    hands: int = FIRST_HANDS,
) -> Shot:
    base, spread = (task.seed, task.number), task.choice.spread
    worn = replace(task.choice.stickers, colour=person.colour)
    # a camera on a stand stays where it is for all pictures of a view
    view_seed = _VIEWS[view]
    by = (*base, _HANDS, view_seed, *([hands] if hands != FIRST_HANDS else []))
    put_on = careless(stickers_for(view, worn), seed=by, spread=spread)
    return Shot(
        name=name,
        kind="stance",
        person=take_stance(
            person.standing, seed=(*base, _STANCE, again), spread=spread
        ),
        camera=take_camera(view, seed=(*base, _CAMERA, view_seed), spread=spread),
        setting=_again(take_setting(view, seed=(*base, _ROOM, view_seed)), again),
        look=person.look,
        stickers=skin_moved(
            put_on, seed=(*base, _SKIN, again), sd_mm=spread.skin_sd_mm
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
