"""What was found by hand, and the scores of the patient: as they were filled in."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gaitkit.model.assessment import ExaminationNotes
from gaitkit.model.side import Side
from gaitkit.model.wording import number, sentence, with_unit
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

    from gaitkit.model.visit import Examination
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs

OF_A_SIDE, GENERAL = (
    "examination.each",
    ("pelvis", "inspection", "palpation", "function"),
)
POSTURE = "foot_posture"
"""Its six items stand among the measures, as one score."""

UNANSWERED = (None, "not_asked")


def examination(material: ReportInputs) -> Section | None:
    """Return findings and scores; None where nothing was filled in."""
    blocks = tuple(_blocks(material))
    if not blocks:
        return None
    return Section(
        anchor="examination",
        title=material.words("examination.title"),
        intro=material.words("examination.intro"),
        blocks=blocks,
    )


def _blocks(material: ReportInputs) -> Iterator[Block]:
    words = material.words
    account = material.assessment.provenance.visit
    found = None if account is None else account.examination
    rows = () if found is None else tuple(_rows(material, found))
    if rows:
        yield _table(material, rows)
    general = () if found is None else tuple(_general(material, found))
    general += tuple(_notes(material))
    if general:
        yield Facts(title=words("examination.general"), facts=general)
    weighed = tuple(_weighed(material))
    if weighed:
        yield Facts(facts=weighed)
    scores = tuple(_scores(material))
    if scores:
        yield Facts(title=words("examination.scores"), facts=scores)


def _table(material: ReportInputs, rows: tuple[Row, ...]) -> Table:
    words = material.words
    return Table(
        caption=words("examination.caption"),
        columns=(
            Column(label=words("examination.finding")),
            *(
                Column(label=words(f"measures.{side}"), accent=side.value)
                for side in Side
            ),
        ),
        groups=(RowGroup(title="", rows=rows),),
    )


def _rows(material: ReportInputs, found: Examination) -> Iterator[Row]:
    """Yield a row for what was found on one side at least."""
    nothing = material.words("examination.not_examined")
    left, right = (dict(_answers(foot)) for foot in (found.left, found.right))
    for path in dict.fromkeys((*left, *right)):
        values = [
            _shown(material, f"{OF_A_SIDE}.{path}", s.get(path)) for s in (left, right)
        ]
        label = _label(material, f"{OF_A_SIDE}.{path}")
        cells = (Cell(text=value or nothing) for value in values)
        yield Row(cells=(Cell(text=label), *cells))


def _general(material: ReportInputs, found: Examination) -> Iterator[Fact]:
    for group in GENERAL:
        for path, value in _answers(getattr(found, group)):
            fact = f"examination.{group}.{path}"
            yield Fact(
                label=_label(material, fact), value=_shown(material, fact, value)
            )


def _notes(material: ReportInputs) -> Iterator[Fact]:
    """Yield what the therapist wrote about each part of the examination."""
    notes = material.assessment.notes
    for part in dataclasses.fields(ExaminationNotes):
        written = None if notes is None else getattr(notes, part.name)
        if written:
            label = _label(material, f"examination.{part.name}.note")
            yield Fact(label=label, value=written)


def _answers(answered: object, within: str = "") -> Iterator[tuple[str, object]]:
    """Yield every answer that was given, by its path."""
    for each in dataclasses.fields(answered):  # type: ignore[arg-type]
        value, path = getattr(answered, each.name), f"{within}{each.name}"
        if dataclasses.is_dataclass(value) and each.name != POSTURE:
            yield from _answers(value, f"{path}.")
        elif value not in UNANSWERED and each.name != POSTURE:
            yield path, value


def _label(material: ReportInputs, fact: str) -> str:
    known = material.rules.fact(fact)
    return sentence(known.label.of(material.language)) if known else fact


def _shown(material: ReportInputs, fact: str, value: object) -> str:
    if value is None:
        return ""
    language = material.language
    if isinstance(value, float | int):
        known = material.rules.fact(fact)
        text = number(float(value), 0 if float(value).is_integer() else 1, language)
        return with_unit(text, known.unit) if known and known.unit else text
    text = str(value)
    return material.rules.answer(text).of(language)


def _weighed(material: ReportInputs) -> Iterator[Fact]:
    """Yield how a weak alarm sign was weighed, and why."""
    told, words = material.assessment.intake, material.words
    if told is None:
        return
    if told.weak_flags_weighed not in UNANSWERED:
        value = _shown(material, "", told.weak_flags_weighed)
        yield Fact(label=words("examination.weighed"), value=value)
    if told.weak_flags_reason:
        yield Fact(label=words("examination.reason"), value=told.weak_flags_reason)


def _scores(material: ReportInputs) -> Iterator[Fact]:
    """Yield every score of the patient with its day, in order of time."""
    words, language = material.words, material.language
    for each in sorted(material.assessment.proms, key=lambda prom: prom.taken_on):
        digits = 0 if float(each.score).is_integer() else 1
        score = number(each.score, digits, language)
        day = each.taken_on.strftime("%d-%m-%Y")
        said = words("examination.score", score=score, day=day)
        yield Fact(label=each.instrument, value=said)
