"""Doses, the layers of each insole, what is handed over, and what the sources say."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, get_args

from gaitkit.model.decisions import standing_plan
from gaitkit.report.blocks import (
    Cell,
    Column,
    Fact,
    Facts,
    Points,
    Row,
    RowGroup,
    Table,
)
from gaitkit.report.numbers import number
from gaitkit.rules.shared import Topic
from gaitkit.rules.wording import with_unit

if TYPE_CHECKING:
    from gaitkit.model.plan import FootInsole, InsoleLayer, Statement, Suggestion
    from gaitkit.report.blocks import Block
    from gaitkit.report.material import Material

TOPICS: tuple[str, ...] = get_args(Topic)
"""In the order in which they are shown."""


def dose(material: Material, of: Suggestion | InsoleLayer) -> str:
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


def steps_text(material: Material, suggestion: Suggestion) -> str:
    """Return the steps of a dose, with the day of each where it is known."""
    steps = [_amount(material, step, suggestion.unit) for step in suggestion.steps]
    if suggestion.step_dates:
        days = [day.strftime("%d-%m-%Y") for day in suggestion.step_dates]
        steps = [f"{s} ({d})" for s, d in zip(steps, days, strict=True)]
    return " → ".join(steps)


def insole_blocks(material: Material) -> list[Block]:
    """Return the layers of both feet, their conflicts, and what is handed over."""
    words, decided = material.words, standing_plan(material.assessment)
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


def statement_blocks(material: Material) -> list[Block]:
    """Return what the sources say that bears on this patient, by topic."""
    words, language = material.words, material.language
    said = sorted(
        standing_plan(material.assessment).plan.statements,
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


def _sources(material: Material, said: Statement) -> str:
    """Return the sources as S0 to S4, or as author and year."""
    return ", ".join(
        key if len(key) == len("S0") else material.citation(key).partition(")")[0] + ")"
        for key in said.source
    )


def _foot(material: Material, foot: FootInsole) -> RowGroup:
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


def _amount(material: Material, value: float, unit: str | None) -> str:
    return with_unit(_plain(material, value), unit or "")


def _plain(material: Material, value: float) -> str:
    digits = 0 if float(value).is_integer() else 1
    return number(value, digits, material.language)
