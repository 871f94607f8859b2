"""What may be considered, or why nothing is proposed.

Equal suggestions of the left and the right foot as one suggestion for both.

Doses, the layers of each insole, what is handed over, and what the sources say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, get_args

from gaitkit.model.decisions import plan_in_force
from gaitkit.model.plan import (
    Suggestion,
)
from gaitkit.model.side import Side
from gaitkit.model.wording import number, with_unit
from gaitkit.report.blocks import (
    Callout,
    Card,
    Cards,
    Cell,
    Column,
    Fact,
    Facts,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.rules.shared import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gaitkit.model.plan import (
        FootInsole,
        InsoleLayer,
        Statement,
        Triage,
    )
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.words import Words

TRIAGE_TONES: dict[str, Tone] = {
    "clear": "plain",
    "incomplete": "caution",
    "refer": "stop",
    "stop": "stop",
}
TOPICS: tuple[str, ...] = get_args(Topic)
"""In the order in which they are shown."""


def plan(material: ReportInputs) -> Section:
    """Return the plan; whatever it holds, the podotherapist decides."""
    words, language = material.words, material.language
    proposal = material.assessment.plan
    blocks: list[Block] = [_status(material)]
    if proposal.suggestions:
        suggestions = both_sides(proposal.suggestions, words)
        cards = tuple(_card(material, each) for each in suggestions)
        blocks.append(Cards(cards=cards))
    for key, texts in (
        ("cautions", proposal.cautions),
        ("referrals", proposal.referrals),
    ):
        if texts:
            items = tuple(text.of(language) for text in texts)
            blocks.append(Points(title=words(f"plan.{key}"), items=items))
    blocks += insole_blocks(material)
    facts = _facts(material)
    if facts:
        blocks.append(Facts(facts=facts))
    blocks += _codes(material)
    blocks += statement_blocks(material)
    return Section(
        anchor="plan",
        title=words("plan.title"),
        intro=words("plan.intro"),
        blocks=tuple(blocks),
    )


def _status(material: ReportInputs) -> Callout:
    words, proposal = material.words, material.assessment.plan
    items = [f"{words('plan.triage')}: {_triage(material, proposal.triage)}."]
    if proposal.reason is not None:
        items.insert(0, proposal.reason.of(material.language))
    return Callout(
        title=words(f"plan.{proposal.status}"),
        items=tuple(items),
        tone=TRIAGE_TONES[proposal.triage.status],
    )


def _triage(material: ReportInputs, triage: Triage) -> str:
    text = material.words(f"plan.{triage.status}")
    return f"{text} ({', '.join(triage.rules)})" if triage.rules else text


def _card(material: ReportInputs, of: ForSides) -> Card:
    words, language, suggestion = material.words, material.language, of.suggestion
    facts = []
    if of.sides:
        side = words("side.both") if len(of.sides) > 1 else words(f"side.{of.sides[0]}")
        facts.append(Fact(label=words("plan.side"), value=side))
    if suggestion.amount is not None:
        amount = dose(material, suggestion)
        facts.append(Fact(label=words("plan.amount"), value=amount))
    if suggestion.steps:
        steps = steps_text(material, suggestion)
        facts.append(Fact(label=words("plan.steps"), value=steps))
    if suggestion.location is not None:
        place = words(f"plan.{suggestion.location}")
        facts.append(Fact(label=words("plan.location"), value=place))
    if suggestion.contraindications:
        against = "; ".join(text.of(language) for text in suggestion.contraindications)
        facts.append(Fact(label=words("plan.contraindications"), value=against))
    if suggestion.evidence:
        sources = "; ".join(material.citation(key) for key in suggestion.evidence)
        grades = ", ".join(g for g in suggestion.grade if g != "design")
        value = f"{grades}. {sources}" if grades else sources
        facts.append(Fact(label=words("findings.evidence"), value=value))
    return Card(
        title=words(f"plan.{suggestion.kind}"),
        badge=f"{suggestion.rule} · {words('plan.optional')}"
        if suggestion.optional
        else suggestion.rule,
        text=of.text,
        facts=tuple(facts),
    )


def _facts(material: ReportInputs) -> tuple[Fact, ...]:
    window = plan_in_force(material.assessment).plan.follow_up
    if window is None:
        return ()
    words = material.words
    shown = _window(material, window.from_, window.to)
    if window.overdue:
        shown = words("plan.follow_up_overdue", window=shown)
    facts = [Fact(label=words("plan.follow_up"), value=shown)]
    if window.counted_from is not None:
        key = "follow_up_definitive" if window.definitive else "follow_up_any"
        if window.proposed:
            key = "follow_up_proposed"
        start = words(f"plan.{key}", day=_day(window.counted_from))
        facts.append(Fact(label=words("plan.follow_up_counted"), value=start))
    first, last = window.questionnaire_from, window.questionnaire_to
    if first is not None and last is not None:
        value = _window(material, first, last)
        facts.append(Fact(label=words("plan.questionnaire"), value=value))
    return tuple(facts)


def _window(material: ReportInputs, start: date, end: date) -> str:
    return material.words("plan.follow_up_window", start=_day(start), end=_day(end))


def _codes(material: ReportInputs) -> list[Block]:
    """Return the codes verbatim, each with what could be confirmed about it."""
    language = material.language
    facts = tuple(
        Fact(
            label=f"{code.system} {code.code}",
            value=". ".join(
                text.of(language).rstrip(".")
                for text in (code.label, code.check)
                if text is not None
            ),
        )
        for code in plan_in_force(material.assessment).plan.codes
    )
    return [Facts(title=material.words("plan.codes"), facts=facts)] if facts else []


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForSides:
    """A suggestion with its text, and the sides for which it holds; none is neither."""

    suggestion: Suggestion
    text: str
    sides: tuple[Side, ...]


def both_sides(suggestions: Sequence[Suggestion], words: Words) -> tuple[ForSides, ...]:
    """Return the suggestions, those that differ in their side only as one.

    Parameters
    ----------
    suggestions : sequence of Suggestion
        Of a plan, in its order.
    words : Words
        Names of the sides in the language of the report.

    Returns
    -------
    tuple of ForSides
        Two suggestions become one, where the first of them stood, when they are equal
        in all but side and text, and each text names its own side only and reads the
        same with the other side in its place.
    """
    shown: list[ForSides] = []
    for each in suggestions:
        alone = ForSides(
            suggestion=each,
            text=each.text.of(words.language),
            sides=() if each.side is None else (each.side,),
        )
        place = next(
            (i for i, known in enumerate(shown) if _mirrored(known, alone, words)), None
        )
        if place is None:
            shown.append(alone)
        else:
            text = _named(alone, words, words("side.both"))
            shown[place] = replace(shown[place], text=text, sides=tuple(Side))
    return tuple(shown)


def _mirrored(known: ForSides, other: ForSides, words: Words) -> bool:
    if len(known.sides) != 1 or len(other.sides) != 1 or known.sides == other.sides:
        return False
    one, two = known.suggestion, other.suggestion
    equal = replace(two, side=one.side, text=one.text) == one
    return equal and _named(known, words, "") == _named(other, words, "")


def _named(each: ForSides, words: Words, name: str) -> str:
    """Return the text with another name for its side; as it is if it names both."""
    own, other = (
        words(f"side.{side}") for side in (each.sides[0], each.sides[0].other)
    )
    if re.search(rf"\b{other}\b", each.text):
        return each.text
    return re.sub(rf"\b{own}\b", name, each.text)


def dose(material: ReportInputs, of: Suggestion | InsoleLayer) -> str:
    """Return a dose with its usual range, marked when a number is unconfirmed."""
    if of.amount is None:
        return "–"
    text = _amount(material, of.amount, of.unit)
    if of.low is not None and of.high is not None:
        low, high = (_plain(material, value) for value in (of.low, of.high))
        text = f"{text} ({low}–{with_unit(high, of.unit or '')})"
    if of.unconfirmed:
        text = f"{text}, {material.rules.phrases.unconfirmed.of(material.language)}"
    return text


def steps_text(material: ReportInputs, suggestion: Suggestion) -> str:
    """Return the steps of a dose, with the day of each where it is known."""
    steps = [_amount(material, step, suggestion.unit) for step in suggestion.steps]
    if suggestion.step_dates:
        days = [day.strftime("%d-%m-%Y") for day in suggestion.step_dates]
        steps = [f"{s} ({d})" for s, d in zip(steps, days, strict=True)]
    return " → ".join(steps)


def insole_blocks(material: ReportInputs) -> list[Block]:
    """Return the layers of both feet, their conflicts, and what is handed over."""
    words, decided = material.words, plan_in_force(material.assessment)
    plan = decided.plan
    blocks: list[Block] = []
    if any(foot.layers for foot in plan.insoles):
        columns = tuple(
            Column(label=words(f"insole.{name}"))
            for name in ("element", "dose", "rule")
        )
        blocks.append(
            Table(
                caption=words(
                    "insole.caption_decided" if decided.noted else "insole.caption"
                ),
                columns=columns,
                groups=tuple(_foot(material, foot) for foot in plan.insoles),
            )
        )
    conflicts = tuple(
        f"{words(f'side.{foot.side}')}: {text.of(material.language)}"
        for foot in plan.insoles
        for text in foot.conflicts
    )
    if conflicts:
        blocks.append(Points(title=words("insole.conflicts"), items=conflicts))
    handed = [text.of(material.language) for text in plan.deliverables]
    if plan.permanence is not None:
        handed.append(plan.permanence.of(material.language))
    if handed:
        blocks.append(Points(title=words("insole.handed_over"), items=tuple(handed)))
    if plan.goals:
        goals = tuple(text.of(material.language) for text in plan.goals)
        blocks.append(Points(title=words("insole.goals"), items=goals))
    return blocks


def statement_blocks(material: ReportInputs) -> list[Block]:
    """Return what the sources say that bears on this patient, by topic."""
    words, language = material.words, material.language
    said = sorted(
        plan_in_force(material.assessment).plan.statements,
        key=lambda each: TOPICS.index(each.topic),
    )
    facts = tuple(
        Fact(
            label=words(f"statements.{topic}"),
            value=" ".join(
                f"{each.text.of(language)} [{_sources(material, each)}]"
                for each in group
            ),
        )
        for topic, group in groupby(said, key=lambda each: each.topic)
    )
    return [Facts(title=words("statements.title"), facts=facts)] if facts else []


def _sources(material: ReportInputs, said: Statement) -> str:
    """Return the sources as S0 to S4, or as author and year."""
    return ", ".join(
        key if len(key) == len("S0") else material.citation(key).partition(")")[0] + ")"
        for key in said.source
    )


def _foot(material: ReportInputs, foot: FootInsole) -> RowGroup:
    return RowGroup(
        title=material.words(f"side.{foot.side}"),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=layer.label.of(material.language)),
                    Cell(text=dose(material, layer)),
                    Cell(text=layer.rule),
                )
            )
            for layer in foot.layers
        ),
    )


def _amount(material: ReportInputs, value: float, unit: str | None) -> str:
    return with_unit(_plain(material, value), unit or "")


def _plain(material: ReportInputs, value: float) -> str:
    digits = 0 if float(value).is_integer() else 1
    return number(value, digits, material.language)
