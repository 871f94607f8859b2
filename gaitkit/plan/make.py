"""The plan: what stands of the suggestions, or why nothing is suggested.

Suggestions come from the rules that are met, in the order of their priority. A rule of
the triage that is met withholds all of them. Every suggestion ends by saying who
decides.

Which codes of the profession follow from the intake and from what is proposed.

Which sentences of the sources bear on this patient.

When to evaluate: 6 to 10 weeks after the start of the definitive therapy.

What is handed over with an insole or raise, for how long, and to which goals.

Whether it is safe to suggest anything at all, and how soon somebody has to look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from gaitkit.doors import shipped_table
from gaitkit.model.plan import (
    Code,
    FollowUp,
    Level,
    Plan,
    Request,
    Statement,
    Triage,
    TriageStatus,
)
from gaitkit.model.text import Text
from gaitkit.model.wording import listed
from gaitkit.plan.insole import insoles, without_opposites
from gaitkit.plan.suggest import look_up, suggest
from gaitkit.rules.derived import outcome_facts, therapy_start, visit_facts
from gaitkit.rules.evaluate import judge_condition
from gaitkit.rules.facts import ProposalFacts
from gaitkit.rules.judged_visit import Focus, JudgedVisit
from gaitkit.rules.proposal import held_by, proposal_facts, proposals
from gaitkit.rules.wording import fill, limit_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gaitkit.model.finding import Finding
    from gaitkit.model.plan import CourseOutcome, Suggestion
    from gaitkit.model.text import Language
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import Rule, RuleSet

MADE = ("insole_element", "heel_raise")
"""Kinds of suggestion that lead to something that is made."""

GRAVEST_FIRST: tuple[TriageStatus, ...] = ("stop", "refer", "incomplete")
DEVICES = ("heel_raise", "insole_element")
"""Kinds of suggestion that wait for an open question."""

SCREENING = "T"
"""First letter of the rules that ask before anything is made."""

AT_LEAST: dict[TriageStatus, Level] = {
    "stop": "same_day", "refer": "weeks", "incomplete": "ask_first", "clear": "go_on"
}  # fmt: skip
"""Level of a status for which no rule asks another."""


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


def codes(
    visit: Visit, rule_set: RuleSet, *, proposal: ProposalFacts
) -> tuple[Code, ...]:
    """Return the codes that follow, verbatim and in the order of ``codes.toml``.

    Parameters
    ----------
    visit : Visit
        With the intake.
    rule_set : RuleSet
        Holds the table of codes and when each follows.
    proposal : ProposalFacts
        What the plan suggests.

    Returns
    -------
    tuple of Code
        Text, leading zeros included. A code whose condition rests on something that
        is not known is left out; so is one that only the therapist can choose.
    """
    scene = JudgedVisit(measurements=(), visit=visit, recordings=(), proposal=proposal)
    question = scene.ask(rule_set, Focus())
    return tuple(
        Code(
            system=code.system,
            code=code.code,
            label=code.label,
            check=code.check,
            other_form=code.other_form,
        )
        for code in rule_set.codes
        if code.when is not None and judge_condition(code.when, question).worst == 1.0
    )


def statements(
    visit: Visit, rule_set: RuleSet, *, proposal: ProposalFacts
) -> tuple[Statement, ...]:
    """Return what the sources say for whom this is, in the order of their file.

    Parameters
    ----------
    visit : Visit
        With the intake.
    rule_set : RuleSet
        Holds the sentences and when each is worth saying.
    proposal : ProposalFacts
        What the plan suggests.

    Returns
    -------
    tuple of Statement
        A sentence whose condition rests on something unknown is left out.
    """
    scene = JudgedVisit(measurements=(), visit=visit, recordings=(), proposal=proposal)
    question = scene.ask(rule_set, Focus())

    def look_up(_name: str, argument: str, language: Language) -> str:
        limit = limit_text(rule_set.limit(argument), rule_set.phrases)
        return limit.of(language)

    return tuple(
        Statement(
            key=said.key,
            topic=said.topic,
            text=fill(said.text, look_up),
            source=said.source,
        )
        for said in rule_set.statements
        if said.when is None or judge_condition(said.when, question).worst == 1.0
    )


def follow_up(
    visit: Visit, rule_set: RuleSet, *, made: bool = False
) -> FollowUp | None:
    """Return the window for the evaluation, or None when nothing is to be evaluated.

    Parameters
    ----------
    visit : Visit
        With what was given and when.
    rule_set : RuleSet
        Holds the limits ``follow_up_from``, ``follow_up_to``, ``prom_day`` and
        ``prom_day_margin`` in days.
    made : bool
        True when the plan has something that is made.

    Returns
    -------
    FollowUp or None
        Both days included. It counts from the last definitive therapy, as the care
        module (S1) says; without one, from the last therapy of any kind (S0). Before
        any therapy it counts from the day of the visit, as a proposal, where something
        is made.
    """
    start = therapy_start(visit)
    proposed = start is None
    if start is None:
        start = visit.visited_on if made else None
    if start is None:
        return None
    first, last, day, margin = (
        timedelta(days=rule_set.limit(name).value)
        for name in ("follow_up_from", "follow_up_to", "prom_day", "prom_day_margin")
    )
    end, today = start + last, visit.visited_on
    outcome = None if proposed else course_outcome(visit)
    soon = timedelta(days=rule_set.limit("step_back_days").value)
    return FollowUp(
        from_=start + first,
        to=end,
        counted_from=start,
        definitive=any(each.definitive for each in visit.therapy),
        questionnaire_from=start + day - margin,
        questionnaire_to=start + day + margin,
        overdue=None if today is None else today > end,
        proposed=proposed,
        reached=not proposed and today is not None and today >= start + first,
        outcome=outcome,
        back_by=today + soon if today is not None and outcome == "worse" else None,
    )


def course_outcome(visit: Visit) -> CourseOutcome | None:
    """Return what scores and answers at an evaluation say together.

    New pain is worse whatever the scores say; goals that were reached, or complaints
    that decreased enough, are an improvement where no score got worse.
    """
    told, change = visit.follow_up, outcome_facts(visit).change
    if change == "worse" or told.new_pain == "yes":
        return "worse"
    if change == "improved" or "yes" in (told.goals_reached, told.enough_decrease):
        return "mixed" if change == "mixed" else "improved"
    return "unchanged" if change == "same" else change


def made_of(suggestions: Iterable[Suggestion]) -> bool:
    """Tell whether anything is made; the test raise, only offered, is not."""
    return any(each.kind in MADE and not each.optional for each in suggestions)


def deliverables(
    suggestions: Iterable[Suggestion], visit: Visit, rule_set: RuleSet
) -> tuple[Text, ...]:
    """Return what goes with an insole or raise: shoes, instruction, maintenance (S1).

    The test raise is not made, so it brings nothing with it.
    """
    if not made_of(suggestions):
        return ()
    phrases, worn = rule_set.phrases, visit.intake.shoes.worn
    names = listed((rule_set.answer(kind) for kind in worn), separator=", ")
    shoes = names or phrases.unknown
    return (
        phrases.fits_shoes.filled(shoes=shoes),
        phrases.instruction,
        phrases.maintenance,
    )


def permanence(suggestions: Iterable[Suggestion], rule_set: RuleSet) -> Text | None:
    """Return for how long it is needed: for good with a leg-length difference (L09)."""
    made = [each for each in suggestions if each.kind in MADE and not each.optional]
    if not made:
        return None
    phrases = rule_set.phrases
    raised = any(each.kind == "heel_raise" for each in made)
    return phrases.permanent if raised else phrases.reassess


def goals(visit: Visit, rule_set: RuleSet) -> tuple[Text, ...]:
    """Return the patient's goals, with their kind."""
    return tuple(
        Text(
            nl=f"{rule_set.answer(goal.kind).nl}: {goal.text}",
            en=f"{rule_set.answer(goal.kind).en}: {goal.text}",
        )
        for goal in visit.intake.goals
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelWords:
    """What a level of urgency means (``levels.toml``, gravest first).

    Attributes
    ----------
    level, label, within
        Its name, what it is called, and within what time.
    hard_stop, keep_moving : bool
        Nothing is shown but the stop; the patient may be told to keep moving.
    letters : tuple of str
        Which letters belong to it.
    source, confirmed
        Where it comes from, and whether it was read there.
    """

    level: Level
    label: Text
    within: Text
    hard_stop: bool
    keep_moving: bool
    letters: tuple[str, ...]
    source: str
    confirmed: bool


@cache
def levels() -> dict[Level, LevelWords]:
    """Return every level, gravest first."""
    tables = shipped_table("gaitkit.plan", "levels.toml")
    return {name: _words(name, tables[name]) for name in get_args(Level)}


def _words(level: Level, table: dict[str, Any]) -> LevelWords:
    return LevelWords(
        level=level,
        label=Text(**table["label"]),
        within=Text(**table["within"]),
        hard_stop=table["hard_stop"],
        keep_moving=table["keep_moving"],
        letters=tuple(table["letters"]),
        source=table["source"],
        confirmed=table["confirmed"],
    )


def triage(
    findings: Iterable[Finding], rule_set: RuleSet, asked: Iterable[Request] = ()
) -> Triage:
    """Return the gravest status that a rule of the triage asks for, and its level.

    Parameters
    ----------
    findings : iterable of Finding
        From `gaitkit.rules.judge.judge`.
    rule_set : RuleSet
        The same rule set.
    asked : iterable of Request
        From `requests`.

    Returns
    -------
    Triage
        ``stop``, ``refer`` or ``incomplete`` with the rules that say so; ``clear``
        only when every rule of the triage was judged and none is met. A set that has
        no rule of the triage, or a rule that could not be judged and may not stay
        open, is ``incomplete``. A level that is a hard stop makes it ``stop``.
    """
    known, levels_asked = tuple(findings), [request.level for request in asked]
    status, rules = _status(known, rule_set)
    if status == "clear" and held(known, rule_set):
        levels_asked.append("ask_first")
    levels_asked.append(AT_LEAST[status])
    level = gravest(levels_asked)
    if status in {"refer", "incomplete"} and levels()[level].hard_stop:
        status = "stop"
    return Triage(status=status, rules=rules, level=level)


def held(findings: Iterable[Finding], rule_set: RuleSet) -> bool:
    """Tell whether devices wait for an answer or for the weighing of a sign."""
    return any(
        finding.rule[0] == SCREENING
        and finding.verdict in block.when
        and set(DEVICES) <= set(block.suggestions)
        for finding in findings
        for block in rule_set.rule(finding.rule).blocks
    )


def gravest(asked: Iterable[Level]) -> Level:
    """Return the gravest level among some, ``go_on`` among none."""
    known = set(asked)
    return next((level for level in levels() if level in known), "go_on")


def requests(
    findings: Iterable[Finding], visit: Visit, rule_set: RuleSet
) -> tuple[Request, ...]:
    """Return what somebody else is asked, gravest first.

    Of one finding only the gravest level is asked.
    """
    scene = JudgedVisit(
        measurements=(), visit=visit, recordings=(), told=visit_facts(visit)
    )
    asked = [
        request
        for finding in findings
        for request in _of_finding(finding, scene, rule_set)
    ]
    order = list(levels())
    return tuple(dict.fromkeys(sorted(asked, key=lambda each: order.index(each.level))))


def _of_finding(
    finding: Finding, scene: JudgedVisit, rule_set: RuleSet
) -> Iterator[Request]:
    possible = tuple(
        template
        for template in rule_set.rule(finding.rule).requests
        if finding.verdict in template.on
    )
    if not possible:
        return
    question = scene.ask(rule_set, Focus(side=finding.side))
    templates = [
        template
        for template in possible
        if (
            template.when is None
            or judge_condition(template.when, question).worst == 1.0
        )
    ]
    worst = gravest(template.level for template in templates)
    for template in templates:
        if template.level == worst:
            yield Request(
                rule=finding.rule,
                level=template.level,
                to=template.to,
                within=levels()[template.level].within,
                text=template.text,
            )


def _status(
    findings: tuple[Finding, ...], rule_set: RuleSet
) -> tuple[TriageStatus, tuple[str, ...]]:
    judged = [
        (finding, rule.triage)
        for finding in findings
        if (rule := rule_set.rule(finding.rule)).triage is not None
    ]
    met = [(f.rule, status) for f, status in judged if f.verdict == "met"]
    for status in GRAVEST_FIRST:
        rules = tuple(dict.fromkeys(rule for rule, asked in met if asked == status))
        if rules:
            return status, rules
    ended = held_by(findings, rule_set)
    open_ = tuple(
        dict.fromkeys(
            finding.rule
            for finding, _ in judged
            if finding.verdict != "not_met"
            and (finding in ended or not rule_set.rule(finding.rule).may_stay_open)
        )
    )
    if open_ or not judged:
        return "incomplete", open_
    return "clear", ()
