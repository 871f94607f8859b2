"""What a virtual walk consists of: signals as a laboratory would give, and truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import xarray as xr

from gaitkit.model.events import Event
from gaitkit.model.strides import Stride, StrideValue
from gaitkit_virtual.parameters import WalkerParameters

if TYPE_CHECKING:
    from gaitkit.model.side import Side

RECORDING = "virtual"
"""Id of the recording in the true events and strides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualWalk:
    """A walk with everything about it exactly known.

    Attributes
    ----------
    parameters : WalkerParameters
        The walker.
    rate_hz, duration_s : float
        Frames a second and length in seconds.
    seed : int
        Seed of the variation between steps.
    keypoints : xarray.Dataset
        Joint centres and surface points in metres (``time, space, keypoint``), axes
        ``forward, left, up`` of the laboratory with the floor at ``up`` = 0; the
        names of BlazePose and more. ``forward`` is the walking direction where
        ``heading_deg`` is 0 and before the first turn.
    markers : xarray.Dataset
        Anatomical markers under Plug-in Gait names in metres, axes ``x, y, z`` that
        are ``forward, left, up``; joint centres as ``LHJC``, ``LKJC``, ``LAJC``.
    angles : xarray.Dataset
        True angles in degrees (``time, side``), see `gaitkit_virtual.truth`.
    segments : xarray.DataArray
        Orientation matrices (``time, segment, axis, direction``): ``axis`` is a
        laboratory axis, ``direction`` an axis of the segment.
    heading_deg : xarray.DataArray
        Walking direction (``time``), degrees, positive to the left.
    events : tuple of Event
        True initial contacts and foot offs within the recording.
    strides : tuple of Stride
        True complete strides on straight ways.
    stride_values : tuple of StrideValue
        True spatiotemporal values of those strides, catalogue names and units.
    """

    parameters: WalkerParameters
    rate_hz: float
    duration_s: float
    seed: int
    keypoints: xr.Dataset
    markers: xr.Dataset
    angles: xr.Dataset
    segments: xr.DataArray
    heading_deg: xr.DataArray
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    stride_values: tuple[StrideValue, ...]

    @property
    def height_m(self) -> float:
        """Body height in metres."""
        return self.parameters.height_m

    @property
    def pelvic_tilt_deg(self) -> float:
        """Mean anterior tilt of the pelvis in degrees."""
        return self.parameters.pelvic_tilt_deg

    def leg_length_mm(self, side: Side) -> float:
        """Return hip centre to ankle centre along the bones, in millimetres."""
        p = self.parameters
        return 1000 * (p.thigh_of(side) + p.shank_of(side))
