"""Pictures and short clips of a virtual person who stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

from gaitkit.errors import ConfigError, OutputError
from gaitkit.io.export.video import Encoding, write_video
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Actor, Setting, film, stickers_seen
from gaitkit_virtual.painter import Light
from gaitkit_virtual.props import PlumbLine, block_parts
from gaitkit_virtual.scene import Room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np

    from gaitkit.model.recording import View
    from gaitkit_virtual.body import Look
    from gaitkit_virtual.standing.stance import VirtualStance
    from gaitkit_virtual.sticker_paint import SeenSticker
    from gaitkit_virtual.stickers import Sticker

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg")
PLUMB_BESIDE_M = 0.55
WALL_BEHIND_M = 1.1
"""From the person to the wall, so that its skirting board is in the picture."""


def stance_camera(view: View, *, distance_m: float = 2.5) -> Camera:
    """Return a phone held upright at hip height that sees the whole person.

    Parameters
    ----------
    view : {"posterior", "anterior", "sagittal_left", "sagittal_right"}
        Side of the person that it looks at.
    distance_m : float
        From the camera to the ankles, in metres; from 2 m a person of 1.9 m fits in.
    """
    return Camera(
        view=view,
        distance_m=distance_m,
        height_m=1.0,
        width_px=1080,
        height_px=1920,
        focal_px=1536.0,
    )


def stance_setting(view: View, *, noise_sd: float = 0.0, seed: int = 0) -> Setting:
    """Return a room whose wall, with its skirting board, is close to the person.

    Parameters
    ----------
    view : {"posterior", "anterior", "sagittal_left", "sagittal_right"}
        Side of the person that is looked at: the plumb line hangs beside them.
    noise_sd : float
        Noise of the camera in grey levels (0 to 255).
    seed : int
        Seed of noise and grain.
    """
    sideways = view in {"sagittal_left", "sagittal_right"}
    line = PlumbLine(
        forward_m=-PLUMB_BESIDE_M if sideways else 0.0,
        left_m=0.0 if sideways else PLUMB_BESIDE_M,
    )
    return Setting(
        room=Room(half_length_m=WALL_BEHIND_M, half_width_m=WALL_BEHIND_M),
        light=Light(far_shade_per_m=0.0),
        plumb_line=line,
        noise_sd=noise_sd,
        seed=seed,
    )


def stance_pictures(
    stance: VirtualStance,
    camera: Camera,
    *,
    look: Look,
    setting: Setting,
    stickers: Sequence[Sticker] = (),
) -> Iterator[np.ndarray]:
    """Yield a picture for each frame of a stance.

    Parameters
    ----------
    stance : VirtualStance
        Who stands.
    camera : Camera
        Who looks; its target is the middle between the ankles.
    look : Look
        Clothes and build; ``barefoot`` for the angle of the heel.
    setting : Setting
        Room, light, noise, plumb line; `stance_setting`.
    stickers : sequence of Sticker
        What sticks on the skin.

    Yields
    ------
    array (height, width, 3) of uint8
        Red, green, blue.
    """
    yield from film([_actor(stance, look, stickers)], camera, setting=setting)


def stance_stickers(
    stance: VirtualStance, camera: Camera, *, look: Look, stickers: Sequence[Sticker]
) -> tuple[tuple[SeenSticker, ...], ...]:
    """Return for each frame where each sticker is in the picture.

    Parameters
    ----------
    stance : VirtualStance
        Who stands.
    camera : Camera
        Who looks.
    look : Look
        Clothes and build: the stickers lie on the skin.
    stickers : sequence of Sticker
        What sticks on the skin.
    """
    return tuple(stickers_seen(_actor(stance, look, stickers), camera))


def write_stance_picture(
    path: Path, picture: np.ndarray, *, jpeg_quality: int = 90
) -> None:
    """Write one picture as PNG or JPEG.

    Parameters
    ----------
    path : Path
        A name ending in .png, .jpg or .jpeg; it appears only when it is complete.
    picture : array (height, width, 3) of uint8
        Red, green, blue.
    jpeg_quality : int
        1 to 100, for JPEG.

    Raises
    ------
    ConfigError
        If the name asks for another format.
    OutputError
        If the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in PICTURE_SUFFIXES:
        msg = f"{path}: expected a name ending in {', '.join(PICTURE_SUFFIXES)}"
        raise ConfigError(f"{msg}, got {path.suffix!r}")
    choices = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]
    _, content = cv2.imencode(suffix, picture[..., ::-1], choices)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(content.tobytes())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        msg = f"cannot write {path}: {error.strerror or error}"
        raise OutputError(msg) from error


def write_stance_clip(
    path: Path,
    pictures: Iterable[np.ndarray],
    *,
    rate_hz: float,
    encoding: Encoding | None = None,
) -> int:
    """Write pictures as an mp4 clip and return their number.

    Parameters
    ----------
    path : Path
        The mp4 file; it appears only when it is complete.
    pictures : iterable of array (height, width, 3) of uint8
        Red, green, blue; even height and width.
    rate_hz : float
        Frames a second.
    encoding : Encoding or None
        Compression.

    Raises
    ------
    ConfigError
        If there is no picture, or its size is odd.
    OutputError
        If the file cannot be written.
    """
    chosen = encoding or Encoding()
    return write_video(path, pictures, rate_hz=rate_hz, encoding=chosen)


def _actor(stance: VirtualStance, look: Look, stickers: Sequence[Sticker]) -> Actor:
    return Actor(
        walk=stance, look=look, stickers=tuple(stickers), props=block_parts(stance)
    )
