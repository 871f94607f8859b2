"""Virtual walks as a laboratory and as a film show them, for the tests of gait."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.gait.gates import WalkFacts
from gaitkit.model.keypoints import BLAZEPOSE, keypoints
from gaitkit.model.recording import Timing
from gaitkit.signal.scale import ScaleInput
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.degrade import Faults, degrade
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit_virtual.virtual_walk import VirtualWalk

HEIGHT_M = 1.7
MARKERS = {
    "hip": "HJC",
    "knee": "KNE",
    "ankle": "ANK",
    "heel": "HEE",
    "foot_index": "TOE",
}


@cache
def walked(
    rate_hz: float = 60.0, duration_s: float = 5.0, seed: int = 0, **chosen: object
) -> VirtualWalk:
    parameters = WalkerParameters(height_m=HEIGHT_M, **chosen)
    return walk(parameters, duration_s=duration_s, rate_hz=rate_hz, seed=seed)


def as_film(
    virtual: VirtualWalk, *, noise_px: float = 0.0, **chosen: object
) -> xr.Dataset:
    """Return raw keypoints of a walk past a camera at 5 m (body of 510 px)."""
    hips = virtual.keypoints["position"].sel(keypoint="pelvis_center", space="forward")
    camera = Camera(
        **{
            "view": "sagittal_left",
            "distance_m": 5.0,
            "height_m": 1.0,
            "width_px": 2400,
            "height_px": 1080,
            "focal_px": 1500.0,
            "target_forward_m": float(hips.mean()),
            **chosen,
        }
    )
    seen = picture_keypoints(virtual, camera)[["position", "confidence"]]
    seen = seen.sel(keypoint=list(BLAZEPOSE))
    faults = Faults(noise_sd=0.6 * noise_px, slow_noise_sd=0.8 * noise_px)
    return degrade(seen, faults, seed=1) if noise_px else seen


def as_markers(virtual: VirtualWalk) -> xr.Dataset:
    """Return the markers of a walk under the names of keypoints, in metres."""
    paths = {
        f"{side}_{part}": virtual.markers["position"]
        .sel(keypoint=letter + marker)
        .to_numpy()
        for side, letter in (("left", "L"), ("right", "R"))
        for part, marker in MARKERS.items()
    }
    position = np.stack(list(paths.values()), axis=2)
    return keypoints(
        position,
        np.ones((position.shape[0], position.shape[2])),
        time_s=virtual.markers["time"].to_numpy(),
        names=list(paths),
        space=("x", "y", "z"),
        space_unit="m",
    )


def facts_of(kind: str = "video", **chosen: object) -> WalkFacts:
    timing = Timing(source="pts", rate_hz=60.0, duration_s=5.0, frames=301)
    return WalkFacts(
        **{
            "recording": "walk",
            "kind": kind,
            "timing": timing,
            "size": ScaleInput(subject_height_m=HEIGHT_M),
            "picture_width_px": 2400.0,
            "picture_height_px": 1080.0,
            **chosen,
        }
    )


@pytest.fixture(scope="session")
def walker() -> Callable[..., VirtualWalk]:
    return walked


@pytest.fixture(scope="session")
def film() -> Callable[..., xr.Dataset]:
    return as_film


@pytest.fixture(scope="session")
def markers() -> Callable[..., xr.Dataset]:
    return as_markers


@pytest.fixture(scope="session")
def facts() -> Callable[..., WalkFacts]:
    return facts_of
