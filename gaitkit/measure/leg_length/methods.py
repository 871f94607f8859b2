"""The methods that measure a leg-length difference, and how right each one is.

The numbers stand in ``methods.toml``, with their sources, for a podotherapist to read.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from gaitkit.model.text import Text

MethodKind = Literal["clinical", "imaging", "picture", "markers", "walking"]
Status = Literal["read", "derived", "measured", "assumed"]
STANDING = "standing"
"""The group within which all other groups lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What the errors of several methods of one visit have in common.

    Attributes
    ----------
    name : str
        Name of the group.
    sd_mm : float
        Shared part of the error.
    status, source, references
        Where it comes from.
    """

    name: str
    sd_mm: float
    status: Status
    source: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method and its error, in millimetres of the difference left minus right.

    Attributes
    ----------
    name : str
        Name in the file, and ``method`` of its measurements.
    label : Text
        What a clinician calls it.
    kind : str
        By hand, of the bones, from pictures, markers, or walking.
    sd_mm : float
        Error of one reading by one person.
    method_mm, rater_mm : float
        Parts of it that stay with the method, and that all readings of one person (or
        one placing of stickers or markers) share.
    status, source, references
        Where the numbers come from.
    alone : bool
        True when it may be the only source of a difference.
    why_not : str or None
        Code of the reason why it is shown and never counts; None when it does.
    rows : tuple of str
        Other names of its measurements.
    groups : tuple of str
        What it shares with other methods.
    bias_mm, bias_sd_mm : float
        Known bias, and how well it is known.
    unconfirmed : bool
        True when its error is unconfirmed on real people.
    """

    name: str
    label: Text
    kind: MethodKind
    sd_mm: float
    method_mm: float
    rater_mm: float
    status: Status
    source: str
    references: tuple[str, ...]
    alone: bool
    why_not: str | None = None
    rows: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    bias_mm: float = 0.0
    bias_sd_mm: float = 0.0
    unconfirmed: bool = False

    def __post_init__(self) -> None:
        """Refuse parts that are larger than the whole.

        Raises
        ------
        ValueError
            If an error is not positive, or its parts do not fit in it.
        """
        if self.sd_mm <= 0 or self.reading_variance < 0:
            msg = (
                f"methods.toml: {self.name}: expected sd_mm above 0 and at least the "
                f"parts together, got {self.sd_mm:g}, method_mm {self.method_mm:g} and "
                f"rater_mm {self.rater_mm:g}; correct them"
            )
            raise ValueError(msg)

    @property
    def reading_variance(self) -> float:
        """Variance (mm2) that averages out over the readings of one person."""
        return self.sd_mm**2 - self.method_mm**2 - self.rater_mm**2

    @property
    def staying_share(self) -> float:
        """Share of the variance that stays when one person repeats the reading."""
        return (self.method_mm**2 + self.rater_mm**2) / self.sd_mm**2

    @property
    def family(self) -> str | None:
        """The group within ``standing`` that it belongs to."""
        return next((group for group in self.groups if group != STANDING), None)

    @property
    def standing(self) -> bool:
        """True when it looks at the pelvis of a person who stands."""
        return STANDING in self.groups

    def error_mm(self, *, readings: int, raters: int) -> float:
        """Return the error of a mean of as many readings by each of some people.

        Parameters
        ----------
        readings, raters : int
            Readings by each person; people. At least 1.
        """
        varying = (self.rater_mm**2 + self.reading_variance / readings) / raters
        return math.sqrt(self.method_mm**2 + varying + self.bias_sd_mm**2)


def all_methods() -> tuple[Method, ...]:
    """Return every method, in the order of the file."""
    return tuple(_methods().values())


def method_named(name: str) -> Method | None:
    """Return the method of a measurement with that ``method``, or None."""
    return _by_row().get(name)


def all_groups() -> tuple[Group, ...]:
    """Return what methods can have in common, in the order of the file."""
    return tuple(
        Group(name=name, **{**raw, "references": tuple(raw["references"])})
        for name, raw in _table()["groups"].items()
    )


def group_sd_mm(name: str) -> float:
    """Return the error that all methods of a group share, in millimetres."""
    return float(_table()["groups"][name]["sd_mm"])


@cache
def _methods() -> dict[str, Method]:
    return {
        name: _method(name, raw) for name, raw in _table().items() if name != "groups"
    }


@cache
def _by_row() -> dict[str, Method]:
    return {
        row: method
        for method in _methods().values()
        for row in (method.name, *method.rows)
    }


def _method(name: str, raw: dict[str, Any]) -> Method:
    lists = {key: tuple(raw.get(key, ())) for key in ("rows", "groups", "references")}
    return Method(name=name, **{**raw, **lists, "label": Text(**raw["label"])})


@cache
def _table() -> dict[str, dict[str, Any]]:
    file = resources.files("gaitkit.measure.leg_length") / "methods.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
