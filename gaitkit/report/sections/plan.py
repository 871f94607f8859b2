"""What may be considered, or why nothing is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.report.blocks import Callout, Card, Cards, Fact, Facts, Points, Section
from gaitkit.report.numbers import number
from gaitkit.rules.wording import with_unit

if TYPE_CHECKING:
    from datetime import date

    from gaitkit.model.plan import Suggestion, Triage
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.material import Material

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
        cards = tuple(_card(material, s) for s in proposal.suggestions)
        blocks.append(Cards(cards=cards))
    for key, texts in (
        ("cautions", proposal.cautions),
        ("referrals", proposal.referrals),
    ):
        if texts:
            items = tuple(text.of(language) for text in texts)
            blocks.append(Points(title=words(f"plan.{key}"), items=items))
    facts = _facts(material)
    if facts:
        blocks.append(Facts(facts=facts))
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


def _card(material: Material, suggestion: Suggestion) -> Card:
    words, language = material.words, material.language
    facts = []
    if suggestion.side is not None:
        side = words(f"side.{suggestion.side}")
        facts.append(Fact(label=words("plan.side"), value=side))
    if suggestion.amount is not None:
        amount = _dose(material, suggestion.amount, suggestion.unit)
        facts.append(Fact(label=words("plan.amount"), value=amount))
    if suggestion.steps:
        steps = [_dose(material, step, suggestion.unit) for step in suggestion.steps]
        facts.append(Fact(label=words("plan.steps"), value=" → ".join(steps)))
    if suggestion.location is not None:
        place = words(f"plan.{suggestion.location}")
        facts.append(Fact(label=words("plan.location"), value=place))
    if suggestion.contraindications:
        against = "; ".join(text.of(language) for text in suggestion.contraindications)
        facts.append(Fact(label=words("plan.contraindications"), value=against))
    if suggestion.evidence:
        sources = "; ".join(material.citation(key) for key in suggestion.evidence)
        facts.append(Fact(label=words("findings.evidence"), value=sources))
    return Card(
        title=words(f"plan.{suggestion.kind}"),
        badge=suggestion.rule,
        text=suggestion.text.of(language),
        facts=tuple(facts),
    )


def _dose(material: Material, amount: float, unit: str | None) -> str:
    digits = 0 if float(amount).is_integer() else 1
    return with_unit(number(amount, digits, material.language), unit or "")


def _facts(material: Material) -> tuple[Fact, ...]:
    words, proposal = material.words, material.assessment.plan
    facts = []
    if proposal.follow_up is not None:
        window = words(
            "plan.follow_up_window",
            start=_day(proposal.follow_up.from_),
            end=_day(proposal.follow_up.to),
        )
        facts.append(Fact(label=words("plan.follow_up"), value=window))
    codes = [
        f"{code.system} {code.code} {code.label.of(material.language)}"
        for code in proposal.codes
    ]
    if codes:
        facts.append(Fact(label=words("plan.codes"), value="; ".join(codes)))
    return tuple(facts)


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")
