"""Straighten the lower legs of the body at rest, so that bisections are the axes.

The base mesh stands with its feet apart: its calves bow outwards from the line
between knee and ankle, and its heels lean. A therapist marks the middle of what is
seen; here that middle is brought onto the line of the bones, so that the rearfoot angle
of the skin is the one of the bones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit_virtual.rotations import Array

SHARES = np.linspace(0.05, 0.75, 15)
"""Heights up the shank at which its middle is sought."""

SLICE_M = 0.015
ENOUGH = 12
"""Points that a slice needs, so that both of its edges are seen."""

HEEL_BEHIND_M = 0.018
"""The heel begins this far behind the ankle joint centre."""

HEEL_HEIGHTS_M = (0.012, 0.024, 0.036, 0.048, 0.060)
HIGHEST_M = 0.08
RIDGE_M = 0.008
"""The ridge of the heel is this deep."""

MOSTLY = 0.5


def straightened(
    skin: Array, weights: dict[str, Array], joints: dict[str, Array]
) -> Array:
    """Return the skin (vertices, 3) with its lower legs and heels straight.

    Parameters
    ----------
    skin : array (vertices, 3)
        The body at rest in metres.
    weights : dict of str to array (vertices,)
        Share with which each segment moves a vertex.
    joints : dict of str to array (3,)
        Joint centres at rest.
    """
    straight = skin.copy()
    for side in Side:
        shank, foot = weights[f"{side}_shank"], weights[f"{side}_foot"]
        ankle, knee, ball = (
            joints[f"{side[0]}-{name}"] for name in ("ankle", "knee", "toe-2-1")
        )
        straight[:, 1] -= shank * _bow(skin, shank, ankle, knee)
        straight[:, 1] -= foot * _heel(skin, foot, ankle, ball)
    return straight


def _bow(skin: Array, held: Array, ankle: Array, knee: Array) -> Array:
    """Return how far the middle of the shank lies beside its bone at each vertex."""
    line = knee - ankle
    share = (skin - ankle) @ line / (line @ line)
    aside = (skin - ankle - share[:, None] * line)[:, 1]
    within = SLICE_M / np.linalg.norm(line)
    found, middles = [], []
    for at in SHARES:
        near = aside[(held > MOSTLY) & (np.abs(share - at) < within)]
        if len(near) >= ENOUGH:
            found.append(float(at))
            middles.append(float((near.min() + near.max()) / 2))
    # a smooth bow that is 0 at knee and ankle
    terms = np.stack(
        [_arc(np.array(found)) * np.power(found, k) for k in (0, 1)], axis=1
    )
    size = np.linalg.lstsq(terms, np.array(middles), rcond=None)[0]
    within_bone = np.clip(share, 0, 1)
    return np.asarray(_arc(within_bone) * (size[0] + size[1] * within_bone))


def _arc(share: Array) -> Array:
    return share * (1 - share)


def _heel(skin: Array, held: Array, ankle: Array, ball: Array) -> Array:
    """Return how far the heel leans away from the ankle, fading towards the ball."""
    mine = held > MOSTLY
    above = skin[:, 2] - skin[mine, 2].min()
    behind = mine & (skin[:, 0] < ankle[0] - HEEL_BEHIND_M)
    aside = skin[:, 1] - ankle[1]
    middles = [
        _ridge(skin[near], aside[near])
        for at in HEEL_HEIGHTS_M
        if (near := behind & (np.abs(above - at) < SLICE_M)).any()
    ]
    slope, offset = np.polyfit(HEEL_HEIGHTS_M[: len(middles)], middles, 1)
    fading = np.clip((ball[0] - skin[:, 0]) / (ball[0] - ankle[0]), 0, 1)
    return np.asarray((offset + slope * np.clip(above, 0, HIGHEST_M)) * fading)


def _ridge(points: Array, aside: Array) -> float:
    """Return the middle of the rearmost points."""
    behind = points[:, 0] < points[:, 0].min() + RIDGE_M
    return float((aside[behind].min() + aside[behind].max()) / 2)
