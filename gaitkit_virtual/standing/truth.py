"""What is true about pictures of a person who stands, for tests and for people."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.disc_angles import (
    disc_angle,
    disc_angle_in_picture,
    rearfoot_centres,
)
from gaitkit_virtual.rotations import Array, about_up
from gaitkit_virtual.standing.pictures import stance_stickers
from gaitkit_virtual.standing.stance import HEIGHT_ROLES, VirtualStance
from gaitkit_virtual.sticker_paint import SeenSticker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit_virtual.body import Look
    from gaitkit_virtual.stickers import Sticker

SCHEMA_VERSION = "1"
JOINTS = ("hip", "knee", "ankle", "heel", "foot_index", "shoulder")

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RearfootTruth:
    """Rearfoot angle of one side over the frames (n,), degrees, eversion positive.

    Attributes
    ----------
    anatomical : array (n,)
        Calcaneus against shank in the frontal plane of the foot.
    discs_along_foot, discs_frontal, discs_in_picture : array (n,) or None
        What the four stickers show seen along the foot, projected on the frontal
        plane of the body, and in the picture; None without the four stickers.
    """

    anatomical: Array
    discs_along_foot: Array | None
    discs_frontal: Array | None
    discs_in_picture: Array | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceTruth:
    """A stance, the camera that saw it, and the stickers in its pictures.

    Attributes
    ----------
    stance : VirtualStance
        Who stands.
    camera : Camera
        Who looked.
    seen : tuple of tuple of SeenSticker
        For each frame each sticker.
    rearfoot : dict of Side to RearfootTruth
        True angles.
    """

    stance: VirtualStance
    camera: Camera
    seen: tuple[tuple[SeenSticker, ...], ...]
    rearfoot: dict[Side, RearfootTruth]

    @property
    def px_per_m(self) -> float:
        """Pixels per metre at the middle of the hips in the first frame."""
        middle = self.stance.keypoints["position"].sel(keypoint="pelvis_center")
        seen = self.camera.project(middle.transpose("time", "space").to_numpy())
        return self.camera.px_per_m(float(seen[0, 2]))


def stance_truth(
    stance: VirtualStance, camera: Camera, *, look: Look, stickers: Sequence[Sticker]
) -> StanceTruth:
    """Return what is true about the pictures of a stance.

    Parameters
    ----------
    stance : VirtualStance
        Who stands.
    camera : Camera
        Who looks.
    look : Look
        Clothes and build, on which the stickers lie.
    stickers : sequence of Sticker
        The stickers.
    """
    seen = stance_stickers(stance, camera, look=look, stickers=stickers)
    return StanceTruth(
        stance=stance,
        camera=camera,
        seen=seen,
        rearfoot={side: _rearfoot(stance, camera, seen, side) for side in Side},
    )


def write_stance_truth(path: Path, truth: StanceTruth, *, file: str) -> None:
    """Write the truth of one picture or clip as JSON.

    Parameters
    ----------
    path : Path
        The JSON file.
    truth : StanceTruth
        The truth.
    file : str
        Name of the picture or clip.

    Notes
    -----
    Keys: ``file``, ``view``, ``camera``, ``person``, ``px_per_m``, ``yaw_deg``,
    ``roll_deg``, ``leg_length_mm`` and ``leg_length_difference_mm`` (structural, left
    minus right), ``functional_difference_mm``, ``height_difference_mm`` (per role, mean
    over the frames, left minus right), ``rearfoot_deg`` (per side), ``stickers`` and
    ``joints`` with places in metres and pixels, one entry a frame.
    """
    text = json.dumps(truth_table(truth, file=file), indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def truth_table(truth: StanceTruth, *, file: str) -> Json:
    """Return what `write_stance_truth` writes."""
    stance, person = truth.stance, truth.stance.parameters
    return {
        "schema_version": SCHEMA_VERSION,
        "file": file,
        "view": truth.camera.view,
        "frames": stance.frames,
        "rate_hz": stance.rate_hz,
        "seed": stance.seed,
        "camera": asdict(truth.camera),
        "person": asdict(person),
        "px_per_m": round(truth.px_per_m, 3),
        "yaw_deg": person.yaw_deg,
        "roll_deg": truth.camera.roll_deg,
        "leg_length_mm": {
            side.value: round(stance.leg_length_mm(side), 3) for side in Side
        },
        "leg_length_difference_mm": round(person.leg_length_difference_mm, 3),
        "functional_difference_mm": round(person.functional_difference_mm, 3),
        "height_difference_mm": {
            role: round(float(stance.height_difference_mm(role).mean()), 3)
            for role in HEIGHT_ROLES
        },
        "rearfoot_deg": {
            side.value: _angles(angles) for side, angles in truth.rearfoot.items()
        },
        "stickers": [_sticker(truth, index) for index in range(len(truth.seen[0]))],
        "joints": _joints(truth),
    }


def _rearfoot(
    stance: VirtualStance,
    camera: Camera,
    seen: Sequence[Sequence[SeenSticker]],
    side: Side,
) -> RearfootTruth:
    anatomical = stance.rearfoot_deg(side)
    centres = rearfoot_centres([one.placed for one in seen[0]], side)
    if centres is None:
        return RearfootTruth(
            anatomical=anatomical,
            discs_along_foot=None,
            discs_frontal=None,
            discs_in_picture=None,
        )
    frames = stance.segments.sel(segment=f"{side}_foot")
    foot = frames.transpose("time", "axis", "direction").to_numpy()
    facing = about_up(np.radians(np.full(len(foot), stance.parameters.yaw_deg)))
    along, frontal = (
        disc_angle(centres, (axes[:, :, 1], axes[:, :, 2]), side=side)
        for axes in (foot, facing)
    )
    return RearfootTruth(
        anatomical=anatomical,
        discs_along_foot=along,
        discs_frontal=frontal,
        discs_in_picture=disc_angle_in_picture(centres, camera, side=side),
    )


def _angles(angles: RearfootTruth) -> Json:
    table: Json = {}
    for name in ("anatomical", "discs_along_foot", "discs_frontal", "discs_in_picture"):
        values: Array | None = getattr(angles, name)
        table[name] = None if values is None else round(float(values.mean()), 3)
    return table


def _sticker(truth: StanceTruth, index: int) -> Json:
    frames = [frame[index] for frame in truth.seen]
    placed = frames[0].placed
    return {
        "role": placed.sticker.role,
        "side": placed.sticker.side.value,
        "colour": placed.sticker.colour,
        "diameter_mm": placed.sticker.diameter_mm,
        "hidden": placed.sticker.hidden,
        "placed_mm": [placed.sticker.outward_mm, placed.sticker.up_mm],
        "skin_moved_mm": [
            placed.sticker.skin_outward_mm,
            placed.sticker.skin_up_mm,
        ],
        "visible": [round(one.visible, 3) for one in frames],
        "px": [[round(one.x_px, 3), round(one.y_px, 3)] for one in frames],
        "radius_px": [round(one.radius_px, 3) for one in frames],
        "m": np.round(placed.centre, 5).tolist(),
        "bone_m": np.round(placed.bone, 5).tolist(),
    }


def _joints(truth: StanceTruth) -> Json:
    position = truth.stance.keypoints["position"]
    seen = picture_keypoints(truth.stance, truth.camera)["position"]
    table: Json = {}
    for name in (f"{side}_{joint}" for side in Side for joint in JOINTS):
        path = position.sel(keypoint=name).transpose("time", "space").to_numpy()
        pixels = seen.sel(keypoint=name).transpose("time", "space").to_numpy()
        table[name] = {
            "m": np.round(path, 5).tolist(),
            "px": np.round(pixels, 3).tolist(),
        }
    return table
