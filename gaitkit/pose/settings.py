"""How bodies are found and followed in a video; the ``[pose]`` table of the TOML."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.errors import ConfigError
from gaitkit.model.settings import require_within

MODEL_SIZES = ("lite", "full", "heavy")
REGION_SCALE_RANGE = (1.0, 2.0)
THREADS_RANGE = (1, 64)
SCAN_INTERVAL_RANGE_S = (0.1, 3.0)
MAX_PEOPLE_RANGE = (1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseSettings:
    """Options of the pose stage.

    Attributes
    ----------
    backend : str
        ``blazepose`` (built in), ``mediapipe`` (extra), or a name that another
        package registers under the entry point group ``gaitkit.pose_backends``.
    model : str
        ``lite``, ``full``, ``heavy``, or a path: a landmark ``.tflite`` file for
        ``blazepose``, an official ``.task`` file for ``mediapipe``.
    person : str or None
        ``"2"`` for the second candidate, ``"x,y"`` for a pixel on the person; None
        lets the whole clip decide.
    region_scale : float
        Side of the landmark region as a multiple of the body's own square. 1.25 is
        what the models were trained with; a smaller region sharpens the feet of
        some recordings and unsettles those of others.
    mirrored : bool
        True averages each result with that of the mirrored region: twice the time,
        and the left-right bias of the network cancels. Meant for standing
        pictures; in walking the mean of two leg assignments can lie between them.
    threads : int
        Threads of the network. With 1 the film is decoded between the pictures, so
        that all takes one core; else beside them.
    scan_interval_s : float
        Seconds in which every part of the picture is searched for bodies once; twice
        as long while somebody walks in view.
    max_people : int
        Bodies followed at the same time; further ones are left out until one of
        these is gone.

    Raises
    ------
    ConfigError
        If an option is out of range; the message names its key.
    """

    backend: str = "blazepose"
    model: str = "full"
    person: str | None = None
    region_scale: float = 1.25
    mirrored: bool = False
    threads: int = 2
    scan_interval_s: float = 0.6
    max_people: int = 6

    def __post_init__(self) -> None:
        """Check each option against its range."""
        if not self.backend:
            msg = "pose.backend is empty; expected blazepose, mediapipe or a plug-in"
            raise ConfigError(msg)
        if not self.model:
            msg = "pose.model is empty; expected lite, full, heavy or a path"
            raise ConfigError(msg)
        require_within("pose.region_scale", self.region_scale, REGION_SCALE_RANGE)
        require_within("pose.threads", self.threads, THREADS_RANGE)
        require_within(
            "pose.scan_interval_s", self.scan_interval_s, SCAN_INTERVAL_RANGE_S
        )
        require_within("pose.max_people", self.max_people, MAX_PEOPLE_RANGE)
