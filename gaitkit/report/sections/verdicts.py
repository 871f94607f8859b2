"""Findings sorted by what they are about: the person, or the limits of the visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.finding import Finding, Verdict

if TYPE_CHECKING:
    from gaitkit.report.material import Material
    from gaitkit.rules.rule import Rule

DESIGN = "design"
"""Grade of rules that are a choice of this software: they limit what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The findings of a visit, sorted.

    Attributes
    ----------
    judged : bool
        Whether any rule about the person could be judged at all.
    person : tuple of Finding
        What holds, or may hold, for the person; certain ones first.
    limits : tuple of Finding
        What limits the visit: its recordings, its questions, its measures.
    others : tuple of (Verdict, tuple of Finding)
        What was not found and what could not be judged, one entry a rule.
    """

    judged: bool
    person: tuple[Finding, ...]
    limits: tuple[Finding, ...]
    others: tuple[tuple[Verdict, tuple[Finding, ...]], ...]


def sort_findings(material: Material) -> Sorted:
    """Sort the findings of a visit.

    Alarm rules that could not be judged are left out when another rule already says
    that the alarm questions were not all answered.
    """
    found = material.assessment.findings
    rules = {rule.id: rule for rule in material.rules.rules}
    holding = [
        finding
        for verdict in ("met", "uncertain")
        for finding in found
        if finding.verdict == verdict
    ]
    unasked = any(_triage(rules, finding) == "incomplete" for finding in holding)
    grouped: dict[tuple[Verdict, str], list[Finding]] = {}
    for finding in found:
        known = unasked and _triage(rules, finding) is not None
        if finding.verdict in {"not_met", "not_assessable"} and not known:
            grouped.setdefault((finding.verdict, finding.rule), []).append(finding)
    return Sorted(
        judged=any(
            f.verdict != "not_assessable" and not _limiting(rules, f) for f in found
        ),
        person=tuple(f for f in holding if not _limiting(rules, f)),
        limits=tuple(f for f in holding if _limiting(rules, f)),
        others=tuple((verdict, tuple(g)) for (verdict, _), g in grouped.items()),
    )


def _limiting(rules: dict[str, Rule], finding: Finding) -> bool:
    rule = rules.get(finding.rule)
    return rule is not None and DESIGN in rule.evidence.grade


def _triage(rules: dict[str, Rule], finding: Finding) -> str | None:
    rule = rules.get(finding.rule)
    return None if rule is None else rule.triage
