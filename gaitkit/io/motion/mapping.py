"""What the user says about a motion file: ``--map FILE``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.doors import build, read_toml
from gaitkit.errors import ConfigError, InputError
from gaitkit.model.motion import Mapping

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

from gaitkit.model.motion import MarkerRole

SHOWN_LABELS = 12


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
