"""Draw lit surfaces with OpenCV, far ones first: the painter's algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit_virtual.rotations import Array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit_virtual.body import Part
    from gaitkit_virtual.camera import Camera

Window = tuple[tuple[int, int], int]
SUBPIXEL_BITS = 4
"""OpenCV draws polygons at 1/16 of a pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """How the scene is lit.

    Attributes
    ----------
    from_above, from_camera : float
        Strength of the lamp overhead and of the light from the camera's side.
    ambient : float
        Light from everywhere.
    rim : float
        Darkening where a surface turns away from the camera: separates limbs.
    far_shade_per_m : float
        Darkening per metre that a surface lies beyond the middle of its body: the
        far leg stands in the shade of the near one.
    darkest : float
        Share of the light that is left at least.
    """

    from_above: float = 0.28
    from_camera: float = 0.38
    ambient: float = 0.50
    rim: float = 0.35
    far_shade_per_m: float = 2.5
    darkest: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """Quadrilaterals of one frame, in no order.

    Attributes
    ----------
    corners : array (faces, 4, 3)
        Metres.
    colours : array (faces, 3)
        Red, green, blue, 0 to 1.
    middles : array (faces, 3)
        Middle of the body to which each belongs.
    """

    corners: Array
    colours: Array
    middles: Array


def faces_at(parts: Sequence[Part], frame: int) -> Faces:
    """Collect the faces of all parts in one frame, their ends closed."""
    corners, colours = [], []
    for part in parts:
        points, shades = _closed(part.vertices[frame], part.colours)
        right = np.roll(points, -1, axis=1)
        quads = np.stack([points[:-1], right[:-1], right[1:], points[1:]], axis=2)
        corners.append(quads.reshape(-1, 4, 3))
        colours.append(shades[:-1].reshape(-1, 3))
    every = np.concatenate(corners)
    return Faces(
        corners=every,
        colours=np.concatenate(colours),
        middles=np.broadcast_to(every.mean(axis=(0, 1)), (len(every), 3)),
    )


def paint(
    image: np.ndarray, faces: Faces, *, camera: Camera, light: Light, window: Window
) -> None:
    """Draw faces into an image.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        Red, green, blue; changed in place.
    faces : Faces
        What to draw.
    camera : Camera
        Who looks.
    light : Light
        How it is lit.
    window : ((int, int), int)
        Left and top of the image in the camera's picture, and how many pixels of
        the image make one of the picture.
    """
    seen = camera.project(faces.corners)
    towards = camera.position - faces.corners.mean(axis=1)
    distance = np.linalg.norm(towards, axis=1)
    normal = normals(faces.corners)
    facing = (normal * towards).sum(axis=1) / distance
    drawn = (facing > 0) & np.isfinite(seen).all(axis=(1, 2))
    order = np.flatnonzero(drawn)[np.argsort(-distance[drawn], kind="stable")]
    shade = lit(normal, facing, light)
    beyond = distance - np.linalg.norm(camera.position - faces.middles, axis=1)
    shade = shade * np.clip(1 - light.far_shade_per_m * beyond, light.darkest, 1)
    colours = np.clip(255 * faces.colours * shade[:, None], 0, 255)
    corner, scale = window
    # OpenCV's pixel centres are whole numbers, the camera's are halves
    # what is behind the camera has no place and is not drawn
    pixels = (np.nan_to_num(seen[..., :2]) - corner) * scale - 0.5
    pixels = np.round(pixels * (1 << SUBPIXEL_BITS)).astype(np.int32)
    for face in order:
        colour = tuple(map(float, colours[face]))
        cv2.fillConvexPoly(image, pixels[face], colour, cv2.LINE_8, SUBPIXEL_BITS)


def _closed(points: Array, shades: Array) -> tuple[Array, Array]:
    """Add the middle of the first and last ring, so that no tube is open."""
    first = np.broadcast_to(points[:1].mean(axis=1, keepdims=True), points[:1].shape)
    last = np.broadcast_to(points[-1:].mean(axis=1, keepdims=True), points[:1].shape)
    return (
        np.concatenate([first, points, last]),
        np.concatenate([shades[:1], shades, shades[-1:]]),
    )


def normals(corners: Array) -> Array:
    """Return the unit normals (faces, 3) of quadrilaterals (faces, 4, 3)."""
    one = corners[:, 2] - corners[:, 0]
    two = corners[:, 3] - corners[:, 1]
    normal = np.cross(one, two)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    return np.asarray(normal / np.maximum(length, 1e-12))


def lit(normal: Array, facing: Array, light: Light) -> Array:
    """Return how bright surfaces are.

    Parameters
    ----------
    normal : array (faces, 3)
        Unit normals.
    facing : array (faces,)
        Cosine of the angle to the camera.
    light : Light
        The light.
    """
    above = np.clip(0.5 + 0.5 * normal[:, 2], 0, 1)
    shine = light.ambient + light.from_above * above + light.from_camera * facing
    return np.asarray(shine * (1 - light.rim * (1 - np.clip(facing, 0, 1)) ** 2))
