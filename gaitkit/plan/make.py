"""The plan: what stands of the suggestions, or why nothing is suggested.

Suggestions come from the rules that are met, in the order of their priority. A rule of
the triage that is met withholds all of them. Every suggestion ends by saying who
decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.model.plan import Plan
from gaitkit.plan.codes import codes
from gaitkit.plan.follow_up import follow_up
from gaitkit.plan.handing_over import deliverables, goals, made_of, permanence
from gaitkit.plan.insole import insoles, without_opposites
from gaitkit.plan.statements import statements
from gaitkit.plan.suggest import look_up, suggest
from gaitkit.plan.triage import held, requests, triage
from gaitkit.rules.facts import ProposalFacts
from gaitkit.rules.proposal import held_by, proposal_facts, proposals
from gaitkit.rules.wording import fill, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gaitkit.model.finding import Finding
    from gaitkit.model.plan import Suggestion
    from gaitkit.model.text import Text
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import Rule, RuleSet


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
        ``suggestions`` with what stands; ``withheld`` when the triage, or a rule that
        ends the treatment, allows none, with the reason; ``none`` when no rule suggests
        anything. After a
        ``stop`` nothing else is given than the referral.
    """
    known = tuple(findings)
    asked = requests(known, visit, rule_set)
    checked = triage(known, rule_set, asked)
    met = tuple(finding for finding in known if finding.verdict == "met")
    referrals = _filled(met, rule_set, lambda rule: rule.referrals)
    if checked.status != "clear":
        why = listed((f.text for f in met if f.rule in checked.rules), separator=" ")
        withheld = Plan(
            status="withheld",
            triage=checked,
            reason=why or rule_set.phrases.plan_untriaged,
            referrals=referrals,
            requests=asked,
        )
        if checked.status == "stop":
            return withheld
        return replace(
            withheld,
            cautions=_filled(met, rule_set, lambda rule: rule.cautions),
            follow_up=follow_up(visit, rule_set),
            codes=codes(visit, rule_set, proposal=ProposalFacts()),
        )
    ended = held_by(known, rule_set)
    if ended:
        return Plan(
            status="withheld",
            triage=checked,
            reason=listed((f.text for f in ended), separator=" "),
            cautions=_filled(met, rule_set, lambda rule: rule.cautions),
            referrals=referrals,
            requests=asked,
            codes=codes(visit, rule_set, proposal=ProposalFacts()),
            goals=goals(visit, rule_set),
        )
    suggestions = suggest(proposals(known, rule_set), known, visit, rule_set)
    allowed = without_opposites(suggestions, rule_set)
    dropped = tuple(each for each in suggestions if each not in allowed)
    proposed = with_suggestions(
        Plan(
            status="suggestions",
            triage=checked,
            cautions=_filled(met, rule_set, lambda rule: rule.cautions),
            referrals=referrals,
            goals=goals(visit, rule_set),
            requests=asked,
            provisional=held(known, rule_set),
        ),
        allowed,
        visit,
        rule_set,
        dropped=dropped,
    )
    # codes and statements follow from what rules propose, a dose worked out or not
    proposal = proposal_facts(known, rule_set)
    return replace(
        proposed,
        codes=codes(visit, rule_set, proposal=proposal),
        statements=statements(visit, rule_set, proposal=proposal),
    )


def with_suggestions(
    plan: Plan,
    suggestions: tuple[Suggestion, ...],
    visit: Visit,
    rule_set: RuleSet,
    *,
    dropped: Iterable[Suggestion] = (),
) -> Plan:
    """Return a plan with these suggestions and everything that follows from them.

    Parameters
    ----------
    plan : Plan
        With everything that does not follow from them.
    suggestions : tuple of Suggestion
        What is proposed, or what stands of it.
    visit : Visit
        Shoes, goals, therapy.
    rule_set : RuleSet
        The rules.
    dropped : iterable of Suggestion
        Elements that contradict each other, to be named.
    """
    facts = ProposalFacts(
        kinds=tuple(dict.fromkeys(each.kind for each in suggestions)),
        elements=tuple(dict.fromkeys(s.element for s in suggestions if s.element)),
    )
    return replace(
        plan,
        status="suggestions" if suggestions else "none",
        reason=None if suggestions else rule_set.phrases.plan_none,
        suggestions=suggestions,
        follow_up=follow_up(visit, rule_set, made=made_of(suggestions)),
        codes=codes(visit, rule_set, proposal=facts),
        insoles=insoles(suggestions, rule_set, dropped=dropped),
        deliverables=deliverables(suggestions, visit, rule_set),
        permanence=permanence(suggestions, rule_set),
        statements=statements(visit, rule_set, proposal=facts),
    )


def _filled(
    met: Iterable[Finding],
    rule_set: RuleSet,
    texts: Callable[[Rule], tuple[Text, ...]],
) -> tuple[Text, ...]:
    """Return the remarks of the rules that are met, each once."""
    found = (
        fill(text, look_up(finding, finding.side, rule_set))
        for finding in met
        for text in texts(rule_set.rule(finding.rule))
    )
    return tuple(dict.fromkeys(found))
