"""The packed body at rest: skin, joints and the weights of its segments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ModelFileError
from gaitkit_virtual.rotations import Array
from gaitkit_virtual.skinned.files import HINT, body_file
from gaitkit_virtual.skinned.straight import straightened

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit_virtual.body import Sex

EYES_UP_THE_HEAD = 0.47
"""Height of the eyes over that of the head, from the chin, as in the drawn head."""

PELVIS_TO_M, TRUNK_FROM_M = 0.10, 0.24
"""Heights above the hips of a body at rest between which the skin turns from pelvis to
trunk: the iliac crests, about 0.03 m above the ASIS, are bone and tilt as one with the
hips; the loins below the ribs bend. The weights of the mesh let the crests follow a
third of a tilt of the pelvis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestBody:
    """A body that stands with its arms out, in metres: forward, left, up.

    Attributes
    ----------
    skin : array (vertices, 3)
        The surface.
    faces : array (faces, 4) of int
        Vertices of each face, in order as seen from outside.
    weights : dict of str to array (vertices,)
        Share with which each segment moves a vertex.
    joints : dict of str to array (3,)
        Joint centres, ``head_base`` (chin level) and ``top`` among them.
    """

    skin: Array
    faces: np.ndarray
    weights: dict[str, Array]
    joints: dict[str, Array]

    @property
    def height_m(self) -> float:
        """From sole to top of the head."""
        return float(np.ptp(self.skin[:, 2]))


def rest_body(sex: Sex, weight: float) -> RestBody:
    """Return a body of a sex and a build.

    Parameters
    ----------
    sex : {"female", "male"}
        Which base shape.
    weight : float
        -1 the lightest, 0 average, 1 the heaviest.

    Raises
    ------
    ModelFileError
        If the packed body was never fetched.
    """
    path = body_file()
    if path is None:
        msg = f"the skinned body is not on this machine; {HINT}"
        raise ModelFileError(msg)
    return _loaded(path, sex, round(weight, 3))


def stiff_pelvis(
    weights: dict[str, Array], skin: Array, points: dict[str, Array]
) -> dict[str, Array]:
    """Return weights of pelvis and trunk with a pelvis that is stiff to its crests.

    Parameters
    ----------
    weights : dict of str to array (vertices,)
        Shares of ``pelvis`` and ``trunk``; those of the legs stay as they are.
    skin : array (vertices, 3)
        The body at rest in metres.
    points : dict of str to array (3,)
        Joint centres at rest.
    """
    above = skin[:, 2] - points["l-upper-leg"][2]
    share = np.clip((TRUNK_FROM_M - above) / (TRUNK_FROM_M - PELVIS_TO_M), 0, 1)
    share = share**2 * (3 - 2 * share)
    both = weights["pelvis"] + weights["trunk"]
    return {"pelvis": both * share, "trunk": both * (1 - share)}


@lru_cache(maxsize=8)
def _loaded(path: Path, sex: Sex, weight: float) -> RestBody:
    with np.load(path) as packed:
        other = f"{sex}_heavy" if weight > 0 else f"{sex}_light"
        share = abs(weight)
        skin, joints = (
            (1 - share) * packed[f"{kind}_{sex}"].astype(float)
            + share * packed[f"{kind}_{other}"]
            for kind in ("skin", "joints")
        )
        names = [str(name) for name in packed["joints"]]
        segments = [str(name) for name in packed["segments"]]
        weights = packed["weights"].astype(float)
        faces = packed["faces"].astype(np.intp)
    points = dict(zip(names, joints, strict=True))
    shares = {name: weights[:, i] for i, name in enumerate(segments)}
    return RestBody(
        skin=straightened(skin, shares, points),
        faces=faces,
        weights=shares | stiff_pelvis(shares, skin, points),
        joints=points | _head(points, skin),
    )


def _head(points: dict[str, Array], skin: Array) -> dict[str, Array]:
    top = points["head"].copy()
    top[2] = skin[:, 2].max()
    eyes = points["l-eye"][2]
    base = points["head"].copy()
    base[2] = eyes - (top[2] - eyes) * EYES_UP_THE_HEAD / (1 - EYES_UP_THE_HEAD)
    return {"top": top, "head_base": base}
