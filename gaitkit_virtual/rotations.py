"""Rotation matrices and Cardan angles, many frames at a time.

Axes are forward, left and up, or those of a segment that stands likewise. All joint
and segment angles use the sequence left axis, forward axis, up axis (Y, X, Z) of the
Plug-in Gait model: flexion or tilt, then adduction or obliquity, then rotation.

Written out by hand where gaitkit takes ``scipy.spatial.transform.Rotation``: these
angles are the truth that gaitkit is held against, and a truth must not share the
machinery under test.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def about_forward(angle: Array) -> Array:
    """Return rotations (n, 3, 3) about the forward axis; positive lifts the left."""
    c, s, one, zero = _parts(angle)
    return _matrix([[one, zero, zero], [zero, c, -s], [zero, s, c]])


def about_left(angle: Array) -> Array:
    """Return rotations (n, 3, 3) about the left axis; positive tips the front down."""
    c, s, one, zero = _parts(angle)
    return _matrix([[c, zero, s], [zero, one, zero], [-s, zero, c]])


def about_up(angle: Array) -> Array:
    """Return rotations (n, 3, 3) about the up axis; positive turns to the left."""
    c, s, one, zero = _parts(angle)
    return _matrix([[c, -s, zero], [s, c, zero], [zero, zero, one]])


def from_cardan(angles: Array) -> Array:
    """Return rotations (n, 3, 3) for Cardan angles (n, 3) in the order Y, X, Z."""
    return (
        about_left(angles[:, 0]) @ about_forward(angles[:, 1]) @ about_up(angles[:, 2])
    )


def to_cardan(rotation: Array) -> Array:
    """Return Cardan angles (n, 3) in radians, order Y, X, Z, of rotations (n, 3, 3).

    With R = Ry(a) Rx(b) Rz(c): R[1,2] = -sin b, R[0,2] = sin a cos b,
    R[1,0] = cos b sin c. Wrong when b comes near 90 degrees (gimbal lock), which no
    joint of a walker does.
    """
    return np.stack(
        [
            np.arctan2(rotation[:, 0, 2], rotation[:, 2, 2]),
            np.arcsin(np.clip(-rotation[:, 1, 2], -1, 1)),
            np.arctan2(rotation[:, 1, 0], rotation[:, 1, 1]),
        ],
        axis=1,
    )


def relative(parent: Array, child: Array) -> Array:
    """Return the rotation (n, 3, 3) of a child segment seen from its parent."""
    return np.swapaxes(parent, 1, 2) @ child


def place(origin: Array, rotation: Array, local: tuple[float, float, float]) -> Array:
    """Return the path (n, 3) of a point fixed in a moving segment.

    Parameters
    ----------
    origin : array (n, 3)
        Origin of the segment in metres.
    rotation : array (n, 3, 3)
        Orientation of the segment.
    local : tuple of float
        The point in the segment's axes forward, left, up, in metres.
    """
    return np.asarray(origin + rotation @ np.asarray(local, dtype=float))


def _parts(angle: Array) -> tuple[Array, Array, Array, Array]:
    angle = np.asarray(angle, dtype=float)
    return np.cos(angle), np.sin(angle), np.ones_like(angle), np.zeros_like(angle)


def _matrix(rows: list[list[Array]]) -> Array:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
