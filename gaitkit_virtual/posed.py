"""What every virtual person has, walking or standing: the part that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import xarray as xr


class Posed(Protocol):
    """A person whose points and segments are known over time."""

    @property
    def height_m(self) -> float:
        """Body height in metres."""

    @property
    def pelvic_tilt_deg(self) -> float:
        """Mean anterior tilt of the pelvis, in degrees."""

    @property
    def keypoints(self) -> xr.Dataset:
        """Joint centres and surface points (``time, space, keypoint``), metres."""

    @property
    def markers(self) -> xr.Dataset:
        """Anatomical markers (``time, space, keypoint``), metres."""

    @property
    def segments(self) -> xr.DataArray:
        """Orientation matrices (``time, segment, axis, direction``)."""
