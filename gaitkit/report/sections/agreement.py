"""Plate and film of one visit: one clock, and the same measures side by side.

The steps of a film and the contacts of a plate on one clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

from gaitkit.measure.agreement import (
    Agreement,
    agreement_of_measures,
    agreement_of_stance,
)
from gaitkit.measure.pooled import in_force
from gaitkit.model.analysis import Analysis
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.wording import interval, number, quantity, signed, with_unit
from gaitkit.plots.style import to_svg
from gaitkit.plots.timeline import plot_timeline
from gaitkit.report.blocks import (
    Callout,
    Cell,
    Column,
    Drawing,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.sections.measures import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.reason import Reason
    from gaitkit.model.recording import ClockOffset
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.inputs import ReportInputs

STANCE = "contact_time"
ANGLE = "foot_progression_angle"
AROUND_S = 1.0
"""Time of the film that is shown before and after the plate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plate:
    """What stands in one table beside the film: one pass over a plate, or all."""

    label: str
    passes: tuple[Analysis, ...]
    measurements: Sequence[Measurement]


def agreement(material: ReportInputs) -> Section | None:
    """Return how every plate agrees with the film of the same visit."""
    reference = next((a for a in material.analyses if not a.plates and a.events), None)
    plates = [a for a in material.analyses if a.plates and a.events]
    if reference is None or not plates:
        return None
    words = material.words
    blocks: list[Block] = [*_clocks(material, plates, reference)]
    drawings = (both_drawing(material, reference, plate) for plate in plates)
    blocks += [drawing for drawing in drawings if drawing is not None]
    tables = _tables(material, plates)
    blocks += [b for each in tables for b in _agreement(material, reference, each)]
    return Section(
        anchor="agreement",
        title=words("agreement.title"),
        intro=words("agreement.intro"),
        blocks=tuple(blocks),
    )


def _clocks(
    material: ReportInputs, plates: Sequence[Analysis], reference: Analysis
) -> Iterator[Callout]:
    """Yield the clock of each plate; plates without a clock for one reason as one."""
    without: dict[Reason | None, list[str]] = {}
    for plate in plates:
        recording = plate.recording
        if recording.clock is not None:
            yield _clock(material, recording.id, recording.clock)
        else:
            without.setdefault(recording.why_no_clock, []).append(recording.id)
    words, language = material.words, material.language
    for why, ids in without.items():
        text = (
            "" if why is None else f"{why.text.of(language)} {why.advice.of(language)}"
        )
        title = words.count(
            "agreement.no_clock",
            len(ids),
            id=", ".join(ids),
            reference=reference.recording.id,
        )
        yield Callout(title=title, items=(text,), tone="caution")


def _tables(material: ReportInputs, plates: Sequence[Analysis]) -> Sequence[_Plate]:
    """Return what each table compares: one plate, or the mean of all passes."""
    if not material.pooled:
        return [
            _Plate(
                label=plate.recording.id,
                passes=(plate,),
                measurements=plate.measurements,
            )
            for plate in plates
        ]
    every = [m for plate in plates for m in plate.measurements]
    return [
        _Plate(
            label=material.words("measures.passes", n=len(plates)),
            passes=tuple(plates),
            measurements=in_force(every, [plate.recording for plate in plates]),
        )
    ]


def _agreement(
    material: ReportInputs, reference: Analysis, plate: _Plate
) -> Iterator[Block]:
    stances = [
        agreement_of_stance(
            reference.events,
            each.events,
            offset_s=each.recording.clock.offset_s if each.recording.clock else None,
        )
        for each in plate.passes
    ]
    stance = tuple(_mean_stance([row for found in stances for row in found]))
    others = agreement_of_measures(reference.measurements, plate.measurements)
    shown = (*stance, *(row for row in others if not row.agrees))
    yield _table(
        material,
        (*_rows(material, shown), *_angles(material, reference, plate, others)),
        ids=(reference.recording.id, plate.label),
    )
    alike = tuple(row for row in others if row.agrees)
    if alike:
        yield Points(
            title=material.words("agreement.alike"),
            items=(", ".join(_named(material, row) for row in alike),),
            tone="quiet",
        )


def _named(material: ReportInputs, row: Agreement) -> str:
    """Return what was compared with both numbers, in one line."""
    language = material.language
    side = "" if row.side is None else f" {material.words(f'side.{row.side}')}"
    label = definition(row.name).label.of(language)
    one, two = (quantity(x, row.name, language) for x in (row.reference, row.other))
    return f"{label}{side} ({one}; {two})"


def _mean_stance(rows: Sequence[Agreement]) -> Iterator[Agreement]:
    """Yield the mean over the passes of each side, its interval that of one pass.

    Passes with the same steps in both recordings go before averages of each.
    """
    for side in Side:
        own = [row for row in rows if row.side is side]
        own = [row for row in own if row.n] or own
        if own:
            yield Agreement(
                name=STANCE,
                side=side,
                reference=fmean(row.reference for row in own),
                other=fmean(row.other for row in own),
                low=_mean([row.low for row in own]),
                high=_mean([row.high for row in own]),
                n=sum(row.n for row in own),
            )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if len(known) == len(values) else None


def _clock(material: ReportInputs, name: str, clock: ClockOffset) -> Callout:
    words, language = material.words, material.language
    ms = with_unit(number(1000 * clock.sd_s, 0, language), "ms")
    seconds = with_unit(signed(clock.offset_s, 3, language), "s")
    known = words(f"agreement.{clock.method}", n=clock.events)
    title = words("agreement.clock", id=name, reference=clock.reference)
    text = words("agreement.offset", offset=seconds, sd=ms, known=known)
    tone: Tone = "caution" if clock.method == "marked" else "good"
    return Callout(title=title, items=(text,), tone=tone)


def _table(
    material: ReportInputs, rows: tuple[Row, ...], *, ids: tuple[str, str]
) -> Table:
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


def _rows(material: ReportInputs, rows: tuple[Agreement, ...]) -> Iterator[Row]:
    yield from (_row(material, row) for row in rows)


def _angles(
    material: ReportInputs,
    reference: Analysis,
    plate: _Plate,
    rows: tuple[Agreement, ...],
) -> Iterator[Row]:
    """Yield foot progression of one recording where the other does not show it."""
    both = {row.side for row in rows if row.name == ANGLE}
    words = material.words
    for side in (side for side in Side if side not in both):
        cells = [
            _only(material, each.measurements, side) for each in (reference, plate)
        ]
        label = definition(ANGLE).label.of(material.language)
        why = Cell(text=NOTHING, notes=(words("agreement.only_one"),), tone="quiet")
        name = Cell(text=label, notes=(words(f"side.{side}"),))
        if any(cell.text != NOTHING for cell in cells):
            yield Row(cells=(name, *cells, why))


def _only(
    material: ReportInputs, measurements: Sequence[Measurement], side: Side
) -> Cell:
    for found in measurements:
        if found.name == ANGLE and found.side is side and found.value is not None:
            return Cell(text=quantity(found.value, ANGLE, material.language))
    return Cell(text=NOTHING, tone="quiet")


def _row(material: ReportInputs, row: Agreement) -> Row:
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


def _said(material: ReportInputs, row: Agreement) -> tuple[tuple[str, ...], Tone]:
    if row.low is None or row.high is None:
        return (), "quiet"
    key = "agrees" if row.agrees else "disagrees"
    span = interval(row.low, row.high, row.name, material.language)
    return (material.words(f"agreement.{key}"), span), (
        "quiet" if row.agrees else "caution"
    )


def both_drawing(
    material: ReportInputs, reference: Analysis, plate: Analysis
) -> Drawing | None:
    """Return the stances of the film with the contacts of the plate as marks.

    None when the plate is not on the clock of the film, or the film has no strides
    at that time.
    """
    clock = plate.recording.clock
    if clock is None or not plate.events:
        return None
    events = [
        replace(event, time_s=event.time_s + clock.offset_s) for event in plate.events
    ]
    low, high = events[0].time_s - AROUND_S, events[-1].time_s + AROUND_S
    strides = [s for s in reference.strides if low <= s.start_s and s.end_s <= high]
    if not strides:
        return None
    words = material.words
    ax = plot_timeline(strides, events=events, language=material.language)
    name = f"clock-{plate.recording.id}"
    alt = words("agreement.alt")
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("agreement.figure"),
        alt=alt,
    )
