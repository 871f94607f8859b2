"""The rule set that comes with gaitkit, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from gaitkit.rules.rule import RuleSet


@pytest.fixture(scope="session")
def rule_set() -> RuleSet:
    return load_rules()
