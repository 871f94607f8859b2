"""What the walk looked like: stills, steps in time, curves, left against right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.model.wording import number
from gaitkit.report.blocks import Gallery, Link, Paragraph, Picture, Section, Strip
from gaitkit.report.figures import (
    stick_drawing,
    symmetry_drawings,
    timeline_drawing,
    waveform_drawings,
)

if TYPE_CHECKING:
    from gaitkit.report.blocks import Accent, Block
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.stills import Photographs, Still

ACCENTS: dict[Side, Accent] = {Side.LEFT: "left", Side.RIGHT: "right"}


def stills(material: ReportInputs) -> Section | None:
    """Return pictures of one stride a side, and stick figures where there are none."""
    words = material.words
    blocks: list[Block] = []
    photographed = {p.recording for p in material.photographs if p.stills}
    for photographs in material.photographs:
        if photographs.stills:
            blocks.append(_gallery(material, photographs))
    bare = (a for a in material.analyses if a.recording.id not in photographed)
    sticks = (stick_drawing(material, analysis) for analysis in bare)
    blocks += [drawing for drawing in sticks if drawing is not None]
    intro = words("stills.intro") if blocks else ""
    blocks += [
        Link(text=words("stills.film", name=name), target=name)
        for name in material.films
    ]
    if not blocks:
        return None
    if photographed and material.blurred:
        blocks.append(Paragraph(text=words("stills.blurred")))
    return Section(
        anchor="stills",
        title=words("stills.title"),
        intro=intro,
        blocks=tuple(blocks),
    )


def curves(material: ReportInputs) -> Section | None:
    """Return the steps in time and joint angles over the stride."""
    drawings = [
        drawing
        for analysis in material.analyses
        for drawing in (
            timeline_drawing(material, analysis),
            *waveform_drawings(material, analysis),
        )
        if drawing is not None
    ]
    if not drawings:
        return None
    words = material.words
    return Section(
        anchor="curves",
        title=words("curves.title"),
        intro=words("curves.intro"),
        blocks=tuple(drawings),
    )


def symmetry(material: ReportInputs) -> Section | None:
    """Return left compared with right."""
    drawings = symmetry_drawings(material)
    if not drawings:
        return None
    words = material.words
    return Section(
        anchor="symmetry",
        title=words("symmetry.title"),
        intro=words("symmetry.intro"),
        blocks=drawings,
    )


def _gallery(material: ReportInputs, photographs: Photographs) -> Gallery:
    words = material.words
    strips = []
    for side in Side:
        own = [still for still in photographs.stills if still.side is side]
        if own:
            title = words("stills.strip", side=words(f"side.{side}"))
            pictures = tuple(
                _picture(material, still, photographs.recording) for still in own
            )
            strips.append(Strip(title=title, pictures=pictures, accent=ACCENTS[side]))
    return Gallery(strips=tuple(strips))


def _picture(material: ReportInputs, still: Still, recording: str) -> Picture:
    words = material.words
    moment = words(f"stills.{still.moment.kind}")
    time = number(still.moment.time_s, 2, material.language)
    return Picture(
        name=f"still-{recording}-{still.side}-{still.moment.kind}",
        jpeg=still.jpeg,
        caption=moment,
        note=words("stills.at", time=time),
        alt=words(
            "stills.alt", moment=moment, side=words(f"side.{still.side}"), time=time
        ),
        accent=ACCENTS[still.side],
    )
