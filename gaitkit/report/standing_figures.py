"""The drawings of standing persons, of the block test and of the rearfoot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.plots.block_test import plot_block_test
from gaitkit.plots.rearfoot import plot_rearfoot
from gaitkit.plots.stance_picture import HEIGHT_IN, plot_stance_picture
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    SMALL_PT,
    new_figure,
    to_svg,
)
from gaitkit.report.blocks import Drawing
from gaitkit.report.numbers import number
from gaitkit.report.stance_pictures import shown, with_jpeg
from gaitkit.report.unconfirmed import as_method, mark, method_unconfirmed
from gaitkit.rules.wording import with_error, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.standing import (
        HeightLine,
        NavicularStanding,
        RearfootStanding,
        StancePicture,
    )
    from gaitkit.report.material import Material

BLOCKS_HEIGHT_IN = 2.9
FOOT_HEIGHT_IN = 1.8
"""A foot from its inner side is three times as long as it is high."""
LINE_HEIGHT_IN = 3.0
STANCE_WIDTHS = (1.0, 0.36)
"""Shares of the width for the picture with its words, and for the heels beside it."""

BELOW_TITLES = (0.0, 0.0, 1.0, 0.95)
"""Left, bottom, width and height for the pictures; axes that are switched off reserve
no room for the words over them."""

LEAST_ROW, LARGEST_ROW = 3, 6
"""Pictures of a block test side by side: room for so many, and no more than can be
seen."""

DEMONSTRABLE = 1.96
"""A difference of fewer standard errors than this is not demonstrable (95 %)."""

STANCE_METHOD = "stance_stickers"
PELVIS = ("psis", "asis", "hip")


def stance_drawing(material: Material, analysis: Analysis) -> Drawing | None:
    """Return the picture of a standing person with its lines in words beside it."""
    stance = analysis.standing
    if stance is None:
        return None
    words = material.words
    texts = tuple(stance_texts(material, analysis))
    picture = shown(stance, blurred=material.blurred)
    tall = FOOT_HEIGHT_IN if stance.naviculars else HEIGHT_IN
    figure = new_figure(FULL_WIDTH_IN, tall)
    grid = figure.add_gridspec(1, 2, width_ratios=STANCE_WIDTHS)
    heels = _heels(stance)
    ax = figure.add_subplot(grid[0, 0] if heels else grid[:])
    plot_stance_picture(picture, ax, texts=texts, language=words.language)
    if heels is not None:
        beside = figure.add_subplot(grid[0, 1])
        close = shown(heels, blurred=material.blurred)
        plot_stance_picture(close, beside, language=words.language)
        beside.set_anchor("E")
    view = words(f"view.{analysis.recording.view or 'unknown'}")
    name, alt = f"stance-{analysis.recording.id}", words("standing.alt", view=view)
    caption = "standing.caption"
    if stance.naviculars:
        alt, caption = words("standing.foot_alt"), "standing.foot_caption"
    return Drawing(
        name=name,
        svg=with_jpeg(to_svg(ax, name=name, title=alt)),
        caption=_caption(material, caption),
        alt=alt,
    )


def _heels(stance: StancePicture) -> StancePicture | None:
    """Return the same picture with nothing but its rearfeet."""
    points = tuple(point for foot in stance.rearfeet for point in foot.points)
    return replace(stance, points=points, lines=()) if points else None


def stance_texts(material: Material, analysis: Analysis) -> Iterator[str]:
    """Yield what each line, rearfoot and navicular of a stance picture says."""
    stance = analysis.standing
    if stance is None:
        return
    words = material.words
    unconfirmed = {m.name for m in analysis.measurements if m.unconfirmed}
    for line in stance.lines:
        pelvis = line.role in PELVIS and (
            "pelvic_obliquity_standing" in unconfirmed
            or method_unconfirmed(material, STANCE_METHOD)
        )
        marked = line.left.source == "landmark" or pelvis
        source = words(f"standing.source_{line.left.source}")
        rest = (source, *mark(words, unconfirmed=marked))
        yield f"{_line(material, line)},\n{', '.join(rest)}"
    for foot in stance.rearfeet:
        marked = "rearfoot_angle_stance" in unconfirmed
        yield "\n".join((_rearfoot(material, foot), *mark(words, unconfirmed=marked)))
    for each in stance.naviculars:
        marks = mark(words, unconfirmed=bool(unconfirmed))
        yield "\n".join((_navicular(material, each), *marks))


def _line(material: Material, line: HeightLine) -> str:
    words, language = material.words, material.language
    part = words(f"standing.{line.role}")
    value, sd, unit = line.angle_deg, line.angle_sd_deg, "deg"
    if line.difference_mm is not None and line.sd_mm is not None:
        value, sd, unit = line.difference_mm, line.sd_mm, "mm"
    amount = with_error(abs(value), sd, digits=1, language=language)
    shown_value = with_unit(amount, unit)
    if abs(value) <= DEMONSTRABLE * sd:
        return words("standing.level", part=part, value=shown_value)
    side = words(f"side.{Side.LEFT if value > 0 else Side.RIGHT}")
    return words("standing.higher", part=part, side=side, value=shown_value)


def _rearfoot(material: Material, foot: RearfootStanding) -> str:
    words = material.words
    amount = with_error(
        abs(foot.angle_deg), foot.sd_deg, digits=1, language=words.language
    )
    direction = "eversion" if foot.angle_deg >= 0 else "inversion"
    return words(
        "standing.rearfoot",
        side=words(f"side.{foot.side}"),
        value=with_unit(amount, "deg"),
        direction=words(f"standing.{direction}"),
    )


def _navicular(material: Material, foot: NavicularStanding) -> str:
    words = material.words
    amount = with_error(foot.height_mm, foot.sd_mm, digits=1, language=words.language)
    return words(
        "standing.navicular_height",
        foot=words(f"standing.{foot.side}_foot"),
        value=with_unit(amount, "mm"),
        load=words(f"standing.{foot.load}"),
    )


def blocks_drawing(
    material: Material, pictures: Sequence[Analysis], *, name: str
) -> Drawing | None:
    """Return the pictures of a block test side by side, least block first."""
    stances = [a.standing for a in pictures if a.standing is not None]
    if not stances:
        return None
    words = material.words
    stances = sorted(stances, key=block_mm)[:LARGEST_ROW]
    figure = new_figure(FULL_WIDTH_IN, BLOCKS_HEIGHT_IN)
    figure.set_layout_engine("constrained", rect=BELOW_TITLES)
    panels = figure.subplots(1, max(LEAST_ROW, len(stances)), squeeze=False)[0]
    for panel, stance in zip(panels, stances, strict=False):
        picture = shown(stance, blurred=material.blurred)
        plot_stance_picture(picture, panel, language=words.language)
        panel.set_anchor("C")
        under = block_text(material, block_mm(stance))
        panel.set_title(under, size=SMALL_PT, color=INK)
    for panel in panels[len(stances) :]:
        panel.set_axis_off()
    alt = words("standing.blocks_alt")
    return Drawing(
        name=name,
        svg=with_jpeg(to_svg(panels[0], name=name, title=alt)),
        caption=_caption(material, "standing.blocks_caption"),
        alt=alt,
    )


def block_mm(stance: StancePicture) -> float:
    """Return the block of a picture: under the right foot positive, 0 without."""
    if stance.block_side is None or stance.block_height_mm is None:
        return 0.0
    sign = 1.0 if stance.block_side is Side.RIGHT else -1.0
    return sign * stance.block_height_mm


def block_text(material: Material, height_mm: float) -> str:
    """Return a block in words: how high, under which foot."""
    words = material.words
    if height_mm == 0.0:
        return words("standing.no_block")
    digits = 0 if float(height_mm).is_integer() else 1
    height = with_unit(number(abs(height_mm), digits, words.language), "mm")
    side = Side.RIGHT if height_mm > 0 else Side.LEFT
    return words(f"standing.under_{side}", height=height)


def lines_drawing(
    material: Material, analysis: Analysis, *, said: str
) -> Drawing | None:
    """Return every line of a block test, side by side."""
    lines = [as_method(material, line) for line in analysis.block_lines]
    if not lines:
        return None
    words = material.words
    figure = new_figure(FULL_WIDTH_IN, LINE_HEIGHT_IN)
    panels = figure.subplots(1, max(2, len(lines)), squeeze=False)[0]
    remarks = [" ".join(mark(words, unconfirmed=line.unconfirmed)) for line in lines]
    empty = " " if any(remarks) else ""
    for panel, line, remark in zip(panels, lines, remarks, strict=False):
        plot_block_test(line, panel, text=remark or empty, language=words.language)
    for panel in panels[len(lines) :]:
        panel.set_axis_off()
    name = f"block-test-{analysis.recording.id}"
    alt = words("standing.line_alt", said=said)
    return Drawing(
        name=name,
        svg=to_svg(panels[0], name=name, title=alt),
        caption=words("standing.line_caption"),
        alt=alt,
    )


def rearfoot_drawing(material: Material, analysis: Analysis) -> Drawing | None:
    """Return the rearfoot angle of both sides over stance."""
    curves = analysis.rearfoot
    if not curves:
        return None
    words = material.words
    errors = [number(curve.sd_deg, 1, words.language) for curve in curves]
    ax = plot_rearfoot(curves, errors=errors, language=words.language)
    sides = ", ".join(words(f"side.{curve.side}") for curve in curves)
    name, alt = f"rearfoot-{analysis.recording.id}", words("foot.alt", sides=sides)
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("foot.caption"),
        alt=alt,
    )


def _caption(material: Material, key: str) -> str:
    words = material.words
    text = words(key)
    return f"{text} {words('standing.caption_blurred')}" if material.blurred else text
