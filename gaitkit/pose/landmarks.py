"""From the raw output of the landmark network to the keypoints of one body.

Constants are those of MediaPipe's pose landmark graph
(pose_landmark_by_roi_cpu.pbtxt, single_pose_landmarks_detector_graph.cc;
Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from gaitkit.model.keypoints import BLAZEPOSE

SIDE = 256
"""Pixels along a side of the network's input."""

LANDMARKS = 39
"""33 keypoints, two alignment points, four points of the hands."""

BODY = len(BLAZEPOSE)
CENTRE, EDGE = BODY, BODY + 1
"""Alignment points: middle of the hips; a point on the circle around the body."""

HEATMAP_KERNEL = 7
"""Cells of the heat map, along a side, that refine a keypoint."""

HEATMAP_MIN = 0.5
"""A keypoint is refined where the heat map reaches this somewhere near it."""

X, Y, VISIBILITY, PRESENCE = 0, 1, 3, 4
VALUES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """The network's answer in the unit square of its region.

    Attributes
    ----------
    points : array (39, 2)
        Fractions of the region.
    confidence : array (39,)
        The smaller of presence and visibility.
    world : array (33, 3)
        Metres from the middle of the hips, in the turned frame of the region.
    score : float
        How sure the network is that a body is there.
    """

    points: np.ndarray
    confidence: np.ndarray
    world: np.ndarray
    score: float


def read_landmarks(
    values: np.ndarray, score: np.ndarray, heatmap: np.ndarray, world: np.ndarray
) -> Landmarks:
    """Return the keypoints, refined by the heat map.

    Parameters
    ----------
    values : array (195,)
        x, y, z in input pixels, visibility and presence before the sigmoid, of 39
        landmarks.
    score : array (1,)
        Probability that a body is in the region.
    heatmap : array (64, 64, 39)
        One map a landmark, before the sigmoid.
    world : array (117,)
        Metres, 39 landmarks.
    """
    table = values.reshape(LANDMARKS, VALUES).astype(float)
    certainty = _sigmoid(table[:, [VISIBILITY, PRESENCE]])
    return Landmarks(
        points=_refined(table[:, [X, Y]] / SIDE, heatmap),
        confidence=certainty.min(axis=1),
        world=world.reshape(LANDMARKS, 3)[:BODY].astype(float),
        score=float(score[0]),
    )


def mirrored(landmarks: Landmarks) -> Landmarks:
    """Return the answer for a mirrored region as one for the region itself."""
    order = _mirror_order()
    points = landmarks.points[order]
    points[:, X] = 1 - points[:, X]
    world = landmarks.world[order[:BODY]]
    world[:, X] = -world[:, X]
    return Landmarks(
        points=points,
        confidence=landmarks.confidence[order],
        world=world,
        score=landmarks.score,
    )


def mean(first: Landmarks, second: Landmarks) -> Landmarks:
    """Return the mean of two answers for the same region."""
    return Landmarks(
        points=(first.points + second.points) / 2,
        confidence=(first.confidence + second.confidence) / 2,
        world=(first.world + second.world) / 2,
        score=(first.score + second.score) / 2,
    )


def _refined(points: np.ndarray, heatmap: np.ndarray) -> np.ndarray:
    """Move each point to the centre of mass of its heat map around it."""
    rows, columns, _ = heatmap.shape
    reach = np.arange(HEATMAP_KERNEL) - HEATMAP_KERNEL // 2
    column = (points[:, X] * columns).astype(int)[:, None, None] + reach[None, None, :]
    row = (points[:, Y] * rows).astype(int)[:, None, None] + reach[None, :, None]
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    which = np.arange(len(points))[:, None, None]
    near = heatmap[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1), which]
    weight = np.where(inside, _sigmoid(near), 0.0)
    total = weight.sum(axis=(1, 2))
    centred = (points >= 0).all(axis=1) & (points < 1).all(axis=1)
    sure = centred & (weight.max(axis=(1, 2)) >= HEATMAP_MIN)
    divisor = np.where(sure, total, 1.0)
    mass = np.stack(
        [
            (weight * column).sum(axis=(1, 2)) / divisor / columns,
            (weight * row).sum(axis=(1, 2)) / divisor / rows,
        ],
        axis=1,
    )
    return np.where(sure[:, None], mass, points)


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-value.astype(float))))


@cache
def _mirror_order() -> np.ndarray:
    """Return for each landmark the number of its partner on the other side."""
    names = [*BLAZEPOSE, "centre", "edge", "left_a", "right_a", "left_b", "right_b"]
    swapped = [
        n.replace("left", "?").replace("right", "left").replace("?", "right")
        for n in names
    ]
    return np.array([names.index(n) for n in swapped])
