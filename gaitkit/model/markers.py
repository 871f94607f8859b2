"""The names of marker roles: where on the body a marker sits, whatever its label.

Laboratories label the same place in many ways (``LASI``, ``L.ASIS``, ``LIAS``). A
marker convention maps labels to the roles below, and everything after reading knows
roles only. Roles of a body side begin with ``left_`` or ``right_``. Joint centres and
the points that cameras see keep the names of `gaitkit.model.keypoints.GAIT`:
``left_hip``, ``left_knee`` and ``left_ankle`` are joint centres, never skin markers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from gaitkit.errors import ConfigError

SIDED_PARTS = (
    # joint centres and points of a body as cameras see it
    "shoulder",
    "elbow",
    "wrist",
    "hip",
    "knee",
    "ankle",
    "heel",
    "foot_index",
    # pelvis
    "asis",
    "psis",
    "iliac_crest",
    # thigh
    "greater_trochanter",
    "thigh_wand",
    "knee_lateral",
    "knee_medial",
    # shank
    "fibula_head",
    "tibial_tuberosity",
    "shank_wand",
    "shin",
    "ankle_lateral",
    "ankle_medial",
    # hindfoot (Oxford foot model: HEE PCA CPG LCA STL)
    "calcaneus_proximal",
    "calcaneus_wand",
    "calcaneus_lateral",
    "sustentaculum",
    # forefoot (Oxford foot model: NAV P1M D1M P5M D5M TOE HLX)
    "navicular",
    "metatarsal_1_base",
    "metatarsal_1",
    "metatarsal_5_base",
    "metatarsal_5",
    "toe",
    "hallux",
    # head
    "head_front",
    "head_back",
)
"""Parts that exist on both sides. ``toe`` is the head of the second metatarsal,
``metatarsal_1`` and ``metatarsal_5`` are the heads of theirs; ``foot_index`` is the tip
of the foot. ``heel`` is the back of the calcaneus. ``thigh_wand``, ``shank_wand``: one
lateral marker that orients the segment (THI, TIB of Plug-in Gait). ``shoulder`` is the
acromion where markers are used."""

MIDLINE = (
    "sacrum",
    "c7",
    "t10",
    "clavicle",
    "sternum",
    "head",
    "neck",
    "nose",
)
"""Parts in the middle: ``sacrum`` between the PSIS, ``clavicle`` the jugular notch,
``sternum`` the xiphoid."""

LEG_NEEDS = (
    ("hip", "asis", "greater_trochanter"),
    ("knee", "knee_lateral"),
    ("ankle", "ankle_lateral"),
    ("heel",),
    ("toe", "foot_index", "hallux", "metatarsal_1", "metatarsal_5"),
)
"""Parts of a leg of which each side needs one of every group, or the leg cannot be
built."""

MarkerSide = Literal["left", "right"]

ROLES = (
    *(f"{side}_{part}" for part in SIDED_PARTS for side in ("left", "right")),
    *MIDLINE,
)
"""Every role that a marker can have."""

LengthUnit = Literal["mm", "cm", "m"]
SHOWN_ROLES = 12
PICTURE_MIN_PX = 16
"""Smaller than any picture of a person: a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What the user says about a motion file: the content of a map file.

    Attributes
    ----------
    rate_hz : float or None
        Frames per second, for files that hold no times.
    unit : {"mm", "cm", "m"} or None
        Unit of lengths; wins over the file.
    picture_px : tuple of float or None
        Width and height of the picture, for keypoints that are shares of it.
    person : str or None
        Who is meant where a file holds several: ``"2"`` for the second candidate, or
        ``"x,y"`` pixels on the person.
    markers : dict of str to str
        Role to label; wins over the convention. An empty label takes a role away.

    Raises
    ------
    ConfigError
        If a value is out of range or a role is unknown.
    """

    rate_hz: float | None = None
    unit: LengthUnit | None = None
    picture_px: tuple[float, float] | None = None
    person: str | None = None
    markers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an impossible rate or picture, and roles that do not exist."""
        rate = self.rate_hz
        if rate is not None and not (math.isfinite(rate) and rate > 0):
            msg = f"rate_hz is {rate:g}; expected frames per second, above 0"
            raise ConfigError(msg)
        picture = self.picture_px
        if picture is not None and not all(
            math.isfinite(side) and side >= PICTURE_MIN_PX for side in picture
        ):
            msg = (
                f"picture_px is {picture[0]:g}, {picture[1]:g}; expected width and "
                f"height in pixels, at least {PICTURE_MIN_PX}"
            )
            raise ConfigError(msg)
        unknown = sorted(set(self.markers) - set(ROLES))
        if unknown:
            msg = (
                f"markers.{unknown[0]} is no role; expected one of "
                f"{', '.join(ROLES[:SHOWN_ROLES])}, ..."
            )
            raise ConfigError(msg)
