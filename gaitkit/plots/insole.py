"""An insole from above in true mm over the pressure under the foot; its heel section.

Axes count mm: a figure as large as its axes in mm is a drawing at 1:1. Pressure is pale
yellow to dark red, as users of plates know it; its lightness falls evenly, so that it
is read in grey print and by every eye. Elements differ in colour, in line and in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.insole.heights import (
    arch,
    cup,
    cushion,
    hallux,
    height,
    pad_radius,
    rearfoot_wedge,
    recess,
    skive,
    wedge_run,
)
from gaitkit.insole.outline import borders_at
from gaitkit.model.side import Side
from gaitkit.model.wording import decimal, signed
from gaitkit.plots.labels import label
from gaitkit.plots.style import INK, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from gaitkit.model.insole import InsoleShape
    from gaitkit.model.prescription import FootOrder, Heights
    from gaitkit.model.text import Language

LEVELS_KPA = (10.0, 50.0, 100.0, 150.0, 200.0, 300.0, 400.0)
COLOURS = (
    "#fff7d6", "#feeaa9", "#fed37b", "#fdb157", "#f8803f", "#e4502f", "#b3161f",
)  # fmt: skip
"""Pale yellow to dark red, each darker than the one before; the last is 400 and up."""

RAISE, WEDGE, ARCH, PAD, CUP, RECESS = (
    "#6a2c8f", "#1c2733", "#11663a", "#0d4f9e", "#5b3a1e", "#0b6e78",
)  # fmt: skip
OUTLINE_PT, LINE_PT, THIN_PT = 1.42, 0.9, 0.5
"""An outline of half a mm; a point is 0.353 mm."""

LABEL_PT, SMALL_PT, NUMBER_PT = 7.4, 6.6, 9.0
WEDGE_LINES_MM = 3.5
ARCH_LINES_MM = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
NEARLY_WHOLE = 0.98
"""Of a wedge: so far its lines are drawn."""

HALF_PAD = 0.541
"""Radius at which a pad is half as high as its top."""

CROSS_MM, HEEL_CROSS_MM = 2.6, 4.0
HEEL_WORDS_MM = -9.0
"""The words of a wedge stand so far behind the middle of the heel."""

GRID_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a foot lies on the paper: x grows laterally on a right foot.

    Attributes
    ----------
    x_mm, y_mm : float
        Of the axis, and of the heel end of the print.
    side : Side
        A left foot is the mirror image.
    """

    x_mm: float
    y_mm: float
    side: Side

    def points(self, u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return places on the paper of places of the foot."""
        sign = -1.0 if self.side is Side.LEFT else 1.0
        return np.asarray(self.x_mm + sign * u), np.asarray(self.y_mm + v)

    def point(self, u: float, v: float) -> tuple[float, float]:
        """Return one place on the paper."""
        x, y = self.points(np.asarray(u), np.asarray(v))
        return float(x), float(y)


def plot_insole(
    foot: FootOrder,
    ax: Axes,
    *,
    place: Place,
    language: Language,
    named: bool = True,
) -> Axes:
    """Draw the insole of one foot with its elements and the pressure under the foot.

    Parameters
    ----------
    foot : FootOrder
        With a shape.
    ax : Axes
        Counting mm, equal both ways.
    place : Place
        Where on the paper.
    language : {"nl", "en"}
        Of the words.
    named : bool
        True writes words and heights; False leaves a small drawing without.
    """
    shape = foot.shape
    if shape is None:
        msg = f"the {foot.side} insole has no shape to draw"
        raise ValueError(msg)
    pen = _Pen(ax, shape, place, language, named=named)
    pen.pressure()
    pen.landmarks()
    raised = (foot.loose_raise or shape).doses.raise_mm
    if raised:
        pen.raised(raised)
    for draw in (pen.wedges, pen.arched, pen.padded, pen.rest):
        draw()
    pen.outline()
    if named and foot.heights is not None:
        pen.heights(foot.heights)
    return ax


def plot_heel_section(
    foot: FootOrder, ax: Axes, *, x_mm: float, y_mm: float, language: Language
) -> Axes:
    """Draw the heel of an insole from behind at true size, with its heights.

    Seen from behind, a left insole has its medial border at the right.
    """
    shape, heights = foot.shape, foot.heights
    if shape is None or heights is None:
        msg = f"the {foot.side} insole has no shape to draw"
        raise ValueError(msg)
    v = shape.print_.heel_middle_mm[1]
    medial, lateral = (
        float(each[0]) for each in borders_at(shape.outline_mm, np.array([v]))
    )
    u = np.linspace(medial, lateral, 121)
    place = Place(x_mm=x_mm, y_mm=y_mm, side=foot.side)
    x, _ = place.points(u, u)
    whole = height(shape, u, np.full(u.size, v))
    z = y_mm + whole - cushion(shape, u, np.full(u.size, v))
    ax.fill_between(x, y_mm, z, facecolor="#ece4d6", edgecolor=INK, linewidth=LINE_PT)
    if shape.doses.cushion_mm:
        ax.plot(x, y_mm + whole, ":", color=CUP, lw=LINE_PT)
    ax.plot([x_mm] * 2, [y_mm, y_mm + heights.heel + 4], ":", color=INK, lw=THIN_PT)
    ax.text(
        x_mm, y_mm + heights.heel + 5, f"{_number(heights.heel, language, 1)} mm",
        ha="center", va="bottom", fontsize=NUMBER_PT, fontweight="bold", color=INK,
    )  # fmt: skip
    for at, value in ((medial, heights.heel_medial), (lateral, heights.heel_lateral)):
        px, _ = place.point(at, 0.0)
        outer = 1.0 if px > x_mm else -1.0
        ax.text(
            px + outer * 1.5, y_mm + value / 2, _number(value, language, 1),
            ha="left" if outer > 0 else "right", va="center", fontsize=LABEL_PT,
            color=INK,
        )  # fmt: skip
    return ax


def plot_pressure_key(
    ax: Axes, *, x_mm: float, y_mm: float, width_mm: float, language: Language
) -> Axes:
    """Draw what each colour of pressure stands for."""
    step = width_mm / len(COLOURS)
    for at, (colour, level) in enumerate(zip(COLOURS, LEVELS_KPA, strict=True)):
        left = x_mm + at * step
        ax.fill_between(
            [left, left + step], y_mm, y_mm + 3, facecolor=colour, edgecolor=MUTED,
            linewidth=THIN_PT,
        )  # fmt: skip
        over = "+" if at == len(LEVELS_KPA) - 1 else ""
        ax.text(
            left, y_mm - 0.8, f"{level:g}{over}", ha="center", va="top",
            fontsize=SMALL_PT, color=INK,
        )  # fmt: skip
    ax.text(
        x_mm + width_mm / 2, y_mm + 3.8, label("insole.pressure", language),
        ha="center", va="bottom", fontsize=SMALL_PT, color=INK,
    )  # fmt: skip
    return ax


def plot_bar(
    ax: Axes, *, x_mm: float, y_mm: float, upright: bool, words: str, length_mm: float
) -> Axes:
    """Draw a bar to measure with; its length counts between the middles of its ends.

    The words stand beside an upright bar, under the middle of a level one.
    """
    ends = np.linspace(0.0, length_mm, 11)
    for at, tick in enumerate(ends):
        half = 2.2 if at in {0, 10} else 1.0
        x, y = ([x_mm - half, x_mm + half], [y_mm + tick] * 2)
        if not upright:
            x, y = ([x_mm + tick] * 2, [y_mm - half, y_mm + half])
        ax.plot(x, y, color=INK, lw=THIN_PT, solid_capstyle="butt")
    far = (0.0, length_mm) if upright else (length_mm, 0.0)
    ax.plot(
        [x_mm, x_mm + far[0]], [y_mm, y_mm + far[1]], color=INK, lw=THIN_PT,
        solid_capstyle="butt",
    )  # fmt: skip
    where, ha, va = (x_mm + length_mm / 2, y_mm - 1.2), "center", "top"
    if upright:
        where, ha, va = (x_mm - 3.0, y_mm + length_mm / 2), "right", "center"
    ax.text(
        *where, words, fontsize=LABEL_PT, color=INK, ha=ha, va=va,
        rotation=90 if upright else 0,
    )  # fmt: skip
    return ax


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How words on a drawing look; most are only on the large one."""

    size: float = LABEL_PT
    colour: str = INK
    bold: bool = False
    ha: Literal["left", "center", "right"] = "center"
    va: Literal["center", "bottom"] = "center"
    only_named: bool = True


class _Pen:
    """Draws one insole; every method adds one kind of thing."""

    def __init__(
        self,
        ax: Axes,
        shape: InsoleShape,
        place: Place,
        language: Language,
        *,
        named: bool,
    ) -> None:
        self.ax, self.shape, self.place = ax, shape, place
        self.language, self.named = language, named
        low, high = shape.outline_mm.min(axis=0), shape.outline_mm.max(axis=0)
        self.u, self.v = np.meshgrid(
            *(
                np.arange(a, b + GRID_MM, GRID_MM)
                for a, b in zip(low, high, strict=True)
            )
        )

    def outline(self) -> None:
        """Draw the border of the insole."""
        x, y = self.place.points(
            *np.vstack([self.shape.outline_mm, self.shape.outline_mm[:1]]).T
        )
        self.ax.plot(
            x, y, color=INK, lw=OUTLINE_PT if self.named else LINE_PT, zorder=6
        )

    def pressure(self) -> None:
        """Fill the print in the colours of pressure."""
        picture = self.shape.print_.picture
        if picture is None:
            return
        from scipy.ndimage import gaussian_filter

        u, v = np.meshgrid(picture.u_mm, picture.v_mm)
        x, y = self.place.points(u, v)
        drawn = self.ax.contourf(
            x, y, gaussian_filter(picture.kpa, 1.0), levels=[*LEVELS_KPA, 1e6],
            colors=COLOURS, zorder=1,
        )  # fmt: skip
        self._clip(drawn)

    def landmarks(self) -> None:
        """Draw the axis, the middle of the heel and the metatarsal heads."""
        print_ = self.shape.print_
        x, y = self.place.points(np.zeros(2), np.array([2.0, print_.length_mm - 2.0]))
        self.ax.plot(x, y, "-.", color=INK, lw=THIN_PT, zorder=2)
        self._cross(*print_.heel_middle_mm, HEEL_CROSS_MM)
        for number, head in enumerate(print_.heads_mm, start=1):
            self._cross(*head, CROSS_MM)
            if self.named:
                x0, y0 = self.place.point(*head)
                self._text((x0, y0 + 3.0), str(number), _Look(bold=True, va="bottom"))

    def raised(self, raised: float) -> None:
        """Draw where a raise is whole, its run-out and its end."""
        full, end = self.shape.raise_full_mm, self.shape.raise_end_mm
        for at in np.linspace(full, end, 7):
            edge = at in {full, end}
            self._across(at, "--" if edge else "-", LINE_PT if edge else THIN_PT, RAISE)
        for at, key, away in ((full, "raise_full", 2.4), (end, "raise_end", -2.4)):
            _, lateral = borders_at(self.shape.outline_mm, np.array([at]))
            x, y = self.place.point(float(lateral[0]) - 2.0, at + away)
            words = label(f"insole.{key}", self.language, mm=self._mm(raised))
            self._text((x, y), words, _Look(colour=RAISE, ha=self._outer))

    def wedges(self) -> None:
        """Draw wedges as lines along the foot that stand denser than they rise."""
        doses, shape = self.shape.doses, self.shape
        heel_v = shape.print_.heel_middle_mm[1]
        if doses.rearfoot_deg:
            kept = wedge_run(shape, self.v[:, 0]) > NEARLY_WHOLE
            self._lines(doses.rearfoot_deg, shape.pivot_mm, self.v[kept, 0])
            self._wedge_words(doses.rearfoot_deg, heel_v)
        if doses.forefoot_deg:
            second = shape.print_.heads_mm[1][1]
            self._lines(doses.forefoot_deg, 0.0, np.arange(second - 20, second + 8))
            self._wedge_words(doses.forefoot_deg, second - 10, offset=-14)

    def arched(self) -> None:
        """Draw an arch support by lines of equal height."""
        dose = self.shape.doses.arch_mm
        if not dose:
            return
        levels = [each for each in ARCH_LINES_MM if each < dose]
        self._contour(arch(self.shape, self.u, self.v), levels, ARCH)
        medial, _ = borders_at(self.shape.outline_mm, np.array([self.shape.arch_at_mm]))
        middle = float(medial[0]) / 2
        for dv, key, mm in (
            (5.0, "arch", self._mm(dose)),
            (-6.0, "arch_lines", ", ".join(self._mm(each) for each in levels)),
        ):
            x, y = self.place.point(middle, self.shape.arch_at_mm + dv)
            words = label(f"insole.{key}", self.language, mm=mm)
            self._text((x, y), words, _Look(colour=ARCH, bold=dv > 0))

    def padded(self) -> None:
        """Draw the edge of a pad and where it is half as high."""
        dose = self.shape.doses.pad_mm
        if not dose:
            return
        radius = pad_radius(self.shape, self.u, self.v)
        self._contour(radius, [1.0], PAD, width=1.2)
        self._contour(radius, [HALF_PAD], PAD, style="dashed")
        inner = radius < 1
        x, y = self.place.point(
            float(self.u[inner].mean()), float(self.v[inner].mean())
        )
        words = label("insole.pad", self.language, mm=self._mm(dose))
        self._text((x, y), words, _Look(colour=PAD, bold=True))

    def rest(self) -> None:
        """Draw skive, cup, cut-out, extension and cushion by their edges."""
        shape, doses = self.shape, self.shape.doses
        at, (u1, v1) = shape.print_.heel_middle_mm[1], shape.print_.heads_mm[0]
        edges = (
            ("cup", doses.cup_mm, cup, 0.05, CUP, (0.0, 8.0)),
            ("skive", doses.skive_mm, skive, 0.5, WEDGE, (-16.0, at - 16.0)),
            ("recess", doses.recess_mm, recess, -0.5, RECESS, (u1, v1 - 8.0)),
            ("cushion", doses.cushion_mm, cushion, -0.5, CUP, (0.0, at + 10.0)),
            (
                "hallux", doses.hallux_mm, hallux, 0.5, RECESS,
                (u1, v1 + 22.0),
            ),
        )  # fmt: skip
        for key, dose, element, share, colour, (u, v) in edges:
            if not dose:
                continue
            self._contour(
                element(shape, self.u, self.v), [share * dose], colour, style="dotted"
            )
            x, y = self.place.point(u, v)
            words = label(f"insole.{key}", self.language, mm=self._mm(dose))
            self._text((x, y), words, _Look(colour=colour))

    def heights(self, heights: Heights) -> None:
        """Write the whole thickness at heel, arch, ball and toes."""
        print_ = self.shape.print_
        medial, _ = borders_at(self.shape.outline_mm, np.array([self.shape.arch_at_mm]))
        toe_v = 0.94 * print_.length_mm
        beside = -11.0 if self.shape.doses.rearfoot_deg < 0 else 11.0
        for u, v, value in (
            (beside, print_.heel_middle_mm[1] - 5.0, heights.heel),
            (float(medial[0]) + 5.5, self.shape.arch_at_mm - 14.0, heights.arch),
            (10.0, print_.heads_mm[1][1] + 11.0, heights.ball),
            (9.0, toe_v, heights.toe),
        ):
            if value is None:
                continue
            x, y = self.place.point(u, v)
            words = _number(value, self.language, 1)
            self._text((x, y), words, _Look(size=NUMBER_PT, bold=True))

    @property
    def _outer(self) -> Literal["left", "right"]:
        return "left" if self.place.side is Side.LEFT else "right"

    def _mm(self, value: float) -> str:
        return _number(value, self.language)

    def _cross(self, u: float, v: float, half: float) -> None:
        x, y = self.place.point(u, v)
        self.ax.plot([x - half, x + half], [y, y], color=INK, lw=THIN_PT, zorder=5)
        self.ax.plot([x, x], [y - half, y + half], color=INK, lw=THIN_PT, zorder=5)

    def _across(self, v: float, style: str, width: float, colour: str) -> None:
        borders = borders_at(self.shape.outline_mm, np.array([v]))
        x, y = self.place.points(np.concatenate(borders), np.full(2, v))
        self.ax.plot(x, y, style, color=colour, lw=width, zorder=4)

    def _lines(self, degrees: float, pivot: float, v: np.ndarray) -> None:
        """Draw lines along the foot on the high side of a wedge."""
        low, high = self.shape.outline_mm[:, 0].min(), self.shape.outline_mm[:, 0].max()
        sign = -1.0 if degrees > 0 else 1.0
        reach = abs((low if sign < 0 else high) - pivot)
        for away in np.arange(WEDGE_LINES_MM, reach, WEDGE_LINES_MM):
            u = pivot + sign * away
            medial, lateral = borders_at(self.shape.outline_mm, v)
            kept = v[(u > medial + 0.5) & (u < lateral - 0.5)]
            if kept.size > 1:
                x, y = self.place.points(np.full(2, u), kept[[0, -1]])
                width = THIN_PT * (0.7 + away / reach)
                self.ax.plot(x, y, color=WEDGE, lw=width, zorder=4)

    def _wedge_words(
        self, degrees: float, v: float, *, offset: float = HEEL_WORDS_MM
    ) -> None:
        key = "insole.wedge_medial" if degrees > 0 else "insole.wedge_lateral"
        medial, lateral = borders_at(self.shape.outline_mm, np.array([v]))
        high = float(medial[0]) if degrees > 0 else float(lateral[0])
        x, y = self.place.point(high / 2, v + offset)
        words = label(key, self.language, deg=self._mm(abs(degrees)))
        if offset == HEEL_WORDS_MM:
            self._border_heights(v, (float(medial[0]), float(lateral[0])))
        self._text((x, y), words, _Look(colour=WEDGE, bold=True))

    def _border_heights(self, v: float, borders: tuple[float, float]) -> None:
        """Write what the wedge adds at both borders of the heel."""
        at, heel = np.array(borders), np.full(2, v)
        rims = rearfoot_wedge(self.shape, at, heel) - self.shape.pivot_adds_mm
        for u, rim in zip(borders, rims.tolist(), strict=True):
            xy = self.place.point(u - np.sign(u) * 5.0, v + 1.0)
            self._text(xy, signed(rim, 1, self.language), _Look())

    def _contour(
        self,
        values: np.ndarray,
        levels: list[float],
        colour: str,
        *,
        width: float = LINE_PT,
        style: str = "solid",
    ) -> None:
        x, y = self.place.points(self.u, self.v)
        drawn = self.ax.contour(
            x, y, values, levels=sorted(levels), colors=colour, linewidths=width,
            linestyles=style, zorder=4,
        )  # fmt: skip
        self._clip(drawn)

    def _clip(self, drawn: object) -> None:
        drawn.set_clip_path(self._path(), self.ax.transData)  # type: ignore[attr-defined]

    def _path(self) -> Path:
        from matplotlib.path import Path

        x, y = self.place.points(*self.shape.outline_mm.T)
        return Path(np.column_stack([x, y]), closed=False)

    def _text(self, at: tuple[float, float], words: str, look: _Look) -> None:
        if look.only_named and not self.named:
            return
        self.ax.text(
            *at, words, ha=look.ha, va=look.va, fontsize=look.size, color=look.colour,
            zorder=8, fontweight="bold" if look.bold else "normal", linespacing=1.1,
            bbox={"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _number(value: float, language: Language, digits: int | None = None) -> str:
    if digits is None:
        digits = 0 if float(value).is_integer() else 1
    return decimal(value, digits, language)
