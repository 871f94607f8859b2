"""Everyone seen in a video, side by side, and who was followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.plots.labels import label
from gaitkit.plots.style import INK, MUTED, RULE, TEXT_PT, axes_or_new

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

    from gaitkit.model.recording import PersonChoice
    from gaitkit.model.text import Language

CELL_WIDTH, GAP = 1.0, 0.15
CELL_WIDTH_IN = 1.3


def plot_contact_sheet(
    thumbnails: Sequence[np.ndarray],
    ax: Axes | None = None,
    *,
    choice: PersonChoice,
    language: Language = "nl",
) -> Axes:
    """Draw the picture of each candidate, best first, the followed one framed.

    Parameters
    ----------
    thumbnails : sequence of array (height, width, 3)
        RGB pictures in the order of ``choice.candidates``.
    ax : Axes or None
        Where to draw; None makes a new figure.
    choice : PersonChoice
        Who was followed, and the scores.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on, without scales.
    """
    tallest = max(image.shape[0] / image.shape[1] for image in thumbnails)
    ax = axes_or_new(
        ax,
        width_in=CELL_WIDTH_IN * len(thumbnails),
        height_in=CELL_WIDTH_IN * (tallest + 0.25),
    )
    pairs = zip(choice.candidates, thumbnails, strict=True)
    for column, (candidate, image) in enumerate(pairs):
        left = column * (CELL_WIDTH + GAP)
        height = image.shape[0] / image.shape[1]
        followed = candidate.number == choice.chosen
        ax.imshow(image, extent=(left, left + CELL_WIDTH, 0.0, height), zorder=2)
        ax.add_patch(_frame(left, height, followed=followed))
        ax.text(
            left + CELL_WIDTH / 2,
            -0.06,
            label(
                "word.followed" if followed else "word.candidate",
                language,
                number=candidate.number,
            ),
            ha="center",
            va="top",
            fontsize=TEXT_PT,
            color=INK if followed else MUTED,
            fontweight="bold" if followed else "normal",
        )
    ax.set_xlim(-0.05, len(thumbnails) * (CELL_WIDTH + GAP) - GAP + 0.05)
    ax.set_ylim(-0.3, tallest + 0.05)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _frame(left: float, height: float, *, followed: bool) -> Rectangle:
    from matplotlib import patches

    return patches.Rectangle(
        (left, 0.0),
        CELL_WIDTH,
        height,
        fill=False,
        edgecolor=INK if followed else RULE,
        linewidth=2.2 if followed else 0.7,
        zorder=3,
    )
