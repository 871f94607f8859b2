"""From suggestions of rules to suggestions of the plan: doses, sides, places, words.

Shoe advice: the seven points of the sources, and the height of the heel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.plan import Suggestion
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Visit
from gaitkit.model.wording import both, listed, number_with_unit
from gaitkit.plan.hard_limits import with_limit, within_limits
from gaitkit.plan.heel_raise import (
    HeelRaise,
    cushion_under,
    heel_raise,
    posterior_of,
    shorter_side,
)
from gaitkit.plan.insole import one_sided_cushion
from gaitkit.rules.check_texts import COMPUTED
from gaitkit.rules.rule import RuleSet
from gaitkit.rules.wording import fill, limit_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gaitkit.model.finding import Finding
    from gaitkit.model.intake import Shoes
    from gaitkit.model.text import Language
    from gaitkit.rules.proposal import Proposed
    from gaitkit.rules.wording import Lookup

NOTHING = Text(nl="–", en="–")
TEST_RAISE = "test_raise"
"""Name of the limit that is the height of the test raise."""

WORKED_OUT = tuple(dict.fromkeys(name for names in COMPUTED.values() for name in names))
"""Placeholders that only this module fills in."""

WorkedOut = dict[str, Text | None]
POINTS = (
    "firmness", "heel_height", "flexibility", "sole_material", "ball_line",
    "upper_stability", "heel_counter",
)  # fmt: skip
"""Firmness, heel height, flexibility from S0; the other four, and heel height, from
S1. Their names in words stand in ``answers.toml``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseGrounds:
    """What the doses of one plan rest on."""

    visit: Visit
    rule_set: RuleSet
    raised: HeelRaise | None


def suggest(
    standing: Iterable[Proposed],
    findings: Iterable[Finding],
    visit: Visit,
    rule_set: RuleSet,
    *,
    chosen: HeelRaise | None = None,
) -> tuple[Suggestion, ...]:
    """Return the suggestions that stand, with their doses, each once.

    Parameters
    ----------
    standing : iterable of Proposed
        From `gaitkit.rules.proposal.proposals`.
    findings : iterable of Finding
        All findings; that of the rule that allows the next step among them.
    visit : Visit
        Shoes, therapy and what is worn now.
    rule_set : RuleSet
        Limits and words.
    chosen : HeelRaise or None
        The raise that a therapist chose instead of the one worked out. Whatever rests
        on the raise follows it: steps, remainder under the shoe, height of the heel.

    Returns
    -------
    tuple of Suggestion
        In the order given. A raise of which nothing is left is not suggested; a dose
        beyond a hard limit becomes "needs the clinician", but for a chosen raise.
    """
    known = tuple(standing)
    plain = [_plain(each, rule_set) for each in known]
    raised = chosen or _raise(known, plain, findings, visit, rule_set)
    grounds = DoseGrounds(visit=visit, rule_set=rule_set, raised=raised)
    found = (
        suggestion if each.template.computed is None else _computed(each, grounds)
        for each, suggestion in zip(known, plain, strict=True)
    )
    return tuple(
        dict.fromkeys(
            with_limit(
                each
                if chosen and each.kind == "heel_raise"
                else within_limits(each, rule_set)
            )
            for each in found
            if each
        )
    )


def look_up(
    finding: Finding,
    side: Side | None,
    rule_set: RuleSet,
    worked_out: Mapping[str, Text | None] | None = None,
) -> Lookup:
    """Return what the placeholders of suggestions and remarks stand for."""
    rule, phrases = rule_set.rule(finding.rule), rule_set.phrases
    recording = finding.recording or "–"
    found: WorkedOut = {
        "title": rule.title,
        "measure": definition(finding.measure).label if finding.measure else None,
        "side": _side_name(side, rule_set) if side else None,
        "recording": Text(nl=recording, en=recording),
        "advice": finding.advice,
    }

    def text_of(name: str, argument: str) -> Text | None:
        if name == "limit":
            return limit_text(rule_set.limit(argument), phrases)
        if worked_out is not None and name in worked_out:
            return worked_out[name]
        return found[name] or NOTHING

    return lambda name, argument, language: (
        text.of(language) if (text := text_of(name, argument)) else ""
    )


def _plain(
    proposed: Proposed, rule_set: RuleSet, worked_out: WorkedOut | None = None
) -> Suggestion:
    """Return a suggestion with the doses that its rule names."""
    template, finding = proposed.template, proposed.finding
    lookup = look_up(
        finding, proposed.side, rule_set, worked_out or dict.fromkeys(WORKED_OUT)
    )
    dose, low, high = (
        rule_set.limit(name) if name else None
        for name in (template.amount, template.low, template.high)
    )
    text, decides = fill(template.text, lookup), rule_set.phrases.decides
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
        label=_label(template.element, rule_set),
    )


def _label(element: str | None, rule_set: RuleSet) -> Text | None:
    """Return what an element is called, or None when it has no name."""
    known = rule_set.answer(element) if element else None
    return None if known is None or known.nl == element else known


def _raise(
    known: Iterable[Proposed],
    plain: Iterable[Suggestion],
    findings: Iterable[Finding],
    visit: Visit,
    rule_set: RuleSet,
) -> HeelRaise | None:
    """Return the raise of the first rule that asks for one."""
    asked = (p.finding for p in known if p.template.computed == "heel_raise")
    finding = next(asked, None)
    best = posterior_of(finding.measurements) if finding else None
    if best is None or best.value is None:
        return None
    side = shorter_side(best.value)
    cushion = max(
        cushion_under(visit, side), one_sided_cushion(plain, side) if side else 0.0
    )
    go_on = any(
        f.verdict == "met" and rule_set.has_role(f.rule, "allows_next_step")
        for f in findings
    )
    return heel_raise(best.value, visit, rule_set, cushion_mm=cushion, go_on=go_on)


def _computed(proposed: Proposed, around: DoseGrounds) -> Suggestion | None:
    match proposed.template.computed:
        case "heel_raise":
            return _heel_raise(proposed, around)
        case "test_raise":
            return _test_raise(proposed, around)
        case "under_shoe":
            return _under_shoe(proposed, around)
        case "shoe" | None:
            return _shoe(proposed, around)


def _heel_raise(proposed: Proposed, around: DoseGrounds) -> Suggestion | None:
    raised, rule_set = around.raised, around.rule_set
    if raised is None:
        return None
    phrases = rule_set.phrases
    words: WorkedOut = {
        "raise_side": _side_name(raised.side, rule_set),
        "begin": phrases.raise_begin if raised.worn_mm is None else phrases.raise_go_on,
        "amount": _mm(
            raised.start_mm, rule_set=rule_set, unconfirmed=raised.unconfirmed
        ),
        "target": _mm(raised.target_mm, rule_set=rule_set),
        "steps": _mm(*raised.steps_mm, rule_set=rule_set),
        "location": phrases.in_insole,
    }
    return replace(
        _plain(proposed, rule_set, words),
        side=raised.side,
        amount=raised.start_mm,
        unit="mm",
        location="in_insole",
        steps=raised.steps_mm,
        target=raised.target_mm,
        step_dates=raised.step_dates,
        unconfirmed=raised.unconfirmed,
        worn=raised.worn_mm,
    )


def _test_raise(proposed: Proposed, around: DoseGrounds) -> Suggestion | None:
    best = posterior_of(proposed.finding.measurements)
    side = shorter_side(best.value) if best and best.value is not None else None
    if side is None:
        return None
    rule_set = around.rule_set
    dose = rule_set.limit(TEST_RAISE)
    words: WorkedOut = {
        "raise_side": _side_name(side, rule_set),
        "amount": limit_text(dose, rule_set.phrases),
    }
    return replace(
        _plain(proposed, rule_set, words),
        side=side,
        amount=dose.value,
        unit=dose.unit,
        unconfirmed=not dose.confirmed,
    )


def _under_shoe(proposed: Proposed, around: DoseGrounds) -> Suggestion | None:
    raised, rule_set = around.raised, around.rule_set
    if raised is None or raised.under_shoe_mm <= 0:
        return None
    words: WorkedOut = {
        "raise_side": _side_name(raised.side, rule_set),
        "amount": _mm(raised.under_shoe_mm, rule_set=rule_set),
        "forefoot": rule_set.phrases.forefoot_too if raised.forefoot else None,
    }
    return replace(
        _plain(proposed, rule_set, words),
        side=raised.side,
        amount=raised.under_shoe_mm,
        unit="mm",
        location="under_shoe",
        unconfirmed=raised.unconfirmed,
    )


def _shoe(proposed: Proposed, around: DoseGrounds) -> Suggestion:
    shoes, raised = around.visit.intake.shoes, around.raised
    words: WorkedOut = {
        "points": points_text(shoes, around.rule_set),
        "heel": heel_text(
            shoes, around.rule_set, raise_mm=raised.target_mm if raised else 0.0
        ),
    }
    return _plain(proposed, around.rule_set, words)


def _side_name(side: Side, rule_set: RuleSet) -> Text:
    phrases = rule_set.phrases
    return phrases.left if side is Side.LEFT else phrases.right


def _mm(*values: float, rule_set: RuleSet, unconfirmed: bool = False) -> Text:
    """Return heights as people write them: ``4 → 6 → 8 mm``, marked where needed."""
    *before, last = values
    mark = rule_set.phrases.unconfirmed

    def one(value: float, unit: str, language: Language) -> str:
        digits = 0 if value.is_integer() else 1
        return number_with_unit(value, digits=digits, unit=unit, language=language)

    def shown(language: Language) -> str:
        first = "".join(f"{one(value, '', language)} → " for value in before)
        text = first + one(last, "mm", language)
        return f"{text} ({mark.of(language)})" if unconfirmed else text

    return both(shown)


def points_text(shoes: Shoes, rule_set: RuleSet) -> Text:
    """Return the seven points: those that need attention, are unknown, are good."""
    phrases = rule_set.phrases
    groups = (
        (phrases.shoe_poor, {"poor", "moderate"}),
        (phrases.shoe_unknown, {None}),
        (phrases.shoe_good, {"good"}),
    )
    told = (
        phrase.filled(points=_named(points, rule_set))
        for phrase, ratings in groups
        if (points := [p for p in POINTS if getattr(shoes, p) in ratings])
    )
    return listed(told) or Text(nl="–", en="–")


def heel_text(shoes: Shoes, rule_set: RuleSet, *, raise_mm: float) -> Text | None:
    """Return the height of the heel with the raise, or None when it is not known.

    Parameters
    ----------
    shoes : Shoes
        With the height of the heel, mm.
    rule_set : RuleSet
        Holds ``total_heel_high`` and the words.
    raise_mm : float
        Highest raise of the plan, mm; 0 without one.
    """
    if shoes.heel_height_mm is None:
        return None
    total = shoes.heel_height_mm + raise_mm
    phrases = rule_set.phrases
    high = total > rule_set.limit("total_heel_high").value
    phrase = phrases.heel_too_high if high else phrases.heel_total
    return phrase.filled(
        amount=both(
            lambda language: number_with_unit(
                total, digits=0, unit="mm", language=language
            )
        )
    )


def _named(points: Iterable[str], rule_set: RuleSet) -> Text:
    names = (rule_set.answer(point) for point in points)
    return listed(names, separator=", ") or Text(nl="–", en="–")
