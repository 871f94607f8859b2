"""The plan: what stands of the suggestions, or why nothing is suggested.

Suggestions come from the rules that are met, in the order of their priority. A rule of
the triage that is met withholds all of them. Every suggestion ends by saying who
decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.plan import Plan, Suggestion
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.plan.codes import codes
from gaitkit.plan.follow_up import follow_up
from gaitkit.plan.triage import triage
from gaitkit.rules.facts import ProposalFacts
from gaitkit.rules.proposal import Proposed, proposal_facts, proposals
from gaitkit.rules.wording import both, fill, limit_text, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gaitkit.model.finding import Finding
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import Rule, RuleSet
    from gaitkit.rules.wording import Lookup

NOTHING = Text(nl="–", en="–")


def make_plan(findings: Iterable[Finding], visit: Visit, rule_set: RuleSet) -> Plan:
    """Return the plan that follows from the findings.

    Parameters
    ----------
    findings : iterable of Finding
        From `gaitkit.rules.judge.judge` with the same visit and rule set.
    visit : Visit
        Intake and therapy given.
    rule_set : RuleSet
        The rules.

    Returns
    -------
    Plan
        ``suggestions`` with what stands; ``withheld`` when the triage does not allow
        any, with the reason; ``none`` when no rule suggests anything. After a
        ``stop`` nothing else is given than the referral.
    """
    known = tuple(findings)
    checked = triage(known, rule_set)
    met = tuple(finding for finding in known if finding.verdict == "met")
    referrals = _filled(met, rule_set, lambda rule: rule.referrals)
    if checked.status != "clear":
        why = listed((f.text for f in met if f.rule in checked.rules), separator=" ")
        withheld = Plan(
            status="withheld",
            triage=checked,
            reason=why or rule_set.phrases.plan_untriaged,
            referrals=referrals,
        )
        if checked.status == "stop":
            return withheld
        return replace(
            withheld,
            cautions=_filled(met, rule_set, lambda rule: rule.cautions),
            follow_up=follow_up(visit, rule_set),
            codes=codes(visit, rule_set, proposal=ProposalFacts()),
        )
    standing = proposals(known, rule_set)
    suggestions = tuple(
        dict.fromkeys(_suggestion(proposed, rule_set) for proposed in standing)
    )
    return Plan(
        status="suggestions" if suggestions else "none",
        triage=checked,
        reason=None if suggestions else rule_set.phrases.plan_none,
        suggestions=suggestions,
        cautions=_filled(met, rule_set, lambda rule: rule.cautions),
        referrals=referrals,
        follow_up=follow_up(visit, rule_set),
        codes=codes(visit, rule_set, proposal=proposal_facts(known, rule_set)),
    )


def _filled(
    met: Iterable[Finding],
    rule_set: RuleSet,
    texts: Callable[[Rule], tuple[Text, ...]],
) -> tuple[Text, ...]:
    """Return the remarks of the rules that are met, each once."""
    found = (
        fill(text, _lookup(finding, finding.side, rule_set))
        for finding in met
        for text in texts(rule_set.rule(finding.rule))
    )
    return tuple(dict.fromkeys(found))


def _suggestion(proposed: Proposed, rule_set: RuleSet) -> Suggestion:
    template, finding = proposed.template, proposed.finding
    lookup = _lookup(finding, proposed.side, rule_set)
    dose, low, high = (
        rule_set.limit(name) if name else None
        for name in (template.amount, template.low, template.high)
    )
    text = fill(template.text, lookup)
    decides = rule_set.phrases.decides
    return Suggestion(
        kind=template.kind,
        text=both(
            lambda language: f"{text.of(language).rstrip('. ')}; {decides.of(language)}"
        ),
        rule=finding.rule,
        side=proposed.side,
        element=template.element,
        amount=dose.value if dose else None,
        unit=dose.unit if dose else None,
        location=template.location,
        steps=tuple(rule_set.limit(name).value for name in template.steps),
        evidence=finding.evidence,
        contraindications=tuple(
            fill(against, lookup) for against in template.contraindications
        ),
        low=low.value if low else None,
        high=high.value if high else None,
        unconfirmed=any(
            limit is not None and not limit.confirmed for limit in (dose, low, high)
        ),
        optional=template.optional,
        grade=rule_set.rule(finding.rule).evidence.grade,
    )


def _lookup(finding: Finding, side: Side | None, rule_set: RuleSet) -> Lookup:
    """Return what the placeholders of suggestions and remarks stand for."""
    rule, phrases = rule_set.rule(finding.rule), rule_set.phrases
    sides = {Side.LEFT: phrases.left, Side.RIGHT: phrases.right}

    def text_of(name: str, argument: str) -> Text:
        if name == "limit":
            return limit_text(rule_set.limit(argument), phrases)
        recording = finding.recording or "–"
        found = {
            "title": rule.title,
            "measure": definition(finding.measure).label if finding.measure else None,
            "side": sides[side] if side else None,
            "recording": Text(nl=recording, en=recording),
            "advice": finding.advice,
        }
        return found[name] or NOTHING

    return lambda name, argument, language: text_of(name, argument).of(language)
