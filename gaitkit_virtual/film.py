"""Film virtual walkers: bodies in a room, picture by picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit_virtual.body import Look, Part
from gaitkit_virtual.painter import Faces, Light, faces_at, paint
from gaitkit_virtual.posed import Posed
from gaitkit_virtual.props import PlumbLine, paint_plumb_line
from gaitkit_virtual.scene import Room, cast_shadows, room_picture
from gaitkit_virtual.sticker_paint import SeenSticker, paint_stickers, see_stickers
from gaitkit_virtual.sticker_places import PlacedSticker, place_stickers
from gaitkit_virtual.stickers import Sticker
from gaitkit_virtual.surface import Surface, surface_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit_virtual.camera import Camera

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
    blur_px : float
        Standard deviation of the blur of the lens, in pixels.
    plumb_line : PlumbLine or None
        A cord that hangs in the room.
    seed : int
        Seed of noise and grain.
    """

    room: Room = field(default_factory=Room)
    light: Light = field(default_factory=Light)
    noise_sd: float = 0.0
    blur_px: float = 0.0
    plumb_line: PlumbLine | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who walks or stands, and what is seen of them.

    Attributes
    ----------
    walk : Posed
        The walk or stance.
    look : Look
        Clothes, colours and build.
    first_frame : int
        Frame of the walk with which the film begins.
    stickers : tuple of Sticker
        What sticks on the skin.
    props : tuple of Part
        Things at the body, such as blocks under the feet.
    """

    walk: Posed
    look: Look = field(default_factory=Look)
    first_frame: int = 0
    stickers: tuple[Sticker, ...] = ()
    props: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawable:
    """The surfaces of an actor in a frame, and the stickers on them."""

    actor: Actor
    skin: Surface
    stickers: tuple[PlacedSticker, ...]

    def faces(self, frame: int) -> Faces:
        """Return skin and props in a frame."""
        skin = self.skin.faces(frame)
        if not self.actor.props:
            return skin
        return joined([skin, faces_at(self.actor.props, frame)])


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
    if setting.plumb_line is not None:
        paint_plumb_line(room, setting.plumb_line, camera=camera)
    bodies = [_drawable(actor) for actor in actors]
    lengths = [a.walk.keypoints.sizes["time"] - a.first_frame for a in actors]
    for frame in range(min(lengths)):
        picture = room.copy()
        for actor in actors:
            at = actor.first_frame + frame
            picture = cast_shadows(picture, actor.walk, at, camera=camera)
        _draw(picture, bodies, frame, camera=camera, light=setting.light)
        if setting.blur_px:
            picture = cv2.GaussianBlur(picture, (0, 0), setting.blur_px)
        if setting.noise_sd:
            noise = rng.standard_normal(picture.shape, dtype=np.float32)
            noisy = picture + setting.noise_sd * noise
            picture = np.clip(noisy, 0, 255).astype(np.uint8)
        yield picture


def stickers_seen(actor: Actor, camera: Camera) -> Iterator[tuple[SeenSticker, ...]]:
    """Yield for each frame of an actor where the stickers are in the picture.

    Parameters
    ----------
    actor : Actor
        Who wears them, alone in the picture.
    camera : Camera
        Who looks.
    """
    body = _drawable(actor)
    for frame in range(actor.first_frame, actor.walk.keypoints.sizes["time"]):
        faces = body.faces(frame)
        yield see_stickers(body.stickers, frame, faces=faces, camera=camera)


def joined(faces: Sequence[Faces]) -> Faces:
    """Return the faces of several bodies as one."""
    return Faces(
        corners=np.concatenate([f.corners for f in faces]),
        colours=np.concatenate([f.colours for f in faces]),
        middles=np.concatenate([f.middles for f in faces]),
    )


def _drawable(actor: Actor) -> _Drawable:
    skin = surface_of(actor.walk, actor.look)
    placed = place_stickers(actor.walk, skin.faces, actor.stickers)
    return _Drawable(actor=actor, skin=skin, stickers=placed)


def _draw(
    picture: np.ndarray,
    bodies: Sequence[_Drawable],
    frame: int,
    *,
    camera: Camera,
    light: Light,
) -> None:
    """Draw all bodies of one frame into the picture, smoothly, in place."""
    both = joined([body.faces(body.actor.first_frame + frame) for body in bodies])
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
    for body in bodies:
        at = body.actor.first_frame + frame
        paint_stickers(
            picture, body.stickers, at, faces=both, camera=camera, light=light
        )


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
