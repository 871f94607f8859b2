"""What may be considered, or why nothing is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.decisions import standing_plan
from gaitkit.report.blocks import Callout, Card, Cards, Fact, Facts, Points, Section
from gaitkit.report.sections.both_sides import both_sides
from gaitkit.report.sections.insole import (
    dose,
    insole_blocks,
    statement_blocks,
    steps_text,
)

if TYPE_CHECKING:
    from datetime import date

    from gaitkit.model.plan import Triage
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.material import Material
    from gaitkit.report.sections.both_sides import ForSides

TRIAGE_TONES: dict[str, Tone] = {
    "clear": "plain",
    "incomplete": "caution",
    "refer": "stop",
    "stop": "stop",
}


def plan(material: Material) -> Section:
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


def _status(material: Material) -> Callout:
    words, proposal = material.words, material.assessment.plan
    items = [f"{words('plan.triage')}: {_triage(material, proposal.triage)}."]
    if proposal.reason is not None:
        items.insert(0, proposal.reason.of(material.language))
    return Callout(
        title=words(f"plan.{proposal.status}"),
        items=tuple(items),
        tone=TRIAGE_TONES[proposal.triage.status],
    )


def _triage(material: Material, triage: Triage) -> str:
    text = material.words(f"plan.{triage.status}")
    return f"{text} ({', '.join(triage.rules)})" if triage.rules else text


def _card(material: Material, of: ForSides) -> Card:
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


def _facts(material: Material) -> tuple[Fact, ...]:
    window = standing_plan(material.assessment).plan.follow_up
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


def _window(material: Material, start: date, end: date) -> str:
    return material.words("plan.follow_up_window", start=_day(start), end=_day(end))


def _codes(material: Material) -> list[Block]:
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
        for code in standing_plan(material.assessment).plan.codes
    )
    return [Facts(title=material.words("plan.codes"), facts=facts)] if facts else []


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")
