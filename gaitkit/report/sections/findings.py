"""What the rules found, with the numbers, the chance and the source of each.

Findings sorted by what they are about: the person, or the limits of the visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.chance import percent_of
from gaitkit.model.finding import Finding, Verdict
from gaitkit.model.wording import interval_of, quantity
from gaitkit.report.blocks import Card, Cards, Fact, Paragraph, Points, Section
from gaitkit.report.words import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.measurement import Measurement
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.words import Words
    from gaitkit.rules.rule import Rule

MANY = 3
"""Sentences of one rule from which on only the measures are listed."""

TONES: dict[str, Tone] = {"met": "caution", "uncertain": "plain"}
DESIGN = "design"
"""Grade of rules that are a choice of this software: they limit what it says."""


def findings(material: ReportInputs) -> Section:
    """Return the findings: cards for what holds, lists for the rest."""
    words, found = material.words, sort_findings(material)
    cards = tuple(_card(material, finding) for finding in found.person)
    blocks: list[Block] = [
        Cards(cards=cards) if cards else Paragraph(text=nothing_found(material))
    ]
    if found.limits:
        limits = tuple(_limit(material, finding) for finding in found.limits)
        blocks.append(Cards(title=words("findings.limits"), cards=limits))
    for verdict in ("not_met", "not_assessable"):
        items = tuple(
            _together(material, group)
            for kind, group in found.others
            if kind == verdict
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


def nothing_found(material: ReportInputs) -> str:
    """Return what it means that there is no finding about the person."""
    judged = sort_findings(material).judged
    return material.words("findings.none" if judged else "findings.unjudged")


def _card(material: ReportInputs, finding: Finding) -> Card:
    words = material.words
    facts = []
    if finding.probability is not None and _measured(finding):
        certain = percent_of(finding.probability).of(words.language)
        facts.append(Fact(label=words("findings.chance"), value=certain))
    numbers = [_number(m, words) for m in finding.measurements if m.value is not None]
    if numbers:
        facts.append(Fact(label=words("findings.numbers"), value="; ".join(numbers)))
    return Card(
        title=material.rule_title(finding.rule),
        badge=words(f"findings.{finding.verdict}"),
        text=_text(material, finding),
        facts=(*facts, *_caveat(material, finding), *_source(material, finding)),
        tone=TONES[finding.verdict],
    )


def _measured(finding: Finding) -> bool:
    """Tell whether a finding rests on a number with an error, not on answers alone."""
    return any(m.value is not None and m.sd for m in finding.measurements)


def _limit(material: ReportInputs, finding: Finding) -> Card:
    return Card(
        title=material.rule_title(finding.rule),
        badge=material.words("findings.limit"),
        text=_text(material, finding),
        facts=(*_caveat(material, finding), *_source(material, finding)),
        tone="quiet",
    )


def _text(material: ReportInputs, finding: Finding) -> str:
    text = finding.text.of(material.language)
    if finding.advice is None:
        return text
    return f"{text} {finding.advice.of(material.language)}"


def _caveat(material: ReportInputs, finding: Finding) -> Iterator[Fact]:
    """Yield what the rule cannot say, where its finding stands."""
    rules = (rule for rule in material.rules.rules if rule.id == finding.rule)
    rule = next(rules, None)
    if rule is not None and rule.caveat is not None:
        label = material.words("findings.caveat")
        yield Fact(label=label, value=rule.caveat.of(material.language))


def _source(material: ReportInputs, finding: Finding) -> Iterator[Fact]:
    words = material.words
    if finding.evidence:
        sources = "; ".join(material.citation(key) for key in finding.evidence)
        yield Fact(label=words("findings.evidence"), value=sources)
    rule = words("findings.rule_value", rule=finding.rule, revision=finding.revision)
    yield Fact(label=words("findings.rule"), value=rule)


def _together(material: ReportInputs, group: Sequence[Finding]) -> str:
    """Return what one rule says of several measures in one sentence."""
    language = material.language
    texts = tuple(dict.fromkeys(finding.text.of(language) for finding in group))
    measures = tuple(dict.fromkeys(f.measure for f in group if f.measure is not None))
    if len(texts) < MANY or not measures:
        return " ".join(texts)
    labels = ", ".join(definition(name).label.of(language) for name in measures)
    title = material.rule_title(group[0].rule)
    return material.words("findings.together", title=title, measures=labels)


def _number(measurement: Measurement, words: Words) -> str:
    language = words.language
    label = definition(measurement.name).label.of(language)
    if measurement.side is not None:
        label = f"{label} {words(f'side.{measurement.side}')}"
    value = quantity(measurement.value or 0.0, measurement.name, language)
    span = interval_of(measurement, language)
    count = words("measures.n", n=measurement.n) if measurement.n and span else ""
    marks = mark(words, unconfirmed=measurement.unconfirmed)
    remarks = ", ".join(text for text in (span, count, *marks) if text)
    return f"{label} {value} ({remarks})" if remarks else f"{label} {value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The findings of a visit, sorted.

    Attributes
    ----------
    judged : bool
        Whether any rule about the person could be judged at all.
    person : tuple of Finding
        What holds, or may hold, for the person; certain ones first.
    limits : tuple of Finding
        What limits the visit: its recordings, its questions, its measures.
    others : tuple of (Verdict, tuple of Finding)
        What was not found and what could not be judged, one entry a rule.
    """

    judged: bool
    person: tuple[Finding, ...]
    limits: tuple[Finding, ...]
    others: tuple[tuple[Verdict, tuple[Finding, ...]], ...]


def sort_findings(material: ReportInputs) -> Sorted:
    """Sort the findings of a visit.

    Alarm rules that could not be judged are left out when another rule already says
    that the alarm questions were not all answered.
    """
    found = material.assessment.findings
    rules = {rule.id: rule for rule in material.rules.rules}
    holding = [
        finding
        for verdict in ("met", "uncertain")
        for finding in found
        if finding.verdict == verdict
    ]
    unasked = any(_triage(rules, finding) == "incomplete" for finding in holding)
    grouped: dict[tuple[Verdict, str], list[Finding]] = {}
    for finding in found:
        known = unasked and _triage(rules, finding) is not None
        if finding.verdict in {"not_met", "not_assessable"} and not known:
            grouped.setdefault((finding.verdict, finding.rule), []).append(finding)
    return Sorted(
        judged=any(
            f.verdict != "not_assessable" and not _limiting(rules, f) for f in found
        ),
        person=tuple(f for f in holding if not _limiting(rules, f)),
        limits=tuple(f for f in holding if _limiting(rules, f)),
        others=tuple((verdict, tuple(g)) for (verdict, _), g in grouped.items()),
    )


def _limiting(rules: dict[str, Rule], finding: Finding) -> bool:
    rule = rules.get(finding.rule)
    return rule is not None and DESIGN in rule.evidence.grade


def _triage(rules: dict[str, Rule], finding: Finding) -> str | None:
    rule = rules.get(finding.rule)
    return None if rule is None else rule.triage
