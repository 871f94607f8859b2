"""The drawings of standing persons, of the block test and of the rearfoot.

Pictures of standing persons as they may leave the machine: legs, small, no face.

Only what the lines need is kept: from a hand above the pelvis to the floor. The head
lies far above that edge, so no face can be in the picture whatever a detector found;
around the body the picture is blurred as in the film.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit.model.chance import Z_95
from gaitkit.model.side import Side
from gaitkit.model.wording import number, with_unit
from gaitkit.plots.block_test import plot_block_test
from gaitkit.plots.rearfoot import plot_rearfoot
from gaitkit.plots.stance_picture import HEIGHT_IN, plot_stance_picture
from gaitkit.plots.style import FULL_WIDTH_IN, INK, SMALL_PT, new_figure, to_svg
from gaitkit.report.blocks import Drawing
from gaitkit.report.film.blur import blur
from gaitkit.report.film.canvas import canvas_of
from gaitkit.report.film.privacy import Visible
from gaitkit.report.stills import JPEG_QUALITY
from gaitkit.report.words import as_method, mark, method_unconfirmed
from gaitkit.rules.wording import with_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.standing import (
        HeightLine,
        NavicularStanding,
        PicturePoint,
        RearfootStanding,
        StancePicture,
    )
    from gaitkit.report.inputs import ReportInputs

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


STANCE_METHOD = "stance_stickers"
PELVIS = ("psis", "asis", "hip")
SHOWN_HEIGHT_PX = 620
"""Sharp at two thirds of a page in print, some 50 kB as JPEG."""

ABOVE, BELOW, BESIDE = 0.22, 0.09, 0.34
"""Space kept around the points as shares of their height (pelvis to heel, about 1 m on
an adult): 0.22 m above the pelvis ends below the shoulders, whose height is 0.29 of
body height above the hips (Winter, Biomechanics and Motor Control, table 4.1)."""

LEAST_BESIDE = 0.6
"""Least space beside the points, as a share of their width."""

CLEAR = 0.75
"""Of the space beside the points this share stays sharp."""

HEAD_ABOVE, HEAD_RADIUS = 0.8, 0.3
"""Middle and radius of the head above the pelvis over the height of the points, from
the same table: (0.936 - 0.530) / 0.49, with room for a head that is bent."""

PNG = re.compile(r"data:image/png;base64,\s*([A-Za-z0-9+/=\s]+)")


def stance_drawing(material: ReportInputs, analysis: Analysis) -> Drawing | None:
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


def stance_texts(material: ReportInputs, analysis: Analysis) -> Iterator[str]:
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


def _line(material: ReportInputs, line: HeightLine) -> str:
    words, language = material.words, material.language
    part = words(f"standing.{line.role}")
    value, sd, unit = line.angle_deg, line.angle_sd_deg, "deg"
    if line.difference_mm is not None and line.sd_mm is not None:
        value, sd, unit = line.difference_mm, line.sd_mm, "mm"
    amount = with_error(abs(value), sd, digits=1, language=language)
    shown_value = with_unit(amount, unit)
    if abs(value) <= Z_95 * sd:
        return words("standing.level", part=part, value=shown_value)
    side = words(f"side.{Side.LEFT if value > 0 else Side.RIGHT}")
    return words("standing.higher", part=part, side=side, value=shown_value)


def _rearfoot(material: ReportInputs, foot: RearfootStanding) -> str:
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


def _navicular(material: ReportInputs, foot: NavicularStanding) -> str:
    words = material.words
    amount = with_error(foot.height_mm, foot.sd_mm, digits=1, language=words.language)
    return words(
        "standing.navicular_height",
        foot=words(f"standing.{foot.side}_foot"),
        value=with_unit(amount, "mm"),
        load=words(f"standing.{foot.load}"),
    )


def blocks_drawing(
    material: ReportInputs, pictures: Sequence[Analysis], *, name: str
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


def block_text(material: ReportInputs, height_mm: float) -> str:
    """Return a block in words: how high, under which foot."""
    words = material.words
    if height_mm == 0.0:
        return words("standing.no_block")
    digits = 0 if float(height_mm).is_integer() else 1
    height = with_unit(number(abs(height_mm), digits, words.language), "mm")
    side = Side.RIGHT if height_mm > 0 else Side.LEFT
    return words(f"standing.under_{side}", height=height)


def lines_drawing(
    material: ReportInputs, analysis: Analysis, *, said: str
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


def rearfoot_drawing(material: ReportInputs, analysis: Analysis) -> Drawing | None:
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


def _caption(material: ReportInputs, key: str) -> str:
    words = material.words
    text = words(key)
    return f"{text} {words('standing.caption_blurred')}" if material.blurred else text


def shown(stance: StancePicture, *, blurred: bool) -> StancePicture:
    """Return a stance picture cut, blurred and reduced, its points moved along.

    Parameters
    ----------
    stance : StancePicture
        As measured.
    blurred : bool
        Blur what is not the body. Cut it is in any case.

    Returns
    -------
    StancePicture
        At most `SHOWN_HEIGHT_PX` high. Without any point nothing tells where the
        person is: the picture is then blurred as a whole.
    """
    picture = stance.picture
    if not stance.points:
        return replace(stance, picture=_reduced(_veiled(picture, None), 1.0))
    box = np.array(
        [
            *([p.x_px, p.y_px] for p in stance.points),
            *(foot.floor_px for foot in stance.naviculars),
        ]
    )
    if blurred:
        picture = _veiled(picture, box)
    left, top, right, bottom = _frame(box, picture.shape[:2], share=1.0)
    picture = picture[top:bottom, left:right]
    scale = min(1.0, SHOWN_HEIGHT_PX / max(picture.shape[0], 1))
    return _moved(stance, _reduced(picture, scale), (left, top), scale)


def with_jpeg(svg: str) -> str:
    """Return an SVG element whose photographs are JPEG, a tenth of their size."""
    return PNG.sub(_coded, svg)


def _coded(found: re.Match[str]) -> str:
    raw = np.frombuffer(base64.b64decode(found.group(1)), dtype=np.uint8)
    picture = cv2.imdecode(raw, cv2.IMREAD_COLOR)
    _, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(coded.tobytes()).decode('ascii')}"


def _frame(
    box: np.ndarray, size: tuple[int, int], *, share: float
) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom around points, within the picture."""
    low, high = box.min(axis=0), box.max(axis=0)
    wide, tall = high - low
    tall = max(tall, wide)
    beside = share * max(BESIDE * tall, LEAST_BESIDE * wide)
    edges = (low[0] - beside, low[1] - ABOVE * tall)
    ends = (high[0] + beside, high[1] + BELOW * tall)
    left, top = (max(0, int(edge)) for edge in edges)
    right = min(size[1], round(float(ends[0])))
    bottom = min(size[0], round(float(ends[1])))
    return left, top, max(right, left + 2), max(bottom, top + 2)


def _veiled(picture: np.ndarray, box: np.ndarray | None) -> np.ndarray:
    """Return the picture with only the body around some points sharp."""
    canvas = canvas_of(picture)
    if box is None:
        nowhere = np.full((1, 2), np.nan)
        seen = Visible(head=nowhere, radius=nowhere[:, 0], body=np.full((1, 4), np.nan))
        blur(canvas, seen, None, scale=1.0)
        return canvas.to_rgb()
    low, high = box.min(axis=0), box.max(axis=0)
    tall = float(max(high[1] - low[1], high[0] - low[0]))
    head = [(low[0] + high[0]) / 2, low[1] - HEAD_ABOVE * tall]
    body = _frame(box, picture.shape[:2], share=CLEAR)
    seen = Visible(
        head=np.array([head]),
        radius=np.array([HEAD_RADIUS * tall]),
        body=np.array([body], dtype=float),
    )
    blur(canvas, seen, 0, scale=1.0)
    return canvas.to_rgb()


def _reduced(picture: np.ndarray, scale: float) -> np.ndarray:
    if scale >= 1.0:
        return np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _moved(
    stance: StancePicture, picture: np.ndarray, corner: tuple[int, int], scale: float
) -> StancePicture:
    """Return the stance with its points in the pixels of the new picture."""

    def place(point: PicturePoint) -> PicturePoint:
        return replace(
            point,
            x_px=(point.x_px - corner[0]) * scale,
            y_px=(point.y_px - corner[1]) * scale,
            sd_px=point.sd_px * scale,
        )

    return replace(
        stance,
        picture=picture,
        points=tuple(place(point) for point in stance.points),
        lines=tuple(
            replace(line, left=place(line.left), right=place(line.right))
            for line in stance.lines
        ),
        rearfeet=tuple(
            replace(foot, points=tuple(place(point) for point in foot.points))
            for foot in stance.rearfeet
        ),
        naviculars=tuple(
            replace(
                foot,
                sticker=place(foot.sticker),
                floor_px=(
                    (foot.floor_px[0] - corner[0]) * scale,
                    (foot.floor_px[1] - corner[1]) * scale,
                ),
            )
            for foot in stance.naviculars
        ),
    )
