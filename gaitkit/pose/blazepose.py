"""The default backend: MediaPipe's BlazePose networks, run by ourselves.

Two networks: one finds bodies in a picture, one finds 33 keypoints of the body in a
region. Nothing is smoothed and nothing is remembered, so that tracking, smoothing and
the choice of a person stay in our hands, and nothing is sent anywhere.

References
----------
Bazarevsky et al. (2020), BlazePose: on-device real-time body pose tracking,
doi:10.48550/arXiv.2006.10204.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ModelFileError
from gaitkit.pose import detector, landmarks
from gaitkit.pose.backend import Pose
from gaitkit.pose.files import DETECTOR, file_hash, model_path
from gaitkit.pose.region import Region, crop, letterbox, region_around
from gaitkit.pose.tflite import network

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from gaitkit.model.assessment import FileHash
    from gaitkit.pose.landmarks import Landmarks
    from gaitkit.pose.settings import PoseSettings

SCORE_MIN = 0.5
"""Probability of a body in the region from which it counts (as in MediaPipe)."""

SEGMENTATION = 2
"""Number of the network's output that paints the body; it is half of the time."""

LANDMARK_OUTPUTS = ((195,), (1,), (64, 64, 39), (117,))


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
        """Return the region of each body in the picture, surest first."""
        fitted, square = letterbox(image, side=detector.SIDE)
        # the network was trained on -1 to 1
        raw, logits = self._detector.run(_over(fitted, 127.5) - np.float32(1))
        return detector.regions(raw, logits, square=square, scale=self._scale)

    def look(self, image: np.ndarray, region: Region) -> Pose | None:
        """Return the body in the region, or None when nobody is there."""
        found = self._answer(image, region, mirrored=False)
        if found.score < SCORE_MIN:
            return None
        if self._mirrored:
            other = self._answer(image, region, mirrored=True)
            found = landmarks.mean(found, landmarks.mirrored(other))
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
        piece = crop(image, region, side=landmarks.SIDE, mirrored=mirrored)
        # the network was trained on 0 to 1
        outputs = self._landmarks.run(_over(piece, 255.0))
        return landmarks.read_landmarks(*outputs)

    def _pose(self, found: Landmarks, region: Region, image: np.ndarray) -> Pose:
        to_picture = region.to_picture()
        points = found.points @ to_picture[:, :2].T + to_picture[:, 2]
        body = points[: landmarks.BODY]
        inside = np.all((body >= 0) & (body < image.shape[1::-1]), axis=1)
        cos, sin = math.cos(region.rotation), math.sin(region.rotation)
        world = found.world.copy()
        world[:, :2] = world[:, :2] @ np.array([[cos, sin], [-sin, cos]])
        return Pose(
            points=body.astype(np.float32),
            confidence=np.where(inside, found.confidence[: landmarks.BODY], 0).astype(
                np.float32
            ),
            world=world.astype(np.float32),
            score=found.score,
            region=region_around(
                points[landmarks.CENTRE], points[landmarks.EDGE], scale=self._scale
            ),
        )


def _over(picture: np.ndarray, divisor: float) -> np.ndarray:
    """Return a picture over a number, float32, in one pass over the memory."""
    scaled: np.ndarray = np.divide(picture, np.float32(divisor), dtype=np.float32)
    return scaled
