"""The room in which a virtual patient is filmed: floor, walls and shadows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitkit_virtual.body import Colour

if TYPE_CHECKING:
    from gaitkit_virtual.camera import Camera
    from gaitkit_virtual.posed import Posed

Numbers = NDArray[np.floating[Any]]

SKIRTING_M = 0.10
BOARD_M = 0.14
"""Width of a floor board."""

GAP_SHARE = 0.02
"""Half the gap between two boards, as a share of a board."""

FARTHEST_M = 1000.0
SHADOW_BLUR_M = 0.035
BLUR_KEPT_PX = 4.0
"""Shadows are drawn in a smaller picture in which they are still blurred so far."""

COARSEST = 4
FOOT_SHADOW = 0.45
BODY_SHADOW = 0.16
"""Share of the light that shadows under the feet and under the body take away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A plain room. The walls stand at these distances from the middle of the walk.

    Attributes
    ----------
    half_length_m, half_width_m : float
        To the end walls along ``forward`` and to the side walls along ``left``.
    wall, floor, skirting : tuple of float
        Colours, red, green, blue, 0 to 1.
    grain : float
        Strength of the floor boards and of the unevenness of the wall, 0 to 1.
    """

    half_length_m: float = 8.0
    half_width_m: float = 1.6
    wall: Colour = (0.80, 0.80, 0.77)
    floor: Colour = (0.58, 0.52, 0.45)
    skirting: Colour = (0.92, 0.92, 0.90)
    grain: float = 1.0


def room_picture(camera: Camera, room: Room, *, seed: int) -> np.ndarray:
    """Return the empty room as the camera sees it.

    Parameters
    ----------
    camera : Camera
        The camera; the wall behind it is left out.
    room : Room
        The room.
    seed : int
        Seed of the grain.

    Returns
    -------
    array (height, width, 3) of uint8
        Red, green, blue.
    """
    rays = _rays(camera)
    start = np.asarray(camera.position, np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        to_floor = np.where(rays[..., 2] < 0, -start[2] / rays[..., 2], np.inf)
        to_end = _to_wall(start[0], rays[..., 0], room.half_length_m)
        to_side = _to_wall(start[1], rays[..., 1], room.half_width_m)
    to_wall = np.minimum(np.minimum(to_end, to_side), FARTHEST_M)
    # a pixel at the foot of the wall shows as much floor as it covers
    share = _share_above(rays, start, to_wall, height_m=0.0, camera=camera)
    rng = np.random.default_rng(seed)
    picture = np.zeros((*share.shape, 3), np.float32)
    low, high = share < 1, share > 0
    points = start + rays[low] * np.minimum(to_floor, to_wall)[low][:, None]
    picture[low] = _floor(points, room, rng)
    points = start + rays[high] * to_wall[high][:, None]
    skirting = _share_above(rays, start, to_wall, height_m=SKIRTING_M, camera=camera)
    wall = _wall(points, room, rng, skirting=1 - skirting[high])
    picture[high] += share[high][:, None] * (wall - picture[high])
    return np.asarray(np.clip(255 * picture, 0, 255).astype(np.uint8))


def cast_shadows(
    picture: np.ndarray, walk: Posed, frame: int, *, camera: Camera
) -> np.ndarray:
    """Return the picture with soft shadows of one walker on the floor.

    Parameters
    ----------
    picture : array (height, width, 3) of uint8
        The room.
    walk : Posed
        Who walks or stands.
    frame : int
        Frame of the walk.
    camera : Camera
        Who looks.
    """
    height, width = picture.shape[:2]
    blur = SHADOW_BLUR_M * camera.px_per_m(camera.distance_m)
    coarse = int(np.clip(blur / BLUR_KEPT_PX, 1, COARSEST))
    light = np.ones((-(-height // coarse), -(-width // coarse)), np.float32)
    position = walk.keypoints["position"].isel(time=frame)
    body = position.sel(keypoint="pelvis_center").to_numpy()
    _darken(light, body, (0.30, 0.24), BODY_SHADOW, camera=camera)
    for side in ("left", "right"):
        toe = position.sel(keypoint=f"{side}_toe_contact").to_numpy()
        heel = position.sel(keypoint=f"{side}_heel_contact").to_numpy()
        for point in (0.8 * heel + 0.2 * toe, 0.5 * heel + 0.5 * toe, toe):
            strength = FOOT_SHADOW * max(0.0, 1 - point[2] / 0.15)
            _darken(light, point, (0.08, 0.055), strength, camera=camera)
    light = cv2.GaussianBlur(light, (0, 0), max(blur / coarse, 0.5))
    light = cv2.resize(light, None, fx=coarse, fy=coarse)[:height, :width]
    return np.asarray((picture * light[..., None]).astype(np.uint8))


def _rays(camera: Camera) -> Numbers:
    """Return the direction of each pixel (height, width, 3)."""
    x = (np.arange(camera.width_px) + 0.5 - camera.width_px / 2) / camera.focal_px
    y = (np.arange(camera.height_px) + 0.5 - camera.height_px / 2) / camera.focal_px
    right, down, ahead = camera.axes
    shrink = camera.straightened(np.hypot(x[None], y[:, None]))[..., None]
    aside = shrink * (x[None, :, None] * right + y[:, None, None] * down)
    return np.asarray((aside + ahead).astype(np.float32))


def _to_wall(start: float, along: Numbers, half_m: float) -> Numbers:
    """Return the distance to the wall ahead; a camera outside looks through its own."""
    return np.asarray((np.where(along > 0, half_m, -half_m) - start) / along).clip(0)


def _share_above(
    rays: Numbers, start: Numbers, to_wall: Numbers, *, height_m: float, camera: Camera
) -> Numbers:
    """Return the share of each pixel that lies above a level line on the wall."""
    height = start[2] + rays[..., 2] * to_wall - height_m
    pixel_m = to_wall / camera.focal_px
    return np.asarray(np.clip(height / pixel_m + 0.5, 0, 1))


def _floor(points: Numbers, room: Room, rng: np.random.Generator) -> Numbers:
    board = np.floor(points[:, 1] / BOARD_M).astype(int)
    tones = rng.normal(0, 0.025 * room.grain, 512)
    across = points[:, 1] / BOARD_M
    gap = np.abs(across - np.round(across)) < GAP_SHARE
    tone = 1 + tones[board % 512] - 0.12 * room.grain * gap
    return np.asarray(np.array(room.floor) * tone[:, None])


def _wall(
    points: Numbers, room: Room, rng: np.random.Generator, *, skirting: Numbers
) -> Numbers:
    height = points[:, 2]
    tone = 0.93 + 0.05 * np.clip(height / 2.5, 0, 1)
    phase = rng.uniform(0, 2 * np.pi, 2)
    along = points[:, 0] + points[:, 1]
    wave = np.sin(0.9 * along + phase[0]) + np.sin(0.37 * along + 1.3 * height)
    tone = tone + 0.012 * room.grain * wave
    wall = np.array(room.wall) * tone[:, None]
    board = 0.93 * np.array(room.skirting)
    return np.asarray(wall + skirting[:, None] * (board - wall))


def _darken(
    light: np.ndarray,
    point: Numbers,
    reach_m: tuple[float, float],
    strength: float,
    *,
    camera: Camera,
) -> None:
    """Draw one round shadow on the floor under a point."""
    if strength <= 0:
        return
    angle = np.linspace(0, 2 * np.pi, 24)
    ring = np.column_stack(
        [
            point[0] + reach_m[0] * np.cos(angle),
            point[1] + reach_m[1] * np.sin(angle),
            np.zeros(len(angle)),
        ]
    )
    coarse = camera.height_px / light.shape[0]
    seen = camera.project(ring)[:, :2] / coarse
    if np.isfinite(seen).all():
        cover = np.zeros(light.shape, np.uint8)
        cv2.fillPoly(cover, [np.round(seen).astype(np.int32)], 1)
        light[cover > 0] *= 1 - strength
