"""Every fact of the five sources is carried by something that exists."""

from __future__ import annotations

import dataclasses
import importlib
import tomllib
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

import pytest

from gaitkit.model.catalogue import definitions
from gaitkit.model.intake import complaint_terms
from gaitkit.model.visit import Visit
from gaitkit.report.write import CHAPTERS
from gaitkit.rules.facts import fact_spec
from gaitkit.rules.traceability import page, traced_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.rules.rule import RuleSet

ROOT = Path(__file__).resolve().parents[2]
ROWS = {"a": 13, "b": 17, "c": 18, "d": 10, "e": 12, "f": 11, "g": 8}
"""Facts of each part of the inventory, counted by hand: rows that two tables share in
wording are taken together (a06 holds the two on examination and chain, b16 and b17 the
code rows, d07 to d09 the classes of duration, e05 the levels of radiation)."""


def kinds(kind: Any) -> list[Any]:
    """Return the types inside ``X | None`` and ``tuple[X, ...]``."""
    if get_origin(kind) in {Union, UnionType, tuple}:
        return [inner for part in get_args(kind) for inner in kinds(part)]
    return [kind]


def field_type(path: str) -> Any:
    """Return the type of a path in the visit, or None when there is no such field."""
    kind: Any = Visit
    for part in path.split("."):
        holder = next((k for k in kinds(kind) if dataclasses.is_dataclass(k)), None)
        if holder is None or part not in get_type_hints(holder):
            return None
        kind = get_type_hints(holder)[part]
    return kind


def never_words() -> dict[str, list[str]]:
    file = resources.files("gaitkit.rules") / "never.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def exists(carrier: str, rule_set: RuleSet) -> bool:
    """Tell whether a carrier resolves."""
    kind, name = carrier.split(":", maxsplit=1)
    listed: dict[str, Callable[[], set[str]]] = {
        "rule": lambda: {rule.id for rule in rule_set.rules},
        "statement": lambda: {said.key for said in rule_set.statements},
        "code": lambda: {f"{c.system} {c.code}" for c in rule_set.codes},
        "form": lambda: {f"{c.code} {c.other_form}" for c in rule_set.codes},
        "limit": lambda: {limit.name for limit in rule_set.limits},
        "phrase": lambda: {f.name for f in dataclasses.fields(rule_set.phrases)},
        "term": lambda: set(complaint_terms()),
        "never": lambda: {
            f"{group} {word}"
            for group, words in never_words().items()
            for word in words
        },
        "element": lambda: {
            s.element for rule in rule_set.active for s in rule.suggestions if s.element
        },
        "measure": lambda: {measure.name for measure in definitions()},
        "section": lambda: {chapter.__name__ for chapter in CHAPTERS},
    }
    if kind in listed:
        return name in listed[kind]()
    return {
        "field": lambda: field_type(name) is not None,
        "fact": lambda: fact_spec(name) is not None,
        "plan": lambda: has_attribute(name),
        "model": lambda: has_attribute(name),
        "choice": lambda: has_choice(*name.split(" ")),
    }[kind]()


def has_attribute(name: str) -> bool:
    module, attribute = name.split(":")
    return hasattr(importlib.import_module(module), attribute)


def has_choice(path: str, answer: str) -> bool:
    return any(answer in get_args(kind) for kind in kinds(field_type(path)))


@pytest.mark.parametrize("fact", traced_facts(), ids=lambda fact: fact.id)
def test_every_carrier_of_a_fact_exists(fact: Any, rule_set: RuleSet) -> None:
    assert fact.carriers
    assert [c for c in fact.carriers if not exists(c, rule_set)] == []


def test_no_fact_of_the_inventory_is_missing() -> None:
    counted = {
        letter: sum(fact.id.startswith(letter) for fact in traced_facts())
        for letter in ROWS
    }
    assert counted == ROWS
    numbers = [
        f"{letter}{n:02d}" for letter, m in ROWS.items() for n in range(1, m + 1)
    ]
    assert [fact.id for fact in traced_facts()] == numbers


def test_every_code_of_the_care_module_and_every_statement_is_traced(
    rule_set: RuleSet,
) -> None:
    carried = {carrier for fact in traced_facts() for carrier in fact.carriers}
    codes = {f"code:{code.system} {code.code}" for code in rule_set.codes}
    assert codes <= carried
    of_sources = {
        f"statement:{said.key}"
        for said in rule_set.statements
        if any(key.startswith("S") and key[1:].isdigit() for key in said.source)
    }
    assert of_sources <= carried


def test_the_page_is_current() -> None:
    written = (ROOT / "TRACEABILITY.md").read_text(encoding="utf-8")
    assert written == page() + "\n"
