"""Doses, places and sizes of an insole: bounds and sources (``insole.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from gaitkit.doors import shipped_table
from gaitkit.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number of an insole: its usual value, its bounds, and where they come from.

    ``confirmed`` is False when a number could not be checked in its source.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    label: Text
    source: str
    confirmed: bool

    def holds(self, value: float) -> bool:
        """Tell whether a value lies within the bounds."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportions:
    """Usual proportions of a foot, as shares of its length; see ``insole.toml``."""

    heel_width: float
    ball_medial: float
    ball_lateral: float
    hallux_u: float
    hallux_v: float
    toes_u: float
    toes_v: float
    second_v: float
    heads_u: tuple[float, ...]
    heads_behind_mm: tuple[float, ...]
    heads_behind_at_mm: float
    foot_per_size_mm: float
    foot_less_mm: float


def parameter(name: str) -> Parameter:
    """Return a parameter by its name.

    Raises
    ------
    KeyError
        If there is none: a bug.
    """
    return parameters()[name]


@cache
def parameters() -> dict[str, Parameter]:
    """Return every parameter by its name."""
    return {
        name: Parameter(name=name, **{**entry, "label": Text(**entry["label"])})
        for name, entry in _tables()["parameter"].items()
    }


@cache
def proportions() -> Proportions:
    """Return the usual proportions of a foot."""
    entry = _tables()["proportions"]
    listed = {name: tuple(v) for name, v in entry.items() if isinstance(v, list)}
    return Proportions(**{**entry, **listed})


@cache
def _tables() -> dict[str, Any]:
    return shipped_table("gaitkit.insole", "insole.toml")
