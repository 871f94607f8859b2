"""What the therapist decided about the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.decisions import is_about, plan_in_force
from gaitkit.model.wording import number, with_unit
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.decisions import Decided, FindingRole, PlanEdits
    from gaitkit.model.plan import Suggestion
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs


def edits(material: ReportInputs) -> Section | None:
    """Return the decisions, or None when the therapist noted none."""
    decided = material.assessment.edits
    if decided is None:
        return None
    words = material.words
    blocks: list[Block] = []
    facts = _who(material, decided)
    if facts:
        blocks.append(Facts(facts=facts))
    rows = (*_rows(material), *_gone(material, decided))
    if rows:
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
                value=_role(material, each),
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


def _who(material: ReportInputs, decided: PlanEdits) -> tuple[Fact, ...]:
    words = material.words
    facts = []
    if decided.decided_by:
        facts.append(Fact(label=words("edits.decided_by"), value=decided.decided_by))
    if decided.decided_on:
        day = decided.decided_on.strftime("%d-%m-%Y")
        facts.append(Fact(label=words("edits.decided_on"), value=day))
    return tuple(facts)


def roles_that_hold(material: ReportInputs) -> tuple[FindingRole, ...]:
    """Return the roles that the therapist gave to findings that are met."""
    found = material.assessment
    met = {(f.rule, f.side) for f in found.findings if f.verdict == "met"}
    roles = found.edits.role if found.edits is not None else ()
    return tuple(each for each in roles if (each.rule, each.side) in met)


def _role(material: ReportInputs, role: FindingRole) -> str:
    words = material.words
    value = words(f"edits.{role.role}")
    if role in roles_that_hold(material):
        return value
    return f"{value} ({words('edits.not_found')})"


def _rows(material: ReportInputs) -> Iterator[Row]:
    """Yield a row for each suggestion that was decided about, or follows from it."""
    words = material.words
    for item in plan_in_force(material.assessment).items:
        if item.decision == "open":
            continue
        yield Row(
            cells=(
                Cell(text=_named(material, item.about, with_dose=item.proposal)),
                Cell(text=words(f"edits.{item.decision}")),
                Cell(text=_stands(material, item), notes=_beyond(material, item)),
                Cell(text=item.reason or ""),
            )
        )


def _gone(material: ReportInputs, decided: PlanEdits) -> Iterator[Row]:
    """Yield a row for each decision about what is no longer proposed."""
    words, plan = material.words, material.assessment.plan
    for edit in decided.edit:
        if any(is_about(edit, each) for each in plan.suggestions):
            continue
        name = [edit.rule]
        if edit.element:
            name.append(material.rules.answer(edit.element).of(material.language))
        name.append(_side(material, edit.side))
        yield Row(
            cells=(
                Cell(text=" ".join(filter(None, name)), notes=(words("edits.gone"),)),
                Cell(text=words(f"edits.{edit.action}")),
                Cell(text=""),
                Cell(text=edit.reason or ""),
            )
        )


def _named(
    material: ReportInputs, about: Suggestion, *, with_dose: Suggestion | None
) -> str:
    """Return rule, element and side of a suggestion, with the dose proposed."""
    element = about.element or about.kind
    label = about.label or material.rules.answer(element)
    name = [about.rule, label.of(material.language), _side(material, about.side)]
    text = " ".join(filter(None, name))
    dose = _doses(material, with_dose) if with_dose is not None else ""
    return f"{text}: {dose}" if dose else text


def _stands(material: ReportInputs, item: Decided) -> str:
    if item.standing is None:
        return material.words("edits.nothing")
    return _doses(material, item.standing) or material.words("edits.as_proposed")


def _doses(material: ReportInputs, of: Suggestion) -> str:
    if of.amount is None:
        return ""
    steps = of.steps or (of.amount,)
    before = [_amount(material, each, None) for each in steps[:-1]]
    return " → ".join((*before, _amount(material, steps[-1], of.unit)))


def _beyond(material: ReportInputs, item: Decided) -> tuple[str, ...]:
    """Return the remark for a chosen dose beyond the hard limit, or nothing."""
    if item.beyond is None or item.standing is None:
        return ()
    most = _amount(material, item.beyond, item.standing.unit)
    return (material.words("edits.beyond", most=most),)


def _amount(material: ReportInputs, value: float, unit: str | None) -> str:
    digits = 0 if float(value).is_integer() else 1
    return with_unit(number(value, digits, material.language), unit or "")


def _side(material: ReportInputs, side: str | None) -> str:
    return material.words(f"side.{side}") if side else ""
