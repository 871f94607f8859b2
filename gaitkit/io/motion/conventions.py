"""Which marker plays which role: conventions as data, and the user's own map."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from gaitkit.doors import shipped_table
from gaitkit.errors import ConfigError
from gaitkit.model.motion import (
    LEG_NEEDS,
    MIDLINE,
    ROLES,
    SIDED_PARTS,
    MarkerRole,
    MotionKind,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDES = {"left": ("left", "l"), "right": ("right", "r")}
"""How labels spell the sides, as ``{s}`` in the table."""

LOWER_LIMB = frozenset(
    f"{side}_{part}"
    for side in ("left", "right")
    for part in ("heel", "toe", "foot_index", "ankle", "ankle_lateral", "knee",
                 "knee_lateral")
)  # fmt: skip
"""A file without at least two of these roles shows no lower limb."""

MIN_LOWER_LIMB = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """One marker convention.

    Attributes
    ----------
    key, title : str
        Name in ``conventions.toml`` and for people.
    kind : {"markers", "pose"}
        Markers on the skin, or keypoints of a pose model.
    labels : tuple of tuple
        For each role, in order: the role and its labels, plain (see `plain`).
    only : frozenset of str
        Plain labels of which one must be there; empty: none needed.
    """

    key: str
    title: str
    kind: MotionKind
    labels: tuple[tuple[str, tuple[str, ...]], ...]
    only: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The convention of a file and who plays which role in it."""

    convention: Convention
    roles: tuple[MarkerRole, ...]


def plain(label: str) -> str:
    """Return a label as conventions compare it: small letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", label.rpartition(":")[2].casefold())


def recognise(labels: Sequence[str]) -> Recognised | None:
    """Return the convention that names most roles, None when none shows a leg.

    Parameters
    ----------
    labels : sequence of str
        Labels of the file, unique.
    """
    found = {plain(label): label for label in reversed(labels)}
    best: Recognised | None = None
    for convention in conventions():
        roles = _roles(convention, found)
        if best is None or len(roles) > len(best.roles):
            best = Recognised(convention=convention, roles=roles)
    if best is None or not shows_legs(best.roles):
        return None
    return best


def shows_legs(roles: Sequence[MarkerRole]) -> bool:
    """Return whether knees, ankles or feet are among the roles."""
    return sum(each.role in LOWER_LIMB for each in roles) >= MIN_LOWER_LIMB


def lacking(roles: Sequence[MarkerRole]) -> tuple[str, ...]:
    """Return what the legs lack to be built, as the first role of each need."""
    found = {each.role for each in roles}
    return tuple(
        f"{side}_{need[0]}"
        for side in SIDES
        for need in LEG_NEEDS
        if found.isdisjoint(f"{side}_{part}" for part in need)
    )


@cache
def conventions() -> tuple[Convention, ...]:
    """Return every convention, in the order of the table."""
    table = shipped_table("gaitkit.io.motion", "conventions.toml")
    own = Convention(
        key="gaitkit",
        title="gaitkit roles",
        kind="markers",
        labels=tuple((role, (plain(role),)) for role in ROLES),
        only=frozenset(),
    )
    return (*(_convention(key, entry) for key, entry in table.items()), own)


def _roles(convention: Convention, found: dict[str, str]) -> tuple[MarkerRole, ...]:
    if convention.only and convention.only.isdisjoint(found):
        return ()
    roles = []
    for role, labels in convention.labels:
        label = next((found[each] for each in labels if each in found), None)
        if label is not None:
            roles.append(MarkerRole(role=role, label=label))
    return tuple(roles)


def _convention(key: str, entry: dict[str, Any]) -> Convention:
    sided: dict[str, list[str]] = entry.get("sided", {})
    midline: dict[str, list[str]] = entry.get("midline", {})
    _refuse_unknown(key, sided, SIDED_PARTS)
    _refuse_unknown(key, midline, MIDLINE)
    labels = [
        (f"{side}_{part}", _spelled(patterns, side))
        for part, patterns in sided.items()
        for side in SIDES
    ]
    labels += [(part, tuple(patterns)) for part, patterns in midline.items()]
    only = entry.get("only", {}).get("labels", [])
    return Convention(
        key=key,
        title=entry["title"],
        kind=cast("MotionKind", entry.get("kind", "markers")),
        labels=tuple(labels),
        only=frozenset(label for side in SIDES for label in _spelled(only, side)),
    )


def _spelled(patterns: Sequence[str], side: str) -> tuple[str, ...]:
    """Return the labels of one side, the patterns in order of preference."""
    return tuple(
        pattern.replace("{s}", letters)
        for pattern in patterns
        for letters in SIDES[side]
    )


def _refuse_unknown(
    key: str, table: dict[str, list[str]], known: Sequence[str]
) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        msg = (
            f"conventions.toml: {key} names the unknown parts {', '.join(unknown)}; "
            f"expected parts of gaitkit.model.motion"
        )
        raise ConfigError(msg)
