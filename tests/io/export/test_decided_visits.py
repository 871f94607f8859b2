"""What is handed over after random decisions says what was decided."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from random import Random

import pytest
from decided_checks import DEVICES, contradictions

from gaitkit.model.decisions import plan_in_force
from gaitkit.rules.loader import shipped_rules

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks" / "reliability"))

from decided_visits import LANGUAGES, decided_visit


@pytest.mark.parametrize("number", range(6))
def test_every_output_says_what_was_decided(number: int) -> None:
    decided = decided_visit(Random(f"test/{number}"))
    told = contradictions(decided, shipped_rules(), language=LANGUAGES[number % 2])
    assert not list(told)


def test_a_dose_that_nobody_decided_would_be_found() -> None:
    """The check itself: a dose put in afterwards is told by each output that has it."""
    decided = decided_visit(Random("test/0"))
    plan = plan_in_force(decided).plan
    wrong = tuple(
        dataclasses.replace(s, amount=99.0, steps=(), target=None)
        if s.kind in DEVICES and s.amount is not None
        else s
        for s in plan.suggestions
    )
    assert wrong != plan.suggestions
    kept = dataclasses.replace(
        plan_in_force(decided), plan=dataclasses.replace(plan, suggestions=wrong)
    )
    other = dataclasses.replace(decided, decided=kept)
    told = list(contradictions(other, shipped_rules(), language="en"))
    assert any(line.startswith("page one") for line in told)
    assert any(line.startswith("workbook") for line in told)
