"""What the rules found, with the numbers, the chance and the source of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.report.blocks import Card, Cards, Fact, Paragraph, Points, Section
from gaitkit.report.numbers import interval_of, percent, quantity

if TYPE_CHECKING:
    from gaitkit.model.finding import Finding
    from gaitkit.model.measurement import Measurement
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.material import Material
    from gaitkit.report.words import Words

ALMOST_CERTAIN, PROBABLE, POSSIBLE = 0.95, 0.80, 0.50
"""Limits of the words for a chance; the last two are those of the rules."""

TONES: dict[str, Tone] = {"met": "caution", "uncertain": "plain"}


def findings(material: Material) -> Section:
    """Return the findings: cards for what holds or may hold, lists for the rest."""
    words, found = material.words, material.assessment.findings
    cards = [
        _card(material, finding)
        for verdict in ("met", "uncertain")
        for finding in found
        if finding.verdict == verdict
    ]
    blocks: list[Block] = [
        Cards(cards=tuple(cards)) if cards else Paragraph(text=words("findings.none"))
    ]
    for verdict in ("not_met", "not_assessable"):
        items = tuple(
            dict.fromkeys(
                f.text.of(material.language) for f in found if f.verdict == verdict
            )
        )
        if items:
            title = words(f"findings.others_{verdict}")
            blocks.append(Points(title=title, items=items, tone="quiet"))
    return Section(
        anchor="findings",
        title=words("findings.title"),
        intro=words("findings.intro"),
        blocks=tuple(blocks),
    )


def chance(probability: float, words: Words) -> str:
    """Return a probability in words, with its percentage."""
    if probability >= ALMOST_CERTAIN:
        key = "almost_certain"
    elif probability >= PROBABLE:
        key = "probable"
    elif probability >= POSSIBLE:
        key = "possible"
    else:
        key = "improbable"
    return words(f"chance.{key}", percent=percent(probability, words.language))


def _card(material: Material, finding: Finding) -> Card:
    words, language = material.words, material.language
    facts = []
    if finding.probability is not None:
        certain = chance(finding.probability, words)
        facts.append(Fact(label=words("findings.chance"), value=certain))
    numbers = [_number(m, words) for m in finding.measurements if m.value is not None]
    if numbers:
        facts.append(Fact(label=words("findings.numbers"), value="; ".join(numbers)))
    if finding.evidence:
        sources = "; ".join(material.citation(key) for key in finding.evidence)
        facts.append(Fact(label=words("findings.evidence"), value=sources))
    rule = words("findings.rule_value", rule=finding.rule, revision=finding.revision)
    facts.append(Fact(label=words("findings.rule"), value=rule))
    text = finding.text.of(language)
    if finding.advice is not None:
        text = f"{text} {finding.advice.of(language)}"
    return Card(
        title=material.rule_title(finding.rule),
        badge=words(f"findings.{finding.verdict}"),
        text=text,
        facts=tuple(facts),
        tone=TONES[finding.verdict],
    )


def _number(measurement: Measurement, words: Words) -> str:
    language = words.language
    label = definition(measurement.name).label.of(language)
    if measurement.side is not None:
        label = f"{label} {words(f'side.{measurement.side}')}"
    value = quantity(measurement.value or 0.0, measurement.name, language)
    span = interval_of(measurement, language)
    count = f", {words('measures.n', n=measurement.n)}" if measurement.n else ""
    return f"{label} {value} ({span}{count})" if span else f"{label} {value}"
