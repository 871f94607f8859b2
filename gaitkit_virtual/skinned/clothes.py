"""Colour of each face of the skin: clothes, hair and face, from the body at rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit_virtual import body_shape as shape
from gaitkit_virtual.rotations import Array

if TYPE_CHECKING:
    from gaitkit_virtual.body import Look
    from gaitkit_virtual.skinned.mesh import RestBody

WAIST_SHARE = 0.20
"""Hem of the shirt, from the hips to the shoulders."""

SLEEVE_SHARE = 0.60
SHOE_SHARE = 0.93
"""Where shoes end, down the shank."""

EYE_REACH_M = (0.020, 0.014, 0.006)
BROW_REACH_M = (0.020, 0.016, 0.004)
BROW_ABOVE_M = 0.018
MOUTH_REACH_M = (0.030, 0.022, 0.006)
LIPS = 0.72
CUTS = 4
"""Pieces each way of a face across a hem."""

FOREHEAD = 0.08
BEHIND_EARS_M, TEMPLES_M = 0.02, 0.03
"""Hairline: higher at the front; how far it reaches ahead of the skull's joint."""

DARK = (0.12, 0.09, 0.08)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches:
    """Faces of one colour each; those across a hem are cut into smaller ones.

    Attributes
    ----------
    whole : array (faces, 4) of int
        Vertices of the faces that are kept.
    cut : array (faces, 4) of int
        Vertices of the faces that are cut, each into `CUTS` squared.
    colours : array (patches, 3)
        Of the whole ones, then of the pieces of the cut ones.
    """

    whole: np.ndarray
    cut: np.ndarray
    colours: Array

    def corners(self, vertices: Array) -> Array:
        """Return the corners (patches, 4, 3) of all patches."""
        pieces = np.einsum("pcv,fvx->fpcx", _PIECES, vertices[self.cut])
        return np.concatenate([vertices[self.whole], pieces.reshape(-1, 4, 3)])


def patches(rest: RestBody, look: Look) -> Patches:
    """Return the faces of a body with their colours.

    Parameters
    ----------
    rest : RestBody
        The body at rest.
    look : Look
        Clothes and colours.
    """
    pieces = np.einsum("pcv,fvx->fpcx", _PIECES, rest.skin[rest.faces]).mean(axis=2)
    names = list(rest.weights)
    table = np.stack([rest.weights[name] for name in names], axis=1)
    owner = table[rest.faces].sum(axis=1).argmax(axis=1)
    count = CUTS**2
    colours = _coloured(
        pieces.reshape(-1, 3), np.repeat(owner, count), names, rest=rest, look=look
    ).reshape(-1, count, 3)
    same = (colours == colours[:, :1]).all(axis=(1, 2))
    return Patches(
        whole=rest.faces[same],
        cut=rest.faces[~same],
        colours=np.concatenate([colours[same, 0], colours[~same].reshape(-1, 3)]),
    )


def _coloured(
    middle: Array, owner: np.ndarray, names: list[str], *, rest: RestBody, look: Look
) -> Array:
    colours = np.broadcast_to(look.skin, middle.shape).copy()
    part = {name: owner == index for index, name in enumerate(names)}
    _trunk(colours, part, middle, rest, look)
    _head(colours, part["head"], middle, rest, look)
    for side in Side:
        _limbs(colours, part, middle, rest, side, look)
    return colours


def _pieces() -> Array:
    """Return the weights (pieces, 4, 4) that cut a face into smaller ones."""
    made = []
    for i in range(CUTS):
        for j in range(CUTS):
            ends = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            made.append([_bilinear(u / CUTS, v / CUTS) for u, v in ends])
    return np.array(made)


def _bilinear(u: float, v: float) -> tuple[float, float, float, float]:
    return (1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v


def _trunk(
    colours: Array,
    part: dict[str, np.ndarray],
    middle: Array,
    rest: RestBody,
    look: Look,
) -> None:
    hips, shoulders = rest.joints["l-upper-leg"][2], rest.joints["l-shoulder"][2]
    share = (middle[:, 2] - hips) / (shoulders - hips)
    body = part["trunk"] | part["pelvis"]
    neck = middle[:, 2] > rest.joints["neck"][2]
    colours[body & (share > WAIST_SHARE) & ~neck] = look.shirt
    colours[body & (share <= WAIST_SHARE)] = look.shorts


def _limbs(
    colours: Array,
    part: dict[str, np.ndarray],
    middle: Array,
    rest: RestBody,
    side: Side,
    look: Look,
) -> None:
    def along(start: str, end: str) -> Array:
        first, last = (rest.joints[f"{side[0]}-{name}"] for name in (start, end))
        line = last - first
        return np.asarray((middle - first) @ line / (line @ line))

    thigh, shank = along("upper-leg", "knee"), along("knee", "ankle")
    colours[part[f"{side}_thigh"] & (thigh <= look.shorts_to)] = look.shorts
    colours[part[f"{side}_shank"] & (1 + shank <= look.shorts_to)] = look.shorts
    sleeve = along("shoulder", "elbow") <= SLEEVE_SHARE
    colours[part[f"{side}_upper_arm"] & sleeve] = look.shirt
    if not look.barefoot:
        foot = part[f"{side}_foot"] | part[f"{side}_toes"]
        colours[foot | (part[f"{side}_shank"] & (shank > SHOE_SHARE))] = look.shoes
        low = middle[:, 2] < rest.skin[:, 2].min() + shape.SOLE_THICKNESS_M
        colours[foot & low] = look.soles


def _head(
    colours: Array, head: np.ndarray, middle: Array, rest: RestBody, look: Look
) -> None:
    joints = rest.joints
    tall = (joints["top"] - joints["head_base"])[2]
    up = (middle[:, 2] - joints["head_base"][2]) / tall
    ahead = middle[:, 0] - joints["head"][0]
    drawn = shape.HEAD[-1].at
    crown = up > shape.HAIRLINE_M / drawn + FOREHEAD * (ahead > 0)
    back = (ahead < BEHIND_EARS_M) & (up > shape.NAPE_M / drawn)
    temples = (ahead < TEMPLES_M) & (up > shape.TEMPLE_M / drawn)
    colours[head & (crown | back | temples)] = look.hair
    above = np.array([0.0, 0.0, BROW_ABOVE_M])
    spots = [(joints[f"{letter}-eye"], EYE_REACH_M, DARK) for letter in "lr"]
    spots += [(eye + above, BROW_REACH_M, look.hair) for eye, _, _ in spots]
    if "mouth" in joints:
        lips = tuple(LIPS * np.array(look.skin))
        forward = joints["mouth"] * (1, 1, 0) + (0.03, 0.0, joints["mouth"][2])
        spots.append((forward, MOUTH_REACH_M, lips))
    for centre, reach, colour in spots:
        near = ((middle - centre) / np.array(reach))[:, 1:] ** 2
        colours[head & (near.sum(axis=1) < 1) & (ahead > 0)] = colour


_PIECES = _pieces()
