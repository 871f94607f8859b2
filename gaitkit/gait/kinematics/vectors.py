"""Vectors and frames of many frames of a recording at a time.

A frame is an array (time, 3, 3) whose columns are the axes forward, left and up of a
segment in laboratory space, so ``R @ local`` gives a laboratory vector.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]


def unit(vector: Array) -> Array:
    """Return vectors (time, 3) at length 1; NaN where the length is 0."""
    length = np.sqrt(np.einsum("ti,ti->t", vector, vector))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(vector / length[:, None])


def distance(first: Array, second: Array) -> Array:
    """Return the distance (time,) between two points."""
    gap = first - second
    return np.asarray(np.sqrt(np.einsum("ti,ti->t", gap, gap)))


def cross(first: Array, second: Array) -> Array:
    """Return the cross product (time, 3); faster than numpy's own on short axes."""
    a, b, c = first.T
    d, e, f = second.T
    return np.stack((b * f - c * e, c * d - a * f, a * e - b * d), axis=1)


def frame_up_left(up: Array, left: Array) -> Array:
    """Return frames whose up axis is kept and whose left axis is made square to it."""
    z = unit(up)
    x = unit(cross(left, z))
    return np.stack((x, cross(z, x), z), axis=2)


def frame_left_forward(left: Array, forward: Array) -> Array:
    """Return frames whose left axis is kept; forward is made square to it."""
    y = unit(left)
    z = unit(cross(forward, y))
    return np.stack((cross(y, z), y, z), axis=2)


def frame_forward_left(forward: Array, left: Array) -> Array:
    """Return frames whose forward axis is kept; left is made square to it."""
    x = unit(forward)
    z = unit(cross(x, left))
    return np.stack((x, cross(z, x), z), axis=2)


def relative(parent: Array, child: Array) -> Array:
    """Return the child segment (time, 3, 3) as seen from its parent."""
    return np.asarray(np.einsum("tji,tjk->tik", parent, child))


def in_frame(frame: Array, vector: Array) -> Array:
    """Return laboratory vectors (time, 3) in the axes of a frame."""
    return np.asarray(np.einsum("tji,tj->ti", frame, vector))


def out_of_frame(frame: Array, local: Array) -> Array:
    """Return vectors in the axes of a frame, (3,) or (time, 3), in the laboratory."""
    subscripts = "tij,j->ti" if local.ndim == 1 else "tij,tj->ti"
    return np.asarray(np.einsum(subscripts, frame, local))


def cardan(rotation: Array) -> Array:
    """Return Cardan angles (time, 3) in degrees, order left, forward, up axis.

    Parameters
    ----------
    rotation : array (time, 3, 3)
        ``Ry(a) Rx(b) Rz(c)``.

    Returns
    -------
    array (time, 3)
        NaN where the rotation is not known.

    Notes
    -----
    The order of Plug-in Gait and, for the knee, of Grood & Suntay 1983
    (doi:10.1115/1.3138397): flexion, adduction, rotation. Wrong near b = 90 degrees.
    """
    angles = np.full((len(rotation), 3), np.nan)
    known = np.isfinite(rotation).all(axis=(1, 2))
    if known.any():
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", message="Gimbal lock", category=UserWarning
            )
            turned = Rotation.from_matrix(rotation[known])
            angles[known] = turned.as_euler("YXZ", degrees=True)
    return angles


def heading_frame(direction: Array) -> Array:
    """Return frames along horizontal directions (time, 2), up along the laboratory."""
    forward = np.column_stack((direction, np.zeros(len(direction))))
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), forward.shape)
    return frame_up_left(up, cross(up, forward))
