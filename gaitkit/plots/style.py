"""The one look of every figure: colours, lines, type, axes and SVG.

Left is red, solid and marked with a filled circle; right is blue, dashed and marked
with an open square. The two colours are equally dark (relative luminance 0.13 and
0.11), so in grey print and for some eyes only the dash and the marker tell the sides
apart: never rely on the colour alone.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from gaitkit.model.side import Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from gaitkit.model.text import Language

INK = "#1c2733"
MUTED = "#5b6772"
RULE = "#c9d1d8"
GRID = "#e9edf0"
BAND = "#dde3e8"
BAND_EDGE = "#aab4bd"
ZONE = "#eef1f3"
PAPER = "#ffffff"

TEXT_PT = 8.0
SMALL_PT = 7.0
HEADING_PT = 9.0
THIN_PT = 0.7

FULL_WIDTH_IN = 7.2
"""Width of a figure over the whole text column of an A4 page, in inches."""

SVG_FONTS = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
"""Families for text in SVG: matplotlib measures with the first, which is wide, so
text set in any of the others still fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLook:
    """How one side of the person is drawn.

    Attributes
    ----------
    colour : str
        Line and marker colour.
    line : str
        matplotlib line style.
    marker : str
        matplotlib marker.
    fill : str
        Face colour of the marker.
    """

    colour: str
    line: str
    marker: str
    fill: str


_LOOKS = {
    Side.LEFT: SideLook(colour="#bf2a2f", line="-", marker="o", fill="#bf2a2f"),
    Side.RIGHT: SideLook(colour="#1d5fa6", line="--", marker="s", fill=PAPER),
}


def look(side: Side) -> SideLook:
    """Return how that side is drawn."""
    return _LOOKS[side]


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure that no window system and no global state knows of.

    It and its axes show themselves in a notebook, once: nothing draws them unasked.
    """
    size = (width_in, height_in)
    return _shown_figure()(figsize=size, layout="constrained", facecolor="none")


@cache
def _shown_figure() -> type[Figure]:
    """Return a figure that a notebook shows as SVG, and so do its axes.

    The classes are made at first use, because importing a figure's module must not
    load matplotlib. The paper is white for the eye alone: dark ink on the dark page of
    an editor would not be seen.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    class ShownAxes(Axes):
        """Axes that show the whole figure they stand in."""

        def _repr_svg_(self) -> str | None:
            figure = self.get_figure(root=True)
            return None if figure is None else _as_svg(figure)

    class ShownFigure(Figure):
        """A figure that shows itself."""

        def add_subplot(self, *args: Any, **options: Any) -> Axes:  # noqa: ANN401
            if not {"projection", "polar", "axes_class"} & options.keys():
                options["axes_class"] = ShownAxes
            added: Axes = super().add_subplot(*args, **options)
            return added

        def _repr_svg_(self) -> str:
            return _as_svg(self)

    return ShownFigure


def _as_svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", facecolor=PAPER)
    return buffer.getvalue()


def axes_or_new(ax: Axes | None, *, width_in: float, height_in: float) -> Axes:
    """Return ``ax``, or the axes of a new figure of that size (inches)."""
    return ax if ax is not None else new_figure(width_in, height_in).add_subplot()


def heading(ax: Axes, text: str) -> None:
    """Put a heading over axes, at their left."""
    ax.set_title(text, loc="left", fontsize=HEADING_PT, color=INK, fontweight="bold")


def dress(ax: Axes, language: Language, *, grid: bool = True) -> None:
    """Give axes the common look: two spines, quiet ticks, a faint grid behind.

    Numbers on the axes follow the language; call this before other tick labels.
    """
    for axis in (ax.xaxis, ax.yaxis):
        localise(axis, language)
    ax.set_facecolor("none")
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    for edge in ("left", "bottom"):
        ax.spines[edge].set_color(RULE)
        ax.spines[edge].set_linewidth(THIN_PT)
    ax.tick_params(colors=MUTED, labelsize=SMALL_PT, length=2.5, width=THIN_PT)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_color(MUTED)
        label.set_fontsize(SMALL_PT)
    ax.set_axisbelow(True)
    if grid:
        ax.grid(visible=True, color=GRID, linewidth=THIN_PT)


def localise(axis: Axis, language: Language) -> None:
    """Write the numbers on an axis as the language does."""
    axis.set_major_formatter(lambda value, _: _tick(value, language))


def to_svg(ax: Axes, *, name: str, title: str) -> str:
    """Return the figure of some axes as an SVG element, its text kept as text.

    Parameters
    ----------
    ax : Axes
        Any axes of the figure.
    name : str
        Put before every id, so that several figures can stand in one document.
    title : str
        What the figure shows, for a reader who cannot see it.

    Returns
    -------
    str
        One ``<svg>`` element, the same for the same figure on every run.
    """
    import matplotlib as mpl

    figure = ax.get_figure(root=True)
    if figure is None:
        msg = f"{name}: these axes stand in no figure"
        raise ValueError(msg)
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{name}-", svg)
    svg = re.sub(r"'DejaVu Sans'(, [^;\"]*)?", SVG_FONTS, svg)
    label = f'role="img" aria-labelledby="{name}-title"'
    head = f'<title id="{name}-title">{_escaped(title)}</title>'
    return re.sub(r"<svg ([^>]*)>", rf"<svg \1 {label}>{head}", svg, count=1)


def _tick(value: float, language: Language) -> str:
    text = f"{value:g}".replace("-", "\N{MINUS SIGN}")
    return text.replace(".", ",") if language == "nl" else text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
