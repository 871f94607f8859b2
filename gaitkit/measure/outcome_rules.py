"""The definitions by which outcomes are counted, as ``outcomes.toml`` fixes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from gaitkit.model.outcomes import GroupName
from gaitkit.model.text import Text

Days = tuple[int, int]
"""First and last day after the start, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDefinition:
    """What counts as a success, when, and what the profession reports of it."""

    name: str
    count: Literal["any", "important", "free"]
    window_days: Days
    reference: float | None
    label: Text
    definition: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRules:
    """Everything that ``outcomes.toml`` fixes."""

    revision: str
    fewest: int
    baseline_days: Days
    nearest_day: int
    definitions: tuple[OutcomeDefinition, ...]
    groups: Mapping[GroupName, Text]
    statements: Mapping[str, Text]
    notes: tuple[Text, ...]


@cache
def outcome_rules() -> OutcomeRules:
    """Return what ``outcomes.toml`` fixes."""
    source = resources.files("gaitkit.measure") / "outcomes.toml"
    table: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    definitions = tuple(
        OutcomeDefinition(
            name=name,
            count=entry["count"],
            window_days=tuple(entry["window_days"]),
            reference=entry.get("reference"),
            label=Text(**entry["label"]),
            definition=Text(**entry["definition"]),
        )
        for name, entry in table["definitions"].items()
    )
    return OutcomeRules(
        revision=table["revision"],
        fewest=table["fewest"],
        baseline_days=tuple(table["baseline_days"]),
        nearest_day=table["nearest_day"],
        definitions=definitions,
        groups={name: Text(**text) for name, text in table["groups"].items()},
        statements={name: Text(**text) for name, text in table["statements"].items()},
        notes=tuple(Text(**text) for text in table["notes"]),
    )
