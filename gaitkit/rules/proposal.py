"""Which suggestions stand: those of rules that are met and that no other rule stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.finding import Finding
from gaitkit.model.side import Side
from gaitkit.rules.facts import ProposalFacts
from gaitkit.rules.rule import EVERY_SUGGESTION, Block, SuggestionTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.rules.rule import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A suggestion of a rule, with the finding it follows from and its side."""

    finding: Finding
    template: SuggestionTemplate
    side: Side | None


def proposals(findings: Iterable[Finding], rule_set: RuleSet) -> tuple[Proposed, ...]:
    """Return the suggestions that stand, in the order of the findings.

    Parameters
    ----------
    findings : iterable of Finding
        From `gaitkit.rules.judge.judge`.
    rule_set : RuleSet
        The same rule set.

    Returns
    -------
    tuple of Proposed
        Without those that a rule that is met takes away. Triage is not looked at.
    """
    known = tuple(findings)
    candidates = (
        Proposed(finding=finding, template=template, side=_side(template, finding))
        for finding in known
        for template in rule_set.rule(finding.rule).suggestions
        if template.when == finding.verdict
    )
    stopping = tuple(
        (finding, {name for block in blocks for name in block.suggestions})
        for finding in known
        if (blocks := _blocks(finding, rule_set))
    )
    return tuple(
        proposed
        for proposed in candidates
        if not any(_stops(finding, names, proposed) for finding, names in stopping)
    )


def held_by(findings: Iterable[Finding], rule_set: RuleSet) -> tuple[Finding, ...]:
    """Return the findings that take every suggestion away."""
    return tuple(
        finding
        for finding in findings
        if any(EVERY_SUGGESTION in b.suggestions for b in _blocks(finding, rule_set))
    )


def proposal_facts(findings: Iterable[Finding], rule_set: RuleSet) -> ProposalFacts:
    """Return what stands as facts that rules and codes may test."""
    templates = tuple(each.template for each in proposals(findings, rule_set))
    return ProposalFacts(
        kinds=tuple(dict.fromkeys(template.kind for template in templates)),
        elements=tuple(dict.fromkeys(t.element for t in templates if t.element)),
    )


def larger_side(finding: Finding) -> Side | None:
    """Return the side with the larger value in a finding about a side difference.

    A signed difference is left minus right; None when both are equal or unknown.
    """
    signed = [row.value for row in finding.measurements if row.side is None]
    by_side = {row.side: row.value for row in finding.measurements}
    left, right = by_side.get(Side.LEFT), by_side.get(Side.RIGHT)
    if left is not None and right is not None:
        difference: float | None = left - right
    else:
        difference = signed[0] if signed else None
    if not difference:
        return None
    return Side.LEFT if difference > 0 else Side.RIGHT


def _side(template: SuggestionTemplate, finding: Finding) -> Side | None:
    match template.side:
        case None:
            return None
        case "each":
            return finding.side
        case "larger":
            return larger_side(finding)
        case "smaller":
            larger = larger_side(finding)
            return larger.other if larger else None
    return Side(template.side)


def _stops(finding: Finding, taken: set[str], proposed: Proposed) -> bool:
    """Tell whether what a finding takes away is a suggestion of another rule.

    In doubt a rule keeps its own suggestions; none stands beside a full stop.
    """
    if finding.rule == proposed.finding.rule:
        return False
    template = proposed.template
    apart = None not in (finding.side, proposed.side) and finding.side != proposed.side
    names = {EVERY_SUGGESTION, template.kind, template.element}
    return not apart and bool(names & taken)


def _blocks(finding: Finding, rule_set: RuleSet) -> tuple[Block, ...]:
    """Return the blocks of a rule that hold with its verdict."""
    blocks = rule_set.rule(finding.rule).blocks
    return tuple(block for block in blocks if finding.verdict in block.when)
