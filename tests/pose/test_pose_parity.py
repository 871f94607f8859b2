"""Our networks answer as mediapipe's do, on real and on rendered pictures."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import MissingExtraError
from gaitkit.pose.backend import PoseBackend, open_backend
from gaitkit.pose.region import Region
from gaitkit.pose.settings import PoseSettings
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Actor, Setting, film
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from real_walker import Walker

pytestmark = [pytest.mark.models, pytest.mark.mediapipe]

MEDIAN_MAX_PX = 0.1
"""Measured: 0.005 px real, 0.002 px rendered (benchmarks/accuracy/pose_parity.md)."""


@pytest.fixture(scope="module")
def pair(model_files: Path) -> Iterator[tuple[PoseBackend, PoseBackend]]:
    """Return our backend and the package's."""
    try:
        package = open_backend(PoseSettings(backend="mediapipe"))
    except MissingExtraError as error:
        pytest.skip(str(error))
    with package, open_backend(PoseSettings()) as own:
        yield own, package


def median_difference(
    pair: tuple[PoseBackend, PoseBackend], pictures: list[np.ndarray]
) -> float:
    own, package = pair
    apart = []
    for picture in pictures:
        height, width = picture.shape[:2]
        whole = Region(x=width / 2, y=height / 2, size=4.0 * max(width, height))
        expected = package.look(picture, whole)
        regions = own.detect(picture)
        assert (expected is None) == (not regions)
        if expected is not None:
            got = own.look(picture, regions[0])
            assert got is not None
            apart.append(np.linalg.norm(got.points - expected.points, axis=1))
    assert apart
    return float(np.median(apart))


def test_on_real_pictures(
    walker: Walker, pair: tuple[PoseBackend, PoseBackend]
) -> None:
    assert median_difference(pair, list(walker.pictures)) < MEDIAN_MAX_PX


@pytest.mark.parametrize("view", ["sagittal_left", "posterior"])
def test_on_rendered_pictures(view: str, pair: tuple[PoseBackend, PoseBackend]) -> None:
    camera = Camera(
        view=view,  # type: ignore[arg-type]
        distance_m=4.0,
        height_m=1.0,
        width_px=640,
        height_px=360,
        focal_px=500,
        target_forward_m=0.5,
    )
    virtual = walk(WalkerParameters(height_m=1.7), duration_s=0.5, rate_hz=10.0)
    pictures = film([Actor(walk=virtual)], camera, setting=Setting())

    assert median_difference(pair, list(islice(pictures, 4))) < MEDIAN_MAX_PX
