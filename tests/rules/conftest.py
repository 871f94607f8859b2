"""The rule set that comes with gaitkit, read once, and a copy to break."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from gaitkit.rules.loader import default_folder, load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.rules.rule import RuleSet


@pytest.fixture(scope="session")
def rule_set() -> RuleSet:
    return load_rules()


@pytest.fixture
def edited_folder(tmp_path: Path) -> Path:
    """Return a copy of the rule set that a test may change."""
    folder = tmp_path / "edited"
    shutil.copytree(default_folder(), folder)
    return folder
