"""Draw stickers into a picture: true ellipses with smooth edges, hidden by the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit_virtual.painter import Faces, Light, lit, normals
from gaitkit_virtual.rotations import Array
from gaitkit_virtual.sticker_places import PlacedSticker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit_virtual.camera import Camera
    from gaitkit_virtual.stickers import StickerColour

FINENESS = 8
"""Points per pixel, each way, at which the cover of a pixel is counted."""

ROUND = 64
"""Corners of a drawn circle."""

BEHIND_M = 0.015
"""Surfaces nearer to the camera by more than this hide a sticker."""

STEEPEST = 0.08
"""Cosine between sticker and line of sight below which nothing of it is seen."""

INNER_SHARE = 0.62
"""White part of a ring sticker over its outer diameter."""

SUBPIXEL_BITS = 4

_PAINT: dict[StickerColour, tuple[float, float, float]] = {
    "red": (0.86, 0.10, 0.12),
    "green": (0.08, 0.66, 0.22),
    "blue": (0.08, 0.28, 0.82),
    "yellow": (0.96, 0.82, 0.08),
    "ring": (0.05, 0.05, 0.05),
}
_WHITE = (0.97, 0.97, 0.97)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSticker:
    """One sticker in one picture.

    Attributes
    ----------
    placed : PlacedSticker
        Which one.
    x_px, y_px : float
        Where its middle is projected; pixel centres are halves. NaN behind the camera.
    radius_px : float
        Radius of its largest extent in the picture.
    visible : float
        Share (0 to 1) of its outline that is to be seen; 0 when it is hidden, faces
        away or is out of the picture.
    """

    placed: PlacedSticker
    x_px: float
    y_px: float
    radius_px: float
    visible: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The surfaces that face the camera in one frame, as they lie in the picture.

    Attributes
    ----------
    seen : array (faces, 4, 2)
        Corners in pixels.
    low, high : array (faces, 2)
        Their least and largest coordinates.
    distance : array (faces,)
        From the camera in metres.
    """

    seen: Array
    low: Array
    high: Array
    distance: Array


def screen_of(faces: Faces, camera: Camera) -> Screen:
    """Return the surfaces that may hide a sticker."""
    towards = camera.position - faces.corners.mean(axis=1)
    front = (normals(faces.corners) * towards).sum(axis=1) > 0
    seen = camera.project(faces.corners[front])[..., :2]
    whole = np.isfinite(seen).all(axis=(1, 2))
    seen = seen[whole]
    return Screen(
        seen=seen,
        low=seen.min(axis=1),
        high=seen.max(axis=1),
        distance=np.linalg.norm(towards[front][whole], axis=1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Outline of a sticker in the picture and its brightness."""

    outline: Array
    inner: Array
    brightness: float
    cover: Array
    corner: tuple[int, int]


def see_stickers(
    placed: Sequence[PlacedSticker], frame: int, *, faces: Faces, camera: Camera
) -> tuple[SeenSticker, ...]:
    """Return where stickers are in a picture and how much of each is seen.

    Parameters
    ----------
    placed : sequence of PlacedSticker
        The stickers.
    frame : int
        Frame of the walk or stance.
    faces : Faces
        The bodies in that frame.
    camera : Camera
        Who looks.
    """
    seen = []
    screen = screen_of(faces, camera)
    for sticker in placed:
        x, y, depth = camera.project(sticker.centre[frame])
        drawn = _outlined(sticker, frame, screen=screen, camera=camera)
        full = 0.0 if drawn is None else _area(drawn.outline)
        cover = 0.0 if drawn is None else float(drawn.cover.sum())
        seen.append(
            SeenSticker(
                placed=sticker,
                x_px=float(x),
                y_px=float(y),
                radius_px=_radius_m(sticker) * camera.px_per_m(float(depth)),
                visible=min(1.0, cover / full) if full else 0.0,
            )
        )
    return tuple(seen)


def paint_stickers(
    picture: np.ndarray,
    placed: Sequence[PlacedSticker],
    frame: int,
    *,
    faces: Faces,
    camera: Camera,
    light: Light,
) -> None:
    """Draw stickers into a picture in place.

    Parameters
    ----------
    picture : array (height, width, 3) of uint8
        Red, green, blue, with the bodies already in it.
    placed : sequence of PlacedSticker
        The stickers.
    frame : int
        Frame of the walk or stance.
    faces : Faces
        The bodies in that frame.
    camera : Camera
        Who looks.
    light : Light
        How it is lit.
    """
    screen = screen_of(faces, camera)
    for sticker in placed:
        drawn = _outlined(sticker, frame, screen=screen, camera=camera, light=light)
        if drawn is None:
            continue
        colour = sticker.sticker.colour
        _blend(picture, drawn, drawn.cover, _PAINT[colour])
        if colour == "ring":
            inner = _cover(drawn.inner, drawn) * (drawn.cover > 0)
            _blend(picture, drawn, np.minimum(inner, drawn.cover), _WHITE)


def _outlined(
    placed: PlacedSticker,
    frame: int,
    *,
    screen: Screen,
    camera: Camera,
    light: Light | None = None,
) -> _Drawn | None:
    """Return a sticker as it lies in the picture, None when nothing of it is seen."""
    centre, normal = placed.centre[frame], placed.normal[frame]
    towards = camera.position - centre
    distance = float(np.linalg.norm(towards))
    facing = float(normal @ towards) / distance
    if placed.sticker.hidden or facing < STEEPEST:
        return None
    outline = camera.project(_circle(centre, normal, _radius_m(placed)))[:, :2]
    if not np.isfinite(outline).all():
        return None
    low, high = outline.min(axis=0), outline.max(axis=0)
    left, top = np.maximum(np.floor(low).astype(int) - 1, 0)
    right, bottom = np.ceil(high).astype(int) + 1
    right, bottom = min(right, camera.width_px), min(bottom, camera.height_px)
    if right <= left or bottom <= top:
        return None
    inner = _circle(centre, normal, INNER_SHARE * _radius_m(placed))
    shine = lit(normal[None], np.array([facing]), light or Light())[0]
    drawn = _Drawn(
        outline=outline,
        inner=camera.project(inner)[:, :2],
        brightness=float(shine),
        cover=np.ones((bottom - top, right - left)),
        corner=(int(left), int(top)),
    )
    free = _not_behind(screen, distance - BEHIND_M, drawn)
    cover = _cover(outline, drawn, free=free)
    if not cover.any():
        return None
    return _Drawn(
        outline=outline,
        inner=drawn.inner,
        brightness=drawn.brightness,
        cover=cover,
        corner=drawn.corner,
    )


def _radius_m(placed: PlacedSticker) -> float:
    return placed.sticker.diameter_mm / 2000


def _circle(centre: Array, normal: Array, radius_m: float) -> Array:
    across = np.cross(normal, (0.0, 0.0, 1.0))
    if np.linalg.norm(across) < 1e-6:  # noqa: PLR2004 - the sticker lies level
        across = np.array([1.0, 0.0, 0.0])
    across = across / np.linalg.norm(across)
    other = np.cross(normal, across)
    angle = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)[:, None]
    return np.asarray(
        centre + radius_m * (np.cos(angle) * across + np.sin(angle) * other)
    )


def _fine(points: Array, drawn: _Drawn) -> np.ndarray:
    """Return picture coordinates as OpenCV wants them on the fine grid."""
    pixels = (points - drawn.corner) * FINENESS - 0.5
    return np.round(pixels * (1 << SUBPIXEL_BITS)).astype(np.int32)


def _cover(outline: Array, drawn: _Drawn, *, free: np.ndarray | None = None) -> Array:
    """Return the share of each pixel that an outline covers."""
    rows, columns = drawn.cover.shape
    mask = np.zeros((rows * FINENESS, columns * FINENESS), np.uint8)
    cv2.fillPoly(mask, [_fine(outline, drawn)], 1, cv2.LINE_8, SUBPIXEL_BITS)
    if free is not None:
        mask &= free
    blocks = mask.reshape(rows, FINENESS, columns, FINENESS)
    return np.asarray(blocks.mean(axis=(1, 3)))


def _not_behind(screen: Screen, nearer_than_m: float, drawn: _Drawn) -> np.ndarray:
    """Return where no surface stands before the sticker, on the fine grid."""
    rows, columns = drawn.cover.shape
    free = np.ones((rows * FINENESS, columns * FINENESS), np.uint8)
    corner = np.array(drawn.corner)
    over = (screen.high >= corner) & (screen.low <= np.add(corner, (columns, rows)))
    near = over.all(axis=1) & (screen.distance < nearer_than_m)
    for face in screen.seen[near]:
        cv2.fillConvexPoly(free, _fine(face, drawn), 0, cv2.LINE_8, SUBPIXEL_BITS)
    return free


def _blend(
    picture: np.ndarray, drawn: _Drawn, cover: Array, colour: tuple[float, float, float]
) -> None:
    left, top = drawn.corner
    rows, columns = cover.shape
    part = picture[top : top + rows, left : left + columns]
    tone = np.clip(255 * drawn.brightness * np.array(colour), 0, 255)
    mixed = part * (1 - cover[..., None]) + tone * cover[..., None]
    part[:] = np.round(mixed).astype(np.uint8)


def _area(outline: Array) -> float:
    """Return the area of a closed outline in square pixels."""
    following = np.roll(outline, -1, axis=0)
    cross = outline[:, 0] * following[:, 1] - outline[:, 1] * following[:, 0]
    return float(abs(cross.sum()) / 2)
