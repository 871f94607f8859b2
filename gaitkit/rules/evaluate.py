"""Judging a condition: the probability that can be claimed for it.

Each leaf gives a probability, or says what is missing. Branches combine them by the
bound of `gaitkit.rules.chance.at_least`, twice: once as if every missing input would
turn out against the condition and once as if it would turn out for it. Where both lead
to the same verdict, the missing inputs do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.rules.chance import (
    Asked,
    LeafOutcome,
    Missing,
    Outcome,
    Quantity,
    SizeAsked,
    at_least,
)
from gaitkit.rules.condition import (
    COUNTS,
    SIDE_LIMITS,
    AllOf,
    AnyOf,
    AtLeast,
    Branch,
    Comparison,
    FactTest,
    Leaf,
    Of,
    Operator,
    Presence,
    parts,
)
from gaitkit.rules.facts import UNSURE, read_fact
from gaitkit.rules.inputs import clears, few_of, missing, quantity, rows_of, usable

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.rules.judged_visit import RuleQuestion

SIZES: dict[Of, SizeAsked] = {
    "abs_value": "one_way",
    "abs_left_minus_right": "one_way",
    "abs_minus_reference": "one_way",
    "size": "either_way",
}
"""Comparisons of a size, whatever the sign."""

COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    ">": lambda value, threshold: value > threshold,
    ">=": lambda value, threshold: value >= threshold,
    "<": lambda value, threshold: value < threshold,
    "<=": lambda value, threshold: value <= threshold,
}


def judge_condition(condition: Leaf | Branch, question: RuleQuestion) -> Outcome:
    """Judge a condition for one focus.

    Parameters
    ----------
    condition : Comparison, Presence, FactTest, AllOf, AnyOf or AtLeast
        The condition of a rule, or a part of it.
    question : RuleQuestion
        Rule set, scene and focus.

    Returns
    -------
    Outcome
        Probability that can be claimed at worst and at best, with every part.
    """
    match condition:
        case Comparison():
            return _of_leaf(_compared(condition, question))
        case Presence():
            return _of_leaf(_present(condition, question))
        case FactTest():
            return _of_leaf(_tested(condition, question))
    judged = tuple(judge_condition(part, question) for part in parts(condition))
    match condition:
        case AllOf():
            needed = len(judged)
        case AnyOf():
            needed = 1
        case AtLeast():
            needed = condition.at_least
    return Outcome(
        worst=at_least(needed, [part.worst for part in judged]),
        best=at_least(needed, [part.best for part in judged]),
        firm=at_least(needed, [part.firm for part in judged]),
        parts=judged,
        needed=needed,
    )


def _of_leaf(leaf: LeafOutcome) -> Outcome:
    if leaf.claim is None:
        return Outcome(worst=0.0, best=1.0, firm=0.0, leaf=leaf)
    firm = 0.0 if leaf.few is not None else leaf.claim
    return Outcome(worst=leaf.claim, best=leaf.claim, firm=firm, leaf=leaf)


def _compared(leaf: Comparison, question: RuleQuestion) -> LeafOutcome:
    rule_set = question.rule_set
    reference = rule_set.limit(leaf.reference).value if leaf.reference else 0.0
    found = quantity(leaf, question, reference=reference)
    if isinstance(found, Missing):
        return LeafOutcome(leaf=leaf, claim=None, missing=(found,))
    threshold = _threshold(leaf, found, question)
    if isinstance(threshold, Missing):
        return LeafOutcome(leaf=leaf, claim=None, missing=(threshold,), quantity=found)
    size = SIZES.get(leaf.of, "no")
    asked = Asked(operator=leaf.operator, threshold=threshold, size=size)
    probability = found.known.claim(asked)
    few = few_of(found.rows, question)
    clear = clears(probability, question.rule_set)
    return LeafOutcome(
        leaf=leaf,
        claim=_decided(leaf, probability, question),
        few=None if clear or leaf.of in COUNTS else few,
        against=0.0 if leaf.gate else found.known.claim(asked.opposite),
        quantity=found,
        threshold=threshold,
        asked=asked,
    )


def _decided(leaf: Comparison, probability: float, question: RuleQuestion) -> float:
    """Return what a comparison claims: its probability, or 1 or 0 of a gate."""
    if leaf.certainty is not None:
        return float(probability >= question.rule_set.limit(leaf.certainty).value)
    if leaf.certainty_below is not None:
        return float(probability < question.rule_set.limit(leaf.certainty_below).value)
    return probability


def _threshold(
    leaf: Comparison, found: Quantity, question: RuleQuestion
) -> float | Missing:
    """Return the threshold of a comparison: a number, a limit, or the largest known.

    The healthy 95th percentile is not known for every measure.
    """
    if isinstance(leaf.threshold, float | int):
        return float(leaf.threshold)
    names = (leaf.threshold,) if isinstance(leaf.threshold, str) else leaf.threshold
    side_limits = dict(
        zip(SIDE_LIMITS, (found.detectable_change, found.healthy_p95), strict=True)
    )
    values = [
        side_limits[name]
        if name in side_limits
        else question.rule_set.limit(name).value
        for name in names
    ]
    known = [value for value in values if value is not None]
    if not known:
        label = definition(found.rows[0].name).label
        return Missing(what=question.phrases.no_limit.filled(name=label))
    return max(known)


def _present(leaf: Presence, question: RuleQuestion) -> LeafOutcome:
    rows = rows_of(leaf, question)
    there = bool(usable(rows, question))
    lacking = () if there else (missing(leaf, rows, question),)
    held = float(there == leaf.measured)
    return LeafOutcome(leaf=leaf, claim=held, against=1.0 - held, missing=lacking)


def _tested(leaf: FactTest, question: RuleQuestion) -> LeafOutcome:
    value = read_fact(leaf.fact, question.facts, side=question.focus.side)
    if leaf.answered is not None:
        known = float((value is not None) == leaf.answered)
        return LeafOutcome(leaf=leaf, claim=known, against=1.0 - known, fact=value)
    if value is None or (value == UNSURE and UNSURE not in (leaf.equals, *leaf.one_of)):
        lacking = Missing(
            what=question.fact_label(leaf.fact), advice=question.phrases.answer_advice
        )
        return LeafOutcome(leaf=leaf, claim=None, missing=(lacking,), fact=value)
    held = float(_holds(leaf, value, question))
    return LeafOutcome(leaf=leaf, claim=held, against=1.0 - held, fact=value)


def _holds(leaf: FactTest, value: object, question: RuleQuestion) -> bool:
    several = value if isinstance(value, tuple) else (value,)
    if leaf.equals is not None:
        return value == leaf.equals
    if leaf.one_of:
        return value in leaf.one_of
    if leaf.contains is not None:
        return leaf.contains in several
    if leaf.lacks is not None:
        return leaf.lacks not in several
    return _compares(leaf, value, question)


def _compares(leaf: FactTest, value: object, question: RuleQuestion) -> bool:
    threshold = leaf.threshold
    if isinstance(threshold, str):
        threshold = question.rule_set.limit(threshold).value
    if leaf.operator is None or threshold is None or not isinstance(value, float | int):
        msg = f"fact {leaf.fact} is not a number; the loader should have refused this"
        raise TypeError(msg)
    return COMPARE[leaf.operator](float(value), threshold)
