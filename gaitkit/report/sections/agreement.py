"""Plate and film of one visit: one clock, and the same measures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.agreement import agreement_of_measures, agreement_of_stance
from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side
from gaitkit.report.agreement_figure import both_drawing
from gaitkit.report.blocks import Callout, Cell, Column, Row, RowGroup, Section, Table
from gaitkit.report.numbers import interval, number, quantity, signed
from gaitkit.report.sections.measures import NOTHING
from gaitkit.rules.wording import with_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.measure.agreement import Agreement
    from gaitkit.model.analysis import Analysis
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.material import Material

STANCE = "contact_time"
ANGLE = "foot_progression_angle"


def agreement(material: Material) -> Section | None:
    """Return how every plate agrees with the film of the same visit."""
    reference = next((a for a in material.analyses if not a.plates and a.events), None)
    plates = [a for a in material.analyses if a.plates and a.events]
    if reference is None or not plates:
        return None
    words = material.words
    blocks = [b for plate in plates for b in _plate(material, reference, plate)]
    return Section(
        anchor="agreement",
        title=words("agreement.title"),
        intro=words("agreement.intro"),
        blocks=tuple(blocks),
    )


def _plate(material: Material, reference: Analysis, plate: Analysis) -> Iterator[Block]:
    clock = plate.recording.clock
    offset = None if clock is None else clock.offset_s
    yield _clock(material, plate)
    drawing = both_drawing(material, reference, plate)
    if drawing is not None:
        yield drawing
    rows = (
        *agreement_of_stance(reference.events, plate.events, offset_s=offset),
        *agreement_of_measures(reference.measurements, plate.measurements),
    )
    yield _table(
        material,
        (*_rows(material, rows), *_angles(material, reference, plate, rows)),
        ids=(reference.recording.id, plate.recording.id),
    )


def _clock(material: Material, plate: Analysis) -> Callout:
    words, language = material.words, material.language
    clock, why = plate.recording.clock, plate.recording.why_no_clock
    name = plate.recording.id
    if clock is None:
        text = (
            "" if why is None else f"{why.text.of(language)} {why.advice.of(language)}"
        )
        title = words("agreement.no_clock", id=name)
        return Callout(title=title, items=(text,), tone="caution")
    ms = with_unit(number(1000 * clock.sd_s, 0, language), "ms")
    seconds = with_unit(signed(clock.offset_s, 3, language), "s")
    known = words(f"agreement.{clock.method}", n=clock.events)
    title = words("agreement.clock", id=name, reference=clock.reference)
    text = words("agreement.offset", offset=seconds, sd=ms, known=known)
    tone: Tone = "caution" if clock.method == "marked" else "good"
    return Callout(title=title, items=(text,), tone=tone)


def _table(material: Material, rows: tuple[Row, ...], *, ids: tuple[str, str]) -> Table:
    words = material.words
    return Table(
        caption=words("agreement.caption"),
        columns=(
            Column(label=words("measures.measure")),
            Column(label=ids[0], numeric=True),
            Column(label=ids[1], numeric=True),
            Column(label=words("agreement.difference"), numeric=True),
        ),
        groups=(RowGroup(title=words("agreement.both"), rows=rows),),
    )


def _rows(material: Material, rows: tuple[Agreement, ...]) -> Iterator[Row]:
    yield from (_row(material, row) for row in rows)


def _angles(
    material: Material,
    reference: Analysis,
    plate: Analysis,
    rows: tuple[Agreement, ...],
) -> Iterator[Row]:
    """Yield foot progression of one recording where the other does not show it."""
    both = {row.side for row in rows if row.name == ANGLE}
    words = material.words
    for side in (side for side in Side if side not in both):
        cells = [_only(material, analysis, side) for analysis in (reference, plate)]
        label = definition(ANGLE).label.of(material.language)
        why = Cell(text=NOTHING, notes=(words("agreement.only_one"),), tone="quiet")
        name = Cell(text=label, notes=(words(f"side.{side}"),))
        if any(cell.text != NOTHING for cell in cells):
            yield Row(cells=(name, *cells, why))


def _only(material: Material, analysis: Analysis, side: Side) -> Cell:
    for found in analysis.measurements:
        if found.name == ANGLE and found.side is side and found.value is not None:
            return Cell(text=quantity(found.value, ANGLE, material.language))
    return Cell(text=NOTHING, tone="quiet")


def _row(material: Material, row: Agreement) -> Row:
    words, language = material.words, material.language
    entry = definition(row.name)
    label = words("agreement.stance_time")
    if row.name != STANCE:
        label = entry.label.of(language)
    notes = []
    if row.side is not None:
        notes.append(words(f"side.{row.side}"))
    if row.name == STANCE:
        key = "same_steps" if row.n else "averages"
        notes.append(words(f"agreement.{key}", n=row.n))
    text = with_unit(signed(row.difference, entry.digits, language), entry.unit)
    said, tone = _said(material, row)
    return Row(
        cells=(
            Cell(text=label, notes=(", ".join(notes),) if notes else ()),
            Cell(text=quantity(row.reference, row.name, language)),
            Cell(text=quantity(row.other, row.name, language)),
            Cell(text=text, notes=said, tone=tone),
        )
    )


def _said(material: Material, row: Agreement) -> tuple[tuple[str, ...], Tone]:
    if row.low is None or row.high is None:
        return (), "quiet"
    key = "agrees" if row.agrees else "disagrees"
    span = interval(row.low, row.high, row.name, material.language)
    return (material.words(f"agreement.{key}"), span), (
        "quiet" if row.agrees else "caution"
    )
