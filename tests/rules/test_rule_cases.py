"""Every case of ``tests/cases`` comes out as the clinician wrote it down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from rule_cases import (
    CASES,
    Case,
    CaseFile,
    Expected,
    findings_of,
    plan_of,
    read_cases,
    with_rule,
)

if TYPE_CHECKING:
    from gaitkit.model.finding import Finding
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.rules.rule import RuleSet

FILES = tuple(read_cases(file) for file in sorted(CASES.glob("*.toml")))
PUT = [
    pytest.param(file, case, id=f"{file.rule}: {case.name}")
    for file in FILES
    for case in file.cases
]
FEWEST_CASES = 4


@pytest.mark.parametrize(("file", "case"), PUT)
def test_the_case_comes_out_as_written(
    file: CaseFile, case: Case, rule_set: RuleSet
) -> None:
    rules = with_rule(rule_set, file.extra_rule)
    finding = concerned(findings_of(case, rules), file.rule, case.expect)
    assert finding.verdict == case.expect.verdict, finding.text.nl
    if case.expect.probability is not None:
        assert finding.probability == pytest.approx(
            case.expect.probability, abs=case.expect.within
        )
    for piece in case.expect.says:
        assert plain(piece) in plain(finding.text.nl)
    for piece in case.expect.says_not:
        assert plain(piece) not in plain(finding.text.nl)
    if case.expect.advises is not None:
        assert finding.advice is not None
        assert plain(case.expect.advises) in plain(finding.advice.nl)
    check_plan(case, plan_of(case, rules))


def check_plan(case: Case, plan: Plan) -> None:
    wanted = case.expect.plan
    if wanted is None:
        return
    assert wanted.status in {None, plan.status}
    assert wanted.triage in {None, plan.triage.status}
    assert wanted.level in {None, plan.triage.level}
    assert wanted.provisional in {None, plan.provisional}
    kinds = tuple(suggestion.kind for suggestion in plan.suggestions)
    assert wanted.suggests in {None, kinds}
    elements = {each.element for each in plan.suggestions if each.element}
    assert wanted.elements is None or set(wanted.elements) == elements
    assert not set(wanted.elements_not) & elements
    doses = [dose_of(each) for each in plan.suggestions if each.amount is not None]
    for dose in wanted.doses:
        assert dose in doses, doses
    assert wanted.codes in {None, tuple(code.code for code in plan.codes)}
    if wanted.follow_up is not None:
        assert plan.follow_up is not None
        window = (plan.follow_up.from_.isoformat(), plan.follow_up.to.isoformat())
        assert window == wanted.follow_up
    told = [plan.reason] if plan.reason else []
    told += [suggestion.text for suggestion in plan.suggestions]
    everything = plain(" | ".join(text.nl for text in told))
    for piece in wanted.says:
        assert plain(piece) in everything


def dose_of(each: Suggestion) -> str:
    """Return a dose as cases write it: ``heel_raise right 4 mm in_insole -> 8``."""
    words = [each.element or each.kind, each.side, f"{each.amount:g} {each.unit}"]
    words += [each.location, f"-> {each.target:g}" if each.target else None]
    return " ".join(word for word in words if word)


def concerned(findings: tuple[Finding, ...], rule: str, expected: Expected) -> Finding:
    """Return the one finding that a case is about."""
    found = [
        finding
        for finding in findings
        if finding.rule == rule
        and expected.side in {None, finding.side}
        and expected.measure in {None, finding.measure}
        and expected.recording in {None, finding.recording}
    ]
    assert len(found) == 1, [finding.text.nl for finding in found]
    return found[0]


def plain(text: str) -> str:
    """Return a text with ordinary spaces, as it is typed in a case."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_every_active_rule_has_at_least_four_cases(rule_set: RuleSet) -> None:
    counted = Counter({file.rule: len(file.cases) for file in FILES})
    few = [r.id for r in rule_set.active if counted[r.id] < FEWEST_CASES]
    assert few == []


def test_every_active_rule_is_seen_met_and_not_met(rule_set: RuleSet) -> None:
    seen = {(f.rule, case.expect.verdict) for f in FILES for case in f.cases}
    wanted = {(r.id, v) for r in rule_set.active for v in ("met", "not_met")}
    assert wanted <= seen


def test_no_two_cases_of_a_rule_have_the_same_name() -> None:
    names = Counter((file.rule, case.name) for file in FILES for case in file.cases)
    assert [name for name, times in names.items() if times > 1] == []
