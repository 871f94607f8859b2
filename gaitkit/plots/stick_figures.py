"""Stick figures at chosen moments: the walk without the person's looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.plots.labels import label
from gaitkit.plots.style import FULL_WIDTH_IN, MUTED, axes_or_new, dress, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from matplotlib.axes import Axes

    from gaitkit.model.text import Language

TRUNK = ("shoulder", "hip")
LEG = ("hip", "knee", "ankle", "heel", "foot_index", "ankle")


def plot_stick_figures(
    keypoints: xr.Dataset,
    ax: Axes | None = None,
    *,
    times_s: Sequence[float],
    language: Language = "nl",
) -> Axes:
    """Draw trunk and both legs at each of the given times, where they were.

    A trunk without shoulders is left out: many marker sets end at the pelvis.

    Parameters
    ----------
    keypoints : xarray.Dataset
        Dims ``time, space, keypoint``; picture space (``x``, ``y`` down) or walking
        space (``forward``, ``up``).
    ax : Axes or None
        Where to draw; None makes a new figure.
    times_s : sequence of float
        Moments in s; each is drawn at the nearest frame.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; both axes in the unit of the keypoints, same scale.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=2.8)
    picture = "x" in keypoints["space"].to_numpy()
    across, upright = ("x", "y") if picture else ("forward", "up")
    known = set(keypoints["keypoint"].to_numpy().tolist())
    for time_s in times_s:
        frame = keypoints["position"].sel(time=time_s, method="nearest")
        for side in Side:
            for chain, colour in ((TRUNK, MUTED), (LEG, look(side).colour)):
                names = [f"{side}_{part}" for part in chain]
                if not set(names) <= known:
                    continue
                points = frame.sel(keypoint=names)
                ax.plot(
                    points.sel(space=across).to_numpy(),
                    points.sel(space=upright).to_numpy(),
                    color=colour,
                    linestyle=look(side).line if chain is LEG else "-",
                    linewidth=1.3,
                    solid_capstyle="round",
                )
    ax.set_aspect("equal")
    unit = str(keypoints.attrs["space_unit"])
    ax.set_xlabel(label("axis.forward", language, unit=unit))
    ax.set_ylabel(label("axis.height", language, unit=unit))
    dress(ax, language)
    if picture and not ax.yaxis_inverted():
        ax.invert_yaxis()
    return ax
