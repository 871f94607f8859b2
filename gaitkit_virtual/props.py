"""Things that stand or hang in the room: blocks under a foot, a plumb line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit.model.side import Side
from gaitkit_virtual.body import Colour, Part, outside_out
from gaitkit_virtual.standing.posture import HIP_ABOVE_SEAT_M

if TYPE_CHECKING:
    from gaitkit_virtual.camera import Camera
    from gaitkit_virtual.rotations import Array
    from gaitkit_virtual.standing.stance import VirtualStance

BLOCK_LENGTH_M, BLOCK_WIDTH_M = 0.32, 0.13
BLOCK_COLOUR: Colour = (0.72, 0.55, 0.36)
STOOL_M = 0.36
"""Side of the square seat."""

STOOL_COLOUR: Colour = (0.42, 0.44, 0.48)
CELL_M = 0.02
"""Side of the faces of a block, so that far ones are drawn first."""

FINENESS = 4
"""Points per pixel at which the line is drawn."""

LINE_STEPS = 64
SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlumbLine:
    """A cord with a weight at its end, hanging still.

    Attributes
    ----------
    forward_m, left_m : float
        Where it hangs.
    top_m, bottom_m : float
        Heights of its ends above the floor.
    width_mm : float
        Thickness.
    colour : tuple of float
        Red, green, blue, 0 to 1.
    """

    forward_m: float = 0.0
    left_m: float = 0.55
    top_m: float = 2.4
    bottom_m: float = 0.12
    width_mm: float = 4.0
    colour: Colour = (0.10, 0.10, 0.12)


def block_parts(stance: VirtualStance) -> tuple[Part, ...]:
    """Return the blocks under the feet of a person who stands, or the stool."""
    if stance.parameters.posture == "seated":
        return (outside_out(_stool(stance)),)
    sides = [side for side in Side if stance.parameters.block_of(side) > 0]
    return tuple(outside_out(_block(stance, side)) for side in sides)


def paint_plumb_line(picture: np.ndarray, line: PlumbLine, *, camera: Camera) -> None:
    """Draw a plumb line into a picture in place, with smooth edges.

    Parameters
    ----------
    picture : array (height, width, 3) of uint8
        Red, green, blue.
    line : PlumbLine
        The line.
    camera : Camera
        Who looks.
    """
    heights = np.linspace(line.top_m, line.bottom_m, LINE_STEPS)
    ends = np.column_stack(
        [np.full(LINE_STEPS, line.forward_m), np.full(LINE_STEPS, line.left_m), heights]
    )
    seen = camera.project(ends)
    if not np.isfinite(seen).all():
        return
    half = camera.px_per_m(float(seen[:, 2].mean())) * line.width_mm / 2000
    outline = _ribbon(seen[:, :2], half)
    weight = _ribbon(seen[-3:, :2], 4 * half)
    mask = np.zeros(
        (picture.shape[0] * FINENESS, picture.shape[1] * FINENESS), np.uint8
    )
    for shape in (outline, weight):
        pixels = (shape * FINENESS - 0.5) * (1 << SUBPIXEL_BITS)
        points = np.round(pixels).astype(np.int32)
        cv2.fillPoly(mask, [points], 255, cv2.LINE_8, SUBPIXEL_BITS)
    size = (picture.shape[1], picture.shape[0])
    cover = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)[..., None] / 255
    tone = 255 * np.array(line.colour)
    picture[:] = np.round(picture * (1 - cover) + tone * cover).astype(np.uint8)


def _stool(stance: VirtualStance) -> Part:
    """Return a stool under the pelvis: a tube from left to right, made of faces."""
    middle = stance.keypoints["position"].sel(keypoint="pelvis_center", time=0.0)
    centre = middle.transpose("space").to_numpy().copy()
    height = float(centre[2]) - HIP_ABOVE_SEAT_M
    centre[2] = 0.0
    facing = np.radians(stance.parameters.yaw_deg)
    ahead = np.array([np.cos(facing), np.sin(facing), 0.0])
    left = np.array([-ahead[1], ahead[0], 0.0])
    section = _section(height, half_m=STOOL_M / 2)
    rows = np.arange(0, STOOL_M + CELL_M / 2, CELL_M) - STOOL_M / 2
    vertices = (
        centre
        + rows[:, None, None] * left
        - section[:, :1] * ahead
        + section[:, 1:] * np.array([0.0, 0.0, 1.0])
    )
    return Part(
        vertices=np.repeat(vertices[None], stance.frames, axis=0),
        colours=np.broadcast_to(STOOL_COLOUR, vertices.shape),
    )


def _block(stance: VirtualStance, side: Side) -> Part:
    """Return one block as a closed tube along the foot, made of small faces."""
    position = stance.keypoints["position"].transpose("keypoint", "time", "space")
    heel, toe = (
        position.sel(keypoint=f"{side}_{name}").to_numpy()
        for name in ("heel_contact", "toe_contact")
    )
    height = stance.parameters.block_of(side)
    ahead = (toe - heel)[0] / np.linalg.norm((toe - heel)[0])
    left = np.cross((0.0, 0.0, 1.0), ahead)
    middle = (heel[0] + toe[0]) / 2
    middle[2] = 0.0
    section = _section(height)
    rows = np.arange(0, BLOCK_LENGTH_M + CELL_M / 2, CELL_M) - BLOCK_LENGTH_M / 2
    vertices = (
        middle
        + rows[:, None, None] * ahead
        + section[:, :1] * left
        + section[:, 1:] * np.array([0.0, 0.0, 1.0])
    )
    count = len(heel)
    return Part(
        vertices=np.repeat(vertices[None], count, axis=0),
        colours=np.broadcast_to(BLOCK_COLOUR, vertices.shape),
    )


def _section(height_m: float, *, half_m: float = BLOCK_WIDTH_M / 2) -> Array:
    """Return points (n, 2) around a cross-section: to the left and up, in metres."""
    half = half_m
    corners = np.array(
        [(half, 0), (half, height_m), (-half, height_m), (-half, 0), (half, 0)]
    )
    points = []
    for start, end in pairwise(corners):
        cells = max(1, round(float(np.linalg.norm(end - start)) / CELL_M))
        points += [start + (end - start) * k / cells for k in range(cells)]
    return np.array(points)


def _ribbon(points: Array, half_px: float) -> Array:
    """Return the outline of a band around a line."""
    along = np.gradient(points, axis=0)
    along = along / np.linalg.norm(along, axis=1, keepdims=True)
    aside = half_px * np.column_stack([-along[:, 1], along[:, 0]])
    return np.concatenate([points + aside, (points - aside)[::-1]])
