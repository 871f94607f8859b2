"""What a pose backend does: find bodies in a picture, and one body in a region."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.pose.region import Region

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from gaitkit.model.assessment import FileHash
    from gaitkit.pose.settings import PoseSettings

ENTRY_POINTS = "gaitkit.pose_backends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """One body in one picture, as the network gave it: nothing is smoothed.

    Attributes
    ----------
    points : array (33, 2)
        Keypoints in the order of ``BLAZEPOSE``, pixels of the picture.
    confidence : array (33,)
        0 to 1, the smaller of presence and visibility; 0 outside the picture.
    world : array (33, 3)
        Metres from the middle of the hips, x right in the picture, y down, z away
        from the camera; scaled to an average body by the network.
    score : float
        0 to 1, how sure it is that a body is in the region.
    region : Region
        Where the body is, and where to look for it in the next frame.
    """

    points: np.ndarray
    confidence: np.ndarray
    world: np.ndarray
    score: float
    region: Region


@runtime_checkable
class PoseBackend(Protocol):
    """Finds bodies in a picture and the keypoints of one body in a region.

    A backend keeps no memory of earlier pictures, so that frames may come in any
    order. It is a context manager, and closing it twice does no harm.
    """

    @property
    def name(self) -> str:
        """Name as in ``pose.backend``."""

    @property
    def model_files(self) -> tuple[FileHash, ...]:
        """The weights in use."""

    def detect(self, image: np.ndarray) -> tuple[Region, ...]:
        """Return the region of each body in the picture, most probable first."""

    def look(self, image: np.ndarray, region: Region) -> Pose | None:
        """Return the body in the region, or None when nobody is there."""

    def close(self) -> None:
        """Free what the backend holds."""

    def __enter__(self) -> Self:
        """Return the backend itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the backend."""


def open_backend(settings: PoseSettings) -> PoseBackend:
    """Return the backend that ``pose.backend`` names, ready to use.

    Raises
    ------
    ConfigError
        If no backend of that name is installed.
    ModelFileError, MissingExtraError
        If it cannot start.
    """
    installed = {e.name: e for e in metadata.entry_points(group=ENTRY_POINTS)}
    entry = installed.get(settings.backend)
    if entry is None:
        msg = (
            f"pose.backend is {settings.backend!r}; "
            f"expected one of {', '.join(sorted(installed))}"
        )
        raise ConfigError(msg)
    backend: PoseBackend = entry.load()(settings)
    return backend
