"""Pictures of virtual people who stand, as visits that gaitkit can assess."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gaitkit.doors import build
from gaitkit.errors import ConfigError
from gaitkit.io.atomic import new_folder
from gaitkit.model.recording import RecordingKind
from gaitkit.model.side import Side
from gaitkit.model.visit import Examination, RecordingInput
from gaitkit_virtual.body import BodyKind, Look
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Setting
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.people import PeopleSpread, take_stance
from gaitkit_virtual.standing.pictures import (
    stance_camera,
    stance_pictures,
    stance_setting,
    write_stance_clip,
    write_stance_picture,
)
from gaitkit_virtual.standing.stance import stand
from gaitkit_virtual.standing.truth import stance_truth, truth_table
from gaitkit_virtual.stickers import (
    Sticker,
    StickerColour,
    pelvis_stickers,
    rearfoot_stickers,
)
from gaitkit_virtual.visits.visit import VirtualVisit, write_visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import View

PictureFormat = Literal["jpg", "png"]
WhichStickers = Literal["all", "pelvis", "rearfoot", "none"]
BLOCKS_MM = (0.0, 5.0, 10.0, 15.0)
"""Heights of a block test when nobody says otherwise."""

VIRTUAL_ID = "virtual"


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerChoice:
    """Which stickers the person wears: the table ``stickers``."""

    which: WhichStickers = "all"
    colour: StickerColour = "green"
    pelvis_mm: float = 20.0
    rearfoot_mm: float = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureChoice:
    """How the pictures are taken: the table ``picture``.

    Attributes
    ----------
    frames : int
        1 for a picture, more for a clip (.mp4).
    rate_hz : float
        Frames a second of a clip.
    format : {"jpg", "png"}
        Of a picture.
    jpeg_quality : int
        1 to 100.
    noise_sd, blur_px : float
        Noise in grey levels and blur of the camera.
    """

    frames: int = 1
    rate_hz: float = 15.0
    format: PictureFormat = "jpg"
    jpeg_quality: int = 90
    noise_sd: float = 2.0
    blur_px: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualStanding:
    """A person and a camera, as tables person, camera, look, stickers, picture."""

    person: StandingParameters
    camera: Camera
    look: Look = field(default_factory=lambda: Look(barefoot=True))
    stickers: StickerChoice = field(default_factory=StickerChoice)
    picture: PictureChoice = field(default_factory=PictureChoice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture or clip to be taken.

    Attributes
    ----------
    name : str
        File name without its ending.
    kind : {"stance", "block_test"}
        What it is for.
    person : StandingParameters
        How they stand, on which block.
    camera : Camera
        Who looks.
    setting : Setting
        Room, light, noise.
    look : Look
        Clothes and build.
    stickers : tuple of Sticker
        What sticks on the skin.
    picture : PictureChoice
        Format and number of frames.
    seed : int
        Seed of the sway.
    block_side : Side or None
        Under which foot a block of a test is, also one of height 0.
    """

    name: str
    kind: RecordingKind
    person: StandingParameters
    camera: Camera
    setting: Setting
    look: Look
    stickers: tuple[Sticker, ...]
    picture: PictureChoice
    seed: int
    block_side: Side | None = None


def virtual_standing(
    table: dict[str, Any],
    *,
    height_m: float,
    view: View,
    body: BodyKind = "procedural",
) -> VirtualStanding:
    """Return a person of a height and a camera with what differs from the defaults.

    Parameters
    ----------
    table : dict
        Tables ``person``, ``camera``, ``look``, ``stickers`` and ``picture``.
    height_m : float
        Body height in metres.
    view : {"posterior", "anterior", "sagittal_left", "sagittal_right"}
        Side of the person that the camera looks at.
    body : {"procedural", "skinned"}
        Drawn rings or a human skin; the skin has to be fetched once.

    Raises
    ------
    ConfigError
        On an unknown key or a value that cannot be.
    """
    full = {
        **table,
        "person": {"height_m": height_m, **table.get("person", {})},
        "camera": {**asdict(stance_camera(view)), **table.get("camera", {})},
        "look": {"barefoot": True, "body": body, **table.get("look", {})},
    }
    return build(VirtualStanding, full, where="--set", error=ConfigError)


def write_virtual_stance(
    folder: Path | str, chosen: VirtualStanding, *, seed: int, force: bool = False
) -> tuple[Path, ...]:
    """Write a picture of a person who stands, its visit file and the truth.

    Parameters
    ----------
    folder : Path or str
        New or empty, or anything with ``force``.
    chosen : VirtualStanding
        Person, camera, stickers and picture.
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
    shot = _shot(chosen, chosen.person, name="stance", kind="stance", seed=seed)
    return _write(Path(folder), chosen.person, [shot], force=force)


def write_virtual_block_test(
    folder: Path | str,
    chosen: VirtualStanding,
    *,
    heights_mm: Sequence[float] = BLOCKS_MM,
    side: Side,
    seed: int,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write one picture for each block height, the visit file and the truth.

    Parameters
    ----------
    folder : Path or str
        New or empty, or anything with ``force``.
    chosen : VirtualStanding
        Person, camera, stickers and picture.
    heights_mm : sequence of float
        Block heights; 0 is without a block. For each the person steps up anew.
    side : Side
        Under which foot.
    seed : int
        Seed of stances, sway and noise.
    force : bool
        True to write into a folder that holds files.

    Raises
    ------
    ConfigError
        If a height is given twice, or nobody can stand so.
    OutputError
        If a file cannot be written.
    """
    if len(set(heights_mm)) < len(heights_mm) or not heights_mm:
        listed = ", ".join(f"{height:g}" for height in heights_mm)
        msg = f"--heights is {listed or 'empty'}; expected different heights in mm"
        raise ConfigError(msg)
    shots = []
    for number, height in enumerate(heights_mm):
        stepped = take_stance(chosen.person, seed=(seed, number), spread=PeopleSpread())
        shots.append(
            replace(
                _shot(
                    chosen,
                    on_block(stepped, side, height),
                    name=f"block_{height:g}mm",
                    kind="block_test",
                    seed=seed + number,
                ),
                block_side=side,
            )
        )
    return _write(Path(folder), chosen.person, shots, force=force)


def block_heights(text: str) -> tuple[float, ...]:
    """Return block heights in mm from a text such as ``0,5,10``.

    Raises
    ------
    ConfigError
        If it is no list of numbers.
    """
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        msg = f"--heights is {text!r}; expected numbers in mm such as 0,5,10"
        raise ConfigError(msg) from None


def on_block(
    person: StandingParameters, side: Side, height_mm: float
) -> StandingParameters:
    """Return the person with a block under one foot only."""
    left = side is Side.LEFT
    return replace(
        person,
        block_left_mm=height_mm if left else 0.0,
        block_right_mm=0.0 if left else height_mm,
    )


def take(folder: Path, shot: Shot) -> tuple[RecordingInput, dict[str, object]]:
    """Write one picture or clip and return how a visit names it, and its truth."""
    picture = shot.picture
    stance = stand(
        shot.person, frames=picture.frames, rate_hz=picture.rate_hz, seed=shot.seed
    )
    pictures = stance_pictures(
        stance,
        shot.camera,
        look=shot.look,
        setting=shot.setting,
        stickers=shot.stickers,
    )
    if picture.frames == 1:
        path = folder / f"{shot.name}.{picture.format}"
        write_stance_picture(path, next(pictures), jpeg_quality=picture.jpeg_quality)
    else:
        path = folder / f"{shot.name}.mp4"
        write_stance_clip(path, pictures, rate_hz=picture.rate_hz)
    truth = stance_truth(stance, shot.camera, look=shot.look, stickers=shot.stickers)
    side = shot.block_side
    recording = RecordingInput(
        file=Path(path.name),
        kind=shot.kind,
        view=shot.camera.view,
        condition="barefoot" if shot.look.barefoot else "shod",
        posture="seated" if shot.person.posture == "seated" else None,
        block_side=side,
        block_height_mm=None if side is None else 1000 * shot.person.block_of(side),
    )
    return recording, truth_table(truth, file=path.name)


def stickers_for(view: View, choice: StickerChoice) -> tuple[Sticker, ...]:
    """Return the stickers that a view can show."""
    colour = choice.colour
    pelvis = rearfoot = ()  # type: tuple[Sticker, ...]
    if choice.which in {"all", "pelvis"} and view in {"posterior", "anterior"}:
        role: Literal["psis", "asis"] = "psis" if view == "posterior" else "asis"
        pelvis = pelvis_stickers(role, colour, diameter_mm=choice.pelvis_mm)
    if choice.which in {"all", "rearfoot"} and view == "posterior":
        rearfoot = rearfoot_stickers(colour, diameter_mm=choice.rearfoot_mm)
    return pelvis + rearfoot


def person_truth(person: StandingParameters) -> dict[str, object]:
    """Return what is true about a person in every picture."""
    return {
        "leg_length_difference_mm": person.leg_length_difference_mm,
        "asis_difference_mm": person.asis_difference_mm,
        "psis_difference_mm": person.psis_difference_mm,
        "seat_difference_mm": person.seat_difference_mm,
        "hip_width_m": person.hip_width_m,
        "block_share": person.block_share,
        "pelvis_share": person.pelvis_share,
        "thigh_difference_mm": person.thigh_difference_mm,
        "shank_difference_mm": person.shank_difference_mm,
        "functional_difference_mm": person.functional_difference_mm,
        "rearfoot_deg": {side.value: person.eversion_of(side) for side in Side},
        "height_m": person.height_m,
    }


def _shot(
    chosen: VirtualStanding,
    person: StandingParameters,
    *,
    name: str,
    kind: RecordingKind,
    seed: int,
) -> Shot:
    view, picture = chosen.camera.view, chosen.picture
    setting = stance_setting(view, noise_sd=picture.noise_sd, seed=seed)
    return Shot(
        name=name,
        kind=kind,
        person=person,
        camera=chosen.camera,
        setting=replace(setting, blur_px=picture.blur_px),
        look=chosen.look,
        stickers=stickers_for(view, chosen.stickers),
        picture=picture,
        seed=seed,
    )


def _write(
    folder: Path, person: StandingParameters, shots: Sequence[Shot], *, force: bool
) -> tuple[Path, ...]:
    with new_folder(folder, replace=force) as part:
        taken = [take(part, shot) for shot in shots]
        visit = VirtualVisit(
            subject_id=VIRTUAL_ID,
            height_m=person.height_m,
            sex=None,
            shod=False,
            recordings=tuple(recording for recording, _ in taken),
            examination=Examination(),
            truth={**person_truth(person), "recordings": [truth for _, truth in taken]},
        )
        write_visit(part, visit)
    names = [recording.file.name for recording, _ in taken]
    return tuple(folder / name for name in (*names, "visit.toml", "truth.json"))
