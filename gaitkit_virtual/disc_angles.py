"""The rearfoot angle that the four stickers of a foot truly show, without any picture.

The line of the two calf stickers against that of the two heel stickers, eversion
positive. In the frontal plane of the foot it is the anatomical angle, unless stickers
were put on beside the midline. In the frontal plane of the body it differs, because
the stickers lie at different depths and the foot points outwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.rearfoot import line_angle
from gaitkit_virtual.stickers import REARFOOT_ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.side import Side
    from gaitkit_virtual.camera import Camera
    from gaitkit_virtual.rotations import Array
    from gaitkit_virtual.sticker_places import PlacedSticker


def rearfoot_centres(
    placed: Sequence[PlacedSticker], side: Side
) -> tuple[Array, ...] | None:
    """Return the paths (n, 3) of the four stickers of a foot, None without them all."""
    centres = {p.sticker.role: p.centre for p in placed if p.sticker.side is side}
    if not set(REARFOOT_ROLES) <= set(centres):
        return None
    return tuple(centres[role] for role in REARFOOT_ROLES)


def disc_angle(
    centres: Sequence[Array], axes: tuple[Array, Array], *, side: Side
) -> Array:
    """Return the angle of the stickers in a plane, in degrees, eversion positive.

    Parameters
    ----------
    centres : sequence of array (n, 3)
        Upper and lower calf, upper and lower heel, in metres.
    axes : tuple of array (n, 3)
        Left and up axis of the plane.
    side : Side
        Which foot.
    """
    calf = line_angle(centres[0], centres[1], axes)
    heel = line_angle(centres[2], centres[3], axes)
    return np.asarray(np.degrees(sign_of(side) * (calf - heel)))


def disc_angle_in_picture(
    centres: Sequence[Array], camera: Camera, *, side: Side
) -> Array:
    """Return the angle that a picture from behind shows, in degrees, eversion positive.

    Perspective, yaw, toe-out and a lens that bends lines are in it; the roll of the
    camera turns both lines alike and is not.
    """
    seen = [camera.project(path)[:, :2] for path in centres]
    axes = (np.array([[-1.0, 0.0]]), np.array([[0.0, -1.0]]))
    calf = line_angle(seen[0], seen[1], axes)
    heel = line_angle(seen[2], seen[3], axes)
    return np.asarray(np.degrees(sign_of(side) * (calf - heel)))
