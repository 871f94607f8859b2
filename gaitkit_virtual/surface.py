"""The surface of a virtual person: drawn rings, or a human skin that was fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from gaitkit_virtual.body import body_parts
from gaitkit_virtual.painter import Faces, faces_at
from gaitkit_virtual.skinned.clothes import patches
from gaitkit_virtual.skinned.files import body_file
from gaitkit_virtual.skinned.mesh import rest_body
from gaitkit_virtual.skinned.skin import Skin

if TYPE_CHECKING:
    from gaitkit_virtual.body import BodyKind, Look
    from gaitkit_virtual.posed import Posed


class Surface(Protocol):
    """What is drawn of a person."""

    def faces(self, frame: int) -> Faces:
        """Return the faces in a frame."""


class _Rings:
    """The body of smooth rings."""

    def __init__(self, posed: Posed, look: Look) -> None:
        self._parts = body_parts(posed, look)

    def faces(self, frame: int) -> Faces:
        return faces_at(self._parts, frame)


class _Skinned:
    """The skin of a packed mesh."""

    def __init__(self, posed: Posed, look: Look) -> None:
        rest = rest_body(look.sex, look.weight)
        self._skin = Skin(posed, rest, look)
        self._patches = patches(rest, look)

    def faces(self, frame: int) -> Faces:
        corners = self._patches.corners(self._skin.vertices(frame))
        middle = corners.mean(axis=(0, 1))
        return Faces(
            corners=corners,
            colours=self._patches.colours,
            middles=np.broadcast_to(middle, (len(corners), 3)),
        )


def best_body() -> BodyKind:
    """Return ``skinned`` where the skin was fetched, else ``procedural``."""
    return "procedural" if body_file() is None else "skinned"


def surface_of(posed: Posed, look: Look) -> Surface:
    """Return the surface that a look asks for.

    Parameters
    ----------
    posed : Posed
        The walk or stance.
    look : Look
        Its ``body`` says which.

    Raises
    ------
    ModelFileError
        If the skinned body is asked for and was never fetched.
    """
    kind = _Skinned if look.body == "skinned" else _Rings
    return kind(posed, look)
