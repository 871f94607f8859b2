"""Words, chance and interval of one claim agree, in every finding that is read."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from claim_checks import contradictions
from random_visits import random_visit, with_legs
from rule_cases import CASES, findings_of, read_cases, with_estimate, with_rule

from gaitkit.model.finding import Finding
from gaitkit.model.text import Text
from gaitkit.rules.judge import judge

if TYPE_CHECKING:
    from gaitkit.rules.rule import RuleSet

VISITS = 500


def test_the_findings_of_500_random_visits_say_what_they_know(
    rule_set: RuleSet,
) -> None:
    random = Random(20261201)
    counted = 0
    for _ in range(VISITS):
        visit = with_legs(random_visit(random), random)
        rows, legs = with_estimate((), visit)
        findings = judge(rule_set, rows, visit, (), leg_length=legs)
        assert list(contradictions(findings, legs)) == []
        counted += sum(f.rule == "L02" and f.verdict == "met" for f in findings)
    # every answer is among them
    assert counted > VISITS / 50


@pytest.mark.parametrize("file", sorted(CASES.glob("[!v]*.toml")), ids=lambda p: p.stem)
def test_the_findings_of_every_case_say_what_they_know(
    file: object, rule_set: RuleSet
) -> None:
    cases = read_cases(file)  # type: ignore[arg-type]
    rules = with_rule(rule_set, cases.extra_rule)
    for case in cases.cases:
        found = findings_of(case, rules)
        told = [f for f in found if not f.rule.startswith("L")]
        assert list(contradictions(told, None)) == []


def test_the_check_sees_the_sentence_of_the_old_rule() -> None:
    """The demo once said this beside a chance of 0.51 of more than 5 mm."""
    old = Finding(
        rule="L02",
        revision=1,
        verdict="met",
        text=Text(
            nl="Het verschil is 4,4 ± 7,1 mm, waarschijnlijk niet meer dan 5 mm.",
            en="-",
        ),
        probability=1.0,
    )
    assert "word of chance without its chance" in next(contradictions([old], None))
