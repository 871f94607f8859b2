"""The default backend: MediaPipe's BlazePose networks, run by ourselves.

Two networks: one finds bodies in a picture, one finds 33 keypoints of the body in a
region. Nothing is smoothed and nothing is remembered, so that tracking, smoothing and
the choice of a person stay in our hands, and nothing is sent anywhere.

References
----------
Bazarevsky et al. (2020), BlazePose: on-device real-time body pose tracking,
doi:10.48550/arXiv.2006.10204.

From the raw output of the body detector to the regions of bodies.

The detector is a single-shot detector: for each anchor in the picture it gives a
score, a box and four points. Constants are those of MediaPipe's pose detection graph
(pose_detection_cpu.pbtxt, pose_detector_graph.cc; Apache-2.0).

From the raw output of the landmark network to the keypoints of one body.

Constants are those of MediaPipe's pose landmark graph
(pose_landmark_by_roi_cpu.pbtxt, single_pose_landmarks_detector_graph.cc;
Apache-2.0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ModelFileError
from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.backend import Pose
from gaitkit.pose.files import DETECTOR, file_hash, model_path
from gaitkit.pose.region import Region, crop, letterbox, region_around
from gaitkit.pose.tflite import network

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from gaitkit.model.assessment import FileHash
    from gaitkit.pose.settings import PoseSettings

SCORE_MIN = 0.5
"""Probability of a body in the region from which it counts (as in MediaPipe)."""

SEGMENTATION = 2
"""Number of the network's output that paints the body; it is half of the time."""

LANDMARK_OUTPUTS = ((195,), (1,), (64, 64, 39), (117,))
DETECTOR_SIDE_PX = 224
"""Pixels along a side of the detector's input."""

STRIDES = (8, 16, 32, 32, 32)
"""Pixels between anchors, layer by layer; each layer has two anchors a place."""

ANCHORS_PER_LAYER = 2
BOX_SCORE_MIN = 0.5
OVERLAP_MIN = 0.5
"""Intersection over union from which two boxes show the same body."""

LOGIT_LIMIT = 100.0
HIPS, WHOLE_BODY = 0, 1
"""Points of a detection: middle of the hips; a point on the circle around the body."""

BOX_VALUES = 4
POINTS = 4
LANDMARKS_SIDE_PX = 256
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


class BlazePose:
    """Bodies by two BlazePose networks on LiteRT.

    Parameters
    ----------
    settings : PoseSettings
        Model, region scale, mirrored average and threads.

    Raises
    ------
    ModelFileError
        If a model file is missing or is not the right one.
    MissingExtraError
        If LiteRT has no build for this machine.
    """

    name = "blazepose"

    def __init__(self, settings: PoseSettings) -> None:
        detection = model_path(DETECTOR)
        landmark = model_path(settings.model)
        self._scale = settings.region_scale
        self._mirrored = settings.mirrored
        self._detector = network(detection, threads=settings.threads)
        self._landmarks = network(
            landmark, threads=settings.threads, without_output=SEGMENTATION
        )
        shapes = tuple(shape[1:] for shape in self._landmarks.output_shapes)
        if shapes != LANDMARK_OUTPUTS:
            msg = (
                f"{landmark.name} is not a BlazePose landmark network: expected "
                f"outputs {LANDMARK_OUTPUTS}, got {shapes}"
            )
            raise ModelFileError(msg)
        self.model_files: tuple[FileHash, ...] = (
            file_hash(detection),
            file_hash(landmark),
        )

    def detect(self, image: np.ndarray) -> tuple[Region, ...]:
        """Return the region of each body in the picture, most probable first."""
        fitted, square = letterbox(image, side=DETECTOR_SIDE_PX)
        # the network was trained on -1 to 1
        raw, logits = self._detector.run(_over(fitted, 127.5) - np.float32(1))
        return regions(raw, logits, square=square, scale=self._scale)

    def look(self, image: np.ndarray, region: Region) -> Pose | None:
        """Return the body in the region, or None when nobody is there."""
        found = self._answer(image, region, mirrored=False)
        if found.score < SCORE_MIN:
            return None
        if self._mirrored:
            other = self._answer(image, region, mirrored=True)
            found = mean(found, mirrored(other))
        return self._pose(found, region, image)

    def close(self) -> None:
        """Nothing is held but the networks, which the next backend uses again."""

    def __enter__(self) -> Self:
        """Return the backend itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the backend."""
        self.close()

    def _answer(
        self, image: np.ndarray, region: Region, *, mirrored: bool
    ) -> Landmarks:
        piece = crop(image, region, side=LANDMARKS_SIDE_PX, mirrored=mirrored)
        # the network was trained on 0 to 1
        outputs = self._landmarks.run(_over(piece, 255.0))
        return read_landmarks(*outputs)

    def _pose(self, found: Landmarks, region: Region, image: np.ndarray) -> Pose:
        to_picture = region.to_picture()
        points = found.points @ to_picture[:, :2].T + to_picture[:, 2]
        body = points[:BODY]
        inside = np.all((body >= 0) & (body < image.shape[1::-1]), axis=1)
        cos, sin = math.cos(region.rotation), math.sin(region.rotation)
        world = found.world.copy()
        world[:, :2] = world[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return Pose(
            points=body.astype(np.float32),
            confidence=np.where(inside, found.confidence[:BODY], 0).astype(np.float32),
            world=world.astype(np.float32),
            score=found.score,
            region=region_around(points[CENTRE], points[EDGE], scale=self._scale),
        )


def _over(picture: np.ndarray, divisor: float) -> np.ndarray:
    """Return a picture over a number, float32, in one pass over the memory."""
    scaled: np.ndarray = np.divide(picture, np.float32(divisor), dtype=np.float32)
    return scaled


@cache
def anchors() -> np.ndarray:
    """Return the anchor centres (anchor, 2) as fractions of the input picture."""
    layers: dict[int, int] = {}
    for stride in STRIDES:
        layers[stride] = layers.get(stride, 0) + ANCHORS_PER_LAYER
    centres = []
    for stride, repeats in layers.items():
        count = DETECTOR_SIDE_PX // stride
        steps = (np.arange(count) + 0.5) / count
        grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, repeats, axis=0))
    return np.concatenate(centres)


def regions(
    raw: np.ndarray, logits: np.ndarray, *, square: Region, scale: float
) -> tuple[Region, ...]:
    """Return where bodies are, most probable first.

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
    seen = scores >= BOX_SCORE_MIN
    if not seen.any():
        return ()
    values = raw[seen].astype(float) / DETECTOR_SIDE_PX
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
        points=_refined(table[:, [X, Y]] / LANDMARKS_SIDE_PX, heatmap),
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
