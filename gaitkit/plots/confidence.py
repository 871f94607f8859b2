"""How sure the pose model was of each point of the legs, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.keypoints import GAIT
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    MUTED,
    SMALL_PT,
    THIN_PT,
    axes_or_new,
    dress,
    localise,
)

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from gaitkit.model.text import Language

COLOURS = "Blues"
"""One colour from pale (unsure) to dark (sure), so it reads in grey print too."""

MISSING = "#ffffff"


def plot_confidence(
    keypoints: xr.Dataset, ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw one row a point and one column a frame; dark is sure, white is missing.

    Parameters
    ----------
    keypoints : xarray.Dataset
        Keypoints as recorded; variables ``position`` and ``confidence``.
    ax : Axes or None
        Where to draw; None makes a new figure.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x in s. Frames are drawn evenly spaced between the first
        and the last, so on a clock with gaps a column may sit beside its time.
    """
    import matplotlib as mpl

    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=2.3)
    shown = [name for name in GAIT if name in keypoints["keypoint"].to_numpy()]
    chosen = keypoints.sel(keypoint=shown)
    missing = chosen["position"].isnull().any("space")
    values = chosen["confidence"].where(~missing).transpose("keypoint", "time")
    time = keypoints["time"].to_numpy()
    image = ax.imshow(
        values.to_numpy(),
        aspect="auto",
        interpolation="nearest",
        cmap=mpl.colormaps[COLOURS].with_extremes(bad=MISSING),
        vmin=0.0,
        vmax=1.0,
        extent=(float(time[0]), float(time[-1]), len(shown) - 0.5, -0.5),
    )
    dress(ax, language, grid=False)
    ax.set_yticks(range(len(shown)))
    ax.set_yticklabels([_point(name, language) for name in shown])
    ax.set_xlabel(label("axis.time", language))
    bar = ax.figure.colorbar(image, ax=ax, pad=0.01, aspect=30)
    bar.outline.set_linewidth(THIN_PT)  # type: ignore[operator,unused-ignore]
    bar.ax.tick_params(labelsize=SMALL_PT, colors=MUTED, length=2.0)
    localise(bar.ax.yaxis, language)
    bar.set_label(label("axis.confidence", language), size=SMALL_PT, color=MUTED)
    return ax


def _point(name: str, language: Language) -> str:
    side, _, part = name.partition("_")
    return label(f"point.{part}", language, side=label(f"side.{side}", language))
