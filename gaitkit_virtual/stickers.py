"""Round stickers on the skin, as a therapist puts them on palpated points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit.model.standing import PointRole

StickerColour = Literal["red", "green", "blue", "yellow", "ring"]
"""``ring`` is white with a black ring around it."""

PelvisRole = Literal["asis", "psis"]

STICKER_ROLES: tuple[PointRole, ...] = (
    "asis",
    "psis",
    "calf_upper",
    "calf_lower",
    "heel_upper",
    "heel_lower",
    "malleolus_medial",
    "malleolus_lateral",
    "navicular",
    "metatarsal_1",
    "heel_back",
)
FOOT_ROLES: tuple[PointRole, ...] = (
    "navicular",
    "malleolus_medial",
    "metatarsal_1",
    "heel_back",
)
"""Stickers of one foot that is seen from its inner side."""

REARFOOT_ROLES: tuple[PointRole, ...] = (
    "calf_upper",
    "calf_lower",
    "heel_upper",
    "heel_lower",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker:
    """One round sticker.

    Attributes
    ----------
    role, side
        Which point it is to mark.
    colour : {"red", "green", "blue", "yellow", "ring"}
        Its colour.
    diameter_mm : float
        Its diameter; of a ring, the outer one.
    hidden : bool
        True when clothing or a hand covers it: it is not drawn.
    outward_mm, up_mm : float
        By how much it was put too far from the middle of the body (of a sticker on a
        midline: too far outside; on the inner side of a foot: too far ahead) and too
        high, along the skin.
    skin_outward_mm, skin_up_mm : float
        By how much the skin has moved it over the bone since it was put on.
    bone_mm : float or None
        Height of the bone under it above the sole, for the navicular; None takes that
        of an average foot.

    Raises
    ------
    ConfigError
        If nobody can put it there, or its size is none of a sticker.
    """

    role: PointRole
    side: Side
    colour: StickerColour = "green"
    diameter_mm: float = 16.0
    hidden: bool = False
    outward_mm: float = 0.0
    up_mm: float = 0.0
    skin_outward_mm: float = 0.0
    skin_up_mm: float = 0.0
    bone_mm: float | None = None

    def __post_init__(self) -> None:
        """Check role, colour and sizes."""
        if self.role not in STICKER_ROLES:
            msg = (
                f"simulate.sticker.role is {self.role!r}; "
                f"expected one of {', '.join(STICKER_ROLES)}"
            )
            raise ConfigError(msg)
        if self.colour not in StickerColour.__args__:  # type: ignore[attr-defined]
            msg = (
                f"simulate.sticker.colour is {self.colour!r}; "
                "expected red, green, blue, yellow or ring"
            )
            raise ConfigError(msg)
        ranges = (
            ("diameter_mm", self.diameter_mm, 4, 40),
            ("outward_mm", abs(self.outward_mm), 0, 30),
            ("up_mm", abs(self.up_mm), 0, 30),
            ("skin_outward_mm", abs(self.skin_outward_mm), 0, 30),
            ("skin_up_mm", abs(self.skin_up_mm), 0, 30),
            ("bone_mm", 45 if self.bone_mm is None else self.bone_mm, 5, 80),
        )
        for name, value, low, high in ranges:
            if not low <= value <= high:
                msg = (
                    f"simulate.sticker.{name} is {getattr(self, name):g}; "
                    f"expected {low if low else -high} to {high} mm"
                )
                raise ConfigError(msg)


def rearfoot_stickers(
    colour: StickerColour = "green", *, diameter_mm: float = 12.0
) -> tuple[Sticker, ...]:
    """Return the four stickers of each rearfoot: two on the shank, two on the heel."""
    return tuple(
        Sticker(role=role, side=side, colour=colour, diameter_mm=diameter_mm)
        for side in Side
        for role in REARFOOT_ROLES
    )


def foot_stickers(
    side: Side,
    colour: StickerColour = "green",
    *,
    diameter_mm: float = 12.0,
    navicular_mm: float | None = None,
) -> tuple[Sticker, ...]:
    """Return the stickers on the inner side of one foot.

    Parameters
    ----------
    side : Side
        Which foot.
    colour : str
        Their colour.
    diameter_mm : float
        Their diameter.
    navicular_mm : float or None
        Height of the navicular above the sole; None takes that of an average foot.
    """
    return tuple(
        Sticker(
            role=role,
            side=side,
            colour=colour,
            diameter_mm=diameter_mm,
            bone_mm=navicular_mm if role == "navicular" else None,
        )
        for role in FOOT_ROLES
    )


def pelvis_stickers(
    role: PelvisRole, colour: StickerColour = "green", *, diameter_mm: float = 20.0
) -> tuple[Sticker, ...]:
    """Return the pair of stickers on PSIS or ASIS."""
    return tuple(
        Sticker(role=role, side=side, colour=colour, diameter_mm=diameter_mm)
        for side in Side
    )
