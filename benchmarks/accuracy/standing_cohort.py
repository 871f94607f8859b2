"""Virtual people who stand: pictures with blocks and stickers, and their truth."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.model.analysis import Analysis
from gaitkit.model.side import Side
from gaitkit.model.visit import RecordingInput
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Setting
from gaitkit_virtual.standing.people import (
    PeopleSpread,
    VirtualPerson,
    careless,
    draw_person,
    take_camera,
    take_setting,
    take_stance,
)
from gaitkit_virtual.standing.pictures import stance_pictures, write_stance_picture
from gaitkit_virtual.standing.stance import VirtualStance, stand
from gaitkit_virtual.stickers import Sticker, pelvis_stickers, rearfoot_stickers

if TYPE_CHECKING:
    import numpy as np

    from gaitkit.pose.stickers.roles import FrontalView
    from gaitkit_virtual.body import BodyKind

FIT_SEED, EVALUATION_SEED = 500, 4000
"""Seeds 0 to 999 are for fitting and are never used to evaluate."""

RATE_HZ = 30.0
JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One person before one camera, for several pictures.

    Attributes
    ----------
    person : VirtualPerson
        Who.
    number, seed : int
        Which of which cohort.
    camera, setting
        Where and how the pictures are taken; the camera stays where it is.
    stickers : tuple of Sticker
        On the skin for all pictures.
    """

    person: VirtualPerson
    number: int
    seed: int
    camera: Camera
    setting: Setting
    stickers: tuple[Sticker, ...]
    spread: PeopleSpread

    def stance(self, block_mm: float) -> VirtualStance:
        """Return how the person stands on a block: right foot, negative for left."""
        seed = (self.seed, self.number, 1, int(block_mm) + 100)
        taken = take_stance(self.person.standing, seed=seed, spread=self.spread)
        on_block = replace(
            taken,
            block_right_mm=max(block_mm, 0.0),
            block_left_mm=max(-block_mm, 0.0),
        )
        return stand(on_block, frames=1, rate_hz=RATE_HZ)

    def picture(self, stance: VirtualStance) -> np.ndarray:
        """Return the picture of a stance."""
        return next(
            stance_pictures(
                stance,
                self.camera,
                look=self.person.look,
                setting=self.setting,
                stickers=self.stickers,
            )
        )

    def file(self, stance: VirtualStance, folder: Path) -> Path:
        """Write the picture of a stance as JPEG."""
        with tempfile.NamedTemporaryFile(
            dir=folder, suffix=".jpg", delete=False
        ) as file:
            path = Path(file.name)
        write_stance_picture(path, self.picture(stance), jpeg_quality=JPEG_QUALITY)
        return path


def sitting(
    number: int,
    *,
    seed: int,
    view: FrontalView,
    spread: PeopleSpread,
    with_stickers: bool,
    body: BodyKind,
) -> Sitting:
    """Return one person of a cohort before a camera."""
    person = draw_person(number, seed=seed, spread=spread)
    person = replace(person, look=replace(person.look, body=body))
    stickers: tuple[Sticker, ...] = ()
    if with_stickers:
        pelvis = pelvis_stickers(
            "psis" if view == "posterior" else "asis", person.colour
        )
        heels = rearfoot_stickers(person.colour) if view == "posterior" else ()
        stickers = careless((*pelvis, *heels), seed=(seed, number, 4), spread=spread)
    return Sitting(
        person=person,
        number=number,
        seed=seed,
        camera=take_camera(view, seed=(seed, number, 2), spread=spread),
        setting=take_setting(view, seed=(seed, number, 3)),
        stickers=stickers,
        spread=spread,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One picture: what was found and what is true."""

    body: str
    number: int
    view: str
    block_mm: float
    source: RecordingInput
    analysis: Analysis
    height_m: float
    difference_mm: float
    hips_mm: float
    pelvis_deg: float
    rearfoot_deg: dict[Side, float]
    discs_deg: dict[Side, float]
    roll_deg: float
