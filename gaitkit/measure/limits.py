"""Limits with their sources, read from tables beside the code that asks for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from gaitkit.doors import shipped_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What is possible: ``low`` to ``high``; either may be open."""

    low: float = -math.inf
    high: float = math.inf
    unit: str
    source: str

    def holds(self, value: float) -> bool:
        """Tell whether a value lies within."""
        return self.low <= value <= self.high


def person_limits() -> dict[str, Limit]:
    """Return what a plate can show when a person walked on it."""
    return _table("gaitkit.measure.foot", "person_limits.toml")


def visit_limits() -> dict[str, Limit]:
    """Return how far two recordings of one visit may differ."""
    return _table("gaitkit.measure", "visit_limits.toml")


@cache
def _table(package: str, name: str) -> dict[str, Limit]:
    table = shipped_table(package, name)
    return {name: Limit(**entry) for name, entry in table.items()}
