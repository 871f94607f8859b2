"""The plate: pressures, contacts, both feet, the regions, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.foot.steps import contact_rows
from gaitkit.model.contact import REGIONS
from gaitkit.model.side import Side
from gaitkit.model.wording import interval_of, number, quantity, with_unit
from gaitkit.report.blocks import (
    Cell,
    Column,
    Link,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.plate_figures import (
    passes_drawing,
    plate_drawing,
    regions_drawing,
    sides_drawing,
)
from gaitkit.report.sections.measures import NOTHING, difference_verdict, foot_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.contact import ContactRow
    from gaitkit.model.plate import PlateResult
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs

REGION_TABLES = (
    ("peak_pressure", "pressure_time_integral", "impulse_share"),
    ("peak_force", "contact_area", "contact_share"),
)
"""Measures by region, three in a table so that it fits on a page."""


def plate(material: ReportInputs) -> Section | None:
    """Return the pictures and tables of every pressure recording."""
    plates = [analysis for analysis in material.analyses if analysis.plates]
    if not plates:
        return None
    words = material.words
    blocks: list[Block] = []
    if material.pooled:
        blocks += _passes(material, plates)
        blocks.append(Paragraph(text=words("plate.pooled")))
        blocks += _feet(material, plates, recording=None)
    else:
        for analysis in plates:
            blocks += _recording(material, analysis)
    return Section(
        anchor="plate",
        title=words("plate.title"),
        intro=words("plate.intro"),
        blocks=tuple(blocks),
    )


def _passes(material: ReportInputs, plates: Sequence[Analysis]) -> Iterator[Block]:
    """Yield several passes over a plate: the first large, the others beside it."""
    results = [
        (f"{a.recording.id}-{place}" if len(a.plates) > 1 else a.recording.id, result)
        for a in plates
        for place, result in enumerate(a.plates, start=1)
        if result.feet
    ]
    for name, result in results[:1]:
        yield plate_drawing(material, result, name=f"pressure-{name}")
    if len(results) > 1:
        others = [result for _, result in results[1:]]
        yield passes_drawing(material, others, name="pressure-others")
    if results:
        yield _contacts(material, [result for _, result in results])
    for analysis in plates:
        yield from _film(material, analysis)


def _recording(material: ReportInputs, analysis: Analysis) -> Iterator[Block]:
    recording = analysis.recording.id
    for place, result in enumerate(analysis.plates, start=1):
        if result.feet:
            suffix = f"-{place}" if len(analysis.plates) > 1 else ""
            yield plate_drawing(material, result, name=f"pressure-{recording}{suffix}")
            yield _contacts(material, [result])
    yield from _film(material, analysis)
    yield from _feet(material, (analysis,), recording=recording)


def _film(material: ReportInputs, analysis: Analysis) -> Iterator[Link]:
    name = material.roll_offs.get(analysis.recording.id)
    if name is not None:
        yield Link(text=material.words("plate.film", name=name), target=name)


def _feet(
    material: ReportInputs, analyses: Sequence[Analysis], *, recording: str | None
) -> Iterator[Block]:
    """Yield both feet, their measures and their regions."""
    feet = [f for a in analyses for result in a.plates for f in result.feet]
    name = recording or "all"
    sides = sides_drawing(material, feet, name=f"feet-pressure-{name}")
    regions = regions_drawing(material, feet, name=f"regions-{name}")
    yield from (drawing for drawing in (sides, regions) if drawing is not None)
    values = foot_table(material, recording)
    if values.groups:
        yield values
    for names in REGION_TABLES:
        yield from _by_region(material, recording, names)


def _contacts(material: ReportInputs, results: Sequence[PlateResult]) -> Table:
    words = material.words
    groups = []
    for side in Side:
        rows = tuple(
            _contact(material, contact, several=len(results) > 1)
            for result in results
            for contact in contact_rows(result)
            if contact.side is side
        )
        if rows:
            groups.append(RowGroup(title=words(f"measures.{side}"), rows=rows))
    return Table(
        caption=words("plate.contacts_caption"),
        columns=(
            Column(label=words("plate.contact")),
            Column(label=words("plate.time"), numeric=True),
            Column(label=words("plate.force"), numeric=True),
            Column(label=words("plate.angle"), numeric=True),
            Column(label=words("plate.used")),
        ),
        groups=tuple(groups),
    )


def _contact(material: ReportInputs, contact: ContactRow, *, several: bool) -> Row:
    words, language = material.words, material.language
    chance = with_unit(number(100 * contact.side_confidence, 0, language), "%")
    known = words(f"plate.side_{contact.side_method}", chance=chance)
    used, why = Cell(text=words("plate.yes")), contact.why_unused
    if why is not None:
        used = Cell(
            text=words("plate.no"), notes=(why.text.of(language),), tone="caution"
        )
    named = str(contact.number)
    return Row(
        cells=(
            Cell(
                text=f"{contact.recording}: {named}" if several else named,
                notes=(known,),
            ),
            _number(material, contact.contact_time_s, "contact_time"),
            _number(material, contact.peak_force_n, "peak_force"),
            _number(
                material, contact.foot_progression_angle_deg, "foot_progression_angle"
            ),
            used,
        )
    )


def _number(material: ReportInputs, value: float | None, measure: str) -> Cell:
    if value is None:
        return Cell(text=NOTHING, tone="quiet")
    return Cell(text=quantity(value, measure, material.language))


def _by_region(
    material: ReportInputs, recording: str | None, names: tuple[str, ...]
) -> Iterator[Table]:
    words = material.words
    rows = tuple(
        Row(
            cells=(
                Cell(text=words(f"region.{region}")),
                *(
                    _of_region(material, recording, (name, region.value), side)
                    for name in names
                    for side in Side
                ),
            )
        )
        for region in REGIONS
    )
    filled = any(cell.text != NOTHING for row in rows for cell in row.cells[1:])
    if not filled:
        return
    yield Table(
        caption=words("plate.regions_table"),
        columns=(
            Column(label=words("plate.region")),
            *(
                Column(
                    label=words(f"plate.{name}_{side}"),
                    numeric=True,
                    accent="left" if side is Side.LEFT else "right",
                )
                for name in names
                for side in Side
            ),
        ),
        groups=(RowGroup(title=words("plate.regions_group"), rows=rows),),
    )


def _of_region(
    material: ReportInputs, recording: str | None, what: tuple[str, str], side: Side
) -> Cell:
    found = next(
        (
            m
            for m in material.assessment.measurements
            if (m.name, m.region) == what
            and m.side is side
            and m.recording == recording
            and m.value is not None
        ),
        None,
    )
    if found is None or found.value is None:
        return Cell(text=NOTHING, tone="quiet")
    difference = next(
        (d for d in material.differences if found is d.left or found is d.right), None
    )
    differs = (
        difference is not None
        and difference_verdict(material, difference) == "some_difference"
    )
    return Cell(
        text=quantity(found.value, found.name, material.language),
        notes=(interval_of(found, material.language),),
        tone="caution" if differs else "plain",
    )
