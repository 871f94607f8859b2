"""What the user says about a motion file: ``--map FILE``."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gaitkit.errors import ConfigError, InputError
from gaitkit.io.toml_door import build, read_toml
from gaitkit.model.markers import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

from gaitkit.model.motion import MarkerRole

LengthUnit = Literal["mm", "cm", "m"]
SHOWN_LABELS = 12
PICTURE_MIN_PX = 16
"""Smaller than any picture of a person: a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The content of a map file.

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
                f"{', '.join(ROLES[:SHOWN_LABELS])}, ..."
            )
            raise ConfigError(msg)


def read_mapping(path: Path | None) -> Mapping:
    """Read a map file; None gives an empty map.

    Raises
    ------
    ConfigError
        If it is no TOML, or a key or value is wrong, by its path.
    """
    if path is None:
        return Mapping()
    table = read_toml(path, error=ConfigError)
    return build(Mapping, table, where=str(path), error=ConfigError)


def mapped(
    roles: Sequence[MarkerRole], mapping: Mapping, *, labels: Sequence[str], where: Path
) -> tuple[MarkerRole, ...]:
    """Return the roles with the user's over those of the convention.

    Raises
    ------
    InputError
        If the user names a label that the file does not have.
    """
    table = {each.role: each.label for each in roles}
    for role, label in mapping.markers.items():
        if label and label not in labels:
            msg = (
                f"{where}: the map names {label!r} for {role}, and the file has no "
                f"such marker; expected one of {', '.join(labels[:SHOWN_LABELS])}"
                f"{', ...' if len(labels) > SHOWN_LABELS else ''}"
            )
            raise InputError(msg)
        table[role] = label
    return tuple(
        MarkerRole(role=role, label=label) for role, label in table.items() if label
    )
