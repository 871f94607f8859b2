"""Whether it is safe to suggest anything at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.plan import Triage, TriageStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.model.finding import Finding
    from gaitkit.rules.rule import RuleSet

GRAVEST_FIRST: tuple[TriageStatus, ...] = ("stop", "refer", "incomplete")


def triage(findings: Iterable[Finding], rule_set: RuleSet) -> Triage:
    """Return the gravest status that a rule of the triage asks for.

    Parameters
    ----------
    findings : iterable of Finding
        From `gaitkit.rules.judge.judge`.
    rule_set : RuleSet
        The same rule set.

    Returns
    -------
    Triage
        ``stop``, ``refer`` or ``incomplete`` with the rules that say so; ``clear``
        only when every rule of the triage was judged and none is met. A set that has
        no rule of the triage, or a rule that could not be judged, is ``incomplete``.
    """
    judged = tuple(
        (finding, status)
        for finding in findings
        if (status := rule_set.rule(finding.rule).triage) is not None
    )
    met = tuple((f.rule, status) for f, status in judged if f.verdict == "met")
    for status in GRAVEST_FIRST:
        rules = tuple(rule for rule, asked in met if asked == status)
        if rules:
            return Triage(status=status, rules=rules)
    open_ = tuple(finding.rule for finding, _ in judged if finding.verdict != "not_met")
    if open_ or not judged:
        return Triage(status="incomplete", rules=open_)
    return Triage(status="clear")
