"""Pictures of standing persons and the block test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.model.wording import number, sentence, with_unit
from gaitkit.report.blocks import Fact, Facts, Paragraph, Points, Section
from gaitkit.report.standing_figures import (
    block_mm,
    blocks_drawing,
    lines_drawing,
    stance_drawing,
)
from gaitkit.report.words import as_method, marked
from gaitkit.rules.wording import with_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.recording import Recording
    from gaitkit.model.standing import BlockLine, StancePicture
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs

KINDS = ("stance", "block_test")


def standing(material: ReportInputs) -> Section | None:
    """Return what pictures of the standing person showed, or why they did not."""
    blocks = [*_stances(material), *_block_tests(material), *_refused(material)]
    if not blocks:
        return None
    words = material.words
    return Section(
        anchor="standing",
        title=words("standing.title"),
        intro=words("standing.intro"),
        blocks=tuple(blocks),
    )


def _stances(material: ReportInputs) -> Iterator[Block]:
    """Yield each stance picture; those of a block test stand with the others."""
    for analysis in material.analyses:
        if analysis.standing is None or analysis.recording.kind == "block_test":
            continue
        drawing = stance_drawing(material, analysis)
        if drawing is not None:
            yield drawing
        yield _facts(material, analysis.recording, analysis.standing)


def _facts(
    material: ReportInputs, recording: Recording, stance: StancePicture
) -> Facts:
    words, language = material.words, material.language
    roll = with_error(stance.roll_deg, stance.roll_sd_deg, digits=1, language=language)
    facts = [
        Fact(label=words("subject.recording"), value=recording.id),
        Fact(label=words("standing.frames"), value=str(stance.frames)),
        Fact(
            label=words("standing.roll"),
            value=words(
                "standing.roll_value",
                value=with_unit(roll, "deg"),
                source=words(f"standing.{stance.roll_source}"),
            ),
        ),
    ]
    if stance.yaw_deg is not None and stance.yaw_sd_deg is not None:
        yaw = with_error(stance.yaw_deg, stance.yaw_sd_deg, digits=1, language=language)
        facts.append(Fact(label=words("standing.yaw"), value=with_unit(yaw, "deg")))
    if stance.distance_m is not None:
        metres = with_unit(number(stance.distance_m, 1, language), "m")
        facts.append(Fact(label=words("standing.distance"), value=metres))
    if block_mm(stance) != 0.0:
        height = with_unit(number(abs(block_mm(stance)), 0, language), "mm")
        side = Side.RIGHT if block_mm(stance) > 0 else Side.LEFT
        under = words(f"standing.under_{side}", height=height)
        facts.append(Fact(label=words("recording.block_test"), value=under))
    return Facts(title=words("standing.facts"), facts=tuple(facts))


def _block_tests(material: ReportInputs) -> Iterator[Block]:
    pictures = [
        a
        for a in material.analyses
        if a.standing is not None and a.recording.kind == "block_test"
    ]
    drawing = blocks_drawing(material, pictures, name="block-pictures")
    if drawing is not None:
        yield drawing
    for analysis in material.analyses:
        if analysis.block_lines:
            yield from _lines(material, analysis)


def _lines(material: ReportInputs, analysis: Analysis) -> Iterator[Block]:
    lines = [as_method(material, line) for line in analysis.block_lines]
    said = tuple(block_line_text(material, line) for line in lines)
    drawing = lines_drawing(material, analysis, said=" ".join(said))
    if drawing is not None:
        yield drawing
    yield from (Paragraph(text=text) for text in said)


def block_line_text(material: ReportInputs, line: BlockLine) -> str:
    """Return which block levels the pelvis, or why that cannot be told."""
    words, language = material.words, material.language
    reason = line.reason
    why = ""
    if reason is not None:
        why = f"{reason.text.of(language)} {reason.advice.of(language)}"
    source = words(f"standing.source_{line.source}")
    if line.levelling_mm is None or line.low_mm is None or line.high_mm is None:
        return words("standing.line_why", source=sentence(source), why=why)
    side = Side.RIGHT if line.levelling_mm >= 0 else Side.LEFT
    ends = (line.low_mm, line.high_mm)
    if side is Side.LEFT:
        ends = (-line.high_mm, -line.low_mm)
    key = "line_said" if ends[0] > 0 else "line_open"
    values = {
        "height": with_unit(number(abs(line.levelling_mm), 1, language), "mm"),
        "foot": words(f"standing.{side}_foot"),
        "low": number(ends[0], 1, language),
        "high": with_unit(number(ends[1], 1, language), "mm"),
        "source": source,
    }
    if key == "line_said":
        values["leg"] = words(f"leg_length.{side.other}_leg")
    text = words(f"standing.{key}", **values)
    text = marked(text, words, unconfirmed=line.unconfirmed)
    return f"{text} {why}".strip()


def _refused(material: ReportInputs) -> Iterator[Block]:
    """Yield why pictures could not be used, one line each."""
    words, language = material.words, material.language
    items = tuple(
        words(
            "standing.refused_item",
            id=recording.id,
            why=reason.text.of(language),
            advice=reason.advice.of(language),
        )
        for recording in material.assessment.recordings
        if recording.kind in KINDS and recording.quality.status == "refused"
        for reason in recording.quality.reasons
    )
    if items:
        yield Points(title=words("standing.refused"), items=items, tone="caution")
