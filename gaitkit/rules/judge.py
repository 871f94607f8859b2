"""From measurements, intake and recordings to findings: the judgement of every rule.

A rule is ``met`` when the probability that can be claimed for its condition reaches
the limit ``met_from`` (0.80, or one of its own), ``uncertain`` from ``uncertain_from``
(0.50), ``not_met`` below, and ``not_assessable`` when a missing input could change the
verdict. Rules that block others are judged before them, rules that ask what is
proposed last; the order of the files does not matter.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from gaitkit.model.finding import Finding, Verdict
from gaitkit.model.wording import both
from gaitkit.rules.condition import FactTest, leaves
from gaitkit.rules.derived import visit_facts
from gaitkit.rules.evaluate import judge_condition
from gaitkit.rules.facts import finding_facts, foot_facts
from gaitkit.rules.inputs import too_few
from gaitkit.rules.judged_visit import (
    ActiveBlock,
    Focus,
    JudgedVisit,
    RuleQuestion,
    foci,
)
from gaitkit.rules.narrate import Narrator
from gaitkit.rules.proposal import proposal_facts
from gaitkit.rules.rule import EVERY_RULE, MET_FROM, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.model.text import Text
    from gaitkit.model.visit import Visit
    from gaitkit.rules.chance import Outcome
    from gaitkit.rules.facts import ChainsOf, ProposalFacts
    from gaitkit.rules.rule import RuleSet

UNCERTAIN_FROM = "uncertain_from"
"""Name of the limit between not met and in doubt."""

PROPOSAL_FACTS = "proposal."
CHAIN_FACTS = "chain."
FOOT_FACTS = "foot."
FINDING_FACTS = "findings."


def judge(
    rule_set: RuleSet,
    measurements: Sequence[Measurement],
    visit: Visit,
    recordings: Sequence[Recording],
    *,
    chains_of: ChainsOf | None = None,
    leg_length: LegLengthEstimate | None = None,
) -> tuple[Finding, ...]:
    """Judge every active rule for everything it applies to.

    Parameters
    ----------
    rule_set : RuleSet
        From `gaitkit.rules.loader.load_rules`.
    measurements : sequence of Measurement
        Of all recordings and of the examination, with or without a value.
    visit : Visit
        Intake, examination and subject.
    recordings : sequence of Recording
        Identity and quality; the measurements name them by id.
    chains_of : callable or None
        Makes the kinetic chains from the measurements that a rule may use; None:
        nothing is known of them.
    leg_length : LegLengthEstimate or None
        The best estimate, whose own probabilities its comparisons then use; without it
        they take the row of the estimate as a normal.

    Returns
    -------
    tuple of Finding
        In order of priority of the rules; all four verdicts.
    """
    scene = JudgedVisit(
        measurements=tuple(measurements),
        visit=visit,
        recordings=tuple(recordings),
        told=visit_facts(visit),
        leg_length=leg_length,
    )
    findings: list[Finding] = []
    blocks: list[ActiveBlock] = []
    proposed: ProposalFacts | None = None
    for rule in _ordered(rule_set):
        concerned = (block for block in blocks if block.concerns(rule))
        in_force = tuple(sorted(concerned, key=lambda block: block.rule))
        if asks_for_proposal(rule):
            # these come last, so what the others propose is complete
            proposed = proposed or _proposed(findings, rule_set)
            scene = replace(scene, proposal=proposed)
        here = _prepared(
            rule, replace(scene, blocks=in_force), findings, rule_set, chains_of
        )
        stopper = next((block for block in in_force if block.whole), None)
        if stopper is not None:
            findings.append(_stopped(rule, stopper, rule_set))
            continue
        for focus in foci(rule, here):
            of_side = _stopper_of_side(rule, focus, in_force)
            if of_side is not None:
                stopped = _stopped(rule, of_side, rule_set)
                findings.append(replace(stopped, side=focus.side))
                continue
            finding = _finding(rule, here.ask(rule_set, focus))
            findings.append(finding)
            blocks += _blocks(rule, focus, finding)
    rank = {rule.id: position for position, rule in enumerate(rule_set.rules)}
    return tuple(sorted(findings, key=lambda finding: rank[finding.rule]))


def _prepared(
    rule: Rule,
    scene: JudgedVisit,
    findings: Sequence[Finding],
    rule_set: RuleSet,
    chains_of: ChainsOf | None,
) -> JudgedVisit:
    """Return the scene with what only some rules ask for."""
    if not any(map(partial(_asks_for, rule), (CHAIN_FACTS, FOOT_FACTS, FINDING_FACTS))):
        return scene
    enough = tuple(row for row in scene.usable if not too_few(row, rule_set))
    if chains_of is not None and _asks_for(rule, CHAIN_FACTS):
        scene = replace(scene, chains=tuple(chains_of(enough)))
    if _asks_for(rule, FOOT_FACTS):
        scene = replace(scene, feet=foot_facts(enough))
    if _asks_for(rule, FINDING_FACTS):
        scene = replace(scene, found=finding_facts(findings))
    return scene


def _stopper_of_side(
    rule: Rule, focus: Focus, in_force: Iterable[ActiveBlock]
) -> ActiveBlock | None:
    """Return the block of one side that stops a rule on answers alone.

    A rule on measurements loses those of that side instead.
    """
    if not _only_facts(rule):
        return None
    return next(
        (
            block
            for block in in_force
            if block.focus == Focus(side=block.focus.side)
            and focus.side in {None, block.focus.side}
        ),
        None,
    )


@lru_cache(maxsize=512)
def _only_facts(rule: Rule) -> bool:
    return all(isinstance(leaf, FactTest) for leaf in leaves(rule.condition))


def _proposed(findings: Iterable[Finding], rule_set: RuleSet) -> ProposalFacts:
    """Return what is proposed without the rules that ask for it.

    So it does not matter in which order those are judged.
    """
    firm = (f for f in findings if not asks_for_proposal(rule_set.rule(f.rule)))
    return proposal_facts(firm, rule_set)


@lru_cache(maxsize=16)
def _ordered(rule_set: RuleSet) -> tuple[Rule, ...]:
    """Return the active rules in the order of judging; the same for every visit."""
    return judging_order(rule_set.active)


def judging_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules so that each comes after those that may block it.

    Raises
    ------
    graphlib.CycleError
        If rules block each other in a circle; the loader refuses such a set.
    """
    by_id = {rule.id: rule for rule in rules}
    order: TopologicalSorter[str] = TopologicalSorter({name: () for name in by_id})
    for rule in by_id.values():
        for blocked in blocked_rules(rule, by_id.values()):
            order.add(blocked.id, rule.id)
    in_order = [by_id[name] for name in order.static_order()]
    return tuple(sorted(in_order, key=_turn))


def _turn(rule: Rule) -> int:
    """Return when a rule is judged: what others found, then what they propose."""
    return 2 if asks_for_proposal(rule) else int(_asks_for(rule, FINDING_FACTS))


def blocked_rules(rule: Rule, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules that a rule may block."""
    names = {name for block in rule.blocks for name in block.rules}
    return tuple(
        other
        for other in rules
        if other.id != rule.id
        and (other.id in names or (EVERY_RULE in names and other.triage is None))
    )


@lru_cache(maxsize=512)
def asks_for_proposal(rule: Rule) -> bool:
    """Tell whether a rule asks what the other rules propose."""
    return _asks_for(rule, PROPOSAL_FACTS)


@lru_cache(maxsize=1024)
def _asks_for(rule: Rule, facts: str) -> bool:
    return any(
        isinstance(leaf, FactTest) and leaf.fact.startswith(facts)
        for leaf in leaves(rule.condition)
    )


def verdict_of(
    outcome: Outcome, rule_set: RuleSet, *, met_from: str = MET_FROM
) -> Verdict:
    """Return the verdict on a judged condition.

    Where all that could still change it was asked and is not known to the patient, the
    rule is in doubt; where something was not asked, it cannot be assessed.
    """
    worst, best = (_class(p, rule_set, met_from) for p in (outcome.worst, outcome.best))
    if worst == best:
        return worst
    return "uncertain" if outcome.unsure else "not_assessable"


def _in_doubt(rule: Rule, question: RuleQuestion) -> bool:
    """Tell whether the rule says itself that more has to be asked first."""
    if rule.doubt is None:
        return False
    doubt = judge_condition(rule.doubt, question)
    return verdict_of(doubt, question.rule_set) == "met"


def _class(probability: float, rule_set: RuleSet, met_from: str) -> Verdict:
    if probability >= rule_set.limit(met_from).value:
        return "met"
    uncertain = probability >= rule_set.limit(UNCERTAIN_FROM).value
    return "uncertain" if uncertain else "not_met"


def _stopped(rule: Rule, stopper: ActiveBlock, rule_set: RuleSet) -> Finding:
    """Return the finding of a rule that another rule stops altogether."""
    text = rule_set.phrases.stopped.filled(name=rule.title, rule=stopper.rule)
    return Finding(
        rule=rule.id,
        revision=rule.revision,
        verdict="not_assessable",
        text=text,
        advice=stopper.advice,
        evidence=rule.evidence.references,
    )


def _finding(rule: Rule, question: RuleQuestion) -> Finding:
    focus = question.focus
    outcome = judge_condition(rule.condition, question)
    verdict = verdict_of(outcome, question.rule_set, met_from=rule.met_from)
    open_ = outcome.worst != outcome.best
    if verdict in {"not_met", "not_assessable"} and _in_doubt(rule, question):
        verdict, open_ = "uncertain", True
    firm = _class(outcome.firm, question.rule_set, rule.met_from)
    reserved = verdict == "met" and firm != "met"
    verdict = "uncertain" if reserved else verdict
    narrator = Narrator(rule=rule, question=question, outcome=outcome)
    text = narrator.sentence(verdict)
    if reserved:
        text = _joined(text, _reserve(outcome, question))
    rows = (
        row
        for leaf in outcome.leaves
        if leaf.quantity is not None
        for row in leaf.quantity.rows
    )
    return Finding(
        rule=rule.id,
        revision=rule.revision,
        verdict=verdict,
        text=text,
        advice=narrator.advice(verdict),
        probability=None if open_ else narrator.probability(verdict),
        measure=focus.measure,
        side=focus.side,
        recording=focus.recording,
        measurements=tuple(dict.fromkeys(rows)),
        evidence=rule.evidence.references,
    )


def _joined(first: Text, second: Text) -> Text:
    return both(lambda language: f"{first.of(language)} {second.of(language)}")


def _reserve(outcome: Outcome, question: RuleQuestion) -> Text:
    """Return that a finding rests on few strides or contacts, and how many it takes."""
    few = min(
        (leaf.few for leaf in outcome.leaves if leaf.few is not None),
        key=lambda few: few.n,
    )
    target = f"{few.target.value:.0f}"
    return question.phrases.few.filled(n=few.n, target=target)


def _blocks(rule: Rule, focus: Focus, finding: Finding) -> list[ActiveBlock]:
    return [
        ActiveBlock(rule=rule.id, advice=finding.advice, block=block, focus=focus)
        for block in rule.blocks
        if block.rules and finding.verdict in block.when
    ]
