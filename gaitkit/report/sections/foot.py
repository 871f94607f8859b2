"""The rearfoot over stance, and the same foot from several sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.rearfoot.agreement import foot_agreement
from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side
from gaitkit.model.wording import interval_of, quantity
from gaitkit.report.blocks import (
    Callout,
    Cell,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.sections.measures import NOTHING
from gaitkit.report.standing_figures import rearfoot_drawing
from gaitkit.report.words import mark, marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.measure.rearfoot.agreement import FootAgreement
    from gaitkit.model.measurement import Measurement
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs

PEAK, PEAK_TIME = "rearfoot_eversion_peak", "rearfoot_eversion_peak_time"
DROP, BY_HAND = "navicular_drop", "examination"
SOURCES: dict[str, tuple[str, ...]] = {
    "stickers": (
        "rearfoot_angle_stance",
        PEAK,
        PEAK_TIME,
        "navicular_height",
        "navicular_height_normalised",
        DROP,
    ),
    "plate": (
        "arch_index",
        "center_of_pressure_excursion_index",
        "medial_lateral_balance",
    ),
    "hand": ("foot_posture_index", DROP),
}
"""Measures that say something of the posture of a foot, by what they come from."""

LEAST_SOURCES = 2
"""With fewer sources there is nothing to compare."""


def foot(material: ReportInputs) -> Section | None:
    """Return the rearfoot and the comparison of sources, or None without either."""
    blocks = [*_curves(material), *_sources(material)]
    if not blocks:
        return None
    words = material.words
    if not any(_found(material, name) for name in SOURCES["stickers"]):
        blocks.append(Paragraph(text=words("foot.absent")))
    return Section(
        anchor="foot",
        title=words("foot.title"),
        intro=words("foot.intro"),
        blocks=tuple(blocks),
    )


def _curves(material: ReportInputs) -> Iterator[Block]:
    for analysis in material.analyses:
        drawing = rearfoot_drawing(material, analysis)
        if drawing is not None:
            yield drawing
            texts = tuple(_peaks(material, analysis.recording.id))
            if texts:
                yield Paragraph(text=" ".join(texts))


def _peaks(material: ReportInputs, recording: str) -> Iterator[str]:
    """Yield the peak of each side with its time."""
    words, language = material.words, material.language
    for side in Side:
        peak, time = (
            next(
                (
                    m
                    for m in _found(material, name)
                    if m.side is side and m.recording == recording
                ),
                None,
            )
            for name in (PEAK, PEAK_TIME)
        )
        if peak is None or time is None or peak.value is None or time.value is None:
            continue
        text = words(
            "foot.peak_said",
            side=words(f"side.{side}"),
            value=quantity(peak.value, PEAK, language),
            time=quantity(time.value, PEAK_TIME, language),
        )
        yield marked(text, words, unconfirmed=peak.unconfirmed)


def _sources(material: ReportInputs) -> Iterator[Block]:
    """Yield whether the sources agree, and one table of them all."""
    words = material.words
    groups = []
    for source, names in SOURCES.items():
        rows = tuple(row for name in names for row in _rows(material, name, source))
        if rows:
            groups.append(RowGroup(title=words(f"foot.{source}"), rows=rows))
    if len(groups) < LEAST_SOURCES and not _found(material, SOURCES["stickers"][0]):
        return
    yield from _agreement(material)
    yield Table(
        caption=words("foot.sources_caption"),
        columns=(
            Column(label=words("foot.source")),
            Column(label=words("measures.left"), numeric=True, accent="left"),
            Column(label=words("measures.right"), numeric=True, accent="right"),
        ),
        groups=tuple(groups),
    )


def _agreement(material: ReportInputs) -> Iterator[Callout]:
    """Yield what all sources together say of each foot that has one."""
    words = material.words
    found = [foot_agreement(material.assessment.measurements, side) for side in Side]
    shown = [each for each in found if each.state != "not_measured"]
    if not shown:
        return
    contradict = any(each.state == "disagree" for each in shown)
    yield Callout(
        title=words("foot.disagree" if contradict else "foot.together"),
        items=tuple(_said(material, each) for each in shown),
        tone="caution" if contradict else "plain",
    )


def _said(material: ReportInputs, agreement: FootAgreement) -> str:
    """Return what the sources say of a foot, and what that rests on."""
    words = material.words
    sure = [each for each in agreement.opinions if each.posture != "unclear"]
    text = marked(
        agreement.text.of(words.language),
        words,
        unconfirmed=any(each.measurement.unconfirmed for each in sure),
    )
    if all(each.source.confirmed for each in sure):
        return text
    return f"{text} {words('foot.unchecked')}"


def _rows(material: ReportInputs, name: str, source: str) -> Iterator[Row]:
    found = [m for m in _found(material, name) if _comes_from(m, source)]
    for recording in dict.fromkeys(m.recording for m in found):
        own = {m.side: m for m in found if m.recording == recording}
        label = definition(name).label.of(material.language)
        notes = () if recording is None else (recording,)
        cells = tuple(_value(material, own.get(side)) for side in Side)
        yield Row(cells=(Cell(text=label, notes=notes), *cells))


def _comes_from(measurement: Measurement, source: str) -> bool:
    """Say whether a drop was told or seen; other measures have one source each."""
    by_hand = measurement.method == BY_HAND
    return measurement.name != DROP or by_hand == (source == "hand")


def _value(material: ReportInputs, measurement: Measurement | None) -> Cell:
    if measurement is None or measurement.value is None:
        return Cell(text=NOTHING, tone="quiet")
    notes = (
        interval_of(measurement, material.language),
        *mark(material.words, unconfirmed=measurement.unconfirmed),
    )
    return Cell(
        text=quantity(measurement.value, measurement.name, material.language),
        notes=tuple(note for note in notes if note),
    )


def _found(material: ReportInputs, name: str) -> tuple[Measurement, ...]:
    return tuple(
        m
        for m in material.assessment.measurements
        if m.name == name and m.value is not None and m.side is not None
    )
