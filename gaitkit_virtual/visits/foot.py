"""Pictures of one foot of a virtual person, sitting and standing, as a visit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.doors import build
from gaitkit.errors import ConfigError
from gaitkit.io.atomic import new_folder
from gaitkit.model.settings import require_within
from gaitkit.model.side import Side
from gaitkit.model.standing import FootLoad
from gaitkit.model.visit import Examination, RecordingInput
from gaitkit_virtual.body import BodyKind, Look
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Setting
from gaitkit_virtual.standing.foot import (
    foot_camera,
    foot_truth,
    step_stance,
)
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.pictures import (
    stance_pictures,
    stance_setting,
    write_stance_picture,
)
from gaitkit_virtual.standing.stance import VirtualStance, stand
from gaitkit_virtual.standing.truth import stance_truth, truth_table
from gaitkit_virtual.stickers import Sticker, StickerColour, foot_stickers
from gaitkit_virtual.visits.standing import (
    VIRTUAL_ID,
    PictureChoice,
    person_truth,
)
from gaitkit_virtual.visits.visit import VirtualVisit, write_visit

if TYPE_CHECKING:
    import numpy as np

HEIGHT_RANGE, DROP_RANGE = (10.0, 75.0), (-10.0, 25.0)
"""Millimetres of a navicular above the floor, and of its drop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootChoice:
    """The foot: the table ``foot``.

    Attributes
    ----------
    navicular_mm : float
        Height of its navicular, standing.
    drop_mm : float
        How much higher it is, sitting.
    colour, diameter_mm
        Its stickers.

    Raises
    ------
    ConfigError
        If no foot is so.
    """

    navicular_mm: float = 45.0
    drop_mm: float = 6.0
    colour: StickerColour = "green"
    diameter_mm: float = 12.0

    def __post_init__(self) -> None:
        """Check both heights."""
        low, high = HEIGHT_RANGE
        require_within(
            "simulate.foot.navicular_mm", self.navicular_mm, (low, high), unit="mm"
        )
        require_within("simulate.foot.drop_mm", self.drop_mm, DROP_RANGE, unit="mm")

    def height_mm(self, load: FootLoad) -> float:
        """Return the height of the navicular under a load."""
        return self.navicular_mm + (self.drop_mm if load == "unloaded" else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualFoot:
    """A foot and a camera, as tables person, camera, look, foot and picture."""

    person: StandingParameters
    camera: Camera
    look: Look = field(default_factory=lambda: Look(barefoot=True))
    foot: FootChoice = field(default_factory=FootChoice)
    picture: PictureChoice = field(default_factory=PictureChoice)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootShot:
    """One picture of a foot to be taken.

    Attributes
    ----------
    side, load
        Which foot, standing or sitting.
    person : StandingParameters
        How they stand. Somebody who sits is drawn standing, with a higher navicular.
    camera : Camera
        Who looks.
    look : Look
        Skin and build.
    setting : Setting
        Room, light, noise.
    stickers : tuple of Sticker
        The first one is that of the navicular.
    navicular_mm : float
        True height.
    seed : int
        Seed of the sway.
    """

    side: Side
    load: FootLoad
    person: StandingParameters
    camera: Camera
    look: Look
    setting: Setting
    stickers: tuple[Sticker, ...]
    navicular_mm: float
    seed: int


def virtual_foot(
    table: dict[str, Any], *, height_m: float, side: Side, body: BodyKind
) -> VirtualFoot:
    """Return a foot and a camera with what differs from the defaults.

    Parameters
    ----------
    table : dict
        Tables ``person``, ``camera``, ``look``, ``foot`` and ``picture``.
    height_m : float
        Body height in metres.
    side : Side
        Which foot.
    body : {"procedural", "skinned"}
        Drawn rings or a human skin; the skin has to be fetched once.

    Raises
    ------
    ConfigError
        On an unknown key or a value that cannot be.
    """
    plain = step_stance(StandingParameters(height_m=height_m), side)
    stands = {"height_m": height_m, "step_m": plain.step_m}
    person = {**stands, **table.get("person", {})}
    full = {
        **table,
        "person": person,
        "camera": {**asdict(foot_camera(plain, side)), **table.get("camera", {})},
        "look": {"barefoot": True, "body": body, **table.get("look", {})},
    }
    return build(VirtualFoot, full, where="--set", error=ConfigError)


def write_virtual_foot(
    folder: Path, chosen: VirtualFoot, *, side: Side, seed: int, force: bool = False
) -> tuple[Path, ...]:
    """Write a picture of a foot sitting and one standing, visit file and truth.

    Parameters
    ----------
    folder : Path
        New or empty, or anything with ``force``.
    chosen : VirtualFoot
        Foot, camera and picture.
    side : Side
        Which foot.
    seed : int
        Seed of sway and noise.
    force : bool
        True to write into a folder that holds files.

    Raises
    ------
    ConfigError
        If nobody can stand so.
    OutputError
        If a file cannot be written.
    """
    loads: tuple[FootLoad, ...] = ("unloaded", "loaded")
    with new_folder(folder, replace=force) as part:
        taken = [
            take_foot(part, foot_shot(chosen, side, load, seed=seed), chosen.picture)
            for load in loads
        ]
        visit = VirtualVisit(
            subject_id=VIRTUAL_ID,
            height_m=chosen.person.height_m,
            sex=None,
            shod=False,
            recordings=tuple(recording for recording, _ in taken),
            examination=Examination(),
            truth={
                **person_truth(chosen.person),
                "navicular_drop_mm": {side.value: chosen.foot.drop_mm},
                "recordings": [truth for _, truth in taken],
            },
        )
        write_visit(part, visit)
    names = [recording.file.name for recording, _ in taken]
    return tuple(folder / name for name in (*names, "visit.toml", "truth.json"))


def foot_shot(
    chosen: VirtualFoot, side: Side, load: FootLoad, *, seed: int
) -> FootShot:
    """Return how a picture of a foot is to be taken."""
    picture, foot = chosen.picture, chosen.foot
    setting = stance_setting(chosen.camera.view, noise_sd=picture.noise_sd, seed=seed)
    height = foot.height_mm(load)
    return FootShot(
        side=side,
        load=load,
        person=chosen.person,
        camera=chosen.camera,
        look=chosen.look,
        setting=replace(setting, blur_px=picture.blur_px, plumb_line=None),
        stickers=foot_stickers(
            side, foot.colour, diameter_mm=foot.diameter_mm, navicular_mm=height
        ),
        navicular_mm=height,
        seed=seed,
    )


def foot_stance(shot: FootShot) -> VirtualStance:
    """Return how somebody stands before the camera."""
    return stand(shot.person, frames=1, rate_hz=1.0, seed=shot.seed)


def draw_foot(shot: FootShot, stance: VirtualStance) -> np.ndarray:
    """Return the picture of a foot of a stance, (height, width, 3) of uint8."""
    return next(
        stance_pictures(
            stance,
            shot.camera,
            look=shot.look,
            setting=shot.setting,
            stickers=shot.stickers,
        )
    )


def take_foot(
    folder: Path, shot: FootShot, picture: PictureChoice
) -> tuple[RecordingInput, dict[str, object]]:
    """Write one picture of a foot; return how a visit names it, and its truth."""
    path = folder / f"foot_{shot.side}_{shot.load}.{picture.format}"
    stance = foot_stance(shot)
    drawn = draw_foot(shot, stance)
    write_stance_picture(path, drawn, jpeg_quality=picture.jpeg_quality)
    truth = foot_truth(
        stance,
        shot.camera,
        side=shot.side,
        look=shot.look,
        navicular_mm=shot.navicular_mm,
    )
    colour = shot.stickers[0].colour
    recording = RecordingInput(
        file=Path(path.name),
        kind="stance",
        view=shot.camera.view,
        condition="barefoot",
        floor_line_px=truth.floor_line_px,
        sticker_colour="white_ring" if colour == "ring" else colour,
        sticker_diameter_mm=shot.stickers[0].diameter_mm,
        foot_side=shot.side,
        foot_load=shot.load,
    )
    whole = stance_truth(stance, shot.camera, look=shot.look, stickers=shot.stickers)
    table = truth_table(whole, file=path.name)
    return recording, {**table, "foot": asdict(truth), "foot_load": shot.load}
