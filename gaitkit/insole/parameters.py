"""Doses, places and sizes of an insole: bounds and sources (``insole.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from gaitkit.doors import shipped_table
from gaitkit.errors import ConfigError
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from gaitkit.model.prescription import PracticeDefaults


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
    insole_less_mm: float

    def insole_mm(self, size_eu: float) -> float:
        """Return the length of an insole for a continental size, mm."""
        return self.foot_per_size_mm * size_eu - self.insole_less_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderShoeShares:
    """Height under ball and toes as shares of that under the heel; ``insole.toml``."""

    ball: float
    toe: float


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
def under_shoe_shares() -> UnderShoeShares:
    """Return how a raise under the shoe runs out forwards."""
    return UnderShoeShares(**_tables()["under_shoe"])


@cache
def _tables() -> dict[str, Any]:
    return shipped_table("gaitkit.insole", "insole.toml")


OF_PRACTICE = {
    "base_heel_mm": "base_heel",
    "base_forefoot_mm": "base_forefoot",
    "least_mm": "least_thickness",
    "arch_mm": "arch",
    "pad_mm": "pad",
    "pad_behind_mm": "pad_behind_heads",
    "cup_mm": "heel_cup",
    "recess_mm": "recess",
}
"""Parameter that bounds each default of a practice."""

SHORE_A = (5.0, 100.0)
"""The scale of ISO 868 ends at 100; softer than 5 it says nothing."""

LONGEST_DELIVERY_DAYS = 365


def check_practice(practice: PracticeDefaults, where: str) -> None:
    """Refuse defaults of a practice that no insole can have.

    Raises
    ------
    ConfigError
        With the key, its value and what was expected.
    """
    for key, name in OF_PRACTICE.items():
        value, bound = getattr(practice, key), parameter(name)
        if value is not None and not bound.holds(value):
            raise _outside(where, key, value, f"{bound.low:g} to {bound.high:g} mm")
    for key in ("shore_a", "cover_shore_a"):
        value = getattr(practice, key)
        if value is not None and not SHORE_A[0] <= value <= SHORE_A[1]:
            raise _outside(where, key, value, "5 to 100 (shore A)")
    days = practice.delivery_days
    if days is not None and not 0 <= days <= LONGEST_DELIVERY_DAYS:
        raise _outside(where, "delivery_days", days, "0 to 365 days")


def _outside(where: str, key: str, value: float, expected: str) -> ConfigError:
    msg = f"{where}: '{key}' is {value:g}; expected {expected}; correct or leave it out"
    return ConfigError(msg)
