"""What the therapist decided about the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.decisions import is_about, limit_exceeded
from gaitkit.report.blocks import (
    Cell,
    Column,
    Fact,
    Facts,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.numbers import number
from gaitkit.rules.wording import with_unit

if TYPE_CHECKING:
    from gaitkit.model.edits import PlanEdit, PlanEdits
    from gaitkit.report.blocks import Block
    from gaitkit.report.material import Material


def edits(material: Material) -> Section | None:
    """Return the decisions, or None when the therapist noted none."""
    decided = material.assessment.edits
    if decided is None:
        return None
    words = material.words
    blocks: list[Block] = []
    facts = _who(material, decided)
    if facts:
        blocks.append(Facts(facts=facts))
    if decided.edit:
        rows = tuple(_row(material, edit) for edit in decided.edit)
        names = ("suggestion", "decision", "dose", "reason")
        blocks.append(
            Table(
                caption=words("edits.decisions"),
                columns=tuple(Column(label=words(f"edits.{name}")) for name in names),
                groups=(RowGroup(title="", rows=rows),),
            )
        )
    if decided.role:
        roles = tuple(
            Fact(
                label=" ".join(filter(None, (each.rule, _side(material, each.side)))),
                value=words(f"edits.{each.role}"),
            )
            for each in decided.role
        )
        blocks.append(Facts(title=words("edits.roles"), facts=roles))
    return Section(
        anchor="edits",
        title=words("edits.title"),
        intro=words("edits.intro"),
        blocks=tuple(blocks),
    )


def _who(material: Material, decided: PlanEdits) -> tuple[Fact, ...]:
    words = material.words
    facts = []
    if decided.decided_by:
        facts.append(Fact(label=words("edits.decided_by"), value=decided.decided_by))
    if decided.decided_on:
        day = decided.decided_on.strftime("%d-%m-%Y")
        facts.append(Fact(label=words("edits.decided_on"), value=day))
    return tuple(facts)


def _row(material: Material, edit: PlanEdit) -> Row:
    words = material.words
    name = [edit.rule]
    if edit.element:
        name.append(material.rules.answer(edit.element).of(material.language))
    name.append(_side(material, edit.side))
    gone = () if _stands(material, edit) else (words("edits.gone"),)
    dose = "–"
    if edit.amount is not None:
        dose = _amount(material, edit.amount, edit.unit)
    return Row(
        cells=(
            Cell(text=" ".join(filter(None, name)), notes=gone),
            Cell(text=words(f"edits.{edit.action}")),
            Cell(text=dose, notes=_beyond(material, edit)),
            Cell(text=edit.reason or "–"),
        )
    )


def _beyond(material: Material, edit: PlanEdit) -> tuple[str, ...]:
    """Return the remark for a chosen dose beyond the hard limit, or nothing."""
    most = limit_exceeded(edit, material.assessment.plan)
    if most is None:
        return ()
    return (material.words("edits.beyond", most=_amount(material, most, edit.unit)),)


def _amount(material: Material, value: float, unit: str | None) -> str:
    digits = 0 if float(value).is_integer() else 1
    return with_unit(number(value, digits, material.language), unit or "")


def _stands(material: Material, edit: PlanEdit) -> bool:
    """Tell whether the suggestion is still in the proposal."""
    return any(is_about(edit, each) for each in material.assessment.plan.suggestions)


def _side(material: Material, side: str | None) -> str:
    return material.words(f"side.{side}") if side else ""
