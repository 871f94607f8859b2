"""Both kinetic chains on a body seen from behind, for a patient to understand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.model.chain import LinkName, Origin
from gaitkit.model.side import Side
from gaitkit.plots.chain_body import (
    ANCHORS,
    HEAD,
    JOINTS,
    OUTLINES,
    ROWS,
    THIGH,
    Outline,
    rounded,
)
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL_PT,
    TEXT_PT,
    THIN_PT,
    axes_or_new,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from gaitkit.model.text import Language

LinkState = Literal["normal", "beyond", "doubt", "unjudged", "not_measured"]

HEIGHT_IN = 5.1
SEEN = (-66.0, 66.0, -13.5, 101.0)
"""Left, right, bottom and top of what is seen, in hundredths of body height."""

WORDS_AT = 29.0
"""Distance of the words from the middle line."""

LINE_STEP = 2.9
"""Distance of two lines of small words. Each is a text of its own, because in SVG only
single lines are set flush right by whatever font there is."""

ARROW_AT = 19.0
"""Distance from the middle line of the arrow that says where the chain begins."""

ORIGIN_AT = -6.0
"""Height of the words that say so."""

ARROWS: dict[Origin, str] = {
    "from_below": "-|>",
    "from_above": "<|-",
    "leg_length": "|-|",
    "mixed": "<|-|>",
}
"""Shape of an arrow drawn from the foot up; no arrow when nothing can be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLook:
    """How a state is drawn: told by fill, hatch and edge, not by colour alone."""

    fill: str
    hatch: str | None
    edge: str
    line: str
    width: float


LOOKS: dict[LinkState, StateLook] = {
    "normal": StateLook(fill="#d9e0e6", hatch=None, edge=INK, line="-", width=0.9),
    "beyond": StateLook(fill="#d9932b", hatch="////", edge=INK, line="-", width=1.8),
    "doubt": StateLook(fill="#f6e6c4", hatch="....", edge=INK, line="-", width=0.9),
    "unjudged": StateLook(fill=PAPER, hatch=None, edge=INK, line="-", width=0.9),
    "not_measured": StateLook(fill=PAPER, hatch=None, edge=MUTED, line=":", width=1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLink:
    """One link as it is drawn.

    Attributes
    ----------
    name, side
        Which link of which leg.
    state : str
        What may be said of it.
    value : str
        Its number as people write it; empty when not measured.
    note : str
        A remark beneath, such as that it is unconfirmed; may be empty.
    """

    name: LinkName
    side: Side
    state: LinkState
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChain:
    """One side as it is drawn: its links, and in words where the chain may begin."""

    side: Side
    links: tuple[DrawnLink, ...]
    origin: Origin
    origin_text: str


def plot_chain(
    chains: Sequence[DrawnChain], ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw the body from behind with the state and the number of every link.

    Parameters
    ----------
    chains : sequence of DrawnChain
        One for each side.
    ax : Axes or None
        Where to draw; None makes a new figure.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on, in hundredths of body height.

    Notes
    -----
    The arrow beside a leg points from where the chain may begin to where it goes: up
    from the foot, or down from hip and trunk. A bar with two ends stands for a
    difference in leg length, and arrows both ways for signs of more than one kind.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=HEIGHT_IN)
    _head(ax)
    for chain in chains:
        _add(ax, THIGH, chain.side, LOOKS["unjudged"], edge=RULE)
        for link in chain.links:
            _link(ax, link)
            _words(ax, link, language)
        _origin(ax, chain, language)
    _states(ax, chains, language)
    left, right, bottom, top = SEEN
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _sign(side: Side) -> float:
    return -1.0 if side is Side.LEFT else 1.0


def _head(ax: Axes) -> None:
    from matplotlib.patches import Circle

    x, y, radius = HEAD
    ax.add_patch(Circle((x, y), radius, facecolor=PAPER, edgecolor=RULE, linewidth=0.9))


def _add(
    ax: Axes, outline: Outline, side: Side, style: StateLook, *, edge: str | None = None
) -> None:
    """Add a part with rounded corners, straight along the middle line of the body."""
    from matplotlib.patches import PathPatch

    patch = PathPatch(rounded(outline, sign=_sign(side)))
    ax.add_patch(_dressed(patch, style, edge=edge))


def _dressed(patch: Patch, style: StateLook, *, edge: str | None = None) -> Patch:
    patch.set(
        facecolor=style.fill,
        edgecolor=edge or style.edge,
        hatch=style.hatch,
        linestyle=style.line,
        linewidth=style.width,
        zorder=3,
    )
    return patch


def _link(ax: Axes, link: DrawnLink) -> None:
    from matplotlib.patches import Circle

    style = LOOKS[link.state]
    if link.name in OUTLINES:
        _add(ax, OUTLINES[link.name], link.side, style)
        return
    x, y, radius = JOINTS[link.name]
    joint = _dressed(Circle((_sign(link.side) * x, y), radius), style)
    joint.set_zorder(4)
    ax.add_patch(joint)


def _words(ax: Axes, link: DrawnLink, language: Language) -> None:
    """Write name, number and state of a link, tied to it by a line."""
    sign, row = _sign(link.side), ROWS[link.name]
    x, y = ANCHORS[link.name]
    ax.plot(
        [sign * x, sign * (WORDS_AT - 1.2)],
        [y, row],
        color=MUTED,
        linewidth=THIN_PT,
        zorder=5,
    )
    align = "right" if link.side is Side.LEFT else "left"
    name = label(f"chain.{link.name}", language)
    state = label(f"chain.{link.state}", language)
    shown = link.state != "not_measured"
    ax.text(
        sign * WORDS_AT,
        row + 0.4,
        f"{name}  {link.value}".rstrip(),
        ha=align,
        va="bottom",
        fontsize=TEXT_PT,
        fontweight="bold" if link.state == "beyond" else "normal",
        color=INK if shown else MUTED,
    )
    for place, text in enumerate((state, link.note)):
        ax.text(
            sign * WORDS_AT,
            row - 0.6 - LINE_STEP * place,
            text,
            ha=align,
            va="top",
            fontsize=SMALL_PT,
            color=MUTED,
        )


def _origin(ax: Axes, chain: DrawnChain, language: Language) -> None:
    sign, colour = _sign(chain.side), look(chain.side).colour
    ax.text(
        sign * WORDS_AT,
        94.5,
        label(f"side.{chain.side}", language),
        ha="right" if chain.side is Side.LEFT else "left",
        fontsize=TEXT_PT + 1.0,
        fontweight="bold",
        color=colour,
    )
    ax.text(
        sign * 3.0,
        ORIGIN_AT,
        chain.origin_text,
        ha="right" if chain.side is Side.LEFT else "left",
        va="top",
        fontsize=TEXT_PT,
        fontweight="bold",
        color=colour,
    )
    style = ARROWS.get(chain.origin)
    if style is not None:
        ax.annotate(
            "",
            (sign * ARROW_AT, 47.0),
            xytext=(sign * ARROW_AT, 2.0),
            arrowprops={"arrowstyle": style, "color": colour, "linewidth": 2.0},
            zorder=2,
        )


def _states(ax: Axes, chains: Sequence[DrawnChain], language: Language) -> None:
    """Explain the fills that occur, beneath the drawing."""
    from matplotlib.patches import Patch as Key

    present = {link.state for chain in chains for link in chain.links}
    keys = [
        _dressed(Key(label=label(f"chain.{state}", language)), style)
        for state, style in LOOKS.items()
        if state in present
    ]
    legend = ax.legend(
        handles=keys,
        title=label("chain.from_behind", language),
        title_fontsize=SMALL_PT,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.03),
        ncols=len(keys),
        fontsize=SMALL_PT,
        labelcolor=MUTED,
        frameon=False,
        handlelength=1.8,
        handleheight=1.1,
        columnspacing=1.5,
        borderaxespad=0.0,
    )
    legend.get_title().set_color(MUTED)
