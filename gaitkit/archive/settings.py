"""How a batch is run."""

from __future__ import annotations

import os
from dataclasses import dataclass

from gaitkit.errors import ConfigError

LONGEST_WORK_S = 86_400.0
"""No recording is worked on for more than a day."""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """Which files are work and how it is shared out; nothing here changes a result.

    Attributes
    ----------
    workers : int or None
        Worker processes on this machine; None is one a processor.
    scheduler : str or None
        Address of a running scheduler (``tcp://host:8786``) whose workers do the
        work; None starts workers on this machine.
    memory_limit : str
        Memory of one worker, as ``2GB``; ``auto`` shares out what the machine has. A
        worker that takes 95 % of it is ended and counts as crashed.
    time_limit_s : float
        Seconds that one piece of work may take before its worker is ended.
    recycle_after : int
        Pieces of work after which the workers of this machine are started afresh, so
        that what a library leaks stays small.
    compact_after : int
        Results that may wait before they are written to Parquet.
    follow_links : bool
        True follows links that lead out of the archive.

    Raises
    ------
    ConfigError
        If a number is out of range, or workers are asked of a running scheduler.
    """

    workers: int | None = None
    scheduler: str | None = None
    memory_limit: str = "auto"
    time_limit_s: float = 900.0
    recycle_after: int = 2000
    compact_after: int = 1000
    follow_links: bool = False

    def __post_init__(self) -> None:
        """Check each option against its range."""
        if self.workers is not None and self.workers < 1:
            msg = f"--workers is {self.workers}; expected 1 or more"
            raise ConfigError(msg)
        if self.workers is not None and self.scheduler is not None:
            msg = (
                "--workers and --scheduler were both given; a running scheduler has "
                "its own workers: leave one of them out"
            )
            raise ConfigError(msg)
        if not 0.0 < self.time_limit_s <= LONGEST_WORK_S:
            got, most = self.time_limit_s, LONGEST_WORK_S
            msg = f"--time-limit is {got:g} s; expected up to {most:g}"
            raise ConfigError(msg)
        for name in ("recycle_after", "compact_after"):
            if getattr(self, name) < 1:
                msg = f"{name} is {getattr(self, name)}; expected 1 or more"
                raise ConfigError(msg)
