"""From the raw output of the body detector to the regions of bodies.

The detector is a single-shot detector: for each anchor in the picture it gives a
score, a box and four points. Constants are those of MediaPipe's pose detection graph
(pose_detection_cpu.pbtxt, pose_detector_graph.cc; Apache-2.0).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from gaitkit.pose.region import Region, region_around

SIDE = 224
"""Pixels along a side of the detector's input."""

STRIDES = (8, 16, 32, 32, 32)
"""Pixels between anchors, layer by layer; each layer has two anchors a place."""

ANCHORS_PER_LAYER = 2
SCORE_MIN = 0.5
OVERLAP_MIN = 0.5
"""Intersection over union from which two boxes show the same body."""

LOGIT_LIMIT = 100.0
HIPS, WHOLE_BODY = 0, 1
"""Points of a detection: middle of the hips; a point on the circle around the body."""

BOX_VALUES = 4
POINTS = 4


@cache
def anchors() -> np.ndarray:
    """Return the anchor centres (anchor, 2) as fractions of the input picture."""
    layers: dict[int, int] = {}
    for stride in STRIDES:
        layers[stride] = layers.get(stride, 0) + ANCHORS_PER_LAYER
    centres = []
    for stride, repeats in layers.items():
        count = SIDE // stride
        steps = (np.arange(count) + 0.5) / count
        grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, repeats, axis=0))
    return np.concatenate(centres)


def regions(
    raw: np.ndarray, logits: np.ndarray, *, square: Region, scale: float
) -> tuple[Region, ...]:
    """Return where bodies are, surest first.

    Parameters
    ----------
    raw : array (anchor, 12)
        Box (x, y, width, height) and four points, input pixels from the anchor.
    logits : array (anchor, 1)
        Score before the sigmoid.
    square : Region
        The input square in the picture.
    scale : float
        Size of a region as a multiple of the circle around the body.
    """
    limited = np.clip(logits[:, 0].astype(float), -LOGIT_LIMIT, LOGIT_LIMIT)
    scores = 1 / (1 + np.exp(-limited))
    seen = scores >= SCORE_MIN
    if not seen.any():
        return ()
    values = raw[seen].astype(float) / SIDE
    centre = anchors()[seen]
    points = values[:, BOX_VALUES:].reshape(-1, POINTS, 2) + centre[:, None]
    middle, extent = values[:, :2] + centre, values[:, 2:BOX_VALUES]
    boxes = np.hstack([middle - extent / 2, middle + extent / 2])
    merged = _suppressed(boxes, points, scores[seen])
    to_picture = square.to_picture()
    found = merged @ to_picture[:, :2].T + to_picture[:, 2]
    return tuple(region_around(p[HIPS], p[WHOLE_BODY], scale=scale) for p in found)


def _suppressed(
    boxes: np.ndarray, points: np.ndarray, scores: np.ndarray
) -> np.ndarray:
    """Return the points (body, 4, 2) of overlapping boxes averaged by their score."""
    order = np.argsort(-scores, kind="stable")
    bodies = []
    while order.size:
        same = _overlap(boxes[order[0]], boxes[order]) > OVERLAP_MIN
        same[0] = True
        group = order[same]
        bodies.append(np.average(points[group], axis=0, weights=scores[group]))
        order = order[~same]
    return np.array(bodies)


def _overlap(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return intersection over union of a box with others; boxes are x0 y0 x1 y1."""
    corner = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.prod(np.clip(corner, 0, None), axis=1)
    areas = np.prod(np.clip(others[:, 2:] - others[:, :2], 0, None), axis=1)
    union = areas + float(np.prod(np.clip(box[2:] - box[:2], 0, None))) - shared
    return np.asarray(shared / np.maximum(union, np.finfo(float).tiny))
