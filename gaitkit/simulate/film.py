"""Film virtual walkers: bodies in a room, picture by picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit.simulate.body import Look, body_parts
from gaitkit.simulate.painter import Faces, Light, faces_at, paint
from gaitkit.simulate.scene import Room, cast_shadows, room_picture
from gaitkit.simulate.virtual_walk import VirtualWalk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.simulate.camera import Camera

SUPERSAMPLING = 2
"""Pixels drawn per pixel shown, each way: smooth edges."""
MARGIN_PX = 12
"""Border around the bodies that is drawn finely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and how a film is taken.

    Attributes
    ----------
    room : Room
        The room.
    light : Light
        The light.
    noise_sd : float
        Noise of the camera in grey levels (0 to 255), new in each picture.
    seed : int
        Seed of noise and grain.
    """

    room: Room = field(default_factory=Room)
    light: Light = field(default_factory=Light)
    noise_sd: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A walk and what the walker looks like.

    Attributes
    ----------
    walk : VirtualWalk
        The walk.
    look : Look
        Clothes, colours and build.
    first_frame : int
        Frame of the walk with which the film begins.
    """

    walk: VirtualWalk
    look: Look = field(default_factory=Look)
    first_frame: int = 0


def film(
    actors: Sequence[Actor], camera: Camera, *, setting: Setting
) -> Iterator[np.ndarray]:
    """Yield the pictures of a film until the first of the walks is over.

    Parameters
    ----------
    actors : sequence of Actor
        Who is seen; their walks have the same rate.
    camera : Camera
        The camera.
    setting : Setting
        Room, light and noise.

    Yields
    ------
    array (height, width, 3) of uint8
        Red, green, blue.
    """
    rng = np.random.default_rng(setting.seed)
    room = room_picture(camera, setting.room, seed=setting.seed)
    bodies = [body_parts(actor.walk, actor.look) for actor in actors]
    lengths = [a.walk.keypoints.sizes["time"] - a.first_frame for a in actors]
    for frame in range(min(lengths)):
        picture = room.copy()
        for actor in actors:
            at = actor.first_frame + frame
            picture = cast_shadows(picture, actor.walk, at, camera=camera)
        faces = [
            faces_at(parts, actor.first_frame + frame)
            for parts, actor in zip(bodies, actors, strict=True)
        ]
        _draw(picture, faces, camera=camera, light=setting.light)
        if setting.noise_sd:
            noise = rng.normal(0, setting.noise_sd, picture.shape)
            picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
        yield picture


def _draw(
    picture: np.ndarray,
    faces: Sequence[Faces],
    *,
    camera: Camera,
    light: Light,
) -> None:
    """Draw all bodies of one frame into the picture, smoothly, in place."""
    both = Faces(
        corners=np.concatenate([f.corners for f in faces]),
        colours=np.concatenate([f.colours for f in faces]),
        middles=np.concatenate([f.middles for f in faces]),
    )
    box = _box(camera.project(both.corners)[..., :2], picture.shape[:2])
    if box is None:
        return
    rows, columns = box
    part = picture[rows, columns]
    size = (part.shape[1] * SUPERSAMPLING, part.shape[0] * SUPERSAMPLING)
    fine = cv2.resize(part, size, interpolation=cv2.INTER_NEAREST)
    offset = (columns.start, rows.start)
    paint(fine, both, camera=camera, light=light, window=(offset, SUPERSAMPLING))
    small = (part.shape[1], part.shape[0])
    picture[rows, columns] = cv2.resize(fine, small, interpolation=cv2.INTER_AREA)


def _box(seen: np.ndarray, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Return the rows and columns that bodies may cover, None when out of sight."""
    points = seen[np.isfinite(seen).all(axis=-1)]
    if not len(points):
        return None
    low = np.floor(points.min(axis=0)).astype(int) - MARGIN_PX
    high = np.ceil(points.max(axis=0)).astype(int) + MARGIN_PX
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (shape[1], shape[0]))
    if right <= left or bottom <= top:
        return None
    return slice(int(top), int(bottom)), slice(int(left), int(right))
