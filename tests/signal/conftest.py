"""Virtual walks in the picture of a camera, for the tests of the signal stage."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.signal.cleaning import clean
from gaitkit.signal.settings import SignalSettings
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit_virtual.virtual_walk import VirtualWalk


@cache
def walked(
    rate_hz: float = 60.0, duration_s: float = 5.0, **chosen: object
) -> VirtualWalk:
    parameters = WalkerParameters(height_m=1.7, **chosen)
    return walk(parameters, duration_s=duration_s, rate_hz=rate_hz)


def in_picture(virtual: VirtualWalk, **chosen: object) -> xr.Dataset:
    """Return the clean keypoints of a walk past a camera at 5 m."""
    hips = virtual.keypoints["position"].sel(keypoint="pelvis_center", space="forward")
    camera = Camera(
        **{
            "view": "sagittal_left",
            "distance_m": 5.0,
            "height_m": 1.0,
            "width_px": 1920,
            "height_px": 1080,
            "focal_px": 1500.0,
            "target_forward_m": float(hips.mean()),
            **chosen,
        }
    )
    seen = picture_keypoints(virtual, camera)[["position", "confidence"]]
    seen = seen.sel(keypoint=list(BLAZEPOSE))
    return clean(seen, names=BLAZEPOSE, settings=SignalSettings()).data


@pytest.fixture(scope="session")
def walker() -> Callable[..., VirtualWalk]:
    return walked


@pytest.fixture(scope="session")
def picture() -> Callable[..., xr.Dataset]:
    return in_picture
